//! What describes a list of numbers.

/// A number of things as a double.
///
/// Exact up to `2^53`, which no list in memory reaches.
#[must_use]
#[expect(clippy::as_conversions, reason = "a number of items is far below 2^53")]
pub fn real(count: usize) -> f64 {
    count as f64
}

/// Arithmetic mean `Σx / n`, summed in the given order; `None` for an empty list.
///
/// ```
/// use landfast_analytics::stats::mean;
/// assert_eq!(mean(&[1.0, 2.0, 6.0]), Some(3.0));
/// assert_eq!(mean(&[]), None);
/// ```
#[must_use]
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / real(values.len()))
}

/// Population variance `Σ(x - x̄)² / n`; `None` for an empty list.
///
/// ```
/// assert_eq!(landfast_analytics::stats::variance(&[1.0, 3.0]), Some(1.0));
/// ```
#[must_use]
pub fn variance(values: &[f64]) -> Option<f64> {
    Some(squares(values)? / real(values.len()))
}

/// Sample variance `Σ(x - x̄)² / (n - 1)`; `None` for fewer than two values.
///
/// ```
/// assert_eq!(landfast_analytics::stats::sample_variance(&[1.0, 3.0]), Some(2.0));
/// assert_eq!(landfast_analytics::stats::sample_variance(&[1.0]), None);
/// ```
#[must_use]
pub fn sample_variance(values: &[f64]) -> Option<f64> {
    (values.len() > 1).then(|| squares(values).map(|sum| sum / real(values.len() - 1))).flatten()
}

/// Sample standard deviation, the square root of [`sample_variance`].
#[must_use]
pub fn sample_deviation(values: &[f64]) -> Option<f64> {
    sample_variance(values).map(f64::sqrt)
}

/// Smallest and largest value; `None` for an empty list. NaN is passed over.
#[must_use]
pub fn range(values: &[f64]) -> Option<(f64, f64)> {
    let first = *values.first()?;
    Some(values.iter().fold((first, first), |(low, high), value| (low.min(*value), high.max(*value))))
}

/// A copy in ascending order.
#[must_use]
pub fn ascending(values: &[f64]) -> Vec<f64> {
    let mut ordered = values.to_vec();
    ordered.sort_by(f64::total_cmp);
    ordered
}

/// Quantile of an ascending list by linear interpolation, at the position `(n - 1) * share`.
///
/// `share` is limited to `[0, 1]`: 0 is the minimum, 0.5 the median, 1 the maximum. `None` for an empty list.
///
/// ```
/// use landfast_analytics::stats::quantile;
/// assert_eq!(quantile(&[1.0, 2.0, 3.0, 4.0], 0.25), Some(1.75));
/// assert_eq!(quantile(&[1.0, 2.0, 4.0], 0.5), Some(2.0));
/// assert_eq!(quantile(&[], 0.5), None);
/// ```
#[must_use]
#[expect(clippy::as_conversions, reason = "a position within the list, not negative")]
pub fn quantile(ascending: &[f64], share: f64) -> Option<f64> {
    let position = real(ascending.len().checked_sub(1)?) * share.clamp(0.0, 1.0);
    let below = position.floor();
    let low = *ascending.get(below as usize)?;
    let fraction = position - below;
    match ascending.get(below as usize + 1) {
        Some(high) if fraction > 0.0 => Some(low + (high - low) * fraction),
        _ => Some(low),
    }
}

/// Median of a list in any order; `None` for an empty one.
///
/// ```
/// assert_eq!(landfast_analytics::stats::median(&[9.0, 1.0, 2.0, 3.0]), Some(2.5));
/// ```
#[must_use]
pub fn median(values: &[f64]) -> Option<f64> {
    quantile(&ascending(values), 0.5)
}

fn squares(values: &[f64]) -> Option<f64> {
    let mean = mean(values)?;
    Some(values.iter().map(|value| (value - mean) * (value - mean)).sum())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_empty_list_has_no_description() {
        assert_eq!((mean(&[]), variance(&[]), median(&[]), range(&[])), (None, None, None, None));
        assert_eq!(sample_deviation(&[4.0]), None);
        assert_eq!(variance(&[4.0]), Some(0.0));
    }

    proptest! {
        #[test]
        fn quantiles_rise_and_stay_within_the_range(values in prop::collection::vec(-1e6..1e6_f64, 1..40), a in 0.0..1.0_f64, b in 0.0..1.0_f64) {
            let ordered = ascending(&values);
            let (low, high) = range(&values).unwrap();
            let (first, second) = (quantile(&ordered, a.min(b)).unwrap(), quantile(&ordered, a.max(b)).unwrap());
            prop_assert!(low <= first && first <= second + 1e-9 && second <= high + 1e-9);
            prop_assert_eq!(quantile(&ordered, 1.0), Some(high));
        }

        #[test]
        fn the_sample_variance_is_the_larger_one(values in prop::collection::vec(-1e3..1e3_f64, 2..40)) {
            prop_assert!(sample_variance(&values).unwrap() >= variance(&values).unwrap());
        }
    }
}
