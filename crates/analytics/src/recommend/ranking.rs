//! Ranking of templates and open instances by the metrics a user chose.

use super::Filters;
use super::candidate::{Candidate, filtered_templates, instance_candidates};
use super::metric::{Metric, MetricRules};
use super::reason::{Criterion, Reason};
use crate::stats::real;
use crate::tasks::rows::TaskData;
use landfast_domain::text::round_to;
use serde_json::{Map, Value, json};

/// Recommendations given when nobody says how many.
pub const DEFAULT_LIMIT: usize = 3;

/// A ranked template or instance.
#[derive(Debug, Clone, PartialEq)]
pub struct Recommendation {
    /// What is recommended, with all its numbers.
    pub candidate: Candidate,
    /// Score of 0 to 100 for display, 1 decimal: `clamp(100·score_total/(100·number of metrics), 0, 100)`.
    pub score: f64,
    /// Sum of the points of all metrics, by which the ranking is made; not limited.
    pub score_total: f64,
    /// Why: one for each metric, in the order asked for.
    pub reasons: Vec<Reason>,
}

impl Recommendation {
    /// The recommendation as JSON, with `reasons` beside the members of the original. `instance_id` only for
    /// an instance.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let candidate = &self.candidate;
        let number = |metric| candidate.value(metric).unwrap_or_default();
        let sub_scores: Map<String, Value> =
            candidate.values.iter().map(|(metric, known)| (metric.as_str().to_owned(), json!(known.value))).collect();
        let metric_values: Map<String, Value> =
            self.reasons.iter().map(|reason| (reason.metric.clone(), json!(reason.value))).collect();
        let mut json = json!({
            "title": "Recommendation",
            "task_id": candidate.task_id,
            "task_name": candidate.task_name,
            "description": candidate.description,
            "score": self.score,
            "score_total": self.score_total,
            "metric_values": metric_values,
            "sub_scores": sub_scores,
            "duration": number(Metric::DurationMinutes),
            "relief": number(Metric::ReliefScore),
            "cognitive_load": number(Metric::CognitiveLoad),
            "emotional_load": number(Metric::EmotionalLoad),
            "reasons": self.reasons,
        });
        if let (Some(id), Some(object)) = (&candidate.instance_id, json.as_object_mut()) {
            object.insert("instance_id".to_owned(), json!(id));
        }
        json
    }
}

/// Ranks templates by the sum of the points of the metrics, see [`Metric::points`]; the first `limit` of a
/// stable sort.
///
/// Empty names are dropped; without any metric relief counts. An unknown metric adds nothing. Task analytics
/// 19.2, corrected: mental energy and difficulty are known for templates, and low is good.
#[must_use]
pub fn recommendations_by_category(
    data: &TaskData,
    metrics: &[&str],
    filters: &Filters,
    limit: usize,
) -> Vec<Recommendation> {
    let rules = MetricRules::Corrected;
    ranked(filtered_templates(data, filters, rules), metrics, limit, rules)
}

/// [`recommendations_by_category`] as the original answers: mental energy and difficulty add nothing.
#[must_use]
pub fn legacy_recommendations_by_category(
    data: &TaskData,
    metrics: &[&str],
    filters: &Filters,
    limit: usize,
) -> Vec<Recommendation> {
    let rules = MetricRules::Legacy;
    ranked(filtered_templates(data, filters, rules), metrics, limit, rules)
}

/// Ranks open instances in the same way; their numbers are those of
/// [`instance_candidates`]. Task analytics 19.3.
#[must_use]
pub fn recommendations_from_instances(
    data: &TaskData,
    metrics: &[&str],
    filters: &Filters,
    limit: usize,
) -> Vec<Recommendation> {
    ranked(instance_candidates(data, filters), metrics, limit, MetricRules::Corrected)
}

/// [`recommendations_from_instances`] as the original answers: much mental energy and difficulty are good.
#[must_use]
pub fn legacy_recommendations_from_instances(
    data: &TaskData,
    metrics: &[&str],
    filters: &Filters,
    limit: usize,
) -> Vec<Recommendation> {
    ranked(instance_candidates(data, filters), metrics, limit, MetricRules::Legacy)
}

fn ranked(candidates: Vec<Candidate>, metrics: &[&str], limit: usize, rules: MetricRules) -> Vec<Recommendation> {
    let mut names: Vec<&str> = metrics.iter().copied().filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        names.push(Metric::ReliefScore.as_str());
    }
    let criteria: Vec<Criterion<'_>> = names.iter().map(|name| Criterion::new(name, &candidates, rules)).collect();
    let mut order: Vec<(f64, usize)> = candidates
        .iter()
        .enumerate()
        .map(|(place, candidate)| (criteria.iter().map(|criterion| criterion.points(candidate)).sum(), place))
        .collect();
    order.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    order
        .into_iter()
        .take(limit)
        .filter_map(|(score_total, place)| {
            let candidate = candidates.get(place)?;
            let share = 100.0 * score_total / (100.0 * real(names.len()));
            Some(Recommendation {
                score: round_to(share.clamp(0.0, 100.0), 1),
                score_total,
                reasons: criteria.iter().map(|criterion| criterion.reason(candidate)).collect(),
                candidate: candidate.clone(),
            })
        })
        .collect()
}
