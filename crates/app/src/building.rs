//! A SQLite database that is made beside its place and gets its name when it is complete.

use crate::backend::store_failure;
use crate::failure::{Exit, Failure, with_causes};
use landfast_cutover::sync_folder;
use landfast_store::{Database, DatabaseUrl, PoolOptions};
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A folder `.NAME.landfast-new` beside a file that is to be made. What a killed process left in it is removed by
/// the next one; dropping it removes it.
#[derive(Debug)]
pub struct Building {
    folder: PathBuf,
    target: PathBuf,
    _lock: File,
}

/// How long a connection that is being closed may take.
const CLOSING: Duration = Duration::from_secs(10);

impl Building {
    /// Begins beside a file, which may exist.
    ///
    /// # Errors
    /// Exit code 5 when another process builds the same file; when the folder cannot be written.
    pub fn beside(target: &Path) -> Result<Self, Failure> {
        let target = std::path::absolute(target).map_err(|error| cannot("find", target, &error))?;
        let (Some(parent), Some(name)) = (target.parent(), target.file_name()) else {
            return Err(Failure::usage(format!("{} is no file", target.display())));
        };
        if !parent.is_dir() {
            return Err(Failure::failed(format!("the folder {} does not exist", parent.display()))
                .hint("make it first, or name another one"));
        }
        let folder = parent.join(format!(".{}.landfast-new", name.to_string_lossy()));
        fs::create_dir_all(&folder).map_err(|error| cannot("make", &folder, &error))?;
        let lock = folder.join("lock");
        let file = File::create(&lock).map_err(|error| cannot("make", &lock, &error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::failed(format!("another process is making {}", target.display()))
                    .with_exit(Exit::Busy)
                    .hint("wait until it is done and try again"));
            }
            Err(TryLockError::Error(error)) => return Err(cannot("lock", &lock, &error)),
        }
        let building = Self { folder, target, _lock: file };
        for entry in fs::read_dir(&building.folder).map_err(|error| cannot("list", &building.folder, &error))? {
            let path = entry.map_err(|error| cannot("list", &building.folder, &error))?.path();
            let removed = match path.is_dir() {
                true => fs::remove_dir_all(&path),
                false if path == lock => Ok(()),
                false => fs::remove_file(&path),
            };
            removed.map_err(|error| cannot("remove", &path, &error))?;
        }
        Ok(building)
    }

    /// The file while it is being made.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.folder.join("landfast.db")
    }

    /// A folder for what is needed on the way.
    #[must_use]
    pub fn scratch(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Opens the database, which is made with the schema of this program when it is not there.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(&self) -> Result<Database, Failure> {
        let is_new = !self.path().exists();
        let options = PoolOptions { size: 2, create: is_new, ..PoolOptions::default() };
        let database =
            Database::open(&DatabaseUrl::sqlite(self.path()), options).map_err(|error| store_failure(&error))?;
        if is_new {
            database.migrations().migrate().map_err(|error| store_failure(&error))?;
        }
        Ok(database)
    }

    /// Makes one file of the database, which must have been closed.
    ///
    /// # Errors
    /// When it is still open, or damaged.
    pub fn close(&self) -> Result<(), Failure> {
        let path = self.path();
        let alone = Database::alone(&path, CLOSING).map_err(|error| store_failure(&error))?;
        match &alone.damage {
            None => Ok(()),
            Some(damage) => Err(Failure::failed(format!("{}: {damage}", path.display()))),
        }
    }

    /// Gives the closed file its name, which must be free.
    ///
    /// # Errors
    /// When the name was taken meanwhile, or the file system refuses.
    pub fn finish(self) -> Result<(), Failure> {
        self.close()?;
        refuse_existing(&self.target)?;
        fs::rename(self.path(), &self.target).map_err(|error| cannot("rename", &self.path(), &error))?;
        self.sync()
    }

    /// Puts the closed file in the place of the one that is there, which is kept under a name of its own.
    ///
    /// # Errors
    /// When the file system refuses; the file that was there is in its place then.
    pub fn exchange(self, word: &str) -> Result<Option<PathBuf>, Failure> {
        let kept = landfast_cutover::put_in_place(&self.target, &self.path(), word)
            .map_err(|error| Failure::failed(with_causes(&error)))?;
        self.sync()?;
        Ok(kept)
    }

    fn sync(&self) -> Result<(), Failure> {
        let parent = self.target.parent().unwrap_or(Path::new("."));
        sync_folder(parent).map_err(|error| Failure::failed(with_causes(&error)))
    }
}

impl Drop for Building {
    fn drop(&mut self) {
        // What stays is removed by the next one.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Refuses a file that is there.
///
/// # Errors
/// When it is.
pub fn refuse_existing(file: &Path) -> Result<(), Failure> {
    match file.symlink_metadata() {
        Ok(_) => Err(Failure::failed(format!("{} exists already", file.display())).hint("name a new file")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(cannot("look at", file, &error)),
    }
}

/// A refusal of the file system.
#[must_use]
pub fn cannot(action: &str, path: &Path, error: &std::io::Error) -> Failure {
    Failure::failed(format!("cannot {action} {}: {error}", path.display()))
        .hint("check that the folder may be written and has free space")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_gets_its_name_at_the_end_and_leftovers_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("new.db");
        let building = Building::beside(&target).unwrap();
        drop(building.open().unwrap());
        assert!(!target.exists());
        assert_eq!(Building::beside(&target).unwrap_err().exit, Exit::Busy);
        drop(building);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);

        fs::create_dir(folder.path().join(".new.db.landfast-new")).unwrap();
        fs::write(folder.path().join(".new.db.landfast-new/landfast.db"), "of a killed process").unwrap();
        let building = Building::beside(&target).unwrap();
        drop(building.open().unwrap());
        building.finish().unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(Building::beside(&target).unwrap().finish().is_err(), "nothing was made");
    }
}
