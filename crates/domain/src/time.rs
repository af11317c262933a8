//! Wall-clock times as the legacy programs keep them.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use std::fmt;

/// A date and time without a zone, cut to whole microseconds.
///
/// Which clock it was read from is a matter of the column: task and instance times are the server's
/// local time, preferences, surveys and notes are UTC. PostgreSQL keeps no more than microseconds,
/// so that is where every value is cut.
///
/// ```
/// use landfast_domain::time::Timestamp;
/// let time = Timestamp::parse("2025-12-21 20:31").unwrap();
/// assert_eq!(time.to_minutes_text(), "2025-12-21 20:31");
/// assert_eq!(Timestamp::parse("2025-12-21T20:31:05.25").unwrap().to_minutes_text(), "2025-12-21 20:31:05.250000");
/// assert_eq!(Timestamp::parse("2025-13-45 99:99"), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(NaiveDateTime);

impl Timestamp {
    /// Cuts to whole microseconds.
    #[must_use]
    pub fn new(value: NaiveDateTime) -> Self {
        let micros = value.nanosecond() / 1_000 * 1_000;
        Self(value.with_nanosecond(micros).unwrap_or(value))
    }

    /// The value as chrono's type.
    #[must_use]
    pub fn naive(self) -> NaiveDateTime {
        self.0
    }

    /// Reads `YYYY-MM-DD HH:MM[:SS[.ffffff]]`, with a blank or `T` between date and time.
    ///
    /// Exactly four year digits and two of everything else; up to nine fraction digits, of which six
    /// are kept. `None` for every other form, also for impossible dates and for a zone suffix.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let digits = |from: usize, len: usize| -> Option<u32> {
            bytes
                .get(from..from + len)?
                .iter()
                .try_fold(0_u32, |sum, b| b.is_ascii_digit().then(|| sum * 10 + u32::from(b - b'0')))
        };
        let is = |at: usize, allowed: &[u8]| bytes.get(at).is_some_and(|b| allowed.contains(b));
        if !(is(4, b"-") && is(7, b"-") && is(10, b" T") && is(13, b":")) {
            return None;
        }
        let date = NaiveDate::from_ymd_opt(i32::try_from(digits(0, 4)?).ok()?, digits(5, 2)?, digits(8, 2)?)?;
        let (hour, minute) = (digits(11, 2)?, digits(14, 2)?);
        let (second, nanos) = match bytes.len() {
            16 => (0, 0),
            19 if is(16, b":") => (digits(17, 2)?, 0),
            21..=29 if is(16, b":") && is(19, b".") => {
                let len = bytes.len() - 20;
                let scale = 10_u32.pow(u32::try_from(9 - len).ok()?);
                (digits(17, 2)?, digits(20, len)?.checked_mul(scale)?)
            }
            _ => return None,
        };
        let time = NaiveTime::from_hms_nano_opt(hour, minute, second, nanos)?;
        Some(Self::new(date.and_time(time)))
    }

    /// `YYYY-MM-DD HH:MM` when seconds are zero, else `YYYY-MM-DD HH:MM:SS.ffffff`.
    ///
    /// The first form is what the legacy program writes (it cuts seconds off); the second is the form
    /// its later versions write for `started_at`, so that no precision is lost.
    #[must_use]
    pub fn to_minutes_text(self) -> String {
        self.render(' ', false)
    }

    /// ISO 8601 with `T`, always with seconds, with six fraction digits only when they are not zero.
    #[must_use]
    pub fn to_iso_text(self) -> String {
        self.render('T', true)
    }

    /// `YYYY-MM-DD HH:MM:SS`, with six fraction digits only when they are not zero.
    #[must_use]
    pub fn to_seconds_text(self) -> String {
        self.render(' ', true)
    }

    /// Minutes from `earlier` to `self`, negative when `earlier` is later. Microsecond precision.
    #[must_use]
    pub fn minutes_since(self, earlier: Self) -> f64 {
        let micros = (self.0 - earlier.0).num_microseconds().unwrap_or(i64::MAX);
        seconds_from_micros(micros) / 60.0
    }

    fn render(self, separator: char, always_seconds: bool) -> String {
        use chrono::Datelike;
        use std::fmt::Write as _;
        let (date, time) = (self.0.date(), self.0.time());
        let mut text = String::with_capacity(26);
        // Writing into a String cannot fail.
        let _ = write!(
            text,
            "{:04}-{:02}-{:02}{separator}{:02}:{:02}",
            date.year(),
            date.month(),
            date.day(),
            time.hour(),
            time.minute()
        );
        let micros = time.nanosecond() / 1_000;
        if micros != 0 || (time.second() != 0 && !always_seconds) {
            let _ = write!(text, ":{:02}.{micros:06}", time.second());
        } else if always_seconds {
            let _ = write!(text, ":{:02}", time.second());
        }
        text
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_iso_text())
    }
}

/// Whole microseconds as seconds, the way Python's `timedelta.total_seconds` divides.
#[expect(clippy::as_conversions, reason = "an i64 of microseconds up to 285,000 years; the nearest double is meant")]
fn seconds_from_micros(micros: i64) -> f64 {
    micros as f64 / 1_000_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renders_seconds_only_when_there_are_any() {
        let minute = Timestamp::parse("1970-01-01 00:00").unwrap();
        assert_eq!(minute.to_minutes_text(), "1970-01-01 00:00");
        assert_eq!(minute.to_iso_text(), "1970-01-01T00:00:00");
        let late = Timestamp::parse("9999-12-31 23:59:59.999999").unwrap();
        assert_eq!(late.to_minutes_text(), "9999-12-31 23:59:59.999999");
        assert_eq!(late.to_seconds_text(), "9999-12-31 23:59:59.999999");
    }

    #[test]
    fn nanoseconds_are_cut_to_microseconds() {
        let time = Timestamp::parse("2025-01-01T00:00:00.123456789").unwrap();
        assert_eq!(time.to_iso_text(), "2025-01-01T00:00:00.123456");
    }

    #[test]
    fn refuses_other_forms() {
        for text in ["", "2025-01-01", "2025-1-1 10:00", "2025-01-01 10:00Z", "12/05/2025 9:15", "2025-01-01 10:00:5"] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }
}
