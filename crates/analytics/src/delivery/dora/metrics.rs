//! DORA metrics of a set of issues.

use super::work::{Deployment, DoraWork};
use crate::delivery::issue_row::IssueRow;
use crate::delivery::numbers::{count, mean_or_zero, median_or_zero, number};
use crate::delivery::tiers::DoraTier;
use crate::stats::ascending;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Durations in hours and what describes them.
#[derive(Debug, Clone, PartialEq)]
pub struct Hours {
    sorted: Vec<f64>,
    mean: f64,
}

/// Deployments and the releases they belong to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Deployments {
    /// Number of deployments.
    pub total: usize,
    /// Those that failed.
    pub failed: usize,
    /// Names of their releases, each once, in order.
    pub releases: BTreeSet<String>,
    /// Names of releases with a failed deployment.
    pub failed_releases: BTreeSet<String>,
}

impl Hours {
    /// Describes durations; `None` without any.
    #[must_use]
    pub fn of(hours: &[f64]) -> Option<Self> {
        (!hours.is_empty()).then(|| Self { sorted: ascending(hours), mean: mean_or_zero(hours) })
    }

    /// The durations, ascending.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.sorted
    }

    /// Number of durations.
    #[must_use]
    pub fn cases(&self) -> usize {
        self.sorted.len()
    }

    /// Median.
    #[must_use]
    pub fn median(&self) -> f64 {
        median_or_zero(&self.sorted)
    }

    /// Mean, summed in the order of the issues.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// 95th percentile: of the ascending list the element at `⌊0.95·n⌋`.
    #[must_use]
    #[expect(clippy::as_conversions, reason = "a place within the list; a fraction is cut")]
    pub fn p95(&self) -> f64 {
        let place = (count(self.sorted.len()) * 0.95) as usize;
        self.sorted.get(place).or(self.sorted.last()).copied().unwrap_or_default()
    }
}

impl Deployments {
    /// Counts deployments. Of each only the releases that `is_wanted` count.
    #[must_use]
    pub fn of<'a: 'b, 'b>(
        deployments: impl IntoIterator<Item = &'b Deployment<'a>>,
        is_wanted: impl Fn(chrono::NaiveDate) -> bool,
    ) -> Self {
        let mut found = Self::default();
        for deployment in deployments {
            found.total += 1;
            found.failed += usize::from(deployment.has_failed);
            for (name, _) in deployment.releases.iter().filter(|(_, day)| is_wanted(*day)) {
                if !found.releases.contains(*name) {
                    found.releases.insert((*name).to_owned());
                }
                if deployment.has_failed && !found.failed_releases.contains(*name) {
                    found.failed_releases.insert((*name).to_owned());
                }
            }
        }
        found
    }

    /// Failed deployments in percent of all; `None` without any.
    #[must_use]
    pub fn failure_percent(&self) -> Option<f64> {
        (self.total > 0).then(|| count(self.failed) / count(self.total) * 100.0)
    }

    /// Releases with a failed deployment in percent of all; `None` without any.
    #[must_use]
    pub fn release_failure_percent(&self) -> Option<f64> {
        (!self.releases.is_empty()).then(|| count(self.failed_releases.len()) / count(self.releases.len()) * 100.0)
    }
}

/// The four metrics as the original's functions return them for a period of so many days. They look at all
/// issues, whatever their dates: the number of days divides the deployments of the whole past.
#[must_use]
pub fn legacy_document(work: &DoraWork<'_>, days: f64) -> Value {
    let releases: Map<String, Value> =
        work.releases.iter().map(|(name, day)| ((*name).to_owned(), json!(day.to_string()))).collect();
    let deployments = Deployments::of(&work.deployments, |_| true);
    let mut document = Map::new();
    document.insert("operational_tasks".to_owned(), json!(work.tasks.len()));
    document.insert("production_bugs".to_owned(), json!(work.production_bugs.len()));
    document.insert("release_map".to_owned(), Value::Object(releases));
    let key = format!("deployment_frequency_{days}d");
    document.insert(key, frequency(work, &deployments, days));
    document.insert("lead_time".to_owned(), lead_time(work, days));
    document.insert("change_failure_rate".to_owned(), failure_rate(work, &deployments, days));
    document.insert("mttr".to_owned(), time_to_restore(work, days));
    Value::Object(document)
}

