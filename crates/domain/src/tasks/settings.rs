//! Settings with a known meaning: keys, defaults, limits.

use super::Preference;
use super::access::{corrupt, invalid};
use super::preferences;
use crate::accounts::UserId;
use crate::json::{Json, Object};
use crate::text::python_int;
use crate::time::Timestamp;
use crate::{Repositories, Result};

/// Components of the composite score; each has a weight from 0 to 10, by default 1.
pub const COMPOSITE_COMPONENTS: [&str; 12] = [
    "tracking_consistency_score",
    "avg_stress_level",
    "avg_net_wellbeing",
    "avg_stress_efficiency",
    "avg_relief",
    "work_volume_score",
    "work_consistency_score",
    "life_balance_score",
    "weekly_relief_score",
    "completion_rate",
    "self_care_frequency",
    "execution_score",
];

/// Weeks kept in `productivity_history`.
pub const HISTORY_WEEKS: usize = 52;

/// Settings that are JSON objects, with their default members.
const OBJECTS: [(&str, &str); 8] = [
    ("persistent_emotion_values", "{}"),
    (
        "productivity_settings",
        r#"{"weekly_curve": "flattened_square", "weekly_burnout_threshold_hours": 42, "daily_burnout_cap_multiplier": 2,
            "target_mode": "weekly", "target_hours": 40, "daily_burnout_threshold_hours": 8,
            "primary_productivity_task_id": null, "primary_task_bonus_multiplier": 1.2}"#,
    ),
    (
        "productivity_goal_settings",
        r#"{"goal_hours_per_week": 40, "starting_hours_per_week": null, "initialization_method": "auto",
            "auto_estimate_factor": 10, "last_adjusted_at": null, "auto_adjusted_count": 0,
            "user_override_flag": false, "week_calculation_mode": "rolling"}"#,
    ),
    (
        "recommendation_weights",
        r#"{"relief_score": 1, "urgency_score": 0.3, "cognitive_load": 1, "emotional_load": 1}"#,
    ),
    ("analytics_section_prefs", "{}"),
    (
        "monitored_metrics_config",
        r#"{"selected_metrics": ["productivity_time", "productivity_score"], "coloration_baseline": "last_3_months"}"#,
    ),
    ("milestones", "{}"),
    ("template_goals", "{}"),
];

/// Settings that are whole numbers: key, default, least and greatest value.
const INTEGERS: [(&str, i64, i64, i64); 3] =
    [("popup_daily_cap", 5, 1, i64::MAX), ("weekly_summary_day", 0, 0, 6), ("task_horizon_days", 14, 1, i64::MAX)];

/// A setting that is a JSON object: its defaults with the stored members over them.
///
/// Known keys: `composite_score_weights`, `persistent_emotion_values`, `productivity_settings`,
/// `productivity_goal_settings`, `recommendation_weights` (urgency at most 0.5), `analytics_section_prefs`,
/// `monitored_metrics_config`, `milestones`, `template_goals`, `target_hours_settings` (0 to 24 hours).
/// Other keys have no defaults. A cell that holds no object counts as empty.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn object(repositories: &mut dyn Repositories, user: &UserId, profile: &str, key: &str) -> Result<Object> {
    let mut merged = defaults(key);
    if key == "target_hours_settings" {
        merged = default_target_hours(&object(repositories, user, profile, "productivity_goal_settings")?);
    }
    for (name, value) in preferences::object(repositories, user, profile, key)?.effective() {
        merged.insert(name, limited(key, name, value));
    }
    Ok(merged)
}

/// Sets members of a setting that is a JSON object; members that are not named stay.
///
/// # Errors
/// [`crate::Error::Invalid`] for a goal setting that does not exist; as [`preferences::merge`].
pub fn merge(
    repositories: &mut dyn Repositories,
    user: &UserId,
    profile: &str,
    key: &str,
    members: &Object,
    now: Timestamp,
) -> Result<Preference> {
    if key == "productivity_goal_settings" {
        let known = defaults(key);
        if let Some((unknown, _)) = members.iter().find(|(name, _)| !known.contains_key(name)) {
            return Err(invalid::<Preference>("productivity_goal_settings", unknown, "is not a goal setting"));
        }
    }
    preferences::merge(repositories, user, profile, key, members, now)
}

