//! Where the files of a store are: a folder, or memory.

use super::folder::Folder;
use super::memory::Memory;
use landfast_domain::Result;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Tells one state of a file from another. Equal stamps mean equal bytes; see
/// [`Folder`](super::folder) for how sure that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) size: u64,
    /// Nanoseconds since 1970, or the number of the write for memory.
    pub(super) modified: i128,
    /// Last change of the file's entry, 0 where the system does not tell.
    pub(super) changed: i128,
    /// Device and number of the file, 0 where the system does not tell.
    pub(super) id: (u64, u64),
}

/// Files by path, with `/`, below the store's folder. `None`: there is no such file.
pub(super) type Sources = BTreeMap<String, Option<Stamp>>;

/// What is below some folders of the store. Equal listings mean equal files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Listing {
    /// Regular files by path.
    pub(super) files: BTreeMap<String, Stamp>,
    /// Links, devices and names that are not Unicode. They are neither followed nor written over.
    pub(super) refused: BTreeMap<String, Stamp>,
}

/// One change of a commit.
#[derive(Debug, Clone)]
pub(super) enum Change {
    /// Gives a file these bytes. `expected`: the file as it was read; another state is not overwritten.
    Replace { path: String, bytes: Vec<u8>, expected: Option<Stamp> },
    /// Makes a folder that stays even if the commit fails; an empty folder says nothing.
    MakeFolder { path: String },
    /// Removes a file.
    Remove { path: String },
    /// Removes a folder with all files in it.
    RemoveFolder { path: String },
}

impl Change {
    pub(super) fn path(&self) -> &str {
        match self {
            Self::Replace { path, .. }
            | Self::MakeFolder { path }
            | Self::Remove { path }
            | Self::RemoveFolder { path } => path,
        }
    }
}

/// Whom a lock lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
}

#[derive(Debug)]
pub(super) enum Backing {
    Folder(Folder),
    Memory(Memory),
}

impl Backing {
    /// Keeps other processes out as long as the guard lives.
    pub(super) fn lock(&self, access: Access) -> Result<Option<super::lock::Guard>> {
        match self {
            Self::Folder(folder) => Ok(Some(folder.lock(access)?)),
            Self::Memory(_) => Ok(None),
        }
    }

    pub(super) fn stamp(&self, path: &str) -> Result<Option<Stamp>> {
        match self {
            Self::Folder(folder) => Ok(folder.stamp(path)?),
            Self::Memory(memory) => Ok(memory.stamp(path)),
        }
    }

    pub(super) fn read(&self, path: &str) -> Result<Option<Arc<[u8]>>> {
        match self {
            Self::Folder(folder) => Ok(folder.read(path)?.map(Arc::from)),
            Self::Memory(memory) => Ok(memory.read(path)),
        }
    }

    /// Paths, below a user's folder, of the files [`list_files`](crate::tasks::list_files) finds in it.
    pub(super) fn list(&self, prefix: &str) -> Result<Vec<String>> {
        match self {
            Self::Folder(folder) => Ok(folder.list(prefix)?),
            Self::Memory(memory) => Ok(memory.list(prefix)),
        }
    }

    /// Paths of all files below a folder.
    pub(super) fn all_files(&self, path: &str) -> Result<Vec<String>> {
        match self {
            Self::Folder(folder) => Ok(folder.all_files(path)?),
            Self::Memory(memory) => Ok(memory.all_files(path)),
        }
    }

    /// Adds everything at or below a path to a listing; links are not followed. Nothing there is no error.
    pub(super) fn list_tree(&self, path: &str, into: &mut Listing) -> Result<()> {
        match self {
            Self::Folder(folder) => Ok(folder.list_tree(path, into)?),
            Self::Memory(memory) => {
                memory.list_tree(path, into);
                Ok(())
            }
        }
    }

    /// Removes a file that may come back when the machine stops; nothing there is no error.
    pub(super) fn discard(&self, path: &str) -> Result<()> {
        match self {
            Self::Folder(folder) => Ok(folder.discard(path)?),
            Self::Memory(memory) => {
                memory.commit(&[Change::Remove { path: path.to_owned() }]);
                Ok(())
            }
        }
    }

    /// Makes all changes or none.
    pub(super) fn commit(&self, changes: &[Change]) -> Result<()> {
        match self {
            Self::Folder(folder) => folder.commit(changes),
            Self::Memory(memory) => {
                memory.commit(changes);
                Ok(())
            }
        }
    }
}
