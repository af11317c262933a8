//! Other data sets of the same shapes: the documents keep their shape, hold no number JSON does not have, and never fail.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may panic, also in their helpers")]

mod support;

use landfast_analytics::delivery::{self, QueryData};
use landfast_analytics::tasks::rows::TaskInput;
use landfast_analytics::{presentations, runs, tasks};
use landfast_domain::delivery::{ChangelogEntry, Issue, Profile, ProfileId, ProjectData, QueryId, QueryKey};
use landfast_domain::record::Record as _;
use landfast_domain::tasks::{Preference, Task, TaskInstance};
use proptest::prelude::*;
use serde_json::Value;
use support::fixtures::{TaskFixture, now};

/// Members at the top, which every document has.
fn keys(document: &Value) -> Vec<&str> {
    document.as_object().unwrap().keys().map(String::as_str).collect()
}

fn document_of(instances: &[TaskInstance], preferences: &[Preference]) -> Value {
    let mut task = Task::blank("t1".into());
    task.task_id.set_raw("t1");
    task.routine_frequency.set_raw("daily");
    let document = tasks::document(&TaskInput { tasks: &[task], instances, preferences, popup_responses: &[] }, now());
    // What cannot be written cannot be shown; what is written reads back.
    let text = serde_json::to_string(&document).unwrap();
    assert!(!text.contains("NaN") && !text.contains("Infinity"));
    assert!(serde_json::from_str::<Value>(&text).is_ok());
    // Every place is explained whatever the data.
    let unexplained: Vec<String> =
        tasks::catalogue().places(&document).into_iter().filter(|(_, is)| !is).map(|(path, _)| path).collect();
    assert!(unexplained.is_empty(), "{unexplained:?}");
    document
}

fn row(cells: &[(&str, &str)]) -> TaskInstance {
    let mut row = TaskInstance::blank("i".into());
    for (name, text) in cells {
        row.set_cell_named(name, (*text).to_owned());
    }
    row
}

const DONE: [(&str, &str); 5] = [
    ("instance_id", "i1"),
    ("task_id", "t1"),
    ("created_at", "2025-12-20 09:00"),
    ("initialized_at", "2025-12-20 09:00"),
    ("completed_at", "2025-12-20 10:00"),
];

#[test]
fn hostile_instances_give_a_document_of_the_same_shape() {
    let fixture = TaskFixture::original();
    let whole = document_of(&fixture.instances, &[]);
    let payloads = [
        "",
        "null",
        "{}",
        "[]",
        "{broken",
        r#"{"actual_relief": null, "time_actual_minutes": null, "completion_percent": null}"#,
        r#"{"actual_relief": NaN, "time_actual_minutes": Infinity, "expected_aversion": -Infinity}"#,
        r#"{"actual_relief": 1e308, "time_actual_minutes": 1e308, "completion_percent": 1e308, "expected_relief": -1e308, "expected_aversion": 1e308}"#,
        r#"{"actual_relief": "1e400", "time_actual_minutes": -5, "completion_percent": 0, "time_estimate_minutes": 0}"#,
        r#"{"emotion_values": {"focused": 1e308, "anxious": "x", "": null}, "actual_relief": [], "expected_aversion": {}}"#,
    ];
    let mut all = Vec::new();
    for (number, payload) in payloads.into_iter().enumerate() {
        let mut one = row(&DONE);
        one.set_cell_named("instance_id", format!("i{number}"));
        one.set_cell_named("predicted", payload.to_owned());
        one.set_cell_named("actual", payload.to_owned());
        let document = document_of(std::slice::from_ref(&one), &[]);
        assert_eq!(keys(&document), keys(&whole), "{payload}");
        all.push(one);
    }
    assert_eq!(keys(&document_of(&all, &[])), keys(&whole));
    assert_eq!(keys(&document_of(&[], &[])), keys(&whole));
    for cells in [&[][..], &[("instance_id", "")], &[("completed_at", "soon")], &[("created_at", "9999-12-31 23:59")]] {
        assert_eq!(keys(&document_of(&[row(cells)], &[])), keys(&whole), "{cells:?}");
    }
    let extreme = [
        ("relief_score", "1e308"),
        ("duration_minutes", "1e308"),
        ("delay_minutes", "-1e308"),
        ("cognitive_load", "nan"),
    ];
    let rows: Vec<TaskInstance> = (0..3)
        .map(|day| {
            let mut one = row(&DONE);
            extreme.iter().for_each(|(name, text)| one.set_cell_named(name, (*text).to_owned()));
            one.set_cell_named("completed_at", format!("{:04}-01-01 00:00", [1, 2025, 9999][day]));
            one
        })
        .collect();
    assert_eq!(keys(&document_of(&rows, &[])), keys(&whole));
}

#[test]
fn hostile_settings_do_no_harm() {
    for text in [
        "",
        "{}",
        "[]",
        "{broken",
        r#"{"goal_hours_per_week": 0}"#,
        r#"{"goal_hours_per_week": -1e308}"#,
        r#"{"goal_hours_per_week": "NaN"}"#,
    ] {
        let mut preference = Preference::blank("default".into());
        for key in
            ["productivity_goal_settings", "productivity_settings", "cancellation_penalties", "composite_score_weights"]
        {
            preference.set_cell_named(key, text.to_owned());
        }
        document_of(&[row(&DONE)], &[preference]);
    }
    let mut preference = Preference::blank("default".into());
    preference.set_cell_named(
        "composite_score_weights",
        r#"{"avg_relief": 1e308, "completion_rate": -1e308, "x": 0}"#.to_owned(),
    );
    document_of(&[row(&DONE)], &[preference]);
}

