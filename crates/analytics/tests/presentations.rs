//! Quantities of the sample of rendering jobs, against figures counted from its text by other means.

#![expect(clippy::unwrap_used, reason = "tests may panic, also in their helpers")]

use landfast_analytics::presentations::{Limits, document, failures, files_spread, open_jobs, turnarounds};
use landfast_domain::json::{elements, members};
use landfast_domain::presentations::document::{TimeBase, read};
use landfast_domain::presentations::{JobStatus, PresentationJob};
use landfast_domain::time::Timestamp;
use serde_json::{Value, json};
use std::path::Path;

/// The sample, when the folder is there; it holds third-party data and is not part of the repository.
fn sample() -> Option<(Vec<PresentationJob>, Value)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/samples/presentations/presentation_jobs.snapshot.json");
    if !path.exists() {
        println!("skipped: no {}", path.display());
        return None;
    }
    let text = std::fs::read_to_string(path).unwrap();
    let list = members(&text).unwrap().unwrap().into_iter().find(|member| member.key == "jobs").unwrap().text;
    let entries = elements(list).unwrap().unwrap();
    let jobs = entries.iter().map(|entry| read(entry.text, None, &TimeBase::default()).unwrap().job).collect();
    Some((jobs, serde_json::from_str(&text).unwrap()))
}

fn time(value: &Value) -> Option<Timestamp> {
    Timestamp::parse(value.as_str()?)
}

#[test]
fn outcomes_and_causes_are_those_of_the_text() {
    let Some((jobs, source)) = sample() else { return };
    let found = failures(&jobs);
    assert_eq!((found.completed, found.failed, found.cancelled), (42, 8, 0));
    assert_eq!(found.failure_share, Some(0.16));
    // Every error of the text belongs to one cause, which begins like it.
    let entries = source["jobs"].as_array().unwrap();
    let errors: Vec<&str> = entries.iter().filter_map(|entry| entry["error"].as_str()).collect();
    assert_eq!(found.causes.iter().map(|cause| cause.n).sum::<usize>(), errors.len());
    for cause in &found.causes {
        let start: String = cause.cause.split(['#', '<']).next().unwrap().to_owned();
        assert_eq!(errors.iter().filter(|error| error.starts_with(&start)).count(), cause.n, "{}", cause.cause);
    }
    assert_eq!(found.causes.iter().map(|cause| cause.n).collect::<Vec<_>>(), [2, 2, 2, 1, 1]);
}

#[test]
fn turnarounds_are_those_of_the_text() {
    let Some((jobs, source)) = sample() else { return };
    let mut minutes: Vec<f64> = source["jobs"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["status"] == "completed")
        .map(|entry| time(&entry["completed_at"]).unwrap().minutes_since(time(&entry["created_at"]).unwrap()))
        .collect();
    minutes.sort_by(f64::total_cmp);
    let spread = turnarounds(&jobs, &JobStatus::Completed);
    assert_eq!((spread.n, spread.min, spread.max), (42, Some(minutes[0]), Some(minutes[41])));
    assert!((spread.p50.unwrap() - f64::midpoint(minutes[20], minutes[21])).abs() < 1e-9);
    assert!((spread.p50.unwrap() - 7.995_470_625).abs() < 1e-6);
}

#[test]
fn silent_workers_are_found_at_the_time_of_the_snapshot() {
    let Some((jobs, source)) = sample() else { return };
    let now = time(&source["taken_at"]).unwrap();
    let open = open_jobs(&jobs, now, &Limits::default());
    assert_eq!(open.len(), 10);
    let mut stuck: Vec<&str> = open.iter().filter(|job| job.stuck).filter_map(|job| job.id.get(..8)).collect();
    stuck.sort_unstable();
    // Two with an old heartbeat and one that never had any; those with a living heartbeat are not among them.
    assert_eq!(stuck, ["0f57abdc", "415a4bc5", "7c914da8"]);
    let alive: Vec<&str> = source["heartbeat_tasks"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(open.iter().all(|job| !(job.stuck && alive.contains(&job.id.as_str()))));
    // All are older than the median job: with 42 completed ones every open job has a level.
    assert!(open.iter().all(|job| job.level.is_some()));
}

#[test]
fn slides_of_the_sample_are_timed_by_their_file_names() {
    let Some((jobs, _)) = sample() else { return };
    let found = files_spread(&jobs, 0);
    // A file is never made before its job, apart from the cut second, nor after its end.
    assert!(found.until_first.n > 30 && found.until_first.min.unwrap() > -1.0 / 60.0);
    assert!(found.after_last.min.unwrap() >= 0.0);
    assert!(found.between.min.unwrap() >= 0.0 && found.between.n > found.until_first.n);
}

#[test]
fn the_document_of_the_sample_adds_up() {
    let Some((jobs, source)) = sample() else { return };
    let now = time(&source["taken_at"]).unwrap();
    let document = document(&jobs, now, &Limits::default());
    let counts = json!({
        "total": 60, "queued": 2, "processing": 8, "completed": 42, "failed": 8, "cancelled": 0, "other": 0
    });
    assert_eq!(document["jobs"], counts);
    assert_eq!(document["retries"]["jobs"], json!(0));
    assert_eq!(document["throughput"]["best_day"], json!(["2025-11-01", 5]));
    assert_eq!(document["throughput"]["days"].as_array().unwrap().len(), 30);
}
