//! Keys, order and provenance of records.

use std::fmt;

/// Identifies a record among one user's records of one kind.
///
/// For the first record with a legacy id it is that id. Legacy ids have second resolution and no
/// uniqueness check, so twins exist: the second record with id `i1764163871` has the key
/// `i1764163871~2`, the third `~3`. A record without an id has the keys `~1`, `~2`, ….
///
/// ```
/// use landfast_domain::record::RecordKey;
/// assert_eq!(RecordKey::nth("t1761012727", 1).as_str(), "t1761012727");
/// assert_eq!(RecordKey::nth("t1761012727", 2).as_str(), "t1761012727~2");
/// assert_eq!(RecordKey::nth("", 1).as_str(), "~1");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordKey(String);

impl RecordKey {
    /// A key with exactly this text. U+0000, which PostgreSQL cannot store, becomes U+2400.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self(if text.contains('\0') { text.replace('\0', "\u{2400}") } else { text })
    }

    /// Key of the `occurrence`-th record (from 1) with this legacy id, in file order.
    #[must_use]
    pub fn nth(identity: &str, occurrence: u64) -> Self {
        if occurrence <= 1 && !identity.is_empty() {
            Self::new(identity)
        } else {
            Self::new(format!("{identity}~{occurrence}"))
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for RecordKey {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

/// Number of a stored source document, unique within a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentId(pub i64);

/// Which record of which source document a row was loaded from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceRef {
    /// The document.
    pub document: DocumentId,
    /// Number of the record within the document, from 0.
    pub ordinal: i64,
}

/// A record with its place in the user's list and where it came from.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed<R> {
    /// Rank in the user's list of this kind; lists are ordered by it. Positive, not necessarily dense.
    pub position: i64,
    /// Source record, or `None` for a record made in Landfast.
    pub source: Option<SourceRef>,
    /// The record.
    pub record: R,
}
