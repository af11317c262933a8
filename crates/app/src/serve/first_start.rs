//! The import of what lies in the data directory, on the first start.

use super::Notice;
use crate::backend::Opened;
use crate::commands::Context;
use crate::cutover::{self, Import};
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use landfast_cutover::Report;
use landfast_cutover::report::Verdict;

/// Imports legacy data found in the data directory, unless an import was finished before.
///
/// A failure leaves files and database as they were and becomes a notice: the page is there all the same.
pub(super) fn import(context: &Context, opened: &Opened, interrupt: &Interrupt) -> Vec<Notice> {
    match try_import(context, opened, interrupt) {
        Ok(None) => Vec::new(),
        Ok(Some(report)) => vec![success(context, &report)],
        Err(failure) => {
            let folder = context.config.data_dir();
            let text = format!("{failure}. Files and database are as they were; the next start tries again.");
            crate::output::say(&format!("legacy data in {} could not be imported: {failure}", folder.display()));
            vec![Notice {
                level: "bad",
                title: format!("Legacy data in {} could not be imported", folder.display()),
                text,
            }]
        }
    }
}

fn try_import(context: &Context, opened: &Opened, interrupt: &Interrupt) -> Result<Option<Report>, Failure> {
    let folder = context.config.data_dir();
    if opened.database.is_none() || !folder.is_dir() || !cutover::holds_legacy_data(&folder)? || was_imported(opened)? {
        return Ok(None);
    }
    context.say(&format!("importing the legacy data in {}", folder.display()));
    let paths = [folder];
    let what = Import { paths: &paths, ..Import::default() };
    cutover::import(context, opened.store.as_ref(), &opened.place, &what, interrupt).map(Some)
}

/// Whether the ledger knows a finished import.
fn was_imported(opened: &Opened) -> Result<bool, Failure> {
    let runs = opened.store.read(|repositories| repositories.imports()?.list_runs(usize::MAX));
    let runs = runs.map_err(|error| Failure::from(error).at(&opened.place))?;
    Ok(runs.iter().any(|run| matches!(run.state.as_str(), "complete" | "quarantined" | "different")))
}

fn success(context: &Context, report: &Report) -> Notice {
    let level = match report.outcome {
        Verdict::Complete => "good",
        Verdict::Quarantined | Verdict::Interrupted => "warn",
        Verdict::Different => "bad",
    };
    let title = match report.outcome {
        Verdict::Interrupted => "The import of legacy data was interrupted",
        _ => "Legacy data was imported",
    };
    let text = format!(
        "{} records from {}; the files were not touched.",
        crate::output::count(report.totals.loaded),
        context.config.data_dir().display()
    );
    context.say(&format!("{title}: {text}"));
    Notice { level, title: title.to_owned(), text }
}
