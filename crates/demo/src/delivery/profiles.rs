//! Settings: the registry, profiles, queries, and the files at the root.

use super::fields::POINTS_FIELD;
use super::words::{ACTIVE, IN_WORK};
use crate::clock::{aware, iso, micros, seconds};
use crate::json::{Json, Style, object};
use crate::random::Random;
use chrono::NaiveDateTime;

/// A profile and what its documents say.
#[derive(Debug)]
pub(super) struct Profile {
    pub(super) id: String,
    pub(super) name: &'static str,
    pub(super) description: &'static str,
    pub(super) project: &'static str,
    pub(super) operations: Option<&'static str>,
    pub(super) points: bool,
    pub(super) created: NaiveDateTime,
    pub(super) last_used: NaiveDateTime,
    pub(super) queries: Vec<String>,
}

impl Profile {
    /// `profile.json`.
    pub(super) fn document(&self, now: NaiveDateTime) -> String {
        let texts = |texts: &[&str]| Json::list(texts.iter().copied());
        let dora = object! {
            "deployment_date": "fixVersions",
            "code_commit_date": "status:In Progress.DateTime",
            "incident_detected_at": "created",
            "incident_resolved_at": "resolutiondate",
            "change_failure": "customfield_10040=Yes",
            "affected_environment": "customfield_10030=PROD|Production",
            "target_environment": "customfield_10031=PROD",
            "severity_level": "customfield_10050",
        };
        let flow = object! {
            "flow_item_type": "issuetype",
            "effort_category": "customfield_10020",
            "status": "status",
            "completed_date": "resolutiondate",
        };
        let types = |types: &[&str], efforts: &[&str]| {
            object! { "issue_types": texts(types), "effort_categories": texts(efforts) }
        };
        let deadline = (now.date() + chrono::Duration::days(75)).to_string();
        let document = object! {
            "id": self.id.as_str(),
            "name": self.name,
            "description": self.description,
            "created_at": aware(self.created),
            "last_used": iso(self.last_used),
            "jira_config": object! {
                "base_url": format!("https://jira.{}.example", self.project.to_lowercase()),
                "api_version": if self.points { "v3" } else { "v2" },
                "token": if self.points { "MADE-UP-TOKEN" } else { "" },
                "cache_size_mb": 100,
                "max_results_per_call": 100,
                "points_field": if self.points { POINTS_FIELD } else { "" },
                "configured": true,
                "last_test_timestamp": iso(self.created),
                "last_test_success": true,
            },
            "field_mappings": object! { "dora": dora, "flow": flow },
            "forecast_settings": object! {
                "pert_factor": if self.points { 6 } else { 3 },
                "deadline": self.points.then_some(deadline),
                "milestone": Json::Null,
                "data_points_count": 16,
            },
            "project_classification": object! {
                "devops_projects": Json::list(self.operations),
                "development_projects": texts(&[self.project]),
                "devops_task_types": texts(&["Operational Task"]),
                "bug_types": texts(&["Bug"]),
                "production_environment_values": texts(&["PROD", "Production"]),
                "flow_end_statuses": texts(&["Done", "Closed"]),
                "active_statuses": texts(&ACTIVE),
                "flow_start_statuses": texts(&["In Progress"]),
                "wip_statuses": texts(&IN_WORK),
            },
            "flow_type_mappings": object! {
                "Feature": types(&["Story", "Task", "Sub-task"], &[]),
                "Defect": types(&["Bug"], &[]),
                "Technical Debt": types(&["Task", "Story"], &["Technical debt"]),
                "Risk": types(&["Spike", "Task", "Story"], &["Security", "Maintenance"]),
            },
            "queries": Json::List(Vec::new()),
            "active_query_id": Json::Null,
            "show_milestone": false,
            "show_points": self.points,
        };
        document.text(Style::Escaped)
    }

