//! What is being worked on, and what is stuck (delivery specification 5.14).

use super::history::{DAY, FlowIssue, micros};
use landfast_domain::time::Timestamp;
use serde::Serialize;

/// How an issue in progress moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Movement {
    /// Its status is unchanged for five days or more.
    Blocked,
    /// For three or four days.
    Aging,
    /// For two days at most.
    Moving,
}

/// An issue in progress.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ActiveItem {
    /// Key of the issue; empty without one.
    pub key: String,
    /// Its status.
    pub status: String,
    /// Its type.
    pub issue_type: Option<String>,
    /// Days, and parts of days, since its status changed; since creation when it never did. Not negative.
    pub days_in_status: f64,
    /// How it moves.
    pub movement: Movement,
}

impl Movement {
    /// Movement of an issue whose status is unchanged for so many days. Whole days count.
    ///
    /// ```
    /// use landfast_analytics::delivery::flow::active_work::Movement;
    ///
    /// assert_eq!(Movement::after(2.9), Movement::Moving);
    /// assert_eq!(Movement::after(3.0), Movement::Aging);
    /// assert_eq!(Movement::after(5.0), Movement::Blocked);
    /// ```
    #[must_use]
    pub fn after(days: f64) -> Self {
        match days.floor() {
            days if days >= 5.0 => Self::Blocked,
            days if days >= 3.0 => Self::Aging,
            _ => Self::Moving,
        }
    }
}

/// Issues in a status of work in progress, longest unchanged first, then in the order of the document. Of
/// issues with the same key only the newest; an issue of which neither a change nor the creation is known is
/// left out.
#[must_use]
pub fn active_work(issues: &[FlowIssue<'_>], now: Timestamp) -> Vec<ActiveItem> {
    let mut items: Vec<ActiveItem> = issues.iter().filter_map(|issue| active_item(issue, now)).collect();
    items.sort_by(|one, other| other.days_in_status.total_cmp(&one.days_in_status));
    items
}

fn active_item(issue: &FlowIssue<'_>, now: Timestamp) -> Option<ActiveItem> {
    let facts = &issue.row.facts;
    let status = facts.status.as_deref().filter(|_| issue.is_in_wip)?;
    if issue.row.is_superseded {
        return None;
    }
    let changed = issue.path.last().map(|(at, _)| *at);
    let since = changed.or_else(|| facts.created.as_ref()?.instant)?;
    let days_in_status = (micros(since, now) / DAY).max(0.0);
    Some(ActiveItem {
        key: facts.key.clone().unwrap_or_default(),
        status: status.to_owned(),
        issue_type: facts.issue_type.clone(),
        days_in_status,
        movement: Movement::after(days_in_status),
    })
}
