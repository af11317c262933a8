//! Flow of single issues, what is in progress, cumulative flow, and weekly metrics against stored snapshots.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests may panic, also in their helpers"
)]

#[path = "support/delivery.rs"]
mod support;

use chrono::NaiveDate;
use landfast_analytics::delivery::calendar::WorkingCalendar;
use landfast_analytics::delivery::dora::DoraWork;
use landfast_analytics::delivery::dora::weekly::weekly_dora;
use landfast_analytics::delivery::flow::{
    CycleTimes, FlowMetrics, Movement, StatusLists, active_work, aging, cumulative_flow, flow_issues, weekly_flow,
};
use landfast_analytics::delivery::{QueryData, compare_periods, document};
use landfast_analytics::periods::Period;
use landfast_domain::delivery::{Changelog, Issue, Profile, ProfileId, QueryId, QueryKey};
use landfast_domain::time::Timestamp;
use serde_json::Value;
use support::{Sample, assert_same};

const SETTINGS: &str = r#"{"project_classification": {"devops_projects": ["OPS"], "devops_task_types": ["Task"],
    "wip_statuses": ["Doing", "Review"], "active_statuses": ["Doing"], "flow_start_statuses": ["Doing"],
    "flow_end_statuses": ["Done"]}, "field_mappings": {"dora": {"deployment_date": "fixVersions",
    "change_failure": "customfield_1=Bad"}}, "forecast_settings": {}}"#;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Day, status before, status after.
type Change<'a> = (&'a str, &'a str, &'a str);

/// Key, status, day of creation, day of resolution, further fields, changes of status.
type Given<'a> = (&'a str, &'a str, &'a str, Option<&'a str>, &'a str, &'a [Change<'a>]);

fn query(issues: &[Given<'_>]) -> QueryData {
    let profile = Profile::new(ProfileId::new("p").unwrap(), Some(SETTINGS.to_owned()), None).unwrap();
    let key = QueryKey::new(ProfileId::new("p").unwrap(), QueryId::new("q").unwrap());
    let mut rows = Vec::new();
    let mut log = serde_json::Map::new();
    for (ordinal, (name, status, created, resolved, fields, changes)) in (0_i64..).zip(issues) {
        let resolved = resolved.map_or("null".to_owned(), |day| format!("\"{day}T00:00:00.000+0000\""));
        let text = format!(
            r#"{{"key": "{name}", "fields": {{"created": "{created}T00:00:00.000+0000", "resolutiondate": {resolved},
                "status": {{"name": "{status}"}} {fields}}}}}"#
        );
        rows.push(Issue::read(ordinal, text, None));
        let change = |(when, from, to): &(&str, &str, &str)| serde_json::json!({"created": format!("{when}T00:00:00.000+0000"), "items": [{"field": "status", "fromString": from, "toString": to}]});
        if !changes.is_empty() {
            let histories: Vec<Value> = changes.iter().map(change).collect();
            log.insert((*name).to_owned(), serde_json::json!({"changelog": {"histories": histories}}));
        }
    }
    let log = Changelog::read(key.clone(), &Value::Object(log).to_string(), None).unwrap().1;
    QueryData::new("q", key, &profile, Some(&rows), Some(&log), None, &[])
}

#[test]
fn the_last_status_of_a_finished_issue_ends_with_the_work() {
    // Resolved without leaving review: the original counts review until today.
    let changes: &[_] = &[("2025-12-01", "To Do", "Doing"), ("2025-12-05", "Doing", "Review")];
    let data = query(&[("A-1", "Review", "2025-12-01", Some("2025-12-09"), "", changes)]);
    let lists = StatusLists::read(&data.settings);
    let issues = flow_issues(&data, &lists);
    let now = at("2025-12-17 00:00");
    assert_eq!(issues[0].efficiency_percent(&lists, now), Some(50.0));
    assert_eq!(issues[0].legacy_efficiency_percent(&lists, now), Some(25.0));
    assert_eq!(issues[0].flow_days(), None);
}

