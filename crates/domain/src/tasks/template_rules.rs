//! What a template may hold, and how changes are written into its cells.

use super::access::{invalid, limited_text, required_text};
use super::{Change, Task};
use crate::json::Json;
use crate::record::{Field, Integer, Kind, Number};
use crate::text::{is_python_int, python_lower, python_strip};
use crate::{Error, Result};

/// Most characters of a template's name.
pub const MAX_NAME_CHARS: usize = 200;
/// Most characters of a template's description.
pub const MAX_DESCRIPTION_CHARS: usize = 5000;
/// Kinds of templates; `project` occurs in early files.
pub const TASK_KINDS: [&str; 4] = ["one-time", "recurring", "routine", "project"];
/// Types of templates, as they are stored.
pub const TASK_TYPES: [&str; 3] = ["Work", "Play", "Self care"];
/// How often a routine comes back.
pub const ROUTINE_FREQUENCIES: [&str; 3] = ["none", "daily", "weekly"];

/// A template to be made. See the fields of [`Task`] for their meaning.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the fields mean what the fields of Task with the same names mean")]
pub struct NewTask {
    pub name: String,
    pub description: String,
    pub type_: String,
    pub is_recurring: bool,
    pub categories: Vec<String>,
    pub default_estimate_minutes: i64,
    pub task_type: String,
    pub default_initial_aversion: Option<i64>,
    pub routine_frequency: String,
    pub routine_days_of_week: Vec<i64>,
    pub routine_time: String,
    pub completion_window_hours: Option<i64>,
    pub completion_window_days: Option<i64>,
}

impl NewTask {
    /// A one-time work template with this name and no further details.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            description: String::new(),
            type_: "one-time".to_owned(),
            is_recurring: false,
            categories: Vec::new(),
            default_estimate_minutes: 0,
            task_type: "Work".to_owned(),
            default_initial_aversion: None,
            routine_frequency: "none".to_owned(),
            routine_days_of_week: Vec::new(),
            routine_time: "00:00".to_owned(),
            completion_window_hours: None,
            completion_window_days: None,
        }
    }
}

/// Changes of a template; what is `None` or [`Change::Keep`] stays, byte for byte.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(missing_docs, reason = "the fields mean what the fields of Task with the same names mean")]
pub struct TaskChange {
    pub name: Option<String>,
    pub description: Option<String>,
    pub type_: Option<String>,
    pub is_recurring: Option<bool>,
    pub categories: Option<Vec<String>>,
    pub default_estimate_minutes: Option<i64>,
    pub task_type: Option<String>,
    pub default_initial_aversion: Change<i64>,
    pub routine_frequency: Option<String>,
    pub routine_days_of_week: Option<Vec<i64>>,
    pub routine_time: Option<String>,
    pub completion_window_hours: Change<i64>,
    pub completion_window_days: Change<i64>,
}

impl From<NewTask> for TaskChange {
    fn from(new: NewTask) -> Self {
        Self {
            name: Some(new.name),
            description: Some(new.description),
            type_: Some(new.type_),
            is_recurring: Some(new.is_recurring),
            categories: Some(new.categories),
            default_estimate_minutes: Some(new.default_estimate_minutes),
            task_type: Some(new.task_type),
            default_initial_aversion: new.default_initial_aversion.into(),
            routine_frequency: Some(new.routine_frequency),
            routine_days_of_week: Some(new.routine_days_of_week),
            routine_time: Some(new.routine_time),
            completion_window_hours: new.completion_window_hours.into(),
            completion_window_days: new.completion_window_days.into(),
        }
    }
}

/// Writes a change into a template, checking every value that is set.
pub(super) fn apply(task: &mut Task, change: &TaskChange) -> Result<()> {
    if let Some(name) = &change.name {
        task.name.set_raw(required_text::<Task>("name", name, MAX_NAME_CHARS)?);
    }
    if let Some(description) = &change.description {
        task.description.set_raw(limited_text::<Task>("description", description, MAX_DESCRIPTION_CHARS)?);
    }
    if let Some(kind) = &change.type_ {
        task.type_.set_raw(one_of("type", kind, &TASK_KINDS)?);
    }
    if let Some(is_recurring) = change.is_recurring {
        task.is_recurring.set(Some(&is_recurring));
    }
    if let Some(categories) = &change.categories {
        task.categories.set_raw(Json::from(categories.clone()).dump());
    }
    if let Some(minutes) = change.default_estimate_minutes {
        task.default_estimate_minutes.set(Some(&in_range("default_estimate_minutes", minutes, 0, i64::MAX)?));
    }
    if let Some(task_type) = &change.task_type {
        task.task_type.set_raw(canonical_task_type(task_type)?);
    }
    set_integer(
        &mut task.default_initial_aversion,
        change.default_initial_aversion,
        "default_initial_aversion",
        0,
        100,
    )?;
    if let Some(frequency) = &change.routine_frequency {
        task.routine_frequency.set_raw(one_of("routine_frequency", frequency, &ROUTINE_FREQUENCIES)?);
    }
    if let Some(days) = &change.routine_days_of_week {
        for day in days {
            in_range("routine_days_of_week", *day, 0, 6)?;
        }
        task.routine_days_of_week.set_raw(Json::from(days.clone()).dump());
    }
    if let Some(time) = &change.routine_time {
        task.routine_time.set_raw(clock_time(time)?);
    }
    let (hours, days) = (change.completion_window_hours, change.completion_window_days);
    set_integer(&mut task.completion_window_hours, hours, "completion_window_hours", 1, i64::MAX)?;
    set_integer(&mut task.completion_window_days, days, "completion_window_days", 1, i64::MAX)
}

