//! Jobs: named groups of templates. A template may be in several jobs. Times are UTC.

use super::access::{self, invalid, limited_text, require, required_text};
use super::template_rules::{MAX_DESCRIPTION_CHARS, MAX_NAME_CHARS};
use super::{Job, JobTask, Task};
use crate::accounts::UserId;
use crate::record::{Record, RecordKey};
use crate::text::python_lower;
use crate::time::Timestamp;
use crate::{Repositories, Result};

/// A job to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    /// Name, not empty.
    pub name: String,
    /// `Work`, `Play`, `Self care` or any other group.
    pub task_type: String,
    /// Free text.
    pub description: String,
}

/// Changes of a job; what is `None` stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the fields mean what the fields of NewJob with the same names mean")]
pub struct JobChange {
    pub name: Option<String>,
    pub task_type: Option<String>,
    pub description: Option<String>,
}

/// Adds a job. The key becomes its `job_id`.
///
/// # Errors
/// [`crate::Error::Invalid`] for an empty or too long name or description; [`crate::Error::Conflict`] when the key is
/// taken.
pub fn create(
    repositories: &mut dyn Repositories,
    user: &UserId,
    new: NewJob,
    key: RecordKey,
    now: Timestamp,
) -> Result<Job> {
    let mut job = Job::blank(key);
    job.job_id.set_raw(job.key.as_str());
    job.created_at.set(Some(&now));
    let NewJob { name, task_type, description } = new;
    let all = JobChange { name: Some(name), task_type: Some(task_type), description: Some(description) };
    apply(&mut job, all, now)?;
    repositories.jobs().insert(user, &job)?;
    Ok(job)
}

/// The job with this key.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn get(repositories: &mut dyn Repositories, user: &UserId, key: &RecordKey) -> Result<Option<Job>> {
    repositories.jobs().get(user, key)
}

/// Jobs by name (bytes of the text), ties in list order; with a type only those of it, in any case.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn list(repositories: &mut dyn Repositories, user: &UserId, task_type: Option<&str>) -> Result<Vec<Job>> {
    let mut jobs = repositories.jobs().list(user)?;
    if let Some(task_type) = task_type.map(python_lower) {
        jobs.retain(|job| python_lower(job.task_type.legacy()) == task_type);
    }
    jobs.sort_by(|a, b| a.name.raw().cmp(b.name.raw()));
    Ok(jobs)
}

/// Changes name, type or description and sets `updated_at`.
///
/// # Errors
/// [`crate::Error::NotFound`]; [`crate::Error::Invalid`] as for [`create`].
pub fn update(
    repositories: &mut dyn Repositories,
    user: &UserId,
    key: &RecordKey,
    change: JobChange,
    now: Timestamp,
) -> Result<Job> {
    let mut job: Job = require(repositories, user, key)?;
    apply(&mut job, change, now)?;
    repositories.jobs().update(user, &job)?;
    Ok(job)
}

/// Removes a job and its memberships; the templates stay. Memberships stay when a twin with the same
/// `job_id` does.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub fn delete(repositories: &mut dyn Repositories, user: &UserId, key: &RecordKey) -> Result<()> {
    let job: Job = require(repositories, user, key)?;
    access::delete::<Job>(repositories, user, key)?;
    if repositories.jobs().list(user)?.iter().any(|other| other.job_id == job.job_id) {
        return Ok(());
    }
    for place in memberships(repositories, user, |place| place.job_id == job.job_id)? {
        access::delete::<JobTask>(repositories, user, &place.key)?;
    }
    Ok(())
}

