//! Preference rows: settings of a profile, every value text.
//!
//! A profile is the legacy id of the row: a browser id, `default`, `default_user` or a user number. The
//! first row of a profile counts. Times are UTC. What the settings mean is in [`super::settings`].

use super::Preference;
use super::access::{corrupt, invalid};
use crate::accounts::UserId;
use crate::json::{Json, Object};
use crate::record::{Field, Json as JsonCell, Record, RecordKey};
use crate::time::Timestamp;
use crate::{Repositories, Result};

/// What a new user answers when asked about the tutorial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TutorialChoice {
    /// Step by step.
    Guided,
    /// Alone.
    Explore,
}

impl TutorialChoice {
    /// The stored word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Guided => "guided",
            Self::Explore => "explore",
        }
    }
}

/// The row of a profile.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn get(repositories: &mut dyn Repositories, user: &UserId, profile: &str) -> Result<Option<Preference>> {
    repositories.preferences().get(user, &row_key(profile))
}

/// Whether the profile has no row yet.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn is_new(repositories: &mut dyn Repositories, user: &UserId, profile: &str) -> Result<bool> {
    Ok(get(repositories, user, profile)?.is_none())
}

/// The row of a profile, made with default settings when there is none.
///
/// # Errors
/// [`crate::Error::Invalid`] for an empty profile.
pub fn ensure(repositories: &mut dyn Repositories, user: &UserId, profile: &str, now: Timestamp) -> Result<Preference> {
    if profile.is_empty() {
        return Err(invalid::<Preference>("user_id", profile, "must not be empty"));
    }
    if let Some(row) = get(repositories, user, profile)? {
        return Ok(row);
    }
    let mut row = Preference::blank(row_key(profile));
    row.user_id.set_raw(profile);
    row.tutorial_completed.set(Some(&false));
    row.tutorial_auto_show.set(Some(&true));
    row.tooltip_mode_enabled.set(Some(&true));
    row.survey_completed.set(Some(&false));
    row.created_at.set(Some(&now));
    row.last_active.set(Some(&now));
    repositories.preferences().insert(user, &row)?;
    Ok(row)
}

/// Sets one setting, making row and column when needed, and refreshes `last_active`.
///
/// The cell gets the text the legacy program would write: `True`, `55`, `0.5`, the text itself, JSON text for
/// lists and objects, nothing for `null`.
///
/// # Errors
/// [`crate::Error::Invalid`] for an empty profile or key, and for the columns the program keeps itself
/// (`user_id`, `created_at`, `last_active`).
pub fn update(
    repositories: &mut dyn Repositories,
    user: &UserId,
    profile: &str,
    key: &str,
    value: &Json,
    now: Timestamp,
) -> Result<Preference> {
    if matches!(key, "" | "user_id" | "created_at" | "last_active") {
        return Err(invalid::<Preference>("key", key, "is not a setting"));
    }
    let mut row = ensure(repositories, user, profile, now)?;
    row.set_cell_named(key, cell_text(value));
    row.last_active.set(Some(&now));
    repositories.preferences().update(user, &row)?;
    Ok(row)
}

/// Notes that the tutorial was finished, and how.
///
/// # Errors
/// As [`update`].
pub fn mark_tutorial_completed(
    repositories: &mut dyn Repositories,
    user: &UserId,
    profile: &str,
    choice: TutorialChoice,
    now: Timestamp,
) -> Result<Preference> {
    update(repositories, user, profile, "tutorial_choice", &choice.as_str().into(), now)?;
    update(repositories, user, profile, "tutorial_completed", &true.into(), now)
}

/// Notes that the survey was answered.
///
/// # Errors
/// As [`update`].
pub fn mark_survey_completed(
    repositories: &mut dyn Repositories,
    user: &UserId,
    profile: &str,
    now: Timestamp,
) -> Result<Preference> {
    update(repositories, user, profile, "survey_completed", &true.into(), now)
}

/// Whether to show the tutorial by itself: wanted, and not finished. A profile without a row is shown it.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn should_show_tutorial(repositories: &mut dyn Repositories, user: &UserId, profile: &str) -> Result<bool> {
    Ok(get(repositories, user, profile)?
        .is_none_or(|row| row.tutorial_auto_show.value() == Some(true) && row.tutorial_completed.value() != Some(true)))
}

/// A setting that holds JSON; `None` without a row, for an empty cell and for text that is not JSON.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn json(repositories: &mut dyn Repositories, user: &UserId, profile: &str, key: &str) -> Result<Option<Json>> {
    Ok(get(repositories, user, profile)?.and_then(|row| Json::parse(cell(&row, key).legacy()).ok()))
}

/// A setting that holds a JSON object; whatever is not one reads as the empty object.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn object(repositories: &mut dyn Repositories, user: &UserId, profile: &str, key: &str) -> Result<Object> {
    let value = json(repositories, user, profile, key)?;
    Ok(value.and_then(|value| value.unwrap_encoded().0.as_object().cloned()).unwrap_or_default())
}

