//! Files without a table of their own, cut into records whose text can be kept and given back.

use super::kind::ShelfFormat;
use crate::csv::{self, CsvError, CsvReader, LineEnd, write_row};
use crate::table::{Reject, reject_for};
use std::io::{BufRead, BufReader, Read};

/// One record of such a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShelfRecord {
    /// Number within the file, from 0. The header of a CSV file counts as record 0.
    pub ordinal: u64,
    /// Position in the file of the record's first byte, blank lines before it included.
    pub offset: u64,
    /// Length in the file in bytes, from `offset` to the end of the record's line end.
    pub byte_len: u64,
    /// Physical line of the record's text, from 1.
    pub line: u64,
    /// The bytes from `offset` on; fewer than `byte_len` only for a CSV line of more than 64 MiB.
    pub raw: Vec<u8>,
    /// Text for [`LegacyRow::content`](landfast_domain::tasks::LegacyRow), or why there is none.
    pub content: Result<String, Reject>,
}

/// Reads such a file record by record.
///
/// The raw bytes of all records followed by [`ShelfReader::trailing`] are the file again.
///
/// ```
/// use landfast_legacy::tasks::{ShelfFormat, ShelfReader};
///
/// let file = b"name,value\nfirst,\"1,5\"\n";
/// let mut reader = ShelfReader::new(ShelfFormat::Csv, &file[..])?;
/// let header = reader.next_record()?.expect("two records");
/// assert_eq!(header.content.as_deref(), Ok(r#"["name","value"]"#));
/// let first = reader.next_record()?.expect("two records");
/// assert_eq!(first.content.as_deref(), Ok(r#"["first","1,5"]"#));
/// assert_eq!(first.raw, b"first,\"1,5\"\n");
/// assert!(reader.next_record()?.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct ShelfReader<S> {
    source: Source<S>,
    ordinal: u64,
    offset: u64,
    line: u64,
    trailing: Vec<u8>,
}

#[derive(Debug)]
enum Source<S> {
    Csv(Box<CsvReader<S>>),
    Lines(BufReader<S>),
    Document(Option<S>),
}

impl<S: Read> ShelfReader<S> {
    /// Starts at the first byte of a file.
    ///
    /// # Errors
    /// [`CsvError::Read`] when the source fails.
    pub fn new(format: ShelfFormat, source: S) -> Result<Self, CsvError> {
        let source = match format {
            ShelfFormat::Csv => Source::Csv(Box::new(CsvReader::new(source)?)),
            ShelfFormat::Lines => Source::Lines(BufReader::new(source)),
            ShelfFormat::Document => Source::Document(Some(source)),
        };
        Ok(Self { source, ordinal: 0, offset: 0, line: 1, trailing: Vec::new() })
    }

    /// The next record, `None` at the end. An empty document is one record, an empty CSV or line file none.
    ///
    /// # Errors
    /// [`CsvError::Read`] when the source fails.
    pub fn next_record(&mut self) -> Result<Option<ShelfRecord>, CsvError> {
        let found = match &mut self.source {
            Source::Csv(reader) if self.ordinal == 0 => match reader.header().columns() {
                // A file of blank lines only.
                0 => {
                    self.trailing = reader.header().raw().to_vec();
                    None
                }
                _ => Some(csv_record(reader.header().record(), 0)),
            },
            Source::Csv(reader) => {
                let mut record = csv::Record::new();
                if reader.read_record(&mut record)? {
                    Some(csv_record(&record, self.ordinal))
                } else {
                    self.trailing = reader.trailing().to_vec();
                    None
                }
            }
            Source::Lines(reader) => {
                let (raw, content_from, line) = next_line(reader, self.line, self.offset)?;
                self.line = line + 1;
                if content_from == raw.len() {
                    self.trailing = raw;
                    None
                } else {
                    let bytes = raw.get(content_from..).unwrap_or_default();
                    let content = text_of(
                        bytes.strip_suffix(b"\n").map_or(bytes, |rest| rest.strip_suffix(b"\r").unwrap_or(rest)),
                    );
                    Some(plain_record(self.ordinal, self.offset, line, raw, content))
                }
            }
            Source::Document(source) => match source.take() {
                None => None,
                Some(mut source) => {
                    let mut raw = Vec::new();
                    source.read_to_end(&mut raw).map_err(|source| CsvError::Read { offset: 0, source })?;
                    let content = text_of(&raw);
                    Some(plain_record(0, 0, 1, raw, content))
                }
            },
        };
        if let Some(record) = &found {
            self.ordinal += 1;
            self.offset = record.offset + record.byte_len;
        }
        Ok(found)
    }

