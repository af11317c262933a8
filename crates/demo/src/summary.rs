//! What was written.

/// The files that were written, in the order of writing, with their numbers of records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Path below the folder, with `/`, and how many records (rows without the header, lines, or one
    /// for a document) the file has.
    pub files: Vec<(String, u64)>,
}

impl Summary {
    /// Records of one file; `None` when it was not written.
    #[must_use]
    pub fn records(&self, path: &str) -> Option<u64> {
        self.files.iter().find(|(name, _)| name == path).map(|(_, records)| *records)
    }

    pub(crate) fn add(&mut self, path: &str, records: u64) {
        self.files.push((path.to_owned(), records));
    }
}
