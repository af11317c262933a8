//! Documents and operations of runs: every code of a document, and what survives a change.

use super::manager::{self, NewRun, RunChange, RunError};
use super::memory::MemoryRuns;
use super::{
    Layout, Run, RunCursor, RunDocuments, RunFile, RunFilter, RunId, RunPage, RunRepository, RunStatus, codes,
    documents, manifest, retention, state,
};
use crate::Error;
use crate::json::{Json, members};
use crate::time::Timestamp;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::time::Duration;

const STATE: &str = r#"{
  "run_id": "r",
  "status": "processing",
  "source": "jetstream",
  "created_at": "2025-12-09T14:05:14.746Z",
  "updated_at": "2025-12-09T14:05:15.000Z",
  "jetstream_id": "JS-1",
  "current_stage": "binning",
  "progress_percent": 55,
  "files": []
}"#;

const MANIFEST: &str = r#"{"schema_id":"dynoai.manifest@1","run_id":"tool","status":{"code":"success","message":"OK","last_stage":"export"},
"input":{"path":"C:\\up\\load/in.csv"},"config":{"args":{"clamp":15.0}},"timing":{"start":"2025-12-06T00:25:29.121Z","end":"2025-12-06T00:25:29.261Z"},
"stats":{"rows_read":3600},"outputs":[{"name":"a.csv","path":"a.csv","type":"csv","size_bytes":3,"sha256":"ff","created":"2025-12-06T00:25:29.260Z"}]}"#;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn with(document: &str, name: &str, value: Option<&str>) -> String {
    let found = members(document).unwrap().unwrap();
    let kept = found.iter().filter(|member| member.key != name);
    let mut parts: Vec<String> = kept.map(|member| format!("\"{}\": {}", member.key, member.text)).collect();
    parts.extend(value.map(|value| format!("\"{name}\": {value}")));
    format!("{{{}}}", parts.join(", "))
}

fn read_state(text: &str) -> documents::RunReading {
    let documents = RunDocuments { state: Some(text.to_owned()), ..Default::default() };
    documents::read(Layout::State, "runs/r", documents).unwrap()
}

fn codes_of(reading: &documents::RunReading) -> BTreeSet<&'static str> {
    reading.findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn a_good_state_has_no_findings() {
    let reading = read_state(STATE);
    assert_eq!(reading.findings, []);
    let run = reading.run;
    assert_eq!((run.id.as_str(), &run.status, run.progress_percent), ("r", &RunStatus::Processing, Some(55)));
    assert_eq!((run.completed_at, run.error_info, run.results_summary), (None, None, None));
}

