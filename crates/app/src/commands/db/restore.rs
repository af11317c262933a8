//! `landfast db restore`.

use super::backup::verify;
use super::manifest::{Manifest, path};
use crate::backend::{self, Schema, store_failure};
use crate::building::{Building, cannot};
use crate::commands::Context;
use crate::cutover;
use crate::failure::{Exit, Failure, with_causes};
use crate::interrupt::Interrupt;
use crate::output::{self, Page};
use crate::progress::Bars;
use landfast_cutover::hash_file;
use landfast_store::{Database, DatabaseUrl, TablePrint};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long others may take to let go of the database.
const PATIENCE: Duration = Duration::from_secs(2);

/// What a restore did.
struct Done {
    from: PathBuf,
    to: String,
    rows: u64,
    had_manifest: bool,
    is_current: bool,
    kept: Option<PathBuf>,
    dry_run: bool,
}

/// Verifies a backup and puts it in the place of the database.
pub(super) fn run(context: &Context, file: &Path, dry_run: bool, json: bool) -> Result<Exit, Failure> {
    let url = backend::url(&context.config)?;
    let interrupt = Interrupt::listen("stopping; the database stays as it is")?;
    let manifest = intact(file)?;
    let live = match &url {
        DatabaseUrl::Sqlite(path) => {
            if path.exists() && path.canonicalize().ok() == file.canonicalize().ok() {
                return Err(Failure::usage("the backup is the database itself").hint("name another file"));
            }
            path.clone()
        }
        DatabaseUrl::Postgres(_) => context.config.data_dir().join("restored.db"),
        _ => return Err(Failure::usage(format!("this command needs a database, not {url}"))),
    };
    make_folder(&live)?;
    let building = Building::beside(&live)?;
    let tables = check(&building, file, manifest.as_ref())?;
    let is_current = {
        let copy = building.open()?;
        copy.migrations().require_current().is_ok()
    };
    let mut done = Done {
        from: file.to_owned(),
        to: url.to_string(),
        rows: tables.values().map(|table| table.rows).sum(),
        had_manifest: manifest.is_some(),
        is_current,
        kept: None,
        dry_run,
    };
    if interrupt.is_set() {
        return Ok(Exit::Interrupted);
    }
    if !dry_run {
        match &url {
            DatabaseUrl::Sqlite(_) => done.kept = exchange(building, &live)?,
            _ => fill(context, &building, &interrupt)?,
        }
    }
    print(&done, json)?;
    Ok(Exit::Done)
}

/// What lies beside a backup, after its hash was compared.
fn intact(file: &Path) -> Result<Option<Manifest>, Failure> {
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    if std::fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
        return Err(Failure::failed(format!(
            "{} has a write-ahead log beside it, so it is a database in use",
            file.display()
        ))
        .hint("make a backup of it with `landfast db backup`, or end the program that uses it"));
    }
    let manifest = Manifest::read(file)?;
    let (sha256, size_bytes) = hash_file(file).map_err(|error| Failure::failed(with_causes(&error)))?;
    if let Some(manifest) = &manifest
        && manifest.sha256 != sha256
    {
        return Err(Failure::failed(format!(
            "{} is damaged: it has SHA-256 {sha256} and {size_bytes} bytes, {} says {} and {}",
            file.display(),
            path(file).display(),
            manifest.sha256,
            manifest.size_bytes
        ))
        .with_exit(Exit::Different)
        .hint("take another backup; the database was not touched"));
    }
    Ok(manifest)
}

fn make_folder(live: &Path) -> Result<(), Failure> {
    let parent = live.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent).map_err(|error| cannot("make", parent, &error))
}

