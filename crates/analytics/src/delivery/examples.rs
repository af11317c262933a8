//! Inputs of single functions, to see them work without data of one's own.

use super::document::{hash_vectors, vectors};
use super::input::QueryData;
use super::work_document::work_vectors;
use landfast_domain::delivery::Digests;
use landfast_domain::time::Timestamp;
use serde_json::{Map, Value, json};

/// Tables of inputs, one for each function, with the edges of its tiers and rules.
const INPUTS: &str = include_str!("example_inputs.json");

/// Answers tables of inputs of single functions: members `vectors`, `health_v3`, `budget` and
/// `budget_health_tier`, each entry with its inputs and the outputs calculated at `now`.
///
/// `tables`: a document with such tables; the built-in examples without one. The budget is that of the first query.
///
/// # Errors
/// When the built-in examples are not JSON, which a test excludes.
pub fn answer_tables(
    tables: Option<&Value>,
    queries: &[QueryData],
    digests: &Digests,
    points_field: &str,
    now: Timestamp,
) -> Result<Map<String, Value>, serde_json::Error> {
    let mut inputs = match tables {
        Some(tables) => tables.clone(),
        None => serde_json::from_str(INPUTS)?,
    };
    if let Some(members) = inputs.as_object_mut() {
        members.insert("frozen_now".to_owned(), json!(now.to_iso_text()));
    }
    let mut answers = Map::new();
    let mut tables = Map::new();
    for part in [vectors(&inputs), work_vectors(&inputs, queries.first())] {
        let Value::Object(part) = part else { continue };
        for (name, value) in part {
            match value {
                Value::Object(found) if name == "vectors" => tables.extend(found),
                other => drop(answers.insert(name, other)),
            }
        }
    }
    let hashes = hash_vectors(&inputs, digests, points_field);
    if !hashes.is_null() {
        tables.insert("hashes".to_owned(), hashes);
    }
    answers.insert("vectors".to_owned(), Value::Object(tables));
    Ok(answers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_can_be_read() {
        let inputs: Value = serde_json::from_str(INPUTS).unwrap();
        let tables = inputs["vectors"].as_object().unwrap();
        assert!(tables.len() >= 20, "{}", tables.len());
        assert!(INPUTS.contains("\"in\"") && !INPUTS.contains("\"out\""));
    }
}
