//! DORA metrics of one week, as snapshots keep them.

use super::metrics::{Deployments, Hours};
use super::work::DoraWork;
use crate::delivery::flow::weekly::bounds;
use crate::delivery::numbers::{number, optional};
use crate::delivery::tiers::DoraTier;
use landfast_domain::delivery::IsoWeek;
use landfast_domain::time::Timestamp;
use serde_json::{Map, Value, json};

/// DORA metrics of a week. What cannot be measured is `None`.
#[derive(Debug, Clone, PartialEq)]
pub struct WeeklyDora {
    /// The week.
    pub week: IsoWeek,
    /// Deployments of releases of the week.
    pub deployments: Deployments,
    /// Lead times of the issues deployed in the week, production bugs left out.
    pub lead_time: Option<Hours>,
    /// Times to restore of the production bugs resolved in the week.
    pub restore: Option<Hours>,
}

/// Measures a week, in UTC; days of release count from midnight.
#[must_use]
pub fn weekly_dora(work: &DoraWork<'_>, week: IsoWeek, now: Timestamp) -> WeeklyDora {
    let (start, end, is_running) = bounds(week, now);
    let until = if is_running { now } else { end };
    let is_inside = |at: Timestamp| start <= at && at < until;
    let is_day_inside = |day: chrono::NaiveDate| is_inside(Timestamp::new(day.and_time(chrono::NaiveTime::MIN)));
    let deployed = work.deployments.iter().filter(|task| task.releases.iter().any(|(_, day)| is_day_inside(*day)));
    let deployed_inside = work.lead_times.iter().filter(|(at, _)| is_inside(*at));
    let lead: Vec<f64> = deployed_inside.filter_map(|(_, hours)| *hours).collect();
    let bugs = work.production_bugs.iter().filter(|bug| bug.restored.is_some_and(is_inside));
    let restore: Vec<f64> = bugs.filter_map(|bug| bug.hours).collect();
    WeeklyDora {
        week,
        deployments: Deployments::of(deployed, is_day_inside),
        lead_time: Hours::of(&lead),
        restore: Hours::of(&restore),
    }
}

impl WeeklyDora {
    /// The four metrics as the original's snapshots hold them: 0 for what could not be measured, but null for
    /// the time to restore.
    #[must_use]
    pub fn legacy_document(&self) -> Map<String, Value> {
        let week = self.week.to_string();
        let found = &self.deployments;
        let lead = |of: &dyn Fn(&Hours) -> f64| number(self.lead_time.as_ref().map_or(0.0, of));
        let restore = |of: &dyn Fn(&Hours) -> f64| optional(self.restore.as_ref().map(of));
        let in_days = self.restore.as_ref().is_some_and(|hours| hours.median() >= 24.0);
        let shown = |hours: &Hours| if in_days { hours.median() / 24.0 } else { hours.median() };
        let tier = self.restore.as_ref().map(|hours| DoraTier::of_restore_hours(hours.median()).as_str());
        Map::from_iter([
            (
                "dora_lead_time".to_owned(),
                json!({
                    "median_hours": lead(&Hours::median),
                    "mean_hours": lead(&Hours::mean),
                    "p95_hours": lead(&Hours::p95),
                    "issues_with_lead_time": self.lead_time.as_ref().map_or(0, Hours::cases),
                }),
            ),
            (
                "dora_deployment_frequency".to_owned(),
                json!({
                    "deployment_count": found.total,
                    "release_count": found.releases.len(),
                    "release_names": found.releases,
                    "week": week,
                }),
            ),
            (
                "dora_change_failure_rate".to_owned(),
                json!({
                    "change_failure_rate_percent": number(found.failure_percent().unwrap_or(0.0)),
                    "total_deployments": found.total,
                    "failed_deployments": found.failed,
                    "total_releases": found.releases.len(),
                    "failed_releases": found.failed_releases.len(),
                    "release_failure_rate_percent": number(found.release_failure_percent().unwrap_or(0.0)),
                    "release_names": found.releases,
                    "failed_release_names": found.failed_releases,
                    "week": week,
                }),
            ),
            (
                "dora_mttr".to_owned(),
                json!({
                    "median_hours": restore(&Hours::median),
                    "mean_hours": restore(&Hours::mean),
                    "value": restore(&shown),
                    "unit": if in_days { "days" } else { "hours" },
                    "bugs_with_mttr": self.restore.as_ref().map_or(0, Hours::cases),
                    "performance_tier": tier,
                    "week": week,
                }),
            ),
        ])
    }
}
