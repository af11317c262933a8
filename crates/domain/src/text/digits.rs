//! Decimal digits of all scripts.

/// The digit zero of every run of decimal digits outside ASCII (general category `Nd`, Unicode 15),
/// in ascending order. Every run is ten consecutive characters, zero to nine.
///
/// CPython 3.11 knows Unicode 14, which lacks two of them (U+11F50 Kawi, U+1E4F0 Nag Mundari);
/// CPython 3.12 and newer have all.
const ZEROS: [char; 67] = [
    '\u{660}',
    '\u{6F0}',
    '\u{7C0}',
    '\u{966}',
    '\u{9E6}',
    '\u{A66}',
    '\u{AE6}',
    '\u{B66}',
    '\u{BE6}',
    '\u{C66}',
    '\u{CE6}',
    '\u{D66}',
    '\u{DE6}',
    '\u{E50}',
    '\u{ED0}',
    '\u{F20}',
    '\u{1040}',
    '\u{1090}',
    '\u{17E0}',
    '\u{1810}',
    '\u{1946}',
    '\u{19D0}',
    '\u{1A80}',
    '\u{1A90}',
    '\u{1B50}',
    '\u{1BB0}',
    '\u{1C40}',
    '\u{1C50}',
    '\u{A620}',
    '\u{A8D0}',
    '\u{A900}',
    '\u{A9D0}',
    '\u{A9F0}',
    '\u{AA50}',
    '\u{ABF0}',
    '\u{FF10}',
    '\u{104A0}',
    '\u{10D30}',
    '\u{11066}',
    '\u{110F0}',
    '\u{11136}',
    '\u{111D0}',
    '\u{112F0}',
    '\u{11450}',
    '\u{114D0}',
    '\u{11650}',
    '\u{116C0}',
    '\u{11730}',
    '\u{118E0}',
    '\u{11950}',
    '\u{11C50}',
    '\u{11D50}',
    '\u{11DA0}',
    '\u{11F50}',
    '\u{16A60}',
    '\u{16AC0}',
    '\u{16B50}',
    '\u{1D7CE}',
    '\u{1D7D8}',
    '\u{1D7E2}',
    '\u{1D7EC}',
    '\u{1D7F6}',
    '\u{1E140}',
    '\u{1E2F0}',
    '\u{1E4F0}',
    '\u{1E950}',
    '\u{1FBF0}',
];

/// Value of a decimal digit of any script, 0 to 9.
///
/// `None` for everything else, also for other numerals such as `²`, `Ⅷ` and `½`.
pub(super) fn decimal_value(c: char) -> Option<u32> {
    if c.is_ascii() {
        return c.to_digit(10);
    }
    let after = ZEROS.partition_point(|zero| *zero <= c);
    let zero = ZEROS.get(after.checked_sub(1)?)?;
    let value = u32::from(c) - u32::from(*zero);
    (value < 10).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_sorted_and_do_not_overlap() {
        for pair in ZEROS.windows(2) {
            assert!(u32::from(pair[0]) + 10 <= u32::from(pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn every_digit_of_every_run_has_its_value() {
        for zero in ZEROS {
            assert!(zero.is_numeric(), "{zero:?}");
            for value in 0..10 {
                let digit = char::from_u32(u32::from(zero) + value).unwrap();
                assert_eq!(decimal_value(digit), Some(value));
            }
        }
    }

    #[test]
    fn all_other_characters_have_none() {
        let digits = (0..=u32::from(char::MAX)).filter_map(char::from_u32);
        assert_eq!(digits.filter(|c| decimal_value(*c).is_some()).count(), 10 * (ZEROS.len() + 1));
        for c in ['a', '²', 'Ⅷ', '½', '一', '\u{66A}', '\u{FF0F}', char::MAX] {
            assert_eq!(decimal_value(c), None);
        }
    }
}
