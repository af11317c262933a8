//! Several folders, moved folders, folders that change, folders that are none.

use crate::support::{Bench, clock, contents, pairs};
use landfast_cutover::report::{Report, Status};
use landfast_cutover::{Error, Progress, Quiet, Repair, Stage};
use landfast_domain::accounts::UserId;
use landfast_domain::time::Timestamp;
use std::fs;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

fn import_below(bench: &Bench) -> Report {
    let report =
        bench.run(bench.store(), &[bench.root.path().to_owned()], false, &Quiet, &AtomicBool::new(false)).unwrap();
    if let Some(verification) = &report.verification {
        assert_eq!(verification.differences, []);
    }
    report
}

#[test]
fn ids_that_another_folder_has_get_the_next_free_key() {
    let bench = Bench::with(&[
        ("one/tasks.csv", b"task_id,name\na,A1\na,A1 twin\nb,B1\n"),
        ("two/tasks.csv", b"task_id,name\nb,B2\na,A2\nc,C2\na,A2 twin\na~2,A2 odd\n"),
        ("two/logs.csv", b"x\n1\n2\n"),
        ("one/logs.csv", b"x\n3\n"),
    ]);
    let plan = bench.plan();
    let report = bench.import();
    assert_eq!(plan.accounts(), report.accounts());
    assert_eq!(report.verification.as_ref().unwrap().differences, []);
    let expected = [
        ("a", "A1"),
        ("a~2", "A1 twin"),
        ("b", "B1"),
        ("b~2", "B2"),
        ("a~3", "A2"),
        ("c", "C2"),
        ("a~4", "A2 twin"),
        ("a~2~2", "A2 odd"),
    ];
    assert_eq!(pairs(&bench.tasks()), expected);
    assert_eq!(report.finding_totals["id-in-other-source"], 6);
    bench.export();
    assert_eq!(contents(&bench.exported()), contents(&bench.source()));
    // A change in the second folder finds its own rows, whatever their keys.
    bench.write("two/tasks.csv", b"task_id,name\nb,B2\na,A2 changed\nc,C2\na,A2 twin\n");
    let report = bench.import();
    assert_eq!((report.totals.updated, report.totals.inserted, report.totals.gone), (1, 0, 1));
    assert!(bench.tasks().contains(&("a~3".to_owned(), "A2 changed".to_owned())));
    assert!(bench.tasks().contains(&("a".to_owned(), "A1".to_owned())));
}

#[test]
fn a_folder_that_was_moved_is_known_again() {
    let bench = Bench::with_sample("nov2025");
    bench.import();
    let before = bench.digests();
    let moved = bench.root.path().join("elsewhere");
    fs::rename(bench.source(), &moved).unwrap();
    let report = import_below(&bench);
    assert_eq!(report.totals.changes(), 0);
    assert!(report.sources[0].known_as.as_ref().unwrap().ends_with("source"));
    assert_eq!(bench.digests(), before);
    // From now on it is known under its new name, also when it changes.
    let mut emotions = fs::read(moved.join("emotions.csv")).unwrap();
    emotions.extend(b"Awe\n");
    fs::write(moved.join("emotions.csv"), emotions).unwrap();
    let report = import_below(&bench);
    assert_eq!((report.totals.inserted, report.sources[0].known_as.clone()), (1, None));
    let changed: Vec<_> = report.sources[0].files.iter().filter(|file| file.status != Status::Unchanged).collect();
    assert_eq!((changed.len(), changed[0].path.as_str()), (1, "emotions.csv"));
}

#[test]
fn a_copy_of_a_folder_is_not_imported_twice() {
    let bench = Bench::with_sample("nov2025");
    bench.import();
    let before = bench.digests();
    crate::support::copy_folder(&bench.source(), &bench.root.path().join("copy"));
    let report = import_below(&bench);
    assert_eq!((report.totals.changes(), report.run.clone()), (0, None));
    assert_eq!(report.sources.iter().filter(|source| source.known_as.is_some()).count(), 1);
    assert_eq!(bench.digests(), before);
}

