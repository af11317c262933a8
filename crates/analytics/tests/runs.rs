//! Quantities of the sample of runs, against figures counted from its documents by other means.

#![expect(clippy::unwrap_used, reason = "tests may panic, also in their helpers")]

use landfast_analytics::runs::{compare, error_stages, outcomes, outcomes_by_source, trends};
use landfast_domain::runs::{Layout, Run, RunDocuments, documents};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// The sample, when the folder is there; it holds third-party data and is not part of the repository.
fn folder() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples/runs");
    if !path.exists() {
        println!("skipped: no {}", path.display());
        return None;
    }
    Some(path)
}

fn sample() -> Option<Vec<Run>> {
    let base = folder()?;
    let mut runs = Vec::new();
    for folder in ["runs", "outputs", "experiments"] {
        let entries = std::fs::read_dir(base.join(folder)).unwrap().map(|entry| entry.unwrap().path());
        let mut directories: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
        directories.sort();
        runs.extend(directories.iter().map(|directory| run_of(folder, directory)));
    }
    Some(runs)
}

fn run_of(folder: &str, directory: &Path) -> Run {
    let text = |name: &str| std::fs::read_to_string(directory.join(name)).ok();
    let state = text("run_state.json");
    let (layout, manifest) = match (folder, &state) {
        ("runs", Some(_)) => (Layout::State, "output/manifest.json"),
        ("runs", None) => (Layout::Tuning, "manifest.json"),
        ("outputs", _) => (Layout::Upload, "manifest.json"),
        _ => (Layout::Experiment, "manifest.json"),
    };
    let documents = RunDocuments {
        state,
        manifest: text(manifest),
        metadata: text("jetstream_metadata.json"),
        session_log: text("session_log.json"),
    };
    let name = directory.file_name().unwrap().to_str().unwrap();
    documents::read(layout, &format!("{folder}/{name}"), documents).unwrap().run
}

fn json_of(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[test]
fn uploads_succeed_as_often_as_their_manifests_say() {
    let (Some(runs), Some(folder)) = (sample(), folder()) else { return };
    let mut codes = (0, 0);
    for entry in std::fs::read_dir(folder.join("outputs")).unwrap() {
        match json_of(&entry.unwrap().path().join("manifest.json"))["status"]["code"].as_str().unwrap() {
            "success" => codes.0 += 1,
            "error" => codes.1 += 1,
            other => panic!("{other}"),
        }
    }
    let sources = outcomes_by_source(&runs);
    let uploads = sources.iter().find(|source| source.layout == "upload").unwrap();
    assert_eq!((uploads.outcomes.complete, uploads.outcomes.error), codes);
    assert_eq!(codes, (12, 25));
    let share = uploads.outcomes.success_share.unwrap();
    assert!((share - 12.0 / 37.0).abs() < 1e-12);
    assert_eq!(sources.iter().map(|source| source.outcomes.total).sum::<usize>(), outcomes(&runs).total);
}

#[test]
fn errors_end_where_the_documents_say() {
    let Some(runs) = sample() else { return };
    let stages: Vec<(String, usize)> = error_stages(&runs).into_iter().map(|stage| (stage.stage, stage.n)).collect();
    let expected = [("load", 25), ("downloading", 1), ("processing", 1), ("validating", 1)];
    assert_eq!(stages, expected.map(|(stage, n)| (stage.to_owned(), n)));
}

#[test]
fn corrections_move_as_the_states_say() {
    let Some(runs) = sample() else { return };
    let states: Vec<Run> = runs.into_iter().filter(|run| run.documents.state.is_some()).collect();
    let found = trends(&states);
    let keys: Vec<&str> = found.trends.iter().map(|trend| trend.key.as_str()).collect();
    assert_eq!(keys, ["avg_correction", "cells_clamped", "cells_corrected", "max_correction", "min_correction"]);
    assert!(found.without_time.is_empty() && found.not_read.is_empty());
    let average = &found.trends[0];
    let values: Vec<f64> = average.points.iter().map(|point| point.value).collect();
    assert_eq!(values, [-1.8, -3.6, -0.92, -2.46, -2.53]);
    assert!((average.change.unwrap() - -0.73).abs() < 1e-12);
}

#[test]
fn two_demonstration_runs_differ_in_results_and_inputs() {
    let (Some(runs), Some(folder)) = (sample(), folder()) else { return };
    let get = |id: &str| runs.iter().find(|run| run.id.as_str() == id).unwrap();
    let ids = ["run_jetstream_demo_complete", "run_jetstream_lean_tune"];
    let found = compare(&ids.map(get)).unwrap();
    let states = ids.map(|id| json_of(&folder.join("runs").join(id).join("run_state.json")));
    for key in ["avg_correction", "max_correction", "min_correction", "cells_corrected", "cells_clamped"] {
        let name = format!("results_summary.{key}");
        let difference = found.differences.iter().find(|difference| difference.name == name).unwrap();
        let shown: Vec<Value> = difference.values.iter().map(|value| value.clone().unwrap()).collect();
        assert_eq!(json!(shown), json!(states.each_ref().map(|state| &state["results_summary"][key])));
    }
    assert!(found.differences.iter().all(|difference| difference.name != "status"));
    assert!(found.equal > 0);
}
