//! Records that were read but not loaded.

use crate::record::DocumentId;

/// What became of a source record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// A row was made from it.
    Loaded,
    /// The very same record is loaded already, and the format gives repetition no meaning.
    Duplicate,
    /// It could not become a row; its bytes are kept with the reason.
    Quarantined,
}

impl Outcome {
    /// Text stored in the database and written into reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Loaded => "loaded",
            Self::Duplicate => "duplicate",
            Self::Quarantined => "quarantined",
        }
    }

    /// Reads [`Outcome::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "loaded" => Some(Self::Loaded),
            "duplicate" => Some(Self::Duplicate),
            "quarantined" => Some(Self::Quarantined),
            _ => None,
        }
    }
}

/// A source record that was not loaded, with its bytes, its place and the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantineEntry {
    /// The document.
    pub document: DocumentId,
    /// Number of the record within the document, from 0.
    pub ordinal: i64,
    /// [`Outcome::Duplicate`] or [`Outcome::Quarantined`].
    pub outcome: Outcome,
    /// Physical line of the record's first byte, from 1.
    pub line: i64,
    /// Byte offset of the record's first byte.
    pub offset: i64,
    /// Column the problem is in, empty when it concerns the whole record.
    pub column: String,
    /// Stable code of the reason, for instance `invalid-utf8`.
    pub code: String,
    /// The reason in a sentence.
    pub message: String,
    /// The record's bytes, exactly.
    pub raw: Vec<u8>,
}
