//! Writing and editing CSV. Expected bytes are what pandas 2.3 writes unless a test says otherwise.

use crate::support::File;
use landfast_legacy::csv::{
    CsvError, CsvWriter, LineEnd, ReadOptions, append_row, edit_record, extend_header, write_cell, write_row,
};

fn cell(text: &str, single_column: bool) -> String {
    let mut out = Vec::new();
    write_cell(&mut out, text, single_column);
    String::from_utf8(out).unwrap()
}

#[test]
fn cells_are_quoted_as_pandas_does() {
    let plain = [" a", "a ", "#x", "'", "a;b", "\\", "-1", "\u{2028}", "\x0B", "a\tb", "é", "\0", "\x1A", "a\u{FEFF}"];
    for text in plain {
        assert_eq!(cell(text, false), text);
        assert_eq!(cell(text, true), text);
    }
    for (text, written) in
        [("a,b", "\"a,b\""), ("\"", "\"\"\"\""), ("a\"", "\"a\"\"\""), ("\n", "\"\n\""), ("a\r\nb", "\"a\r\nb\"")]
    {
        assert_eq!(cell(text, false), written);
        assert_eq!(cell(text, true), written);
    }
    assert_eq!((cell("", false), cell("", true)), (String::new(), "\"\"".into()));
}

#[test]
fn cells_a_reader_would_not_get_back_are_quoted_beyond_pandas() {
    assert_eq!(cell("a\rb", false), "\"a\rb\"");
    assert_eq!(cell("\u{FEFF}id", false), "\"\u{FEFF}id\"");
    assert_eq!((cell(" \t", false), cell(" \t", true)), (" \t".into(), "\" \t\"".into()));
}

#[test]
fn rows_end_as_asked() {
    let mut out = Vec::new();
    write_row(&mut out, &["a", "", "c"], LineEnd::Lf);
    write_row(&mut out, &[String::new()], LineEnd::CrLf);
    write_row(&mut out, &[] as &[&str], LineEnd::Lf);
    assert_eq!(out, b"a,,c\n\"\"\r\n");
}

/// Edits the only record of `row` below a header `a,b,c`.
fn edit(row: &[u8], edits: &[(usize, &str)]) -> (String, bool) {
    let file = File::read(&[b"a,b,c\n", row].concat());
    let mut out = Vec::new();
    let changed = edit_record(&file.records[0], edits, &mut out).unwrap();
    (String::from_utf8(out).unwrap(), changed)
}

#[test]
fn an_edit_keeps_all_other_bytes() {
    let row = b" \r\n\"1\",x\"y,\"a\"b\r\n";
    assert_eq!(edit(row, &[(1, "new, text")]), (" \r\n\"1\",\"new, text\",\"a\"b\r\n".into(), true));
    assert_eq!(edit(row, &[(2, "z"), (2, ""), (0, "2")]), (" \r\n2,x\"y,\r\n".into(), true));
    // The value is there already, in quotes pandas would not write: nothing changes.
    assert_eq!(edit(row, &[(0, "1"), (2, "ab")]), (String::from_utf8(row.to_vec()).unwrap(), false));
    assert_eq!(edit(b"1,2,3", &[(2, "4")]), ("1,2,4".into(), true));
}

#[test]
fn a_line_break_mends_the_quotes_around_it() {
    // Left as it is, the new last line `", "` would be a faultless record of a one-column file.
    let file = File::read(b"a\n\"\", \"\n");
    let mut out = Vec::new();
    edit_record(&file.records[0], &[(0, "\n")], &mut out).unwrap();
    assert_eq!(out, b"\"\n\",\" \"\"\"\n");
    assert_eq!(File::read(&[b"a\n", &out[..]].concat()).values(), [["\n", " \""]]);
}

#[test]
fn short_rows_grow_only_as_far_as_needed() {
    assert_eq!(edit(b"1\n", &[(1, "x")]), ("1,x\n".into(), true));
    assert_eq!(edit(b"1\n", &[(2, "x")]), ("1,,x\n".into(), true));
    assert_eq!(edit(b"1\n", &[(1, ""), (2, "")]), ("1\n".into(), false));
    assert_eq!(edit(b"1\n", &[(4, "new column")]), ("1,,,,new column\n".into(), true));
    // A row of one cell must not turn into a blank line.
    assert_eq!(edit(b"1\n", &[(0, "")]), ("\"\"\n".into(), true));
    assert_eq!(edit(b"1\n", &[(0, " ")]), ("\" \"\n".into(), true));
    assert_eq!(edit(b"1\n", &[(0, ""), (1, "x")]), (",x\n".into(), true));
}

#[test]
fn long_rows_keep_their_surplus() {
    assert_eq!(edit(b"1,2,3,\"4\",\n", &[(1, "x")]), ("1,x,3,\"4\",\n".into(), true));
    let file = File::read(b"a,b,c\n1,2,3,4\n");
    let mut out = Vec::new();
    let error = edit_record(&file.records[0], &[(0, "x"), (3, "new")], &mut out).unwrap_err();
    assert!(matches!(error, CsvError::SurplusCell { line: 2, column: 3 }));
    assert_eq!(error.to_string(), "line 2: cell 3 lies beyond the header and holds surplus text already");
    assert!(out.is_empty());
}

