//! `landfast analytics`: every quantity, as a document or as headlines.

mod delivery;
mod explain;
mod others;
mod periods;
mod tasks;

use super::Context;
use super::session::Session;
use crate::cli::{AnalyticsArgs, AnalyticsVerb};
use crate::failure::{Exit, Failure};
use crate::output::{self, Page};
use serde_json::{Map, Value};

/// Runs a verb of `landfast analytics`.
pub(super) fn run(context: &Context, args: AnalyticsArgs) -> Result<Exit, Failure> {
    match args.verb {
        AnalyticsVerb::Tasks(args) => tasks::run(context, &args),
        AnalyticsVerb::Delivery(when) => delivery::run(context, &when),
        AnalyticsVerb::Presentations(when) => others::presentations(context, &when),
        AnalyticsVerb::Runs(when) => others::runs(context, &when),
        AnalyticsVerb::Explain(args) => explain::run(context, args),
    }
}

/// Prints the whole document, or some of its numbers.
fn answer(session: &Session, document: Value, heading: &str, headlines: &[(&str, &str)]) -> Result<Exit, Failure> {
    if session.json {
        let mut whole: Map<String, Value> = output::document([]);
        if let Value::Object(members) = document {
            whole.extend(members);
        }
        output::print_json(whole)?;
        return Ok(Exit::Done);
    }
    let pairs: Vec<(&str, String)> = headlines
        .iter()
        .map(|(name, pointer)| (*name, document.pointer(pointer).map_or_else(|| "–".to_owned(), shown)))
        .collect();
    let mut page = Page::new();
    page.heading(heading);
    page.pairs(&pairs);
    page.gap();
    page.line("  --json prints every quantity");
    page.print()?;
    Ok(Exit::Done)
}

/// A value for people.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "not enough data".to_owned(),
        Value::String(text) => output::safe(text),
        Value::Array(list) => list.len().to_string(),
        other => other.to_string(),
    }
}
