//! Records of the sample files: decoded, counted, and encoded again.

#![expect(clippy::unwrap_used, reason = "a test that fails here has found something")]

use landfast_domain::record::{Placed, Record};
use landfast_domain::tasks::{Task, TaskInstance};
use landfast_legacy::csv::{count_records, edit_record};
use landfast_legacy::table::{
    CODES, Decoded, Finding, KeyCounter, Reject, Row, RowReader, TableLayout, added_cells, changed_cells, decode,
    new_cells,
};
use landfast_legacy::tasks::{FileKind, ShelfReader, TableKind, TableVisitor, is_tasks_folder, list_files};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testkit/fixtures/tasks")
}

fn decode_all<R: Record>(file: &[u8]) -> Vec<Result<Decoded<R>, Reject>> {
    let mut reader = RowReader::new(file).unwrap();
    let layout = TableLayout::new::<R>(reader.header());
    let (mut keys, mut row, mut all) = (KeyCounter::default(), Row::default(), Vec::new());
    while reader.read_row(&mut row).unwrap() {
        all.push(decode(&layout, &row, &mut keys));
    }
    all
}

fn only<R: Record>(file: &str) -> Decoded<R> {
    let mut all = decode_all(file.as_bytes());
    assert_eq!(all.len(), 1);
    all.remove(0).unwrap()
}

fn codes(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.code).collect()
}

/// Decodes a file and checks that every record encodes to its own row.
struct RoundTrip<'a>(&'a [u8]);

impl TableVisitor for RoundTrip<'_> {
    type Output = (u64, BTreeMap<&'static str, usize>);

    fn visit<R: Record>(self) -> Self::Output {
        let mut reader = RowReader::new(self.0).unwrap();
        let layout = TableLayout::new::<R>(reader.header());
        let (mut keys, mut row) = (KeyCounter::default(), Row::default());
        let (mut parts, mut findings, mut known) = (0, BTreeMap::new(), std::collections::HashSet::new());
        while reader.read_row(&mut row).unwrap() {
            parts += row.parts();
            let decoded = decode::<R>(&layout, &row, &mut keys).unwrap();
            assert_eq!(changed_cells(&layout, &row, &decoded.record), []);
            assert_eq!(added_cells(&layout, &decoded.record), []);
            let cells = new_cells(&layout, &decoded.record);
            assert!(cells.iter().enumerate().all(|(column, text)| row.record().cell(column).unwrap() == text));
            assert!(known.insert(decoded.record.key().clone()), "keys are unique");
            for finding in decoded.findings {
                assert!(CODES.iter().any(|(code, ..)| *code == finding.code));
                *findings.entry(finding.code).or_insert(0) += 1;
            }
        }
        (parts, findings)
    }
}

#[test]
fn every_row_of_the_samples_becomes_a_record_and_its_own_cells_again() {
    let mut files = 0;
    for set in ["nov2025", "dec18", "data", "mar2026"] {
        let folder = fixtures().join(set);
        assert!(is_tasks_folder(&folder).unwrap(), "{set}");
        for file in list_files(&folder).unwrap() {
            let FileKind::Table(kind) = file.kind else { continue };
            let bytes = fs::read(&file.location).unwrap();
            let (parts, findings) = kind.visit(RoundTrip(&bytes));
            assert_eq!(parts, count_records(&bytes[..]).unwrap().records, "{set} {}", file.path);
            files += 1;
            if set == "mar2026" {
                assert_eq!(findings, BTreeMap::new(), "an export of the newest version is clean: {}", file.path);
            }
        }
    }
    assert_eq!(files, 22);
}

#[test]
fn the_changes_made_to_the_sample_by_hand_are_found() {
    let bytes = fs::read(fixtures().join("data/task_instances.csv")).unwrap();
    let (rows, findings) = TableKind::TaskInstance.visit(RoundTrip(&bytes));
    assert_eq!(rows, 488);
    let expected = [
        ("boolean-spelling", 4),
        ("duplicate-json-key", 1),
        ("json-nan", 3),
        ("json-not-object", 3),
        ("malformed-json", 3),
        ("missing-word", 6),
        ("not-a-boolean", 1),
        ("not-a-date", 4),
        ("not-a-number", 3),
        ("not-an-integer", 1),
        ("short-row", 1),
        ("twin-id", 3),
    ];
    assert_eq!(findings, BTreeMap::from(expected));
}

#[test]
fn files_without_a_table_are_cut_into_records_that_are_the_file_again() {
    for (set, count) in [("data", 2), ("nov2025", 2), ("dec18", 1), ("mar2026", 1)] {
        let mut files = 0;
        for file in list_files(&fixtures().join(set)).unwrap() {
            let (FileKind::Shelf(format) | FileKind::Other(format)) = file.kind else { continue };
            let bytes = fs::read(&file.location).unwrap();
            let mut reader = ShelfReader::new(format, &bytes[..]).unwrap();
            let mut copy = Vec::new();
            while let Some(record) = reader.next_record().unwrap() {
                record.content.unwrap();
                copy.extend(record.raw);
            }
            copy.extend_from_slice(reader.trailing());
            assert_eq!(copy, bytes, "{}", file.path);
            files += 1;
        }
        assert_eq!(files, count, "{set}");
    }
}

