//! A report as one HTML file that needs nothing else: no network, no scripts.

mod charts;
mod lists;

use crate::failure::Failure;
use crate::output::{self, count};
use askama::Template;
use charts::Bar;
use landfast_cutover::Report;
use landfast_cutover::report::{Counts, FileReport, Mode, SourceReport, Status, Verdict};
use lists::{Group, PlainList, VerificationView};

#[derive(Template)]
#[template(path = "report.html")]
struct ReportPage {
    style: &'static str,
    title: &'static str,
    verdict: &'static str,
    level: &'static str,
    code: u8,
    when: String,
    database: String,
    user: String,
    run: Option<String>,
    next: Option<String>,
    facts: Vec<Tile>,
    parts: Vec<(&'static str, &'static str)>,
    bars: Vec<Bar>,
    bars_height: u32,
    more_bars: usize,
    sources: Vec<SourceView>,
    timings: Vec<Bar>,
    timings_height: u32,
    verification: Option<VerificationView>,
    quarantine: Vec<Group>,
    findings: Vec<Group>,
    lists: Vec<PlainList>,
    version: &'static str,
}

/// A number that matters.
struct Tile {
    name: &'static str,
    value: String,
    /// `good`, `warn`, `bad` or nothing.
    level: &'static str,
}

struct SourceView {
    area: String,
    path: String,
    known_as: Option<String>,
    rows: Vec<FileRow>,
}

struct FileRow {
    path: String,
    entity: String,
    status: &'static str,
    size: String,
    sha256: String,
    dialect: String,
    /// Records, loaded, duplicate, quarantined, joined, new, updated, same, gone, findings.
    numbers: [String; 10],
    is_sum: bool,
}

/// The report of a plan, an import or a verification as HTML.
///
/// # Errors
/// When the template cannot be rendered.
pub fn render(report: &Report) -> Result<String, Failure> {
    let (level, verdict) = verdict(report);
    let (bars, more_bars) = charts::records(report);
    let timings = charts::timings(report);
    let page = ReportPage {
        style: include_str!("../../assets/report.css"),
        title: match report.mode {
            Mode::Plan => "Plan of an import",
            Mode::Import => "Import",
            Mode::Verify => "Verification",
        },
        verdict,
        level,
        code: report.exit_code,
        when: to_the_second(report.finished_at.as_deref().unwrap_or(&report.started_at)),
        database: report.database.clone(),
        user: report.user.clone(),
        run: report.run.clone(),
        next: report.next.clone(),
        facts: tiles(report),
        parts: Vec::new(),
        bars_height: charts::height(&bars),
        bars,
        more_bars,
        sources: report.sources.iter().map(source).collect(),
        timings_height: charts::height(&timings),
        timings,
        verification: report.verification.as_ref().map(VerificationView::new),
        quarantine: lists::quarantine(report),
        findings: lists::findings(report),
        lists: lists::others(report),
        version: env!("CARGO_PKG_VERSION"),
    };
    let page = ReportPage { parts: parts(&page), ..page };
    page.render().map_err(|error| Failure::failed(format!("cannot render the report as HTML: {error}")))
}

/// A time in ISO form as people read it.
fn to_the_second(iso: &str) -> String {
    iso.split('.').next().unwrap_or(iso).replace('T', " ")
}

fn verdict(report: &Report) -> (&'static str, &'static str) {
    match (report.mode, report.outcome) {
        (Mode::Plan, Verdict::Quarantined) => ("warn", "Nothing was written; some records cannot be loaded"),
        (Mode::Plan, _) => ("good", "Nothing was written; every record can be loaded"),
        (_, Verdict::Interrupted) => ("warn", "Interrupted; what was done so far is kept"),
        (Mode::Import, Verdict::Complete) => ("good", "Complete, nothing was left out"),
        (Mode::Import, Verdict::Quarantined) => ("warn", "Complete, but for records in quarantine"),
        (Mode::Verify, Verdict::Complete) => ("good", "Source and database agree"),
        (Mode::Verify, Verdict::Quarantined) => ("warn", "Source and database agree, but for records in quarantine"),
        (_, Verdict::Different) => ("bad", "Source and database differ"),
    }
}

