//! Writing a whole file.

use std::io::Write;

use super::edit::{edit_record, ensure_complete};
use super::{CsvError, Header, LineEnd, Record, to_u64, write_row};

/// Writes a CSV file: untouched records as raw bytes, edited ones, and new rows.
///
/// The target should be buffered or a vector; one `write_all` is made per record. A record that
/// lacks its line end, as the last one of a file may, gets one only when something is written after it.
///
/// ```
/// use landfast_legacy::csv::{CsvReader, CsvWriter, Record};
///
/// let mut reader = CsvReader::new(&b"id,done\n1,False\n2,False"[..])?;
/// let mut writer = CsvWriter::new(Vec::new(), reader.dialect().line_end);
/// writer.write_header(reader.header())?;
/// let mut record = Record::new();
/// while reader.read_record(&mut record)? {
///     if record.cell(0)? == "2" {
///         writer.write_edited(&record, &[(1, "True")])?;
///     } else {
///         writer.write_record(&record)?;
///     }
/// }
/// writer.write_blank(reader.trailing())?;
/// writer.write_row(&["3", "False"])?;
/// assert_eq!(writer.into_inner(), b"id,done\n1,False\n2,True\n3,False\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct CsvWriter<W> {
    out: W,
    line_end: LineEnd,
    /// The last line written has its line end.
    ended: bool,
    buffer: Vec<u8>,
    bytes: u64,
}

impl<W: Write> CsvWriter<W> {
    /// A writer that ends new rows with `line_end`.
    pub const fn new(out: W, line_end: LineEnd) -> Self {
        Self { out, line_end, ended: true, buffer: Vec::new(), bytes: 0 }
    }

    /// Copies the header with byte order mark and the blank lines before it. Comes first.
    ///
    /// # Errors
    /// [`CsvError::IncompleteRecord`] when its bytes were not kept; [`CsvError::Write`].
    pub fn write_header(&mut self, header: &Header) -> Result<(), CsvError> {
        if header.columns() > 0 {
            return self.write_record(header.record());
        }
        ensure_complete(header.record())?;
        self.write_start(header.raw())
    }

    /// Copies a header made by [`extend_header`](super::extend_header), or any other start of a file.
    ///
    /// # Errors
    /// [`CsvError::Write`].
    pub fn write_start(&mut self, raw: &[u8]) -> Result<(), CsvError> {
        self.put(raw)?;
        self.ended = matches!(raw, [] | b"\xEF\xBB\xBF" | [.., b'\n' | b'\r']);
        Ok(())
    }

    /// Copies a record with the blank lines before it.
    ///
    /// # Errors
    /// [`CsvError::IncompleteRecord`] when its bytes were not kept; [`CsvError::Write`].
    pub fn write_record(&mut self, record: &Record) -> Result<(), CsvError> {
        ensure_complete(record)?;
        self.end_line()?;
        self.put(record.raw_with_leading())?;
        self.ended = matches!(record.raw_with_leading(), [] | [.., b'\n' | b'\r']);
        Ok(())
    }

    /// Writes a record with some cells changed; see [`edit_record`] for what stays as it is.
    ///
    /// # Errors
    /// Those of [`edit_record`], before anything is written; [`CsvError::Write`].
    pub fn write_edited(&mut self, record: &Record, edits: &[(usize, &str)]) -> Result<(), CsvError> {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        let result = self.write_edited_with(record, edits, &mut buffer);
        self.buffer = buffer;
        result
    }

    fn write_edited_with(
        &mut self,
        record: &Record,
        edits: &[(usize, &str)],
        buffer: &mut Vec<u8>,
    ) -> Result<(), CsvError> {
        edit_record(record, edits, buffer)?;
        self.end_line()?;
        self.put(buffer)?;
        self.ended = matches!(buffer.as_slice(), [] | [.., b'\n' | b'\r']);
        Ok(())
    }

    /// Copies the blank lines at the end of a file.
    ///
    /// # Errors
    /// [`CsvError::Write`].
    pub fn write_blank(&mut self, blank: &[u8]) -> Result<(), CsvError> {
        self.put(blank)?;
        self.ended = match blank.last() {
            Some(last) => matches!(last, b'\n' | b'\r'),
            None => self.ended,
        };
        Ok(())
    }

    /// Writes a new row.
    ///
    /// # Errors
    /// [`CsvError::Write`].
    pub fn write_row(&mut self, cells: &[impl AsRef<str>]) -> Result<(), CsvError> {
        if cells.is_empty() {
            return Ok(());
        }
        self.end_line()?;
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        write_row(&mut buffer, cells, self.line_end);
        let result = self.put(&buffer);
        self.buffer = buffer;
        result
    }

    /// Bytes written so far.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The target. It is not flushed.
    pub fn into_inner(self) -> W {
        self.out
    }

    fn end_line(&mut self) -> Result<(), CsvError> {
        if !self.ended {
            self.put(self.line_end.as_bytes())?;
            self.ended = true;
        }
        Ok(())
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), CsvError> {
        self.out.write_all(bytes).map_err(|source| CsvError::Write { offset: self.bytes, source })?;
        self.bytes += to_u64(bytes.len());
        Ok(())
    }
}
