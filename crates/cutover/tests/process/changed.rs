//! Importing a folder again after it or the database changed.

use crate::support::{Bench, StopAfter, pairs};
use landfast_cutover::report::{Status, Verdict};
use landfast_cutover::{Limits, list_quarantine};
use landfast_domain::accounts::UserId;
use landfast_domain::record::{Record, RecordKey};
use landfast_domain::tasks::Task;
use std::sync::atomic::AtomicBool;

fn user() -> UserId {
    UserId::guest()
}

fn imported() -> Bench {
    let bench = Bench::with(&[("tasks.csv", b"task_id,name\na,A\nb,B\nc,C\nd,D\ne,E\nf,F\n")]);
    bench.import();
    bench
}

fn rename(bench: &Bench, key: &str, name: &str) {
    bench.write_rows(|r| {
        let mut task = r.tasks().get(&user(), &RecordKey::from(key))?.unwrap();
        task.name.set_raw(name);
        r.tasks().update(&user(), &task)
    });
}

/// b changed there, c here, d on both sides alike, e on both sides differently, f gone, a moved, g new.
fn diverged() -> Bench {
    let bench = imported();
    rename(&bench, "c", "C here");
    rename(&bench, "d", "D new");
    rename(&bench, "e", "E here");
    bench.write_rows(|r| {
        let mut own = Task::blank("own".into());
        own.task_id.set_raw("own");
        own.name.set_raw("Own");
        r.tasks().insert(&user(), &own)
    });
    bench.write("tasks.csv", b"task_id,name\ng,G\nb,B there\nc,C\nd,D new\ne,E there\na,A\n");
    bench
}

#[test]
fn each_side_keeps_its_changes() {
    let bench = diverged();
    let plan = bench.plan();
    let report = bench.import();
    assert_eq!(plan.accounts(), report.accounts());
    let totals = report.totals;
    assert_eq!(report.sources[0].files[0].status, Status::Changed);
    assert_eq!((totals.inserted, totals.updated, totals.unchanged, totals.quarantined, totals.gone), (1, 1, 3, 1, 1));
    assert_eq!(totals.records, totals.loaded + totals.quarantined);
    assert_eq!((report.outcome, report.exit_code), (Verdict::Quarantined, 3));
    assert_eq!(report.quarantine[0].code, "changed-on-both-sides");
    assert_eq!(report.finding_totals["gone-from-source"], 1);
    // The order of the file, then what is not in it.
    let expected = [
        ("g", "G"),
        ("b", "B there"),
        ("c", "C here"),
        ("d", "D new"),
        ("e", "E here"),
        ("a", "A"),
        ("f", "F"),
        ("own", "Own"),
    ];
    assert_eq!(pairs(&bench.tasks()), expected);
    assert_eq!(report.verification.as_ref().unwrap().differences, []);
    let documents = bench.read_rows(|r| r.imports()?.list_documents(&user()));
    assert_eq!(documents.len(), 1, "the earlier version is gone");
    let quarantined = list_quarantine(bench.store(), &user(), 10).unwrap();
    assert_eq!(quarantined[0].entry.raw, b"e,E there\n");
}

#[test]
fn importing_again_after_that_changes_nothing() {
    let bench = diverged();
    bench.import();
    let before = bench.digests();
    let report = bench.import();
    assert_eq!((report.run, report.totals.changes()), (None, 0));
    assert_eq!(bench.digests(), before);
}

#[test]
fn the_export_holds_both_sides() {
    let bench = diverged();
    bench.import();
    bench.export();
    let expected = "task_id,name\ng,G\nb,B there\nc,C here\nd,D new\ne,E here\na,A\nf,F\nown,Own\n";
    assert_eq!(bench.exported_text("tasks.csv"), expected);
}

#[test]
fn interrupted_anywhere_the_comparison_goes_on() {
    let whole = diverged();
    let expected = whole.import();
    for batches in 1.. {
        let mut bench = diverged();
        bench.limits = Limits { batch_records: 1, ..Limits::default() };
        let flag = AtomicBool::new(false);
        let report = bench.try_import(bench.store(), &StopAfter::new(batches, &flag), &flag).unwrap();
        let stopped = report.outcome == Verdict::Interrupted;
        let again = bench.import();
        assert_eq!(bench.digests(), *expected.digests.as_ref().unwrap(), "after {batches} batches");
        assert_eq!(again.totals.quarantined, 1);
        if !stopped {
            assert!(batches > 5);
            return;
        }
    }
}

#[test]
fn killed_in_every_write_the_comparison_goes_on() {
    let whole = diverged();
    let expected = whole.import();
    for writes in 0.. {
        let mut bench = diverged();
        bench.limits = Limits { batch_records: 2, ..Limits::default() };
        let dying = crate::support::Dying::new(bench.store(), writes, writes % 2 == 0);
        if bench.try_import(&dying, &landfast_cutover::Quiet, &AtomicBool::new(false)).is_ok() {
            assert!(writes > 5);
            return;
        }
        bench.import();
        assert_eq!(bench.digests(), *expected.digests.as_ref().unwrap(), "after {writes} writes");
    }
}

