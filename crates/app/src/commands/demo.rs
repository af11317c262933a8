//! `landfast demo`: everything once, with made-up data.

use super::{Context, export, import};
use crate::backend::{self, Opened, Schema};
use crate::cli::DemoArgs;
use crate::clock::Clock;
use crate::cutover::{self, Import};
use crate::failure::{Exit, Failure, with_causes};
use crate::interrupt::Interrupt;
use crate::output::{self, Align, Page, Table, count};
use crate::progress::Bars;
use crate::serve::{self, Notice, State};
use landfast_cutover::report::{FileReport, Verdict, Verification};
use landfast_cutover::{ExportRequest, Report};
use landfast_demo::{ColumnAge, DemoOptions};
use landfast_domain::tasks::lists;
use std::cmp::Reverse;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Ports tried after the first one is taken.
const FURTHER_PORTS: u16 = 20;

/// Runs the demo.
pub(super) fn run(context: &Context, args: &DemoArgs) -> Result<Exit, Failure> {
    let folder = folder(args.dir.as_deref())?;
    let context = context.below(&folder.join("data"));
    let interrupt = Interrupt::listen("stopping; Ctrl-C again stops at once")?;
    let exit = Demo { context: &context, folder: &folder, interrupt: &interrupt }.report(args)?;
    if args.exit || exit != Exit::Done || interrupt.is_set() {
        return Ok(exit);
    }
    output::print("\n")?;
    let runtime = serve::runtime()?;
    let listener = runtime.block_on(listen(args.port))?;
    let opened = backend::open_database(&context, Schema::Require)?;
    let notice = Notice {
        level: "good",
        title: "This is the demo".to_owned(),
        text: format!("All data is made up and lies in {}.", folder.display()),
    };
    serve::serve(&runtime, listener, State::new(opened, context.user, vec![notice]), &interrupt)
}

/// Files with a row of their own in the plan; the rest is summed up, so that all fits on one screen.
const FILES_SHOWN: usize = 6;

struct Demo<'a> {
    context: &'a Context,
    folder: &'a Path,
    interrupt: &'a Interrupt,
}

