//! The steps of the demo.

use super::report::{import_page, made_page, plan_page, verify_page};
use crate::areas::{self, Holding};
use crate::backend::{self, Opened, Schema};
use crate::cli::DemoArgs;
use crate::clock::Clock;
use crate::commands::{Context, export, import};
use crate::cutover::{self, Import};
use crate::failure::{Exit, Failure, with_causes};
use crate::interrupt::Interrupt;
use crate::output::{self, Page};
use crate::progress::Bars;
use crate::serve::{self, Notice};
use crate::web::{App, Settings};
use landfast_cutover::report::Verdict;
use landfast_cutover::{ExportRequest, Report};
use landfast_demo::{Area, ColumnAge, DemoOptions};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Ports tried after the first one is taken.
const FURTHER_PORTS: u16 = 20;

/// Runs the demo.
pub(in crate::commands) fn run(context: &Context, args: &DemoArgs) -> Result<Exit, Failure> {
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
    let settings = Settings::read(&context.config)?;
    serve::serve(&runtime, listener, App::new(opened, context.user, settings, vec![notice]), &interrupt)
}

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
        let holdings = opened.store.read(|repositories| areas::holdings(repositories, &self.context.user))?;
        import_page(&report, &opened, &holdings).print()?;
        verify_page(&verified).print()?;
        let exported = self.export(&opened)?;
        self.closing(&holdings, &exported).print()?;
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
        let mut made = Vec::new();
        for area in Area::ALL {
            let summary = area.write(legacy, &options).map_err(|error| {
                Failure::failed(format!("cannot write demo data: {}", with_causes(&error)))
                    .hint("name another folder with --dir, with enough free space")
            })?;
            made.push((area, summary));
        }
        page.heading("1  Made-up data, as the legacy programs wrote it");
        page.line(&format!("  {}", legacy.display()));
        page.line(&format!("  seed {}, scale {}, {}", args.seed, args.scale.max(1), output::duration(begin.elapsed())));
        made_page(&mut page, &made);
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

    fn closing(&self, holdings: &[Holding], exported: &str) -> Page {
        let open = holdings.iter().flat_map(|holding| &holding.facts).find(|(_, what)| what == "open");
        let active = open.map_or(0, |(number, _)| *number);
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
            ("presentations list".to_owned(), "the rendering jobs".to_owned()),
            ("runs list".to_owned(), "the analysis runs".to_owned()),
            (format!("verify {legacy}"), "compare again".to_owned()),
            ("serve".to_owned(), "the page".to_owned()),
        ]
        .map(|(arguments, meaning)| (format!("{program}{place} {arguments}"), meaning));
        let width = commands.iter().map(|(command, _)| command.chars().count()).max().unwrap_or(0);
        for (command, meaning) in &commands {
            page.line(&format!("  {command:<width$}   {}", page.style().dim(&format!("# {meaning}"))));
        }
        page
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
    let (holdings, documents) = opened.store.read(|repositories| {
        Ok((areas::holdings(repositories, &guest)?, repositories.imports()?.list_documents(&guest)?))
    })?;
    let ours = !documents.is_empty()
        && documents.iter().all(|document| paths.iter().any(|path| Path::new(&document.source).starts_with(path)));
    if !ours && holdings.iter().any(|holding| !holding.is_empty()) {
        return Err(Failure::failed(format!(
            "{} holds data already, and the demo would mix made-up data with it",
            opened.place
        ))
        .hint("unset DATABASE_URL to use SQLite in the demo's folder, or name an empty database"));
    }
    Ok(())
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
