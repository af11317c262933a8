//! How the original turned payload values into ratings, and means into answers.

use landfast_domain::json::Json;
use landfast_domain::text::round_half_even;

/// A result the original could not round: it raised an error to its caller instead.
///
/// One `NaN` or `Infinity` in one payload is enough. The functions under plain names skip such values and
/// report them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotFinite {
    /// The result is not a number; the original raised `ValueError`.
    #[error("the result is not a number, because a rating is `NaN`")]
    NaN,
    /// The result is infinite; the original raised `OverflowError`.
    #[error("the result is infinite, because a rating is")]
    Infinite,
}

impl NotFinite {
    /// Name of the Python exception the original raised.
    #[must_use]
    pub fn python_exception(self) -> &'static str {
        match self {
            Self::NaN => "ValueError",
            Self::Infinite => "OverflowError",
        }
    }
}

/// A payload value as the original's averages read it, on a scale of 0 to 100.
///
/// Numbers, truth values and number texts count, everything else is `None`. Ratings were made on a scale of
/// 0 to 10 once, and nothing says which one a row uses: **every value from 0 to 10 is multiplied by ten**, so
/// a genuine 7 of 100 counts as 70. The result can be NaN or infinite.
///
/// ```
/// use landfast_analytics::tasks::legacy_rating;
/// use landfast_domain::json::Json;
///
/// assert_eq!(legacy_rating(&Json::from(7)), Some(70.0));
/// assert_eq!(legacy_rating(&Json::from("10.01")), Some(10.01));
/// assert_eq!(legacy_rating(&Json::from(true)), Some(10.0));
/// assert_eq!(legacy_rating(&Json::Null), None);
/// ```
#[must_use]
pub fn legacy_rating(value: &Json) -> Option<f64> {
    let number = value.python_number()?;
    Some(if (0.0..=10.0).contains(&number) { number * 10.0 } else { number })
}

/// Rounds to a whole number, ties to even: 42.5 becomes 42, 43.5 becomes 44.
///
/// Numbers beyond 64 bits become the nearest number within.
///
/// # Errors
/// [`NotFinite`] for NaN and the infinities.
///
/// ```
/// use landfast_analytics::tasks::{NotFinite, legacy_round};
///
/// assert_eq!(legacy_round(42.5), Ok(42));
/// assert_eq!(legacy_round(f64::NAN), Err(NotFinite::NaN));
/// ```
#[expect(clippy::as_conversions, reason = "whole already; `as` keeps to the limits of i64")]
pub fn legacy_round(value: f64) -> Result<i64, NotFinite> {
    if value.is_nan() {
        Err(NotFinite::NaN)
    } else if value.is_infinite() {
        Err(NotFinite::Infinite)
    } else {
        Ok(round_half_even(value) as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_borders_of_the_scale_guess() {
        for (value, rating) in [(-0.5, -0.5), (0.0, 0.0), (10.0, 100.0), (10.5, 10.5), (100.0, 100.0)] {
            assert_eq!(legacy_rating(&Json::from(value)), Some(rating));
        }
        assert!(legacy_rating(&Json::from(f64::NAN)).is_some_and(f64::is_nan));
    }

    #[test]
    fn what_is_no_number_is_no_rating() {
        for text in ["null", "[5]", "{}", "\"\"", "\"12 min\""] {
            assert_eq!(legacy_rating(&Json::parse(text).unwrap()), None, "{text}");
        }
    }

    #[test]
    fn rounding_refuses_what_python_refuses() {
        assert_eq!(legacy_round(43.5), Ok(44));
        assert_eq!(legacy_round(-0.4), Ok(0));
        assert_eq!(legacy_round(f64::NEG_INFINITY), Err(NotFinite::Infinite));
        assert_eq!(legacy_round(1e300), Ok(i64::MAX));
        assert_eq!(NotFinite::Infinite.python_exception(), "OverflowError");
    }
}