/// A setting that is a whole number: `popup_daily_cap` (at least 1, default 5), `weekly_summary_day` (0 to 6,
/// default 0), `task_horizon_days` (at least 1, default 14).
///
/// Text that is no such number reads as the default.
///
/// # Errors
/// [`crate::Error::Invalid`] for an unknown key.
pub fn integer(repositories: &mut dyn Repositories, user: &UserId, profile: &str, key: &str) -> Result<i64> {
    let (_, default, least, greatest) = known_integer(key)?;
    let row = preferences::get(repositories, user, profile)?;
    let text = row.as_ref().and_then(|row| crate::record::Record::cell_named(row, key)).unwrap_or_default();
    Ok(python_int(text).filter(|value| (least..=greatest).contains(value)).unwrap_or(default))
}

/// Sets a setting that is a whole number.
///
/// # Errors
/// [`crate::Error::Invalid`] for an unknown key and a number out of range.
pub fn set_integer(
    repositories: &mut dyn Repositories,
    user: &UserId,
    profile: &str,
    key: &str,
    value: i64,
    now: Timestamp,
) -> Result<Preference> {
    let (name, _, least, greatest) = known_integer(key)?;
    if !(least..=greatest).contains(&value) {
        return Err(invalid::<Preference>(name, value.to_string(), "is out of range"));
    }
    preferences::update(repositories, user, profile, key, &value.into(), now)
}

/// Name of the time zone to use: the chosen one, else the detected one; `None` stands for the server's.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn timezone(repositories: &mut dyn Repositories, user: &UserId, profile: &str) -> Result<Option<String>> {
    let Some(row) = preferences::get(repositories, user, profile)? else { return Ok(None) };
    let named = |key| {
        let text = crate::text::legacy_text(crate::record::Record::cell_named(&row, key).unwrap_or_default());
        (!matches!(text, "" | "auto")).then(|| text.to_owned())
    };
    Ok(named("timezone").or_else(|| named("detected_tz")))
}

/// Replaces the lasting emotion values; those not above 0 are left out.
///
/// # Errors
/// As [`preferences::update`].
pub fn set_persistent_emotions(
    repositories: &mut dyn Repositories,
    user: &UserId,
    profile: &str,
    values: &[(String, i64)],
    now: Timestamp,
) -> Result<Preference> {
    let kept: Object = values.iter().filter(|(_, value)| *value > 0).cloned().collect();
    preferences::update(repositories, user, profile, "persistent_emotion_values", &kept.into(), now)
}

/// Adds a week to `productivity_history`: one entry a `week_start`, the newer one counts; sorted; the last
/// [`HISTORY_WEEKS`] stay.
///
/// # Errors
/// [`crate::Error::Invalid`] without a text `week_start`; [`crate::Error::Corrupt`] when the cell holds no list.
pub fn record_week(
    repositories: &mut dyn Repositories,
    user: &UserId,
    profile: &str,
    week: Object,
    now: Timestamp,
) -> Result<Preference> {
    const KEY: &str = "productivity_history";
    let start = |week: &Json| week.as_object().and_then(|week| week.get("week_start")?.as_str().map(str::to_owned));
    let week = Json::Object(week);
    let Some(week_start) = start(&week) else {
        return Err(invalid::<Preference>("week_start", week.dump(), "must be given as text"));
    };
    let row = preferences::ensure(repositories, user, profile, now)?;
    let text = crate::record::Record::cell_named(&row, KEY).unwrap_or_default();
    let mut weeks = match Json::parse(text) {
        Ok(Json::Array(weeks)) => weeks,
        _ if crate::text::python_strip(crate::text::legacy_text(text)).is_empty() => Vec::new(),
        _ => return Err(corrupt(&row, KEY, text)),
    };
    weeks.retain(|known| start(known).as_deref() != Some(&week_start));
    weeks.push(week);
    weeks.sort_by_key(start);
    let surplus = weeks.len().saturating_sub(HISTORY_WEEKS);
    weeks.drain(..surplus);
    preferences::update(repositories, user, profile, KEY, &Json::Array(weeks), now)
}

