//! What it is worth to do something one is averse to.

/// Loads beside aversion that make a task hard, each 0 to 100; unknown ones are `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct LoadInputs {
    /// Stress level; when it is known the other two do not count.
    pub stress_level: Option<f64>,
    /// Mental energy.
    pub mental_energy: Option<f64>,
    /// Difficulty.
    pub difficulty: Option<f64>,
}

impl LoadInputs {
    /// Load, 0 to 100: the stress level; else the mean of mental energy and difficulty, with 50 for the one that is
    /// missing; 0 when nothing is known.
    #[must_use]
    pub fn load(&self) -> f64 {
        let points = |value: f64| value.clamp(0.0, 100.0);
        match (self.stress_level, self.mental_energy, self.difficulty) {
            (Some(stress), _, _) => points(stress),
            (None, None, None) => 0.0,
            (None, mental, difficulty) => (points(mental.unwrap_or(50.0)) + points(difficulty.unwrap_or(50.0))) / 2.0,
        }
    }
}

/// Difficulty bonus B_d = 1 - exp(-(0.7 a + 0.3 load)/50), 0 to 1, for the aversion a clamped to 0 to 100.
///
/// 0 without an aversion. Task analytics 3.4.
///
/// ```
/// use landfast_analytics::tasks::aversion::{LoadInputs, difficulty_bonus};
///
/// let bonus = difficulty_bonus(Some(63.0), &LoadInputs { stress_level: Some(52.0), ..LoadInputs::default() });
/// assert!((bonus - 0.696_993_19).abs() < 1e-9);
/// assert_eq!(difficulty_bonus(None, &LoadInputs::default()), 0.0);
/// ```
#[must_use]
pub fn difficulty_bonus(current_aversion: Option<f64>, loads: &LoadInputs) -> f64 {
    let Some(aversion) = current_aversion else { return 0.0 };
    (1.0 - (-(0.7 * aversion.clamp(0.0, 100.0) + 0.3 * loads.load()) / 50.0).exp()).clamp(0.0, 1.0)
}

/// Improvement bonus B_i = 1 - exp(-max(0, i - a)/30), 0 to 1, for the first aversion i and the current one a.
///
/// Both are clamped to 0 to 100; 0 when either is missing.
///
/// ```
/// use landfast_analytics::tasks::aversion::improvement_bonus;
///
/// assert!((improvement_bonus(Some(96.0), Some(83.0)) - 0.351_655_659).abs() < 1e-9);
/// assert_eq!(improvement_bonus(Some(11.0), Some(98.0)), 0.0);
/// ```
#[must_use]
pub fn improvement_bonus(initial_aversion: Option<f64>, current_aversion: Option<f64>) -> f64 {
    let (Some(initial), Some(current)) = (initial_aversion, current_aversion) else { return 0.0 };
    let improvement = (initial.clamp(0.0, 100.0) - current.clamp(0.0, 100.0)).max(0.0);
    1.0 - (-improvement / 30.0).exp()
}

/// Aversion multiplier M from 1 to 2: 1 + max(B_d, B_i), with 0.1 more, but 2 at most, when both exceed 0.3.
///
/// ```
/// use landfast_analytics::tasks::aversion::{LoadInputs, aversion_multiplier};
///
/// let loads = LoadInputs { mental_energy: Some(20.49), ..LoadInputs::default() };
/// assert!((aversion_multiplier(Some(40.0), Some(52.99), &loads) - 1.614_544_682).abs() < 1e-9);
/// assert_eq!(aversion_multiplier(None, None, &loads), 1.0);
/// ```
#[must_use]
pub fn aversion_multiplier(initial_aversion: Option<f64>, current_aversion: Option<f64>, loads: &LoadInputs) -> f64 {
    let difficulty = difficulty_bonus(current_aversion, loads);
    let improvement = improvement_bonus(initial_aversion, current_aversion);
    let greater = difficulty.max(improvement);
    let both = difficulty > 0.3 && improvement > 0.3;
    let gain = if both { (greater + 0.1).min(1.0) } else { greater };
    (1.0 + gain).clamp(1.0, 2.0)
}
