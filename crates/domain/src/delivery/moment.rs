//! Points in time in all the forms the legacy program wrote.

use crate::instant::{ReadTime, Zone};
use crate::time::Timestamp;
use chrono::{Datelike, NaiveDate};

/// A time as its source text, and the instant it stands for.
///
/// The text is the truth; two moments are equal when their texts are and they were read alike. Times
/// without an offset are taken as UTC: caches were filled in UTC, and for the few times the legacy program
/// wrote on its local clock (`last_used` of a profile, all times of background tasks) nothing tells that
/// clock's zone. [`Moment::has_offset`] tells the two apart.
///
/// ```
/// use landfast_domain::delivery::Moment;
/// use landfast_domain::time::Timestamp;
///
/// let jira = Moment::read("2025-03-17T10:00:00.075+0100");
/// assert_eq!(jira.instant, Timestamp::parse("2025-03-17 09:00:00.075"));
/// let odd = Moment::read("last week");
/// assert_eq!((odd.text.as_str(), odd.instant), ("last week", None));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// The text, as it stood.
    pub text: String,
    /// The instant in UTC, cut to microseconds; `None` when the text is no time.
    pub instant: Option<Timestamp>,
    /// Whether the text names its offset from UTC.
    pub has_offset: bool,
}

impl Moment {
    /// Reads a text; any text makes a moment.
    pub fn read(text: impl Into<String>) -> Self {
        let text = text.into();
        match parse_instant(&text) {
            Some((instant, has_offset)) => Self { text, instant: Some(instant), has_offset },
            None => Self { text, instant: None, has_offset: false },
        }
    }

    /// A moment with the text the program writes for an instant: `2025-12-17T09:30:00+00:00`.
    #[must_use]
    pub fn utc(instant: Timestamp) -> Self {
        Self { text: utc_text(instant), instant: Some(instant), has_offset: true }
    }
}

/// ISO text with offset, as Python's `datetime.now(timezone.utc).isoformat()` writes it.
///
/// ```
/// use landfast_domain::delivery::utc_text;
/// use landfast_domain::time::Timestamp;
/// let time = Timestamp::parse("2025-12-17 09:30:00.5").unwrap();
/// assert_eq!(utc_text(time), "2025-12-17T09:30:00.500000+00:00");
/// ```
#[must_use]
pub fn utc_text(instant: Timestamp) -> String {
    format!("{}+00:00", instant.to_iso_text())
}

/// Reads a date, or a date and time with or without an offset; tells the instant in UTC and whether there
/// was an offset. The forms are those of [`ReadTime::parse`].
///
/// ```
/// use landfast_domain::delivery::parse_instant;
/// let (instant, has_offset) = parse_instant("2025-01-01T00:30:00.000+0200").unwrap();
/// assert_eq!((instant.to_iso_text().as_str(), has_offset), ("2024-12-31T22:30:00", true));
/// assert_eq!(parse_instant("2025-13-01"), None);
/// ```
#[must_use]
pub fn parse_instant(text: &str) -> Option<(Timestamp, bool)> {
    let time = ReadTime::parse(text)?;
    let utc = time.utc(0);
    // An offset may lead out of the calendar that stores keep.
    (0..=9999).contains(&utc.naive().year()).then_some((utc, time.zone != Zone::Naive))
}

/// Reads `YYYY-MM-DD`, exactly.
#[must_use]
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let bytes = text.as_bytes();
    let shape = bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !shape {
        return None;
    }
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok();
    NaiveDate::from_ymd_opt(i32::try_from(part(0, 4)?).ok()?, part(5, 7)?, part(8, 10)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_that_occurs_is_read() {
        for (text, utc, has_offset) in [
            ("2025-03-17T09:00:00.000+0000", "2025-03-17T09:00:00", true),
            ("2025-12-17T09:30:00+00:00", "2025-12-17T09:30:00", true),
            ("2025-12-17T09:30:00Z", "2025-12-17T09:30:00", true),
            ("2025-12-17T09:30:00", "2025-12-17T09:30:00", false),
            ("2025-12-17 09:30:00.123456789", "2025-12-17T09:30:00.123456", false),
            ("2025-12-17T09:30:00.1-05", "2025-12-17T14:30:00.100000", true),
            ("2025-12-17T23:45:00-0130", "2025-12-18T01:15:00", true),
            ("2025-12-17", "2025-12-17T00:00:00", false),
        ] {
            let (instant, offset) = parse_instant(text).unwrap();
            assert_eq!((instant.to_iso_text().as_str(), offset), (utc, has_offset), "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_times() {
        for text in [
            "",
            "2025",
            "2025-02-30",
            "2025-12-17T09:30:00+24:00",
            "2025-12-17T09:30:00+1",
            "2025-12-17T09:30:00+0a00",
            "2025-12-17T25:30:00Z",
            "+025-12-17",
            "2025-W07",
            "２025-12-17",
        ] {
            assert_eq!(parse_instant(text), None, "{text}");
            assert_eq!(Moment::read(text).text, text);
        }
    }

    #[test]
    fn written_instants_are_read_back() {
        let instant = Timestamp::parse("2025-12-17 09:30:00.000001").unwrap();
        assert_eq!(Moment::read(utc_text(instant)), Moment::utc(instant));
    }
}
