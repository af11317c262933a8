//! `landfast analytics explain`: why a number is what it is.

use super::{Context, Session, delivery, others, shown, tasks};
use crate::cli::{DeliveryWhenArgs, ExplainArea, ExplainArgs, PeriodsArgs};
use crate::failure::{Exit, Failure};
use crate::output::{self, Page};
use landfast_analytics::explain::{Catalogue, Explained};
use serde_json::{Value, json};

/// Runs the verb.
pub(super) fn run(context: &Context, args: ExplainArgs) -> Result<Exit, Failure> {
    let (session, document, catalogue, below) = open(context, &args)?;
    if args.list {
        return list(&session, &catalogue, &document);
    }
    let explain = |place: &String| {
        let place = place.trim_matches('/');
        let inner = below.as_ref().map(|below| format!("{below}/{place}"));
        let found = catalogue.explain(&document, place);
        // Of the only query places may be given from the query on.
        let found = match (&found, inner) {
            (Err(_), Some(inner)) => catalogue.explain(&document, &inner).or(found),
            _ => found,
        };
        found.map_err(|error| {
            Failure::usage(error.to_string()).hint("`landfast analytics explain AREA --list` shows the places")
        })
    };
    let explained: Vec<Explained> = args.places.iter().map(explain).collect::<Result<_, _>>()?;
    if session.json {
        output::print_json(output::document([("explanations", json!(explained))]))?;
        return Ok(Exit::Done);
    }
    let mut page = Page::new();
    for (place, explained) in explained.iter().enumerate() {
        if place > 0 {
            page.gap();
        }
        show(&mut page, explained);
    }
    page.print()?;
    Ok(Exit::Done)
}

/// The document of the area, the table of its explanations, and the place of the only query, if there is one.
fn open(context: &Context, args: &ExplainArgs) -> Result<(Session, Value, Catalogue, Option<String>), Failure> {
    use landfast_analytics as analytics;
    Ok(match args.area {
        ExplainArea::Tasks => {
            let (session, document) = tasks::whole(context, &args.when)?;
            (session, document, analytics::tasks::catalogue(), None)
        }
        ExplainArea::Delivery => {
            let when = DeliveryWhenArgs {
                when: args.when.clone(),
                profile: args.profile.clone(),
                query: args.query.clone(),
                tables: None,
                periods: PeriodsArgs::default(),
            };
            let (session, document, first) = delivery::whole(context, &when)?;
            let is_only = document.get("queries").and_then(Value::as_object).is_some_and(|all| all.len() == 1);
            (session, document, analytics::delivery::catalogue(), is_only.then(|| format!("queries/{first}")))
        }
        ExplainArea::Presentations => {
            let (session, document) = others::presentations_document(context, &args.when)?;
            (session, document, analytics::presentations::catalogue(), None)
        }
        ExplainArea::Runs => {
            let (session, document) = others::runs_document(context, &args.when)?;
            (session, document, analytics::runs::catalogue(), None)
        }
    })
}

fn list(session: &Session, catalogue: &Catalogue, document: &Value) -> Result<Exit, Failure> {
    let places = catalogue.places(document).into_iter().filter(|(_, is_explained)| *is_explained);
    let places: Vec<String> = places.map(|(place, _)| place).collect();
    if session.json {
        output::print_json(output::document([("places", json!(places))]))?;
    } else {
        output::print(&places.iter().map(|place| format!("{}\n", output::safe(place))).collect::<String>())?;
    }
    Ok(Exit::Done)
}

fn show(page: &mut Page, explained: &Explained) {
    page.heading(&output::safe(&explained.path));
    let mut pairs = vec![("formula", output::safe(&explained.formula)), ("unit", output::safe(&explained.unit))];
    let terms = explained.inputs.iter().chain(&explained.steps);
    let terms: Vec<(String, String)> = terms.map(|term| (output::safe(&term.name), shown(&term.value))).collect();
    pairs.extend(terms.iter().map(|(name, value)| (name.as_str(), value.clone())));
    pairs.push(("result", shown(&explained.result)));
    pairs.push(("definition", output::safe(&explained.source)));
    page.pairs(&pairs);
    if let Some(note) = &explained.note {
        page.line(&format!("  {}", output::safe(note)));
    }
}
