//! The layouts of profile settings over the years, brought into the nested one.

use super::read::at;
use crate::json::{Json, Object};

/// How a settings document is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProfileLayout {
    /// `profile.json` with `forecast_settings` and `project_classification` as objects of their own.
    Nested,
    /// `profile.json` after the loaded settings were written over it: the same values at the root, while
    /// name, dates and list of queries are gone.
    Flattened,
    /// `app_settings.json` from before profiles: flat, the connection to Jira under older names.
    AppSettings,
    /// There is no settings document.
    Missing,
}

impl ProfileLayout {
    /// Lower-case name, for reports and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nested => "nested",
            Self::Flattened => "flattened",
            Self::AppSettings => "app-settings",
            Self::Missing => "missing",
        }
    }
}

/// Members of `forecast_settings`.
pub const FORECAST_KEYS: [&str; 4] = ["pert_factor", "deadline", "milestone", "data_points_count"];

/// Members of `project_classification`, with those of its older form.
pub const CLASSIFICATION_KEYS: [&str; 11] = [
    "devops_projects",
    "development_projects",
    "devops_task_types",
    "bug_types",
    "story_types",
    "task_types",
    "production_environment_values",
    "flow_end_statuses",
    "active_statuses",
    "flow_start_statuses",
    "wip_statuses",
];

/// Older names of members of `jira_config`.
const JIRA_KEYS: [(&str, &str); 7] = [
    ("jira_token", "token"),
    ("jira_url", "base_url"),
    ("jira_story_points_field", "points_field"),
    ("jira_cache_max_size", "cache_size_mb"),
    ("jira_max_results", "max_results_per_call"),
    ("jira_configured", "configured"),
    ("jira_email", "email"),
];

/// Tells the layout of a settings document.
///
/// Flattened is one without `forecast_settings` that has a `pert_factor` or `deadline` at its root; if it
/// also names Jira's token or address in the older way, it is an `app_settings.json`, whatever its file is
/// called.
#[must_use]
pub fn detect(settings: &Json) -> ProfileLayout {
    let Some(root) = settings.as_object() else {
        return ProfileLayout::Nested;
    };
    let has = |keys: &[&str]| keys.iter().any(|key| root.contains_key(key));
    let old_jira = has(&["jira_api_endpoint"]) || JIRA_KEYS.iter().any(|(old, _)| root.contains_key(old));
    if has(&["forecast_settings"]) {
        ProfileLayout::Nested
    } else if old_jira && !has(&["jira_config"]) {
        ProfileLayout::AppSettings
    } else if has(&["pert_factor", "deadline"]) {
        ProfileLayout::Flattened
    } else {
        ProfileLayout::Nested
    }
}

/// The settings in the nested layout: values at the root are lifted into `jira_config`,
/// `forecast_settings` and `project_classification`, and what a flattened document lost comes from the
/// registry's entry. Members no rule speaks of stay at the root; a nested document comes back as it is.
///
/// Where a value stands both at the root and nested, the nested one counts.
///
/// ```
/// use landfast_domain::delivery::layout::lift;
/// use landfast_domain::json::Json;
///
/// let flat = Json::parse(r#"{"pert_factor": 3, "deadline": "2026-03-31", "bug_types": ["Bug"]}"#)?;
/// let entry = Json::parse(r#"{"id": "p1", "name": "Orbit"}"#)?;
/// assert_eq!(
///     lift(&flat, Some(&entry)).dump(),
///     concat!(
///         r#"{"id": "p1", "name": "Orbit", "jira_config": {}, "#,
///         r#""forecast_settings": {"pert_factor": 3, "deadline": "2026-03-31"}, "#,
///         r#""project_classification": {"bug_types": ["Bug"]}}"#,
///     ),
/// );
/// # Ok::<(), landfast_domain::json::JsonError>(())
/// ```
#[must_use]
pub fn lift(settings: &Json, registry_entry: Option<&Json>) -> Json {
    let layout = detect(settings);
    let Some(root) = settings.as_object().filter(|_| layout != ProfileLayout::Nested) else {
        return settings.clone();
    };
    let mut lifted = Object::new();
    for key in ["id", "name", "description", "created_at", "last_used"] {
        if let Some(value) = root.get(key).or_else(|| at(registry_entry?, &[key])) {
            lifted.insert(key, value.clone());
        }
    }
    let mut jira = section(root, "jira_config");
    lift_jira(root, &mut jira);
    lifted.insert("jira_config", jira);
    let mut forecast = section(root, "forecast_settings");
    let mut classification = section(root, "project_classification");
    for (key, value) in section(root, "project_config") {
        insert_missing(&mut classification, &key, value);
    }
    for (key, value) in root.effective() {
        if FORECAST_KEYS.contains(&key) {
            insert_missing(&mut forecast, key, value.clone());
        } else if CLASSIFICATION_KEYS.contains(&key) {
            insert_missing(&mut classification, key, value.clone());
        }
    }
    lifted.insert("forecast_settings", forecast);
    lifted.insert("project_classification", classification);
    for (key, value) in root.effective() {
        let taken = FORECAST_KEYS.contains(&key)
            || CLASSIFICATION_KEYS.contains(&key)
            || JIRA_KEYS.iter().any(|(old, _)| *old == key)
            || ["jira_api_endpoint", "project_config"].contains(&key);
        if !taken && !lifted.contains_key(key) {
            lifted.insert(key, value.clone());
        }
    }
    if !lifted.contains_key("queries")
        && let Some(queries) = registry_entry.and_then(|entry| at(entry, &["queries"]))
    {
        lifted.insert("queries", queries.clone());
    }
    Json::Object(lifted)
}

