//! How urgent an open instance is.

use crate::tasks::rows::PreparedRow;
use landfast_domain::text::round_to;
use landfast_domain::time::Timestamp;

const MINUTES_PER_DAY: f64 = 1440.0;

/// What the urgency of an open instance depends on.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct UrgencyInputs {
    /// ℓ: days until it is due, negative when it is overdue; `None` without a due date.
    pub days_left: Option<f64>,
    /// Days since predictions were first given, 0 or more; `None` when they were not.
    pub days_initialized: Option<f64>,
    /// How often it was postponed.
    pub postponements: u32,
}

impl UrgencyInputs {
    /// The inputs of a row at `now`; rows do not tell postponements.
    #[must_use]
    pub fn of(row: &PreparedRow, now: Timestamp, postponements: u32) -> Self {
        let days = |from: Timestamp, to: Timestamp| to.minutes_since(from) / MINUTES_PER_DAY;
        Self {
            days_left: row.due_at.map(|due| days(now, due)),
            days_initialized: row.initialized_at.map(|initialized| days(initialized, now).max(0.0)),
            postponements,
        }
    }
}

/// Urgency of 0 to 100, 1 decimal; 0 without a due date.
///
/// By the days left ℓ: 100 when overdue (ℓ < 0); `70 + 30·(1 − ℓ)` for ℓ ≤ 1; `50 + 10·(3 − ℓ)` for ℓ ≤ 3; else
/// `max(20, 50 − (ℓ − 3)·30/11)`, which falls to 20 at two weeks. To that come `min(70, 5·days since
/// initialisation)` and `min(20, 5·postponements)`; the sum is limited to 100. Task analytics 19.4.
///
/// ```
/// use landfast_analytics::recommend::{UrgencyInputs, urgency};
///
/// let inputs = |days_left| UrgencyInputs { days_left: Some(days_left), ..UrgencyInputs::default() };
/// assert_eq!([-1.0, 0.5, 2.0, 14.0, 90.0].map(|days| urgency(&inputs(days))), [100.0, 85.0, 60.0, 20.0, 20.0]);
/// assert_eq!(urgency(&UrgencyInputs::default()), 0.0);
/// ```
#[must_use]
pub fn urgency(inputs: &UrgencyInputs) -> f64 {
    total(inputs, |left| (50.0 - (left - 3.0) * 30.0 / 11.0).max(20.0))
}

/// [`urgency`] as the original answers: beyond three days `min(50, 20 + ℓ)`, which **rises** with the days left.
#[must_use]
pub fn legacy_urgency(inputs: &UrgencyInputs) -> f64 {
    total(inputs, |left| (20.0 + left).min(50.0))
}

/// Whether an instance without a due date lies about for more than `limit_days` (14 by default in the
/// original) since predictions were first given.
#[must_use]
pub fn is_stale(inputs: &UrgencyInputs, limit_days: f64) -> bool {
    inputs.days_left.is_none() && inputs.days_initialized.is_some_and(|days| days > limit_days)
}

fn total(inputs: &UrgencyInputs, far: impl Fn(f64) -> f64) -> f64 {
    let Some(left) = inputs.days_left else { return 0.0 };
    let base = match left {
        left if left < 0.0 => 100.0,
        left if left <= 1.0 => 70.0 + 30.0 * (1.0 - left),
        left if left <= 3.0 => 50.0 + 10.0 * (3.0 - left),
        left => far(left),
    };
    let waiting = (5.0 * inputs.days_initialized.unwrap_or(0.0)).min(70.0);
    let postponed = (5.0 * f64::from(inputs.postponements)).min(20.0);
    round_to((base + waiting + postponed).min(100.0), 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn waiting_and_postponing_add_up_to_their_limits() {
        let inputs = UrgencyInputs { days_left: Some(14.0), days_initialized: Some(4.0), postponements: 2 };
        assert_eq!(urgency(&inputs), 50.0);
        assert_eq!(urgency(&UrgencyInputs { postponements: 9, ..inputs }), 60.0);
        assert_eq!(urgency(&UrgencyInputs { days_initialized: Some(400.0), ..inputs }), 100.0);
        assert_eq!(legacy_urgency(&UrgencyInputs { days_left: Some(20.0), ..UrgencyInputs::default() }), 40.0);
    }

    #[test]
    fn only_instances_without_a_due_date_are_stale() {
        let inputs = UrgencyInputs { days_left: None, days_initialized: Some(14.5), postponements: 0 };
        assert!(is_stale(&inputs, 14.0) && !is_stale(&inputs, 15.0));
        assert!(!is_stale(&UrgencyInputs { days_left: Some(1.0), ..inputs }, 14.0));
    }

    proptest! {
        #[test]
        fn urgency_never_rises_with_the_days_left(left in -5.0_f64..60.0, more in 0.0_f64..30.0) {
            let at = |days| urgency(&UrgencyInputs { days_left: Some(days), ..UrgencyInputs::default() });
            prop_assert!(at(left) >= at(left + more));
        }
    }
}
