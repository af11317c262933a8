//! Domain layer of Landfast: record types, business rules, and the contract every store keeps.
//!
//! This crate knows no database, no file format and no clock. Time, ids and randomness come in as
//! arguments; data comes and goes through the traits [`store::Store`] and [`store::Repositories`].
//!
//! | module | what it holds |
//! |---|---|
//! | [`store`] | the contract: `Store`, `Repositories`, one repository trait per aggregate |
//! | [`record`] | what all table-like records share: cells, keys, positions, provenance |
//! | [`accounts`] | users and the guest, credentials, sessions, security events |
//! | [`tasks`] | the tasks area: records and every operation of its managers |
//! | [`delivery`] | the delivery area: profiles, queries, cached issues, weekly numbers and metrics |
//! | [`presentations`] | the presentations area: a durable queue of rendering jobs |
//! | [`runs`] | the runs area: analysis runs and their files |
//! | [`cutover`] | stages of an area between files and database, and what one side lacks |
//! | [`imports`] | source documents, checkpoints, quarantine and the migrator's lock |
//! | [`finding`], [`instant`] | oddities of source documents by code; times with a zone |
//! | [`json`], [`text`] | Python's JSON dialect and text rules, which legacy cells are written in |

pub mod accounts;
mod copy_on_write;
pub mod cutover;
pub mod delivery;
pub mod error;
pub mod finding;
pub mod imports;
pub mod instant;
pub mod json;
pub mod presentations;
pub mod record;
pub mod runs;
pub mod store;
pub mod tasks;
pub mod text;
pub mod time;

pub use error::{Error, Result};
pub use store::{Repositories, Store};
