//! `landfast db backup`.

use super::manifest::{Digests, Manifest};
use super::schema_status;
use crate::backend::{self, Opened, Schema, store_failure};
use crate::building::{Building, refuse_existing};
use crate::commands::Context;
use crate::cutover;
use crate::failure::{Exit, Failure, with_causes};
use crate::interrupt::Interrupt;
use crate::output::{self, Page};
use crate::progress::Bars;
use landfast_domain::Store;
use landfast_domain::store::StoreKind;
use landfast_store::{Database, TablePrint};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// Writes a verified backup, which gets its name when it is complete.
pub(super) fn run(context: &Context, file: &Path, json: bool) -> Result<Exit, Failure> {
    let opened = backend::open_database(context, Schema::Leave)?;
    refuse_existing(file)?;
    let interrupt = Interrupt::listen("stopping; no backup was made")?;
    let building = Building::beside(file)?;
    let held = fill(context, &opened, &building, &interrupt)?;
    let (tables, digests) = verify(&building, held.as_ref())?;
    building.close()?;
    let manifest = Manifest::of(&building.path(), &opened.place, tables, digests)?;
    if interrupt.is_set() {
        return Ok(Exit::Interrupted);
    }
    // First what lies beside it: a backup that has its name has all that belongs to it.
    manifest.write(file)?;
    building.finish()?;
    print(context, &manifest, file, held.is_some(), json)?;
    Ok(Exit::Done)
}

/// Copies the database; gives what its tables held, if that is known.
fn fill(
    context: &Context,
    opened: &Opened,
    building: &Building,
    interrupt: &Interrupt,
) -> Result<Option<BTreeMap<String, TablePrint>>, Failure> {
    let database = opened.require_database()?;
    if schema_status(database)?.applied.is_empty() {
        return Err(Failure::failed(format!("{} holds nothing of this program", opened.place)));
    }
    if database.kind() == StoreKind::Sqlite {
        context.say("copying the database");
        let failed = |error: landfast_store::Error| store_failure(&error).at(&opened.place);
        return database.snapshot(&building.path()).map_err(failed);
    }
    database.migrations().require_current().map_err(|error| store_failure(&error).at(&opened.place))?;
    let copy = building.open()?;
    landfast_cutover::copy(opened.store.as_ref(), &copy, &Bars::new(context.quiet), interrupt.flag())
        .map_err(|error| cutover::failure(error, &opened.place))?;
    // The copy compared both sides already.
    copy.table_prints().map(Some).map_err(|error| store_failure(&error))
}

/// Reads a finished copy back: its structure, and its tables as they should be.
pub(super) fn verify(
    building: &Building,
    expected: Option<&BTreeMap<String, TablePrint>>,
) -> Result<(BTreeMap<String, TablePrint>, Digests), Failure> {
    let copy = building.open()?;
    let failed = |error: landfast_store::Error| store_failure(&error);
    let migrations = copy.migrations();
    let is_current = migrations.require_current().is_ok();
    let faults = migrations.check().map_err(failed)?;
    if let Some(fault) = faults.first().filter(|_| is_current) {
        return Err(Failure::failed(format!("the copy is damaged: {fault}"))
            .hint("`landfast db check` checks the database itself"));
    }
    let tables = copy.table_prints().map_err(failed)?;
    if let Some(expected) = expected
        && let Some(table) = differing(expected, &tables)
    {
        return Err(Failure::failed(format!("table {table} of the copy does not hold what it should"))
            .hint("`landfast db check` checks the database; then try again"));
    }
    let digests = if is_current { digests(&copy)? } else { Digests::new() };
    Ok((tables, digests))
}

/// Name of a table that differs.
pub(super) fn differing<'a>(
    one: &'a BTreeMap<String, TablePrint>,
    other: &'a BTreeMap<String, TablePrint>,
) -> Option<&'a str> {
    let names = one.keys().chain(other.keys());
    names.into_iter().find(|name| one.get(*name) != other.get(*name)).map(String::as_str)
}

/// What the records of all users say.
pub(super) fn digests(database: &Database) -> Result<Digests, Failure> {
    let store: &dyn Store = database;
    let users = store.read(|repositories| repositories.accounts().list())?;
    let mut digests = Digests::new();
    for user in users {
        let of_user =
            landfast_cutover::digests(store, &user.id).map_err(|error| Failure::failed(with_causes(&error)))?;
        digests.insert(user.id.to_string(), of_user);
    }
    Ok(digests)
}

fn print(context: &Context, manifest: &Manifest, file: &Path, is_compared: bool, json: bool) -> Result<(), Failure> {
    if json {
        let mut map = manifest.to_json();
        map.insert("file".to_owned(), file.display().to_string().into());
        map.insert("compared_with_database".to_owned(), is_compared.into());
        let text = serde_json::to_string_pretty(&Value::Object(map))
            .map_err(|error| Failure::failed(format!("cannot render the result as JSON: {error}")))?;
        return output::print(&(text + "\n"));
    }
    let mut page = Page::new();
    page.heading(&output::safe(&format!("Backup of {}", manifest.from)));
    page.pairs(&[
        ("file", file.display().to_string()),
        ("size", output::bytes(manifest.size_bytes)),
        ("sha256", manifest.sha256.clone()),
        ("rows", format!("{} in {} tables", output::count(manifest.rows()), manifest.tables.len())),
        (
            "verified",
            match is_compared {
                true => "structure, and every table equal to the database".to_owned(),
                false => "structure; the database was written to all the time, so its tables could not be compared"
                    .to_owned(),
            },
        ),
    ]);
    page.print()?;
    context.say(&format!("`landfast db restore {}` puts it back", file.display()));
    Ok(())
}
