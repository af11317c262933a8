//! One number for improvement in self care, relief and balance.

/// A value that counts for or against balance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightedMetric {
    /// Value; clamped to 0 to 100.
    pub value: f64,
    /// Weight; 1 unless the user gave another.
    pub weight: f64,
}

/// What the overall improvement ratio is made of.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ImprovementInputs<'a> {
    /// c: self care tasks a day now.
    pub self_care_per_day: f64,
    /// v: self care tasks a day on average; 0 and less count as 1.
    pub average_self_care_per_day: f64,
    /// Relief score now.
    pub relief_score: Option<f64>,
    /// Average relief score.
    pub average_relief_score: f64,
    /// Metrics where more is better.
    pub good: &'a [WeightedMetric],
    /// Metrics where less is better.
    pub bad: &'a [WeightedMetric],
}

/// Overall improvement ratio, 0 to 1: 1 - exp(-(0.3 u + 0.4 w + 0.3 balance)/40). Task analytics 3.5.
///
/// u = min(100, 100 max(0, (c - v)/v)); w = max(0, relief - average relief), 0 when relief is unknown;
/// balance = clamp(H - L + 50, 0, 100) for the weighted means H and L of the good and the bad metrics (0 for
/// none), and 0 when there are no metrics at all.
///
/// ```
/// use landfast_analytics::tasks::aversion::{ImprovementInputs, overall_improvement_ratio};
///
/// let inputs = ImprovementInputs {
///     self_care_per_day: 3.5,
///     average_self_care_per_day: 1.5,
///     relief_score: Some(36.0),
///     average_relief_score: 53.7,
///     ..ImprovementInputs::default()
/// };
/// assert!((overall_improvement_ratio(&inputs) - 0.527_633_447).abs() < 1e-9);
/// ```
#[must_use]
pub fn overall_improvement_ratio(inputs: &ImprovementInputs<'_>) -> f64 {
    let average = if inputs.average_self_care_per_day > 0.0 { inputs.average_self_care_per_day } else { 1.0 };
    let self_care = (100.0 * ((inputs.self_care_per_day - average) / average).max(0.0)).min(100.0);
    let relief = inputs.relief_score.map_or(0.0, |relief| (relief - inputs.average_relief_score).max(0.0));
    let balance = if inputs.good.is_empty() && inputs.bad.is_empty() {
        0.0
    } else {
        (weighted_mean(inputs.good) - weighted_mean(inputs.bad) + 50.0).clamp(0.0, 100.0)
    };
    (1.0 - (-(0.3 * self_care + 0.4 * relief + 0.3 * balance) / 40.0).exp()).clamp(0.0, 1.0)
}

/// Weighted mean of the clamped values; 0 for none and for weights that sum to 0 or less.
fn weighted_mean(metrics: &[WeightedMetric]) -> f64 {
    let total: f64 = metrics.iter().map(|metric| metric.weight).sum();
    let sum: f64 = metrics.iter().map(|metric| metric.value.clamp(0.0, 100.0) * metric.weight).sum();
    if total > 0.0 { sum / total } else { 0.0 }
}
