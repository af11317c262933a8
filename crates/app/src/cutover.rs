//! Running imports, verifications and exports: clock, lock, backups and progress for `landfast_cutover`.

use crate::clock::{Clock, new_id};
use crate::commands::Context;
use crate::failure::{Exit, Failure, with_causes};
use crate::interrupt::Interrupt;
use crate::process;
use crate::progress::Bars;
use landfast_cutover::report::{Mode, Verdict};
use landfast_cutover::{Error, ImportRequest, Limits, Repair, Report, RunOptions, VerifyRequest};
use landfast_domain::Store;
use landfast_domain::imports::ImportRun;
use landfast_domain::time::Timestamp;
use std::path::{Path, PathBuf};

/// What Ctrl-C says while one of these runs.
pub const TALK: &str = "stopping after this batch; the same command goes on later; Ctrl-C again stops at once";

/// What to import.
#[derive(Debug, Default)]
pub struct Import<'a> {
    /// Folders to look through.
    pub paths: &'a [PathBuf],
    /// Writes nothing.
    pub dry_run: bool,
    /// Most records that may be set aside.
    pub max_quarantined: Option<u64>,
    /// Values to mend.
    pub repairs: Vec<Repair>,
    /// Forgets rows whose record is gone.
    pub prune: bool,
    /// The program the data come from is still running.
    pub live: bool,
    /// Folder of the copies of the sources, if it is not the usual one.
    pub backup_root: Option<&'a Path>,
    /// How directories of runs are read.
    pub runs: RunOptions,
}

/// Folder of the verified copies of sources.
#[must_use]
pub fn backup_root(context: &Context) -> PathBuf {
    context.config.data_dir().join("backups")
}

/// Imports, and verifies what an earlier run loaded but did not come to verify.
///
/// # Errors
/// When nothing was done or it stopped in the middle; the same call goes on.
pub fn import(
    context: &Context,
    store: &dyn Store,
    place: &str,
    what: &Import<'_>,
    interrupt: &Interrupt,
) -> Result<Report, Failure> {
    let backups = what.backup_root.map_or_else(|| backup_root(context), Path::to_owned);
    let run_id = new_id();
    let request = ImportRequest {
        paths: what.paths,
        user: context.user.clone(),
        dry_run: what.dry_run,
        backup_root: &backups,
        max_quarantined: what.max_quarantined,
        repairs: &what.repairs,
        prune: what.prune,
        live: what.live,
        verify: true,
        run_id: run_id.clone(),
        holder: process::holder(),
        holder_is_alive: &process::is_alive,
        clock: &utc,
        limits: Limits { keep_backups: context.config.number("keep_backups")?, ..Limits::default() },
        runs: what.runs,
    };
    let mut report = landfast_cutover::import(store, &request, &Bars::new(context.quiet), interrupt.flag())
        .map_err(|error| failure(error, place))?;
    if report.mode == Mode::Import && report.run.is_none() && last_run_is_unfinished(store, place)? {
        let verified = verify(context, store, place, what.paths, false, interrupt)?;
        report.run = Some(run_id);
        report.verification = verified.verification;
        report.digests = verified.digests;
        report.outcome = verified.outcome;
        report.exit_code = verified.exit_code;
        save(store, place, &report)?;
    }
    Ok(report)
}

/// Compares the database with folders, or with the bytes it keeps when no folder is given.
///
/// # Errors
/// When it could not be finished. Differences are no error.
pub fn verify(
    context: &Context,
    store: &dyn Store,
    place: &str,
    paths: &[PathBuf],
    allow_edits: bool,
    interrupt: &Interrupt,
) -> Result<Report, Failure> {
    let backups = backup_root(context);
    let request = VerifyRequest {
        paths,
        user: context.user.clone(),
        backup_root: backups.is_dir().then_some(backups.as_path()),
        allow_edits,
        limits: Limits::default(),
        runs: RunOptions::default(),
        clock: &utc,
    };
    landfast_cutover::verify(store, &request, &Bars::new(context.quiet), interrupt.flag())
        .map_err(|error| failure(error, place))
}

/// The exit code of a finished report.
#[must_use]
pub fn exit(report: &Report) -> Exit {
    match report.outcome {
        Verdict::Complete => Exit::Done,
        Verdict::Quarantined => Exit::Quarantined,
        Verdict::Different => Exit::Different,
        Verdict::Interrupted => Exit::Interrupted,
    }
}

