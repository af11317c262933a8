//! From runs to documents.

use super::super::backing::Backing;
use super::area::{Edits, Loaded, unreadable};
use super::runs::{Directories, OWN_PATH, RunArea, assemble};
use super::runs_directory::{Directory, ROOTS, directory_of, read_directory};
use super::runs_own::{OwnRun, OwnRuns};
use crate::runs::{DocumentRole, INDEX_FILE, Outcome, SourceDocument, index_text};
use landfast_domain::Result;
use landfast_domain::json::{Json, parse_lossy};
use landfast_domain::runs::memory::MemoryRuns;
use landfast_domain::runs::{
    Layout, Run, RunDocuments, RunFile, RunId, RunRepository, TimeText, documents, is_safe_path, manifest, state,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Finds what has to be written so that directories say what a model says.
pub(super) struct Writer<'a> {
    loaded: &'a Loaded<RunArea>,
    backing: &'a Backing,
    /// The runs with their files.
    runs: BTreeMap<RunId, (Run, Vec<RunFile>)>,
    edits: Edits,
}

impl<'a> Writer<'a> {
    pub(super) fn new(loaded: &'a Loaded<RunArea>, backing: &'a Backing, model: &MemoryRuns) -> Result<Self> {
        Ok(Self { loaded, backing, runs: with_files(model)?, edits: Edits::new() })
    }

    pub(super) fn edits(mut self) -> Result<Edits> {
        let before = with_files(&self.loaded.model)?;
        let homes = self.homes();
        let form = &self.loaded.form;
        for (id, directory) in &form.homes {
            if homes.get(directory) != Some(id) {
                self.remove_documents(directory);
            }
        }
        for (directory, id) in &homes {
            let Some((run, _)) = self.runs.get(id) else { continue };
            let stayed = form.homes.get(id) == Some(directory);
            if !stayed || before.get(id).map(|(run, _)| &run.documents) != Some(&run.documents) {
                let documents = run.documents.clone();
                self.put_documents(directory, run.layout, &documents, stayed)?;
            }
        }
        self.edits.retain(|path, bytes| bytes.is_some() || self.loaded.listing.files.contains_key(path));
        let directories = self.directories_after()?;
        let own = self.own(&directories, &homes);
        let old = self.backing.read(OWN_PATH)?;
        let bytes = own.write();
        if old.as_deref() != bytes.as_deref() {
            self.edits.insert(OWN_PATH.to_owned(), bytes);
        }
        self.index(&before, &homes)?;
        Ok(self.edits)
    }

    /// Which run each directory belongs to. A run keeps the directory it has; of several others that want the
    /// same, the first by id gets it. Runs without documents need none.
    fn homes(&self) -> BTreeMap<String, RunId> {
        let mut homes = BTreeMap::new();
        let wanting = |(run, _): &&(Run, Vec<RunFile>)| {
            let is_ours = run.directory.split_once('/').is_some_and(|(root, name)| {
                ROOTS.iter().any(|(own, _)| *own == root) && !name.contains('/') && name != ".landfast"
            });
            let known_by = run.documents.state.is_some() || run.documents.manifest.is_some();
            is_ours && known_by && is_safe_path(&run.directory)
        };
        let has = |run: &Run| self.loaded.form.homes.get(&run.id) == Some(&run.directory);
        for settled in [true, false] {
            for (run, _) in self.runs.values().filter(wanting).filter(|(run, _)| has(run) == settled) {
                homes.entry(run.directory.clone()).or_insert_with(|| run.id.clone());
            }
        }
        homes
    }

    fn remove_documents(&mut self, directory: &str) {
        if let Some(directory) = self.loaded.form.directories.get(directory) {
            self.edits.extend(directory.found.documents.iter().map(|document| (document.path.clone(), None)));
        }
    }

    /// Gives a directory these documents. `stayed`: it belonged to the run before, so that what it holds
    /// beside them stays.
    fn put_documents(&mut self, path: &str, layout: Layout, new: &RunDocuments, stayed: bool) -> Result<()> {
        let directory = self.loaded.form.directories.get(path).map(Arc::clone);
        if let Some(directory) = &directory
            && directory.found.outcome == Outcome::Quarantined
        {
            return Err(damaged(directory));
        }
        let sources = directory.as_ref().map(|directory| directory.found.documents.as_slice()).unwrap_or_default();
        let source = |role| sources.iter().find(|source| source.role == role);
        let manifest_path = match source(DocumentRole::Manifest) {
            Some(source) => source.path.clone(),
            None if layout == Layout::State && new.manifest.as_deref().is_some_and(manifest::is_analysis) => {
                format!("{path}/output/{}", manifest::FILE_NAME)
            }
            None => format!("{path}/{}", manifest::FILE_NAME),
        };
        let in_directory = |name: &str| format!("{path}/{name}");
        for (role, place, text) in [
            (DocumentRole::State, in_directory(state::FILE_NAME), &new.state),
            (DocumentRole::Manifest, manifest_path, &new.manifest),
            (DocumentRole::Metadata, in_directory(documents::METADATA_FILE), &new.metadata),
            (DocumentRole::SessionLog, in_directory(documents::SESSION_LOG_FILE), &new.session_log),
        ] {
            let old = source(role).and_then(SourceDocument::text);
            if old == text.as_deref() {
                // A removal that was planned for another run of this directory does not take place.
                if text.is_some() {
                    self.edits.remove(&place);
                }
                continue;
            }
            let is_unread = old.is_none() && self.loaded.listing.files.contains_key(&place);
            if is_unread {
                return Err(unreadable(&place, "it could not be read and is not written over"));
            }
            // What another run left is not this one's to remove; it says something about the directory.
            if text.is_some() || stayed {
                self.edits.insert(place, text.as_ref().map(|text| text.clone().into_bytes()));
            }
            if role == DocumentRole::Manifest {
                self.put_copies(sources, text.as_deref());
            }
        }
        Ok(())
    }

