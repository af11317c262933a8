//! Creating, predicting, starting, deleting.

use crate::accounts::UserId;
use crate::json::{Json, Object};
use crate::record::{Record, RecordKey};
use crate::tasks::access::{self, corrupt, invalid, require};
use crate::tasks::extraction::{Overwrite, extract};
use crate::tasks::payload::{overlay, readable, set_members};
use crate::tasks::state::{OPEN, guard};
use crate::tasks::{Change, Status, Task, TaskInstance, notes, templates};
use crate::time::Timestamp;
use crate::{Repositories, Result};

/// An instance to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct NewInstance {
    /// The template; its name and version are copied.
    pub task: RecordKey,
    /// First prediction, usually empty or just `time_estimate_minutes`.
    pub predicted: Object,
}

/// Predictions and due date.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Initialization {
    /// The prediction; laid over the one that is there.
    pub predicted: Object,
    /// When the work is due.
    pub due_at: Change<Timestamp>,
}

/// Adds an instance of a template in the state *created*. The key becomes its `instance_id`.
///
/// # Errors
/// [`crate::Error::NotFound`] for an unknown template; [`crate::Error::Conflict`] when the key is taken.
pub fn create(
    repositories: &mut dyn Repositories,
    user: &UserId,
    new: NewInstance,
    key: RecordKey,
    now: Timestamp,
) -> Result<TaskInstance> {
    let task: Task = require(repositories, user, &new.task)?;
    let mut instance = TaskInstance::blank(key);
    instance.instance_id.set_raw(instance.key.as_str());
    instance.task_id.set_raw(task.task_id.raw());
    instance.task_name.set_raw(task.name.raw());
    instance.task_version.set_raw(task.version.raw());
    instance.created_at.set(Some(&now));
    instance.predicted.set_raw(Json::Object(new.predicted).dump());
    instance.actual.set_raw("{}");
    instance.is_completed.set(Some(&false));
    instance.is_deleted.set(Some(&false));
    instance.status.set_raw("active");
    repositories.instances().insert(user, &instance)?;
    Ok(instance)
}

/// The instance with this key.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn get(repositories: &mut dyn Repositories, user: &UserId, key: &RecordKey) -> Result<Option<TaskInstance>> {
    repositories.instances().get(user, key)
}

/// The first open instance of a template, or a new one that predicts the template's default estimate.
///
/// An instance is open unless it is completed, cancelled or deleted. `key` and `now` are used only when an
/// instance has to be made. Use [`create`] for a second attempt beside an open one.
///
/// # Errors
/// As [`create`].
pub fn ensure_for_task(
    repositories: &mut dyn Repositories,
    user: &UserId,
    task: &RecordKey,
    key: RecordKey,
    now: Timestamp,
) -> Result<TaskInstance> {
    let template: Task = require(repositories, user, task)?;
    let attempts = repositories.instances().list_by_task(user, template.task_id.raw())?;
    let open = attempts.into_iter().find(|it| it.is_deleted.legacy() != "True" && OPEN.contains(&it.state()));
    if let Some(instance) = open {
        return Ok(instance);
    }
    let estimate = template.default_estimate_minutes.value().filter(|minutes| *minutes > 0);
    let predicted = estimate.map(|minutes| ("time_estimate_minutes", minutes)).into_iter().collect();
    create(repositories, user, NewInstance { task: task.clone(), predicted }, key, now)
}

