//! Recognises plain decimal numbers that need no second look.

/// Form of a number's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// `35`: a whole number without a fraction.
    Whole,
    /// `35.0`: a whole number with the fraction `.0`.
    WholeFloat,
    /// `5.25`: a fraction that does not end in a zero.
    Fraction,
}

/// Digits a double always keeps: two different decimal numbers of no more digits are different doubles.
const SAFE_DIGITS: usize = 15;

/// The form of a text that is, for sure, the shortest plain spelling of the double it stands for.
///
/// Such a text has at most 15 digits, no needless zero, no sign but `-`, and a magnitude of at least
/// 0.0001 or is `0` or `0.0`. A decimal number of at most 15 digits is the shortest one that reads back as
/// its double, since every other one that short reads as another double. `None` means nothing but
/// that the text must be parsed, rendered and compared.
pub(super) fn shape(raw: &str) -> Option<Shape> {
    let digits = raw.strip_prefix('-').unwrap_or(raw);
    let is_negative = digits.len() < raw.len();
    if digits.len() > SAFE_DIGITS + 1 {
        return None;
    }
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole.as_bytes(), Some(fraction.as_bytes())),
        None => (digits.as_bytes(), None),
    };
    if whole.is_empty() || !whole.iter().all(u8::is_ascii_digit) || (whole.len() > 1 && whole.first() == Some(&b'0')) {
        return None;
    }
    let is_zero = whole == b"0";
    match fraction {
        None if whole.len() <= SAFE_DIGITS && !(is_zero && is_negative) => Some(Shape::Whole),
        Some(b"0") if !(is_zero && is_negative) => Some(Shape::WholeFloat),
        Some(fraction) => {
            let ends_well = fraction.last().is_some_and(|last| *last != b'0');
            let is_large_enough = !is_zero || fraction.iter().take(4).any(|digit| *digit != b'0');
            (fraction.iter().all(u8::is_ascii_digit) && ends_well && is_large_enough).then_some(Shape::Fraction)
        }
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use landfast_domain::record::{Kind, Number};
    use landfast_domain::text::python_float_repr;

    #[test]
    fn examples() {
        for (raw, expected) in [
            ("0", Some(Shape::Whole)),
            ("-35", Some(Shape::Whole)),
            ("999999999999999", Some(Shape::Whole)),
            ("1000000000000000", None),
            ("0.0", Some(Shape::WholeFloat)),
            ("-35.0", Some(Shape::WholeFloat)),
            ("0.0001", Some(Shape::Fraction)),
            ("0.00001", None),
            ("-12.25", Some(Shape::Fraction)),
            ("-0", None),
            ("-0.0", None),
            ("", None),
            ("-", None),
            (".5", None),
            ("5.", None),
            ("5.50", None),
            ("05", None),
            ("1.2.3", None),
            ("1e5", None),
            ("+5", None),
            ("5٣", None),
        ] {
            assert_eq!(shape(raw), expected, "{raw}");
        }
    }

    #[test]
    fn a_recognised_text_is_what_the_slow_way_renders() {
        let alphabet = ["-", "0", "1", "5", "9", "."];
        let mut texts = vec![String::new()];
        let mut seen = 0;
        for _ in 0..7 {
            texts = texts.iter().flat_map(|text| alphabet.map(|c| format!("{text}{c}"))).collect();
            texts.retain(|text| text.rfind('-').is_none_or(|at| at == 0));
            for text in &texts {
                let Some(shape) = shape(text) else { continue };
                let value = Number::parse(text).unwrap();
                let rendered = match shape {
                    Shape::WholeFloat => python_float_repr(value),
                    Shape::Whole | Shape::Fraction => Number::render(&value),
                };
                assert_eq!(&rendered, text);
                seen += 1;
            }
        }
        assert!(seen > 10_000, "{seen}");
    }

    #[test]
    fn fifteen_digits_are_safe_everywhere() {
        let mut number = 123_456_789_u64;
        for _ in 0..20_000 {
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let digits = format!("{:015}", number % 1_000_000_000_000_000);
            for point in 1..14 {
                let (whole, fraction) = digits.split_at(point);
                let text = format!("{whole}.{fraction}");
                if shape(&text).is_some() {
                    assert_eq!(Number::render(&Number::parse(&text).unwrap()), text);
                }
            }
        }
    }
}