#[test]
fn backups_are_made_once_for_each_state_and_hold_every_file() {
    let bench = Bench::with_sample("dec18");
    bench.write("app.db", b"not text");
    let report = bench.import();
    let backup = &report.backup.as_ref().unwrap()[0];
    assert!(!backup.reused);
    let mut copy = contents(std::path::Path::new(&backup.path));
    assert!(copy.remove("SHA256SUMS").is_some());
    assert_eq!(copy, contents(&bench.source()));
    assert_eq!(report.unrecognised.len(), 1);
    bench.write("emotions.csv", b"emotion\nJoy\n");
    let second = bench.import();
    assert_ne!(second.backup.as_ref().unwrap()[0].path, backup.path);
    assert_eq!(fs::read_dir(bench.backups()).unwrap().count(), 2);
    // The folder of the backups is not taken for a source.
    assert_eq!(import_below(&bench).sources.len(), 1);
}

#[test]
fn folders_without_legacy_data_are_an_error() {
    let bench = Bench::with(&[("readme.md", b"x")]);
    let error = bench.try_import(bench.store(), &Quiet, &AtomicBool::new(false)).unwrap_err();
    assert!(matches!(error, Error::NothingRecognised { .. }));
    assert_eq!(error.exit_code(), 1);
}

/// Changes a file when a stage begins.
struct Meddler<'a> {
    bench: &'a Bench,
    stage: Stage,
}

impl Progress for Meddler<'_> {
    fn begin(&self, stage: Stage, _: u64) {
        if stage == self.stage {
            self.bench.write("tasks.csv", b"task_id,name\na,A\nb,B\n");
        }
    }
    fn advance(&self, _: u64, _: u64) {}
    fn end(&self) {}
}

#[test]
fn a_source_that_changes_before_its_backup_stops_the_import() {
    let bench = Bench::with(&[("tasks.csv", b"task_id,name\na,A\n")]);
    let error = bench
        .try_import(bench.store(), &Meddler { bench: &bench, stage: Stage::Backup }, &AtomicBool::new(false))
        .unwrap_err();
    assert!(matches!(error, Error::SourceChanged { .. }), "{error}");
    assert_eq!(bench.tasks(), []);
}

#[test]
fn a_source_that_changes_while_it_is_loaded_is_told_and_taken_over_next_time() {
    let bench = Bench::with(&[("tasks.csv", b"task_id,name\na,A\n")]);
    let report = bench
        .try_import(bench.store(), &Meddler { bench: &bench, stage: Stage::Load }, &AtomicBool::new(false))
        .unwrap();
    assert_eq!(report.exit_code, 4);
    assert_eq!(report.finding_totals["source-changed"], 1);
    assert!(matches!(bench.try_export(), Err(Error::HalfLoaded { .. })));
    let report = bench.import();
    assert_eq!(report.exit_code, 0, "{}", report.summary());
    assert_eq!(pairs(&bench.tasks()), [("a", "A"), ("b", "B")]);
}

#[test]
fn progress_covers_every_byte() {
    struct Sum {
        announced: AtomicU64,
        loaded: AtomicU64,
        loading: AtomicBool,
    }
    impl Progress for Sum {
        fn begin(&self, stage: Stage, total: u64) {
            self.loading.store(stage == Stage::Load, Ordering::SeqCst);
            if stage == Stage::Load {
                self.announced.store(total, Ordering::SeqCst);
            }
        }
        fn advance(&self, bytes: u64, _: u64) {
            if self.loading.load(Ordering::SeqCst) {
                self.loaded.fetch_add(bytes, Ordering::SeqCst);
            }
        }
        fn end(&self) {}
    }
    let bench = Bench::with_sample("data");
    let sum = Sum { announced: 0.into(), loaded: 0.into(), loading: false.into() };
    bench.try_import(bench.store(), &sum, &AtomicBool::new(false)).unwrap();
    let size: usize = contents(&bench.source()).values().map(Vec::len).sum();
    let size = u64::try_from(size).unwrap();
    assert_eq!((sum.announced.into_inner(), sum.loaded.into_inner()), (size, size));
}

#[test]
fn repairs_happen_on_request_and_are_listed_cell_by_cell() {
    let mut bench = Bench::with_sample("dec18");
    let report = bench.import();
    let found = report.finding_totals["expected-in-actual-column"];
    assert!(found > 20, "{found}");
    assert_eq!(report.repairs, None);
    bench.repairs = vec![Repair::ReliefFromActual];
    let report = bench.import();
    let repairs = report.repairs.unwrap();
    assert_eq!(u64::try_from(repairs.len()).unwrap(), found);
    assert!(repairs.iter().all(|repair| repair.entity == "task instance" && repair.before != repair.after));
    assert_eq!(bench.import().repairs.unwrap(), [], "nothing is left to mend");
    // Mended cells are edits.
    let verification = bench.verify().verification.unwrap();
    assert_eq!(verification.differences_total, found);
    assert_eq!(bench.verify_with(true).verification.unwrap().edited_total, found);
}

