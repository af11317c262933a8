//! Right values beside those of the original.

use super::legacy_forecast::{lines_value, values};
use super::legacy_parts::{both, scope_value, statistics_value};
use crate::delivery::burndown::{burndown, burnup, forecast_lines, significant_growth, total_scope};
use crate::delivery::confidence::{Outlook, confidence_intervals, deadline_outlook, deadline_probability};
use crate::delivery::dashboard::{days_until, later};
use crate::delivery::explanations::{explain_change_rate, explain_pert, explain_stability, explain_velocity};
use crate::delivery::input::QueryData;
use crate::delivery::issue_row::IssueRow;
use crate::delivery::next_value::{Pace, pace, smoothed};
use crate::delivery::numbers::{count, deviation, mean_or_zero, number, optional};
use crate::delivery::pert::{PertForecast, active_weeks, legacy_pert_forecast, pert_forecast, required_pace};
use crate::delivery::scope::{ScopeRules, scope};
use crate::delivery::scope_change::{Both, Flow, flows, growth_level, is_growing_too_fast};
use crate::delivery::throughput::{RunningWeek, running_week};
use crate::delivery::velocity::{Column, Trend, legacy_velocity, trend, variation_percent, velocity};
use crate::delivery::weeks::{WeekSum, weekly_sums};
use chrono::NaiveDate;
use landfast_domain::time::Timestamp;
use serde_json::{Map, Value, json};

/// Right values of a query.
pub(super) fn metrics(query: &QueryData, now: Timestamp) -> Map<String, Value> {
    let today = now.naive().date();
    let window = query.window();
    let sums: Vec<WeekSum> = weekly_sums(window).into_iter().map(|(_, sum)| sum).collect();
    let look = Look { query, today, now, sums };
    let issues: Vec<&IssueRow> = query.current_issues().filter(|issue| !issue.is_devops).collect();
    let field = query.settings.points_field.as_deref();
    let (shown, legacy) = (velocity(window), legacy_velocity(window));
    let parts = [
        ("window", look.window()),
        ("statistics_issues", look.issues_found()),
        ("scope", scope_value(&scope(&issues, field, &ScopeRules::default()), field)),
        ("weekly_statistics", statistics_value(issues.iter().copied(), today)),
        ("velocity", json!({"items": number(shown.items), "points": number(shown.points)})),
        ("legacy_velocity", json!({"items": number(legacy.items), "points": number(legacy.points)})),
        ("variation_percent", both(|column| optional(variation_percent(&look.weekly(column), 1)))),
        ("trend", both(|column| trend_value(trend(window, column)))),
        ("smoothed", both(|column| optional(smoothed(&look.weekly(column))))),
        ("pert", both(|column| look.pert_value(look.pert(column)))),
        ("legacy_pert", both(|column| look.pert_value(Some(look.legacy_pert(column))))),
        ("completion_date", look.completion_date()),
        ("deadline", both(|column| look.deadline(column))),
        ("burndown", both(|column| look.burndown(column))),
        ("scope_change", look.scope_change()),
        ("running_week", both(|column| running_value(running_week(&query.statistics, column, today)))),
        ("explanations", look.explanations()),
    ];
    parts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// A query on a day, with the weekly sums of its window.
struct Look<'a> {
    query: &'a QueryData,
    today: NaiveDate,
    now: Timestamp,
    sums: Vec<WeekSum>,
}