    /// The profile's entry of the registry: a copy from when it was made.
    fn entry(&self) -> Json {
        object! {
            "id": self.id.as_str(),
            "name": self.name,
            "description": self.description,
            "created_at": aware(self.created),
            "last_used": aware(self.last_used),
            "jira_config": object! {},
            "field_mappings": object! {},
            "forecast_settings": object! { "pert_factor": 1.2, "deadline": Json::Null, "data_points_count": 12 },
            "project_classification": object! {},
            "flow_type_mappings": object! {},
            "queries": Json::list(self.queries.iter().map(String::as_str)),
            "show_milestone": false,
            "show_points": false,
        }
    }
}

/// `profiles/profiles.json`. The first profile and its first query are active.
pub(super) fn registry(profiles: &[Profile]) -> String {
    let active = profiles.first();
    let entries = profiles.iter().map(|profile| (profile.id.clone(), profile.entry())).collect();
    let registry = object! {
        "version": "3.0",
        "active_profile_id": active.map(|profile| profile.id.as_str()),
        "active_query_id": active.and_then(|profile| profile.queries.first()).map(String::as_str),
        "profiles": Json::Object(entries),
    };
    registry.text(Style::Literal)
}

/// `query.json`; `edited`: when it was changed last.
pub(super) fn query(
    name: &str,
    jql: &str,
    description: &str,
    created: NaiveDateTime,
    edited: Option<NaiveDateTime>,
) -> String {
    let mut document = object! { "name": name, "jql": jql, "description": description, "created_at": aware(created) };
    if let Some(edited) = edited {
        document.set("updated_at", aware(edited));
        document.set("last_used", aware(edited));
    }
    document.text(Style::Escaped)
}

/// `task_progress.json`; `running`: the program was ended while it fetched.
pub(super) fn task_progress(now: NaiveDateTime, issues: u64, running: bool) -> String {
    let fetched = if running { issues / 3 } else { issues };
    let progress = |current: u64, message: &str| {
        let percent = 100.0 * crate::clock::real(current) / crate::clock::real(issues.max(1));
        object! { "current": current, "total": issues, "percent": percent, "message": message }
    };
    let mut document = object! {
        "task_id": "update_data",
        "task_name": "Update Data",
        "status": if running { "in_progress" } else { "complete" },
        "start_time": micros(now - seconds(95)),
        "cancelled": false,
        "metadata": object! { "force_refresh": false },
        "ui_state": object! { "operation_in_progress": running },
        "phase": if running { "fetch" } else { "calculate" },
        "fetch_progress": progress(fetched, "Fetching issues from JIRA"),
        "calculate_progress": progress(if running { 0 } else { issues }, "Calculating weekly metrics"),
    };
    if !running {
        document.set("complete_time", micros(now - seconds(20)));
        document.set("message", "✓ Data updated");
        document.set("percent", 100);
    }
    document.text(Style::Escaped)
}

/// `jira_query_profiles.json`: saved queries from before there were profiles.
pub(super) fn saved_queries(seed: u64, created: NaiveDateTime) -> String {
    let queries = [
        ("Offene Fehler ☂", "project = TIDE AND type = Bug AND status != Done", "from before profiles", false),
        ("Sprint", "sprint in openSprints()", "", true),
        ("Ferries \"hot\"", "project = ALD AND priority in (Highest, High)", "", false),
    ];
    let entries = (0..).zip(queries).map(|(number, (name, jql, description, is_default))| {
        object! {
            "id": Random::of_item(seed, "saved query", number).uuid(),
            "name": name,
            "jql": jql,
            "description": description,
            "created_at": micros(created + seconds(number * 3_700)),
            "last_used": micros(created + seconds(number * 90_000)),
            "is_default": is_default,
        }
    });
    Json::list(entries).text(Style::Literal)
}

/// `metrics_cache.json`, which holds nothing that cannot be calculated again.
pub(super) fn metrics_cache() -> String {
    let cache = object! { "cache_version": "1.0", "entries": object! {}, "max_entries": 100, "eviction_policy": "LRU" };
    cache.text(Style::Escaped)
}
