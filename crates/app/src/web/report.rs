//! The last import, for the page and as JSON.

use super::frame::Visit;
use super::{Answer, Error};
use crate::output::{self, count};
use axum::http::header;
use axum::response::IntoResponse as _;
use landfast_cutover::Report;
use landfast_cutover::report::{Counts, FileReport, SourceReport};
use landfast_domain::Repositories;
use landfast_domain::imports::ImportRun;

/// The last import as the page shows it.
pub(super) struct ImportView {
    pub(super) level: &'static str,
    pub(super) verdict: &'static str,
    /// When it ended, or else began, UTC.
    pub(super) time: String,
    pub(super) folders: Vec<String>,
    pub(super) facts: Vec<Fact>,
    /// A row for each folder.
    pub(super) sources: Vec<SourceRow>,
    /// The largest documents.
    pub(super) files: Vec<FileRow>,
    /// How many there are besides.
    pub(super) more_files: usize,
}

/// Documents shown.
const FILES: usize = 40;

/// A name and a value.
pub(super) struct Fact {
    pub(super) name: String,
    pub(super) value: String,
}

/// A folder and what became of its records.
pub(super) struct SourceRow {
    pub(super) area: String,
    pub(super) documents: String,
    pub(super) counts: FileRow,
}

/// A file and what became of its records.
pub(super) struct FileRow {
    pub(super) area: String,
    pub(super) path: String,
    pub(super) records: String,
    pub(super) loaded: String,
    pub(super) duplicates: String,
    pub(super) quarantined: String,
    pub(super) size: String,
}

/// The newest run; a store without a ledger has none.
pub(super) fn last_run(repositories: &mut dyn Repositories) -> landfast_domain::Result<Option<ImportRun>> {
    match repositories.imports() {
        Ok(imports) => Ok(imports.list_runs(1)?.pop()),
        Err(landfast_domain::Error::Unsupported { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// `GET /api/v1/report`: the report of the newest import as JSON; 404 when there was none. It quotes the guest's
/// records, so it is for the guest, or who took the guest over.
pub(super) async fn last_report(visit: Visit) -> Answer {
    if !visit.owns_imports() {
        return Err(Error::Forbidden("the report is for the owner of the imported data"));
    }
    match visit.read(|repositories, _| last_run(repositories)).await? {
        Some(run) => Ok(([(header::CONTENT_TYPE, "application/json")], run.report).into_response()),
        None => Err(Error::NotFound("nothing was imported yet".to_owned())),
    }
}

impl ImportView {
    /// Reads a run and its report. A report this version does not understand is shown by its run alone.
    pub(super) fn new(run: &ImportRun) -> Self {
        let (level, verdict) = match run.state.as_str() {
            "complete" => ("good", "Complete, nothing left out"),
            "quarantined" => ("warn", "Complete, with records set aside"),
            "different" => ("bad", "Source and database differ"),
            "interrupted" => ("warn", "Interrupted; the same command goes on"),
            "running" => ("warn", "Running, or killed; the same command goes on"),
            _ => ("bad", "Failed"),
        };
        let time = run.finished_at.unwrap_or(run.started_at);
        let mut view = Self {
            level,
            verdict,
            time: time.naive().format("%Y-%m-%d %H:%M").to_string(),
            folders: Vec::new(),
            facts: Vec::new(),
            sources: Vec::new(),
            files: Vec::new(),
            more_files: 0,
        };
        if let Ok(report) = serde_json::from_str::<Report>(&run.report)
            && !report.sources.is_empty()
        {
            view.facts = facts(&report);
            view.folders = report.sources.iter().map(|source| source.path.clone()).collect();
            view.sources = report.sources.iter().map(source_row).collect();
            (view.files, view.more_files) = files(&report);
        }
        view
    }
}

fn facts(report: &Report) -> Vec<Fact> {
    let totals = &report.totals;
    let bytes = report.sources.iter().flat_map(|source| &source.files).map(|file| file.size_bytes).sum();
    let number = |name: &str, value: u64| Fact { name: name.to_owned(), value: count(value) };
    let mut facts = vec![
        number("Records", totals.records),
        number("Loaded", totals.loaded),
        number("Set aside", totals.quarantined + totals.duplicate),
        Fact { name: "Size".to_owned(), value: output::bytes(bytes) },
    ];
    if let Some(verification) = &report.verification {
        let compared = verification.checks.get("rows").map_or(0, |check| check.checked);
        facts.push(number("Compared", compared));
        facts.push(number("Differences", verification.differences_total));
    }
    facts
}

fn source_row(source: &SourceReport) -> SourceRow {
    let mut counts = Counts::default();
    source.files.iter().for_each(|file| counts.add(&file.counts));
    let size_bytes = source.files.iter().map(|file| file.size_bytes).sum();
    SourceRow {
        area: source.area.clone(),
        documents: count(u64::try_from(source.files.len()).unwrap_or(u64::MAX)),
        counts: row(&source.area, &source.path, &counts, size_bytes),
    }
}

/// The largest documents in the order of the report, and how many there are besides.
fn files(report: &Report) -> (Vec<FileRow>, usize) {
    let all: Vec<(&SourceReport, &FileReport)> =
        report.sources.iter().flat_map(|source| source.files.iter().map(move |file| (source, file))).collect();
    let mut sizes: Vec<u64> = all.iter().map(|(_, file)| file.size_bytes).collect();
    sizes.sort_unstable_by_key(|size| std::cmp::Reverse(*size));
    let least = sizes.get(FILES).copied();
    let large = all.iter().filter(|(_, file)| least.is_none_or(|least| file.size_bytes > least));
    let rows: Vec<FileRow> =
        large.map(|(source, file)| row(&source.area, &file.path, &file.counts, file.size_bytes)).collect();
    let more = all.len() - rows.len();
    (rows, more)
}

fn row(area: &str, path: &str, counts: &Counts, size_bytes: u64) -> FileRow {
    FileRow {
        area: area.to_owned(),
        path: path.to_owned(),
        records: count(counts.records),
        loaded: count(counts.loaded),
        duplicates: count(counts.duplicate),
        quarantined: count(counts.quarantined),
        size: output::bytes(size_bytes),
    }
}
