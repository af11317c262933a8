//! Comparing sources and database, record by record.

mod document;
mod notes;

pub(crate) use document::{Checked, DocumentCheck, Entries, check_document, damaged_pieces};

use crate::area::{AREAS, Share};
use crate::backup;
use crate::bytes::to_u64;
use crate::digest::TableDigest;
use crate::discover::discover;
use crate::document::DocumentKind;
use crate::error::{Error, Result};
use crate::export::{elsewhere, groups, kept_files, set_aside};
use crate::import::{Limits, fresh_report, seconds_between};
use crate::ledger::{self, is_replaced};
use crate::plan::{self, PlannedSource};
use crate::progress::{Progress, Stage};
use crate::report::{Counts, Difference, FileReport, Mode, Report, SourceReport, Status, Verdict, Verification};
use crate::runs::RunOptions;
use crate::transact::read;
use landfast_domain::Store;
use landfast_domain::accounts::UserId;
use landfast_domain::imports::{Document, DocumentState};
use landfast_domain::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;
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
    /// How directories of runs are read, see [`ImportRequest::runs`](crate::ImportRequest::runs).
    pub runs: RunOptions,
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
        .map(|source| plan::look(source, &documents, request.limits.listed_per_code, &request.runs))
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
    check_trees(store, &request.user, &targets, &request.limits, &mut verification)?;
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
    /// How it is read, where the folder it lies in was looked at.
    pub(crate) kind: Option<Rc<dyn DocumentKind>>,
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
            let known = target.kind.clone().or_else(|| plan::kind_of(document).map(Rc::from));
            let Some(kind) = known else {
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

/// Largest folder whose files are rendered as a whole for comparison, in bytes.
const LARGEST_TREE: i64 = 256 << 20;

/// Renders the files of areas whose files depend on each other, and compares them with the kept bytes. What the
/// comparison record by record cannot see, such as a row too many or a lost part of a document, shows here.
pub(crate) fn check_trees(
    store: &dyn Store,
    user: &UserId,
    targets: &[Target],
    limits: &Limits,
    verification: &mut Verification,
) -> Result<()> {
    let documents = ledger::documents(store, user)?;
    for area in AREAS {
        let Some(tree) = area.tree() else { continue };
        let groups = groups(area.name(), &documents);
        for (at, (source, documents)) in groups.iter().enumerate() {
            let own: Vec<&Target> = targets
                .iter()
                .filter(|target| target.document.area == area.name() && target.document.source == *source)
                .collect();
            if own.is_empty() || documents.iter().any(|document| document.state != DocumentState::Loaded) {
                continue;
            }
            if documents.iter().map(|document| document.size_bytes).sum::<i64>() > LARGEST_TREE {
                verification.not_checked.push(format!("{source}: too large to be rendered as a whole"));
                continue;
            }
            let elsewhere = elsewhere(&groups, at);
            let changes = read(store, |repositories| {
                let set_aside = set_aside(repositories, documents)?;
                let share = Share { adopts: false, elsewhere: &elsewhere, set_aside: &set_aside };
                let before = kept_files(repositories, documents)?;
                tree.render(repositories, &before, &share)
            })?;
            verification.checked("document", to_u64(documents.len()));
            for (path, change) in changes {
                let message = match change {
                    Some(_) => "rendered from the database, the document is another one",
                    None => "nothing in the database says that the document is there",
                };
                let difference = Difference {
                    check: "document".to_owned(),
                    path: path.clone(),
                    message: message.to_owned(),
                    ..Difference::default()
                };
                let may_differ = own.iter().any(|target| target.allow_edits)
                    || !own.iter().any(|target| target.document.path == path);
                if may_differ {
                    verification.is_edited(difference, limits.listed_differences);
                } else {
                    verification.differs(difference, limits.listed_differences);
                }
            }
        }
    }
    Ok(())
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
                targets.push(Target {
                    document: document.clone(),
                    file: None,
                    allow_edits: request.allow_edits,
                    kind: None,
                });
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
                    kind: Some(Rc::clone(&file.kind)),
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
