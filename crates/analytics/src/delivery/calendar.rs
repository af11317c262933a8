//! Working days: which days count, and dates so many of them ahead.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use landfast_domain::json::{Json, Object};
use std::collections::BTreeSet;

/// Days of a week in the order of a calendar's `weekdays`.
const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// No search goes further than this: forty years.
const MAX_DAYS: u32 = 14_610;

/// The days on which a team works: weekdays without holidays.
///
/// ```
/// use landfast_analytics::delivery::calendar::WorkingCalendar;
///
/// let calendar = WorkingCalendar::default().with_holidays(["2025-12-25".parse()?, "2025-12-26".parse()?]);
/// let wednesday = "2025-12-24".parse()?;
/// assert_eq!(calendar.days_between(wednesday, "2025-12-31".parse()?), 3);
/// assert_eq!(calendar.after(wednesday, 1.0), Some("2025-12-29".parse()?));
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkingCalendar {
    weekdays: [bool; 7],
    holidays: BTreeSet<NaiveDate>,
}

impl Default for WorkingCalendar {
    /// Monday to Friday, no holidays.
    fn default() -> Self {
        Self { weekdays: [true, true, true, true, true, false, false], holidays: BTreeSet::new() }
    }
}

impl WorkingCalendar {
    /// Every day of the year: the calendar of the original, and of teams that are on call.
    #[must_use]
    pub fn every_day() -> Self {
        Self { weekdays: [true; 7], holidays: BTreeSet::new() }
    }

    /// Work on these weekdays, no holidays. `None` without any weekday.
    #[must_use]
    pub fn of_weekdays(weekdays: &[Weekday]) -> Option<Self> {
        let mut works = [false; 7];
        for (day, work) in (0_u32..).zip(&mut works) {
            *work = weekdays.iter().any(|weekday| weekday.num_days_from_monday() == day);
        }
        works.contains(&true).then(|| Self { weekdays: works, holidays: BTreeSet::new() })
    }

    /// The same calendar with more days off.
    #[must_use]
    pub fn with_holidays(mut self, holidays: impl IntoIterator<Item = NaiveDate>) -> Self {
        self.holidays.extend(holidays);
        self
    }

    /// The calendar of a profile's `forecast_settings`: member `working_calendar` with `weekdays`, a list of `"mon"` …
    /// `"sun"`, and `holidays`, a list of dates `YYYY-MM-DD`. Without the member or without any known
    /// weekday: Monday to Friday. Dates that are none are left out.
    ///
    /// ```
    /// use landfast_analytics::delivery::calendar::WorkingCalendar;
    /// use landfast_domain::json::Json;
    ///
    /// let settings = Json::parse(r#"{"working_calendar": {"weekdays": ["mon", "tue"], "holidays": ["2025-12-22"]}}"#)?;
    /// assert_eq!(WorkingCalendar::read(&settings).days_per_week(), 2);
    /// # Ok::<(), landfast_domain::json::JsonError>(())
    /// ```
    #[must_use]
    pub fn read(settings: &Json) -> Self {
        let calendar = settings.as_object().and_then(|root| root.get("working_calendar")).and_then(Json::as_object);
        let texts = |key: &str| {
            let list = calendar.and_then(|object: &Object| object.get(key)).and_then(Json::as_array);
            list.unwrap_or_default().iter().filter_map(Json::as_str)
        };
        let mut read = Self { weekdays: [false; 7], holidays: BTreeSet::new() };
        for name in texts("weekdays") {
            for (known, works) in NAMES.iter().zip(&mut read.weekdays) {
                *works |= name.trim().to_lowercase().starts_with(known);
            }
        }
        if !read.weekdays.contains(&true) {
            read = Self::default();
        }
        read.with_holidays(texts("holidays").filter_map(landfast_domain::delivery::parse_date))
    }

