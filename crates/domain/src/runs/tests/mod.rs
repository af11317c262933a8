//! Documents and operations of runs: every code of a document, and what survives a change.

mod operations;

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
