//! What differs between runs.

use super::{NotRead, leaves};
use landfast_domain::json::Json;
use landfast_domain::runs::Run;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Fewest and most runs of a comparison.
const RUNS: std::ops::RangeInclusive<usize> = 2..=5;

/// The number of runs cannot be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("2 to 5 runs can be compared, not {0}")]
pub struct RunCount(pub usize);

/// Values that differ between runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// Ids of the runs, in the order given.
    pub runs: Vec<String>,
    /// What differs: columns first, then paths within the JSON columns, in the order they first occur.
    pub differences: Vec<Difference>,
    /// Number of values that are equal in all runs and therefore not listed.
    pub equal: usize,
    /// JSON columns that could not be read; none of their values takes part.
    #[serde(skip)]
    pub not_read: Vec<NotRead>,
}

/// A value that is not the same in all runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// Name of the column, with the path within it for a JSON column: `results_summary.avg_correction`.
    pub name: String,
    /// The value of each run, `None` where it has none. A JSON null is `Some(Value::Null)`; in a document both
    /// are null. NaN and infinite numbers are given as their text.
    pub values: Vec<Option<Value>>,
    /// Each value minus that of the first run; `None` for the pairs that are not two finite numbers.
    pub change: Vec<Option<f64>>,
    /// `100·change / |first|`; `None` also where the first is 0.
    pub change_percent: Vec<Option<f64>>,
}

/// Compares 2 to 5 runs and lists only what differs.
///
/// Looked at are layout, source, status, stage, progress, input file, peaks of power and torque, and every
/// leaf of results, settings and error. Numbers are compared by value, so that `1` and `1.0` are equal. Ids,
/// directories and times differ by nature and are left out.
///
/// ```
/// use landfast_analytics::runs::{RunCount, compare};
/// assert_eq!(compare(&[]), Err(RunCount(0)));
/// ```
///
/// # Errors
/// [`RunCount`] for fewer than two or more than five runs.
pub fn compare(runs: &[&Run]) -> Result<Comparison, RunCount> {
    if !RUNS.contains(&runs.len()) {
        return Err(RunCount(runs.len()));
    }
    let mut names: Vec<String> = Vec::new();
    let mut not_read = Vec::new();
    let mut tables: Vec<BTreeMap<String, Json>> = Vec::new();
    for run in runs {
        let mut table = BTreeMap::new();
        for (name, value) in values_of(run, &mut not_read) {
            table.insert(name.clone(), value);
            names.push(name);
        }
        tables.push(table);
    }
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(name.clone()));
    // A stable order: columns of all runs, then leaves, each in the order they first occur.
    names.sort_by_key(|name| column_rank(name));
    let mut differences = Vec::new();
    let mut equal = 0;
    for name in names {
        let values: Vec<Option<&Json>> = tables.iter().map(|table| table.get(&name)).collect();
        let first = values.first().copied().flatten();
        if values.iter().all(|value| same(first, *value)) {
            equal += 1;
        } else {
            differences.push(difference(name, &values));
        }
    }
    Ok(Comparison { runs: runs.iter().map(|run| run.id.to_string()).collect(), differences, equal, not_read })
}

/// Columns that hold JSON, with their names.
const JSON_COLUMNS: [&str; 3] = ["error_info", "results_summary", "config_snapshot"];

/// 0 for plain columns, then one rank for each JSON column.
fn column_rank(name: &str) -> usize {
    let column = name.split('.').next().unwrap_or_default();
    JSON_COLUMNS.iter().position(|known| *known == column).map_or(0, |position| position + 1)
}

fn values_of(run: &Run, not_read: &mut Vec<NotRead>) -> Vec<(String, Json)> {
    let mut found: Vec<(String, Json)> = [
        ("layout", Some(Json::from(run.layout.as_str()))),
        ("source", Some(Json::from(run.source.as_str()))),
        ("status", Some(Json::from(run.status.as_str()))),
        ("current_stage", run.current_stage.as_deref().map(Json::from)),
        ("progress_percent", run.progress_percent.map(Json::from)),
        ("input_filename", run.input_filename.as_deref().map(Json::from)),
        ("peak_hp", run.peak_hp.map(Json::from)),
        ("peak_torque", run.peak_torque.map(Json::from)),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name.to_owned(), value?)))
    .collect();
    let texts = [&run.error_info, &run.results_summary, &run.config_snapshot];
    for (column, text) in JSON_COLUMNS.into_iter().zip(texts) {
        let Some(text) = text else { continue };
        match leaves(text) {
            Ok(leaves) => found.extend(leaves.into_iter().map(|leaf| {
                let name = if leaf.path.is_empty() { column.to_owned() } else { format!("{column}.{}", leaf.path) };
                (name, leaf.value)
            })),
            Err(error) => not_read.push(NotRead { run: run.id.to_string(), column, reason: error.to_string() }),
        }
    }
    found
}

