//! Profiles, queries and their data, from the first profile to a package and back.

mod data;
mod packages;
mod profiles;

use crate::support::Sandbox;
use serde_json::{Value, json};
use std::path::Path;

/// Folder of the recorded delivery data.
fn recorded() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testkit/fixtures/delivery/legacy")
}

fn copy_tree(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_tree(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

/// A database with the recorded profiles in it, brought there as packages, and the ids of the profiles.
pub(crate) fn filled(sandbox: &Sandbox) -> Vec<String> {
    copy_tree(&recorded(), &sandbox.path("old"));
    sandbox.expect(0, &["db", "migrate"]);
    let list = sandbox.json(&["--database-url", "files:old", "delivery", "profiles", "list", "--json"]);
    let ids: Vec<String> =
        list["profiles"].as_array().unwrap().iter().map(|profile| profile["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids.len(), 2, "{list}");
    for id in &ids {
        let file = format!("{id}.json");
        let export = [
            "--database-url",
            "files:old",
            "delivery",
            "package",
            "export",
            id,
            "--full",
            "--with-tokens",
            "-o",
            &file,
        ];
        sandbox.expect(0, &export);
        sandbox.expect(0, &["delivery", "package", "import", &file]);
    }
    ids
}

fn on_databases() -> Vec<(&'static str, Sandbox)> {
    Sandbox::on_every_database()
}

fn read(sandbox: &Sandbox, arguments: &[&str]) -> Value {
    let mut all = vec!["delivery", "--json"];
    all.extend(arguments);
    sandbox.json(&all)
}

/// A made-up package with one query, two issues and their history.
fn package(token: &str) -> Value {
    json!({
        "manifest": {"version": "2.0", "profiles": ["p_made_up"], "export_mode": "FULL_DATA"},
        "profile_data": {
            "id": "p_made_up", "name": "Made up", "jira_config": {"base_url": "https://jira.example", "token": token},
            "forecast_settings": {"pert_factor": 6}, "project_classification": {}
        },
        "query_data": {"q1": {
            "query_metadata": {"name": "All", "jql": "project = A", "created_at": "2025-12-01T10:00:00+00:00"},
            "project_data": {
                "project_scope": {"total_items": 12, "remaining_items": 5.5},
                "statistics": [
                    {"date": "2025-11-24", "completed_items": 3, "completed_points": 8.0, "created_items": 1, "created_points": null},
                    {"date": "2025-12-01", "completed_items": 4, "completed_points": 9, "created_items": 2, "created_points": 1}
                ],
                "metadata": {"version": "2.0"}
            },
            "jira_cache": {"cache_version": "2.0", "timestamp": "2025-12-01T10:00:00+00:00", "jql_query": "project = A", "issues": [
                {"key": "A-1", "fields": {"summary": "First", "status": {"name": "Open"}, "issuetype": {"name": "Bug"}}},
                {"key": "A-2", "fields": {"summary": "Second", "status": {"name": "Done"}, "issuetype": {"name": "Story"}, "assignee": {"displayName": "Ann"}}},
                {"key": "A-1", "fields": {"summary": "First again", "status": {"name": "Done"}, "issuetype": {"name": "Bug"}}}
            ]},
            "jira_changelog_cache": {"A-1": {"key": "A-1", "last_updated": "2025-12-01T10:00:00+00:00", "changelog": {"histories": [
                {"created": "2025-11-20T09:00:00.000+0000", "author": {"displayName": "Ann"}, "items": [{"field": "status", "fromString": "Open", "toString": "Doing"}]},
                {"created": "2025-11-21T09:00:00.000+0000", "author": {"displayName": "Bob"}, "items": [
                    {"field": "status", "fromString": "Doing", "toString": "Done"}, {"field": "resolution", "fromString": null, "toString": "Fixed"}]}
            ]}}},
            "metrics_snapshots": {
                "2025-W47": {"flow_time": {"median_days": 2.5, "timestamp": "2025-11-24T00:00:00+00:00"}, "dora_mttr": {"median_hours": null}},
                "2025-W48": {"flow_time": {"median_days": 3, "timestamp": "2025-12-01T00:00:00+00:00"}}
            }
        }}
    })
}

fn with_package(sandbox: &Sandbox) {
    sandbox.expect(0, &["db", "migrate"]);
    std::fs::write(sandbox.path("made.json"), package("s3cret").to_string()).unwrap();
    sandbox.expect(0, &["delivery", "package", "import", "made.json"]);
}
