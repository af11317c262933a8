//! Formula (a): dashboard and report of version 2.4.4.

use crate::delivery::input::WeekRow;
use crate::delivery::velocity::{legacy_health_trend, variation_percent};

/// What the formula looks at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LegacyHealthInputs {
    /// Coefficient of variation of the weekly finished items, in percent.
    pub velocity_cv: f64,
    /// Days between forecast and deadline, early or late alike; 0 when either is missing.
    pub schedule_variance_days: f64,
    /// Created items in percent of the scope.
    pub scope_change_rate: f64,
    /// `improving`, `stable` or `declining`.
    pub trend_direction: &'static str,
    /// Change of the newer half of the weeks against the older one, in percent.
    pub recent_velocity_change: f64,
}

impl Default for LegacyHealthInputs {
    /// What the original assumes of a project nothing is known about.
    fn default() -> Self {
        Self {
            velocity_cv: 0.0,
            schedule_variance_days: 0.0,
            scope_change_rate: 0.0,
            trend_direction: "stable",
            recent_velocity_change: 0.0,
        }
    }
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegacyHealth {
    /// 0 to 100.
    pub score: i64,
    /// `EXCELLENT` from 80, `GOOD` from 60, `MODERATE` from 40, else `AT RISK`.
    pub label: &'static str,
    /// The worst of what is wrong, for people; empty when nothing is.
    pub reason: String,
}

/// Health by formula (a), the integer part of
///
/// `30·(1 − min(CV/50, 1)) + 25·(1 − min(V/60, 1)) + 20·(1 − min(S/40, 1)) + trend + recent`,
///
/// trend 15 when improving, 10 when stable, else 0; recent `5 + min(5, 5·r/20)` for `r ≥ 0`, else
/// `max(0, 5·(1 + r/20))`. Nothing known scores 90, and finishing early costs as much as finishing late:
/// [`crate::delivery::health::score()`] does neither.
///
/// ```
/// use landfast_analytics::delivery::health::{LegacyHealthInputs, legacy_health};
///
/// assert_eq!(legacy_health(&LegacyHealthInputs::default()).score, 90);
/// ```
#[must_use]
pub fn legacy_health(inputs: &LegacyHealthInputs) -> LegacyHealth {
    let part = |value: f64, limit: f64| 1.0 - (value / limit).min(1.0);
    let trend = match inputs.trend_direction {
        "improving" => 15.0,
        "stable" => 10.0,
        _ => 0.0,
    };
    let change = inputs.recent_velocity_change;
    let recent =
        if change >= 0.0 { 5.0 + (5.0 * change / 20.0).min(5.0) } else { (5.0 * (1.0 + change / 20.0)).max(0.0) };
    let sum = 30.0 * part(inputs.velocity_cv, 50.0)
        + 25.0 * part(inputs.schedule_variance_days, 60.0)
        + 20.0 * part(inputs.scope_change_rate, 40.0)
        + trend
        + recent;
    let score = crate::delivery::numbers::cut(sum).clamp(0, 100);
    let label = match score {
        80.. => "EXCELLENT",
        60.. => "GOOD",
        40.. => "MODERATE",
        _ => "AT RISK",
    };
    LegacyHealth { score, label, reason: reason(inputs) }
}

/// Inputs of formula (a) from the rows of the window, what is left, and days of forecast and deadline.
#[must_use]
pub fn legacy_health_inputs(
    window: &[WeekRow],
    remaining: f64,
    forecast_days: Option<f64>,
    deadline_days: Option<f64>,
) -> LegacyHealthInputs {
    let finished: Vec<f64> = window.iter().map(|row| row.completed_items).collect();
    // Below four weeks the spread is assumed to be middling.
    let variation = if window.len() < 4 { None } else { variation_percent(&finished, 0) };
    let scope = remaining + finished.iter().sum::<f64>();
    let created: f64 = window.iter().map(|row| row.created_items).sum();
    let (trend_direction, recent_velocity_change) = legacy_health_trend(window);
    LegacyHealthInputs {
        velocity_cv: variation.unwrap_or(if window.len() < 4 { 25.0 } else { 0.0 }),
        schedule_variance_days: forecast_days
            .zip(deadline_days)
            .map_or(0.0, |(forecast, deadline)| (forecast - deadline).abs()),
        scope_change_rate: if scope > 0.0 { created / scope * 100.0 } else { 0.0 },
        trend_direction,
        recent_velocity_change,
    }
}

fn reason(inputs: &LegacyHealthInputs) -> String {
    let days = crate::delivery::numbers::cut(inputs.schedule_variance_days);
    let scope = inputs.scope_change_rate;
    let change = inputs.recent_velocity_change;
    let candidates = [
        (inputs.velocity_cv >= 40.0, 3, "Velocity unpredictable (CV ≥ 40%)".to_owned()),
        (inputs.velocity_cv >= 25.0, 2, "Velocity inconsistent (CV ≥ 25%)".to_owned()),
        (inputs.schedule_variance_days > 30.0, 3, format!("Behind schedule ({days} days)")),
        (inputs.schedule_variance_days > 14.0, 2, format!("Schedule at risk ({days} days)")),
        (scope > 30.0, 3, format!("High scope growth ({scope:.0}%)")),
        (scope > 15.0, 2, format!("Scope growing ({scope:.0}%)")),
        (inputs.trend_direction == "declining", 2, "Velocity declining".to_owned()),
        (change < -15.0, 2, format!("Recent velocity drop ({change:.0}%)")),
    ];
    let mut worst: (u8, String) = (0, String::new());
    for (applies, severity, text) in candidates {
        if applies && severity > worst.0 {
            worst = (severity, text);
        }
    }
    worst.1
}