#[test]
fn what_is_stuck_comes_first() {
    let data = query(&[
        ("A-1", "Doing", "2025-12-16", None, "", &[]),
        (
            "A-2",
            "Review",
            "2025-11-01",
            None,
            "",
            &[("2025-12-01", "To Do", "Doing"), ("2025-12-13", "Doing", "Review")],
        ),
        ("A-3", "Doing", "2025-11-01", None, "", &[("2025-12-12", "To Do", "Doing")]),
        (
            "A-4",
            "Done",
            "2025-11-01",
            Some("2025-12-02"),
            "",
            &[("2025-11-28", "To Do", "Doing"), ("2025-12-02", "Doing", "Done")],
        ),
        ("A-5", "To Do", "2025-11-01", None, "", &[]),
        (
            "A-6",
            "Done",
            "2025-11-01",
            Some("2025-12-11"),
            "",
            &[("2025-12-01", "To Do", "Doing"), ("2025-12-11", "Doing", "Done")],
        ),
    ]);
    let lists = StatusLists::read(&data.settings);
    let issues = flow_issues(&data, &lists);
    let now = at("2025-12-17 12:00");
    let found: Vec<_> = active_work(&issues, now).into_iter().map(|item| (item.key, item.movement)).collect();
    let expected = [("A-3", Movement::Blocked), ("A-2", Movement::Aging), ("A-1", Movement::Moving)];
    assert_eq!(found, expected.map(|(key, movement)| (key.to_owned(), movement)));

    let past = CycleTimes::of(&issues, (at("2025-11-01 00:00"), now), &WorkingCalendar::default()).unwrap();
    assert_eq!((past.cases, past.mean, past.days_at(0.5)), (2, 7.0, Some(7.0)));
    // Friday to Tuesday are three working days, Monday to Thursday of the next week nine.
    assert_eq!(past.working_percentiles[0], (0.5, 6.0));
    let old: Vec<_> =
        aging(&issues, Some(&past), now).into_iter().map(|item| (item.key, item.age_days, item.older_than)).collect();
    assert_eq!(old, [("A-2".to_owned(), 16.5, Some(1.0)), ("A-3".to_owned(), 5.5, Some(0.5))]);
    let measured = FlowMetrics::of(&issues, &lists, now);
    assert_eq!((measured.completed, measured.load, measured.median_days()), (2, 3, Some(7.0)));
    assert_eq!(CycleTimes::of(&issues, (now, now), &WorkingCalendar::default()), None);
}

#[test]
fn a_cumulative_flow_diagram_loses_no_issue() {
    let data = query(&[
        (
            "A-1",
            "Done",
            "2025-12-01",
            Some("2025-12-04"),
            "",
            &[("2025-12-02", "To Do", "Doing"), ("2025-12-04", "Doing", "Done")],
        ),
        ("A-2", "Review", "2025-12-02", None, "", &[("2025-12-03", "To Do", "Review")]),
        ("A-3", "Done", "2025-11-01", Some("2025-12-03"), "", &[]),
        ("A-4", "Doing", "2025-12-09", None, "", &[]),
    ]);
    let lists = StatusLists::read(&data.settings);
    let issues = flow_issues(&data, &lists);
    let flow = cumulative_flow(&issues, &lists, (day("2025-12-01"), day("2025-12-05"))).unwrap();
    assert_eq!(flow.bands, ["finished", "Review", "Doing", "waiting"]);
    assert_eq!(flow.days, [[0, 0, 0, 2], [0, 0, 1, 2], [1, 1, 1, 0], [2, 1, 0, 0], [2, 1, 0, 0]].map(Vec::from));
    assert_eq!(cumulative_flow(&issues, &lists, (day("2025-12-02"), day("2025-12-01"))), None);

    let sample = Sample::read();
    let data = sample.query("q1");
    let lists = StatusLists::read(&data.settings);
    let issues = flow_issues(data, &lists);
    let flow = cumulative_flow(&issues, &lists, (day("2025-03-01"), day("2025-12-17"))).unwrap();
    let finished: Vec<i64> = flow.days.iter().map(|bands| bands[0]).collect();
    assert!(finished.is_sorted() && flow.days.iter().flatten().all(|number| *number >= 0));
    assert_eq!(flow.days.last().unwrap().iter().sum::<i64>(), 190);
}

#[test]
fn releases_decide_what_was_deployed() {
    let version = r#", "issuetype": {"name": "Task"}, "fixVersions": [{"name": "R1", "releaseDate": "2025-12-10"}, {"name": "R9", "releaseDate": "2025-12-11"}, null]"#;
    let bad = r#", "issuetype": {"name": "Task"}, "customfield_1": {"value": "bad"}, "fixVersions": [{"name": "R1", "releaseDate": "2025-12-12"}]"#;
    let bug = r#", "issuetype": {"name": "Bug"}, "fixVersions": [{"name": "R1"}]"#;
    let none = r#", "issuetype": {"name": "Story"}, "fixVersions": null"#;
    let data = query(&[
        ("OPS-1", "Done", "2025-12-01", None, version, &[]),
        ("OPS-2", "Done", "2025-12-01", None, bad, &[]),
        ("OPS-3", "Doing", "2025-12-01", None, version, &[]),
        ("A-1", "Done", "2025-12-08", Some("2025-12-09"), bug, &[]),
        ("A-2", "Done", "2025-12-08", Some("2025-12-09"), none, &[]),
    ]);
    let work = DoraWork::new(&data);
    // R9 belongs to no issue of development; of two days for R1 the earlier one counts.
    assert_eq!(work.releases.into_iter().collect::<Vec<_>>(), [("R1", day("2025-12-10"))]);
    assert_eq!(work.deployments.iter().map(|found| found.has_failed).collect::<Vec<_>>(), [false, true]);
    assert_eq!((work.tasks.len(), work.deployed.len(), work.production_bugs.len()), (3, 1, 1));
    assert_eq!(work.production_bugs[0].hours, Some(24.0));
}