fn defaults(key: &str) -> Object {
    if key == "composite_score_weights" {
        return COMPOSITE_COMPONENTS.iter().map(|component| (*component, 1.0)).collect();
    }
    let text = OBJECTS.iter().find(|(name, _)| *name == key).map_or("{}", |(_, text)| text);
    match Json::parse(text) {
        Ok(Json::Object(object)) => object,
        // The texts are constants of this file; a test reads them all.
        _ => Object::new(),
    }
}

fn default_target_hours(goal: &Object) -> Object {
    let weekly = goal.get("goal_hours_per_week").and_then(Json::python_number).filter(|hours| *hours > 0.0);
    let work = weekly.map_or(6.0, |hours| (hours / 5.0).min(24.0));
    Object::from_iter([("work", Json::from(work)), ("sleep", 8.into()), ("play", 2.into()), ("self_care", 1.into())])
}

/// A stored member cut to the limits of its setting.
fn limited(key: &str, name: &str, value: &Json) -> Json {
    let (least, greatest) = match (key, name) {
        ("target_hours_settings", _) => (0.0, 24.0),
        ("recommendation_weights", "urgency_score") => (f64::NEG_INFINITY, 0.5),
        _ => return value.clone(),
    };
    match value.as_f64() {
        Some(number) if number < least => Json::from(least),
        Some(number) if number > greatest => Json::from(greatest),
        _ => value.clone(),
    }
}

