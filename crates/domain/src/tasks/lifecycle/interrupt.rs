//! Pausing, resuming, postponing.

use crate::accounts::UserId;
use crate::json::{Json, Object};
use crate::record::RecordKey;
use crate::tasks::access::{corrupt, require};
use crate::tasks::completion::finite;
use crate::tasks::payload::{readable, remove_members, set_members};
use crate::tasks::state::{OPEN, guard};
use crate::tasks::{Change, Status, TaskInstance};
use crate::time::Timestamp;
use crate::{Repositories, Result};

/// Keys that tell about the latest pause.
const LATEST_PAUSE: [&str; 3] = ["pause_reason", "time_spent_before_pause", "pause_completion_percentage"];

/// What is known when work is interrupted.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pause {
    /// Why, or `None` to keep the reason of an earlier pause.
    pub reason: Option<String>,
    /// How much is done, in percent; cut to 0-100, NaN counts as 0.
    pub completion_percentage: f64,
}

/// Interrupts work: the minutes since the start are added to `time_spent_before_pause`, `started_at` is
/// cleared, the status becomes `initialized`.
///
/// `actual` keeps its members. Every pause adds an entry to `pause_history`; values that an earlier program
/// version left about a pause of its own become the first entry. A start after `now` counts as no time.
///
/// # Errors
/// [`crate::Error::Transition`] unless started; [`crate::Error::Corrupt`] when `started_at` is not a time or
/// `actual` holds no object; [`crate::Error::NotFound`].
pub fn pause(
    repositories: &mut dyn Repositories,
    user: &UserId,
    key: &RecordKey,
    pause: &Pause,
    now: Timestamp,
) -> Result<TaskInstance> {
    let mut instance: TaskInstance = require(repositories, user, key)?;
    guard(&instance, "pause", &[Status::Started])?;
    let started_at =
        instance.started_at.value().ok_or_else(|| corrupt(&instance, "started_at", instance.started_at.raw()))?;
    let actual = readable(&instance, "actual", &instance.actual)?;
    let minutes = now.minutes_since(started_at).max(0.0);
    let spent = spent_before_pause(&actual) + minutes;
    let percentage = percentage(pause.completion_percentage);

    let mut entry = Object::from_iter([
        ("started_at", Json::from(started_at.to_minutes_text())),
        ("at", now.to_minutes_text().into()),
        ("minutes", minutes.into()),
        ("completion_percentage", percentage.into()),
    ]);
    let mut members = vec![("paused", Json::from(true))];
    if let Some(reason) = &pause.reason {
        entry.insert("reason", reason.as_str());
        members.push(("pause_reason", reason.as_str().into()));
    }
    let mut history = history(&instance, &actual, "pause_history")?;
    history.extend(earlier_pause(&actual));
    history.push(entry.into());
    members.extend([
        ("time_spent_before_pause", spent.into()),
        ("pause_completion_percentage", percentage.into()),
        ("pause_history", Json::Array(history)),
    ]);
    edit_actual(&mut instance, members, &["resume_started_at"])?;

    instance.started_at.clear();
    instance.completed_at.clear();
    instance.cancelled_at.clear();
    instance.procrastination_score.clear();
    instance.proactive_score.clear();
    instance.is_completed.set(Some(&false));
    instance.status.set_raw("initialized");
    repositories.instances().update(user, &instance)?;
    Ok(instance)
}

/// Takes up interrupted work: `started_at` is now, `actual.resume_started_at` too, `paused` goes, the status
/// becomes `active`. The time worked before stays counted.
///
/// # Errors
/// [`crate::Error::Transition`] unless paused; [`crate::Error::NotFound`].
pub fn resume(
    repositories: &mut dyn Repositories,
    user: &UserId,
    key: &RecordKey,
    now: Timestamp,
) -> Result<TaskInstance> {
    let mut instance: TaskInstance = require(repositories, user, key)?;
    guard(&instance, "resume", &[Status::Paused])?;
    edit_actual(&mut instance, vec![("resume_started_at", now.to_iso_text().into())], &["paused"])?;
    instance.started_at.set(Some(&now));
    instance.status.set_raw("active");
    repositories.instances().update(user, &instance)?;
    Ok(instance)
}

