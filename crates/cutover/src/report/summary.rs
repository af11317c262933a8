//! The report as a text of about one screen.

use super::{Counts, Mode, Report, Status, Verdict};
use std::fmt::Write as _;

/// Rows of a list that are shown before `… and n more`.
const SHOWN: usize = 8;

pub(super) fn render(report: &Report) -> String {
    let mut out = String::new();
    headline(report, &mut out);
    files(report, &mut out);
    findings(report, &mut out);
    quarantine(report, &mut out);
    list(&mut out, "Not read", report.unrecognised.iter().map(|entry| format!("{}: {}", entry.path, entry.reason)));
    closing(report, &mut out);
    out
}

fn headline(report: &Report, out: &mut String) {
    let title = match (report.mode, report.outcome) {
        (Mode::Plan, Verdict::Quarantined) => "Plan: nothing was written. Some records cannot be loaded.",
        (Mode::Plan, _) => "Plan: nothing was written.",
        (_, Verdict::Interrupted) => "Interrupted. What was done so far is kept.",
        (Mode::Import, Verdict::Complete) => "Import complete. Nothing was left out.",
        (Mode::Import, Verdict::Quarantined) => "Import complete, but for records in quarantine.",
        (Mode::Import, Verdict::Different) => "Import done, but source and database differ.",
        (Mode::Verify, Verdict::Complete) => "Verified: source and database agree.",
        (Mode::Verify, Verdict::Quarantined) => "Verified: source and database agree, but for records in quarantine.",
        (Mode::Verify, Verdict::Different) => "Verified: source and database differ.",
    };
    line(out, title);
}

fn files(report: &Report, out: &mut String) {
    for source in &report.sources {
        line(out, "");
        line(out, &format!("{}  {}", source.area, source.path));
        if let Some(known) = &source.known_as {
            line(out, &format!("  the same content was imported from {known}"));
        }
        let mut table = vec![
            ["file", "", "size", "records", "loaded", "duplicate", "quarantined", "new", "updated", "gone", "findings"]
                .map(str::to_owned)
                .to_vec(),
        ];
        for file in &source.files {
            let status = match file.status {
                Status::New => "new",
                Status::Resumed => "resumed",
                Status::Changed => "changed",
                Status::Refreshed => "refreshed",
                Status::Unchanged => "unchanged",
            };
            let mut row = vec![file.path.clone(), status.to_owned(), size(file.size_bytes)];
            row.extend(numbers(&file.counts));
            row.push(file.findings.values().sum::<u64>().to_string());
            table.push(row);
        }
        if source.files.len() > 1 {
            let mut sum = Counts::default();
            source.files.iter().for_each(|file| sum.add(&file.counts));
            let bytes = source.files.iter().map(|file| file.size_bytes).sum();
            let mut row = vec!["total".to_owned(), String::new(), size(bytes)];
            row.extend(numbers(&sum));
            row.push(source.files.iter().flat_map(|file| file.findings.values()).sum::<u64>().to_string());
            table.push(row);
        }
        aligned(out, &table, 2);
    }
}

fn numbers(counts: &Counts) -> [String; 7] {
    [
        counts.records,
        counts.loaded,
        counts.duplicate,
        counts.quarantined,
        counts.inserted,
        counts.updated,
        counts.gone + counts.pruned,
    ]
    .map(|number| number.to_string())
}

fn findings(report: &Report, out: &mut String) {
    if report.finding_totals.is_empty() {
        return;
    }
    line(out, "");
    line(out, "Findings (loaded all the same):");
    let mut table = Vec::new();
    for (code, total) in &report.finding_totals {
        let example = report.findings.iter().find(|finding| finding.code == *code);
        let example = example.map_or_else(String::new, |finding| {
            let column = if finding.column.is_empty() { String::new() } else { format!(" {}", finding.column) };
            format!("{}{column}: {}", place(&finding.path, finding.line), clipped(&finding.message))
        });
        table.push(vec![code.clone(), total.to_string(), example]);
    }
    let more = table.len().saturating_sub(2 * SHOWN);
    table.truncate(2 * SHOWN);
    aligned(out, &table, 1);
    if more > 0 {
        line(out, &format!("  … and {more} more kinds"));
    }
}

fn quarantine(report: &Report, out: &mut String) {
    let set_aside = report.totals.quarantined + report.totals.duplicate;
    if set_aside == 0 {
        return;
    }
    line(out, "");
    line(
        out,
        &format!("Not loaded: {} in quarantine, {} duplicate", report.totals.quarantined, report.totals.duplicate),
    );
    // Duplicates are there already; what is not there at all comes first.
    let (duplicates, lost): (Vec<_>, Vec<_>) = report.quarantine.iter().partition(|entry| entry.outcome == "duplicate");
    let rows: Vec<String> = lost
        .into_iter()
        .chain(duplicates)
        .take(SHOWN)
        .map(|entry| format!("  {}  {}: {}", place(&entry.path, entry.line), entry.code, clipped(&entry.message)))
        .collect();
    rows.iter().for_each(|row| line(out, row));
    let shown = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    if set_aside > shown {
        line(out, &format!("  … and {} more", set_aside - shown));
    }
}

