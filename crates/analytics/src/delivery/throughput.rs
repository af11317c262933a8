//! Throughput cards, moving averages and the running week (delivery specification 5.4, 5.7).

use super::input::{WeekRow, last};
use super::next_value::{NextValue, WEIGHTS, blended, next_value};
use super::numbers::mean_or_zero;
use super::velocity::Column;
use super::weeks::weekly_sums;
use chrono::{Datelike as _, NaiveDate};
use landfast_domain::delivery::IsoWeek;

/// A card of throughput.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ThroughputCard {
    /// Fewer than four rows.
    TooFew,
    /// Four to seven rows: a mean, but nothing to compare it with.
    Building {
        /// Mean of all rows.
        mean: f64,
    },
    /// Eight rows and more: the newer half against the older one. Any difference counts.
    Compared {
        /// Mean of all rows.
        mean: f64,
        /// Mean of the older half, ⌊n/2⌋ rows.
        older: f64,
        /// Mean of the newer half.
        newer: f64,
    },
}

/// Card of the rows of a window, as the original showed it.
#[must_use]
pub fn throughput_card(rows: &[WeekRow], column: Column) -> ThroughputCard {
    let values: Vec<f64> = rows.iter().map(|row| column.completed(row)).collect();
    let mean = mean_or_zero(&values);
    match values.len() {
        0..4 => ThroughputCard::TooFew,
        4..8 => ThroughputCard::Building { mean },
        _ => {
            let (older, newer) = values.split_at(values.len() / 2);
            ThroughputCard::Compared { mean, older: mean_or_zero(older), newer: mean_or_zero(newer) }
        }
    }
}

/// Weighted average of each value and the three before it, weights 0.1, 0.2, 0.3, 0.4 with the newest last;
/// `None` for the first three.
///
/// ```
/// use landfast_analytics::delivery::throughput::moving_average;
/// assert_eq!(moving_average(&[0.0, 0.0, 0.0, 10.0, 10.0]), [None, None, None, Some(4.0), Some(7.0)]);
/// ```
#[must_use]
pub fn moving_average(values: &[f64]) -> Vec<Option<f64>> {
    (1..=values.len())
        .map(|end| {
            let four = last(values.get(..end)?, WEIGHTS.len());
            (four.len() == WEIGHTS.len()).then(|| four.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum())
        })
        .collect()
}

/// The running week.
#[derive(Debug, Clone, PartialEq)]
pub struct RunningWeek {
    /// The week of today.
    pub week: IsoWeek,
    /// What is finished in it so far.
    pub actual: f64,
    /// Forecast from up to four complete weeks before it that have rows; `None` with fewer than two.
    pub forecast: Option<NextValue>,
    /// Value between the two by the day of the week; see [`blended`]. The actual value without a forecast.
    pub blended: f64,
}

/// The running week of all rows; only weeks before it take part in its forecast. `None` outside the years 1
/// to 9998.
#[must_use]
pub fn running_week(rows: &[WeekRow], column: Column, today: NaiveDate) -> Option<RunningWeek> {
    let week = IsoWeek::of(today)?;
    let value = |sum: &super::weeks::WeekSum| match column {
        Column::Items => sum.completed_items,
        Column::Points => sum.completed_points,
    };
    let sums = weekly_sums(rows);
    let actual = sums.iter().find(|(of, _)| *of == week).map_or(0.0, |(_, sum)| value(sum));
    let before: Vec<f64> = sums.iter().filter(|(of, _)| *of < week).map(|(_, sum)| value(sum)).collect();
    // A negative value, which only a hand edit makes, has no forecast.
    let forecast = next_value(last(&before, WEIGHTS.len())).unwrap_or(None);
    let weekday = u8::try_from(today.weekday().num_days_from_monday()).unwrap_or(6);
    let blended = forecast.as_ref().map_or(actual, |next| blended(actual, next.value, weekday));
    Some(RunningWeek { week, actual, forecast, blended })
}

#[cfg(test)]
mod tests {
    use super::super::testing::rows;
    use super::*;

    #[test]
    fn cards_need_rows_to_compare() {
        assert_eq!(throughput_card(&rows(&[1.0; 3]), Column::Items), ThroughputCard::TooFew);
        assert_eq!(throughput_card(&rows(&[1.0; 7]), Column::Items), ThroughputCard::Building { mean: 1.0 });
        let compared = throughput_card(&rows(&[1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0, 2.0]), Column::Items);
        assert_eq!(compared, ThroughputCard::Compared { mean: 14.0 / 9.0, older: 1.0, newer: 2.0 });
    }

    #[test]
    fn the_running_week_is_not_part_of_its_own_forecast() {
        let rows = rows(&[4.0, 4.0, 4.0, 4.0, 1.0]);
        let sunday_before = rows[4].date.pred_opt().unwrap();
        let monday = running_week(&rows, Column::Items, rows[4].date).unwrap();
        assert_eq!((monday.actual, monday.blended), (1.0, 4.0));
        let sunday = running_week(&rows, Column::Items, sunday_before).unwrap();
        assert_eq!((sunday.actual, sunday.forecast.unwrap().history.len(), sunday.blended), (4.0, 3, 4.0));
        let saturday = running_week(&rows, Column::Items, rows[4].date + chrono::Days::new(5)).unwrap();
        assert_eq!(saturday.blended, 1.0);
    }
}
