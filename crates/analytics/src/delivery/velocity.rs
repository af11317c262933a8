//! Velocity, weekly averages and trends (delivery specification 5.4).

use super::input::{WeekRow, last};
use super::numbers::{count, deviation, mean_or_zero, median_or_zero};
use super::weeks::{sunday_bucket, weekly_sums};
use landfast_domain::text::round_to;
use std::collections::BTreeSet;

/// Change in percent from which the halves of a window differ.
pub const TREND_BAND_PERCENT: f64 = 10.0;

/// Weeks of each side of [`performance_trend`].
pub const TREND_WEEKS: usize = 4;

/// Items and points per week.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PerWeek {
    /// Items per week.
    pub items: f64,
    /// Points per week.
    pub points: f64,
}

/// Velocity: Σ completed / number of distinct ISO weeks that have rows; 0 without rows. Not rounded.
///
/// Weeks without a row do not count, so gaps make it look higher.
#[must_use]
pub fn velocity(rows: &[WeekRow]) -> PerWeek {
    per_week(rows, weekly_sums(rows).len())
}

/// Velocity as the original made it: weeks are those of [`sunday_bucket`], the result is rounded to one
/// decimal. Equal to [`velocity`] for rows that are all Mondays, but for the rounding.
#[must_use]
pub fn legacy_velocity(rows: &[WeekRow]) -> PerWeek {
    let weeks: BTreeSet<String> = rows.iter().map(|row| sunday_bucket(row.date)).collect();
    let exact = per_week(rows, weeks.len());
    PerWeek { items: round_to(exact.items, 1), points: round_to(exact.points, 1) }
}

fn per_week(rows: &[WeekRow], weeks: usize) -> PerWeek {
    if weeks == 0 {
        return PerWeek::default();
    }
    let sum = |of: fn(&WeekRow) -> f64| rows.iter().map(of).sum::<f64>() / count(weeks);
    PerWeek { items: sum(|row| row.completed_items), points: sum(|row| row.completed_points) }
}

/// Means and medians of weekly sums.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct WeeklyAverages {
    /// Means, rounded to two decimals.
    pub mean: PerWeek,
    /// Medians, rounded to two decimals.
    pub median: PerWeek,
}

/// Mean and median of items and points over the last `weeks` ISO weeks that have rows, over all of them for
/// `None`; each rounded to two decimals, 0 without rows.
#[must_use]
pub fn weekly_averages(rows: &[WeekRow], weeks: Option<usize>) -> WeeklyAverages {
    let sums = weekly_sums(rows);
    let sums = last(&sums, weeks.unwrap_or(sums.len()));
    let items: Vec<f64> = sums.iter().map(|(_, sum)| sum.completed_items).collect();
    let points: Vec<f64> = sums.iter().map(|(_, sum)| sum.completed_points).collect();
    let both = |of: fn(&[f64]) -> f64| PerWeek { items: round_to(of(&items), 2), points: round_to(of(&points), 2) };
    WeeklyAverages { mean: both(mean_or_zero), median: both(median_or_zero) }
}

/// Which of the two quantities is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Items.
    Items,
    /// Points.
    Points,
}

impl Column {
    /// What was finished of it in a row.
    #[must_use]
    pub fn completed(self, row: &WeekRow) -> f64 {
        match self {
            Self::Items => row.completed_items,
            Self::Points => row.completed_points,
        }
    }
}

/// Direction of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// More than before.
    Up,
    /// Less than before.
    Down,
    /// About the same.
    Stable,
}

impl Direction {
    /// `up`, `down` or `stable`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Stable => "stable",
        }
    }
}

/// The last four weeks against the four before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PerformanceTrend {
    /// Direction; stable below a change of 5 %.
    pub direction: Direction,
    /// (c − p)/p·100, rounded to one decimal; c·100 when p = 0.
    pub percent_change: f64,
    /// c: mean of the last four weeks, rounded to two decimals.
    pub current_average: f64,
    /// p: mean of the four weeks before, rounded to two decimals.
    pub previous_average: f64,
    /// Whether the change is 20 % or more.
    pub is_significant: bool,
    /// Weeks on each side.
    pub weeks_compared: usize,
}

