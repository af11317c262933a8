//! A week against its goal.

use super::hours::{productive_minutes, productive_rows, week_start};
use crate::stats::mean;
use crate::tasks::productivity::{ProductivityContext, ProductivityInputs, productivity_score};
use crate::tasks::rows::{PreparedRow, TaskData};
use chrono::{Days, NaiveDate};
use landfast_domain::text::round_to;
use landfast_domain::time::Timestamp;
use serde::Serialize;

/// Goal in hours a week where the user has none.
pub const DEFAULT_GOAL_HOURS: f64 = 40.0;

/// How the hours of a week compare with the goal.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct GoalComparison {
    /// Productive hours of the week, 2 decimals.
    pub actual_hours: f64,
    /// The goal; 0 for one of 0 or less.
    pub goal_hours: f64,
    /// Actual hours minus goal, 2 decimals; the actual hours without a goal.
    pub difference: f64,
    /// 100 × actual / goal, 1 decimal; 0 without a goal or hours.
    pub percentage_of_goal: f64,
    /// `above` from 115 %, `on_track` from 85 %, else `below`; `no_goal` for a goal of 0 or less, `no_data` without
    /// hours.
    pub status: &'static str,
}

/// Compares hours with a goal.
///
/// ```
/// use landfast_analytics::tasks::weeks::compare_to_goal;
/// let week = compare_to_goal(12.45, 30.0);
/// assert_eq!((week.percentage_of_goal, week.status), (41.5, "below"));
/// assert_eq!(compare_to_goal(34.0, 40.0).status, "on_track");
/// ```
#[must_use]
pub fn compare_to_goal(actual_hours: f64, goal_hours: f64) -> GoalComparison {
    let percentage = 100.0 * actual_hours / goal_hours;
    let answer = |percentage_of_goal: f64, difference: f64, status| GoalComparison {
        actual_hours,
        goal_hours,
        difference,
        percentage_of_goal: round_to(percentage_of_goal, 1),
        status,
    };
    let difference = round_to(actual_hours - goal_hours, 2);
    match percentage {
        _ if goal_hours <= 0.0 => GoalComparison { goal_hours: 0.0, ..answer(0.0, actual_hours, "no_goal") },
        _ if actual_hours <= 0.0 => GoalComparison { actual_hours: 0.0, ..answer(0.0, -goal_hours, "no_data") },
        percentage if percentage >= 115.0 => answer(percentage, difference, "above"),
        percentage if percentage >= 85.0 => answer(percentage, difference, "on_track"),
        percentage => answer(percentage, difference, "below"),
    }
}

/// Points a week that a goal in hours stands for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PointsTarget {
    /// Mean over the weeks of points by hour, 2 decimals; 0 without a week.
    pub avg_score_per_hour: f64,
    /// Goal × unrounded mean, 1 decimal.
    pub target_points: f64,
    /// Number of weeks with productive minutes.
    pub weeks_used: usize,
    /// `high` from four weeks, `medium` from two, else `low`.
    pub confidence: &'static str,
}

/// Target in productivity points for a goal in hours, from the current and the previous `weeks - 1` weeks.
///
/// For each week with productive minutes the sum of the productivity scores without context (self-care count 1, no
/// times of work and play, no weekly total, no goal) by hour.
#[must_use]
pub fn points_target(data: &TaskData, now: Timestamp, goal_hours: f64, weeks: u32) -> PointsTarget {
    let context = ProductivityContext { settings: data.settings().productivity, ..ProductivityContext::default() };
    let rates: Vec<f64> = last_weeks(now, weeks)
        .filter_map(|monday| {
            let rows: Vec<&PreparedRow> = productive_rows(data, monday).collect();
            let minutes: f64 = rows.iter().filter_map(|row| productive_minutes(row)).sum();
            let points: f64 = rows.iter().map(|row| productivity_score(&ProductivityInputs::of(row), &context)).sum();
            (minutes > 0.0).then(|| points / (minutes / 60.0))
        })
        .collect();
    let average = mean(&rates).unwrap_or(0.0);
    PointsTarget {
        avg_score_per_hour: round_to(average, 2),
        target_points: round_to(goal_hours * average, 1),
        weeks_used: rates.len(),
        confidence: match rates.len() {
            4.. => "high",
            2 | 3 => "medium",
            _ => "low",
        },
    }
}

/// What the history of weeks stores of one; to be recorded with `landfast_domain::tasks::settings::record_week`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WeekSnapshot {
    /// Monday of the week, `YYYY-MM-DD`.
    pub week_start: String,
    /// Goal in hours.
    pub goal_hours_per_week: f64,
    /// Productive hours, 2 decimals.
    pub actual_hours: f64,
    /// Sum of the productivity scores of the instances completed in the week, 2 decimals. The original scored every
    /// task as work.
    pub productivity_score: f64,
    /// The same number under its newer name.
    pub productivity_points: f64,
}

/// Snapshot of the week that begins on a Monday; `score` gives the productivity score of a row.
#[must_use]
pub fn week_snapshot(
    data: &TaskData,
    monday: NaiveDate,
    goal_hours: f64,
    score: impl Fn(&PreparedRow) -> f64,
) -> WeekSnapshot {
    let rows: Vec<&PreparedRow> = productive_rows(data, monday).collect();
    let minutes: f64 = rows.iter().filter_map(|row| productive_minutes(row)).sum();
    let sunday = monday.checked_add_days(Days::new(6)).unwrap_or(monday);
    let week = data.by_day().range(monday..=sunday).flat_map(|(_, positions)| data.at(positions));
    let points = round_to(week.map(score).sum(), 2);
    WeekSnapshot {
        week_start: crate::tasks::days::date_text(monday),
        goal_hours_per_week: goal_hours,
        actual_hours: round_to(minutes / 60.0, 2),
        productivity_score: points,
        productivity_points: points,
    }
}

/// Mondays of the current week and those before, newest first.
fn last_weeks(now: Timestamp, weeks: u32) -> impl Iterator<Item = NaiveDate> {
    let monday = week_start(now);
    (0..weeks).filter_map(move |back| monday.checked_sub_days(Days::new(7 * u64::from(back))))
}
