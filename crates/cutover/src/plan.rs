//! The first stage: what is there, and what an import would do with it.

use crate::area::area;
use crate::backup::BackupFile;
use crate::bytes::{hash_file, modified_ns};
use crate::discover::Source;
use crate::document::DocumentKind;
use crate::error::{Error, Result};
use crate::import::ImportRequest;
use crate::ledger;
use crate::load::{DocumentScan, Input, Ledger, Loaded, TakenKeys, code};
use crate::progress::Progress;
use crate::report::{Counts, Estimate, FileReport, FindingLog, Spot, Status};
use crate::runs::RunOptions;
use crate::transact::read;
use landfast_domain::Store;
use landfast_domain::imports::{Document, DocumentState};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::atomic::AtomicBool;

/// A folder with what is known about its files.
pub(crate) struct PlannedSource {
    pub(crate) area: &'static str,
    pub(crate) folder: PathBuf,
    /// Label its documents have in the database, which may be that of a folder it was copied from.
    pub(crate) label: String,
    pub(crate) known_as: Option<String>,
    /// Every file, also those that are not loaded.
    pub(crate) backup: Vec<BackupFile>,
    pub(crate) files: Vec<PlannedFile>,
    /// Documents whose file is not in the folder any more.
    pub(crate) missing: Vec<Document>,
    /// What is odd about the folder as a whole.
    pub(crate) odd: FindingLog,
}

/// A document with what is known about it.
pub(crate) struct PlannedFile {
    pub(crate) path: String,
    pub(crate) location: PathBuf,
    pub(crate) sha256: String,
    pub(crate) size_bytes: u64,
    pub(crate) modified_ns: i64,
    pub(crate) kind: Rc<dyn DocumentKind>,
    pub(crate) ledger: Ledger,
    pub(crate) status: Status,
    pub(crate) loaded: Loaded,
    pub(crate) log: FindingLog,
}

impl PlannedFile {
    /// Whether an import has something to do.
    pub(crate) fn is_open(&self) -> bool {
        self.status != Status::Unchanged
    }

    pub(crate) fn report(&self) -> FileReport {
        FileReport {
            path: self.path.clone(),
            entity: self.kind.entity().to_owned(),
            status: self.status,
            size_bytes: self.size_bytes,
            sha256: self.sha256.clone(),
            dialect: self.loaded.dialect.clone(),
            counts: counts(&self.loaded),
            findings: self.log.totals.clone(),
        }
    }
}

pub(crate) fn counts(loaded: &Loaded) -> Counts {
    Counts {
        records: loaded.records,
        loaded: loaded.loaded,
        duplicate: loaded.duplicate,
        quarantined: loaded.quarantined,
        joined: loaded.joined,
        inserted: loaded.inserted,
        updated: loaded.updated,
        unchanged: loaded.unchanged,
        gone: loaded.gone,
        pruned: loaded.pruned,
    }
}

/// Hashes the files of a folder and compares them with the ledger.
pub(crate) fn look(
    source: Source,
    documents: &[Document],
    most_listed: usize,
    options: &RunOptions,
) -> Result<PlannedSource> {
    let area_name = source.area.name();
    let mut odd = FindingLog::new(&source.label, "", most_listed);
    let look = source.area.look(&source.folder, options)?;
    for found in look.odd {
        odd.add_at(&found.path, found.code, Spot::NONE, &found.field, &found.message);
    }
    let mut backup = Vec::new();
    let mut open = Vec::new();
    for file in source.files {
        let (sha256, size_bytes) = hash_file(&file.location)?;
        let metadata = std::fs::metadata(&file.location).map_err(Error::io("look at", &file.location))?;
        if file.not_read.is_none()
            && let Some(kind) = match &look.documents {
                Some(documents) => documents.document(&file.path),
                None => source.area.document(&file.path),
            }
        {
            open.push((
                file.path.clone(),
                file.location.clone(),
                sha256.clone(),
                size_bytes,
                modified_ns(&metadata),
                kind,
            ));
        }
        backup.push(BackupFile { path: file.path, location: file.location, sha256, size_bytes });
    }
    let known: Vec<(&str, &str)> = open.iter().map(|(path, _, sha256, ..)| (path.as_str(), sha256.as_str())).collect();
    let is_known = documents.iter().any(|document| document.area == area_name && document.source == source.label);
    let known_as = if is_known { None } else { ledger::moved_from(documents, area_name, &known) };
    let label = known_as.clone().unwrap_or_else(|| source.label.clone());
    let missing = documents
        .iter()
        .filter(|document| document.area == area_name && document.source == label)
        .filter(|document| !open.iter().any(|(path, ..)| *path == document.path))
        .cloned()
        .collect();
    let files = open
        .into_iter()
        .map(|(path, location, sha256, size_bytes, modified_ns, kind)| {
            let ledger = ledger::of_file(documents, area_name, &label, &path, &sha256);
            let status = match (&ledger.current, ledger.previous.is_empty()) {
                (Some(current), true) if current.state == DocumentState::Loaded => Status::Unchanged,
                (Some(_), _) => Status::Resumed,
                (None, false) => Status::Changed,
                (None, true) => Status::New,
            };
            let log = FindingLog::new(&source.label, &path, most_listed);
            PlannedFile {
                path,
                location,
                sha256,
                size_bytes,
                modified_ns,
                kind: Rc::from(kind),
                ledger,
                status,
                loaded: Loaded::default(),
                log,
            }
        })
        .collect();
    Ok(PlannedSource { area: area_name, folder: source.folder, label, known_as, backup, files, missing, odd })
}

