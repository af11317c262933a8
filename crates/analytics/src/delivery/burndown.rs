//! Burndown and burnup: the history and the lines into the future (delivery specification 5.6).

use super::dashboard::later;
use super::input::{WeekRow, last};
use super::numbers::{count, cut, cut_count};
use super::pert::{MAX_FORECAST_DAYS, MIN_RATE, PertForecast};
use super::velocity::Column;
use chrono::NaiveDate;

/// Growth of the cumulative scope from one row to the next, in percent, above which it is worth a mark.
pub const SIGNIFICANT_GROWTH_PERCENT: f64 = 10.0;

/// Most steps of [`sampled_forecast`].
const MAX_STEPS: usize = 150;

/// A value on a day.
pub type Point = (NaiveDate, f64);

/// What was left at the *beginning* of each row's week: current remaining + Σ completed of this row and all
/// later ones.
///
/// So the last value is not what is left now; [`burndown`] adds that.
#[must_use]
pub fn legacy_remaining_series(rows: &[WeekRow], remaining: f64, column: Column) -> Vec<Point> {
    let mut left = remaining;
    let mut series: Vec<Point> = rows
        .iter()
        .rev()
        .map(|row| {
            left += column.completed(row);
            (row.date, left)
        })
        .collect();
    series.reverse();
    series
}

/// What was left at the beginning of the weeks of the window, and what is left today.
///
/// `rows`: all rows, oldest first. Only after all of them are summed up the window is cut.
#[must_use]
pub fn burndown(rows: &[WeekRow], remaining: f64, window: usize, column: Column, today: NaiveDate) -> Vec<Point> {
    let series = legacy_remaining_series(rows, remaining, column);
    let mut shown = last(&series, window).to_vec();
    shown.push((today, remaining));
    shown
}

/// All there is: remaining + Σ completed of all rows.
#[must_use]
pub fn total_scope(rows: &[WeekRow], remaining: f64, column: Column) -> f64 {
    remaining + rows.iter().map(|row| column.completed(row)).sum::<f64>()
}

/// A straight line towards zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// First day.
    pub from: NaiveDate,
    /// Value on it.
    pub start: f64,
    /// Work done per day.
    pub rate: f64,
    /// Days from the first to the last value.
    pub days: usize,
}

impl Line {
    /// Value after so many days: max(0, start − rate·days).
    #[must_use]
    pub fn value(&self, days: usize) -> f64 {
        (self.start - self.rate * count(days)).max(0.0)
    }

    /// First value.
    #[must_use]
    pub fn first(&self) -> Point {
        (self.from, self.value(0))
    }

    /// Last value: above zero by less than a day's work, unless a limit cut the line.
    #[must_use]
    pub fn last(&self) -> Point {
        let days = i64::try_from(self.days).unwrap_or(0);
        (later(self.from, days).unwrap_or(self.from), self.value(self.days))
    }
}

/// Three lines: average, optimistic, pessimistic.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lines {
    /// With the rate remaining/PERT days.
    pub average: Line,
    /// With the rate of the best weeks.
    pub optimistic: Line,
    /// With the rate of the worst weeks.
    pub pessimistic: Line,
}

/// Lines from what is left now, beginning today.
///
/// Each ends after ⌊start/rate⌋ days, at most 3,653. `None` without a forecast.
#[must_use]
pub fn forecast_lines(remaining: f64, forecast: Option<PertForecast>, today: NaiveDate) -> Option<Lines> {
    Some(lines(today, remaining, remaining, &forecast?, today))
}

/// Lines as the original drew them, from the last row's date and value, so that the last week's finished work
/// is left once more; `None` without rows.
///
/// Beyond the rule of [`forecast_lines`]: with nothing left the lines run to today + PERT days. A rate of at
/// most 0.001 makes a line twice as long as the average one. No line ends later than 3,653 days after today.
#[must_use]
pub fn legacy_forecast_lines(
    series: &[Point],
    remaining: f64,
    forecast: &PertForecast,
    today: NaiveDate,
) -> Option<Lines> {
    let (from, start) = *series.last()?;
    Some(lines(from, start, remaining, forecast, today))
}

fn lines(from: NaiveDate, start: f64, remaining: f64, forecast: &PertForecast, today: NaiveDate) -> Lines {
    let average_rate = if forecast.days > 0.0 { (remaining / forecast.days).max(MIN_RATE) } else { MIN_RATE };
    let ahead = (today - from).num_days();
    let latest = usize::try_from(ahead + cut(MAX_FORECAST_DAYS)).unwrap_or(0).min(cut_count(MAX_FORECAST_DAYS));
    let to_estimate = usize::try_from(ahead + cut(forecast.days)).unwrap_or(0);
    let span = |rate: f64, otherwise: usize| {
        let days = if start <= 0.0 {
            to_estimate
        } else if rate > MIN_RATE {
            cut_count(start / rate)
        } else {
            otherwise
        };
        days.min(latest)
    };
    let average_days = span(average_rate, to_estimate);
    let line = |rate: f64, days: usize| Line { from, start, rate, days };
    Lines {
        average: line(average_rate, average_days),
        optimistic: line(forecast.optimistic_rate, span(forecast.optimistic_rate, 2 * average_days)),
        pessimistic: line(forecast.pessimistic_rate, span(forecast.pessimistic_rate, 2 * average_days)),
    }
}

