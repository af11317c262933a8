//! Comparison of two samples.

use super::describe::{mean, real, sample_variance};
use super::distribution::{t_p_value, t_two_sided};
use super::proportion::Interval;
use serde::Serialize;

/// How far the mean of a second sample lies from that of a first one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Difference {
    /// Size of the first sample.
    pub n_first: usize,
    /// Size of the second sample.
    pub n_second: usize,
    /// Mean of the first sample; `None` when it is empty.
    pub mean_first: Option<f64>,
    /// Mean of the second sample; `None` when it is empty.
    pub mean_second: Option<f64>,
    /// Mean of the second sample minus that of the first.
    pub difference: Option<f64>,
    /// 95 % interval of the difference after Welch; `None` unless both samples have two values and one varies.
    pub interval_95: Option<Interval>,
    /// Two-sided p-value of "no difference" after Welch; `None` as for the interval.
    pub p_value: Option<f64>,
    /// Hedges' g: the difference in pooled standard deviations, corrected for small samples.
    pub effect_size: Option<f64>,
}

/// Compares the means of two samples without assuming equal variances (Welch).
///
/// `t = (ȳ - x̄) / √(s²ₓ/nₓ + s²ᵧ/nᵧ)`, with the degrees of freedom of Welch and Satterthwaite.
///
/// ```
/// use landfast_analytics::stats::compare_means;
/// let answer = compare_means(&[10.0, 12.0, 11.0], &[15.0, 17.0, 16.0]);
/// assert_eq!(answer.difference, Some(5.0));
/// assert!(answer.p_value.unwrap() < 0.01);
/// ```
#[must_use]
pub fn compare_means(first: &[f64], second: &[f64]) -> Difference {
    let (mean_first, mean_second) = (mean(first), mean(second));
    let difference = mean_first.zip(mean_second).map(|(first, second)| second - first);
    let mut answer = Difference {
        n_first: first.len(),
        n_second: second.len(),
        mean_first,
        mean_second,
        difference,
        interval_95: None,
        p_value: None,
        effect_size: None,
    };
    let (Some(difference), Some(var_first), Some(var_second)) =
        (difference, sample_variance(first), sample_variance(second))
    else {
        return answer;
    };
    let (n_first, n_second) = (real(first.len()), real(second.len()));
    let (share_first, share_second) = (var_first / n_first, var_second / n_second);
    let error = (share_first + share_second).sqrt();
    if error <= 0.0 {
        return answer;
    }
    let degrees = (share_first + share_second).powi(2)
        / (share_first * share_first / (n_first - 1.0) + share_second * share_second / (n_second - 1.0));
    let reach = t_two_sided(0.05, degrees) * error;
    answer.interval_95 = Some(Interval { low: difference - reach, high: difference + reach });
    answer.p_value = Some(t_p_value(difference / error, degrees));
    let free = n_first + n_second - 2.0;
    let pooled = (((n_first - 1.0) * var_first + (n_second - 1.0) * var_second) / free).sqrt();
    answer.effect_size = Some(difference / pooled * (1.0 - 3.0 / (4.0 * free - 1.0)));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Random;

    #[test]
    fn an_example_computed_by_hand() {
        // Both variances are 1, so t² = 25 / (2/3) with four degrees of freedom, whose distribution is algebraic.
        let answer = compare_means(&[10.0, 12.0, 11.0], &[15.0, 17.0, 16.0]);
        let (t, scaled) = (37.5_f64.sqrt(), 1.0_f64 + 37.5 / 4.0);
        let p = 1.0 - 0.75 * t / scaled.sqrt() * (1.0 - 37.5 / (12.0 * scaled));
        assert!((answer.p_value.unwrap() - p).abs() < 1e-12, "{answer:?}");
        let Interval { low, high } = answer.interval_95.unwrap();
        assert!(
            (high - 5.0 - 2.776_445_105_197_8 * (2.0_f64 / 3.0).sqrt()).abs() < 1e-9
                && (low + high - 10.0).abs() < 1e-9
        );
        assert!((answer.effect_size.unwrap() - 4.0).abs() < 1e-12);
    }

    #[test]
    fn what_cannot_be_compared_has_no_p_value() {
        let empty = compare_means(&[], &[1.0, 2.0]);
        assert_eq!((empty.mean_first, empty.difference, empty.p_value), (None, None, None));
        let constant = compare_means(&[3.0, 3.0], &[4.0, 4.0]);
        assert_eq!((constant.difference, constant.p_value, constant.effect_size), (Some(1.0), None, None));
    }

    #[test]
    fn equal_distributions_are_told_apart_in_about_5_of_100_cases() {
        let mut random = Random::seeded(5);
        let wrong = (0..2000)
            .filter(|_| {
                let mut sample = |n: usize| -> Vec<f64> { (0..n).map(|_| random.unit()).collect() };
                let (first, second) = (sample(15), sample(40));
                compare_means(&first, &second).p_value.unwrap() < 0.05
            })
            .count();
        assert!((70..=130).contains(&wrong), "{wrong}");
    }
}
