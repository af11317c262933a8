//! `repr(float)`.

/// Text of a floating-point number as CPython's `repr` and `str` give it.
///
/// The fewest digits that read back as the same number, with `.0` after whole numbers. Numbers
/// below 0.0001 or from 1e16 on are written with an exponent of at least two digits.
///
/// ```
/// use landfast_domain::text::python_float_repr;
///
/// assert_eq!(python_float_repr(35.0), "35.0");
/// assert_eq!(python_float_repr(0.1 + 0.2), "0.30000000000000004");
/// assert_eq!(python_float_repr(1e16), "1e+16");
/// assert_eq!(python_float_repr(0.00001), "1e-05");
/// assert_eq!(python_float_repr(f64::NEG_INFINITY), "-inf");
/// ```
#[must_use]
pub fn python_float_repr(x: f64) -> String {
    if x.is_nan() {
        // Python never shows the sign of a NaN.
        return "nan".to_owned();
    }
    if x.is_infinite() {
        return if x > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let shortest = shortest_digits(x);
    let (mantissa, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    match exponent.parse() {
        Ok(exponent @ -4..16) => plain(mantissa, exponent),
        _ => match exponent.strip_prefix('-') {
            Some(digits) => format!("{mantissa}e-{digits:0>2}"),
            None => format!("{mantissa}e+{exponent:0>2}"),
        },
    }
}

/// Fewest digits that read back as `x`, in Rust's scientific notation.
///
/// Two candidates of the same length can be equally close to `x`. CPython then takes the one with
/// the even last digit and Rust the larger one, except where it is given the number of digits.
fn shortest_digits(x: f64) -> String {
    // Fewer digits than this single out one candidate.
    const AMBIGUOUS_FROM: usize = 16;
    let shortest = format!("{x:e}");
    let mantissa = shortest.bytes().take_while(|byte| *byte != b'e');
    let digits = mantissa.filter(u8::is_ascii_digit).count();
    if digits < AMBIGUOUS_FROM {
        return shortest;
    }
    let even = format!("{x:.*e}", digits - 1);
    // Next to a power of two, the closest candidate may belong to the neighbour of `x`.
    if even.parse() == Ok(x) { even } else { shortest }
}

/// Plain notation of `mantissa` times ten to the power of `exponent`, with at least one decimal.
fn plain(mantissa: &str, exponent: i32) -> String {
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(magnitude) => ("-", magnitude),
        None => ("", mantissa),
    };
    let digits = mantissa.replace('.', "");
    let Ok(whole) = usize::try_from(exponent + 1) else {
        let zeros: String = (exponent + 1..0).map(|_| '0').collect();
        return format!("{sign}0.{zeros}{digits}");
    };
    match digits.split_at_checked(whole) {
        Some(("", decimals)) => format!("{sign}0.{decimals}"),
        Some((digits, "")) => format!("{sign}{digits}.0"),
        Some((digits, decimals)) => format!("{sign}{digits}.{decimals}"),
        None => format!("{sign}{digits:0<whole$}.0"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notation_changes_exactly_at_the_borders() {
        for (x, text) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (0.0001, "0.0001"),
            (0.000_123_4, "0.0001234"),
            (0.000_099_999_999_999_999_99, "9.999999999999999e-05"),
            (0.00001, "1e-05"),
            (-1.5e-7, "-1.5e-07"),
            (9_999_999_999_999_998.0, "9999999999999998.0"),
            (1e16, "1e+16"),
            (-1.234e16, "-1.234e+16"),
            (123_456_789_012_345_680.0, "1.2345678901234568e+17"),
            (1e100, "1e+100"),
            (1e22, "1e+22"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::MIN_POSITIVE, "2.2250738585072014e-308"),
            (100.0, "100.0"),
            (3.417, "3.417"),
            (0.1, "0.1"),
            (-0.05, "-0.05"),
            (-123.456, "-123.456"),
            (1200.0, "1200.0"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, "nan"),
            (-f64::NAN, "nan"),
        ] {
            assert_eq!(python_float_repr(x), text);
        }
    }

    #[test]
    fn of_two_equally_close_texts_the_even_one_is_taken() {
        for (x, text) in [
            (2_f64.powi(-25), "2.9802322387695312e-08"),
            (2_f64.powi(-44), "5.684341886080802e-14"),
            (1_234_567_890_123_456.0 + 0.25, "1234567890123456.2"),
            (1_234_567_890_123_456.0 + 0.75, "1234567890123456.8"),
            (-1_234_567_890_123_457.0 - 0.25, "-1234567890123457.2"),
        ] {
            assert_eq!(python_float_repr(x), text);
        }
    }
}
