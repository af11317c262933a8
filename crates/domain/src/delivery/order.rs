//! The order of weeks, and how many of them a list holds; the same in every store.

use super::snapshot::MetricsSnapshot;
use super::week::IsoWeek;
use std::cmp::Reverse;
use std::collections::HashSet;

/// Sorts snapshots: newest week first, labels that name no week last, ties by place descending, then kind,
/// then the bytes of the labels.
pub fn newest_weeks_first(snapshots: &mut [MetricsSnapshot]) {
    snapshots.sort_by(|a, b| {
        let newest = |snapshot: &MetricsSnapshot| (Reverse((snapshot.week, snapshot.ordinal)), snapshot.kind);
        newest(a).cmp(&newest(b)).then_with(|| a.label.cmp(&b.label))
    });
}

/// Keeps what belongs to the first so many different weeks of a list; labels that name no week count one
/// each. `None` keeps everything.
///
/// ```
/// use landfast_domain::delivery::{IsoWeek, order::keep_newest_weeks};
///
/// let mut labels = vec!["2025-W08", "2025-8", "2025-W07", "note"];
/// keep_newest_weeks(&mut labels, Some(2), |label| (IsoWeek::parse(label), *label));
/// assert_eq!(labels, ["2025-W08", "2025-8", "2025-W07"]);
/// ```
pub fn keep_newest_weeks<T>(list: &mut Vec<T>, weeks: Option<usize>, week: impl Fn(&T) -> (Option<IsoWeek>, &str)) {
    let Some(weeks) = weeks else { return };
    let mut seen = HashSet::new();
    list.retain(|element| {
        let (week, label) = week(element);
        let key = week.map_or_else(|| Err(label.to_owned()), Ok);
        seen.contains(&key) || (seen.len() < weeks && seen.insert(key))
    });
}
