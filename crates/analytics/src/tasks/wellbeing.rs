//! Stress, relief against it, and what the two make of wellbeing.
//!
//! Task analytics 2. R is the relief score, S the stress level, both 0 to 100.

use landfast_domain::text::round_to;

/// Loads of an instance, each 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Loads {
    /// M, mental energy needed.
    pub mental_energy: f64,
    /// D, difficulty.
    pub difficulty: f64,
    /// E, emotional load.
    pub emotional: f64,
    /// F, physical load.
    pub physical: f64,
    /// a, expected aversion.
    pub aversion: f64,
}

/// Stress level S = (M/2 + D/2 + E + F + 2a) / 5, 0 to 100 for loads from 0 to 100.
///
/// ```
/// use landfast_analytics::tasks::wellbeing::{Loads, stress_level};
///
/// let loads = Loads { mental_energy: 40.0, difficulty: 60.0, emotional: 30.0, physical: 0.0, aversion: 10.0 };
/// assert_eq!(stress_level(&loads), 20.0);
/// ```
#[must_use]
pub fn stress_level(loads: &Loads) -> f64 {
    (0.5 * loads.mental_energy + 0.5 * loads.difficulty + loads.emotional + loads.physical + 2.0 * loads.aversion) / 5.0
}

/// Net wellbeing on a scale with 50 as balance: 50 + (R - S)/2, not clamped.
///
/// ```
/// use landfast_analytics::tasks::wellbeing::net_wellbeing_normalized;
/// assert_eq!(net_wellbeing_normalized(70.0, 30.0), 70.0);
/// ```
#[must_use]
pub fn net_wellbeing_normalized(relief: f64, stress: f64) -> f64 {
    50.0 + (relief - stress) / 2.0
}

/// Relief for each point of stress: R/S to 4 decimals; `None` for S <= 0.
///
/// ```
/// use landfast_analytics::tasks::wellbeing::stress_efficiency_raw;
///
/// assert_eq!(stress_efficiency_raw(50.0, 30.0), Some(1.6667));
/// assert_eq!(stress_efficiency_raw(50.0, 0.0), None);
/// ```
#[must_use]
pub fn stress_efficiency_raw(relief: f64, stress: f64) -> Option<f64> {
    (stress > 0.0).then(|| round_to(relief / stress, 4))
}

/// Stress efficiencies scaled to 0 to 100 over the whole list: 100 (raw - min)/(max - min), 2 decimals.
///
/// When all known values are equal every place gets 100, also those without a value; otherwise a missing
/// value stays missing. A list without any value stays as it is. The result of one instance thus
/// changes when others do.
///
/// ```
/// use landfast_analytics::tasks::wellbeing::stress_efficiencies;
///
/// assert_eq!(stress_efficiencies(&[Some(1.0), None, Some(3.0), Some(2.0)]), [Some(0.0), None, Some(100.0), Some(50.0)]);
/// assert_eq!(stress_efficiencies(&[Some(2.0), None]), [Some(100.0), Some(100.0)]);
/// ```
#[must_use]
pub fn stress_efficiencies(raw: &[Option<f64>]) -> Vec<Option<f64>> {
    let Some((least, greatest)) = range(raw.iter().flatten().copied()) else { return raw.to_vec() };
    if greatest == least {
        return vec![Some(100.0); raw.len()];
    }
    let scale = |value: f64| round_to(100.0 * (value - least) / (greatest - least), 2);
    raw.iter().map(|value| value.map(scale)).collect()
}

/// How well relief made up for stress: clamp((R - S + 100)/2, 0, 100), 2 decimals.
///
/// ```
/// use landfast_analytics::tasks::wellbeing::stress_relief_correlation_score;
/// assert_eq!(stress_relief_correlation_score(6.4, 12.08), 47.16);
/// ```
#[must_use]
pub fn stress_relief_correlation_score(relief: f64, stress: f64) -> f64 {
    round_to(((relief - stress + 100.0) / 2.0).clamp(0.0, 100.0), 2)
}

/// Least and greatest of some values; `None` without any.
pub(in crate::tasks) fn range(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    values.into_iter().fold(None, |range, value| match range {
        None => Some((value, value)),
        Some((least, greatest)) => Some((value.min(least), value.max(greatest))),
    })
}
