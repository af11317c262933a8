//! Times as the legacy programs wrote them.

use chrono::{Duration, NaiveDateTime};

/// A number of seconds.
pub(crate) fn seconds(count: u64) -> Duration {
    Duration::seconds(i64::try_from(count).unwrap_or(i64::MAX / 1_000))
}

/// `YYYY-MM-DDTHH:MM:SS`.
pub(crate) fn iso(time: NaiveDateTime) -> String {
    time.format("%Y-%m-%dT%H:%M:%S").to_string()
}

/// `YYYY-MM-DDTHH:MM:SS.ffffff`.
pub(crate) fn micros(time: NaiveDateTime) -> String {
    time.format("%Y-%m-%dT%H:%M:%S%.6f").to_string()
}

/// `YYYY-MM-DDTHH:MM:SS.fffZ`.
pub(crate) fn millis_zulu(time: NaiveDateTime) -> String {
    time.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// `YYYY-MM-DDTHH:MM:SS+00:00`.
pub(crate) fn aware(time: NaiveDateTime) -> String {
    format!("{}+00:00", iso(time))
}

/// Jira's `YYYY-MM-DDTHH:MM:SS.fff+0000`.
pub(crate) fn jira(time: NaiveDateTime) -> String {
    time.format("%Y-%m-%dT%H:%M:%S%.3f+0000").to_string()
}

/// Number `number` of `count` things, spread evenly over the time from `begin` to `end`.
pub(crate) fn spread(begin: NaiveDateTime, end: NaiveDateTime, number: u64, count: u64) -> NaiveDateTime {
    let span = u128::from(u64::try_from((end - begin).num_milliseconds()).unwrap_or(0));
    let offset = span * u128::from(number) / u128::from(count.max(1));
    begin + Duration::milliseconds(i64::try_from(offset).unwrap_or(0))
}

/// A count as a floating-point number.
pub(crate) fn real(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Hours from one moment to another.
pub(crate) fn hours(from: NaiveDateTime, to: NaiveDateTime) -> f64 {
    f64::from(i32::try_from((to - from).num_seconds()).unwrap_or(i32::MAX)) / 3600.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_the_legacy_forms() {
        let time = chrono::NaiveDate::from_ymd_opt(2026, 3, 7).unwrap().and_hms_micro_opt(9, 5, 7, 120_045).unwrap();
        assert_eq!(iso(time), "2026-03-07T09:05:07");
        assert_eq!(micros(time), "2026-03-07T09:05:07.120045");
        assert_eq!(millis_zulu(time), "2026-03-07T09:05:07.120Z");
        assert_eq!(aware(time), "2026-03-07T09:05:07+00:00");
        assert_eq!(jira(time), "2026-03-07T09:05:07.120+0000");
    }

    #[test]
    fn things_are_spread_evenly_and_end_before_the_end() {
        let begin = chrono::NaiveDate::from_ymd_opt(2026, 3, 1).unwrap().and_hms_opt(0, 0, 0).unwrap();
        let end = begin + Duration::days(4);
        assert_eq!(spread(begin, end, 0, 4), begin);
        assert_eq!(spread(begin, end, 3, 4), begin + Duration::days(3));
        assert_eq!(hours(begin, end), 96.0);
    }
}
