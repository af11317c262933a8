//! CSV files as pandas and spreadsheets write them, read and written without losing a byte.
//!
//! # Reading
//!
//! [`CsvReader`] hands out one [`Record`] at a time and never holds more than the longest record.
//! Every byte of the file is in exactly one place: the header with the byte order mark, a record
//! with the blank lines before it, or the blank lines at the end. Written one after the other they
//! are the file again.
//!
//! ```
//! use landfast_legacy::csv::{CsvReader, Record};
//!
//! let file = b"id,name\r\n1,\"Ada \"\"L\"\"\"\r\n\r\n2,Grace\r\n";
//! let mut reader = CsvReader::new(&file[..])?;
//! assert_eq!(reader.header().names(), ["id", "name"]);
//!
//! let mut copy = reader.header().raw().to_vec();
//! let mut record = Record::new();
//! let mut names = Vec::new();
//! while reader.read_record(&mut record)? {
//!     names.push(record.cell(1)?.to_owned());
//!     copy.extend_from_slice(record.raw_with_leading());
//! }
//! copy.extend_from_slice(reader.trailing());
//!
//! assert_eq!(names, ["Ada \"L\"", "Grace"]);
//! assert_eq!(copy, file);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Where a record ends
//!
//! The rules are those of the pandas C parser, because that is how the legacy programs saw their files:
//!
//! * LF, CRLF and a lone CR end a record, except inside quotes.
//! * A quote opens a quoted cell only as the first byte of the cell; anywhere else it is text.
//!   Inside quotes two quotes stand for one. Text after the closing quote is appended to the value.
//! * A line that is empty or holds only spaces and tabs is skipped. A line holding `""` is a record.
//! * A byte order mark counts only at the very start of the file.
//!
//! pandas 2.3 itself slips on a lone CR with a space, a tab or a comma behind it: depending on what
//! stands before, it swallows the comma or repeats rows. That is not imitated; such files are read
//! by the rules above, as Python's `csv` module reads them.
//!
//! # Damage stays local
//!
//! Three things differ from pandas on purpose, so that one bad record does not spoil its neighbours.
//! In each of them the damaged record is cut down to its first physical line, marked with
//! [`Problem::UnterminatedQuote`], and reading goes on at the next line:
//!
//! 1. A quote is still open at the end of the file (pandas refuses the whole file).
//! 2. A record with a quoted line break outgrows [`ReadOptions::max_record_bytes`] or
//!    [`ReadOptions::max_cells`].
//! 3. A *lost quote*: a quoted cell runs over a line break, the record has text after a closing quote
//!    or a stray quote, **and** its last physical line taken alone is a faultless record with as many
//!    cells as the header. Then the quote closing the cell is really the one that opens a cell in that
//!    last line (pandas glues the lines together without a word). A record without such a fault is
//!    never taken apart: an odd number of quotes opens or closes a cell in its last line, so read
//!    alone that line would end inside quotes.
//!
//! In the part of the file that was looked through before one of these decisions, no quoted cell may
//! run over a line break: a line that ends inside quotes there is damaged by itself. Case 1 loses
//! nothing by that, since such a cell would stay open up to the end of the file as well, and it keeps
//! the reader linear on any input.
//!
//! Damage that is found is listed in [`Record::problems`].
//!
//! # Writing
//!
//! [`CsvWriter`] copies untouched records as raw bytes; [`edit_record`] changes single cells and
//! leaves the bytes of all others alone; [`write_row`] makes new rows with the quoting pandas uses.
//! [`count_records`] counts a file with a second, independent algorithm.

mod count;
mod dialect;
mod edit;
mod error;
mod header;
mod marks;
pub mod pandas;
mod problem;
mod reader;
mod record;
mod scan;
mod split;
mod text;
mod window;
mod write;
mod writer;

pub use count::{Counts, count_records};
pub use dialect::{Dialect, LineEnd};
pub use edit::{edit_record, extend_header};
pub use error::CsvError;
pub use header::{DuplicateName, Header};
pub use problem::Problem;
pub use reader::{CsvReader, ReadOptions};
pub use record::{InvalidUtf8, Record, Shape};
pub use write::{append_row, write_cell, write_row};
pub use writer::CsvWriter;

/// Byte order mark of UTF-8.
pub const BOM: &[u8] = b"\xEF\xBB\xBF";

/// A length in memory as a file position.
#[inline]
fn to_u64(length: usize) -> u64 {
    u64::try_from(length).expect("no supported platform has lengths above 64 bits")
}
