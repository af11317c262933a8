//! Flow metrics of a set of issues.

use super::history::{FlowIssue, StatusLists};
use super::types::short_key;
use crate::delivery::numbers::{count, mean_or_zero, median_or_zero, number, rounded};
use landfast_domain::time::Timestamp;
use serde_json::{Value, json};

/// The four types of flow, in the order the original lists them.
pub const TYPES: [&str; 4] = ["Feature", "Defect", "Technical Debt", "Risk"];

/// Flow metrics of a set of issues. What cannot be measured is `None`, never 0.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowMetrics {
    /// Completed issues.
    pub completed: usize,
    /// Completed issues of each of [`TYPES`].
    pub by_type: [usize; 4],
    /// Completed issues that are of none of the types.
    pub untyped: usize,
    /// Flow times of completed issues in days.
    pub days: Vec<f64>,
    /// Flow efficiencies of completed issues in percent.
    pub efficiencies: Vec<f64>,
    /// Issues now in a status of work in progress.
    pub load: usize,
    /// Whether the profile names active statuses; without them there is no efficiency.
    pub has_active_statuses: bool,
}

impl FlowMetrics {
    /// Measures issues. Of issues with the same key only the newest counts; time in the last status ends with
    /// the work.
    #[must_use]
    pub fn of(issues: &[FlowIssue<'_>], lists: &StatusLists, now: Timestamp) -> Self {
        let current = issues.iter().filter(|issue| !issue.row.is_superseded);
        Self::measure(current, lists, |issue| issue.efficiency_percent(lists, now))
    }

    /// Measures issues like the original: repeated keys count again, an issue of no type is a Feature, and
    /// the last status counts until now.
    #[must_use]
    pub fn legacy_of(issues: &[FlowIssue<'_>], lists: &StatusLists, now: Timestamp) -> Self {
        let mut metrics = Self::measure(issues.iter(), lists, |issue| issue.legacy_efficiency_percent(lists, now));
        let [features, ..] = &mut metrics.by_type;
        *features += metrics.untyped;
        metrics.untyped = 0;
        metrics
    }

    /// Median flow time in days.
    #[must_use]
    pub fn median_days(&self) -> Option<f64> {
        (!self.days.is_empty()).then(|| median_or_zero(&self.days))
    }

    /// Mean flow efficiency in percent, 0 to 100.
    #[must_use]
    pub fn mean_efficiency(&self) -> Option<f64> {
        (!self.efficiencies.is_empty()).then(|| mean_or_zero(&self.efficiencies))
    }

    /// Flow velocity: completed issues a week, over so many days.
    #[must_use]
    pub fn velocity(&self, days: f64) -> f64 {
        count(self.completed) / (days / 7.0)
    }

    /// The five metrics as the original's functions return them, for a period of so many days.
    #[must_use]
    pub fn legacy_document(&self, days: f64) -> Value {
        let no_data = |message: &'static str| ("no_data", message);
        let none = (self.completed == 0).then(|| no_data("No completed issues found in the time period"));
        let no_times = self.days.is_empty().then(|| no_data("No completed issues with valid cycle times found"));
        let no_efficiency = if self.has_active_statuses {
            self.efficiencies.is_empty().then(|| no_data("No completed issues with valid active/total time data"))
        } else {
            Some(("missing_mapping", "No active statuses configured"))
        };
        let types = |value: &dyn Fn(usize) -> Value| -> Value {
            TYPES.iter().zip(self.by_type).map(|(name, count)| ((*name).to_owned(), value(count))).collect()
        };
        let total = count(self.completed);
        let mut velocity = metric(rounded(self.velocity(days), 1), "items/week", none);
        insert(&mut velocity, "breakdown", types(&|found| json!(found)));
        let mut time = metric(rounded(self.median_days().unwrap_or(0.0), 1), "days", no_times);
        if !self.days.is_empty() {
            insert(&mut time, "mean_days", rounded(mean_or_zero(&self.days), 1));
        }
        let share = |found| if total > 0.0 { rounded(count(found) / total * 100.0, 1) } else { number(0.0) };
        json!({
            "velocity_7d": velocity,
            "time": time,
            "efficiency": metric(rounded(self.mean_efficiency().unwrap_or(0.0), 1), "%", no_efficiency),
            "load": metric(json!(self.load), "items", None),
            "distribution": metric(types(&share), "%", none),
        })
    }

    /// The metrics without the original's defects: null for what cannot be measured, with numbers of cases.
    #[must_use]
    pub fn document(&self) -> Value {
        json!({
            "completed": self.completed,
            "completed_by_type": TYPES.iter().zip(self.by_type).map(|(name, found)| (short_key(name), json!(found))).collect::<Value>(),
            "completed_without_type": self.untyped,
            "flow_time_median_days": self.median_days(),
            "flow_time_cases": self.days.len(),
            "flow_efficiency_mean_percent": self.mean_efficiency(),
            "flow_efficiency_cases": self.efficiencies.len(),
            "flow_load": self.load,
        })
    }

    fn measure<'a, 'b: 'a>(
        issues: impl Iterator<Item = &'a FlowIssue<'b>>,
        lists: &StatusLists,
        efficiency: impl Fn(&FlowIssue<'b>) -> Option<f64>,
    ) -> Self {
        let mut metrics = Self {
            completed: 0,
            by_type: [0; 4],
            untyped: 0,
            days: Vec::new(),
            efficiencies: Vec::new(),
            load: 0,
            has_active_statuses: !lists.active.is_empty(),
        };
        for issue in issues {
            metrics.load += usize::from(issue.is_in_wip);
            if !issue.is_completed {
                continue;
            }
            metrics.completed += 1;
            match issue.type_place.and_then(|place| metrics.by_type.get_mut(place)) {
                Some(found) => *found += 1,
                None => metrics.untyped += 1,
            }
            metrics.days.extend(issue.flow_days());
            metrics.efficiencies.extend(efficiency(issue));
        }
        metrics
    }
}

/// Whether a name is this type's, with blanks or with `_` for them.
pub(super) fn is_spelled(name: &str, kind: &str) -> bool {
    name.len() == kind.len()
        && name.bytes().zip(kind.bytes()).all(|(one, other)| one == other || (one, other) == (b'_', b' '))
}

/// Direction and size of the change from a previous value in percent: `stable` below 5 % and without a
/// previous value other than 0.
///
/// ```
/// use landfast_analytics::delivery::flow::metrics::trend;
///
/// assert_eq!(trend(11.0, Some(10.0)), ("up", 10.0));
/// assert_eq!(trend(10.2, Some(10.0)).0, "stable");
/// assert_eq!(trend(10.0, None), ("stable", 0.0));
/// ```
#[must_use]
pub fn trend(current: f64, previous: Option<f64>) -> (&'static str, f64) {
    let Some(previous) = previous.filter(|previous| *previous != 0.0) else { return ("stable", 0.0) };
    let change = (current - previous) / previous * 100.0;
    let direction = if change.abs() < 5.0 {
        "stable"
    } else if change > 0.0 {
        "up"
    } else {
        "down"
    };
    (direction, change)
}

fn metric(value: Value, unit: &str, error: Option<(&str, &str)>) -> Value {
    json!({
        "value": value,
        "unit": unit,
        "trend_direction": "stable",
        "trend_percentage": 0.0,
        "error_state": error.map(|(state, _)| state),
        "error_message": error.map(|(_, message)| message),
    })
}

fn insert(object: &mut Value, key: &str, value: Value) {
    if let Some(members) = object.as_object_mut() {
        members.insert(key.to_owned(), value);
    }
}
