//! Numbers of bugs in a window.

use super::weekly::{Bug, BugWeek};
use crate::delivery::numbers::{count, mean_or_zero};
use chrono::NaiveDateTime;

/// Bugs of a window. Open bugs are those of all times.
#[derive(Debug, Clone, PartialEq)]
pub struct BugSummary {
    /// Bugs created in the window.
    pub total: usize,
    /// Bugs without a resolution date, whenever created.
    pub open: usize,
    /// Those of `total` that are resolved.
    pub closed: usize,
    /// `closed/total`, 0 to 1; `None` without any, for which the original says 0.
    pub resolution_rate: Option<f64>,
    /// Mean of the whole days from creation to resolution of the closed ones; `None` without any.
    pub mean_days: Option<f64>,
    /// Created in the last four weeks.
    pub recently_created: usize,
    /// Resolved in the last four weeks.
    pub recently_resolved: usize,
    /// `improving`, `degrading` or `stable`, by the last four weeks.
    pub trend: &'static str,
    /// Points of `total`.
    pub points: f64,
    /// Points of `open`.
    pub open_points: f64,
    /// Open bugs' points by those of all issues, 0 to 1; 0 without points.
    pub capacity: f64,
}

/// Summary of bugs created between two times, both included. `weeks`: the weekly numbers of the window;
/// `all_points`: points of all issues of development.
///
/// Trend: `improving` when `resolved > 1.1·created` over the last four weeks, `degrading` when
/// `created > 1.1·resolved`.
#[must_use]
pub fn summary(
    bugs: &[Bug],
    weeks: &[BugWeek],
    (from, to): (NaiveDateTime, NaiveDateTime),
    all_points: f64,
) -> BugSummary {
    let created: Vec<&Bug> =
        bugs.iter().filter(|bug| bug.created.is_some_and(|time| from <= time && time <= to)).collect();
    let closed = created.iter().filter(|bug| !bug.is_open);
    let days: Vec<f64> = closed
        .clone()
        .filter_map(|bug| Some((bug.resolved? - bug.created?).num_days()))
        .filter_map(|days| i32::try_from(days).ok().map(f64::from))
        .collect();
    let closed = closed.count();
    let recent = crate::delivery::input::last(weeks, 4);
    let recently_created = recent.iter().map(|week| week.created).sum();
    let recently_resolved = recent.iter().map(|week| week.resolved).sum();
    let (new, done) = (count(recently_created), count(recently_resolved));
    let open = bugs.iter().filter(|bug| bug.is_open);
    let open_points: f64 = open.clone().map(|bug| bug.points).sum();
    BugSummary {
        total: created.len(),
        open: open.count(),
        closed,
        resolution_rate: (!created.is_empty()).then(|| count(closed) / count(created.len())),
        mean_days: (!days.is_empty()).then(|| mean_or_zero(&days)),
        recently_created,
        recently_resolved,
        trend: if done > new * 1.1 {
            "improving"
        } else if new > done * 1.1 {
            "degrading"
        } else {
            "stable"
        },
        points: created.iter().map(|bug| bug.points).sum(),
        open_points,
        capacity: if all_points > 0.0 { open_points / all_points } else { 0.0 },
    }
}
