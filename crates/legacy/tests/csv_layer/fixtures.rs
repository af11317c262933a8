//! The CSV layer on files written by the legacy programs.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{File, values};
use landfast_legacy::csv::{CsvWriter, LineEnd, Shape, count_records, write_row};

fn files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testkit/fixtures/tasks");
    let mut found = Vec::new();
    for folder in fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        found.extend(entries.filter(|path| path.extension().is_some_and(|extension| extension == "csv")));
    }
    found.sort();
    assert_eq!(found.len(), 24, "the fixtures are there");
    found
}

#[test]
fn every_file_is_read_without_loss_and_as_the_csv_crate_reads_it() {
    for path in files() {
        let bytes = fs::read(&path).unwrap();
        let file = File::read(&bytes);
        assert_eq!(file.concatenated(), bytes, "{}", path.display());
        assert!(!file.is_damaged(), "{}", path.display());
        let mut other = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&bytes[..]);
        let theirs: Vec<Vec<String>> =
            other.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect();
        let mut ours = vec![values(file.header.record())];
        ours.extend(file.values());
        assert_eq!(ours, theirs, "{}", path.display());
        let counts = count_records(&bytes[..]).unwrap();
        assert_eq!((counts.records, counts.header_cells), (file.records.len() as u64, file.header.columns() as u64));
    }
}

#[test]
fn rows_rendered_anew_have_the_bytes_pandas_wrote() {
    for path in files() {
        let bytes = fs::read(&path).unwrap();
        let file = File::read(&bytes);
        for record in &file.records {
            let mut out = Vec::new();
            write_row(&mut out, &values(record), record.line_end().unwrap_or(LineEnd::Lf));
            assert_eq!(out, record.raw(), "{} line {}", path.display(), record.line());
        }
        let mut writer = CsvWriter::new(Vec::new(), file.dialect.line_end);
        writer.write_header(&file.header).unwrap();
        file.records.iter().for_each(|record| writer.write_record(record).unwrap());
        writer.write_blank(&file.trailing).unwrap();
        assert_eq!(writer.into_inner(), bytes);
    }
}

#[test]
fn the_old_log_has_a_short_row() {
    let path = files().into_iter().find(|path| path.ends_with("data/logs.csv")).unwrap();
    let file = File::read(&fs::read(path).unwrap());
    assert_eq!(file.records[0].shape(), Shape::Short { missing: 7 });
    assert_eq!(file.records[0].cell(0), Ok("Dummy entry"));
    assert!(file.records[1..].iter().all(|record| record.shape() == Shape::Exact));
}
