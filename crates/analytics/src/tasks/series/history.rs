//! What each day of the last three months gave.

use crate::stats::{mean, real};
use crate::tasks::days::{by_day, date_text};
use crate::tasks::rows::{PreparedRow, TaskData};
use crate::tasks::window::{date_before, since};
use chrono::NaiveDate;
use landfast_domain::text::round_to;
use landfast_domain::time::Timestamp;
use serde::ser::{Serialize, SerializeMap, Serializer};

const DAYS: u32 = 90;
const WEEK: u32 = 7;
/// Days with data from which averages are worth looking at.
const SUFFICIENT_DAYS: usize = 14;

/// Values by day with the week's sum and averages.
#[derive(Debug, Clone, PartialEq)]
pub struct DailyHistory {
    /// Name of the list of values when serialised: `hours`, `relief_points` or `productivity_scores`.
    pub label: &'static str,
    /// Days with data, ascending.
    pub dates: Vec<NaiveDate>,
    /// Value of each day, not rounded.
    pub values: Vec<f64>,
    /// Sum over the last seven times 24 hours, 2 decimals.
    pub current_value: f64,
    /// Mean of the last seven days that have data, 2 decimals.
    pub weekly_average: f64,
    /// Mean over three months, 2 decimals: over calendar days for hours and productivity, over days with data for relief.
    pub three_month_average: f64,
}

impl DailyHistory {
    /// Whether there are at least 14 days with data.
    #[must_use]
    pub fn has_sufficient_data(&self) -> bool {
        self.dates.len() >= SUFFICIENT_DAYS
    }
}

/// Members as the original names them; the two on the number of days only when there is any.
impl Serialize for DailyHistory {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("dates", &self.dates.iter().copied().map(date_text).collect::<Vec<_>>())?;
        map.serialize_entry(self.label, &self.values)?;
        map.serialize_entry("current_value", &self.current_value)?;
        map.serialize_entry("weekly_average", &self.weekly_average)?;
        map.serialize_entry("three_month_average", &self.three_month_average)?;
        if !self.dates.is_empty() {
            map.serialize_entry("days_with_data", &self.dates.len())?;
            map.serialize_entry("has_sufficient_data", &self.has_sufficient_data())?;
        }
        map.end()
    }
}

/// Productive hours: A.time_actual_minutes / 60 of completed work and self care by date, last 90 days.
///
/// The three-month average is over calendar days, from the first date with data to today.
#[must_use]
pub fn weekly_hours_history(data: &TaskData, now: Timestamp) -> DailyHistory {
    let minutes = |row: &PreparedRow| row.class.is_productive().then_some(row.actual.time_actual_minutes).flatten();
    over_calendar_days(history(data, now, "hours", minutes, 60.0), now)
}

/// Relief points: relief score × duration in minutes of completed instances by date, without zeros, last 90 days.
///
/// Not divided by 60, unlike the weekly relief score of the relief summary.
#[must_use]
pub fn weekly_relief_history(data: &TaskData, now: Timestamp) -> DailyHistory {
    let points = |row: &PreparedRow| Some(row.relief_score * row.duration_minutes).filter(|points| *points != 0.0);
    history(data, now, "relief_points", points, 1.0)
}

/// Productivity: sum by date of given scores of completed instances, last 90 days.
///
/// `score` gives the productivity score of a row. The original scored every task as work here. The three-month average is
/// over calendar days, as for the hours.
#[must_use]
pub fn weekly_productivity_history(
    data: &TaskData,
    now: Timestamp,
    score: impl Fn(&PreparedRow) -> Option<f64>,
) -> DailyHistory {
    over_calendar_days(history(data, now, "productivity_scores", score, 1.0), now)
}

/// The history with the sum divided by the calendar days from the first date with data, but not before the date of
/// `now - 90 d`, to today.
fn over_calendar_days(mut history: DailyHistory, now: Timestamp) -> DailyHistory {
    if let Some(first) = history.dates.first() {
        let first = (*first).max(date_before(now, DAYS));
        let days = (now.naive().date() - first).num_days() + 1;
        let sum: f64 = history.values.iter().sum();
        history.three_month_average = round_to(sum / f64::from(i32::try_from(days.max(1)).unwrap_or(i32::MAX)), 2);
    }
    history
}

fn history(
    data: &TaskData,
    now: Timestamp,
    label: &'static str,
    value: impl Fn(&PreparedRow) -> Option<f64>,
    unit: f64,
) -> DailyHistory {
    let recent = data.completed().filter(|row| since(row, now, DAYS));
    let days = by_day(recent.clone(), &value);
    let dates: Vec<NaiveDate> = days.iter().map(|(date, _)| *date).collect();
    let values: Vec<f64> = days.iter().map(|(_, values)| values.iter().sum::<f64>() / unit).collect();
    let last = values.get(values.len().saturating_sub(7)..).unwrap_or_default();
    let week: f64 = recent.filter(|row| since(row, now, WEEK)).filter_map(&value).sum();
    DailyHistory {
        label,
        current_value: round_to(week / unit, 2),
        weekly_average: round_to(mean(last).unwrap_or(0.0), 2),
        three_month_average: round_to(values.iter().sum::<f64>() / real(values.len().max(1)), 2),
        dates,
        values,
    }
}