    /// Blank lines after the last record; empty before [`next_record`](Self::next_record) gave `None`.
    #[must_use]
    pub fn trailing(&self) -> &[u8] {
        &self.trailing
    }
}

/// Bytes of a new record with this content, the opposite of reading.
///
/// `None` when the content does not fit the format: CSV content that is not a JSON list of texts, or a
/// line with a line break in it.
///
/// ```
/// use landfast_legacy::csv::LineEnd;
/// use landfast_legacy::tasks::{ShelfFormat, render_shelf};
///
/// let row = render_shelf(ShelfFormat::Csv, r#"["a","b,c"]"#, LineEnd::Lf);
/// assert_eq!(row.as_deref(), Some(&b"a,\"b,c\"\n"[..]));
/// assert_eq!(render_shelf(ShelfFormat::Lines, "two\nlines", LineEnd::Lf), None);
/// ```
#[must_use]
pub fn render_shelf(format: ShelfFormat, content: &str, line_end: LineEnd) -> Option<Vec<u8>> {
    match format {
        ShelfFormat::Csv => {
            let cells: Vec<String> = serde_json::from_str(content).ok()?;
            let mut out = Vec::with_capacity(content.len());
            write_row(&mut out, &cells, line_end);
            (!out.is_empty()).then_some(out)
        }
        ShelfFormat::Lines => {
            let blank = content.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\r'));
            if blank || content.contains('\n') {
                return None;
            }
            Some([content.as_bytes(), line_end.as_bytes()].concat())
        }
        ShelfFormat::Document => Some(content.as_bytes().to_vec()),
    }
}

fn csv_record(record: &csv::Record, ordinal: u64) -> ShelfRecord {
    let leading = u64::try_from(record.leading().len()).unwrap_or(u64::MAX);
    let content = match record.problems().iter().find_map(reject_for) {
        Some(reject) => Err(reject),
        None => (0..record.field_count())
            .map(|cell| record.cell(cell))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| Reject {
                code: crate::table::code::INVALID_UTF8,
                column: String::new(),
                message: error.to_string(),
            })
            .map(|cells| serde_json::to_string(&cells).expect("a list of texts is always JSON")),
    };
    ShelfRecord {
        ordinal,
        offset: record.offset() - leading,
        byte_len: record.byte_len() + leading,
        line: record.line(),
        raw: record.raw_with_leading().to_vec(),
        content,
    }
}

fn plain_record(ordinal: u64, offset: u64, line: u64, raw: Vec<u8>, content: Result<String, Reject>) -> ShelfRecord {
    let byte_len = u64::try_from(raw.len()).unwrap_or(u64::MAX);
    ShelfRecord { ordinal, offset, byte_len, line, raw, content }
}

fn text_of(bytes: &[u8]) -> Result<String, Reject> {
    match str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => Err(Reject {
            code: crate::table::code::INVALID_UTF8,
            column: String::new(),
            message: format!("not UTF-8 at byte {} of the record", error.valid_up_to()),
        }),
    }
}

