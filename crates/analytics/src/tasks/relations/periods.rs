//! One stretch of time against another.

use super::scatter::Axis;
use crate::stats::{Difference, benjamini_hochberg, compare_means};
use crate::tasks::rows::{PreparedRow, TaskData, TypeClass};
use crate::tasks::scores::Scores;
use chrono::{NaiveDate, TimeDelta};
use landfast_domain::time::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

/// Share of false differences that is accepted.
const FALSE_DISCOVERY_RATE: f64 = 0.05;
/// Attributes and scores of single instances that are compared.
const METRICS: [&str; 12] = [
    "relief_score",
    "stress_level",
    "net_wellbeing",
    "stress_efficiency",
    "expected_aversion",
    "duration_minutes",
    "behavioral_score",
    "efficiency_score",
    "productivity_score",
    "grit_score",
    "execution_score",
    "procrastination_score",
];

/// A stretch of time: `from <= completed_at < until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First moment that belongs to it.
    pub from: Timestamp,
    /// First moment that does not.
    pub until: Timestamp,
}

impl Period {
    /// The `days` times 24 hours before a moment, and as many before those: `(earlier, later)`.
    #[must_use]
    pub fn last_two(until: Timestamp, days: u32) -> (Self, Self) {
        let back = |times: i64| {
            let length = TimeDelta::days(i64::from(days) * times);
            until.naive().checked_sub_signed(length).map_or(until, Timestamp::new)
        };
        (Self { from: back(2), until: back(1) }, Self { from: back(1), until })
    }

    /// Whether a moment belongs to it.
    #[must_use]
    pub fn contains(&self, time: Timestamp) -> bool {
        self.from <= time && time < self.until
    }

    /// Calendar dates that have a moment in it, ascending; none when it is empty.
    fn dates(&self) -> impl Iterator<Item = NaiveDate> {
        let (from, until) = (self.from.naive(), self.until.naive());
        from.date().iter_days().take_while(move |date| date.and_time(chrono::NaiveTime::MIN) < until && from < until)
    }
}

/// A metric in two periods.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MetricDifference {
    /// Name of the metric.
    pub metric: &'static str,
    /// Sample sizes, means, difference, interval, p-value and effect size.
    #[serde(flatten)]
    pub difference: Difference,
    /// p-value adjusted for the number of metrics (Benjamini and Hochberg); `None` without a p-value.
    pub q_value: Option<f64>,
    /// `higher` or `lower` in the second period when the adjusted p-value is at most 5 %, else `no clear difference`.
    pub verdict: &'static str,
}

/// Two periods side by side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PeriodComparison {
    /// First period as `[from, until)`.
    pub first: (String, String),
    /// Second period as `[from, until)`.
    pub second: (String, String),
    /// Metrics of single instances, then those of calendar dates.
    pub metrics: Vec<MetricDifference>,
}

/// Compares the instances completed in two periods, which may overlap, touch or lie apart.
///
/// Metrics of instances are means over the completed instances that have them. `completed_per_day` and
/// `work_minutes_per_day` are means over all calendar dates of a period, also those without an instance.
#[must_use]
pub fn compare_periods(data: &TaskData, scores: &Scores, first: Period, second: Period) -> PeriodComparison {
    let (in_first, in_second) = (rows_in(data, first), rows_in(data, second));
    let mut differences: Vec<(&'static str, Difference)> = METRICS
        .into_iter()
        .filter_map(|metric| {
            let axis = Axis::from_name(metric)?;
            let values =
                |rows: &[&PreparedRow]| -> Vec<f64> { rows.iter().filter_map(|row| axis.value(row, scores)).collect() };
            Some((metric, compare_means(&values(&in_first), &values(&in_second))))
        })
        .collect();
    let work = |row: &PreparedRow| if row.class == TypeClass::Work { row.duration_minutes } else { 0.0 };
    let by_date = |value: &dyn Fn(&PreparedRow) -> f64| {
        compare_means(&by_date(first, &in_first, value), &by_date(second, &in_second, value))
    };
    differences.push(("completed_per_day", by_date(&|_| 1.0)));
    differences.push(("work_minutes_per_day", by_date(&work)));
    let text = |period: Period| (period.from.to_seconds_text(), period.until.to_seconds_text());
    PeriodComparison { first: text(first), second: text(second), metrics: judged(differences) }
}

fn rows_in(data: &TaskData, period: Period) -> Vec<&PreparedRow> {
    data.completed().filter(|row| row.completed_at.is_some_and(|time| period.contains(time))).collect()
}

fn by_date(period: Period, rows: &[&PreparedRow], value: &dyn Fn(&PreparedRow) -> f64) -> Vec<f64> {
    let mut sums: BTreeMap<NaiveDate, f64> = period.dates().map(|date| (date, 0.0)).collect();
    for row in rows {
        if let Some(sum) = row.completed_day().and_then(|date| sums.get_mut(&date)) {
            *sum += value(row);
        }
    }
    sums.into_values().collect()
}

fn judged(differences: Vec<(&'static str, Difference)>) -> Vec<MetricDifference> {
    let tested: Vec<f64> = differences.iter().filter_map(|(_, difference)| difference.p_value).collect();
    let mut adjusted = benjamini_hochberg(&tested).into_iter();
    let judge = |(metric, difference): (&'static str, Difference)| {
        let q_value = difference.p_value.and_then(|_| adjusted.next());
        let clear = q_value.is_some_and(|q| q <= FALSE_DISCOVERY_RATE);
        let verdict = match difference.difference {
            Some(change) if clear && change > 0.0 => "higher",
            Some(change) if clear && change < 0.0 => "lower",
            _ => "no clear difference",
        };
        MetricDifference { metric, difference, q_value, verdict }
    };
    differences.into_iter().map(judge).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn periods_touch_without_sharing_a_moment() {
        let (earlier, later) = Period::last_two(time("2025-12-27 18:00"), 7);
        assert_eq!(earlier.until, later.from);
        assert_eq!(later.from, time("2025-12-20 18:00"));
        assert!(later.contains(time("2025-12-20 18:00")) && !earlier.contains(time("2025-12-20 18:00")));
        assert!(!later.contains(time("2025-12-27 18:00")));
    }

    #[test]
    fn a_period_has_every_date_that_it_touches() {
        let dates = |from: &str, until: &str| Period { from: time(from), until: time(until) }.dates().count();
        assert_eq!(dates("2025-12-01 00:00", "2025-12-08 00:00"), 7);
        assert_eq!(dates("2025-12-01 18:00", "2025-12-08 18:00"), 8);
        assert_eq!(dates("2025-12-01 18:00", "2025-12-01 18:00"), 0);
    }

    #[test]
    fn nothing_is_clear_about_empty_periods() {
        let judged = judged(vec![("x", compare_means(&[], &[])), ("y", compare_means(&[1.0, 1.1], &[9.0, 9.1]))]);
        assert_eq!((judged[0].q_value, judged[0].verdict), (None, "no clear difference"));
        assert_eq!(judged[1].verdict, "higher");
    }
}
