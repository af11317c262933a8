//! Operations on task templates.
//!
//! Names are compared exactly and as they stand: a template called `NA` is found by that name although
//! the legacy program read such a cell as empty. Several templates may have the same name or, as twins
//! of one second, the same `task_id`; they differ in their keys.

use super::access::{self, invalid, require};
use super::template_rules::{apply, next_version};
use super::{Job, JobTask, NewTask, Task, TaskChange, TaskInstance};
use crate::accounts::UserId;
use crate::record::RecordKey;
use crate::time::Timestamp;
use crate::{Repositories, Result};
use std::cmp::Reverse;
use std::collections::HashMap;

/// A template with its newest completion.
#[derive(Debug, Clone, PartialEq)]
pub struct RecentTask {
    /// The template.
    pub task: Task,
    /// Its instance with the newest completion time; `None` where the list fell back to creation times.
    pub latest: Option<TaskInstance>,
}

/// Adds a template with version 1 at the end of the list. The key becomes its `task_id`.
///
/// Name and description lose surrounding white space; nothing is escaped.
///
/// # Errors
/// [`crate::Error::Invalid`] for an empty or too long name and values out of range;
/// [`crate::Error::Conflict`] when the key is taken.
pub fn create(
    repositories: &mut dyn Repositories,
    user: &UserId,
    new: NewTask,
    key: RecordKey,
    now: Timestamp,
) -> Result<Task> {
    let mut task = <Task as crate::record::Record>::blank(key);
    task.task_id.set_raw(task.key.as_str());
    task.created_at.set(Some(&now));
    apply(&mut task, &new.into())?;
    repositories.tasks().insert(user, &task)?;
    Ok(task)
}

/// The template with this key.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn get(repositories: &mut dyn Repositories, user: &UserId, key: &RecordKey) -> Result<Option<Task>> {
    repositories.tasks().get(user, key)
}

/// First template with exactly this name.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn find_by_name(repositories: &mut dyn Repositories, user: &UserId, name: &str) -> Result<Option<Task>> {
    Ok(list(repositories, user)?.into_iter().find(|task| task.name.raw() == name))
}

/// First template with this name, or a new one with default details.
///
/// `key` and `now` are used only when a template has to be made.
///
/// # Errors
/// As [`create`].
pub fn ensure_exists(
    repositories: &mut dyn Repositories,
    user: &UserId,
    name: &str,
    key: RecordKey,
    now: Timestamp,
) -> Result<Task> {
    if let Some(task) = find_by_name(repositories, user, name)? {
        return Ok(task);
    }
    // A new template's name is stored without surrounding white space, so that is how it must be found.
    match find_by_name(repositories, user, crate::text::python_strip(name))? {
        Some(task) => Ok(task),
        None => create(repositories, user, NewTask::named(name), key, now),
    }
}

/// All templates in list order.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn list(repositories: &mut dyn Repositories, user: &UserId) -> Result<Vec<Task>> {
    repositories.tasks().list(user)
}

/// Changes a template and counts its version up by one, also when the change is empty.
///
/// A version that is a number but no integer (`2.0`) becomes that number plus one. Cells that are not
/// changed keep their bytes.
///
/// # Errors
/// [`crate::Error::NotFound`]; [`crate::Error::Invalid`] for values out of range and for a version text that is no
/// number, which it names.
pub fn update(
    repositories: &mut dyn Repositories,
    user: &UserId,
    key: &RecordKey,
    change: &TaskChange,
) -> Result<Task> {
    let mut task: Task = require(repositories, user, key)?;
    task.version.set_raw(next_version(&task.version)?);
    apply(&mut task, change)?;
    repositories.tasks().update(user, &task)?;
    Ok(task)
}

/// Removes a template and its places in jobs. Its instances stay and keep their copy of its name.
///
/// A twin with the same `task_id` stays too, and with it the places in jobs, which name only that id.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub fn delete(repositories: &mut dyn Repositories, user: &UserId, key: &RecordKey) -> Result<()> {
    let task: Task = require(repositories, user, key)?;
    access::delete::<Task>(repositories, user, key)?;
    let has_twin = list(repositories, user)?.iter().any(|other| other.task_id == task.task_id);
    if !has_twin {
        for place in repositories.job_tasks().list(user)? {
            if place.task_id.raw() == task.task_id.raw() {
                access::delete::<JobTask>(repositories, user, &place.key)?;
            }
        }
    }
    Ok(())
}

