//! One score for how averse the user is to an instance.

use crate::tasks::rhythm::Rhythm;
use crate::tasks::rows::PreparedRow;
use landfast_domain::text::round_to;
use landfast_domain::time::Timestamp;

/// One component of the aversion score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AversionComponent {
    /// Name: `stated`, `delay`, `low_relief`, `load_without_motivation`, `piling_up` or `off_rhythm`.
    pub name: &'static str,
    /// Weight before the weights of the known components are scaled to a sum of 1.
    pub weight: f64,
    /// Value, 0 to 100; `None` when it is not known.
    pub value: Option<f64>,
}

/// The terms of an aversion score.
#[derive(Debug, Clone, PartialEq)]
pub struct AversionTerms {
    /// All components, known or not.
    pub components: [AversionComponent; 6],
    /// -5 for a recommendation that was used, else 0.
    pub recommendation: f64,
    /// -0.10 times the change of excitement; 0 when unknown.
    pub excitement: f64,
    /// The score, 0 to 100, 2 decimals; `None` without any component.
    pub score: Option<f64>,
}

/// Aversion score of an instance, 0 to 100; `None` when nothing is known. Task analytics 18.1.
///
/// The weighted mean of the known components, with the adjustments added, clamped to 0 to 100, 2 decimals:
///
/// | component | value | weight |
/// |---|---|---|
/// | stated | P.expected_aversion | 0.35 |
/// | delay | 100 (1 - exp(-max(0, d)/240)) for the stored delay d in minutes; for an open, initialised, not started instance the minutes since its initialisation | 0.15 |
/// | low relief | 100 - P.expected_relief | 0.10 |
/// | load without motivation | P.expected_emotional_load (1 - P.motivation/100) | 0.20 |
/// | piling up | 100 clamp((tau/m - 1)/2, 0, 1) for the days tau since the last completion and the median interval m > 0 of at least two | 0.10 |
/// | off rhythm | 100 clamp((i - b)/b, 0, 1) for the mean interval i of at least two and the benchmark b | 0.10 |
///
/// Adjustments: -5 when a recommendation was used; -0.10 times the change of excitement.
#[must_use]
pub fn aversion_score(row: &PreparedRow, rhythm: Option<&Rhythm>, now: Timestamp) -> Option<f64> {
    aversion_terms(row, rhythm, now).score
}

/// The terms of [`aversion_score`].
#[must_use]
pub fn aversion_terms(row: &PreparedRow, rhythm: Option<&Rhythm>, now: Timestamp) -> AversionTerms {
    let points = |value: f64| value.clamp(0.0, 100.0);
    let predicted = &row.predicted;
    let rhythm = rhythm.filter(|rhythm| rhythm.intervals.len() >= 2);
    let load = predicted.expected_emotional_load.zip(predicted.motivation);
    let piling_up = rhythm.and_then(|rhythm| {
        let typical = rhythm.median.filter(|median| *median > 0.0)?;
        let since = rhythm.time_since_last(row)?;
        Some(100.0 * ((since / typical - 1.0) / 2.0).clamp(0.0, 1.0))
    });
    let off_rhythm = rhythm.and_then(|rhythm| {
        let benchmark = rhythm.benchmark?;
        Some(100.0 * ((rhythm.mean? - benchmark) / benchmark).clamp(0.0, 1.0))
    });
    let component = |name, weight, value| AversionComponent { name, weight, value };
    let components = [
        component("stated", 0.35, predicted.expected_aversion.map(points)),
        component("delay", 0.15, waited(row, now).map(|d| 100.0 * (1.0 - (-d.max(0.0) / 240.0).exp()))),
        component("low_relief", 0.10, predicted.expected_relief.map(|relief| 100.0 - points(relief))),
        component(
            "load_without_motivation",
            0.20,
            load.map(|(load, motivation)| points(load) * (1.0 - points(motivation) / 100.0)),
        ),
        component("piling_up", 0.10, piling_up),
        component("off_rhythm", 0.10, off_rhythm),
    ];
    let recommendation = if row.tracking.recommendation_used == Some(true) { -5.0 } else { 0.0 };
    let excitement = row.tracking.excitement_change.map_or(0.0, |change| -0.10 * change);
    let known = || components.iter().filter_map(|component| Some((component.weight, component.value?)));
    let weights: f64 = known().map(|(weight, _)| weight).sum();
    let sum: f64 = known().map(|(weight, value)| weight * value).sum();
    let score = (weights > 0.0).then(|| round_to((sum / weights + recommendation + excitement).clamp(0.0, 100.0), 2));
    AversionTerms { components, recommendation, excitement, score }
}

/// Minutes an instance has waited for its start.
fn waited(row: &PreparedRow, now: Timestamp) -> Option<f64> {
    row.delay_minutes.or_else(|| {
        let open = !row.is_completed() && !row.is_cancelled() && row.started_at.is_none();
        open.then(|| row.initialized_at.map(|time| now.minutes_since(time))).flatten()
    })
}
