//! The only place that reads a clock or makes random ids.

use crate::failure::Failure;
use landfast_domain::time::Timestamp;

/// The time a command acts at.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    /// Local time, cut to the microsecond.
    pub local: Timestamp,
    /// UTC, cut to the microsecond.
    pub utc: Timestamp,
}

impl Clock {
    /// Now.
    #[must_use]
    pub fn now() -> Self {
        let now = chrono::Local::now();
        Self { local: Timestamp::new(now.naive_local()), utc: Timestamp::new(now.naive_utc()) }
    }

    /// The time given with `--at`, or now. A given time counts as local time and as UTC alike, so that a
    /// command with `--at` gives the same result everywhere.
    ///
    /// # Errors
    /// When the text is no time.
    pub fn at(text: Option<&str>) -> Result<Self, Failure> {
        let Some(text) = text else { return Ok(Self::now()) };
        let time = parse_time("--at", text)?;
        Ok(Self { local: time, utc: time })
    }
}

/// Reads `YYYY-MM-DD HH:MM[:SS]`; `option` is named when it cannot be read.
///
/// # Errors
/// When the text is no time.
pub fn parse_time(option: &str, text: &str) -> Result<Timestamp, Failure> {
    Timestamp::parse(text).ok_or_else(|| {
        Failure::usage(format!("{option} {text:?} is no time"))
            .hint("write it as YYYY-MM-DD HH:MM, for instance '2026-03-07 09:30'")
    })
}

/// A new id that sorts by the time it was made.
#[must_use]
pub fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// 32 random bits.
#[must_use]
pub fn random() -> u32 {
    // The last bits of such an id are random; a time and a counter are only in those before.
    u32::try_from(uuid::Uuid::now_v7().as_u128() & u128::from(u32::MAX)).unwrap_or(0)
}

/// 12 random hexadecimal digits, as in the ids of profiles and queries.
#[must_use]
pub fn random_digits() -> String {
    format!("{:08x}{:04x}", random(), random() & 0xffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_given_time_is_the_same_on_both_clocks() {
        let clock = Clock::at(Some("2026-03-07 09:30:05")).unwrap();
        assert_eq!(clock.local, clock.utc);
        assert_eq!(clock.local.to_seconds_text(), "2026-03-07 09:30:05");
        let error = Clock::at(Some("tomorrow")).unwrap_err().to_string();
        assert!(error.contains("--at") && error.contains("tomorrow") && error.contains("HH:MM"), "{error}");
    }

    #[test]
    fn random_digits_differ() {
        let all: std::collections::BTreeSet<String> = (0..100).map(|_| random_digits()).collect();
        assert!(all.len() == 100 && all.iter().all(|digits| digits.len() == 12));
    }

    #[test]
    fn ids_sort_by_time_and_differ() {
        let ids: Vec<String> = (0..100).map(|_| new_id()).collect();
        assert!(ids.is_sorted());
        assert_eq!(ids.iter().collect::<std::collections::BTreeSet<_>>().len(), 100);
    }
}
