//! Record tables: one mapping and one repository for all of them.
//!
//! A record's cells are text; a row holds what they mean. Where the canonical text of the meaning is not
//! the cell's text, the row says how it differs: `number_styles` marks numbers spelled as Python floats,
//! `legacy_cells` holds every other text. So whatever stands in a cell comes back unchanged, and
//! queries still work on typed columns.

#[cfg(test)]
mod cache_tests;
mod cells;
mod decimal;
mod instances;
mod keys;
mod kinds;
#[cfg(feature = "sqlite")]
pub(crate) mod plain_insert;
mod table;
mod tables;

pub(crate) use keys::{bounded, hex};
pub(crate) use kinds::storable;
