//! Points for doing something in spite of unusual aversion, in seven variants.

use super::spontaneous::detect_spontaneous;
use landfast_domain::text::{python_lower, round_to};

/// Parts of a name that mark a task as one for trying the program out.
const TEST_WORDS: [&str; 7] = ["test", "devtest", "dev test", "example", "fix", "completion test", "dev"];

/// Obstacle scores of one instance, each to 2 decimals. Task analytics 3.3.
///
/// With the spike s, expected relief x, actual relief y, net = y - x and
/// base(r) = s (1 + 9 (s/100)(1 - r/100)) / 50, base(unknown) = 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize)]
pub struct ObstacleScores {
    /// base(x).
    pub expected_only: f64,
    /// base(y).
    pub actual_only: f64,
    /// base of the smaller of the known ones.
    pub minimum: f64,
    /// base of the mean of the known ones.
    pub average: f64,
    /// base(x) (1 + |net|/200) for net < 0, else base(x).
    pub net_penalty: f64,
    /// base(x) (1 - net/500) for net > 0, else base(x).
    pub net_bonus: f64,
    /// base(x) clamp(1 - net/200, 0.5, 1.5) for a known net, else base(x).
    pub net_weighted: f64,
}

impl ObstacleScores {
    /// Names of the variants, in the order of [`values`](Self::values).
    pub const VARIANTS: [&'static str; 7] =
        ["expected_only", "actual_only", "minimum", "average", "net_penalty", "net_bonus", "net_weighted"];

    /// The scores in the order of [`VARIANTS`](Self::VARIANTS).
    #[must_use]
    pub fn values(&self) -> [f64; 7] {
        [
            self.expected_only,
            self.actual_only,
            self.minimum,
            self.average,
            self.net_penalty,
            self.net_bonus,
            self.net_weighted,
        ]
    }
}

/// Obstacle scores for a baseline and current aversion and both reliefs, all clamped to 0 to 100.
///
/// All 0 unless the current aversion is spontaneous; see [`detect_spontaneous`].
///
/// ```
/// use landfast_analytics::tasks::aversion::obstacle_scores;
///
/// let scores = obstacle_scores(Some(11.0), Some(45.13), Some(28.0), Some(91.0));
/// assert_eq!((scores.expected_only, scores.actual_only, scores.net_weighted), (2.19, 0.87, 1.5));
/// ```
#[must_use]
pub fn obstacle_scores(
    baseline: Option<f64>,
    current: Option<f64>,
    expected_relief: Option<f64>,
    actual_relief: Option<f64>,
) -> ObstacleScores {
    let spike = detect_spontaneous(baseline, current);
    if !spike.is_spontaneous {
        return ObstacleScores::default();
    }
    let s = spike.amount.clamp(0.0, 100.0);
    let x = expected_relief.map(|relief| relief.clamp(0.0, 100.0));
    let y = actual_relief.map(|relief| relief.clamp(0.0, 100.0));
    let base = |relief: Option<f64>| relief.map_or(0.0, |r| s * (1.0 + 9.0 * (s / 100.0) * (1.0 - r / 100.0)) / 50.0);
    let both = |combine: fn(f64, f64) -> f64| match (x, y) {
        (Some(x), Some(y)) => Some(combine(x, y)),
        (known, None) | (None, known) => known,
    };
    let net = x.zip(y).map(|(x, y)| y - x);
    let penalty = net.filter(|net| *net < 0.0).map_or(1.0, |net| 1.0 + 0.5 * net.abs() / 100.0);
    let bonus = net.filter(|net| *net > 0.0).map_or(1.0, |net| 1.0 - 0.2 * net / 100.0);
    let weight = net.map_or(1.0, |net| (1.0 - net / 200.0).clamp(0.5, 1.5));
    ObstacleScores {
        expected_only: round_to(base(x), 2),
        actual_only: round_to(base(y), 2),
        minimum: round_to(base(both(f64::min)), 2),
        average: round_to(base(both(|x, y| (x + y) / 2.0)), 2),
        net_penalty: round_to(base(x) * penalty, 2),
        net_bonus: round_to(base(x) * bonus, 2),
        net_weighted: round_to(base(x) * weight, 2),
    }
}

/// Obstacle scores as the totals of the original have them: a missing current aversion counts as 100.
///
/// ```
/// use landfast_analytics::tasks::aversion::{ObstacleScores, legacy_obstacle_scores, obstacle_scores};
///
/// assert_eq!(obstacle_scores(Some(20.0), None, Some(50.0), Some(50.0)), ObstacleScores::default());
/// assert_eq!(legacy_obstacle_scores(Some(20.0), None, Some(50.0), Some(50.0)).expected_only, 7.36);
/// ```
#[must_use]
pub fn legacy_obstacle_scores(
    baseline: Option<f64>,
    current: Option<f64>,
    expected_relief: Option<f64>,
    actual_relief: Option<f64>,
) -> ObstacleScores {
    obstacle_scores(baseline, current.or(Some(100.0)), expected_relief, actual_relief)
}

/// Whether a task counts as a test by its name, in any case and anywhere in it.
///
/// The words are those of the original: "Fix bike brakes", "Devise guide" and "prefixed" are tests too. Tests take no
/// part in obstacle totals and in thoroughness.
///
/// ```
/// use landfast_analytics::tasks::aversion::is_test_task;
///
/// assert!(is_test_task("My TEST") && is_test_task("Devise plan"));
/// assert!(!is_test_task("Write report"));
/// ```
#[must_use]
pub fn is_test_task(name: &str) -> bool {
    let lower = python_lower(name);
    TEST_WORDS.iter().any(|word| lower.contains(word))
}
