//! Which rows belong to a stretch of time.

use crate::tasks::rows::PreparedRow;
use chrono::{Days, NaiveDate, NaiveDateTime, TimeDelta};
use landfast_domain::time::Timestamp;

/// `now - days * 24 h`; the earliest time there is when that lies before it.
pub(super) fn start(now: Timestamp, days: u32) -> NaiveDateTime {
    let length = TimeDelta::days(i64::from(days));
    now.naive().checked_sub_signed(length).unwrap_or(NaiveDateTime::MIN)
}

/// Whether a row was completed at or after `now - days * 24 h`.
///
/// Nothing ends the window: a completion after `now` is in it, as in the original.
pub(super) fn since(row: &PreparedRow, now: Timestamp, days: u32) -> bool {
    row.completed_at.is_some_and(|time| time.naive() >= start(now, days))
}

/// The calendar date so many days before that of `now`.
pub(super) fn date_before(now: Timestamp, days: u32) -> NaiveDate {
    let today = now.naive().date();
    today.checked_sub_days(Days::new(u64::from(days))).unwrap_or(today)
}
