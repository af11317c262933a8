//! Expected against actual relief.

use crate::stats::{Method, correlate, mean, real, sample_deviation};
use crate::tasks::rows::{PreparedRow, TaskData};
use crate::tasks::window::since;
use landfast_domain::time::Timestamp;
use serde::Serialize;

/// A factor above this is high.
const HIGH: f64 = 20.0;

/// How well relief is predicted, over the completed instances with both reliefs; net = actual - expected.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ReliefComparison {
    /// Number of instances.
    pub total_tasks: usize,
    /// Mean expected relief.
    pub avg_expected: Option<f64>,
    /// Mean actual relief.
    pub avg_actual: Option<f64>,
    /// Mean net relief.
    pub avg_net: Option<f64>,
    /// Sample standard deviation of the expected relief.
    pub std_expected: Option<f64>,
    /// Sample standard deviation of the actual relief.
    pub std_actual: Option<f64>,
    /// Sample standard deviation of the net relief.
    pub std_net: Option<f64>,
    /// Pearson's r of expected and actual relief.
    pub correlation: Option<f64>,
    /// Mean of |net|.
    pub mae: Option<f64>,
    /// Root of the mean of net².
    pub rmse: Option<f64>,
    /// Mean serendipity factor.
    pub avg_serendipity: Option<f64>,
    /// Sum of the serendipity factors.
    pub total_serendipity: f64,
    /// Mean disappointment factor.
    pub avg_disappointment: Option<f64>,
    /// Sum of the disappointment factors.
    pub total_disappointment: f64,
}

/// Instances by how the outcome compares with the expectation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct ReliefPatterns {
    /// |net| <= 5.
    #[serde(rename = "Accurate Prediction")]
    pub accurate: usize,
    /// net > 20.
    #[serde(rename = "Pleasant Surprise")]
    pub pleasant_surprise: usize,
    /// net < -20.
    #[serde(rename = "Disappointment")]
    pub disappointment: usize,
    /// 5 < net <= 20.
    #[serde(rename = "Slightly Better")]
    pub slightly_better: usize,
    /// -20 <= net < -5.
    #[serde(rename = "Slightly Worse")]
    pub slightly_worse: usize,
}

/// Serendipity against disappointment over the same instances.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct FactorComparison {
    /// Number of instances.
    pub total_tasks: usize,
    /// Mean serendipity factor.
    pub avg_serendipity: Option<f64>,
    /// Largest serendipity factor.
    pub max_serendipity: f64,
    /// Sum of the serendipity factors.
    pub total_serendipity: f64,
    /// Sample standard deviation of the serendipity factor.
    pub std_serendipity: Option<f64>,
    /// Mean disappointment factor.
    pub avg_disappointment: Option<f64>,
    /// Largest disappointment factor.
    pub max_disappointment: f64,
    /// Sum of the disappointment factors.
    pub total_disappointment: f64,
    /// Sample standard deviation of the disappointment factor.
    pub std_disappointment: Option<f64>,
    /// Instances with a serendipity factor above 0.
    pub serendipity_tasks: usize,
    /// Instances with a disappointment factor above 0.
    pub disappointment_tasks: usize,
    /// Instances with neither.
    pub neutral_tasks: usize,
    /// Instances with a serendipity factor above 20.
    pub high_serendipity_tasks: usize,
    /// Instances with a disappointment factor above 20.
    pub high_disappointment_tasks: usize,
}

/// Compares expected and actual relief over the last `days` times 24 hours.
#[must_use]
pub fn relief_comparison(data: &TaskData, now: Timestamp, days: u32) -> ReliefComparison {
    let pairs = Pairs::of(data, now, days);
    let mean_of = |values: Vec<f64>| mean(&values);
    ReliefComparison {
        total_tasks: pairs.net.len(),
        avg_expected: mean(&pairs.expected),
        avg_actual: mean(&pairs.actual),
        avg_net: mean(&pairs.net),
        std_expected: sample_deviation(&pairs.expected),
        std_actual: sample_deviation(&pairs.actual),
        std_net: sample_deviation(&pairs.net),
        correlation: correlate(&pairs.expected, &pairs.actual, Method::Pearson).correlation,
        mae: mean_of(pairs.net.iter().map(|net| net.abs()).collect()),
        rmse: mean_of(pairs.net.iter().map(|net| net * net).collect()).map(f64::sqrt),
        avg_serendipity: mean(&pairs.serendipity),
        total_serendipity: pairs.serendipity.iter().sum(),
        avg_disappointment: mean(&pairs.disappointment),
        total_disappointment: pairs.disappointment.iter().sum(),
    }
}

