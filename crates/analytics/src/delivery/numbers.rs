//! Small arithmetic shared by the quantities of this area.

use landfast_domain::text::round_to;
use serde_json::Value;

/// A number of things as a float.
#[must_use]
#[expect(clippy::as_conversions, reason = "numbers of rows are far below 2^53")]
pub fn count(things: usize) -> f64 {
    things as f64
}

/// Cuts to a whole number, towards zero; kept within 64 bits, 0 for NaN.
#[must_use]
#[expect(clippy::as_conversions, reason = "`as` keeps to the limits of i64 and makes NaN 0")]
pub fn cut(value: f64) -> i64 {
    value as i64
}

/// Cuts to a number of things; 0 for negative numbers and NaN.
#[must_use]
pub fn cut_count(value: f64) -> usize {
    usize::try_from(cut(value)).unwrap_or(0)
}

/// Arithmetic mean, summed in the given order; 0 for an empty list.
#[must_use]
pub fn mean_or_zero(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / count(values.len()) }
}

/// Standard deviation with divisor n less `freedom`; `None` when that divisor is not positive.
///
/// σ = √(Σ(x − mean)² / (n − freedom)), with `freedom` 0 for that of a whole population and 1 for a sample.
#[must_use]
pub fn deviation(values: &[f64], freedom: usize) -> Option<f64> {
    let divisor = values.len().checked_sub(freedom).filter(|divisor| *divisor > 0)?;
    let mean = mean_or_zero(values);
    Some((values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count(divisor)).sqrt())
}

/// Median; the mean of the two in the middle for an even number. 0 for an empty list.
#[must_use]
pub fn median_or_zero(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    let (half, is_odd) = (values.len() / 2, values.len() % 2 == 1);
    if values.is_empty() {
        return 0.0;
    }
    // Only the middle has to be in its place.
    let (lower, upper, _) = values.select_nth_unstable_by(half, f64::total_cmp);
    match lower.iter().copied().max_by(f64::total_cmp) {
        Some(below) if !is_odd => f64::midpoint(below, *upper),
        _ => *upper,
    }
}

/// A JSON number; the infinities and NaN, which JSON lacks, are the texts `inf`, `-inf` and `nan`.
///
/// ```
/// use landfast_analytics::delivery::numbers::number;
/// assert_eq!(number(2.5), serde_json::json!(2.5));
/// assert_eq!(number(f64::INFINITY), serde_json::json!("inf"));
/// ```
#[must_use]
pub fn number(value: f64) -> Value {
    if value.is_nan() {
        return Value::from("nan");
    }
    if value.is_infinite() {
        return Value::from(if value > 0.0 { "inf" } else { "-inf" });
    }
    // Whole numbers look like whole numbers.
    if value == value.trunc() && value.abs() < 1e15 { Value::from(cut(value)) } else { Value::from(value) }
}

/// As [`number`], null for `None`.
#[must_use]
pub fn optional(value: Option<f64>) -> Value {
    value.map_or(Value::Null, number)
}

/// A number rounded to so many digits, ties to even on the binary value.
#[must_use]
pub fn rounded(value: f64, digits: usize) -> Value {
    number(round_to(value, digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deviations_need_enough_values() {
        assert_eq!(deviation(&[2.0, 4.0], 0), Some(1.0));
        assert_eq!(deviation(&[2.0, 4.0], 1), Some(std::f64::consts::SQRT_2));
        assert_eq!((deviation(&[2.0], 1), deviation(&[], 0)), (None, None));
    }

    #[test]
    fn numbers_are_cut_within_limits() {
        assert_eq!((cut(2.9), cut(-2.9), cut(f64::NAN), cut(1e300)), (2, -2, 0, i64::MAX));
        assert_eq!((cut_count(-1.0), cut_count(3.9)), (0, 3));
        assert_eq!(number(-0.0), serde_json::json!(0));
        assert_eq!(median_or_zero(&[3.0, 1.0, 2.0, 10.0]), 2.5);
    }
}
