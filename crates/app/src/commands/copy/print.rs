//! What a copy did, for people and programs.

use super::Done;
use crate::commands::{export, import};
use crate::failure::Failure;
use crate::output::{self, Align, Page, Table};
use serde_json::json;

pub(super) fn print(done: &Done, json: bool) -> Result<(), Failure> {
    if json {
        let imported = done.imported.as_ref();
        let files = done.exported.as_ref().map(|report| report.files.iter().map(export::file_json).collect::<Vec<_>>());
        return output::print_json(output::document([
            ("dry_run", done.dry_run.into()),
            ("from", done.from.as_str().into()),
            ("to", done.to.as_str().into()),
            ("users", done.users.into()),
            ("documents", done.documents.into()),
            ("accounts", imported.map(|report| json!(report.totals)).into()),
            ("report", imported.map(|report| json!(report)).into()),
            ("files", files.map_or(serde_json::Value::Null, Into::into)),
            ("digests", json!(done.digests)),
            ("equal", (!done.dry_run && done.differing.is_empty()).into()),
            ("differing", done.differing.clone().into()),
            ("left_out", json!(done.left_out)),
            ("exit_code", done.exit().code().into()),
        ]));
    }
    if let Some(report) = &done.imported {
        import::print(report, false)?;
        if done.digests.is_empty() {
            return Ok(());
        }
    }
    let mut page = Page::new();
    page.gap();
    page.heading(&output::safe(&format!(
        "{} {} to {}",
        if done.dry_run { "Would copy" } else { "Copied" },
        done.from,
        done.to
    )));
    page.line(&format!("  {}, {}", output::counted(done.users, "user"), output::counted(done.documents, "document")));
    let columns =
        [("user", Align::Left), ("kind of record", Align::Left), ("rows", Align::Right), ("sha256", Align::Left)];
    let mut table = Table::new(&columns);
    for (user, digests) in &done.digests {
        for (entity, digest) in digests.iter().filter(|(_, digest)| digest.rows > 0) {
            let short: String = digest.sha256.chars().take(16).collect();
            table.row([user.clone(), entity.clone(), output::count(digest.rows), short]);
        }
    }
    page.table(&table);
    page.gap();
    if let Some(report) = &done.exported {
        page.line(&format!("  {}", export::sum(report)));
    }
    match (done.dry_run, done.differing.as_slice()) {
        (true, _) => page.line("  nothing was written"),
        (false, []) if done.exported.is_some() => {
            page.line("  read back, the files hold the same: every table has the same digest");
            page.line("  result files of runs are no documents; they stay where they are");
        }
        (false, []) => page.line("  both sides hold the same: every table has the same digest"),
        (false, kinds) => page.line(&format!("  read back, these differ: {}", output::safe(&kinds.join(", ")))),
    }
    for (user, rows) in &done.left_out {
        page.line(&format!(
            "  left out: {} of user {}; copy them with --user into a folder of their own",
            output::counted(*rows, "row"),
            output::safe(user)
        ));
    }
    page.print()
}