/// Copies the backup, so that nothing is ever written into it, and looks at the copy.
fn check(
    building: &Building,
    file: &Path,
    manifest: Option<&Manifest>,
) -> Result<BTreeMap<String, TablePrint>, Failure> {
    let copy = building.path();
    std::fs::copy(file, &copy).map_err(|error| cannot("copy", file, &error))?;
    let database = building.open().map_err(|failure| failure.at(file.display()))?;
    let status = super::schema_status(&database).map_err(|failure| failure.at(file.display()))?;
    drop(database);
    if status.applied.is_empty() {
        return Err(Failure::failed(format!("{} holds nothing of this program", file.display())));
    }
    let (tables, _) =
        verify(building, manifest.map(|manifest| &manifest.tables)).map_err(|failure| failure.at(file.display()))?;
    Ok(tables)
}

/// Puts the copy in the place of the live file, which nobody else may have open.
fn exchange(building: Building, live: &Path) -> Result<Option<PathBuf>, Failure> {
    building.close()?;
    if !live.exists() {
        building.finish()?;
        return Ok(None);
    }
    let _alone = Database::alone(live, PATIENCE).map_err(|error| match error {
        landfast_store::Error::Busy { .. } => Failure::failed(format!("{} is in use", live.display()))
            .with_exit(Exit::Busy)
            .hint("end the server and every other command that uses the database, then try again"),
        other => store_failure(&other),
    })?;
    // A database that could be read has no log any more, unless the disk did not let SQLite remove it.
    for suffix in ["-wal", "-journal"] {
        set_log_aside(live, suffix)?;
    }
    building.exchange("before-restore")
}

/// A log that a database left behind must not be taken for the log of the one that takes its place.
fn set_log_aside(live: &Path, log_suffix: &str) -> Result<(), Failure> {
    let beside = |suffix: String| {
        let mut name = live.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    let log = beside(log_suffix.to_owned());
    if !log.exists() {
        return Ok(());
    }
    let free = (1..).map(|number| beside(format!("{log_suffix}.before-restore-{number}"))).find(|name| !name.exists());
    let free = free.unwrap_or_else(|| beside(format!("{log_suffix}.before-restore")));
    std::fs::rename(&log, &free).map_err(|error| cannot("rename", &log, &error))
}

/// Copies the backup into an empty PostgreSQL database, in one transaction.
fn fill(context: &Context, building: &Building, interrupt: &Interrupt) -> Result<(), Failure> {
    let copy = building.open()?;
    // A backup of an older schema is brought up to date; it is only a copy.
    copy.migrations().migrate().map_err(|error| store_failure(&error))?;
    let target = backend::open_database(context, Schema::Apply)?;
    landfast_cutover::copy(&copy, target.store.as_ref(), &Bars::new(context.quiet), interrupt.flag())
        .map_err(|error| cutover::failure(error, &target.place))?;
    Ok(())
}

fn print(done: &Done, json: bool) -> Result<(), Failure> {
    if json {
        return output::print_json(output::document([
            ("dry_run", done.dry_run.into()),
            ("from", done.from.display().to_string().into()),
            ("to", done.to.as_str().into()),
            ("rows", done.rows.into()),
            ("compared_with_hashes", done.had_manifest.into()),
            ("schema_current", done.is_current.into()),
            ("kept", done.kept.as_ref().map(|kept| kept.display().to_string()).into()),
        ]));
    }
    let mut page = Page::new();
    page.heading(&output::safe(&match done.dry_run {
        true => format!("{} is intact; nothing was changed", done.from.display()),
        false => format!("{} was restored", done.to),
    }));
    let mut pairs = vec![
        ("backup", done.from.display().to_string()),
        (
            "verified",
            match done.had_manifest {
                true => "hash, structure and every table".to_owned(),
                false => "structure only: no list of hashes lies beside it".to_owned(),
            },
        ),
        ("rows", output::count(done.rows)),
    ];
    if let Some(kept) = &done.kept {
        pairs.push(("database before", kept.display().to_string()));
    }
    if !done.is_current {
        pairs.push(("next", "landfast db migrate: the backup has the schema of an older version".to_owned()));
    }
    page.pairs(&pairs);
    page.print()
}
