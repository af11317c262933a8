//! What the documents of runs have no place for: `.landfast/runs.json`.

use super::super::keys::sha256;
use super::area::unreadable;
use super::shown::shown_number;
use crate::runs::FoundRun;
use landfast_domain::Result;
use landfast_domain::runs::{HashOutcome, Layout, Run, RunDocuments, RunFile, RunId, RunStatus, TimeText};
use serde::{Deserialize, Serialize};

/// Content of the file. Without runs there is no file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct OwnRuns {
    version: u32,
    pub(super) runs: Vec<OwnRun>,
}

/// A run that is not what its directory says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct OwnRun {
    /// The run's directory.
    pub(super) directory: String,
    /// SHA-256 of the documents `run` holds for; other documents, which another program wrote, count
    /// instead. `None` for a run that has no directory.
    pub(super) documents_sha256: Option<String>,
    /// What the run is; `None` when the documents tell.
    pub(super) run: Option<Columns>,
    /// SHA-256 of the list of files `files` holds for, as the directory gives it.
    files_sha256: Option<String>,
    /// The list of files; `None` when the directory tells.
    files: Option<Vec<File>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Columns {
    id: String,
    original_id: Option<String>,
    layout: String,
    status: String,
    source: String,
    created_at: Option<String>,
    updated_at: Option<String>,
    completed_at: Option<String>,
    jetstream_id: Option<String>,
    current_stage: Option<String>,
    progress_percent: Option<i64>,
    error_info: Option<String>,
    results_summary: Option<String>,
    input_filename: Option<String>,
    config_snapshot: Option<String>,
    peak_hp: Option<String>,
    peak_torque: Option<String>,
    state: Option<String>,
    manifest: Option<String>,
    metadata: Option<String>,
    session_log: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct File {
    filename: String,
    file_type: String,
    size_bytes: Option<i64>,
    storage_path: Option<String>,
    sha256: Option<String>,
    created_at: Option<String>,
    in_state: bool,
    in_manifest: bool,
    on_disk: bool,
    hash: String,
}

impl OwnRuns {
    pub(super) fn read(path: &str, bytes: &[u8]) -> Result<Self> {
        let own: Self = serde_json::from_slice(bytes).map_err(|error| unreadable(path, error.to_string()))?;
        if own.version == 1 { Ok(own) } else { Err(unreadable(path, format!("version {} is not known", own.version))) }
    }

    /// Bytes of the file; `None` when it need not exist.
    pub(super) fn write(mut self) -> Option<Vec<u8>> {
        if self.runs.is_empty() {
            return None;
        }
        self.version = 1;
        Some(serde_json::to_vec_pretty(&self).expect("texts and numbers are always JSON"))
    }

    /// What is kept about a directory, as far as it holds for what was found there.
    pub(super) fn about(&self, found: &FoundRun) -> (Option<Run>, Option<Vec<RunFile>>) {
        let (Some(run), Some(own)) = (found.run(), self.runs.iter().find(|own| own.is_of(&found.directory))) else {
            return (None, None);
        };
        let holds = own.documents_sha256.as_ref() == Some(&documents_sha256(&run.documents));
        let own_run = own.run.as_ref().filter(|_| holds).map(|columns| columns.clone().into_run(&own.directory));
        let holds = own.files_sha256.as_ref() == Some(&files_sha256(&found.files));
        (own_run, own.files.as_ref().filter(|_| holds).map(|files| read_files(files)))
    }

    /// Runs without a directory.
    pub(super) fn homeless(&self) -> impl Iterator<Item = (Run, Vec<RunFile>)> {
        let without = self.runs.iter().filter(|own| own.documents_sha256.is_none());
        without.filter_map(|own| {
            let run = own.run.clone()?.into_run(&own.directory);
            Some((run, own.files.as_deref().map(read_files).unwrap_or_default()))
        })
    }
}

impl OwnRun {
    fn is_of(&self, directory: &str) -> bool {
        self.documents_sha256.is_some() && self.directory == directory
    }

    /// A run without a directory.
    pub(super) fn homeless(run: &Run, files: &[RunFile]) -> Self {
        Self {
            directory: run.directory.clone(),
            documents_sha256: None,
            run: Some(Columns::of(run)),
            files_sha256: None,
            files: (!files.is_empty()).then(|| shown_files(files)),
        }
    }

    /// A run as it is, where it is not what was found in its directory.
    pub(super) fn of(found: &FoundRun, run: Option<&Run>, files: Option<&[RunFile]>) -> Self {
        let documents = found.run().map(|run| documents_sha256(&run.documents)).unwrap_or_default();
        Self {
            directory: found.directory.clone(),
            documents_sha256: Some(documents),
            run: run.map(Columns::of),
            files_sha256: files.map(|_| files_sha256(&found.files)),
            files: files.map(shown_files),
        }
    }
}

impl Columns {
    fn of(run: &Run) -> Self {
        let run = run.clone();
        let time = |time: TimeText| time.as_str().to_owned();
        Self {
            id: run.id.to_string(),
            original_id: run.original_id,
            layout: run.layout.as_str().to_owned(),
            status: run.status.as_str().to_owned(),
            source: run.source,
            created_at: run.created_at.map(time),
            updated_at: run.updated_at.map(time),
            completed_at: run.completed_at.map(time),
            jetstream_id: run.jetstream_id,
            current_stage: run.current_stage,
            progress_percent: run.progress_percent,
            error_info: run.error_info,
            results_summary: run.results_summary,
            input_filename: run.input_filename,
            config_snapshot: run.config_snapshot,
            peak_hp: run.peak_hp.map(shown_number),
            peak_torque: run.peak_torque.map(shown_number),
            state: run.documents.state,
            manifest: run.documents.manifest,
            metadata: run.documents.metadata,
            session_log: run.documents.session_log,
        }
    }

    fn into_run(self, directory: &str) -> Run {
        let time = |text: String| TimeText::new(&text);
        let number = |text: String| text.parse().ok();
        Run {
            id: RunId::existing(&self.id),
            original_id: self.original_id,
            layout: Layout::parse(&self.layout).unwrap_or(Layout::State),
            directory: directory.to_owned(),
            status: RunStatus::read(&self.status),
            source: self.source,
            created_at: self.created_at.map(time),
            updated_at: self.updated_at.map(time),
            completed_at: self.completed_at.map(time),
            jetstream_id: self.jetstream_id,
            current_stage: self.current_stage,
            progress_percent: self.progress_percent,
            error_info: self.error_info,
            results_summary: self.results_summary,
            input_filename: self.input_filename,
            config_snapshot: self.config_snapshot,
            peak_hp: self.peak_hp.and_then(number),
            peak_torque: self.peak_torque.and_then(number),
            documents: RunDocuments {
                state: self.state,
                manifest: self.manifest,
                metadata: self.metadata,
                session_log: self.session_log,
            },
        }
    }
}

fn shown_files(files: &[RunFile]) -> Vec<File> {
    let shown = |file: &RunFile| File {
        filename: file.filename.clone(),
        file_type: file.file_type.clone(),
        size_bytes: file.size_bytes,
        storage_path: file.storage_path.clone(),
        sha256: file.sha256.clone(),
        created_at: file.created_at.as_ref().map(|time| time.as_str().to_owned()),
        in_state: file.in_state,
        in_manifest: file.in_manifest,
        on_disk: file.on_disk,
        hash: file.hash.as_str().to_owned(),
    };
    files.iter().map(shown).collect()
}

fn read_files(files: &[File]) -> Vec<RunFile> {
    let read = |file: &File| RunFile {
        filename: file.filename.clone(),
        file_type: file.file_type.clone(),
        size_bytes: file.size_bytes,
        storage_path: file.storage_path.clone(),
        sha256: file.sha256.clone(),
        created_at: file.created_at.as_deref().map(TimeText::new),
        in_state: file.in_state,
        in_manifest: file.in_manifest,
        on_disk: file.on_disk,
        hash: HashOutcome::parse(&file.hash).unwrap_or(HashOutcome::Unlisted),
    };
    files.iter().map(read).collect()
}

fn documents_sha256(documents: &RunDocuments) -> String {
    let texts = [&documents.state, &documents.manifest, &documents.metadata, &documents.session_log];
    sha256(&serde_json::to_vec(&texts).expect("texts are always JSON"))
}

fn files_sha256(files: &[RunFile]) -> String {
    sha256(&serde_json::to_vec(&shown_files(files)).expect("texts and numbers are always JSON"))
}
