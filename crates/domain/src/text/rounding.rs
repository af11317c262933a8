//! Rounding as CPython does it.

/// Rounds to a whole number, ties to the even neighbour, like Python's `round(x)`.
///
/// Python's result is an `int`, so there is no negative zero: `round(-0.4)` is 0. NaN and the
/// infinities come back unchanged, where Python raises `ValueError` or `OverflowError`.
///
/// ```
/// use landfast_domain::text::round_half_even;
///
/// assert_eq!(round_half_even(42.5), 42.0);
/// assert_eq!(round_half_even(43.5), 44.0);
/// assert!(round_half_even(-0.4).is_sign_positive());
/// ```
#[must_use]
pub fn round_half_even(x: f64) -> f64 {
    // Adding zero turns -0.0 into 0.0 and changes nothing else.
    x.round_ties_even() + 0.0
}

/// Rounds to `digits` decimal places like Python's `round(x, digits)`.
///
/// What is rounded is the exact binary value, so 2.675, which is stored as 2.67499999…, gives 2.67;
/// exact ties such as 0.125 go to the even digit. A negative zero stays negative. NaN and the
/// infinities come back unchanged.
///
/// ```
/// use landfast_domain::text::round_to;
///
/// assert_eq!(round_to(2.675, 2), 2.67);
/// assert_eq!(round_to(0.125, 2), 0.12);
/// assert_eq!(round_to(3.14159, 3), 3.142);
/// ```
#[must_use]
pub fn round_to(x: f64, digits: usize) -> f64 {
    // No finite double changes beyond this many places (CPython draws the line at the same value).
    const ALL_DIGITS: usize = 323;
    if !x.is_finite() || digits > ALL_DIGITS {
        return x;
    }
    quick(x, digits).unwrap_or_else(|| nearest_decimal(x, digits))
}

/// The same by arithmetic, for up to four places of numbers that are not near a tie.
///
/// `x · 10^digits` is off by half a unit of its last place at most, so on which side of a tie it lies is
/// certain unless it is very near one. A whole number below 2^53 divided by a power of ten is the float
/// nearest to that decimal, which is what reading the decimal gives.
fn quick(x: f64, digits: usize) -> Option<f64> {
    const POWERS: [f64; 5] = [1.0, 10.0, 100.0, 1_000.0, 10_000.0];
    const LARGEST: f64 = 1e12;
    let power = POWERS.get(digits)?;
    let scaled = x * power;
    let size = scaled.abs();
    if size > LARGEST {
        return None;
    }
    let distance = (size - size.floor() - 0.5).abs();
    (distance > size * 1e-15).then(|| scaled.round_ties_even() / power)
}

/// Formatting rounds the exact binary value with ties to even, and reading rounds correctly, which
/// are the two steps CPython takes as well.
fn nearest_decimal(x: f64, digits: usize) -> f64 {
    format!("{x:.digits$}").parse().expect("a formatted float is a float")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_take_the_even_neighbour() {
        for (x, rounded) in [
            (0.5, 0.0),
            (1.5, 2.0),
            (2.5, 2.0),
            (-0.5, 0.0),
            (-1.5, -2.0),
            (42.5, 42.0),
            (43.5, 44.0),
            (0.499_999_999_999_999_94, 0.0),
            (4_503_599_627_370_497.5, 4_503_599_627_370_498.0),
            (1e300, 1e300),
        ] {
            assert_eq!(round_half_even(x).to_bits(), f64::to_bits(rounded), "{x}");
        }
        assert!(round_half_even(f64::NAN).is_nan());
        assert_eq!(round_half_even(f64::NEG_INFINITY), f64::NEG_INFINITY);
    }

    #[test]
    fn places_are_counted_on_the_exact_binary_value() {
        for (x, digits, rounded) in [
            (2.675, 2, 2.67),
            (1.005, 2, 1.0),
            (0.5, 0, 0.0),
            (2.5, 0, 2.0),
            (-0.4, 0, -0.0),
            (0.125, 2, 0.12),
            (0.375, 2, 0.38),
            (0.25, 1, 0.2),
            (0.35, 1, 0.3),
            (1e22, 2, 1e22),
            (5e-324, 323, 0.0),
            (5e-324, 324, 5e-324),
            (f64::MAX, 0, f64::MAX),
        ] {
            assert_eq!(round_to(x, digits).to_bits(), f64::to_bits(rounded), "{x} {digits}");
        }
        assert!(round_to(f64::NAN, 1).is_nan());
        assert_eq!(round_to(f64::INFINITY, 1), f64::INFINITY);
    }

    #[test]
    fn arithmetic_and_formatting_agree() {
        let agree = |x: f64, digits: usize| {
            if let Some(quick) = quick(x, digits) {
                assert_eq!(quick.to_bits(), nearest_decimal(x, digits).to_bits(), "{x} {digits}");
            }
        };
        let mut bits = 0x9e37_79b9_7f4a_7c15_u64;
        for step in 0..20_000_u32 {
            bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let unit = f64::from(u32::try_from(bits >> 32).unwrap()) / f64::from(u32::MAX) - 0.5;
            for digits in 0..5 {
                agree(unit * 10_f64.powi(i32::try_from(step % 16).unwrap() - 3), digits);
            }
            // Decimals that end in a 5 are as near to a tie as a float can be.
            let tie = f64::from(step) / 200.0;
            for x in [tie, -tie, tie.next_up(), tie.next_down(), f64::from(step) / 8.0] {
                (0..5).for_each(|digits| agree(x, digits));
            }
        }
        for x in [0.0, -0.0, -0.4, -0.004, f64::MIN_POSITIVE, 1e12, 1e300, 0.5, 2.5] {
            (0..5).for_each(|digits| agree(x, digits));
        }
        assert_eq!(quick(0.5, 0), None);
        assert!(quick(59.374, 2).is_some());
    }
}
