//! The quantities of this area in the form of the golden documents.

use super::capacity::{CapacityOptions, CapacityPatterns, capacity_patterns};
use super::effectiveness::{Effectiveness, EffectivenessOptions, recommendation_effectiveness};
use super::frequency::completion_frequency_patterns;
use super::presets::{Preset, instance_presets, template_presets};
use super::ranking::{DEFAULT_LIMIT, Recommendation, recommendations_by_category, recommendations_from_instances};
use super::{Filters, recommendations};
use crate::tasks::rows::TaskData;
use landfast_domain::time::Timestamp;
use serde_json::{Map, Value, json};

/// A question for ranked recommendations.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Names of the metrics; without any relief counts.
    pub metrics: Vec<String>,
    /// Conditions.
    pub filters: Filters,
    /// Most answers.
    pub limit: usize,
}

impl Default for Request {
    /// Relief, no conditions, three answers.
    fn default() -> Self {
        Self { metrics: Vec::new(), filters: Filters::default(), limit: DEFAULT_LIMIT }
    }
}

impl Request {
    /// Reads `metrics` (a text, a list of texts or null), `filters` and `limit` of a JSON object; what is
    /// absent or of another kind has its default.
    ///
    /// ```
    /// use landfast_analytics::recommend::Request;
    /// use serde_json::json;
    ///
    /// let request = Request::from_json(&json!({"metrics": "net_load", "limit": 5}));
    /// assert_eq!((request.metrics, request.limit), (vec!["net_load".to_owned()], 5));
    /// ```
    #[must_use]
    pub fn from_json(value: &Value) -> Self {
        let metrics = match value.get("metrics") {
            Some(Value::String(name)) => vec![name.clone()],
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        let limit = value.get("limit").and_then(Value::as_u64).and_then(|limit| usize::try_from(limit).ok());
        Self {
            metrics,
            filters: value.get("filters").map(Filters::from_json).unwrap_or_default(),
            limit: limit.unwrap_or(DEFAULT_LIMIT),
        }
    }

    fn names(&self) -> Vec<&str> {
        self.metrics.iter().map(String::as_str).collect()
    }
}

/// The answer of [`recommendations`] as a JSON list.
#[must_use]
pub fn picks_json(data: &TaskData, filters: &Filters) -> Value {
    json!(recommendations(data, filters))
}

/// The answer of [`recommendations_by_category`] as a JSON list.
#[must_use]
pub fn by_category_json(data: &TaskData, request: &Request) -> Value {
    list(&recommendations_by_category(data, &request.names(), &request.filters, request.limit))
}

/// The answer of [`recommendations_from_instances`] as a JSON list.
#[must_use]
pub fn from_instances_json(data: &TaskData, request: &Request) -> Value {
    list(&recommendations_from_instances(data, &request.names(), &request.filters, request.limit))
}

/// Everything about recommendations under the names of the golden documents, with default options:
/// `recommendations` (without a filter, and for at most 40 minutes), `recommendations_by_category` and
/// `recommendations_from_instances` (both with the [presets](super::template_presets)), `get_capacity_patterns`,
/// `get_completion_frequency_patterns` and `get_recommendation_effectiveness`.
#[must_use]
pub fn document(data: &TaskData, now: Timestamp) -> Map<String, Value> {
    let short = Filters { max_duration: Some(40.0), ..Filters::default() };
    let answers = |presets: Vec<Preset>, answer: fn(&TaskData, &Request) -> Value| -> Value {
        let answered = presets.into_iter().map(|preset| {
            let mut answered = preset.question.clone();
            if let Some(members) = answered.as_object_mut() {
                members.insert("result".to_owned(), answer(data, &preset.request()));
            }
            (preset.name.to_owned(), answered)
        });
        Value::Object(answered.collect())
    };
    let wide = CapacityOptions { window_hours: 8.0, days: 120, ..CapacityOptions::default() };
    let capacity = |options| capacity_json(&capacity_patterns(data, now, &options));
    let effectiveness = recommendation_effectiveness(data, now, &EffectivenessOptions::default());
    let members = [
        (
            "recommendations",
            json!({ "no_filter": picks_json(data, &Filters::default()), "max_duration=40": picks_json(data, &short) }),
        ),
        ("recommendations_by_category", answers(template_presets(), by_category_json)),
        ("recommendations_from_instances", answers(instance_presets(), from_instances_json)),
        ("get_capacity_patterns", capacity(CapacityOptions::default())),
        ("get_capacity_patterns(window=8,days=120)", capacity(wide)),
        ("get_completion_frequency_patterns", json!(completion_frequency_patterns(data, now))),
        ("get_recommendation_effectiveness", effectiveness_json(&effectiveness)),
    ];
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Patterns of capacity as JSON: the effects by their names, with both groups and the interval beside them.
#[must_use]
pub fn capacity_json(found: &CapacityPatterns) -> Value {
    json!({
        "n": found.n,
        "window_hours": found.window_hours,
        "days": found.days,
        "transitions": found.transitions,
        "capacity_building_effect": found.building.difference,
        "capacity_building": found.building,
        "capacity_draining_effect": found.draining.difference,
        "capacity_draining": found.draining,
        "by_load_class": found.by_load_class,
        "by_task": found.by_task,
        "sessions": found.sessions,
    })
}

/// Effectiveness as JSON: the interval of the lift as a list of its two limits.
#[must_use]
pub fn effectiveness_json(found: &Effectiveness) -> Value {
    let lift = found.lift.map(|lift| {
        json!({
            "completion_rate": lift.completion_rate,
            "completion_rate_ci95": [lift.completion_rate_interval.low, lift.completion_rate_interval.high],
            "relief": lift.relief,
            "capacity_change": lift.capacity_change,
        })
    });
    let mut json = json!(found);
    if let Some(object) = json.as_object_mut() {
        object.insert("lift".to_owned(), json!(lift));
    }
    json
}

fn list(found: &[Recommendation]) -> Value {
    Value::Array(found.iter().map(Recommendation::to_json).collect())
}
