//! Where one attribute changes with another, by bins of equal width.

use crate::stats::{mean, range, real};
use landfast_domain::text::round_to;
use serde::Serialize;

/// What the dependent attribute is within a bin of the independent one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bin {
    /// The bin as `(a, b]`, edges with up to 3 decimals.
    pub range: String,
    /// Mean of the dependent attribute, 4 decimals; `None` for an empty bin.
    pub dependent_avg: Option<f64>,
    /// Number of pairs in the bin.
    pub count: usize,
}

/// Bins with the best of them.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Thresholds {
    /// Bins in ascending order.
    pub bins: Vec<Bin>,
    /// First bin with the largest mean; `None` without bins.
    pub best_max: Option<Bin>,
    /// First bin with the smallest mean; `None` without bins.
    pub best_min: Option<Bin>,
}

/// Divides the range of `independent` into bins of equal width and averages `dependent` in each.
///
/// The number of bins is `max(1, min(bins, distinct values))`. Bins are closed on the right; the first edge is
/// lowered by 0.1 % of the range, so that the minimum is in. A constant is widened to both sides by 0.1 % of its
/// magnitude, or by 0.001 when it is 0. Nothing for fewer than two pairs.
///
/// ```
/// use landfast_analytics::tasks::relations::find_thresholds;
/// let answer = find_thresholds(&[10.0, 20.0, 60.0], &[0.0, 4.0, 10.0], 2);
/// assert_eq!(answer.bins[0].range, "(-0.01, 5.0]");
/// assert_eq!((answer.bins[0].dependent_avg, answer.bins[1].count), (Some(15.0), 1));
/// assert_eq!(answer.best_max.unwrap().dependent_avg, Some(60.0));
/// ```
#[must_use]
pub fn find_thresholds(dependent: &[f64], independent: &[f64], bins: usize) -> Thresholds {
    let Some((low, high)) = range(independent).filter(|_| independent.len() >= 2) else { return Thresholds::default() };
    let edges = edges(low, high, bins.min(distinct(independent)).max(1));
    let mut members: Vec<Vec<f64>> = vec![Vec::new(); edges.len().saturating_sub(1)];
    for (y, x) in dependent.iter().zip(independent) {
        // The first edge that is not below x closes the bin of x.
        let closing = edges.partition_point(|edge| edge < x);
        if let Some(bin) = closing.checked_sub(1).and_then(|bin| members.get_mut(bin)) {
            bin.push(*y);
        }
    }
    let limits = edges.iter().zip(edges.iter().skip(1));
    let bins: Vec<Bin> = limits
        .zip(&members)
        .map(|((from, to), values)| Bin {
            range: format!("({}, {}]", edge_text(*from), edge_text(*to)),
            dependent_avg: mean(values).map(|mean| round_to(mean, 4)),
            count: values.len(),
        })
        .collect();
    let best = |better: fn(f64, f64) -> bool| {
        let known = bins.iter().filter_map(|bin| Some((bin, bin.dependent_avg?)));
        let first = known.reduce(|best, bin| if better(bin.1, best.1) { bin } else { best });
        first.map(|(bin, _)| bin.clone())
    };
    Thresholds { best_max: best(|new, old| new > old), best_min: best(|new, old| new < old), bins }
}

fn edges(low: f64, high: f64, bins: usize) -> Vec<f64> {
    if low == high {
        let reach = if low == 0.0 { 0.001 } else { 0.001 * low.abs() };
        let width = 2.0 * reach / real(bins);
        let mut edges: Vec<f64> = (0..bins).map(|bin| low - reach + real(bin) * width).collect();
        edges.push(high + reach);
        return edges;
    }
    let width = (high - low) / real(bins);
    let mut edges: Vec<f64> = (0..bins).map(|bin| low + real(bin) * width).collect();
    edges.push(high);
    if let Some(first) = edges.first_mut() {
        *first -= 0.001 * (high - low);
    }
    edges
}

fn distinct(values: &[f64]) -> usize {
    let mut ordered = crate::stats::ascending(values);
    ordered.dedup();
    ordered.len()
}

/// A number with up to three decimals, but at least one.
fn edge_text(edge: f64) -> String {
    landfast_domain::text::python_float_repr(round_to(edge, 3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_constant_has_one_bin_around_it() {
        assert_eq!(find_thresholds(&[1.0, 3.0], &[50.0, 50.0], 4).bins[0].range, "(49.95, 50.05]");
        let zero = find_thresholds(&[1.0, 3.0], &[0.0, 0.0], 4);
        assert_eq!((zero.bins.len(), zero.bins[0].range.as_str(), zero.bins[0].count), (1, "(-0.001, 0.001]", 2));
    }

    #[test]
    fn an_empty_bin_has_no_mean_and_wins_nothing() {
        let answer = find_thresholds(&[-5.0, -5.0, -9.0, -9.0], &[0.0, 1.0, 9.0, 10.0], 4);
        assert_eq!((answer.bins[1].count, answer.bins[1].dependent_avg), (0, None));
        assert_eq!(answer.best_max, Some(answer.bins[0].clone()));
        assert_eq!(answer.best_min, Some(answer.bins[3].clone()));
    }

    #[test]
    fn one_pair_is_not_enough() {
        assert_eq!(find_thresholds(&[1.0], &[1.0], 4), Thresholds::default());
    }

    proptest! {
        #[test]
        fn every_pair_is_in_a_bin(pairs in prop::collection::vec((-50..50_i32, -50..50_i32), 2..60), bins in 1..12_usize) {
            let (y, x): (Vec<f64>, Vec<f64>) = pairs.iter().map(|(y, x)| (f64::from(*y), f64::from(*x))).unzip();
            let answer = find_thresholds(&y, &x, bins);
            prop_assert!(answer.bins.len() <= bins);
            prop_assert_eq!(answer.bins.iter().map(|bin| bin.count).sum::<usize>(), pairs.len());
        }
    }
}
