//! Repository of the import ledger.

use super::document::{Chunk, Document};
use super::quarantine::QuarantineEntry;
use crate::Result;
use crate::accounts::UserId;
use crate::record::DocumentId;
use crate::time::Timestamp;

/// One run of an import, with its report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRun {
    /// Id made by the application.
    pub id: String,
    /// When it began, UTC.
    pub started_at: Timestamp,
    /// When it ended, UTC; `None` while it runs or when it was killed.
    pub finished_at: Option<Timestamp>,
    /// `running`, `complete`, `quarantined`, `different`, `interrupted` or `failed`.
    pub state: String,
    /// The report as JSON text.
    pub report: String,
}

/// The migrator's lock: held until `expires_at` unless renewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// What is locked, for instance `import`.
    pub name: String,
    /// Who holds it: host, process and a random part.
    pub holder: String,
    /// When it may be taken over, UTC.
    pub expires_at: Timestamp,
}

/// Keeps the import ledger.
///
/// Errors of all methods: [`crate::Error::Backend`] when the store fails, [`crate::Error::Corrupt`] when a
/// stored value makes no sense; more where noted.
#[expect(clippy::missing_errors_doc, reason = "stated once for the trait")]
pub trait ImportRepository {
    /// Number for the next document: one more than the greatest in use.
    fn next_document_id(&mut self) -> Result<DocumentId>;
    /// Adds a document, or replaces the one with the same id.
    fn save_document(&mut self, document: &Document) -> Result<()>;
    /// The document with this user, area, source label and path.
    fn find_document(&mut self, user: &UserId, area: &str, source: &str, path: &str) -> Result<Option<Document>>;
    /// All documents of a user, ordered by area, source, path (byte order).
    fn list_documents(&mut self, user: &UserId) -> Result<Vec<Document>>;
    /// Removes a document, its chunks and its quarantine entries. Rows made from it stay and lose nothing.
    fn delete_document(&mut self, id: DocumentId) -> Result<bool>;
    /// Adds or replaces a chunk.
    fn save_chunk(&mut self, chunk: &Chunk) -> Result<()>;
    /// One chunk of a document.
    fn get_chunk(&mut self, document: DocumentId, ordinal: i64) -> Result<Option<Chunk>>;
    /// Adds or replaces quarantine entries (key: document and ordinal).
    fn save_quarantine(&mut self, entries: &[QuarantineEntry]) -> Result<()>;
    /// Entries of a document in record order, `limit` at most, with an ordinal greater than `after`.
    fn list_quarantine(
        &mut self,
        document: DocumentId,
        after: Option<i64>,
        limit: usize,
    ) -> Result<Vec<QuarantineEntry>>;
    /// Removes an entry, for instance after its record was mended and loaded.
    fn delete_quarantine(&mut self, document: DocumentId, ordinal: i64) -> Result<bool>;
    /// Adds or replaces a run.
    fn save_run(&mut self, run: &ImportRun) -> Result<()>;
    /// The newest runs first (by start time, then id), `limit` at most.
    fn list_runs(&mut self, limit: usize) -> Result<Vec<ImportRun>>;
    /// Takes or renews a lease: succeeds when nobody holds it, when it expired before `now`, or when the
    /// holder is the same. Otherwise gives back the lease that is in the way.
    fn acquire_lease(&mut self, lease: &Lease, now: Timestamp) -> Result<Option<Lease>>;
    /// Gives a lease up if `holder` holds it.
    fn release_lease(&mut self, name: &str, holder: &str) -> Result<bool>;
}