impl Look<'_> {
    fn weekly(&self, column: Column) -> Vec<f64> {
        values(&self.sums, column)
    }

    /// Weeks without anything finished left out, as every forecast here does.
    fn active(&self, column: Column) -> Vec<f64> {
        values(&active_weeks(&self.sums), column)
    }

    fn remaining(&self, column: Column) -> f64 {
        match column {
            Column::Items => self.query.remaining_items(),
            Column::Points => self.query.remaining_points(),
        }
    }

    fn pert(&self, column: Column) -> Option<PertForecast> {
        pert_forecast(&self.active(column), self.remaining(column), self.query.settings.pert_factor)
    }

    fn legacy_pert(&self, column: Column) -> PertForecast {
        legacy_pert_forecast(&self.active(column), self.remaining(column), self.query.settings.pert_factor)
    }

    fn window(&self) -> Value {
        let rows = self.query.window();
        let day = |row: Option<&crate::delivery::WeekRow>| row.map(|row| row.date.to_string());
        json!({
            "rows": rows.len(),
            "weeks": self.sums.len(),
            "from": day(rows.first()),
            "to": day(rows.last()),
        })
    }

    /// What was odd about the weekly rows.
    fn issues_found(&self) -> Value {
        let unreadable: Vec<Value> = self
            .query
            .statistics
            .iter()
            .filter(|row| !row.unreadable.is_empty())
            .map(|row| json!({"row": row.ordinal, "numbers": row.unreadable}))
            .collect();
        json!({"undated_rows": self.query.undated_rows, "unreadable_numbers": unreadable})
    }

    fn pert_value(&self, forecast: Option<PertForecast>) -> Value {
        let Some(forecast) = forecast else { return Value::Null };
        json!({
            "days": number(forecast.days),
            "is_beyond_limit": forecast.is_beyond_limit,
            "date": self.date_of(&forecast),
            "optimistic_rate_per_day": number(forecast.optimistic_rate),
            "likely_rate_per_day": number(forecast.likely_rate),
            "pessimistic_rate_per_day": number(forecast.pessimistic_rate),
        })
    }

    /// Today plus the forecast; null beyond the limit.
    fn date_of(&self, forecast: &PertForecast) -> Value {
        if forecast.is_beyond_limit {
            return Value::Null;
        }
        let day = later(self.today, crate::delivery::numbers::cut(forecast.days));
        day.map_or(Value::Null, |day| Value::from(day.to_string()))
    }

    /// The date of points when points are shown and have a forecast, else that of items.
    fn completion_date(&self) -> Value {
        let points = self.pert(Column::Points).filter(|found| self.query.settings.show_points && found.days > 0.0);
        points.or_else(|| self.pert(Column::Items)).map_or(Value::Null, |found| self.date_of(&found))
    }

    fn deadline(&self, column: Column) -> Value {
        let Some(forecast) = self.pert(column) else { return Value::Null };
        let weekly = self.weekly(column);
        let days = self.query.settings.deadline.map(|deadline| days_until(deadline, self.now));
        let to_deadline = days.map(|days| if days < 0 { -count_of(-days) } else { count_of(days) });
        let (mean, spread) = (mean_or_zero(&weekly), deviation(&weekly, 1).unwrap_or(0.0));
        let outlook: Outlook = deadline_outlook(forecast.days, &weekly, to_deadline);
        let intervals = confidence_intervals(forecast.days, mean, spread);
        let required = days.and_then(|days| required_pace(self.remaining(column), days));
        let is_on = days.map(|_| match pace(velocity_of(self.query, column), required) {
            Pace::OnPace => "on_pace",
            Pace::AtRisk => "at_risk",
            Pace::Behind => "behind",
        });
        json!({
            "days_to_deadline": days,
            "forecast_days": number(forecast.days),
            "days_50": number(intervals.days_50),
            "days_80": number(intervals.days_80),
            "days_95": number(intervals.days_95),
            "probability": optional(to_deadline.map(|to| deadline_probability(to, forecast.days, spread, mean))),
            "legacy_days_95": number(outlook.days_95),
            "legacy_probability": optional(outlook.probability),
            "legacy_colour": outlook.colour(),
            "is_rule_of_thumb": outlook.is_rule_of_thumb,
            "required_pace": optional(required),
            "pace": is_on,
        })
    }

    fn burndown(&self, column: Column) -> Value {
        let (rows, remaining) = (self.query.statistics.as_slice(), self.remaining(column));
        let series = burndown(rows, remaining, self.query.settings.data_points_count, column, self.today);
        let points = series.iter().map(|(day, value)| json!({"date": day.to_string(), "remaining": number(*value)}));
        let lines = forecast_lines(remaining, self.pert(column), self.today);
        let all = flows(rows, self.remaining(Column::Items), self.remaining(Column::Points));
        let initial = if column == Column::Items { all.items.baseline() } else { all.points.baseline() };
        let growth = significant_growth(rows, initial, column);
        let rate = self.pert(column).filter(|found| found.days > 0.0).map_or(0.0, |found| remaining / found.days);
        let scope = total_scope(rows, remaining, column);
        let upwards = burnup(scope - remaining, scope, rate, self.today);
        let end = upwards.last().map(|(day, value)| json!([day.to_string(), number(*value)]));
        json!({
            "burnup": {"n": upwards.len(), "last": end},
            "series": points.collect::<Value>(),
            "lines": lines.as_ref().map_or(Value::Null, lines_value),
            "significant_growth": growth.iter().map(ToString::to_string).collect::<Vec<_>>(),
        })
    }

    /// How the headline numbers of items come about.
    fn explanations(&self) -> Value {
        let window = self.query.window();
        let flows = flows(window, self.remaining(Column::Items), self.remaining(Column::Points));
        let factor = self.query.settings.pert_factor;
        let found = [
            explain_velocity(window, Column::Items),
            explain_pert(&self.active(Column::Items), self.remaining(Column::Items), factor),
            explain_change_rate(&flows.items),
            explain_stability(&flows.items),
        ];
        // An explanation is made of names and numbers, so it always becomes JSON.
        found.iter().map(|explanation| serde_json::to_value(explanation).unwrap_or_default()).collect()
    }

    fn scope_change(&self) -> Value {
        let flows = flows(self.query.window(), self.remaining(Column::Items), self.remaining(Column::Points));
        let part = |flow: Flow| {
            json!({
                "created": number(flow.created),
                "completed": number(flow.completed),
                "remaining": number(flow.remaining),
                "baseline": number(flow.baseline()),
                "legacy_baseline": number(flow.legacy_baseline()),
                "change_rate": optional(flow.change_rate()),
                "throughput_ratio": number(flow.throughput_ratio()),
                "stability": optional(flow.stability()),
                "growth_percent": optional(flow.growth_percent()),
                "growth_level": flow.growth_percent().map(growth_level),
            })
        };
        let rates: Both<f64> = flows.map(|flow| flow.change_rate().unwrap_or(0.0));
        json!({
            "items": part(flows.items),
            "points": part(flows.points),
            "is_warning": is_growing_too_fast(rates, flows.map(|flow| flow.throughput_ratio())),
        })
    }
}

fn running_value(week: Option<RunningWeek>) -> Value {
    let Some(week) = week else { return Value::Null };
    json!({
        "week": week.week.to_string(),
        "actual": number(week.actual),
        "forecast": optional(week.forecast.map(|next| next.value)),
        "blended": number(week.blended),
    })
}

fn velocity_of(query: &QueryData, column: Column) -> f64 {
    let found = velocity(query.window());
    if column == Column::Items { found.items } else { found.points }
}

/// Whole days as a float.
fn count_of(days: i64) -> f64 {
    count(usize::try_from(days).unwrap_or(0))
}

fn trend_value(trend: Option<Trend>) -> Value {
    let Some(trend) = trend else { return Value::Null };
    json!({
        "direction": trend.direction.as_str(),
        "change_percent": optional(trend.change_percent),
        "older_mean": number(trend.older_mean),
        "newer_mean": number(trend.newer_mean),
        "older_weeks": trend.older_weeks,
        "newer_weeks": trend.newer_weeks,
    })
}
