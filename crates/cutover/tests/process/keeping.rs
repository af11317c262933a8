//! Which copies are kept, what is looked at again at the end, and what an import refuses before it writes.

use crate::support::{Bench, contents, copy_folder, sample};
use landfast_cutover::{Error, Progress, Quiet, Stage, list_quarantine};
use landfast_domain::accounts::UserId;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// Does something once, when a stage begins.
struct At<'a> {
    stage: Stage,
    act: &'a (dyn Fn() + Sync),
    done: AtomicBool,
}

impl Progress for At<'_> {
    fn begin(&self, stage: Stage, _: u64) {
        if stage == self.stage && !self.done.swap(true, std::sync::atomic::Ordering::SeqCst) {
            (self.act)();
        }
    }
    fn advance(&self, _: u64, _: u64) {}
    fn end(&self) {}
}

const ISSUES: &str = "delivery/profiles/p_79cb9e86830c/queries/q_2fa91425cb00/jira_cache.json";
const RUN: &str = "work/runs/r/run_state.json";
const JOBS: &str = "jobs/presentation_jobs.snapshot.json";

/// A little of every area.
pub(crate) fn everything() -> Bench {
    let bench = Bench::new();
    copy_folder(&sample("dec18"), &bench.source().join("tasks"));
    let delivery = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testkit/fixtures/delivery/legacy/profiles");
    copy_folder(&delivery.join("p_79cb9e86830c"), &bench.source().join("delivery/profiles/p_79cb9e86830c"));
    bench
        .write(JOBS, br#"[{"job_id": "a", "status": "queued", "progress": 0.0, "created_at": "2025-11-10T12:00:00"}]"#);
    bench.write(RUN, br#"{"run_id":"r","status":"complete","source":"upload","created_at":"2025-12-06T00:25:29.121Z","updated_at":"2025-12-06T00:25:29.121Z"}"#);
    bench
}

/// Imports as a run of its own; the copies of a folder are known by the runs that made them.
fn run(bench: &mut Bench, id: &str) -> landfast_cutover::Report {
    id.clone_into(&mut bench.run_id);
    bench.import()
}

fn copies(bench: &Bench) -> BTreeSet<PathBuf> {
    fs::read_dir(bench.backups()).unwrap().map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn the_newest_copies_of_each_folder_are_kept() {
    let mut bench = Bench::new();
    bench.limits.keep_backups = 2;
    let state = |number: u32| format!("emotion\nJoy\nNumber {number}\n");
    bench.write("other/emotions.csv", b"emotion\nCalm\n");
    let mut made = Vec::new();
    for number in 0..4 {
        bench.write("main/emotions.csv", state(number).as_bytes());
        let report = run(&mut bench, &format!("run {number}"));
        let own = report.backup.as_ref().unwrap().iter().find(|one| one.source.ends_with("main")).unwrap();
        made.push(PathBuf::from(&own.path));
        let expected: Vec<&str> = if number < 2 { vec![] } else { vec![made[made.len() - 3].to_str().unwrap()] };
        assert_eq!(report.removed_backups, expected, "state {number}");
    }
    let kept = copies(&bench);
    assert_eq!(kept.len(), 3, "two of one folder, one of the other: {kept:?}");
    assert!(made[2..].iter().all(|path| kept.contains(path)));
    // A state that comes back is the newest again, and one that was removed is copied again.
    bench.write("main/emotions.csv", state(2).as_bytes());
    assert!(run(&mut bench, "again").removed_backups.is_empty());
    bench.write("main/emotions.csv", state(0).as_bytes());
    let report = run(&mut bench, "once more");
    assert_eq!(report.removed_backups, [made[3].to_str().unwrap()]);
    assert!(copies(&bench).contains(&made[0]) && copies(&bench).contains(&made[2]));
    // Even when only one is kept, it is the one that holds what was imported last.
    bench.limits.keep_backups = 1;
    bench.write("other/emotions.csv", b"emotion\nCalm\nCalmer\n");
    run(&mut bench, "other");
    assert!(copies(&bench).contains(&made[0]), "another folder was imported; the state of this one is still needed");
    bench.limits.keep_backups = 0;
    for number in 10..14 {
        bench.write("main/emotions.csv", state(number).as_bytes());
        assert!(run(&mut bench, &format!("run {number}")).removed_backups.is_empty(), "0 keeps all");
    }
}

#[test]
fn a_file_of_any_area_that_changes_after_it_was_read_is_told_and_taken_over_next_time() {
    type Change = fn(&Path);
    let changes: [(&str, &str, Change); 7] = [
        ("tasks.csv", "tasks/tasks.csv", |path| {
            fs::write(path, [&fs::read(path).unwrap()[..], b"zz,New\n"].concat()).unwrap()
        }),
        ("jira_cache.json", ISSUES, |path| fs::write(path, [&fs::read(path).unwrap()[..], b"\n"].concat()).unwrap()),
        ("presentation_jobs.snapshot.json", JOBS, |path| {
            let text = fs::read_to_string(path).unwrap();
            fs::write(path, text.replace("queued", "failed")).unwrap();
        }),
        ("run_state.json", RUN, |path| {
            let text = fs::read_to_string(path).unwrap();
            fs::write(path, text.replace("upload", "simula")).unwrap();
        }),
        ("emotions.csv", "tasks/emotions.csv", |path| fs::remove_file(path).unwrap()),
        ("notes.csv", "tasks/notes.csv", |path| fs::write(path, "note_id,content\nn1,New\n").unwrap()),
        ("project_data.json", "delivery/profiles/p_79cb9e86830c/queries/q_2fa91425cb00/project_data.json", |path| {
            let text = fs::read_to_string(path).unwrap();
            fs::write(path, text.replacen('1', "2", 1)).unwrap();
        }),
    ];
    for (name, path, change) in changes {
        let bench = everything();
        let path = bench.source().join(path);
        let at = At { stage: Stage::Verify, act: &|| change(&path), done: AtomicBool::new(false) };
        let report = bench.try_import(bench.store(), &at, &AtomicBool::new(false)).unwrap();
        assert_eq!(report.exit_code, 4, "{name}: {}", report.summary());
        let told: Vec<&str> = report
            .findings
            .iter()
            .filter(|finding| finding.code == "source-changed")
            .map(|finding| finding.path.as_str())
            .collect();
        assert!(matches!(told.as_slice(), [one] if one.ends_with(name)), "{name}: {told:?}");
        assert_eq!(bench.import().exit_code, 0, "{name}: the next import takes the change over");
        assert_eq!(bench.verify().exit_code, if name == "emotions.csv" { 4 } else { 0 }, "{name}");
    }
}

#[test]
fn more_records_in_quarantine_than_allowed_stop_the_import_of_any_area() {
    for (path, content) in [
        ("tasks/tasks.csv", &b"task_id,name\nt1,\"open\n"[..]),
        (ISSUES, b"{\"issues\": [{]"),
        (JOBS, b"[17]"),
        (RUN, b"{"),
    ] {
        let mut bench = everything();
        bench.write(path, content);
        bench.max_quarantined = Some(0);
        let refused = bench.try_import(bench.store(), &Quiet, &AtomicBool::new(false));
        assert!(matches!(refused, Err(Error::TooManyQuarantined { found: 1, allowed: 0 })), "{path}: {refused:?}");
        assert!(!bench.backups().exists(), "{path}");
        assert!(bench.digests().values().all(|digest| digest.rows == 0), "{path}");
        bench.max_quarantined = Some(1);
        let report = bench.import();
        assert_eq!((report.exit_code, report.totals.quarantined), (3, 1), "{path}");
        let kept = list_quarantine(bench.store(), &UserId::guest(), 10).unwrap();
        let bytes = kept.iter().filter(|one| one.entry.outcome.as_str() == "quarantined").map(|one| &one.entry.raw);
        assert!(
            bytes.into_iter().all(|raw| contents(&bench.source())[path].windows(raw.len()).any(|part| part == raw))
        );
    }
}

#[test]
fn a_plan_has_the_keys_of_a_report_and_knows_the_free_space() {
    let bench = everything();
    let plan = bench.plan();
    let report = bench.import();
    let keys = |text: String| -> Vec<String> {
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        value.as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(keys(plan.to_json()), keys(report.to_json()));
    let size = contents(&bench.source()).values().map(|bytes| u64::try_from(bytes.len()).unwrap()).sum::<u64>();
    assert_eq!(plan.estimate.backup_bytes, size);
    assert!(plan.estimate.fits() && plan.estimate.free_bytes.unwrap() > size);
    assert!(plan.summary().contains("Free where the backups go"), "{}", plan.summary());
    assert_eq!(plan.accounts(), report.accounts());
}
