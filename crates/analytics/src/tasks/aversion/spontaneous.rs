//! Aversion that stands out against what is normal for the task.

/// Whether an aversion stands out, and by how much.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Spike {
    /// c - b > threshold(b).
    pub is_spontaneous: bool,
    /// max(0, c - b), 0 to 100 points; also given when it does not stand out.
    pub amount: f64,
}

/// Points above the baseline b from which aversion counts as spontaneous; b is clamped to 0 to 100.
///
/// threshold(b) = 10 + b/10 for b <= 25; 5 + b/10 for 25 < b <= 50; b/10 above. Task analytics 3.2.
///
/// ```
/// use landfast_analytics::tasks::aversion::spontaneous_threshold;
///
/// assert_eq!(spontaneous_threshold(25.0), 12.5);
/// assert_eq!(spontaneous_threshold(40.0), 9.0);
/// assert_eq!(spontaneous_threshold(80.0), 8.0);
/// ```
#[must_use]
pub fn spontaneous_threshold(baseline: f64) -> f64 {
    let b = baseline.clamp(0.0, 100.0);
    let floor = if b <= 25.0 {
        10.0
    } else if b <= 50.0 {
        5.0
    } else {
        0.0
    };
    floor + 0.1 * b
}

/// Compares the current aversion c with the baseline b of the task, both clamped to 0 to 100.
///
/// Spontaneous when c - b > [`spontaneous_threshold`]; the amount is max(0, c - b). Without a baseline or a
/// current value: not spontaneous, amount 0.
///
/// ```
/// use landfast_analytics::tasks::aversion::detect_spontaneous;
///
/// let spike = detect_spontaneous(Some(20.0), Some(85.0));
/// assert!(spike.is_spontaneous && spike.amount == 65.0);
/// assert!(!detect_spontaneous(Some(20.0), Some(30.0)).is_spontaneous);
/// assert!(!detect_spontaneous(None, Some(85.0)).is_spontaneous);
/// ```
#[must_use]
pub fn detect_spontaneous(baseline: Option<f64>, current: Option<f64>) -> Spike {
    let (Some(baseline), Some(current)) = (baseline, current) else { return Spike::default() };
    let (b, c) = (baseline.clamp(0.0, 100.0), current.clamp(0.0, 100.0));
    Spike { is_spontaneous: c - b > spontaneous_threshold(b), amount: (c - b).max(0.0) }
}

/// Factor by which the largest spike s of a week raises its points: 1 for s <= 0, else 1 + floor(s/10)/10.
///
/// ```
/// use landfast_analytics::tasks::aversion::weekly_bonus_multiplier;
///
/// assert_eq!(weekly_bonus_multiplier(9.99), 1.0);
/// assert_eq!(weekly_bonus_multiplier(57.5), 1.5);
/// ```
#[must_use]
pub fn weekly_bonus_multiplier(spike: f64) -> f64 {
    if spike <= 0.0 { 1.0 } else { 1.0 + 0.1 * (spike / 10.0).floor() }
}
