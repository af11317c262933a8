//! Completing and cancelling.

use super::interrupt::spent_before_pause;
use crate::accounts::UserId;
use crate::json::{Json, Object};
use crate::record::{Field, Json as JsonCell, LocalTime, RecordKey};
use crate::tasks::access::{invalid, require};
use crate::tasks::completion::{
    delay_minutes, duration_minutes, estimate_minutes, finite, net_emotional, proactive_score, procrastination_score,
    relief_factors,
};
use crate::tasks::extraction::{Overwrite, extract, set_number};
use crate::tasks::payload::{first_given, overlay, payload_or_empty, remove_members, set_members};
use crate::tasks::state::{OPEN, guard};
use crate::tasks::{Status, TaskInstance};
use crate::text::python_float_repr;
use crate::time::Timestamp;
use crate::{Repositories, Result};

/// Members that describe an interruption that is over once the instance is finished.
const ENDED: [&str; 2] = ["paused", "resume_started_at"];

/// A completed instance, and what could not be computed for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Completion {
    /// The instance as stored.
    pub instance: TaskInstance,
    /// Columns that were left out because a stored value could not be understood.
    pub skipped: Vec<Skipped>,
}

/// A result that could not be computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Columns without a new value.
    pub columns: &'static [&'static str],
    /// Column whose text is the obstacle.
    pub obstacle: &'static str,
    /// The text.
    pub value: String,
}

/// Completes an open instance.
///
/// - `actual` is the given payload over the members that are there.
/// - `duration_minutes` is `time_actual_minutes` of the *given* payload (0 counts), else the time since the
///   start plus that before a pause, else the estimate; a computed one is written to the payload as well.
/// - `delay_minutes`, `procrastination_score`, `proactive_score`, the relief factors and `net_emotional`
///   follow [`crate::tasks::completion`]; `net_relief` is set only when empty.
/// - Empty columns are filled from the payload, see [`crate::tasks::extraction`].
///
/// When a date or an estimate cannot be read, duration and delay stay as they are, the scores become
/// empty, and [`Completion::skipped`] says so; the completion itself takes place.
///
/// # Errors
/// [`crate::Error::Transition`] when completed or cancelled already; [`crate::Error::Invalid`] when the given
/// `time_actual_minutes` is no number of at least 0; [`crate::Error::NotFound`].
pub fn complete(
    repositories: &mut dyn Repositories,
    user: &UserId,
    key: &RecordKey,
    given: &Object,
    now: Timestamp,
) -> Result<Completion> {
    let mut instance: TaskInstance = require(repositories, user, key)?;
    guard(&instance, "complete", &OPEN)?;
    let minutes = given_minutes(given)?;
    overlay::<TaskInstance>(&mut instance.actual, given, "actual")?;
    edit(&mut instance.actual, Vec::new(), &ENDED)?;
    let actual = payload_or_empty(&instance.actual).unwrap_or_else(|_| given.clone());

    let mut skipped = Vec::new();
    let inputs = Inputs::read(&instance);
    match inputs.duration(minutes.as_ref(), &actual, now) {
        Err(obstacle) => skipped.push(obstacle.blocks(&["duration_minutes", "delay_minutes"])),
        Ok(duration) => {
            match &minutes {
                Some(value) => set_number(&mut instance.duration_minutes, value),
                None => {
                    instance.duration_minutes.set_raw(python_float_repr(duration));
                    edit(&mut instance.actual, vec![("time_actual_minutes", duration.into())], &[])?;
                }
            }
            match inputs.delay(duration, now) {
                Ok(Some(delay)) => instance.delay_minutes.set_raw(python_float_repr(delay)),
                Ok(None) => {}
                Err(obstacle) => skipped.push(obstacle.blocks(&["delay_minutes"])),
            }
        }
    }
    match inputs.scores() {
        Ok((procrastination, proactive)) => {
            instance.procrastination_score.set_raw(python_float_repr(procrastination));
            instance.proactive_score.set_raw(python_float_repr(proactive));
        }
        Err(obstacle) => {
            instance.procrastination_score.clear();
            instance.proactive_score.clear();
            skipped.push(obstacle.blocks(&["procrastination_score", "proactive_score"]));
        }
    }
    extract(&mut instance, given, Overwrite::No);
    compare_with_prediction(&mut instance, given, &actual, Overwrite::No);
    instance.completed_at.set(Some(&now));
    instance.cancelled_at.clear();
    instance.is_completed.set(Some(&true));
    instance.status.set_raw("completed");
    repositories.instances().update(user, &instance)?;
    Ok(Completion { instance, skipped })
}

