//! Runs: `runs/<id>/`, `outputs/<id>/`, `experiments/<name>/`.

use super::super::backing::{Backing, Listing};
use super::area::{Area, Edits, Loaded};
use super::runs_directory::{Directory, Hashes, ROOTS, directories, read_directory};
use super::runs_edits::Writer;
use super::runs_own::OwnRuns;
use landfast_domain::Result;
use landfast_domain::runs::memory::MemoryRuns;
use landfast_domain::runs::{Run, RunFile, RunId, RunRepository, duplicates, state};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the documents have no place for.
pub(super) const OWN_PATH: &str = ".landfast/runs.json";

/// Sub-folders that a directory with a state always has.
const SUB_FOLDERS: [&str; 3] = ["jetstream_raw", "input", "output"];

/// Directories of runs.
#[derive(Debug)]
pub(in super::super) struct RunArea {
    /// By path.
    pub(super) directories: Directories,
    /// Directories of the runs that have one.
    pub(super) homes: BTreeMap<RunId, String>,
    pub(super) hashes: Arc<Hashes>,
}

pub(super) type Directories = BTreeMap<String, Arc<Directory>>;

/// A run with its files, and whether they were read from a directory.
pub(super) struct Assembled {
    pub(super) run: Run,
    pub(super) files: Vec<RunFile>,
    pub(super) has_home: bool,
}

impl Area for RunArea {
    type Model = MemoryRuns;

    fn list(backing: &Backing) -> Result<Listing> {
        let mut listing = Listing::default();
        for (root, _) in ROOTS {
            backing.list_tree(root, &mut listing)?;
        }
        backing.list_tree(OWN_PATH, &mut listing)?;
        Ok(listing)
    }

    fn read(backing: &Backing, listing: &Listing, known: Option<&Loaded<Self>>) -> Result<(Self, MemoryRuns)> {
        let hashes = known.map(|known| Arc::clone(&known.form.hashes)).unwrap_or_default();
        let mut found = Directories::new();
        for (path, listing) in directories(listing) {
            let known = known.and_then(|known| known.form.directories.get(&path));
            let directory = match known.filter(|known| known.listing == listing) {
                Some(known) => Arc::clone(known),
                None => {
                    let found = read_directory(backing, &path, &listing, &Edits::new(), &hashes)?;
                    Arc::new(Directory { listing, found })
                }
            };
            found.insert(path, directory);
        }
        let own = match backing.read(OWN_PATH)? {
            Some(bytes) => OwnRuns::read(OWN_PATH, &bytes)?,
            None => OwnRuns::default(),
        };
        let (mut model, mut homes) = (MemoryRuns::default(), BTreeMap::new());
        for assembled in assemble(&found, &own) {
            model.insert(&assembled.run)?;
            model.replace_files(&assembled.run.id, &assembled.files)?;
            if assembled.has_home {
                homes.insert(assembled.run.id, assembled.run.directory);
            }
        }
        Ok((Self { directories: found, homes, hashes }, model))
    }

    fn edits(loaded: &Loaded<Self>, backing: &Backing, model: &MemoryRuns) -> Result<Edits> {
        Writer::new(loaded, backing, model)?.edits()
    }

    fn folders(edits: &Edits) -> Vec<String> {
        let states = edits.iter().filter(|(path, bytes)| path.starts_with("runs/") && bytes.is_some());
        let directories = states.filter_map(|(path, _)| path.strip_suffix(state::FILE_NAME));
        directories.flat_map(|directory| SUB_FOLDERS.map(|folder| format!("{directory}{folder}"))).collect()
    }
}

/// The runs of directories, each with an id of its own. What is kept about a directory counts as long as its
/// documents are those it was kept for.
pub(super) fn assemble(directories: &Directories, own: &OwnRuns) -> Vec<Assembled> {
    let (mut runs, mut rest) = (Vec::new(), Vec::new());
    for directory in directories.values() {
        let Some(read) = directory.found.run() else { continue };
        let (own_run, own_files) = own.about(&directory.found);
        runs.push(own_run.unwrap_or_else(|| read.clone()));
        rest.push((own_files.unwrap_or_else(|| directory.found.files.clone()), true));
    }
    for (run, files) in own.homeless() {
        runs.push(run);
        rest.push((files, false));
    }
    duplicates::settle(&mut runs);
    runs.into_iter().zip(rest).map(|(run, (files, has_home))| Assembled { run, files, has_home }).collect()
}
