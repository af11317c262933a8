//! Figures, as a table and as JSON.

use serde_json::{Map, Value, json};

/// Figures in the order they were measured.
#[derive(Debug, Default)]
pub(crate) struct Report {
    lines: Vec<Figure>,
}

/// Benchmark, what was measured, value, unit.
type Figure = (String, String, f64, &'static str);

impl Report {
    /// Notes a figure.
    pub(crate) fn add(&mut self, bench: &str, what: impl Into<String>, value: f64, unit: &'static str) {
        self.lines.push((bench.to_owned(), what.into(), value, unit));
    }

    /// One line for each figure.
    pub(crate) fn table(&self) -> String {
        let width = |of: fn(&Figure) -> usize| self.lines.iter().map(of).max().unwrap_or(0);
        let (bench_width, what_width) = (width(|line| line.0.len()), width(|line| line.1.len()));
        let line = |(bench, what, value, unit): &Figure| {
            format!("{bench:bench_width$}  {what:what_width$}  {:>12} {unit}\n", rounded(*value))
        };
        self.lines.iter().map(line).collect()
    }

    /// An object from benchmark to figure to value.
    pub(crate) fn json(&self) -> Value {
        let mut document = Map::from_iter([("schema".to_owned(), json!(1))]);
        for (bench, what, value, unit) in &self.lines {
            let figures = document.entry(bench.as_str()).or_insert_with(|| json!({}));
            if let Some(figures) = figures.as_object_mut() {
                figures.insert(format!("{what} ({unit})"), json!(value));
            }
        }
        Value::Object(document)
    }
}

fn rounded(value: f64) -> String {
    if value >= 1000.0 { format!("{value:.0}") } else { format!("{value:.3}") }
}