/// Counts the patterns over the last `days` times 24 hours.
#[must_use]
pub fn relief_patterns(data: &TaskData, now: Timestamp, days: u32) -> ReliefPatterns {
    let mut patterns = ReliefPatterns::default();
    for net in Pairs::of(data, now, days).net {
        let counter = match net {
            net if net.abs() <= 5.0 => &mut patterns.accurate,
            net if net > HIGH => &mut patterns.pleasant_surprise,
            net if net < -HIGH => &mut patterns.disappointment,
            net if net > 0.0 => &mut patterns.slightly_better,
            _ => &mut patterns.slightly_worse,
        };
        *counter += 1;
    }
    patterns
}

/// Compares the two factors over the last `days` times 24 hours.
#[must_use]
pub fn factor_comparison(data: &TaskData, now: Timestamp, days: u32) -> FactorComparison {
    let Pairs { serendipity, disappointment, .. } = Pairs::of(data, now, days);
    let above = |values: &[f64], limit: f64| values.iter().filter(|value| **value > limit).count();
    let neutral = serendipity.iter().zip(&disappointment).filter(|(s, d)| **s == 0.0 && **d == 0.0).count();
    let greatest = |values: &[f64]| values.iter().copied().fold(0.0, f64::max);
    FactorComparison {
        total_tasks: serendipity.len(),
        avg_serendipity: mean(&serendipity),
        max_serendipity: greatest(&serendipity),
        total_serendipity: serendipity.iter().sum(),
        std_serendipity: sample_deviation(&serendipity),
        avg_disappointment: mean(&disappointment),
        max_disappointment: greatest(&disappointment),
        total_disappointment: disappointment.iter().sum(),
        std_disappointment: sample_deviation(&disappointment),
        serendipity_tasks: above(&serendipity, 0.0),
        disappointment_tasks: above(&disappointment, 0.0),
        neutral_tasks: neutral,
        high_serendipity_tasks: above(&serendipity, HIGH),
        high_disappointment_tasks: above(&disappointment, HIGH),
    }
}

/// Word for a mean absolute error: below 10 `Excellent`, 20 `Good`, 30 `Fair`, else `Poor`.
#[must_use]
pub fn accuracy_label(mean_absolute_error: f64) -> &'static str {
    match mean_absolute_error {
        error if error < 10.0 => "Excellent",
        error if error < 20.0 => "Good",
        error if error < 30.0 => "Fair",
        _ => "Poor",
    }
}

/// Word for the correlation of expected and actual relief: |r| above 0.7 `Strong`, 0.4 `Moderate`, else `Weak`.
#[must_use]
pub fn prediction_label(correlation: f64) -> &'static str {
    match correlation.abs() {
        r if r > 0.7 => "Strong",
        r if r > 0.4 => "Moderate",
        _ => "Weak",
    }
}

/// Mean ratio of pairs with its level, as the panel for two metrics shows it.
///
/// The mean of `numerator / denominator` over the pairs whose denominator is above 0; the level is `high` from
/// the first threshold, `moderate` from the second, else `low`. `None` without a usable pair.
///
/// ```
/// use landfast_analytics::tasks::relations::pair_ratio;
/// assert_eq!(pair_ratio(&[(4.0, 2.0), (9.0, 0.0), (2.0, 1.0)], 2.0, 1.0), Some((2.0, "high")));
/// assert_eq!(pair_ratio(&[(1.0, 0.0)], 2.0, 1.0), None);
/// ```
#[must_use]
pub fn pair_ratio(pairs: &[(f64, f64)], high: f64, moderate: f64) -> Option<(f64, &'static str)> {
    let (sum, count) = pairs
        .iter()
        .filter(|(_, denominator)| *denominator > 0.0)
        .fold((0.0, 0), |(sum, count), (numerator, denominator)| (sum + numerator / denominator, count + 1));
    let ratio = (count > 0).then(|| sum / real(count))?;
    let level = match ratio {
        ratio if ratio >= high => "high",
        ratio if ratio >= moderate => "moderate",
        _ => "low",
    };
    Some((ratio, level))
}

struct Pairs {
    expected: Vec<f64>,
    actual: Vec<f64>,
    net: Vec<f64>,
    serendipity: Vec<f64>,
    disappointment: Vec<f64>,
}

impl Pairs {
    fn of(data: &TaskData, now: Timestamp, days: u32) -> Self {
        let mut pairs = Self {
            expected: Vec::new(),
            actual: Vec::new(),
            net: Vec::new(),
            serendipity: Vec::new(),
            disappointment: Vec::new(),
        };
        for row in data.completed().filter(|row| since(row, now, days)) {
            pairs.add(row);
        }
        pairs
    }

    fn add(&mut self, row: &PreparedRow) {
        let Some((expected, actual)) = row.expected_relief.zip(Some(row.relief_score)) else { return };
        self.expected.push(expected);
        self.actual.push(actual);
        self.net.push(actual - expected);
        self.serendipity.push(row.serendipity_factor);
        self.disappointment.push(row.disappointment_factor);
    }
}
