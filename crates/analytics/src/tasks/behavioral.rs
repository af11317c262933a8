//! How an attempt went against its plan.

use super::aversion::Spike;
use super::rows::PreparedRow;
use super::wellbeing::range;
use landfast_domain::text::round_to;

/// What the original answered for every row when it ran on a database: it never computed the score there.
pub const LEGACY_DATABASE_SCORE: f64 = 50.0;

/// What the behavioural score is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BehavioralInputs {
    /// p: completion in percent, where missing and 0 count as 100.
    pub completion_percent: f64,
    /// t: minutes worked, 0 when missing.
    pub actual_minutes: f64,
    /// e: estimate in minutes, 0 when missing.
    pub estimate_minutes: f64,
    /// q: procrastination score, 0 to 10; 0 when missing.
    pub procrastination_score: f64,
    /// R: relief score, 0 to 100.
    pub relief_score: f64,
    /// Spike against the robust baseline of the task.
    pub spike: Spike,
}

impl BehavioralInputs {
    /// The inputs of a prepared row.
    #[must_use]
    pub fn of(row: &PreparedRow) -> Self {
        Self {
            completion_percent: row.actual.completion_or_full(),
            actual_minutes: row.actual.minutes(),
            estimate_minutes: row.estimate_minutes,
            procrastination_score: row.procrastination_score.unwrap_or(0.0),
            relief_score: row.relief_score,
            spike: Spike { is_spontaneous: row.spontaneous_robust, amount: row.spike_robust },
        }
    }
}

/// The terms of a behavioural score before scaling.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BehavioralTerms {
    /// C = clamp(5 (p - 100)/100, -5, 5).
    pub completion: f64,
    /// T = clamp(5 (e/max(t, 0.1) - 1), -5, 5) for e, t > 0, else 0.
    pub time: f64,
    /// Q = clamp(-5 q/10, -5, 0).
    pub procrastination: f64,
    /// dev = clamp(0.4 C + 0.4 T + 0.2 Q, -10, 10).
    pub deviation: f64,
    /// O = min(15, (spike/10)(R/10) 2) for a spontaneous spike with p >= 50, else 0.
    pub obstacle_bonus: f64,
    /// clamp(50 + 5 dev + O, 0, 115), 2 decimals.
    pub raw: f64,
}

/// Behavioural score before scaling, with its terms. Task analytics 2.1.
///
/// ```
/// use landfast_analytics::tasks::aversion::Spike;
/// use landfast_analytics::tasks::behavioral::{BehavioralInputs, behavioral_terms};
///
/// let as_planned = BehavioralInputs {
///     completion_percent: 100.0,
///     actual_minutes: 30.0,
///     estimate_minutes: 30.0,
///     procrastination_score: 0.0,
///     relief_score: 60.0,
///     spike: Spike::default(),
/// };
/// assert_eq!(behavioral_terms(&as_planned).raw, 50.0);
/// ```
#[must_use]
pub fn behavioral_terms(inputs: &BehavioralInputs) -> BehavioralTerms {
    let BehavioralInputs { completion_percent: p, actual_minutes: t, estimate_minutes: e, .. } = *inputs;
    let completion = (5.0 * (p - 100.0) / 100.0).clamp(-5.0, 5.0);
    let time = if e > 0.0 && t > 0.0 { (5.0 * (e / t.max(0.1) - 1.0)).clamp(-5.0, 5.0) } else { 0.0 };
    let procrastination = (-5.0 * inputs.procrastination_score / 10.0).clamp(-5.0, 0.0);
    let deviation = (0.4 * completion + 0.4 * time + 0.2 * procrastination).clamp(-10.0, 10.0);
    let spike = inputs.spike;
    let obstacle_bonus = if spike.is_spontaneous && spike.amount > 0.0 && p >= 50.0 {
        ((spike.amount / 10.0) * (inputs.relief_score / 10.0) * 2.0).min(15.0)
    } else {
        0.0
    };
    let raw = round_to((50.0 + 5.0 * deviation + obstacle_bonus).clamp(0.0, 115.0), 2);
    BehavioralTerms { completion, time, procrastination, deviation, obstacle_bonus, raw }
}

/// Behavioural scores of all loaded rows from the unscaled ones: 100 (raw - min)/(max - min), 2 decimals.
///
/// When all are equal the unscaled values stay.
///
/// ```
/// use landfast_analytics::tasks::behavioral::behavioral_scores;
///
/// assert_eq!(behavioral_scores(&[40.0, 60.0, 55.0]), [0.0, 100.0, 75.0]);
/// assert_eq!(behavioral_scores(&[50.0, 50.0]), [50.0, 50.0]);
/// ```
#[must_use]
pub fn behavioral_scores(raw: &[f64]) -> Vec<f64> {
    match range(raw.iter().copied()) {
        Some((least, greatest)) if greatest > least => {
            raw.iter().map(|value| round_to(100.0 * (value - least) / (greatest - least), 2)).collect()
        }
        _ => raw.to_vec(),
    }
}
