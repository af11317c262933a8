//! The attempts at one task, with their payloads read once.

use super::payload;
use landfast_domain::json::Object;
use landfast_domain::record::{Field, Json, RecordKey};
use landfast_domain::tasks::TaskInstance;
use landfast_domain::text::{python_lower, python_strip};
use landfast_domain::time::Timestamp;
use std::collections::BTreeMap;

/// All attempts at one task that averages look at, in list order.
///
/// All history counts: there is no window, no weight by age, and cancelled, deleted and current attempts
/// are in it, as long as they were initialised (for predictions) or completed (for outcomes).
#[derive(Debug, Clone, Default)]
pub struct TaskHistory {
    pub(super) initialized: Vec<Attempt>,
    pub(super) completed: Vec<Attempt>,
    has_completed: bool,
}

/// One attempt as averages see it: the payload, in the original's and in the full reading.
#[derive(Debug, Clone)]
pub struct Attempt {
    pub(super) key: RecordKey,
    pub(super) time: Option<Timestamp>,
    pub(super) legacy: Option<Object>,
    pub(super) full: Option<Object>,
}

impl TaskHistory {
    /// History of the task with exactly this id, from a user's instances.
    ///
    /// The empty id stands for instances without one.
    #[must_use]
    pub fn of_task<'a>(task_id: &str, instances: impl IntoIterator<Item = &'a TaskInstance>) -> Self {
        let mut history = Self::default();
        for instance in instances.into_iter().filter(|instance| instance.task_id.legacy() == task_id) {
            history.add(instance);
        }
        history
    }

    /// Histories of all tasks that a user's instances name, by task id.
    #[must_use]
    pub fn by_task<'a>(instances: impl IntoIterator<Item = &'a TaskInstance>) -> BTreeMap<String, Self> {
        let mut histories: BTreeMap<String, Self> = BTreeMap::new();
        for instance in instances {
            let id = instance.task_id.legacy();
            match histories.get_mut(id) {
                Some(history) => history.add(instance),
                None => histories.entry(id.to_owned()).or_default().add(instance),
            }
        }
        histories
    }

    /// Adds the next attempt in list order; the caller has made sure that it is one at this task.
    pub fn add(&mut self, instance: &TaskInstance) {
        if instance.is_initialized() {
            let time = instance.initialized_at.value();
            self.initialized.push(Attempt::new(instance, time, &instance.predicted));
        }
        if !instance.completed_at.is_blank() {
            self.completed.push(Attempt::new(instance, instance.completed_at.value(), &instance.actual));
        }
        let is_word = |text: &str, word: &str| python_lower(python_strip(text)) == word;
        self.has_completed |= is_word(instance.is_completed.legacy(), "true")
            || !instance.completed_at.is_blank()
            || is_word(instance.effective_status(), "completed");
    }

    /// Whether any attempt looks completed to the original: flag, completion time or status.
    ///
    /// Cancelled attempts carry the flag too, so this is also true for a task that was only ever
    /// cancelled; see [`TaskHistory::was_ever_completed`]. The original answers "no" for the empty id.
    #[must_use]
    pub fn legacy_has_completed(&self) -> bool {
        self.has_completed
    }

    /// Whether any attempt has a completion time, whatever its flag and status say.
    #[must_use]
    pub fn was_ever_completed(&self) -> bool {
        !self.completed.is_empty()
    }
}

impl Attempt {
    fn new(instance: &TaskInstance, time: Option<Timestamp>, cell: &Field<Json>) -> Self {
        let legacy = payload::legacy_object(cell);
        let full = if legacy.is_some() { None } else { payload::object(cell) };
        Self { key: instance.key.clone(), time, legacy, full }
    }

    /// The payload in the full reading, which also understands objects encoded as text.
    pub(super) fn object(&self) -> Option<&Object> {
        self.legacy.as_ref().or(self.full.as_ref())
    }
}