fn known_integer(key: &str) -> Result<(&'static str, i64, i64, i64)> {
    let known = INTEGERS.iter().find(|(name, ..)| *name == key).copied();
    known.ok_or_else(|| invalid::<Preference>("key", key, "is not a number setting"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;
    use crate::tasks::testing::{Memory, at, object as members, user};

    const PROFILE: &str = "default";

    fn now() -> Timestamp {
        at("2026-02-22 05:50:35")
    }

    #[test]
    fn every_default_text_is_an_object() {
        for (key, text) in OBJECTS {
            assert_eq!(defaults(key), members(text), "{key}");
        }
        assert_eq!(defaults("composite_score_weights").len(), 12);
    }

    #[test]
    fn stored_members_go_over_the_defaults() {
        let mut memory = Memory::default();
        merge(
            &mut memory,
            &user(),
            PROFILE,
            "productivity_goal_settings",
            &members(r#"{"goal_hours_per_week": 31.0}"#),
            now(),
        )
        .unwrap();
        let goal = object(&mut memory, &user(), PROFILE, "productivity_goal_settings").unwrap();
        assert_eq!(goal.get("goal_hours_per_week"), Some(&Json::from(31.0)));
        assert_eq!(goal.get("auto_estimate_factor"), Some(&Json::from(10)));
        // A later value replaces an earlier one.
        merge(
            &mut memory,
            &user(),
            PROFILE,
            "productivity_goal_settings",
            &members(r#"{"goal_hours_per_week": 25}"#),
            now(),
        )
        .unwrap();
        let hours = object(&mut memory, &user(), PROFILE, "target_hours_settings").unwrap();
        assert_eq!(hours.get("work"), Some(&Json::from(5.0)));
        let unknown =
            merge(&mut memory, &user(), PROFILE, "productivity_goal_settings", &members(r#"{"goal": 1}"#), now());
        assert!(matches!(unknown, Err(Error::Invalid { value, .. }) if value == "goal"));
    }

    #[test]
    fn limits_are_kept_on_reading() {
        let mut memory = Memory::default();
        merge(
            &mut memory,
            &user(),
            PROFILE,
            "target_hours_settings",
            &members(r#"{"sleep": 30, "play": -1, "work": 7}"#),
            now(),
        )
        .unwrap();
        let hours = object(&mut memory, &user(), PROFILE, "target_hours_settings").unwrap();
        assert_eq!(Json::Object(hours).dump(), r#"{"work": 7, "sleep": 24.0, "play": 0.0, "self_care": 1}"#);
        merge(&mut memory, &user(), PROFILE, "recommendation_weights", &members(r#"{"urgency_score": 2}"#), now())
            .unwrap();
        let weights = object(&mut memory, &user(), PROFILE, "recommendation_weights").unwrap();
        assert_eq!(weights.get("urgency_score"), Some(&Json::from(0.5)));
    }

    #[test]
    fn numbers_out_of_range_are_refused_and_read_as_defaults() {
        let mut memory = Memory::default();
        assert_eq!(integer(&mut memory, &user(), PROFILE, "popup_daily_cap").unwrap(), 5);
        set_integer(&mut memory, &user(), PROFILE, "popup_daily_cap", 3, now()).unwrap();
        assert_eq!(integer(&mut memory, &user(), PROFILE, "popup_daily_cap").unwrap(), 3);
        assert!(set_integer(&mut memory, &user(), PROFILE, "weekly_summary_day", 7, now()).is_err());
        preferences::update(&mut memory, &user(), PROFILE, "task_horizon_days", &"soon".into(), now()).unwrap();
        assert_eq!(integer(&mut memory, &user(), PROFILE, "task_horizon_days").unwrap(), 14);
        assert!(integer(&mut memory, &user(), PROFILE, "timezone").is_err());
    }

    #[test]
    fn the_chosen_zone_goes_before_the_detected_one() {
        let mut memory = Memory::default();
        assert_eq!(timezone(&mut memory, &user(), PROFILE).unwrap(), None);
        for (key, value, zone) in [
            ("timezone", "auto", None),
            ("detected_tz", "America/Chicago", Some("America/Chicago")),
            ("timezone", "Europe/Berlin", Some("Europe/Berlin")),
        ] {
            preferences::update(&mut memory, &user(), PROFILE, key, &value.into(), now()).unwrap();
            assert_eq!(timezone(&mut memory, &user(), PROFILE).unwrap().as_deref(), zone);
        }
    }

    #[test]
    fn only_positive_emotions_last() {
        let mut memory = Memory::default();
        let row =
            set_persistent_emotions(&mut memory, &user(), PROFILE, &[("calm".into(), 30), ("Wut".into(), 0)], now())
                .unwrap();
        assert_eq!(crate::record::Record::cell_named(&row, "persistent_emotion_values"), Some(r#"{"calm": 30}"#));
    }

    #[test]
    fn a_week_is_recorded_once_and_a_year_is_kept() {
        let mut memory = Memory::default();
        let week = |start: &str, hours: i64| {
            Object::from_iter([("week_start", Json::from(start)), ("actual_hours", hours.into())])
        };
        for number in (0..60).rev() {
            record_week(&mut memory, &user(), PROFILE, week(&format!("2025-{number:02}"), 1), now()).unwrap();
        }
        record_week(&mut memory, &user(), PROFILE, week("2025-59", 9), now()).unwrap();
        let stored = preferences::json(&mut memory, &user(), PROFILE, "productivity_history").unwrap().unwrap();
        let weeks = stored.as_array().unwrap();
        assert_eq!(weeks.len(), HISTORY_WEEKS);
        assert_eq!(weeks[51], Json::Object(week("2025-59", 9)));
        assert_eq!(weeks[0], Json::Object(week("2025-08", 1)));
        assert!(record_week(&mut memory, &user(), PROFILE, Object::new(), now()).is_err());
        preferences::update(&mut memory, &user(), PROFILE, "productivity_history", &"[oops".into(), now()).unwrap();
        assert!(matches!(
            record_week(&mut memory, &user(), PROFILE, week("2026-01", 1), now()),
            Err(Error::Corrupt { .. })
        ));
    }
}
