//! The import ledger in maps.

use landfast_domain::Result;
use landfast_domain::accounts::UserId;
use landfast_domain::imports::{Chunk, Document, ImportRepository, ImportRun, Lease, QuarantineEntry};
use landfast_domain::record::DocumentId;
use landfast_domain::time::Timestamp;
use std::cmp::Reverse;
use std::collections::BTreeMap;

#[derive(Debug, Clone, Default)]
pub(super) struct Ledger {
    documents: BTreeMap<DocumentId, Document>,
    chunks: BTreeMap<(DocumentId, i64), Chunk>,
    quarantine: BTreeMap<(DocumentId, i64), QuarantineEntry>,
    runs: BTreeMap<String, ImportRun>,
    leases: BTreeMap<String, Lease>,
}

impl Ledger {
    pub(super) fn forget(&mut self, user: &UserId) {
        let gone: Vec<DocumentId> = self.documents.values().filter(|d| d.user == *user).map(|d| d.id).collect();
        for id in gone {
            self.remove(id);
        }
    }

    pub(super) fn owners(&self) -> impl Iterator<Item = &UserId> {
        self.documents.values().map(|document| &document.user)
    }

    fn remove(&mut self, id: DocumentId) -> bool {
        self.chunks.retain(|(document, _), _| *document != id);
        self.quarantine.retain(|(document, _), _| *document != id);
        self.documents.remove(&id).is_some()
    }
}

impl ImportRepository for Ledger {
    fn next_document_id(&mut self) -> Result<DocumentId> {
        Ok(DocumentId(self.documents.keys().last().map_or(1, |id| id.0 + 1)))
    }

    fn save_document(&mut self, document: &Document) -> Result<()> {
        self.documents.insert(document.id, document.clone());
        Ok(())
    }

    fn find_document(&mut self, user: &UserId, area: &str, source: &str, path: &str) -> Result<Option<Document>> {
        let wanted = |d: &&Document| d.user == *user && d.area == area && d.source == source && d.path == path;
        Ok(self.documents.values().find(wanted).cloned())
    }

    fn list_documents(&mut self, user: &UserId) -> Result<Vec<Document>> {
        let mut documents: Vec<Document> = self.documents.values().filter(|d| d.user == *user).cloned().collect();
        documents.sort_by(|a, b| (&a.area, &a.source, &a.path).cmp(&(&b.area, &b.source, &b.path)));
        Ok(documents)
    }

    fn delete_document(&mut self, id: DocumentId) -> Result<bool> {
        Ok(self.remove(id))
    }

    fn save_chunk(&mut self, chunk: &Chunk) -> Result<()> {
        self.chunks.insert((chunk.document, chunk.ordinal), chunk.clone());
        Ok(())
    }

    fn get_chunk(&mut self, document: DocumentId, ordinal: i64) -> Result<Option<Chunk>> {
        Ok(self.chunks.get(&(document, ordinal)).cloned())
    }

    fn save_quarantine(&mut self, entries: &[QuarantineEntry]) -> Result<()> {
        for entry in entries {
            self.quarantine.insert((entry.document, entry.ordinal), entry.clone());
        }
        Ok(())
    }

    fn list_quarantine(
        &mut self,
        document: DocumentId,
        after: Option<i64>,
        limit: usize,
    ) -> Result<Vec<QuarantineEntry>> {
        let wanted = |e: &&QuarantineEntry| e.document == document && after.is_none_or(|after| e.ordinal > after);
        Ok(self.quarantine.values().filter(wanted).take(limit).cloned().collect())
    }

    fn delete_quarantine(&mut self, document: DocumentId, ordinal: i64) -> Result<bool> {
        Ok(self.quarantine.remove(&(document, ordinal)).is_some())
    }

    fn save_run(&mut self, run: &ImportRun) -> Result<()> {
        self.runs.insert(run.id.clone(), run.clone());
        Ok(())
    }

    fn list_runs(&mut self, limit: usize) -> Result<Vec<ImportRun>> {
        let mut runs: Vec<ImportRun> = self.runs.values().cloned().collect();
        runs.sort_by_key(|run| Reverse((run.started_at, run.id.clone())));
        runs.truncate(limit);
        Ok(runs)
    }

    fn acquire_lease(&mut self, lease: &Lease, now: Timestamp) -> Result<Option<Lease>> {
        match self.leases.get(&lease.name) {
            Some(held) if held.holder != lease.holder && held.expires_at >= now => Ok(Some(held.clone())),
            _ => {
                self.leases.insert(lease.name.clone(), lease.clone());
                Ok(None)
            }
        }
    }

    fn release_lease(&mut self, name: &str, holder: &str) -> Result<bool> {
        let held = self.leases.get(name).is_some_and(|lease| lease.holder == holder);
        if held {
            self.leases.remove(name);
        }
        Ok(held)
    }
}