fn closing(report: &Report, out: &mut String) {
    line(out, "");
    match report.mode {
        Mode::Plan => {
            let estimate = &report.estimate;
            line(
                out,
                &format!(
                    "An import needs about {} for the database, {} for the backup and {}.",
                    size(estimate.database_bytes),
                    size(estimate.backup_bytes),
                    duration(estimate.seconds)
                ),
            );
            if let Some(free) = estimate.free_bytes {
                let too_little = if estimate.fits() { "" } else { ": TOO LITTLE, if both lie there" };
                line(out, &format!("Free where the backups go: {}{too_little}.", size(free)));
            }
        }
        Mode::Import | Mode::Verify => {
            for backup in report.backup.iter().flatten() {
                let state = if backup.reused { "was there already and is intact" } else { "made and read back" };
                line(
                    out,
                    &format!("Backup:       {} ({} files, {}), {state}", backup.path, backup.files, size(backup.bytes)),
                );
            }
            if !report.removed_backups.is_empty() {
                line(out, &format!("              {} older backups were removed", report.removed_backups.len()));
            }
            verification(report, out);
            if let Some(repairs) = report.repairs.as_ref().filter(|repairs| !repairs.is_empty()) {
                line(out, &format!("Repaired:     {} cells", repairs.len()));
            }
        }
    }
    if let Some(timings) = &report.timings {
        let stages: Vec<String> =
            timings.iter().map(|(stage, seconds)| format!("{stage} {}", duration(*seconds))).collect();
        line(out, &format!("Time:         {}", stages.join(", ")));
    }
    if let Some(next) = &report.next {
        line(out, &format!("Next:         {next}"));
    }
}

fn verification(report: &Report, out: &mut String) {
    let Some(verification) = &report.verification else { return };
    let checks: Vec<String> =
        verification.checks.iter().map(|(name, check)| format!("{name} {}", check.checked)).collect();
    line(out, &format!("Verification: {} differences ({})", verification.differences_total, checks.join(", ")));
    for difference in verification.differences.iter().take(SHOWN) {
        let place = place(&difference.path, difference.line);
        let column = if difference.column.is_empty() { String::new() } else { format!(" {}", difference.column) };
        let texts = match (&difference.source, &difference.database) {
            (None, None) => String::new(),
            (source, database) => format!(
                " (source {:?}, database {:?})",
                clipped(source.as_deref().unwrap_or_default()),
                clipped(database.as_deref().unwrap_or_default())
            ),
        };
        line(out, &format!("  {place} {}{column}: {}{texts}", difference.key, difference.message));
    }
    if verification.edited_total > 0 {
        line(
            out,
            &format!(
                "Edited since: {} differences between source and database count as edits",
                verification.edited_total
            ),
        );
    }
    if verification.own_rows > 0 {
        line(out, &format!("Own rows:     {} rows come from no document", verification.own_rows));
    }
    for text in &verification.not_checked {
        line(out, &format!("Not checked:  {text}"));
    }
}

fn list(out: &mut String, title: &str, entries: impl ExactSizeIterator<Item = String>) {
    let total = entries.len();
    if total == 0 {
        return;
    }
    line(out, "");
    line(out, &format!("{title}:"));
    for entry in entries.take(SHOWN) {
        line(out, &format!("  {entry}"));
    }
    if total > SHOWN {
        line(out, &format!("  … and {} more", total - SHOWN));
    }
}

/// Writes rows with columns below each other; from column `left` on, numbers stand at the right.
fn aligned(out: &mut String, rows: &[Vec<String>], left: usize) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let is_number = |text: &str| text.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
    let widths: Vec<usize> = (0..columns)
        .map(|column| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0))
        .collect();
    for row in rows {
        let mut text = String::from(" ");
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let is_heading = rows.len() > 1 && rows.first() == Some(row) && column > left && columns > 3;
            let is_last = column + 1 == columns;
            let _ = if column >= left && (is_number(cell) || is_heading) && (!is_last || columns > 3) {
                write!(text, " {cell:>width$} ")
            } else {
                write!(text, " {cell:<width$} ")
            };
        }
        line(out, text.trim_end());
    }
}

/// A file, and the line in it if it concerns one.
fn place(path: &str, line: u64) -> String {
    if line > 0 { format!("{path}:{line}") } else { path.to_owned() }
}

/// A text on one line of moderate length.
fn clipped(text: &str) -> String {
    const MOST: usize = 70;
    let one_line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MOST).collect();
    if text.chars().count() > MOST { format!("{one_line}…") } else { one_line }
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

/// Bytes with a unit.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    let mut whole = bytes;
    let mut tenths = 0;
    let mut unit = "B";
    for next in UNITS {
        if whole < 1024 {
            break;
        }
        tenths = whole % 1024 * 10 / 1024;
        whole /= 1024;
        unit = next;
    }
    if unit == "B" || whole >= 100 { format!("{whole} {unit}") } else { format!("{whole}.{tenths} {unit}") }
}

fn duration(seconds: f64) -> String {
    if seconds < 1.0 {
        "less than a second".to_owned()
    } else if seconds < 120.0 {
        format!("{seconds:.0} s")
    } else {
        format!("{:.0} min", seconds / 60.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_durations_are_short() {
        assert_eq!(
            [0, 1023, 1024, 1536, 5 << 20, 300 << 30].map(size),
            ["0 B", "1023 B", "1.0 KiB", "1.5 KiB", "5.0 MiB", "300 GiB"]
        );
        assert_eq!([0.2, 12.4, 600.0].map(duration), ["less than a second", "12 s", "10 min"]);
    }

    #[test]
    fn long_and_broken_texts_fit_on_a_line() {
        assert_eq!(clipped("a\nb"), "a b");
        assert_eq!(clipped(&"x".repeat(200)).chars().count(), 71);
    }
}