#[test]
fn periods_are_compared_by_what_happened_in_them() {
    let version = r#", "issuetype": {"name": "Task"}, "fixVersions": [{"name": "R1", "releaseDate": "2025-12-10"}]"#;
    let bug = r#", "issuetype": {"name": "Bug"}, "fixVersions": [{"name": "R1"}]"#;
    let story = r#", "issuetype": {"name": "Story"}"#;
    let data = query(&[
        ("OPS-1", "Done", "2025-12-01", None, version, &[]),
        ("A-1", "Done", "2025-12-08", Some("2025-12-09"), bug, &[]),
        (
            "A-2",
            "Done",
            "2025-11-03",
            None,
            story,
            &[("2025-11-04", "To Do", "Doing"), ("2025-11-06", "Doing", "Done")],
        ),
        (
            "A-3",
            "Done",
            "2025-11-03",
            None,
            story,
            &[("2025-11-04", "To Do", "Doing"), ("2025-12-02", "Doing", "Done")],
        ),
    ]);
    let period = |from: &str, until: &str| Period { from: at(from), until: at(until) };
    let november = period("2025-11-01 00:00", "2025-12-01 00:00");
    let december = period("2025-12-01 00:00", "2025-12-11 00:00");
    let answer = compare_periods(&data, november, december);
    let metric = |name: &str| answer.metrics.iter().find(|metric| metric.metric == name).unwrap();
    let values = |name: &str| (metric(name).difference.mean_first, metric(name).difference.mean_second);
    assert_eq!(values("flow_days"), (Some(2.0), Some(28.0)));
    assert_eq!((metric("flow_days").relative_difference, metric("flow_days").verdict), (Some(13.0), "not enough data"));
    assert_eq!(values("issues_created_per_day"), (Some(2.0 / 30.0), Some(0.1)));
    assert_eq!(values("issues_finished_per_day"), (Some(1.0 / 30.0), Some(0.2)));
    assert_eq!(values("deployments_per_day"), (Some(0.0), Some(0.1)));
    assert_eq!(metric("deployments_per_day").relative_difference, None);
    assert_eq!(values("restore_hours"), (None, Some(24.0)));
    assert_eq!(values("change_failure_share"), (None, Some(0.0)));
    // Without weekly rows there are no weeks, not weeks of nothing.
    assert_eq!(values("items_completed_per_week"), (None, None));
}

#[test]
fn weeks_of_a_period_are_those_that_begin_in_it() {
    let sample = Sample::read();
    let data = sample.query("q1");
    let first = data.statistics[0].date.and_time(chrono::NaiveTime::MIN);
    let cut = data.statistics[4].date.and_time(chrono::NaiveTime::MIN);
    let last = data.statistics.last().unwrap().date.and_time(chrono::NaiveTime::MIN);
    let [from, middle, until] = [first, cut, last].map(Timestamp::new);
    let answer = compare_periods(data, Period { from, until: middle }, Period { from: middle, until });
    let weekly = answer.metrics.iter().find(|metric| metric.metric == "items_completed_per_week").unwrap().difference;
    let mean = data.statistics[..4].iter().map(|row| row.completed_items).sum::<f64>() / 4.0;
    assert_eq!((weekly.n_first, weekly.mean_first), (4, Some(mean)));
    assert_eq!(weekly.n_second, data.statistics.len() - 5);
    assert!(weekly.p_value.is_some() && weekly.interval_95.is_some());
}

#[test]
fn weekly_metrics_are_those_the_original_stored() {
    let sample = Sample::read();
    let data = sample.query("q1");
    // The snapshots were taken half an hour before the answers.
    let now = at("2025-12-17 09:30");
    let lists = StatusLists::read_weekly(&data.settings);
    let issues = flow_issues(data, &lists);
    let work = DoraWork::new(data);
    let mut compared = 0;
    for snapshot in &data.snapshots {
        let week = snapshot.week.unwrap();
        let mut metrics = weekly_flow(&issues, &lists, &[week], now)[0].legacy_document();
        metrics.extend(weekly_dora(&work, week, now).legacy_document());
        for (name, stored) in snapshot.metrics.iter().filter(|(name, _)| metrics.contains_key(*name)) {
            let mut stored: Value = serde_json::from_str(&stored.dump()).unwrap();
            for later in ["timestamp", "forecast", "trend_vs_forecast"] {
                stored.as_object_mut().unwrap().remove(later);
            }
            assert_same(&stored, &metrics[name], &[]);
            compared += 1;
        }
    }
    assert_eq!(compared, 8 * 60);
}

#[test]
fn a_query_without_anything_has_no_metrics() {
    let sample = Sample::read();
    let answer = document(&sample.profiles, &sample.queries, sample.now());
    let metrics = &answer["queries"]["q2"]["metrics"];
    assert_eq!(metrics["flow"]["flow_time_median_days"], Value::Null);
    assert_eq!(metrics["dora"]["deployments_per_day"], Value::Null);
    assert_eq!((&metrics["forecast_items"], &metrics["cycle_time"]), (&Value::Null, &Value::Null));
    assert_eq!(metrics["health"]["label"], "not_enough_data");
    assert_eq!(metrics["health_explanation"]["result"], Value::Null);
}
