//! The file store: bytes, crashes, other processes.
//!
//! That it behaves like the databases is checked by the contract suite, which runs on every store.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails here has found something")]

mod areas;
mod bytes;
mod crash;
mod damage;
mod golden;
mod keys;
mod outside;
mod processes;
mod properties;
mod shelf;
mod support;