/// Templates in the order of their newest completion, at most `limit`.
///
/// The newest completion is that with the latest readable `completed_at`, whatever the instance's status.
/// When nothing was completed, the templates come by the text of `created_at`, newest first.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn recent(repositories: &mut dyn Repositories, user: &UserId, limit: usize) -> Result<Vec<RecentTask>> {
    let mut newest: HashMap<String, (Timestamp, TaskInstance)> = HashMap::new();
    for instance in repositories.instances().list_recent_completed(user, usize::MAX)? {
        let Some(completed_at) = instance.completed_at.value() else { continue };
        let known = newest.get(instance.task_id.raw());
        if known.is_none_or(|(time, _)| completed_at > *time) {
            newest.insert(instance.task_id.raw().to_owned(), (completed_at, instance));
        }
    }
    let mut tasks = list(repositories, user)?;
    let mut recent: Vec<(Timestamp, RecentTask)> = tasks
        .iter()
        .filter_map(|task| {
            let (time, latest) = newest.get(task.task_id.raw())?;
            Some((*time, RecentTask { task: task.clone(), latest: Some(latest.clone()) }))
        })
        .collect();
    if recent.is_empty() {
        tasks.sort_by(|a, b| b.created_at.legacy().cmp(a.created_at.legacy()));
        return Ok(tasks.into_iter().take(limit).map(|task| RecentTask { task, latest: None }).collect());
    }
    recent.sort_by_key(|(time, _)| Reverse(*time));
    Ok(recent.into_iter().take(limit).map(|(_, task)| task).collect())
}

/// The first template with this `task_id`, which is how instances and jobs name their template.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub fn by_task_id(repositories: &mut dyn Repositories, user: &UserId, task_id: &str) -> Result<Task> {
    let key = RecordKey::new(task_id);
    if task_id.is_empty() {
        return Err(access::not_found::<Task>(&key));
    }
    if let Some(task) = get(repositories, user, &key)? {
        return Ok(task);
    }
    // The first of two twins may have been deleted; the second then has another key.
    let twin = list(repositories, user)?.into_iter().find(|task| task.task_id.raw() == task_id);
    twin.ok_or_else(|| access::not_found::<Task>(&key))
}

