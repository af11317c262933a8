use super::*;
use crate::delivery::testing::{Memory, at, profile_id, query_key};
use crate::delivery::{IssueFilter, ItemFilter, StatisticFilter};

const FILLED: &str = "{\n  \"timestamp\": \"2025-12-17T09:30:00+00:00\",\n  \"issues\": [\n    {\"key\": \"A-1\", \"fields\": {\"status\": {\"name\": \"Open\"}}},\n    {\"key\": \"A-2\"},\n    {\"key\": \"A-1\", \"fields\": {\"status\": {\"name\": \"Done\"}, \"customfield_1\": \"5\"}},\n    {}\n  ],\n  \"total_issues\": 4\n}";

fn key() -> QueryKey {
    query_key("p1", "q1")
}

fn memory() -> Memory {
    let mut memory = Memory::default();
    profiles::create(&mut memory, profile_id("p1"), "a", "", at("2025-12-17 09:00")).unwrap();
    queries::create(&mut memory, key(), "q", "project = A", "", at("2025-12-17 09:00")).unwrap();
    memory
}

fn statuses(memory: &mut Memory) -> Vec<Option<String>> {
    let issues = memory.list_issues(&key(), &IssueFilter::default()).unwrap();
    issues.into_iter().map(|issue| issue.facts.status).collect()
}

#[test]
fn a_response_comes_back_until_it_expires() {
    let mut memory = memory();
    save_jira_cache(&mut memory, &key(), "k", FILLED, None).unwrap();
    assert_eq!(jira_cache(&mut memory, &key(), "k", at("2025-12-18 09:29")).unwrap().as_deref(), Some(FILLED));
    assert_eq!(jira_cache(&mut memory, &key(), "k", at("2025-12-18 09:30")).unwrap(), None);
    assert_eq!(jira_cache(&mut memory, &key(), "other", at("2025-12-17 10:00")).unwrap(), None);
    // The later entry of a repeated key is the newer one; the issue without key is there as well.
    assert_eq!(statuses(&mut memory), [None, Some("Done".to_owned()), None]);
    save_jira_cache(&mut memory, &key(), "k", "{\"issues\": []}", Some(at("2030-01-01 00:00"))).unwrap();
    assert_eq!(statuses(&mut memory).len(), 0);
}

#[test]
fn an_expiry_must_be_known_and_later_than_the_response() {
    let mut memory = memory();
    assert!(matches!(
        save_jira_cache(&mut memory, &key(), "k", "{}", None),
        Err(Error::Invalid { field: "expires_at", .. })
    ));
    assert!(save_jira_cache(&mut memory, &key(), "k", FILLED, Some(at("2025-12-17 09:30"))).is_err());
    assert!(matches!(
        save_jira_cache(&mut memory, &query_key("p1", "x"), "k", FILLED, None),
        Err(Error::NotFound { entity: "query", .. })
    ));
    assert!(matches!(save_jira_cache(&mut memory, &key(), "k", "[]", None), Err(Error::Invalid { .. })));
}

#[test]
fn a_batch_replaces_by_key_and_adds_at_the_end() {
    let mut memory = memory();
    save_jira_cache(&mut memory, &key(), "k", FILLED, None).unwrap();
    let batch = [
        "{\"key\": \"A-1\", \"n\": 1}".to_owned(),
        "{\"key\": \"A-9\"}".to_owned(),
        "{\"key\": \"A-9\", \"n\": 2}".to_owned(),
    ];
    let (expires, now) = (at("2025-12-19 10:00"), at("2025-12-18 10:00"));
    assert_eq!(save_issues_batch(&mut memory, &key(), "k", &batch, expires, now).unwrap(), 5);
    let document = jira_cache(&mut memory, &key(), "k", now).unwrap().unwrap();
    assert!(document.contains("{\"key\": \"A-2\"},\n    {\"key\": \"A-1\", \"n\": 1},\n    {},\n    {\"key\": \"A-9\", \"n\": 2}\n  ],\n  \"total_issues\": 5"), "{document}");
    assert!(document.contains("\"timestamp\": \"2025-12-18T10:00:00+00:00\""));
    assert!(save_issues_batch(&mut memory, &key(), "k", &["{}".to_owned()], expires, now).is_err());
    assert_eq!(save_issues_batch(&mut memory, &key(), "new", &batch[..1], expires, now).unwrap(), 1);
    assert!(jira_cache(&mut memory, &key(), "new", now).unwrap().unwrap().contains("\"jql_query\": \"project = A\""));
}

