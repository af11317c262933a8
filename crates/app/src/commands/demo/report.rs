//! What the demo tells about an import.

use crate::areas::Holding;
use crate::backend::Opened;
use crate::output::{self, Align, Page, Table, count};
use landfast_cutover::Report;
use landfast_cutover::report::{SourceReport, Verification};
use landfast_demo::{Area, Summary};
use std::time::Duration;

/// Kinds of oddities that are named; the rest is counted.
const KINDS_SHOWN: usize = 8;

/// What was made up.
pub(in crate::commands) fn made_page(page: &mut Page, made: &[(Area, Summary)]) {
    let mut table = Table::new(&[("area", Align::Left), ("files", Align::Right), ("records", Align::Right)]);
    for (area, summary) in made {
        table.row(made_cells(area.as_str(), std::slice::from_ref(summary)));
    }
    let all: Vec<Summary> = made.iter().map(|(_, summary)| summary.clone()).collect();
    table.total(made_cells("total", &all));
    page.table(&table);
}

fn made_cells(name: &str, summaries: &[Summary]) -> [String; 3] {
    let files: usize = summaries.iter().map(|summary| summary.files.len()).sum();
    let records = summaries.iter().flat_map(|summary| &summary.files).map(|(_, records)| records).sum();
    [name.to_owned(), count(u64::try_from(files).unwrap_or(u64::MAX)), count(records)]
}

/// What every record would become.
pub(super) fn plan_page(plan: &Report) -> Page {
    let mut page = Page::new();
    page.gap();
    page.heading("2  Plan (nothing is written)");
    let columns = [
        ("area", Align::Left),
        ("documents", Align::Right),
        ("size", Align::Right),
        ("records", Align::Right),
        ("to load", Align::Right),
        ("duplicate", Align::Right),
        ("set aside", Align::Right),
        ("odd but kept", Align::Right),
    ];
    let mut table = Table::new(&columns);
    let mut sources: Vec<&SourceReport> = plan.sources.iter().collect();
    let order = |area: &str| {
        Area::parse(area).map_or(Area::ALL.len(), |area| Area::ALL.iter().position(|a| *a == area).unwrap_or(0))
    };
    sources.sort_by_key(|source| order(&source.area));
    for source in &sources {
        table.row(cells(&source.area, &[source]));
    }
    table.total(cells("total", &sources));
    page.table(&table);
    let mut odd: Vec<(&String, u64)> = plan.finding_totals.iter().map(|(code, total)| (code, *total)).collect();
    odd.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    if !odd.is_empty() {
        let shown: Vec<String> =
            odd.iter().take(KINDS_SHOWN).map(|(code, total)| format!("{} {code}", count(*total))).collect();
        let more = odd.len().saturating_sub(KINDS_SHOWN);
        let more = if more > 0 { format!(", and {more} other kinds") } else { String::new() };
        let text = format!("odd, but kept as it stands: {}{more}", shown.join(", "));
        page.line(&format!("  {}", page.style().dim(&output::safe(&text))));
    }
    page
}

/// Sums over the documents of some sources.
fn cells(name: &str, sources: &[&SourceReport]) -> [String; 8] {
    let files = || sources.iter().flat_map(|source| &source.files);
    [
        name.to_owned(),
        count(u64::try_from(files().count()).unwrap_or(u64::MAX)),
        output::bytes(files().map(|file| file.size_bytes).sum()),
        count(files().map(|file| file.counts.records).sum()),
        count(files().map(|file| file.counts.loaded).sum()),
        count(files().map(|file| file.counts.duplicate).sum()),
        count(files().map(|file| file.counts.quarantined).sum()),
        count(files().map(|file| file.findings.values().sum::<u64>()).sum()),
    ]
}

/// What was loaded, and what the database holds now.
pub(super) fn import_page(report: &Report, opened: &Opened, holdings: &[Holding]) -> Page {
    let mut page = Page::new();
    page.gap();
    page.heading("3  Import");
    page.line(&format!("  into    {}", output::safe(&opened.place)));
    let seconds = |stage: &str| {
        let seconds = report.timings.as_ref().and_then(|timings| timings.get(stage)).copied().unwrap_or_default();
        output::duration(Duration::try_from_secs_f64(seconds).unwrap_or_default())
    };
    let copied: u64 = report.backup.iter().flatten().map(|backup| backup.files).sum();
    if copied > 0 {
        let folders = report.backup.iter().flatten().count();
        let folders = output::counted(u64::try_from(folders).unwrap_or(u64::MAX), "folder");
        let files = output::counted(copied, "file");
        page.line(&format!("  backup  {files} of {folders} copied and read back, {}", seconds("backup")));
    }
    let totals = &report.totals;
    let rows = if totals.changes() == 0 {
        "0 changes: all of it is loaded already".to_owned()
    } else {
        format!("{} rows, {}", count(totals.inserted), seconds("load"))
    };
    page.line(&format!("  load    {rows}"));
    for holding in holdings {
        page.line(&format!("  {:<14}{}", holding.area, output::safe(&holding.line())));
    }
    page
}

/// How database and files compare.
pub(super) fn verify_page(report: &Report) -> Page {
    let mut page = Page::new();
    page.gap();
    page.heading("4  Verification: the database, read back, against the files");
    let style = page.style();
    let Some(Verification { checks, differences_total, .. }) = &report.verification else { return page };
    let number = |check: &str| count(checks.get(check).map_or(0, |check| check.checked));
    page.line(&format!(
        "  {} rows cell by cell, {} kept pieces, {} files of backups",
        number("rows"),
        number("pieces"),
        number("backup")
    ));
    let sum = format!(
        "{} differences, {} records left out, {} told twice in the same words",
        count(*differences_total),
        count(report.totals.quarantined),
        count(report.totals.duplicate)
    );
    let is_good = *differences_total == 0 && report.totals.quarantined == 0;
    page.line(&format!("  {}", if is_good { style.good(&sum) } else { style.bad(&sum) }));
    page
}
