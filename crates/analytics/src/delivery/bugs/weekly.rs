//! Bugs and their weeks.

use crate::delivery::input::QueryData;
use chrono::{NaiveDate, NaiveDateTime};
use landfast_domain::delivery::IsoWeek;
use landfast_domain::time::Timestamp;
use std::collections::BTreeMap;

/// A bug: an issue of development of a type in `bug_types` (default `Bug`).
#[derive(Debug, Clone, PartialEq)]
pub struct Bug {
    /// When it was created, as the first 19 characters of the text say, without regard to its zone.
    pub created: Option<NaiveDateTime>,
    /// When it was resolved, likewise; `None` while it is open, and for an odd text.
    pub resolved: Option<NaiveDateTime>,
    /// Whether it has no resolution date at all.
    pub is_open: bool,
    /// Points.
    pub points: f64,
}

/// Bugs of a week.
#[derive(Debug, Clone, PartialEq)]
pub struct BugWeek {
    /// The week.
    pub week: IsoWeek,
    /// Bugs created in it.
    pub created: usize,
    /// Bugs resolved in it.
    pub resolved: usize,
    /// Their points.
    pub points_created: f64,
    /// Their points.
    pub points_resolved: f64,
    /// Sum of created less resolved since the first week of the list. It starts at 0 there, so it is a change
    /// and not the number of open bugs, and may be negative.
    pub change: i64,
}

impl BugWeek {
    /// Created less resolved.
    #[must_use]
    pub fn net(&self) -> i64 {
        i64::try_from(self.created).unwrap_or(i64::MAX) - i64::try_from(self.resolved).unwrap_or(i64::MAX)
    }
}

/// The bugs of a query, in the order of the document, repeated keys included.
#[must_use]
pub fn bugs(data: &QueryData) -> Vec<Bug> {
    let types = &data.settings.bug_types;
    let is_bug = |name: &String| if types.is_empty() { name == "Bug" } else { types.contains(name) };
    let issues = data.development_issues().filter(|issue| issue.facts.issue_type.as_ref().is_some_and(is_bug));
    issues
        .map(|issue| Bug {
            created: issue.facts.created.as_ref().and_then(|moment| plain_time(&moment.text)),
            resolved: issue.facts.resolved.as_ref().and_then(|moment| plain_time(&moment.text)),
            is_open: issue.facts.resolved.is_none(),
            points: issue.points,
        })
        .collect()
}

/// Bugs of each of these weeks.
#[must_use]
pub fn weekly(bugs: &[Bug], weeks: &[IsoWeek]) -> Vec<BugWeek> {
    let mut found: Vec<BugWeek> = weeks
        .iter()
        .map(|week| BugWeek {
            week: *week,
            created: 0,
            resolved: 0,
            points_created: 0.0,
            points_resolved: 0.0,
            change: 0,
        })
        .collect();
    let places: BTreeMap<IsoWeek, usize> = weeks.iter().enumerate().rev().map(|(place, week)| (*week, place)).collect();
    let place = |time: Option<NaiveDateTime>| -> Option<usize> {
        let week = IsoWeek::of(time?.date())?;
        places.get(&week).copied()
    };
    for bug in bugs {
        if let Some(week) = place(bug.created).and_then(|place| found.get_mut(place)) {
            week.created += 1;
            week.points_created += bug.points;
        }
        if let Some(week) = place(bug.resolved).and_then(|place| found.get_mut(place)) {
            week.resolved += 1;
            week.points_resolved += bug.points;
        }
    }
    let mut change = 0;
    for week in &mut found {
        change += week.net();
        week.change = change;
    }
    found
}

/// The first 19 characters as a time, or the first 10 as a day.
fn plain_time(text: &str) -> Option<NaiveDateTime> {
    let parsed = text.get(..19).and_then(|time| {
        // The form Jira writes; what is written otherwise takes the long way.
        Timestamp::parse(time).map(Timestamp::naive).or_else(|| {
            let time = time.replacen(' ', "T", 1);
            NaiveDateTime::parse_from_str(&time, "%Y-%m-%dT%H:%M:%S").ok()
        })
    });
    let day = || -> Option<NaiveDate> { crate::delivery::issue_row::day_of(text) };
    parsed.or_else(|| day().map(|day| day.and_time(chrono::NaiveTime::MIN)))
}