/// Puts a template into exactly these jobs, taking it out of all others.
///
/// # Errors
/// [`crate::Error::NotFound`] for an unknown template or job; [`crate::Error::Invalid`] when a job is named twice.
pub fn assign_to_jobs(
    repositories: &mut dyn Repositories,
    user: &UserId,
    key: &RecordKey,
    jobs: &[RecordKey],
    now: Timestamp,
) -> Result<()> {
    for (index, job) in jobs.iter().enumerate() {
        if jobs.iter().skip(index + 1).any(|other| other == job) {
            return Err(invalid::<Job>("job_id", job.as_str(), "is named twice"));
        }
    }
    let task: Task = require(repositories, user, key)?;
    for job in super::jobs::jobs_for_task(repositories, user, task.task_id.raw())? {
        if !jobs.contains(&job.key) {
            super::jobs::remove_task(repositories, user, &job.key, key)?;
        }
    }
    for job in jobs {
        super::jobs::assign_task(repositories, user, job, key, now)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;
    use crate::record::Record;
    use crate::tasks::Change;
    use crate::tasks::testing::{Memory, at, user};

    fn with_task(name: &str) -> (Memory, Task) {
        let mut memory = Memory::default();
        let task = create(&mut memory, &user(), NewTask::named(name), "t1".into(), at("2025-12-21 20:31:05")).unwrap();
        (memory, task)
    }

    #[test]
    fn a_new_template_has_the_legacy_defaults_and_keeps_seconds() {
        let (_, task) = with_task("  A & B <i> ");
        let cell = |name| task.cell_named(name).unwrap();
        assert_eq!(cell("task_id"), "t1");
        assert_eq!(cell("name"), "A & B <i>");
        assert_eq!((cell("type"), cell("version"), cell("is_recurring")), ("one-time", "1", "False"));
        assert_eq!((cell("categories"), cell("default_estimate_minutes"), cell("task_type")), ("[]", "0", "Work"));
        assert_eq!((cell("routine_days_of_week"), cell("routine_time")), ("[]", "00:00"));
        assert_eq!((cell("default_initial_aversion"), cell("completion_window_days")), ("", ""));
        assert_eq!(cell("created_at"), "2025-12-21 20:31:05.000000");
    }

    #[test]
    fn an_update_counts_the_version_and_touches_only_its_cells() {
        let (mut memory, mut task) = with_task("A");
        task.version.set_raw("2.0");
        task.categories.set_raw("[\"Dread\"]  ");
        task.extra.push(("mood".into(), "x".into()));
        memory.tasks().update(&user(), &task).unwrap();
        let change =
            TaskChange { name: Some("B".into()), default_initial_aversion: Change::Set(50), ..Default::default() };
        let updated = update(&mut memory, &user(), &"t1".into(), &change).unwrap();
        task.version.set_raw("3");
        task.name.set_raw("B");
        task.default_initial_aversion.set_raw("50");
        assert_eq!(updated, task);
        assert_eq!(get(&mut memory, &user(), &"t1".into()).unwrap(), Some(task));
    }

    #[test]
    fn a_refused_update_writes_nothing() {
        let (mut memory, mut task) = with_task("A");
        task.version.set_raw("v1");
        memory.tasks().update(&user(), &task).unwrap();
        let change = TaskChange { name: Some("B".into()), ..Default::default() };
        let error = update(&mut memory, &user(), &"t1".into(), &change).unwrap_err();
        assert_eq!(error.to_string(), "task: version is not a number (got \"v1\")");
        assert_eq!(get(&mut memory, &user(), &"t1".into()).unwrap(), Some(task));
        assert!(matches!(update(&mut memory, &user(), &"t9".into(), &change), Err(Error::NotFound { .. })));
    }

    #[test]
    fn names_are_found_as_they_stand_even_missing_value_words() {
        let (mut memory, task) = with_task("NA");
        assert_eq!(find_by_name(&mut memory, &user(), "NA").unwrap(), Some(task.clone()));
        assert_eq!(find_by_name(&mut memory, &user(), "na").unwrap(), None);
        let now = at("2025-12-22 00:00");
        assert_eq!(ensure_exists(&mut memory, &user(), " NA", "t2".into(), now).unwrap(), task);
        assert_eq!(ensure_exists(&mut memory, &user(), "New", "t2".into(), now).unwrap().key.as_str(), "t2");
        assert_eq!(list(&mut memory, &user()).unwrap().len(), 2);
        assert!(matches!(
            create(&mut memory, &user(), NewTask::named("X"), "t2".into(), now),
            Err(Error::Conflict { .. })
        ));
    }

    #[test]
    fn deleting_touches_one_template_of_one_user() {
        let (mut memory, task) = with_task("A");
        let mut twin = task.clone();
        twin.key = RecordKey::nth("t1", 2);
        memory.tasks().insert(&user(), &twin).unwrap();
        let other = UserId::new("other").unwrap();
        memory.tasks().insert(&other, &task).unwrap();
        delete(&mut memory, &user(), &"t1".into()).unwrap();
        assert!(matches!(delete(&mut memory, &user(), &"t1".into()), Err(Error::NotFound { .. })));
        assert_eq!(list(&mut memory, &user()).unwrap(), [twin]);
        assert_eq!(list(&mut memory, &other).unwrap(), [task]);
    }

    #[test]
    fn recent_templates_come_by_their_newest_readable_completion() {
        let mut memory = Memory::default();
        for (id, created) in [("t1", "2025-01-03 10:00"), ("t2", "2025-01-01 10:00"), ("t3", "2025-01-02 10:00")] {
            create(&mut memory, &user(), NewTask::named(id), id.into(), at(created)).unwrap();
        }
        let names = |memory: &mut Memory, limit| -> Vec<String> {
            recent(memory, &user(), limit).unwrap().iter().map(|r| r.task.name.raw().to_owned()).collect()
        };
        assert_eq!(names(&mut memory, 2), ["t1", "t3"]);
        for (id, task, completed) in [
            ("i1", "t1", "2025-02-01 10:00"),
            ("i2", "t2", "2025-02-02 10:00"),
            ("i3", "t1", "2025-02-03 10:00"),
            ("i4", "t3", "2025-13-45 99:99"),
            ("i5", "gone", "2025-02-09 10:00"),
        ] {
            let mut instance = TaskInstance::blank(id.into());
            instance.task_id.set_raw(task);
            instance.completed_at.set_raw(completed);
            memory.instances().insert(&user(), &instance).unwrap();
        }
        assert_eq!(names(&mut memory, 5), ["t1", "t2"]);
        assert_eq!(names(&mut memory, 1), ["t1"]);
    }
}