impl Demo<'_> {
    fn report(&self, args: &DemoArgs) -> Result<Exit, Failure> {
        let legacy = self.folder.join("legacy");
        self.make_data(&legacy, args)?;
        let paths = [legacy];

        let plan_store = import::open_for_plan(self.context)?;
        refuse_foreign_data(&plan_store, &paths)?;
        let plan = self.import(&plan_store, &Import { paths: &paths, dry_run: true, ..Import::default() })?;
        plan_page(&plan).print()?;

        let opened = backend::open_database(self.context, Schema::Apply)?;
        let report = self.import(&opened, &Import { paths: &paths, ..Import::default() })?;
        if report.outcome == Verdict::Interrupted {
            output::print(&report.summary())?;
            return Ok(Exit::Interrupted);
        }
        let verified =
            cutover::verify(self.context, opened.store.as_ref(), &opened.place, &paths, false, self.interrupt)?;
        import_page(&report, &opened).print()?;
        verify_page(&verified).print()?;
        let exported = self.export(&opened)?;
        self.closing(&opened, &exported)?.print()?;
        Ok(cutover::exit(&verified))
    }

    fn make_data(&self, legacy: &Path, args: &DemoArgs) -> Result<(), Failure> {
        let begin = Instant::now();
        let mut page = Page::new();
        if legacy.is_dir() {
            page.heading("1  Data from an earlier demo");
            page.line(&format!("  {}", legacy.display()));
            return page.print();
        }
        let now = Clock::now().local.naive();
        let options =
            DemoOptions { seed: args.seed, scale: args.scale, now, age: ColumnAge::March2026, odd_cells: true };
        let summary = landfast_demo::write_tasks(legacy, &options).map_err(|error| {
            Failure::failed(format!("cannot write demo data: {}", with_causes(&error)))
                .hint("name another folder with --dir, with enough free space")
        })?;
        page.heading("1  Made-up data, as the legacy program wrote it");
        page.line(&format!("  {}", legacy.display()));
        let files = output::counted(u64::try_from(summary.files.len()).unwrap_or(u64::MAX), "file");
        page.line(&format!(
            "  {files} of a task manager, seed {}, scale {}, {}",
            args.seed,
            args.scale.max(1),
            output::duration(begin.elapsed())
        ));
        page.print()
    }

    fn import(&self, opened: &Opened, what: &Import<'_>) -> Result<Report, Failure> {
        cutover::import(self.context, opened.store.as_ref(), &opened.place, what, self.interrupt)
    }

    /// Back to files, into a folder that is removed again.
    fn export(&self, opened: &Opened) -> Result<String, Failure> {
        let scratch = tempfile::tempdir_in(self.folder)?;
        let target = scratch.path().join("out");
        let request = ExportRequest { user: self.context.user.clone(), target: &target, overwrite: false };
        let report = landfast_cutover::export(
            opened.store.as_ref(),
            &request,
            &Bars::new(self.context.quiet),
            self.interrupt.flag(),
        )
        .map_err(|error| cutover::failure(error, &opened.place))?;
        Ok(export::sum(&report))
    }

    fn closing(&self, opened: &Opened, exported: &str) -> Result<Page, Failure> {
        let active =
            opened.store.read(|repositories| lists::active(repositories, &self.context.user).map(|list| list.len()))?;
        let mut page = Page::new();
        page.gap();
        page.heading("5  Back to files");
        page.line(&format!("  {exported}"));
        page.gap();
        page.heading("Next");
        let program = program();
        let place = if is_named(self.context) {
            String::new()
        } else {
            format!(" --data-dir {}", quoted(&self.folder.join("data")))
        };
        let legacy = quoted(&self.folder.join("legacy"));
        let commands = [
            ("tasks instances --active".to_owned(), format!("the {active} open instances")),
            ("tasks averages".to_owned(), "averages and baselines".to_owned()),
            (format!("verify {legacy}"), "compare again".to_owned()),
            ("serve".to_owned(), "the page".to_owned()),
        ]
        .map(|(arguments, meaning)| (format!("{program}{place} {arguments}"), meaning));
        let width = commands.iter().map(|(command, _)| command.chars().count()).max().unwrap_or(0);
        for (command, meaning) in &commands {
            page.line(&format!("  {command:<width$}   {}", page.style().dim(&format!("# {meaning}"))));
        }
        Ok(page)
    }
}

fn folder(given: Option<&Path>) -> Result<PathBuf, Failure> {
    let cannot = |error: std::io::Error| {
        Failure::failed(format!("cannot make a folder for the demo: {error}"))
            .hint("name one you may write into with --dir")
    };
    let Some(folder) = given else {
        return Ok(tempfile::Builder::new().prefix("landfast-demo-").tempdir().map_err(cannot)?.keep());
    };
    std::fs::create_dir_all(folder).map_err(cannot)?;
    folder.canonicalize().map_err(cannot)
}

/// The demo must not mix made-up data with somebody's own.
fn refuse_foreign_data(opened: &Opened, paths: &[PathBuf]) -> Result<(), Failure> {
    if opened.database.is_none() {
        return Ok(());
    }
    let guest = landfast_domain::accounts::UserId::guest();
    let (rows, documents) = opened.store.read(|repositories| {
        let rows = repositories.tasks().count(&guest)? + repositories.instances().count(&guest)?;
        Ok((rows, repositories.imports()?.list_documents(&guest)?))
    })?;
    let ours = !documents.is_empty()
        && documents.iter().all(|document| paths.iter().any(|path| Path::new(&document.source) == path));
    if rows > 0 && !ours {
        return Err(Failure::failed(format!(
            "{} holds data already, and the demo would mix made-up data with it",
            opened.place
        ))
        .hint("unset DATABASE_URL to use SQLite in the demo's folder, or name an empty database"));
    }
    Ok(())
}

