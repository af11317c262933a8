//! Why instances are cancelled, and what that counts for.

use super::access::{invalid, required_text};
use super::completion::{estimate_minutes, finite};
use super::payload::payload;
use super::{Preference, TaskInstance, lists, preferences};
use crate::accounts::UserId;
use crate::json::{Json, Object};
use crate::time::Timestamp;
use crate::{Repositories, Result};

/// Category that is selected at first.
pub const DEFAULT_CATEGORY: &str = "other";
/// Penalty of a category nobody has set one for.
pub const UNKNOWN_PENALTY: f64 = 0.5;

const CATEGORIES: &str = "cancellation_categories";
const PENALTIES: &str = "cancellation_penalties";

/// Built-in categories: key, label, penalty multiplier.
const BUILT_IN: [(&str, &str, f64); 6] = [
    ("did_while_another_active", "Did while another task was active", 0.0),
    ("deferred_to_plan", "Deferred to plan", 0.1),
    ("development_test", "Development or test", 0.0),
    ("accidental_initialization", "Accidental initialization", 0.0),
    ("failed_to_complete", "Failed to complete", 1.0),
    ("other", "Other", 0.5),
];

/// Categories to choose from, as key and label: the built-in ones, then the profile's own. One of its own
/// with the key of a built-in one replaces its label.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn categories(repositories: &mut dyn Repositories, user: &UserId, profile: &str) -> Result<Vec<(String, String)>> {
    let mut categories: Vec<(String, String)> =
        BUILT_IN.iter().map(|(key, label, _)| ((*key).to_owned(), (*label).to_owned())).collect();
    for (key, label) in preferences::object(repositories, user, profile, CATEGORIES)?.effective() {
        let label = label.python_text();
        match categories.iter_mut().find(|(known, _)| known == key) {
            Some(known) => known.1 = label,
            None => categories.push((key.to_owned(), label)),
        }
    }
    Ok(categories)
}

/// Adds a category of the profile's own, or gives one a new label.
///
/// # Errors
/// [`crate::Error::Invalid`] for an empty key or label; [`crate::Error::Corrupt`] when the setting holds no object.
pub fn set_category(
    repositories: &mut dyn Repositories,
    user: &UserId,
    profile: &str,
    key: &str,
    label: &str,
    now: Timestamp,
) -> Result<Preference> {
    let key = required_text::<Preference>(CATEGORIES, key, 100)?;
    let label = required_text::<Preference>(CATEGORIES, label, 200)?;
    preferences::merge(repositories, user, profile, CATEGORIES, &Object::from_iter([(key, label)]), now)
}

/// Penalty multiplier of a category, 0 to 1: the profile's, else the built-in one, else
/// [`UNKNOWN_PENALTY`]. A stored number outside is cut to the range.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn penalty(repositories: &mut dyn Repositories, user: &UserId, profile: &str, category: &str) -> Result<f64> {
    let own = preferences::object(repositories, user, profile, PENALTIES)?;
    Ok(penalty_of(&own, category))
}

/// Sets the penalty multiplier of a category, 0 to 1.
///
/// # Errors
/// [`crate::Error::Invalid`] out of range; [`crate::Error::Corrupt`] when the setting holds no object.
pub fn set_penalty(
    repositories: &mut dyn Repositories,
    user: &UserId,
    profile: &str,
    category: &str,
    penalty: f64,
    now: Timestamp,
) -> Result<Preference> {
    if !(0.0..=1.0).contains(&penalty) {
        return Err(invalid::<Preference>(PENALTIES, penalty.to_string(), "must be 0 to 1"));
    }
    preferences::merge(repositories, user, profile, PENALTIES, &Object::from_iter([(category, penalty)]), now)
}

