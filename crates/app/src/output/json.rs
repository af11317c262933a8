//! JSON results.

use super::print;
use crate::failure::Failure;
use serde_json::{Map, Value};

/// Version of every JSON document this program prints. It changes when a key changes its meaning or goes
/// away, not when one is added.
const SCHEMA: u64 = 1;

/// A document: `schema` first, then these entries in this order.
#[must_use]
pub fn document<const N: usize>(entries: [(&str, Value); N]) -> Map<String, Value> {
    let schema = ("schema".to_owned(), SCHEMA.into());
    [schema].into_iter().chain(entries.map(|(key, value)| (key.to_owned(), value))).collect()
}

/// Prints a document with two blanks of indent.
///
/// # Errors
/// When stdout cannot be written.
pub fn print_json(document: Map<String, Value>) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(&Value::Object(document))
        .map_err(|error| Failure::failed(format!("cannot render the result as JSON: {error}")))?;
    print(&(text + "\n"))
}