/// Reads blank lines and the line after them. Gives the bytes, where the line begins in them (at their
/// end when there is none), and the number of that line.
fn next_line(reader: &mut impl BufRead, mut line: u64, offset: u64) -> Result<(Vec<u8>, usize, u64), CsvError> {
    let mut raw = Vec::new();
    loop {
        let from = raw.len();
        let count = reader.read_until(b'\n', &mut raw).map_err(|source| CsvError::Read { offset, source })?;
        let blank = raw.iter().skip(from).all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'));
        if count == 0 || !blank {
            return Ok((raw, from, line));
        }
        line += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(format: ShelfFormat, file: &[u8]) -> (Vec<ShelfRecord>, Vec<u8>) {
        let mut reader = ShelfReader::new(format, file).unwrap();
        let mut records = Vec::new();
        while let Some(record) = reader.next_record().unwrap() {
            records.push(record);
        }
        (records, reader.trailing().to_vec())
    }

    fn contents(records: &[ShelfRecord]) -> Vec<&str> {
        records.iter().map(|record| record.content.as_deref().unwrap()).collect()
    }

    #[test]
    fn records_and_trailing_bytes_are_the_file_again() {
        let files: [(ShelfFormat, &[u8]); 9] = [
            (ShelfFormat::Csv, b"\xef\xbb\xbfa,b\r\n\r\n1\r\n1,2,3\r\n\r\n"),
            (ShelfFormat::Csv, b"a,b\n1,\"open\n2,x"),
            (ShelfFormat::Csv, b"a\n\xff\n"),
            (ShelfFormat::Csv, b""),
            (ShelfFormat::Csv, b"\n \n"),
            (ShelfFormat::Lines, b"\n{\"a\": 1}\r\n\n \n{\"b\": \xff}\n{\"c\": 3}"),
            (ShelfFormat::Lines, b"\n\n"),
            (ShelfFormat::Document, b""),
            (ShelfFormat::Document, b"{\n}\n\n"),
        ];
        for (format, file) in files {
            let (records, trailing) = read(format, file);
            let mut copy: Vec<u8> = records.iter().flat_map(|record| record.raw.clone()).collect();
            copy.extend(trailing);
            assert_eq!(copy, file);
            let mut offset = 0;
            for (ordinal, record) in (0..).zip(&records) {
                assert_eq!((record.offset, record.ordinal), (offset, ordinal));
                offset += record.byte_len;
            }
        }
    }

    #[test]
    fn rows_shorter_and_longer_than_the_header_are_kept_as_they_are() {
        let (records, _) = read(ShelfFormat::Csv, b"a,b\n1\n1,2,3\n");
        assert_eq!(contents(&records), [r#"["a","b"]"#, r#"["1"]"#, r#"["1","2","3"]"#]);
        assert_eq!(records[2].line, 3);
    }

    #[test]
    fn damaged_records_say_why_they_have_no_content() {
        let (records, _) = read(ShelfFormat::Csv, b"a,b\n1,\"open\n\xff,2\n3,4\n");
        let codes: Vec<_> =
            records.iter().map(|record| record.content.as_ref().err().map(|reject| reject.code)).collect();
        assert_eq!(codes, [None, Some("unterminated-quote"), Some("invalid-utf8"), None]);
        let (records, _) = read(ShelfFormat::Lines, b"\xff\n");
        assert_eq!(records[0].content.as_ref().unwrap_err().code, "invalid-utf8");
    }

    #[test]
    fn lines_are_texts_without_their_line_end() {
        let (records, trailing) = read(ShelfFormat::Lines, b"{\"a\": 1}\r\n\n{\"b\": 2}\n\n");
        assert_eq!(contents(&records), ["{\"a\": 1}", "{\"b\": 2}"]);
        assert_eq!(records.iter().map(|record| record.line).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(trailing, b"\n");
    }

    #[test]
    fn what_was_read_renders_to_what_it_was_read_from() {
        for (format, file) in [
            (ShelfFormat::Csv, "a,\"b\n\"\"c\"\"\",é\n"),
            (ShelfFormat::Lines, "{\"a\": 1}\n"),
            (ShelfFormat::Document, "\u{feff}[\n]"),
        ] {
            let (records, _) = read(format, file.as_bytes());
            let content = records[0].content.as_deref().unwrap();
            assert_eq!(render_shelf(format, content, LineEnd::Lf).unwrap(), file.as_bytes());
        }
        assert_eq!(render_shelf(ShelfFormat::Csv, "{}", LineEnd::Lf), None);
        assert_eq!(render_shelf(ShelfFormat::Csv, "[]", LineEnd::Lf), None);
        assert_eq!(render_shelf(ShelfFormat::Lines, " ", LineEnd::Lf), None);
    }
}
