//! Rows of a file: its records, with those a carriage return broke put together again.

use crate::csv::{self, CsvError, CsvReader, Dialect, Header, LineEnd, Problem, ReadOptions, Shape, write_cell};
use std::collections::VecDeque;
use std::io::Read;

/// Reads a file row by row.
///
/// The legacy program does not quote a cell with a bare carriage return, and its next read sees two or
/// more rows that are too short. When the parts of such a row make exactly one row again, it is given as
/// one; otherwise each part is given by itself and [`decode`](super::decode) refuses it.
///
/// Every byte of the file is in the header, in [`Row::raw_with_leading`] of one row, or trailing.
///
/// ```
/// use landfast_legacy::table::{Row, RowReader};
///
/// let mut reader = RowReader::new(&b"id,note,done\n1,first\rsecond,True\n2,,False\n"[..])?;
/// let mut row = Row::default();
/// assert!(reader.read_row(&mut row)?);
/// assert_eq!((row.record().cell(1)?, row.parts(), row.ordinal()), ("first\rsecond", 2, 0));
/// assert!(reader.read_row(&mut row)?);
/// assert_eq!((row.record().cell(0)?, row.parts(), row.ordinal()), ("2", 1, 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct RowReader<S> {
    reader: CsvReader<S>,
    /// Records read ahead.
    waiting: VecDeque<csv::Record>,
    /// The next record is a further part of a row that could not be put together.
    in_broken_row: bool,
}

/// A row of a file; reuse it to save allocations.
#[derive(Debug, Clone, Default)]
pub struct Row {
    record: csv::Record,
    /// Where a row of several parts was read from; `None` for one of a single part.
    joined: Option<Joined>,
    broken: bool,
}

#[derive(Debug, Clone)]
struct Joined {
    raw: Vec<u8>,
    leading: usize,
    first: csv::Record,
    parts: u64,
}

impl Row {
    /// The cells. For a row of several parts this is the row as it should have been written; its bytes
    /// and its place are then not those in the file, see the other methods for them.
    #[must_use]
    pub fn record(&self) -> &csv::Record {
        &self.record
    }

    /// Records of the file that make up this row, at least 1.
    #[must_use]
    pub fn parts(&self) -> u64 {
        self.joined.as_ref().map_or(1, |joined| joined.parts)
    }

    /// Whether this is a record that ends with a lone carriage return, or follows one, and could not be
    /// put together with its neighbours.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.broken
    }

    /// Number of the first record of this row within the file, from 0.
    #[must_use]
    pub fn ordinal(&self) -> u64 {
        self.first().ordinal()
    }

    /// Position in the file of the row's first byte, without the blank lines before it.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.first().offset()
    }

    /// Physical line of the row's first byte, from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.first().line()
    }

    /// Length of the row in the file, without the blank lines before it.
    #[must_use]
    pub fn byte_len(&self) -> u64 {
        match &self.joined {
            Some(joined) => u64::try_from(joined.raw.len() - joined.leading).unwrap_or(u64::MAX),
            None => self.record.byte_len(),
        }
    }

    /// Exact bytes in the file of the row, without the blank lines before it. Not complete for a row
    /// whose [`csv::Record::is_complete`] says so.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        match &self.joined {
            Some(joined) => joined.raw.get(joined.leading..).unwrap_or_default(),
            None => self.record.raw(),
        }
    }

    /// Exact bytes in the file of the blank lines before the row.
    #[must_use]
    pub fn leading(&self) -> &[u8] {
        self.first().leading()
    }

    /// Exact bytes in the file of the blank lines before the row and the row.
    #[must_use]
    pub fn raw_with_leading(&self) -> &[u8] {
        match &self.joined {
            Some(joined) => &joined.raw,
            None => self.record.raw_with_leading(),
        }
    }

    fn first(&self) -> &csv::Record {
        self.joined.as_ref().map_or(&self.record, |joined| &joined.first)
    }
}

impl<S: Read> RowReader<S> {
    /// Reads the header of a file, with the default limits.
    ///
    /// # Errors
    /// [`CsvError::Read`] when the source fails.
    pub fn new(source: S) -> Result<Self, CsvError> {
        Self::with_options(source, ReadOptions::default())
    }

    /// As [`new`](Self::new), with other limits.
    ///
    /// # Errors
    /// [`CsvError::Read`] when the source fails.
    pub fn with_options(source: S, options: ReadOptions) -> Result<Self, CsvError> {
        let reader = CsvReader::with_options(source, options)?;
        Ok(Self { reader, waiting: VecDeque::new(), in_broken_row: false })
    }

