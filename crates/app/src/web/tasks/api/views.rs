//! What the API shows and takes.

use crate::web::Error;
use landfast_domain::json::{Json as LegacyJson, Object};
use landfast_domain::tasks::payload::payload_or_empty;
use landfast_domain::tasks::{Change, NewTask, Note, Task, TaskInstance};
use landfast_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A template.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct TemplateView {
    /// Key in addresses; the id unless two templates share one.
    pub(super) key: String,
    /// Id, as the legacy files have it.
    task_id: String,
    name: String,
    description: String,
    /// `one-time`, `recurring`, `routine` or `project`.
    kind: String,
    /// `Work`, `Play` or `Self care`.
    task_type: String,
    /// 1 at first, one more with each update.
    version: Option<i64>,
    /// Local time of the server, without zone.
    created_at: Option<String>,
    /// Minutes, 0 when unknown.
    default_estimate_minutes: Option<i64>,
    /// 0 to 100.
    default_initial_aversion: Option<i64>,
    is_recurring: Option<bool>,
    /// Texts, as far as the cell holds a list.
    categories: Vec<String>,
    routine_frequency: String,
    /// 0 is Monday.
    routine_days_of_week: Vec<i64>,
    routine_time: String,
    completion_window_hours: Option<i64>,
    completion_window_days: Option<i64>,
    /// Dated blocks shared by all instances.
    notes: String,
}

impl From<&Task> for TemplateView {
    fn from(task: &Task) -> Self {
        let list = |text: &str| -> Vec<Value> { serde_json::from_str(text).unwrap_or_default() };
        Self {
            key: task.key.to_string(),
            task_id: task.task_id.legacy().to_owned(),
            name: task.name.raw().to_owned(),
            description: task.description.legacy().to_owned(),
            kind: task.type_.legacy().to_owned(),
            task_type: task.task_type.legacy().to_owned(),
            version: task.version.value(),
            created_at: task.created_at.value().map(Timestamp::to_iso_text),
            default_estimate_minutes: task.default_estimate_minutes.value(),
            default_initial_aversion: task.default_initial_aversion.value(),
            is_recurring: task.is_recurring.value(),
            categories: list(task.categories.legacy()).iter().filter_map(|v| v.as_str().map(str::to_owned)).collect(),
            routine_frequency: task.routine_frequency.legacy().to_owned(),
            routine_days_of_week: list(task.routine_days_of_week.legacy()).iter().filter_map(Value::as_i64).collect(),
            routine_time: task.routine_time.legacy().to_owned(),
            completion_window_hours: task.completion_window_hours.value(),
            completion_window_days: task.completion_window_days.value(),
            notes: task.notes.raw().to_owned(),
        }
    }
}

/// A template to be made, or put in place of another.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TemplateBody {
    /// 1 to 200 characters.
    name: String,
    /// At most 5000 characters.
    #[serde(default)]
    description: String,
    /// `one-time`, `recurring`, `routine` or `project`.
    #[serde(default = "one_time")]
    kind: String,
    /// `Work`, `Play` or `Self care`.
    #[serde(default = "work")]
    task_type: String,
    /// Minutes.
    #[serde(default)]
    #[schema(minimum = 0)]
    default_estimate_minutes: i64,
    #[serde(default)]
    #[schema(minimum = 0, maximum = 100)]
    default_initial_aversion: Option<i64>,
    #[serde(default)]
    is_recurring: bool,
    #[serde(default)]
    categories: Vec<String>,
    /// `none`, `daily` or `weekly`.
    #[serde(default = "none")]
    routine_frequency: String,
    /// 0 is Monday.
    #[serde(default)]
    routine_days_of_week: Vec<i64>,
    /// `HH:MM`.
    #[serde(default = "midnight")]
    routine_time: String,
    #[serde(default)]
    #[schema(minimum = 1)]
    completion_window_hours: Option<i64>,
    #[serde(default)]
    #[schema(minimum = 1)]
    completion_window_days: Option<i64>,
}

fn one_time() -> String {
    "one-time".to_owned()
}
fn work() -> String {
    "Work".to_owned()
}
fn none() -> String {
    "none".to_owned()
}
fn midnight() -> String {
    "00:00".to_owned()
}