#[test]
fn changing_the_points_field_reads_the_points_anew() {
    let mut memory = memory();
    save_jira_cache(&mut memory, &key(), "k", FILLED, None).unwrap();
    profiles::set_setting(
        &mut memory,
        &profile_id("p1"),
        &["jira_config", "points_field"],
        &Json::from("customfield_1"),
    )
    .unwrap();
    let issues =
        memory.list_issues(&key(), &IssueFilter { status: Some("Done".to_owned()), ..IssueFilter::default() }).unwrap();
    assert_eq!(issues[0].facts.points, Some(5.0));
}

#[test]
fn histories_are_kept_an_issue_at_a_time() {
    let mut memory = memory();
    let entry = |time: &str| {
        format!(
            "{{\"changelog\": {{\"histories\": [{{\"created\": \"{time}\", \"items\": [{{\"field\": \"status\"}}, {{\"field\": \"sprint\"}}]}}]}}}}"
        )
    };
    let entries = [
        ("A-1".to_owned(), entry("2025-03-01T00:00:00Z")),
        ("A-2".to_owned(), entry("2025-03-02T00:00:00Z")),
        ("A-1".to_owned(), entry("2025-03-03T00:00:00Z")),
    ];
    let (expires, now) = (at("2025-12-18 10:00"), at("2025-12-17 10:00"));
    save_jira_changelog(&mut memory, &key(), &entries, expires, now).unwrap();
    let document = changelog_document(&mut memory, &key()).unwrap().unwrap();
    assert_eq!(document, format!("{{\"A-1\": {}, \"A-2\": {}}}", entries[2].1, entries[1].1));
    assert_eq!(jira_changelog(&mut memory, &key(), "A-1", now).unwrap().as_ref(), Some(&entries[2].1));
    assert_eq!(jira_changelog(&mut memory, &key(), "A-1", expires).unwrap(), None);
    let items = memory.list_changelog_items(&key(), &ItemFilter { limit: Some(3), ..ItemFilter::default() }).unwrap();
    let seen: Vec<_> = items.iter().map(|item| (item.issue_key.as_str(), item.field.as_deref().unwrap())).collect();
    assert_eq!(seen, [("A-1", "sprint"), ("A-1", "status"), ("A-2", "sprint")]);
    save_jira_changelog(&mut memory, &key(), &[("A-3".to_owned(), "{}".to_owned())], at("2026-01-01 00:00"), now)
        .unwrap();
    assert_eq!(memory.cleanup_expired_cache(at("2025-12-20 00:00")).unwrap(), 2);
    assert_eq!(changelog_document(&mut memory, &key()).unwrap().as_deref(), Some("{\"A-3\": {}}"));
    // Places of removed entries are not given away again.
    save_jira_changelog(&mut memory, &key(), &[("A-1".to_owned(), "{}".to_owned())], at("2026-01-01 00:00"), now)
        .unwrap();
    assert_eq!(changelog_document(&mut memory, &key()).unwrap().as_deref(), Some("{\"A-3\": {}, \"A-1\": {}}"));
}

#[test]
fn a_cleanup_counts_responses_and_entries() {
    let mut memory = memory();
    save_jira_cache(&mut memory, &key(), "k", FILLED, None).unwrap();
    assert_eq!(memory.cleanup_expired_cache(at("2025-12-18 09:29")).unwrap(), 0);
    assert_eq!(memory.cleanup_expired_cache(at("2025-12-18 09:30")).unwrap(), 1);
    assert_eq!(statuses(&mut memory).len(), 0);
}

