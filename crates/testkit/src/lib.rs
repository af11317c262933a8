//! Test kit of Landfast: the contract of stores as executable rules, throw-away stores, golden answers.
//!
//! | module | what it holds |
//! |---|---|
//! | [`contract`] | the rules every store keeps, one function each, with a registry |
//! | `databases` | throw-away stores for tests |
//! | `golden` | sample folders with the answers of the original program |
//! | [`model`] | the contract as a naive store, to compare real stores with |

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a rule that is broken panics, and so does a test kit that cannot do its work"
)]

pub mod contract;
#[cfg(feature = "harness")]
pub mod databases;
#[cfg(feature = "harness")]
pub mod golden;
pub mod model;
#[cfg(feature = "harness")]
mod store_tests;

#[cfg(feature = "harness")]
pub use store_tests::{on_files, on_memory, on_postgres, on_sqlite};
