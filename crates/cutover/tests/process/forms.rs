//! Odd forms of files: what is damaged is set aside with its bytes, and its neighbours are loaded.

use crate::support::{Bench, contents};
use landfast_cutover::report::Report;
use landfast_cutover::{Error, Quiet, list_quarantine};
use landfast_domain::accounts::UserId;
use landfast_domain::record::Record;
use landfast_domain::tasks::LegacyRow;
use std::sync::atomic::AtomicBool;

/// Imports one file and checks that everything is accounted for and comes back.
fn there_and_back(path: &str, content: &[u8]) -> (Bench, Report) {
    let bench = Bench::with(&[("emotions.csv", b"emotion\nJoy\n"), (path, content)]);
    let plan = bench.plan();
    let report = bench.import();
    assert_eq!(plan.accounts(), report.accounts());
    assert_eq!(report.verification.as_ref().unwrap().differences, [], "{}", content.escape_ascii());
    let totals = report.totals;
    assert_eq!(totals.records, totals.loaded + totals.duplicate + totals.quarantined + totals.joined);
    bench.export();
    assert_eq!(contents(&bench.exported()), contents(&bench.source()));
    (bench, report)
}

fn names(bench: &Bench) -> Vec<String> {
    bench.tasks().into_iter().map(|(_, name)| name).collect()
}

fn raw(bench: &Bench) -> Vec<Vec<u8>> {
    list_quarantine(bench.store(), &UserId::guest(), 100).unwrap().into_iter().map(|found| found.entry.raw).collect()
}

#[test]
fn a_row_with_an_extra_comma_is_set_aside_and_its_neighbours_are_loaded() {
    let (bench, report) = there_and_back("tasks.csv", b"task_id,name\nt1,One\nt2,Two,too much\nt3,Three\n");
    assert_eq!(names(&bench), ["One", "Three"]);
    assert_eq!(raw(&bench), [b"t2,Two,too much\n"]);
    assert_eq!((report.exit_code, report.totals.quarantined), (3, 1));
    let entry = &report.quarantine[0];
    assert_eq!((entry.code.as_str(), entry.line, entry.offset), ("long-row", 3, 20));
    assert!(report.summary().contains("tasks.csv:3  long-row"), "{}", report.summary());
}

#[test]
fn bytes_that_are_no_text_are_set_aside() {
    let (bench, report) = there_and_back("tasks.csv", b"task_id,name\nt1,One\nt2,\xff\xfe\nt3,Three\n");
    assert_eq!(names(&bench), ["One", "Three"]);
    assert_eq!(raw(&bench), [b"t2,\xff\xfe\n"]);
    assert_eq!((report.quarantine[0].code.as_str(), report.quarantine[0].column.as_str()), ("invalid-utf8", "name"));
}

#[test]
fn line_ends_and_byte_order_marks_survive() {
    for (content, dialect) in [
        (&b"task_id,name\r\nt1,One\r\nt2,Two\r\n"[..], "crlf"),
        (b"\xef\xbb\xbftask_id,name\r\nt1,One\r\nt2,Two", "crlf, bom, no final line end"),
        (b"\xef\xbb\xbftask_id,name\nt1,One\n\n \nt2,Two\r\n\n", "lf, bom, mixed line ends"),
        (b"\n\ntask_id,name\rt1,One\rt2,Two\r", "cr"),
    ] {
        let (bench, report) = there_and_back("tasks.csv", content);
        assert_eq!(names(&bench), ["One", "Two"]);
        let file = report.sources[0].files.iter().find(|file| file.path == "tasks.csv").unwrap();
        assert_eq!(file.dialect, dialect);
    }
}

#[test]
fn torn_rows_are_put_together_or_set_aside() {
    let (bench, report) = there_and_back("tasks.csv", b"task_id,name,notes\nt1,One\rmore,x\nt2,a\rb\nt3,Three,\n");
    assert_eq!(names(&bench), ["One\rmore", "Three"]);
    assert_eq!((report.totals.joined, report.totals.quarantined), (1, 2));
}