    /// The calendar as the member `working_calendar` of a profile's `forecast_settings`.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let days = NAMES.iter().zip(self.weekdays).filter(|(_, works)| *works).map(|(name, _)| *name);
        let mut object = Object::new();
        object.insert("weekdays", days.map(Json::from).collect::<Vec<_>>());
        object.insert("holidays", self.holidays.iter().map(|day| Json::from(day.to_string())).collect::<Vec<_>>());
        Json::Object(object)
    }

    /// Whether the team works on this day.
    #[must_use]
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        self.works_on_weekdays_like(date) && !self.holidays.contains(&date)
    }

    /// Working days of a week without holidays, 1 to 7.
    #[must_use]
    pub fn days_per_week(&self) -> u32 {
        (0_u32..).zip(self.weekdays).filter(|(_, works)| *works).map(|_| 1).sum()
    }

    /// Working days after `from` up to and including `to`; 0 when `to` is not later. Days beyond forty years
    /// are not counted.
    #[must_use]
    pub fn days_between(&self, from: NaiveDate, to: NaiveDate) -> u32 {
        // Whole weeks at once; only the rest is walked.
        let days = u32::try_from((to - from).num_days()).unwrap_or(0).min(MAX_DAYS);
        let weeks = days / 7;
        let start = from + Days::new(u64::from(weeks) * 7);
        let rest =
            (1..=u64::from(days % 7)).filter(|day| self.works_on_weekdays_like(start + Days::new(*day))).map(|_| 1_u32);
        let end = from + Days::new(u64::from(days));
        let off = self.holidays.range(from..=end).filter(|day| **day > from && self.works_on_weekdays_like(**day));
        let off = off.map(|_| 1_u32).sum::<u32>();
        (weeks * self.days_per_week() + rest.sum::<u32>()).saturating_sub(off)
    }

    /// The day on which so many working days after `from` are over: 0 is `from` itself, a part of a day
    /// counts as begun. `None` for more than forty years, or a number that is negative or none.
    #[must_use]
    pub fn after(&self, from: NaiveDate, working_days: f64) -> Option<NaiveDate> {
        if !(0.0..=f64::from(MAX_DAYS)).contains(&working_days) {
            return None;
        }
        let mut left = working_days;
        let mut day = from;
        for _ in 0..MAX_DAYS {
            // What rounding leaves over is no day of work.
            if left <= 1e-9 {
                return Some(day);
            }
            day = day.succ_opt()?;
            if self.is_working_day(day) {
                left -= 1.0;
            }
        }
        None
    }

    /// Throughput of a week as it would be without holidays: `x·w/d` for a week with `d` of `w` working days.
    /// `None` for a week without any, in which nothing was to be expected.
    ///
    /// So a week with two holidays does not look like a slow one.
    #[must_use]
    pub fn full_week(&self, throughput: f64, monday: NaiveDate) -> Option<f64> {
        let days = self.days_between(monday.pred_opt()?, monday + Days::new(6));
        (days > 0).then(|| throughput * f64::from(self.days_per_week()) / f64::from(days))
    }

    /// Working weeks from `from` to the end of `to`: working days by [`WorkingCalendar::days_per_week`].
    #[must_use]
    pub fn weeks_between(&self, from: NaiveDate, to: NaiveDate) -> f64 {
        f64::from(self.days_between(from, to)) / f64::from(self.days_per_week())
    }

    fn works_on_weekdays_like(&self, date: NaiveDate) -> bool {
        let day = date.weekday().num_days_from_monday();
        (0_u32..).zip(self.weekdays).any(|(weekday, works)| weekday == day && works)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn weekends_and_holidays_do_not_count() {
        let calendar = WorkingCalendar::default().with_holidays([day("2025-12-25"), day("2025-12-27")]);
        assert_eq!(calendar.days_between(day("2025-12-19"), day("2025-12-26")), 4);
        // Friday and half of Monday.
        assert_eq!(calendar.after(day("2025-12-24"), 1.5), Some(day("2025-12-29")));
        assert_eq!(calendar.after(day("2025-12-25"), 0.0), Some(day("2025-12-25")));
        assert_eq!(calendar.days_between(day("2025-12-26"), day("2025-12-19")), 0);
        assert_eq!(WorkingCalendar::every_day().after(day("2025-12-17"), 7.0), Some(day("2025-12-24")));
    }

    #[test]
    fn a_short_week_is_measured_by_its_days() {
        let calendar = WorkingCalendar::default().with_holidays([day("2025-12-25"), day("2025-12-26")]);
        assert_eq!(calendar.full_week(6.0, day("2025-12-22")), Some(10.0));
        assert_eq!(calendar.full_week(6.0, day("2025-12-15")), Some(6.0));
        let closed = WorkingCalendar::of_weekdays(&[Weekday::Thu]).unwrap().with_holidays([day("2025-12-25")]);
        assert_eq!(closed.full_week(1.0, day("2025-12-22")), None);
        assert_eq!(WorkingCalendar::of_weekdays(&[]), None);
    }

    #[test]
    fn without_an_end_there_is_no_date() {
        let calendar = WorkingCalendar::default();
        for days in [-1.0, f64::NAN, f64::INFINITY, 12_000.0] {
            assert_eq!(calendar.after(day("2025-12-17"), days), None, "{days}");
        }
    }

    #[test]
    fn settings_are_read_and_written() {
        let calendar =
            WorkingCalendar::of_weekdays(&[Weekday::Sun, Weekday::Mon]).unwrap().with_holidays([day("2026-01-01")]);
        let mut settings = Object::new();
        settings.insert("working_calendar", calendar.to_json());
        assert_eq!(WorkingCalendar::read(&Json::Object(settings)), calendar);
        for text in ["{}", "null", r#"{"working_calendar": {"weekdays": ["someday"], "holidays": "none"}}"#] {
            assert_eq!(WorkingCalendar::read(&Json::parse(text).unwrap()), WorkingCalendar::default(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn counting_and_adding_agree(start in 0_u64..3000, days in 0_u32..400, off in prop::collection::vec(0_u64..4000, 0..20), works in 1_u8..128) {
            let origin = day("2020-01-01");
            let weekdays: Vec<Weekday> = (0..7).filter(|bit| works >> bit & 1 == 1).filter_map(|bit| Weekday::try_from(bit).ok()).collect();
            let calendar = WorkingCalendar::of_weekdays(&weekdays).unwrap().with_holidays(off.iter().map(|at| origin + Days::new(*at)));
            let from = origin + Days::new(start);
            let to = calendar.after(from, f64::from(days)).unwrap();
            prop_assert_eq!(calendar.days_between(from, to), days);
            prop_assert!(days == 0 || calendar.is_working_day(to));
        }
    }
}
