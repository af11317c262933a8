//! Planted damage: which check sees it.

use crate::support::Bench;
use landfast_cutover::report::{Difference, Verification};
use landfast_cutover::{Quiet, VerifyRequest, verify};
use landfast_domain::accounts::UserId;
use landfast_domain::imports::{Document, QuarantineEntry};
use landfast_domain::record::{Placed, Record, SourceRef};
use landfast_domain::tasks::Task;
use std::fs;
use std::sync::atomic::AtomicBool;

const TASKS: &[u8] = b"task_id,name,mood\na,A,x\nb,B,y\nlong,row,with,surplus\nc,C,z\n";

fn user() -> UserId {
    UserId::guest()
}

fn imported() -> Bench {
    let bench = Bench::with(&[("tasks.csv", TASKS), ("emotions.csv", b"emotion\nJoy\n")]);
    assert_eq!(bench.import().exit_code, 3);
    assert_eq!(bench.verify().verification.unwrap().differences, []);
    bench
}

fn document(bench: &Bench) -> Document {
    bench
        .read_rows(|r| r.imports()?.list_documents(&user()))
        .into_iter()
        .find(|document| document.path == "tasks.csv")
        .unwrap()
}

/// Differences found, with the exit code checked.
fn found(bench: &Bench) -> Vec<Difference> {
    let report = bench.verify();
    assert_eq!(report.exit_code, 4);
    report.verification.unwrap().differences
}

fn checks(differences: &[Difference]) -> Vec<&str> {
    let mut checks: Vec<&str> = differences.iter().map(|difference| difference.check.as_str()).collect();
    checks.dedup();
    checks
}

#[test]
fn a_deleted_row() {
    let bench = imported();
    bench.write_rows(|r| r.tasks().delete(&user(), &"b".into()));
    let found = found(&bench);
    assert_eq!(checks(&found), ["rows"]);
    assert_eq!((found[0].key.as_str(), found[0].line, found[0].message.as_str()), ("b", 3, "the record has no row"));
    let lenient = bench.verify_with(true);
    assert_eq!((lenient.exit_code, lenient.verification.unwrap().edited_total), (3, 1));
}

#[test]
fn a_changed_cell() {
    let bench = imported();
    bench.write_rows(|r| {
        let mut task = r.tasks().get(&user(), &"b".into())?.unwrap();
        task.name.set_raw("B ");
        task.extra[0].1 = "why".to_owned();
        r.tasks().update(&user(), &task)
    });
    let found = found(&bench);
    let cells: Vec<_> =
        found.iter().map(|d| (d.line, d.column.as_str(), d.source.as_deref(), d.database.as_deref())).collect();
    assert_eq!(cells, [(3, "name", Some("B"), Some("B ")), (3, "mood", Some("y"), Some("why"))]);
}

#[test]
fn a_lost_or_invented_column() {
    let bench = imported();
    bench.write_rows(|r| {
        let mut task = r.tasks().get(&user(), &"a".into())?.unwrap();
        task.extra.clear();
        r.tasks().update(&user(), &task)?;
        let mut task = r.tasks().get(&user(), &"c".into())?.unwrap();
        task.extra.push(("new".to_owned(), String::new()));
        task.task_type.set_raw("Play");
        r.tasks().update(&user(), &task)
    });
    let found = found(&bench);
    let columns: Vec<&str> = found.iter().map(|difference| difference.column.as_str()).collect();
    assert_eq!(columns, ["mood", "mood", "task_type", "new"]);
}

#[test]
fn swapped_rows() {
    let bench = imported();
    let id = document(&bench).id;
    let first = document(&bench).first_position;
    bench.write_rows(|r| {
        r.tasks().place(&user(), &"a".into(), first + 1, Some(SourceRef { document: id, ordinal: 1 }))?;
        r.tasks().place(&user(), &"b".into(), first, Some(SourceRef { document: id, ordinal: 0 }))
    });
    assert_eq!(found(&bench).len(), 6, "each of two rows has other cells than its record");
}

#[test]
fn a_row_at_another_place() {
    let bench = imported();
    let id = document(&bench).id;
    bench.write_rows(|r| r.tasks().place(&user(), &"a".into(), 900, Some(SourceRef { document: id, ordinal: 0 })));
    let found = found(&bench);
    assert_eq!(checks(&found), ["rows"]);
    assert_eq!(found.len(), 2, "no row at its place, and one more elsewhere");
}

#[test]
fn a_row_that_pretends_to_come_from_the_source() {
    let bench = imported();
    let source = Some(SourceRef { document: document(&bench).id, ordinal: 77 });
    let record = Task::blank("fake".into());
    bench.write_rows(|r| r.tasks().insert_batch(&user(), &[Placed { position: 500, source, record: record.clone() }]));
    assert_eq!(checks(&found(&bench)), ["rows"]);
}