/// Reads every document and notes what an import would do with it.
pub(crate) fn scan(
    store: &dyn Store,
    request: &ImportRequest<'_>,
    sources: &mut [PlannedSource],
    progress: &dyn Progress,
    interrupt: &AtomicBool,
) -> Result<()> {
    let mut taken: HashMap<&'static str, TakenKeys> = HashMap::new();
    for source in sources.iter_mut() {
        for file in &mut source.files {
            let is_open = file.is_open();
            let keys = match is_open {
                true => Some(match taken.entry(file.kind.entity()) {
                    std::collections::hash_map::Entry::Occupied(entry) => entry.into_mut(),
                    std::collections::hash_map::Entry::Vacant(entry) => entry.insert(read_keys(store, request, file)?),
                }),
                false => None,
            };
            let input = Input {
                area: source.area,
                source: &source.label,
                path: &file.path,
                file: &file.location,
                sha256: &file.sha256,
                size_bytes: file.size_bytes,
            };
            file.loaded = file.kind.scan(DocumentScan {
                store,
                user: &request.user,
                input,
                ledger: &file.ledger,
                taken: keys,
                prune: request.prune,
                live: request.live,
                limits: &request.limits,
                log: &mut file.log,
                progress,
                interrupt,
            })?;
            if file.status == Status::Unchanged && (file.loaded.outdated || file.loaded.again) {
                file.status = Status::Refreshed;
            }
        }
    }
    Ok(())
}

fn read_keys(store: &dyn Store, request: &ImportRequest<'_>, file: &PlannedFile) -> Result<TakenKeys> {
    read(store, |repositories| file.kind.taken_keys(repositories, &request.user))
}

/// Findings about files that are not there any more.
pub(crate) fn missing_log(source: &PlannedSource, most: usize) -> FindingLog {
    let mut log = FindingLog::new(&source.label, "", most);
    for document in &source.missing {
        let message = format!("the folder does not have {} any more; its rows stay", document.path);
        log.add(code::FILE_GONE, Spot::NONE, "", &message);
    }
    log
}

/// Rough needs. The database: 110 MiB of the tasks area became a SQLite file of 160 MiB. The time: copying, loading and
/// verifying took 2.4 to 5.8 times as long as the plan, which reads the same documents on the same computer, for
/// made-up data of the four areas.
pub(crate) fn estimate(sources: &[PlannedSource], plan_seconds: f64) -> Estimate {
    let open = |source: &&PlannedSource| source.files.iter().any(PlannedFile::is_open);
    let bytes: u64 =
        sources.iter().flat_map(|source| &source.files).filter(|file| file.is_open()).map(|file| file.size_bytes).sum();
    let backup_bytes: u64 =
        sources.iter().filter(open).flat_map(|source| &source.backup).map(|file| file.size_bytes).sum();
    let seconds = if bytes > 0 { plan_seconds * TIMES_THE_PLAN } else { 0.0 };
    Estimate { database_bytes: bytes + bytes / 2, backup_bytes, seconds, free_bytes: None }
}

/// How much longer than the plan everything else takes.
const TIMES_THE_PLAN: f64 = 3.5;

/// Bytes that are free for a folder, which need not be there yet; `None` where the system does not tell.
pub(crate) fn free_bytes(folder: &Path) -> Option<u64> {
    #[cfg(unix)]
    {
        let folder = std::path::absolute(folder).ok()?;
        let existing = folder.ancestors().find(|folder| folder.exists())?;
        let space = rustix::fs::statvfs(existing).ok()?;
        Some(space.f_bavail.saturating_mul(space.f_frsize))
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        None
    }
}

/// File of a document below a folder.
pub(crate) fn below(folder: &Path, path: &str) -> PathBuf {
    path.split('/').fold(folder.to_owned(), |folder, part| folder.join(part))
}

/// Whether this version of the program knows the area of a document.
pub(crate) fn kind_of(document: &Document) -> Option<Box<dyn DocumentKind>> {
    area(&document.area)?.document(&document.path)
}
