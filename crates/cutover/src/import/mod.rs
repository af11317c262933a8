//! The import as a whole.

mod recheck;
mod run;

use crate::discover::discover;
use crate::error::{Error, Result};
use crate::ledger;
use crate::plan::{self, PlannedSource};
use crate::progress::{Progress, Stage};
use crate::repair::Repair;
use crate::report::{Counts, Mode, Report, Verdict};
use crate::runs::RunOptions;
use landfast_domain::Store;
use landfast_domain::accounts::UserId;
use landfast_domain::time::Timestamp;
use run::Run;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// What to import, and how.
pub struct ImportRequest<'a> {
    /// Folders to look into, at any depth.
    pub paths: &'a [PathBuf],
    /// Owner of the rows.
    pub user: UserId,
    /// Reads and reports, and writes nothing anywhere.
    pub dry_run: bool,
    /// Folder for the copies of the sources; made when absent, never searched for legacy data.
    pub backup_root: &'a Path,
    /// Most records that may go into quarantine; with more, nothing is written.
    pub max_quarantined: Option<u64>,
    /// Values to mend after loading.
    pub repairs: &'a [Repair],
    /// Deletes rows whose record is gone from a source, unless they were edited.
    pub prune: bool,
    /// The program the data come from is still running: what it was working on is left to it.
    pub live: bool,
    /// Compares what was loaded with the sources. To be left out only where it is done later.
    pub verify: bool,
    /// Id of this run, for the ledger.
    pub run_id: String,
    /// Who holds the migrator's lock: host, process and a random part.
    pub holder: String,
    /// Whether the process of another holder may still be alive; when in doubt, `true`.
    pub holder_is_alive: &'a dyn Fn(&str) -> bool,
    /// The clock, UTC.
    pub clock: &'a (dyn Fn() -> Timestamp + Sync),
    /// Sizes of batches and lists.
    pub limits: Limits,
    /// How directories of runs are read: which result files are read to compare their hashes, and how often a
    /// document that makes no sense is read again.
    pub runs: RunOptions,
}

/// Sizes of batches and lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most records in one transaction. Default 2000.
    pub batch_records: usize,
    /// A transaction ends when it covers this many bytes of the document. Default 4 MiB.
    pub batch_bytes: usize,
    /// Longest piece of bytes that is compressed and kept. Default 1 MiB.
    pub chunk_bytes: usize,
    /// Findings and quarantine entries listed of each code; all are counted. Default 100.
    pub listed_per_code: usize,
    /// Differences listed; all are counted. Default 1000.
    pub listed_differences: usize,
    /// Copies of each source folder that are kept, the newest; 0 keeps all. Those of the last complete import are
    /// kept in any case. Default 5.
    pub keep_backups: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            batch_records: 2000,
            batch_bytes: 4 << 20,
            chunk_bytes: 1 << 20,
            listed_per_code: 100,
            listed_differences: 1000,
            keep_backups: 5,
        }
    }
}

/// Finds legacy data below the given paths and brings it into the database.
///
/// May be repeated at any time: what was loaded is not loaded again, what was half loaded is finished, what
/// changed in a source is compared record by record with what was loaded and with the rows.
///
/// Setting `interrupt` ends the import after the batch at hand; the report then says
/// [`Verdict::Interrupted`].
///
/// # Errors
/// Before anything is written: [`Error::NothingRecognised`], [`Error::SourceChanged`],
/// [`Error::TooManyQuarantined`], [`Error::NoSpace`], [`Error::Interrupted`] while planning, [`Error::Backup`], and
/// [`landfast_domain::Error::Busy`] while another import runs. Later: [`Error::Store`] and [`Error::Io`];
/// what was loaded by then is kept, and the next import goes on.
pub fn import(
    store: &dyn Store,
    request: &ImportRequest<'_>,
    progress: &dyn Progress,
    interrupt: &AtomicBool,
) -> Result<Report> {
    let started = (request.clock)();
    let discovery = discover(request.paths, Some(request.backup_root))?;
    if discovery.sources.is_empty() {
        let paths: Vec<String> = request.paths.iter().map(|path| path.display().to_string()).collect();
        return Err(Error::NothingRecognised { paths: paths.join(", ") });
    }
    let bytes = discovery.sources.iter().flat_map(|source| &source.files).map(|file| file.size_bytes).sum();
    progress.begin(Stage::Plan, bytes);
    let planned = plan(store, request, discovery.sources, progress, interrupt);
    progress.end();
    let sources = planned?;

    let mut run = Run {
        store,
        request,
        progress,
        interrupt,
        report: fresh_report(if request.dry_run { Mode::Plan } else { Mode::Import }, store, &request.user, started),
        timings: BTreeMap::new(),
        stage_began: started,
        sources,
        verify_all: false,
    };
    run.report.unrecognised = discovery.unrecognised;
    run.end_stage(Stage::Plan);
    let plan_seconds = run.timings.get(Stage::Plan.as_str()).copied().unwrap_or_default();
    run.report.estimate = plan::estimate(&run.sources, plan_seconds);
    run.report.estimate.free_bytes = plan::free_bytes(request.backup_root);
    let estimate = run.report.estimate;
    let quarantined = run.sources.iter().flat_map(|source| &source.files).map(|file| file.loaded.quarantined).sum();
    if request.dry_run {
        let next = match estimate.fits() {
            true => "run it again without the dry run to import",
            false => "make room, then run it again without the dry run to import",
        };
        run.report.next = Some(next.to_owned());
        return Ok(run.finish(Verdict::Complete));
    }
    if let Some(free) = estimate.free_bytes.filter(|free| *free < estimate.backup_bytes) {
        let path = request.backup_root.to_owned();
        return Err(Error::NoSpace { path, needed: estimate.backup_bytes, free });
    }
    match request.max_quarantined {
        Some(allowed) if quarantined > allowed => Err(Error::TooManyQuarantined { found: quarantined, allowed }),
        _ => run.execute(),
    }
}

fn plan(
    store: &dyn Store,
    request: &ImportRequest<'_>,
    found: Vec<crate::discover::Source>,
    progress: &dyn Progress,
    interrupt: &AtomicBool,
) -> Result<Vec<PlannedSource>> {
    let documents = ledger::documents(store, &request.user)?;
    let mut sources: Vec<PlannedSource> = found
        .into_iter()
        .map(|source| plan::look(source, &documents, request.limits.listed_per_code, &request.runs))
        .collect::<Result<_>>()?;
    plan::scan(store, request, &mut sources, progress, interrupt)?;
    Ok(sources)
}

/// A report without any content.
pub(crate) fn fresh_report(mode: Mode, store: &dyn Store, user: &UserId, started: Timestamp) -> Report {
    Report {
        schema: Report::SCHEMA,
        kind: Report::KIND.to_owned(),
        mode,
        run: None,
        database: store.kind().as_str().to_owned(),
        user: user.to_string(),
        started_at: started.to_iso_text(),
        finished_at: None,
        sources: Vec::new(),
        totals: Counts::default(),
        finding_totals: BTreeMap::new(),
        findings: Vec::new(),
        quarantine: Vec::new(),
        unrecognised: Vec::new(),
        estimate: crate::report::Estimate::default(),
        backup: None,
        removed_backups: Vec::new(),
        verification: None,
        digests: None,
        repairs: None,
        timings: None,
        outcome: Verdict::Complete,
        exit_code: 0,
        next: None,
    }
}

/// Seconds between two readings of the clock; 0 when it was set back.
pub(crate) fn seconds_between(from: Timestamp, to: Timestamp) -> f64 {
    (to.minutes_since(from) * 60.0).max(0.0)
}
