//! One writer at a time, among the threads and processes that use the same pair of stores.

use landfast_domain::{Error, Result};
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Who may write both stores, or change a stage.
#[derive(Debug)]
pub(super) enum Turn {
    /// A lock file beside the legacy files.
    Folder(PathBuf),
    /// For files that are kept in the memory of this process.
    Process(Mutex<()>),
}

/// The turn, held until dropped. The system takes it from a process that dies.
#[derive(Debug)]
pub(super) enum Held<'t> {
    Folder {
        // Closing the file releases the lock.
        _file: File,
    },
    Process {
        _guard: MutexGuard<'t, ()>,
    },
}

impl Turn {
    /// The turn for the files in a folder.
    pub(super) fn of_folder(folder: &Path) -> Self {
        Self::Folder(folder.join(".landfast").join("dual"))
    }

    /// Waits for the turn.
    pub(super) fn take(&self) -> Result<Held<'_>> {
        match self {
            Self::Folder(path) => {
                let failed = |error: std::io::Error| Error::backend(format!("cannot lock {}: {error}", path.display()));
                let file = OpenOptions::new()
                    .read(true)
                    .write(true)
                    .create(true)
                    .truncate(false)
                    .open(path)
                    .map_err(failed)?;
                file.lock().map_err(failed)?;
                Ok(Held::Folder { _file: file })
            }
            // The lock guards no data, so a panic of another thread leaves nothing broken behind it.
            Self::Process(lock) => Ok(Held::Process { _guard: lock.lock().unwrap_or_else(PoisonError::into_inner) }),
        }
    }
}
