//! How long finished work took, and how old unfinished work is.

use super::history::{DAY, FlowIssue, micros};
use crate::delivery::calendar::WorkingCalendar;
use crate::delivery::forecast::LEVELS;
use crate::delivery::numbers::{count, mean_or_zero};
use crate::stats::{ascending, quantile};
use landfast_domain::time::Timestamp;
use serde::Serialize;

/// Distribution of cycle times: from the first start status to the first end status.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CycleTimes {
    /// Number of finished issues with a cycle time.
    pub cases: usize,
    /// Mean, in days.
    pub mean: f64,
    /// Days within which 50, 70, 85 and 95 % of them were finished; by straight lines between cases.
    pub percentiles: Vec<(f64, f64)>,
    /// The same in working days, both ends' days counted; a whole number for each issue.
    pub working_percentiles: Vec<(f64, f64)>,
    #[serde(skip)]
    days: Vec<f64>,
}

/// An issue in progress and how old it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgingItem {
    /// Key of the issue; empty without one.
    pub key: String,
    /// Its status.
    pub status: String,
    /// Days since it first got a start status, and parts of days.
    pub age_days: f64,
    /// Share of the finished issues that took at most this long, 0 to 1. From 0.85 on it is later than the
    /// team's usual promise; `None` when nothing is finished to compare with.
    pub older_than: Option<f64>,
}

impl CycleTimes {
    /// Distribution of the issues finished from one instant on and before another. `None` without any. Of
    /// issues with the same key only the newest counts.
    #[must_use]
    pub fn of(
        issues: &[FlowIssue<'_>],
        (from, until): (Timestamp, Timestamp),
        calendar: &WorkingCalendar,
    ) -> Option<Self> {
        let is_inside = |issue: &&FlowIssue<'_>| issue.ended.is_some_and(|ended| from <= ended && ended < until);
        let finished = || issues.iter().filter(|issue| !issue.row.is_superseded).filter(is_inside);
        let days: Vec<f64> = finished().filter_map(FlowIssue::flow_days).collect();
        if days.is_empty() {
            return None;
        }
        let working = finished().filter(|issue| issue.flow_days().is_some()).filter_map(|issue| {
            let first = issue.started?.naive().date();
            Some(f64::from(calendar.days_between(first.pred_opt()?, issue.ended?.naive().date())))
        });
        let working = ascending(&working.collect::<Vec<_>>());
        let mean = mean_or_zero(&days);
        let days = ascending(&days);
        let at = |values: &[f64]| LEVELS.iter().filter_map(|level| Some((*level, quantile(values, *level)?))).collect();
        Some(Self { cases: days.len(), mean, percentiles: at(&days), working_percentiles: at(&working), days })
    }

    /// Days within which this share of the work was finished, 0 to 1.
    #[must_use]
    pub fn days_at(&self, share: f64) -> Option<f64> {
        quantile(&self.days, share)
    }

    /// Share of the finished work that took at most so many days, 0 to 1.
    #[must_use]
    pub fn share_within(&self, days: f64) -> f64 {
        count(self.days.partition_point(|known| *known <= days)) / count(self.days.len())
    }
}

/// Issues in progress that have begun, the oldest first. Of issues with the same key only the newest; an
/// issue without a known beginning has no age and is left out.
#[must_use]
pub fn aging(issues: &[FlowIssue<'_>], past: Option<&CycleTimes>, now: Timestamp) -> Vec<AgingItem> {
    let current = issues.iter().filter(|issue| !issue.row.is_superseded);
    let mut items: Vec<AgingItem> = current
        .filter_map(|issue| {
            let facts = &issue.row.facts;
            let status = facts.status.as_deref().filter(|_| issue.is_in_progress)?;
            let age_days = (micros(issue.started?, now) / DAY).max(0.0);
            Some(AgingItem {
                key: facts.key.clone().unwrap_or_default(),
                status: status.to_owned(),
                age_days,
                older_than: past.map(|past| past.share_within(age_days)),
            })
        })
        .collect();
    items.sort_by(|one, other| other.age_days.total_cmp(&one.age_days));
    items
}
