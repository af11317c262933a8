//! The CSV layer, from the grammar to whole files.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::as_conversions,
    reason = "a test that fails here has found something"
)]

mod damage;
mod fixtures;
mod properties;
mod reader;
mod support;
mod write;
