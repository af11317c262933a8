//! Health of a query.

use crate::delivery::dashboard::{DEFAULT_DASHBOARD_FACTOR, DashboardSettings, dashboard, days_until};
use crate::delivery::health::cards::{CardInputs, legacy_card_score};
use crate::delivery::health::{LegacyHealthInputs, legacy_health, legacy_health_inputs};
use crate::delivery::input::QueryData;
use crate::delivery::numbers::{cut, number, optional, rounded};
use crate::delivery::pert::legacy_pert_forecast;
use crate::delivery::velocity::legacy_velocity;
use crate::delivery::weeks::legacy_weekly_sums;
use landfast_domain::time::Timestamp;
use serde_json::{Value, json};

/// Days of the forecast the original's health looks at: of the points, if they are shown and have one, else
/// of the items.
pub(super) fn forecast_days(query: &QueryData) -> f64 {
    let sums: Vec<_> = legacy_weekly_sums(&query.legacy_window()).into_iter().map(|(_, sum)| sum).collect();
    let factor = query.settings.pert_factor;
    let days = |remaining: f64, weekly: Vec<f64>| legacy_pert_forecast(&weekly, remaining, factor).days;
    let points = days(query.remaining_points(), sums.iter().map(|sum| sum.completed_points).collect());
    if query.settings.show_points && points > 0.0 {
        points
    } else {
        days(query.remaining_items(), sums.iter().map(|sum| sum.completed_items).collect())
    }
}

/// Health of a query as the original's dashboard, report and cards tell it.
pub(super) fn health_value(query: &QueryData, now: Timestamp) -> Value {
    let window = query.legacy_window();
    let deadline = query.settings.deadline.map(|day| days_until(day, now));
    let deadline_days = deadline.and_then(|days| i32::try_from(days).ok()).map(f64::from);
    let days = forecast_days(query);
    let inputs = legacy_health_inputs(&window, query.remaining_items(), Some(days), deadline_days);
    let found = legacy_health(&inputs);
    let finished = |of: &dyn Fn(&crate::delivery::WeekRow) -> f64| window.iter().map(of).sum::<f64>();
    let (items, points) = (finished(&|row| row.completed_items), finished(&|row| row.completed_points));
    let (all_items, all_points) = (items + query.remaining_items(), points + query.remaining_points());
    let share = |part: f64, all: f64| if all > 0.0 { rounded(part / all * 100.0, 1) } else { json!(0) };
    let velocity = legacy_velocity(&window);
    json!({
        "forecast_days": number(days),
        "days_to_deadline": deadline.unwrap_or(0),
        "inputs": inputs_value(&inputs),
        "dashboard_score": found.score,
        "dashboard_label": found.label,
        "dashboard_reason": found.reason,
        "report": {
            "health_score": found.score,
            "health_status": found.label,
            "items_completion_pct": share(items, all_items),
            "points_completion_pct": share(points, all_points),
            "velocity_items": number(velocity.items),
            "velocity_points": number(velocity.points),
            "forecast_date": days_later(now, days),
            "total_items": number(all_items),
            "total_points": number(all_points),
        },
        "cards_deduction_score": legacy_card_score(&card_inputs(query, &inputs, now)),
    })
}

/// The day so many days and parts of a day after an instant; null beyond the calendar.
fn days_later(now: Timestamp, days: f64) -> Option<String> {
    let seconds = chrono::TimeDelta::try_seconds(cut(days * 86_400.0))?;
    now.naive().checked_add_signed(seconds).map(|time| time.date().to_string())
}

fn inputs_value(inputs: &LegacyHealthInputs) -> Value {
    json!({
        "velocity_cv": number(inputs.velocity_cv),
        "schedule_variance_days": number(inputs.schedule_variance_days),
        "scope_change_rate": number(inputs.scope_change_rate),
        "trend_direction": inputs.trend_direction,
        "recent_velocity_change": optional(Some(inputs.recent_velocity_change)),
    })
}

fn card_inputs(query: &QueryData, inputs: &LegacyHealthInputs, now: Timestamp) -> CardInputs {
    let rows = &query.statistics;
    let finished = |of: &dyn Fn(&crate::delivery::WeekRow) -> f64| rows.iter().map(of).sum::<f64>();
    let settings = DashboardSettings {
        total_items: query.remaining_items() + finished(&|row| row.completed_items),
        total_points: query.remaining_points() + finished(&|row| row.completed_points),
        factor: DEFAULT_DASHBOARD_FACTOR,
        window: query.settings.data_points_count,
        deadline: query.settings.deadline,
    };
    let board = dashboard(rows, &settings, now);
    CardInputs {
        velocity_trend: board.trend,
        trend: inputs.trend_direction,
        days_to_completion: board.days_to_completion,
        days_to_deadline: board.days_to_deadline,
        confidence: board.confidence,
    }
}
