//! An independent count of what a CSV file holds.

use std::io::{self, Read};

use memchr::memchr3;

use super::{BOM, CsvError, to_u64};

/// What a file holds, counted byte by byte.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Size of the file.
    pub bytes: u64,
    /// The file starts with a byte order mark.
    pub bom: bool,
    /// Cells of the header; 0 for a file without one.
    pub header_cells: u64,
    /// Data records, without the header and without blank lines.
    pub records: u64,
    /// Cells of all data records.
    pub cells: u64,
    /// Line breaks inside quotes, in header and records; CRLF is one.
    pub quoted_newlines: u64,
    /// The file ends inside quotes.
    pub open_quote: bool,
}

/// Counts header cells, records and cells of a file, with the record rules of the
/// [module documentation](super) but without any repair.
///
/// This is a state machine fed byte by byte. It shares no code with
/// [`CsvReader`](super::CsvReader), so that one can be checked against the other. Both agree on every
/// file in which the reader finds no [damage](super::Record::is_damaged). They differ in a file with
///
/// * a quote open at the end of the file: here everything behind it is one record, and
///   [`Counts::open_quote`] is set; the reader takes the first line alone and goes on behind it;
/// * a lost quote: here the glued lines are one record, the reader takes them apart;
/// * a record, a number of cells or a run of blank lines beyond the reader's limits, since nothing is
///   limited here.
///
/// ```
/// use landfast_legacy::csv::count_records;
///
/// let counts = count_records(&b"id,note\n1,\"two\nlines\"\n\n2,\n"[..])?;
/// assert_eq!((counts.header_cells, counts.records, counts.cells), (2, 2, 4));
/// assert_eq!(counts.quoted_newlines, 1);
/// # Ok::<(), landfast_legacy::csv::CsvError>(())
/// ```
///
/// # Errors
/// [`CsvError::Read`] when the source fails.
pub fn count_records(mut source: impl Read) -> Result<Counts, CsvError> {
    let mut machine = Machine::default();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match source.read(&mut buffer) {
            Ok(0) => return Ok(machine.end()),
            Ok(length) => {
                let bytes = buffer.get(..length).unwrap_or(&buffer);
                machine.feed_all(bytes);
                machine.counts.bytes += to_u64(bytes.len());
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(source) => {
                return Err(CsvError::Read { offset: machine.counts.bytes, source });
            }
        }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum State {
    /// First byte of a line, outside quotes.
    #[default]
    LineStart,
    /// As `LineStart`, behind a CR that an LF may complete.
    AfterCr,
    /// Nothing but spaces and tabs so far.
    White,
    /// First byte of a cell that is not the first of its record.
    CellStart,
    /// Unquoted text, or text after a closing quote.
    Plain,
    /// Inside quotes.
    Quoted,
    /// Inside quotes behind a CR that an LF may complete.
    QuotedAfterCr,
    /// Behind a quote inside quotes: the closing one, or the first of two.
    QuoteSeen,
}

#[derive(Debug, Default)]
struct Machine {
    state: State,
    /// Bytes of the byte order mark matched so far; `None` once they did not match.
    bom: Bom,
    header_seen: bool,
    /// Cells of the current record that are complete.
    cells: u64,
    counts: Counts,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Bom {
    #[default]
    Nothing,
    One,
    Two,
    Over,
}

impl Machine {
    fn feed_all(&mut self, mut rest: &[u8]) {
        while let Some((byte, tail)) = rest.split_first() {
            // Bytes that leave the state as it is are jumped over; all others are fed one by one.
            let skipped = match self.state {
                _ if self.bom != Bom::Over => Some(0),
                State::Plain => memchr3(b',', b'\n', b'\r', rest),
                State::Quoted => memchr3(b'"', b'\n', b'\r', rest),
                _ => Some(0),
            };
            match skipped {
                None => return,
                Some(0) => {
                    self.feed(*byte);
                    rest = tail;
                }
                Some(count) => rest = rest.get(count..).unwrap_or_default(),
            }
        }
    }

    fn feed(&mut self, byte: u8) {
        if self.bom != Bom::Over && self.in_bom(byte) {
            return;
        }
        self.state = match (self.state, byte) {
            (State::Quoted | State::QuotedAfterCr, b'"') => State::QuoteSeen,
            (State::QuotedAfterCr, b'\n') => State::Quoted,
            (State::Quoted, b'\n') => {
                self.counts.quoted_newlines += 1;
                State::Quoted
            }
            (State::Quoted | State::QuotedAfterCr, b'\r') => {
                self.counts.quoted_newlines += 1;
                State::QuotedAfterCr
            }
            (State::Quoted | State::QuotedAfterCr, _) => State::Quoted,
            (State::LineStart | State::AfterCr | State::White, b'\n') => State::LineStart,
            (State::LineStart | State::AfterCr | State::White, b'\r') => State::AfterCr,
            (State::LineStart | State::AfterCr | State::White, b' ' | b'\t') => State::White,
            (_, b'\n') => {
                self.record();
                State::LineStart
            }
            (_, b'\r') => {
                self.record();
                State::AfterCr
            }
            (_, b',') => {
                self.cells += 1;
                State::CellStart
            }
            (State::LineStart | State::AfterCr | State::CellStart | State::QuoteSeen, b'"') => State::Quoted,
            _ => State::Plain,
        };
    }

    /// Matches the byte order mark. Its bytes are plain text until the last one has matched.
    fn in_bom(&mut self, byte: u8) -> bool {
        let [first, second, third] = [0, 1, 2].map(|at| BOM.get(at).copied());
        let byte = Some(byte);
        self.bom = match self.bom {
            Bom::Nothing if byte == first => Bom::One,
            Bom::One if byte == second => Bom::Two,
            Bom::Two if byte == third => {
                self.counts.bom = true;
                self.state = State::LineStart;
                self.bom = Bom::Over;
                return true;
            }
            _ => {
                self.bom = Bom::Over;
                return false;
            }
        };
        self.state = State::Plain;
        true
    }

    fn record(&mut self) {
        let cells = self.cells + 1;
        self.cells = 0;
        if self.header_seen {
            self.counts.records += 1;
            self.counts.cells += cells;
        } else {
            self.header_seen = true;
            self.counts.header_cells = cells;
        }
    }

    fn end(mut self) -> Counts {
        match self.state {
            State::LineStart | State::AfterCr | State::White => {}
            State::CellStart | State::Plain | State::QuoteSeen => self.record(),
            State::Quoted | State::QuotedAfterCr => {
                self.counts.open_quote = true;
                self.record();
            }
        }
        self.counts
    }
}