    /// The header.
    pub const fn header(&self) -> &Header {
        self.reader.header()
    }

    /// What was seen of the file's conventions so far.
    pub const fn dialect(&self) -> &Dialect {
        self.reader.dialect()
    }

    /// Blank lines after the last row; empty before [`read_row`](Self::read_row) returned false.
    pub fn trailing(&self) -> &[u8] {
        self.reader.trailing()
    }

    /// Reads the next row. False at the end of the file; the row is then of no use.
    ///
    /// # Errors
    /// [`CsvError::Read`] when the source fails.
    pub fn read_row(&mut self, row: &mut Row) -> Result<bool, CsvError> {
        row.joined = None;
        row.broken = false;
        match self.waiting.pop_front() {
            Some(record) => row.record = record,
            None if self.reader.read_record(&mut row.record)? => {}
            None => return Ok(false),
        }
        let lone_cr = ends_with_lone_cr(&row.record);
        if self.in_broken_row {
            row.broken = true;
            self.in_broken_row = lone_cr;
        } else if lone_cr {
            self.read_parts(row)?;
        }
        Ok(true)
    }

    /// Reads the records up to the next ordinary line end and puts them together, or leaves them waiting.
    fn read_parts(&mut self, row: &mut Row) -> Result<(), CsvError> {
        let columns = self.reader.header().columns();
        let mut cells = row.record.field_count();
        while cells <= columns && self.waiting.len() < MOST_PARTS {
            let mut part = csv::Record::new();
            if !self.reader.read_record(&mut part)? {
                break;
            }
            let is_last = !ends_with_lone_cr(&part);
            cells = (cells + part.field_count()).saturating_sub(1);
            self.waiting.push_back(part);
            if is_last {
                break;
            }
        }
        let ended = self.waiting.back().is_some_and(|last| !ends_with_lone_cr(last));
        if ended
            && cells == columns
            && let Some(record) = join(&row.record, self.waiting.iter(), columns)?
        {
            let first = std::mem::replace(&mut row.record, record);
            let raw = std::iter::once(&first)
                .chain(&self.waiting)
                .flat_map(|part| part.raw_with_leading().iter().copied())
                .collect();
            let parts = 1 + u64::try_from(self.waiting.len()).unwrap_or(u64::MAX);
            row.joined = Some(Joined { raw, leading: first.leading().len(), first, parts });
            self.waiting.clear();
        } else {
            row.broken = true;
            self.in_broken_row = true;
        }
        Ok(())
    }
}

/// Most parts one row is put together from.
const MOST_PARTS: usize = 1000;

fn ends_with_lone_cr(record: &csv::Record) -> bool {
    record.line_end() == Some(LineEnd::Cr)
        && record.problems().iter().any(|problem| matches!(problem, Problem::LoneCarriageReturn { .. }))
}

