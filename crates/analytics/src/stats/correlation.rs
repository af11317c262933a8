//! Correlation of two lists of numbers, with its uncertainty.

use super::describe::{ascending, mean, real};
use super::distribution::t_p_value;
use super::proportion::{Interval, Z_95};
use serde::Serialize;

/// How a correlation is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Pearson's r: how well a straight line describes the relation.
    Pearson,
    /// Spearman's rho: Pearson's r of the average ranks; any rising or falling relation counts.
    Spearman,
}

impl Method {
    /// The method of this name; everything but `spearman` is Pearson's.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        if name == "spearman" { Self::Spearman } else { Self::Pearson }
    }

    /// Lower-case name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pearson => "pearson",
            Self::Spearman => "spearman",
        }
    }
}

/// A correlation with sample size, p-value and interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Correlation {
    /// Method of measurement.
    pub method: Method,
    /// Number of pairs.
    pub n: usize,
    /// Coefficient from -1 to 1; `None` for fewer than two pairs and for a constant side.
    pub correlation: Option<f64>,
    /// Two-sided p-value of "no correlation": `t = r √((n - 2) / (1 - r²))` with `n - 2` degrees of freedom.
    /// `None` without coefficient; 1 for two pairs, which any line fits.
    pub p_value: Option<f64>,
    /// Share of the variance explained, `r²`.
    pub r_squared: Option<f64>,
    /// Ends of the 95 % interval by Fisher's z: `tanh(artanh r ± z σ)` with `σ = 1/√(n - 3)`, for Spearman
    /// `σ = √((1 + r²/2) / (n - 3))` after Bonett and Wright. `None` for fewer than four pairs.
    pub interval_95: Option<Interval>,
}

/// Correlates two lists; the longer one's surplus is ignored.
///
/// ```
/// use landfast_analytics::stats::{Method, correlate};
///
/// let answer = correlate(&[1.0, 2.0, 3.0, 4.0], &[1.0, 4.0, 9.0, 16.0], Method::Spearman);
/// assert_eq!((answer.n, answer.correlation, answer.p_value), (4, Some(1.0), Some(0.0)));
/// assert_eq!(correlate(&[1.0, 2.0], &[5.0, 5.0], Method::Pearson).correlation, None);
/// ```
#[must_use]
pub fn correlate(x: &[f64], y: &[f64], method: Method) -> Correlation {
    let n = x.len().min(y.len());
    let (x, y) = (x.get(..n).unwrap_or_default(), y.get(..n).unwrap_or_default());
    let correlation = match method {
        Method::Pearson => pearson(x, y),
        Method::Spearman => pearson(&average_ranks(x), &average_ranks(y)),
    };
    Correlation {
        method,
        n,
        correlation,
        p_value: correlation.map(|r| p_value(r, n)),
        r_squared: correlation.map(|r| r * r),
        interval_95: correlation.and_then(|r| interval(r, n, method)),
    }
}

/// Word for the strength: `|r|` from 0.7 `strong`, from 0.4 `moderate`, from 0.2 `weak`, else `very weak`.
#[must_use]
pub fn strength(correlation: f64) -> &'static str {
    match correlation.abs() {
        r if r >= 0.7 => "strong",
        r if r >= 0.4 => "moderate",
        r if r >= 0.2 => "weak",
        _ => "very weak",
    }
}

/// Ranks from 1; equal values share the mean of their ranks.
///
/// ```
/// assert_eq!(landfast_analytics::stats::average_ranks(&[30.0, 10.0, 30.0]), [2.5, 1.0, 2.5]);
/// ```
#[must_use]
pub fn average_ranks(values: &[f64]) -> Vec<f64> {
    let ordered = ascending(values);
    let rank = |value: &f64| {
        let below = ordered.partition_point(|other| other.total_cmp(value).is_lt());
        let up_to = ordered.partition_point(|other| other.total_cmp(value).is_le());
        (real(below + up_to) + 1.0) / 2.0
    };
    // Adding zero makes one value of the two zeros.
    values.iter().map(|value| rank(&(value + 0.0))).collect()
}

fn pearson(x: &[f64], y: &[f64]) -> Option<f64> {
    if x.len() < 2 || is_constant(x) || is_constant(y) {
        return None;
    }
    let (mean_x, mean_y) = (mean(x)?, mean(y)?);
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (a, b) in x.iter().zip(y) {
        let (a, b) = (a - mean_x, b - mean_y);
        xx += a * a;
        yy += b * b;
        xy += a * b;
    }
    let r = xy / (xx * yy).sqrt();
    r.is_finite().then(|| r.clamp(-1.0, 1.0))
}