/// A line towards zero in at most 151 points, as the original drew it.
///
/// rate ≥ 0.001; days = start/rate, at most 3,653; one point per day, or every max(7, ⌊days/150⌋) days when
/// there are more than 150. When zero is reached, the last point is (first day + ⌊days⌋, 0).
#[must_use]
pub fn sampled_forecast(start: f64, rate: f64, from: NaiveDate) -> Vec<Point> {
    let rate = rate.max(MIN_RATE);
    let days = (start / rate).min(MAX_FORECAST_DAYS);
    let step = if days > count(MAX_STEPS) { cut(days / count(MAX_STEPS)).max(7) } else { 1 };
    let mut points = Vec::new();
    let (mut left, mut day) = (start, 0);
    while left > 0.0 && points.len() <= MAX_STEPS && day <= cut(days) {
        let Some(date) = later(from, day) else { return points };
        points.push((date, left));
        day += step;
        left -= rate * count(usize::try_from(step).unwrap_or(1));
    }
    if left <= 0.0
        && let Some(date) = later(from, cut(days))
    {
        points.push((date, 0.0));
    }
    points
}

/// A line upwards from what is completed to the whole scope, whose last point is exactly the scope; empty
/// when all is completed or the rate is not positive. At most 3,653 days, then the scope is not reached.
///
/// ```
/// use landfast_analytics::delivery::burndown::burnup;
///
/// let line = burnup(7.0, 10.0, 2.0, "2025-12-15".parse().unwrap());
/// assert_eq!(line.iter().map(|(_, value)| *value).collect::<Vec<_>>(), [7.0, 9.0, 10.0]);
/// assert!(burnup(10.0, 10.0, 2.0, "2025-12-15".parse().unwrap()).is_empty());
/// ```
#[must_use]
pub fn burnup(completed: f64, scope: f64, rate: f64, from: NaiveDate) -> Vec<Point> {
    if completed >= scope || rate <= 0.0 {
        return Vec::new();
    }
    let needed = ((scope - completed) / rate).ceil();
    let days = cut(needed.min(MAX_FORECAST_DAYS));
    let value = |day: i64| (completed + rate * count(usize::try_from(day).unwrap_or(0))).min(scope);
    let height = |day: i64| if day == days && needed <= MAX_FORECAST_DAYS { scope } else { value(day) };
    (0..=days).filter_map(|day| Some((later(from, day)?, height(day)))).collect()
}

/// Days of rows at which the cumulative scope, everything created so far and what was there before, grew by
/// more than [`SIGNIFICANT_GROWTH_PERCENT`] since the row before. `initial` is the scope before the first row.
#[must_use]
pub fn significant_growth(rows: &[WeekRow], initial: f64, column: Column) -> Vec<NaiveDate> {
    let mut scope = initial;
    let mut found = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        let before = scope;
        scope += if column == Column::Items { row.created_items } else { row.created_points };
        if place > 0 && before > 0.0 && (scope - before) / before * 100.0 > SIGNIFICANT_GROWTH_PERCENT {
            found.push(row.date);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::pert::pert_forecast;
    use super::super::testing::rows;
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_last_point_is_what_is_left_now() {
        let rows = rows(&[2.0, 3.0, 1.0]);
        let today = day("2025-01-22");
        let values: Vec<f64> = burndown(&rows, 10.0, 2, Column::Items, today).iter().map(|(_, left)| *left).collect();
        assert_eq!(values, [14.0, 11.0, 10.0]);
        let legacy = legacy_remaining_series(&rows, 10.0, Column::Items);
        assert_eq!(legacy.last(), Some(&(rows[2].date, 11.0)));
        assert_eq!(total_scope(&rows, 10.0, Column::Items), 16.0);
        assert_eq!(burndown(&[], 4.0, 2, Column::Items, today), [(today, 4.0)]);
    }

    #[test]
    fn lines_of_the_original_start_with_last_weeks_work() {
        let series = [(day("2025-12-15"), 45.0)];
        let forecast = pert_forecast(&[4.0, 4.0], 44.0, 3.0).unwrap();
        let today = day("2025-12-17");
        let legacy = legacy_forecast_lines(&series, 44.0, &forecast, today).unwrap();
        let right = forecast_lines(44.0, Some(forecast), today).unwrap();
        assert_eq!((legacy.average.first(), right.average.first()), ((day("2025-12-15"), 45.0), (today, 44.0)));
        assert_eq!(right.average.days, 77);
        assert!(right.average.last().1 < right.average.rate);
        assert!(legacy_forecast_lines(&[], 44.0, &forecast, today).is_none());
        assert!(forecast_lines(44.0, None, today).is_none());
    }

    #[test]
    fn lines_without_a_rate_end() {
        let forecast = pert_forecast(&[0.0; 5], 10.0, 3.0).unwrap();
        let lines = forecast_lines(10.0, Some(forecast), day("2025-12-17")).unwrap();
        assert!(lines.average.days <= 3653 && lines.pessimistic.days <= 3653);
        let done = pert_forecast(&[0.0; 5], 0.0, 3.0).unwrap();
        assert_eq!(forecast_lines(0.0, Some(done), day("2025-12-17")).unwrap().average.days, 0);
    }

    #[test]
    fn growth_is_marked_from_the_second_row_on() {
        let mut rows = rows(&[0.0; 3]);
        rows[0].created_items = 50.0;
        rows[2].created_items = 16.0;
        assert_eq!(significant_growth(&rows, 100.0, Column::Items), [rows[2].date]);
        rows[2].created_items = 15.0;
        assert!(significant_growth(&rows, 100.0, Column::Items).is_empty());
    }

    proptest! {
        #[test]
        fn lines_fall_to_zero(start in 0.0_f64..5_000.0, rate in 0.0_f64..30.0) {
            let points = sampled_forecast(start, rate, day("2025-12-15"));
            prop_assert!(!points.is_empty() && points.len() <= 152);
            prop_assert!(points.windows(2).all(|pair| pair[0].0 <= pair[1].0 && pair[0].1 >= pair[1].1));
            let up = burnup(3.0, 3.0 + start, rate, day("2025-12-15"));
            prop_assert!(up.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1));
        }
    }
}
