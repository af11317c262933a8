//! Snapshots of rendering jobs.

use crate::support::{Bench, contents};
use landfast_cutover::report::Verdict;
use landfast_domain::presentations::{JobId, JobStatus};
use std::path::Path;

const TWO_JOBS: &str = r#"{"format": "presentation-jobs-snapshot", "version": 1, "utc_offset_minutes": 60,
 "jobs": [
  {"job_id": "a", "status": "completed", "progress": 100.0, "created_at": "2025-11-10T12:00:00", "completed_at": "2025-11-10T12:05:00", "video_url": "v.mp4", "mood": "new"},
  {"job_id": "b", "status": "processing", "progress": 40.0, "created_at": "2025-11-10T12:01:00"},
  {"job_id": "a", "status": "processing", "progress": 20.0, "created_at": "2025-11-10T12:00:00"},
  7
 ]}
"#;

#[test]
fn the_sample_is_loaded_to_the_last_job_and_comes_out_byte_for_byte() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples/presentations");
    if !sample.is_dir() {
        return;
    }
    let bench = Bench::new();
    crate::support::copy_folder(&sample, &bench.source());
    let before = contents(&bench.source());
    let report = bench.import();
    assert_eq!((report.outcome, report.totals.loaded), (Verdict::Complete, 60), "{}", report.summary());
    assert_eq!(report.verification.as_ref().unwrap().differences, []);
    assert_eq!(bench.verify().verification.unwrap().differences, []);
    assert_eq!(report.finding_totals.get("interrupted"), Some(&10));
    let again = bench.import();
    assert_eq!((again.totals.inserted, again.totals.updated), (0, 0));
    bench.export();
    assert_eq!(contents(&bench.exported()), before);
}

#[test]
fn twins_and_what_is_no_job_are_accounted_for() {
    let bench = Bench::with(&[("presentation_jobs.snapshot.json", TWO_JOBS.as_bytes())]);
    let plan = bench.plan();
    let report = bench.import();
    assert_eq!(plan.accounts(), report.accounts());
    let totals = report.totals;
    assert_eq!((totals.records, totals.loaded, totals.duplicate, totals.quarantined), (4, 2, 1, 1));
    let codes: Vec<_> = report.quarantine.iter().map(|entry| (entry.code.as_str(), entry.line)).collect();
    assert_eq!(codes, [("duplicate_job_id", 5), ("job_not_object", 6)]);
    assert_eq!(report.verification.unwrap().differences, []);
    bench.export();
    assert_eq!(contents(&bench.exported()), contents(&bench.source()));
}

#[test]
fn a_later_snapshot_finishes_jobs_and_never_takes_a_result_back() {
    let name = "presentation_jobs.snapshot.json";
    let bench = Bench::with(&[(name, TWO_JOBS.as_bytes())]);
    bench.import();
    let later = TWO_JOBS
        .replace(
            r#""b", "status": "processing", "progress": 40.0"#,
            r#""b", "status": "failed", "progress": 40.0, "error": "x""#,
        )
        .replace(
            r#""a", "status": "completed", "progress": 100.0"#,
            r#""a", "status": "processing", "progress": 90.0"#,
        );
    bench.write(name, later.as_bytes());
    let report = bench.import();
    assert_eq!(report.verification.as_ref().unwrap().differences, [], "{}", report.summary());
    let status = |id: &str| {
        let id = JobId::from(id);
        bench.store().read(|r| Ok(r.presentations()?.get(&id)?.map(|job| job.status))).unwrap().unwrap()
    };
    assert_eq!((status("a"), status("b")), (JobStatus::Completed, JobStatus::Failed));
    assert_eq!(report.totals.updated, 1, "{}", report.summary());
}

#[test]
fn a_damaged_snapshot_is_kept_whole() {
    let half = &TWO_JOBS.as_bytes()[..200];
    let bench = Bench::with(&[("presentation_jobs.snapshot.json", half)]);
    let report = bench.import();
    assert_eq!((report.exit_code, report.totals.quarantined, report.totals.loaded), (3, 1, 0), "{}", report.summary());
    assert_eq!(report.quarantine[0].code, "not_json");
    bench.export();
    assert_eq!(contents(&bench.exported()), contents(&bench.source()));
}

#[test]
fn an_edited_job_changes_only_its_own_bytes() {
    let bench = Bench::with(&[("presentation_jobs.snapshot.json", TWO_JOBS.as_bytes())]);
    bench.import();
    bench
        .store()
        .write(|r| {
            let jobs = r.presentations()?;
            let mut job = jobs.get(&JobId::from("a"))?.expect("it was imported");
            job.video_url = Some("w.mp4".to_owned());
            jobs.update(&job)
        })
        .unwrap();
    assert_eq!(bench.verify_with(true).verification.unwrap().differences, []);
    let strict = bench.verify().verification.unwrap();
    assert!(strict.differences.iter().any(|difference| difference.column == "/video_url"), "{strict:?}");
    bench.export();
    let after = String::from_utf8(contents(&bench.exported())["presentation_jobs.snapshot.json"].clone()).unwrap();
    let losing = after.contains(r#""status": "processing", "progress": 20.0"#);
    assert!(after.contains("w.mp4") && !losing);
    let rest = |text: &str| text.lines().filter(|line| !line.contains("\"a\"")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(rest(&after), rest(TWO_JOBS));
}

#[test]
fn two_snapshots_with_the_same_jobs_come_out_as_they_went_in() {
    let text = TWO_JOBS.as_bytes();
    let bench =
        Bench::with(&[("presentation_jobs.snapshot (1).json", text), ("presentation_jobs.snapshot.json", text)]);
    let report = bench.import();
    assert_eq!(report.verification.as_ref().unwrap().differences, [], "{}", report.summary());
    bench.export();
    assert_eq!(contents(&bench.exported()), contents(&bench.source()));
}
