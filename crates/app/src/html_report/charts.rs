//! Bars of a report's charts, as numbers for the template.

use crate::output::{self, count};
use landfast_cutover::Report;
use landfast_cutover::report::Counts;
use std::time::Duration;

/// One bar with its name at the left and its number at the right.
pub(super) struct Bar {
    pub(super) y: u32,
    /// Name, shortened from its beginning when it is long.
    pub(super) name: String,
    /// The whole name.
    pub(super) path: String,
    pub(super) parts: Vec<Part>,
    pub(super) value: String,
    pub(super) value_x: String,
}

/// A coloured part of a bar.
pub(super) struct Part {
    pub(super) class: &'static str,
    pub(super) x: String,
    pub(super) width: String,
    pub(super) count: String,
}

/// Height of a bar with its distance to the next.
const STEP: u32 = 20;
/// Most documents that are drawn.
const DOCUMENTS: usize = 24;
/// Longest name that is drawn whole.
const NAME: usize = 44;
/// Where bars begin and how long the longest is.
const RECORDS: (f64, f64) = (340.0, 540.0);
const TIMES: (f64, f64) = (160.0, 640.0);
/// Least width of a part that is not nothing, so that one record in a million is seen.
const LEAST: f64 = 3.0;

/// Height of a chart.
pub(super) fn height(bars: &[Bar]) -> u32 {
    STEP * u32::try_from(bars.len()).unwrap_or(0)
}

/// What became of the records of each document, those with the most first; and how many are not drawn.
pub(super) fn records(report: &Report) -> (Vec<Bar>, usize) {
    let mut all: Vec<(&str, &str, &Counts)> = report
        .sources
        .iter()
        .flat_map(|source| source.files.iter().map(|file| (source.area.as_str(), file.path.as_str(), &file.counts)))
        .filter(|(_, _, counts)| counts.records > 0)
        .collect();
    all.sort_by_key(|(_, _, counts)| std::cmp::Reverse((counts.quarantined > 0, counts.records)));
    let more = all.len().saturating_sub(DOCUMENTS);
    all.truncate(DOCUMENTS);
    all.sort_by_key(|(_, _, counts)| std::cmp::Reverse(counts.records));
    let most = all.iter().map(|(_, _, counts)| counts.records).max().unwrap_or(1);
    let bars = all
        .into_iter()
        .enumerate()
        .map(|(at, (area, path, counts))| {
            let numbers = [
                ("loaded", counts.loaded),
                ("duplicate", counts.duplicate),
                ("quarantined", counts.quarantined),
                ("joined", counts.joined),
            ];
            let widths = numbers.map(|(class, number)| (class, share(number, most) * RECORDS.1, count(number)));
            bar(at, &format!("{area}/{path}"), &widths, count(counts.records), RECORDS.0)
        })
        .collect();
    (bars, more)
}

/// How long each stage took, in the order they come.
pub(super) fn timings(report: &Report) -> Vec<Bar> {
    const ORDER: [&str; 5] = ["plan", "backup", "load", "verify", "repair"];
    let Some(timings) = &report.timings else { return Vec::new() };
    let place = |name: &str| ORDER.iter().position(|stage| *stage == name).unwrap_or(ORDER.len());
    let mut stages: Vec<(&str, f64)> = timings.iter().map(|(name, seconds)| (name.as_str(), *seconds)).collect();
    stages.sort_by_key(|(name, _)| place(name));
    let most = stages.iter().map(|(_, seconds)| *seconds).fold(0.001, f64::max);
    stages
        .into_iter()
        .enumerate()
        .map(|(at, (name, seconds))| {
            let time = Duration::try_from_secs_f64(seconds).unwrap_or_default();
            let width = seconds / most * TIMES.1;
            bar(at, name, &[("stage", width, String::new())], output::duration(time), TIMES.0)
        })
        .collect()
}

fn bar(at: usize, path: &str, widths: &[(&'static str, f64, String)], value: String, left: f64) -> Bar {
    let mut x = left;
    let mut parts = Vec::new();
    for (class, width, count) in widths.iter().filter(|(_, width, _)| *width > 0.0) {
        let width = width.max(LEAST);
        parts.push(Part { class, x: format!("{x:.1}"), width: format!("{width:.1}"), count: count.clone() });
        x += width + 1.0;
    }
    Bar {
        y: STEP * u32::try_from(at).unwrap_or(0),
        name: shortened(path),
        path: path.to_owned(),
        parts,
        value,
        value_x: format!("{:.1}", x + 7.0),
    }
}

/// Part of the whole; exact enough for a picture.
fn share(number: u64, most: u64) -> f64 {
    let thousandths = u128::from(number) * 100_000 / u128::from(most.max(1));
    let share = f64::from(u32::try_from(thousandths).unwrap_or(100_000)) / 100_000.0;
    if number > 0 { share.max(f64::MIN_POSITIVE) } else { share }
}

/// The end of a name says more than its beginning.
fn shortened(name: &str) -> String {
    let length = name.chars().count();
    if length <= NAME {
        return name.to_owned();
    }
    std::iter::once('…').chain(name.chars().skip(length - NAME + 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_part_is_seen_and_nothing_has_no_part() {
        let widths = [
            ("loaded", share(1_000_000, 1_000_001) * 500.0, String::new()),
            ("quarantined", share(1, 1_000_001) * 500.0, String::new()),
            ("joined", share(0, 9) * 500.0, String::new()),
        ];
        let bar = bar(2, "x", &widths, String::new(), 100.0);
        assert_eq!(bar.parts.len(), 2);
        assert_eq!((bar.y, bar.parts[1].width.as_str()), (40, "3.0"));
    }

    #[test]
    fn long_names_keep_their_end() {
        let name = shortened(&format!("{}/issues.json", "deep/".repeat(20)));
        assert!(name.starts_with('…') && name.ends_with("/issues.json"));
        assert_eq!(name.chars().count(), NAME);
    }
}
