//! Calendar weeks.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use std::fmt;

/// A week of ISO 8601, Monday to Sunday, named by its ISO year. Written `2025-W07`.
///
/// ```
/// use landfast_domain::delivery::IsoWeek;
///
/// let week = IsoWeek::parse("2025-7").unwrap();
/// assert_eq!(week.to_string(), "2025-W07");
/// assert_eq!(week.monday().to_string(), "2025-02-10");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IsoWeek {
    year: i32,
    week: u32,
}

impl IsoWeek {
    /// The week; `None` unless the year has such a week and its number has four digits.
    #[must_use]
    pub fn new(year: i32, week: u32) -> Option<Self> {
        let exists = (1..=9998).contains(&year) && NaiveDate::from_isoywd_opt(year, week, Weekday::Mon).is_some();
        exists.then_some(Self { year, week })
    }

    /// Reads `2025-W07`, and the older `2025-07` and `2025-7`; `None` for everything else.
    #[must_use]
    pub fn parse(label: &str) -> Option<Self> {
        let (year, week) = label.split_once('-')?;
        let week = week.strip_prefix('W').unwrap_or(week);
        let number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?;
        if year.len() != 4 || !(1..=2).contains(&week.len()) {
            return None;
        }
        Self::new(i32::try_from(number(year)?).ok()?, number(week)?)
    }

    /// The week a day is in; `None` outside the years 1 to 9998.
    #[must_use]
    pub fn of(date: NaiveDate) -> Option<Self> {
        let week = date.iso_week();
        Self::new(week.year(), week.week())
    }

    /// ISO year.
    #[must_use]
    pub fn year(self) -> i32 {
        self.year
    }

    /// Number within the year, 1 to 53.
    #[must_use]
    pub fn week(self) -> u32 {
        self.week
    }

    /// First day.
    #[must_use]
    pub fn monday(self) -> NaiveDate {
        // Weeks are checked when they are made, so the other value is never taken.
        NaiveDate::from_isoywd_opt(self.year, self.week, Weekday::Mon).unwrap_or(NaiveDate::MIN)
    }

    /// Last day.
    #[must_use]
    pub fn sunday(self) -> NaiveDate {
        self.monday() + Days::new(6)
    }
}

impl fmt::Display for IsoWeek {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-W{:02}", self.year, self.week)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_all_ages_name_the_same_week() {
        for label in ["2025-W07", "2025-07", "2025-7", "2025-W7"] {
            assert_eq!(IsoWeek::parse(label), IsoWeek::new(2025, 7), "{label}");
        }
        for label in [
            "",
            "2025W43",
            "abcd-W1",
            "2025-W",
            "2025-",
            "2025-W00",
            "2025-W53",
            "2025-W007",
            "25-W07",
            "2025-+7",
            "2025-w07",
        ] {
            assert_eq!(IsoWeek::parse(label), None, "{label}");
        }
    }

    #[test]
    fn weeks_around_the_turn_of_the_year() {
        for (date, label, monday, sunday) in [
            ("2020-12-31", "2020-W53", "2020-12-28", "2021-01-03"),
            ("2021-01-03", "2020-W53", "2020-12-28", "2021-01-03"),
            ("2021-01-04", "2021-W01", "2021-01-04", "2021-01-10"),
            ("2024-12-30", "2025-W01", "2024-12-30", "2025-01-05"),
        ] {
            let week = IsoWeek::of(date.parse().unwrap()).unwrap();
            assert_eq!(week.to_string(), label);
            assert_eq!((week.monday().to_string(), week.sunday().to_string()), (monday.to_owned(), sunday.to_owned()));
        }
    }

    #[test]
    fn order_is_that_of_time_and_of_labels() {
        let (early, late) = (IsoWeek::new(2024, 52).unwrap(), IsoWeek::new(2025, 1).unwrap());
        assert!(early < late && early.to_string() < late.to_string());
    }
}
