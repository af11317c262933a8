//! The stages that write.

use super::recheck::recheck;
use super::{ImportRequest, seconds_between};
use crate::backup::back_up;
use crate::bytes::to_u64;
use crate::error::{Error, Result};
use crate::lease::Lock;
use crate::ledger;
use crate::load::{DocumentLoad, Input, Loaded, code};
use crate::plan::{self, PlannedFile, PlannedSource, below, counts};
use crate::progress::{Progress, Stage};
use crate::repair::DocumentRepair;
use crate::report::{BackupReport, Counts, FindingLog, Mode, Report, SourceReport, Spot, Verdict, Verification};
use crate::retention;
use crate::transact::{read, write, write_soon};
use crate::verify::{self, Target, check_all, survey};
use landfast_domain::Store;
use landfast_domain::imports::{Document, DocumentState, ImportRun};
use landfast_domain::time::Timestamp;
use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};

/// An import behind its plan.
pub(super) struct Run<'a> {
    pub(super) store: &'a dyn Store,
    pub(super) request: &'a ImportRequest<'a>,
    pub(super) progress: &'a dyn Progress,
    pub(super) interrupt: &'a AtomicBool,
    pub(super) report: Report,
    pub(super) timings: BTreeMap<String, f64>,
    pub(super) stage_began: Timestamp,
    pub(super) sources: Vec<PlannedSource>,
    /// An earlier run loaded something and was killed before it was verified, or found differences.
    pub(super) verify_all: bool,
}

