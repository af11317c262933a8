//! What stands out about bugs.

use super::summary::BugSummary;
use super::weekly::BugWeek;
use crate::delivery::input::last;
use crate::delivery::numbers::{deviation, mean_or_zero};
use serde::Serialize;

/// How much an insight matters. `Critical` comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Act now.
    Critical,
    /// Act soon.
    High,
    /// Watch.
    Medium,
    /// Good to know.
    Low,
}

/// Something that stands out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Insight {
    /// What it is about.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// A sentence for people.
    pub text: String,
}

/// Insights, the worst first, at most ten.
///
/// | type | when |
/// |---|---|
/// | `resolution_rate` | below 0.5 critical, below 0.7 high |
/// | `bug_trend` | more created than resolved three weeks running, within the last eight: high |
/// | `positive_trend` | more resolved than created in at least three of the last four weeks: low |
/// | `stable_quality` | over the last four weeks variance of the net below 10 and its mean below 2 either way: low |
/// | `no_open_bugs` | nothing open: low |
/// | `capacity` | open bugs' points from 0.4 of all critical, from 0.3 high |
/// | `long_resolution_time` | mean from 30 days critical, from 14 high |
#[must_use]
pub fn insights(summary: &BugSummary, weeks: &[BugWeek]) -> Vec<Insight> {
    let mut found = Vec::new();
    let mut add = |kind, severity, text: String| found.push(Insight { kind, severity, text });
    if let Some(rate) = summary.resolution_rate.filter(|rate| *rate < 0.7) {
        let severity = if rate < 0.5 { Severity::Critical } else { Severity::High };
        add("resolution_rate", severity, format!("{:.0} % of the bugs of the window are resolved", rate * 100.0));
    }
    let grows = |run: &[BugWeek]| run.iter().all(|week| week.created > week.resolved);
    if last(weeks, 8).windows(3).any(grows) {
        add("bug_trend", Severity::High, "more bugs were created than resolved three weeks running".to_owned());
    }
    let recent = last(weeks, 4);
    if recent.iter().filter(|week| week.resolved > week.created).count() >= 3 {
        add("positive_trend", Severity::Low, "more bugs are resolved than created".to_owned());
    }
    if summary.open == 0 {
        add("no_open_bugs", Severity::Low, "no bug is open".to_owned());
    }
    if summary.capacity >= 0.3 {
        let severity = if summary.capacity >= 0.4 { Severity::Critical } else { Severity::High };
        add("capacity", severity, format!("open bugs hold {:.0} % of all points", summary.capacity * 100.0));
    }
    if let Some(days) = summary.mean_days.filter(|days| *days >= 14.0) {
        let severity = if days >= 30.0 { Severity::Critical } else { Severity::High };
        add("long_resolution_time", severity, format!("resolving a bug takes {days:.1} days on average"));
    }
    let net: Vec<f64> = recent.iter().filter_map(|week| i32::try_from(week.net()).ok().map(f64::from)).collect();
    if net.len() == 4
        && deviation(&net, 0).is_some_and(|spread| spread * spread < 10.0)
        && mean_or_zero(&net).abs() < 2.0
    {
        add("stable_quality", Severity::Low, "created and resolved bugs are in balance".to_owned());
    }
    found.sort_by_key(|insight| insight.severity);
    found.truncate(10);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use landfast_domain::delivery::IsoWeek;

    fn week(created: usize, resolved: usize) -> BugWeek {
        let week = IsoWeek::new(2025, 1).unwrap();
        BugWeek { week, created, resolved, points_created: 0.0, points_resolved: 0.0, change: 0 }
    }

    #[test]
    fn the_worst_comes_first() {
        let weeks = [week(3, 1), week(2, 1), week(9, 0), week(0, 0)];
        let summary = BugSummary {
            total: 14,
            open: 12,
            closed: 2,
            resolution_rate: Some(0.14),
            mean_days: Some(14.0),
            recently_created: 14,
            recently_resolved: 2,
            trend: "degrading",
            points: 0.0,
            open_points: 0.0,
            capacity: 0.35,
        };
        let kinds: Vec<_> = insights(&summary, &weeks).iter().map(|insight| insight.kind).collect();
        assert_eq!(kinds, ["resolution_rate", "bug_trend", "capacity", "long_resolution_time"]);
    }

    #[test]
    fn good_news_are_told_too() {
        let weeks = [week(0, 1), week(0, 2), week(1, 1), week(0, 1)];
        let summary = super::super::summary::summary(&[], &weeks, Default::default(), 0.0);
        let kinds: Vec<_> = insights(&summary, &weeks).iter().map(|insight| insight.kind).collect();
        assert_eq!(kinds, ["positive_trend", "no_open_bugs", "stable_quality"]);
    }
}
