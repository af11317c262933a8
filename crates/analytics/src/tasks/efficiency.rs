//! Efficiency: completion against time, with relief on top.

use super::baselines::mean;
use super::rows::PreparedRow;
use landfast_domain::text::round_to;
use std::collections::BTreeMap;

/// What the efficiency score is made of.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct EfficiencyInputs {
    /// p: completion in percent, 0 when missing.
    pub completion_percent: f64,
    /// t: minutes worked, 0 when missing.
    pub actual_minutes: f64,
    /// e: P.time_estimate_minutes, 0 when missing; the old name of the estimate is not looked at.
    pub estimate_minutes: f64,
    /// R: relief score.
    pub relief_score: f64,
    /// mu: motivation.
    pub motivation: Option<f64>,
}

/// The terms of an efficiency score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EfficiencyTerms {
    /// phi: factor of time.
    pub time_factor: f64,
    /// (5 - mu)(R/10) phi.
    pub motivation_bonus: f64,
    /// The score, 2 decimals.
    pub score: f64,
}

impl EfficiencyInputs {
    /// The inputs of a prepared row.
    #[must_use]
    pub fn of(row: &PreparedRow) -> Self {
        Self {
            completion_percent: row.actual.completion_percent.unwrap_or(0.0),
            actual_minutes: row.actual.minutes(),
            estimate_minutes: row.predicted.time_estimate_minutes.unwrap_or(0.0),
            relief_score: row.relief_score,
            motivation: row.predicted.motivation,
        }
    }
}

/// Efficiency score of a row, in points without an upper limit; see [`efficiency_terms`].
#[must_use]
pub fn efficiency_score(row: &PreparedRow) -> f64 {
    efficiency_terms(&EfficiencyInputs::of(row)).score
}

/// Efficiency = p phi + 2 R + motivation bonus, 2 decimals. Task analytics 5.
///
/// phi = 1 without estimate or time; else (x/max(t, 0.1))(p/100) for x = p e/100 > 0, and 1 for x = 0. When all was
/// done but late (p >= 100, t > e), phi = max(0.5, 1 - (t/e - 1)(1 - min(R/10, 0.5))). The bonus is
/// (5 - mu)(R/10) phi for a known motivation mu < 5 and R >= 6, else 0. The constants 5, 6 and 10 still come
/// from the time of ratings from 0 to 10.
///
/// ```
/// use landfast_analytics::tasks::efficiency::{EfficiencyInputs, efficiency_terms};
///
/// let inputs = EfficiencyInputs {
///     completion_percent: 25.0,
///     actual_minutes: 45.0,
///     estimate_minutes: 30.0,
///     relief_score: 40.0,
///     motivation: None,
/// };
/// assert_eq!(efficiency_terms(&inputs).score, 81.04);
/// ```
#[must_use]
pub fn efficiency_terms(inputs: &EfficiencyInputs) -> EfficiencyTerms {
    let EfficiencyInputs { completion_percent: p, actual_minutes: t, estimate_minutes: e, .. } = *inputs;
    let relief = inputs.relief_score;
    let done = p * e / 100.0;
    let time_factor = if e <= 0.0 || t <= 0.0 {
        1.0
    } else if p >= 100.0 && t > e {
        (1.0 - (t / e - 1.0) * (1.0 - (relief / 10.0).min(0.5))).max(0.5)
    } else if done > 0.0 {
        (done / t.max(0.1)) * (p / 100.0)
    } else {
        1.0
    };
    let unmotivated = inputs.motivation.filter(|motivation| *motivation < 5.0 && relief >= 6.0);
    let motivation_bonus = unmotivated.map_or(0.0, |motivation| (5.0 - motivation) * (relief / 10.0) * time_factor);
    EfficiencyTerms {
        time_factor,
        motivation_bonus,
        score: round_to(p * time_factor + 2.0 * relief + motivation_bonus, 2),
    }
}

/// Overview of the efficiency scores of completed rows.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct EfficiencySummary {
    /// Mean of the scores above 0, 2 decimals; 0 for none.
    pub avg_efficiency: f64,
    /// Scores of 80 and more.
    pub high_efficiency_count: usize,
    /// Scores above 0 and below 50.
    pub low_efficiency_count: usize,
    /// Mean of all scores by band of completion (missing counts as 0), 2 decimals; only bands that have a row.
    pub efficiency_by_completion: BTreeMap<&'static str, f64>,
}

/// Efficiency of completed rows; see [`EfficiencySummary`].
#[must_use]
pub fn efficiency_summary<'a>(completed: impl IntoIterator<Item = &'a PreparedRow>) -> EfficiencySummary {
    summary_of(completed.into_iter().map(|row| (row, efficiency_score(row))))
}

/// The same with the scores already calculated.
pub(super) fn summary_of<'a>(scored: impl IntoIterator<Item = (&'a PreparedRow, f64)>) -> EfficiencySummary {
    let mut positive = Vec::new();
    let mut bands: BTreeMap<&'static str, Vec<f64>> = BTreeMap::new();
    for (row, score) in scored {
        if score > 0.0 {
            positive.push(score);
        }
        bands.entry(completion_band(row.actual.completion_percent.unwrap_or(0.0))).or_default().push(score);
    }
    if positive.is_empty() {
        return EfficiencySummary::default();
    }
    let band = |(name, scores): (&'static str, Vec<f64>)| Some((name, round_to(mean(&scores)?, 2)));
    EfficiencySummary {
        avg_efficiency: mean(&positive).map_or(0.0, |mean| round_to(mean, 2)),
        high_efficiency_count: positive.iter().filter(|score| **score >= 80.0).count(),
        low_efficiency_count: positive.iter().filter(|score| **score < 50.0).count(),
        efficiency_by_completion: bands.into_iter().filter_map(band).collect(),
    }
}

/// Band of a completion in percent: `100%` from 100 on, `75-99%`, `50-74%`, `25-49%`, `0-24%`.
#[must_use]
pub fn completion_band(percent: f64) -> &'static str {
    if percent >= 100.0 {
        "100%"
    } else if percent >= 75.0 {
        "75-99%"
    } else if percent >= 50.0 {
        "50-74%"
    } else if percent >= 25.0 {
        "25-49%"
    } else {
        "0-24%"
    }
}
