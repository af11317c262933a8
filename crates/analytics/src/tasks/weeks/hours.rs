//! Productive hours of a calendar week.

use crate::tasks::days::{by_day, date_text};
use crate::tasks::rows::{PreparedRow, TaskData, TypeClass};
use chrono::{Datelike, Days, NaiveDate};
use landfast_domain::text::round_to;
use landfast_domain::time::Timestamp;
use serde::Serialize;

/// Productive time of one week, Monday to Sunday.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WeekHours {
    /// Minutes, 1 decimal.
    pub total_minutes: f64,
    /// Hours, 2 decimals.
    pub total_hours: f64,
    /// Number of dates with productive minutes.
    pub days_with_data: usize,
    /// Productive time by date, dates ascending.
    pub daily_averages: Vec<DayHours>,
    /// Number of instances.
    pub task_count: usize,
    /// Hours by class.
    pub breakdown_by_type: HoursByType,
}

/// Productive time of a date.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DayHours {
    /// The date, `YYYY-MM-DD`.
    pub date: String,
    /// Hours, 2 decimals.
    pub hours: f64,
    /// Minutes, 1 decimal.
    pub minutes: f64,
}

/// Hours by class, 2 decimals.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct HoursByType {
    /// Work.
    pub work: f64,
    /// Self care in all its spellings; in the original the last spelling replaced the others.
    pub self_care: f64,
}

/// Productive minutes of a row: A.time_actual_minutes of work and self care.
///
/// `None` unless the row is completed, has the status `completed` and more than 0 minutes.
#[must_use]
pub fn productive_minutes(row: &PreparedRow) -> Option<f64> {
    let counts = row.class.is_productive() && row.is_completed() && &*row.status == "completed";
    row.actual.time_actual_minutes.filter(|minutes| counts && *minutes > 0.0)
}

/// The Monday of the calendar week of a time.
///
/// ```
/// use landfast_analytics::tasks::weeks::week_start;
/// use landfast_domain::time::Timestamp;
/// let saturday = Timestamp::parse("2025-12-27 18:00").unwrap();
/// assert_eq!(week_start(saturday).to_string(), "2025-12-22");
/// ```
#[must_use]
pub fn week_start(time: Timestamp) -> NaiveDate {
    let date = time.naive().date();
    let days = Days::new(u64::from(date.weekday().num_days_from_monday()));
    date.checked_sub_days(days).unwrap_or(date)
}

/// Productive time of the week that begins on this Monday.
#[must_use]
pub fn weekly_hours(data: &TaskData, monday: NaiveDate) -> WeekHours {
    let rows: Vec<&PreparedRow> = productive_rows(data, monday).collect();
    let total = |counts: &dyn Fn(&PreparedRow) -> bool| -> f64 {
        rows.iter().filter(|row| counts(row)).filter_map(|row| productive_minutes(row)).sum()
    };
    let minutes = total(&|_| true);
    let of = |class: TypeClass| round_to(total(&|row| row.class == class) / 60.0, 2);
    let daily_averages: Vec<DayHours> = by_day(rows.iter().copied(), productive_minutes)
        .into_iter()
        .map(|(date, values)| {
            let minutes: f64 = values.iter().sum();
            DayHours { date: date_text(date), hours: round_to(minutes / 60.0, 2), minutes: round_to(minutes, 1) }
        })
        .collect();
    WeekHours {
        total_minutes: round_to(minutes, 1),
        total_hours: round_to(minutes / 60.0, 2),
        days_with_data: daily_averages.len(),
        daily_averages,
        task_count: rows.len(),
        breakdown_by_type: HoursByType { work: of(TypeClass::Work), self_care: of(TypeClass::SelfCare) },
    }
}

/// Rows with productive minutes in the week that begins on this Monday, in date order.
pub(in crate::tasks) fn productive_rows(data: &TaskData, monday: NaiveDate) -> impl Iterator<Item = &PreparedRow> {
    let sunday = monday.checked_add_days(Days::new(6)).unwrap_or(monday);
    let days = data.by_day().range(monday..=sunday);
    days.flat_map(|(_, positions)| data.at(positions)).filter(|row| productive_minutes(row).is_some())
}

/// Productive hours on the earliest date of completion, 2 decimals; `None` when there are none on it.
///
/// The date is that of any completed instance with status `completed`, productive or not.
#[must_use]
pub fn first_day_hours(data: &TaskData) -> Option<f64> {
    let counts = |row: &&PreparedRow| &*row.status == "completed";
    let first = data.by_day().values().find(|positions| data.at(positions).any(|row| counts(&row)))?;
    let minutes: f64 = data.at(first).filter_map(productive_minutes).sum();
    (minutes > 0.0).then(|| round_to(minutes / 60.0, 2))
}

/// Estimate of the hours a week a user starts from: min(60, factor × hours of the first day), 2 decimals.
///
/// The usual factor is 10.
///
/// ```
/// use landfast_analytics::tasks::weeks::starting_hours;
/// assert_eq!((starting_hours(1.73, 10.0), starting_hours(9.0, 10.0)), (17.3, 60.0));
/// ```
#[must_use]
pub fn starting_hours(first_day_hours: f64, factor: f64) -> f64 {
    round_to((first_day_hours * factor).min(60.0), 2)
}
