//! What the numbers mean: formula and a worked example with the user's own numbers.

use super::shown::figure;
use crate::web::Answer;
use crate::web::frame::{Area, Frame, Visit, page};
use askama::Template;
use landfast_analytics::explain::{Explanation, Term};
use landfast_analytics::tasks::instances::explain_instance;
use landfast_analytics::tasks::summary::explain_headlines;
use serde_json::Value;

#[derive(Template)]
#[template(path = "tasks/glossary.html")]
struct GlossaryPage {
    frame: Frame,
    headlines: Vec<Entry>,
    /// Name of the attempt that the second list is about; empty without any.
    example: String,
    of_instance: Vec<Entry>,
}

struct Entry {
    anchor: &'static str,
    name: String,
    formula: &'static str,
    unit: &'static str,
    terms: Vec<(String, String)>,
    result: String,
    note: String,
}

/// `GET /tasks/glossary`.
pub(super) async fn show(visit: Visit) -> Answer {
    let user = visit.user().clone();
    let (headlines, example, of_instance) = visit
        .app
        .blocking(move |inner| {
            let prepared = inner.numbers.of(&*inner.opened.store, &user)?;
            let (data, clock) = (&prepared.data, prepared.clock);
            let headlines = explain_headlines(data, &prepared.scores, clock).iter().map(entry).collect();
            let newest = data.completed().last();
            let of_instance = newest.map(|row| explain_instance(data, row, clock.local, clock.utc)).unwrap_or_default();
            let name = newest.map(|row| row.task_name.to_string()).unwrap_or_default();
            Ok((headlines, name, of_instance.iter().map(entry).collect()))
        })
        .await?;
    page(&GlossaryPage { frame: visit.frame("Glossary", Area::Tasks), headlines, example, of_instance })
}

fn entry(explanation: &Explanation) -> Entry {
    Entry {
        anchor: explanation.quantity,
        name: words(explanation.quantity),
        formula: explanation.formula,
        unit: explanation.unit,
        terms: explanation.inputs.iter().chain(&explanation.steps).map(term).collect(),
        result: explanation.result.map_or_else(|| "no result".to_owned(), two),
        note: explanation.note.clone().unwrap_or_default(),
    }
}

/// The name of a quantity in words.
fn words(quantity: &str) -> String {
    let text = quantity.replace('_', " ");
    text.strip_prefix("avg ").map_or_else(|| text.clone(), |rest| format!("average {rest}"))
}

fn term(term: &Term) -> (String, String) {
    let value = match &term.value {
        Value::Null => "unknown".to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) => number.as_f64().map_or_else(|| number.to_string(), two),
        other => other.to_string(),
    };
    (term.name.clone(), value)
}

/// Up to four significant decimals for small numbers, one for large ones.
fn two(value: f64) -> String {
    if value.abs() >= 100.0 || value.fract() == 0.0 {
        return figure(value);
    }
    let text = format!("{value:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
