//! The sample folders: opened, read, changed by one cell.

use crate::support::{all_files, guest, list};
use landfast_domain::record::Record;
use landfast_domain::tasks::{
    Emotion, Job, JobTask, LegacyRow, Note, PopupResponse, PopupTrigger, Preference, SurveyResponse, Task, TaskInstance,
};
use landfast_domain::{Result, Store};
use landfast_legacy::csv::{CsvReader, Record as CsvRecord};
use landfast_legacy::files::FileStore;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const SETS: [&str; 4] = ["nov2025", "dec18", "data", "mar2026"];

/// A copy of a sample folder with each CSV file's bytes changed.
fn copy(set: &str, change: fn(Vec<u8>) -> Vec<u8>) -> TempDir {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testkit/fixtures/tasks").join(set);
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in all_files(&source) {
        let bytes = if name.ends_with(".csv") { change(bytes) } else { bytes };
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

fn as_it_is(bytes: Vec<u8>) -> Vec<u8> {
    bytes
}

fn without_final_newline(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.truncate(bytes.trim_ascii_end().len());
    bytes
}

/// As a program on Windows writes it and an editor saves it.
fn crlf_with_bom(bytes: Vec<u8>) -> Vec<u8> {
    let mut out = b"\xef\xbb\xbf".to_vec();
    let mut quoted = false;
    for byte in bytes {
        quoted ^= byte == b'"';
        if byte == b'\n' && !quoted && out.last() != Some(&b'\r') {
            out.push(b'\r');
        }
        out.push(byte);
    }
    out
}

fn raw_records(file: &[u8]) -> Vec<Vec<u8>> {
    let mut reader = CsvReader::new(file).unwrap();
    let mut parts = vec![reader.header().raw().to_vec()];
    let mut record = CsvRecord::new();
    while reader.read_record(&mut record).unwrap() {
        parts.push(record.raw_with_leading().to_vec());
    }
    parts.push(reader.trailing().to_vec());
    parts
}

fn for_every_kind(mut each: impl FnMut(&str)) {
    macro_rules! kinds { ($($kind:ident)*) => { $( each($kind::FILE); )* } }
    kinds!(Task TaskInstance Emotion Preference SurveyResponse Note Job JobTask PopupTrigger PopupResponse);
}

/// Puts one record of a kind back as it was read, with a cell changed and changed back.
fn touch<R: Record>(store: &dyn Store) {
    store
        .write(|r| {
            let repository = R::repository(r);
            let records = repository.list(&guest())?;
            let Some(record) = records.into_iter().next() else { return Ok(()) };
            let mut other = record.clone();
            other.set_cell(0, "other".to_owned());
            repository.update(&guest(), &other)?;
            repository.update(&guest(), &record)
        })
        .unwrap();
}

fn touch_all(store: &dyn Store) {
    macro_rules! kinds { ($($kind:ident)*) => { $( touch::<$kind>(store); )* } }
    kinds!(Task TaskInstance Emotion Preference SurveyResponse Note Job JobTask PopupTrigger PopupResponse);
}

#[test]
fn reading_everything_and_writing_it_back_changes_no_byte() {
    for set in SETS {
        for change in [as_it_is, crlf_with_bom, without_final_newline] {
            let folder = copy(set, change);
            let before = all_files(folder.path());
            let store = FileStore::open(folder.path()).unwrap();
            assert!(list::<TaskInstance>(&store).len() > 5);
            assert!(!list::<LegacyRow>(&store).is_empty());
            assert_eq!(store.rejected(&guest()).unwrap(), []);
            touch_all(&store);
            assert_eq!(all_files(folder.path()), before, "{set}");
        }
    }
}

/// Changes one cell of the record in the middle and gives its number.
fn change_one<R: Record>(store: &dyn Store) -> Result<Option<usize>> {
    store.write(|r| {
        let repository = R::repository(r);
        let records = repository.list(&guest())?;
        let number = records.len() / 2;
        let Some(record) = records.get(number) else { return Ok(None) };
        let mut record = record.clone();
        record.set_cell(0, "changed, \"quoted\"\r\nin two lines".to_owned());
        repository.update(&guest(), &record)?;
        Ok(Some(number))
    })
}

fn change_file(store: &dyn Store, file: &str) -> Option<usize> {
    macro_rules! kinds { ($($kind:ident)*) => { $(
        if $kind::FILE == file { return change_one::<$kind>(store).unwrap(); }
    )* } }
    kinds!(Task TaskInstance Emotion Preference SurveyResponse Note Job JobTask PopupTrigger PopupResponse);
    None
}

#[test]
fn one_changed_cell_changes_one_record_of_one_file() {
    for set in SETS {
        for change in [as_it_is, crlf_with_bom] {
            let folder = copy(set, change);
            let store = FileStore::open(folder.path()).unwrap();
            for_every_kind(|file| {
                let before = all_files(folder.path());
                let Some(number) = change_file(&store, file) else { return };
                let after = all_files(folder.path());
                let changed: Vec<_> = after
                    .iter()
                    .filter(|(name, bytes)| before.get(*name) != Some(bytes))
                    .map(|(name, _)| name.as_str())
                    .collect();
                assert_eq!(changed, [file], "{set}");
                let (old, new) = (raw_records(&before[file]), raw_records(&after[file]));
                assert_eq!(old.len(), new.len(), "{set} {file}");
                let differing: Vec<_> = (0..old.len()).filter(|at| old[*at] != new[*at]).collect();
                assert_eq!(differing, [number + 1], "{set} {file}");
            });
        }
    }
}
