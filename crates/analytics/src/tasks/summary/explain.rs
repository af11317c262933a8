//! How the headline numbers come about.

use super::balance::{life_balance, work_share};
use super::components::{TARGET_SLEEP_HOURS, composite_components};
use super::composite::composite_score;
use super::consistency::tracking_consistency;
use super::dashboard::{Dashboard, dashboard, general_aversion};
use super::relief::{ReliefSummary, relief_summary};
use super::volume::work_volume;
use crate::explain::Explanation;
use crate::stats::{mean, variance};
use crate::tasks::clock::Clock;
use crate::tasks::rows::{PreparedRow, TaskData, TypeClass};
use crate::tasks::scores::{RowScores, Scores};
use crate::tasks::weeks::{DEFAULT_GOAL_HOURS, compare_to_goal, points_target, week_start, weekly_hours};
use crate::tasks::window::since;
use landfast_domain::time::Timestamp;

/// Explanations of the headline numbers, each under the name the number has in the documents.
///
/// Their results are the results of the plain functions: those of the dashboard, the relief summary, the composite score
/// without stored weights, and the comparison with the weekly goal.
#[must_use]
pub fn explain_headlines(data: &TaskData, scores: &Scores, clock: Clock) -> Vec<Explanation> {
    let now = clock.local;
    let dashboard = dashboard(data, scores, clock);
    let relief = relief_summary(data, scores, now);
    vec![
        completion_rate(&dashboard),
        mean_over_rows(data, "avg_relief", |row| row.relief_score, dashboard.quality.avg_relief),
        mean_over_rows(data, "avg_stress_level", |row| row.stress_level, dashboard.quality.avg_stress_level),
        mean_over_rows(data, "avg_net_wellbeing", |row| row.net_wellbeing, dashboard.quality.avg_net_wellbeing),
        general_aversion_score(data, &dashboard),
        adjusted_wellbeing(data, &dashboard),
        thoroughness_score(scores, &dashboard),
        balance_score(data),
        work_volume_score(data, now),
        work_consistency_score(data, now),
        potential_score(data, &dashboard),
        composite_productivity(data, &dashboard),
        tracking_score(data, now),
        composite(data, scores, &dashboard, &relief, now),
        weekly_relief(&relief),
        weekly_sum(
            data,
            scores,
            now,
            "weekly_productivity_score",
            |s| s.productivity,
            relief.weekly_productivity_score,
        ),
        weekly_sum(data, scores, now, "weekly_grit_score", |s| s.grit, relief.weekly_grit_score),
        percentage_of_goal(data, now),
        target_points(data, now),
    ]
}

fn completion_rate(dashboard: &Dashboard) -> Explanation {
    let counts = dashboard.counts;
    Explanation::new("completion_rate", "100 completed / created", "percent")
        .input("completed", counts.total_completed)
        .input("created", counts.total_created)
        .result(Some(counts.completion_rate))
}

fn mean_over_rows(data: &TaskData, quantity: &'static str, value: fn(&PreparedRow) -> f64, result: f64) -> Explanation {
    let rows = data.rows();
    Explanation::new(quantity, "sum / n over all loaded rows, open and cancelled ones with their defaults", "points")
        .input("n", rows.len())
        .step("sum", rows.iter().map(value).sum::<f64>())
        .result(Some(result))
}

fn general_aversion_score(data: &TaskData, dashboard: &Dashboard) -> Explanation {
    let active: Vec<f64> = data.rows().iter().filter(|row| row.is_active()).map(|row| row.expected_aversion).collect();
    let explanation =
        Explanation::new("general_aversion_score", "mean expected aversion (missing 0) of active rows", "points")
            .input("active rows", active.len())
            .step("mean of active rows", mean(&active))
            .step("rounded to 2 decimals", general_aversion(data))
            .result(Some(dashboard.aversion.general_aversion_score));
    if mean(&active).unwrap_or(0.0) == 0.0 {
        return explanation.note("No active row with an aversion, so the mean over all rows counts.");
    }
    explanation
}

fn adjusted_wellbeing(data: &TaskData, dashboard: &Dashboard) -> Explanation {
    Explanation::new("adjusted_wellbeing", "w - 0.3 g", "points")
        .input("w", dashboard.quality.avg_net_wellbeing)
        .input("g", general_aversion(data))
        .result(Some(dashboard.quality.adjusted_wellbeing))
}

fn thoroughness_score(scores: &Scores, dashboard: &Dashboard) -> Explanation {
    let thoroughness = scores.thoroughness();
    let formula = "100 (factor - 0.5) up to a factor of 1, then 50 + 50 (factor - 1) / 0.3; \
                   factor = 0.5 + coverage/2 + 0.3 (1 - exp(-2 min(1, length/500))) - 0.2 min(1, reminders/10)^2";
    Explanation::new("thoroughness_score", formula, "points")
        .input("coverage", thoroughness.coverage)
        .input("length", thoroughness.mean_length)
        .input("reminders", thoroughness.reminders)
        .step("factor", thoroughness.factor)
        .result(Some(dashboard.quality.thoroughness_score))
}

fn balance_score(data: &TaskData) -> Explanation {
    let balance = life_balance(data);
    Explanation::new("balance_score", "clamp(50 + 100 (r - 0.5), 0, 100), r = work / (work + play)", "points")
        .input("work", balance.work_time_minutes)
        .input("play", balance.play_time_minutes)
        .step("r", work_share(balance.work_time_minutes, balance.play_time_minutes))
        .result(Some(balance.balance_score))
}

