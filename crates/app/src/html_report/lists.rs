//! Lists of a report: findings, differences, backups and the rest.

use crate::output::{self, count};
use landfast_cutover::Report;
use landfast_cutover::report::{Difference, Verification};
use std::collections::BTreeMap;

/// Findings or records in quarantine with one code.
pub(super) struct Group {
    pub(super) code: String,
    pub(super) total: String,
    pub(super) spots: Vec<SpotRow>,
    pub(super) more: u64,
}

/// A place in a file.
pub(super) struct SpotRow {
    pub(super) source: String,
    pub(super) path: String,
    pub(super) line: String,
    pub(super) offset: String,
    pub(super) column: String,
    pub(super) message: String,
}

pub(super) fn findings(report: &Report) -> Vec<Group> {
    let mut groups: BTreeMap<&str, Vec<SpotRow>> = BTreeMap::new();
    for finding in &report.findings {
        groups.entry(&finding.code).or_default().push(SpotRow {
            source: finding.source.clone(),
            path: finding.path.clone(),
            line: number_or_nothing(finding.line),
            offset: if finding.line > 0 { count(finding.offset) } else { String::new() },
            column: finding.column.clone(),
            message: finding.message.clone(),
        });
    }
    let total = |code: &str, listed: usize| report.finding_totals.get(code).copied().unwrap_or(length(listed));
    groups.into_iter().map(|(code, spots)| group(code, total(code, spots.len()), spots)).collect()
}

/// Records that are not loaded; how many there are of a code is known for all codes together only.
pub(super) fn quarantine(report: &Report) -> Vec<Group> {
    // Duplicates are there already; what is not there at all comes first.
    let mut groups: BTreeMap<(bool, &str), Vec<SpotRow>> = BTreeMap::new();
    for entry in &report.quarantine {
        groups.entry((entry.outcome == "duplicate", &entry.code)).or_default().push(SpotRow {
            source: entry.source.clone(),
            path: entry.path.clone(),
            line: number_or_nothing(entry.line),
            offset: count(entry.offset),
            column: entry.column.clone(),
            message: entry.message.clone(),
        });
    }
    let listed: usize = groups.values().map(Vec::len).sum();
    let more = (report.totals.quarantined + report.totals.duplicate).saturating_sub(length(listed));
    let code =
        |is_duplicate: bool, code: &str| if is_duplicate { format!("{code} (duplicate)") } else { code.to_owned() };
    let mut groups: Vec<Group> = groups
        .into_iter()
        .map(|((is_duplicate, name), spots)| group(&code(is_duplicate, name), length(spots.len()), spots))
        .collect();
    if let Some(last) = groups.last_mut() {
        last.more = more;
    }
    groups
}

fn group(code: &str, total: u64, spots: Vec<SpotRow>) -> Group {
    let more = total.saturating_sub(length(spots.len()));
    Group { code: code.to_owned(), total: count(total), spots, more }
}

/// What a verification found.
pub(super) struct VerificationView {
    pub(super) checks: Vec<CheckRow>,
    pub(super) notes: Vec<String>,
    pub(super) lists: Vec<Differences>,
}

pub(super) struct CheckRow {
    pub(super) name: String,
    pub(super) meaning: &'static str,
    pub(super) checked: String,
    pub(super) differences: String,
}

pub(super) struct Differences {
    pub(super) title: &'static str,
    pub(super) rows: Vec<DifferenceRow>,
    pub(super) more: u64,
}

pub(super) struct DifferenceRow {
    pub(super) place: String,
    pub(super) check: String,
    pub(super) key: String,
    pub(super) column: String,
    pub(super) message: String,
    pub(super) source: String,
    pub(super) database: String,
}

