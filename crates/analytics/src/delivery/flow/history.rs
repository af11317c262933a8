//! An issue's path through the statuses.

use super::metrics::{TYPES, is_spelled};
use super::types::flow_type;
use crate::delivery::input::QueryData;
use crate::delivery::issue_row::IssueRow;
use crate::delivery::settings::{DeliverySettings, FlowType};
use landfast_domain::json::Json;
use landfast_domain::time::Timestamp;

/// Microseconds of a day.
pub(crate) const DAY: f64 = 86_400_000_000.0;

/// Which statuses mean what. An empty list of the settings has a default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusLists {
    /// Work is finished: Done, Resolved, Closed.
    pub end: Vec<String>,
    /// Work begins: In Progress, In Review.
    pub start: Vec<String>,
    /// Work is in progress: In Progress, In Review, In Development.
    pub wip: Vec<String>,
    /// Somebody works; without any there is no efficiency.
    pub active: Vec<String>,
}

/// An issue with its path.
#[derive(Debug, Clone)]
pub struct FlowIssue<'a> {
    /// The issue.
    pub row: &'a IssueRow,
    /// Type of flow; `None` when no type fits.
    pub flow_type: Option<&'a FlowType>,
    /// Each status it got and when, by time.
    pub path: Vec<(Timestamp, &'a str)>,
    /// For each step of the path whether the status is one of work in progress, and no end status.
    pub in_progress: Vec<bool>,
    /// Whether its present status is.
    pub is_in_progress: bool,
    /// Whether its present status is one of work in progress, be it an end status or not.
    pub is_in_wip: bool,
    /// Place of its type of flow in [`TYPES`].
    pub type_place: Option<usize>,
    /// First time in a status where work begins.
    pub started: Option<Timestamp>,
    /// First time in a status where work is finished.
    pub ended: Option<Timestamp>,
    /// When it was created.
    pub created: Option<Timestamp>,
    /// When it was finished: first time in an end status, else the resolution date.
    pub finished: Option<Timestamp>,
    /// Whether the field that tells of completion (mapping `completed_date`) has a value.
    pub is_completed: bool,
    /// Its efficiency at the time it was finished, which no later time changes.
    final_efficiency: Option<f64>,
}

impl StatusLists {
    /// The lists of a profile.
    #[must_use]
    pub fn read(settings: &DeliverySettings) -> Self {
        Self::with_default_wip(settings, &["In Progress", "In Review", "In Development"])
    }

    /// The lists of a profile, as the weekly job of the original reads them: other statuses are work in
    /// progress when the profile names none.
    #[must_use]
    pub fn read_weekly(settings: &DeliverySettings) -> Self {
        Self::with_default_wip(settings, &["In Progress", "In Review", "Testing", "Ready for Testing", "In Deployment"])
    }

    fn with_default_wip(settings: &DeliverySettings, wip: &[&str]) -> Self {
        let or = |list: &[String], default: &[&str]| {
            if list.is_empty() { default.iter().map(|name| (*name).to_owned()).collect() } else { list.to_vec() }
        };
        Self {
            end: or(&settings.flow_end_statuses, &["Done", "Resolved", "Closed"]),
            start: or(&settings.flow_start_statuses, &["In Progress", "In Review"]),
            wip: or(&settings.wip_statuses, wip),
            active: settings.active_statuses.clone(),
        }
    }
}

/// Issues of development with their paths, in the order of the document, repeated keys included.
#[must_use]
pub fn flow_issues<'a>(data: &'a QueryData, lists: &StatusLists) -> Vec<FlowIssue<'a>> {
    data.development_issues().map(|row| FlowIssue::new(row, &data.settings, lists)).collect()
}

