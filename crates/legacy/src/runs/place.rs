//! Where the files of a run's directory are read: in the file system, or wherever a store has them.

use super::document::{DocumentRole, Read, ReadOptions, is_json, read};
use super::hash::{FileHash, hash_file};
use super::inventory::{self, Inventory};
use crate::Error;
use std::path::{Path, PathBuf};

/// A run's directory, for [`read_place`](super::read_place). Paths are below it, with `/`.
pub trait Place {
    /// Its files.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be listed.
    fn inventory(&self) -> Result<Inventory, Error>;
    /// Reads a document. `full`: its path below the folder around the roots.
    fn document(&self, role: DocumentRole, path: &str, full: String, options: &ReadOptions) -> Read;
    /// Length and hashes of one of its files.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be read.
    fn hash(&self, path: &str) -> Result<FileHash, Error>;
}

/// A directory of the file system.
pub(super) struct Directory(pub(super) PathBuf);

impl Place for Directory {
    fn inventory(&self) -> Result<Inventory, Error> {
        inventory::list(&self.0)
    }

    fn document(&self, role: DocumentRole, path: &str, full: String, options: &ReadOptions) -> Read {
        match has_link(&self.0, path) {
            true => Read::Unreadable("a link, which is not followed".to_owned()),
            false => read(role, &self.0.join(path), full, options, is_json),
        }
    }

    fn hash(&self, path: &str) -> Result<FileHash, Error> {
        let location = self.0.join(path);
        hash_file(&location).map_err(Error::io("read", &location))
    }
}

/// Whether a folder on the way to a file is a link.
fn has_link(directory: &Path, path: &str) -> bool {
    let mut step = directory.to_owned();
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    parts.into_iter().any(|part| {
        step.push(part);
        step.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink())
    })
}
