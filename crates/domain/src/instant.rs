//! Times whose text tells, or fails to tell, a zone.

use crate::json::NumberText;
use crate::time::Timestamp;
use chrono::{DateTime, NaiveDate, TimeDelta};
use std::time::Duration;

/// What a time text says about its zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Zone {
    /// Nothing: the reader has to know which clock it was read from.
    Naive,
    /// `Z` or `+00:00`.
    Utc,
    /// Another offset, seconds east of Greenwich.
    Offset(i32),
    /// The text is a number: seconds since 1970-01-01 00:00 UTC.
    Epoch,
}

/// A time as it was read from a text: local reading, zone and precision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadTime {
    /// What the text says, without regard to the zone, cut to microseconds.
    pub local: Timestamp,
    /// What the text says about the zone.
    pub zone: Zone,
    /// Digits after the point of the seconds; more than six were cut.
    pub fraction_digits: usize,
}

impl ReadTime {
    /// Reads the ISO 8601 forms that Python's `datetime.isoformat` writes and `fromisoformat` reads back:
    /// `YYYY-MM-DD`, optionally `T` or a blank and `HH:MM[:SS[.fff…]]`, optionally `Z`, `±HH:MM`, `±HHMM`,
    /// `±HH` or `±HH:MM:SS`. `None` for every other form and for impossible dates.
    ///
    /// ```
    /// use landfast_domain::instant::{ReadTime, Zone};
    ///
    /// let time = ReadTime::parse("2025-03-17T09:00:00.000+0100").unwrap();
    /// assert_eq!(time.zone, Zone::Offset(3600));
    /// assert_eq!(time.utc(0).to_iso_text(), "2025-03-17T08:00:00");
    /// assert_eq!(ReadTime::parse("2025-03-17T09:00").unwrap().utc(3600).to_iso_text(), "2025-03-17T08:00:00");
    /// assert_eq!(ReadTime::parse("yesterday"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let date = text.get(..10)?;
        let rest = text.get(10..)?;
        if rest.is_empty() {
            let local = Timestamp::parse(&format!("{date} 00:00"))?;
            return Some(Self { local, zone: Zone::Naive, fraction_digits: 0 });
        }
        let (clock, zone) = split_zone(rest)?;
        let (whole, fraction) = clock.split_once(['.', ',']).unwrap_or((clock, ""));
        let has_point = whole.len() != clock.len();
        if has_point && (fraction.is_empty() || whole.len() != 9) || !fraction.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let local = if fraction.len() <= 9 && !clock.contains(',') {
            Timestamp::parse(text.get(..date.len() + clock.len())?)?
        } else {
            let kept = fraction.get(..fraction.len().min(9))?;
            Timestamp::parse(&format!("{date}{whole}.{kept}"))?
        };
        Some(Self { local, zone, fraction_digits: fraction.len() })
    }

    /// Reads a number of seconds since 1970, rounded to whole microseconds. `None` when it is not finite or
    /// outside the years 0 to 9999.
    ///
    /// ```
    /// use landfast_domain::instant::ReadTime;
    ///
    /// let time = ReadTime::from_epoch(&"1757318773.25".parse()?).unwrap();
    /// assert_eq!(time.utc(0).to_iso_text(), "2025-09-08T08:06:13.250000");
    /// # Ok::<(), landfast_domain::json::JsonError>(())
    /// ```
    #[must_use]
    pub fn from_epoch(seconds: &NumberText) -> Option<Self> {
        let value = seconds.to_f64();
        if !value.is_finite() || value.abs() > 300_000_000_000.0 {
            return None;
        }
        let fixed = format!("{value:.6}");
        let micros: i64 = fixed.replace('.', "").parse().ok()?;
        let naive = DateTime::from_timestamp_micros(micros)?.naive_utc();
        let range = NaiveDate::from_ymd_opt(0, 1, 1)?..=NaiveDate::from_ymd_opt(9999, 12, 31)?;
        let fraction_digits = seconds.as_str().split_once('.').map_or(0, |(_, digits)| digits.len().min(6));
        range.contains(&naive.date()).then(|| Self { local: Timestamp::new(naive), zone: Zone::Epoch, fraction_digits })
    }

    /// The instant in UTC. A text without a zone is taken to be `naive_offset` seconds east of Greenwich.
    #[must_use]
    pub fn utc(&self, naive_offset: i32) -> Timestamp {
        let offset = match self.zone {
            Zone::Naive => naive_offset,
            Zone::Utc | Zone::Epoch => 0,
            Zone::Offset(seconds) => seconds,
        };
        shifted(self.local, TimeDelta::seconds(-i64::from(offset)))
    }
}

/// The time that reads `offset_seconds` east of Greenwich when it is `utc` there.
#[must_use]
pub fn to_local(utc: Timestamp, offset_seconds: i32) -> Timestamp {
    shifted(utc, TimeDelta::seconds(i64::from(offset_seconds)))
}

