//! Weekly statistics made of issues (delivery specification 5.2).

use super::issue_row::IssueRow;
use super::weeks::WeekSum;
use chrono::{Datelike as _, Days, NaiveDate};
use landfast_domain::delivery::IsoWeek;
use std::collections::VecDeque;

/// Most weeks that statistics hold: a hundred years.
pub const MAX_WEEKS: usize = 5_218;

/// A week of the statistics.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeekCount {
    /// The week.
    pub week: IsoWeek,
    /// What was created and finished in it.
    pub sums: WeekSum,
}

/// Created and finished issues and points of each week, oldest week first, weeks without any included.
///
/// Weeks run from that of the earliest creation or resolution to that of the later of (latest creation or
/// resolution, today). An issue is created in the week of `created` and finished in the week of
/// `resolutiondate`, whatever its status, both by the date its text begins with, without regard to the zone.
/// Points: [`super::points::statistics_points`]. Empty when no issue has a readable date.
///
/// At most [`MAX_WEEKS`] weeks, the newest: one issue dated to the year 1 must not fill the memory with empty weeks.
///
/// Which issues count is the caller's choice: [`super::QueryData::development_issues`] gives the original's
/// numbers, leaving out superseded ones the right ones.
#[must_use]
pub fn weekly_statistics<'a>(issues: impl IntoIterator<Item = &'a IssueRow>, today: NaiveDate) -> Vec<WeekCount> {
    let mut weeks = Weeks::default();
    for issue in issues {
        if let Some(sums) = issue.created_on.and_then(|day| weeks.sums_of(day)) {
            sums.created_items += 1.0;
            sums.created_points += issue.points;
        }
        if let Some(sums) = issue.resolved_on.and_then(|day| weeks.sums_of(day)) {
            sums.completed_items += 1.0;
            sums.completed_points += issue.points;
        }
    }
    if !weeks.sums.is_empty() && weeks.first.is_some_and(|first| first <= today) {
        weeks.sums_of(today);
    }
    let Weeks { first: Some(first), sums } = weeks else { return Vec::new() };
    let skipped = sums.len().saturating_sub(MAX_WEEKS);
    let days = Days::new(7 * u64::try_from(skipped).unwrap_or(0));
    let mondays = first.checked_add_days(days).unwrap_or(first).iter_weeks().zip(sums.into_iter().skip(skipped));
    mondays.filter_map(|(monday, sums)| Some(WeekCount { week: IsoWeek::of(monday)?, sums })).collect()
}

/// Sums of consecutive weeks.
#[derive(Default)]
struct Weeks {
    /// Monday of the first of them.
    first: Option<NaiveDate>,
    sums: VecDeque<WeekSum>,
}

impl Weeks {
    /// Sums of the week of a day, the weeks up to it added when they are new; `None` at the calendar's end.
    fn sums_of(&mut self, day: NaiveDate) -> Option<&mut WeekSum> {
        let monday = day.checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_monday())))?;
        let first = *self.first.get_or_insert(monday);
        let weeks = monday.signed_duration_since(first).num_days() / 7;
        for _ in weeks..0 {
            self.sums.push_front(WeekSum::default());
        }
        self.first = Some(first.min(monday));
        let place = usize::try_from(weeks.max(0)).ok()?;
        if place >= self.sums.len() {
            self.sums.resize(place + 1, WeekSum::default());
        }
        self.sums.get_mut(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::settings::DeliverySettings;
    use landfast_domain::delivery::{Issue, Profile, ProfileId};

    fn row(created: &str, resolved: &str, points: &str) -> IssueRow {
        let document = r#"{"jira_config": {"points_field": "customfield_1"}}"#;
        let profile = Profile::new(ProfileId::new("p").unwrap(), Some(document.to_owned()), None).unwrap();
        let text = format!(
            r#"{{"key": "A-1", "fields": {{"created": {created}, "resolutiondate": {resolved}, "customfield_1": {points}}}}}"#
        );
        IssueRow::read(&Issue::read(0, text, Some("customfield_1")), &DeliverySettings::read(profile.facts()))
    }

    #[test]
    fn empty_weeks_are_written_up_to_today() {
        let rows = [
            row(r#""2025-12-01T23:30:00.000-0500""#, r#""2025-12-14T10:00:00.000+0000""#, r#""3""#),
            row("null", "null", "8"),
        ];
        let weeks = weekly_statistics(&rows, "2025-12-22".parse().unwrap());
        let numbers: Vec<_> = weeks
            .iter()
            .map(|week| (week.week.to_string(), week.sums.created_items, week.sums.completed_points))
            .collect();
        let expected = [("2025-W49", 1.0, 0.0), ("2025-W50", 0.0, 3.0), ("2025-W51", 0.0, 0.0), ("2025-W52", 0.0, 0.0)];
        assert_eq!(numbers, expected.map(|(week, created, points)| (week.to_owned(), created, points)));
    }

    #[test]
    fn without_dates_there_are_no_weeks() {
        assert!(weekly_statistics(&[row("null", "null", "8")], "2025-12-22".parse().unwrap()).is_empty());
    }
}
