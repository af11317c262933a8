//! Long breaks between attempts.

use landfast_domain::record::Record as _;
use landfast_domain::tasks::{Preference, TaskInstance};
use landfast_domain::text::{legacy_text, python_strip, round_to};
use landfast_domain::time::Timestamp;

/// A break counts as a gap when it is longer than this many days.
const LONGER_THAN_DAYS: f64 = 7.0;
const MINUTES_PER_DAY: f64 = 1440.0;

/// More than a week between two attempts that follow each other in time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gap {
    /// Length in days, rounded to one decimal.
    pub days: f64,
    /// When the last attempt before the gap was created.
    pub start: Timestamp,
    /// When the first attempt after the gap was created.
    pub end: Timestamp,
    /// Rows that stand before the row ending the gap, in file order; rows without a readable creation
    /// time are not counted. **Not** the number of attempts before the gap, unless the file is in order of time.
    pub rows_before: usize,
    /// Rows that stand after the row ending the gap, which is itself in neither number.
    pub rows_after: usize,
}

/// What is known about gaps, and whether the user still has to say how to go on.
#[derive(Debug, Clone, PartialEq)]
pub struct GapReport {
    /// All gaps in order of time.
    pub gaps: Vec<Gap>,
    /// The longest one, by rounded length; of several the earliest.
    pub largest: Option<Gap>,
    /// A gap exists and no preference says what to do about it.
    pub needs_decision: bool,
}

/// Finds all gaps between attempts, in order of time.
///
/// Attempts are ordered by creation time, those created in the same minute in list order. Attempts without
/// a readable creation time are left out.
#[must_use]
pub fn find_gaps<'a>(instances: impl IntoIterator<Item = &'a TaskInstance>) -> Vec<Gap> {
    let times = instances.into_iter().filter_map(|instance| instance.created_at.value());
    let mut rows: Vec<(Timestamp, usize)> = times.zip(0..).collect();
    let count = rows.len();
    rows.sort();
    let pairs = rows.iter().zip(rows.iter().skip(1));
    pairs
        .filter_map(|((start, _), (end, row))| {
            let days = end.minutes_since(*start) / MINUTES_PER_DAY;
            (days > LONGER_THAN_DAYS).then(|| Gap {
                days: round_to(days, 1),
                start: *start,
                end: *end,
                rows_before: *row,
                rows_after: count - row - 1,
            })
        })
        .collect()
}

/// Finds all gaps and decides whether the user has to be asked.
///
/// The answer (`continue_as_is` or `fresh_start`) is looked for in the first row of the user's preferences,
/// where the legacy program wrote it whoever had asked.
#[must_use]
pub fn gap_summary<'a>(
    instances: impl IntoIterator<Item = &'a TaskInstance>,
    first_preference: Option<&Preference>,
) -> GapReport {
    let gaps = find_gaps(instances);
    let mut largest: Option<Gap> = None;
    for gap in &gaps {
        if largest.is_none_or(|known| gap.days > known.days) {
            largest = Some(*gap);
        }
    }
    let decided = first_preference
        .and_then(|row| row.cell_named("gap_handling"))
        .is_some_and(|text| !python_strip(legacy_text(text)).is_empty());
    GapReport { needs_decision: largest.is_some() && !decided, gaps, largest }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(times: &[&str]) -> Vec<TaskInstance> {
        let row = |time: &&str| {
            let mut row = TaskInstance::blank("i".into());
            row.created_at.set_raw(*time);
            row
        };
        times.iter().map(row).collect()
    }

    #[test]
    fn only_more_than_seven_days_are_a_gap() {
        assert_eq!(find_gaps(&rows(&["2025-11-01 10:00", "2025-11-08 10:00"])), []);
        let gaps = find_gaps(&rows(&["2025-11-01 10:00", "2025-11-08 10:01"]));
        assert_eq!(gaps.len(), 1);
        assert_eq!((gaps[0].days, gaps[0].rows_before, gaps[0].rows_after), (7.0, 1, 0));
    }

    #[test]
    fn counts_come_from_places_in_the_file_without_unreadable_rows() {
        let rows = rows(&["2025-12-20 10:00", "soon", "2025-11-01 10:00", "2025-12-21 10:00"]);
        let gaps = find_gaps(&rows);
        assert_eq!((gaps[0].rows_before, gaps[0].rows_after), (0, 2));
    }

    #[test]
    fn the_first_of_the_longest_gaps_counts() {
        let rows = rows(&["2025-01-01 00:00", "2025-01-11 00:00", "2025-01-21 00:30", "2025-01-29 00:31"]);
        let report = gap_summary(&rows, None);
        assert_eq!(report.gaps.len(), 3);
        assert_eq!(report.largest.unwrap().start.to_minutes_text(), "2025-01-01 00:00");
        assert!(report.needs_decision);
    }

    #[test]
    fn a_stored_decision_needs_no_other() {
        let rows = rows(&["2025-01-01 00:00", "2025-02-01 00:00"]);
        let mut preference = Preference::blank("default".into());
        preference.set_cell_named("gap_handling", "NaN".to_owned());
        assert!(gap_summary(&rows, Some(&preference)).needs_decision);
        preference.set_cell_named("gap_handling", "fresh_start".to_owned());
        assert!(!gap_summary(&rows, Some(&preference)).needs_decision);
        assert!(!gap_summary([], None).needs_decision);
    }
}
