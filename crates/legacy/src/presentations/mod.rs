//! Snapshots of rendering jobs: what a running service of the old kind writes down of its memory.
//!
//! A snapshot is a JSON document: an object with `format`, `version`, the offset of its times and a list of
//! jobs, or of jobs by id; or just a list of jobs. [`read`] turns its bytes into jobs, each with its own text,
//! and accounts for every entry; [`rewrite`] gives the bytes back with the entries that changed. Both are
//! functions of their arguments, without clock or files.

mod read;
mod write;

pub use read::{Entry, EntryOutcome, FORMAT, InFlight, Refused, Shape, Snapshot, is_snapshot, read};
pub use write::{fresh, rewrite};