#[test]
fn damaged_records_are_copied_but_not_edited() {
    let file = File::read(b"a,b\n1,\"open\n2,3\n");
    let mut out = Vec::new();
    assert!(matches!(edit_record(&file.records[0], &[(0, "x")], &mut out), Err(CsvError::DamagedRecord { line: 2 })));
    assert!(out.is_empty());
    assert!(!edit_record(&file.records[0], &[(0, "1")], &mut out).unwrap());
    assert_eq!(out, file.records[0].raw());

    let options = ReadOptions { max_record_bytes: 4, ..ReadOptions::default() };
    let file = File::read_from(&b"a,b\nxxxxxxxxx\n"[..], options);
    let mut writer = CsvWriter::new(Vec::new(), LineEnd::Lf);
    let error = writer.write_record(&file.records[0]).unwrap_err();
    assert_eq!(error.to_string(), "line 2: the record of 10 bytes was not kept and cannot be written");
    assert!(matches!(writer.write_edited(&file.records[0], &[]), Err(CsvError::IncompleteRecord { .. })));
    assert_eq!(writer.bytes(), 0);
}

#[test]
fn columns_are_added_to_the_header_alone() {
    let extended = |bytes: &[u8]| {
        let mut out = Vec::new();
        extend_header(&File::read(bytes).header, &["x,y", "z"], LineEnd::CrLf, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    assert_eq!(extended(b"\xEF\xBB\xBF\n\"a\",b\n1,2\n"), "\u{FEFF}\n\"a\",b,\"x,y\",z\n");
    assert_eq!(extended(b"a"), "a,\"x,y\",z");
    assert_eq!(extended(b""), "\"x,y\",z\r\n");
    assert_eq!(extended(b"\xEF\xBB\xBF"), "\u{FEFF}\"x,y\",z\r\n");
    assert_eq!(extended(b"\n  "), "\n  \r\n\"x,y\",z\r\n");
    let mut out = Vec::new();
    let damaged = File::read(b"a,\"b\n1,2\n");
    assert!(matches!(
        extend_header(&damaged.header, &["c"], LineEnd::Lf, &mut out),
        Err(CsvError::DamagedRecord { line: 1 })
    ));
    extend_header(&damaged.header, &[] as &[&str], LineEnd::Lf, &mut out).unwrap();
    assert_eq!(out, b"a,\"b\n");
}

#[test]
fn appending_ends_the_last_line_first() {
    let appended = |bytes: &[u8]| {
        let mut all = bytes.to_vec();
        append_row(&mut all, &File::read(bytes).dialect, &["x", "y"]);
        String::from_utf8(all).unwrap()
    };
    assert_eq!(appended(b"a,b\n1,2\n"), "a,b\n1,2\nx,y\n");
    assert_eq!(appended(b"a,b\r\n1,2"), "a,b\r\n1,2\r\nx,y\r\n");
    assert_eq!(appended(b"a,b\n1,2\n "), "a,b\n1,2\n \nx,y\n");
    assert_eq!(appended(b"a,b"), "a,b\nx,y\n");
    assert_eq!(appended(b""), "x,y\n");
}

#[test]
fn a_whole_file_is_copied_and_changed_with_the_writer() {
    let bytes = b"\xEF\xBB\xBFa,b\r\n1,2\r\n\r\n3,\"4\"\r\n5";
    let file = File::read(bytes);
    let mut writer = CsvWriter::new(Vec::new(), file.dialect.line_end);
    writer.write_header(&file.header).unwrap();
    for record in &file.records {
        writer.write_record(record).unwrap();
    }
    writer.write_blank(&file.trailing).unwrap();
    assert_eq!(writer.bytes(), bytes.len() as u64);
    assert_eq!(writer.into_inner(), bytes);

    let mut writer = CsvWriter::new(Vec::new(), file.dialect.line_end);
    writer.write_header(&file.header).unwrap();
    writer.write_record(&file.records[2]).unwrap();
    writer.write_edited(&file.records[1], &[(0, "x")]).unwrap();
    writer.write_row(&["n", ""]).unwrap();
    assert_eq!(writer.into_inner(), b"\xEF\xBB\xBFa,b\r\n5\r\n\r\nx,\"4\"\r\nn,\r\n");
}

#[test]
fn an_empty_file_with_a_byte_order_mark_grows_without_a_blank_line() {
    let file = File::read(b"\xEF\xBB\xBF");
    let mut writer = CsvWriter::new(Vec::new(), LineEnd::Lf);
    writer.write_header(&file.header).unwrap();
    writer.write_row(&["a"]).unwrap();
    assert_eq!(writer.into_inner(), b"\xEF\xBB\xBFa\n");
}