impl Run<'_> {
    /// Does what the plan found to be open.
    pub(super) fn execute(mut self) -> Result<Report> {
        let is_open = self.sources.iter().flat_map(|source| &source.files).any(PlannedFile::is_open);
        let moved = self.sources.iter().any(is_moved);
        self.verify_all = self.request.verify && last_run_is_open(self.store)?;
        if !is_open && !moved && !self.verify_all && self.request.repairs.is_empty() {
            return Ok(self.finish(Verdict::Complete));
        }
        let (store, request) = (self.store, self.request);
        let lock = Lock::take(store, &request.holder, request.holder_is_alive, request.clock)?;
        let done = self.work(&lock);
        let released = lock.release(store);
        match done {
            Ok(verdict) => {
                released?;
                if matches!(verdict, Verdict::Complete | Verdict::Quarantined) {
                    self.remove_old_backups();
                }
                let report = self.finish(verdict);
                save_run(store, request, &report, report.outcome.run_state(), Some((request.clock)()))?;
                Ok(report)
            }
            Err(error) => {
                // The first failure is the one to tell; a store that fails will fail here as well.
                let _ = save_run(store, request, &self.report, "failed", Some((request.clock)()));
                Err(error)
            }
        }
    }

    fn work(&mut self, lock: &Lock<'_>) -> Result<Verdict> {
        self.report.run = Some(self.request.run_id.clone());
        let backups = self.back_up()?;
        save_run(self.store, self.request, &self.report, "running", None)?;
        self.relabel(lock)?;
        let complete = self.load(lock, &backups)?;
        self.report.backup = Some(backups);
        if !complete {
            return Ok(Verdict::Interrupted);
        }
        let changed = self.sources.iter().flat_map(|source| &source.files).any(|file| file.loaded.source_changed);
        let mut verdict = match self.verify() {
            Ok(verdict) => verdict,
            Err(Error::Interrupted) => {
                self.report.next = Some("everything is loaded; run the same command again to verify it".to_owned());
                return Ok(Verdict::Interrupted);
            }
            Err(error) => return Err(error),
        };
        self.repair(lock)?;
        if recheck(self.request, &mut self.sources)? || changed {
            verdict = Verdict::Different;
            self.report.next = Some("a source changed during the import; run it again".to_owned());
        }
        Ok(verdict)
    }

    fn back_up(&mut self) -> Result<Vec<BackupReport>> {
        let open: Vec<&PlannedSource> =
            self.sources.iter().filter(|source| source.files.iter().any(PlannedFile::is_open)).collect();
        self.progress
            .begin(Stage::Backup, open.iter().flat_map(|source| &source.backup).map(|file| file.size_bytes).sum());
        let backups: Result<Vec<BackupReport>> = open
            .iter()
            .map(|source| {
                let folder = source.folder.to_string_lossy();
                back_up(self.request.backup_root, source.area, &folder, &source.backup, self.progress)
            })
            .collect();
        self.progress.end();
        self.end_stage(Stage::Backup);
        backups
    }

    /// Notes the new place of folders that were moved.
    fn relabel(&mut self, lock: &Lock<'_>) -> Result<()> {
        for source in self.sources.iter_mut().filter(|source| is_moved(source)) {
            let label = ledger::label(&source.folder);
            write(self.store, |repositories| {
                lock.renew(repositories)?;
                for file in &source.files {
                    let current = file.ledger.current.iter().map(|document| (document, label.clone()));
                    let previous = file
                        .ledger
                        .previous
                        .iter()
                        .map(|document| (document, ledger::replaced_label(&label, document.id)));
                    for (document, source) in current.chain(previous) {
                        repositories.imports()?.save_document(&Document { source, ..document.clone() })?;
                    }
                }
                Ok(())
            })?;
            for file in &mut source.files {
                file.ledger.current.iter_mut().for_each(|document| document.source.clone_from(&label));
            }
            source.label = label;
        }
        Ok(())
    }

    /// Loads what is open; `false` when interrupted.
    fn load(&mut self, lock: &Lock<'_>, backups: &[BackupReport]) -> Result<bool> {
        let open = self.sources.iter().flat_map(|source| &source.files).filter(|file| file.is_open());
        self.progress.begin(Stage::Load, open.map(|file| file.size_bytes).sum());
        let loaded = self.load_files(lock, backups);
        self.progress.end();
        self.end_stage(Stage::Load);
        loaded
    }

    fn load_files(&mut self, lock: &Lock<'_>, backups: &[BackupReport]) -> Result<bool> {
        let mut interrupted = false;
        for source in &mut self.sources {
            let folder = source.folder.to_string_lossy();
            let backup = backups.iter().find(|backup| backup.source == folder && backup.area == source.area);
            for file in source.files.iter_mut().filter(|file| file.is_open()) {
                let (records, again) = (file.loaded.records, file.loaded.again);
                file.loaded = Loaded::default();
                file.log = FindingLog::new(&folder, &file.path, self.request.limits.listed_per_code);
                interrupted |= self.interrupt.load(Ordering::SeqCst);
                let Some(backup) = backup.filter(|_| !interrupted) else { continue };
                let copy = below(Path::new(&backup.path), &file.path);
                let input = Input {
                    area: source.area,
                    source: &source.label,
                    path: &file.path,
                    file: &copy,
                    sha256: &file.sha256,
                    size_bytes: file.size_bytes,
                };
                file.loaded = file.kind.load(DocumentLoad {
                    store: self.store,
                    user: &self.request.user,
                    input,
                    original: &file.location,
                    modified_ns: file.modified_ns,
                    ledger: &file.ledger,
                    records,
                    again,
                    prune: self.request.prune,
                    live: self.request.live,
                    limits: &self.request.limits,
                    log: &mut file.log,
                    lock,
                    progress: self.progress,
                    interrupt: self.interrupt,
                })?;
                interrupted |= !file.loaded.finished && !file.loaded.source_changed;
            }
        }
        Ok(!interrupted)
    }

    fn verify(&mut self) -> Result<Verdict> {
        let mut verification = Verification::default();
        let documents = ledger::documents(self.store, &self.request.user)?;
        let mut targets = Vec::new();
        for source in &self.sources {
            for file in source.files.iter().filter(|file| file.loaded.finished && (file.is_open() || self.verify_all)) {
                if let Some(document) = self.document_of(&documents, source, file) {
                    let is_own = |backup: &&BackupReport| {
                        source.folder == Path::new(&backup.source) && source.area == backup.area
                    };
                    let backup = self.report.backup.iter().flatten().find(is_own);
                    let copy = backup
                        .map_or_else(|| file.location.clone(), |backup| below(Path::new(&backup.path), &file.path));
                    let allow_edits = file.status != crate::report::Status::New;
                    let kind = Some(Rc::clone(&file.kind));
                    targets.push(Target { document: document.clone(), file: Some(copy), allow_edits, kind });
                }
            }
        }
        let mut checked = Vec::new();
        if self.request.verify {
            self.progress.begin(Stage::Verify, targets.iter().map(|target| to_u64(target.document.size_bytes)).sum());
            let (user, limits) = (&self.request.user, &self.request.limits);
            let done = check_all(self.store, user, &targets, limits, &mut verification, self.progress, self.interrupt);
            self.progress.end();
            checked = done?;
            verify::check_trees(self.store, user, &targets, limits, &mut verification)?;
            verification.checked("backup", self.report.backup.iter().flatten().map(|backup| backup.files).sum());
        } else {
            targets.clear();
            verification.not_checked.push("everything: the verification was left out on request".to_owned());
        }
        let limits = &self.request.limits;
        self.report.digests =
            Some(survey(self.store, &self.request.user, &targets, &checked, &mut verification, limits)?);
        let mut totals = Counts::default();
        self.sources.iter().flat_map(|source| &source.files).for_each(|file| totals.add(&counts(&file.loaded)));
        let verdict = verify::verdict(&verification, &totals);
        self.report.verification = Some(verification);
        self.end_stage(Stage::Verify);
        Ok(verdict)
    }

    fn document_of<'d>(
        &self,
        documents: &'d [Document],
        source: &PlannedSource,
        file: &PlannedFile,
    ) -> Option<&'d Document> {
        documents.iter().find(|document| {
            document.area == source.area
                && document.source == source.label
                && document.path == file.path
                && document.state == DocumentState::Loaded
        })
    }

    fn repair(&mut self, lock: &Lock<'_>) -> Result<()> {
        if self.request.repairs.is_empty() {
            return Ok(());
        }
        let documents = ledger::documents(self.store, &self.request.user)?;
        let mut repaired = Vec::new();
        self.progress.begin(Stage::Repair, 0);
        for source in &self.sources {
            for file in &source.files {
                if let Some(document) = self.document_of(&documents, source, file) {
                    let repair =
                        DocumentRepair { user: &self.request.user, document, repairs: self.request.repairs, lock };
                    repaired.extend(file.kind.repair(self.store, repair)?);
                }
            }
        }
        self.progress.end();
        if !repaired.is_empty() {
            self.report.digests = Some(verify::digests(self.store, &self.request.user)?);
        }
        self.report.repairs = Some(repaired);
        self.end_stage(Stage::Repair);
        Ok(())
    }

    /// A copy that cannot be removed is no reason to call an import failed.
    fn remove_old_backups(&mut self) {
        let (root, keep) = (self.request.backup_root, self.request.limits.keep_backups);
        let current = self.report.backup.as_deref().unwrap_or_default();
        match retention::prune(self.store, root, keep, current) {
            Ok(removed) => self.report.removed_backups = removed,
            Err(error) => {
                let mut log = FindingLog::new("", "", 1);
                log.add(code::BACKUP_NOT_REMOVED, Spot::NONE, "", &error.to_string());
                add_log(&mut self.report, log, 1);
            }
        }
    }

    pub(super) fn end_stage(&mut self, stage: Stage) {
        let now = (self.request.clock)();
        self.timings.insert(stage.to_string(), seconds_between(self.stage_began, now));
        self.stage_began = now;
    }

    /// The report with everything in it.
    pub(super) fn finish(mut self, verdict: Verdict) -> Report {
        let most = self.request.limits.listed_per_code;
        for source in self.sources {
            let missing = plan::missing_log(&source, most);
            let mut files = Vec::new();
            for file in &source.files {
                let report = file.report();
                self.report.totals.add(&report.counts);
                files.push(report);
            }
            for log in source.files.into_iter().map(|file| file.log).chain([missing, source.odd]) {
                add_log(&mut self.report, log, most);
            }
            self.report.sources.push(SourceReport {
                area: source.area.to_owned(),
                path: source.folder.to_string_lossy().into_owned(),
                known_as: source.known_as,
                files,
            });
        }
        let verdict = match verdict {
            Verdict::Complete if self.report.totals.quarantined > 0 => Verdict::Quarantined,
            other => other,
        };
        if self.report.next.is_none() {
            self.report.next = match verdict {
                Verdict::Interrupted => Some("run the same command again; it goes on where it stopped".to_owned()),
                Verdict::Quarantined => Some("look at the records in quarantine; their bytes are kept".to_owned()),
                Verdict::Different => Some("look at the differences; the backup holds the sources".to_owned()),
                Verdict::Complete => None,
            };
        }
        self.report.outcome = verdict;
        self.report.exit_code = verdict.exit_code();
        self.report.timings = (self.report.mode != Mode::Plan).then_some(self.timings);
        self.report.finished_at = Some((self.request.clock)().to_iso_text());
        self.report
    }
}

