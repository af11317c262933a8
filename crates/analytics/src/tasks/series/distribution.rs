//! How the values of attributes are distributed over all rows.

use super::attribute::Attribute;
use crate::stats::{ascending, mean, quantile};
use crate::tasks::rows::TaskData;
use serde::Serialize;

/// Attributes of the distribution with their labels.
pub const DISTRIBUTION: [(&str, Attribute); 11] = [
    ("Duration (min)", Attribute::DurationMinutes),
    ("Relief Score", Attribute::ReliefScore),
    ("Mental Energy Needed", Attribute::MentalEnergyNeeded),
    ("Task Difficulty", Attribute::TaskDifficulty),
    ("Emotional Load", Attribute::EmotionalLoad),
    ("Behavioral Score", Attribute::BehavioralScore),
    ("Physical Load", Attribute::PhysicalLoad),
    ("Stress Level", Attribute::StressLevel),
    ("Net Wellbeing", Attribute::NetWellbeing),
    ("Net Wellbeing (Normalized)", Attribute::NetWellbeingNormalized),
    ("Stress Efficiency", Attribute::StressEfficiency),
];

/// Five numbers, mean and count of a list of values.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct FiveNumbers {
    /// Number of values, at least 1.
    pub count: usize,
    /// Arithmetic mean.
    pub mean: f64,
    /// Smallest value.
    pub min: f64,
    /// Lower quartile, by linear interpolation.
    pub q25: f64,
    /// Median.
    pub median: f64,
    /// Upper quartile, by linear interpolation.
    pub q75: f64,
    /// Largest value.
    pub max: f64,
}

impl FiveNumbers {
    /// Describes a list; `None` for an empty one.
    ///
    /// ```
    /// use landfast_analytics::tasks::series::FiveNumbers;
    /// let summary = FiveNumbers::of(&[1.0, 2.0, 3.0, 10.0]).unwrap();
    /// assert_eq!((summary.mean, summary.q25, summary.median, summary.q75), (4.0, 1.75, 2.5, 4.75));
    /// assert!(FiveNumbers::of(&[]).is_none());
    /// ```
    #[must_use]
    pub fn of(values: &[f64]) -> Option<Self> {
        let ordered = ascending(values);
        let at = |share| quantile(&ordered, share);
        Some(Self {
            count: values.len(),
            mean: mean(values)?,
            min: at(0.0)?,
            q25: at(0.25)?,
            median: at(0.5)?,
            q75: at(0.75)?,
            max: at(1.0)?,
        })
    }
}

/// Values of an attribute over all loaded rows, open and cancelled ones with their defaults too.
///
/// Rows without a value are left out; of the physical load only values above 0 count.
#[must_use]
pub fn distribution(data: &TaskData, attribute: Attribute) -> Vec<f64> {
    let values = data.rows().iter().filter_map(|row| attribute.value(row));
    match attribute {
        Attribute::PhysicalLoad => values.filter(|value| *value > 0.0).collect(),
        _ => values.collect(),
    }
}