/// Corrects the outcome of a completed instance: given members win, and columns the payload has a value
/// for are written anew, so that columns and payload agree.
///
/// Completion time, delay and scores stay. `is_edited` and `edited_at` are set, and status and flag
/// are put right where an earlier program version left them wrong.
///
/// # Errors
/// [`crate::Error::Transition`] unless completed; [`crate::Error::Invalid`] as for [`complete`];
/// [`crate::Error::NotFound`].
pub fn revise_completed(
    repositories: &mut dyn Repositories,
    user: &UserId,
    key: &RecordKey,
    given: &Object,
    now: Timestamp,
) -> Result<TaskInstance> {
    let mut instance: TaskInstance = require(repositories, user, key)?;
    guard(&instance, "have its completion revised", &[Status::Completed])?;
    given_minutes(given)?;
    overlay::<TaskInstance>(&mut instance.actual, given, "actual")?;
    let edited_at = now.naive().format("%Y-%m-%d %H:%M:%S").to_string();
    edit(&mut instance.actual, vec![("is_edited", true.into()), ("edited_at", edited_at.into())], &[])?;
    let actual = payload_or_empty(&instance.actual).unwrap_or_else(|_| given.clone());
    extract(&mut instance, given, Overwrite::Yes);
    compare_with_prediction(&mut instance, given, &actual, Overwrite::Yes);
    instance.is_completed.set(Some(&true));
    instance.status.set_raw("completed");
    repositories.instances().update(user, &instance)?;
    Ok(instance)
}

/// Gives an open instance up: the given payload goes over `actual`, with `cancelled: true`; both scores
/// become empty, and empty columns are filled from the payload.
///
/// `is_completed` becomes `True` as in the legacy program, where it means "no longer open".
///
/// # Errors
/// [`crate::Error::Transition`] when completed or cancelled already; [`crate::Error::NotFound`].
pub fn cancel(
    repositories: &mut dyn Repositories,
    user: &UserId,
    key: &RecordKey,
    given: &Object,
    now: Timestamp,
) -> Result<TaskInstance> {
    let mut instance: TaskInstance = require(repositories, user, key)?;
    guard(&instance, "cancel", &OPEN)?;
    overlay::<TaskInstance>(&mut instance.actual, given, "actual")?;
    edit(&mut instance.actual, vec![("cancelled", true.into())], &ENDED)?;
    extract(&mut instance, given, Overwrite::No);
    instance.cancelled_at.set(Some(&now));
    instance.completed_at.clear();
    instance.procrastination_score.clear();
    instance.proactive_score.clear();
    instance.is_completed.set(Some(&true));
    instance.status.set_raw("cancelled");
    repositories.instances().update(user, &instance)?;
    Ok(instance)
}

/// Adds to the payload of a cancelled instance; `cancelled: true` stays. No column changes.
///
/// # Errors
/// [`crate::Error::Transition`] unless cancelled; [`crate::Error::NotFound`].
pub fn update_cancelled(
    repositories: &mut dyn Repositories,
    user: &UserId,
    key: &RecordKey,
    given: &Object,
) -> Result<TaskInstance> {
    let mut instance: TaskInstance = require(repositories, user, key)?;
    guard(&instance, "have its cancellation changed", &[Status::Cancelled])?;
    overlay::<TaskInstance>(&mut instance.actual, given, "actual")?;
    edit(&mut instance.actual, vec![("cancelled", true.into())], &[])?;
    repositories.instances().update(user, &instance)?;
    Ok(instance)
}

/// `time_actual_minutes` of a payload, unless it is absent, `null` or empty.
fn given_minutes(given: &Object) -> Result<Option<Json>> {
    let minutes = first_given(given, &["time_actual_minutes"]);
    match minutes {
        Some(value) if finite(value).is_none_or(|minutes| minutes < 0.0) => {
            let reason = "must be a number of minutes, 0 or more";
            Err(invalid::<TaskInstance>("time_actual_minutes", value.python_text(), reason))
        }
        _ => Ok(minutes.cloned()),
    }
}