#[test]
fn statistics_and_scope_change_without_losing_the_rest() {
    let mut memory = memory();
    let document = "{\"statistics\": [{\"date\": \"2025-12-08\", \"odd\": 1.0}, {\"date\": \"2025-12-08\"}], \"project_scope\": {}, \"x\": [1]}";
    save_project_data(&mut memory, &key(), document).unwrap();
    let rows =
        ["{\"date\": \"2025-12-08\", \"completed_items\": 2}".to_owned(), "{\"date\": \"2025-12-15\"}".to_owned()];
    save_statistics_batch(&mut memory, &key(), &rows, at("2025-12-17 10:00")).unwrap();
    save_scope(&mut memory, &key(), "{\"total_items\": 3}", at("2025-12-17 10:00")).unwrap();
    let data = memory.get_project_data(&key()).unwrap().unwrap();
    assert_eq!(data.statistics().len(), 3);
    assert!(data.document.starts_with("{\"statistics\": [{\"date\": \"2025-12-08\", \"odd\": 1.0}, {\"date\": \"2025-12-08\", \"completed_items\": 2}, "));
    assert!(data.document.contains("\"x\": [1]"));
    assert_eq!(memory.get_scope(&key()).unwrap().as_deref(), Some("{\"total_items\": 3}"));
    let newest =
        memory.list_statistics(&key(), &StatisticFilter { limit: Some(2), ..StatisticFilter::default() }).unwrap();
    assert_eq!(newest.iter().map(|row| row.ordinal).collect::<Vec<_>>(), [1, 2]);
    assert!(save_statistics_batch(&mut memory, &key(), &["{}".to_owned()], at("2025-12-17 10:00")).is_err());
}

#[test]
fn limits_of_snapshots_count_weeks() {
    let mut memory = memory();
    save_snapshots_document(&mut memory, &key(), "{\"2025-7\": {\"flow_time\": {\"a\": 1}, \"dora_mttr\": {\"b\": null}}, \"2025-W08\": {\"flow_time\": {\"a\": 2}, \"dora_mttr\": {}}, \"odd\": {\"flow_time\": {}}}").unwrap();
    let labels = |memory: &mut Memory, weeks| -> Vec<String> {
        memory
            .list_snapshots(&key(), None, weeks)
            .unwrap()
            .iter()
            .map(|s| format!("{} {}", s.label, s.kind.as_str()))
            .collect()
    };
    assert_eq!(labels(&mut memory, Some(2)), ["2025-W08 flow", "2025-W08 dora", "2025-7 flow", "2025-7 dora"]);
    assert_eq!(labels(&mut memory, None).len(), 5);
}

#[test]
fn a_snapshot_takes_the_place_of_the_week_whatever_its_label() {
    let mut memory = memory();
    save_snapshots_document(&mut memory, &key(), "{\"2025-7\": {\"flow_time\": {\"a\": 1}}}").unwrap();
    let (week, now) = (IsoWeek::new(2025, 7).unwrap(), at("2025-12-17 10:00"));
    let save = |memory: &mut Memory, kind, metrics: &str, forecast: Option<&str>| {
        save_metrics_snapshot(memory, &key(), week, kind, metrics, forecast, now)
    };
    save(
        &mut memory,
        MetricKind::Flow,
        "{\"flow_time\": {\"a\": 2}}",
        Some("{\"flow_time\": {\"forecast_value\": 3}}"),
    )
    .unwrap();
    save(&mut memory, MetricKind::Dora, "{\"dora_mttr\": {\"value\": null}}", None).unwrap();
    let document = snapshots_document(&mut memory, &key()).unwrap().unwrap();
    let expected = r#"{"2025-7": {"flow_time": {"a": 2, "timestamp": "2025-12-17T10:00:00+00:00", "forecast": {"forecast_value": 3}}, "dora_mttr": {"value": null, "timestamp": "2025-12-17T10:00:00+00:00"}}}"#;
    assert_eq!(Json::parse(&document).unwrap().dump(), expected);
    assert!(save(&mut memory, MetricKind::Flow, "{\"dora_mttr\": {}}", None).is_err());
    assert!(save(&mut memory, MetricKind::Flow, "{\"flow_time\": {}}", Some("{\"flow_load\": {}}")).is_err());
    let other =
        save_metrics_snapshot(&mut memory, &key(), IsoWeek::new(2025, 8).unwrap(), MetricKind::Flow, "{}", None, now)
            .unwrap();
    assert_eq!((other.label.as_str(), other.ordinal), ("2025-W08", 1));
}
