//! Killed anywhere, the next run ends in the same state.

use crate::support::{Bench, Dying, StopAfter, clock};
use landfast_cutover::report::{Report, Verdict};
use landfast_cutover::{Error, Limits, Quiet};
use landfast_domain::accounts::UserId;
use landfast_domain::imports::{DocumentState, Lease};
use landfast_domain::record::Record;
use landfast_domain::tasks::Task;
use landfast_domain::time::Timestamp;
use std::sync::atomic::AtomicBool;

const TASKS: &[u8] =
    b"task_id,name\nt1,One\nt1,Twin\nt2,Two,with a comma\nt3,Three\n\nt4,\"Fo\nur\"\nt5,Five\nt6,Six\n\n";

fn bench() -> Bench {
    let mut bench = Bench::with(&[
        ("tasks.csv", TASKS),
        ("emotions.csv", b"emotion\nDread\nJoy"),
        ("logs.csv", b"a,b\n1,2\n3,4\n"),
    ]);
    bench.limits = Limits { batch_records: 2, chunk_bytes: 10, ..Limits::default() };
    bench
}

fn finished(bench: &Bench, report: &Report) {
    assert_eq!(report.verification.as_ref().unwrap().differences, []);
    assert_eq!(report.outcome, Verdict::Quarantined);
    assert_eq!(report.totals.quarantined, 1);
    assert_eq!(report.totals.records, report.totals.loaded + report.totals.quarantined);
    assert_eq!(bench.verify().verification.unwrap().differences, []);
    let documents = bench.read_rows(|r| r.imports()?.list_documents(&UserId::guest()));
    assert!(documents.iter().all(|document| document.state == DocumentState::Loaded));
    bench.export();
    assert_eq!(bench.exported_text("tasks.csv").as_bytes(), TASKS);
}

#[test]
fn interrupted_after_every_batch_it_goes_on() {
    let whole = bench();
    let expected = whole.import();
    finished(&whole, &expected);
    for batches in 1.. {
        let bench = bench();
        let flag = AtomicBool::new(false);
        let report = bench.try_import(bench.store(), &StopAfter::new(batches, &flag), &flag).unwrap();
        if report.outcome != Verdict::Interrupted {
            assert!(batches > 6, "only {batches} batches");
            return;
        }
        assert_eq!(report.exit_code, 130);
        assert!(report.next.unwrap().contains("same command"));
        assert!(report.totals.records <= expected.totals.records);
        let again = bench.import();
        assert_eq!(again.digests, expected.digests, "after {batches} batches");
        finished(&bench, &again);
    }
}

#[test]
fn killed_in_every_write_it_goes_on() {
    let whole = bench();
    let expected = whole.import();
    for after_commit in [false, true] {
        for writes in 0.. {
            let bench = bench();
            let dying = Dying::new(bench.store(), writes, after_commit);
            if bench.try_import(&dying, &Quiet, &AtomicBool::new(false)).is_ok() {
                assert!(writes > 10, "only {writes} writes");
                break;
            }
            // The lock of the dead process is still there.
            bench.write_rows(|r| r.imports()?.release_lease("import", "test"));
            let again = bench.import();
            if again.run.is_some() {
                assert_eq!(again.digests, expected.digests, "after {writes} writes");
                let verification = again.verification.unwrap();
                assert_eq!((verification.differences, verification.edited), (vec![], vec![]));
            }
            assert_eq!(Some(bench.digests()), expected.digests);
            assert_eq!(again.totals.loaded, expected.totals.loaded);
            assert_eq!(bench.verify().verification.unwrap().differences, []);
        }
    }
}

#[test]
fn rows_added_while_an_import_rests_do_not_get_in_its_way() {
    let bench = bench();
    let flag = AtomicBool::new(false);
    bench.try_import(bench.store(), &StopAfter::new(5, &flag), &flag).unwrap();
    assert_eq!(bench.tasks().len(), 2);
    let mut own = Task::blank("own".into());
    own.name.set_raw("Own");
    bench.write_rows(|r| r.tasks().insert(&UserId::guest(), &own));
    let report = bench.import();
    assert_eq!(report.verification.as_ref().unwrap().differences, []);
    assert_eq!(report.verification.unwrap().own_rows, 1);
    let names: Vec<String> = bench.tasks().into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["One", "Twin", "Three", "Fo\nur", "Five", "Six", "Own"]);
}