/// A time later by a duration, cut to microseconds. Stays where it is when the calendar ends before.
///
/// ```
/// use landfast_domain::{instant::later, time::Timestamp};
///
/// let time = Timestamp::parse("2025-12-31 23:59:30").unwrap();
/// assert_eq!(later(time, std::time::Duration::from_secs(45)).to_iso_text(), "2026-01-01T00:00:15");
/// ```
#[must_use]
pub fn later(time: Timestamp, by: Duration) -> Timestamp {
    TimeDelta::from_std(by).map_or(time, |by| shifted(time, by))
}

/// A time earlier by a duration; see [`later`].
#[must_use]
pub fn earlier(time: Timestamp, by: Duration) -> Timestamp {
    TimeDelta::from_std(by).map_or(time, |by| shifted(time, -by))
}

/// Microseconds since 1970-01-01 00:00.
#[must_use]
pub fn epoch_micros(time: Timestamp) -> i64 {
    time.naive().and_utc().timestamp_micros()
}

fn shifted(time: Timestamp, by: TimeDelta) -> Timestamp {
    time.naive().checked_add_signed(by).map_or(time, Timestamp::new)
}

/// Splits `THH:MM…` from what is said about the zone.
fn split_zone(rest: &str) -> Option<(&str, Zone)> {
    if let Some(clock) = rest.strip_suffix(['Z', 'z']) {
        return Some((clock, Zone::Utc));
    }
    // The first character is the separator after the date, which is neither sign.
    let Some(at) = rest.rfind(['+', '-']) else { return Some((rest, Zone::Naive)) };
    let (clock, zone) = rest.split_at_checked(at)?;
    let negative = zone.starts_with('-');
    let pieces: Vec<&str> = zone.get(1..)?.split(':').collect();
    let well_formed = match pieces.as_slice() {
        [all] => matches!(all.len(), 2 | 4),
        several => several.len() <= 3 && several.iter().all(|piece| piece.len() == 2),
    };
    let digits = pieces.concat();
    if !well_formed || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize| digits.get(from..from + 2).map_or(Some(0), |text| text.parse::<i32>().ok());
    let (hours, minutes, seconds) = (part(0)?, part(2)?, part(4)?);
    if hours > 23 || minutes > 59 || seconds > 59 {
        return None;
    }
    let offset = hours * 3600 + minutes * 60 + seconds;
    let zone = match (offset, negative) {
        (0, _) => Zone::Utc,
        (offset, true) => Zone::Offset(-offset),
        (offset, false) => Zone::Offset(offset),
    };
    Some((clock, zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_legacy_forms_are_read() {
        for (text, utc, zone, digits) in [
            ("2025-12-05T11:52:20.493Z", "2025-12-05T11:52:20.493000", Zone::Utc, 3),
            ("2025-12-06T00:03:47.081238+00:00", "2025-12-06T00:03:47.081238", Zone::Utc, 6),
            ("2025-12-06 00:03:47", "2025-12-06T00:03:47", Zone::Naive, 0),
            ("2025-12-06", "2025-12-06T00:00:00", Zone::Naive, 0),
            ("2025-12-06T00:03-05", "2025-12-06T05:03:00", Zone::Offset(-18_000), 0),
            ("2025-12-06T00:03:00.1234567899Z", "2025-12-06T00:03:00.123456", Zone::Utc, 10),
            ("2025-01-01T00:30:00+01:00:30", "2024-12-31T23:29:30", Zone::Offset(3630), 0),
        ] {
            let time = ReadTime::parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((time.utc(0).to_iso_text().as_str(), time.zone, time.fraction_digits), (utc, zone, digits));
        }
    }

    #[test]
    fn other_forms_are_not() {
        for text in [
            "",
            "2025",
            "2025-13-01",
            "2025-12-06T",
            "2025-12-06T25:00",
            "2025-12-06T00:03.5",
            "2025-12-06T00:03:00.",
            "2025-12-06T00:03:00+1",
            "2025-12-06T00:03:00+99:00",
            "2025-12-06T00:03:00+a0:00",
            "2025-12-06TZ",
            "é025-12-06",
            "2025-12-06T00:03:00.12a",
            "2025-12-06T00:03:00 UTC",
            "2025-12-06T00:03:00+0:000",
        ] {
            assert_eq!(ReadTime::parse(text), None, "{text}");
        }
    }

    #[test]
    fn epochs() {
        let read = |text: &str| ReadTime::from_epoch(&text.parse().unwrap()).map(|time| time.utc(7200).to_iso_text());
        assert_eq!(read("0").as_deref(), Some("1970-01-01T00:00:00"));
        assert_eq!(read("-0.5").as_deref(), Some("1969-12-31T23:59:59.500000"));
        assert_eq!(read("1.7e9").as_deref(), Some("2023-11-14T22:13:20"));
        for text in ["NaN", "Infinity", "1e30"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn local_and_back() {
        let utc = Timestamp::parse("2025-03-30T00:30:00.000001").unwrap();
        let local = to_local(utc, 5400);
        let time = ReadTime { local, zone: Zone::Naive, fraction_digits: 6 };
        assert_eq!(time.utc(5400), utc);
        assert_eq!(earlier(later(utc, Duration::from_secs(9)), Duration::from_secs(9)), utc);
        assert_eq!(epoch_micros(Timestamp::parse("1970-01-01 00:01").unwrap()), 60_000_000);
    }
}