fn work_volume_score(data: &TaskData, now: Timestamp) -> Explanation {
    let volume = work_volume(data, now, 30);
    let formula = "25 A / 120 up to A = 360, then 75 + min(25, 25 (A - 360) / 120); \
                   A = mean minutes of the days with work in the last 30 days";
    Explanation::new("work_volume_score", formula, "points")
        .input("days with work", volume.work_days_count)
        .input("minutes", volume.daily_work_times.iter().sum::<f64>())
        .step("A", mean(&volume.daily_work_times))
        .result(Some(volume.work_volume_score))
}

fn work_consistency_score(data: &TaskData, now: Timestamp) -> Explanation {
    let volume = work_volume(data, now, 30);
    let formula = "100 (1 - min(1, var / 57600)), var over the minutes of the days with work in the last 30 days";
    let explanation = Explanation::new("work_consistency_score", formula, "points")
        .input("days with work", volume.work_days_count)
        .step("var", variance(&volume.daily_work_times))
        .result(Some(volume.work_consistency_score));
    if volume.work_days_count == 0 { explanation.note("No day with work, which counts as 50.") } else { explanation }
}

fn potential_score(data: &TaskData, dashboard: &Dashboard) -> Explanation {
    let volume = dashboard.productivity_volume;
    Explanation::new("productivity_potential_score", "efficiency target / 60, 0 when A is 0", "points")
        .input("efficiency", data.lasting().efficiency.avg_efficiency)
        .input("A", volume.avg_daily_work_time)
        .input("target", 360.0)
        .result(Some(volume.productivity_potential_score))
}

fn composite_productivity(data: &TaskData, dashboard: &Dashboard) -> Explanation {
    let volume = dashboard.productivity_volume;
    Explanation::new("composite_productivity_score", "0.4 min(100, efficiency / 2) + 0.4 V + 0.2 C", "points")
        .input("efficiency", data.lasting().efficiency.avg_efficiency)
        .input("V", volume.work_volume_score)
        .input("C", volume.work_consistency_score)
        .result(Some(volume.composite_productivity_score))
}

fn tracking_score(data: &TaskData, now: Timestamp) -> Explanation {
    let tracking = tracking_consistency(data, now, 7, TARGET_SLEEP_HOURS);
    let formula = "mean over the days with a completion of 100 (1 - exp(-2 tracked / 1440))";
    Explanation::new("tracking_consistency_score", formula, "points")
        .input("days", tracking.daily_scores.len())
        .input("mean tracked minutes", tracking.avg_tracked_time_minutes)
        .step("scores of the days", tracking.daily_scores)
        .result(Some(tracking.tracking_consistency_score))
}

fn composite(
    data: &TaskData,
    scores: &Scores,
    dashboard: &Dashboard,
    relief: &ReliefSummary,
    now: Timestamp,
) -> Explanation {
    let components = composite_components(data, scores, dashboard, relief, now);
    let score = composite_score(&components, &[], true);
    let formula = "clamp(sum of weight x component, 0, 100), weights scaled to a sum of 1";
    let mut explanation = Explanation::new("composite_score", formula, "points");
    for (name, value) in &components {
        explanation = explanation.input(*name, *value);
    }
    for (name, value) in &score.component_contributions {
        explanation = explanation.step(name.clone(), *value);
    }
    explanation.result(Some(score.composite_score))
}

fn weekly_relief(relief: &ReliefSummary) -> Explanation {
    let formula = "weekly b, b = 1 + 0.1 floor(spike / 10)";
    Explanation::new("weekly_relief_score_with_bonus_robust", formula, "points")
        .input("weekly", relief.weekly_relief_score.plain)
        .input("spike", relief.obstacles_robust.max_spike)
        .step("b", relief.obstacles_robust.bonus_multiplier)
        .result(Some(relief.weekly_relief_score.robust))
}

fn weekly_sum(
    data: &TaskData,
    scores: &Scores,
    now: Timestamp,
    quantity: &'static str,
    score: fn(&RowScores) -> f64,
    result: f64,
) -> Explanation {
    let week: Vec<&PreparedRow> = data.completed().filter(|row| since(row, now, 7)).collect();
    let sum = |class: TypeClass| -> f64 {
        week.iter().filter(|row| row.class == class).filter_map(|row| scores.of(row)).map(score).sum()
    };
    let mut explanation =
        Explanation::new(quantity, "sum over the instances completed in the last 7 days, here by class", "points")
            .input("n", week.len());
    for class in [TypeClass::Work, TypeClass::SelfCare, TypeClass::Play, TypeClass::Sleep, TypeClass::Other] {
        explanation = explanation.step(class.as_str(), sum(class));
    }
    explanation.result(Some(result))
}

fn percentage_of_goal(data: &TaskData, now: Timestamp) -> Explanation {
    let hours = weekly_hours(data, week_start(now)).total_hours;
    let goal = compare_to_goal(hours, data.settings().goal_hours_per_week.unwrap_or(DEFAULT_GOAL_HOURS));
    Explanation::new("percentage_of_goal", "100 hours / goal", "percent")
        .input("hours", goal.actual_hours)
        .input("goal", goal.goal_hours)
        .result(Some(goal.percentage_of_goal))
        .note(goal.status)
}

fn target_points(data: &TaskData, now: Timestamp) -> Explanation {
    let goal = data.settings().goal_hours_per_week.unwrap_or(DEFAULT_GOAL_HOURS);
    let target = points_target(data, now, goal, 4);
    let formula = "goal x mean over the last 4 weeks with data of points by productive hour";
    Explanation::new("target_points", formula, "points")
        .input("goal", goal)
        .input("weeks", target.weeks_used)
        .step("points by hour", target.avg_score_per_hour)
        .result(Some(target.target_points))
        .note(format!("confidence {}", target.confidence))
}