#[test]
fn every_code_of_a_state_has_its_rule() {
    let long = format!("\"{}\"", "x".repeat(65));
    let error = r#"{"stage": "s", "code": "c", "message": "m"}"#;
    for (name, value, expected) in [
        ("run_id", None, vec![codes::RUN_ID_MISSING]),
        ("run_id", Some("7"), vec![codes::RUN_ID_TYPE]),
        ("run_id", Some("\"other\""), vec![codes::RUN_ID_MISMATCH]),
        ("run_id", Some("\"l\u{e4}uf 1\""), vec![codes::RUN_ID_MISMATCH, codes::ID_NOT_URL_SAFE]),
        ("run_id", Some(&long), vec![codes::RUN_ID_MISMATCH, codes::ID_TOO_LONG]),
        ("status", None, vec![codes::STATUS_MISSING]),
        ("status", Some("null"), vec![codes::STATUS_MISSING]),
        ("status", Some("\"COMPLETE\""), vec![codes::STATUS_UNKNOWN]),
        ("status", Some("3"), vec![codes::STATUS_UNKNOWN]),
        ("status", Some("\"complete\""), vec![codes::MANIFEST_MISSING]),
        ("status", Some("\"error\""), vec![codes::STATUS_ERROR_WITHOUT_ERROR]),
        ("source", None, vec![codes::SOURCE_MISSING]),
        ("source", Some("\"aaaaaaaaaaaaaaaaaaaaa\""), vec![codes::SOURCE_TOO_LONG]),
        ("created_at", None, vec![codes::TIMESTAMP_MISSING]),
        ("created_at", Some("\"soon\""), vec![codes::TIMESTAMP_UNPARSED]),
        ("created_at", Some("\"2025-12-09T14:05:14\""), vec![codes::TIMESTAMP_ASSUMED_UTC]),
        ("created_at", Some("1733400000"), vec![codes::TIMESTAMP_NUMERIC]),
        ("created_at", Some("\"2025-12-09T14:05:14.1234567Z\""), vec![codes::TIMESTAMP_PRECISION]),
        ("updated_at", Some("\"2025-12-09T14:05:14.7459+00:00\""), vec![codes::TIMESTAMP_ORDER]),
        ("progress_percent", Some("250"), vec![codes::PROGRESS_OUT_OF_RANGE]),
        ("progress_percent", Some("99999999999999999999"), vec![codes::PROGRESS_OUT_OF_RANGE]),
        ("progress_percent", Some("24.0"), vec![codes::PROGRESS_NOT_INTEGER]),
        ("progress_percent", Some("\"24\""), vec![codes::PROGRESS_NOT_INTEGER]),
        ("error", Some(error), vec![codes::ERROR_WITHOUT_STATUS]),
        ("error", Some("\"text\""), vec![codes::ERROR_WITHOUT_STATUS, codes::ERROR_SHAPE]),
        (
            "error",
            Some("{\"stage\": 1, \"more\": 2}"),
            vec![codes::ERROR_WITHOUT_STATUS, codes::ERROR_SHAPE, codes::ERROR_EXTRA_KEYS],
        ),
        ("error", Some("{}"), vec![]),
        ("results_summary", Some("[1]"), vec![codes::RESULTS_SHAPE]),
        ("results_summary", Some("{\"a\": NaN}"), vec![codes::NONFINITE_NUMBER]),
        ("results_summary", Some("{\"a\": 1, \"a\": 2}"), vec![codes::DUPLICATE_JSON_KEY]),
        ("current_stage", Some("\"a\\u0000\""), vec![codes::NUL_IN_STRING]),
        ("current_stage", Some("\"\\ud800\""), vec![codes::LONE_SURROGATE]),
        ("current_stage", Some("5"), vec![codes::TEXT_TYPE]),
        ("current_stage", Some(&long), vec![codes::STAGE_TOO_LONG]),
        ("jetstream_id", Some(&long), vec![codes::JETSTREAM_ID_TOO_LONG]),
        ("files", Some("\"a\""), vec![codes::FILES_SHAPE]),
        ("files", Some("[1]"), vec![codes::FILES_SHAPE]),
        ("files", Some("[\"a\", \"a\"]"), vec![codes::FILE_LISTED_TWICE]),
        ("files", Some("[\"../../etc/passwd\", \"C:\\\\x\"]"), vec![codes::FILE_PATH_UNSAFE]),
        ("zone", Some("1"), vec![codes::EXTRA_KEYS]),
    ] {
        let reading = read_state(&with(STATE, name, value));
        assert_eq!(codes_of(&reading), BTreeSet::from_iter(expected), "{name} {value:?}");
    }
    assert_eq!(codes_of(&read_state(&format!("\u{feff}{STATE}"))), BTreeSet::from([codes::BOM]));
    for (text, code) in [("[]", codes::STATE_NOT_OBJECT), ("", codes::STATE_NOT_JSON), ("{} {}", codes::STATE_NOT_JSON)]
    {
        let documents = RunDocuments { state: Some(text.into()), ..Default::default() };
        assert_eq!(documents::read(Layout::State, "runs/r", documents).unwrap_err().code, code);
    }
    assert_eq!(
        documents::read(Layout::State, "runs/r", RunDocuments::default()).unwrap_err().code,
        codes::STATE_MISSING
    );
}

