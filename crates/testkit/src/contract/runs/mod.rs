//! Analysis runs and the lists of their files.
//!
//! Runs belong to the installation, so each rule works on a source of its own.

mod changes;
mod files;
mod lists;
mod records;
mod support;

pub use changes::*;
pub use files::*;
pub use lists::*;
pub use records::*;
