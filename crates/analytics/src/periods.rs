//! One stretch of time against another, of whatever area.

use crate::stats::{Difference, benjamini_hochberg, compare_means};
use chrono::{NaiveDate, TimeDelta};
use landfast_domain::time::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

/// Share of false differences that is accepted.
const FALSE_DISCOVERY_RATE: f64 = 0.05;

/// A stretch of time: `from <= time < until`.
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
    /// `(B - A) / |A|` of the means, 0.1 for 10 % more; `None` when the first is 0 or either is missing.
    pub relative_difference: Option<f64>,
    /// p-value adjusted for the number of metrics (Benjamini and Hochberg); `None` without a p-value.
    pub q_value: Option<f64>,
    /// `higher` or `lower` in the second period when the adjusted p-value is at most 5 %; `not enough data`
    /// with fewer than two values in either; else `no clear difference`.
    pub verdict: &'static str,
}

/// Two periods side by side. Each may be of any length; they may overlap, touch or lie apart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PeriodComparison {
    /// First period as `[from, until)`.
    pub first: (String, String),
    /// Second period as `[from, until)`.
    pub second: (String, String),
    /// Metrics of single records, then those of weeks and calendar dates.
    pub metrics: Vec<MetricDifference>,
}

impl PeriodComparison {
    /// Judges differences, all of them together.
    pub(crate) fn new(first: Period, second: Period, differences: Vec<(&'static str, Difference)>) -> Self {
        let text = |period: Period| (period.from.to_seconds_text(), period.until.to_seconds_text());
        Self { first: text(first), second: text(second), metrics: judged(differences) }
    }
}

/// Compares two periods by calendar dates: of each the sum of what happened on it, 0 on dates without anything.
/// `first` and `second` give what happened in each: date and amount.
pub(crate) fn compare_dates(
    (first, in_first): (Period, impl Iterator<Item = (NaiveDate, f64)>),
    (second, in_second): (Period, impl Iterator<Item = (NaiveDate, f64)>),
) -> Difference {
    compare_means(&by_date(first, in_first), &by_date(second, in_second))
}

fn by_date(period: Period, happened: impl Iterator<Item = (NaiveDate, f64)>) -> Vec<f64> {
    let mut sums: BTreeMap<NaiveDate, f64> = period.dates().map(|date| (date, 0.0)).collect();
    for (date, amount) in happened {
        if let Some(sum) = sums.get_mut(&date) {
            *sum += amount;
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
            _ if difference.n_first.min(difference.n_second) < 2 => "not enough data",
            Some(change) if clear && change > 0.0 => "higher",
            Some(change) if clear && change < 0.0 => "lower",
            _ => "no clear difference",
        };
        let relative_difference = difference
            .difference
            .zip(difference.mean_first.filter(|mean| *mean != 0.0))
            .map(|(change, mean)| change / mean.abs());
        MetricDifference { metric, difference, relative_difference, q_value, verdict }
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
        assert_eq!((judged[0].q_value, judged[0].verdict), (None, "not enough data"));
        assert_eq!((judged[0].relative_difference, judged[1].verdict), (None, "higher"));
        assert!(judged[1].relative_difference.is_some_and(|share| (share - 8.0 / 1.05).abs() < 1e-12));
    }

    #[test]
    fn shares_keep_the_direction_of_the_difference() {
        let relative =
            |first: &[f64], second: &[f64]| judged(vec![("x", compare_means(first, second))])[0].relative_difference;
        assert_eq!(relative(&[-4.0, -4.0], &[-2.0, -2.0]), Some(0.5));
        assert_eq!(relative(&[0.0, 0.0], &[3.0, 3.0]), None);
    }
}