fn query(profile: &str, issues: Option<&[&str]>, log: Option<&[&str]>, data: Option<&str>) -> Value {
    let key = QueryKey::new(ProfileId::new("p").unwrap(), QueryId::new("q").unwrap());
    let profile = Profile::new(key.profile.clone(), Some(profile.to_owned()), None).unwrap();
    let issues: Option<Vec<Issue>> = issues
        .map(|texts| (0..).zip(texts).map(|(place, text)| Issue::read(place, *text, Some("customfield_1"))).collect());
    let log: Option<Vec<ChangelogEntry>> = log.map(|texts| {
        (0..).zip(texts).map(|(place, text)| ChangelogEntry::read(place, Some("A-1"), *text, None)).collect()
    });
    let data = data.map(|text| ProjectData::new(key.clone(), text).unwrap());
    let query = QueryData::new("q1", key, &profile, issues.as_deref(), log.as_deref(), data.as_ref(), &[]);
    let document = delivery::document(&[], &[query], now());
    let text = serde_json::to_string(&document).unwrap();
    assert!(serde_json::from_str::<Value>(&text).is_ok());
    let unexplained: Vec<String> =
        delivery::catalogue().places(&document).into_iter().filter(|(_, is)| !is).map(|(path, _)| path).collect();
    assert!(unexplained.is_empty(), "{unexplained:?}");
    document
}

const PROFILE: &str = r#"{"jira_config": {"points_field": "customfield_1"}, "show_points": true,
    "forecast_settings": {"deadline": "2026-01-31", "data_points_count": 8}}"#;

#[test]
fn hostile_queries_give_a_document_of_the_same_shape() {
    let whole = query(PROFILE, Some(&[r#"{"key": "A-1"}"#]), Some(&["{}"]), Some("{}"));
    let metrics = |document: &Value| keys(&document["queries"]["q1"]["metrics"]).join(" ");
    let profiles = [
        PROFILE,
        "{}",
        r#"{"forecast_settings": {"data_points_count": 0, "pert_factor": 0, "deadline": "0001-01-01"}}"#,
        r#"{"forecast_settings": {"data_points_count": 1e300, "pert_factor": -1e308, "deadline": "9999-12-31"}, "field_mappings": [], "project_classification": null}"#,
    ];
    let issues: [Option<&[&str]>; 5] = [
        None,
        Some(&[]),
        Some(&["", "null", "[]", "{broken", "{}"]),
        Some(&[
            r#"{"key": "A-1", "fields": {"created": "9999-12-31T23:59:59.999+1400", "resolutiondate": "0001-01-01T00:00:00", "customfield_1": 1e308, "status": null}}"#,
        ]),
        Some(&[
            r#"{"key": "A-1", "fields": {"created": null, "customfield_1": NaN, "fixVersions": [null, {}, {"name": 5}], "status": {"name": "Done"}}}"#,
            r#"{"key": "A-1"}"#,
        ]),
    ];
    let data = [
        None,
        Some("{}"),
        Some(r#"{"statistics": [], "project_scope": {}}"#),
        Some(
            r#"{"statistics": [{"date": "2025-12-01", "completed_items": 1e308, "completed_points": 1e308, "created_items": 1e308, "created_points": 1e308}, {"date": "2025-12-08", "completed_items": 1e308}], "project_scope": {"remaining_items": 1e308, "remaining_total_points": -1e308}}"#,
        ),
        Some(
            r#"{"statistics": [{"date": "2025-01-06", "completed_items": null}, {"date": "never"}, {}, {"date": "2025-12-08", "completed_items": "NaN", "created_items": -3}], "project_scope": {"remaining_items": NaN}}"#,
        ),
    ];
    let log = ["", r#"{"changelog": {"histories": [{"created": "x", "items": [null, {}]}]}}"#];
    let same = |profile: &str, issues: Option<&[&str]>, data: Option<&str>| {
        let document = query(profile, issues, Some(&log), data);
        assert_eq!(metrics(&document), metrics(&whole), "{profile} {issues:?} {data:?}");
    };
    for (profile, data) in profiles.iter().flat_map(|profile| data.map(|data| (profile, data))) {
        same(profile, None, data);
    }
    issues.into_iter().for_each(|issues| same(PROFILE, issues, data[2]));
    assert_eq!(metrics(&query("{}", None, None, None)), metrics(&whole));
}

#[test]
fn nothing_at_all_is_a_document_too() {
    assert!(delivery::document(&[], &[], now())["queries"].as_object().unwrap().is_empty());
    for (document, catalogue) in [
        (presentations::document(&[], now(), &presentations::Limits::default()), presentations::catalogue()),
        (runs::document(&[]), runs::catalogue()),
    ] {
        assert!(catalogue.places(&document).iter().all(|(_, is_explained)| *is_explained), "{document}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn random_payloads_never_fail(
        texts in prop::collection::vec((r#"[{}\[\]",:a-z0-9.eE+-]{0,30}"#, "[0-9:T -]{0,19}", any::<f64>()), 0..6)
    ) {
        let rows: Vec<TaskInstance> = texts.iter().enumerate().map(|(number, (payload, time, value))| {
            let mut one = row(&DONE);
            one.set_cell_named("instance_id", format!("i{number}"));
            one.set_cell_named("actual", format!(r#"{{"actual_relief": {value}, "time_actual_minutes": "{value}"}}"#));
            one.set_cell_named("predicted", payload.clone());
            one.set_cell_named("created_at", time.clone());
            one.set_cell_named("relief_score", value.to_string());
            one
        }).collect();
        document_of(&rows, &[]);
    }
}
