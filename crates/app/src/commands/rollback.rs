//! `landfast rollback`.

use super::Context;
use crate::backend::{self, Schema};
use crate::cli::RollbackArgs;
use crate::cutover;
use crate::failure::{Exit, Failure};
use crate::output::{self, Page};
use crate::progress::Bars;
use landfast_cutover::{RollbackRequest, RolledBack, rollback};
use serde_json::json;

/// Puts the imported files back. Ctrl-C ends it at once, which is safe: each folder changes in one step.
pub(super) fn run(context: &Context, args: &RollbackArgs) -> Result<Exit, Failure> {
    let opened = backend::open_database(context, Schema::Require)?;
    let backups = cutover::backup_root(context);
    let request = RollbackRequest {
        user: context.user.clone(),
        paths: &args.paths,
        backup_root: &backups,
        dry_run: args.dry_run,
    };
    let done = rollback(opened.store.as_ref(), &request, &Bars::new(context.quiet))
        .map_err(|error| cutover::failure(error, &opened.place))?;
    if args.json {
        output::print_json(output::document([("dry_run", args.dry_run.into()), ("folders", json!(done))]))?;
        return Ok(Exit::Done);
    }
    let mut page = Page::new();
    for folder in &done {
        show(&mut page, folder, args.dry_run);
    }
    if args.dry_run {
        page.gap();
        page.line("  nothing was changed");
    }
    page.print()?;
    Ok(Exit::Done)
}

/// Files named before `… and n more`.
const SHOWN: usize = 20;

fn show(page: &mut Page, folder: &RolledBack, dry_run: bool) {
    let areas: Vec<&str> = folder.areas.iter().map(String::as_str).collect();
    page.heading(&output::safe(&format!("{}  {}", areas.join(", "), folder.folder.display())));
    let number = u64::try_from(folder.restored.len()).unwrap_or(u64::MAX);
    let unchanged = output::counted(folder.unchanged, "file");
    match (number, dry_run) {
        (0, _) => page.line(&format!("  {unchanged} as imported; nothing to do")),
        (_, true) => {
            page.line(&format!("  {} would be put back, {unchanged} as imported", output::counted(number, "file")))
        }
        (_, false) => page.line(&format!("  {} put back, {unchanged} as imported", output::counted(number, "file"))),
    }
    for path in folder.restored.iter().take(SHOWN) {
        page.line(&format!("    {}", output::safe(path)));
    }
    if folder.restored.len() > SHOWN {
        page.line(&format!("    … and {} more", folder.restored.len() - SHOWN));
    }
    if let Some(kept) = &folder.kept {
        page.line(&output::safe(&format!("  the folder as it was lies in {}", kept.display())));
    }
}
