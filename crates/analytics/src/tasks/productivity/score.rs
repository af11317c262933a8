//! The productivity score of one instance.

use super::enhance::{efficiency_multiplier, goal_multiplier};
use crate::tasks::rows::{Curve, PreparedRow, ProductivitySettings, TypeClass};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Minutes of work and play on one calendar date.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct DayTimes {
    /// Minutes of work.
    pub work_minutes: f64,
    /// Minutes of play.
    pub play_minutes: f64,
}

/// All work that is compared with the threshold of burnout.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WorkTotal {
    /// W: minutes of work.
    pub minutes: f64,
    /// n: dates with minutes of any class; 0 counts as 1.
    pub days: usize,
}

/// What the score of one instance takes from the others and from the user.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ProductivityContext {
    /// Completed self care tasks by date.
    pub self_care_by_day: BTreeMap<NaiveDate, usize>,
    /// Minutes of work and play by date.
    pub times_by_day: BTreeMap<NaiveDate, DayTimes>,
    /// All work; `None` switches burnout off.
    pub work: Option<WorkTotal>,
    /// Settings.
    pub settings: ProductivitySettings,
    /// G: goal in hours a week; `None` and 0 or less switch the goal step off.
    pub goal_hours: Option<f64>,
    /// h: productive hours of the week; `None` switches the goal step off.
    pub week_hours: Option<f64>,
    /// Penalties of cancellation categories; `None` for the built-in ones.
    pub cancellation_penalties: Option<BTreeMap<String, f64>>,
}

/// What the score takes from the instance itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProductivityInputs<'a> {
    /// Class of the task type.
    pub class: TypeClass,
    /// Date of completion.
    pub day: Option<NaiveDate>,
    /// p: completion in percent, where missing and 0 count as 100.
    pub completion_percent: f64,
    /// t: minutes worked, 0 when missing.
    pub actual_minutes: f64,
    /// e: estimate in minutes, 0 when missing.
    pub estimate_minutes: f64,
    /// Category of the cancellation of a cancelled instance; `None` for all others.
    pub cancelled: Option<&'a str>,
}

impl<'a> ProductivityInputs<'a> {
    /// The inputs of a prepared row.
    #[must_use]
    pub fn of(row: &'a PreparedRow) -> Self {
        Self {
            class: row.class,
            day: row.completed_day(),
            completion_percent: row.actual.completion_or_full(),
            actual_minutes: row.actual.minutes(),
            estimate_minutes: row.estimate_minutes,
            cancelled: row.is_cancelled().then(|| row.cancellation_category.as_deref().unwrap_or("other")),
        }
    }

    /// rho = p e/(100 t), or 1 unless estimate and time are both above 0.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        if self.is_timed() {
            self.completion_percent * self.estimate_minutes / (100.0 * self.actual_minutes)
        } else {
            1.0
        }
    }

    pub(super) fn is_timed(&self) -> bool {
        self.estimate_minutes > 0.0 && self.actual_minutes > 0.0
    }
}

/// The terms of a productivity score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProductivityTerms {
    /// rho = p e/(100 t).
    pub ratio: f64,
    /// Factor of p by class.
    pub type_multiplier: f64,
    /// p times the factor.
    pub base: f64,
    /// f, 0.5 to 1.5; 1 without estimate or time.
    pub efficiency_multiplier: f64,
    /// 0.8 to 1.2; 1 without a goal.
    pub goal_multiplier: f64,
    /// The score, in points; negative for excessive play and cancelled instances.
    pub score: f64,
}

/// Productivity score (version 1.1), in points. Task analytics 4.
///
/// Base by class: work p m with m = 3 for rho <= 1, 5 for rho >= 1.5, 3 + 4 (rho - 1) between; self care p times the
/// number of self care tasks of the day; play p, or -0.003 p tau with tau = 100 t/e after more than twice as much play
/// as work; others p. Then times f = clamp(1 + k effect/100, 0.5, 1.5) and the multiplier of the weekly goal.
///
/// Work beyond the weekly threshold H on a day with more than c times the average work lowers m by up to a half:
/// m (1 - 0.5 (1 - exp(-(W - 60 H)/300))). A cancelled instance has -(e/10) times the penalty of its category.
#[must_use]
pub fn productivity_score(inputs: &ProductivityInputs<'_>, context: &ProductivityContext) -> f64 {
    productivity_terms(inputs, context).score
}