/// Puts a template into a job; `false` when it is there already.
///
/// # Errors
/// [`crate::Error::NotFound`] for an unknown job or template.
pub fn assign_task(
    repositories: &mut dyn Repositories,
    user: &UserId,
    job: &RecordKey,
    task: &RecordKey,
    now: Timestamp,
) -> Result<bool> {
    let (job, task) = named(repositories, user, job, task)?;
    if task.task_id.raw().is_empty() {
        return Err(invalid::<JobTask>("task_id", "", "must not be empty"));
    }
    let is_this = |place: &JobTask| place.job_id == job.job_id && place.task_id == task.task_id;
    if !memberships(repositories, user, is_this)?.is_empty() {
        return Ok(false);
    }
    let mut place = JobTask::blank(RecordKey::new(format!("{}/{}", job.job_id.raw(), task.task_id.raw())));
    place.job_id = job.job_id;
    place.task_id = task.task_id;
    place.created_at.set(Some(&now));
    repositories.job_tasks().insert(user, &place)?;
    Ok(true)
}

/// Takes a template out of a job; `false` when it was not in it.
///
/// # Errors
/// [`crate::Error::NotFound`] for an unknown job or template.
pub fn remove_task(
    repositories: &mut dyn Repositories,
    user: &UserId,
    job: &RecordKey,
    task: &RecordKey,
) -> Result<bool> {
    let (job, task) = named(repositories, user, job, task)?;
    let is_this = |place: &JobTask| place.job_id == job.job_id && place.task_id == task.task_id;
    let places = memberships(repositories, user, is_this)?;
    for place in &places {
        access::delete::<JobTask>(repositories, user, &place.key)?;
    }
    Ok(!places.is_empty())
}

/// Templates of a job in the order of the template list. Memberships of deleted templates are passed over.
///
/// # Errors
/// [`crate::Error::NotFound`] for an unknown job.
pub fn tasks_for_job(repositories: &mut dyn Repositories, user: &UserId, job: &RecordKey) -> Result<Vec<Task>> {
    let job: Job = require(repositories, user, job)?;
    let places = memberships(repositories, user, |place| place.job_id == job.job_id)?;
    let mut tasks = repositories.tasks().list(user)?;
    tasks.retain(|task| places.iter().any(|place| place.task_id == task.task_id));
    Ok(tasks)
}

/// Jobs that a template, named by its `task_id`, belongs to, in the order of the job list.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn jobs_for_task(repositories: &mut dyn Repositories, user: &UserId, task_id: &str) -> Result<Vec<Job>> {
    let places = memberships(repositories, user, |place| place.task_id.raw() == task_id)?;
    let mut jobs = repositories.jobs().list(user)?;
    jobs.retain(|job| places.iter().any(|place| place.job_id == job.job_id));
    Ok(jobs)
}

fn apply(job: &mut Job, change: JobChange, now: Timestamp) -> Result<()> {
    if let Some(name) = change.name {
        job.name.set_raw(required_text::<Job>("name", &name, MAX_NAME_CHARS)?);
    }
    if let Some(task_type) = change.task_type {
        job.task_type.set_raw(limited_text::<Job>("task_type", &task_type, MAX_NAME_CHARS)?);
    }
    if let Some(description) = change.description {
        job.description.set_raw(limited_text::<Job>("description", &description, MAX_DESCRIPTION_CHARS)?);
    }
    job.updated_at.set(Some(&now));
    Ok(())
}

fn named(repositories: &mut dyn Repositories, user: &UserId, job: &RecordKey, task: &RecordKey) -> Result<(Job, Task)> {
    Ok((require(repositories, user, job)?, require(repositories, user, task)?))
}

