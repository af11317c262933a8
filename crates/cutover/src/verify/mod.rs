//! Comparing sources and database, record by record.

mod document;

pub(crate) use document::{Checked, DocumentCheck, check_document};

use crate::area::AREAS;
use crate::backup;
use crate::bytes::to_u64;
use crate::digest::TableDigest;
use crate::discover::discover;
use crate::error::{Error, Result};
use crate::import::{Limits, fresh_report, seconds_between};
use crate::ledger::{self, is_replaced};
use crate::plan::{self, PlannedSource};
use crate::progress::{Progress, Stage};
use crate::report::{
    Counts, Difference, FileReport, Mode, QuarantineReport, Report, SourceReport, Status, Verdict, Verification,
};
use crate::transact::read;
use landfast_domain::Store;
use landfast_domain::accounts::UserId;
use landfast_domain::imports::{Document, DocumentState};
use landfast_domain::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// What to compare.
pub struct VerifyRequest<'a> {
    /// Folders to compare with, or folders above them. Without any, the database is compared with the bytes
    /// it keeps itself.
    pub paths: &'a [PathBuf],
    /// Owner of the rows.
    pub user: UserId,
    /// Where the backups lie; `None` leaves them out.
    pub backup_root: Option<&'a Path>,
    /// Rows that differ from their source, or are missing, count as edits made since the import. Nothing
    /// marks a row as edited, so with this a damaged row counts as an edit as well.
    pub allow_edits: bool,
    /// How much is listed.
    pub limits: Limits,
    /// The clock, UTC.
    pub clock: &'a (dyn Fn() -> Timestamp + Sync),
}

/// Compares the database with the sources; see [`Verification`] for what the checks are. Writes nothing.
///
/// # Errors
/// [`Error::Store`], [`Error::Io`]; [`Error::Interrupted`]; [`Error::NothingRecognised`] when nothing was
/// ever imported. Differences are not an error.
pub fn verify(
    store: &dyn Store,
    request: &VerifyRequest<'_>,
    progress: &dyn Progress,
    interrupt: &AtomicBool,
) -> Result<Report> {
    let started = (request.clock)();
    let documents = ledger::documents(store, &request.user)?;
    let mut verification = Verification::default();
    let discovery = discover(request.paths, request.backup_root)?;
    let sources: Vec<PlannedSource> = discovery
        .sources
        .into_iter()
        .map(|source| plan::look(source, &documents, request.limits.listed_per_code))
        .collect::<Result<_>>()?;
    if !request.paths.is_empty() && sources.is_empty() || request.paths.is_empty() && documents.is_empty() {
        let paths: Vec<String> = request.paths.iter().map(|path| path.display().to_string()).collect();
        return Err(Error::NothingRecognised {
            paths: if paths.is_empty() { "the database".to_owned() } else { paths.join(", ") },
        });
    }
    let targets = targets(request, &documents, &sources, &mut verification);
    let total = targets.iter().map(|target| to_u64(target.document.size_bytes)).sum();
    progress.begin(Stage::Verify, total);
    let checked = check_all(store, &request.user, &targets, &request.limits, &mut verification, progress, interrupt);
    progress.end();
    let checked = checked?;
    check_backups(request, &targets, &mut verification)?;

    let mut report = fresh_report(Mode::Verify, store, &request.user, started);
    report.unrecognised = discovery.unrecognised;
    report.sources = source_reports(&targets, &checked);
    for checked in &checked {
        report.totals.add(&checked.counts);
        report.quarantine.extend(checked.quarantine.iter().cloned());
    }
    report.digests = Some(survey(store, &request.user, &targets, &checked, &mut verification, &request.limits)?);
    let finished = (request.clock)();
    report.finished_at = Some(finished.to_iso_text());
    report.timings = Some(BTreeMap::from([(Stage::Verify.to_string(), seconds_between(started, finished))]));
    report.outcome = verdict(&verification, &report.totals);
    report.exit_code = report.outcome.exit_code();
    report.verification = Some(verification);
    Ok(report)
}

