//! The first record: column names.

use std::collections::HashMap;

use super::Record;

/// The header of a file. A file without any record has a header without columns.
#[derive(Debug, Clone, Default)]
pub struct Header {
    record: Record,
    names: Vec<String>,
}

/// A column name that occurs more than once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicateName {
    /// The name.
    pub name: String,
    /// Columns that have it, ascending, counted from 0; two at least.
    pub columns: Vec<usize>,
}

impl Header {
    pub(super) fn new(record: Record) -> Self {
        let names = (0..record.field_count()).map(|cell| record.cell_lossy(cell).into_owned()).collect();
        Self { record, names }
    }

    /// Column names in file order, exactly as written (duplicates, blanks and empty names included).
    ///
    /// A name that is not UTF-8 is shown with U+FFFD; the header's record lists it as a problem.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Number of columns; 0 for a file without a header.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.names.len()
    }

    /// Column of the first exact match.
    #[must_use]
    pub fn index_of(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|own| own == name)
    }

    /// Names that occur more than once, in the order of their first column.
    #[must_use]
    pub fn duplicates(&self) -> Vec<DuplicateName> {
        let mut columns_of: HashMap<&str, Vec<usize>> = HashMap::new();
        for (column, name) in self.names.iter().enumerate() {
            columns_of.entry(name).or_default().push(column);
        }
        let mut duplicates: Vec<_> = columns_of
            .into_iter()
            .filter(|(_, columns)| columns.len() > 1)
            .map(|(name, columns)| DuplicateName { name: name.to_owned(), columns })
            .collect();
        duplicates.sort_by_key(|duplicate| duplicate.columns.first().copied());
        duplicates
    }

    /// The header as a record, with its problems and its place.
    #[must_use]
    pub const fn record(&self) -> &Record {
        &self.record
    }

    /// All bytes up to the first data record: byte order mark, blank lines, header with line end.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        self.record.raw_with_leading()
    }
}
