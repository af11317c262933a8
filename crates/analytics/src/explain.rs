//! How a number came about: formula, inputs and steps, for display beside it.
//!
//! An explanation never calculates on its own: it shows the terms the plain function worked with, and its
//! result is the result of that function. A [`Catalogue`] explains every value of a whole document by its place.

mod catalogue;
mod formula;
mod places;

pub use catalogue::{Catalogue, ExplainError, Explained};
pub use formula::calculate;

use serde::Serialize;
use serde_json::Value;

/// A quantity with everything that went into it.
///
/// ```
/// use landfast_analytics::explain::Explanation;
///
/// let explanation = Explanation::new("net_wellbeing", "R - S", "points")
///     .input("R", 70.0)
///     .input("S", 30.0)
///     .result(Some(40.0));
/// let json = serde_json::to_value(&explanation).unwrap();
/// assert_eq!(json["inputs"][0], serde_json::json!({"name": "R", "value": 70.0}));
/// assert_eq!(json["result"], 40.0);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// Name of the quantity, as in the documents.
    pub quantity: &'static str,
    /// Formula in symbols; the names are those of inputs and steps.
    pub formula: &'static str,
    /// Unit of the result: `points`, `minutes`, `days`, `share`, …
    pub unit: &'static str,
    /// What was known before, in the order of the formula.
    pub inputs: Vec<Term>,
    /// What was calculated on the way, in the order of calculation.
    pub steps: Vec<Term>,
    /// The result; `None` when there is none.
    pub result: Option<f64>,
    /// A remark in words: why there is no result, or which rule applied.
    pub note: Option<String>,
}

/// One named value of an [`Explanation`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Term {
    /// Symbol or name.
    pub name: String,
    /// Value; `null` when it is unknown.
    pub value: Value,
}

impl Term {
    /// A named value; a number that is NaN or infinite becomes `null`.
    #[must_use]
    pub fn new(name: impl Into<String>, value: impl Into<Value>) -> Self {
        Self { name: name.into(), value: value.into() }
    }
}

impl Explanation {
    /// An explanation without inputs, steps or result.
    #[must_use]
    pub fn new(quantity: &'static str, formula: &'static str, unit: &'static str) -> Self {
        Self { quantity, formula, unit, inputs: Vec::new(), steps: Vec::new(), result: None, note: None }
    }

    /// Adds an input.
    #[must_use]
    pub fn input(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.inputs.push(Term::new(name, value));
        self
    }

    /// Adds a step.
    #[must_use]
    pub fn step(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.steps.push(Term::new(name, value));
        self
    }

    /// Sets the result.
    #[must_use]
    pub fn result(mut self, result: Option<f64>) -> Self {
        self.result = result;
        self
    }

    /// Sets the remark.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_is_null() {
        let explanation =
            Explanation::new("x", "a / b", "share").input("a", None::<f64>).step("b", f64::NAN).note("no data");
        let json = serde_json::to_value(&explanation).unwrap();
        assert_eq!(json["inputs"][0]["value"], Value::Null);
        assert_eq!(json["steps"][0]["value"], Value::Null);
        assert_eq!((&json["result"], &json["note"]), (&Value::Null, &Value::from("no data")));
    }
}