impl<'a> FlowIssue<'a> {
    /// Follows an issue.
    #[must_use]
    pub fn new(row: &'a IssueRow, settings: &'a DeliverySettings, lists: &StatusLists) -> Self {
        let changes = row
            .status_changes()
            .filter_map(|change| Some((change.changed.as_ref()?.instant?, change.to.as_deref().unwrap_or_default())));
        let mut path: Vec<(Timestamp, &str)> = changes.collect();
        // Stable, so that changes of one instant stay in the order of the document.
        path.sort_by_key(|(at, _)| *at);
        let first = |list: &[String]| path.iter().find(|(_, status)| contains(list, status)).map(|(at, _)| *at);
        let (started, ended) = (first(&lists.start), first(&lists.end));
        let counts = |status: &str| contains(&lists.wip, status) && !contains(&lists.end, status);
        let flow_type = flow_type(row, settings);
        let mut issue = Self {
            row,
            type_place: flow_type.and_then(|kind| TYPES.iter().position(|name| is_spelled(&kind.name, name))),
            flow_type,
            is_in_wip: row.facts.status.as_deref().is_some_and(|status| contains(&lists.wip, status)),
            in_progress: path.iter().map(|(_, status)| counts(status)).collect(),
            is_in_progress: row.facts.status.as_deref().is_some_and(counts),
            started,
            ended,
            created: row.facts.created.as_ref().and_then(|moment| moment.instant),
            finished: ended.or_else(|| row.facts.resolved.as_ref()?.instant),
            is_completed: is_completed(row, settings),
            path,
            final_efficiency: None,
        };
        issue.final_efficiency = issue.finished.and_then(|finished| issue.efficiency(lists, finished));
        issue
    }

    /// Flow time in days: from the first start status to the first end status. `None` when either is missing
    /// or the end is not later.
    #[must_use]
    pub fn flow_days(&self) -> Option<f64> {
        let days = micros(self.started?, self.ended?) / DAY;
        (days > 0.0).then_some(days)
    }

    /// Flow efficiency in percent, at most 100: time in active statuses by time in statuses of work in
    /// progress. `None` without time in progress or without any active status in the lists.
    ///
    /// The last status counts until the issue was finished, else until `now`. Time before the first change is
    /// not known and does not count. `lists`: those it was made with.
    #[must_use]
    pub fn efficiency_percent(&self, lists: &StatusLists, now: Timestamp) -> Option<f64> {
        match self.finished {
            Some(finished) if finished <= now => self.final_efficiency,
            _ => self.efficiency(lists, now),
        }
    }

    /// As [`FlowIssue::efficiency_percent`], but the last status of a finished issue too counts until `now`.
    #[must_use]
    pub fn legacy_efficiency_percent(&self, lists: &StatusLists, now: Timestamp) -> Option<f64> {
        self.efficiency(lists, now)
    }

    /// Status at an instant: that of the last change before it, and whether it is one of work in progress.
    /// `None` when there was none.
    #[must_use]
    pub fn status_before(&self, instant: Timestamp) -> Option<(&'a str, bool)> {
        let last = self.path.partition_point(|(at, _)| *at < instant).checked_sub(1)?;
        Some((self.path.get(last)?.1, *self.in_progress.get(last)?))
    }

    fn efficiency(&self, lists: &StatusLists, until: Timestamp) -> Option<f64> {
        if lists.active.is_empty() {
            return None;
        }
        let (mut active, mut in_progress) = (0.0, 0.0);
        let ends = self.path.iter().skip(1).map(|(at, _)| *at).chain([until]);
        for ((from, status), to) in self.path.iter().zip(ends) {
            let time = micros(*from, to).max(0.0);
            active += if contains(&lists.active, status) { time } else { 0.0 };
            in_progress += if contains(&lists.wip, status) { time } else { 0.0 };
        }
        (in_progress > 0.0).then(|| (active / in_progress * 100.0).min(100.0))
    }
}

/// Whether the list has the name.
#[must_use]
pub fn contains(list: &[String], name: &str) -> bool {
    list.iter().any(|known| known == name)
}

/// Microseconds between two instants; negative when the second is earlier.
#[must_use]
#[expect(clippy::as_conversions, reason = "less than 2^53 microseconds: 285 years")]
pub(crate) fn micros(from: Timestamp, to: Timestamp) -> f64 {
    (to.naive() - from.naive()).num_microseconds().unwrap_or(i64::MAX) as f64
}

fn is_completed(row: &IssueRow, settings: &DeliverySettings) -> bool {
    match settings.mapping("flow", "completed_date") {
        None | Some("resolutiondate") => row.facts.resolved.is_some(),
        Some(field) => row.fields.get(field).is_some_and(Json::is_truthy),
    }
}