fn tiles(report: &Report) -> Vec<Tile> {
    let totals = &report.totals;
    let number = |name, value: u64, level| Tile { name, value: count(value), level };
    let alarm = |value: u64, level| if value > 0 { level } else { "" };
    let files = report.sources.iter().map(|source| source.files.len()).sum::<usize>();
    let bytes = report.sources.iter().flat_map(|source| &source.files).map(|file| file.size_bytes).sum();
    let mut tiles = vec![
        number("Documents", u64::try_from(files).unwrap_or(u64::MAX), ""),
        Tile { name: "Size", value: output::bytes(bytes), level: "" },
        number("Records", totals.records, ""),
        number("Loaded", totals.loaded, alarm(totals.loaded, "good")),
        number("Duplicate", totals.duplicate, ""),
        number("In quarantine", totals.quarantined, alarm(totals.quarantined, "bad")),
        number("Findings", report.finding_totals.values().sum(), ""),
    ];
    match &report.verification {
        Some(verification) => {
            let total = verification.differences_total;
            tiles.push(number("Differences", total, if total > 0 { "bad" } else { "good" }));
        }
        None if report.mode == Mode::Plan => {
            let estimate = &report.estimate;
            let needed = estimate.database_bytes + estimate.backup_bytes;
            let is_tight = estimate.free_bytes.is_some_and(|free| free < needed);
            let level = if is_tight { "bad" } else { "" };
            tiles.push(Tile { name: "Disk space needed", value: output::bytes(needed), level });
            if let Some(free) = estimate.free_bytes {
                tiles.push(Tile { name: "Disk space free", value: output::bytes(free), level });
            }
            let time = std::time::Duration::try_from_secs_f64(estimate.seconds).unwrap_or_default();
            tiles.push(Tile { name: "Expected time", value: output::duration(time), level: "" });
        }
        None => {}
    }
    tiles
}

fn source(source: &SourceReport) -> SourceView {
    let mut rows: Vec<FileRow> = source.files.iter().map(file).collect();
    if source.files.len() > 1 {
        let mut sum = Counts::default();
        source.files.iter().for_each(|file| sum.add(&file.counts));
        let findings = source.files.iter().flat_map(|file| file.findings.values()).sum();
        rows.push(FileRow {
            path: "total".to_owned(),
            entity: String::new(),
            status: "",
            size: output::bytes(source.files.iter().map(|file| file.size_bytes).sum()),
            sha256: String::new(),
            dialect: String::new(),
            numbers: numbers(&sum, findings),
            is_sum: true,
        });
    }
    SourceView { area: source.area.clone(), path: source.path.clone(), known_as: source.known_as.clone(), rows }
}

fn file(file: &FileReport) -> FileRow {
    FileRow {
        path: file.path.clone(),
        entity: file.entity.replace('_', " "),
        status: match file.status {
            Status::New => "new",
            Status::Resumed => "resumed",
            Status::Changed => "changed",
            Status::Refreshed => "refreshed",
            Status::Unchanged => "unchanged",
        },
        size: output::bytes(file.size_bytes),
        sha256: file.sha256.clone(),
        dialect: file.dialect.clone(),
        numbers: numbers(&file.counts, file.findings.values().sum()),
        is_sum: false,
    }
}

fn numbers(counts: &Counts, findings: u64) -> [String; 10] {
    [
        counts.records,
        counts.loaded,
        counts.duplicate,
        counts.quarantined,
        counts.joined,
        counts.inserted,
        counts.updated,
        counts.unchanged,
        counts.gone + counts.pruned,
        findings,
    ]
    .map(count)
}

/// Anchors of the parts that are there.
fn parts(page: &ReportPage) -> Vec<(&'static str, &'static str)> {
    let mut parts = vec![("records", "Records")];
    let some = [
        (!page.timings.is_empty(), ("time", "Time")),
        (page.verification.is_some(), ("verification", "Verification")),
        (!page.quarantine.is_empty(), ("quarantine", "Not loaded")),
        (!page.findings.is_empty(), ("findings", "Findings")),
        (!page.sources.is_empty(), ("documents", "Documents")),
    ];
    parts.extend(some.into_iter().filter_map(|(is_there, part)| is_there.then_some(part)));
    parts.extend(page.lists.iter().map(|list| (list.id, list.title)));
    parts
}
