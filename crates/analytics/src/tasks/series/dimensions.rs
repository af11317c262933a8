//! The dimensions of stress over time.

use crate::stats::mean;
use crate::tasks::days::{by_day, date_text};
use crate::tasks::rows::{PreparedRow, TaskData};
use crate::tasks::window::since;
use landfast_domain::time::Timestamp;
use serde::Serialize;

/// One dimension of stress over the completed instances.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StressDimension {
    /// Sum over all completed instances.
    pub total: f64,
    /// Mean over the last seven times 24 hours; 0 without any.
    pub avg_7d: f64,
    /// Mean by date of completion.
    pub daily: Vec<DayValue>,
}

/// A value of a calendar date.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DayValue {
    /// The date, `YYYY-MM-DD`.
    pub date: String,
    /// Its value.
    pub value: f64,
}

/// Stress by what causes it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StressDimensions {
    /// (M + D) / 2: mental energy and difficulty.
    pub cognitive: StressDimension,
    /// E: emotional load.
    pub emotional: StressDimension,
    /// F: physical load.
    pub physical: StressDimension,
}

/// Stress dimensions of all completed instances.
#[must_use]
pub fn stress_dimensions(data: &TaskData, now: Timestamp) -> StressDimensions {
    StressDimensions {
        cognitive: dimension(data, now, |row| f64::midpoint(row.mental_energy_needed, row.task_difficulty)),
        emotional: dimension(data, now, |row| row.emotional_load),
        physical: dimension(data, now, |row| row.physical_load),
    }
}

fn dimension(data: &TaskData, now: Timestamp, value: impl Fn(&PreparedRow) -> f64) -> StressDimension {
    let week: Vec<f64> = data.completed().filter(|row| since(row, now, 7)).map(&value).collect();
    let daily = by_day(data.completed(), |row| Some(value(row)));
    let daily = daily.into_iter().filter_map(|(date, values)| {
        let date = date_text(date);
        mean(&values).map(|value| DayValue { date, value })
    });
    StressDimension {
        total: data.completed().map(&value).sum(),
        avg_7d: mean(&week).unwrap_or(0.0),
        daily: daily.collect(),
    }
}
