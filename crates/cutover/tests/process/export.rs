//! Exports of a database that was worked with.

use crate::support::{Bench, contents};
use landfast_cutover::{Error, ExportRequest, Quiet, export};
use landfast_domain::accounts::UserId;
use landfast_domain::record::Record;
use landfast_domain::tasks::{Job, LegacyRow, Task};
use std::fs;
use std::sync::atomic::AtomicBool;

fn user() -> UserId {
    UserId::guest()
}

fn task(id: &str, cells: &[(&str, &str)]) -> Task {
    let mut task = Task::blank(id.into());
    task.task_id.set_raw(id);
    for (column, text) in cells {
        task.set_cell_named(column, (*text).to_owned());
    }
    task
}

#[test]
fn only_changed_cells_are_rendered() {
    let bench = Bench::with(&[(
        "tasks.csv",
        b"\"task_id\",name,mood\r\n\"a\" ,\"A\",\"x\"\r\n\r\nb,B\r\nc,C,y,,\r\nd,D,\"z\"",
    )]);
    bench.import();
    bench.write_rows(|r| {
        for (key, name) in [("b", "B, new"), ("d", "D\nnew")] {
            let mut task = r.tasks().get(&user(), &key.into())?.unwrap();
            task.name.set_raw(name);
            r.tasks().update(&user(), &task)?;
        }
        r.tasks().delete(&user(), &"c".into())?;
        r.tasks().insert(&user(), &task("n", &[("name", "New")]))
    });
    let report = bench.export();
    assert_eq!(
        bench.exported_text("tasks.csv"),
        "\"task_id\",name,mood\r\n\"a\" ,\"A\",\"x\"\r\n\r\nb,\"B, new\"\r\nd,\"D\nnew\",\"z\"\r\nn,New,\r\n"
    );
    let file = &report.files[0];
    assert_eq!((file.edited, file.dropped, file.appended), (2, 1, 1));
    assert_ne!(file.source_sha256.as_ref(), Some(&file.sha256));
}

#[test]
fn columns_are_added_when_a_row_needs_them() {
    let bench = Bench::with(&[("tasks.csv", b"task_id,name\na,A\nb,B\n")]);
    bench.import();
    bench.write_rows(|r| {
        r.tasks().insert(&user(), &task("n", &[("name", "New"), ("task_type", "Play"), ("mood", "good")]))
    });
    bench.export();
    // Rows that read as `Work` without the column say so with it.
    assert_eq!(bench.exported_text("tasks.csv"), "task_id,name,task_type,mood\na,A,Work\nb,B,Work\nn,New,Play,good\n");
    let again = Bench::with(&[("tasks.csv", bench.exported_text("tasks.csv").as_bytes())]);
    again.import();
    let types: Vec<String> =
        again.read_rows(|r| r.tasks().list(&user())).iter().map(|task| task.task_type.raw().to_owned()).collect();
    assert_eq!(types, ["Work", "Work", "Play"]);
}

