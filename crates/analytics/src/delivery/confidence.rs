//! How sure a date is: intervals around a forecast, and the chance to meet a deadline (delivery specification
//! 5.7).

use super::numbers::{deviation, mean_or_zero};

/// Days the original adds to a forecast without any spread, for its 95 % date.
const FALLBACK_DAYS: f64 = 14.0;

/// Days after which work is done with a certain probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Intervals {
    /// D, the forecast itself.
    pub days_50: f64,
    /// D + 0.84·s.
    pub days_80: f64,
    /// D + 1.65·s.
    pub days_95: f64,
}

/// Intervals around a forecast of D days, with s = D·σ/mean of the weekly velocity; s = 0 when the mean is 0.
///
/// ```
/// use landfast_analytics::delivery::confidence::confidence_intervals;
/// let interval = confidence_intervals(100.0, 10.0, 2.0);
/// assert_eq!((interval.days_50, interval.days_80, interval.days_95), (100.0, 116.8, 133.0));
/// ```
#[must_use]
pub fn confidence_intervals(days: f64, mean: f64, deviation: f64) -> Intervals {
    let spread = if mean > 0.0 { days * (deviation / mean) } else { 0.0 };
    Intervals { days_50: days, days_80: days + 0.84 * spread, days_95: days + 1.65 * spread }
}

/// Probability in percent, 0 to 100, that work forecast to take D days is done by the deadline:
/// Φ((days to the deadline − D)/s)·100 with s = D·σ/mean.
///
/// Mean 0: 50. s = 0: 100 when the deadline is not before the forecast, else 0.
///
/// ```
/// use landfast_analytics::delivery::confidence::deadline_probability;
/// assert_eq!(deadline_probability(100.0, 100.0, 1.5, 10.0), 50.0);
/// assert_eq!(deadline_probability(90.0, 100.0, 0.0, 10.0), 0.0);
/// ```
#[must_use]
pub fn deadline_probability(days_to_deadline: f64, days: f64, deviation: f64, mean: f64) -> f64 {
    if mean == 0.0 {
        return 50.0;
    }
    let spread = days * (deviation / mean);
    if spread == 0.0 {
        return if days_to_deadline >= days { 100.0 } else { 0.0 };
    }
    normal_probability((days_to_deadline - days) / spread) * 100.0
}

/// What the dashboard says about a deadline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outlook {
    /// Days after which work is done with 95 % probability.
    pub days_95: f64,
    /// Probability in percent to meet the deadline; `None` without one.
    pub probability: Option<f64>,
    /// Whether there was too little to tell a spread, so the numbers are rules of thumb.
    pub is_rule_of_thumb: bool,
}

impl Outlook {
    /// `green` from 70 %, `amber` from 40 %, else `red`; `None` without a deadline.
    #[must_use]
    pub fn colour(&self) -> Option<&'static str> {
        Some(match self.probability? {
            probability if probability >= 70.0 => "green",
            probability if probability >= 40.0 => "amber",
            _ => "red",
        })
    }
}

/// Outlook for a forecast of D days from the items of each observed row.
///
/// s = D·CV·√(max(1, D/7) / rows), CV = σ/mean of the rows with the σ of a sample; 95 %: D + 1.65·s;
/// probability: 100/(1 + e^(−1.7·z)) with z = (deadline − D)/s. Without spread or with fewer than two rows:
/// D + 14 days, and 75 % if D is within the deadline, else 25 %.
#[must_use]
pub fn deadline_outlook(days: f64, weekly: &[f64], days_to_deadline: Option<f64>) -> Outlook {
    let mean = mean_or_zero(weekly);
    let observed = super::numbers::count(weekly.len());
    let variation = deviation(weekly, 1).filter(|_| mean > 0.0).map(|deviation| deviation / mean);
    let spread = variation.map(|variation| days * variation * ((days / 7.0).max(1.0) / observed).sqrt());
    match spread.filter(|spread| *spread > 0.0) {
        Some(spread) => Outlook {
            days_95: days + 1.65 * spread,
            probability: days_to_deadline.map(|deadline| {
                let z = (deadline - days) / spread;
                (100.0 / (1.0 + (-1.7 * z).exp())).clamp(0.0, 100.0)
            }),
            is_rule_of_thumb: false,
        },
        None => Outlook {
            days_95: days + FALLBACK_DAYS,
            probability: days_to_deadline.map(|deadline| if days <= deadline { 75.0 } else { 25.0 }),
            is_rule_of_thumb: true,
        },
    }
}

/// Φ(z), the probability that a standard normal variable is at most z; exact to about 1e-15.
///
/// ```
/// use landfast_analytics::delivery::confidence::normal_probability;
/// assert_eq!(normal_probability(0.0), 0.5);
/// assert!((normal_probability(1.6448536269514722) - 0.95).abs() < 1e-14);
/// ```
#[must_use]
pub fn normal_probability(z: f64) -> f64 {
    if z.is_nan() {
        return z;
    }
    let upper = upper_tail(z.abs());
    if z > 0.0 { 1.0 - upper } else { upper }
}

/// 1 − Φ(z) for z ≥ 0.
fn upper_tail(z: f64) -> f64 {
    let density = (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt();
    if z < 3.0 {
        // Φ(z) = 1/2 + φ(z)·(z + z³/3 + z⁵/(3·5) + …): all terms are positive, so nothing cancels.
        let (mut term, mut sum, mut odd) = (z, z, 1.0);
        while term > sum * 1e-17 {
            odd += 2.0;
            term *= z * z / odd;
            sum += term;
        }
        return 0.5 - density * sum;
    }
    // The tail as a continued fraction: φ(z)/(z + 1/(z + 2/(z + 3/(z + …)))).
    let fraction = (1..=100_u32).rev().fold(z, |below, k| z + f64::from(k) / below);
    density / fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_distribution_is_known() {
        for (z, probability) in [
            (0.5, 0.691_462_461_274_013_1),
            (2.0 / 3.0, 0.747_507_462_453_077_1),
            (1.0, 0.841_344_746_068_542_9),
            (2.999_999, 0.998_650_097_5),
            (3.0, 0.998_650_101_968_369_9),
            (-6.0, 9.865_876_450_376_98e-10),
        ] {
            let found = normal_probability(z);
            assert!((found - probability).abs() <= 1e-9 * probability, "{z}: {found}");
        }
        assert_eq!((normal_probability(60.0), normal_probability(f64::NEG_INFINITY)), (1.0, 0.0));
    }

    #[test]
    fn a_forecast_without_spread_is_certain() {
        let interval = confidence_intervals(100.0, 10.0, 0.0);
        assert_eq!((interval.days_80, interval.days_95), (100.0, 100.0));
        assert_eq!(confidence_intervals(100.0, 0.0, 2.0), interval);
        assert_eq!(deadline_probability(10.0, 10.0, 1.0, 0.0), 50.0);
    }

    #[test]
    fn an_outlook_says_when_it_knows_little() {
        let unknown = deadline_outlook(30.0, &[4.0], Some(29.0));
        assert_eq!((unknown.days_95, unknown.probability, unknown.is_rule_of_thumb), (44.0, Some(25.0), true));
        assert_eq!(unknown.colour(), Some("red"));
        let known = deadline_outlook(28.0, &[2.0, 4.0, 6.0, 4.0], Some(28.0));
        assert_eq!((known.probability, known.colour(), known.is_rule_of_thumb), (Some(50.0), Some("amber"), false));
        assert!(deadline_outlook(28.0, &[2.0, 4.0], None).colour().is_none());
    }
}
