//! `landfast copy`: everything from one store into another, empty one.

mod folder;
mod print;

use super::Context;
use crate::backend::{self, Opened, Schema, store_failure};
use crate::building::Building;
use crate::cli::CopyArgs;
use crate::cutover;
use crate::failure::{Exit, Failure, with_causes};
use crate::interrupt::Interrupt;
use crate::progress::Bars;
use landfast_cutover::{CopyReport, Report};
use landfast_domain::Store;
use landfast_store::{Database, DatabaseUrl};
use std::collections::BTreeMap;

/// Copies, compares and prints.
pub(super) fn run(context: &Context, args: &CopyArgs) -> Result<Exit, Failure> {
    let (from, to) = (url("--from", &args.from)?, url("--to", &args.to)?);
    if from == to {
        return Err(Failure::usage(format!("--from and --to are both {from}")));
    }
    let interrupt = Interrupt::listen("stopping; nothing stays in the target")?;
    let source = Source::open(context, args, &from, &to, &interrupt)?;
    let mut done = Done { from: from.to_string(), to: to.to_string(), dry_run: args.dry_run, ..Done::default() };
    done.imported = source.report.clone();
    if source.report.as_ref().is_some_and(|report| [130, 4].contains(&report.exit_code)) {
        // Nothing is passed on that is not complete and verified.
        return done.end(args.json);
    }
    match &to {
        DatabaseUrl::Files(target) => folder::write(context, &source, target, &mut done, &interrupt)?,
        _ => into_database(context, args, source, &to, &mut done, &interrupt)?,
    }
    done.end(args.json)
}

/// What a copy did.
#[derive(Default)]
struct Done {
    from: String,
    to: String,
    dry_run: bool,
    users: u64,
    documents: u64,
    /// What every table holds on both sides, by user and kind of record.
    digests: BTreeMap<String, BTreeMap<String, landfast_cutover::TableDigest>>,
    /// How the files were read, when they were the source.
    imported: Option<Report>,
    /// What was written, when files were the target.
    exported: Option<landfast_cutover::ExportReport>,
    /// Kinds of record that read back from the written files are not what they were.
    differing: Vec<String>,
    /// Other users with rows, which one folder cannot hold.
    left_out: BTreeMap<String, u64>,
}

impl Done {
    fn add(&mut self, report: CopyReport) {
        self.users = report.users;
        self.documents = report.documents;
        self.digests = report.digests;
    }

    fn exit(&self) -> Exit {
        let imported = self.imported.as_ref().map_or(Exit::Done, cutover::exit);
        match imported {
            Exit::Done if !self.differing.is_empty() => Exit::Different,
            Exit::Done if !self.left_out.is_empty() => Exit::Quarantined,
            other => other,
        }
    }

    fn end(&self, json: bool) -> Result<Exit, Failure> {
        print::print(self, json)?;
        Ok(self.exit())
    }
}

/// A database to copy from; files are imported into one first.
struct Source {
    store: Opened,
    /// The database made of files, and how they were read.
    building: Option<Building>,
    report: Option<Report>,
}

impl Source {
    fn open(
        context: &Context,
        args: &CopyArgs,
        from: &DatabaseUrl,
        to: &DatabaseUrl,
        interrupt: &Interrupt,
    ) -> Result<Self, Failure> {
        let DatabaseUrl::Files(folder) = from else {
            let store = backend::open_database(&context.on(&args.from), Schema::Require)?;
            return Ok(Self { store, building: None, report: None });
        };
        // Beside a SQLite target the database only has to get its name.
        let place = match to {
            DatabaseUrl::Sqlite(path) => path.clone(),
            _ => in_data_dir(context, "copied.db")?,
        };
        let building = Building::beside(&place)?;
        let store = opened(building.open()?);
        let paths = [folder.clone()];
        let what = cutover::Import {
            paths: &paths,
            dry_run: args.dry_run,
            max_quarantined: args.max_quarantined,
            ..cutover::Import::default()
        };
        let report = cutover::import(context, store.store.as_ref(), &store.place, &what, interrupt)?;
        Ok(Self { store, building: Some(building), report: Some(report) })
    }

    fn store(&self) -> &dyn Store {
        self.store.store.as_ref()
    }
}

fn into_database(
    context: &Context,
    args: &CopyArgs,
    source: Source,
    to: &DatabaseUrl,
    done: &mut Done,
    interrupt: &Interrupt,
) -> Result<(), Failure> {
    let failed = |error| cutover::failure(error, &to.to_string());
    let is_new = backend::is_missing(to);
    if args.dry_run {
        if !is_new {
            let target = backend::open_database(&context.on(&args.to), Schema::Leave)?;
            if target.require_database()?.migrations().require_current().is_ok() {
                landfast_cutover::require_empty(target.store.as_ref()).map_err(failed)?;
            }
        }
        return done.survey(&source);
    }
    if !is_new {
        let target = backend::open_database(&context.on(&args.to), Schema::Apply)?;
        done.add(
            landfast_cutover::copy(source.store(), target.store.as_ref(), &Bars::new(context.quiet), interrupt.flag())
                .map_err(failed)?,
        );
        return Ok(());
    }
    let building = match source.building {
        Some(building) => {
            done.survey_of(source.store.store.as_ref())?;
            drop(source.store);
            building
        }
        None => {
            let DatabaseUrl::Sqlite(path) = to else { return Err(Failure::failed(format!("{to} cannot be made"))) };
            let building = Building::beside(path)?;
            let target = building.open()?;
            done.add(
                landfast_cutover::copy(
                    source.store.store.as_ref(),
                    &target,
                    &Bars::new(context.quiet),
                    interrupt.flag(),
                )
                .map_err(failed)?,
            );
            drop(target);
            building
        }
    };
    building.finish()
}

impl Done {
    fn survey(&mut self, source: &Source) -> Result<(), Failure> {
        match source.report {
            // The plan of an import says it; nothing is in a database yet.
            Some(_) => Ok(()),
            None => self.survey_of(source.store()),
        }
    }

    /// Notes what a database holds.
    fn survey_of(&mut self, store: &dyn Store) -> Result<(), Failure> {
        let (users, documents) = store.read(|repositories| {
            let users = repositories.accounts().list()?;
            let mut documents = 0;
            for user in &users {
                documents += repositories.imports()?.list_documents(&user.id)?.len();
            }
            Ok((users, documents))
        })?;
        self.users = u64::try_from(users.len()).unwrap_or(u64::MAX);
        self.documents = u64::try_from(documents).unwrap_or(u64::MAX);
        for user in users {
            let digests =
                landfast_cutover::digests(store, &user.id).map_err(|error| Failure::failed(with_causes(&error)))?;
            self.digests.insert(user.id.to_string(), digests);
        }
        Ok(())
    }
}

fn url(option: &str, text: &str) -> Result<DatabaseUrl, Failure> {
    DatabaseUrl::parse(text).map_err(|error| {
        let failure = store_failure(&error);
        Failure::usage(format!("{option}: {}", failure.message()))
            .hint("write sqlite:PATH, postgres://USER@HOST/NAME or files:DIR")
    })
}

fn in_data_dir(context: &Context, name: &str) -> Result<std::path::PathBuf, Failure> {
    let folder = context.config.data_dir();
    std::fs::create_dir_all(&folder).map_err(|error| crate::building::cannot("make", &folder, &error))?;
    Ok(folder.join(name))
}

fn opened(database: Database) -> Opened {
    let place = database.url().to_string();
    Opened { store: std::sync::Arc::new(database.clone()), database: Some(database), place, notices: Vec::new() }
}