/// Version text after one more update.
///
/// An integer is followed by the next one, any other finite number by itself plus one (`2.0` by `3`),
/// an empty cell by `2`, as it stands for the first version.
pub(super) fn next_version(version: &Field<Integer>) -> Result<String> {
    let refused = |reason| Err(invalid::<Task>("version", version.raw(), reason));
    if version.is_blank() {
        return Ok("2".to_owned());
    }
    if let Some(number) = version.value() {
        return number
            .checked_add(1)
            .map_or_else(|| refused("is too large to be counted up"), |next| Ok(next.to_string()));
    }
    if is_python_int(version.raw()) {
        return refused("is too large to be counted up");
    }
    Number::parse(version.raw())
        .map_or_else(|| refused("is not a number"), |number| Ok(Number::render(&(number + 1.0))))
}

/// `Work`, `Play` or `Self care` for any spelling the legacy program took for one of them.
fn canonical_task_type(text: &str) -> Result<String> {
    let lower = python_lower(python_strip(text));
    let spelling = if matches!(lower.as_str(), "selfcare" | "self-care") { "self care" } else { lower.as_str() };
    TASK_TYPES
        .iter()
        .find(|known| python_lower(known) == spelling)
        .map(|known| (*known).to_owned())
        .ok_or_else(|| invalid::<Task>("task_type", text, "must be Work, Play or Self care"))
}

fn one_of(field: &'static str, text: &str, allowed: &[&str]) -> Result<String> {
    if allowed.contains(&text) {
        Ok(text.to_owned())
    } else {
        Err(invalid::<Task>(field, text, "is not a known value"))
    }
}

fn in_range(field: &'static str, value: i64, min: i64, max: i64) -> Result<i64> {
    if (min..=max).contains(&value) {
        Ok(value)
    } else {
        Err(invalid::<Task>(field, value.to_string(), "is out of range"))
    }
}

fn set_integer(
    cell: &mut Field<Integer>,
    change: Change<i64>,
    field: &'static str,
    min: i64,
    max: i64,
) -> Result<(), Error> {
    match change {
        Change::Keep => {}
        Change::Clear => cell.clear(),
        Change::Set(value) => cell.set(Some(&in_range(field, value, min, max)?)),
    }
    Ok(())
}

/// `HH:MM`, from 00:00 to 23:59.
fn clock_time(text: &str) -> Result<String> {
    let two_digits = |part: &str| -> Option<u32> {
        (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok()).flatten()
    };
    let legal = text.split_once(':').is_some_and(|(hour, minute)| {
        two_digits(hour).is_some_and(|hour| hour < 24) && two_digits(minute).is_some_and(|minute| minute < 60)
    });
    if legal { Ok(text.to_owned()) } else { Err(invalid::<Task>("routine_time", text, "must be HH:MM")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(version: &str) -> Option<String> {
        next_version(&Field::from_raw(version)).ok()
    }

    #[test]
    fn versions_count_up_in_whatever_spelling() {
        for (version, expected) in
            [("1", "2"), (" 41 ", "42"), ("2.0", "3"), ("2.5", "3.5"), ("", "2"), ("None", "2"), ("-1", "0")]
        {
            assert_eq!(next(version).as_deref(), Some(expected), "{version}");
        }
    }

    #[test]
    fn a_version_that_is_no_number_is_named() {
        for version in ["v1", "inf", "9223372036854775807", "99999999999999999999"] {
            assert!(matches!(next_version(&Field::from_raw(version)),
                Err(Error::Invalid { field: "version", value, .. }) if value == version));
        }
    }

    #[test]
    fn task_types_are_stored_in_one_spelling() {
        for (given, stored) in
            [("work", "Work"), ("SELF CARE", "Self care"), ("self-care", "Self care"), (" SelfCare", "Self care")]
        {
            assert_eq!(canonical_task_type(given).unwrap(), stored);
        }
        assert!(canonical_task_type("").is_err());
    }

    #[test]
    fn out_of_range_values_are_refused() {
        let refused = |change: TaskChange| {
            let mut task = <Task as crate::record::Record>::blank("t1".into());
            apply(&mut task, &change).is_err()
        };
        assert!(refused(TaskChange { name: Some(" \n".into()), ..Default::default() }));
        assert!(refused(TaskChange { name: Some("é".repeat(201)), ..Default::default() }));
        assert!(!refused(TaskChange { name: Some("é".repeat(200)), ..Default::default() }));
        assert!(refused(TaskChange { routine_time: Some("24:00".into()), ..Default::default() }));
        assert!(refused(TaskChange { routine_days_of_week: Some(vec![7]), ..Default::default() }));
        assert!(refused(TaskChange { default_initial_aversion: Change::Set(101), ..Default::default() }));
        assert!(refused(TaskChange { completion_window_hours: Change::Set(0), ..Default::default() }));
        assert!(refused(TaskChange { type_: Some("sometimes".into()), ..Default::default() }));
    }
}
