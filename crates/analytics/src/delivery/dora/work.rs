//! What DORA metrics count: operational tasks, releases, production bugs.

use crate::delivery::field_rule::{FieldRule, TimeRule};
use crate::delivery::flow::StatusLists;
use crate::delivery::flow::history::contains;
use crate::delivery::input::QueryData;
use crate::delivery::issue_row::{IssueRow, day_of};
use crate::delivery::settings::DeliverySettings;
use chrono::{NaiveDate, NaiveTime};
use landfast_domain::json::{Json, Object};
use landfast_domain::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// The issues of a query in their DORA roles.
#[derive(Debug, Clone)]
pub struct DoraWork<'a> {
    /// Operational tasks: issues of a type in `devops_task_types`, of any project.
    pub tasks: Vec<&'a IssueRow>,
    /// Operational tasks in an end status with a version of [`DoraWork::releases`]: the deployments.
    pub deployments: Vec<Deployment<'a>>,
    /// Issues of projects of development.
    pub development: Vec<&'a IssueRow>,
    /// Bugs of development in production.
    pub production_bugs: Vec<Incident<'a>>,
    /// Name of a version to the day it was released: the earliest one among operational tasks in an end
    /// status, and only names that an issue of development also has.
    pub releases: BTreeMap<&'a str, NaiveDate>,
    /// Issues of development that were deployed, and when: the earliest release among their versions.
    pub deployed: Vec<(&'a IssueRow, Timestamp)>,
    /// When the deployed issues that are no bugs of production were deployed, with their lead times in hours.
    pub(super) lead_times: Vec<(Timestamp, Option<f64>)>,
    /// Places of the bugs of production in the document.
    bug_places: BTreeSet<i64>,
    rules: Rules,
}

/// A deployment.
#[derive(Debug, Clone)]
pub struct Deployment<'a> {
    /// The operational task.
    pub task: &'a IssueRow,
    /// Its releases, each name once, in their order in the issue. Not empty.
    pub releases: Vec<(&'a str, NaiveDate)>,
    /// Whether it failed: see [`FieldRule::says_failed`]; never without a mapping.
    pub has_failed: bool,
}

/// A bug in production.
#[derive(Debug, Clone)]
pub struct Incident<'a> {
    /// The bug.
    pub bug: &'a IssueRow,
    /// When it was resolved: mapping `incident_resolved_at`, default the resolution date; `fixVersions` is the
    /// deployment.
    pub restored: Option<Timestamp>,
    /// Time to restore in hours: from the mapping `incident_detected_at` (default `created`) until then. `None`
    /// when either is missing or the end is earlier.
    pub hours: Option<f64>,
}

#[derive(Debug, Clone)]
struct Rules {
    commit: TimeRule,
    detected: TimeRule,
    resolved: TimeRule,
    failure: Option<FieldRule>,
}

impl<'a> DoraWork<'a> {
    /// Sorts the issues of a query, repeated keys included.
    #[must_use]
    pub fn new(data: &'a QueryData) -> Self {
        let settings = &data.settings;
        let ends = StatusLists::read(settings).end;
        let is_done = |issue: &IssueRow| issue.facts.status.as_deref().is_some_and(|name| contains(&ends, name));
        let has_type = |issue: &IssueRow, types: &[String]| {
            issue.facts.issue_type.as_ref().is_some_and(|name| types.contains(name))
        };
        let tasks: Vec<&IssueRow> =
            data.issues.iter().filter(|issue| has_type(issue, &settings.devops_task_types)).collect();
        let development: Vec<&IssueRow> = data.development_issues().collect();
        let used: BTreeSet<&str> = development.iter().flat_map(|issue| versions(issue)).map(|(name, _)| name).collect();
        let mut releases = BTreeMap::new();
        for (name, version) in tasks.iter().filter(|task| is_done(task)).flat_map(|task| versions(task)) {
            if let Some(day) = Some(version).filter(|_| used.contains(name)).and_then(release_day) {
                releases.entry(name).and_modify(|known: &mut NaiveDate| *known = day.min(*known)).or_insert(day);
            }
        }
        let rules = Rules::read(settings);
        let deployments = tasks.iter().copied().filter(|task| is_done(task)).filter_map(|task| {
            let releases = releases_of(&releases, task);
            let has_failed = rules.failure.as_ref().is_some_and(|rule| rule.says_failed(task));
            (!releases.is_empty()).then_some(Deployment { task, releases, has_failed })
        });
        let deployments = deployments.collect();
        let bug_types = if settings.bug_types.is_empty() { vec!["Bug".to_owned()] } else { settings.bug_types.clone() };
        let bugs = development.iter().copied().filter(|issue| has_type(issue, &bug_types));
        let environment = settings.mapping("dora", "affected_environment").and_then(FieldRule::parse);
        let in_production = |issue: &IssueRow| match &environment {
            None => true,
            Some(rule) => rule.has_any(issue, rule.values.as_ref().unwrap_or(&settings.production_environment_values)),
        };
        let deployed = development.iter().filter_map(|issue| Some((*issue, released(&releases, issue)?))).collect();
        let bugs: Vec<&IssueRow> = bugs.filter(|bug| in_production(bug)).collect();
        let mut work = Self {
            deployed,
            deployments,
            bug_places: bugs.iter().map(|bug| bug.ordinal).collect(),
            lead_times: Vec::new(),
            production_bugs: Vec::new(),
            tasks,
            development,
            releases,
            rules,
        };
        work.production_bugs = bugs.into_iter().map(|bug| work.incident(bug)).collect();
        let others = work.deployed.iter().filter(|(issue, _)| !work.is_production_bug(issue));
        work.lead_times = others.map(|(issue, at)| (*at, work.lead_until(issue, *at))).collect();
        work
    }

