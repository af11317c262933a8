//! Rows of legacy files that have no table of their own.

use crate::record::record;

record! {
    /// One record of a file that is kept and given back, but not otherwise used: old logs, question
    /// files, formula settings, error reports.
    ///
    /// There is no legacy file of this shape; each row names the file it came from.
    pub struct LegacyRow {
        entity: "legacy row", file: "", repository: legacy_rows,
        identity: |r| r.file.raw().to_owned(),
        columns: {
            /// Path of the file relative to the legacy folder, with `/`.
            file: Text,
            /// The record: a JSON list of cell texts for CSV, else the text of the line or document.
            content: Text,
        }
    }
}
