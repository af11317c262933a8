//! Directories of runs as an import, a comparison or an export sees them.

use crate::error::Error;
use crate::keyed::Scope;
use landfast_legacy::runs::{
    DocumentRole, FileHash, FoundRun, HashFiles, Inventory, Place, Read, ReadOptions, RootKind, SourceDocument,
    hash_file, hash_reader, read_place,
};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Options for places whose bytes do not change.
pub(super) fn still(hash: HashFiles) -> ReadOptions {
    ReadOptions { hash, retries: 0, pause: Duration::ZERO }
}

/// Root, name and rest of a path below a folder: `runs`, `run_1`, `output/manifest.json`.
pub(super) fn parts(path: &str) -> Option<(&str, &str, &str)> {
    let (root, rest) = path.split_once('/')?;
    let (name, below) = rest.split_once('/')?;
    Some((root, name, below))
}

/// Documents from where a document at hand comes from, all other files from where they lie.
pub(super) struct ScopePlace<'a, 's> {
    pub(super) directory: &'a str,
    /// Where the directory lies; `None` when only the kept bytes are at hand.
    pub(super) location: Option<&'a Path>,
    /// Path and bytes of the document at hand.
    pub(super) own: (&'a str, &'a [u8]),
    pub(super) scope: &'a Scope<'s>,
    /// Why a document could not be read, which must not pass for one that is not there.
    pub(super) failure: RefCell<Option<Error>>,
}

impl ScopePlace<'_, '_> {
    /// What the scope does not have, though something of the name lies there.
    fn refused(&self, path: &str) -> Option<String> {
        let mut step = self.location?.to_owned();
        for part in path.split('/') {
            step.push(part);
            if step.symlink_metadata().ok()?.is_symlink() {
                return Some("a link, which is not followed".to_owned());
            }
        }
        (!step.is_file()).then(|| "no regular file".to_owned())
    }
}

impl Place for ScopePlace<'_, '_> {
    fn inventory(&self) -> Result<Inventory, landfast_legacy::Error> {
        match self.location {
            Some(location) => Inventory::of(location),
            None => {
                let below = self.own.0.strip_prefix(self.directory).unwrap_or_default().trim_start_matches('/');
                Ok(Inventory { files: BTreeMap::from([(below.to_owned(), 0)]), refused: Vec::new() })
            }
        }
    }

    fn document(&self, role: DocumentRole, path: &str, full: String, _options: &ReadOptions) -> Read {
        if full == self.own.0 {
            return document(role, full, self.own.1.to_vec());
        }
        if let Some(reason) = self.refused(path) {
            return Read::Unreadable(reason);
        }
        match self.scope.neighbour(&full) {
            Ok(Some(bytes)) => document(role, full, bytes),
            // A file that came since the plan was made is none of this import's.
            Ok(None) => match self.location.map(|location| File::open(location.join(path))) {
                Some(Err(error)) if error.kind() != std::io::ErrorKind::NotFound => Read::Unreadable(error.to_string()),
                _ => Read::Absent,
            },
            Err(error) => {
                self.failure.borrow_mut().get_or_insert(error);
                Read::Absent
            }
        }
    }

    fn hash(&self, path: &str) -> Result<FileHash, landfast_legacy::Error> {
        let location = self.location.unwrap_or(Path::new("")).join(path);
        hash_file(&location).map_err(|source| landfast_legacy::Error::Io { action: "read", path: location, source })
    }
}

/// Documents of a folder by their paths, and no other files.
pub(super) struct KeptPlace<'a> {
    pub(super) directory: &'a str,
    pub(super) files: &'a BTreeMap<String, Vec<u8>>,
}

impl Place for KeptPlace<'_> {
    fn inventory(&self) -> Result<Inventory, landfast_legacy::Error> {
        let prefix = format!("{}/", self.directory);
        let below = self.files.range(prefix.clone()..).map_while(|(path, _)| path.strip_prefix(&prefix));
        Ok(Inventory { files: below.map(|path| (path.to_owned(), 0)).collect(), refused: Vec::new() })
    }

    fn document(&self, role: DocumentRole, _path: &str, full: String, _options: &ReadOptions) -> Read {
        match self.files.get(&full) {
            Some(bytes) => document(role, full, bytes.clone()),
            None => Read::Absent,
        }
    }

    fn hash(&self, _path: &str) -> Result<FileHash, landfast_legacy::Error> {
        // Never asked for: nothing is hashed here.
        hash_reader(std::io::empty()).map_err(|source| landfast_legacy::Error::Io {
            action: "read",
            path: PathBuf::from(self.directory),
            source,
        })
    }
}

/// Reads a directory of kept documents.
pub(super) fn read_kept(
    directory: &str,
    files: &BTreeMap<String, Vec<u8>>,
) -> Result<FoundRun, landfast_legacy::Error> {
    let (root, name) = directory.split_once('/').unwrap_or(("", directory));
    let place = KeptPlace { directory, files };
    read_place(kind_of(root), name, directory.to_owned(), &place, PathBuf::new(), &still(HashFiles::Nothing))
}

/// What a root is used for, by its name.
pub(super) fn kind_of(root: &str) -> RootKind {
    match root {
        "runs" => RootKind::Runs,
        "outputs" => RootKind::Outputs,
        _ => RootKind::Experiments,
    }
}

fn document(role: DocumentRole, path: String, bytes: Vec<u8>) -> Read {
    let location = PathBuf::from(&path);
    Read::Document(SourceDocument { role, path, location, bytes, sha256: String::new(), modified_ns: 0 })
}
