//! Every value of the documents is explained, and explanations end in the value that is shown.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests may panic, also in their helpers"
)]

#[path = "support/delivery.rs"]
mod sample;
mod support;

use landfast_analytics::explain::{Catalogue, Explained};
use landfast_analytics::tasks::rows::TaskInput;
use landfast_analytics::{delivery, tasks};
use serde_json::Value;
use std::collections::BTreeMap;
use support::fixtures::{TaskFixture, now};

fn tasks_document(fixture: &TaskFixture) -> Value {
    let input = TaskInput {
        tasks: &fixture.tasks,
        instances: &fixture.instances,
        preferences: &fixture.preferences,
        popup_responses: &fixture.popup_responses,
    };
    tasks::document(&input, now())
}

fn delivery_document() -> Value {
    let sample = sample::Sample::read();
    delivery::document(&sample.profiles, &sample.queries, sample.now())
}

/// Explains everything; fails with all values that have no explanation or one that does not end in the value.
fn check(document: &Value, catalogue: &Catalogue) {
    let mut wrong = Vec::new();
    let mut found: BTreeMap<(String, String), bool> = BTreeMap::new();
    for (path, is_explained) in catalogue.places(document) {
        if !is_explained {
            wrong.push(format!("{path}: no explanation"));
            continue;
        }
        let explained = catalogue.explain(document, &path).unwrap();
        let pointer = format!("/{}", path.replace('~', "~0"));
        let shown = document.pointer(&pointer).unwrap_or_else(|| panic_at(&path));
        if explained.result != *shown {
            wrong.push(format!("{path}: {} instead of {shown}", explained.result));
        }
        wrong.extend(contradiction(&explained));
        if explained.result.is_number() {
            for input in &explained.inputs {
                *found.entry((explained.formula.clone(), input.name.clone())).or_default() |= !input.value.is_null();
            }
        }
    }
    let missing = found.iter().filter(|(_, is_found)| !**is_found).map(|(term, _)| format!("never found: {term:?}"));
    wrong.extend(missing);
    let shown = wrong.iter().take(60).cloned().collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} of {}:\n{shown}", wrong.len(), found.len());
}

fn panic_at(path: &str) -> &'static Value {
    panic!("{path} is in the list of places and not in the document")
}

/// What a calculated formula says, if that is not what is shown.
fn contradiction(explained: &Explained) -> Option<String> {
    let calculated = explained.steps.first()?.value.as_f64()?;
    let shown = explained.result.as_f64()?;
    let places = explained.unit.split(", ").nth(1).and_then(|text| text.split(' ').next()?.parse::<i32>().ok());
    // One unit of the last place, for inputs are rounded too.
    let allowed = 1.01 * 10_f64.powi(-places.unwrap_or(6)) * if places.is_none() { shown.abs().max(1.0) } else { 1.0 };
    ((calculated - shown).abs() > allowed).then(|| format!("{}: {calculated} for {shown}", explained.path))
}

#[test]
fn every_value_of_the_tasks_document_is_explained() {
    check(&tasks_document(&TaskFixture::original()), &tasks::catalogue());
    check(&tasks_document(&TaskFixture::tracked()), &tasks::catalogue());
}

#[test]
fn every_value_of_the_delivery_document_is_explained() {
    check(&delivery_document(), &delivery::catalogue());
}

#[test]
fn a_value_that_is_not_there_is_an_error_that_names_it() {
    let document = tasks_document(&TaskFixture::original());
    let catalogue = tasks::catalogue();
    let error = catalogue.explain(&document, "get_dashboard_metrics/nope").unwrap_err();
    assert_eq!(error.to_string(), "the document has nothing at `get_dashboard_metrics/nope`");
    assert!(catalogue.explain(&document, "get_dashboard_metrics/counts").is_err());
}

#[test]
fn an_explanation_shows_terms_and_the_value_before_rounding() {
    let document = tasks_document(&TaskFixture::original());
    let explained = tasks::catalogue().explain(&document, "/get_dashboard_metrics/counts/completion_rate/").unwrap();
    assert_eq!(
        (explained.formula.as_str(), explained.unit.as_str()),
        ("100 * completed / created", "percent, 1 decimals")
    );
    let term = |name: &str| explained.inputs.iter().find(|term| term.name == name).unwrap().value.as_f64().unwrap();
    let exact = explained.steps[0].value.as_f64().unwrap();
    assert_eq!(exact, 100.0 * term("completed") / term("created"));
    assert!((exact - explained.result.as_f64().unwrap()).abs() <= 0.05);
}