fn same(a: Option<&Json>, b: Option<&Json>) -> bool {
    match (a, b) {
        (Some(Json::Number(a)), Some(Json::Number(b))) => a == b || a.to_f64() == b.to_f64(),
        (a, b) => a == b,
    }
}

fn difference(name: String, values: &[Option<&Json>]) -> Difference {
    let finite = |value: &Option<&Json>| match value {
        Some(Json::Number(number)) => Some(number.to_f64()).filter(|number| number.is_finite()),
        _ => None,
    };
    let first = values.first().and_then(finite);
    let change: Vec<Option<f64>> = values.iter().map(|value| Some(finite(value)? - first?)).collect();
    let percent = |change: &Option<f64>| {
        let base = first.filter(|first| *first != 0.0)?.abs();
        change.map(|change| 100.0 * change / base)
    };
    let change_percent = change.iter().map(percent).collect();
    Difference { name, values: values.iter().map(|value| value.map(shown)).collect(), change, change_percent }
}

/// A leaf as a value of the other JSON library.
fn shown(value: &Json) -> Value {
    match value {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::from(*value),
        Json::String(text) => Value::from(text.as_str()),
        Json::Number(number) => match number.to_i64().filter(|_| number.is_integer()) {
            Some(whole) => Value::from(whole),
            None => {
                serde_json::Number::from_f64(number.to_f64()).map_or_else(|| Value::from(number.as_str()), Value::from)
            }
        },
        // Leaves of these kinds are empty.
        Json::Array(_) => Value::Array(Vec::new()),
        Json::Object(_) => Value::Object(serde_json::Map::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{complete, run};
    use super::*;
    use serde_json::json;

    const DAY: &str = "2025-12-05T11:52:20.493Z";

    #[test]
    fn only_what_differs_is_listed() {
        let a = complete("a", DAY, r#"{"avg": 4, "cells": 10, "only_a": null, "same": [1, {}]}"#);
        let b = complete("b", "2025-12-06T00:00:00Z", r#"{"cells": 10.0, "avg": 5.0, "same": [1, {}]}"#);
        let found = compare(&[&a, &b]).unwrap();
        assert_eq!(found.runs, ["a", "b"]);
        let names: Vec<_> = found.differences.iter().map(|difference| difference.name.as_str()).collect();
        assert_eq!(names, ["results_summary.avg", "results_summary.only_a"]);
        let avg = &found.differences[0];
        assert_eq!(avg.values, [Some(json!(4)), Some(json!(5.0))]);
        assert_eq!((avg.change[1], avg.change_percent[1], avg.change[0]), (Some(1.0), Some(25.0), Some(0.0)));
        assert_eq!(found.differences[1].values, [Some(Value::Null), None]);
        // Layout, source, status, cells, and two elements.
        assert_eq!(found.equal, 6);
    }

    #[test]
    fn columns_come_before_the_leaves_and_numbers_are_compared_with_numbers_only() {
        let a = complete("a", DAY, r#"{"x": 0, "y": "1", "z": NaN}"#);
        let b = run("b", DAY, r#""status": "error", "error": {"stage": "load"}, "results_summary": {"x": 2, "y": 1}"#);
        let c = complete("c", DAY, r#"{"x": 0, "y": "1", "z": NaN}"#);
        let found = compare(&[&a, &b, &c]).unwrap();
        let names: Vec<_> = found.differences.iter().map(|difference| difference.name.as_str()).collect();
        assert_eq!(
            names,
            ["status", "error_info.stage", "results_summary.x", "results_summary.y", "results_summary.z"]
        );
        assert_eq!(found.differences[2].change_percent, [None, None, None]);
        assert_eq!(found.differences[3].change, [None, None, None]);
        assert_eq!(found.differences[4].values[0], Some(json!("NaN")));
    }

    #[test]
    fn equal_runs_have_no_differences_and_others_are_refused() {
        let a = complete("a", DAY, r#"{"x": NaN}"#);
        assert_eq!(compare(&[&a, &a]).unwrap().differences, []);
        assert_eq!(compare(&[&a]), Err(RunCount(1)));
        assert_eq!(compare(&[&a; 6]).unwrap_err().to_string(), "2 to 5 runs can be compared, not 6");
    }

    #[test]
    fn columns_that_are_not_json_are_told() {
        let mut a = complete("a", DAY, r#"{"x": 1}"#);
        a.config_snapshot = Some("[".to_owned());
        let found = compare(&[&a, &a]).unwrap();
        assert_eq!((found.not_read.len(), found.not_read[0].column), (2, "config_snapshot"));
    }
}
