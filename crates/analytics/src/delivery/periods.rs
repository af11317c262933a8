//! A query in one stretch of time against another.

use super::dora::DoraWork;
use super::flow::{FlowIssue, StatusLists, flow_issues};
use super::input::{QueryData, WeekRow};
use crate::periods::{Period, PeriodComparison, compare_dates};
use crate::stats::{Difference, compare_means};
use chrono::{NaiveDate, NaiveTime};
use landfast_domain::time::Timestamp;

/// A number of a weekly row.
type Weekly = fn(&WeekRow) -> f64;

/// What happened in a period, one number each.
type Values<'a> = &'a dyn Fn(Period) -> Vec<f64>;

/// Numbers of weekly rows.
const WEEKLY: [(&str, Weekly); 4] = [
    ("items_completed_per_week", |row| row.completed_items),
    ("points_completed_per_week", |row| row.completed_points),
    ("items_created_per_week", |row| row.created_items),
    ("points_created_per_week", |row| row.created_points),
];

/// Compares what happened in a query in two periods, in UTC. Of issues with the same key only the newest counts.
///
/// | metric | mean over |
/// |---|---|
/// | `items_…_per_week`, `points_…_per_week` | weekly rows whose date lies in the period |
/// | `flow_days` | issues that first got an end status in it, with a flow time; days |
/// | `flow_efficiency_percent` | issues finished in it, with an efficiency; percent |
/// | `lead_hours` | issues deployed in it, bugs in production left out; hours |
/// | `restore_hours` | bugs in production restored in it; hours |
/// | `change_failure_share` | deployments of releases in it: 1 for a failed one, else 0 |
/// | `issues_created_per_day`, `issues_finished_per_day`, `deployments_per_day` | all calendar dates of the period |
///
/// Without a cached response, numbers of issues have no values, not zeros.
#[must_use]
pub fn compare_periods(query: &QueryData, first: Period, second: Period) -> PeriodComparison {
    let lists = StatusLists::read(&query.settings);
    let mut issues = flow_issues(query, &lists);
    issues.retain(|issue| !issue.row.is_superseded);
    let work = DoraWork::new(query);
    let means = |values: Values<'_>| compare_means(&values(first), &values(second));
    let mut differences: Vec<(&'static str, Difference)> = Vec::new();
    for (metric, value) in WEEKLY {
        let values = |period: Period| {
            query.statistics.iter().filter(|row| period.contains(midnight(row.date))).map(value).collect()
        };
        differences.push((metric, means(&values)));
    }
    let is_in = |period: Period, at: Option<Timestamp>| at.is_some_and(|at| period.contains(at));
    let flow = |period: Period| {
        issues.iter().filter(|issue| is_in(period, issue.ended)).filter_map(FlowIssue::flow_days).collect()
    };
    differences.push(("flow_days", means(&flow)));
    let efficiency = |period: Period| {
        let finished = issues.iter().filter(|issue| is_in(period, issue.finished));
        finished.filter_map(|issue| issue.efficiency_percent(&lists, period.until)).collect()
    };
    differences.push(("flow_efficiency_percent", means(&efficiency)));
    differences.extend(deployed(&work, &means));
    if query.has_issue_cache {
        let by_date = |at: &dyn Fn(&FlowIssue<'_>) -> Option<Timestamp>| {
            compare_dates((first, dated(&issues, first, at)), (second, dated(&issues, second, at)))
        };
        differences.push(("issues_created_per_day", by_date(&|issue| issue.created)));
        differences.push(("issues_finished_per_day", by_date(&|issue| issue.finished)));
        let deployments = || deployments(&work).map(|(day, _)| (day, 1.0));
        differences.push(("deployments_per_day", compare_dates((first, deployments()), (second, deployments()))));
    } else {
        let nothing = compare_means(&[], &[]);
        for metric in ["issues_created_per_day", "issues_finished_per_day", "deployments_per_day"] {
            differences.push((metric, nothing));
        }
    }
    PeriodComparison::new(first, second, differences)
}

fn deployed(work: &DoraWork<'_>, means: &dyn Fn(Values<'_>) -> Difference) -> [(&'static str, Difference); 3] {
    let lead = |period: Period| {
        let issues = work.deployed.iter().filter(|(_, at)| period.contains(*at)).map(|(issue, _)| *issue);
        let issues = issues.filter(|issue| !issue.is_superseded && !work.is_production_bug(issue));
        issues.filter_map(|issue| work.lead_hours(issue)).collect()
    };
    let restore = |period: Period| {
        let bugs = work.production_bugs.iter().filter(|found| !found.bug.is_superseded);
        bugs.filter(|found| found.restored.is_some_and(|at| period.contains(at))).filter_map(|bug| bug.hours).collect()
    };
    let failed = |period: Period| {
        let inside = deployments(work).filter(|(day, _)| period.contains(midnight(*day)));
        inside.map(|(_, has_failed)| if has_failed { 1.0 } else { 0.0 }).collect()
    };
    [("lead_hours", means(&lead)), ("restore_hours", means(&restore)), ("change_failure_share", means(&failed))]
}

/// Deployments, each on the day of its earliest release, and whether it failed.
fn deployments<'a>(work: &'a DoraWork<'_>) -> impl Iterator<Item = (NaiveDate, bool)> + 'a {
    let current = work.deployments.iter().filter(|deployment| !deployment.task.is_superseded);
    current.filter_map(|found| Some((found.releases.iter().map(|(_, day)| *day).min()?, found.has_failed)))
}

fn dated<'a>(
    issues: &'a [FlowIssue<'a>],
    period: Period,
    at: &'a dyn Fn(&FlowIssue<'_>) -> Option<Timestamp>,
) -> impl Iterator<Item = (NaiveDate, f64)> + 'a {
    let times = issues.iter().filter_map(at).filter(move |time| period.contains(*time));
    times.map(|time| (time.naive().date(), 1.0))
}

fn midnight(day: NaiveDate) -> Timestamp {
    Timestamp::new(day.and_time(NaiveTime::MIN))
}
