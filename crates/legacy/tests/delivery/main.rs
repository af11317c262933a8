//! Delivery trees: the sample with its golden numbers, and made-up ones for every rule.

#![expect(clippy::unwrap_used, reason = "tests may panic, also in their helpers")]

mod writing;

use landfast_domain::delivery::credentials::{strip, strip_like_legacy};
use landfast_domain::delivery::keys::canonical_text;
use landfast_domain::delivery::memory::MemoryDelivery;
use landfast_domain::delivery::package::{Conflict, ExportMode, ExportOptions, export, read as read_package};
use landfast_domain::delivery::{
    DeliveryRepository, IsoWeek, IssueFilter, ItemFilter, MetricFilter, MetricKind, ProfileId, QueryId, QueryKey,
    StatisticFilter, codes, documents, exchange, points, profiles, progress, queries, state,
};
use landfast_domain::json::{Json, Object};
use landfast_domain::time::Timestamp;
use landfast_legacy::delivery::{
    Counts, DIGESTS, DeliveryFile, Files, LoadedTree, apply, classify, count, find_trees, load, read_files, render,
};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testkit/fixtures/delivery")
}

fn golden() -> Json {
    Json::parse(&fs::read_to_string(fixtures().join("expected.json")).unwrap()).unwrap()
}

fn at<'a>(value: &'a Json, path: &[&str]) -> &'a Json {
    path.iter().fold(value, |value, key| value.as_object().unwrap().get(key).unwrap_or(&Json::Null))
}

fn text(value: &Json, path: &[&str]) -> String {
    at(value, path).as_str().unwrap().to_owned()
}

fn sample_files() -> Files {
    let trees = find_trees(&fixtures()).unwrap();
    assert_eq!(trees.len(), 1);
    read_files(trees.first().unwrap()).unwrap()
}

fn memory_of(tree: &LoadedTree) -> MemoryDelivery {
    let mut memory = MemoryDelivery::default();
    tree.save(&mut memory).unwrap();
    memory
}

fn files(list: &[(&str, &str)]) -> Files {
    list.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
}

fn loaded(list: &[(&str, &str)]) -> LoadedTree {
    load(&files(list)).unwrap()
}

fn found(tree: &LoadedTree) -> Vec<&'static str> {
    tree.findings.iter().map(|placed| placed.finding.code).collect()
}

fn key(profile: &str, query: &str) -> QueryKey {
    QueryKey::new(ProfileId::new(profile).unwrap(), QueryId::new(query).unwrap())
}

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

const Q1: (&str, &str) = ("p_db5b5fab8f4d", "q_73ab48767734");
const Q3: (&str, &str) = ("p_79cb9e86830c", "q_2fa91425cb00");

#[test]
fn every_file_of_the_sample_holds_what_the_inventory_says() {
    let golden = golden();
    let root = fixtures().join("legacy");
    let mut seen = 0;
    for file in at(&golden, &["inventory"]).as_array().unwrap() {
        let path = text(file, &["file"]);
        let bytes = fs::read(root.join(&path)).unwrap();
        assert_eq!((DIGESTS.sha256_hex)(&bytes), text(file, &["sha256"]), "{path}");
        let number = |name: &str| at(file, &[name]).as_i64().map_or(0, |number| usize::try_from(number).unwrap());
        let is_changelog = path.ends_with("jira_changelog_cache.json");
        let expected = Counts {
            issues: number("issues"),
            distinct_issue_keys: if is_changelog { number("issues") } else { number("distinct_issue_keys") },
            issues_without_key: number("issues_without_key"),
            histories: number("histories"),
            items: number("items"),
            statistics_rows: number("statistics_rows"),
            scope_keys: number("scope_keys"),
            metrics_history_entries: number("metrics_history_entries"),
            weeks: number("weeks"),
            metric_objects: number("metric_objects"),
            other_members: number("other_members"),
            has_metadata_version: at(file, &["has_metadata_version"]).as_bool().unwrap_or(false),
        };
        assert_eq!(count(classify(&path), std::str::from_utf8(&bytes).unwrap()).unwrap(), expected, "{path}");
        seen += 1;
    }
    assert_eq!(seen, 17);
}

