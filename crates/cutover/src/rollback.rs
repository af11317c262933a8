//! Putting the files of a folder back as they were imported.

use crate::backup::{self, sync_folder};
use crate::bytes::{hash_file, to_u64};
use crate::error::{Error, Result};
use crate::ledger;
use crate::plan::below;
use crate::progress::{Progress, Stage};
use landfast_domain::Store;
use landfast_domain::accounts::UserId;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// What to put back.
pub struct RollbackRequest<'a> {
    /// Owner of the imported documents.
    pub user: UserId,
    /// Only folders at or below these paths; all folders that were imported when empty.
    pub paths: &'a [PathBuf],
    /// Where the backups lie.
    pub backup_root: &'a Path,
    /// Tells what would change and changes nothing.
    pub dry_run: bool,
}

/// What became of one folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct RolledBack {
    /// Areas whose files lie in the folder.
    pub areas: BTreeSet<String>,
    /// The folder.
    pub folder: PathBuf,
    /// Files that were, or would be, replaced or put back.
    pub restored: Vec<String>,
    /// Files that are as they were imported.
    pub unchanged: u64,
    /// Where the folder's state before lies now; `None` when nothing had to be done or the folder was gone.
    pub kept: Option<PathBuf>,
}

/// Puts the imported files of each folder back from its verified backup, in one step: a complete folder is made
/// beside the live one and then takes its place; the live one is kept under another name and never removed.
/// Files that were never imported, and files that are as they were, stay. The database is not touched.
///
/// # Errors
/// [`Error::NothingRecognised`] when nothing was imported; [`Error::Backup`] when a folder has no intact backup;
/// [`Error::Io`], [`Error::Store`]. The live folder is complete whenever it stops.
pub fn rollback(store: &dyn Store, request: &RollbackRequest<'_>, progress: &dyn Progress) -> Result<Vec<RolledBack>> {
    let documents = ledger::documents(store, &request.user)?;
    let wanted: Vec<PathBuf> =
        request.paths.iter().map(|path| path.canonicalize().unwrap_or_else(|_| path.clone())).collect();
    let mut folders: BTreeMap<PathBuf, BTreeMap<String, Vec<(String, String)>>> = BTreeMap::new();
    for document in documents.into_iter().filter(|document| !ledger::is_replaced(document)) {
        let folder = PathBuf::from(&document.source);
        if wanted.is_empty() || wanted.iter().any(|path| folder.starts_with(path)) {
            folders.entry(folder).or_default().entry(document.area).or_default().push((document.path, document.sha256));
        }
    }
    if folders.is_empty() {
        let paths: Vec<String> = request.paths.iter().map(|path| path.display().to_string()).collect();
        return Err(Error::NothingRecognised { paths: paths.join(", ") });
    }
    progress.begin(Stage::Rollback, 0);
    let done = folders.into_iter().map(|(folder, areas)| restore(&folder, &areas, request, progress)).collect();
    progress.end();
    done
}

fn restore(
    folder: &Path,
    areas: &BTreeMap<String, Vec<(String, String)>>,
    request: &RollbackRequest<'_>,
    progress: &dyn Progress,
) -> Result<RolledBack> {
    let mut rolled = RolledBack { folder: folder.to_owned(), ..RolledBack::default() };
    let mut changes: BTreeMap<String, PathBuf> = BTreeMap::new();
    for (area, files) in areas {
        rolled.areas.insert(area.clone());
        let copy = intact_backup(request.backup_root, area, folder, files)?;
        for (path, sha256) in files {
            let live = below(folder, path);
            let is_same = live.is_file() && hash_file(&live)?.0 == *sha256;
            if is_same {
                rolled.unchanged += 1;
            } else {
                changes.insert(path.clone(), below(&copy, path));
            }
        }
    }
    rolled.restored = changes.keys().cloned().collect();
    if changes.is_empty() || request.dry_run {
        return Ok(rolled);
    }
    let building = beside(folder, ".landfast-rollback")?;
    if building.exists() {
        fs::remove_dir_all(&building).map_err(Error::io("remove", &building))?;
    }
    build(folder, &building, &changes, progress)?;
    rolled.kept = put_in_place(folder, &building, "before-rollback")?;
    Ok(rolled)
}

/// The newest backup that has all these files and is intact.
fn intact_backup(root: &Path, area: &str, folder: &Path, files: &[(String, String)]) -> Result<PathBuf> {
    let files: Vec<(&str, &str)> = files.iter().map(|(path, sha256)| (path.as_str(), sha256.as_str())).collect();
    let mut reason = format!("no backup of {} lies in {}", folder.display(), root.display());
    for found in backup::find(root, area, &files)?.into_iter().rev() {
        match backup::check(&found, None) {
            Ok(_) => return Ok(found),
            Err(error @ Error::Backup { .. }) => reason = error.to_string(),
            Err(error) => return Err(error),
        }
    }
    Err(Error::Backup { path: root.to_owned(), reason })
}

