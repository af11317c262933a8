//! `landfast import`.

use super::Context;
use crate::backend::{self, Opened, Schema};
use crate::cli::ImportArgs;
use crate::cutover::{self, Import};
use crate::failure::{Exit, Failure};
use crate::interrupt::Interrupt;
use crate::output::{self, Style};
use landfast_cutover::{Repair, Report};
use landfast_legacy::files::FileStore;
use std::sync::Arc;

/// Plans or imports, prints the report and writes it where asked.
pub(super) fn run(context: &Context, args: &ImportArgs) -> Result<Exit, Failure> {
    let mut repairs = Vec::new();
    if args.repair_relief {
        repairs.push(Repair::ReliefFromActual);
    }
    if let Some(date) = &args.repair_scale {
        repairs.push(cutover::scale_repair(date)?);
    }
    let what = Import {
        paths: &args.paths,
        dry_run: args.dry_run,
        max_quarantined: args.max_quarantined,
        repairs,
        prune: args.prune,
        live: args.live,
        backup_root: None,
        runs: args.runs.options(),
    };
    let opened = if args.dry_run { open_for_plan(context)? } else { backend::open_database(context, Schema::Apply)? };
    let interrupt = Interrupt::listen(cutover::TALK)?;
    let mut report = cutover::import(context, opened.store.as_ref(), &opened.place, &what, &interrupt)?;
    // A plan for a database that is not there yet is made against an empty store in memory.
    report.database = backend::url(&context.config)?.kind().as_str().to_owned();
    cutover::write_reports(&report, &args.report, if args.dry_run { "the plan" } else { "the import" })?;
    print(&report, args.json)?;
    Ok(cutover::exit(&report))
}

/// A plan writes nothing, so it makes neither a database nor a schema: without them it starts from nothing.
pub(super) fn open_for_plan(context: &Context) -> Result<Opened, Failure> {
    let empty =
        |place: String| Opened { store: Arc::new(FileStore::in_memory()), database: None, place, notices: Vec::new() };
    let url = backend::url(&context.config)?;
    if backend::is_missing(&url) {
        return Ok(empty(url.to_string()));
    }
    let opened = backend::open_database(context, Schema::Leave)?;
    let status = opened
        .require_database()?
        .migrations()
        .status()
        .map_err(|error| backend::store_failure(&error).at(&opened.place))?;
    if status.applied.is_empty() {
        return Ok(empty(opened.place));
    }
    backend::open_database(context, Schema::Require)
}

/// Prints a report as JSON or for people.
pub(super) fn print(report: &Report, json: bool) -> Result<(), Failure> {
    if json {
        return output::print(&report.to_json());
    }
    let style = Style::stdout();
    let mut text = String::new();
    for (number, line) in report.summary().lines().enumerate() {
        let line = output::safe(line);
        text.push_str(&if number == 0 { style.bold(&line) } else { line });
        text.push('\n');
    }
    output::print(&text)
}