    /// Copies of a manifest change with it, and go with it.
    fn put_copies(&mut self, sources: &[SourceDocument], text: Option<&str>) {
        let Some(main) = sources.iter().find(|source| source.role == DocumentRole::Manifest) else { return };
        for copy in sources.iter().filter(|source| source.role == DocumentRole::OtherManifest) {
            if text.is_none() || copy.bytes == main.bytes {
                self.edits.insert(copy.path.clone(), text.map(|text| text.as_bytes().to_vec()));
            }
        }
    }

    /// The directories as they will be read after the commit.
    fn directories_after(&self) -> Result<Directories> {
        let mut directories = self.loaded.form.directories.clone();
        let touched: BTreeSet<&str> = self.edits.keys().filter_map(|path| directory_of(path)).collect();
        for path in touched {
            let listing = directories.get(path).map(|directory| directory.listing.clone()).unwrap_or_default();
            let found = read_directory(self.backing, path, &listing, &self.edits, &self.loaded.form.hashes)?;
            directories.insert(path.to_owned(), Arc::new(Directory { listing, found }));
        }
        Ok(directories)
    }

    /// What the directories would not say. Keeping something about one run can change the ids of others, so
    /// that it takes several rounds.
    fn own(&self, directories: &Directories, homes: &BTreeMap<String, RunId>) -> OwnRuns {
        let mut kept: BTreeMap<String, (bool, bool)> = BTreeMap::new();
        let homeless: Vec<OwnRun> = self
            .runs
            .values()
            .filter(|(run, _)| homes.get(&run.directory) != Some(&run.id))
            .map(|(run, files)| OwnRun::homeless(run, files))
            .collect();
        loop {
            let mut own = OwnRuns::default();
            own.runs.clone_from(&homeless);
            for (path, (columns, list)) in &kept {
                let run = homes.get(path).and_then(|id| self.runs.get(id));
                if let (Some((run, files)), Some(directory)) = (run, directories.get(path)) {
                    let (run, files) = (columns.then_some(run), list.then_some(files.as_slice()));
                    own.runs.push(OwnRun::of(&directory.found, run, files));
                }
            }
            let mut changed = false;
            for assembled in assemble(directories, &own).iter().filter(|assembled| assembled.has_home) {
                let path = &assembled.run.directory;
                let Some((run, files)) = homes.get(path).and_then(|id| self.runs.get(id)) else { continue };
                let entry = kept.entry(path.clone()).or_default();
                let wanted = (entry.0 || assembled.run != *run, entry.1 || assembled.files != *files);
                changed |= *entry != wanted;
                *entry = wanted;
            }
            kept.retain(|_, (columns, list)| *columns || *list);
            if !changed {
                return own;
            }
        }
    }

    /// The cache of all states, from which the legacy program lists its runs, if it has one.
    fn index(&mut self, before: &BTreeMap<RunId, (Run, Vec<RunFile>)>, homes: &BTreeMap<String, RunId>) -> Result<()> {
        let path = format!("runs/{INDEX_FILE}");
        let Some(old) = self.backing.read(&path)? else { return Ok(()) };
        let states = |runs: &BTreeMap<RunId, (Run, Vec<RunFile>)>| -> Vec<Option<String>> {
            let with_state = runs.values().filter(|(run, _)| run.layout == Layout::State);
            with_state.map(|(run, _)| run.documents.state.clone()).collect()
        };
        let is_index =
            std::str::from_utf8(&old).ok().and_then(|text| parse_lossy(text).ok()).is_some_and(|(value, _)| {
                value.as_object().and_then(|object| object.get("runs")).and_then(Json::as_array).is_some()
            });
        if !is_index || states(before) == states(&self.runs) {
            return Ok(());
        }
        let runs: Vec<&Run> = homes.values().filter_map(|id| self.runs.get(id)).map(|(run, _)| run).collect();
        let times = runs.iter().filter_map(|run| run.updated_at.as_ref());
        let newest = times.max_by_key(|time| time.instant()).map(TimeText::as_str).unwrap_or_default().to_owned();
        let text = index_text(runs, &newest);
        if old.as_ref() != text.as_bytes() {
            self.edits.insert(path, Some(text.into_bytes()));
        }
        Ok(())
    }
}

fn with_files(model: &MemoryRuns) -> Result<BTreeMap<RunId, (Run, Vec<RunFile>)>> {
    let mut model = model.clone();
    let runs: Vec<Run> = model.iter().cloned().collect();
    runs.into_iter()
        .map(|run| {
            let files = model.files(&run.id)?;
            Ok((run.id.clone(), (run, files)))
        })
        .collect()
}

/// The error for writing into a directory whose documents are not understood.
fn damaged(directory: &Directory) -> landfast_domain::Error {
    let found = &directory.found;
    let document = found.documents.first().map_or_else(|| found.directory.clone(), |document| document.path.clone());
    let reason = found.findings.last().map(ToString::to_string).unwrap_or_default();
    unreadable(&document, reason)
}
