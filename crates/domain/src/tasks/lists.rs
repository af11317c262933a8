//! Lists of instances, and which rows count for what.

use super::access::for_each;
use super::{Status, TaskInstance};
use crate::accounts::UserId;
use crate::text::{python_lower, python_strip};
use crate::time::Timestamp;
use crate::{Repositories, Result};
use std::cmp::Reverse;

/// An instance in the list of finished ones.
#[derive(Debug, Clone, PartialEq)]
pub struct RecentInstance {
    /// The instance.
    pub instance: TaskInstance,
    /// [`Status::Completed`] or [`Status::Cancelled`], by the time that put it into the list.
    pub outcome: Status,
    /// That time; `None` when its text cannot be read.
    pub at: Option<Timestamp>,
}

/// Open instances in list order; see [`TaskInstance::is_active`].
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn active(repositories: &mut dyn Repositories, user: &UserId) -> Result<Vec<TaskInstance>> {
    repositories.instances().list_active(user)
}

/// Instances with a completion time, newest text first, whatever their flags and status.
///
/// The order is that of the texts: `2025-13-45 99:99` comes before every real date of that year.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn recent_completed(repositories: &mut dyn Repositories, user: &UserId, limit: usize) -> Result<Vec<TaskInstance>> {
    repositories.instances().list_recent_completed(user, limit)
}

/// Completed and cancelled instances, newest first, at most `limit`.
///
/// An instance with both times is listed twice. Times are compared as times; unreadable ones come last,
/// ties in list order with the completion first.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn recent_tasks(repositories: &mut dyn Repositories, user: &UserId, limit: usize) -> Result<Vec<RecentInstance>> {
    let mut recent = Vec::new();
    for_each(repositories, user, |_, instance: TaskInstance| {
        for (cell, outcome) in
            [(&instance.completed_at, Status::Completed), (&instance.cancelled_at, Status::Cancelled)]
        {
            if !cell.is_blank() {
                recent.push(RecentInstance { instance: instance.clone(), outcome, at: cell.value() });
            }
        }
        Ok(())
    })?;
    // `None` is less than every time, so it comes last in the reversed order.
    recent.sort_by_key(|entry| Reverse(entry.at));
    recent.truncate(limit);
    Ok(recent)
}

/// Cancelled instances by the text of `cancelled_at`, newest first; see [`TaskInstance::is_cancelled`].
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn cancelled(repositories: &mut dyn Repositories, user: &UserId) -> Result<Vec<TaskInstance>> {
    repositories.instances().list_cancelled(user)
}

/// Instances of a template in list order; those whose `is_completed` is exactly `True` (completed and
/// cancelled ones) only on demand.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn by_task(
    repositories: &mut dyn Repositories,
    user: &UserId,
    task_id: &str,
    include_completed: bool,
) -> Result<Vec<TaskInstance>> {
    let mut instances = repositories.instances().list_by_task(user, task_id)?;
    instances.retain(|instance| include_completed || instance.is_completed.legacy() != "True");
    Ok(instances)
}

/// Instances of a template with predictions, in list order: the rows that averages of `predicted` are
/// taken over. Status, flags and completion do not matter.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn initialized_of_task(
    repositories: &mut dyn Repositories,
    user: &UserId,
    task_id: &str,
) -> Result<Vec<TaskInstance>> {
    let mut instances = repositories.instances().list_by_task(user, task_id)?;
    instances.retain(TaskInstance::is_initialized);
    Ok(instances)
}

/// Instances of a template with a completion time, in list order: the rows that averages of `actual` are
/// taken over. Status and flags do not matter.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn completed_of_task(
    repositories: &mut dyn Repositories,
    user: &UserId,
    task_id: &str,
) -> Result<Vec<TaskInstance>> {
    let mut instances = repositories.instances().list_by_task(user, task_id)?;
    instances.retain(|instance| instance.completed_text().is_some());
    Ok(instances)
}

/// Whether any instance of a template counts as done, by the legacy rule; see [`counts_as_done`].
///
/// An empty id has never been completed.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn has_completed(repositories: &mut dyn Repositories, user: &UserId, task_id: &str) -> Result<bool> {
    any_of_task(repositories, user, task_id, counts_as_done)
}

/// Whether any instance of a template was completed; unlike in [`has_completed`], a merely cancelled one
/// does not count.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn has_been_done(repositories: &mut dyn Repositories, user: &UserId, task_id: &str) -> Result<bool> {
    any_of_task(repositories, user, task_id, |instance| instance.state() == Status::Completed)
}

