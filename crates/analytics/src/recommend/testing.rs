//! A small set of tasks and instances for tests.

use crate::tasks::rows::{TaskData, TaskInput};
use landfast_domain::record::Record as _;
use landfast_domain::tasks::{Task, TaskInstance};

/// Tasks and instances in the making.
#[derive(Debug, Default)]
pub(super) struct Sample {
    pub(super) tasks: Vec<Task>,
    pub(super) instances: Vec<TaskInstance>,
}

impl Sample {
    /// A template with an estimate in minutes.
    pub(super) fn task(&mut self, id: &str, name: &str, minutes: i64) -> &mut Task {
        let mut task = Task::blank(id.into());
        task.task_id.set_raw(id);
        task.name.set_raw(name);
        task.default_estimate_minutes.set(Some(&minutes));
        task.categories.set_raw("[]");
        self.tasks.push(task);
        self.tasks.last_mut().unwrap()
    }

    /// An instance made on 1 December 2025 at 10:00.
    pub(super) fn instance(&mut self, task: &str, status: &str) -> &mut TaskInstance {
        let id = format!("i{}", self.instances.len());
        let mut instance = TaskInstance::blank(id.as_str().into());
        instance.instance_id.set_raw(id);
        instance.task_id.set_raw(task);
        instance.task_name.set_raw(task);
        instance.status.set_raw(status);
        instance.created_at.set_raw("2025-12-01 10:00");
        self.instances.push(instance);
        self.instances.last_mut().unwrap()
    }

    /// A completed instance with relief, minutes and emotional load.
    pub(super) fn completed(&mut self, task: &str, relief: f64, minutes: f64, emotional: f64) -> &mut TaskInstance {
        let instance = self.instance(task, "completed");
        instance.completed_at.set_raw("2025-12-01 11:00");
        instance.relief_score.set(Some(&relief));
        instance.duration_minutes.set(Some(&minutes));
        instance.emotional_load.set(Some(&emotional));
        instance
    }

    /// The prepared rows.
    pub(super) fn data(&self) -> TaskData {
        TaskData::new(&TaskInput { tasks: &self.tasks, instances: &self.instances, ..TaskInput::default() })
    }
}
