//! Teams, their queries, and the weeks they work in.

use super::words::Project;
use crate::clock::seconds;
use crate::digest::sha256;
use crate::random::Random;
use chrono::{Datelike as _, Duration, NaiveDate, NaiveDateTime, NaiveTime};

/// Weeks of work that are made up.
pub(super) const WEEKS: u64 = 40;
/// Days between two releases.
const RELEASE_DAYS: i64 = 21;

/// Whose issues they are.
#[derive(Debug)]
pub(super) struct Team {
    /// Name of its random numbers.
    pub(super) stream: &'static str,
    pub(super) project: Project,
    /// Project of its deployments; without one nothing is deployed.
    pub(super) operations: Option<Project>,
    /// Issues at scale 1.
    pub(super) issues: u64,
    /// Whether issues have points.
    pub(super) points: bool,
}

pub(super) const TIDEWATER: Team = Team {
    stream: "delivery tidewater",
    project: Project { key: "TIDE", name: "Tidewater", id: "113" },
    operations: Some(Project { key: "OPS", name: "Operations & Release", id: "114" }),
    issues: 300,
    points: true,
};

pub(super) const ALAND: Team = Team {
    stream: "delivery aland",
    project: Project { key: "ALD", name: "Åland ferries", id: "121" },
    operations: None,
    issues: 90,
    points: false,
};

/// A release of a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Release {
    /// From 1.
    pub(super) number: i64,
    pub(super) date: NaiveDate,
}

/// The weeks, which begin on Mondays; the last one is that of `now`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weeks {
    pub(super) first: NaiveDateTime,
    pub(super) now: NaiveDateTime,
    pub(super) count: u64,
}

impl Weeks {
    pub(super) fn until(now: NaiveDateTime, count: u64) -> Self {
        let back = i64::from(now.weekday().num_days_from_monday()) + 7 * (i64::try_from(count).unwrap_or(0) - 1);
        Self { first: now.date().and_time(NaiveTime::MIN) - Duration::days(back), now, count }
    }

    /// First moment of a week.
    pub(super) fn begin(&self, week: u64) -> NaiveDateTime {
        self.first + seconds(week * 7 * 86_400)
    }

    /// Week of a moment; `None` outside of all.
    pub(super) fn week_of(&self, time: NaiveDateTime) -> Option<usize> {
        let week = usize::try_from((time - self.first).num_seconds().div_euclid(7 * 86_400)).ok()?;
        (time >= self.first && time <= self.now).then_some(week)
    }

    /// `YYYY-Www`.
    pub(super) fn label(&self, week: u64) -> String {
        let week = self.begin(week).date().iso_week();
        format!("{}-W{:02}", week.year(), week.week())
    }

    /// The first release after a day.
    pub(super) fn release_after(&self, day: NaiveDate) -> Release {
        let since = (day - self.first.date()).num_days().max(0);
        self.release(since / RELEASE_DAYS + 1)
    }

    /// A release by its number.
    pub(super) fn release(&self, number: i64) -> Release {
        // Wednesdays.
        Release { number, date: self.first.date() + Duration::days(RELEASE_DAYS * number + 2) }
    }
}

/// Made-up ids of profiles and queries.
pub(super) fn id(seed: u64, prefix: &str, number: u64) -> String {
    format!("{prefix}_{}", Random::of_item(seed, prefix, number).hex(12))
}

/// First sixteen digits of the hash of a JQL text.
pub(super) fn jql_hash(jql: &str) -> String {
    let mut hash = sha256(jql.as_bytes());
    hash.truncate(16);
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_the_weeks_is_the_one_that_runs() {
        let now = NaiveDate::from_ymd_opt(2026, 3, 7).unwrap().and_hms_opt(9, 30, 0).unwrap();
        let weeks = Weeks::until(now, WEEKS);
        assert_eq!(weeks.begin(WEEKS - 1).to_string(), "2026-03-02 00:00:00");
        assert_eq!((weeks.label(0), weeks.label(WEEKS - 1)), ("2025-W23".to_owned(), "2026-W10".to_owned()));
        assert_eq!(weeks.week_of(now), Some(39));
        assert_eq!((weeks.week_of(weeks.first - seconds(1)), weeks.week_of(now + seconds(1))), (None, None));
        assert!(weeks.release_after(weeks.first.date()).date > weeks.first.date());
        let release = weeks.release(3);
        assert!(weeks.release_after(release.date).date > release.date);
    }
}
