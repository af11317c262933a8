//! From a directory to a run.

use super::document::{DocumentRole, Read, ReadOptions, SourceDocument};
use super::inventory::{Inventory, Lister, OUTPUT};
use super::place::{Directory, Place};
use super::roots::{RootKind, RunRoot};
use super::session;
use crate::Error;
use landfast_domain::finding::Finding;
use landfast_domain::runs::{Layout, Run, RunDocuments, RunFile, codes, documents, duplicates, manifest, state};
use std::path::PathBuf;

/// What became of a directory.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It is this run.
    Imported(Box<Run>),
    /// The document it is known by is not understood; the last finding tells why.
    Quarantined,
    /// It has neither state nor manifest.
    Orphan,
}

/// A directory that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundRun {
    /// How it is laid out; for a directory that is no run, how runs beside it are.
    pub layout: Layout,
    /// Name of the directory.
    pub name: String,
    /// Path below the folder around the roots, with `/`.
    pub directory: String,
    /// Where it lies.
    pub location: PathBuf,
    /// What became of it.
    pub outcome: Outcome,
    /// Its files, on disk or only listed.
    pub files: Vec<RunFile>,
    /// What is odd about it.
    pub findings: Vec<Finding>,
    /// Its documents, byte for byte, also those that are not understood.
    pub documents: Vec<SourceDocument>,
}

impl FoundRun {
    /// The run, if the directory is one.
    #[must_use]
    pub fn run(&self) -> Option<&Run> {
        match &self.outcome {
            Outcome::Imported(run) => Some(run),
            Outcome::Quarantined | Outcome::Orphan => None,
        }
    }
}

/// Reads one of the [directories](RunRoot::directories) of a root.
///
/// # Errors
/// [`Error::Io`] when the directory or one of its files cannot be listed or read. A document that cannot be
/// read is an outcome, not an error.
pub fn read_directory(root: &RunRoot, name: &str, options: &ReadOptions) -> Result<FoundRun, Error> {
    let location = root.path.join(name);
    let directory = if root.name.is_empty() { name.to_owned() } else { format!("{}/{name}", root.name) };
    read_place(root.kind, name, directory, &Directory(location.clone()), location, options)
}

/// Reads a directory wherever it is; see [`read_directory`]. `directory` is its path below the folder around the
/// roots, whose last part is `name`; `location` is where its files are said to lie.
///
/// # Errors
/// Those of the place.
pub fn read_place(
    kind: RootKind,
    name: &str,
    directory: String,
    place: &dyn Place,
    location: PathBuf,
    options: &ReadOptions,
) -> Result<FoundRun, Error> {
    let inventory = place.inventory()?;
    let mut reader = Reader { place, directory: &directory, options, sources: Vec::new(), findings: Vec::new() };
    let texts = reader.documents(&inventory);
    let layout = layout_of(kind, &texts);
    let outcome = reader.outcome(layout, &texts);
    let Reader { sources, mut findings, .. } = reader;

    let results = if layout == Layout::State { OUTPUT } else { "" };
    let left_out = [state::FILE_NAME, documents::METADATA_FILE, documents::SESSION_LOG_FILE, super::INDEX_FILE];
    let in_state = texts.state.as_deref().map(state::listed_files).unwrap_or_default();
    let in_manifest = texts.manifest.as_deref().map(manifest::listed_outputs).unwrap_or_default();
    let mut lister = Lister { name, directory: &directory, results, options, place, findings: &mut findings };
    let files = lister.list(&inventory, &left_out, &in_state, &in_manifest)?;
    session::check(texts.session_log.as_deref(), &inventory, place, options, &mut findings)?;
    Ok(FoundRun { layout, name: name.to_owned(), directory, location, outcome, files, findings, documents: sources })
}

/// Gives each run an id of its own, see [`duplicates::settle`]. Call it with all directories of one import.
pub fn settle_ids(found: &mut [FoundRun]) {
    let (mut runs, mut places) = (Vec::new(), Vec::new());
    for (index, directory) in found.iter().enumerate() {
        if let Some(run) = directory.run() {
            runs.push(run.clone());
            places.push(index);
        }
    }
    for (index, finding) in duplicates::settle(&mut runs) {
        let place = places.get(index).and_then(|place| found.get_mut(*place));
        if let (Some(directory), Some(run)) = (place, runs.get(index)) {
            directory.findings.push(finding);
            directory.outcome = Outcome::Imported(Box::new(run.clone()));
        }
    }
}

struct Reader<'a> {
    place: &'a dyn Place,
    directory: &'a str,
    options: &'a ReadOptions,
    sources: Vec<SourceDocument>,
    findings: Vec<Finding>,
}

/// Documents as texts, and whether the one a run is known by failed.
#[derive(Default)]
struct Texts {
    state: Option<String>,
    manifest: Option<String>,
    metadata: Option<String>,
    session_log: Option<String>,
    /// A state that is there but no text.
    broken_state: bool,
    /// A manifest that is there but no text.
    broken_manifest: bool,
}

