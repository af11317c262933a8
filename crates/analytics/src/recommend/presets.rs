//! The questions a document answers without being asked.

use super::document::Request;
use serde_json::{Value, json};

/// A question with its name.
#[derive(Debug, Clone, PartialEq)]
pub struct Preset {
    /// Name under which the answer stands.
    pub name: &'static str,
    /// The question as JSON: `metrics`, `filters`, `limit`, as the original program takes them.
    pub question: Value,
}

impl Preset {
    /// The question.
    #[must_use]
    pub fn request(&self) -> Request {
        Request::from_json(&self.question)
    }
}

fn preset(name: &'static str, metrics: Value, filters: Value, limit: u64) -> Preset {
    Preset { name, question: json!({ "metrics": metrics, "filters": filters, "limit": limit }) }
}

/// Questions about templates: by relief, effort, load and wellbeing, and with each kind of condition.
#[must_use]
pub fn template_presets() -> Vec<Preset> {
    let relief = || json!(["relief_score"]);
    vec![
        preset("default_none", Value::Null, json!({}), 3),
        preset("relief", json!("relief_score"), json!({}), 10),
        preset("net_load", json!(["net_load"]), json!({}), 5),
        preset("duration", json!(["duration_minutes"]), json!({}), 5),
        preset("efficiency", json!(["historical_efficiency"]), json!({}), 5),
        preset("relief+net_relief", json!(["relief_score", "net_relief_proxy"]), json!({}), 10),
        preset("low_loads", json!(["emotional_load", "stress_level", "physical_load"]), json!({}), 10),
        preset("wellbeing+behavioral", json!(["net_wellbeing_normalized", "behavioral_score"]), json!({}), 5),
        preset("relief,dur", relief(), json!({ "max_duration": 60, "min_duration": 30 }), 5),
        preset("relief,Work", relief(), json!({ "task_type": "Work" }), 5),
        preset("relief,recurring", relief(), json!({ "is_recurring": "true" }), 5),
        preset("relief,one-time", relief(), json!({ "is_recurring": "false" }), 5),
        preset("relief,cat", relief(), json!({ "categories": "ADMIN" }), 5),
        preset("unknown metric", json!(["no_such_metric"]), json!({}), 3),
    ]
}

/// Questions about open instances.
#[must_use]
pub fn instance_presets() -> Vec<Preset> {
    vec![
        preset("default_none", Value::Null, json!({}), 3),
        preset("relief", json!(["relief_score"]), json!({}), 10),
        preset("low_stress+net_relief", json!(["stress_level", "net_relief_proxy"]), json!({}), 10),
        preset("wellbeing", json!(["net_wellbeing_normalized"]), json!({}), 5),
        preset("dur", json!(["emotional_load"]), json!({ "max_duration": 70, "min_duration": 20 }), 5),
        preset("Work", json!(["relief_score"]), json!({ "task_type": "Work" }), 5),
    ]
}