/// Sum over all cancelled instances of estimate in minutes / 10 × penalty of the category.
///
/// The category is `cancellation_category` of `actual`, by default [`DEFAULT_CATEGORY`]; an estimate that
/// cannot be read counts as 0.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn penalty_total(repositories: &mut dyn Repositories, user: &UserId, profile: &str) -> Result<f64> {
    let own = preferences::object(repositories, user, profile, PENALTIES)?;
    let cancelled = lists::cancelled(repositories, user)?;
    Ok(cancelled.iter().map(|instance| estimate(instance) / 10.0 * penalty_of(&own, &category(instance))).sum())
}

/// The category an instance was cancelled with.
#[must_use]
pub fn category(instance: &TaskInstance) -> String {
    let stored =
        payload(&instance.actual).ok().and_then(|actual| actual.get("cancellation_category").map(Json::python_text));
    stored.filter(|category| !category.is_empty() && category != "None").unwrap_or_else(|| DEFAULT_CATEGORY.to_owned())
}

fn estimate(instance: &TaskInstance) -> f64 {
    payload(&instance.predicted).ok().and_then(|predicted| estimate_minutes(&predicted).ok()).unwrap_or(0.0)
}

fn penalty_of(own: &Object, category: &str) -> f64 {
    let built_in = || BUILT_IN.iter().find(|(key, ..)| *key == category).map(|(.., penalty)| *penalty);
    let own = own.get(category).and_then(finite).map(|penalty| penalty.clamp(0.0, 1.0));
    own.or_else(built_in).unwrap_or(UNKNOWN_PENALTY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;
    use crate::tasks::testing::{Memory, at, user};

    fn now() -> Timestamp {
        at("2026-02-22 05:50:35")
    }

    #[test]
    fn own_categories_win_over_built_in_ones() {
        let mut memory = Memory::default();
        set_category(&mut memory, &user(), "1", "sick", "Felt ill", now()).unwrap();
        set_category(&mut memory, &user(), "1", "other", "Anything else", now()).unwrap();
        let known = categories(&mut memory, &user(), "1").unwrap();
        assert_eq!(known.len(), 7);
        assert_eq!(known[5], ("other".to_owned(), "Anything else".to_owned()));
        assert_eq!(known[6], ("sick".to_owned(), "Felt ill".to_owned()));
        assert_eq!(categories(&mut memory, &user(), "2").unwrap().len(), 6);
    }

    #[test]
    fn penalties_come_from_profile_then_program_then_default() {
        let mut memory = Memory::default();
        set_penalty(&mut memory, &user(), "1", "other", 0.7, now()).unwrap();
        let of = |memory: &mut Memory, category| penalty(memory, &user(), "1", category).unwrap();
        assert_eq!(of(&mut memory, "other"), 0.7);
        assert_eq!(of(&mut memory, "deferred_to_plan"), 0.1);
        assert_eq!(of(&mut memory, "development_test"), 0.0);
        assert_eq!(of(&mut memory, "sick"), 0.5);
        assert!(set_penalty(&mut memory, &user(), "1", "other", 1.1, now()).is_err());
        preferences::update(&mut memory, &user(), "1", PENALTIES, &r#"{"other": 7}"#.into(), now()).unwrap();
        assert_eq!(of(&mut memory, "other"), 1.0);
    }

    #[test]
    fn the_total_weighs_estimates() {
        let mut memory = Memory::default();
        for (id, predicted, actual) in [
            ("i1", r#"{"time_estimate_minutes": 30}"#, r#"{"cancellation_category": "failed_to_complete"}"#),
            ("i2", r#"{"estimate": "20"}"#, "{}"),
            ("i3", "broken", r#"{"cancellation_category": "failed_to_complete"}"#),
            ("i4", r#"{"time_estimate_minutes": 500}"#, r#"{"cancellation_category": "development_test"}"#),
        ] {
            let mut instance = TaskInstance::blank(id.into());
            instance.status.set_raw("cancelled");
            instance.predicted.set_raw(predicted);
            instance.actual.set_raw(actual);
            memory.instances().insert(&user(), &instance).unwrap();
        }
        // 30 / 10 * 1.0 + 20 / 10 * 0.5
        assert_eq!(penalty_total(&mut memory, &user(), "1").unwrap(), 4.0);
    }
}
