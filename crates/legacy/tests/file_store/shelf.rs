//! Files without a table of their own.

use crate::support::{Fixture, guest, list};
use landfast_domain::Error;
use landfast_domain::record::{Record, RecordKey};
use landfast_domain::tasks::LegacyRow;
use landfast_legacy::files::FileStore;

fn row(file: &str, content: &str) -> LegacyRow {
    let mut row = LegacyRow::blank(RecordKey::new(format!("new {file}")));
    row.file.set_raw(file);
    row.content.set_raw(content);
    row
}

fn fixture() -> Fixture {
    Fixture::new(&[
        ("logs.csv", b"timestamp,task\r\n\"a\",1\r\nshort"),
        ("survey_questions.json", b"{\n}\n"),
        ("logs/errors.jsonl", b"{\"a\": 1}\n\n{\"a\": 2}\n\n"),
        ("archived/pre_gap_1/task_instances.csv", b"instance_id\ni1\n"),
        ("task_aversion.db", b"SQLite"),
    ])
}

#[test]
fn every_record_is_a_row_with_the_path_of_its_file() {
    let rows = fixture().list::<LegacyRow>();
    let found: Vec<_> = rows.iter().map(|row| (row.key.as_str(), row.content.raw())).collect();
    assert_eq!(
        found,
        [
            ("archived/pre_gap_1/task_instances.csv", r#"["instance_id"]"#),
            ("archived/pre_gap_1/task_instances.csv~2", r#"["i1"]"#),
            ("logs.csv", r#"["timestamp","task"]"#),
            ("logs.csv~2", r#"["a","1"]"#),
            ("logs.csv~3", r#"["short"]"#),
            ("logs/errors.jsonl", r#"{"a": 1}"#),
            ("logs/errors.jsonl~2", r#"{"a": 2}"#),
            ("survey_questions.json", "{\n}\n"),
        ]
    );
}

#[test]
fn rows_are_added_to_their_files_in_the_form_these_have() {
    let fixture = fixture();
    fixture
        .write(|r| {
            let rows = r.legacy_rows();
            for row in [
                row("logs.csv", r#"["x,y",""]"#),
                row("logs/errors.jsonl", r#"{"a": 3}"#),
                row("feedback/feedback_001.txt", "fine\n"),
            ] {
                rows.insert(&guest(), &row)?;
            }
            Ok(())
        })
        .unwrap();
    assert_eq!(fixture.text("logs.csv"), "timestamp,task\r\n\"a\",1\r\nshort\r\n\"x,y\",\r\n");
    assert_eq!(fixture.text("logs/errors.jsonl"), "{\"a\": 1}\n\n{\"a\": 2}\n{\"a\": 3}\n\n");
    assert_eq!(fixture.text("feedback/feedback_001.txt"), "fine\n");
    let again = FileStore::open(fixture.folder.path()).unwrap();
    assert_eq!(list::<LegacyRow>(&again), fixture.list::<LegacyRow>());
}

#[test]
fn a_changed_or_deleted_row_touches_its_own_file_only() {
    let fixture = fixture();
    fixture.set::<LegacyRow>("logs.csv~2", "content", r#"["b","2"]"#).unwrap();
    fixture.write(|r| r.legacy_rows().delete(&guest(), &"logs/errors.jsonl".into())).unwrap();
    fixture.write(|r| r.legacy_rows().delete(&guest(), &"survey_questions.json".into())).unwrap();
    assert_eq!(fixture.text("logs.csv"), "timestamp,task\r\nb,2\r\nshort");
    assert_eq!(fixture.text("logs/errors.jsonl"), "\n{\"a\": 2}\n\n");
    assert!(!fixture.path("survey_questions.json").exists());
    assert_eq!(fixture.text("archived/pre_gap_1/task_instances.csv"), "instance_id\ni1\n");
    let again = FileStore::open(fixture.folder.path()).unwrap();
    assert_eq!(list::<LegacyRow>(&again), fixture.list::<LegacyRow>());
}

#[test]
fn an_empty_document_is_a_row_and_goes_with_it() {
    let fixture = Fixture::new(&[("feedback/feedback_001.txt", b""), ("logs.csv", b"\n")]);
    assert_eq!(fixture.keys::<LegacyRow>(), ["feedback/feedback_001.txt"]);
    fixture.write(|r| r.legacy_rows().delete(&guest(), &"feedback/feedback_001.txt".into())).unwrap();
    assert!(!fixture.path("feedback/feedback_001.txt").exists());
    assert_eq!(fixture.text("logs.csv"), "\n");
}

#[test]
fn rows_without_a_place_in_the_folder_are_refused() {
    let fixture = fixture();
    for (file, content, field) in [
        ("tasks.csv", "[\"x\"]", "file"),
        ("../logs.csv", "[\"x\"]", "file"),
        ("users/ann/logs.csv", "[\"x\"]", "file"),
        ("task_aversion.db", "x", "file"),
        ("logs.csv", "no list", "content"),
        ("logs/errors.jsonl", "two\nlines", "content"),
        ("survey_questions.json", "a second document", "file"),
    ] {
        let error = fixture.write(|r| r.legacy_rows().insert(&guest(), &row(file, content))).unwrap_err();
        assert!(
            matches!(&error, Error::Invalid { entity: "legacy row", field: found, .. } if *found == field),
            "{file}: {error:?}"
        );
    }
    assert_eq!(fixture.list::<LegacyRow>().len(), 8);
}

#[test]
fn damaged_records_of_such_files_stay_and_are_told() {
    let fixture = Fixture::new(&[("logs.csv", b"a,b\n\xff,1\nc,d\n"), ("logs/errors.jsonl", b"\xff\n{}\n")]);
    fixture.write(|r| r.legacy_rows().insert(&guest(), &row("logs.csv", r#"["e"]"#))).unwrap();
    assert_eq!(fixture.bytes("logs.csv"), b"a,b\n\xff,1\nc,d\ne\n");
    let rejected: Vec<_> =
        fixture.store.rejected(&guest()).unwrap().into_iter().map(|row| (row.file, row.line)).collect();
    assert_eq!(rejected, [("logs.csv".to_owned(), 2), ("logs/errors.jsonl".to_owned(), 1)]);
}
