//! `landfast delivery integrity`.

use crate::backend::store_failure;
use crate::commands::session::Session;
use crate::failure::{Exit, Failure};
use crate::output::{self, Page};
use landfast_domain::delivery::integrity::{self, Problem};
use serde_json::{Map, Value, json};

/// Checks the database, then the data.
pub(super) fn check(session: &Session) -> Result<Exit, Failure> {
    let mut problems = Vec::new();
    if let Some(database) = &session.opened.database {
        let faults = database.migrations().check().map_err(|error| store_failure(&error).at(&session.opened.place))?;
        problems.extend(faults.into_iter().map(|message| Problem { place: "database".to_owned(), message }));
    }
    let report = session.read(|repositories| integrity::check(repositories.delivery()?, session.clock.local))?;
    problems.extend(report.problems.iter().cloned());
    let exit = if problems.is_empty() { Exit::Done } else { Exit::Failed };
    if session.json {
        let checked: Map<String, Value> =
            report.checked.iter().map(|(kind, count)| ((*kind).to_owned(), (*count).into())).collect();
        let entries: Vec<Value> =
            problems.iter().map(|problem| json!({ "place": problem.place, "message": problem.message })).collect();
        output::print_json(output::document([
            ("place", session.opened.place.as_str().into()),
            ("sound", problems.is_empty().into()),
            ("checked", checked.into()),
            ("problems", entries.into()),
        ]))?;
        return Ok(exit);
    }
    let mut page = Page::new();
    let style = page.style();
    let place = output::safe(&session.opened.place);
    if problems.is_empty() {
        page.line(&format!("{} {place}: documents and rows agree", style.good("ok")));
    } else {
        let number = u64::try_from(problems.len()).unwrap_or(u64::MAX);
        page.heading(&format!("{place}: {}", output::counted(number, "problem")));
        for problem in &problems {
            page.line(&format!("  {}", output::safe(&format!("{}: {}", problem.place, problem.message))));
        }
    }
    let checked: Vec<(&str, String)> =
        report.checked.iter().map(|(kind, count)| (*kind, output::count(*count))).collect();
    page.heading("Checked");
    page.pairs(&checked);
    page.print()?;
    Ok(exit)
}