fn lift_jira(root: &Object, jira: &mut Object) {
    for (old, new) in JIRA_KEYS {
        if let Some(value) = root.get(old) {
            insert_missing(jira, new, value.clone());
        }
    }
    let Some(endpoint) = root.get("jira_api_endpoint").and_then(Json::as_str) else {
        return;
    };
    if let Some((base, version)) = endpoint.split_once("/rest/api/") {
        insert_missing(jira, "base_url", Json::from(base));
        match version.trim_end_matches('/').split('/').next() {
            Some("2") => insert_missing(jira, "api_version", Json::from("v2")),
            Some("3") => insert_missing(jira, "api_version", Json::from("v3")),
            _ => {}
        }
    } else {
        insert_missing(jira, "base_url", Json::from(endpoint));
    }
}

/// Sets a member unless there is one.
fn insert_missing(object: &mut Object, key: &str, value: Json) {
    if !object.contains_key(key) {
        object.insert(key, value);
    }
}

fn section(root: &Object, key: &str) -> Object {
    root.get(key).and_then(Json::as_object).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Json {
        Json::parse(text).unwrap()
    }

    #[test]
    fn layouts_are_told_apart() {
        for (text, layout) in [
            (r#"{"forecast_settings": {}, "pert_factor": 6}"#, ProfileLayout::Nested),
            (r#"{"name": "n"}"#, ProfileLayout::Nested),
            (r#"{"pert_factor": 6, "jira_config": {}, "jira_token": "x"}"#, ProfileLayout::Flattened),
            (r#"{"deadline": null}"#, ProfileLayout::Flattened),
            (r#"{"jira_api_endpoint": "x", "pert_factor": 6}"#, ProfileLayout::AppSettings),
        ] {
            assert_eq!(detect(&json(text)), layout, "{text}");
        }
    }

    #[test]
    fn app_settings_become_a_connection() {
        let old = json(
            r#"{"jira_api_endpoint": "https://jira.example/rest/api/2/search", "jira_token": "t", "jira_max_results": 50,
                "jql_query": "project = A", "pert_factor": 1.2, "show_points": ["show"], "project_config": {"story_types": ["Story"]}}"#,
        );
        let lifted = lift(&old, None);
        assert_eq!(
            at(&lifted, &["jira_config"]).unwrap().dump(),
            r#"{"token": "t", "max_results_per_call": 50, "base_url": "https://jira.example", "api_version": "v2"}"#
        );
        assert_eq!(at(&lifted, &["forecast_settings", "pert_factor"]).unwrap().dump(), "1.2");
        assert_eq!(at(&lifted, &["project_classification", "story_types"]).unwrap().dump(), r#"["Story"]"#);
        assert_eq!(at(&lifted, &["jql_query"]).unwrap().dump(), r#""project = A""#);
        assert_eq!(at(&lifted, &["jira_token"]), None);
    }

    #[test]
    fn lifting_twice_changes_nothing_more() {
        let entry = json(r#"{"name": "n", "queries": ["q"], "created_at": "2025-12-17T09:30:00+00:00"}"#);
        let once = lift(&json(r#"{"deadline": "2026-01-01", "unknown": 1.0, "wip_statuses": []}"#), Some(&entry));
        assert_eq!(lift(&once, Some(&entry)), once);
        assert_eq!(at(&once, &["unknown"]).unwrap().dump(), "1.0");
        assert_eq!(at(&once, &["queries"]).unwrap().dump(), r#"["q"]"#);
    }
}