#[test]
fn the_scale_is_raised_once() {
    let mut bench = Bench::with_sample("nov2025");
    bench.repairs = vec![Repair::Scale { before: Timestamp::parse("2025-12-02 00:00").unwrap() }];
    let report = bench.import();
    assert!(!report.repairs.unwrap().is_empty());
    assert_eq!(report.verification.unwrap().differences, [], "the comparison comes first");
    assert_eq!(bench.import().repairs.unwrap(), []);
}

#[test]
fn rows_of_other_users_are_not_touched() {
    let bench = Bench::with_sample("nov2025");
    let ann = UserId::new("ann").unwrap();
    let account = landfast_domain::accounts::User { id: ann.clone(), name: "Ann".to_owned(), created_at: clock() };
    bench.write_rows(|r| r.accounts().insert(&account));
    bench.import();
    assert!(landfast_cutover::digests(bench.store(), &ann).unwrap().values().all(|digest| digest.rows == 0));
}

#[test]
fn a_folder_that_was_moved_while_half_loaded_is_finished() {
    let mut bench =
        Bench::with(&[("tasks.csv", b"task_id,name\na,A\nb,B\nc,C\n"), ("emotions.csv", b"emotion\nJoy\n")]);
    bench.limits.batch_records = 1;
    let flag = AtomicBool::new(false);
    bench.try_import(bench.store(), &crate::support::StopAfter::new(4, &flag), &flag).unwrap();
    assert_eq!(bench.tasks().len(), 2);
    fs::rename(bench.source(), bench.root.path().join("elsewhere")).unwrap();
    let report = import_below(&bench);
    assert_eq!((report.totals.inserted, report.exit_code), (1, 0));
    assert_eq!(pairs(&bench.tasks()), [("a", "A"), ("b", "B"), ("c", "C")]);
    assert_eq!(import_below(&bench).run, None);
}

#[test]
fn a_plan_needs_no_database() {
    let bench = Bench::with_sample("mar2026");
    let memory = landfast_legacy::files::FileStore::in_memory();
    let plan = bench.run(&memory, &[bench.source()], true, &Quiet, &AtomicBool::new(false)).unwrap();
    assert_eq!(plan.accounts(), bench.plan().accounts());
    let error = bench.try_import(&memory, &Quiet, &AtomicBool::new(false)).unwrap_err();
    assert!(matches!(error, Error::Store(landfast_domain::Error::Unsupported { .. })), "{error}");
}

#[test]
fn a_run_killed_before_its_verification_is_verified_by_the_next() {
    struct Stop<'a>(&'a AtomicBool);
    impl Progress for Stop<'_> {
        fn begin(&self, stage: Stage, _: u64) {
            if stage == Stage::Verify {
                self.0.store(true, Ordering::SeqCst);
            }
        }
        fn advance(&self, _: u64, _: u64) {}
        fn end(&self) {}
    }
    let bench = Bench::with_sample("dec18");
    let flag = AtomicBool::new(false);
    let report = bench.try_import(bench.store(), &Stop(&flag), &flag).unwrap();
    assert_eq!((report.exit_code, report.verification), (130, None));
    let report = bench.import();
    assert_eq!((report.totals.changes(), report.exit_code), (0, 0));
    assert_eq!(report.verification.unwrap().checks["rows"].checked, report.totals.loaded);
    assert_eq!(bench.import().verification, None);
}

#[cfg(unix)]
#[test]
fn a_pipe_and_a_link_among_the_files_of_an_area_are_listed() {
    let bench = Bench::with(&[
        ("emotions.csv", b"emotion\nJoy\n"),
        ("profiles/p/profile.json", br#"{"id": "p", "name": "P"}"#),
    ]);
    let made = std::process::Command::new("mkfifo").arg(bench.source().join("tasks.csv")).status();
    assert!(made.unwrap().success());
    std::os::unix::fs::symlink("profile.json", bench.source().join("profiles/p/app_settings.json")).unwrap();
    let report = bench.import();
    let listed: Vec<_> = report
        .unrecognised
        .iter()
        .map(|entry| (entry.path.rsplit('/').next().unwrap(), entry.reason.split(',').next().unwrap()))
        .collect();
    assert!(listed.contains(&("tasks.csv", "neither a file nor a folder")), "{listed:?}");
    assert!(listed.contains(&("app_settings.json", "a link; links are not followed")), "{listed:?}");
}