#[test]
fn a_second_migrator_is_kept_out_unless_the_first_is_dead() {
    let bench = bench();
    let later = Timestamp::parse("2099-01-01 00:00").unwrap();
    let lease = Lease { name: "import".to_owned(), holder: "other".to_owned(), expires_at: later };
    bench.write_rows(|r| r.imports()?.acquire_lease(&lease, clock()));
    let refused = bench.try_import(bench.store(), &Quiet, &AtomicBool::new(false)).unwrap_err();
    assert_eq!(refused.exit_code(), 5);
    assert!(refused.to_string().contains("other"), "{refused}");
    assert_eq!(bench.tasks(), []);

    let (paths, backups) = ([bench.source()], bench.backups());
    let request = landfast_cutover::ImportRequest {
        paths: &paths,
        user: UserId::guest(),
        dry_run: false,
        backup_root: &backups,
        max_quarantined: None,
        repairs: &[],
        prune: false,
        live: false,
        verify: true,
        run_id: "run-2".to_owned(),
        holder: "test".to_owned(),
        holder_is_alive: &|holder| holder != "other",
        clock: &clock,
        limits: bench.limits,
        runs: landfast_cutover::RunOptions::default(),
    };
    let report = landfast_cutover::import(bench.store(), &request, &Quiet, &AtomicBool::new(false)).unwrap();
    finished(&bench, &report);
    let runs = bench.read_rows(|r| r.imports()?.list_runs(5));
    assert_eq!((runs[0].id.as_str(), runs[0].state.as_str()), ("run-2", "quarantined"));
    assert_eq!(serde_json::from_str::<Report>(&runs[0].report).unwrap(), report);
}

#[test]
fn a_migrator_that_lost_its_lock_stops() {
    let bench = bench();
    let thief = Thief { store: bench.store(), writes: 4.into() };
    let error = bench.try_import(&thief, &Quiet, &AtomicBool::new(false)).unwrap_err();
    assert!(matches!(error, Error::Store(landfast_domain::Error::Busy { .. })), "{error}");
}

/// Gives the lock to somebody else after some writes.
struct Thief<'a> {
    store: &'a dyn landfast_domain::Store,
    writes: std::sync::atomic::AtomicI64,
}

impl landfast_domain::Store for Thief<'_> {
    fn run_read(&self, work: &mut landfast_domain::store::Work<'_>) -> landfast_domain::Result<()> {
        self.store.run_read(work)
    }
    fn run_write(&self, work: &mut landfast_domain::store::Work<'_>) -> landfast_domain::Result<()> {
        if self.writes.fetch_sub(1, std::sync::atomic::Ordering::SeqCst) == 0 {
            self.store.write(|r| {
                r.imports()?.release_lease("import", "test")?;
                let expires_at = Timestamp::parse("2099-01-01 00:00").unwrap();
                r.imports()?.acquire_lease(
                    &Lease { name: "import".to_owned(), holder: "thief".to_owned(), expires_at },
                    clock(),
                )
            })?;
        }
        self.store.run_write(work)
    }
    fn kind(&self) -> landfast_domain::store::StoreKind {
        self.store.kind()
    }
}

#[test]
fn differences_are_told_again_by_the_next_import() {
    let bench = Bench::with(&[("tasks.csv", b"task_id,name\na,A\nb,B\n")]);
    assert_eq!(bench.import().exit_code, 0);
    let run = bench.read_rows(|r| r.imports()?.list_runs(1)).remove(0);
    let different = landfast_domain::imports::ImportRun { state: "different".to_owned(), ..run };
    bench.write_rows(|r| r.imports()?.save_run(&different));
    let again = bench.import();
    assert!(again.verification.is_some_and(|verification| verification.checks["rows"].checked > 0));
    let state = bench.read_rows(|r| r.imports()?.list_runs(1)).remove(0).state;
    assert_eq!((again.exit_code, state.as_str()), (0, "complete"));
}
