//! Sums over the issues of a query, week by week.

use super::issue::Issue;
use super::team::Weeks;
use super::words::IN_WORK;
use crate::clock::{hours, real};
use chrono::NaiveTime;
use std::collections::{BTreeMap, BTreeSet};

/// Issues and their points.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Amount {
    pub(super) items: u64,
    pub(super) points: u64,
}

impl Amount {
    fn add(&mut self, points: u32) {
        self.items += 1;
        self.points += u64::from(points);
    }
}

/// What happened in a week.
#[derive(Debug, Clone, Default)]
pub(super) struct Week {
    pub(super) created: Amount,
    pub(super) completed: Amount,
    /// Completed features, defects, risks and technical debt.
    pub(super) distribution: [u64; 4],
    /// Days from the begin of work to the end, of each completed issue.
    pub(super) cycle_days: Vec<f64>,
    /// Hours of work on the completed issues, and hours from begin to end.
    pub(super) active_hours: f64,
    pub(super) total_hours: f64,
    /// Issues in work at the end of the week, by status and by type.
    pub(super) in_work: BTreeMap<&'static str, u64>,
    pub(super) in_work_types: BTreeMap<&'static str, u64>,
    /// Hours from the begin of work to the release.
    pub(super) lead_hours: Vec<f64>,
    pub(super) deployments: u64,
    pub(super) failed_deployments: u64,
    pub(super) releases: BTreeSet<i64>,
    /// Hours from the report of a bug in production to its end.
    pub(super) repair_hours: Vec<f64>,
}

/// Sums over the issues of a query. Keeps a few numbers for each issue.
#[derive(Debug)]
pub(super) struct Tally {
    pub(super) weeks: Vec<Week>,
    pub(super) total: Amount,
    pub(super) completed: Amount,
    /// Remaining issues with an estimate.
    pub(super) estimated: Amount,
    pub(super) with_points: u64,
    pub(super) with_field: u64,
    pub(super) statuses: BTreeMap<&'static str, (Amount, &'static str)>,
}

impl Tally {
    pub(super) fn of(weeks: &Weeks, issues: impl Iterator<Item = Issue>) -> Self {
        let count = usize::try_from(weeks.count).unwrap_or(0);
        let mut tally = Self {
            weeks: vec![Week::default(); count],
            total: Amount::default(),
            completed: Amount::default(),
            estimated: Amount::default(),
            with_points: 0,
            with_field: 0,
            statuses: BTreeMap::new(),
        };
        for issue in issues {
            tally.add(weeks, &issue);
        }
        tally
    }

    fn add(&mut self, weeks: &Weeks, issue: &Issue) {
        let points = issue.estimate().unwrap_or(0);
        let status = issue.status();
        self.total.add(points);
        self.statuses.entry(status.name).or_insert((Amount::default(), status.category)).0.add(points);
        self.with_points += u64::from(issue.estimate().is_some());
        self.with_field += u64::from(issue.points != super::issue::Points::Absent);
        if let Some(week) = self.week(weeks, issue.created) {
            week.created.add(points);
        }
        match issue.resolved() {
            Some(resolved) => {
                self.completed.add(points);
                if let Some(week) = self.week(weeks, resolved) {
                    week.complete(issue, points);
                }
            }
            None if issue.estimate().is_some() => self.estimated.add(points),
            None => {}
        }
        self.add_release(weeks, issue);
        self.add_work(weeks, issue);
    }

    fn add_release(&mut self, weeks: &Weeks, issue: &Issue) {
        let Some(release) = issue.release else { return };
        let moment = release.date.and_time(NaiveTime::MIN);
        if let Some(week) = self.week(weeks, moment) {
            week.releases.insert(release.number);
            week.lead_hours.extend(issue.started().map(|started| hours(started, moment)));
        }
    }

