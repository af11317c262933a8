//! A weighted mean of scores.

use crate::stats::real;
use landfast_domain::text::round_to;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

/// A weighted mean of named components with what each adds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CompositeScore {
    /// The weighted sum limited to 0 to 100, 1 decimal.
    pub composite_score: f64,
    /// Σ normalised weight × component, 1 decimal.
    pub weighted_sum: f64,
    /// Normalised weight × component by name, 2 decimals, in the order of the components.
    #[serde(serialize_with = "as_object")]
    pub component_contributions: Vec<(String, f64)>,
    /// Weight / sum of all weights by name, 3 decimals; also of names that are no component.
    #[serde(serialize_with = "as_object")]
    pub normalized_weights: Vec<(String, f64)>,
}

/// Weighted mean of components; a component without a weight has the weight 1.
///
/// Weights are divided by the sum of **all** given weights, also of those that belong to no component; when that
/// sum is 0, every component gets the same weight. With `normalize` each component is limited to 0 to 100
/// first. Without components everything is 0 and empty.
///
/// ```
/// use landfast_analytics::tasks::summary::composite_score;
/// let components = [("relief", 90.0), ("balance", 40.0)];
/// assert_eq!(composite_score(&components, &[("relief", 3.0)], true).composite_score, 77.5);
/// assert_eq!(composite_score(&components, &[], true).composite_score, 65.0);
/// assert_eq!(composite_score(&components, &[("relief", 0.0), ("balance", 0.0)], true).composite_score, 65.0);
/// ```
#[must_use]
pub fn composite_score(components: &[(&str, f64)], weights: &[(&str, f64)], normalize: bool) -> CompositeScore {
    let mut all: Vec<(&str, f64)> = weights.to_vec();
    for (name, _) in components {
        if !weights.iter().any(|(known, _)| known == name) {
            all.push((name, 1.0));
        }
    }
    if components.is_empty() {
        all.clear();
    }
    let total: f64 = all.iter().map(|(_, weight)| weight).sum();
    let even = 1.0 / real(components.len().max(1));
    let normalized: Vec<(&str, f64)> = if total == 0.0 {
        components.iter().map(|(name, _)| (*name, even)).collect()
    } else {
        all.iter().map(|(name, weight)| (*name, weight / total)).collect()
    };
    let weight_of = |name: &str| normalized.iter().find(|(known, _)| *known == name).map_or(0.0, |(_, weight)| *weight);
    let contributions: Vec<(&str, f64)> = components
        .iter()
        .map(|(name, value)| {
            let value = if normalize { value.clamp(0.0, 100.0) } else { *value };
            (*name, value * weight_of(name))
        })
        .collect();
    let sum: f64 = contributions.iter().map(|(_, value)| value).sum();
    CompositeScore {
        composite_score: round_to(sum.clamp(0.0, 100.0), 1),
        weighted_sum: round_to(sum, 1),
        component_contributions: rounded(&contributions, 2),
        normalized_weights: rounded(&normalized, 3),
    }
}

fn rounded(values: &[(&str, f64)], places: usize) -> Vec<(String, f64)> {
    values.iter().map(|(name, value)| ((*name).to_owned(), round_to(*value, places))).collect()
}

fn as_object<S: Serializer>(values: &[(String, f64)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(values.len()))?;
    for (name, value) in values {
        map.serialize_entry(name, value)?;
    }
    map.end()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn weights_of_unknown_names_take_their_share() {
        let score = composite_score(&[("a", 80.0)], &[("a", 1.0), ("b", 3.0)], true);
        assert_eq!((score.weighted_sum, score.composite_score), (20.0, 20.0));
        assert_eq!(score.normalized_weights, [("a".to_owned(), 0.25), ("b".to_owned(), 0.75)]);
    }

    #[test]
    fn nothing_gives_nothing() {
        let score = composite_score(&[], &[("a", 1.0)], true);
        assert_eq!((score.composite_score, score.normalized_weights.len()), (0.0, 0));
    }

    proptest! {
        #[test]
        fn the_mean_lies_between_the_components(values in prop::collection::vec((0.0..100.0_f64, 0.01..10.0_f64), 1..8)) {
            let names: Vec<String> = (0..values.len()).map(|n| n.to_string()).collect();
            let components: Vec<_> = names.iter().zip(&values).map(|(n, (v, _))| (n.as_str(), *v)).collect();
            let weights: Vec<_> = names.iter().zip(&values).map(|(n, (_, w))| (n.as_str(), *w)).collect();
            let score = composite_score(&components, &weights, true).composite_score;
            let low = values.iter().map(|(v, _)| *v).fold(f64::INFINITY, f64::min);
            let high = values.iter().map(|(v, _)| *v).fold(0.0, f64::max);
            prop_assert!(score >= low - 0.051 && score <= high + 0.051);
        }
    }
}
