//! Rows for every table.

use crate::golden::copy_records;
use landfast_demo::{ColumnAge, DemoOptions, write_tasks};
use landfast_domain::Store;
use landfast_domain::accounts::{User, UserId};
use landfast_domain::imports::{Chunk, Document, DocumentState, ImportRun, Lease, Outcome, QuarantineEntry};
use landfast_domain::time::Timestamp;
use landfast_legacy::files::FileStore;

/// Fills every table with at least one row: made-up data of the guest, another user, a finished import.
///
/// # Panics
/// When the store refuses something.
pub(super) fn populate(store: &dyn Store) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let now = Timestamp::parse("2026-03-07 09:30").expect("a time");
    let options = DemoOptions { seed: 7, scale: 1, now: now.naive(), age: ColumnAge::March2026, odd_cells: true };
    write_tasks(folder.path(), &options).expect("demo data is written");
    let files = FileStore::open(folder.path()).expect("demo data is a store");
    copy_records(&files, store, &UserId::guest());
    store
        .write(|r| {
            let id = UserId::new("ada")?;
            r.accounts().insert(&User { id: id.clone(), name: "Ada".to_owned(), created_at: now })?;
            let imports = r.imports()?;
            let document = imports.next_document_id()?;
            imports.save_document(&Document {
                id: document,
                user: id,
                area: "tasks".to_owned(),
                source: "home".to_owned(),
                path: "tasks.csv".to_owned(),
                size_bytes: 3,
                sha256: "00".repeat(32),
                modified_ns: 0,
                first_position: 1,
                state: DocumentState::Loaded,
                records_done: 1,
                chunks_done: 1,
            })?;
            imports.save_chunk(&Chunk { document, ordinal: 0, size_bytes: 3, compressed: vec![1, 2, 3] })?;
            imports.save_quarantine(&[QuarantineEntry {
                document,
                ordinal: 0,
                outcome: Outcome::Quarantined,
                line: 2,
                offset: 10,
                column: String::new(),
                code: "long-row".to_owned(),
                message: "one cell too many".to_owned(),
                raw: b"a,b,c".to_vec(),
            }])?;
            let run = ImportRun {
                id: "run-1".to_owned(),
                started_at: now,
                finished_at: None,
                state: "running".to_owned(),
                report: "{}".to_owned(),
            };
            imports.save_run(&run)?;
            imports.acquire_lease(&Lease { name: "import".to_owned(), holder: "host".to_owned(), expires_at: now }, now)
        })
        .expect("the ledger is written");
}