impl Reader<'_> {
    fn documents(&mut self, inventory: &Inventory) -> Texts {
        let mut texts = Texts::default();
        let before = self.findings.len();
        texts.state = self.text(DocumentRole::State, state::FILE_NAME, codes::STATE_UNREADABLE, codes::STATE_NOT_UTF8);
        texts.broken_state = self.findings.len() > before;
        let has_state = texts.state.is_some() || texts.broken_state;
        self.manifests(inventory, has_state, &mut texts);
        texts.metadata = self.text(
            DocumentRole::Metadata,
            documents::METADATA_FILE,
            codes::METADATA_NOT_JSON,
            codes::METADATA_NOT_JSON,
        );
        texts.session_log = self.text(
            DocumentRole::SessionLog,
            documents::SESSION_LOG_FILE,
            codes::SESSION_LOG_NOT_JSON,
            codes::SESSION_LOG_NOT_JSON,
        );
        texts
    }

    /// The manifest that counts, and those beside it, which should say the same.
    fn manifests(&mut self, inventory: &Inventory, has_state: bool, texts: &mut Texts) {
        let named = |prefix: &str| -> Vec<String> {
            let is_named = |path: &&String| {
                path.strip_prefix(prefix).is_some_and(|name| name.ends_with(".manifest.json") && !name.contains('/'))
            };
            inventory.files.keys().filter(is_named).cloned().collect()
        };
        let mut paths = Vec::new();
        if has_state {
            paths.push(format!("{OUTPUT}{}", manifest::FILE_NAME));
            paths.extend(named(OUTPUT));
        }
        paths.push(manifest::FILE_NAME.to_owned());
        paths.extend(named(""));
        let mut first: Option<usize> = None;
        for path in paths {
            let role = if first.is_some() { DocumentRole::OtherManifest } else { DocumentRole::Manifest };
            let before = (self.sources.len(), self.findings.len());
            let text = self.text(role, &path, codes::MANIFEST_NOT_JSON, codes::MANIFEST_NOT_JSON);
            if role == DocumentRole::Manifest {
                texts.broken_manifest = self.findings.len() > before.1;
                if texts.broken_manifest || self.sources.len() > before.0 {
                    texts.manifest = text;
                    first = Some(before.0);
                }
            } else if let (Some(other), Some(main)) =
                (self.sources.get(before.0), first.and_then(|first| self.sources.get(first)))
                && other.bytes != main.bytes
            {
                let message = format!("differs from {}", main.path);
                self.findings.push(Finding::new(codes::TWO_MANIFESTS, path, message));
            }
        }
    }

    /// Reads a document of the directory. Its bytes are kept even when it is no text.
    fn text(
        &mut self,
        role: DocumentRole,
        path: &str,
        unreadable: &'static str,
        not_utf8: &'static str,
    ) -> Option<String> {
        let full = format!("{}/{path}", self.directory);
        match self.place.document(role, path, full, self.options) {
            Read::Absent => None,
            Read::Unreadable(why) => {
                self.findings.push(Finding::new(unreadable, path, why));
                None
            }
            Read::Document(document) => {
                let text = document.text().map(str::to_owned);
                if text.is_none() {
                    self.findings.push(Finding::new(not_utf8, path, "not UTF-8"));
                }
                self.sources.push(document);
                text
            }
        }
    }

    fn outcome(&mut self, layout: Layout, texts: &Texts) -> Outcome {
        let has_state = texts.state.is_some();
        if texts.broken_state || (!has_state && texts.broken_manifest) {
            return Outcome::Quarantined;
        }
        if !has_state && texts.manifest.is_none() {
            let message = "neither a state nor a manifest";
            self.findings.push(Finding::new(codes::STATE_MISSING, "", message));
            return Outcome::Orphan;
        }
        let documents = RunDocuments {
            state: texts.state.clone(),
            manifest: texts.manifest.clone(),
            metadata: texts.metadata.clone(),
            session_log: texts.session_log.clone(),
        };
        match documents::read(layout, self.directory, documents) {
            Ok(reading) => {
                self.findings.extend(reading.findings);
                Outcome::Imported(Box::new(reading.run))
            }
            Err(reject) => {
                self.findings.push(Finding::new(reject.code, "", reject.message));
                Outcome::Quarantined
            }
        }
    }
}

/// How a directory is laid out: by where it lies, and where that is not enough by what its manifest is.
fn layout_of(kind: RootKind, texts: &Texts) -> Layout {
    let has_state = texts.state.is_some() || texts.broken_state;
    let analysis = texts.manifest.as_deref().map(manifest::is_analysis);
    match (kind, has_state, analysis) {
        (RootKind::Runs, true, _) | (RootKind::Runs, false, None) => Layout::State,
        (RootKind::Runs, false, Some(true)) => Layout::Experiment,
        (RootKind::Runs, false, Some(false)) => Layout::Tuning,
        (RootKind::Outputs, ..) => Layout::Upload,
        (RootKind::Experiments, ..) => Layout::Experiment,
    }
}