/// The legacy rule for "done": flagged completed, or with a completion time, or of status `completed`.
///
/// Trimmed and without regard to case. The flag is set on cancelled rows as well, so these count.
#[must_use]
pub fn counts_as_done(instance: &TaskInstance) -> bool {
    let is = |text: &str, word: &str| python_lower(python_strip(text)) == word;
    is(instance.is_completed.legacy(), "true")
        || instance.completed_text().is_some()
        || is(instance.effective_status(), "completed")
}

fn any_of_task(
    repositories: &mut dyn Repositories,
    user: &UserId,
    task_id: &str,
    rule: impl Fn(&TaskInstance) -> bool,
) -> Result<bool> {
    if task_id.is_empty() {
        return Ok(false);
    }
    Ok(repositories.instances().list_by_task(user, task_id)?.iter().any(rule))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;
    use crate::tasks::testing::{Memory, user};

    fn memory(rows: &[(&str, &[(&str, &str)])]) -> Memory {
        let mut memory = Memory::default();
        for (id, cells) in rows {
            let mut instance = TaskInstance::blank((*id).into());
            instance.task_id.set_raw("t1");
            for (column, text) in *cells {
                instance.set_cell_named(column, (*text).to_owned());
            }
            memory.instances().insert(&user(), &instance).unwrap();
        }
        memory
    }

    #[test]
    fn recent_tasks_mix_completions_and_cancellations() {
        let mut memory = memory(&[
            ("i1", &[("completed_at", "2025-01-01 10:00")]),
            ("i2", &[("completed_at", "zzz")]),
            ("i3", &[("completed_at", "2025-01-03 10:00"), ("cancelled_at", "2025-01-02 10:00")]),
            ("i4", &[("cancelled_at", "2025-01-03 10:00")]),
            ("i5", &[]),
        ]);
        let list = |memory: &mut Memory, limit| -> Vec<String> {
            let recent = recent_tasks(memory, &user(), limit).unwrap();
            recent.iter().map(|r| format!("{} {}", r.instance.key, r.outcome.as_str())).collect()
        };
        let all = ["i3 completed", "i4 cancelled", "i3 cancelled", "i1 completed", "i2 completed"];
        assert_eq!(list(&mut memory, 9), all);
        assert_eq!(list(&mut memory, 2), all[..2]);
    }

    #[test]
    fn by_task_leaves_out_exactly_true() {
        let mut memory = memory(&[
            ("i1", &[("is_completed", "True")]),
            ("i2", &[("is_completed", "TRUE")]),
            ("i3", &[("task_id", "t2")]),
        ]);
        let keys = |list: Vec<TaskInstance>| list.iter().map(|i| i.key.to_string()).collect::<Vec<_>>();
        assert_eq!(keys(by_task(&mut memory, &user(), "t1", false).unwrap()), ["i2"]);
        assert_eq!(keys(by_task(&mut memory, &user(), "t1", true).unwrap()), ["i1", "i2"]);
    }

    #[test]
    fn done_by_the_legacy_rule_includes_cancelled() {
        for (cells, legacy, done) in [
            (&[][..], false, false),
            (&[("is_completed", "True"), ("status", "cancelled"), ("cancelled_at", "2025-01-01 10:00")], true, false),
            (&[("is_completed", " TRUE ")], true, true),
            (&[("completed_at", "once")], true, true),
            (&[("status", "Completed ")], true, true),
            (&[("completed_at", "NaN"), ("status", "done")], false, false),
        ] {
            let mut memory = memory(&[("i1", cells)]);
            assert_eq!(has_completed(&mut memory, &user(), "t1").unwrap(), legacy, "{cells:?}");
            assert_eq!(has_been_done(&mut memory, &user(), "t1").unwrap(), done, "{cells:?}");
        }
        let mut nameless = memory(&[("i1", &[("task_id", ""), ("is_completed", "True")])]);
        assert!(!has_completed(&mut nameless, &user(), "").unwrap());
    }

    #[test]
    fn any_text_counts_as_initialised() {
        let mut memory = memory(&[
            ("i1", &[("initialized_at", "yesterday")]),
            ("i2", &[("initialized_at", "  ")]),
            ("i3", &[("completed_at", "2025-01-01 10:00")]),
        ]);
        assert_eq!(initialized_of_task(&mut memory, &user(), "t1").unwrap().len(), 1);
        assert_eq!(completed_of_task(&mut memory, &user(), "t1").unwrap().len(), 1);
    }
}