fn is_constant(values: &[f64]) -> bool {
    values.first().is_none_or(|first| values.iter().all(|value| value == first))
}

fn p_value(r: f64, n: usize) -> f64 {
    if n <= 2 {
        return 1.0;
    }
    let degrees = real(n - 2);
    t_p_value(r * (degrees / (1.0 - r * r)).sqrt(), degrees)
}

fn interval(r: f64, n: usize, method: Method) -> Option<Interval> {
    let degrees = real(n.checked_sub(3).filter(|degrees| *degrees > 0)?);
    let variance = match method {
        Method::Pearson => 1.0 / degrees,
        Method::Spearman => (1.0 + r * r / 2.0) / degrees,
    };
    let reach = Z_95 * variance.sqrt();
    let z = r.atanh();
    Some(Interval { low: (z - reach).tanh(), high: (z + reach).tanh() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Random;
    use proptest::prelude::*;

    #[test]
    fn a_known_example() {
        // Anscombe's first data set.
        let x = [10.0, 8.0, 13.0, 9.0, 11.0, 14.0, 6.0, 4.0, 12.0, 7.0, 5.0];
        let y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
        let pearson = correlate(&x, &y, Method::Pearson);
        assert!((pearson.correlation.unwrap() - 0.816_420_516_344_84).abs() < 1e-12);
        assert!((pearson.p_value.unwrap() - 0.002_169_628_873_08).abs() < 1e-9);
        let Interval { low, high } = pearson.interval_95.unwrap();
        assert!((low - 0.424_391_2).abs() < 1e-6 && (high - 0.950_693_3).abs() < 1e-6, "{low} {high}");
        assert!((correlate(&x, &y, Method::Spearman).correlation.unwrap() - 0.818_181_818_181_82).abs() < 1e-12);
    }

    #[test]
    fn too_little_gives_no_coefficient() {
        let empty = correlate(&[], &[], Method::Pearson);
        assert_eq!((empty.n, empty.correlation, empty.interval_95), (0, None, None));
        assert_eq!(correlate(&[1.0], &[1.0], Method::Spearman).correlation, None);
        let two = correlate(&[1.0, 2.0], &[5.0, 3.0], Method::Pearson);
        assert_eq!((two.correlation, two.p_value, two.interval_95), (Some(-1.0), Some(1.0), None));
    }

    #[test]
    fn the_interval_holds_the_true_value_in_about_95_of_100_samples() {
        // y = 0.6 x + 0.8 e with normal x and e has the true correlation 0.6.
        let mut random = Random::seeded(20_251_227);
        let mut normal = || (-2.0 * (1.0 - random.unit()).ln()).sqrt() * (std::f64::consts::TAU * random.unit()).cos();
        let held = (0..1000)
            .filter(|_| {
                let x: Vec<f64> = (0..40).map(|_| normal()).collect();
                let y: Vec<f64> = x.iter().map(|x| 0.6 * x + 0.8 * normal()).collect();
                let Interval { low, high } = correlate(&x, &y, Method::Pearson).interval_95.unwrap();
                low <= 0.6 && 0.6 <= high
            })
            .count();
        assert!((930..=970).contains(&held), "{held}");
    }

    proptest! {
        #[test]
        fn the_coefficient_lies_in_its_interval(pairs in prop::collection::vec((-100..100_i32, -100..100_i32), 4..60)) {
            let (x, y): (Vec<f64>, Vec<f64>) = pairs.iter().map(|(x, y)| (f64::from(*x), f64::from(*y))).unzip();
            for method in [Method::Pearson, Method::Spearman] {
                let answer = correlate(&x, &y, method);
                let Some(r) = answer.correlation else { continue };
                let Interval { low, high } = answer.interval_95.unwrap();
                prop_assert!(low - 1e-12 <= r && r <= high + 1e-12);
                prop_assert!((0.0..=1.0).contains(&answer.p_value.unwrap()));
                prop_assert_eq!(correlate(&y, &x, method).n, answer.n);
            }
        }

        #[test]
        fn ranks_add_up(values in prop::collection::vec(-5..5_i32, 1..40)) {
            let values: Vec<f64> = values.into_iter().map(f64::from).collect();
            let n = real(values.len());
            prop_assert_eq!(average_ranks(&values).iter().sum::<f64>(), n * (n + 1.0) / 2.0);
        }
    }
}
