//! The part with the numbers that sum up all instances, and that of the weeks.

use super::{Members, Source};
use crate::tasks::days::date_text;
use crate::tasks::summary::{
    TARGET_SLEEP_HOURS, active_summary, composite_components, composite_score, dashboard, explain_headlines,
    legacy_recent_execution, life_balance, productivity_time_minutes, recent_execution, relief_summary,
    tracking_consistency, tracking_multiplier, work_volume,
};
use crate::tasks::weeks::{
    DEFAULT_GOAL_HOURS, compare_to_goal, first_day_hours, points_target, starting_hours, week_snapshot, week_start,
    weekly_hours,
};
use chrono::Days;
use landfast_domain::json::Json;
use serde_json::{Map, Value, json};

/// Days and hours of sleep for which tracking consistency is shown.
const CONSISTENCY: [(u32, f64); 3] = [(7, TARGET_SLEEP_HOURS), (30, TARGET_SLEEP_HOURS), (30, 6.5)];
/// Weights of the second composite score shown: relief counts twice, completion half, tracking not at all.
const EXAMPLE_WEIGHTS: [(&str, f64); 3] =
    [("avg_relief", 2.0), ("completion_rate", 0.5), ("tracking_consistency_score", 0.0)];
/// Number of weeks shown, the current one included.
const WEEKS: u32 = 4;
/// Goal in hours for which a target in points is always shown.
const SHOWN_GOAL: f64 = 30.0;

pub(super) fn add(members: &mut Members, source: &Source<'_>) {
    let (data, scores, now) = (source.data, source.scores, source.clock.local);
    let dashboard = dashboard(data, scores, source.clock);
    let relief = relief_summary(data, scores, now);
    let mut put = |key: &str, value: Value| members.insert(key.to_owned(), value);
    put("active_summary", json!(active_summary(data)));
    put("get_dashboard_metrics", json!(dashboard));
    put("get_relief_summary", json!(relief));
    put("get_efficiency_summary", json!(data.lasting().efficiency));
    put("get_life_balance", json!(life_balance(data)));
    put("get_productivity_time_minutes", json!(productivity_time_minutes(data, now)));
    let volumes: Map<String, Value> =
        [7, 30, 90].into_iter().map(|days| (days.to_string(), json!(work_volume(data, now, days)))).collect();
    put("get_daily_work_volume_metrics", Value::Object(volumes));
    let consistency: Map<String, Value> = CONSISTENCY
        .into_iter()
        .map(|(days, sleep)| {
            let key = format!("days={days},target_sleep_hours={sleep:?}");
            (key, json!(tracking_consistency(data, now, days, sleep)))
        })
        .collect();
    put("calculate_time_tracking_consistency_score", Value::Object(consistency));
    let week = tracking_consistency(data, now, 7, TARGET_SLEEP_HOURS);
    put("get_tracking_consistency_multiplier", json!(tracking_multiplier(week.tracking_consistency_score)));

    let all = composite_components(data, scores, &dashboard, &relief, now);
    let original: Vec<(&str, f64)> = all.iter().copied().filter(|(name, _)| *name != "execution_score").collect();
    let as_map = |components: &[(&str, f64)]| -> Value {
        components.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect::<Map<_, _>>().into()
    };
    put("get_all_scores_for_composite", as_map(&all));
    put("get_all_scores_for_composite_without_execution", as_map(&original));
    put("composite_execution_score (corrected)", json!(recent_execution(data, scores)));
    put("composite_execution_score (legacy)", json!(legacy_recent_execution(data, scores)));
    put("calculate_composite_score_equal", json!(composite_score(&original, &[], true)));
    put(
        "calculate_composite_score_weighted",
        json!({
            "weights": as_map(&EXAMPLE_WEIGHTS),
            "result": composite_score(&original, &EXAMPLE_WEIGHTS, true),
        }),
    );
    let stored = data.settings().composite_weights.effective();
    let stored: Vec<(&str, f64)> =
        stored.iter().filter_map(|(name, value)| Some((*name, Json::python_number(value)?))).collect();
    put("composite_score", json!(composite_score(&all, &stored, true)));
    put("headline_explanations", json!(explain_headlines(data, scores, source.clock)));
    add_weeks(members, source);
}

fn add_weeks(members: &mut Members, source: &Source<'_>) {
    let (data, now) = (source.data, source.clock.local);
    let mut put = |key: String, value: Value| members.insert(key, value);
    let goal = data.settings().goal_hours_per_week;
    let monday = week_start(now);
    let mondays = (0..WEEKS).rev().filter_map(|back| monday.checked_sub_days(Days::new(7 * u64::from(back))));
    let mondays: Vec<_> = mondays.collect();
    let by_week = |value: &dyn Fn(chrono::NaiveDate) -> Value| -> Value {
        mondays.iter().map(|monday| (date_text(*monday), value(*monday))).collect::<Map<_, _>>().into()
    };
    put("tracker_weekly_productivity_hours".to_owned(), by_week(&|monday| json!(weekly_hours(data, monday))));
    let score = |row: &crate::tasks::rows::PreparedRow| source.scores.of(row).map_or(0.0, |scores| scores.productivity);
    let goal_hours = goal.unwrap_or(DEFAULT_GOAL_HOURS);
    put(
        "tracker_weekly_snapshots".to_owned(),
        by_week(&|monday| json!(week_snapshot(data, monday, goal_hours, score))),
    );
    let first = first_day_hours(data);
    let factor = data.settings().goal.get("auto_estimate_factor").and_then(Json::python_number).unwrap_or(10.0);
    put("tracker_first_day_productive_hours".to_owned(), json!(first));
    put("tracker_estimate_starting_hours_auto".to_owned(), json!(first.map(|hours| starting_hours(hours, factor))));
    let hours = weekly_hours(data, monday).total_hours;
    put("tracker_compare_to_goal".to_owned(), json!(compare_to_goal(hours, goal_hours)));
    for goal in [SHOWN_GOAL, goal_hours] {
        put(format!("tracker_productivity_points_target({goal}h)"), json!(points_target(data, now, goal, WEEKS)));
    }
}
