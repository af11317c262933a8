//! A budget and what became of it.

use crate::delivery::budget::{
    BudgetSettings, Comparison, Revision, Runway, Tier, budget_at, compare, consumed, legacy_budget_at, runway,
    velocity,
};
use crate::delivery::input::QueryData;
use crate::delivery::numbers::{number, optional};
use landfast_domain::delivery::IsoWeek;
use landfast_domain::time::Timestamp;
use serde_json::{Map, Value, json};

/// Everything about a budget at a week as the original's functions return it, with the right values under
/// `metrics`. `weeks`: for which to tell the budget of the time.
#[must_use]
pub fn budget_document(
    query: &QueryData,
    settings: &BudgetSettings,
    revisions: &[Revision],
    (week, now): (IsoWeek, Timestamp),
    weeks: &[IsoWeek],
) -> Value {
    let rows = &query.statistics;
    let items = |weeks| velocity(rows, week, weeks, |row| row.completed_items);
    let points = |weeks| velocity(rows, week, weeks, |row| row.completed_points);
    let spent = consumed(rows, settings, week, None);
    let rest = runway(rows, settings, week, spent.amount);
    let none = Runway { weeks: 0.0, burn_rate: 0.0 };
    let forecast_weeks = super::health::forecast_days(query).floor() / 7.0;
    let legacy = compare(settings, (spent, rest.unwrap_or(none)), (items(12), points(12)), Some(forecast_weeks), now);
    let mut document = Map::new();
    let mut put = |name: String, value: Value| document.insert(name, value);
    put("current_budget".to_owned(), settings.document());
    for at in weeks {
        put(format!("budget_at_{at}"), legacy_budget_at(settings, revisions, *at).document());
    }
    put("velocity_4w".to_owned(), number(items(4)));
    put("velocity_12w".to_owned(), number(items(12)));
    put("velocity_points_4w".to_owned(), number(points(4)));
    let percent = spent.percent.unwrap_or(0.0);
    put("consumed_total_pct".to_owned(), json!([number(spent.amount), number(settings.total), number(percent)]));
    let (left, burn) = rest.map_or((0.0, 0.0), |rest| (rest.weeks, rest.burn_rate));
    put("runway_weeks_and_burn".to_owned(), json!([number(left), number(burn)]));
    put("baseline_vs_actual".to_owned(), legacy.legacy_document());
    let plan = budget_at(settings, revisions, week);
    let start = plan.start.and_then(IsoWeek::of);
    let spent = consumed(rows, &plan, week, start);
    let rest = runway(rows, &plan, week, spent.amount);
    let right = rest.map(|rest| compare(&plan, (spent, rest), (items(12), points(12)), Some(forecast_weeks), now));
    let value = json!({
        "budget": plan.document(),
        "consumed": number(spent.amount),
        "consumed_percent": optional(spent.percent),
        "runway_weeks": optional(rest.map(|rest| rest.weeks)),
        "burn_rate": optional(rest.map(|rest| rest.burn_rate)),
        "tiers": right.as_ref().map(tiers),
    });
    put("metrics".to_owned(), value);
    Value::Object(document)
}

fn tiers(found: &Comparison) -> Value {
    let [burn, runway, pace] = found.tiers().map(|tier| tier.map(Tier::as_str));
    json!({"burn_rate": burn, "runway": runway, "pace": pace})
}
