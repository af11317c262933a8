//! Rows for the tests of this area.

use super::input::WeekRow;
use chrono::{Days, NaiveDate};
use landfast_domain::delivery::IsoWeek;

/// Rows of consecutive Mondays from 2025-01-06 on, with these completed items, as many points, and nothing
/// created.
pub(super) fn rows(completed: &[f64]) -> Vec<WeekRow> {
    let first = NaiveDate::from_ymd_opt(2025, 1, 6).unwrap();
    (0..).zip(completed).map(|(week, items)| row(first + Days::new(7 * week), *items)).collect()
}

/// A row of a day.
pub(super) fn row(date: NaiveDate, completed: f64) -> WeekRow {
    WeekRow {
        ordinal: 0,
        date,
        week: IsoWeek::of(date),
        completed_items: completed,
        completed_points: completed,
        created_items: 0.0,
        created_points: 0.0,
        unreadable: Vec::new(),
        has_whole_points: true,
    }
}
