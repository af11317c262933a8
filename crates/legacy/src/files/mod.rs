//! Legacy files as a store: the same behaviour as the databases, in files the legacy program can read.
//!
//! The guest's files lie in the folder itself, those of other users below `users/<id>/`, and the list of
//! users in `.landfast/accounts.json`. A missing file is an empty table.
//!
//! ```
//! use landfast_domain::accounts::UserId;
//! use landfast_domain::Store;
//! use landfast_legacy::files::FileStore;
//!
//! let folder = tempfile::tempdir()?;
//! let file = folder.path().join("emotions.csv");
//! std::fs::write(&file, "emotion,mood\r\n\"calm\",1,surplus\r\nDread,2\r\n")?;
//!
//! let store = FileStore::open(folder.path())?;
//! let (store, guest): (&dyn Store, _) = (&store, UserId::guest());
//! store.write(|r| {
//!     let mut dread = r.emotions().get(&guest, &"Dread".into())?.expect("it is there");
//!     dread.set_cell_named("mood", "3".to_owned());
//!     r.emotions().update(&guest, &dread)
//! })?;
//! // One cell changed; the row with a cell too many, which is no record, is where it was.
//! assert_eq!(std::fs::read_to_string(&file)?, "emotion,mood\r\n\"calm\",1,surplus\r\nDread,3\r\n");
//! # use landfast_domain::record::Record as _;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Documents
//!
//! The other areas are in the legacy programs' JSON documents, as they lie in the same folder; they belong to
//! the installation and not to a user:
//!
//! | area | documents |
//! |---|---|
//! | delivery | `profiles/…`, `task_progress.json`, `jira_query_profiles.json`; see [`crate::delivery`] |
//! | presentations | `presentation_jobs.snapshot.json`; see [`crate::presentations`] |
//! | runs | `runs/<id>/…`, `outputs/<id>/…`, `experiments/<name>/…`; see [`crate::runs`] |
//!
//! An area is read when it is used first, and again as far as its files changed. A commit writes the
//! documents that say something else than before, and in them only the members concerned. What has no place
//! in a document is kept in `.landfast/delivery.json`, `presentations.json` and `runs.json`, each entry valid
//! for exactly the document it was written with, so that whatever a legacy program writes counts.
//!
//! Deleting a profile, query or run removes its documents; result files and files nobody knows stay. A
//! document that cannot be read is never written over: a change that would have to is refused with
//! [`Error::Corrupt`](landfast_domain::Error), which names the file. A damaged snapshot of jobs makes every use
//! of that area such an error; a damaged document of a query or run only hides what it holds. Links are neither
//! followed nor written over. Where there is a `runs/index.json`, from which the legacy program lists its runs,
//! it is kept up to date.
//!
//! # What is kept
//!
//! Every byte that a change does not concern: quoting, line ends, the byte order mark, blank lines,
//! columns and files this version does not know, and rows that cannot be records
//! ([`FileStore::rejected`]). A column is added at the end of a file when a new or changed record needs
//! it; other rows get a cell only if the column does not read as empty where it is missing. A file that
//! would not read as it should after a change is not written: [`Error::Corrupt`](landfast_domain::Error)
//! names the file and the line in the way.
//!
//! # What files cannot keep
//!
//! Positions are the order in the file, counted from 1 whenever the file was written, and provenance is
//! not kept. All records of a file have the same unknown columns. Rows without a table of their own
//! ([`LegacyRow`](landfast_domain::tasks::LegacyRow)) have the keys their order gives.
//!
//! # Transactions
//!
//! One writer at a time, among threads and processes, while readers wait; the lock is
//! `.landfast/lock`. A commit of several files is complete or not there at all, whenever the process or
//! the machine stops. A program that does not take the lock, such as the legacy program, may write
//! between two transactions; what it wrote is read. If it writes during one, the commit is refused with
//! [`Error::Busy`](landfast_domain::Error). A transaction must not be begun inside another one of the same
//! store; it would wait for itself.

mod accounts;
mod areas;
mod backing;
mod cutover;
mod folder;
mod headers;
mod journal;
mod keys;
mod lock;
mod memory;
mod render;
mod repositories;
mod rows;
mod shelf;
mod store;
mod table;
mod transaction;

pub use store::{FileStore, RejectedRow};