/// Relief and emotional load against their predictions.
///
/// What cannot be computed becomes empty in a first completion and stays as it is in a revision.
fn compare_with_prediction(instance: &mut TaskInstance, given: &Object, actual: &Object, overwrite: Overwrite) {
    // Without a readable prediction there is nothing to compare with.
    let predicted = payload_or_empty(&instance.predicted).unwrap_or_default();
    let factors = relief_factors(&predicted, actual);
    let named = first_given(given, &["net_relief"]).is_some();
    if let Some(factors) = factors
        && (instance.net_relief.is_blank() || (overwrite == Overwrite::Yes && !named))
    {
        instance.net_relief.set_raw(python_float_repr(factors.net_relief));
    }
    for (cell, value) in [
        (&mut instance.serendipity_factor, factors.map(|it| it.serendipity_factor)),
        (&mut instance.disappointment_factor, factors.map(|it| it.disappointment_factor)),
        (&mut instance.net_emotional, net_emotional(&predicted, actual)),
    ] {
        match value {
            Some(value) => cell.set_raw(python_float_repr(value)),
            None if overwrite == Overwrite::No => cell.clear(),
            None => {}
        }
    }
}

/// A stored value that stands in the way of a result.
#[derive(Debug, Clone)]
struct Obstacle {
    column: &'static str,
    value: String,
}

impl Obstacle {
    fn blocks(self, columns: &'static [&'static str]) -> Skipped {
        Skipped { columns, obstacle: self.column, value: self.value }
    }
}

/// Times and estimate of an instance, each readable, absent, or an obstacle.
struct Inputs {
    created: Result<Option<Timestamp>, Obstacle>,
    initialized: Result<Option<Timestamp>, Obstacle>,
    started: Result<Option<Timestamp>, Obstacle>,
    estimate: Result<f64, Obstacle>,
}

impl Inputs {
    fn read(instance: &TaskInstance) -> Self {
        let unreadable = || Obstacle { column: "predicted", value: instance.predicted.raw().to_owned() };
        let predicted = payload_or_empty(&instance.predicted).map_err(|_| unreadable());
        Self {
            created: time("created_at", &instance.created_at),
            initialized: time("initialized_at", &instance.initialized_at),
            started: time("started_at", &instance.started_at),
            estimate: predicted.and_then(|object| estimate_minutes(&object).map_err(|_| unreadable())),
        }
    }

    fn duration(&self, given: Option<&Json>, actual: &Object, now: Timestamp) -> Result<f64, Obstacle> {
        if let Some(minutes) = given.and_then(finite) {
            return Ok(minutes);
        }
        let started = self.started.clone()?;
        let spent = spent_before_pause(actual);
        let estimate = if started.is_some() || spent > 0.0 { 0.0 } else { self.estimate.clone()? };
        Ok(duration_minutes(started, spent, estimate, now))
    }

    fn delay(&self, duration: f64, now: Timestamp) -> Result<Option<f64>, Obstacle> {
        let Some(initialized) = self.initialized.clone()? else { return Ok(None) };
        Ok(Some(delay_minutes(initialized, self.started.clone()?, now, duration)))
    }

    fn scores(&self) -> Result<(f64, f64), Obstacle> {
        let created = self.created.clone()?;
        let created = created.ok_or_else(|| Obstacle { column: "created_at", value: String::new() })?;
        let reference = match self.started.clone()? {
            Some(started) => started,
            None => self.initialized.clone()?.unwrap_or(created),
        };
        let (wait, estimate) = (reference.minutes_since(created), self.estimate.clone()?);
        Ok((procrastination_score(wait, estimate), proactive_score(wait, estimate)))
    }
}

fn time(column: &'static str, cell: &Field<LocalTime>) -> Result<Option<Timestamp>, Obstacle> {
    match cell.value() {
        None if !cell.is_blank() => Err(Obstacle { column, value: cell.raw().to_owned() }),
        value => Ok(value),
    }
}

fn edit(cell: &mut Field<JsonCell>, members: Vec<(&str, Json)>, removed: &[&str]) -> Result<()> {
    // The overlay before this left an object in the cell.
    set_members(cell, members)
        .and_then(|()| remove_members(cell, removed))
        .map_err(|reason| invalid::<TaskInstance>("actual", reason.to_string(), "cannot be written"))
}
