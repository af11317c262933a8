//! The import of what lies in the data directory, on the first start.

use super::Notice;
use crate::backend::{Opened, store_failure};
use crate::building::Building;
use crate::commands::Context;
use crate::cutover::{self, Import};
use crate::failure::{Failure, with_causes};
use crate::interrupt::Interrupt;
use crate::progress::Bars;
use landfast_cutover::report::Verdict;
use landfast_cutover::{Error, Report};
use landfast_store::DatabaseUrl;

/// Imports legacy data of every area found in the data directory, unless an import was completed before.
///
/// A failure leaves files and database as they were and becomes a notice: the page is there all the same.
pub(super) fn import(context: &Context, opened: &Opened, interrupt: &Interrupt) -> Vec<Notice> {
    match try_import(context, opened, interrupt) {
        Ok(None) => Vec::new(),
        Ok(Some(report)) => vec![notice(context, &report)],
        Err(failure) => {
            let folder = context.config.data_dir();
            crate::output::say(&format!("legacy data in {} could not be imported: {failure}", folder.display()));
            vec![Notice {
                level: "bad",
                title: format!("Legacy data in {} could not be imported", folder.display()),
                text: format!("{failure}. The files were not touched; the next start tries again."),
            }]
        }
    }
}

fn try_import(context: &Context, opened: &Opened, interrupt: &Interrupt) -> Result<Option<Report>, Failure> {
    let folder = context.config.data_dir();
    if opened.database.is_none() || !folder.is_dir() || was_imported(opened)? || !cutover::holds_legacy_data(context)? {
        return Ok(None);
    }
    context.say(&format!("importing the legacy data in {}", folder.display()));
    let paths = [folder];
    let what = Import { paths: &paths, ..Import::default() };
    let is_empty = match landfast_cutover::require_empty(opened.store.as_ref()) {
        Ok(()) => true,
        Err(Error::NotEmpty { .. }) => false,
        Err(error) => return Err(Failure::failed(with_causes(&error)).at(&opened.place)),
    };
    if is_empty {
        return all_at_once(context, opened, &what, interrupt).map(Some);
    }
    // Somebody works with the database already: what is loaded stands beside their rows, step by step.
    cutover::import(context, opened.store.as_ref(), &opened.place, &what, interrupt).map(Some)
}

/// Imports into a database of its own, and takes that over in one transaction when it is complete and verified. So
/// the database holds everything or nothing, and its note of the import with it.
fn all_at_once(
    context: &Context,
    opened: &Opened,
    what: &Import<'_>,
    interrupt: &Interrupt,
) -> Result<Report, Failure> {
    let beside = match opened.database.as_ref().map(landfast_store::Database::url) {
        Some(DatabaseUrl::Sqlite(path)) => path.clone(),
        _ => context.config.data_dir().join("first-start.db"),
    };
    let building = Building::beside(&beside)?;
    let first = building.open()?;
    let mut report = cutover::import(context, &first, &opened.place, what, interrupt)?;
    report.database = opened.store.kind().as_str().to_owned();
    if matches!(report.outcome, Verdict::Complete | Verdict::Quarantined) {
        landfast_cutover::copy(&first, opened.store.as_ref(), &Bars::new(context.quiet), interrupt.flag())
            .map_err(|error| cutover::failure(error, &opened.place))?;
        opened.require_database()?.ping().map_err(|error| store_failure(&error).at(&opened.place))?;
    }
    Ok(report)
}

/// Whether the ledger knows an import in which nothing was left out, or only what lies in quarantine.
fn was_imported(opened: &Opened) -> Result<bool, Failure> {
    let runs = opened.ledger().read(|repositories| repositories.imports()?.list_runs(usize::MAX));
    let runs = runs.map_err(|error| Failure::from(error).at(&opened.place))?;
    Ok(runs.iter().any(|run| matches!(run.state.as_str(), "complete" | "quarantined")))
}

fn notice(context: &Context, report: &Report) -> Notice {
    let folder = context.config.data_dir();
    let (level, title) = match report.outcome {
        Verdict::Complete => ("good", "Legacy data was imported"),
        Verdict::Quarantined => ("warn", "Legacy data was imported, but for records in quarantine"),
        Verdict::Interrupted => ("warn", "The import of legacy data was interrupted; the next start tries again"),
        Verdict::Different => ("bad", "Legacy data was not imported: files and what was read from them differ"),
    };
    let loaded = crate::output::count(report.totals.loaded);
    let text = match report.outcome {
        Verdict::Complete => format!("{loaded} records from {}; the files were not touched.", folder.display()),
        Verdict::Quarantined => format!(
            "{loaded} records from {}, {} in quarantine: `landfast quarantine list` names them. The files were not touched.",
            folder.display(),
            crate::output::count(report.totals.quarantined)
        ),
        Verdict::Interrupted => format!("The files in {} were not touched.", folder.display()),
        Verdict::Different => format!(
            "{} The files in {} were not touched; the next start tries again.",
            report.next.as_deref().map_or_else(String::new, |next| format!("{next}.")),
            folder.display()
        ),
    };
    context.say(&format!("{title}: {text}"));
    Notice { level, title: title.to_owned(), text }
}
