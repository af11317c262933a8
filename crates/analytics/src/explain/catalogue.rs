//! How every value of a document comes about: a table of rules by place.

use super::Term;
use super::formula::calculate;
use super::places::{Values, captured, find, leaves, numbers};
use serde::Serialize;
use serde_json::Value;

/// Rules for the places of a document, the first fitting one counts.
#[derive(Debug, Clone)]
pub struct Catalogue {
    rules: Vec<Rule>,
}

/// How the values at some places come about.
#[derive(Debug, Clone, Copy)]
struct Rule {
    /// Segments separated by `/`; `*` stands for any one, `**` at the end for any number of them,
    /// also none.
    pattern: &'static str,
    /// What is calculated, in symbols. After `= ` a formula that can be calculated from its terms.
    formula: &'static str,
    unit: &'static str,
    /// `name=place` separated by `;`, see [`super::places`].
    terms: &'static str,
    /// Section of the specification the definition stands in.
    source: &'static str,
}

/// Why one value of a document is what it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explained {
    /// Place of the value in the document, segments separated by `/`.
    pub path: String,
    /// Formula in symbols; the names are those of the terms.
    pub formula: String,
    /// Unit of the value.
    pub unit: String,
    /// Where the definition stands.
    pub source: String,
    /// What went into it, taken from the same document.
    pub inputs: Vec<Term>,
    /// What was calculated on the way; the value before rounding where the formula can be calculated.
    pub steps: Vec<Term>,
    /// The value at the place; null when there is none.
    pub result: Value,
    /// A remark in words.
    pub note: Option<String>,
}

/// Why a place has no explanation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExplainError {
    /// The document has no such place.
    #[error("the document has nothing at `{path}`")]
    NoSuchPlace {
        /// The place.
        path: String,
    },
    /// The place holds a list or an object, or a value that is not explained.
    #[error("the value at `{path}` has no explanation; explain one of the values below it")]
    NotExplained {
        /// The place.
        path: String,
    },
}

impl Catalogue {
    /// Reads a table: a line for each rule, `pattern | formula | unit | terms | source`; `#` begins a remark.
    #[must_use]
    pub(crate) fn read(text: &'static str) -> Self {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let rule = |line: &'static str| {
            let mut parts = line.split('|').map(str::trim);
            let mut next = || parts.next().unwrap_or_default();
            Rule { pattern: next(), formula: next(), unit: next(), terms: next(), source: next() }
        };
        Self { rules: lines.map(rule).collect() }
    }

    /// Explains the value at a place of a document: `get_dashboard_metrics/counts/completion_rate`, places in lists
    /// by number from 0.
    ///
    /// # Errors
    /// [`ExplainError`] when there is no such place, or no rule for it.
    pub fn explain(&self, document: &Value, path: &str) -> Result<Explained, ExplainError> {
        let path = path.trim_matches('/');
        let segments: Vec<&str> = path.split('/').collect();
        let value = find(document, &segments).ok_or_else(|| ExplainError::NoSuchPlace { path: path.to_owned() })?;
        let found = self.rules.iter().find_map(|rule| Some((rule, captured(rule.pattern, &segments)?)));
        let Some((rule, captures)) = found.filter(|_| !value.is_array() && !value.is_object()) else {
            return Err(ExplainError::NotExplained { path: path.to_owned() });
        };
        let mut inputs = Vec::new();
        let mut known: Vec<(&str, f64)> = Vec::new();
        for term in rule.terms.split(';').map(str::trim).filter(|term| !term.is_empty()) {
            let (name, place) = term.split_once('=').map_or((term, ""), |(name, place)| (name.trim(), place.trim()));
            let values = numbers(document, &segments, &captures, place);
            let value = match &values {
                Values::One(value) => value.clone(),
                Values::Many(number) => Value::from(*number),
                Values::None => Value::Null,
            };
            known.extend(value.as_f64().map(|number| (name, number)));
            inputs.push(Term::new(name, value));
        }
        let formula = rule.formula.strip_prefix("= ").unwrap_or(rule.formula);
        let value_of = |name: &str| known.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        let calculated = rule.formula.starts_with("= ").then(|| calculate(formula, &value_of)).flatten();
        Ok(Explained {
            path: path.to_owned(),
            formula: formula.to_owned(),
            unit: rule.unit.to_owned(),
            source: rule.source.to_owned(),
            steps: calculated.map(|value| Term::new("before rounding", value)).into_iter().collect(),
            note: value.is_null().then(|| "There is not enough data for a value.".to_owned()),
            inputs,
            result: value.clone(),
        })
    }

    /// Places of all numbers of a document, and of nulls in their place, with whether there is an explanation.
    #[must_use]
    pub fn places(&self, document: &Value) -> Vec<(String, bool)> {
        let mut found = Vec::new();
        leaves(document, &mut Vec::new(), &mut |segments| {
            let is_explained = self.rules.iter().any(|rule| captured(rule.pattern, segments).is_some());
            found.push((segments.join("/"), is_explained));
        });
        found
    }

    /// Formulas of the table as they stand, for the pages: pattern, formula, unit, source.
    pub fn rules(&self) -> impl Iterator<Item = (&'static str, &'static str, &'static str, &'static str)> {
        self.rules.iter().map(|rule| (rule.pattern, rule.formula, rule.unit, rule.source))
    }
}