/// Gives predictions: `initialized_at` is set unless it was set before, attributes are copied into empty
/// columns, the status becomes `initialized` unless the work is going on.
///
/// # Errors
/// [`crate::Error::Transition`] when completed or cancelled; [`crate::Error::NotFound`].
pub fn initialize(
    repositories: &mut dyn Repositories,
    user: &UserId,
    key: &RecordKey,
    initialization: &Initialization,
    now: Timestamp,
) -> Result<TaskInstance> {
    let mut instance: TaskInstance = require(repositories, user, key)?;
    let state = guard(&instance, "initialize", &OPEN)?;
    overlay::<TaskInstance>(&mut instance.predicted, &initialization.predicted, "predicted")?;
    if !instance.is_initialized() {
        instance.initialized_at.set(Some(&now));
    }
    match initialization.due_at {
        Change::Keep => {}
        Change::Clear => instance.due_at.clear(),
        Change::Set(due_at) => instance.due_at.set(Some(&due_at)),
    }
    extract(&mut instance, &initialization.predicted, Overwrite::No);
    if state != Status::Started {
        instance.status.set_raw("initialized");
    }
    repositories.instances().update(user, &instance)?;
    Ok(instance)
}

/// Changes the expected aversion (0 to 100) in any state but cancelled, and nothing else.
///
/// The value before the first change stays in `initialization_expected_aversion`, so that baselines can
/// tell foresight from hindsight. Status and due date of a completed instance are left alone.
///
/// # Errors
/// [`crate::Error::Invalid`] out of range; [`crate::Error::Corrupt`] when `predicted` holds no object;
/// [`crate::Error::Transition`]; [`crate::Error::NotFound`].
pub fn revise_expected_aversion(
    repositories: &mut dyn Repositories,
    user: &UserId,
    key: &RecordKey,
    aversion: i64,
) -> Result<TaskInstance> {
    if !(0..=100).contains(&aversion) {
        return Err(invalid::<TaskInstance>("expected_aversion", aversion.to_string(), "must be 0 to 100"));
    }
    let mut instance: TaskInstance = require(repositories, user, key)?;
    let [created, initialized, started, paused] = OPEN;
    let allowed = [created, initialized, started, paused, Status::Completed];
    guard(&instance, "change its expected aversion", &allowed)?;
    let predicted = readable(&instance, "predicted", &instance.predicted)?;
    let mut members = vec![("expected_aversion", Json::from(aversion))];
    if let (None, Some(first)) = (predicted.get("initialization_expected_aversion"), predicted.get("expected_aversion"))
    {
        members.push(("initialization_expected_aversion", first.clone()));
    }
    let raw = instance.predicted.raw().to_owned();
    set_members(&mut instance.predicted, members).map_err(|_| corrupt(&instance, "predicted", raw))?;
    repositories.instances().update(user, &instance)?;
    Ok(instance)
}

/// Begins work: `started_at` is now, the status `active`. A paused instance is taken up with
/// [`super::resume`] instead.
///
/// # Errors
/// [`crate::Error::Transition`] unless created or initialized; [`crate::Error::NotFound`].
pub fn start(
    repositories: &mut dyn Repositories,
    user: &UserId,
    key: &RecordKey,
    now: Timestamp,
) -> Result<TaskInstance> {
    let mut instance: TaskInstance = require(repositories, user, key)?;
    guard(&instance, "start", &[Status::Created, Status::Initialized])?;
    instance.started_at.set(Some(&now));
    instance.status.set_raw("active");
    repositories.instances().update(user, &instance)?;
    Ok(instance)
}

/// Removes exactly this instance, in any state; a twin with the same `instance_id` stays.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub fn delete(repositories: &mut dyn Repositories, user: &UserId, key: &RecordKey) -> Result<()> {
    access::delete::<TaskInstance>(repositories, user, key)
}

/// Appends a note to the instance's template, where all its instances see it.
///
/// # Errors
/// [`crate::Error::NotFound`] when the instance or its template does not exist; [`crate::Error::Invalid`] for an
/// empty note.
pub fn append_notes(
    repositories: &mut dyn Repositories,
    user: &UserId,
    key: &RecordKey,
    note: &str,
    now: Timestamp,
) -> Result<Task> {
    let instance: TaskInstance = require(repositories, user, key)?;
    let task = templates::by_task_id(repositories, user, instance.task_id.raw())?;
    notes::append_to_task(repositories, user, &task.key, note, now)
}