/// The terms of [`productivity_score`].
///
/// ```
/// use landfast_analytics::tasks::productivity::{ProductivityContext, ProductivityInputs, productivity_terms};
/// use landfast_analytics::tasks::rows::TypeClass;
///
/// let inputs = ProductivityInputs {
///     class: TypeClass::Work,
///     day: None,
///     completion_percent: 100.0,
///     actual_minutes: 40.0,
///     estimate_minutes: 50.0,
///     cancelled: None,
/// };
/// let terms = productivity_terms(&inputs, &ProductivityContext::default());
/// assert_eq!((terms.ratio, terms.type_multiplier, terms.efficiency_multiplier), (1.25, 4.0, 1.09375));
/// assert_eq!(terms.score, 437.5);
/// ```
#[must_use]
pub fn productivity_terms(inputs: &ProductivityInputs<'_>, context: &ProductivityContext) -> ProductivityTerms {
    let ratio = inputs.ratio();
    if let Some(category) = inputs.cancelled {
        let penalty = cancellation_penalty(category, context.cancellation_penalties.as_ref());
        let score = -(inputs.estimate_minutes / 10.0) * penalty;
        let type_multiplier = -penalty;
        return ProductivityTerms {
            ratio,
            type_multiplier,
            base: score,
            efficiency_multiplier: 1.0,
            goal_multiplier: 1.0,
            score,
        };
    }
    let type_multiplier = type_multiplier(inputs, context, ratio);
    let base = inputs.completion_percent * type_multiplier;
    let efficiency = if inputs.is_timed() {
        efficiency_multiplier(ratio, context.settings.curve, context.settings.strength)
    } else {
        1.0
    };
    let goal = match (context.goal_hours, context.week_hours) {
        (Some(goal), Some(hours)) if goal > 0.0 => goal_multiplier(hours / goal),
        _ => 1.0,
    };
    ProductivityTerms {
        ratio,
        type_multiplier,
        base,
        efficiency_multiplier: efficiency,
        goal_multiplier: goal,
        score: base * efficiency * goal,
    }
}

/// Factor of a work score by the ratio of estimate to time: 3 up to 1, 5 from 1.5, linear between.
///
/// ```
/// use landfast_analytics::tasks::productivity::work_multiplier;
/// assert_eq!((work_multiplier(0.4), work_multiplier(1.25), work_multiplier(9.0)), (3.0, 4.0, 5.0));
/// ```
#[must_use]
pub fn work_multiplier(ratio: f64) -> f64 {
    if ratio <= 1.0 {
        3.0
    } else if ratio >= 1.5 {
        5.0
    } else {
        3.0 + 4.0 * (ratio - 1.0)
    }
}

/// Penalty of a cancellation category, 0 to 1. A table stored by the user replaces the built-in one as a whole; a
/// category that is not in the table has 0.5.
///
/// ```
/// use landfast_analytics::tasks::productivity::cancellation_penalty;
///
/// assert_eq!(cancellation_penalty("deferred_to_plan", None), 0.1);
/// assert_eq!(cancellation_penalty("deferred_to_plan", Some(&Default::default())), 0.5);
/// ```
#[must_use]
pub fn cancellation_penalty(category: &str, stored: Option<&BTreeMap<String, f64>>) -> f64 {
    match (stored, category) {
        (Some(table), _) => table.get(category).copied().unwrap_or(0.5),
        (None, "development_test" | "accidental_initialization" | "did_while_another_active") => 0.0,
        (None, "deferred_to_plan") => 0.1,
        (None, "failed_to_complete") => 1.0,
        (None, _) => 0.5,
    }
}

fn type_multiplier(inputs: &ProductivityInputs<'_>, context: &ProductivityContext, ratio: f64) -> f64 {
    let times = inputs.day.and_then(|day| context.times_by_day.get(&day)).copied().unwrap_or_default();
    match inputs.class {
        TypeClass::Work => work_multiplier(ratio) * burnout(context, times),
        TypeClass::SelfCare => {
            let count = inputs.day.and_then(|day| context.self_care_by_day.get(&day)).copied().unwrap_or(1);
            f64::from(u32::try_from(count).unwrap_or(u32::MAX))
        }
        TypeClass::Play => {
            let excessive = if times.work_minutes > 0.0 {
                times.play_minutes > 2.0 * times.work_minutes
            } else {
                times.play_minutes > 0.0
            };
            let share =
                if inputs.estimate_minutes > 0.0 { inputs.actual_minutes / inputs.estimate_minutes } else { 1.0 };
            if excessive { -0.003 * 100.0 * share } else { 1.0 }
        }
        TypeClass::Sleep | TypeClass::Other => 1.0,
    }
}

/// Factor of work scores on a day of much work, 0.5 to 1.
fn burnout(context: &ProductivityContext, day: DayTimes) -> f64 {
    let Some(work) = context.work else { return 1.0 };
    let days = f64::from(u32::try_from(work.days.max(1)).unwrap_or(u32::MAX));
    let cap = context.settings.daily_burnout_multiplier * work.minutes / days;
    let beyond = work.minutes - 60.0 * context.settings.weekly_burnout_hours;
    if beyond > 0.0 && day.work_minutes > cap { 1.0 - 0.5 * (1.0 - (-beyond / 300.0).exp()) } else { 1.0 }
}

/// Effect of a deviation of `delta` percent on a curve: delta, or sign(delta) delta^2/100.
pub(super) fn curve_effect(delta: f64, curve: Curve) -> f64 {
    match curve {
        Curve::Linear => delta,
        Curve::FlattenedSquare => delta * delta.abs() / 100.0,
    }
}
