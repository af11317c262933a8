//! Directories of runs in a store.

use super::super::backing::{Backing, Listing, Stamp};
use super::super::keys::sha256;
use super::area::Edits;
use crate::Error as LegacyError;
use crate::runs::{
    DocumentRole, FileHash, FoundRun, Inventory, Place, Read, ReadOptions, RootKind, SourceDocument, hash_reader,
    read_place,
};
use landfast_domain::{Error, Result};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// Folders of run directories.
pub(super) const ROOTS: [(&str, RootKind); 3] =
    [("runs", RootKind::Runs), ("outputs", RootKind::Outputs), ("experiments", RootKind::Experiments)];

/// A directory that was read, and what was in it then.
#[derive(Debug)]
pub(super) struct Directory {
    pub(super) listing: Listing,
    pub(super) found: FoundRun,
}

/// Hashes of files that were read already. Result files are large, and most do not change any more.
#[derive(Debug, Default)]
pub(super) struct Hashes(Mutex<HashMap<String, (Stamp, FileHash)>>);

/// Cuts a listing into one for each directory of the roots, by their paths.
pub(super) fn directories(listing: &Listing) -> BTreeMap<String, Listing> {
    let mut found: BTreeMap<String, Listing> = BTreeMap::new();
    for (path, stamp) in &listing.files {
        if let Some(directory) = directory_of(path) {
            found.entry(directory.to_owned()).or_default().files.insert(path.clone(), *stamp);
        }
    }
    for (path, stamp) in &listing.refused {
        if let Some(directory) = directory_of(path) {
            found.entry(directory.to_owned()).or_default().refused.insert(path.clone(), *stamp);
        }
    }
    found
}

/// Path of the run's directory a file is in; `None` for files beside the directories.
pub(super) fn directory_of(path: &str) -> Option<&str> {
    let (root, rest) = path.split_once('/')?;
    let (name, _) = rest.split_once('/')?;
    let is_ours = ROOTS.iter().any(|(own, _)| *own == root) && name != ".landfast";
    path.get(..root.len() + 1 + name.len()).filter(|_| is_ours)
}

/// Reads a directory. `edits`: what will be written, which counts as if it were.
pub(super) fn read_directory(
    backing: &Backing,
    path: &str,
    listing: &Listing,
    edits: &Edits,
    hashes: &Hashes,
) -> Result<FoundRun> {
    let (root, name) = path.split_once('/').unwrap_or(("", path));
    let kind = ROOTS.iter().find(|(own, _)| *own == root).map_or(RootKind::Experiments, |(_, kind)| *kind);
    let place = StorePlace { backing, path, listing, edits, hashes, failure: RefCell::new(None) };
    let found = read_place(kind, name, path.to_owned(), &place, PathBuf::from(path), &ReadOptions::default());
    match place.failure.into_inner() {
        Some(failure) => Err(failure),
        None => Ok(found?),
    }
}

struct StorePlace<'a> {
    backing: &'a Backing,
    path: &'a str,
    listing: &'a Listing,
    edits: &'a Edits,
    hashes: &'a Hashes,
    /// Why a file could not be read, which must not pass for a file that is not there.
    failure: RefCell<Option<Error>>,
}

impl StorePlace<'_> {
    fn below<'p>(&self, full: &'p str) -> Option<&'p str> {
        full.strip_prefix(self.path)?.strip_prefix('/')
    }

    fn bytes(&self, full: &str) -> Option<Vec<u8>> {
        if let Some(edit) = self.edits.get(full) {
            return edit.clone();
        }
        match self.backing.read(full) {
            Ok(bytes) => bytes.map(|bytes| bytes.to_vec()),
            Err(error) => {
                self.failure.borrow_mut().get_or_insert(error);
                None
            }
        }
    }
}

impl Place for StorePlace<'_> {
    fn inventory(&self) -> Result<Inventory, LegacyError> {
        let mut inventory = Inventory { files: BTreeMap::new(), refused: Vec::new() };
        for (full, stamp) in &self.listing.files {
            inventory.files.extend(self.below(full).map(|path| (path.to_owned(), stamp.size)));
        }
        for (full, edit) in self.edits {
            let Some(path) = self.below(full) else { continue };
            match edit {
                Some(bytes) => {
                    inventory.files.insert(path.to_owned(), u64::try_from(bytes.len()).unwrap_or(u64::MAX));
                }
                None => {
                    inventory.files.remove(path);
                }
            }
        }
        inventory.refused.extend(self.listing.refused.keys().filter_map(|full| self.below(full)).map(str::to_owned));
        Ok(inventory)
    }

    fn document(&self, role: DocumentRole, path: &str, full: String, _options: &ReadOptions) -> Read {
        if self.listing.refused.keys().any(|refused| is_at_or_below(&full, refused)) {
            return Read::Unreadable("a link, which is not followed".to_owned());
        }
        match self.bytes(&format!("{}/{path}", self.path)) {
            None => Read::Absent,
            Some(bytes) => Read::Document(SourceDocument {
                role,
                location: PathBuf::from(&full),
                path: full,
                sha256: sha256(&bytes),
                bytes,
                modified_ns: 0,
            }),
        }
    }

    fn hash(&self, path: &str) -> Result<FileHash, LegacyError> {
        let full = format!("{}/{path}", self.path);
        let stamp = self.listing.files.get(&full).filter(|_| !self.edits.contains_key(&full));
        let known = || self.hashes.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((own, hash)) = known().get(&full)
            && Some(own) == stamp
        {
            return Ok(hash.clone());
        }
        let bytes = self.bytes(&full).unwrap_or_default();
        let hash = hash_reader(bytes.as_slice()).map_err(LegacyError::io("read", full.as_ref()))?;
        if let Some(stamp) = stamp {
            known().insert(full, (*stamp, hash.clone()));
        }
        Ok(hash)
    }
}

fn is_at_or_below(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