#[test]
fn an_open_quote_costs_one_line() {
    let (bench, report) = there_and_back("tasks.csv", b"task_id,name\nt1,One\nt2,\"open\nt3,Three\nt4,Four\n");
    assert_eq!(names(&bench), ["One", "Three", "Four"]);
    assert_eq!(report.quarantine[0].code, "unterminated-quote");
}

#[test]
fn files_without_records_are_kept() {
    for content in [&b""[..], b"\xef\xbb\xbf", b"task_id,name", b"task_id,name\n\n", b"\n \n"] {
        let (bench, report) = there_and_back("tasks.csv", content);
        assert_eq!(names(&bench).len(), 0);
        assert_eq!(report.exit_code, 0);
    }
}

#[test]
fn files_without_a_table_are_kept_record_by_record() {
    let (bench, _) = there_and_back("logs/errors.jsonl", b"{\"a\": 1}\r\n\n{\"b\": \xff}\n{\"c\": 3}");
    assert_eq!(raw(&bench), [b"{\"b\": \xff}\n"]);
    there_and_back("survey_questions.json", b"{\n  \"q\": [1]\n}\n");
    there_and_back("archived/gap 1/task_instances.csv", b"instance_id,x\n1,2,3\n\n\"4\n\",5\n");
    there_and_back("shopping.txt", b"");
    let (bench, _) = there_and_back("formula_settings.csv", b"name,value\na,\"1\n2\"\nb,\"open\nc,3\n");
    let rows = bench.read_rows(|r| r.legacy_rows().list(&UserId::guest()));
    let contents: Vec<&str> = rows.iter().map(|row: &LegacyRow| row.content.raw()).collect();
    assert_eq!(contents, [r#"["name","value"]"#, r#"["a","1\n2"]"#, r#"["c","3"]"#]);
    assert_eq!(rows[2].identity(), "formula_settings.csv");
}

#[test]
fn unknown_columns_and_odd_cells_survive() {
    let content = b"name,mood,task_id,name,,default_estimate_minutes\nNA,\" x \",t1,again,u,15.0\n\x00,,t1,,,a while\n";
    let (bench, report) = there_and_back("tasks.csv", content);
    let tasks = bench.read_rows(|r| r.tasks().list(&UserId::guest()));
    assert_eq!(tasks[0].extra[1], ("name.1".to_owned(), "again".to_owned()));
    assert_eq!(tasks[1].key.as_str(), "t1~2");
    for code in ["missing-word", "twin-id", "not-an-integer", "nul-byte", "unnamed-column", "duplicate-column"] {
        assert_eq!(report.finding_totals[code], 1, "{code}");
    }
}

#[test]
fn too_many_damaged_records_stop_the_import_before_anything_is_written() {
    let mut bench = Bench::with(&[("tasks.csv", b"task_id,name\nt1,One,x\nt2,Two,x\n")]);
    bench.max_quarantined = Some(1);
    let error = bench.try_import(bench.store(), &Quiet, &AtomicBool::new(false)).unwrap_err();
    assert!(matches!(error, Error::TooManyQuarantined { found: 2, allowed: 1 }));
    assert!(!bench.backups().exists());
    bench.max_quarantined = Some(2);
    assert_eq!(bench.import().exit_code, 3);
}

#[test]
fn all_findings_are_counted_and_the_first_are_listed() {
    let rows: String = (0..50).map(|n| format!("t{n},NA\n")).collect();
    let mut bench = Bench::with(&[("tasks.csv", format!("task_id,name\n{rows}").as_bytes())]);
    bench.limits.listed_per_code = 3;
    let report = bench.import();
    assert_eq!((report.finding_totals["missing-word"], report.findings.len()), (50, 3));
}
