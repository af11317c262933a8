//! The import ledger: documents with their bytes, quarantined records, runs, leases.

mod documents;
mod quarantine;
mod runs;

use landfast_domain::Result as DomainResult;
use landfast_domain::accounts::UserId;
use landfast_domain::imports::{Chunk, Document, ImportRepository, ImportRun, Lease, QuarantineEntry};
use landfast_domain::record::DocumentId;
use landfast_domain::time::Timestamp;

use crate::transaction::Transaction;

impl ImportRepository for Transaction<'_> {
    /// Also greater than the number of every document that was ever deleted, since rows made from it may
    /// still name it.
    fn next_document_id(&mut self) -> DomainResult<DocumentId> {
        documents::next_id(self)
    }
    fn save_document(&mut self, document: &Document) -> DomainResult<()> {
        documents::save(self, document)
    }
    fn find_document(&mut self, user: &UserId, area: &str, source: &str, path: &str) -> DomainResult<Option<Document>> {
        documents::find(self, user, area, source, path)
    }
    fn list_documents(&mut self, user: &UserId) -> DomainResult<Vec<Document>> {
        documents::list(self, user)
    }
    fn delete_document(&mut self, id: DocumentId) -> DomainResult<bool> {
        documents::delete(self, id)
    }
    fn save_chunk(&mut self, chunk: &Chunk) -> DomainResult<()> {
        documents::save_chunk(self, chunk)
    }
    fn get_chunk(&mut self, document: DocumentId, ordinal: i64) -> DomainResult<Option<Chunk>> {
        documents::get_chunk(self, document, ordinal)
    }
    fn save_quarantine(&mut self, entries: &[QuarantineEntry]) -> DomainResult<()> {
        quarantine::save(self, entries)
    }
    fn list_quarantine(
        &mut self,
        document: DocumentId,
        after: Option<i64>,
        limit: usize,
    ) -> DomainResult<Vec<QuarantineEntry>> {
        quarantine::list(self, document, after, limit)
    }
    fn delete_quarantine(&mut self, document: DocumentId, ordinal: i64) -> DomainResult<bool> {
        quarantine::delete(self, document, ordinal)
    }
    fn save_run(&mut self, run: &ImportRun) -> DomainResult<()> {
        runs::save(self, run)
    }
    fn list_runs(&mut self, limit: usize) -> DomainResult<Vec<ImportRun>> {
        runs::list(self, limit)
    }
    fn acquire_lease(&mut self, lease: &Lease, now: Timestamp) -> DomainResult<Option<Lease>> {
        runs::acquire_lease(self, lease, now)
    }
    fn release_lease(&mut self, name: &str, holder: &str) -> DomainResult<bool> {
        runs::release_lease(self, name, holder)
    }
}
