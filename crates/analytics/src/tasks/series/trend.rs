//! An attribute over time.

use super::aggregate::Aggregation;
use super::attribute::Attribute;
use crate::stats::{range, real};
use crate::tasks::clock::Clock;
use crate::tasks::days::{by_day, date_text};
use crate::tasks::grit::grit_score;
use crate::tasks::productivity::{ProductivityContext, ProductivityInputs, productivity_score};
use crate::tasks::rows::{PreparedRow, TaskData, TypeClass};
use crate::tasks::scores::Scores;
use crate::tasks::window::{date_before, since};
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// Keys of trends that are no attributes of a row.
pub const SCORE_TRENDS: [&str; 6] = [
    "productivity_score",
    "grit_score",
    "efficiency_score",
    "execution_score",
    "relief_duration_score",
    "daily_self_care_tasks",
];

/// Values by date.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trend {
    /// Dates with data, `YYYY-MM-DD`, ascending.
    pub dates: Vec<String>,
    /// Value of each date.
    pub values: Vec<f64>,
    /// How the values of a date became one; the aggregation as it was asked for when there is no date.
    pub aggregation: String,
    /// Smallest value before scaling to 0 to 1; only after [`Trend::normalized`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_min: Option<f64>,
    /// Largest value before scaling.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_max: Option<f64>,
}

impl Trend {
    /// The trend scaled to 0 to 1: (v - min) / (max - min), all 0 when constant.
    #[must_use]
    pub fn normalized(mut self) -> Self {
        let Some((least, greatest)) = range(&self.values) else { return self };
        let width = greatest - least;
        for value in &mut self.values {
            *value = if width > 0.0 { (*value - least) / width } else { 0.0 };
        }
        (self.original_min, self.original_max) = (Some(least), Some(greatest));
        self
    }

    fn of(days: &[(NaiveDate, Vec<f64>)], aggregation: &str) -> Self {
        let how = Aggregation::from_name(aggregation);
        Self {
            dates: days.iter().map(|(date, _)| date_text(*date)).collect(),
            values: days.iter().map(|(_, values)| how.of(values)).collect(),
            aggregation: if days.is_empty() { aggregation.to_owned() } else { how.as_str().to_owned() },
            original_min: None,
            original_max: None,
        }
    }
}

/// An attribute or score of the completed instances by date.
///
/// `days` limits to the last so many times 24 hours; 0 stands for all. A date whose instances all lack the attribute has
/// the value 0. Keys: those of [`Attribute`] and [`SCORE_TRENDS`]; an unknown one has no dates. Productivity is scored in
/// the context of the window with the goal step, grit with the completions in the window.
#[must_use]
pub fn attribute_trend(
    data: &TaskData,
    scores: &Scores,
    clock: Clock,
    key: &str,
    aggregation: &str,
    days: u32,
) -> Trend {
    let now = clock.local;
    if key == "daily_self_care_tasks" {
        return self_care_trend(data, clock, aggregation, days);
    }
    let rows: Vec<&PreparedRow> = data.completed().filter(|row| days == 0 || since(row, now, days)).collect();
    let grouped = |value: &dyn Fn(&PreparedRow) -> Option<f64>| {
        // A date without any value is kept, so that gaps in an attribute show.
        let mut days: BTreeMap<NaiveDate, Vec<f64>> = BTreeMap::new();
        for row in &rows {
            if let Some(day) = row.completed_day() {
                days.entry(day).or_default().extend(value(row));
            }
        }
        Trend::of(&days.into_iter().collect::<Vec<_>>(), aggregation)
    };
    if let Some(attribute) = Attribute::from_name(key) {
        return grouped(&|row| attribute.value(row));
    }
    match key {
        "productivity_score" => {
            let context = ProductivityContext::of_rows(rows.iter().copied(), data.settings()).with_goal(data, now);
            grouped(&|row| Some(productivity_score(&ProductivityInputs::of(row), &context)))
        }
        "grit_score" => {
            let mut counts: HashMap<&str, usize> = HashMap::new();
            for row in &rows {
                *counts.entry(&row.task_id).or_default() += 1;
            }
            grouped(&|row| Some(grit_score(data, row, counts.get(&*row.task_id).copied().unwrap_or(1))))
        }
        "efficiency_score" => grouped(&|row| scores.of(row).map(|scores| scores.efficiency)),
        "execution_score" => grouped(&|row| scores.of(row).map(|scores| scores.execution)),
        "relief_duration_score" => grouped(&|row| scores.of(row).map(|scores| scores.relief_duration)),
        _ => Trend::of(&[], aggregation),
    }
}

/// Completed self care by calendar date, zeros included: from `days` days ago to today, or, for 0 days, from the first to
/// the last date that has any. Empty without any self care at all.
fn self_care_trend(data: &TaskData, clock: Clock, aggregation: &str, days: u32) -> Trend {
    let care = data.completed().filter(|row| row.class == TypeClass::SelfCare);
    let counts: BTreeMap<NaiveDate, f64> =
        by_day(care, |_| Some(1.0)).into_iter().map(|(date, ones)| (date, real(ones.len()))).collect();
    let (Some(first), Some(last)) = (counts.keys().next(), counts.keys().next_back()) else {
        return Trend::of(&[], aggregation);
    };
    let (from, until) =
        if days == 0 { (*first, *last) } else { (date_before(clock.local, days), clock.local.naive().date()) };
    let dates: Vec<NaiveDate> = from.iter_days().take_while(|date| *date <= until).collect();
    Trend {
        values: dates.iter().map(|date| counts.get(date).copied().unwrap_or(0.0)).collect(),
        dates: dates.into_iter().map(date_text).collect(),
        aggregation: "count".to_owned(),
        original_min: None,
        original_max: None,
    }
}

/// Relief by date with its running sum.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ReliefSeries {
    /// Dates of completion, `YYYY-MM-DD`, ascending.
    pub completed_at: Vec<String>,
    /// Sum of the relief scores of the date.
    pub daily_relief_score: Vec<f64>,
    /// Sum up to and with the date.
    pub cumulative_relief_score: Vec<f64>,
}

/// Relief of all completed instances by date.
#[must_use]
pub fn relief_series(data: &TaskData) -> ReliefSeries {
    let mut series = ReliefSeries::default();
    let mut sum = 0.0;
    for (date, values) in by_day(data.completed(), |row| Some(row.relief_score)) {
        let relief: f64 = values.iter().sum();
        sum += relief;
        series.completed_at.push(date_text(date));
        series.daily_relief_score.push(relief);
        series.cumulative_relief_score.push(sum);
    }
    series
}