/// Whether the newest run ended before its verification, or with differences: those do not go away by not being
/// looked for.
fn last_run_is_open(store: &dyn Store) -> Result<bool> {
    let newest = read(store, |repositories| Ok(repositories.imports()?.list_runs(1)?))?;
    Ok(newest.first().is_some_and(|run| !matches!(run.state.as_str(), "complete" | "quarantined")))
}

/// Whether a folder was imported from another place that is not there any more.
fn is_moved(source: &PlannedSource) -> bool {
    source.known_as.as_ref().is_some_and(|label| !Path::new(label).exists())
}

fn add_log(report: &mut Report, log: FindingLog, most: usize) {
    for (code, total) in log.totals {
        *report.finding_totals.entry(code).or_default() += total;
    }
    for finding in log.findings {
        if report.findings.iter().filter(|other| other.code == finding.code).count() < most {
            report.findings.push(finding);
        }
    }
    for entry in log.quarantine {
        if report.quarantine.iter().filter(|other| other.code == entry.code).count() < most {
            report.quarantine.push(entry);
        }
    }
}

fn save_run(
    store: &dyn Store,
    request: &ImportRequest<'_>,
    report: &Report,
    state: &str,
    finished_at: Option<Timestamp>,
) -> Result<()> {
    let started_at = Timestamp::parse(&report.started_at).unwrap_or_else(|| (request.clock)());
    let report = serde_json::to_string(report).expect("a report has text keys and finite numbers only");
    let run = ImportRun { id: request.run_id.clone(), started_at, finished_at, state: state.to_owned(), report };
    // That a run began is told again at its end; only that must survive a power cut.
    let save = |repositories: &mut dyn landfast_domain::Repositories| Ok(repositories.imports()?.save_run(&run)?);
    if finished_at.is_none() { write_soon(store, save) } else { write(store, save) }
}