fn frequency(work: &DoraWork<'_>, found: &Deployments, days: f64) -> Value {
    if work.tasks.is_empty() {
        return no_data("No issues provided for analysis");
    }
    if found.total == 0 {
        return no_data("No deployments found");
    }
    let (per_day, releases_per_day) = (count(found.total) / days, count(found.releases.len()) / days);
    let (value, unit) = if per_day >= 0.9 {
        (per_day, "deployments/day")
    } else if per_day >= 0.13 {
        (per_day * 7.0, "deployments/week")
    } else {
        (per_day * 30.0, "deployments/month")
    };
    json!({
        "value": number(value),
        "deployments_per_week": number(per_day * 7.0),
        "releases_per_week": number(releases_per_day * 7.0),
        "unit": unit,
        "performance_tier": DoraTier::of_deployments_per_day(per_day).as_str(),
        "deployment_count": found.total,
        "release_count": found.releases.len(),
        "release_names": found.releases,
        "period_days": number(days),
        "trend_direction": "stable",
        "trend_percentage": 0.0,
    })
}

fn lead_time(work: &DoraWork<'_>, days: f64) -> Value {
    let issues = &work.development;
    let all: Vec<f64> = issues.iter().filter_map(|issue| work.lead_hours(issue)).collect();
    let Some(hours) = Hours::of(&all) else {
        let missing = |found: &dyn Fn(&IssueRow) -> bool| issues.iter().filter(|issue| !found(issue)).count();
        let (start, end) = (
            missing(&|issue| work.committed(issue).is_some()),
            // The original looks for a deployment only where there is a start.
            issues.iter().filter(|issue| work.committed(issue).is_some() && work.deployed(issue).is_none()).count(),
        );
        let mut reasons = Vec::new();
        if start > 0 {
            reasons.push(format!("missing start: {start}"));
        }
        if end > 0 {
            reasons.push(format!("missing deployment: {end}"));
        }
        let mut none = no_data(&format!("No valid lead times from {} issues ({})", issues.len(), reasons.join(", ")));
        if let Some(members) = none.as_object_mut() {
            for key in ["median_hours", "mean_hours", "p95_hours", "issues_with_lead_time"] {
                members.insert(key.to_owned(), json!(0));
            }
        }
        return none;
    };
    let mut document = duration(hours.median(), hours.mean(), days, DoraTier::of_lead_time_days(hours.median() / 24.0));
    for (key, value) in [
        ("sample_count", json!(hours.cases())),
        ("median_hours", number(hours.median())),
        ("p95_hours", number(hours.p95())),
        ("issues_with_lead_time", json!(hours.cases())),
    ] {
        document.insert(key.to_owned(), value);
    }
    Value::Object(document)
}

fn failure_rate(work: &DoraWork<'_>, found: &Deployments, days: f64) -> Value {
    if work.tasks.is_empty() {
        return no_data("No deployment issues provided");
    }
    let Some(percent) = found.failure_percent() else { return no_data("No deployments found") };
    json!({
        "value": number(percent),
        "change_failure_rate_percent": number(percent),
        "unit": "%",
        "performance_tier": DoraTier::of_failure_percent(percent).as_str(),
        "total_deployments": found.total,
        "failed_deployments": found.failed,
        "total_releases": found.releases.len(),
        "failed_releases": found.failed_releases.len(),
        "release_failure_rate_percent": number(found.release_failure_percent().unwrap_or(0.0)),
        "release_names": found.releases,
        "failed_release_names": found.failed_releases,
        "period_days": number(days),
        "trend_direction": "stable",
        "trend_percentage": 0.0,
    })
}

fn time_to_restore(work: &DoraWork<'_>, days: f64) -> Value {
    let all: Vec<f64> = work.production_bugs.iter().filter_map(|bug| bug.hours).collect();
    let Some(hours) = Hours::of(&all) else { return no_data("No resolved incidents found") };
    let mut document = duration(hours.median(), hours.mean(), days, DoraTier::of_restore_hours(hours.median()));
    document.insert("incident_count".to_owned(), json!(hours.cases()));
    Value::Object(document)
}

/// Members common to the two durations: shown in hours below a day, else in days.
fn duration(median: f64, mean: f64, days: f64, tier: DoraTier) -> Map<String, Value> {
    let (value, unit) = if median < 24.0 { (median, "hours") } else { (median / 24.0, "days") };
    Map::from_iter([
        ("value".to_owned(), number(value)),
        ("unit".to_owned(), json!(unit)),
        ("value_hours".to_owned(), number(median)),
        ("value_days".to_owned(), number(median / 24.0)),
        ("performance_tier".to_owned(), json!(tier.as_str())),
        ("mean_hours".to_owned(), number(mean)),
        ("period_days".to_owned(), number(days)),
        ("trend_direction".to_owned(), json!("stable")),
        ("trend_percentage".to_owned(), json!(0.0)),
    ])
}

fn no_data(message: &str) -> Value {
    json!({"error_state": "no_data", "error_message": message, "trend_direction": "stable", "trend_percentage": 0.0})
}
