//! The import ledger: what was read, how far loading got, what was set aside, who is migrating.

mod document;
mod quarantine;
mod repository;

pub use document::{Chunk, Document, DocumentState};
pub use quarantine::{Outcome, QuarantineEntry};
pub use repository::{ImportRepository, ImportRun, Lease};
