//! One record: its bytes, its place in the file, its cells.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr;

use super::scan::{Cell, Fault, Form, Row};
use super::text::Text;
use super::{LineEnd, Problem, to_u64};

/// A cell that is not UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: cell {cell} is not UTF-8 at byte {offset}")]
pub struct InvalidUtf8 {
    /// Physical line of the record's first byte, counted from 1.
    pub line: u64,
    /// Column of the cell, counted from 0.
    pub cell: usize,
    /// Position of the first wrong byte in the file, counted from 0.
    pub offset: u64,
}

/// Number of cells compared with the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// As many cells as the header.
    Exact,
    /// Cells are missing at the end; they read as empty text.
    Short {
        /// How many.
        missing: usize,
    },
    /// There are cells beyond the header.
    Long {
        /// How many.
        extra: usize,
    },
}

/// One record of a CSV file, with a copy of its bytes. Reuse it to save allocations.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// Blank lines before the record, then the record with its line end.
    full: Text,
    leading: usize,
    pub(super) row: Row,
    scratch: Text,
    place: Place,
    problems: Vec<Problem>,
}

/// Where a record lies in the file and what it belongs to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    pub(super) offset: u64,
    pub(super) line: u64,
    pub(super) ordinal: u64,
    /// Bytes in the file, which are more than are kept for a record that is too long.
    pub(super) byte_len: u64,
    pub(super) line_end: Option<LineEnd>,
    /// Cells of the header; `None` for the header itself.
    pub(super) columns: Option<usize>,
    /// A lone CR at the end is an accident.
    pub(super) lone_cr: bool,
}

impl Record {
    /// An empty record to read into.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Exact bytes of the record with its line end, without the blank lines before it.
    ///
    /// Not complete when the record [is too long](Self::is_complete).
    #[must_use]
    #[inline]
    pub fn raw(&self) -> &[u8] {
        self.full.as_bytes().get(self.leading..).unwrap_or_default()
    }

    /// Exact bytes of the blank lines before the record (for the header: byte order mark included).
    #[must_use]
    pub fn leading(&self) -> &[u8] {
        self.full.bytes(0..self.leading)
    }

    /// [`leading`](Self::leading) and [`raw`](Self::raw) together.
    #[must_use]
    pub fn raw_with_leading(&self) -> &[u8] {
        self.full.as_bytes()
    }

    /// Position in the file of the first byte of [`raw`](Self::raw), counted from 0.
    #[must_use]
    pub const fn offset(&self) -> u64 {
        self.place.offset
    }

    /// Length in the file, with line end, without the blank lines before it.
    #[must_use]
    pub const fn byte_len(&self) -> u64 {
        self.place.byte_len
    }

