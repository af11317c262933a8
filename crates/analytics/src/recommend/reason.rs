//! Why a candidate was picked.

use super::candidate::{Basis, Candidate};
use super::metric::{Direction, Metric, MetricRules};
use crate::stats::{ascending, quantile};
use serde::Serialize;

/// What one metric says for or against a candidate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reason {
    /// Name of the metric as it was asked for.
    pub metric: String,
    /// The candidate's number; `None` for an unknown metric.
    pub value: Option<f64>,
    /// Whether more or less was wanted.
    pub direction: Direction,
    /// Points it adds to the ranking, see [`Metric::points`]; 0 for an unknown metric.
    pub points: f64,
    /// Place among the candidates by this metric alone, from 1; equal numbers share the better place.
    pub rank: Option<usize>,
    /// Number of candidates with this metric.
    pub candidates: usize,
    /// Median of the metric over the candidates, for comparison.
    pub typical: Option<f64>,
    /// Where the number comes from.
    pub basis: Option<Basis>,
    /// Completed instances of the task, the sample behind a number from its history.
    pub completed: usize,
}

/// One metric over all candidates, looked at once for any number of reasons.
#[derive(Debug, Clone)]
pub(super) struct Criterion<'a> {
    name: &'a str,
    metric: Option<Metric>,
    direction: Direction,
    rules: MetricRules,
    ascending: Vec<f64>,
}

impl<'a> Criterion<'a> {
    /// The metric of this name in its usual direction.
    pub(super) fn new(name: &'a str, candidates: &[Candidate], rules: MetricRules) -> Self {
        let metric = Metric::parse(name);
        let numbers: Vec<f64> = candidates.iter().filter_map(|candidate| candidate.value(metric?)).collect();
        let direction = metric.map_or(Direction::High, |metric| metric.direction(rules));
        Self { name, metric, direction, rules, ascending: ascending(&numbers) }
    }

    /// The same metric, wanted high or low.
    pub(super) fn wanted(mut self, direction: Direction) -> Self {
        self.direction = direction;
        self
    }

    /// Points of a candidate; 0 for an unknown metric.
    pub(super) fn points(&self, candidate: &Candidate) -> f64 {
        self.metric.and_then(|metric| Some(metric.points(candidate.value(metric)?, self.rules))).unwrap_or(0.0)
    }

    /// What the metric says about a candidate.
    pub(super) fn reason(&self, candidate: &Candidate) -> Reason {
        let known = self.metric.and_then(|metric| candidate.values.get(&metric));
        let better = |value: f64| match self.direction {
            Direction::High => self.ascending.len() - self.ascending.partition_point(|other| *other <= value),
            Direction::Low => self.ascending.partition_point(|other| *other < value),
        };
        Reason {
            metric: self.name.to_owned(),
            value: known.map(|known| known.value),
            direction: self.direction,
            points: self.points(candidate),
            rank: known.map(|known| better(known.value) + 1),
            candidates: self.ascending.len(),
            typical: quantile(&self.ascending, 0.5),
            basis: known.map(|known| known.basis),
            completed: candidate.completed,
        }
    }
}
