//! The delivery sample: what the original program wrote, and what its functions answered.
#![allow(dead_code, reason = "each test program uses a part of this")]

use landfast_analytics::delivery::QueryData;
use landfast_domain::delivery::{
    Changelog, JiraCache, Profile, ProfileId, ProjectData, QueryId, QueryKey, parse_instant, snapshot,
};
use landfast_domain::json::Json;
use landfast_domain::time::Timestamp;
use serde_json::Value;
use std::path::PathBuf;

/// Relative difference allowed between numbers; also the absolute one below 1.
const RELATIVE: f64 = 1e-9;

/// Members of the answers that are no calculations, and why they are not compared.
pub(crate) const NOT_CALCULATED: [(&str, &str); 3] = [
    ("/about", "a remark about the file"),
    ("/source_revision", "tells which version of the original answered"),
    ("/inventory", "sizes and digests of files, which the tests of the readers compare"),
];

/// The answers of the original, or a set of the same shape elsewhere: `LANDFAST_DELIVERY_SAMPLE` names the
/// folder that holds `expected.json` and `legacy/`.
pub(crate) struct Sample {
    /// The answers.
    pub(crate) expected: Value,
    /// Aliases and ids of the profiles.
    pub(crate) profiles: Vec<(String, ProfileId)>,
    /// The queries, prepared.
    pub(crate) queries: Vec<QueryData>,
}

impl Sample {
    /// Reads the sample.
    pub(crate) fn read() -> Self {
        let expected: Value = serde_json::from_str(&text("expected.json").unwrap()).unwrap();
        let aliases = |kind: &str| {
            let members = expected["aliases"][kind].as_object().unwrap().iter();
            members.map(|(alias, id)| (alias.clone(), id.as_str().unwrap().to_owned())).collect::<Vec<_>>()
        };
        let profiles: Vec<(String, ProfileId)> =
            aliases("profiles").into_iter().map(|(alias, id)| (alias, ProfileId::new(id).unwrap())).collect();
        let queries = aliases("queries")
            .into_iter()
            .map(|(alias, id)| {
                let path = expected["queries"][&alias]["path"].as_str().unwrap();
                let profile = path.split('/').nth(1).unwrap();
                query(alias, ProfileId::new(profile).unwrap(), QueryId::new(id).unwrap())
            })
            .collect();
        Self { expected, profiles, queries }
    }

    /// The clock of the answers.
    pub(crate) fn now(&self) -> Timestamp {
        parse_instant(self.expected["frozen_now"].as_str().unwrap()).unwrap().0
    }

    /// The query with this alias.
    pub(crate) fn query(&self, alias: &str) -> &QueryData {
        self.queries.iter().find(|query| query.alias == alias).unwrap()
    }
}

fn query(alias: String, profile: ProfileId, id: QueryId) -> QueryData {
    let key = QueryKey::new(profile.clone(), id);
    let folder = format!("legacy/profiles/{profile}/queries/{}", key.query);
    let registry = Json::parse(&text("legacy/profiles/profiles.json").unwrap()).unwrap();
    let entry = registry.as_object().unwrap().get("profiles").and_then(|all| all.as_object()?.get(profile.as_str()));
    let document = text(&format!("legacy/profiles/{profile}/profile.json"));
    let profile = Profile::new(profile, document, entry.map(Json::dump)).unwrap();
    let file = |name: &str| text(&format!("{folder}/{name}"));
    let points = profile.facts().points_field.clone();
    let issues = file("jira_cache.json")
        .map(|document| JiraCache::read(key.clone(), "key", &document, None, points.as_deref()).unwrap().1);
    let changelog =
        file("jira_changelog_cache.json").map(|document| Changelog::read(key.clone(), &document, None).unwrap().1);
    let data = file("project_data.json").map(|document| ProjectData::new(key.clone(), document).unwrap());
    let snapshots =
        file("metrics_snapshots.json").map(|document| snapshot::read(&key, &document).unwrap()).unwrap_or_default();
    QueryData::new(alias, key, &profile, issues.as_deref(), changelog.as_deref(), data.as_ref(), &snapshots)
}

/// A file of the sample; `None` when there is none.
fn text(path: &str) -> Option<String> {
    let own = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../testkit/fixtures/delivery"));
    let root = std::env::var_os("LANDFAST_DELIVERY_SAMPLE").map_or(own, PathBuf::from);
    match std::fs::read_to_string(root.join(path)) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => panic!("{path}: {error}"),
    }
}

/// Every path at which `actual` lacks or contradicts what `expected` says, a line each. Members only `actual`
/// has are no difference. Paths that begin with one of `excluded` are left out.
pub(crate) fn differences(expected: &Value, actual: &Value, excluded: &[(&str, &str)]) -> Vec<String> {
    let mut found = Vec::new();
    walk("", expected, actual, excluded, &mut found);
    found
}

/// Fails with all differences.
pub(crate) fn assert_same(expected: &Value, actual: &Value, excluded: &[(&str, &str)]) {
    let found = differences(expected, actual, excluded);
    let shown = found.iter().take(100).cloned().collect::<Vec<_>>().join("\n");
    assert!(found.is_empty(), "{} differences:\n{shown}", found.len());
}

/// Number of values, containers aside, below a value.
pub(crate) fn leaves(value: &Value) -> usize {
    match value {
        Value::Object(members) => members.values().map(leaves).sum(),
        Value::Array(items) => items.iter().map(leaves).sum(),
        _ => 1,
    }
}

fn walk(path: &str, expected: &Value, actual: &Value, excluded: &[(&str, &str)], found: &mut Vec<String>) {
    if excluded.iter().any(|(place, _)| path == *place) {
        return;
    }
    match (expected, actual) {
        (Value::Object(wanted), Value::Object(given)) => {
            for (key, value) in wanted {
                walk(&format!("{path}/{key}"), value, given.get(key).unwrap_or(&MISSING), excluded, found);
            }
        }
        (Value::Array(wanted), Value::Array(given)) if wanted.len() == given.len() => {
            for (place, (value, other)) in wanted.iter().zip(given).enumerate() {
                walk(&format!("{path}/{place}"), value, other, excluded, found);
            }
        }
        (Value::Number(wanted), Value::Number(given)) => {
            let (wanted, given) = (wanted.as_f64().unwrap(), given.as_f64().unwrap());
            let is_close = (wanted - given).abs() <= RELATIVE * wanted.abs().max(1.0);
            if !is_close {
                found.push(format!("{path}: expected {wanted}, given {given}"));
            }
        }
        _ if expected == actual => {}
        _ => found.push(format!("{path}: expected {}, given {}", short(expected), short(actual))),
    }
}

/// Stands for a member that is not there; a null in its place would hide the difference from a null.
static MISSING: std::sync::LazyLock<Value> = std::sync::LazyLock::new(|| Value::from("(missing)"));

fn short(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() > 200 { text.chars().take(200).collect::<String>() + "…" } else { text }
}
