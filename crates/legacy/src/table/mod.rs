//! From a record of a CSV file to a record of the domain and back, cell by cell.
//!
//! [`RowReader`] gives the rows of a file, [`decode`] makes a record of one, and [`changed_cells`] tells
//! which cells of the file a changed record differs in. All cells are kept as text, so a cell that is not
//! what its column promises is not lost; it is pointed out by a [`Finding`]. Only a row whose cells cannot
//! be told apart for sure becomes a [`Reject`]. [`CODES`] lists every code of both.
//!
//! ```
//! use landfast_domain::tasks::Task;
//! use landfast_legacy::table::{KeyCounter, Row, RowReader, TableLayout, changed_cells, decode};
//!
//! let file = "task_id,name,default_estimate_minutes,mood\nt1,Run,a while,good\nt1,Read,20,\n";
//! let mut reader = RowReader::new(file.as_bytes())?;
//! let layout = TableLayout::new::<Task>(reader.header());
//! let (mut keys, mut row) = (KeyCounter::default(), Row::default());
//!
//! assert!(reader.read_row(&mut row)?);
//! let mut first = decode::<Task>(&layout, &row, &mut keys).expect("a good row");
//! assert_eq!(first.record.extra, [("mood".to_owned(), "good".to_owned())]);
//! assert_eq!(first.findings[0].code, "not-an-integer");
//! first.record.name.set_raw("Run slowly");
//! assert_eq!(changed_cells(&layout, &row, &first.record), [(1, "Run slowly".to_owned())]);
//!
//! assert!(reader.read_row(&mut row)?);
//! let twin = decode::<Task>(&layout, &row, &mut keys).expect("a good row");
//! assert_eq!(twin.record.key.as_str(), "t1~2");
//! # Ok::<(), landfast_legacy::csv::CsvError>(())
//! ```

mod check;
pub mod code;
mod decode;
mod encode;
mod keys;
mod layout;
mod rows;

pub use code::CODES;
pub(crate) use decode::reject_for;
pub use decode::{Decoded, Finding, Reject, decode};
pub use encode::{added_cells, changed_cells, new_cells};
pub use keys::KeyCounter;
pub use layout::{Slot, TableLayout};
pub use rows::{Row, RowReader};