/// The last four ISO weeks that have rows against the four before them. With fewer than eight such weeks:
/// stable, all numbers 0.
#[must_use]
pub fn performance_trend(rows: &[WeekRow], column: Column) -> PerformanceTrend {
    let sums = weekly_sums(rows);
    let mut trend = PerformanceTrend {
        direction: Direction::Stable,
        percent_change: 0.0,
        current_average: 0.0,
        previous_average: 0.0,
        is_significant: false,
        weeks_compared: 0,
    };
    if sums.len() < 2 * TREND_WEEKS {
        return trend;
    }
    let values: Vec<f64> = last(&sums, 2 * TREND_WEEKS)
        .iter()
        .map(|(_, sum)| if column == Column::Items { sum.completed_items } else { sum.completed_points })
        .collect();
    let (before, now) = values.split_at(TREND_WEEKS);
    let (p, c) = (mean_or_zero(before), mean_or_zero(now));
    let change = if p == 0.0 { c * 100.0 } else { (c - p) / p * 100.0 };
    if change.abs() >= 5.0 {
        trend.direction = if change > 0.0 { Direction::Up } else { Direction::Down };
    }
    trend.percent_change = round_to(change, 1);
    trend.current_average = round_to(c, 2);
    trend.previous_average = round_to(p, 2);
    trend.is_significant = change.abs() >= 20.0;
    trend.weeks_compared = TREND_WEEKS;
    trend
}

/// Older half of the rows (⌊n/2⌋ rows) and newer half.
fn halves(rows: &[WeekRow]) -> (&[WeekRow], &[WeekRow]) {
    rows.split_at(rows.len() / 2)
}

/// Trend of items as the dashboard of the original showed it: `increasing`, `decreasing` or `stable` at
/// ±10 % between the velocities of the halves ([`legacy_velocity`]), `unknown` below six rows.
#[must_use]
pub fn legacy_dashboard_trend(rows: &[WeekRow]) -> &'static str {
    if rows.len() < 6 {
        return "unknown";
    }
    let (older, newer) = halves(rows);
    match banded(legacy_velocity(older).items, legacy_velocity(newer).items) {
        Direction::Up => "increasing",
        Direction::Down => "decreasing",
        Direction::Stable => "stable",
    }
}

/// Trend of items as the health score of the original saw it: `improving`, `declining` or `stable` at ±10 %
/// between the plain means of the halves, and the change in percent. Stable and 0 below four rows or when
/// the older mean is 0.
#[must_use]
pub fn legacy_health_trend(rows: &[WeekRow]) -> (&'static str, f64) {
    let (older, newer) = halves(rows);
    let mean = |rows: &[WeekRow]| mean_or_zero(&rows.iter().map(|row| row.completed_items).collect::<Vec<_>>());
    let (p, c) = (mean(older), mean(newer));
    if rows.len() < 4 || p == 0.0 {
        return ("stable", 0.0);
    }
    let name = match banded(p, c) {
        Direction::Up => "improving",
        Direction::Down => "declining",
        Direction::Stable => "stable",
    };
    (name, (c - p) / p * 100.0)
}

/// A trend with the weeks it is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trend {
    /// Direction, at ±10 %.
    pub direction: Direction,
    /// (newer − older)/older·100; `None` when the older mean is 0.
    pub change_percent: Option<f64>,
    /// Mean of the older half of the weeks.
    pub older_mean: f64,
    /// Mean of the newer half.
    pub newer_mean: f64,
    /// Weeks of the older half.
    pub older_weeks: usize,
    /// Weeks of the newer half.
    pub newer_weeks: usize,
}

/// The one trend to show: weekly means of the newer half of the weeks against the older half. `None` below
/// six weeks.
///
/// Weeks are ISO weeks with rows; of an odd number the newer half has one more. The original had three
/// definitions that disagree on the same data: [`performance_trend`], [`legacy_dashboard_trend`],
/// [`legacy_health_trend`].
#[must_use]
pub fn trend(rows: &[WeekRow], column: Column) -> Option<Trend> {
    let sums = weekly_sums(rows);
    if sums.len() < 6 {
        return None;
    }
    let values: Vec<f64> = sums
        .iter()
        .map(|(_, sum)| if column == Column::Items { sum.completed_items } else { sum.completed_points })
        .collect();
    let (older, newer) = values.split_at(values.len() / 2);
    let (p, c) = (mean_or_zero(older), mean_or_zero(newer));
    Some(Trend {
        direction: banded(p, c),
        change_percent: (p > 0.0).then(|| (c - p) / p * 100.0),
        older_mean: p,
        newer_mean: c,
        older_weeks: older.len(),
        newer_weeks: newer.len(),
    })
}

