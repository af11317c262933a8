//! Keeping other processes out.

use super::backing::Access;
use crate::Error;
use std::fs::{File, OpenOptions};
use std::path::Path;

/// The lock, held until dropped. The system releases it when the process dies.
#[derive(Debug)]
pub(super) struct Guard {
    // Closing the file releases the lock.
    _file: File,
}

/// Waits for the lock of a store whose own files are in `folder`.
///
/// Two lock files make it fair: whoever wants in waits for `turn` first and holds it while waiting for
/// `lock`. So readers that come after a waiting writer wait behind it, instead of keeping it out for as
/// long as there is always one of them.
pub(super) fn acquire(folder: &Path, access: Access) -> Result<Guard, Error> {
    let turn = open(&folder.join("turn"))?;
    turn.lock().map_err(Error::io("lock", &folder.join("turn")))?;
    let path = folder.join("lock");
    let file = open(&path)?;
    match access {
        Access::Read => file.lock_shared(),
        Access::Write => file.lock(),
    }
    .map_err(Error::io("lock", &path))?;
    drop(turn);
    Ok(Guard { _file: file })
}

fn open(path: &Path) -> Result<File, Error> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(Error::io("open", path))
}
