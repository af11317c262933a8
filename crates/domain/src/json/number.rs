//! Numbers by their text.

use std::fmt;
use std::str::FromStr;

use super::error::{JsonError, JsonErrorKind};
use super::scanner::{Event, Scanner};
use crate::text::python_float_repr;

/// A JSON number as it was written, including the tokens `NaN`, `Infinity` and `-Infinity`.
///
/// Equality is equality of texts: `1.0` and `1.00` differ.
///
/// ```
/// use landfast_domain::json::NumberText;
///
/// let number: NumberText = "1.50".parse()?;
/// assert_eq!(number.as_str(), "1.50");
/// assert_eq!(number.to_f64(), 1.5);
/// assert!("01".parse::<NumberText>().is_err());
/// # Ok::<(), landfast_domain::json::JsonError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NumberText(Box<str>);

impl NumberText {
    /// For text the scanner has recognised as a number.
    pub(super) fn from_token(token: &str) -> Self {
        Self(token.into())
    }

    /// The text as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether Python reads an `int`: there is neither a point nor an exponent, nor one of the three
    /// word tokens.
    #[must_use]
    pub fn is_integer(&self) -> bool {
        self.0.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit())
    }

    /// Nearest floating-point number. Infinite when the number is too large, also for integers,
    /// where Python's `float(int)` raises `OverflowError`.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        read_float(&self.0)
    }

    /// Value of an integer that fits 64 bits, else `None`; also `None` for `1.0` and `1e3`.
    #[must_use]
    pub fn to_i64(&self) -> Option<i64> {
        if self.is_integer() { self.0.parse().ok() } else { None }
    }
}

impl fmt::Display for NumberText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Accepts exactly one number token, without white space around it.
impl FromStr for NumberText {
    type Err = JsonError;

    fn from_str(text: &str) -> Result<Self, JsonError> {
        let mut scanner = Scanner::new(text);
        match scanner.next()? {
            Some(token) if token.start == 0 && token.end == text.len() => match token.event {
                Event::Number(number) => Ok(Self::from_token(number)),
                _ => Err(JsonError::new(JsonErrorKind::ExpectedValue, text, 0)),
            },
            Some(token) if token.start == 0 => Err(JsonError::new(JsonErrorKind::ExtraData, text, token.end)),
            _ => Err(JsonError::new(JsonErrorKind::ExpectedValue, text, 0)),
        }
    }
}

impl From<i64> for NumberText {
    fn from(value: i64) -> Self {
        Self(value.to_string().into())
    }
}

/// Python's text of the number; NaN and the infinities become the word tokens.
impl From<f64> for NumberText {
    fn from(value: f64) -> Self {
        if value.is_nan() {
            Self("NaN".into())
        } else if value.is_infinite() {
            Self(if value > 0.0 { "Infinity" } else { "-Infinity" }.into())
        } else {
            Self(python_float_repr(value).into())
        }
    }
}

fn read_float(token: &str) -> f64 {
    // Rust reads the three word tokens, too.
    token.parse().expect("number tokens are a subset of Rust's floating-point literals")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_number_tokens_are_read() {
        for text in ["0", "-0", "12", "1.50", "1e5", "-1E-05", "0.0e+0", "NaN", "Infinity", "-Infinity"] {
            assert_eq!(text.parse::<NumberText>().unwrap().as_str(), text);
        }
        for text in [
            "", " 1", "1 ", "01", "-", "+1", ".5", "5.", "1e", "1_0", "-NaN", "nan", "inf", "null", "\"1\"", "[]",
            "[1]", "١",
        ] {
            assert!(text.parse::<NumberText>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn values() {
        let number = |text: &str| text.parse::<NumberText>().unwrap();
        assert_eq!(number("-0").to_i64(), Some(0));
        assert_eq!(number("-9223372036854775808").to_i64(), Some(i64::MIN));
        assert_eq!(number("9223372036854775808").to_i64(), None);
        assert_eq!(number("1.0").to_i64(), None);
        assert_eq!(number("1e3").to_i64(), None);
        assert_eq!(number("Infinity").to_i64(), None);
        assert_eq!(number("9007199254740993").to_f64(), 9_007_199_254_740_992.0);
        assert_eq!(number(&"9".repeat(400)).to_f64(), f64::INFINITY);
        assert_eq!(number("-Infinity").to_f64(), f64::NEG_INFINITY);
        assert!(number("NaN").to_f64().is_nan());
        assert!(number("-0.0").to_f64().is_sign_negative());
        assert!(number("-7").is_integer());
        assert!(!number("NaN").is_integer());
    }

    #[test]
    fn floats_are_written_as_python_writes_them_and_read_back() {
        for (value, text) in [
            (1.0, "1.0"),
            (-0.0, "-0.0"),
            (1e16, "1e+16"),
            (0.00001, "1e-05"),
            (f64::INFINITY, "Infinity"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            let number = NumberText::from(value);
            assert_eq!(number.as_str(), text);
            assert_eq!(number.to_f64().to_bits(), f64::to_bits(value));
        }
        assert_eq!(NumberText::from(f64::NAN).as_str(), "NaN");
        assert_eq!(NumberText::from(i64::MIN).as_str(), "-9223372036854775808");
    }
}
