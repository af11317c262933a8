//! Cumulative flow: how many issues were in which status on each day.

use super::history::{FlowIssue, StatusLists, contains};
use chrono::{Days, NaiveDate};
use serde::Serialize;

/// Name of the band of issues that are not begun.
pub const WAITING: &str = "waiting";
/// Name of the band of finished issues.
pub const FINISHED: &str = "finished";

/// Days and bands of a cumulative flow diagram.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CumulativeFlow {
    /// First day as `YYYY-MM-DD`; days follow without gaps.
    pub from: String,
    /// Names of the bands, from the bottom of the diagram: [`FINISHED`], the statuses of work in progress from
    /// the last to the first of the profile's list, [`WAITING`].
    pub bands: Vec<String>,
    /// For each day the number of issues in each band at its end.
    pub days: Vec<Vec<i64>>,
}

/// Cumulative flow from one day to another, both included; both are days of UTC. `None` when the second is
/// earlier. At most 4,000 days: the newest ones.
///
/// An issue is in a band from the end of the day of its change. Before its first change it is in the status
/// that change names as the one before; without any history it waits until it is resolved, or is in its
/// present status since its creation. A status that is neither of work in progress nor an end status is
/// waiting. Of issues with the same key only the newest counts; issues without a creation date are left out.
#[must_use]
pub fn cumulative_flow(
    issues: &[FlowIssue<'_>],
    lists: &StatusLists,
    (from, to): (NaiveDate, NaiveDate),
) -> Option<CumulativeFlow> {
    let from = from.max(to.checked_sub_days(Days::new(3_999)).unwrap_or(from));
    let length = usize::try_from((to - from).num_days()).ok()? + 1;
    let mut bands = vec![FINISHED.to_owned()];
    bands.extend(lists.wip.iter().rev().filter(|name| !contains(&lists.end, name)).cloned());
    bands.push(WAITING.to_owned());
    let place = |status: &str| -> usize {
        if contains(&lists.end, status) {
            return 0;
        }
        let waiting = bands.len() - 1;
        bands.iter().skip(1).position(|band| band == status).map_or(waiting, |place| (place + 1).min(waiting))
    };
    // Changes of the numbers from one day to the next; added up at the end.
    let mut days = vec![vec![0_i64; bands.len()]; length];
    for issue in issues.iter().filter(|issue| !issue.row.is_superseded) {
        // Most issues reached their status before the first day; how they got there leaves no trace.
        if let (Some((at, status)), Some(created)) = (issue.path.last(), issue.created)
            && (*at).max(created).naive().date() <= from
            && let Some(entered) = days.first_mut().and_then(|day| day.get_mut(place(status)))
        {
            *entered += 1;
            continue;
        }
        let mut last: Option<usize> = None;
        for (day, status) in steps(issue) {
            if day > to {
                break;
            }
            let at = usize::try_from((day - from).num_days().max(0)).unwrap_or(0);
            let band = if status == FINISHED { 0 } else { place(status) };
            let Some(changes) = days.get_mut(at) else { continue };
            if let Some(left) = last.and_then(|last| changes.get_mut(last)) {
                *left -= 1;
            }
            if let Some(entered) = changes.get_mut(band) {
                *entered += 1;
            }
            last = Some(band);
        }
    }
    let mut sums = vec![0_i64; bands.len()];
    for day in &mut days {
        for (sum, change) in sums.iter_mut().zip(day.iter_mut()) {
            *sum += *change;
            *change = *sum;
        }
    }
    Some(CumulativeFlow { from: from.to_string(), bands, days })
}

/// The days on which an issue changed and what it became, by time; first its creation.
fn steps<'a>(issue: &'a FlowIssue<'_>) -> Vec<(NaiveDate, &'a str)> {
    let facts = &issue.row.facts;
    let day = |moment: &Option<landfast_domain::delivery::Moment>| Some(moment.as_ref()?.instant?.naive().date());
    let Some(created) = day(&facts.created) else { return Vec::new() };
    let mut steps = Vec::new();
    let first =
        issue.row.status_changes().min_by_key(|change| change.changed.as_ref().and_then(|moment| moment.instant));
    match (first, day(&facts.resolved)) {
        (Some(change), _) => {
            steps.push((created, change.from.as_deref().unwrap_or(WAITING)));
            steps.extend(issue.path.iter().map(|(at, status)| (at.naive().date().max(created), *status)));
        }
        (None, Some(resolved)) => {
            steps.push((created, WAITING));
            steps.push((resolved.max(created), FINISHED));
        }
        (None, None) => steps.push((created, facts.status.as_deref().unwrap_or(WAITING))),
    }
    steps
}
