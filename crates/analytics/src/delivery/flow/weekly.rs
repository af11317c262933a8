//! Flow metrics of one week, as snapshots keep them.

use super::history::{FlowIssue, StatusLists, contains};
use super::types::short_key;
use crate::delivery::numbers::{mean_or_zero, median_or_zero, rounded};
use landfast_domain::delivery::IsoWeek;
use landfast_domain::instant::later;
use landfast_domain::time::Timestamp;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// A week.
const WEEK: Duration = Duration::from_secs(7 * 86_400);

/// Flow metrics of a week. Times are those of UTC.
#[derive(Debug, Clone, PartialEq)]
pub struct WeeklyFlow {
    /// The week.
    pub week: IsoWeek,
    /// Issues finished in the week: first time in an end status, else resolution date, from Monday on and
    /// before the next Monday, in the running week before now.
    pub completed: usize,
    /// Those of each type, by the type's short key. Issues of no type are not in here.
    pub by_type: [(&'static str, usize); 4],
    /// Their flow times in days.
    pub days: Vec<f64>,
    /// Their flow efficiencies in percent.
    pub efficiencies: Vec<f64>,
    /// Issues in progress at the end of the week, of the running week now.
    pub load: usize,
    /// Those by status.
    pub load_by_status: Vec<(String, usize)>,
    /// Those by status as the original tells it of past weeks: an issue without a change before the week's end
    /// is not in here although `load` counts it, and one that went back to a status counts in that it reached
    /// last for the *first* time.
    pub legacy_load_by_status: Vec<(String, usize)>,
    /// Those by issue type.
    pub load_by_issue_type: Vec<(String, usize)>,
}

/// Start of a week, of the week after it, and whether `now` is in between.
#[must_use]
pub fn bounds(week: IsoWeek, now: Timestamp) -> (Timestamp, Timestamp, bool) {
    let start = Timestamp::new(week.monday().and_time(chrono::NaiveTime::MIN));
    let end = later(start, WEEK);
    (start, end, start <= now && now < end)
}

/// Measures weeks.
///
/// The load of a past week is rebuilt: an issue created later does not count, an end status does not count
/// even if the profile lists it among those in progress.
#[must_use]
pub fn weekly_flow(
    issues: &[FlowIssue<'_>],
    lists: &StatusLists,
    weeks: &[IsoWeek],
    now: Timestamp,
) -> Vec<WeeklyFlow> {
    let mut found: Vec<(WeeklyFlow, Span)> =
        weeks.iter().map(|week| (WeeklyFlow::empty(*week), Span::new(*week, now))).collect();
    let first = found.iter().map(|(_, span)| span.start).min();
    // Each issue is looked at once for all weeks; most were finished long before the first.
    for issue in issues.iter().filter(|issue| first.is_none_or(|first| !is_over(issue, first))) {
        for (week, span) in &mut found {
            week.add(issue, lists, *span, now);
        }
    }
    found.into_iter().map(|(week, _)| week).collect()
}

/// The time a week covers.
#[derive(Debug, Clone, Copy)]
struct Span {
    start: Timestamp,
    /// The next Monday; `None` for the running week.
    end: Option<Timestamp>,
    /// The next Monday; for the running week now.
    until: Timestamp,
}

impl Span {
    fn new(week: IsoWeek, now: Timestamp) -> Self {
        let (start, end, is_running) = bounds(week, now);
        Self { start, end: (!is_running).then_some(end), until: if is_running { now } else { end } }
    }
}

/// Whether nothing about an issue changed since an instant, and it is not in progress.
fn is_over(issue: &FlowIssue<'_>, since: Timestamp) -> bool {
    let is_quiet = issue.path.last().is_some_and(|(at, _)| *at < since);
    is_quiet
        && issue.in_progress.last() == Some(&false)
        && !issue.is_in_progress
        && issue.finished.is_none_or(|at| at < since)
}

impl WeeklyFlow {
    fn empty(week: IsoWeek) -> Self {
        Self {
            week,
            completed: 0,
            by_type: ["feature", "defect", "risk", "tech_debt"].map(|key| (key, 0)),
            days: Vec::new(),
            efficiencies: Vec::new(),
            load: 0,
            load_by_status: Vec::new(),
            legacy_load_by_status: Vec::new(),
            load_by_issue_type: Vec::new(),
        }
    }

    fn add(&mut self, issue: &FlowIssue<'_>, lists: &StatusLists, span: Span, now: Timestamp) {
        if issue.finished.is_some_and(|at| span.start <= at && at < span.until) {
            self.completed += 1;
            let kind = issue.flow_type.map(|kind| short_key(&kind.name)).unwrap_or_default();
            if let Some((_, count)) = self.by_type.iter_mut().find(|(key, _)| *key == kind) {
                *count += 1;
            }
            self.days.extend(issue.flow_days());
            self.efficiencies.extend(issue.legacy_efficiency_percent(lists, now));
        }
        self.add_load(issue, lists, span.end);
    }

    fn add_load(&mut self, issue: &FlowIssue<'_>, lists: &StatusLists, end: Option<Timestamp>) {
        let present = issue.row.facts.status.as_deref().map(|status| (status, issue.is_in_progress));
        let known = match end {
            None => present,
            Some(end) => {
                if issue.created.is_some_and(|created| created >= end) {
                    return;
                }
                issue.status_before(end)
            }
        };
        let Some((status, true)) = known.or(present) else { return };
        self.load += 1;
        tally(&mut self.load_by_status, status);
        if known.is_some() {
            let shown = end.and_then(|end| last_reached(issue, lists, end)).unwrap_or(status);
            tally(&mut self.legacy_load_by_status, shown);
        }
        tally(&mut self.load_by_issue_type, issue.row.facts.issue_type.as_deref().unwrap_or("Unknown"));
    }

    /// The four metrics as the original's snapshots hold them: 0 for what could not be measured, the median
    /// under `avg_days` too, and a `p85_days` that is always 0.
    #[must_use]
    pub fn legacy_document(&self) -> Map<String, Value> {
        let median = rounded(median_or_zero(&self.days), 1);
        let efficiency = rounded(mean_or_zero(&self.efficiencies), 1);
        let counts =
            |list: &[(String, usize)]| list.iter().map(|(name, count)| (name.clone(), json!(count))).collect::<Value>();
        let distribution: Value = self.by_type.iter().map(|(key, count)| ((*key).to_owned(), json!(count))).collect();
        Map::from_iter([
            (
                "flow_time".to_owned(),
                json!({"median_days": median, "avg_days": median, "p85_days": 0, "completed_count": self.completed}),
            ),
            (
                "flow_efficiency".to_owned(),
                json!({"overall_pct": efficiency, "median_pct": efficiency, "avg_active_days": 0, "avg_waiting_days": 0, "completed_count": self.completed}),
            ),
            (
                "flow_load".to_owned(),
                json!({"wip_count": self.load, "by_status": counts(&self.legacy_load_by_status), "by_issue_type": counts(&self.load_by_issue_type)}),
            ),
            (
                "flow_velocity".to_owned(),
                json!({"completed_count": self.completed, "week": self.week.to_string(), "distribution": distribution}),
            ),
        ])
    }
}

/// The status of work in progress whose first entry is the latest before an instant.
fn last_reached<'a>(issue: &FlowIssue<'a>, lists: &StatusLists, end: Timestamp) -> Option<&'a str> {
    let mut seen: Vec<&str> = Vec::new();
    let before = issue.path.iter().take_while(|(at, _)| *at < end).map(|(_, status)| *status);
    for status in before.filter(|status| contains(&lists.wip, status)) {
        if !seen.contains(&status) {
            seen.push(status);
        }
    }
    seen.last().copied()
}

fn tally(list: &mut Vec<(String, usize)>, name: &str) {
    match list.iter_mut().find(|(known, _)| known == name) {
        Some((_, count)) => *count += 1,
        None => list.push((name.to_owned(), 1)),
    }
}
