//! Rendering cells and rows.

use memchr::memchr3;

use super::{BOM, Dialect, LineEnd};

/// Appends one cell, quoted only where needed.
///
/// The bytes are those pandas writes, except that three more kinds of cells are quoted, because a
/// reader would not get them back otherwise: a bare carriage return (it would split the row), a cell
/// starting with U+FEFF (it could be taken for a byte order mark), and, when it is the only cell of
/// its row, a cell of nothing but spaces and tabs (the line would be skipped as blank).
///
/// `single_column`: the cell is the only one of its row.
///
/// ```
/// use landfast_legacy::csv::write_cell;
///
/// let mut out = Vec::new();
/// write_cell(&mut out, "5\" nail", false);
/// assert_eq!(out, br#""5"" nail""#);
/// ```
pub fn write_cell(out: &mut Vec<u8>, text: &str, single_column: bool) {
    write_bytes(out, text.as_bytes(), single_column);
}

/// As [`write_cell`], for a value that may not be UTF-8.
pub(super) fn write_bytes(out: &mut Vec<u8>, bytes: &[u8], single_column: bool) {
    if !needs_quotes(bytes, single_column) {
        out.extend_from_slice(bytes);
        return;
    }
    out.push(b'"');
    for (index, part) in bytes.split(|byte| *byte == b'"').enumerate() {
        if index > 0 {
            out.extend_from_slice(b"\"\"");
        }
        out.extend_from_slice(part);
    }
    out.push(b'"');
}

fn needs_quotes(bytes: &[u8], single_column: bool) -> bool {
    memchr3(b',', b'"', b'\n', bytes).is_some()
        || memchr::memchr(b'\r', bytes).is_some()
        || bytes.starts_with(BOM)
        || (single_column && bytes.iter().all(|byte| matches!(byte, b' ' | b'\t')))
}

/// Appends a row with its line end. A row without cells is written as nothing at all, since an
/// empty line is not a record.
///
/// ```
/// use landfast_legacy::csv::{LineEnd, write_row};
///
/// let mut out = Vec::new();
/// write_row(&mut out, &["id", "a,b", ""], LineEnd::CrLf);
/// assert_eq!(out, b"id,\"a,b\",\r\n");
/// ```
pub fn write_row(out: &mut Vec<u8>, cells: &[impl AsRef<str>], line_end: LineEnd) {
    if cells.is_empty() {
        return;
    }
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write_cell(out, cell.as_ref(), cells.len() == 1);
    }
    out.extend_from_slice(line_end.as_bytes());
}

/// Appends what has to follow the last byte of a file to add a row: the line end the last line lacks,
/// then the row, both in the file's dialect. `dialect` is that of a reader that reached the end.
///
/// ```
/// use landfast_legacy::csv::{CsvReader, Record, append_row};
///
/// let mut file = b"id,name\r\n1,Ada".to_vec();
/// let mut reader = CsvReader::new(&file[..])?;
/// let mut record = Record::new();
/// while reader.read_record(&mut record)? {}
/// let dialect = *reader.dialect();
///
/// append_row(&mut file, &dialect, &["2", "Grace"]);
/// assert_eq!(file, b"id,name\r\n1,Ada\r\n2,Grace\r\n");
/// # Ok::<(), landfast_legacy::csv::CsvError>(())
/// ```
pub fn append_row(out: &mut Vec<u8>, dialect: &Dialect, cells: &[impl AsRef<str>]) {
    if cells.is_empty() {
        return;
    }
    if dialect.final_newline == Some(false) {
        out.extend_from_slice(dialect.line_end.as_bytes());
    }
    write_row(out, cells, dialect.line_end);
}