fn plan_page(plan: &Report) -> Page {
    let mut page = Page::new();
    page.gap();
    page.heading("2  Plan (nothing is written)");
    let columns = [
        ("file", Align::Left),
        ("size", Align::Right),
        ("records", Align::Right),
        ("to load", Align::Right),
        ("set aside", Align::Right),
        ("odd but kept", Align::Right),
    ];
    let mut table = Table::new(&columns);
    let mut files: Vec<&FileReport> = plan.sources.iter().flat_map(|source| &source.files).collect();
    files.sort_by_key(|file| Reverse(file.size_bytes));
    let (shown, others) = files.split_at(files.len().min(FILES_SHOWN));
    for file in shown {
        table.row(cells(&file.path, &[file]));
    }
    if !others.is_empty() {
        table.row(cells(&format!("{} more files", others.len()), others));
    }
    table.total(cells("total", &files));
    page.table(&table);
    let odd: Vec<String> =
        plan.finding_totals.iter().map(|(code, total)| format!("{} {code}", count(*total))).collect();
    if !odd.is_empty() {
        page.line(&format!(
            "  {}",
            page.style().dim(&output::safe(&format!("odd, but kept as it stands: {}", odd.join(", "))))
        ));
    }
    page
}

/// Sums over some files.
fn cells(name: &str, files: &[&FileReport]) -> [String; 6] {
    let sum = |number: fn(&FileReport) -> u64| files.iter().map(|file| number(file)).sum::<u64>();
    [
        name.to_owned(),
        output::bytes(sum(|file| file.size_bytes)),
        count(sum(|file| file.counts.records)),
        count(sum(|file| file.counts.loaded)),
        count(sum(|file| file.counts.quarantined)),
        count(sum(|file| file.findings.values().sum())),
    ]
}

fn import_page(report: &Report, opened: &Opened) -> Page {
    let mut page = Page::new();
    page.gap();
    page.heading("3  Import");
    page.line(&format!("  into    {}", output::safe(&opened.place)));
    let seconds = |stage: &str| {
        let seconds = report.timings.as_ref().and_then(|timings| timings.get(stage)).copied().unwrap_or_default();
        output::duration(Duration::try_from_secs_f64(seconds).unwrap_or_default())
    };
    for backup in report.backup.iter().flatten() {
        let files = output::counted(backup.files, "file");
        page.line(&format!("  backup  {files} copied and read back, {}", seconds("backup")));
    }
    let totals = &report.totals;
    let rows = if totals.changes() == 0 {
        "0 changes: all of it is loaded already".to_owned()
    } else {
        format!("{} rows, {}", count(totals.inserted), seconds("load"))
    };
    page.line(&format!("  load    {rows}"));
    page
}

fn verify_page(report: &Report) -> Page {
    let mut page = Page::new();
    page.gap();
    page.heading("4  Verification: the database, read back, against the files");
    let style = page.style();
    let Some(Verification { checks, differences_total, .. }) = &report.verification else { return page };
    let number = |check: &str| count(checks.get(check).map_or(0, |check| check.checked));
    page.line(&format!(
        "  {} rows cell by cell, {} kept pieces, {} files of backups",
        number("rows"),
        number("pieces"),
        number("backup")
    ));
    let sum =
        format!("{} differences, {} records left out", count(*differences_total), count(report.totals.quarantined));
    let is_good = *differences_total == 0 && report.totals.quarantined == 0;
    page.line(&format!("  {}", if is_good { style.good(&sum) } else { style.bad(&sum) }));
    page
}

/// The first free port from 8080 on, or exactly the one that was asked for.
async fn listen(port: Option<u16>) -> Result<tokio::net::TcpListener, Failure> {
    const HOST: &str = "127.0.0.1";
    if let Some(port) = port {
        return serve::listen(HOST, port).await;
    }
    for port in 8080..8080 + FURTHER_PORTS {
        if let Ok(listener) = serve::listen(HOST, port).await {
            return Ok(listener);
        }
    }
    serve::listen(HOST, 0).await
}

fn is_named(context: &Context) -> bool {
    !context.config.text("database_url").trim().is_empty()
}

/// How the person called this program.
fn program() -> String {
    let path = std::env::args().next().unwrap_or_default();
    if path.is_empty() { "landfast".to_owned() } else { quoted(Path::new(&path)) }
}

/// A path for a shell, in quotes only when it needs them.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_quoted_when_a_shell_would_split_them() {
        assert_eq!(quoted(Path::new("target/release/landfast")), "target/release/landfast");
        assert_eq!(quoted(Path::new("/tmp/it's mine")), r"'/tmp/it'\''s mine'");
    }
}
