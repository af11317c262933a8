//! Compares a computed document with golden answers, within the tolerances the answers were made for.
//!
//! Texts, truth values, nulls, lengths, order and whole numbers have to be equal. Other numbers may differ
//! by `1e-6 * max(1, |expected|)`, or by one unit of the last place of a value known to be rounded.

use serde_json::Value;

/// Relative difference allowed for values that are not rounded.
const RELATIVE: f64 = 1e-6;

/// How to compare: which values are rounded, and which keys are left out.
#[derive(Clone, Copy)]
pub(crate) struct Rules {
    /// Decimal places a value at this path is documented to be rounded to; `None` for unrounded values.
    pub(crate) decimals: fn(&str) -> Option<i32>,
    /// Reason why the value at this path is not compared; `None` for values that are.
    pub(crate) excluded: fn(&str) -> Option<&'static str>,
}

impl Rules {
    /// Compares everything, no value being rounded.
    pub(crate) const STRICT: Self = Self { decimals: |_| None, excluded: |_| None };
}

/// Every path at which `actual` lacks or contradicts what `expected` says, as a printable line each.
///
/// Members that only `actual` has are no difference: a document may say more than the golden one. Lists
/// have to be of equal length. An expected whole number of a list or an object is compared exactly.
pub(crate) fn differences(expected: &Value, actual: &Value, rules: Rules) -> Vec<String> {
    let mut found = Vec::new();
    walk("", expected, actual, rules, &mut found);
    found
}

/// Fails with all differences, at most `100` of them printed.
pub(crate) fn assert_equal(expected: &Value, actual: &Value, rules: Rules) {
    let found = differences(expected, actual, rules);
    let shown = found.iter().take(100).cloned().collect::<Vec<_>>().join("\n");
    assert!(found.is_empty(), "{} differences:\n{shown}", found.len());
}

/// Number of values (not containers) below a value: what a comparison of it looks at.
pub(crate) fn leaves(value: &Value) -> usize {
    match value {
        Value::Object(members) => members.values().map(leaves).sum(),
        Value::Array(items) => items.iter().map(leaves).sum(),
        _ => 1,
    }
}

fn walk(path: &str, expected: &Value, actual: &Value, rules: Rules, found: &mut Vec<String>) {
    if (rules.excluded)(path).is_some() {
        return;
    }
    match (expected, actual) {
        (Value::Object(wanted), Value::Object(given)) => {
            for (key, value) in wanted {
                let below = format!("{path}/{key}");
                match given.get(key) {
                    Some(other) => walk(&below, value, other, rules, found),
                    None if (rules.excluded)(&below).is_some() => {}
                    None => found.push(format!("{below}: missing")),
                }
            }
        }
        (Value::Array(wanted), Value::Array(given)) => {
            if wanted.len() != given.len() {
                found.push(format!("{path}: {} items expected, {} given", wanted.len(), given.len()));
            }
            for (number, (value, other)) in wanted.iter().zip(given).enumerate() {
                walk(&format!("{path}/{number}"), value, other, rules, found);
            }
        }
        (Value::Number(wanted), Value::Number(given)) => {
            let (wanted, given) = (wanted.as_f64().unwrap(), given.as_f64().unwrap());
            let allowed = (rules.decimals)(path).map_or(RELATIVE * wanted.abs().max(1.0), |places| {
                // One unit of the last place; a little more, because neither side is exact.
                10_f64.powi(-places) * (1.0 + 1e-6)
            });
            // A difference that is not a number is no agreement.
            if (wanted - given).abs().partial_cmp(&allowed).is_none_or(std::cmp::Ordering::is_gt) {
                found.push(format!("{path}: expected {wanted}, given {given}"));
            }
        }
        _ if expected == actual => {}
        _ => found.push(format!("{path}: expected {}, given {}", short(expected), short(actual))),
    }
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() > 80 { text.chars().take(80).collect::<String>() + "…" } else { text }
}
