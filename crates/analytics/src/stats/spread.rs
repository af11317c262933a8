//! How values are spread: count, mean and percentiles.

use super::{ascending, mean, quantile};
use serde::Serialize;

/// Count, mean and percentiles of a set of values.
///
/// All of them but the count are `None` for an empty set, so that "no data" cannot be read as zero.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Spread {
    /// How many values there are.
    pub n: usize,
    /// `Σ x / n`, summed in the given order.
    pub mean: Option<f64>,
    /// Least value.
    pub min: Option<f64>,
    /// Median, [`quantile`] at 0.5.
    pub p50: Option<f64>,
    /// [`quantile`] at 0.85.
    pub p85: Option<f64>,
    /// [`quantile`] at 0.95.
    pub p95: Option<f64>,
    /// Greatest value.
    pub max: Option<f64>,
}

impl Spread {
    /// Spread of the finite values among these; NaN and the infinities do not count.
    ///
    /// ```
    /// use landfast_analytics::stats::Spread;
    ///
    /// let spread = Spread::of([4.0, 1.0, 1.0]);
    /// assert_eq!((spread.n, spread.mean, spread.p50, spread.max), (3, Some(2.0), Some(1.0), Some(4.0)));
    /// assert_eq!(Spread::of([]).mean, None);
    /// ```
    #[must_use]
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let values: Vec<f64> = values.into_iter().filter(|value| value.is_finite()).collect();
        let mean = mean(&values);
        let values = ascending(&values);
        Self {
            n: values.len(),
            mean,
            min: values.first().copied(),
            p50: quantile(&values, 0.5),
            p85: quantile(&values, 0.85),
            p95: quantile(&values, 0.95),
            max: values.last().copied(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::median;
    use proptest::prelude::*;

    #[test]
    fn values_that_are_no_numbers_do_not_count() {
        let spread = Spread::of([f64::NAN, 5.0, f64::INFINITY]);
        assert_eq!((spread.n, spread.mean, spread.p95), (1, Some(5.0), Some(5.0)));
    }

    proptest! {
        #[test]
        fn percentiles_grow_and_stay_within_the_values(mut values in prop::collection::vec(-1e6_f64..1e6, 1..40)) {
            let spread = Spread::of(values.iter().copied());
            values.sort_by(f64::total_cmp);
            let order = [spread.min, spread.p50, spread.p85, spread.p95, spread.max].map(Option::unwrap);
            prop_assert!(order.is_sorted());
            prop_assert_eq!(spread.min, values.first().copied());
            prop_assert!((spread.p50.unwrap() - median(&values).unwrap()).abs() < 1e-6);
        }
    }
}