    /// Counts the issue at the end of each week it was in work.
    fn add_work(&mut self, weeks: &Weeks, issue: &Issue) {
        for (begin, end, status) in issue.stays(weeks.now) {
            if !IN_WORK.contains(&status) {
                continue;
            }
            let open_end = end == weeks.now;
            for (number, week) in (0_u64..).zip(&mut self.weeks) {
                let last = weeks.begin(number + 1).min(weeks.now);
                if begin < last && (last < end || (open_end && last == end)) {
                    *week.in_work.entry(status).or_default() += 1;
                    *week.in_work_types.entry(issue.kind.0).or_default() += 1;
                }
            }
        }
    }

    fn week(&mut self, weeks: &Weeks, time: chrono::NaiveDateTime) -> Option<&mut Week> {
        self.weeks.get_mut(weeks.week_of(time)?)
    }
}

impl Week {
    fn complete(&mut self, issue: &Issue, points: u32) {
        self.completed.add(points);
        let [feature, defect, risk, debt] = &mut self.distribution;
        let flow = match (issue.is_bug(), issue.effort) {
            (true, _) => defect,
            (false, Some("Security" | "Maintenance")) => risk,
            (false, Some("Technical debt")) => debt,
            _ if issue.kind.0 == "Spike" => risk,
            _ => feature,
        };
        *flow += 1;
        if let Some((active, total)) = issue.active_and_total() {
            self.active_hours += active;
            self.total_hours += total;
            self.cycle_days.push(total / 24.0);
        }
        if issue.is_operation() {
            self.deployments += 1;
            self.failed_deployments += u64::from(issue.failed);
        }
        if issue.environment == Some("PROD") {
            self.repair_hours.extend(issue.resolved().map(|resolved| hours(issue.created, resolved)));
        }
    }
}

/// The middle of some numbers; `None` without any.
pub(super) fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    let upper = *sorted.get(half)?;
    if sorted.len() % 2 == 1 { Some(upper) } else { Some((upper + *sorted.get(half.checked_sub(1)?)?) / 2.0) }
}

/// The mean of some numbers; `None` without any.
pub(super) fn mean(values: &[f64]) -> Option<f64> {
    let count = u64::try_from(values.len()).unwrap_or(0);
    (count > 0).then(|| values.iter().sum::<f64>() / real(count))
}

#[cfg(test)]
mod tests {
    use super::super::team::TIDEWATER;
    use super::*;

    #[test]
    fn sums_agree_with_the_issues() {
        let now = chrono::NaiveDate::from_ymd_opt(2026, 3, 7).unwrap().and_hms_opt(9, 30, 0).unwrap();
        let weeks = Weeks::until(now, 40);
        let issues = || (0..300).map(|number| Issue::nth(5, &TIDEWATER, &weeks, number, 300));
        let tally = Tally::of(&weeks, issues());
        assert_eq!(tally.total.items, 300);
        assert_eq!(tally.weeks.iter().map(|week| week.created.items).sum::<u64>(), 300);
        assert_eq!(tally.weeks.iter().map(|week| week.completed.items).sum::<u64>(), tally.completed.items);
        assert_eq!(tally.statuses.values().map(|(amount, _)| amount.items).sum::<u64>(), 300);
        let in_work = issues().filter(|issue| IN_WORK.contains(&issue.status().name)).count();
        assert_eq!(tally.weeks.last().unwrap().in_work.values().sum::<u64>(), u64::try_from(in_work).unwrap());
        assert!(tally.weeks.iter().any(|week| week.deployments > 0 && !week.repair_hours.is_empty()));
        assert!(tally.weeks.iter().any(|week| !week.lead_hours.is_empty()));
    }

    #[test]
    fn middles_and_means() {
        assert_eq!((median(&[]), mean(&[])), (None, None));
        assert_eq!((median(&[3.0, 1.0, 2.0]), median(&[4.0, 1.0, 2.0, 3.0])), (Some(2.0), Some(2.5)));
        assert_eq!(mean(&[1.0, 2.0]), Some(1.5));
    }
}
