//! `float(text)` and `int(text)`.

use super::digits::decimal_value;

/// Most digits CPython's `int(text)` accepts, signs and underscores not counted.
pub const MAX_INT_DIGITS: usize = 4300;

/// Number a text stands for under Python's `float(text)`, or `None` where that raises.
///
/// Accepted: blanks around the number, a sign, `1e3`, `.5`, `5.`, `inf`, `infinity` and `nan` in
/// any case, single underscores between digits, and the decimal digits of every script. Too large
/// numbers become infinite, too small ones zero. Not accepted: empty text, `1,5`, `0x10`, `12 min`.
///
/// Blanks are those of [`is_python_space`](super::is_python_space) without U+001C to U+001F, which
/// CPython strips from text but not from numbers.
///
/// ```
/// use landfast_domain::text::python_float;
///
/// assert_eq!(python_float(" +1_000.5\n"), Some(1000.5));
/// assert_eq!(python_float("-Infinity"), Some(f64::NEG_INFINITY));
/// assert_eq!(python_float("٣٥"), Some(35.0));
/// assert_eq!(python_float("12 min"), None);
/// ```
#[must_use]
pub fn python_float(text: &str) -> Option<f64> {
    let text = strip_number(text);
    if text.bytes().all(|b| b.is_ascii() && b != b'_') {
        return parse_float(text);
    }
    parse_float(&plain_digits(text)?)
}

/// Whole number a text stands for under Python's `int(text)`, if it also fits 64 bits.
///
/// `None` for what Python rejects (`15.0`, `1e3`, empty text) and for larger numbers; use
/// [`is_python_int`] to tell these apart. Blanks, sign, underscores and digits as in
/// [`python_float`]; leading zeros are fine.
///
/// ```
/// use landfast_domain::text::python_int;
///
/// assert_eq!(python_int(" -0_35 "), Some(-35));
/// assert_eq!(python_int("30.0"), None);
/// assert_eq!(python_int("9223372036854775808"), None);
/// ```
#[must_use]
pub fn python_int(text: &str) -> Option<i64> {
    let text = plain_digits(strip_number(text))?;
    if !has_int_shape(&text) {
        return None;
    }
    text.parse().ok()
}

/// Whether Python's `int(text)` succeeds, whatever the size of the number.
///
/// More than [`MAX_INT_DIGITS`] digits are refused, as CPython 3.11 does by default.
///
/// ```
/// use landfast_domain::text::is_python_int;
///
/// assert!(is_python_int("9223372036854775808"));
/// assert!(!is_python_int("1e3"));
/// ```
#[must_use]
pub fn is_python_int(text: &str) -> bool {
    plain_digits(strip_number(text)).is_some_and(|text| has_int_shape(&text))
}

/// Removes the blanks CPython ignores around numbers.
fn strip_number(text: &str) -> &str {
    text.trim_matches(|c: char| match c {
        '\t'..='\r' | ' ' => true,
        _ => !c.is_ascii() && c.is_whitespace(),
    })
}

/// The text in ASCII digits and without underscores. `None` if an underscore is not between two
/// digits or a character outside ASCII is no digit.
fn plain_digits(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut previous = ' ';
    for c in text.chars() {
        let c = if c.is_ascii() { c } else { char::from_digit(decimal_value(c)?, 10)? };
        let misplaced = if c == '_' { !previous.is_ascii_digit() } else { previous == '_' && !c.is_ascii_digit() };
        if misplaced {
            return None;
        }
        if c != '_' {
            plain.push(c);
        }
        previous = c;
    }
    (previous != '_').then_some(plain)
}

/// Rust's grammar for ASCII numbers is Python's, and both round correctly.
fn parse_float(text: &str) -> Option<f64> {
    text.parse().ok()
}

fn has_int_shape(plain: &str) -> bool {
    let digits = plain.strip_prefix(['+', '-']).unwrap_or(plain);
    (1..=MAX_INT_DIGITS).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_python_accepts() {
        for (text, value) in [
            ("1e3", 1000.0),
            (".5", 0.5),
            ("5.", 5.0),
            ("+5.e-1", 0.5),
            ("1_0.0_1e1_0", 10.01e10),
            ("\u{2003}7\u{a0}\u{85}", 7.0),
            ("\x0b8\x0c", 8.0),
            ("007", 7.0),
            ("1e400", f64::INFINITY),
            ("-1e-400", -0.0),
            ("INF", f64::INFINITY),
            ("-iNfInItY", f64::NEG_INFINITY),
            ("१२.५", 12.5),
            ("１e-２", 0.01),
            ("𝟏_𝟐", 12.0),
        ] {
            assert_eq!(python_float(text).map(f64::to_bits), Some(f64::to_bits(value)), "{text:?}");
        }
        assert!(python_float("-NaN").is_some_and(f64::is_nan));
    }

    #[test]
    fn floats_python_refuses() {
        for text in [
            "",
            " ",
            ".",
            "+",
            "-.",
            "e5",
            "1e",
            "1e+",
            "1,5",
            "0x10",
            "12 min",
            "1 2",
            "_1",
            "1_",
            "1__0",
            "1_.5",
            "1._5",
            "1e_5",
            "in_f",
            "infi",
            "nan1",
            "++1",
            "+ 1",
            "−1",
            "²",
            "Ⅷ",
            "\x1c1",
            "1\x1f",
            "1\0",
            "\u{200b}1",
            "\u{feff}1",
            "1\x7f",
            "True",
            "١,٥",
        ] {
            assert_eq!(python_float(text), None, "{text:?}");
        }
    }

    #[test]
    fn ints() {
        for (text, value) in [
            ("0", 0),
            ("-0", 0),
            ("+007", 7),
            ("\u{3000}1_000\n", 1000),
            ("٣٥", 35),
            ("-9223372036854775808", i64::MIN),
            ("9_223_372_036_854_775_807", i64::MAX),
        ] {
            assert_eq!(python_int(text), Some(value), "{text:?}");
            assert!(is_python_int(text), "{text:?}");
        }
        for text in ["", "-", "1.0", "1e3", "1__0", "_1", "1_", "+-1", "inf", "\x1c1", "²", "1,0"] {
            assert_eq!(python_int(text), None, "{text:?}");
            assert!(!is_python_int(text), "{text:?}");
        }
    }

    #[test]
    fn ints_beyond_64_bits_are_ints_up_to_the_digit_limit() {
        let longest = format!("-{}", "9".repeat(MAX_INT_DIGITS));
        for text in ["9223372036854775808", "-9223372036854775809", &longest] {
            assert_eq!(python_int(text), None);
            assert!(is_python_int(text));
        }
        assert!(!is_python_int(&"9".repeat(MAX_INT_DIGITS + 1)));
        // Leading zeros count too.
        assert!(!is_python_int(&"0".repeat(MAX_INT_DIGITS + 1)));
    }
}
