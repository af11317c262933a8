//! `landfast quarantine retry`: loading one record by itself.

use super::Context;
use crate::backend::Opened;
use crate::cli::RetryArgs;
use crate::clock::Clock;
use crate::cutover;
use crate::failure::{Exit, Failure};
use crate::output::{self, Align, Page, Table};
use crate::process;
use landfast_cutover::{MendReport, MendRequest, Standing, list_quarantine, mend_quarantined, rehearse_mend};
use serde_json::json;
use std::io::Read as _;
use std::path::Path;

/// Loads a record from its mended bytes, or from those that were set aside.
pub(super) fn run(context: &Context, opened: &Opened, args: &RetryArgs, json: bool) -> Result<Exit, Failure> {
    let (path, line) = place(&args.place)?;
    let folder = args.folder.as_ref().map(|folder| folder.canonicalize().unwrap_or_else(|_| folder.clone()));
    let folder = folder.map(|folder| folder.to_string_lossy().into_owned());
    let bytes = match &args.from {
        Some(from) => read(from)?,
        None => set_aside(context, opened, path, line, folder.as_deref())?,
    };
    let request = MendRequest {
        user: context.user.clone(),
        path,
        source: folder.as_deref(),
        line,
        bytes: &bytes,
        holder: process::holder(),
        holder_is_alive: &process::is_alive,
        clock: &|| Clock::now().utc,
    };
    let load = if args.dry_run { rehearse_mend } else { mend_quarantined };
    let report = load(opened.store.as_ref(), &request).map_err(|error| cutover::failure(error, &opened.place))?;
    print(&report, args.dry_run, json)?;
    Ok(Exit::Done)
}

fn place(text: &str) -> Result<(&str, i64), Failure> {
    text.rsplit_once(':').and_then(|(path, line)| Some((path, line.parse().ok()?))).ok_or_else(|| {
        Failure::usage(format!("{text:?} is no place")).hint("write FILE:LINE as `landfast quarantine list` prints it")
    })
}

fn read(from: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let done = if from == Path::new("-") {
        std::io::stdin().lock().read_to_end(&mut bytes).map(drop)
    } else {
        std::fs::read(from).map(|read| bytes = read)
    };
    done.map_err(|error| Failure::failed(format!("cannot read {}: {error}", from.display())))?;
    Ok(bytes)
}

/// The bytes that were set aside at a place; empty when that is not exactly one record, which is reported later.
fn set_aside(
    context: &Context,
    opened: &Opened,
    path: &str,
    line: i64,
    folder: Option<&str>,
) -> Result<Vec<u8>, Failure> {
    let entries = list_quarantine(opened.store.as_ref(), &context.user, usize::MAX)
        .map_err(|error| cutover::failure(error, &opened.place))?;
    let mut found = entries
        .into_iter()
        .filter(|one| one.path == path && one.entry.line == line && folder.is_none_or(|folder| one.source == folder));
    Ok(found.next().map(|one| one.entry.raw).unwrap_or_default())
}

fn print(report: &MendReport, dry_run: bool, json: bool) -> Result<(), Failure> {
    let MendReport { entity, key, path, line, code, updated, before, after } = report;
    if json {
        return output::print_json(output::document([
            ("dry_run", dry_run.into()),
            ("path", path.as_str().into()),
            ("line", (*line).into()),
            ("code", code.as_str().into()),
            ("entity", entity.as_str().into()),
            ("key", key.as_str().into()),
            ("updated", (*updated).into()),
            ("before", json!(before)),
            ("after", json!(after)),
        ]));
    }
    let mut page = Page::new();
    let done = match (dry_run, updated) {
        (true, false) => "would be loaded as",
        (true, true) => "would change",
        (false, false) => "is loaded as",
        (false, true) => "has changed",
    };
    page.heading(&output::safe(&format!("{path}:{line}, set aside as `{code}`, {done} {entity} {key}")));
    let columns = [
        ("", Align::Left),
        ("records", Align::Right),
        ("loaded", Align::Right),
        ("duplicate", Align::Right),
        ("quarantined", Align::Right),
    ];
    let mut table = Table::new(&columns);
    let mut row = |name: &str, of: &Standing| {
        let numbers = [of.records, of.loaded, of.duplicate, of.quarantined].map(output::count);
        table.row(std::iter::once(name.to_owned()).chain(numbers));
    };
    row("before", before);
    row("after", after);
    page.table(&table);
    page.gap();
    page.line(match dry_run {
        true => "  nothing was changed",
        false => "  the source file was not touched; an export writes the mended record in its place",
    });
    page.print()
}
