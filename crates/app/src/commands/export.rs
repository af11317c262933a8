//! `landfast export`.

use super::Context;
use crate::backend::{self, Schema};
use crate::cli::ExportArgs;
use crate::cutover;
use crate::failure::{Exit, Failure};
use crate::interrupt::Interrupt;
use crate::output::{self, Align, Page, Table};
use crate::progress::Bars;
use landfast_cutover::{ExportReport, ExportRequest, ExportedFile};
use serde_json::{Value, json};

/// Writes the data as legacy files.
pub(super) fn run(context: &Context, args: &ExportArgs) -> Result<Exit, Failure> {
    let opened = backend::open_database(context, Schema::Require)?;
    let interrupt = Interrupt::listen("stopping; no file was written")?;
    let request = ExportRequest { user: context.user.clone(), target: &args.dir, overwrite: args.overwrite };
    let report = landfast_cutover::export(opened.store.as_ref(), &request, &Bars::new(context.quiet), interrupt.flag())
        .map_err(|error| cutover::failure(error, &opened.place))?;
    if args.json {
        let files: Vec<Value> = report.files.iter().map(file_json).collect();
        output::print_json(output::document([
            ("target", args.dir.display().to_string().into()),
            ("files", files.into()),
            ("rows", json!(report.rows)),
        ]))?;
        return Ok(Exit::Done);
    }
    let mut page = Page::new();
    page.heading(&format!("Written into {}", args.dir.display()));
    page.table(&table(&report));
    page.line(&format!("\n  {}", sum(&report)));
    page.print()?;
    Ok(Exit::Done)
}

/// One sentence about how the files compare with those that were imported.
pub(super) fn sum(report: &ExportReport) -> String {
    let total = report.files.len();
    let same = report.files.iter().filter(|file| is_same(file)).count();
    match total - same {
        0 => format!("{total} of {total} files are equal to the imported ones, byte for byte (SHA-256)"),
        changed => format!(
            "{same} of {total} files are equal to the imported ones, byte for byte (SHA-256); {changed} hold changes"
        ),
    }
}

fn is_same(file: &ExportedFile) -> bool {
    file.source_sha256.as_ref() == Some(&file.sha256)
}

fn table(report: &ExportReport) -> Table {
    let columns = [
        ("file", Align::Left),
        ("size", Align::Right),
        ("edited", Align::Right),
        ("dropped", Align::Right),
        ("added", Align::Right),
        ("against the import", Align::Left),
    ];
    let mut table = Table::new(&columns);
    for file in &report.files {
        let state = match &file.source_sha256 {
            Some(_) if is_same(file) => "equal",
            Some(_) => "changed",
            None => "new",
        };
        let number = |number: u64| if number == 0 { String::new() } else { output::count(number) };
        table.row([
            file.path.clone(),
            output::bytes(file.size_bytes),
            number(file.edited),
            number(file.dropped),
            number(file.appended),
            state.to_owned(),
        ]);
    }
    table
}

/// A file as JSON.
pub(super) fn file_json(file: &ExportedFile) -> Value {
    json!({
        "path": file.path, "size_bytes": file.size_bytes, "sha256": file.sha256, "source_sha256": file.source_sha256,
        "equal": is_same(file), "edited": file.edited, "dropped": file.dropped, "appended": file.appended, "quarantined": file.quarantined,
    })
}
