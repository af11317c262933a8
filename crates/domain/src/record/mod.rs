//! What all table-like records share: text cells with a meaning, keys, order and provenance.
//!
//! A legacy CSV row is a list of text cells. A [`Record`] keeps every cell's text as it stood and gives
//! it a typed reading on demand, so that nothing is lost when the text is not what its column promises:
//! `abc` in a number column is kept, reads as "no value", and comes back as `abc`.

mod field;
mod kind;
mod macros;
mod placed;

pub use field::Field;
pub use kind::{Boolean, ColumnKind, Integer, IsoTime, Json, Kind, LocalTime, Number, SecondsTime, Text};
pub(crate) use macros::{column_name, record};
pub use placed::{DocumentId, Placed, RecordKey, SourceRef};

use crate::store::{RecordRepository, Repositories};

/// One column of a record: its legacy header name and what its cells mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Header name in the legacy file; also the column name in the database.
    pub name: &'static str,
    /// What a cell of this column means.
    pub kind: ColumnKind,
    /// Cell text a record gets when its file has no such column at all.
    pub when_absent: &'static str,
}

/// A row of a legacy table with all its cells, known and unknown.
///
/// Columns are numbered in the order of [`Record::COLUMNS`]; numbers outside read as `""`.
pub trait Record: Clone + std::fmt::Debug + PartialEq + Send + Sync + 'static {
    /// Name of the record kind for messages, for instance `task instance`.
    const ENTITY: &'static str;
    /// File name in the legacy folder, for instance `task_instances.csv`.
    const FILE: &'static str;
    /// Every known column, in the order the newest legacy version writes them.
    const COLUMNS: &'static [Column];

    /// A record with this key whose cells are those of a file that has no column at all.
    fn blank(key: RecordKey) -> Self;
    /// The key, unique among one user's records of this kind.
    fn key(&self) -> &RecordKey;
    /// Replaces the key.
    fn set_key(&mut self, key: RecordKey);
    /// Text of the legacy id, from which [`RecordKey::nth`] makes the key. Not necessarily unique.
    fn identity(&self) -> String;
    /// Raw text of a known column.
    fn cell(&self, column: usize) -> &str;
    /// Replaces the raw text of a known column; does nothing for a number outside the columns.
    fn set_cell(&mut self, column: usize, text: String);
    /// Cells of columns this version does not know, in file order: `(header name, raw text)`.
    fn extra(&self) -> &[(String, String)];
    /// Mutable access to the unknown columns.
    fn extra_mut(&mut self) -> &mut Vec<(String, String)>;
    /// The repository of this kind of record.
    fn repository(repositories: &mut dyn Repositories) -> &mut dyn RecordRepository<Self>
    where
        Self: Sized;

    /// Number of a known column.
    #[must_use]
    fn column_index(name: &str) -> Option<usize> {
        Self::COLUMNS.iter().position(|column| column.name == name)
    }

    /// Raw text of a column, known or unknown; `None` when the record has no such column.
    fn cell_named(&self, name: &str) -> Option<&str> {
        match Self::column_index(name) {
            Some(index) => Some(self.cell(index)),
            None => self.extra().iter().find(|(n, _)| n == name).map(|(_, text)| text.as_str()),
        }
    }

    /// Sets a column, known or unknown; an unknown one is added at the end when it is new.
    fn set_cell_named(&mut self, name: &str, text: String) {
        match Self::column_index(name) {
            Some(index) => self.set_cell(index, text),
            None => match self.extra_mut().iter_mut().find(|(n, _)| n == name) {
                Some((_, old)) => *old = text,
                None => self.extra_mut().push((name.to_owned(), text)),
            },
        }
    }
}