/// Puts an open instance off: adds `{reason, at}` to `postpone_history`, sets `postpone_reason`, and changes
/// the due date if asked to. The status stays.
///
/// # Errors
/// [`crate::Error::Transition`] when completed or cancelled; [`crate::Error::Corrupt`] when `actual` holds no object
/// or its history is not a list; [`crate::Error::NotFound`].
pub fn postpone(
    repositories: &mut dyn Repositories,
    user: &UserId,
    key: &RecordKey,
    reason: &str,
    due_at: Change<Timestamp>,
    now: Timestamp,
) -> Result<TaskInstance> {
    let mut instance: TaskInstance = require(repositories, user, key)?;
    guard(&instance, "be postponed", &OPEN)?;
    let actual = readable(&instance, "actual", &instance.actual)?;
    let mut history = history(&instance, &actual, "postpone_history")?;
    let entry = Object::from_iter([("reason", reason.to_owned()), ("at", now.to_minutes_text())]);
    history.push(entry.into());
    let members = vec![("postpone_history", Json::Array(history)), ("postpone_reason", reason.into())];
    edit_actual(&mut instance, members, &[])?;
    match due_at {
        Change::Keep => {}
        Change::Clear => instance.due_at.clear(),
        Change::Set(due_at) => instance.due_at.set(Some(&due_at)),
    }
    repositories.instances().update(user, &instance)?;
    Ok(instance)
}

/// Corrects reason and percentage of the current pause; a `None` reason removes it. Times stay.
///
/// # Errors
/// [`crate::Error::Transition`] unless paused; [`crate::Error::NotFound`].
pub fn update_pause_notes(
    repositories: &mut dyn Repositories,
    user: &UserId,
    key: &RecordKey,
    reason: Option<&str>,
    completion_percentage: f64,
) -> Result<TaskInstance> {
    let mut instance: TaskInstance = require(repositories, user, key)?;
    guard(&instance, "change its pause notes", &[Status::Paused])?;
    let mut members = vec![("pause_completion_percentage", Json::from(percentage(completion_percentage)))];
    members.extend(reason.map(|reason| ("pause_reason", reason.into())));
    let removed: &[&str] = if reason.is_none() { &["pause_reason"] } else { &[] };
    edit_actual(&mut instance, members, removed)?;
    repositories.instances().update(user, &instance)?;
    Ok(instance)
}

/// Minutes worked before the last pause; 0 when absent, negative or no number.
pub(super) fn spent_before_pause(actual: &Object) -> f64 {
    actual.get("time_spent_before_pause").and_then(finite).unwrap_or(0.0).max(0.0)
}

/// What an earlier program version recorded about a pause, when there is no history yet.
fn earlier_pause(actual: &Object) -> Option<Json> {
    if actual.contains_key("pause_history") {
        return None;
    }
    let known = LATEST_PAUSE.iter().filter_map(|key| Some((*key, actual.get(key)?.clone())));
    Some(Object::from_iter(known)).filter(|entry| !entry.is_empty()).map(Json::Object)
}

fn history(instance: &TaskInstance, actual: &Object, key: &str) -> Result<Vec<Json>> {
    match actual.get(key) {
        None | Some(Json::Null) => Ok(Vec::new()),
        Some(Json::Array(entries)) => Ok(entries.clone()),
        Some(_) => Err(corrupt(instance, "actual", instance.actual.raw())),
    }
}

fn edit_actual(instance: &mut TaskInstance, members: Vec<(&str, Json)>, removed: &[&str]) -> Result<()> {
    let mut cell = instance.actual.clone();
    let edited = set_members(&mut cell, members).and_then(|()| remove_members(&mut cell, removed));
    edited.map_err(|_| corrupt(instance, "actual", instance.actual.raw()))?;
    instance.actual = cell;
    Ok(())
}

fn percentage(value: f64) -> f64 {
    if value.is_nan() { 0.0 } else { value.clamp(0.0, 100.0) }
}
