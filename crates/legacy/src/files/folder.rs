//! Files in a folder of the file system.
//!
//! # When a file counts as unchanged
//!
//! A file that was read is read again when its size, its times or its number changed. Times alone are
//! coarse, and numbers are used again: two commits within one tick of the clock could leave a file that
//! looks the same. So each commit sets a time of modification greater than that of the file it replaces.
//! A program that does not take the lock can go unnoticed only by writing the same number of bytes into
//! the same file within one tick of the clock after a commit.

use super::backing::{Access, Change, Listing, Stamp};
use super::journal::{self, Step};
use super::lock::{self, Guard};
use crate::Error;
use crate::tasks::list_files;
use std::fs::{self, File, FileTimes};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Sub-folder for the store's own files.
pub(super) const OWN_FOLDER: &str = ".landfast";

/// End of the names of files that are being written.
pub(super) const TEMPORARY: &str = ".landfast-new";

#[derive(Debug)]
pub(super) struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Opens or makes the folder, and finishes or discards what a crash left.
    pub(super) fn open(root: &Path) -> Result<Self, Error> {
        let own = root.join(OWN_FOLDER);
        fs::create_dir_all(&own).map_err(Error::io("make", &own))?;
        let folder = Self { root: root.to_owned() };
        let _guard = lock::acquire(&own, Access::Write)?;
        journal::recover(root)?;
        journal::discard_temporaries(root)?;
        Ok(folder)
    }

    /// Waits until no other process is in the way, and finishes what one may have left by dying.
    pub(super) fn lock(&self, access: Access) -> Result<Guard, Error> {
        let own = self.root.join(OWN_FOLDER);
        loop {
            let guard = lock::acquire(&own, access)?;
            if !journal::exists(&self.root)? {
                return Ok(guard);
            }
            drop(guard);
            let _alone = lock::acquire(&own, Access::Write)?;
            journal::recover(&self.root)?;
        }
    }

    pub(super) fn stamp(&self, path: &str) -> Result<Option<Stamp>, Error> {
        let path = self.root.join(path);
        match fs::metadata(&path) {
            Ok(metadata) => Ok(Some(stamp_of(&metadata))),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(Error::io("look at", &path)(error)),
        }
    }

    pub(super) fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        let path = self.root.join(path);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(Error::io("read", &path)(error)),
        }
    }

    pub(super) fn list(&self, prefix: &str) -> Result<Vec<String>, Error> {
        let folder = self.root.join(prefix);
        match fs::metadata(&folder) {
            Ok(_) => Ok(list_files(&folder)?.into_iter().map(|file| file.path).collect()),
            Err(error) if is_missing(&error) => Ok(Vec::new()),
            Err(error) => Err(Error::io("look at", &folder)(error)),
        }
    }

    /// Paths of all files below a folder, temporary ones left out.
    pub(super) fn all_files(&self, path: &str) -> Result<Vec<String>, Error> {
        let (mut found, mut waiting) = (Vec::new(), vec![path.to_owned()]);
        while let Some(current) = waiting.pop() {
            let folder = self.root.join(&current);
            let entries = match fs::read_dir(&folder) {
                Ok(entries) => entries,
                Err(error) if is_missing(&error) => continue,
                Err(error) => return Err(Error::io("list", &folder)(error)),
            };
            for entry in entries {
                let entry = entry.map_err(Error::io("list", &folder))?;
                let name = entry.file_name().to_string_lossy().into_owned();
                let path = format!("{current}/{name}");
                if entry.file_type().map_err(Error::io("look at", &entry.path()))?.is_dir() {
                    waiting.push(path);
                } else if !name.ends_with(TEMPORARY) {
                    found.push(path);
                }
            }
        }
        Ok(found)
    }

    /// Everything at or below a path; see [`Backing::list_tree`](super::backing::Backing::list_tree).
    pub(super) fn list_tree(&self, path: &str, into: &mut Listing) -> Result<(), Error> {
        let mut waiting = vec![path.to_owned()];
        while let Some(path) = waiting.pop() {
            let location = self.root.join(&path);
            let metadata = match fs::symlink_metadata(&location) {
                Ok(metadata) => metadata,
                Err(error) if is_missing(&error) => continue,
                Err(error) => return Err(Error::io("look at", &location)(error)),
            };
            if metadata.is_file() {
                into.files.insert(path, stamp_of(&metadata));
            } else if !metadata.is_dir() {
                into.refused.insert(path, stamp_of(&metadata));
            } else {
                let entries = match fs::read_dir(&location) {
                    Ok(entries) => entries,
                    Err(error) if is_missing(&error) => continue,
                    Err(error) => return Err(Error::io("list", &location)(error)),
                };
                for entry in entries {
                    let entry = entry.map_err(Error::io("list", &location))?;
                    match entry.file_name().into_string() {
                        Ok(name) if name.ends_with(TEMPORARY) => {}
                        Ok(name) => waiting.push(format!("{path}/{name}")),
                        Err(name) => {
                            let metadata = entry.metadata().map_err(Error::io("look at", &entry.path()))?;
                            into.refused.insert(format!("{path}/{}", name.to_string_lossy()), stamp_of(&metadata));
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Removes a file without making that durable.
    pub(super) fn discard(&self, path: &str) -> Result<(), Error> {
        let path = self.root.join(path);
        match fs::remove_file(&path) {
            Err(error) if !is_missing(&error) => Err(Error::io("remove", &path)(error)),
            _ => Ok(()),
        }
    }

    /// Makes all changes or none, also when the process or the machine stops at any moment.
    ///
    /// New files are written beside the old ones and made durable. A single one then takes the place of
    /// the old one in one step. More are named in a journal first: once it stands, the commit is made, and
    /// whoever locks the store next finishes it.
    pub(super) fn commit(&self, changes: &[Change]) -> landfast_domain::Result<()> {
        for change in changes {
            if let Change::Replace { path, expected, .. } = change
                && self.stamp(path)? != *expected
            {
                let holder = "a program that changed it without taking the lock".to_owned();
                return Err(landfast_domain::Error::Busy { what: path.clone(), holder });
            }
        }
        Ok(self.make(changes)?)
    }

    fn make(&self, changes: &[Change]) -> Result<(), Error> {
        let mut steps = Vec::with_capacity(changes.len());
        for change in changes {
            match self.prepare(change) {
                Ok(step) => steps.extend(step),
                Err(error) => {
                    journal::discard(&self.root, &steps);
                    return Err(error);
                }
            }
        }
        if steps.is_empty() {
            return Ok(());
        }
        let mut folders: Vec<PathBuf> = steps.iter().map(|step| parent(&self.root.join(step.path()))).collect();
        folders.sort();
        folders.dedup();
        if let [step @ Step::Replace { .. }] = steps.as_slice() {
            if let Err(error) = step.apply(&self.root) {
                journal::discard(&self.root, &steps);
                return Err(error);
            }
            return folders.iter().try_for_each(|folder| sync_folder(folder));
        }
        let written =
            folders.iter().try_for_each(|folder| sync_folder(folder)).and_then(|()| journal::write(&self.root, &steps));
        if let Err(error) = written {
            journal::discard(&self.root, &steps);
            return Err(error);
        }
        journal::recover(&self.root)
    }

    /// Writes the new file, if there is one, beside the old one.
    fn prepare(&self, change: &Change) -> Result<Option<Step>, Error> {
        let (path, bytes) = match change {
            Change::MakeFolder { path } => {
                make_folders(&self.root, &self.root.join(path))?;
                return Ok(None);
            }
            Change::Remove { path } => return Ok(Some(Step::Remove { path: path.clone() })),
            Change::RemoveFolder { path } => return Ok(Some(Step::RemoveFolder { path: path.clone() })),
            Change::Replace { path, bytes, .. } => (path, bytes),
        };
        let target = self.root.join(path);
        make_folders(&self.root, &parent(&target))?;
        let temporary = temporary_of(&target);
        let written = write_temporary(&temporary, &target, bytes);
        if let Err(error) = written {
            // The first error is the one to report; what is left is removed when the store is opened.
            let _ = fs::remove_file(&temporary);
            return Err(Error::io("write", &temporary)(error));
        }
        Ok(Some(Step::Replace { path: path.clone(), sha256: super::keys::sha256(bytes) }))
    }
}

/// Where the new bytes of a file are written first.
pub(super) fn temporary_of(target: &Path) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    target.with_file_name(format!(".{name}{TEMPORARY}"))
}

/// Makes renames and removals in a folder durable.
pub(super) fn sync_folder(folder: &Path) -> Result<(), Error> {
    // Windows has no such call and no need for it.
    if cfg!(unix) {
        let synced = File::open(folder).and_then(|file| file.sync_all());
        match synced {
            Err(error) if !is_missing(&error) => return Err(Error::io("sync", folder)(error)),
            _ => {}
        }
    }
    Ok(())
}

pub(super) fn parent(path: &Path) -> PathBuf {
    path.parent().unwrap_or(path).to_owned()
}

pub(super) fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Makes the folders down to `folder` and their entries durable.
fn make_folders(root: &Path, folder: &Path) -> Result<(), Error> {
    if folder.is_dir() {
        return Ok(());
    }
    if folder != root {
        make_folders(root, &parent(folder))?;
    }
    match fs::create_dir(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(Error::io("make", folder)(error)),
        _ => {}
    }
    sync_folder(&parent(folder))
}

fn write_temporary(temporary: &Path, target: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(temporary)?;
    file.write_all(bytes)?;
    match fs::metadata(target) {
        Ok(old) => {
            file.set_permissions(old.permissions())?;
            make_younger(&file, old.modified()?)?;
        }
        Err(error) if is_missing(&error) => {}
        Err(error) => return Err(error),
    }
    file.sync_all()
}

/// Gives a file a later time of modification than the file it replaces has, by as little as the file
/// system can tell apart.
fn make_younger(file: &File, old: SystemTime) -> io::Result<()> {
    for step in [Duration::from_nanos(100), Duration::from_millis(1), Duration::from_secs(2)] {
        if file.metadata()?.modified()? > old {
            break;
        }
        file.set_times(FileTimes::new().set_modified(old + step))?;
    }
    Ok(())
}

fn stamp_of(metadata: &fs::Metadata) -> Stamp {
    let modified = metadata.modified().map_or(0, |time| match time.duration_since(UNIX_EPOCH) {
        Ok(since) => i128::try_from(since.as_nanos()).unwrap_or(i128::MAX),
        Err(before) => -i128::try_from(before.duration().as_nanos()).unwrap_or(i128::MAX),
    });
    let (changed, id) = entry_of(metadata);
    Stamp { size: metadata.len(), modified, changed, id }
}

#[cfg(unix)]
fn entry_of(metadata: &fs::Metadata) -> (i128, (u64, u64)) {
    use std::os::unix::fs::MetadataExt;
    let changed = i128::from(metadata.ctime()) * 1_000_000_000 + i128::from(metadata.ctime_nsec());
    (changed, (metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn entry_of(_metadata: &fs::Metadata) -> (i128, (u64, u64)) {
    (0, (0, 0))
}
