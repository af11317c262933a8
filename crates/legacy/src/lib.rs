//! Legacy file formats of Landfast: lossless readers and writers for the files the database replaces.
//!
//! | module | what it holds |
//! |---|---|
//! | [`csv`] | pandas-written and spreadsheet-touched CSV files, byte for byte |
//! | [`table`] | rows of such files as records of the domain, with what is odd about them |
//! | [`delivery`] | the delivery tree: profiles, queries and their JSON documents |
//! | [`files`] | a store made of such files |
//! | [`presentations`] | snapshots of rendering jobs |
//! | [`runs`] | directories of analysis runs |
//! | [`tasks`] | the tasks folder: which file holds what, and the files without a table |

pub mod csv;
pub mod delivery;
mod error;
pub mod files;
pub mod presentations;
pub mod runs;
pub mod table;
pub mod tasks;

pub use error::Error;