/// Sets members of a setting that holds a JSON object, leaving its other members as they are.
///
/// # Errors
/// [`crate::Error::Corrupt`] when the cell holds something that is not an object; [`crate::Error::Invalid`] as for
/// [`update`].
pub fn merge(
    repositories: &mut dyn Repositories,
    user: &UserId,
    profile: &str,
    key: &str,
    members: &Object,
    now: Timestamp,
) -> Result<Preference> {
    let row = ensure(repositories, user, profile, now)?;
    let mut edited = cell(&row, key);
    let members = members.effective().into_iter().map(|(name, value)| (name, value.clone()));
    super::payload::set_members(&mut edited, members).map_err(|_| corrupt(&row, key, cell(&row, key).raw()))?;
    update(repositories, user, profile, key, &edited.into_raw().into(), now)
}

fn row_key(profile: &str) -> RecordKey {
    RecordKey::new(profile)
}

fn cell(row: &Preference, key: &str) -> Field<JsonCell> {
    Field::from_raw(row.cell_named(key).unwrap_or_default())
}

fn cell_text(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::Array(_) | Json::Object(_) => value.dump(),
        Json::Bool(_) | Json::Number(_) | Json::String(_) => value.python_text(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;
    use crate::tasks::testing::{Memory, at, object as members, user};

    const NOW: &str = "2025-12-22 02:40:25.004936";

    #[test]
    fn a_new_row_has_the_defaults() {
        let mut memory = Memory::default();
        assert!(is_new(&mut memory, &user(), "default").unwrap());
        assert!(should_show_tutorial(&mut memory, &user(), "default").unwrap());
        let row = ensure(&mut memory, &user(), "default", at("2025-12-22 02:40:18")).unwrap();
        let cells: Vec<&str> = Preference::COLUMNS.iter().map(|c| row.cell_named(c.name).unwrap()).collect();
        let time = "2025-12-22T02:40:18";
        assert_eq!(cells, ["default", "False", "", "True", "True", "False", time, time]);
        assert_eq!(ensure(&mut memory, &user(), "default", at(NOW)).unwrap(), row);
        assert!(!is_new(&mut memory, &user(), "default").unwrap());
        assert!(ensure(&mut memory, &user(), "", at(NOW)).is_err());
    }

    #[test]
    fn values_are_kept_as_python_text() {
        let mut memory = Memory::default();
        for (value, text) in [
            ("true", "True"),
            ("55", "55"),
            ("0.50", "0.5"),
            ("\"guided\"", "guided"),
            ("null", ""),
            (r#"{"é": [1.0, true]}"#, r#"{"\u00e9": [1.0, true]}"#),
        ] {
            let value = Json::parse(value).unwrap();
            let row = update(&mut memory, &user(), "default", "gap_handling", &value, at(NOW)).unwrap();
            assert_eq!(row.cell_named("gap_handling"), Some(text));
            assert_eq!(row.last_active.raw(), "2025-12-22T02:40:25.004936");
        }
        for key in ["", "user_id", "last_active"] {
            assert!(update(&mut memory, &user(), "default", key, &Json::Null, at(NOW)).is_err());
        }
    }

    #[test]
    fn a_finished_tutorial_is_not_shown_again() {
        let mut memory = Memory::default();
        ensure(&mut memory, &user(), "default", at(NOW)).unwrap();
        assert!(should_show_tutorial(&mut memory, &user(), "default").unwrap());
        mark_tutorial_completed(&mut memory, &user(), "default", TutorialChoice::Explore, at(NOW)).unwrap();
        let row = mark_survey_completed(&mut memory, &user(), "default", at(NOW)).unwrap();
        assert_eq!(row.tutorial_choice.raw(), "explore");
        assert_eq!(row.survey_completed.raw(), "True");
        assert!(!should_show_tutorial(&mut memory, &user(), "default").unwrap());
    }

    #[test]
    fn broken_json_reads_as_empty_and_is_not_overwritten_by_a_merge() {
        let mut memory = Memory::default();
        let set = |memory: &mut Memory, text: &str| {
            update(memory, &user(), "default", "milestones", &text.into(), at(NOW)).unwrap();
        };
        let merge_one =
            |memory: &mut Memory| merge(memory, &user(), "default", "milestones", &members(r#"{"b": 2}"#), at(NOW));
        set(&mut memory, "{broken");
        assert!(object(&mut memory, &user(), "default", "milestones").unwrap().is_empty());
        assert!(matches!(merge_one(&mut memory), Err(Error::Corrupt { column, value, .. })
            if column == "milestones" && value == "{broken"));
        set(&mut memory, r#"{"a":1}"#);
        let row = merge_one(&mut memory).unwrap();
        assert_eq!(row.cell_named("milestones"), Some(r#"{"a":1, "b": 2}"#));
        assert_eq!(object(&mut memory, &user(), "default", "milestones").unwrap().len(), 2);
        assert_eq!(json(&mut memory, &user(), "nobody", "milestones").unwrap(), None);
    }
}
