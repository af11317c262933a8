//! Distribution functions that tests and intervals need.

/// Two-sided p-value of Student's t: the probability of a value as far from 0 as `t` or farther.
///
/// `p = I_x(ν/2, 1/2)` with `x = ν / (ν + t²)`, where `I` is the regularised incomplete beta function and
/// `ν > 0` the degrees of freedom, whole or not. From 0 to 1; NaN for `ν <= 0` and for NaN.
///
/// ```
/// use landfast_analytics::stats::t_p_value;
/// assert!((t_p_value(2.262_157_162_854_1, 9.0) - 0.05).abs() < 1e-9);
/// assert_eq!(t_p_value(0.0, 9.0), 1.0);
/// ```
#[must_use]
pub fn t_p_value(t: f64, degrees: f64) -> f64 {
    if t.is_nan() || degrees.is_nan() || degrees <= 0.0 {
        return f64::NAN;
    }
    if t.is_infinite() {
        return 0.0;
    }
    incomplete_beta(degrees / 2.0, 0.5, degrees / (degrees + t * t))
}

/// The value that Student's t exceeds on either side with probability `p` in total, `0 < p < 1`.
///
/// The inverse of [`t_p_value`], by bisection. NaN for `ν <= 0` and for a `p` outside of the range.
///
/// ```
/// use landfast_analytics::stats::t_two_sided;
/// assert!((t_two_sided(0.05, 9.0) - 2.262_157_162_854_1).abs() < 1e-9);
/// ```
#[must_use]
pub fn t_two_sided(p: f64, degrees: f64) -> f64 {
    if !(p > 0.0 && p < 1.0 && degrees > 0.0) {
        return f64::NAN;
    }
    let (mut low, mut high) = (0.0, 1.0);
    while t_p_value(high, degrees) > p && high < 1e300 {
        high *= 2.0;
    }
    // Each step halves the interval; after 200 it is as narrow as doubles allow.
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if t_p_value(middle, degrees) > p { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

/// Natural logarithm of the gamma function for `x > 0` (Lanczos, relative error below `1e-13`).
///
/// ```
/// use landfast_analytics::stats::ln_gamma;
/// assert!((ln_gamma(5.0) - 24.0_f64.ln()).abs() < 1e-12);
/// ```
#[must_use]
pub fn ln_gamma(x: f64) -> f64 {
    const G: f64 = 607.0 / 128.0;
    const COEFFICIENTS: [f64; 14] = [
        57.156_235_665_862_92,
        -59.597_960_355_475_49,
        14.136_097_974_741_746,
        -0.491_913_816_097_620_2,
        3.399_464_998_481_189e-5,
        4.652_362_892_704_858e-5,
        -9.837_447_530_487_956e-5,
        0.000_158_088_703_224_912_5,
        -0.000_210_264_441_724_104_88,
        0.000_217_439_618_115_212_65,
        -0.000_164_318_106_536_763_9,
        8.441_822_398_385_275e-5,
        -2.619_083_840_158_140_8e-5,
        3.689_918_265_953_162_5e-6,
    ];
    const ROOT_OF_TAU: f64 = 2.506_628_274_631_000_7;
    let base = x + G + 0.5;
    let mut denominator = x;
    let mut series = 0.999_999_999_999_997_1;
    for coefficient in COEFFICIENTS {
        denominator += 1.0;
        series += coefficient / denominator;
    }
    (x + 0.5) * base.ln() - base + (ROOT_OF_TAU * series / x).ln()
}

/// Regularised incomplete beta function `I_x(a, b)` for `a, b > 0` and `0 <= x <= 1`, by continued fraction.
fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let front = (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (1.0 - x).ln()).exp();
    // The fraction converges quickly below the mean only; above it the complement does.
    if x < (a + 1.0) / (a + b + 2.0) {
        front * fraction(a, b, x) / a
    } else {
        1.0 - front * fraction(b, a, 1.0 - x) / b
    }
}

/// The continued fraction of the incomplete beta function, evaluated by Lentz's method.
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away_from_zero = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut result = d;
    for step in 1..500_u16 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away_from_zero(1.0 + even * d);
        c = away_from_zero(1.0 + even / c);
        result *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away_from_zero(1.0 + odd * d);
        c = away_from_zero(1.0 + odd / c);
        result *= d * c;
        if (d * c - 1.0).abs() < 1e-15 {
            break;
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_values_are_those_of_tables() {
        for (t, degrees, p) in [
            (12.706_204_736_432_1, 1.0, 0.05),
            (4.302_652_729_696_14, 2.0, 0.05),
            (2.570_581_835_636_31, 5.0, 0.05),
            (1.812_461_122_811_68, 10.0, 0.1),
            (2.750_0, 30.0, 0.010_000_1),
            (1.959_963_984_540_05, 1e9, 0.05),
        ] {
            assert!((t_p_value(t, degrees) - p).abs() < 1e-6, "{t} {degrees}: {}", t_p_value(t, degrees));
            assert_eq!(t_p_value(-t, degrees), t_p_value(t, degrees));
        }
    }

    #[test]
    fn one_degree_of_freedom_is_the_cauchy_distribution() {
        for t in [0.1_f64, 0.5, 1.0, 3.0, 100.0] {
            let exact = 1.0 - 2.0 * t.atan() / std::f64::consts::PI;
            assert!((t_p_value(t, 1.0) - exact).abs() < 1e-12);
        }
    }

    #[test]
    fn what_makes_no_sense_is_not_a_number() {
        assert!(t_p_value(1.0, 0.0).is_nan() && t_p_value(f64::NAN, 3.0).is_nan());
        assert!(t_two_sided(1.5, 3.0).is_nan() && t_two_sided(0.05, 0.0).is_nan());
        assert_eq!(t_p_value(f64::INFINITY, 3.0), 0.0);
    }

    #[test]
    fn the_inverse_brings_back_the_p_value() {
        for degrees in [0.7, 1.0, 4.2, 60.0, 288.0] {
            for p in [0.001, 0.05, 0.5, 0.99] {
                assert!((t_p_value(t_two_sided(p, degrees), degrees) - p).abs() < 1e-12);
            }
        }
    }
}
