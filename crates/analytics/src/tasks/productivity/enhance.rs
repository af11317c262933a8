//! Factors that raise or lower a productivity score, and the score of the goal page.

use super::score::{curve_effect, work_multiplier};
use crate::tasks::rows::{Curve, TypeClass};
use landfast_domain::text::round_to;

/// f = clamp(1 + k effect/100, 0.5, 1.5), where effect is delta or sign(delta) delta^2/100 for
/// delta = 100 (ratio - 1).
///
/// ```
/// use landfast_analytics::tasks::productivity::efficiency_multiplier;
/// use landfast_analytics::tasks::rows::Curve;
///
/// assert_eq!(efficiency_multiplier(1.2, Curve::Linear, 1.0), 1.2);
/// assert_eq!(efficiency_multiplier(0.1, Curve::Linear, 1.0), 0.5);
/// ```
#[must_use]
pub fn efficiency_multiplier(ratio: f64, curve: Curve, strength: f64) -> f64 {
    let delta = 100.0 * (ratio - 1.0);
    (1.0 + 0.01 * strength * curve_effect(delta, curve)).clamp(0.5, 1.5)
}

/// Factor for the share g of the weekly goal that was reached: 1.2 from 1.2 on, g from 1, 0.9 + (g - 0.8)/2 from 0.8,
/// below max(0.8, 0.8 + g/8).
///
/// ```
/// use landfast_analytics::tasks::productivity::goal_multiplier;
/// assert_eq!((goal_multiplier(1.5), goal_multiplier(1.1), goal_multiplier(0.0)), (1.2, 1.1, 0.8));
/// ```
#[must_use]
pub fn goal_multiplier(achievement: f64) -> f64 {
    if achievement >= 1.2 {
        1.2
    } else if achievement >= 1.0 {
        achievement
    } else if achievement >= 0.8 {
        0.9 + 0.5 * (achievement - 0.8)
    } else {
        (0.8 + 0.125 * achievement).max(0.8)
    }
}

/// Score of the goal page before enhancements.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct BaselineScore {
    /// p times the multiplier, 2 decimals.
    pub baseline_score: f64,
    /// Work 3 to 5 by the ratio, self care the number of self care tasks of the day, others 1; 2 decimals.
    pub multiplier: f64,
    /// p e/(100 t), or 1 without estimate or time; 2 decimals.
    pub completion_time_ratio: f64,
}

/// Score of the goal page: like the base of the productivity score, without burnout and penalties.
///
/// Unlike there, a completion of 0 stays 0.
///
/// ```
/// use landfast_analytics::tasks::productivity::baseline_score;
/// use landfast_analytics::tasks::rows::TypeClass;
///
/// let score = baseline_score(50.0, TypeClass::Work, 40.0, 100.0, 1);
/// assert_eq!((score.baseline_score, score.multiplier, score.completion_time_ratio), (200.0, 4.0, 1.25));
/// ```
#[must_use]
pub fn baseline_score(
    completion_percent: f64,
    class: TypeClass,
    actual_minutes: f64,
    estimate_minutes: f64,
    self_care_tasks: u32,
) -> BaselineScore {
    let timed = estimate_minutes > 0.0 && actual_minutes > 0.0;
    let ratio = if timed { completion_percent * estimate_minutes / (100.0 * actual_minutes) } else { 1.0 };
    let multiplier = match class {
        TypeClass::Work => work_multiplier(ratio),
        TypeClass::SelfCare => f64::from(self_care_tasks),
        TypeClass::Play | TypeClass::Sleep | TypeClass::Other => 1.0,
    };
    BaselineScore {
        baseline_score: round_to(completion_percent * multiplier, 2),
        multiplier: round_to(multiplier, 2),
        completion_time_ratio: round_to(ratio, 2),
    }
}

/// What the enhancements of the goal page take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EnhancementInputs {
    /// Score before.
    pub baseline_score: f64,
    /// e: estimate in minutes.
    pub estimate_minutes: Option<f64>,
    /// t: minutes worked.
    pub actual_minutes: Option<f64>,
    /// p: completion in percent; missing and 0 count as 100.
    pub completion_percent: Option<f64>,
    /// Curve of the efficiency multiplier.
    pub curve: Curve,
    /// Strength of the curve, 1 by default.
    pub strength: f64,
    /// Goal in hours a week.
    pub goal_hours: Option<f64>,
    /// Productive hours of the week.
    pub week_hours: Option<f64>,
}

/// A score with the enhancements of the goal page. An enhancement without its inputs is `None`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EnhancedScore {
    /// Score after, 2 decimals.
    pub final_score: f64,
    /// Score before, 2 decimals.
    pub baseline_score: f64,
    /// `(f, rho)`, 3 decimals each.
    pub efficiency: Option<(f64, f64)>,
    /// Multiplier of the goal (3 decimals) and share of the goal (2 decimals).
    pub goal: Option<(f64, f64)>,
}

/// Applies [`efficiency_multiplier`] and [`goal_multiplier`] to a score of the goal page.
///
/// ```
/// use landfast_analytics::tasks::productivity::{EnhancementInputs, enhanced_score};
/// use landfast_analytics::tasks::rows::Curve;
///
/// let inputs = EnhancementInputs {
///     baseline_score: 300.0,
///     estimate_minutes: Some(30.0),
///     actual_minutes: Some(90.0),
///     completion_percent: None,
///     curve: Curve::Linear,
///     strength: 1.5,
///     goal_hours: Some(40.0),
///     week_hours: Some(60.0),
/// };
/// let score = enhanced_score(&inputs);
/// assert_eq!((score.final_score, score.efficiency, score.goal), (180.0, Some((0.5, 0.333)), Some((1.2, 1.5))));
/// ```
#[must_use]
pub fn enhanced_score(inputs: &EnhancementInputs) -> EnhancedScore {
    let mut score = inputs.baseline_score;
    let percent = inputs.completion_percent.filter(|percent| *percent != 0.0).unwrap_or(100.0);
    let timed = inputs.estimate_minutes.zip(inputs.actual_minutes).filter(|(e, t)| *e > 0.0 && *t > 0.0);
    let efficiency = timed.map(|(e, t)| {
        let ratio = percent * e / (100.0 * t);
        let multiplier = efficiency_multiplier(ratio, inputs.curve, inputs.strength);
        score *= multiplier;
        (round_to(multiplier, 3), round_to(ratio, 3))
    });
    let aimed = inputs.goal_hours.zip(inputs.week_hours).filter(|(goal, _)| *goal > 0.0);
    let goal = aimed.map(|(goal, hours)| {
        let multiplier = goal_multiplier(hours / goal);
        score *= multiplier;
        (round_to(multiplier, 3), round_to(hours / goal, 2))
    });
    EnhancedScore {
        final_score: round_to(score, 2),
        baseline_score: round_to(inputs.baseline_score, 2),
        efficiency,
        goal,
    }
}
