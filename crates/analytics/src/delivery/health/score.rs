//! One formula of health.

use crate::explain::Explanation;
use serde::Serialize;

/// Weeks of history below which there is no score.
pub const MIN_WEEKS: usize = 4;

/// What is known of a project. What is not known is `None` and takes no part.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct HealthInputs {
    /// Whole weeks of history.
    pub weeks: usize,
    /// Coefficient of variation of the weekly finished items, in percent.
    pub velocity_cv: Option<f64>,
    /// Probability of being done by the deadline, 0 to 1; `None` without a deadline.
    pub deadline_probability: Option<f64>,
    /// Created items in percent of the scope at the window's start.
    pub scope_growth: Option<f64>,
    /// Change of throughput of the newer half of the window against the older one, in percent.
    pub recent_change: Option<f64>,
}

/// A score and what it is made of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Health {
    /// 0 to 100; `None` when there is not enough data.
    pub score: Option<f64>,
    /// `excellent` from 80, `good` from 60, `moderate` from 40, else `at_risk`; `not_enough_data`.
    pub label: &'static str,
    /// Share of the weights that was known, 0 to 1.
    pub coverage: f64,
    /// The parts that are known.
    pub parts: Vec<Part>,
}

/// One part of the score.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Part {
    /// Name of the part.
    pub name: &'static str,
    /// How well it stands, 0 to 1.
    pub value: f64,
    /// Its weight among 100.
    pub weight: f64,
}

/// Health: `100·Σ wᵢ·vᵢ / Σ wᵢ` over the parts that are known, with
///
/// | part | weight | value, limited to 0…1 |
/// |---|---|---|
/// | schedule | 35 | probability of being done by the deadline |
/// | predictability | 25 | `1 − CV/100` |
/// | scope | 20 | `1 − growth/60` |
/// | trend | 20 | `0.7 + r/100`, `r` the change in percent |
///
/// An early finish is a high probability and therefore never a fault. Below [`MIN_WEEKS`] weeks, or when less
/// than half of the weights is known, there is no score.
///
/// ```
/// use landfast_analytics::delivery::health::{HealthInputs, score};
///
/// assert_eq!(score(&HealthInputs::default()).label, "not_enough_data");
/// let early = HealthInputs { weeks: 12, velocity_cv: Some(20.0), deadline_probability: Some(1.0), ..HealthInputs::default() };
/// assert_eq!(score(&early).label, "excellent");
/// ```
#[must_use]
pub fn score(inputs: &HealthInputs) -> Health {
    let known = [
        ("schedule", 35.0, inputs.deadline_probability),
        ("predictability", 25.0, inputs.velocity_cv.map(|variation| 1.0 - variation / 100.0)),
        ("scope", 20.0, inputs.scope_growth.map(|growth| 1.0 - growth / 60.0)),
        ("trend", 20.0, inputs.recent_change.map(|change| 0.7 + change / 100.0)),
    ];
    let parts: Vec<Part> = known
        .into_iter()
        .filter_map(|(name, weight, value)| Some(Part { name, value: value?.clamp(0.0, 1.0), weight }))
        .collect();
    let weight: f64 = parts.iter().map(|part| part.weight).sum();
    let sum: f64 = parts.iter().map(|part| part.weight * part.value).sum();
    let score = (inputs.weeks >= MIN_WEEKS && weight >= 50.0).then(|| 100.0 * sum / weight);
    let label = match score {
        None => "not_enough_data",
        Some(score) if score >= 80.0 => "excellent",
        Some(score) if score >= 60.0 => "good",
        Some(score) if score >= 40.0 => "moderate",
        Some(_) => "at_risk",
    };
    Health { score, label, coverage: weight / 100.0, parts }
}

/// How [`score()`] came about.
#[must_use]
pub fn explain_score(inputs: &HealthInputs) -> Explanation {
    let health = score(inputs);
    let mut explanation =
        Explanation::new("delivery_health", "100·Σ wᵢ·vᵢ / Σ wᵢ over the known parts", "points, 0 to 100")
            .input("weeks", inputs.weeks);
    for part in &health.parts {
        explanation = explanation.step(part.name, serde_json::json!({"value": part.value, "weight": part.weight}));
    }
    let explanation = explanation.result(health.score);
    match health.score {
        None => explanation.note(format!("not enough data: {} weeks, weights known {}", inputs.weeks, health.coverage)),
        Some(_) => explanation,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn missing_parts_do_not_count_as_good_or_bad() {
        let inputs = HealthInputs {
            weeks: 8,
            velocity_cv: Some(50.0),
            deadline_probability: Some(0.5),
            ..HealthInputs::default()
        };
        let health = score(&inputs);
        assert_eq!((health.score, health.coverage), (Some(50.0), 0.6));
        assert_eq!(score(&HealthInputs { weeks: 3, ..inputs }).score, None);
        assert_eq!(score(&HealthInputs { deadline_probability: None, ..inputs }).score, None);
    }

    proptest! {
        #[test]
        fn a_better_chance_never_lowers_the_score(low in 0.0..1.0_f64, high in 0.0..1.0_f64, variation in 0.0..200.0_f64) {
            let at = |probability| HealthInputs { weeks: 9, velocity_cv: Some(variation), deadline_probability: Some(probability), ..HealthInputs::default() };
            prop_assert!(score(&at(low.min(high))).score <= score(&at(low.max(high))).score);
            let explained = explain_score(&at(low));
            prop_assert_eq!(explained.result, score(&at(low)).score);
        }
    }
}
