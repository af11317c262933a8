//! `landfast db`: schema and care of the database.

mod backup;
mod manifest;
mod restore;

use super::Context;
use crate::backend::{self, Opened, Schema};
use crate::cli::{DbArgs, DbVerb};
use crate::failure::{Exit, Failure};
use crate::output::{self, Align, Page, Table};
use landfast_domain::accounts::UserId;
use landfast_domain::record::Record;
use landfast_domain::tasks::{
    Emotion, Job, JobTask, LegacyRow, Note, PopupResponse, PopupTrigger, Preference, SurveyResponse, Task, TaskInstance,
};
use landfast_domain::{Repositories, Store};
use landfast_store::{Database, MigrationStatus};
use serde_json::{Map, Value, json};

/// Runs a verb of `landfast db`.
pub(super) fn run(context: &Context, args: DbArgs) -> Result<Exit, Failure> {
    match args.verb {
        DbVerb::Status => status(&backend::open_database(context, Schema::Leave)?, args.json),
        DbVerb::Check => check(&backend::open_database(context, Schema::Leave)?, args.json),
        DbVerb::Migrate => migrate(context, args.json),
        DbVerb::Revert { steps, yes } => revert(context, steps, yes, args.json),
        DbVerb::Backup { file } => backup::run(context, &file, args.json),
        DbVerb::Restore { file, dry_run } => restore::run(context, &file, dry_run, args.json),
        DbVerb::Size => size(&backend::open_database(context, Schema::Leave)?, args.json),
    }
}

fn status(opened: &Opened, json: bool) -> Result<Exit, Failure> {
    let database = opened.require_database()?;
    let status = schema_status(database)?;
    let rows = if status.is_current() { Some(row_counts(database)?) } else { None };
    let version = status.applied.last().map_or("none", |migration| migration.version.as_str());
    if json {
        let pending: Vec<Value> =
            status.pending.iter().map(|one| json!({ "version": one.version, "name": one.name })).collect();
        let applied: Vec<Value> = status
            .applied
            .iter()
            .map(|one| {
                let at = one.applied_at.map(|at| at.to_iso_text());
                json!({ "version": one.version, "name": one.name, "applied_at": at, "known": one.known, "changed": one.changed })
            })
            .collect();
        let rows = rows
            .map(|rows| rows.into_iter().map(|(name, count)| (name.to_owned(), count.into())).collect::<Map<_, _>>());
        output::print_json(output::document([
            ("kind", database.kind().as_str().into()),
            ("url", opened.place.as_str().into()),
            ("schema_version", version.into()),
            ("current", status.is_current().into()),
            ("applied", applied.into()),
            ("pending", pending.into()),
            ("size_bytes", size_bytes(database)?.into()),
            ("rows", rows.map_or(Value::Null, Value::Object)),
        ]))?;
        return Ok(Exit::Done);
    }
    let mut page = Page::new();
    page.heading("Database");
    page.pairs(&[
        ("kind", database.kind().as_str().to_owned()),
        ("place", opened.place.clone()),
        ("size", output::bytes(size_bytes(database)?)),
        ("schema version", version.to_owned()),
        ("schema state", state_text(&status)),
    ]);
    match rows {
        Some(rows) => {
            page.heading("Rows of all users");
            let mut table = Table::new(&[("table", Align::Left), ("rows", Align::Right)]);
            for (name, count) in rows {
                table.row([name.to_owned(), output::count(count)]);
            }
            page.table(&table);
        }
        None => page.line("\n  next: landfast db migrate"),
    }
    page.print()?;
    Ok(Exit::Done)
}

fn state_text(status: &MigrationStatus) -> String {
    let strange = status.applied.iter().filter(|one| !one.known || one.changed).count();
    match (status.pending.len(), strange) {
        (0, 0) => "current".to_owned(),
        (pending, 0) => format!("{pending} migrations pending"),
        (_, strange) => format!("{strange} migrations of another build; `landfast db check` names them"),
    }
}

fn check(opened: &Opened, json: bool) -> Result<Exit, Failure> {
    let database = opened.require_database()?;
    let faults = database.migrations().check().map_err(|error| failure(&error, opened))?;
    let exit = match database.migrations().require_current() {
        Err(_) => Exit::Schema,
        Ok(()) if faults.is_empty() => Exit::Done,
        Ok(()) => Exit::Failed,
    };
    if json {
        output::print_json(output::document([
            ("url", opened.place.as_str().into()),
            ("current", (exit != Exit::Schema).into()),
            ("faults", faults.into()),
        ]))?;
        return Ok(exit);
    }
    let mut page = Page::new();
    let style = page.style();
    match exit {
        Exit::Done => {
            page.line(&format!("{} {}: the schema is current and sound", style.good("ok"), output::safe(&opened.place)))
        }
        _ => {
            page.heading(&format!("{}: {}", output::safe(&opened.place), output::counted(length(&faults), "fault")));
            for fault in &faults {
                page.line(&format!("  {}", output::safe(fault)));
            }
            if exit == Exit::Schema {
                page.line("\n  next: landfast db migrate");
            }
        }
    }
    page.print()?;
    Ok(exit)
}

