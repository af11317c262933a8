//! Copying into a folder of files: an export that is read back.

use super::{Done, Source, in_data_dir, opened};
use crate::building::{Building, cannot, refuse_existing};
use crate::commands::Context;
use crate::cutover;
use crate::failure::{Exit, Failure, with_causes};
use crate::interrupt::Interrupt;
use crate::progress::Bars;
use landfast_cutover::{ExportRequest, export, sync_folder};
use landfast_domain::Store;
use std::fs;
use std::path::{Path, PathBuf};

/// Writes the files beside the target, reads them back into a database of their own, compares, and gives the folder
/// its name.
pub(super) fn write(
    context: &Context,
    source: &Source,
    target: &Path,
    done: &mut Done,
    interrupt: &Interrupt,
) -> Result<(), Failure> {
    refuse_used(target)?;
    let user = context.user.to_string();
    if done.dry_run {
        done.survey(source)?;
        return left_out(source.store(), &user, done);
    }
    let new = beside(target)?;
    let written = write_new(context, source, &new, done, interrupt);
    let named = written.and_then(|()| name(&new, target));
    if named.is_err() {
        let _ = fs::remove_dir_all(&new);
    }
    named?;
    left_out(source.store(), &user, done)
}

fn write_new(
    context: &Context,
    source: &Source,
    new: &Path,
    done: &mut Done,
    interrupt: &Interrupt,
) -> Result<(), Failure> {
    if new.exists() {
        // Left by a process that was killed.
        fs::remove_dir_all(new).map_err(|error| cannot("remove", new, &error))?;
    }
    let request = ExportRequest { user: context.user.clone(), target: new, overwrite: false };
    let report = export(source.store(), &request, &Bars::new(context.quiet), interrupt.flag())
        .map_err(|error| cutover::failure(error, &source.store.place))?;
    done.users = 1;
    done.documents = u64::try_from(report.files.len()).unwrap_or(u64::MAX);
    let before = landfast_cutover::digests(source.store(), &context.user)
        .map_err(|error| Failure::failed(with_causes(&error)))?;
    if !report.files.is_empty() {
        let after = read_back(context, new, interrupt)?;
        done.differing = before
            .iter()
            .filter(|(entity, digest)| *entity != NOT_IN_DOCUMENTS && after.get(*entity) != Some(digest))
            .map(|(entity, _)| entity.clone())
            .collect();
    }
    done.digests.insert(context.user.to_string(), before);
    done.exported = Some(report);
    if interrupt.is_set() {
        return Err(Failure::failed("interrupted")
            .with_exit(Exit::Interrupted)
            .hint("nothing is lost; run the same command again"));
    }
    Ok(())
}

/// Result files of runs are listed in the database, but never copied into it: they stay where they are.
const NOT_IN_DOCUMENTS: &str = "run file";

/// What the tables hold when the written files are imported into an empty database.
fn read_back(
    context: &Context,
    folder: &Path,
    interrupt: &Interrupt,
) -> Result<std::collections::BTreeMap<String, landfast_cutover::TableDigest>, Failure> {
    let building = Building::beside(&in_data_dir(context, "read-back.db")?)?;
    let store = opened(building.open()?);
    let (paths, backups) = ([folder.to_owned()], building.scratch("backups"));
    let what = cutover::Import { paths: &paths, backup_root: Some(&backups), ..cutover::Import::default() };
    let report = cutover::import(context, store.store.as_ref(), &store.place, &what, interrupt)?;
    if cutover::exit(&report) == Exit::Interrupted {
        return Err(Failure::failed("interrupted")
            .with_exit(Exit::Interrupted)
            .hint("nothing is lost; run the same command again"));
    }
    landfast_cutover::digests(store.store.as_ref(), &context.user).map_err(|error| Failure::failed(with_causes(&error)))
}

/// The folder must not be there, or be empty.
fn refuse_used(target: &Path) -> Result<(), Failure> {
    match fs::read_dir(target) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => {
                Err(Failure::failed(format!("{} is not empty", target.display())).hint("name a new or empty folder"))
            }
        },
        Err(_) => refuse_existing(target),
    }
}

fn beside(target: &Path) -> Result<PathBuf, Failure> {
    let target = std::path::absolute(target).map_err(|error| cannot("find", target, &error))?;
    let Some(name) = target.file_name() else {
        return Err(Failure::usage(format!("{} is no folder that could be made", target.display())));
    };
    Ok(target.with_file_name(format!(".{}.landfast-new", name.to_string_lossy())))
}

fn name(new: &Path, target: &Path) -> Result<(), Failure> {
    if target.is_dir() {
        // Refuses a folder that is not empty any more.
        fs::remove_dir(target).map_err(|error| cannot("replace", target, &error))?;
    }
    if !new.is_dir() {
        fs::create_dir(new).map_err(|error| cannot("make", new, &error))?;
    }
    fs::rename(new, target).map_err(|error| cannot("rename", new, &error))?;
    let parent = std::path::absolute(target).ok().and_then(|target| target.parent().map(Path::to_owned));
    parent.map_or(Ok(()), |parent| sync_folder(&parent).map_err(|error| Failure::failed(with_causes(&error))))
}

/// Notes rows of users that the folder does not hold.
fn left_out(store: &dyn Store, user: &str, done: &mut Done) -> Result<(), Failure> {
    let users = store.read(|repositories| repositories.accounts().list())?;
    let own = landfast_cutover::owned_rows(store, &users.iter().map(|user| user.id.clone()).collect::<Vec<_>>())
        .map_err(|error| Failure::failed(with_causes(&error)))?;
    done.left_out = own.into_iter().filter(|(id, rows)| id != user && *rows > 0).collect();
    Ok(())
}
