//! Files and a database as one store.

use super::{migrated, open};
use landfast_cutover::{DualOptions, DualStore};
use landfast_domain::cutover::Stage;
use landfast_domain::time::Timestamp;
use landfast_legacy::files::FileStore;
use landfast_store::DatabaseUrl;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

/// A pair of stores in a folder of its own, removed when this value is dropped.
pub struct Both {
    /// The pair.
    pub store: DualStore,
    /// Where everything is: the files in `legacy`, the database in `landfast.db`.
    pub folder: TempDir,
}

/// An empty pair, all areas of which are at this stage.
///
/// # Panics
/// When it cannot be made.
#[must_use]
pub fn both(stage: Stage) -> Both {
    let folder = tempfile::tempdir().expect("a temporary folder");
    sqlite_in(folder.path());
    Both { store: both_in(folder.path(), stage), folder }
}

/// The pair in a folder, once more. `stage` is that of areas about which nothing is recorded.
///
/// # Panics
/// When it cannot be opened.
#[must_use]
pub fn both_in(folder: &Path, stage: Stage) -> DualStore {
    let legacy = folder.join("legacy");
    let files = FileStore::open(&legacy).expect("a folder is a store");
    let database = open(&DatabaseUrl::sqlite(folder.join("landfast.db")));
    let clock = || Timestamp::parse("2026-03-04 05:06").expect("a time");
    let options = DualOptions { fallback: Box::new(move |_| stage), ..DualOptions::new("test", clock) };
    DualStore::new(Arc::new(files), Arc::new(database), Some(&legacy), options).expect("a pair of stores")
}

/// Makes the database of a pair in a folder.
///
/// # Panics
/// When it cannot be made.
pub fn sqlite_in(folder: &Path) {
    drop(migrated(&DatabaseUrl::sqlite(folder.join("landfast.db"))));
}