fn migrate(context: &Context, json: bool) -> Result<Exit, Failure> {
    // Opening with `Apply` would hide which migrations were pending.
    backend::make_database(context)?;
    let opened = backend::open_database(context, Schema::Leave)?;
    let versions = opened.require_database()?.migrations().migrate().map_err(|error| failure(&error, &opened))?;
    report_versions(&opened, "applied", &versions, "the schema is current already", json)
}

fn revert(context: &Context, steps: usize, yes: bool, json: bool) -> Result<Exit, Failure> {
    let opened = backend::open_database(context, Schema::Leave)?;
    let database = opened.require_database()?;
    let status = schema_status(database)?;
    if !yes {
        let names: Vec<String> =
            status.applied.iter().rev().take(steps).map(|one| format!("{} ({})", one.version, one.name)).collect();
        return Err(Failure::usage(format!("this would revert {} of {}", names.join(", "), opened.place))
            .hint("what the tables of these migrations hold is lost; take a backup, then repeat with --yes"));
    }
    let versions = database.migrations().revert(steps).map_err(|error| failure(&error, &opened))?;
    report_versions(&opened, "reverted", &versions, "there is nothing to revert", json)
}

fn report_versions(
    opened: &Opened,
    verb: &'static str,
    versions: &[String],
    nothing: &str,
    json: bool,
) -> Result<Exit, Failure> {
    if json {
        output::print_json(output::document([
            ("url", opened.place.as_str().into()),
            (verb, versions.to_vec().into()),
        ]))?;
        return Ok(Exit::Done);
    }
    let text = match versions {
        [] => format!("{}: {nothing}", opened.place),
        versions => format!("{}: {verb} {}", opened.place, versions.join(", ")),
    };
    output::print(&(output::safe(&text) + "\n"))?;
    Ok(Exit::Done)
}

fn size(opened: &Opened, json: bool) -> Result<Exit, Failure> {
    let bytes = size_bytes(opened.require_database()?)?;
    if json {
        output::print_json(output::document([("url", opened.place.as_str().into()), ("size_bytes", bytes.into())]))?;
    } else {
        output::print(&format!("{}  {}\n", output::bytes(bytes), output::safe(&opened.place)))?;
    }
    Ok(Exit::Done)
}

fn schema_status(database: &Database) -> Result<MigrationStatus, Failure> {
    database.migrations().status().map_err(|error| backend::store_failure(&error).at(database.url()))
}

fn size_bytes(database: &Database) -> Result<u64, Failure> {
    database.size_bytes().map_err(|error| backend::store_failure(&error).at(database.url()))
}

fn failure(error: &landfast_store::Error, opened: &Opened) -> Failure {
    backend::store_failure(error).at(&opened.place)
}

fn length<T>(list: &[T]) -> u64 {
    u64::try_from(list.len()).unwrap_or(u64::MAX)
}

/// Rows of every table over all users.
pub(super) fn row_counts(database: &Database) -> Result<Vec<(&'static str, u64)>, Failure> {
    let store: &dyn Store = database;
    let counts = store.read(|repositories| {
        let users: Vec<UserId> = repositories.accounts().list()?.into_iter().map(|user| user.id).collect();
        let mut counts = vec![("users", length(&users))];
        macro_rules! add {
            ($($name:literal: $record:ty),* $(,)?) => { $( counts.push(($name, count::<$record>(repositories, &users)?)); )* };
        }
        add! {
            "tasks": Task, "task_instances": TaskInstance, "emotions": Emotion, "user_preferences": Preference,
            "survey_responses": SurveyResponse, "notes": Note, "jobs": Job, "job_tasks": JobTask,
            "popup_triggers": PopupTrigger, "popup_responses": PopupResponse, "legacy_rows": LegacyRow,
        }
        Ok(counts)
    });
    counts.map_err(|error| Failure::from(error).at(database.url()))
}

fn count<R: Record>(repositories: &mut dyn Repositories, users: &[UserId]) -> landfast_domain::Result<u64> {
    users.iter().try_fold(0, |sum, user| Ok(sum + R::repository(repositories).count(user)?))
}
