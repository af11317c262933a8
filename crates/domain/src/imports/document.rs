//! Source documents kept beside the rows made from them.

use crate::accounts::UserId;
use crate::record::DocumentId;

/// A source file as it stood when it was imported.
///
/// Its bytes are kept in [`Chunk`]s, so that an export can copy the bytes of unchanged records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Number, unique within the database.
    pub id: DocumentId,
    /// Owner of the rows made from it.
    pub user: UserId,
    /// Area the file belongs to: `tasks`, `delivery`, `presentations` or `runs`.
    pub area: String,
    /// Label of the folder the file was found in, unique for each imported folder.
    pub source: String,
    /// Path below that folder, with `/`.
    pub path: String,
    /// Length of the whole file in bytes.
    pub size_bytes: i64,
    /// SHA-256 of the whole file, lower-case hex.
    pub sha256: String,
    /// Modification time as nanoseconds since 1970, for a quick "unchanged" test; not proof.
    pub modified_ns: i64,
    /// Position of the rows made from it: record `n` is placed at `first_position + n`.
    pub first_position: i64,
    /// How far loading got.
    pub state: DocumentState,
    /// Records of the file whose outcome is stored so far, in file order.
    pub records_done: i64,
    /// Chunks stored so far.
    pub chunks_done: i64,
}

/// How far loading a document got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentState {
    /// Some records are stored; loading goes on at `records_done`.
    Loading,
    /// Every record has its outcome and every byte is kept.
    Loaded,
}

impl DocumentState {
    /// Text stored in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Loading => "loading",
            Self::Loaded => "loaded",
        }
    }

    /// Reads [`DocumentState::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "loading" => Some(Self::Loading),
            "loaded" => Some(Self::Loaded),
            _ => None,
        }
    }
}

/// A piece of a document's bytes, compressed with zstd.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// The document.
    pub document: DocumentId,
    /// Number within the document, from 0.
    pub ordinal: i64,
    /// Length before compression, in bytes.
    pub size_bytes: i64,
    /// The compressed bytes.
    pub compressed: Vec<u8>,
}
