//! Mean and variance of any stretch of a list, in time that grows with the logarithm of its length.

use std::ops::Range;

/// Stretches up to this length are summed one value after the other, as the definitions say.
const SHORT: usize = 64;

/// Number, mean and sum of squared deviations of some values.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Moments {
    n: f64,
    mean: f64,
    squares: f64,
}

/// A list of values with the moments of its blocks.
///
/// Moments of blocks are merged (Chan, Golub and LeVeque), never subtracted, so that no digits cancel out. The
/// order of merging depends on the list and the stretch alone.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::tasks) struct Stretches {
    values: Vec<f64>,
    /// A tree: the children of node `i` are `2i` and `2i + 1`, the leaves begin at the number of values.
    nodes: Vec<Moments>,
}

impl Moments {
    fn of(value: f64) -> Self {
        Self { n: 1.0, mean: value, squares: 0.0 }
    }

    fn merged(self, other: Self) -> Self {
        if self.n == 0.0 {
            return other;
        }
        if other.n == 0.0 {
            return self;
        }
        let n = self.n + other.n;
        let apart = other.mean - self.mean;
        Self {
            n,
            mean: self.mean + apart * (other.n / n),
            squares: self.squares + other.squares + apart * apart * (self.n * other.n / n),
        }
    }
}

impl Stretches {
    pub(in crate::tasks) fn new(values: Vec<f64>) -> Self {
        let mut nodes = vec![Moments::default(); values.len()];
        nodes.extend(values.iter().map(|value| Moments::of(*value)));
        for place in (1..values.len()).rev() {
            let children = nodes.get(2 * place).zip(nodes.get(2 * place + 1));
            let both = children.map(|(left, right)| left.merged(*right)).unwrap_or_default();
            if let Some(node) = nodes.get_mut(place) {
                *node = both;
            }
        }
        Self { values, nodes }
    }

    pub(in crate::tasks) fn values(&self) -> &[f64] {
        &self.values
    }

    /// Mean of a stretch; `None` for an empty one and beyond the list.
    pub(in crate::tasks) fn mean(&self, stretch: Range<usize>) -> Option<f64> {
        let values = self.values.get(stretch.clone())?;
        if values.len() <= SHORT { super::mean(values) } else { Some(self.moments(stretch).mean) }
    }

    /// Population variance (divisor n) of a stretch; `None` for an empty one and beyond the list.
    pub(in crate::tasks) fn variance(&self, stretch: Range<usize>) -> Option<f64> {
        let values = self.values.get(stretch.clone())?;
        if values.len() <= SHORT {
            return super::spans::population_variance(values);
        }
        let moments = self.moments(stretch);
        Some(moments.squares / moments.n)
    }

    fn moments(&self, stretch: Range<usize>) -> Moments {
        let count = self.values.len();
        let (mut from, mut until) = (stretch.start + count, stretch.end + count);
        let (mut left, mut right) = (Moments::default(), Moments::default());
        let node = |place: usize| self.nodes.get(place).copied().unwrap_or_default();
        while from < until {
            if from % 2 == 1 {
                left = left.merged(node(from));
                from += 1;
            }
            if until % 2 == 1 {
                until -= 1;
                right = node(until).merged(right);
            }
            from /= 2;
            until /= 2;
        }
        left.merged(right)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_has_no_mean() {
        let stretches = Stretches::new(vec![1.0, 2.0]);
        assert_eq!((stretches.mean(1..1), stretches.variance(0..3)), (None, None));
        assert_eq!((stretches.mean(0..2), stretches.variance(0..2)), (Some(1.5), Some(0.25)));
        assert_eq!(Stretches::default().mean(0..0), None);
    }

    proptest! {
        #[test]
        fn long_stretches_have_the_moments_of_their_values(
            values in prop::collection::vec(-500.0..1500.0_f64, 1..400), from in 0..400_usize, length in 1..400_usize
        ) {
            let from = from % values.len();
            let until = (from + length).min(values.len());
            let stretches = Stretches::new(values.clone());
            let plain = &values[from..until];
            let (mean, variance) =
                (crate::tasks::mean(plain).unwrap(), crate::tasks::spans::population_variance(plain).unwrap());
            prop_assert!((stretches.mean(from..until).unwrap() - mean).abs() <= 1e-9 * mean.abs().max(1.0));
            prop_assert!((stretches.variance(from..until).unwrap() - variance).abs() <= 1e-9 * variance.max(1.0));
        }
    }
}
