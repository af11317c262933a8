//! Writing the files of runs.

use crate::digest::sha256;
use crate::json::{Json, object};
use crate::{Error, Summary};
use std::fs;
use std::path::Path;

/// The folder everything goes into.
pub(super) struct Folder<'a> {
    pub(super) root: &'a Path,
    pub(super) summary: Summary,
}

impl Folder<'_> {
    /// Writes `path`, which is below the folder, as one record.
    pub(super) fn write(&mut self, path: &str, text: &str) -> Result<(), Error> {
        crate::csv::write_text(self.root, path, text, 1, &mut self.summary)
    }

    /// Makes a directory that may stay empty.
    pub(super) fn make(&self, path: &str) -> Result<(), Error> {
        let path = self.root.join(path);
        fs::create_dir_all(&path).map_err(Error::at(path))
    }
}

/// A file that an analysis made.
#[derive(Debug, Clone)]
pub(super) struct Product {
    pub(super) name: &'static str,
    /// `csv`, `json` or `text`.
    pub(super) kind: &'static str,
    pub(super) schema: &'static str,
    /// Rows and columns of a table.
    pub(super) extent: Option<(u32, u32)>,
    pub(super) text: String,
    /// Whether the manifest lists it.
    pub(super) listed: bool,
}

impl Product {
    /// The entry of a manifest. `text`: what was hashed, where it is not what lies there now; `None` for a hash
    /// that was not taken.
    pub(super) fn entry(&self, path: &str, text: Option<&str>, created: &str) -> Json {
        object! {
            "name": self.name,
            "path": path,
            "type": self.kind,
            "schema": self.schema,
            "rows": self.extent.map(|(rows, _)| rows),
            "cols": self.extent.map(|(_, columns)| columns),
            "size_bytes": u64::try_from(text.unwrap_or(&self.text).len()).unwrap_or(0),
            "sha256": text.map(|text| sha256(text.as_bytes())).unwrap_or_default(),
            "created": created,
        }
    }
}
