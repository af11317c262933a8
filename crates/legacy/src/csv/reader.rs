//! The streaming reader.

use std::io::{self, Read};

use memchr::{memchr2, memchr2_iter};

use super::record::Place;
use super::scan::{self, BlankLine, Row, Scan};
use super::split::{Extent, Split, split};
use super::window::Window;
use super::{BOM, CsvError, Dialect, Header, LineEnd, Problem, Record, to_u64};

/// Limits that keep memory bounded on damaged files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadOptions {
    /// Longest record in bytes, line end included; at least 1. Default 64 MiB.
    ///
    /// A longer physical line becomes one record without cells that is skipped and counted
    /// ([`Problem::TooLong`]). The reader's window stays below this size plus one byte, or 128 KiB.
    pub max_record_bytes: usize,
    /// Most cells in a record; at least 1. Default 1 048 576.
    pub max_cells: usize,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { max_record_bytes: 64 << 20, max_cells: 1 << 20 }
    }
}

/// Reads a CSV file record by record; see the [module documentation](super) for the rules.
///
/// The source needs no buffering of its own. Results do not depend on the pieces in which it
/// delivers its bytes.
#[derive(Debug)]
pub struct CsvReader<R> {
    window: Window<R>,
    options: ReadOptions,
    header: Header,
    dialect: Dialect,
    /// Blank lines that belong to the next record.
    blank: Vec<u8>,
    trailing: Vec<u8>,
    spare: Row,
    line: u64,
    records: u64,
    single_lines_until: u64,
    last_byte: Option<u8>,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Reading,
    Finished,
    Failed,
}

impl<R: Read> CsvReader<R> {
    /// Reads the header of a file, with the default limits. An empty file is legal.
    ///
    /// # Errors
    /// [`CsvError::Read`] when the source fails.
    pub fn new(source: R) -> Result<Self, CsvError> {
        Self::with_options(source, ReadOptions::default())
    }

    /// As [`new`](Self::new), with other limits.
    ///
    /// # Errors
    /// [`CsvError::Read`] when the source fails.
    pub fn with_options(source: R, options: ReadOptions) -> Result<Self, CsvError> {
        let options =
            ReadOptions { max_record_bytes: options.max_record_bytes.max(1), max_cells: options.max_cells.max(1) };
        let mut reader = Self {
            window: Window::new(source, options.max_record_bytes.saturating_add(1)),
            options,
            header: Header::default(),
            dialect: Dialect::default(),
            blank: Vec::new(),
            trailing: Vec::new(),
            spare: Row::default(),
            line: 1,
            records: 0,
            single_lines_until: 0,
            last_byte: None,
            state: State::Reading,
        };
        match reader.read_header() {
            Ok(()) => Ok(reader),
            Err(source) => Err(CsvError::Read { offset: 0, source }),
        }
    }

    /// The header.
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// What was seen of the file's conventions so far.
    pub const fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    /// Data records handed out so far, damaged ones included.
    pub const fn records(&self) -> u64 {
        self.records
    }

    /// Bytes handed out so far with header, records and trailing bytes. At the end: the file's size.
    pub fn position(&self) -> u64 {
        self.window.offset() - to_u64(self.blank.len())
    }

    /// Blank lines after the last record; empty until [`read_record`](Self::read_record) returned false.
    pub fn trailing(&self) -> &[u8] {
        &self.trailing
    }

    /// Reads the next data record. False at the end of the file; the record is then empty.
    ///
    /// # Errors
    /// [`CsvError::Read`] when the source fails, and [`CsvError::Stopped`] on every later call.
    pub fn read_record(&mut self, record: &mut Record) -> Result<bool, CsvError> {
        match self.state {
            State::Reading => {}
            State::Finished => {
                let _ = record.start();
                return Ok(false);
            }
            State::Failed => {
                return Err(CsvError::Stopped { offset: self.position() });
            }
        }
        let offset = self.position();
        match self.take(record, Some(self.header.columns())) {
            Ok(true) => {
                self.records += 1;
                Ok(true)
            }
            Ok(false) => {
                self.trailing = std::mem::take(&mut self.blank);
                self.end();
                Ok(false)
            }
            Err(source) => {
                self.state = State::Failed;
                Err(CsvError::Read { offset, source })
            }
        }
    }

    fn read_header(&mut self) -> io::Result<()> {
        self.window.more()?;
        let (start, _) = self.window.view(BOM.len());
        if start == BOM {
            self.dialect.bom = true;
            self.blank.extend_from_slice(BOM);
            self.window.consume(BOM.len());
        }
        let mut record = Record::new();
        if self.take(&mut record, None)? {
            self.dialect.line_end = record.line_end().unwrap_or_default();
        } else {
            let mut full = record.start();
            full.append(&mut self.blank);
            let leading = full.len();
            let place = Place { offset: to_u64(leading), line: self.line, ..Place::default() };
            record.finish(full, leading, place, None);
            self.end();
        }
        self.header = Header::new(record);
        Ok(())
    }

    /// Notes the end of the file.
    fn end(&mut self) {
        self.dialect.final_newline = Some(matches!(self.last_byte, None | Some(b'\n' | b'\r')));
        self.state = State::Finished;
    }