#[test]
fn a_changed_missing_or_exchanged_piece() {
    for damage in 0..3 {
        let bench = imported();
        let document = document(&bench);
        bench.write_rows(|r| {
            let mut chunk = r.imports()?.get_chunk(document.id, 0)?.unwrap();
            match damage {
                0 => chunk.compressed[10] ^= 1,
                1 => chunk.size_bytes += 1,
                _ => {
                    let other = TASKS.to_ascii_uppercase();
                    chunk.compressed = zstd::bulk::compress(&other, 3).unwrap();
                }
            }
            r.imports()?.save_chunk(&chunk)
        });
        assert_eq!(checks(&found(&bench)), ["pieces"], "damage {damage}");
        // Without the files there is nothing left to compare the rows with.
        let alone = verify_alone(&bench);
        assert_eq!(alone.differences_total, 1);
        assert!(alone.not_checked.iter().any(|text| text.contains("tasks.csv")));
    }
}

#[test]
fn a_piece_too_few() {
    let bench = imported();
    let mut document = document(&bench);
    document.chunks_done = 0;
    bench.write_rows(|r| r.imports()?.save_document(&document));
    assert_eq!(checks(&found(&bench)), ["pieces"]);
}

#[test]
fn a_dropped_quarantine_entry() {
    let bench = imported();
    let document = document(&bench);
    bench.write_rows(|r| r.imports()?.delete_quarantine(document.id, 2));
    let found = found(&bench);
    assert_eq!(checks(&found), ["quarantine", "count"]);
    assert_eq!(found[0].line, 4);
}

#[test]
fn changed_bytes_in_quarantine_and_entries_too_many() {
    let bench = imported();
    let document = document(&bench);
    let entry = bench.read_rows(|r| r.imports()?.list_quarantine(document.id, None, 1)).remove(0);
    let changed = QuarantineEntry { raw: b"else".to_vec(), ..entry.clone() };
    let on_good_record = QuarantineEntry { ordinal: 0, ..entry.clone() };
    let beyond = QuarantineEntry { ordinal: 50, ..entry };
    bench.write_rows(|r| r.imports()?.save_quarantine(&[changed.clone(), on_good_record.clone(), beyond.clone()]));
    let found = found(&bench);
    assert_eq!(found.iter().filter(|difference| difference.check == "quarantine").count(), 3);
}

#[test]
fn a_wrong_count_on_record() {
    let bench = imported();
    let mut document = document(&bench);
    document.records_done += 1;
    bench.write_rows(|r| r.imports()?.save_document(&document));
    assert_eq!(checks(&found(&bench)), ["count"]);
}

#[test]
fn a_changed_missing_or_new_source_file() {
    let bench = imported();
    bench.write("tasks.csv", &[TASKS, b"d,D,\n"].concat());
    fs::remove_file(bench.source().join("emotions.csv")).unwrap();
    bench.write("jobs.csv", b"job_id\n");
    let found = found(&bench);
    assert_eq!(found.len(), 3);
    assert_eq!(checks(&found), ["source", "backup"][..1]);
}

#[test]
fn a_damaged_or_missing_backup() {
    let bench = imported();
    let backup = fs::read_dir(bench.backups()).unwrap().next().unwrap().unwrap().path();
    fs::write(backup.join("emotions.csv"), "emotion\nJox\n").unwrap();
    assert_eq!(checks(&found(&bench)), ["backup"]);
    fs::remove_dir_all(backup).unwrap();
    assert_eq!(checks(&found(&bench)), ["backup"]);
}

#[test]
fn many_differences_are_counted_and_the_first_are_listed() {
    let rows: String = (0..100).map(|n| format!("t{n},N{n}\n")).collect();
    let mut bench = Bench::with(&[("tasks.csv", format!("task_id,name\n{rows}").as_bytes())]);
    bench.import();
    bench.limits.listed_differences = 5;
    bench.write_rows(|r| {
        for task in r.tasks().list(&user())? {
            r.tasks().delete(&user(), task.key())?;
        }
        Ok(())
    });
    let verification = bench.verify().verification.unwrap();
    assert_eq!((verification.differences_total, verification.differences.len()), (100, 5));
}

#[test]
fn the_database_alone_can_be_verified() {
    let bench = imported();
    fs::remove_dir_all(bench.source()).unwrap();
    let verification = verify_alone(&bench);
    assert_eq!(verification.differences, []);
    assert_eq!(verification.checks["rows"].checked, 4);
    assert_eq!(verification.checks["quarantine"].checked, 1);
    assert_eq!(verification.checks["count"].checked, 5);
}

fn verify_alone(bench: &Bench) -> Verification {
    let backups = bench.backups();
    let request = VerifyRequest {
        paths: &[],
        user: user(),
        backup_root: Some(&backups),
        allow_edits: false,
        limits: bench.limits,
        runs: landfast_cutover::RunOptions::default(),
        clock: &crate::support::clock,
    };
    verify(bench.store(), &request, &Quiet, &AtomicBool::new(false)).unwrap().verification.unwrap()
}

#[test]
fn rows_that_share_a_position_are_all_seen() {
    let bench = Bench::new();
    let rows: Vec<Placed<Task>> = (0..2500)
        .map(|n| Placed {
            position: if n < 700 { 5 } else { 9 },
            source: None,
            record: Task::blank(format!("t{n:04}").as_str().into()),
        })
        .collect();
    bench.write_rows(|r| r.tasks().insert_batch(&user(), &rows));
    assert_eq!(bench.digests()["task"].rows, 2500);
    assert_eq!(bench.export().files[0].appended, 2500);
}