pub(crate) fn verdict(verification: &Verification, totals: &Counts) -> Verdict {
    if verification.differences_total > 0 {
        Verdict::Different
    } else if totals.quarantined > 0 {
        Verdict::Quarantined
    } else {
        Verdict::Complete
    }
}

/// What every table of the user holds, by kind of record. Equal on every store that holds the same rows.
///
/// # Errors
/// [`Error::Store`] when the store fails.
pub fn digests(store: &dyn Store, user: &UserId) -> Result<BTreeMap<String, TableDigest>> {
    read(store, |repositories| {
        let mut digests = BTreeMap::new();
        for table in AREAS.iter().flat_map(|area| area.tables()) {
            digests.insert(table.entity().to_owned(), table.survey(repositories, user)?.digest);
        }
        Ok(digests)
    })
}

/// A document to be compared.
pub(crate) struct Target {
    pub(crate) document: Document,
    /// A file with the very bytes of the document.
    pub(crate) file: Option<PathBuf>,
    pub(crate) allow_edits: bool,
}

/// Compares documents, each in a transaction of its own.
pub(crate) fn check_all(
    store: &dyn Store,
    user: &UserId,
    targets: &[Target],
    limits: &Limits,
    verification: &mut Verification,
    progress: &dyn Progress,
    interrupt: &AtomicBool,
) -> Result<Vec<Checked>> {
    targets
        .iter()
        .map(|target| {
            let document = &target.document;
            let Some(kind) = plan::kind_of(document) else {
                verification.not_checked.push(format!("{}: unknown to this version of the program", document.path));
                return Ok(Checked::default());
            };
            let before = verification.clone();
            read(store, |repositories| {
                // A store may ask for the work to be repeated.
                verification.clone_from(&before);
                let mut checked = Checked::default();
                kind.check(
                    repositories,
                    DocumentCheck { user, target, limits, verification, checked: &mut checked, progress, interrupt },
                )?;
                Ok(checked)
            })
        })
        .collect()
}

/// Digests of all tables; rows that say they come from a document must have been met there.
pub(crate) fn survey(
    store: &dyn Store,
    user: &UserId,
    targets: &[Target],
    checked: &[Checked],
    verification: &mut Verification,
    limits: &Limits,
) -> Result<BTreeMap<String, TableDigest>> {
    let known: BTreeSet<i64> = ledger::documents(store, user)?.iter().map(|document| document.id.0).collect();
    let surveys = read(store, |repositories| {
        let mut surveys = Vec::new();
        for table in AREAS.iter().flat_map(|area| area.tables()) {
            surveys.push((table.entity().to_owned(), table.survey(repositories, user)?));
        }
        Ok(surveys)
    })?;
    let mut digests = BTreeMap::new();
    let mut rows_of: BTreeMap<i64, u64> = BTreeMap::new();
    for (entity, survey) in surveys {
        for (document, rows) in survey.rows_of {
            match document.filter(|document| known.contains(document)) {
                Some(document) => *rows_of.entry(document).or_default() += rows,
                None => verification.own_rows += rows,
            }
        }
        digests.insert(entity, survey.digest);
    }
    for (target, checked) in targets.iter().zip(checked) {
        let rows = rows_of.get(&target.document.id.0).copied().unwrap_or(0);
        if checked.is_complete && rows != checked.rows {
            let message =
                format!("{rows} rows say they come from this document, {} stand at their places", checked.rows);
            let difference = Difference {
                check: "rows".to_owned(),
                path: target.document.path.clone(),
                message,
                ..Difference::default()
            };
            verification.differs(difference, limits.listed_differences);
        }
    }
    Ok(digests)
}