#[test]
fn odd_members_read_as_far_as_they_can() {
    assert_eq!(read_state(&with(STATE, "progress_percent", Some("24.0"))).run.progress_percent, Some(24));
    assert_eq!(read_state(&with(STATE, "progress_percent", Some("24.5"))).run.progress_percent, None);
    assert_eq!(read_state(&with(STATE, "progress_percent", Some("99999999999999999999"))).run.progress_percent, None);
    let run = read_state(&with(STATE, "error", Some("{ \"code\": 1.50 }"))).run;
    assert_eq!(run.error_info.as_deref(), Some("{ \"code\": 1.50 }"));
    assert_eq!(read_state(&with(STATE, "results_summary", Some("{ }"))).run.results_summary, None);
    assert_eq!(state::listed_files(&with(STATE, "files", Some("[\"b\", 1, \"a\"]"))), ["b", "a"]);
}

#[test]
fn an_upload_is_read_from_its_manifest() {
    let read = |text: &str| {
        let documents = RunDocuments { manifest: Some(text.to_owned()), ..Default::default() };
        documents::read(Layout::Upload, "outputs/0300f4b3", documents)
    };
    let reading = read(MANIFEST).unwrap();
    assert_eq!(reading.findings, []);
    let run = reading.run;
    assert_eq!(
        (run.id.as_str(), &run.status, run.source.as_str()),
        ("0300f4b3", &RunStatus::Complete, "manual_upload")
    );
    assert_eq!((run.current_stage.as_deref(), run.progress_percent), (Some("export"), Some(100)));
    assert_eq!(
        (run.input_filename.as_deref(), run.config_snapshot.as_deref()),
        (Some("in.csv"), Some("{\"args\":{\"clamp\":15.0}}"))
    );
    assert_eq!(run.results_summary.as_deref(), Some("{\"rows_read\":3600}"));
    assert_eq!((run.updated_at.as_ref(), run.peak_hp), (run.completed_at.as_ref(), None));
    let outputs = manifest::listed_outputs(MANIFEST);
    assert_eq!((outputs.len(), outputs[0].size_bytes, outputs[0].sha256.as_deref()), (1, Some(3), Some("ff")));

    let failed = with(MANIFEST, "status", Some(r#"{"code": "error", "message": "a\nb", "last_stage": "load"}"#));
    let failed = read(&with(&failed, "stats", Some("{}"))).unwrap().run;
    assert_eq!(failed.error_info.as_deref(), Some(r#"{"stage": "load", "code": "MANIFEST", "message": "a\nb"}"#));
    assert_eq!((failed.status, failed.progress_percent, failed.results_summary), (RunStatus::Error, None, None));

    for (name, value, expected) in [
        ("schema_id", Some("\"x\""), vec![codes::MANIFEST_SCHEMA]),
        ("outputs", None, vec![codes::MANIFEST_SCHEMA]),
        ("status", Some("{\"code\": \"running\"}"), vec![codes::MANIFEST_UNFINISHED]),
        ("status", Some("{\"code\": \"lost\"}"), vec![codes::STATUS_UNKNOWN]),
        ("status", Some("{}"), vec![codes::STATUS_MISSING]),
        ("timing", Some("{\"start\": \"2025-12-06T00:25:29.121Z\", \"end\": null}"), vec![codes::MANIFEST_UNFINISHED]),
        ("timing", Some("{\"end\": \"2025-12-06T00:25:29.121Z\"}"), vec![codes::TIMESTAMP_MISSING]),
        ("stats", Some("{\"a\": Infinity}"), vec![codes::NONFINITE_NUMBER]),
    ] {
        assert_eq!(
            codes_of(&read(&with(MANIFEST, name, value)).unwrap()),
            BTreeSet::from_iter(expected),
            "{name} {value:?}"
        );
    }
    assert_eq!(read("{").unwrap_err().code, codes::MANIFEST_NOT_JSON);
    assert_eq!(read("[]").unwrap_err().code, codes::MANIFEST_SCHEMA);
}

#[test]
fn a_tuning_is_read_from_its_manifest() {
    let text = r#"{"run_id": "x", "timestamp": "2025-12-26T17:02:44.000318+00:00", "source_file": "/srv/logs/a_pull.csv",
        "analysis": {"peak_hp": 161.5, "peak_tq": 150, "power_curve": [{"rpm": 1}], "ok_cells": 3},
        "outputs": {"raw_csv": "/srv/runs/x/run.csv", "n": 7}}"#;
    let read = |text: &str| {
        let documents = RunDocuments { manifest: Some(text.to_owned()), ..Default::default() };
        documents::read(Layout::Tuning, "runs/bench", documents).unwrap().run
    };
    let run = read(text);
    assert_eq!(
        (run.id.as_str(), run.source.as_str(), run.input_filename.as_deref()),
        ("bench", "simulator_pull", Some("a_pull.csv"))
    );
    assert_eq!((run.peak_hp, run.peak_torque, run.status), (Some(161.5), Some(150.0), RunStatus::Complete));
    assert_eq!(run.results_summary.as_deref(), Some(r#"{"peak_hp": 161.5, "peak_tq": 150, "ok_cells": 3}"#));
    assert_eq!((run.completed_at, run.progress_percent), (run.created_at, Some(100)));
    let outputs = manifest::listed_outputs(text);
    assert_eq!((outputs.len(), outputs[0].name.as_str(), outputs[0].sha256.as_deref()), (1, "run.csv", None));
    assert!(!manifest::is_analysis(text) && manifest::is_analysis(MANIFEST));
    for (source_file, source) in [("simulated", "simulate"), ("a.wp8", "real"), ("a.csv", "real"), ("a.txt", "unknown")]
    {
        assert_eq!(read(&with(text, "source_file", Some(&format!("\"{source_file}\"")))).source, source);
    }
    assert_eq!(read(&with(text, "inputs", Some("{\"mode\": \"simulate\"}"))).source, "simulate");
    let older = with(&with(text, "analysis", Some("{}")), "peak_torque", Some("99"));
    assert_eq!(read(&older).peak_torque, Some(99.0));
    let unified = r#"{"status": "error", "created_at": "2025-12-26T17:02:44", "analysis": {"overall_status": "LEAN"}, "peak_performance": {"peak_hp": 7}}"#;
    assert_eq!((read(unified).status, read(unified).peak_hp), (RunStatus::Error, Some(7.0)));
}

#[test]
fn manifest_and_metadata_add_to_a_state() {
    let done = with(STATE, "status", Some("\"complete\""));
    let read = |manifest: &str, metadata: &str| {
        let documents = RunDocuments {
            state: Some(done.clone()),
            manifest: Some(manifest.into()),
            metadata: Some(metadata.into()),
            session_log: None,
        };
        documents::read(Layout::State, "runs/r", documents).unwrap()
    };
    let reading = read(MANIFEST, "{\"peak_hp\": 118.4, \"peak_torque\": \"x\"}");
    assert_eq!(codes_of(&reading), BTreeSet::from([codes::MANIFEST_RUN_ID_MISMATCH]));
    assert_eq!(reading.run.completed_at.as_ref().map(|time| time.as_str()), Some("2025-12-06T00:25:29.261Z"));
    assert_eq!(
        (reading.run.peak_hp, reading.run.peak_torque, reading.run.source.as_str()),
        (Some(118.4), None, "jetstream")
    );
    assert_eq!(codes_of(&read("{", "[]")), BTreeSet::from([codes::MANIFEST_NOT_JSON, codes::METADATA_NOT_OBJECT]));
    assert_eq!(
        codes_of(&read(&with(MANIFEST, "run_id", Some("\"r\"")), "x")),
        BTreeSet::from([codes::METADATA_NOT_JSON])
    );
}

#[test]
fn session_logs() {
    let log = r#"{"events": [{"sequence": 1, "snapshot_before": null, "snapshot_after": {"id": "s1", "sha256": "aa"}},
        {"sequence": 2, "snapshot_before": {"id": "s1", "sha256": "aa"}, "snapshot_after": {"id": "s2"}}]}"#;
    let found: Vec<_> = documents::session_snapshots(log).unwrap().into_iter().map(|s| (s.id, s.sha256)).collect();
    assert_eq!(found, [("s1".into(), "aa".into()), ("s2".into(), String::new())]);
    assert!(documents::is_in_sequence(log));
    assert!(!documents::is_in_sequence(&log.replace("\"sequence\": 2", "\"sequence\": 3")));
    assert_eq!(documents::session_snapshots("{}"), None);
    assert_eq!(documents::session_snapshots("{"), None);
}

fn new(id: &str) -> NewRun {
    NewRun { id: id.into(), source: "jetstream".into(), jetstream_id: None, metadata: None }
}

#[test]
fn a_new_run_is_written_as_the_run_manager_writes_it() {
    let mut runs = MemoryRuns::default();
    let run = manager::create(&mut runs, new("run_1"), at("2025-12-09T14:05:14.746")).unwrap();
    let text = "{\n  \"run_id\": \"run_1\",\n  \"status\": \"pending\",\n  \"source\": \"jetstream\",\n  \"created_at\": \"2025-12-09T14:05:14.746Z\",\n  \"updated_at\": \"2025-12-09T14:05:14.746Z\",\n  \"jetstream_id\": null,\n  \"current_stage\": null,\n  \"progress_percent\": null,\n  \"files\": []\n}";
    assert_eq!((run.documents.state.as_deref(), run.directory.as_str()), (Some(text), "runs/run_1"));
    assert!(matches!(manager::create(&mut runs, new("run_1"), at("2025-12-09 15:00")), Err(Error::Conflict { .. })));
    let nameless = NewRun { source: String::new(), ..new("a") };
    assert!(matches!(
        manager::create(&mut runs, nameless, at("2025-12-09 15:00")),
        Err(Error::Invalid { field: "source", .. })
    ));
    for (metadata, kept) in [("{}", Some(None)), ("{\"peak_hp\": 1.0}", Some(Some(1.0))), ("[]", None), ("{", None)] {
        let made = manager::create(
            &mut MemoryRuns::default(),
            NewRun { metadata: Some(metadata.into()), ..new("b") },
            at("2025-12-09 15:00"),
        );
        assert_eq!(made.ok().map(|run| run.peak_hp), kept, "{metadata}");
    }
}

#[test]
fn an_error_goes_with_its_status() {
    let mut runs = MemoryRuns::default();
    let id = RunId::from("run_1");
    manager::create(&mut runs, new("run_1"), at("2025-12-09 14:00")).unwrap();
    let error = RunError { stage: "s".into(), code: "C-1".into(), message: "ü".into() };
    let failed = RunChange {
        status: Some(RunStatus::Error),
        error: Some(error),
        progress_percent: Some(24),
        ..Default::default()
    };
    let run = manager::update(&mut runs, &id, &failed, at("2025-12-09 14:01")).unwrap();
    assert_eq!(
        run.error_info.as_deref(),
        Some("{\n    \"stage\": \"s\",\n    \"code\": \"C-1\",\n    \"message\": \"\\u00fc\"\n  }")
    );
    assert_eq!(run.updated_at.as_ref().map(|time| time.as_str()), Some("2025-12-09T14:01:00.000Z"));
    let stage = RunChange { stage: Some("still".into()), ..Default::default() };
    assert!(manager::update(&mut runs, &id, &stage, at("2025-12-09 14:02")).unwrap().error_info.is_some());
    let results = Some("{\"avg\": 1.50}".to_owned());
    let files = Some(vec!["a.csv".to_owned()]);
    let done = RunChange { status: Some(RunStatus::Complete), results_summary: results, files, ..Default::default() };
    let run = manager::update(&mut runs, &id, &done, at("2025-12-09 14:03")).unwrap();
    assert_eq!((run.error_info.as_deref(), run.progress_percent), (None, Some(24)));
    assert!(run.completed_at.is_some());
    let text = run.documents.state.as_deref().unwrap();
    assert!(
        text.contains("\n  \"files\": [\n    \"a.csv\"\n  ],\n  \"results_summary\": {\n    \"avg\": 1.50\n  }\n}"),
        "{text}"
    );
    assert_eq!(runs.get(&id).unwrap(), Some(run));
    let none = RunChange { results_summary: Some("{}".into()), ..Default::default() };
    assert_eq!(manager::update(&mut runs, &id, &none, at("2025-12-09 14:04")).unwrap().results_summary, None);
}

#[test]
fn changes_that_make_no_sense_are_refused() {
    let mut runs = MemoryRuns::default();
    manager::create(&mut runs, new("r"), at("2025-12-09 14:00")).unwrap();
    let before = runs.clone();
    let error = RunError { stage: String::new(), code: String::new(), message: String::new() };
    for (field, change) in [
        ("status", RunChange { status: Some(RunStatus::Other("done".into())), ..Default::default() }),
        ("progress_percent", RunChange { progress_percent: Some(101), ..Default::default() }),
        ("progress_percent", RunChange { progress_percent: Some(-1), ..Default::default() }),
        ("error", RunChange { error: Some(error), ..Default::default() }),
        ("results_summary", RunChange { results_summary: Some("[]".into()), ..Default::default() }),
        ("files", RunChange { files: Some(vec!["../x".into()]), ..Default::default() }),
        ("files", RunChange { files: Some(vec!["x".into(), "x".into()]), ..Default::default() }),
    ] {
        let refused = manager::update(&mut runs, &"r".into(), &change, at("2025-12-09 14:01"));
        assert!(matches!(refused, Err(Error::Invalid { field: f, .. }) if f == field), "{field}");
    }
    assert_eq!(runs, before);
    let unknown = manager::update(&mut runs, &"q".into(), &RunChange::default(), at("2025-12-09 14:01"));
    assert!(matches!(unknown, Err(Error::NotFound { .. })));
}

#[test]
fn a_change_keeps_what_it_does_not_know() {
    let text = "{ \"zone\" : [1.50], \"run_id\":\"r\",\"status\": \"pending\" ,\"source\":\"x\" }\r\n";
    let run = read_state(text).run;
    let change = RunChange { status: Some(RunStatus::Validating), ..Default::default() };
    let changed = manager::changed(&run, &change, at("2025-12-09 14:00")).unwrap();
    assert_eq!(
        changed.documents.state.as_deref(),
        Some(
            "{ \"zone\" : [1.50], \"run_id\":\"r\",\"status\": \"validating\" ,\"source\":\"x\", \"updated_at\": \"2025-12-09T14:00:00.000Z\" }\r\n"
        )
    );
    let windows = format!("\u{feff}{}\r\n", STATE.replace('\n', "\r\n"));
    let changed = manager::changed(&read_state(&windows).run, &change, at("2025-12-09 14:05:15")).unwrap();
    assert_eq!(changed.documents.state, Some(windows.replace("processing", "validating")));
}

#[test]
fn a_run_without_a_state_gets_one_at_its_first_change() {
    let documents = RunDocuments { manifest: Some(MANIFEST.into()), ..Default::default() };
    let mut run = documents::read(Layout::Upload, "outputs/u", documents).unwrap().run;
    run.id = "u~2".into();
    run.original_id = Some("u".into());
    let change = RunChange { stage: Some("checked".into()), ..Default::default() };
    let changed = manager::changed(&run, &change, at("2026-01-01 00:00")).unwrap();
    assert!(changed.documents.state.is_some());
    let expected = Run {
        current_stage: Some("checked".into()),
        updated_at: changed.updated_at.clone(),
        results_summary: changed.results_summary.clone(),
        documents: changed.documents.clone(),
        ..run
    };
    assert_eq!(changed, expected);
}

#[test]
fn lists_are_filtered_counted_and_paged() {
    let mut runs = MemoryRuns::default();
    for n in 0..25 {
        let source = if n % 2 == 0 { "jetstream" } else { "manual_upload" };
        let run = NewRun { source: source.into(), ..new(&format!("r{n:02}")) };
        manager::create(&mut runs, run, at(&format!("2025-12-09 14:{:02}", n / 4))).unwrap();
    }
    let mut timeless = read_state(&with(STATE, "created_at", Some("\"?\""))).run;
    timeless.id = "a".into();
    runs.insert(&timeless).unwrap();
    let all = RunFilter::default();
    let (list, total) = manager::list(&mut runs, &all, &RunPage::Offset(0), 5000).unwrap();
    assert_eq!((list.len(), total), (26, 26));
    assert_eq!((list[0].id.as_str(), list[1].id.as_str(), list[25].id.as_str()), ("r24", "r20", "a"));
    let (mut paged, mut page) = (Vec::new(), RunPage::Offset(0));
    loop {
        let (part, _) = manager::list(&mut runs, &all, &page, 4).unwrap();
        let Some(last) = part.last() else { break };
        page = RunPage::After(RunCursor::of(last));
        paged.extend(part);
    }
    assert_eq!(paged, list);
    assert_eq!(manager::list(&mut runs, &all, &RunPage::Offset(20), 3).unwrap().0, list[20..23]);
    let uploads = RunFilter { status: Some(RunStatus::Pending), source: Some("manual_upload".into()) };
    assert_eq!(manager::list(&mut runs, &uploads, &RunPage::Offset(0), 2).unwrap().1, 12);
}

#[test]
fn files_belong_to_their_run() {
    let mut runs = MemoryRuns::default();
    manager::create(&mut runs, new("r"), at("2025-12-09 14:00")).unwrap();
    let files = [RunFile::named("b.csv"), RunFile::named("a.json")];
    runs.replace_files(&"r".into(), &files).unwrap();
    let names: Vec<_> =
        runs.files(&"r".into()).unwrap().into_iter().map(|file| (file.filename, file.file_type)).collect();
    assert_eq!(names, [("a.json".into(), "json".into()), ("b.csv".into(), "csv".into())]);
    let twice = [RunFile::named("a"), RunFile::named("a")];
    assert!(matches!(runs.replace_files(&"r".into(), &twice), Err(Error::Conflict { .. })));
    assert!(matches!(runs.replace_files(&"q".into(), &files), Err(Error::NotFound { .. })));
    manager::delete(&mut runs, &"r".into()).unwrap();
    assert_eq!(runs.files(&"r".into()).unwrap(), []);
    assert!(matches!(manager::delete(&mut runs, &"r".into()), Err(Error::NotFound { .. })));
}

#[test]
fn retention_takes_final_runs_only() {
    let mut runs = MemoryRuns::default();
    for (id, status, time) in [
        ("exact", RunStatus::Complete, "2025-12-01 00:00"),
        ("old", RunStatus::Error, "2025-11-30 23:59:59"),
        ("busy", RunStatus::Processing, "2025-01-01 00:00"),
    ] {
        manager::create(&mut runs, new(id), at(time)).unwrap();
        manager::update(&mut runs, &id.into(), &RunChange { status: Some(status), ..Default::default() }, at(time))
            .unwrap();
    }
    let (age, now) = (Duration::from_secs(30 * 86_400), at("2025-12-31 00:00"));
    let before = runs.clone();
    assert_eq!(retention::plan(&mut runs, age, now, 10).unwrap().len(), 1);
    assert_eq!(runs, before);
    let gone: Vec<_> =
        retention::delete_older(&mut runs, age, now, 10).unwrap().into_iter().map(|run| run.id.to_string()).collect();
    assert_eq!((gone, runs.iter().len()), (vec!["old".to_owned()], 2));
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>().prop_map(|text| Json::from(text).dump()),
        any::<f64>().prop_map(|value| Json::from(value).dump()),
        prop::sample::select(vec![
            "null",
            "{ }",
            "[]",
            "[\"a\", 1]",
            "\"complete\"",
            "\"error\"",
            "\"\\ud800\"",
            "24.0",
            "-1",
            "1e400",
            "99999999999999999999",
            "\"2025-12-09T14:05:14.746Z\"",
            "{\"stage\": \"s\"}",
            "true",
            "{\"a\": [1.50, NaN]}",
        ])
        .prop_map(str::to_owned),
    ]
}

fn any_state() -> impl Strategy<Value = String> {
    let name =
        prop_oneof![9 => prop::sample::select(state::MEMBERS.to_vec()).prop_map(str::to_owned), 1 => "[a-z]{0,2}"];
    (prop::collection::vec((name, value()), 0..14), any::<bool>()).prop_map(|(members, indented)| {
        let members: Vec<String> = members.into_iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
        let text = format!("{{{} }}", members.join(",\n"));
        if indented { Json::parse(&text).map_or(text, |value| value.dump_indented(2)) } else { text }
    })
}

fn any_change() -> impl Strategy<Value = RunChange> {
    let status = prop::option::of(prop::sample::select(RunStatus::ALL.to_vec()));
    (status, prop::option::of(any::<String>()), prop::option::of(0_i64..=100), any::<bool>()).prop_map(
        |(status, stage, progress_percent, files)| RunChange {
            status,
            stage,
            progress_percent,
            files: files.then(|| vec!["a.csv".to_owned()]),
            ..Default::default()
        },
    )
}

proptest! {
    #[test]
    fn any_object_is_a_run_and_keeps_its_text(text in any_state()) {
        let run = read_state(&text).run;
        prop_assert_eq!(run.documents.state.as_deref(), Some(text.as_str()));
        prop_assert_eq!(state::edited(&text, |text| Ok(text.to_owned())).unwrap(), text);
    }

    #[test]
    fn a_change_reads_back_and_keeps_the_rest(text in any_state(), change in any_change()) {
        let run = read_state(&text).run;
        let changed = manager::changed(&run, &change, at("2026-01-01 00:00:00.5")).unwrap();
        if let Some(status) = &change.status {
            prop_assert_eq!(&changed.status, status);
            prop_assert!(*status == RunStatus::Error || changed.error_info.is_none());
        }
        if let Some(progress) = change.progress_percent {
            prop_assert_eq!(changed.progress_percent, Some(progress));
        }
        prop_assert_eq!(changed.updated_at.as_ref().map(|time| time.as_str()), Some("2026-01-01T00:00:00.500Z"));
        prop_assert_eq!((&changed.id, &changed.source, &changed.jetstream_id), (&run.id, &run.source, &run.jetstream_id));
        let unknown = |text: &str| -> Vec<(String, Json)> {
            let found = members(text).unwrap().unwrap();
            let unknown = found.into_iter().filter(|member| !state::MEMBERS.contains(&member.key.as_str()));
            unknown.map(|member| (member.key, crate::json::parse_lossy(member.text).unwrap().0)).collect()
        };
        prop_assert_eq!(unknown(changed.documents.state.as_deref().unwrap()), unknown(&text));
    }
}