#[test]
fn absent_columns_have_their_defaults_and_missing_cells_are_empty() {
    let task = only::<Task>("task_id,version,name,task_type\nt1\n");
    assert_eq!(codes(&task.findings), ["short-row"]);
    let record = task.record;
    assert_eq!((record.version.raw(), record.task_type.raw()), ("", ""), "there is a column, but no cell");
    assert_eq!((record.routine_frequency.raw(), record.routine_time.raw()), ("none", "00:00"), "there is no column");
    assert_eq!(only::<Task>("task_id\nt1\n").record.task_type.raw(), "Work");
}

#[test]
fn a_row_that_is_too_long_is_loaded_only_when_nothing_is_in_its_surplus() {
    let decoded = only::<Task>("task_id,name\nt1,Run,,\n");
    assert_eq!(codes(&decoded.findings), ["trailing-empty-cells"]);
    let rejected = decode_all::<Task>(b"task_id,name\nt1,Run, slowly\nt2,Read\n");
    assert_eq!(rejected[0].as_ref().unwrap_err().code, "long-row");
    assert!(rejected[1].is_ok());
}

#[test]
fn rows_in_doubt_are_rejected_with_their_column() {
    let all = decode_all::<Task>(b"task_id,name,mood\nt1,R\xff,\nt2,\"open,\nt3,Read,ok\nt4,torn\rapart\n");
    let outcome: Vec<_> = all
        .iter()
        .map(|row| row.as_ref().map(|_| ()).map_err(|reject| (reject.code, reject.column.as_str())))
        .collect();
    assert_eq!(
        outcome,
        [
            Err(("invalid-utf8", "name")),
            Err(("unterminated-quote", "name")),
            Ok(()),
            Err(("bare-cr", "")),
            Err(("bare-cr", "")),
        ]
    );
}

#[test]
fn a_row_torn_by_a_carriage_return_is_one_record_with_it() {
    let decoded = only::<Task>("task_id,name,description\nt1,Run\rslowly,x\n");
    assert_eq!(decoded.record.name.raw(), "Run\rslowly");
    assert_eq!(codes(&decoded.findings), ["bare-cr-joined"]);
}

#[test]
fn quotes_and_nul_bytes_in_odd_places_are_told() {
    let decoded = only::<Task>("task_id,name,description\nt1,\"Run\"s,5\" nail\0\n");
    assert_eq!(decoded.record.name.raw(), "Runs");
    assert_eq!(decoded.record.description.raw(), "5\" nail\0");
    let mut found = codes(&decoded.findings);
    found.sort_unstable();
    assert_eq!(found, ["nul-byte", "stray-quote", "text-after-quote"]);
    assert_eq!(decoded.findings[0].column, "name");
}

#[test]
fn twins_and_records_without_id_are_told_with_their_keys() {
    let all = decode_all::<Task>(b"task_id,name\nt1,a\nt1,b\n,c\n");
    let found: Vec<_> = all
        .iter()
        .map(|row| row.as_ref().unwrap())
        .map(|row| (row.record.key.as_str(), codes(&row.findings)))
        .collect();
    assert_eq!(found, [("t1", vec![]), ("t1~2", vec!["twin-id"]), ("~1", vec!["no-id"])]);
}

#[test]
fn a_rejected_row_takes_no_key() {
    let all = decode_all::<Task>(b"task_id,name\nt1,a,surplus\nt1,b\n");
    assert_eq!(all[1].as_ref().unwrap().record.key.as_str(), "t1");
}

#[test]
fn changed_cells_are_exactly_those_that_differ() {
    let file = "mood,name,task_id,name\ngood,Run,t1,again\n";
    let mut reader = RowReader::new(file.as_bytes()).unwrap();
    let layout = TableLayout::new::<Task>(reader.header());
    let mut row = Row::default();
    reader.read_row(&mut row).unwrap();
    let mut record = decode::<Task>(&layout, &row, &mut KeyCounter::default()).unwrap().record;
    record.set_cell_named("name.1", "once more".to_owned());
    record.set_cell_named("task_type", "Play".to_owned());
    record.set_cell_named("weather", String::new());
    let changed = changed_cells(&layout, &row, &record);
    assert_eq!(changed, [(3, "once more".to_owned())]);
    let added = [("task_type".to_owned(), "Play".to_owned()), ("weather".to_owned(), String::new())];
    assert_eq!(added_cells(&layout, &record), added);
    let mut out = Vec::new();
    let edits: Vec<_> = changed.iter().map(|(column, text)| (*column, text.as_str())).collect();
    edit_record(row.record(), &edits, &mut out).unwrap();
    assert_eq!(out, b"good,Run,t1,once more\n");
}

#[test]
fn a_removed_unknown_cell_is_an_empty_one() {
    let file = "instance_id,mood,place\ni1,good,home\n";
    let mut reader = RowReader::new(file.as_bytes()).unwrap();
    let layout = TableLayout::new::<TaskInstance>(reader.header());
    let mut row = Row::default();
    reader.read_row(&mut row).unwrap();
    let mut placed = Placed {
        position: 1,
        source: None,
        record: decode::<TaskInstance>(&layout, &row, &mut KeyCounter::default()).unwrap().record,
    };
    placed.record.extra.remove(0);
    assert_eq!(changed_cells(&layout, &row, &placed.record), [(1, String::new())]);
}

#[test]
fn every_code_is_explained_in_the_guide_with_the_words_of_the_reports() {
    let guide = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/MIGRATING.md")).unwrap();
    for (code, meaning, outcome) in CODES {
        let line = format!("| `{code}` | {meaning} | {outcome} |");
        assert!(guide.lines().any(|own| own == line), "docs/MIGRATING.md lacks {line}");
    }
}
