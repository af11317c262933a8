//! Control of false discoveries when many hypotheses are tested at once.

use super::describe::real;

/// Adjusted p-values after Benjamini and Hochberg, in the order given.
///
/// With the p-values in ascending order `p₍₁₎ … p₍ₘ₎` the adjusted one is `q₍ᵢ₎ = min over j ≥ i of
/// p₍ⱼ₎ m / j`, at most 1. Accepting every hypothesis with `q <= α` keeps the expected share of false ones
/// among the accepted at `α` or below, for independent and for positively dependent tests; when no hypothesis
/// is true, the probability of accepting any is at most `α`. NaN counts as 1.
///
/// ```
/// use landfast_analytics::stats::benjamini_hochberg;
/// assert_eq!(benjamini_hochberg(&[1.0, 0.25]), [1.0, 0.5]);
/// assert_eq!(benjamini_hochberg(&[0.25, 0.125]), [0.25, 0.25]);
/// assert!(benjamini_hochberg(&[]).is_empty());
/// ```
#[must_use]
pub fn benjamini_hochberg(p_values: &[f64]) -> Vec<f64> {
    let total = real(p_values.len());
    let mut order: Vec<(usize, f64)> =
        p_values.iter().map(|p| if p.is_nan() { 1.0 } else { p.clamp(0.0, 1.0) }).enumerate().collect();
    order.sort_by(|(_, a), (_, b)| a.total_cmp(b));
    let mut adjusted = vec![1.0; p_values.len()];
    let mut smallest = 1.0_f64;
    for (rank, (place, p)) in order.iter().enumerate().rev() {
        smallest = smallest.min(p * (total / real(rank + 1)));
        if let Some(q) = adjusted.get_mut(*place) {
            *q = smallest;
        }
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Random;
    use proptest::prelude::*;

    #[test]
    fn the_published_example_accepts_four() {
        // Benjamini and Hochberg 1995, section 3.1: 15 hypotheses, at 5 % the first four are accepted.
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
            0.7590, 1.0,
        ];
        assert_eq!(benjamini_hochberg(&p).iter().filter(|q| **q <= 0.05).count(), 4);
    }

    #[test]
    fn without_a_true_hypothesis_hardly_any_family_accepts_one() {
        let mut random = Random::seeded(11);
        let families = 4000;
        let wrong = (0..families)
            .filter(|_| {
                let p: Vec<f64> = (0..30).map(|_| random.unit()).collect();
                benjamini_hochberg(&p).iter().any(|q| *q <= 0.05)
            })
            .count();
        // Exactly 5 % are expected; three standard deviations are 1 %.
        assert!((160..=241).contains(&wrong), "{wrong}");
    }

    proptest! {
        #[test]
        fn adjusting_raises_and_keeps_the_order(p in prop::collection::vec(0.0..1.0_f64, 0..40)) {
            let q = benjamini_hochberg(&p);
            for (a, qa) in p.iter().zip(&q) {
                prop_assert!(qa >= a && *qa <= 1.0);
                for (b, qb) in p.iter().zip(&q) {
                    prop_assert!(a > b || qa <= qb);
                }
            }
        }
    }
}