/// The row that parts make: the last cell of one, a carriage return, and the first cell of the next are
/// one cell. `None` when one of these is quoted, since the program quotes a whole cell or nothing of it.
fn join<'a>(
    first: &'a csv::Record,
    others: impl Iterator<Item = &'a csv::Record>,
    columns: usize,
) -> Result<Option<csv::Record>, CsvError> {
    let mut cells: Vec<Vec<u8>> = Vec::with_capacity(columns);
    let mut torn: Vec<usize> = Vec::new();
    let mut last = first;
    let raw_cells = |part: &csv::Record| -> Vec<Vec<u8>> {
        (0..part.field_count()).map(|cell| part.cell_raw(cell).unwrap_or_default().to_vec()).collect()
    };
    cells.extend(raw_cells(first));
    for part in others {
        let quoted = last.is_quoted(last.field_count().saturating_sub(1)) || part.is_quoted(0);
        if quoted || last.is_damaged() || part.is_damaged() {
            return Ok(None);
        }
        let mut more = raw_cells(part).into_iter();
        if let (Some(open), Some(rest)) = (cells.last_mut(), more.next()) {
            open.push(b'\r');
            open.extend_from_slice(part.leading());
            open.extend(rest);
        }
        torn.push(cells.len().saturating_sub(1));
        cells.extend(more);
        last = part;
    }
    // The reader makes the record, so that it is one like any other.
    let mut file = vec![b','; columns.saturating_sub(1)];
    file.extend_from_slice(b"x\n");
    file.extend_from_slice(first.leading());
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            file.push(b',');
        }
        match str::from_utf8(cell) {
            Ok(text) if torn.contains(&index) => write_cell(&mut file, text, columns == 1),
            _ if torn.contains(&index) => return Ok(None),
            _ => file.extend_from_slice(cell),
        }
    }
    file.extend_from_slice(last.line_end().map_or(&[], LineEnd::as_bytes));
    let mut record = csv::Record::new();
    let found = CsvReader::new(&file[..])?.read_record(&mut record)?;
    Ok((found && record.shape() == Shape::Exact).then_some(record))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::csv::edit_record;
    use proptest::prelude::*;

    fn rows(file: &[u8]) -> Vec<Row> {
        let mut reader = RowReader::new(file).unwrap();
        let mut rows = Vec::new();
        let mut row = Row::default();
        let mut copy = reader.header().raw().to_vec();
        while reader.read_row(&mut row).unwrap() {
            copy.extend_from_slice(row.raw_with_leading());
            rows.push(row.clone());
        }
        copy.extend_from_slice(reader.trailing());
        assert_eq!(copy, file, "every byte is in one place");
        rows
    }

    fn cells(row: &Row) -> Vec<&str> {
        (0..row.record().field_count()).map(|cell| row.record().cell(cell).unwrap()).collect()
    }

    #[test]
    fn a_row_torn_twice_in_one_cell_and_once_in_another_is_whole_again() {
        let rows = rows(b"a,b,c\n\n1,x\r\ry,z\rend\n2,,\n");
        assert_eq!(cells(&rows[0]), ["1", "x\r\ry", "z\rend"]);
        assert_eq!(
            (rows[0].parts(), rows[0].line(), rows[0].offset(), rows[0].raw()),
            (3, 3, 7, &b"1,x\r\ry,z\rend\n"[..])
        );
        assert_eq!((rows[0].leading(), rows[0].byte_len()), (&b"\n"[..], 13));
        assert_eq!((cells(&rows[1]), rows[1].ordinal(), rows[1].line()), (vec!["2", "", ""], 3, 7));
    }

    #[test]
    fn a_torn_last_cell_belongs_to_the_row_before_it() {
        let rows = rows(b"a,b\n1,x\ry\n2,z\n");
        assert_eq!(cells(&rows[0]), ["1", "x\ry"]);
        assert_eq!(rows.len(), 2);
    }

    #[test]
    fn parts_that_do_not_fit_stay_apart() {
        for file in [
            &b"a,b,c\n1\r2\n3,4,5\n"[..],
            b"a,b,c\n1,2\r3,4,5\n6,7,8\n",
            b"a,b\n1,x\r\"y\"\n",
            b"a,b\n\"1\"\r2,x\n3,4\n",
        ] {
            let rows = rows(file);
            let broken: Vec<_> = rows.iter().map(Row::is_broken).collect();
            let expected: Vec<_> = if rows.len() == 3 { vec![true, true, false] } else { vec![true, true] };
            assert_eq!(broken, expected, "{}", file.escape_ascii());
        }
    }

    #[test]
    fn a_change_of_another_cell_mends_the_row() {
        let rows = rows(b"a,b,c\n1,x\ry,\"q\"\n");
        let mut out = Vec::new();
        edit_record(rows[0].record(), &[(0, "2")], &mut out).unwrap();
        assert_eq!(out, b"2,\"x\ry\",\"q\"\n");
    }

    #[test]
    fn files_with_carriage_returns_for_line_ends_are_not_put_together() {
        let rows = rows(b"a,b\r1,2\r3,4\r");
        assert!(rows.iter().all(|row| !row.is_broken() && row.parts() == 1));
    }

    #[test]
    fn a_run_of_complete_rows_ended_by_carriage_returns_is_read_one_by_one() {
        let rows = rows(b"a,b\n1,2\r3,4\r5,6\r7,8\n9,0\n");
        assert_eq!(rows.iter().map(|row| cells(row).concat()).collect::<Vec<_>>(), ["12", "34", "56", "78", "90"]);
        assert_eq!(rows.iter().map(Row::is_broken).collect::<Vec<_>>(), [true, true, true, true, false]);
    }

    proptest! {
        #[test]
        fn no_byte_gets_lost(file in prop::collection::vec(prop::sample::select(&b"a,\"\r\n \xff"[..]), 0..60)) {
            let mut whole = b"x,y,z\n".to_vec();
            whole.extend(file);
            rows(&whole);
        }
    }
}