#[test]
fn a_source_that_changes_while_half_loaded_is_compared_with_what_was_loaded() {
    let mut bench = Bench::with(&[("tasks.csv", b"task_id,name\na,A\nb,B\nc,C\nd,D\n")]);
    bench.limits = Limits { batch_records: 1, ..Limits::default() };
    let flag = AtomicBool::new(false);
    bench.try_import(bench.store(), &StopAfter::new(2, &flag), &flag).unwrap();
    assert_eq!(bench.tasks().len(), 2);
    bench.write("tasks.csv", b"task_id,name\na,A2\nc,C\nd,D\ne,E\n");
    let report = bench.import();
    assert_eq!(pairs(&bench.tasks()), [("a", "A2"), ("c", "C"), ("d", "D"), ("e", "E"), ("b", "B")]);
    assert_eq!((report.totals.updated, report.totals.inserted, report.totals.gone), (1, 3, 1));
    // And once more, while that comparison is half done.
    bench.write("tasks.csv", b"task_id,name\na,A3\nc,C3\nd,D\n");
    let flag = AtomicBool::new(false);
    bench.try_import(bench.store(), &StopAfter::new(1, &flag), &flag).unwrap();
    bench.write("tasks.csv", b"task_id,name\nd,D4\na,A4\nc,C\n");
    bench.import();
    assert_eq!(pairs(&bench.tasks()), [("d", "D4"), ("a", "A4"), ("c", "C"), ("e", "E"), ("b", "B")]);
    assert_eq!(bench.verify().verification.unwrap().differences, []);
}

#[test]
fn a_deleted_row_stays_deleted() {
    let bench = imported();
    bench.write_rows(|r| r.tasks().delete(&user(), &"b".into()));
    bench.write_rows(|r| r.tasks().delete(&user(), &"c".into()));
    bench.write("tasks.csv", b"task_id,name\na,A\nb,B\nc,C there\nd,D\ne,E\nf,F\nx,X\n");
    let plan = bench.plan();
    let report = bench.import();
    assert_eq!(plan.accounts(), report.accounts());
    assert_eq!((report.totals.duplicate, report.totals.quarantined), (1, 1));
    assert_eq!(bench.tasks().len(), 5);
    bench.export();
    // The changed record is not lost, the unchanged one does not come back.
    assert_eq!(bench.exported_text("tasks.csv"), "task_id,name\na,A\nc,C there\nd,D\ne,E\nf,F\nx,X\n");
}

#[test]
fn rows_gone_from_the_source_are_deleted_only_on_request_and_unless_edited() {
    let mut bench = imported();
    rename(&bench, "b", "B here");
    bench.write("tasks.csv", b"task_id,name\na,A\n");
    bench.prune = true;
    let plan = bench.plan();
    let report = bench.import();
    assert_eq!(plan.accounts(), report.accounts());
    assert_eq!((report.totals.pruned, report.totals.gone), (4, 1));
    assert_eq!(pairs(&bench.tasks()), [("a", "A"), ("b", "B here")]);
}

#[test]
fn a_file_that_is_gone_keeps_its_rows() {
    let bench = Bench::with(&[("tasks.csv", b"task_id,name\na,A\n"), ("emotions.csv", b"emotion\nJoy\n")]);
    bench.import();
    std::fs::remove_file(bench.source().join("emotions.csv")).unwrap();
    let report = bench.import();
    assert_eq!(report.finding_totals["file-gone-from-source"], 1);
    assert_eq!(bench.read_rows(|r| r.emotions().count(&user())), 1);
    assert_eq!(bench.verify().verification.unwrap().differences[0].check, "source");
}

#[test]
fn many_rows_keep_their_order_through_a_change() {
    let rows = |from: usize, to: usize| (from..to).map(|n| format!("t{n},N{n}\n")).collect::<String>();
    let bench = Bench::with(&[("tasks.csv", format!("task_id,name\n{}", rows(0, 1700)).as_bytes())]);
    bench.import();
    rename(&bench, "t1200", "here");
    bench.write("tasks.csv", format!("task_id,name\n{}{}", rows(900, 2000), rows(0, 500)).as_bytes());
    let report = bench.import();
    assert_eq!((report.totals.inserted, report.totals.unchanged, report.totals.gone), (300, 1300, 400));
    let keys: Vec<String> = bench.tasks().into_iter().map(|(key, _)| key).collect();
    let expected: Vec<String> = (900..2000).chain(0..500).chain(500..900).map(|n| format!("t{n}")).collect();
    assert_eq!(keys, expected);
}