fn memberships(
    repositories: &mut dyn Repositories,
    user: &UserId,
    wanted: impl Fn(&JobTask) -> bool,
) -> Result<Vec<JobTask>> {
    let mut places = repositories.job_tasks().list(user)?;
    places.retain(|place| wanted(place));
    Ok(places)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;
    use crate::tasks::testing::{Memory, at, user};
    use crate::tasks::{NewTask, templates};

    fn now() -> Timestamp {
        at("2026-02-22 05:50:18")
    }

    fn memory() -> Memory {
        let mut memory = Memory::default();
        for (key, name, task_type) in [("j1", "Upkeep", "Self care"), ("j2", "Development, deep", "Work")] {
            let new = NewJob { name: name.into(), task_type: task_type.into(), description: String::new() };
            create(&mut memory, &user(), new, key.into(), now()).unwrap();
        }
        for key in ["t1", "t2"] {
            templates::create(&mut memory, &user(), NewTask::named(key), key.into(), now()).unwrap();
        }
        memory
    }

    fn keys(jobs: &[Job]) -> Vec<&str> {
        jobs.iter().map(|job| job.key.as_str()).collect()
    }

    #[test]
    fn jobs_are_listed_by_name_and_type_in_any_case() {
        let mut memory = memory();
        assert_eq!(keys(&list(&mut memory, &user(), None).unwrap()), ["j2", "j1"]);
        assert_eq!(keys(&list(&mut memory, &user(), Some("self CARE")).unwrap()), ["j1"]);
        let other = UserId::new("other").unwrap();
        assert_eq!(list(&mut memory, &other, None).unwrap(), []);
    }

    #[test]
    fn an_update_sets_its_time_and_keeps_the_rest() {
        let mut memory = memory();
        let change = JobChange { description: Some("house".into()), ..Default::default() };
        let job = update(&mut memory, &user(), &"j1".into(), change, at("2026-02-23 00:00")).unwrap();
        assert_eq!((job.name.raw(), job.description.raw()), ("Upkeep", "house"));
        assert_eq!((job.created_at.raw(), job.updated_at.raw()), ("2026-02-22T05:50:18", "2026-02-23T00:00:00"));
        let nameless = JobChange { name: Some(" ".into()), ..Default::default() };
        assert!(update(&mut memory, &user(), &"j1".into(), nameless, now()).is_err());
        assert!(matches!(
            update(&mut memory, &user(), &"j9".into(), JobChange::default(), now()),
            Err(Error::NotFound { .. })
        ));
    }

    #[test]
    fn assigning_is_idempotent_and_needs_both_sides() {
        let mut memory = memory();
        assert!(assign_task(&mut memory, &user(), &"j1".into(), &"t1".into(), now()).unwrap());
        assert!(!assign_task(&mut memory, &user(), &"j1".into(), &"t1".into(), now()).unwrap());
        assert!(assign_task(&mut memory, &user(), &"j2".into(), &"t1".into(), now()).unwrap());
        for (job, task) in [("j9", "t1"), ("j1", "t9")] {
            let unknown = assign_task(&mut memory, &user(), &job.into(), &task.into(), now());
            assert!(matches!(unknown, Err(Error::NotFound { .. })));
        }
        assert_eq!(keys(&jobs_for_task(&mut memory, &user(), "t1").unwrap()), ["j1", "j2"]);
        assert_eq!(tasks_for_job(&mut memory, &user(), &"j1".into()).unwrap().len(), 1);
        assert!(remove_task(&mut memory, &user(), &"j1".into(), &"t1".into()).unwrap());
        assert!(!remove_task(&mut memory, &user(), &"j1".into(), &"t1".into()).unwrap());
        assert_eq!(keys(&jobs_for_task(&mut memory, &user(), "t1").unwrap()), ["j2"]);
    }

    #[test]
    fn deleting_either_side_removes_memberships() {
        let mut memory = memory();
        let both = ["j1".into(), "j2".into()];
        templates::assign_to_jobs(&mut memory, &user(), &"t1".into(), &both, now()).unwrap();
        templates::assign_to_jobs(&mut memory, &user(), &"t2".into(), &both, now()).unwrap();
        templates::assign_to_jobs(&mut memory, &user(), &"t2".into(), &["j2".into()], now()).unwrap();
        assert_eq!(keys(&jobs_for_task(&mut memory, &user(), "t2").unwrap()), ["j2"]);
        delete(&mut memory, &user(), &"j1".into()).unwrap();
        assert_eq!(memory.job_tasks().count(&user()).unwrap(), 2);
        templates::delete(&mut memory, &user(), &"t1".into()).unwrap();
        assert_eq!(memory.job_tasks().count(&user()).unwrap(), 1);
        assert!(matches!(delete(&mut memory, &user(), &"j1".into()), Err(Error::NotFound { .. })));
    }
}