fn targets(
    request: &VerifyRequest<'_>,
    documents: &[Document],
    sources: &[PlannedSource],
    verification: &mut Verification,
) -> Vec<Target> {
    let mut targets = Vec::new();
    let mut differs = |path: &str, message: &str| {
        let difference = Difference {
            check: "source".to_owned(),
            path: path.to_owned(),
            message: message.to_owned(),
            ..Difference::default()
        };
        verification.differs(difference, request.limits.listed_differences);
    };
    if sources.is_empty() {
        for document in documents {
            if document.state == DocumentState::Loaded && !is_replaced(document) {
                targets.push(Target { document: document.clone(), file: None, allow_edits: request.allow_edits });
            } else if !is_replaced(document) {
                differs(&document.path, "the document is half loaded; run the import again");
            }
        }
        return targets;
    }
    let mut compared = 0;
    for source in sources {
        for file in &source.files {
            compared += 1;
            match (file.status, &file.ledger.current) {
                (Status::Unchanged, Some(document)) => targets.push(Target {
                    document: document.clone(),
                    file: Some(file.location.clone()),
                    allow_edits: request.allow_edits,
                }),
                (Status::New, _) => differs(&file.path, "the file was never imported"),
                (Status::Changed, _) => differs(&file.path, "the file changed since it was imported"),
                _ => differs(&file.path, "the document is half loaded; run the import again"),
            }
        }
        source
            .missing
            .iter()
            .for_each(|document| differs(&document.path, "the file was imported, but is not in the folder any more"));
    }
    verification.checked("source", compared);
    targets
}

fn check_backups(request: &VerifyRequest<'_>, targets: &[Target], verification: &mut Verification) -> Result<()> {
    let Some(root) = request.backup_root else {
        verification.not_checked.push("backups: no folder given".to_owned());
        return Ok(());
    };
    let mut by_source: BTreeMap<(&str, &str), Vec<(&str, &str)>> = BTreeMap::new();
    for Target { document, .. } in targets {
        by_source.entry((&document.area, &document.source)).or_default().push((&document.path, &document.sha256));
    }
    for ((area, source), files) in by_source {
        let found = backup::find(root, area, &files)?;
        let mut problems = Vec::new();
        let mut intact = false;
        for folder in &found {
            match backup::check(folder, None) {
                Ok(listed) => {
                    intact = true;
                    verification.checked("backup", to_u64(listed.len()));
                }
                Err(error @ Error::Backup { .. }) => problems.push(error.to_string()),
                Err(error) => return Err(error),
            }
        }
        if found.is_empty() {
            problems.push(format!("no backup of this folder lies in {}", root.display()));
        }
        // A damaged backup is told even when there is an intact one of another state.
        if !intact || !problems.is_empty() {
            for message in problems {
                let difference = Difference {
                    check: "backup".to_owned(),
                    path: source.to_owned(),
                    message,
                    ..Difference::default()
                };
                verification.differs(difference, request.limits.listed_differences);
            }
        }
    }
    Ok(())
}

fn source_reports(targets: &[Target], checked: &[Checked]) -> Vec<SourceReport> {
    let mut sources: Vec<SourceReport> = Vec::new();
    for (Target { document, .. }, checked) in targets.iter().zip(checked) {
        let file = FileReport {
            path: document.path.clone(),
            entity: plan::kind_of(document).map_or_else(String::new, |kind| kind.entity().to_owned()),
            status: Status::Unchanged,
            size_bytes: to_u64(document.size_bytes),
            sha256: document.sha256.clone(),
            dialect: checked.dialect.clone(),
            counts: checked.counts,
            findings: BTreeMap::new(),
        };
        match sources.iter_mut().find(|source| source.area == document.area && source.path == document.source) {
            Some(source) => source.files.push(file),
            None => sources.push(SourceReport {
                area: document.area.clone(),
                path: document.source.clone(),
                known_as: None,
                files: vec![file],
            }),
        }
    }
    sources
}

/// Entries of a document for the report, the first `most`.
pub(crate) fn listed(
    entries: &[landfast_domain::imports::QuarantineEntry],
    document: &Document,
    most: usize,
) -> Vec<QuarantineReport> {
    entries.iter().take(most).map(|entry| QuarantineReport::of_entry(entry, &document.source, &document.path)).collect()
}
