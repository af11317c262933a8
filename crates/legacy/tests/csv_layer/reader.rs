//! The grammar of the CSV reader. Expected values are what pandas 2.3 reads with `dtype=str`.

use crate::support::{File, codes};
use landfast_legacy::csv::pandas::{MISSING_WORDS, detect_shift, reads_as_missing};
use landfast_legacy::csv::{CsvError, CsvReader, LineEnd, Record, Shape};

fn values(bytes: &[u8]) -> Vec<Vec<String>> {
    let file = File::read(bytes);
    assert_eq!(file.concatenated(), bytes, "{:?}", String::from_utf8_lossy(bytes));
    file.values()
}

#[test]
fn line_ends_and_blank_lines_are_those_of_pandas() {
    let two: &[&[u8]] = &[
        b"a,b\n1,2\n3,4\n",
        b"a,b\n1,2\n3,4",
        b"a,b\r\n1,2\r\n\r\n3,4\r\n",
        b"a,b\r1,2\r\r3,4",
        b"a,b\n1,2\r3,4\r",
        b"a,b\n1,2\r\r\n3,4\n",
        b"a,b\n1,2\n\r\n3,4\n",
        b"a,b\n1,2\n   \n3,4\n",
        b"a,b\n1,2\n \t \r\n3,4\n \n",
        b"a,b\r1,2\r  \r3,4\r  ",
        b"\n\na,b\n1,2\n3,4\n",
        b"  \na,b\n1,2\n3,4\n",
        b"\xEF\xBB\xBFa,b\n1,2\n3,4\n",
        b"\xEF\xBB\xBF\"a\",b\n1,2\n3,4\n",
        b"\xEF\xBB\xBF\na,b\n1,2\n3,4\n",
    ];
    for bytes in two {
        assert_eq!(values(bytes), [["1", "2"], ["3", "4"]], "{:?}", String::from_utf8_lossy(bytes));
        assert_eq!(File::read(bytes).header.names(), ["a", "b"]);
    }
    // White space pandas does not know as blank makes a record.
    assert_eq!(values(b"a,b\n1,2\n\x0B\n"), [vec!["1", "2"], vec!["\x0B"]]);
    assert_eq!(values("a,b\n1,2\n\u{A0}\n".as_bytes()), [vec!["1", "2"], vec!["\u{A0}"]]);
    // A byte order mark behind a blank line is text.
    assert_eq!(File::read(b"\n\xEF\xBB\xBFa,b\n").header.names(), ["\u{FEFF}a", "b"]);
}

#[test]
fn quotes_open_only_at_the_start_of_a_cell() {
    let cases: &[(&[u8], &[&str], &[&str])] = &[
        (b"1,x\"y\"z\n", &["1", "x\"y\"z"], &["stray_quote"]),
        (b"1, \"x\"\n", &["1", " \"x\""], &["stray_quote"]),
        (b"  \"x\",2\n", &["  \"x\"", "2"], &["stray_quote"]),
        (b"  \"\"\n", &["  \"\""], &["stray_quote"]),
        (b"\"ab\"c,2\n", &["abc", "2"], &["text_after_quote"]),
        (b"\"x\" ,2\n", &["x ", "2"], &["text_after_quote"]),
        (b"\"x\"y\"\"z,2\n", &["xy\"\"z", "2"], &["text_after_quote"]),
        (b"\"x\"\"\"y,2\n", &["x\"y", "2"], &["text_after_quote"]),
        (b"\"ab\"c\"d,e\",2\n", &["abc\"d", "e\"", "2"], &["text_after_quote", "stray_quote"]),
        (b"\"x,\"\"y\"\"\",\"\"\n", &["x,\"y\"", ""], &[]),
        (b"\"x\r\ny\",\"\rz\n\"\n", &["x\r\ny", "\rz\n"], &[]),
        (b"\"\"\n", &[""], &[]),
        (b",\n", &["", ""], &[]),
        (b"1,\"ab\"", &["1", "ab"], &[]),
        (b"1,", &["1", ""], &[]),
    ];
    for (row, expected, problems) in cases {
        let file = File::read(&[b"a,b\n", *row].concat());
        assert_eq!(file.values(), [*expected], "{:?}", String::from_utf8_lossy(row));
        assert_eq!(codes(&file.records[0]), *problems, "{:?}", String::from_utf8_lossy(row));
        assert!(!file.is_damaged());
    }
}

