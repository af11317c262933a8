//! Files without a table of their own: one `LegacyRow` a record.

use crate::bytes::{BUFFER, to_i64, to_u64};
use crate::document::{AnyReader, Bytes, CellDifference, DocumentReader, Format, Item, Place, SetAside};
use crate::rows::NewFile;
use landfast_domain::record::{Record, RecordKey};
use landfast_domain::tasks::LegacyRow;
use landfast_legacy::csv::{CsvError, LineEnd, count_records};
use landfast_legacy::table::{Decoded, Finding, KeyCounter, Reject};
use landfast_legacy::tasks::{FileKind, ShelfFormat, ShelfReader, ShelfRecord, classify, render_shelf};
use std::io::Read;

/// A file kept record by record.
#[derive(Debug)]
pub(super) struct Shelf {
    path: String,
    format: ShelfFormat,
}

impl Shelf {
    pub(super) fn new(path: &str, format: ShelfFormat) -> Self {
        Self { path: path.to_owned(), format }
    }
}

impl Format for Shelf {
    type Record = LegacyRow;

    fn open<'a>(&self, source: Bytes<'a>) -> Result<AnyReader<'a, LegacyRow>, CsvError> {
        let reader = ShelfReader::new(self.format, source)?;
        Ok(Box::new(Reader { reader, path: self.path.clone(), format: self.format, current: None, crlf: false }))
    }

    fn count(&self, mut source: Bytes<'_>) -> Result<u64, CsvError> {
        match self.format {
            ShelfFormat::Csv => {
                let counts = count_records(source)?;
                Ok(counts.records + u64::from(counts.header_cells > 0))
            }
            ShelfFormat::Lines => count_lines(&mut source),
            ShelfFormat::Document => Ok(1),
        }
    }
}

struct Reader<'a> {
    reader: ShelfReader<Bytes<'a>>,
    path: String,
    format: ShelfFormat,
    current: Option<ShelfRecord>,
    crlf: bool,
}

impl DocumentReader<LegacyRow> for Reader<'_> {
    fn body_start(&self) -> u64 {
        0
    }

    fn findings(&self) -> Vec<Finding> {
        Vec::new()
    }

    fn next(&mut self, keys: &mut KeyCounter) -> Result<Option<Item<LegacyRow>>, CsvError> {
        let Some(record) = self.reader.next_record()? else { return Ok(None) };
        let leading = record.raw.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
        let leading = if self.format == ShelfFormat::Document { 0 } else { leading };
        let place = Place {
            ordinal: to_i64(record.ordinal),
            parts: 1,
            line: record.line,
            start: record.offset,
            offset: record.offset + to_u64(leading),
            end: record.offset + record.byte_len,
        };
        self.crlf |= self.format != ShelfFormat::Document && record.raw.ends_with(b"\r\n");
        let outcome = match &record.content {
            Ok(content) => {
                let mut row = LegacyRow::blank(RecordKey::new(""));
                row.file.set_raw(self.path.as_str());
                row.content.set_raw(content.as_str());
                row.key = keys.next_key(self.path.clone()).0;
                Ok(Decoded { record: row, findings: Vec::new() })
            }
            Err(reject) => Err(SetAside {
                reject: Reject { code: reject.code, column: reject.column.clone(), message: reject.message.clone() },
                raw: record.raw.get(leading..).unwrap_or_default().to_vec(),
            }),
        };
        self.current = Some(record);
        Ok(Some(Item { place, outcome }))
    }

    fn dialect(&self) -> String {
        let form = match self.format {
            ShelfFormat::Csv => "csv rows",
            ShelfFormat::Lines => "lines",
            ShelfFormat::Document => return "whole file".to_owned(),
        };
        format!("{form}, {}", if self.crlf { "crlf" } else { "lf" })
    }

    fn differences(&self, record: &LegacyRow) -> Vec<CellDifference> {
        let content = self.current.as_ref().and_then(|current| current.content.as_deref().ok()).unwrap_or_default();
        let own = [("file", self.path.as_str(), record.file.raw()), ("content", content, record.content.raw())];
        let own = own
            .into_iter()
            .map(|(column, source, database)| (column.to_owned(), source.to_owned(), database.to_owned()));
        let extra = record.extra.iter().map(|(name, text)| (name.clone(), String::new(), text.clone()));
        own.filter(|(_, source, database)| source != database)
            .chain(extra)
            .map(|(column, source, database)| CellDifference { column, source, database })
            .collect()
    }

    fn missing_columns(&self, _: &LegacyRow) -> Vec<String> {
        Vec::new()
    }

    fn start_with(&self, _: &[String]) -> Result<Vec<u8>, CsvError> {
        Ok(Vec::new())
    }

    fn edited(&self, record: &LegacyRow, _: &[String]) -> Result<Option<Vec<u8>>, CsvError> {
        let Some(current) = &self.current else { return Ok(None) };
        if current.content.as_deref() == Ok(record.content.raw()) {
            return Ok(None);
        }
        let line_end = if current.raw.ends_with(b"\r\n") { LineEnd::CrLf } else { LineEnd::Lf };
        let rendered = render_shelf(self.format, record.content.raw(), line_end);
        rendered.map(Some).ok_or(CsvError::DamagedRecord { line: current.line })
    }

    fn appended(&self, record: &LegacyRow, _: &[String]) -> Result<Vec<u8>, String> {
        if self.format == ShelfFormat::Document {
            return Err("the file is a single record".to_owned());
        }
        let line_end = if self.crlf { LineEnd::CrLf } else { LineEnd::Lf };
        render_shelf(self.format, record.content.raw(), line_end)
            .ok_or_else(|| "its content does not fit the file".to_owned())
    }

    fn line_end(&self) -> &'static [u8] {
        if self.crlf { b"\r\n" } else { b"\n" }
    }
}

/// Lines with anything but blanks in them.
fn count_lines(source: &mut dyn Read) -> Result<u64, CsvError> {
    let mut buffer = vec![0; BUFFER];
    let (mut lines, mut in_text, mut offset) = (0, false, 0);
    loop {
        let count = match source.read(&mut buffer) {
            Ok(0) => return Ok(lines),
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(source) => return Err(CsvError::Read { offset, source }),
        };
        for byte in buffer.iter().take(count) {
            match byte {
                b'\n' => in_text = false,
                b' ' | b'\t' | b'\r' => {}
                _ if !in_text => {
                    in_text = true;
                    lines += 1;
                }
                _ => {}
            }
        }
        offset += to_u64(count);
    }
}

/// Files for rows whose own path names no file that was imported.
pub(super) struct NewShelf;

impl NewFile<LegacyRow> for NewShelf {
    fn start(&self, _: &[String]) -> Vec<u8> {
        Vec::new()
    }

    fn row(&self, path: &str, record: &LegacyRow, _: &[String], first: bool) -> Result<Vec<u8>, String> {
        let (FileKind::Shelf(format) | FileKind::Other(format)) = classify(path) else {
            return Err("its file is not one of this area".to_owned());
        };
        if format == ShelfFormat::Document && !first {
            return Err("the file is a single record".to_owned());
        }
        render_shelf(format, record.content.raw(), LineEnd::Lf)
            .ok_or_else(|| "its content does not fit the file".to_owned())
    }
}
