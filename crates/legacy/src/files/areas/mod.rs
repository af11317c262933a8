//! Areas whose records are in documents: delivery, presentations, runs.
//!
//! An area is read as a whole when it is asked for first, into the memory model of the domain, and kept in
//! the store's cache until its files change. A transaction works on a clone of the model, which costs only
//! what it changes; the commit compares the two and writes the documents that say something else.

mod area;
mod delivery;
mod guard;
mod presentations;
mod presentations_own;
mod runs;
mod runs_directory;
mod runs_edits;
mod runs_own;
mod shown;

pub(super) use area::{Area, Areas, Loaded};
pub(super) use delivery::ROOT_FILES as DELIVERY_FILES;
pub(super) use presentations::PATH as PRESENTATIONS_FILE;