fn banded(older: f64, newer: f64) -> Direction {
    let change = if older > 0.0 { (newer - older) / older * 100.0 } else { newer * 100.0 };
    if change > TREND_BAND_PERCENT {
        Direction::Up
    } else if change < -TREND_BAND_PERCENT {
        Direction::Down
    } else {
        Direction::Stable
    }
}

/// Coefficient of variation σ/mean·100 in percent, with divisor n − `freedom`; `None` when the mean is 0 or
/// there are too few values.
///
/// ```
/// use landfast_analytics::delivery::velocity::variation_percent;
/// assert_eq!(variation_percent(&[1.0, 3.0], 0), Some(50.0));
/// assert_eq!(variation_percent(&[0.0, 0.0], 0), None);
/// ```
#[must_use]
pub fn variation_percent(values: &[f64], freedom: usize) -> Option<f64> {
    let mean = mean_or_zero(values);
    if mean == 0.0 { None } else { Some(deviation(values, freedom)? / mean * 100.0) }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{row, rows};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn weeks_without_rows_do_not_count() {
        let mut rows = rows(&[4.0, 0.0, 2.0]);
        assert_eq!(velocity(&rows).items, 2.0);
        rows.remove(1);
        assert_eq!(velocity(&rows).items, 3.0);
        assert_eq!((velocity(&[]), legacy_velocity(&[])), (PerWeek::default(), PerWeek::default()));
    }

    #[test]
    fn a_sunday_begins_a_week_only_for_the_original() {
        let day = |text: &str| text.parse().unwrap();
        let rows = [row(day("2025-12-06"), 2.0), row(day("2025-12-07"), 4.0)];
        assert_eq!((velocity(&rows).items, legacy_velocity(&rows).items), (6.0, 3.0));
    }

    #[test]
    fn trends_of_the_original_may_disagree_and_the_one_trend_names_its_weeks() {
        let rows = rows(&[9.0, 9.0, 9.0, 1.0, 1.0, 1.0, 1.0, 3.0, 4.0, 5.0, 5.0]);
        assert_eq!(performance_trend(&rows, Column::Items).direction, Direction::Up);
        assert_eq!(legacy_dashboard_trend(&rows), "decreasing");
        assert_eq!(legacy_health_trend(&rows).0, "declining");
        let trend = trend(&rows, Column::Items).unwrap();
        assert_eq!((trend.direction, trend.older_weeks, trend.newer_weeks), (Direction::Down, 5, 6));
        assert_eq!(super::trend(&rows[..5], Column::Items), None);
    }

    #[test]
    fn little_data_makes_no_trend() {
        assert_eq!(performance_trend(&rows(&[1.0; 7]), Column::Items).weeks_compared, 0);
        assert_eq!(legacy_dashboard_trend(&rows(&[1.0; 5])), "unknown");
        assert_eq!(legacy_health_trend(&rows(&[1.0; 3])), ("stable", 0.0));
        let started = rows(&[0.0, 0.0, 0.0, 0.0, 2.0, 2.0, 2.0, 2.0]);
        assert_eq!(performance_trend(&started, Column::Items).percent_change, 200.0);
        assert_eq!(trend(&started, Column::Items).unwrap().change_percent, None);
    }

    proptest! {
        #[test]
        fn mondays_give_the_original_velocity(completed in proptest::collection::vec(0_u8..20, 1..120)) {
            let rows = rows(&completed.iter().map(|items| f64::from(*items)).collect::<Vec<_>>());
            prop_assert_eq!(round_to(velocity(&rows).items, 1), legacy_velocity(&rows).items);
            let averages = weekly_averages(&rows, None);
            prop_assert!((averages.mean.items - velocity(&rows).items).abs() <= 0.005 + 1e-12);
        }
    }
}