/// A failure of the cutover crate with the exit code and the advice that fit.
#[must_use]
pub fn failure(error: Error, place: &str) -> Failure {
    let hint = match &error {
        Error::NothingRecognised { .. } => {
            "name the folder that holds files such as tasks.csv or task_instances.csv, or one above it"
        }
        Error::TooManyQuarantined { .. } => "`--dry-run` lists them; mend the source or raise --max-quarantined",
        Error::SourceChanged { .. } | Error::HalfLoaded { .. } => {
            "then run the import again; it goes on where it stopped"
        }
        Error::Interrupted => "nothing is lost; run the same command again",
        Error::NotEmpty { .. } => "name a database that holds nothing yet; `landfast db migrate` makes an empty one",
        Error::CopyDiffers { .. } => {
            "a program may have written meanwhile: stop it and copy again into an empty target"
        }
        Error::NotClean { .. } => {
            "`landfast verify --allow-edits PATH` lists the differences, `landfast quarantine list` the records"
        }
        Error::NoSuchEntry { .. } => {
            "`landfast quarantine list` shows the places as FILE:LINE; --folder chooses one of several"
        }
        Error::NotMended { .. } => "give the whole record as it should stand in its file, with --from FILE or --from -",
        Error::Exists { .. } => "name a new or empty folder",
        Error::NoSpace { .. } => "make room, or choose a data directory on another disk with --data-dir",
        Error::Backup { .. } => "make room or choose another data directory with --data-dir; sources are untouched",
        Error::Store(landfast_domain::Error::Busy { .. }) => "wait until the other import is done and try again",
        Error::Store(_) => "`landfast doctor` checks the database",
        Error::Io { .. } | Error::Read { .. } | Error::Legacy(_) => {
            "check that the path exists and may be read or written, and that there is free space"
        }
        _ => "`landfast verify` shows what is damaged; the backups hold the sources",
    };
    let code = match error.exit_code() {
        4 => Exit::Different,
        5 => Exit::Busy,
        130 => Exit::Interrupted,
        _ => Exit::Failed,
    };
    let failure = Failure::failed(with_causes(&error)).with_exit(code).hint(hint);
    // Every other message names its own file.
    if matches!(error, Error::Store(_)) { failure.at(place) } else { failure }
}

/// Whether a date is given as `YYYY-MM-DD`; its first moment.
///
/// # Errors
/// When it is not.
pub fn scale_repair(text: &str) -> Result<Repair, Failure> {
    let before = Timestamp::parse(&format!("{text} 00:00")).ok_or_else(|| {
        Failure::usage(format!("--repair-scale {text:?} is no date"))
            .hint("write it as YYYY-MM-DD, for instance 2025-12-01")
    })?;
    Ok(Repair::Scale { before })
}

/// Whether the data directory, or a folder below it, holds something to import.
///
/// # Errors
/// When a folder cannot be read.
pub fn holds_legacy_data(context: &Context) -> Result<bool, Failure> {
    let backups = backup_root(context);
    landfast_cutover::holds_legacy_data(&context.config.data_dir(), Some(&backups))
        .map_err(|error| Failure::failed(with_causes(&error)))
}

/// Writes a report into files: as a page when the name ends in `.html`, else as JSON. A file gets its name when it
/// is complete.
///
/// # Errors
/// When a file cannot be written; `what` was done all the same.
pub fn write_reports(report: &Report, files: &[PathBuf], what: &str) -> Result<(), Failure> {
    for file in files {
        let is_page = file
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("html") || extension.eq_ignore_ascii_case("htm"));
        let text = if is_page { crate::html_report::render(report)? } else { report.to_json() };
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let new = file.with_file_name(format!(".{name}.landfast-new"));
        let written = landfast_cutover::write_synced(&new, text.as_bytes())
            .map_err(|error| with_causes(&error))
            .and_then(|()| std::fs::rename(&new, file).map_err(|error| error.to_string()));
        written.map_err(|error| {
            Failure::failed(format!("{what} is done, but its report cannot be written to {}: {error}", file.display()))
                .hint("run the same command again with another file; it changes nothing else")
        })?;
    }
    Ok(())
}

fn utc() -> Timestamp {
    Clock::now().utc
}

fn last_run_is_unfinished(store: &dyn Store, place: &str) -> Result<bool, Failure> {
    let last = store
        .read(|repositories| repositories.imports()?.list_runs(1))
        .map_err(|error| Failure::from(error).at(place))?;
    Ok(last.first().is_some_and(|run| !matches!(run.state.as_str(), "complete" | "quarantined")))
}

fn save(store: &dyn Store, place: &str, report: &Report) -> Result<(), Failure> {
    let run = ImportRun {
        id: report.run.clone().unwrap_or_default(),
        started_at: Timestamp::parse(&report.started_at).unwrap_or_else(utc),
        finished_at: Some(utc()),
        state: match report.outcome {
            Verdict::Complete => "complete",
            Verdict::Quarantined => "quarantined",
            Verdict::Different => "different",
            Verdict::Interrupted => "interrupted",
        }
        .to_owned(),
        report: report.to_json(),
    };
    store.write(|repositories| repositories.imports()?.save_run(&run)).map_err(|error| Failure::from(error).at(place))
}
