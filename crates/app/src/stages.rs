//! The pair of legacy files and database, while areas move from one to the other.

use crate::clock::Clock;
use crate::commands::Context;
use crate::cutover;
use crate::failure::{Failure, with_causes};
use crate::process;
use landfast_cutover::{DualOptions, DualStore, Shadow};
use landfast_domain::Store;
use landfast_domain::accounts::UserId;
use landfast_domain::cutover::{Area, Side, Stage};
use landfast_legacy::files::FileStore;
use landfast_store::Database;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The folder of an area that is not only in the database, or of a record beside the configured files; `None` when
/// no stage was ever recorded, or nothing but the database is used and its files are gone.
///
/// # Errors
/// When the database does not answer, and when the files are needed but not there.
pub fn folder_in_use(context: &Context, database: &Database) -> Result<Option<PathBuf>, Failure> {
    let store: &dyn Store = database;
    let records = store
        .read(|repositories| {
            Area::ALL.into_iter().map(|area| repositories.cutover()?.stage(area)).collect::<Result<Vec<_>, _>>()
        })
        .map_err(|error| Failure::from(error).at(database.url()))?;
    let recorded = records.iter().flatten().find(|record| !record.folder.is_empty()).map(|record| &record.folder);
    let configured = context.config.legacy_dir();
    let needed = records.iter().flatten().find(|record| record.stage < Stage::Database);
    let Some(folder) = configured.or_else(|| recorded.map(PathBuf::from)) else { return Ok(None) };
    if folder.is_dir() {
        let is_recorded = folder.join(".landfast").join("cutover.json").is_file();
        return Ok((needed.is_some() || is_recorded).then_some(folder));
    }
    match needed {
        None => Ok(None),
        Some(record) => Err(Failure::failed(format!(
            "{} is at stage {}, but its files in {} are not there",
            record.area,
            record.stage,
            folder.display()
        ))
        .hint("name the folder with LANDFAST_LEGACY_DIR; `landfast cutover status` shows the stages")),
    }
}

/// Opens the pair. Areas without a record are at `fallback`.
///
/// # Errors
/// When the folder cannot be used, or files and database have recorded stages that exclude each other.
pub fn open_pair(
    context: &Context,
    database: &Database,
    folder: &Path,
    fallback: impl Fn(Area) -> Stage + Send + Sync + 'static,
) -> Result<DualStore, Failure> {
    let files = FileStore::open(folder).map_err(|error| Failure::from(error).at(folder.display()))?;
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let shadow = context.config.text("shadow_reads");
    let options = DualOptions {
        fallback: Box::new(fallback),
        shadow: Shadow::parse(shadow).ok_or_else(|| {
            Failure::usage(format!("shadow_reads = {shadow:?} is neither off, all, nor a share such as 1/100"))
        })?,
        budget: match context.config.text("mismatch_budget") {
            "" => None,
            _ => Some(context.config.number("mismatch_budget")?),
        },
        ..DualOptions::new(process::holder(), || Clock::now().utc)
    };
    DualStore::new(Arc::new(files), Arc::new(database.clone()), Some(&folder), options)
        .map_err(|error| cutover::failure(error, &database.url().to_string()))
}

/// Brings the following stores up at the start: what a stopped program left marked, and where the files lead, what
/// a program wrote that knows only them. Says what could not be copied.
///
/// # Errors
/// When the leading store cannot be read.
pub fn catch_up(store: &DualStore) -> Result<Vec<String>, Failure> {
    let mut left = Vec::new();
    for area in Area::ALL {
        let stage = store.stage(area).stage;
        if !stage.is_dual() {
            continue;
        }
        match store.repair(area, stage.leader() == Side::Files) {
            Ok(drained) if drained.refused > 0 => left.push(format!(
                "{area}: {} items cannot be copied to the {}; `landfast cutover status` says why",
                drained.refused,
                stage.leader().other().as_str()
            )),
            Ok(_) => {}
            Err(error) => left.push(format!(
                "{area}: the {} could not be brought up: {}",
                stage.leader().other().as_str(),
                with_causes(&error)
            )),
        }
    }
    Ok(left)
}

/// Areas of which the database holds imported documents.
///
/// # Errors
/// When the database does not answer.
pub fn imported_areas(database: &Database, user: &UserId) -> Result<BTreeSet<String>, Failure> {
    let store: &dyn Store = database;
    let documents = store
        .read(|repositories| repositories.imports()?.list_documents(user))
        .map_err(|error| Failure::from(error).at(database.url()))?;
    Ok(documents.into_iter().map(|document| document.area).collect())
}

/// How far files and database are apart, in a sentence that names the first items; `None` when that cannot be told.
pub fn count_differences(context: &Context, database: &Database, folder: &Path) -> Option<String> {
    database.migrations().require_current().ok()?;
    let pair = open_pair(context, database, folder, |_| Stage::Database).ok()?;
    let (mut count, mut named) = (0, Vec::new());
    for area in Area::ALL {
        let differences = pair.differences(area).ok()?;
        count += differences.len();
        named.extend(differences.into_iter().take(3).map(|difference| difference.item.to_string()));
    }
    Some(match count {
        0 => "Files and database say the same.".to_owned(),
        _ => format!("They differ in {count} items, among them {}.", named.join(", ")),
    })
}