/// A name beside a folder.
fn beside(folder: &Path, suffix: &str) -> Result<PathBuf> {
    let Some(name) = folder.file_name() else {
        return Err(Error::HostilePath { path: folder.to_string_lossy().into_owned() });
    };
    let mut name = name.to_owned();
    name.push(suffix);
    Ok(folder.with_file_name(name))
}

/// Makes a folder with everything the live one has and the changed files, all of it on disk.
fn build(live: &Path, building: &Path, changes: &BTreeMap<String, PathBuf>, progress: &dyn Progress) -> Result<()> {
    fs::create_dir_all(building).map_err(Error::io("create", building))?;
    if live.is_dir() {
        link_all(live, building, "", changes)?;
    }
    let mut folders = BTreeSet::from([building.to_owned()]);
    for (path, copy) in changes {
        let target = below(building, path);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent).map_err(Error::io("create", parent))?;
            folders.insert(parent.to_owned());
        }
        let bytes = fs::copy(copy, &target).map_err(Error::io("copy to", &target))?;
        File::open(&target).and_then(|file| file.sync_all()).map_err(Error::io("sync", &target))?;
        if hash_file(&target)?.0 != hash_file(copy)?.0 {
            return Err(Error::Backup { path: copy.clone(), reason: "it changed while it was copied".to_owned() });
        }
        progress.advance(to_u64(bytes), 1);
    }
    folders.iter().try_for_each(|folder| sync_folder(folder))
}

/// Files that do not change are linked, so that large results are not copied.
fn link_all(from: &Path, to: &Path, prefix: &str, changes: &BTreeMap<String, PathBuf>) -> Result<()> {
    for entry in fs::read_dir(from).map_err(Error::io("list", from))? {
        let entry = entry.map_err(Error::io("list", from))?;
        let (location, target) = (entry.path(), to.join(entry.file_name()));
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().map_err(Error::io("look at", &location))?;
        if kind.is_dir() {
            fs::create_dir_all(&target).map_err(Error::io("create", &target))?;
            link_all(&location, &target, &format!("{path}/"), changes)?;
            sync_folder(&target)?;
        } else if kind.is_symlink() {
            copy_link(&location, &target)?;
        } else if !changes.contains_key(&path) && fs::hard_link(&location, &target).is_err() {
            fs::copy(&location, &target).map_err(Error::io("copy to", &target))?;
            File::open(&target).and_then(|file| file.sync_all()).map_err(Error::io("sync", &target))?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn copy_link(link: &Path, target: &Path) -> Result<()> {
    let to = fs::read_link(link).map_err(Error::io("read", link))?;
    std::os::unix::fs::symlink(to, target).map_err(Error::io("link", target))
}

#[cfg(not(unix))]
fn copy_link(link: &Path, target: &Path) -> Result<()> {
    fs::copy(link, target).map(drop).map_err(Error::io("copy to", target))
}

/// Puts a file or folder that was built beside the live one in its place. The live one gets a name of its own,
/// `LIVE.WORD-1` or the next free number, and is never removed; `None` when there was none.
///
/// Where the system can exchange two names in one step, something complete has the live name at every moment.
///
/// # Errors
/// [`Error::Io`]; the live one is in its place then.
pub fn put_in_place(live: &Path, built: &Path, word: &str) -> Result<Option<PathBuf>> {
    let parent = live.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut number = 1;
    let kept = loop {
        let candidate = beside(live, &format!(".{word}-{number}"))?;
        if candidate.symlink_metadata().is_err() {
            break candidate;
        }
        number += 1;
    };
    // First the built one gets the name that the live one is to have, so that nothing has to be removed if the
    // process ends between the two steps.
    fs::rename(built, &kept).map_err(Error::io("rename", built))?;
    let had_live = live.symlink_metadata().is_ok();
    if !had_live {
        fs::rename(&kept, live).map_err(Error::io("rename", &kept))?;
    } else if !swap(&kept, live)? {
        let aside = beside(live, ".landfast-aside")?;
        fs::rename(live, &aside).map_err(Error::io("rename", live))?;
        if let Err(source) = fs::rename(&kept, live) {
            // The live one must not be missing because of a failure.
            fs::rename(&aside, live).map_err(Error::io("rename", &aside))?;
            return Err(Error::Io { action: "rename", path: kept, source });
        }
        fs::rename(&aside, &kept).map_err(Error::io("rename", &aside))?;
    }
    sync_folder(parent)?;
    Ok(had_live.then_some(kept))
}

/// Exchanges two names in one step; `false` where that cannot be done.
#[cfg(target_os = "linux")]
fn swap(one: &Path, other: &Path) -> Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => Ok(false),
        Err(error) => Err(Error::Io { action: "rename", path: one.to_owned(), source: error.into() }),
    }
}

#[cfg(not(target_os = "linux"))]
fn swap(_one: &Path, _other: &Path) -> Result<bool> {
    Ok(false)
}