#[test]
fn one_column_files_keep_quoted_empty_cells() {
    assert_eq!(values(b"a\nx\n\"\"\n\ny\n"), [["x"], [""], ["y"]]);
    assert_eq!(values(b"a\n\"\" \nx\n"), [[" "], ["x"]]);
}

#[test]
fn records_know_their_place() {
    let bytes = b"\xEF\xBB\xBFa,b\r\n\r\n1,\"x\r\ny\n\rz\"\r\n \n2,\"\"\r3,4,5\n6";
    let file = File::read(bytes);
    assert_eq!(file.concatenated(), bytes);
    let header = file.header.record();
    assert_eq!(
        (header.offset(), header.line(), header.leading(), header.raw()),
        (3, 1, &b"\xEF\xBB\xBF"[..], &b"a,b\r\n"[..])
    );
    let places: Vec<_> =
        file.records.iter().map(|r| (r.ordinal(), r.offset(), r.line(), r.quoted_newlines())).collect();
    assert_eq!(places, [(0, 10, 3, 3), (1, 25, 8, 0), (2, 30, 9, 0), (3, 36, 10, 0)]);
    for record in &file.records {
        let start = record.offset() as usize;
        assert_eq!(&bytes[start..start + record.byte_len() as usize], record.raw());
    }
    assert_eq!(file.records[0].leading(), b"\r\n");
    assert_eq!(file.records[1].leading(), b" \n");
    assert_eq!(file.records[1].cell_raw(1), Some(&b"\"\""[..]));
    assert_eq!(
        (file.records[1].is_quoted(0), file.records[1].is_quoted(1), file.records[1].is_quoted(2)),
        (false, true, false)
    );
    let ends: Vec<_> = file.records.iter().map(Record::line_end).collect();
    assert_eq!(ends, [Some(LineEnd::CrLf), Some(LineEnd::Cr), Some(LineEnd::Lf), None]);
    let shapes: Vec<_> = file.records.iter().map(Record::shape).collect();
    assert_eq!(shapes, [Shape::Exact, Shape::Exact, Shape::Long { extra: 1 }, Shape::Short { missing: 1 }]);
    assert_eq!(file.records[3].cell(1), Ok(""));
    assert_eq!(file.records[3].cell_raw(1), None);
}

#[test]
fn the_dialect_is_reported() {
    let dialect = File::read(b"\xEF\xBB\xBFa\r\n1\r\n2\n3\r4").dialect;
    assert!(dialect.bom && dialect.is_mixed());
    assert_eq!((dialect.line_end, dialect.crlf, dialect.lf, dialect.cr), (LineEnd::CrLf, 2, 1, 1));
    assert_eq!(dialect.final_newline, Some(false));
    let dialect = File::read(b"a\n\"1\r\n\"\n\r\n").dialect;
    assert!(!dialect.is_mixed());
    assert_eq!((dialect.line_end, dialect.lf, dialect.final_newline), (LineEnd::Lf, 2, Some(true)));
    let reader = CsvReader::new(&b"a\n1\n"[..]).unwrap();
    assert_eq!(reader.dialect().final_newline, None);
}

#[test]
fn files_without_records_are_legal() {
    for bytes in [&b""[..], b"\xEF\xBB\xBF", b"\n\r\n", b"\xEF\xBB\xBF  ", b"a,b", b"a,b\n", b"a,b\r\n\n"] {
        let file = File::read(bytes);
        assert_eq!(file.concatenated(), bytes);
        assert_eq!(file.position, bytes.len() as u64);
        assert!(file.records.is_empty());
        assert_eq!(file.header.columns(), if bytes.starts_with(b"a") { 2 } else { 0 });
        assert!(file.header.record().problems().is_empty());
    }
    assert_eq!(File::read(b"").dialect.final_newline, Some(true));
    assert_eq!(File::read(b"\xEF\xBB\xBF").dialect.final_newline, Some(true));
    assert_eq!(File::read(b"a,b").dialect.final_newline, Some(false));
    assert_eq!(File::read(b"a,b\n ").dialect.final_newline, Some(false));
}

