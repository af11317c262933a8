//! The lock file beside a SQLite database.
//!
//! SQLite's own waiting (`busy_timeout`) is neither fair nor complete: under load one writer can wait
//! for seconds while others overtake it, and the switch to write-ahead logging does not wait at all.
//! A lock of the operating system on a file of its own has neither fault, and vanishes with its process.
#![cfg_attr(not(feature = "sqlite"), allow(dead_code, reason = "only SQLite needs the lock"))]

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use crate::error::{Error, Result};

/// The file `DATABASE.lock`. It stays when nobody holds it; removing it would be a race.
#[derive(Debug, Clone)]
pub(crate) struct LockFile {
    path: PathBuf,
}

/// Holds the lock until dropped.
#[derive(Debug)]
pub(crate) struct LockGuard {
    _file: File,
}

impl LockFile {
    /// The lock of the database in this file.
    pub(crate) fn beside(database: &Path) -> Self {
        let mut path = database.as_os_str().to_owned();
        path.push(".lock");
        Self { path: path.into() }
    }

    /// Waits for the lock, `timeout` at most.
    pub(crate) fn acquire(&self, timeout: Duration) -> Result<LockGuard> {
        let file = self.open()?;
        match file.try_lock() {
            Ok(()) => Ok(LockGuard { _file: file }),
            Err(TryLockError::WouldBlock) => self.wait(file, timeout),
            Err(TryLockError::Error(source)) => Err(self.failed(source)),
        }
    }

    /// Waits in a thread of its own, because the operating system's waiting has no time limit. When the
    /// time is over the thread stays behind; it gives the lock back in the moment it gets it.
    fn wait(&self, file: File, timeout: Duration) -> Result<LockGuard> {
        let (sender, receiver) = mpsc::sync_channel(1);
        std::thread::Builder::new()
            .name("landfast-lock".to_owned())
            .spawn(move || {
                let outcome = file.lock().map(|()| file);
                // Nobody receives when the time is over; dropping the file then unlocks it.
                let _ = sender.send(outcome);
            })
            .map_err(|source| self.failed(source))?;
        match receiver.recv_timeout(timeout) {
            Ok(Ok(file)) => Ok(LockGuard { _file: file }),
            Ok(Err(source)) => Err(self.failed(source)),
            Err(_) => Err(Error::Busy { what: self.path.display().to_string(), seconds: timeout.as_secs() }),
        }
    }

    fn open(&self) -> Result<File> {
        OpenOptions::new()
            .create(true)
            .write(true)
            .truncate(false)
            .open(&self.path)
            .map_err(|source| self.failed(source))
    }

    fn failed(&self, source: std::io::Error) -> Error {
        Error::File { path: self.path.clone(), source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Instant;

    fn lock_file() -> (tempfile::TempDir, LockFile) {
        let folder = tempfile::tempdir().unwrap();
        let lock = LockFile::beside(&folder.path().join("x.db"));
        (folder, lock)
    }

    #[test]
    fn one_holder_at_a_time() {
        let (_folder, lock) = lock_file();
        let inside = AtomicU32::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..20 {
                        let guard = lock.acquire(Duration::from_secs(30)).unwrap();
                        assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                        std::thread::yield_now();
                        inside.fetch_sub(1, Ordering::SeqCst);
                        drop(guard);
                    }
                });
            }
        });
    }

    #[test]
    fn waiting_ends_in_time_and_leaves_the_lock_free() {
        let (folder, lock) = lock_file();
        let held = lock.acquire(Duration::from_secs(1)).unwrap();
        let start = Instant::now();
        let error = lock.acquire(Duration::from_millis(50)).unwrap_err();
        assert!(matches!(error, Error::Busy { .. }), "{error}");
        assert!(start.elapsed() < Duration::from_secs(10));
        drop(held);
        // The thread left behind gets the lock and gives it back.
        drop(lock.acquire(Duration::from_secs(30)).unwrap());
        assert!(folder.path().join("x.db.lock").is_file());
    }
}