    /// Whether [`raw`](Self::raw) holds all bytes of the record. False only for a line longer than
    /// the limit; offset and length then tell where to find it.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        to_u64(self.raw().len()) == self.place.byte_len
    }

    /// Physical line of the first byte, counted from 1. LF, CRLF and lone CR each end a line, inside
    /// quotes too.
    #[must_use]
    pub const fn line(&self) -> u64 {
        self.place.line
    }

    /// Line breaks inside quotes: the record takes one physical line more than this.
    #[must_use]
    pub const fn quoted_newlines(&self) -> u64 {
        self.row.inner_breaks
    }

    /// Number of the data record, counted from 0; damaged records count too. 0 for the header.
    #[must_use]
    pub const fn ordinal(&self) -> u64 {
        self.place.ordinal
    }

    /// How the record ends; `None` for a last record without line end.
    #[must_use]
    pub const fn line_end(&self) -> Option<LineEnd> {
        self.place.line_end
    }

    /// Number of cells. At least 1, except for records that could not be split (0).
    #[must_use]
    #[inline]
    pub fn field_count(&self) -> usize {
        self.row.cells.len()
    }

    /// Number of cells compared with the header; [`Shape::Exact`] for the header itself.
    #[must_use]
    pub fn shape(&self) -> Shape {
        let count = self.field_count();
        let columns = self.place.columns.unwrap_or(count);
        match (columns.checked_sub(count), count.checked_sub(columns)) {
            (Some(missing @ 1..), _) => Shape::Short { missing },
            (_, Some(extra @ 1..)) => Shape::Long { extra },
            _ => Shape::Exact,
        }
    }

    /// Value of a cell: quotes removed, doubled quotes undone, nothing else changed. A cell beyond
    /// the last one is empty text, which is how missing cells of a short row read.
    ///
    /// # Errors
    /// [`InvalidUtf8`] when the cell is not UTF-8. Other cells of the record are not affected.
    #[inline]
    pub fn cell(&self, index: usize) -> Result<&str, InvalidUtf8> {
        let Some(cell) = self.row.cells.get(index) else {
            return Ok("");
        };
        let found = match cell.form {
            Form::Rewritten => self.scratch.get(cell.value_start..cell.value_end),
            Form::Plain | Form::Quoted => self.full.get(self.leading + cell.value_start..self.leading + cell.value_end),
        };
        found.map_err(|_| InvalidUtf8 { line: self.place.line, cell: index, offset: self.invalid_at(index) })
    }

    /// Value of a cell as bytes, UTF-8 or not; empty beyond the last cell.
    #[must_use]
    #[inline]
    pub fn cell_bytes(&self, index: usize) -> &[u8] {
        match self.row.cells.get(index) {
            None => &[],
            Some(Cell { form: Form::Rewritten, value_start, value_end, .. }) => {
                self.scratch.bytes(*value_start..*value_end)
            }
            Some(cell) => self.full.bytes(self.leading + cell.value_start..self.leading + cell.value_end),
        }
    }

    /// Value of a cell for people: wrong bytes become U+FFFD.
    #[must_use]
    pub fn cell_lossy(&self, index: usize) -> Cow<'_, str> {
        String::from_utf8_lossy(self.cell_bytes(index))
    }

    /// Exact bytes of a cell with its quotes; `None` beyond the last cell.
    #[must_use]
    pub fn cell_raw(&self, index: usize) -> Option<&[u8]> {
        self.raw_range(index).map(|range| self.full.bytes(range))
    }

    /// Whether the cell is written in quotes.
    #[must_use]
    pub fn is_quoted(&self, index: usize) -> bool {
        self.row.cells.get(index).is_some_and(|cell| cell.form != Form::Plain)
    }

    /// What is wrong with the record; empty for a faultless one. A wrong number of cells is not
    /// listed here but told by [`shape`](Self::shape).
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Whether the limits of the record are a guess (see [`Problem::is_damage`]).
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        self.problems.iter().any(Problem::is_damage)
    }

    /// Whether a cell has a stray quote or text after its closing quote.
    pub(super) fn has_quote_flaw(&self, index: usize) -> bool {
        self.row.flaws.iter().any(|flaw| flaw.cell == index)
    }

    /// Empties the record and takes its main buffer out to be filled.
    pub(super) fn start(&mut self) -> Vec<u8> {
        self.problems.clear();
        self.place = Place::default();
        self.leading = 0;
        if self.row.scratch.capacity() == 0 {
            self.row.scratch = self.scratch.take_buffer();
        }
        self.row.clear();
        self.full.take_buffer()
    }

    /// Completes the record from the buffer and the row that was scanned.
    pub(super) fn finish(&mut self, full: Vec<u8>, leading: usize, place: Place, problem: Option<Problem>) {
        self.full = Text::new(full);
        self.scratch = Text::new(std::mem::take(&mut self.row.scratch));
        self.leading = leading;
        self.place = place;
        self.problems.extend(problem);
        for flaw in &self.row.flaws {
            let (cell, offset) = (flaw.cell, place.offset + to_u64(flaw.at));
            self.problems.push(match flaw.fault {
                Fault::Unterminated => Problem::UnterminatedQuote { cell, offset },
                Fault::TextAfter => Problem::TextAfterQuote { cell, offset },
                Fault::Stray => Problem::StrayQuote { cell, offset },
            });
        }
        if !self.full.is_valid() {
            self.note_in_cells(
                |bytes| std::str::from_utf8(bytes).err().map(|error| error.valid_up_to()),
                |cell, offset| Problem::InvalidUtf8 { cell, offset },
            );
        }
        if memchr(0, self.full.as_bytes()).is_some() {
            self.note_in_cells(|bytes| memchr(0, bytes), |cell, offset| Problem::NulByte { cell, offset });
        }
        if place.lone_cr {
            let offset = place.offset + place.byte_len.saturating_sub(1);
            self.problems.push(Problem::LoneCarriageReturn { offset });
        }
    }

    fn note_in_cells(&mut self, find: impl Fn(&[u8]) -> Option<usize>, problem: impl Fn(usize, u64) -> Problem) {
        for cell in 0..self.field_count() {
            let Some(range) = self.raw_range(cell) else {
                continue;
            };
            if let Some(at) = find(self.full.bytes(range.clone())) {
                let offset = self.file_position(range.start + at);
                self.problems.push(problem(cell, offset));
            }
        }
    }

    fn invalid_at(&self, index: usize) -> u64 {
        let range = self.raw_range(index).unwrap_or_default();
        let valid = self.full.get(range.clone()).err().unwrap_or_default();
        self.file_position(range.start + valid)
    }

    fn file_position(&self, in_full: usize) -> u64 {
        self.place.offset + to_u64(in_full.saturating_sub(self.leading))
    }

    /// Range of a cell's bytes in the buffer.
    fn raw_range(&self, index: usize) -> Option<Range<usize>> {
        let end = self.row.cells.get(index)?.raw_end;
        let start = match index.checked_sub(1) {
            None => 0,
            Some(previous) => self.row.cells.get(previous)?.raw_end + 1,
        };
        Some(self.leading + start..self.leading + end)
    }
}