    /// Takes the next record with the blank lines before it. False: only blank lines were left,
    /// and they are in `self.blank`.
    fn take(&mut self, record: &mut Record, columns: Option<usize>) -> io::Result<bool> {
        let mut full = record.start();
        match self.take_blank_lines()? {
            Blanks::End => return Ok(false),
            Blanks::Record => {}
            Blanks::TooMany => {
                self.finish_blank_run(full, record, columns);
                return Ok(true);
            }
        }
        let single_lines = self.window.offset() < self.single_lines_until;
        let found = loop {
            let (bytes, at_end) = self.window.view(self.options.max_record_bytes.saturating_add(1));
            match split(bytes, at_end, &self.options, single_lines, columns, &mut record.row, &mut self.spare) {
                Some(found) => break found,
                None => self.window.more()?,
            }
        };
        let start = self.window.offset();
        let line = self.line;
        let leading = self.blank.len();
        full.append(&mut self.blank);
        let (line_end, problem) = match found {
            Split::Record(extent) => (self.take_extent(extent, &mut full), None),
            Split::TooManyCells(extent) => {
                let limit = self.options.max_cells;
                (self.take_extent(extent, &mut full), Some(Problem::TooManyCells { limit }))
            }
            Split::TooLong { prefix } => {
                self.take_bytes(prefix, &mut full);
                let line_end = self.skip_line()?;
                (line_end, Some(Problem::TooLong { bytes: self.window.offset() - start }))
            }
        };
        self.line += record.row.inner_breaks + u64::from(line_end.is_some());
        self.dialect.count(line_end);
        let place = Place {
            offset: start,
            line,
            ordinal: self.records,
            byte_len: self.window.offset() - start,
            line_end,
            columns,
            lone_cr: line_end == Some(LineEnd::Cr) && columns.is_some() && self.dialect.line_end != LineEnd::Cr,
        };
        record.finish(full, leading, place, problem);
        Ok(true)
    }

    /// Collects blank lines up to the next record.
    fn take_blank_lines(&mut self) -> io::Result<Blanks> {
        let limit = self.options.max_record_bytes;
        loop {
            let (bytes, at_end) = self.window.view(limit.saturating_add(1));
            if bytes.is_empty() && at_end {
                return Ok(Blanks::End);
            }
            match scan::blank_line(bytes, at_end) {
                BlankLine::NotBlank => return Ok(Blanks::Record),
                // A white line beyond the limit is treated as any other line that is too long.
                BlankLine::NeedMore if bytes.len() > limit => return Ok(Blanks::Record),
                BlankLine::NeedMore => self.window.more()?,
                BlankLine::Blank(length) if length > limit => return Ok(Blanks::Record),
                BlankLine::Blank(length) => {
                    if self.blank.len() + length > limit.saturating_add(BOM.len()) {
                        return Ok(Blanks::TooMany);
                    }
                    let mut blank = std::mem::take(&mut self.blank);
                    self.take_bytes(length, &mut blank);
                    self.line += u64::from(matches!(blank.last(), Some(b'\n' | b'\r')));
                    self.blank = blank;
                }
            }
        }
    }

    /// Hands out a run of blank lines that may not grow further as a record of its own.
    fn finish_blank_run(&mut self, mut full: Vec<u8>, record: &mut Record, columns: Option<usize>) {
        full.append(&mut self.blank);
        let bytes = to_u64(full.len());
        let place = Place {
            offset: self.window.offset() - bytes,
            line: self.line - count_lines(&full),
            ordinal: self.records,
            byte_len: bytes,
            columns,
            ..Place::default()
        };
        record.finish(full, 0, place, Some(Problem::BlankRun { bytes }));
    }

    fn take_extent(&mut self, extent: Extent, full: &mut Vec<u8>) -> Option<LineEnd> {
        let until = self.window.offset() + to_u64(extent.single_lines);
        self.single_lines_until = self.single_lines_until.max(until);
        self.take_bytes(extent.end, full);
        extent.line_end
    }

    /// Moves bytes from the window to a buffer.
    fn take_bytes(&mut self, count: usize, into: &mut Vec<u8>) {
        let (bytes, _) = self.window.view(count);
        into.extend_from_slice(bytes);
        self.last_byte = bytes.last().copied().or(self.last_byte);
        self.window.consume(count);
    }

    /// Skips the rest of a physical line without keeping it.
    fn skip_line(&mut self) -> io::Result<Option<LineEnd>> {
        loop {
            let (bytes, at_end) = self.window.view(usize::MAX);
            match scan::first_line(bytes, at_end) {
                Scan::Done { end, line_end, .. } => {
                    self.last_byte = end.checked_sub(1).and_then(|last| bytes.get(last)).copied().or(self.last_byte);
                    self.window.consume(end);
                    return Ok(line_end);
                }
                _ => {
                    // A CR at the very end stays, because an LF may follow.
                    let plain = memchr2(b'\n', b'\r', bytes).unwrap_or(bytes.len());
                    self.window.consume(plain);
                    self.window.more()?;
                }
            }
        }
    }
}

enum Blanks {
    /// A record follows.
    Record,
    /// Nothing follows.
    End,
    /// More blank lines follow than may be kept in memory.
    TooMany,
}

/// Line ends in a run of blank lines; CRLF is one.
fn count_lines(blank: &[u8]) -> u64 {
    let pairs = memchr::memmem::find_iter(blank, b"\r\n").count();
    to_u64(memchr2_iter(b'\n', b'\r', blank).count() - pairs)
}
