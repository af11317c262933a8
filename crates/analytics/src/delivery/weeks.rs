//! Weeks: those of ISO 8601, and the three other ways the original counted them (delivery specification 5.1).

use super::input::WeekRow;
use chrono::{Datelike, Days, NaiveDate};
use landfast_domain::delivery::IsoWeek;
use std::collections::BTreeMap;

/// ISO year and week number of a label as the original read it: `2025-W07`, `2025-07`, `2025-7`; year 0 and
/// week 0 for everything else. Whether the year has the week is not checked.
///
/// [`IsoWeek::parse`] is the right way: it tells an invalid label from a week.
///
/// ```
/// use landfast_analytics::delivery::weeks::legacy_parse_label;
/// assert_eq!(legacy_parse_label("2025-7"), (2025, 7));
/// assert_eq!(legacy_parse_label("2025W43"), (0, 0));
/// ```
#[must_use]
pub fn legacy_parse_label(label: &str) -> (i32, u32) {
    let read = || {
        let (year, week) = label.split_once('-')?;
        let week = week.strip_prefix('W').unwrap_or(week);
        let digits = |text: &str, most: usize| {
            (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        (digits(year, 4) && digits(week, 2)).then(|| Some((year.parse().ok()?, week.parse().ok()?)))?
    };
    read().unwrap_or((0, 0))
}

/// Number of weeks of an ISO year, 52 or 53; `None` outside the years 1 to 9998.
///
/// ```
/// use landfast_analytics::delivery::weeks::max_iso_week;
/// assert_eq!((max_iso_week(2026), max_iso_week(2025)), (Some(53), Some(52)));
/// ```
#[must_use]
pub fn max_iso_week(year: i32) -> Option<u32> {
    [53, 52].into_iter().find(|week| IsoWeek::new(year, *week).is_some())
}

/// The week of a day and the `count − 1` weeks before it, oldest first.
#[must_use]
pub fn last_weeks(today: NaiveDate, count: usize) -> Vec<IsoWeek> {
    let days = u64::try_from(count).unwrap_or(0).saturating_sub(1).saturating_mul(7);
    let from = today.checked_sub_days(Days::new(days)).unwrap_or(NaiveDate::MIN);
    if count == 0 { Vec::new() } else { weeks_between(from, today) }
}

/// Weeks from that of one day to that of another, both included, oldest first; none when the second is
/// earlier.
///
/// ```
/// use landfast_analytics::delivery::weeks::{legacy_weeks_between, weeks_between};
///
/// let (friday, monday) = ("2025-12-05".parse().unwrap(), "2025-12-15".parse().unwrap());
/// let labels: Vec<_> = weeks_between(friday, monday).iter().map(ToString::to_string).collect();
/// assert_eq!(labels, ["2025-W49", "2025-W50", "2025-W51"]);
/// assert_eq!(legacy_weeks_between(friday, monday).len(), 2);
/// ```
#[must_use]
pub fn weeks_between(from: NaiveDate, to: NaiveDate) -> Vec<IsoWeek> {
    let (Some(first), Some(last)) = (IsoWeek::of(from), IsoWeek::of(to)) else { return Vec::new() };
    let mondays = first.monday().iter_weeks().take_while(|monday| *monday <= last.monday());
    mondays.filter_map(IsoWeek::of).collect()
}

/// As the original listed weeks: in steps of seven days from the first day on. The last week is missing when
/// the end falls earlier in its week than the start in its own.
#[must_use]
pub fn legacy_weeks_between(from: NaiveDate, to: NaiveDate) -> Vec<IsoWeek> {
    from.iter_weeks().take_while(|day| *day <= to).filter_map(IsoWeek::of).collect()
}

/// Year and number of the week, weeks beginning on Sunday, days before the first Sunday in week 0: `%Y-%U`.
/// The original counted the weeks of a velocity in this way.
#[must_use]
pub fn sunday_bucket(date: NaiveDate) -> String {
    let number = (date.ordinal0() + 7 - date.weekday().num_days_from_sunday()) / 7;
    format!("{:04}-{number:02}", date.year())
}

/// Calendar year and ISO week: `2025-7`. The original grouped weekly sums in this way, which merges days of
/// different weeks around the turn of a year, for instance 2024-01-01 and 2024-12-30.
#[must_use]
pub fn calendar_bucket(date: NaiveDate) -> String {
    format!("{}-{}", date.year(), date.iso_week().week())
}

/// Sums of a week.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct WeekSum {
    /// Items finished.
    pub completed_items: f64,
    /// Points finished.
    pub completed_points: f64,
    /// Items created.
    pub created_items: f64,
    /// Points created.
    pub created_points: f64,
}

impl WeekSum {
    /// Adds a row.
    fn add(&mut self, row: &WeekRow) {
        self.completed_items += row.completed_items;
        self.completed_points += row.completed_points;
        self.created_items += row.created_items;
        self.created_points += row.created_points;
    }

    /// Whether nothing was finished.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.completed_items == 0.0 && self.completed_points == 0.0
    }
}

/// Sums by ISO week, oldest first; weeks without rows are not there.
#[must_use]
pub fn weekly_sums(rows: &[WeekRow]) -> Vec<(IsoWeek, WeekSum)> {
    let mut weeks: BTreeMap<IsoWeek, WeekSum> = BTreeMap::new();
    for row in rows {
        if let Some(week) = row.week {
            weeks.entry(week).or_default().add(row);
        }
    }
    weeks.into_iter().collect()
}

/// Sums as the original made them, by [`calendar_bucket`], in the order of the buckets' texts.
#[must_use]
pub fn legacy_weekly_sums(rows: &[WeekRow]) -> Vec<(String, WeekSum)> {
    let mut weeks: BTreeMap<String, WeekSum> = BTreeMap::new();
    for row in rows {
        weeks.entry(calendar_bucket(row.date)).or_default().add(row);
    }
    weeks.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn three_ways_to_name_a_week_disagree_around_new_year() {
        for (date, sunday, calendar) in [
            ("2021-01-01", "2021-00", "2021-53"),
            ("2021-01-03", "2021-01", "2021-53"),
            ("2023-12-31", "2023-53", "2023-52"),
            ("2024-12-30", "2024-52", "2024-1"),
            ("2024-01-01", "2024-00", "2024-1"),
        ] {
            assert_eq!((sunday_bucket(day(date)).as_str(), calendar_bucket(day(date)).as_str()), (sunday, calendar));
        }
    }

    #[test]
    fn the_last_weeks_end_with_the_running_one() {
        let labels: Vec<String> = last_weeks(day("2025-01-05"), 3).iter().map(ToString::to_string).collect();
        assert_eq!(labels, ["2024-W51", "2024-W52", "2025-W01"]);
        assert!(last_weeks(day("2025-01-05"), 0).is_empty());
        assert!(weeks_between(day("2025-01-13"), day("2025-01-05")).is_empty());
    }

    #[test]
    fn labels_need_not_name_a_week_for_the_original() {
        assert_eq!(legacy_parse_label("2025-W53"), (2025, 53));
        for label in ["", "2025-W", "abcd-W1", "2025-W007", "2025-+7"] {
            assert_eq!(legacy_parse_label(label), (0, 0), "{label}");
        }
    }
}