#[test]
fn nothing_of_the_sample_is_dropped() {
    let tree = load(&sample_files()).unwrap();
    assert_eq!(tree.set_aside, []);
    let mut memory = memory_of(&tree);
    let counts: BTreeMap<_, _> = memory.row_counts().unwrap().into_iter().collect();
    for (kind, number) in [
        ("profiles", 2),
        ("queries", 3),
        ("jira_cache", 2),
        ("issues", 300),
        ("changelogs", 1),
        ("changelog_entries", 220),
        ("changelog_items", 878),
        ("project_data", 3),
        ("weekly_statistics", 66),
        ("metrics_snapshots", 180),
    ] {
        assert_eq!(counts[kind], number, "{kind}");
    }
    let (q1, q3) = (key(Q1.0, Q1.1), key(Q3.0, Q3.1));
    let snapshots = memory.list_snapshots(&q1, None, Some(52)).unwrap();
    assert_eq!(snapshots.iter().filter(|snapshot| snapshot.kind == MetricKind::Dora).count(), 52);
    let mttr = MetricFilter {
        metric: Some("dora_mttr".to_owned()),
        name: Some("median_hours".to_owned()),
        ..MetricFilter::default()
    };
    let values = memory.list_metric_values(&q1, &mttr).unwrap();
    assert_eq!(values.len(), 60);
    assert!(values.iter().any(|value| value.value.is_none() && value.text == "null"));
    let all = memory.list_issues(&q1, &IssueFilter::default()).unwrap();
    assert_eq!(all.len(), 220);
    let raw = Json::parse(
        std::str::from_utf8(&sample_files()["profiles/p_db5b5fab8f4d/queries/q_73ab48767734/jira_cache.json"]).unwrap(),
    )
    .unwrap();
    for (issue, source) in all.iter().zip(at(&raw, &["issues"]).as_array().unwrap()) {
        let field = |name: &str| at(source, &["fields", name]).clone();
        assert_eq!(issue.facts.points, points(&field("customfield_10016")), "{}", issue.text);
        assert_eq!(issue.facts.status.as_deref(), at(&field("status"), &["name"]).as_str());
        assert_eq!(issue.facts.priority.is_none(), field("priority").is_null());
        assert_eq!(issue.facts.resolved.is_none(), field("resolutiondate").is_null());
    }
    let done = IssueFilter { status: Some("Done".to_owned()), limit: Some(5), ..IssueFilter::default() };
    assert_eq!(memory.list_issues(&q1, &done).unwrap().len(), 5);
    let items = memory.list_changelog_items(&q1, &ItemFilter { limit: Some(10), ..ItemFilter::default() }).unwrap();
    let instants: Vec<_> = items.iter().map(|item| item.changed.as_ref().unwrap().instant).collect();
    assert!(instants.is_sorted_by(|a, b| a >= b) && instants.len() == 10);
    assert_eq!(memory.list_statistics(&q1, &StatisticFilter::default()).unwrap().len(), 40);
    assert!(memory.get_scope(&q1).unwrap().unwrap().contains("\"remaining_total_points\": 174.66666666666666"));
    // The cache of q3 was filled nine days before, that of q1 half an hour before.
    let now = time("2025-12-17 10:00");
    for (query, is_there) in [(&q1, true), (&q3, false)] {
        let cache = memory.list_caches(query).unwrap().remove(0);
        let jql = memory.get_query(query).unwrap().unwrap().facts().jql.clone();
        assert_eq!(cache.cache_key, DIGESTS.data_cache_key(&jql, 30));
        assert_eq!(documents::jira_cache(&mut memory, query, &cache.cache_key, now).unwrap().is_some(), is_there);
    }
    assert_eq!(state::active_query(&mut memory).unwrap(), Some(q1));
    let document = memory.get_task_state().unwrap().unwrap();
    let progress = landfast_domain::delivery::TaskProgress::read(&document, time("2025-12-17 10:00")).unwrap();
    assert_eq!((progress.percent, progress.status.as_str()), (43.333333333333336, "running"));
    assert!(progress::recover_at_start(&document, now).unwrap().is_some());
    let saved = memory.app_state(state::SAVED_QUERIES).unwrap().unwrap();
    assert_eq!(Json::parse(&saved).unwrap().as_array().unwrap().len(), 2);
}

