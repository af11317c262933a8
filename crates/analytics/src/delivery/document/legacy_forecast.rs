//! Forecasts of the original: PERT, the next week, the lines of the burndown.

use super::legacy_parts::both;
use crate::delivery::burndown::{Line, Lines, Point, legacy_forecast_lines, legacy_remaining_series, total_scope};
use crate::delivery::dashboard::later;
use crate::delivery::input::{QueryData, WeekRow, last};
use crate::delivery::numbers::number;
use crate::delivery::pert::{PertForecast, active_weeks, legacy_pert_forecast, next_week};
use crate::delivery::velocity::Column;
use crate::delivery::weeks::{WeekSum, legacy_weekly_sums, weekly_sums};
use chrono::NaiveDate;
use serde_json::{Value, json};

/// Forecasts of a query on a day.
pub(super) struct Forecast<'a> {
    pub(super) query: &'a QueryData,
    pub(super) today: NaiveDate,
}

impl Forecast<'_> {
    fn remaining(&self, column: Column) -> f64 {
        match column {
            Column::Items => self.query.remaining_items(),
            Column::Points => self.query.remaining_points(),
        }
    }

    fn pert(&self, sums: &[WeekSum], column: Column) -> PertForecast {
        legacy_pert_forecast(&values(sums, column), self.remaining(column), self.query.settings.pert_factor)
    }

    pub(super) fn pert_rates(&self, window: &[WeekSum]) -> Value {
        let rows = &self.query.statistics;
        let history: Vec<(String, WeekSum)> = legacy_weekly_sums(rows);
        let all: Vec<WeekSum> = history.iter().map(|(_, sum)| *sum).collect();
        let rates = |sums: &[WeekSum]| {
            let (items, points) = (self.pert(sums, Column::Items), self.pert(sums, Column::Points));
            json!({
                "pert_days_items": number(items.days),
                "opt_rate_items_per_day": number(items.optimistic_rate),
                "pes_rate_items_per_day": number(items.pessimistic_rate),
                "pert_days_points": number(points.days),
                "opt_rate_points_per_day": number(points.optimistic_rate),
                "pes_rate_points_per_day": number(points.pessimistic_rate),
            })
        };
        json!({
            "window_all_weeks": rates(window),
            "window_nonzero_weeks": rates(&active_weeks(window)),
            "whole_history": rates(&all),
            "weeks_grouped_by_original": history.len(),
            "weeks_grouped_by_iso_year": weekly_sums(rows).len(),
        })
    }

    pub(super) fn weekly_forecast(&self, window: &[WeekRow], sums: &[WeekSum]) -> Value {
        let next = last(window, 1).first().and_then(|row| later(row.date, 7));
        both(|column| {
            let (Some(next), Some(forecast)) =
                (next, next_week(&values(sums, column), self.query.settings.pert_factor))
            else {
                return Value::Null;
            };
            json!({
                "dates": [next.format("%b %d").to_string()],
                "most_likely": [number(forecast.likely)],
                "optimistic": [number(forecast.optimistic)],
                "pessimistic": [number(forecast.pessimistic)],
                "most_likely_value": number(forecast.likely),
                "optimistic_value": number(forecast.optimistic),
                "pessimistic_value": number(forecast.pessimistic),
                "next_date": format!("{next}T00:00:00"),
            })
        })
    }

    pub(super) fn burndown(&self, window: &[WeekSum]) -> Value {
        let rows = &self.query.statistics;
        let active = active_weeks(window);
        let (items, points) = (self.pert(&active, Column::Items), self.pert(&active, Column::Points));
        let series = |column| {
            let series = legacy_remaining_series(rows, self.remaining(column), column);
            last(&series, self.query.settings.data_points_count).to_vec()
        };
        let (items_series, points_series) = (series(Column::Items), series(Column::Points));
        let lines = |series: &[Point], column, forecast: &PertForecast| {
            let lines = legacy_forecast_lines(series, self.remaining(column), forecast, self.today);
            lines.as_ref().map_or(Value::Null, lines_value)
        };
        let rows_value: Value = items_series
            .iter()
            .zip(&points_series)
            .map(|((day, items), (_, points))| {
                json!({"date": day.to_string(), "items": number(*items), "points": number(*points)})
            })
            .collect();
        json!({
            "pert_days_items": number(items.days),
            "pert_days_points": number(points.days),
            "total_scope_items": number(total_scope(rows, self.remaining(Column::Items), Column::Items)),
            "total_scope_points": number(total_scope(rows, self.remaining(Column::Points), Column::Points)),
            "remaining_series": rows_value,
            "items_forecasts": lines(&items_series, Column::Items, &items),
            "points_forecasts": lines(&points_series, Column::Points, &points),
        })
    }
}

/// Weekly sums of a column.
pub(super) fn values(sums: &[WeekSum], column: Column) -> Vec<f64> {
    let of = |sum: &WeekSum| if column == Column::Items { sum.completed_items } else { sum.completed_points };
    sums.iter().map(of).collect()
}

/// Three lines, each as its number of points and its ends.
pub(super) fn lines_value(lines: &Lines) -> Value {
    let point = |(day, value): Point| json!([day.to_string(), number(value)]);
    let line = |line: &Line| json!({"n": line.days + 1, "first": point(line.first()), "last": point(line.last())});
    json!({"avg": line(&lines.average), "opt": line(&lines.optimistic), "pes": line(&lines.pessimistic)})
}