#[test]
fn duplicate_names_are_reported_with_their_columns() {
    let header = File::read(b"id,a,\"b\nc\",a,,id,\n").header;
    assert_eq!(header.names(), ["id", "a", "b\nc", "a", "", "id", ""]);
    let duplicates: Vec<_> = header.duplicates().into_iter().map(|d| (d.name, d.columns)).collect();
    assert_eq!(duplicates, [("id".into(), vec![0, 5]), ("a".into(), vec![1, 3]), (String::new(), vec![4, 6])]);
    assert_eq!((header.index_of("a"), header.index_of("A")), (Some(1), None));
}

#[test]
fn wrong_bytes_are_problems_of_their_cell_alone() {
    let bytes = b"a,b,c\nok,\"x\"\"\xFF\xFEy\",\xC3\n1,\0z,2\n";
    let file = File::read(bytes);
    assert_eq!(file.concatenated(), bytes);
    let record = &file.records[0];
    assert_eq!(codes(record), ["invalid_utf8", "invalid_utf8"]);
    assert_eq!(record.problems()[0].to_string(), "cell 1 is not UTF-8 at byte 13");
    assert_eq!(record.cell(0), Ok("ok"));
    assert_eq!(record.cell(1).unwrap_err().to_string(), "line 2: cell 1 is not UTF-8 at byte 13");
    assert_eq!(record.cell(2).unwrap_err().offset, 18);
    assert_eq!(record.cell_bytes(1), b"x\"\xFF\xFEy");
    assert_eq!(record.cell_lossy(2), "\u{FFFD}");
    assert_eq!(codes(&file.records[1]), ["nul_byte"]);
    assert_eq!(file.records[1].cell(1), Ok("\0z"));
    assert!(!file.is_damaged());
}

#[test]
fn a_lone_cr_is_a_problem_unless_the_whole_file_uses_it() {
    let file = File::read(b"a,b\n1,x\ry\n2,z\n");
    assert_eq!(codes(&file.records[0]), ["lone_carriage_return"]);
    assert_eq!(file.records[0].problems()[0].to_string(), "a lone carriage return at byte 7 ends the record");
    assert_eq!(file.values(), [vec!["1", "x"], vec!["y"], vec!["2", "z"]]);
    assert!(File::read(b"a,b\r1,x\r2,y\r").records.iter().all(|record| record.problems().is_empty()));
}

#[test]
fn a_surplus_cell_in_the_first_record_is_a_shifted_header() {
    let shift = |bytes: &[u8]| {
        let file = File::read(bytes);
        file.records.first().and_then(|first| detect_shift(first, &file.header)).map(|shift| shift.label_cells)
    };
    assert_eq!(shift(b"a,b\n1,2,3\n4,5\n"), Some(1));
    assert_eq!(shift(b"a,b\n1,2,\n4,5,\n"), Some(1));
    assert_eq!(shift(b"a,b\n1,2,3,4\n"), Some(2));
    assert_eq!(shift(b"a,b\n1,2\n4,5,6\n"), None);
    assert_eq!(shift(b"a,b\n1\n"), None);
    assert_eq!(shift(b"a,b\n"), None);
    let later = File::read(b"a,b\n1,2\n4,5,6\n");
    assert_eq!(detect_shift(&later.records[1], &later.header), None);
}

#[test]
fn missing_words_are_exact() {
    assert!(MISSING_WORDS.iter().all(|word| reads_as_missing(word)));
    for near in ["none", "Null", "NA ", " ", "NAN", "#n/a", "#N/A N/A ", "0"] {
        assert!(!reads_as_missing(near), "{near}");
    }
}

/// Fails after its bytes are used up.
struct Failing<'a>(&'a [u8]);

impl std::io::Read for Failing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(std::io::Error::other("disk gone")),
            count => Ok(count),
        }
    }
}

#[test]
fn a_failing_source_is_never_taken_for_the_end() {
    assert!(matches!(CsvReader::new(Failing(b"a,b\n1,2\n")), Err(CsvError::Read { offset: 0, .. })));
    // Long enough that the failure comes after the header was read.
    let long = b"a,b\n1,2\n".repeat(100_000);
    let mut reader = CsvReader::new(Failing(&long)).unwrap();
    let mut record = Record::new();
    let error = loop {
        match reader.read_record(&mut record) {
            Ok(more) => assert!(more, "the end of the file was never seen"),
            Err(error) => break error,
        }
    };
    assert!(matches!(error, CsvError::Read { offset, .. } if offset > 0));
    assert!(matches!(reader.read_record(&mut record), Err(CsvError::Stopped { .. })));
    assert_eq!(reader.dialect().final_newline, None);
}