#[test]
fn findings_of_the_sample_are_these() {
    let tree = load(&sample_files()).unwrap();
    let mut counts = BTreeMap::new();
    for code in found(&tree) {
        *counts.entry(code).or_insert(0) += 1;
    }
    let expected = BTreeMap::from([(codes::DATA_INITIAL, 1), (codes::DERIVED, 2), (codes::TASK_INTERRUPTED, 1)]);
    assert_eq!(counts, expected, "{:#?}", tree.findings);
}

#[test]
fn keys_and_hashes_are_those_of_the_original() {
    let golden = golden();
    let hashes = at(&golden, &["vectors", "hashes"]);
    let (jql, fields, mappings) = (text(hashes, &["jql"]), text(hashes, &["fields"]), at(hashes, &["field_mappings"]));
    let canonical = Json::Object(Object::from_iter([("period", Json::from(30)), ("jql", Json::from(jql.as_str()))]));
    assert_eq!(canonical_text(&canonical), text(hashes, &["canonical_json_for_jira_data_cache_key"]));
    assert_eq!(DIGESTS.data_cache_key(&jql, 30), text(hashes, &["jira_data_cache_key_30d"]));
    assert_eq!(
        DIGESTS.mapped_cache_key(&jql, mappings.as_object().unwrap(), 30),
        text(hashes, &["legacy_cache_key_30d"])
    );
    assert_eq!(DIGESTS.jql_hash(&jql), text(hashes, &["jql_hash"]));
    assert_eq!(
        DIGESTS.data_cache_key(&text(hashes, &["unicode_jql"]), 30),
        text(hashes, &["unicode_jira_data_cache_key_30d"])
    );
    assert_eq!(DIGESTS.config_hash(&jql, &fields, mappings, "customfield_10016"), text(hashes, &["config_hash"]));
}

#[test]
fn credentials_are_stripped_as_the_original_did_and_everywhere() {
    let golden = golden();
    for vector in at(&golden, &["vectors", "strip_credentials"]).as_array().unwrap() {
        assert_eq!(strip_like_legacy(at(vector, &["in"])), *at(vector, &["out"]));
        let ours = strip(&at(vector, &["in"]).dump()).unwrap();
        assert_eq!(ours, r#"{"name": "n", "jira_config": {"base_url": "u"}, "nested": {}}"#);
    }
}

#[test]
fn week_labels_are_read_as_the_original_does() {
    let golden = golden();
    for vector in at(&golden, &["vectors", "parse_week_label"]).as_array().unwrap() {
        let expected =
            at(vector, &["out"]).as_array().unwrap().iter().map(|number| number.as_i64().unwrap()).collect::<Vec<_>>();
        let week = IsoWeek::parse(&text(vector, &["in"]));
        let found = week.map_or([0, 0], |week| [i64::from(week.year()), i64::from(week.week())]);
        assert_eq!(found.as_slice(), expected);
    }
    for vector in at(&golden, &["vectors", "iso_weeks"]).as_array().unwrap() {
        let week = IsoWeek::of(text(vector, &["date"]).parse().unwrap()).unwrap();
        assert_eq!(week.to_string(), text(vector, &["label"]));
        assert_eq!(
            (week.monday().to_string(), week.sunday().to_string()),
            (text(vector, &["monday"]), text(vector, &["sunday"]))
        );
    }
    for (year, last) in at(&golden, &["vectors", "max_iso_week"]).as_object().unwrap().iter() {
        let (year, last) = (year.parse().unwrap(), u32::try_from(last.as_i64().unwrap()).unwrap());
        assert!(IsoWeek::new(year, last).is_some() && IsoWeek::new(year, last + 1).is_none());
    }
}
