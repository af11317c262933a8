//! `landfast archive`.

use super::Context;
use crate::backend::{self, Schema};
use crate::cli::ArchiveArgs;
use crate::clock::Clock;
use crate::cutover;
use crate::failure::{Exit, Failure};
use crate::interrupt::Interrupt;
use crate::output::{self, Align, Page, Table};
use crate::progress::Bars;
use landfast_cutover::{ArchiveRequest, Error, Limits, archivable, archive};
use serde_json::json;

/// Verifies and packs the imported folders.
pub(super) fn run(context: &Context, args: &ArchiveArgs) -> Result<Exit, Failure> {
    let opened = backend::open_database(context, Schema::Require)?;
    let interrupt = Interrupt::listen("stopping; archives that are complete stay")?;
    let backups = cutover::backup_root(context);
    let request = ArchiveRequest {
        user: context.user.clone(),
        target: &args.dir,
        backup_root: &backups,
        limits: Limits::default(),
        clock: &|| Clock::now().utc,
    };
    context.say("verifying what was imported");
    let done = if args.dry_run {
        archivable(opened.store.as_ref(), &request, interrupt.flag())
    } else {
        archive(opened.store.as_ref(), &request, &Bars::new(context.quiet), interrupt.flag())
    };
    let archives = done.map_err(|error| {
        let exit = match &error {
            Error::NotClean { differences: 1.., .. } => Some(Exit::Different),
            Error::NotClean { .. } => Some(Exit::Quarantined),
            _ => None,
        };
        let failure = cutover::failure(error, &opened.place);
        match exit {
            Some(exit) => failure.with_exit(exit),
            None => failure,
        }
    })?;
    if args.json {
        output::print_json(output::document([("dry_run", args.dry_run.into()), ("archives", json!(archives))]))?;
        return Ok(Exit::Done);
    }
    let mut page = Page::new();
    page.heading(if args.dry_run { "Verified; nothing was written" } else { "Verified, packed and read back" });
    let columns = [
        ("area", Align::Left),
        ("files", Align::Right),
        ("size", Align::Right),
        ("packed", Align::Right),
        ("archive", Align::Left),
    ];
    let mut table = Table::new(&columns);
    for one in &archives {
        let packed = std::fs::metadata(&one.archive).map_or_else(|_| String::new(), |file| output::bytes(file.len()));
        let name = one.archive.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        table.row([one.area.clone(), output::count(one.files), output::bytes(one.bytes), packed, name]);
    }
    page.table(&table);
    page.gap();
    page.line("  the files themselves were not touched; `tar --zstd -xf ARCHIVE && sha256sum -c SHA256SUMS` unpacks and checks");
    page.print()?;
    Ok(Exit::Done)
}