impl From<TemplateBody> for NewTask {
    fn from(body: TemplateBody) -> Self {
        Self {
            name: body.name,
            description: body.description,
            type_: body.kind,
            is_recurring: body.is_recurring,
            categories: body.categories,
            default_estimate_minutes: body.default_estimate_minutes,
            task_type: body.task_type,
            default_initial_aversion: body.default_initial_aversion,
            routine_frequency: body.routine_frequency,
            routine_days_of_week: body.routine_days_of_week,
            routine_time: body.routine_time,
            completion_window_hours: body.completion_window_hours,
            completion_window_days: body.completion_window_days,
        }
    }
}

/// An attempt at a template.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct InstanceView {
    /// Key in addresses; the id unless two instances share one.
    pub(super) key: String,
    instance_id: String,
    /// Id of the template; it may be gone.
    task_id: String,
    task_name: String,
    /// `created`, `initialized`, `started`, `paused`, `completed` or `cancelled`.
    state: &'static str,
    /// Times are local times of the server, without zone.
    created_at: Option<String>,
    initialized_at: Option<String>,
    started_at: Option<String>,
    completed_at: Option<String>,
    cancelled_at: Option<String>,
    due_at: Option<String>,
    /// Predictions as they were given.
    #[schema(value_type = Object)]
    predicted: Map<String, Value>,
    /// The outcome as it was given.
    #[schema(value_type = Object)]
    actual: Map<String, Value>,
    duration_minutes: Option<f64>,
    delay_minutes: Option<f64>,
    relief_score: Option<f64>,
    net_relief: Option<f64>,
    procrastination_score: Option<f64>,
    proactive_score: Option<f64>,
}

impl From<&TaskInstance> for InstanceView {
    fn from(instance: &TaskInstance) -> Self {
        let object = |object: Option<Object>| -> Map<String, Value> {
            let text = object.map(|object| LegacyJson::Object(object).dump()).unwrap_or_default();
            // `NaN` and `Infinity` are no JSON; such a payload is shown by the command line.
            serde_json::from_str(&text).unwrap_or_default()
        };
        let time = |time: Option<Timestamp>| time.map(Timestamp::to_iso_text);
        let number = |number: Option<f64>| number.filter(|number| number.is_finite());
        Self {
            key: instance.key.to_string(),
            instance_id: instance.instance_id.legacy().to_owned(),
            task_id: instance.task_id.legacy().to_owned(),
            task_name: instance.task_name.raw().to_owned(),
            state: instance.state().as_str(),
            created_at: time(instance.created_at.value()),
            initialized_at: time(instance.initialized_at.value()),
            started_at: time(instance.started_at.value()),
            completed_at: time(instance.completed_at.value()),
            cancelled_at: time(instance.cancelled_at.value()),
            due_at: time(instance.due_at.value()),
            predicted: object(payload_or_empty(&instance.predicted).ok()),
            actual: object(payload_or_empty(&instance.actual).ok()),
            duration_minutes: number(instance.duration_minutes.value()),
            delay_minutes: number(instance.delay_minutes.value()),
            relief_score: number(instance.relief_score.value()),
            net_relief: number(instance.net_relief.value()),
            procrastination_score: number(instance.procrastination_score.value()),
            proactive_score: number(instance.proactive_score.value()),
        }
    }
}

/// A note.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct NoteView {
    pub(super) key: String,
    content: String,
    /// UTC, without zone.
    at: Option<String>,
}

impl From<&Note> for NoteView {
    fn from(note: &Note) -> Self {
        Self {
            key: note.key.to_string(),
            content: note.content.raw().to_owned(),
            at: note.timestamp.value().map(Timestamp::to_iso_text),
        }
    }
}

/// A payload of predictions or outcomes as the store keeps it.
pub(super) fn object(members: &Map<String, Value>) -> Result<Object, Error> {
    let text = Value::Object(members.clone()).to_string();
    let parsed = LegacyJson::parse(&text).map_err(|error| Error::invalid("payload", error.to_string()))?;
    parsed.as_object().cloned().ok_or_else(|| Error::invalid("payload", "the payload must be an object"))
}

/// A due date: absent keeps it, `null` removes it.
pub(super) fn due(value: Option<&Value>) -> Result<Change<Timestamp>, Error> {
    match value {
        None => Ok(Change::Keep),
        Some(Value::Null) => Ok(Change::Clear),
        Some(value) => value
            .as_str()
            .and_then(Timestamp::parse)
            .map(Change::Set)
            .ok_or_else(|| Error::invalid("due_at", "due_at must be YYYY-MM-DDTHH:MM")),
    }
}