    /// Whether an issue is one of [`DoraWork::production_bugs`].
    #[must_use]
    pub fn is_production_bug(&self, issue: &IssueRow) -> bool {
        self.bug_places.contains(&issue.ordinal)
    }

    /// Day an issue was deployed: the earliest release among its versions.
    #[must_use]
    pub fn deployed(&self, issue: &IssueRow) -> Option<Timestamp> {
        released(&self.releases, issue)
    }

    /// Lead time in hours: from the mapping `code_commit_date` (default `created`) to deployment. `None` when
    /// either is missing or the deployment is earlier.
    #[must_use]
    pub fn lead_hours(&self, issue: &IssueRow) -> Option<f64> {
        self.lead_until(issue, self.deployed(issue)?)
    }

    fn lead_until(&self, issue: &IssueRow, deployed: Timestamp) -> Option<f64> {
        hours(self.committed(issue)?, deployed)
    }

    /// When work on an issue was committed; see [`DoraWork::lead_hours`].
    #[must_use]
    pub fn committed(&self, issue: &IssueRow) -> Option<Timestamp> {
        self.instant(&self.rules.commit, issue)
    }

    fn incident(&self, bug: &'a IssueRow) -> Incident<'a> {
        let restored = self.instant(&self.rules.resolved, bug);
        let detected = self.instant(&self.rules.detected, bug);
        Incident { bug, restored, hours: detected.zip(restored).and_then(|(from, to)| hours(from, to)) }
    }

    fn instant(&self, rule: &TimeRule, issue: &IssueRow) -> Option<Timestamp> {
        if *rule == TimeRule::Release { self.deployed(issue) } else { rule.instant(issue) }
    }
}

impl Rules {
    fn read(settings: &DeliverySettings) -> Self {
        let time = |name: &str, default: &str| TimeRule::parse(settings.mapping("dora", name).unwrap_or(default));
        Self {
            commit: time("code_commit_date", "created"),
            detected: time("incident_detected_at", "created"),
            resolved: time("incident_resolved_at", "resolutiondate"),
            failure: settings.mapping("dora", "change_failure").and_then(FieldRule::parse),
        }
    }
}

/// Versions of an issue, with their names. Null and odd entries are none.
fn versions(issue: &IssueRow) -> impl Iterator<Item = (&str, &Object)> {
    let list = issue.fields.get("fixVersions").and_then(Json::as_array).unwrap_or_default();
    list.iter().filter_map(|version| {
        let version = version.as_object()?;
        Some((version.get("name")?.as_str()?, version))
    })
}

/// Day of release of a version.
fn release_day(version: &Object) -> Option<NaiveDate> {
    version.get("releaseDate").and_then(Json::as_str).and_then(day_of)
}

/// Releases of a task, each name once, in their order in the issue.
fn releases_of<'a>(releases: &BTreeMap<&'a str, NaiveDate>, task: &'a IssueRow) -> Vec<(&'a str, NaiveDate)> {
    let mut found: Vec<(&str, NaiveDate)> = Vec::new();
    for (name, _) in versions(task) {
        if let Some(day) = releases.get(name)
            && !found.iter().any(|(known, _)| *known == name)
        {
            found.push((name, *day));
        }
    }
    found
}

fn released(releases: &BTreeMap<&str, NaiveDate>, issue: &IssueRow) -> Option<Timestamp> {
    let days = versions(issue).filter_map(|(name, _)| releases.get(name).copied());
    days.min().map(|day| Timestamp::new(day.and_time(NaiveTime::MIN)))
}

fn hours(from: Timestamp, to: Timestamp) -> Option<f64> {
    let hours = crate::delivery::flow::history::micros(from, to) / 3_600_000_000.0;
    (hours >= 0.0).then_some(hours)
}
