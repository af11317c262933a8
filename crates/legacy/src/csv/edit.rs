//! Changing single cells of a record or adding columns, all other bytes untouched.

use super::write::{write_bytes, write_cell};
use super::{CsvError, Header, LineEnd, Record, Shape, write_row};

/// Appends a record with some cells changed, and tells whether any byte differs.
///
/// Blank lines before the record, all other cells with their quoting, surplus cells and the line end
/// (or its absence) keep their exact bytes. A cell that has the new value already keeps its bytes
/// too. A short row is filled up only as far as the last changed cell; setting a missing cell to
/// empty text changes nothing, because it reads as empty already. When a column is named twice, the
/// later value counts.
///
/// One exception: when the new record has a line break inside quotes, its cells with a stray quote or
/// with text after the closing quote are quoted properly, values unchanged. Otherwise the record could
/// look like one that lost a quote, and a reader would take it apart.
///
/// ```
/// use landfast_legacy::csv::{CsvReader, Record, edit_record};
///
/// let mut reader = CsvReader::new(&b"id,name,note\n\"1\",Ada,\"x\"\n"[..])?;
/// let mut record = Record::new();
/// reader.read_record(&mut record)?;
///
/// let mut out = Vec::new();
/// assert!(edit_record(&record, &[(1, "Lovelace, Ada")], &mut out)?);
/// assert_eq!(out, b"\"1\",\"Lovelace, Ada\",\"x\"\n");
/// # Ok::<(), landfast_legacy::csv::CsvError>(())
/// ```
///
/// # Errors
/// Nothing is appended then. [`CsvError::IncompleteRecord`] when the record's bytes were not kept;
/// [`CsvError::DamagedRecord`] when a cell of a [damaged](Record::is_damaged) record would change;
/// [`CsvError::SurplusCell`] when an edit beyond the header's columns meets a row that is too long.
pub fn edit_record(record: &Record, edits: &[(usize, &str)], out: &mut Vec<u8>) -> Result<bool, CsvError> {
    ensure_complete(record)?;
    let new_text = |column: usize| edits.iter().rev().find(|(own, _)| *own == column).map(|(_, text)| *text);
    let changed = |column: usize| new_text(column).filter(|text| record.cell_bytes(column) != text.as_bytes());

    let present = record.field_count();
    let last_change = edits.iter().map(|(column, _)| *column).filter(|column| changed(*column).is_some()).max();
    let Some(last_change) = last_change else {
        out.extend_from_slice(record.raw_with_leading());
        return Ok(false);
    };
    if record.is_damaged() {
        return Err(CsvError::DamagedRecord { line: record.line() });
    }
    if let Shape::Long { extra } = record.shape() {
        let columns = present - extra;
        let surplus =
            edits.iter().map(|(column, _)| *column).find(|column| *column >= columns && changed(*column).is_some());
        if let Some(column) = surplus {
            return Err(CsvError::SurplusCell { line: record.line(), column });
        }
    }
    let cells = present.max(last_change + 1);
    let mend = (0..cells).any(|column| {
        let bytes = changed(column).map_or_else(|| record.cell_bytes(column), str::as_bytes);
        memchr::memchr2(b'\n', b'\r', bytes).is_some()
    });
    out.extend_from_slice(record.leading());
    for column in 0..cells {
        if column > 0 {
            out.push(b',');
        }
        match changed(column) {
            Some(text) => write_cell(out, text, cells == 1),
            None if mend && record.has_quote_flaw(column) => write_bytes(out, record.cell_bytes(column), cells == 1),
            None => out.extend_from_slice(record.cell_raw(column).unwrap_or_default()),
        }
    }
    out.extend_from_slice(record.line_end().map_or(&[], LineEnd::as_bytes));
    Ok(true)
}

/// Appends the header of a file with more columns at its end; byte order mark, the names there are
/// and the line end keep their exact bytes.
///
/// Data records need no change: they become short rows, and [`edit_record`] adds a cell where one
/// has a value. A row that was too long before would show its surplus cells in the new columns, so
/// check for such rows first. A file without a header gets one, ended by `line_end`.
///
/// ```
/// use landfast_legacy::csv::{CsvReader, LineEnd, extend_header};
///
/// let reader = CsvReader::new(&b"id,name\r\n1,Ada\r\n"[..])?;
/// let mut out = Vec::new();
/// extend_header(reader.header(), &["user_id"], LineEnd::Lf, &mut out)?;
/// assert_eq!(out, b"id,name,user_id\r\n");
/// # Ok::<(), landfast_legacy::csv::CsvError>(())
/// ```
///
/// # Errors
/// Nothing is appended then. [`CsvError::IncompleteRecord`] and [`CsvError::DamagedRecord`] as for
/// [`edit_record`].
pub fn extend_header(
    header: &Header,
    names: &[impl AsRef<str>],
    line_end: LineEnd,
    out: &mut Vec<u8>,
) -> Result<(), CsvError> {
    let record = header.record();
    ensure_complete(record)?;
    if names.is_empty() {
        out.extend_from_slice(record.raw_with_leading());
        return Ok(());
    }
    if record.is_damaged() {
        return Err(CsvError::DamagedRecord { line: record.line() });
    }
    out.extend_from_slice(record.leading());
    if record.field_count() == 0 {
        if matches!(record.leading().last(), Some(b' ' | b'\t')) {
            out.extend_from_slice(line_end.as_bytes());
        }
        write_row(out, names, line_end);
        return Ok(());
    }
    let end = record.line_end().map_or(&b""[..], LineEnd::as_bytes);
    out.extend_from_slice(record.raw().strip_suffix(end).unwrap_or_default());
    for name in names {
        out.push(b',');
        write_cell(out, name.as_ref(), false);
    }
    out.extend_from_slice(end);
    Ok(())
}

/// Fails for a record whose bytes were not kept.
pub(super) fn ensure_complete(record: &Record) -> Result<(), CsvError> {
    if record.is_complete() {
        return Ok(());
    }
    Err(CsvError::IncompleteRecord { line: record.line(), bytes: record.byte_len() })
}
