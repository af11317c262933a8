//! Test kit of Landfast: the contract of stores as executable rules, throw-away stores, golden answers.
//!
//! | module | what it holds |
//! |---|---|
//! | [`contract`] | the rules every store keeps, one function each, with a registry |
//! | `corpus` | damaged legacy folders, and an independent look at what an import made of them |
//! | `databases` | throw-away stores for tests |
//! | [`differential`] | random transactions on a store and on the model |
//! | `folder` | legacy folders as values |
//! | `golden` | sample folders with the answers of the original program |
//! | `imports` | legacy folders into throw-away stores |
//! | [`model`] | the contract as a naive store, to compare real stores with |
//! | `random_tree` | random legacy folders, and their journey through both databases |
//! | `schema` | migrations up, down and up again; the page about the tables |

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a rule that is broken panics, and so does a test kit that cannot do its work"
)]

pub mod contract;
#[cfg(feature = "harness")]
pub mod corpus;
#[cfg(feature = "harness")]
pub mod databases;
pub mod differential;
#[cfg(feature = "harness")]
pub mod folder;
#[cfg(feature = "harness")]
pub mod golden;
#[cfg(feature = "harness")]
pub mod imports;
pub mod model;
#[cfg(feature = "harness")]
pub mod random_tree;
#[cfg(feature = "harness")]
pub mod schema;
#[cfg(feature = "harness")]
mod store_tests;

#[cfg(feature = "harness")]
pub use store_tests::{on_both_database_leads, on_both_files_lead, on_files, on_memory, on_postgres, on_sqlite};
