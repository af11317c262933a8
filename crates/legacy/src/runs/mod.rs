//! Directories of analysis runs, in four layouts.
//!
//! | layout | directory | known by |
//! |---|---|---|
//! | state | `runs/<id>/` | `run_state.json` |
//! | upload | `outputs/<uuid>/` | `manifest.json`, and the same as `<manifest id>.manifest.json` |
//! | tuning | `runs/<id>/` | `manifest.json` directly inside |
//! | experiment | `experiments/<name>/` | as an upload, named by hand |
//!
//! [`find_roots`] finds the folders that hold such directories, [`RunRoot::directories`] lists them, and
//! [`read_directory`] turns one into a run, the list of its files and what is odd about either. Every directory
//! has an outcome: imported, quarantined (a document that is not understood; its bytes are kept), or orphan
//! (files without any document). Links are never followed, and no listed path is opened that leads out of the
//! run's directory.
//!
//! [`write_run`] writes the documents of a run back, each in one step, and leaves files with the same bytes
//! alone. Result files stay where they are in both directions.

mod directory;
mod document;
mod hash;
mod index;
mod inventory;
mod place;
mod roots;
mod session;
mod write;

pub use directory::{FoundRun, Outcome, read_directory, read_place, settle_ids};
pub use document::{DocumentRole, Read, ReadOptions, SourceDocument, is_json};
pub use hash::{FileHash, HashFiles, hash_file, hash_reader};
pub use index::{INDEX_FILE, check_index, index_text};
pub use inventory::Inventory;
pub use place::Place;
pub use roots::{RootKind, RunRoot, find_roots, root_around, root_at};
pub use write::{WrittenDocument, run_documents, write_atomically, write_index, write_run};