#[test]
fn rows_without_a_file_get_one() {
    let bench = Bench::with(&[("tasks.csv", b"task_id,name\n"), ("logs.csv", b"a,b\n")]);
    bench.import();
    bench.write_rows(|r| {
        let mut job = Job::blank("j1".into());
        job.job_id.set_raw("j1");
        job.name.set_raw("Home");
        job.extra.push(("colour".to_owned(), "red".to_owned()));
        r.jobs().insert(&user(), &job)?;
        for (key, file, content) in [("x", "logs.csv", r#"["1","2"]"#), ("y", "notes/../up.csv", "[]")].iter().take(1) {
            let mut row = LegacyRow::blank((*key).into());
            row.file.set_raw(*file);
            row.content.set_raw(*content);
            r.legacy_rows().insert(&user(), &row)?;
        }
        Ok(())
    });
    bench.export();
    assert_eq!(
        bench.exported_text("jobs.csv"),
        "job_id,name,task_type,description,created_at,updated_at,colour\nj1,Home,,,,,red\n"
    );
    assert_eq!(bench.exported_text("logs.csv"), "a,b\n1,2\n");
    assert_eq!(bench.exported_text("tasks.csv"), "task_id,name\n");
}

#[test]
fn a_database_that_never_saw_a_file_can_be_exported() {
    let bench = Bench::new();
    bench.write_rows(|r| r.tasks().insert(&user(), &task("t1", &[("name", "One")])));
    let report = bench.export();
    assert_eq!(report.files.len(), 1);
    assert!(bench.exported_text("tasks.csv").starts_with("task_id,name,description,type,version,created_at,"));
}

#[test]
fn rows_that_name_a_file_outside_are_refused() {
    for file in ["../x.csv", "/x.csv", "users/ann/x.csv"] {
        let bench = Bench::new();
        let mut row = LegacyRow::blank("x".into());
        row.file.set_raw(file);
        row.content.set_raw("[\"1\"]");
        bench.write_rows(|r| r.legacy_rows().insert(&user(), &row));
        let error = bench.try_export().unwrap_err();
        assert!(matches!(error, Error::HostilePath { .. } | Error::Render { .. }), "{file}: {error}");
        assert_eq!(contents(&bench.exported()).len(), 0);
    }
}

#[test]
fn a_document_with_a_path_outside_is_refused() {
    for path in ["../escape.csv", "/etc/escape.csv", "archived/../../escape.csv"] {
        let bench = Bench::with(&[("tasks.csv", b"task_id,name\na,A\n")]);
        bench.import();
        bench.write_rows(|r| {
            let mut document = r.imports()?.list_documents(&user())?.remove(0);
            document.path = path.to_owned();
            r.imports()?.save_document(&document)
        });
        assert!(matches!(bench.try_export(), Err(Error::HostilePath { .. })), "{path}");
        assert!(!bench.root.path().join("escape.csv").exists());
    }
}

#[test]
fn existing_files_are_kept_unless_asked() {
    let bench = Bench::with(&[("tasks.csv", b"task_id,name\na,A\n"), ("emotions.csv", b"emotion\n")]);
    bench.import();
    fs::create_dir(bench.exported()).unwrap();
    fs::write(bench.exported().join("tasks.csv"), "mine").unwrap();
    assert!(matches!(bench.try_export(), Err(Error::Exists { .. })));
    assert_eq!(contents(&bench.exported()).len(), 1, "nothing else is written either");
    let target = bench.exported();
    let request = ExportRequest { user: user(), target: &target, overwrite: true };
    export(bench.store(), &request, &Quiet, &AtomicBool::new(false)).unwrap();
    assert_eq!(contents(&bench.exported()), contents(&bench.source()));
}

#[test]
fn a_damaged_piece_or_a_misplaced_row_stops_an_export() {
    let bench = Bench::with(&[("tasks.csv", b"task_id,name\na,A\nb,B\n")]);
    bench.import();
    bench.write_rows(|r| {
        r.tasks().place(&user(), &"a".into(), 900, None).and(r.tasks().place(
            &user(),
            &"b".into(),
            901,
            Some(landfast_domain::record::SourceRef { document: landfast_domain::record::DocumentId(1), ordinal: 1 }),
        ))
    });
    assert!(matches!(bench.try_export(), Err(Error::RowsLeft { written: 1, total: 2, .. })));
    let bench = Bench::with(&[("tasks.csv", b"task_id,name\na,A\nb,B\n")]);
    bench.import();
    bench.write_rows(|r| {
        let document = r.imports()?.list_documents(&user())?.remove(0);
        let mut chunk = r.imports()?.get_chunk(document.id, 0)?.unwrap();
        let last = chunk.compressed.len() - 1;
        chunk.compressed.truncate(last);
        r.imports()?.save_chunk(&chunk)
    });
    assert!(matches!(bench.try_export(), Err(Error::Chunk { .. })));
    assert_eq!(contents(&bench.exported()).len(), 0);
}