impl VerificationView {
    pub(super) fn new(verification: &Verification) -> Self {
        let checks = verification
            .checks
            .iter()
            .map(|(name, check)| CheckRow {
                name: name.clone(),
                meaning: meaning(name),
                checked: count(check.checked),
                differences: count(check.differences),
            })
            .collect();
        let mut notes = Vec::new();
        if verification.own_rows > 0 {
            notes.push(format!("{} come from no document.", output::counted(verification.own_rows, "row")));
        }
        notes.extend(verification.not_checked.iter().map(|text| format!("Not checked: {text}.")));
        let lists = [
            ("Differences", &verification.differences, verification.differences_total),
            ("Edited since the import", &verification.edited, verification.edited_total),
        ]
        .into_iter()
        .filter(|(_, list, _)| !list.is_empty())
        .map(|(title, list, total)| Differences {
            title,
            rows: list.iter().map(difference).collect(),
            more: total.saturating_sub(length(list.len())),
        })
        .collect();
        Self { checks, notes, lists }
    }
}

fn difference(one: &Difference) -> DifferenceRow {
    DifferenceRow {
        place: if one.line > 0 { format!("{}:{}", one.path, one.line) } else { one.path.clone() },
        check: one.check.clone(),
        key: one.key.clone(),
        column: one.column.clone(),
        message: one.message.clone(),
        source: one.source.clone().unwrap_or_default(),
        database: one.database.clone().unwrap_or_default(),
    }
}

fn meaning(check: &str) -> &'static str {
    match check {
        "count" => "an independent count over the bytes with rows and quarantine",
        "rows" => "every cell of every record with its row",
        "files" => "the lists of files with what lies on disk",
        "document" => "the documents as they would be written from the database",
        "quarantine" => "the bytes of each record set aside with its entry",
        "pieces" => "SHA-256 of the kept bytes with that of the file",
        "source" => "SHA-256 of the files with what was imported",
        "backup" => "every file of the backups with its hash",
        _ => "",
    }
}

/// A table without further meaning.
pub(super) struct PlainList {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    /// Names, and whether they hold numbers.
    pub(super) columns: Vec<(&'static str, bool)>,
    pub(super) rows: Vec<Vec<String>>,
}

/// Backups, repairs, digests, and what was not recognised; those that are there.
pub(super) fn others(report: &Report) -> Vec<PlainList> {
    let mut lists = Vec::new();
    let mut add = |id, title, columns: &[(&'static str, bool)], rows: Vec<Vec<String>>| {
        if !rows.is_empty() {
            lists.push(PlainList { id, title, columns: columns.to_vec(), rows });
        }
    };
    let backups = report.backup.iter().flatten().map(|backup| {
        let state = if backup.reused { "was there already, intact" } else { "made and read back" };
        vec![
            backup.area.clone(),
            backup.path.clone(),
            count(backup.files),
            output::bytes(backup.bytes),
            state.to_owned(),
        ]
    });
    let columns = [("Area", false), ("Folder", false), ("Files", true), ("Size", true), ("State", false)];
    add("backups", "Backups of the sources", &columns, backups.collect());
    let repairs = report.repairs.iter().flatten().map(|repair| {
        vec![
            repair.entity.clone(),
            repair.key.clone(),
            repair.column.clone(),
            repair.before.clone(),
            repair.after.clone(),
        ]
    });
    let columns = [("Kind", false), ("Key", false), ("Column", false), ("Before", false), ("After", false)];
    add("repairs", "Repaired values", &columns, repairs.collect());
    let unrecognised = report.unrecognised.iter().map(|entry| vec![entry.path.clone(), entry.reason.clone()]);
    add("unread", "Not read", &[("Path", false), ("Reason", false)], unrecognised.collect());
    let digests = report.digests.iter().flatten().filter(|(_, digest)| digest.rows > 0);
    let digests = digests.map(|(entity, digest)| vec![entity.clone(), count(digest.rows), digest.sha256.clone()]);
    add("digests", "What the tables hold", &[("Kind", false), ("Rows", true), ("SHA-256", false)], digests.collect());
    lists
}

fn number_or_nothing(number: u64) -> String {
    if number > 0 { count(number) } else { String::new() }
}

fn length(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
