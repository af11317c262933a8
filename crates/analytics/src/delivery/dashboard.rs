//! The numbers of the dashboard: completion, confidence, days to go (delivery specification 5.5).

use super::input::WeekRow;
use super::numbers::{cut, deviation, mean_or_zero};
use super::velocity::{PerWeek, legacy_dashboard_trend, legacy_velocity};
use chrono::{NaiveDate, TimeDelta};
use landfast_domain::text::round_to;
use landfast_domain::time::Timestamp;

/// Factor of the dashboard when none is set. The default of the settings, 6, was never meant for it.
pub const DEFAULT_DASHBOARD_FACTOR: f64 = 1.5;

/// What the dashboard's numbers depend on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DashboardSettings {
    /// All items: remaining and completed.
    pub total_items: f64,
    /// All points.
    pub total_points: f64,
    /// Factor between the likely and the pessimistic, and the optimistic and the likely end; above 0.
    pub factor: f64,
    /// Rows of the window.
    pub window: usize,
    /// The deadline.
    pub deadline: Option<NaiveDate>,
}

/// Numbers of the dashboard. `None` where there is nothing to tell.
#[derive(Debug, Clone, PartialEq)]
pub struct Dashboard {
    /// Day of the last row plus [`Dashboard::days_to_completion`].
    pub completion_date: Option<NaiveDate>,
    /// clamp(100 − CV·100) in percent, with the σ of a sample over the window, rounded to one decimal; needs
    /// three rows and a mean above 0.
    pub confidence: Option<f64>,
    /// ⌊remaining/velocity · factor · 7⌋ days.
    pub days_to_completion: Option<i64>,
    /// Whole days from now to the beginning of the deadline, rounded down.
    pub days_to_deadline: Option<i64>,
    /// Completed share of all items in percent, 0 to 100, rounded to one decimal; 0 without items.
    pub completion_percentage: f64,
    /// Items left.
    pub remaining_items: f64,
    /// Points left.
    pub remaining_points: f64,
    /// Velocity over the window, rounded to one decimal.
    pub velocity: PerWeek,
    /// Trend of all rows; see [`legacy_dashboard_trend`].
    pub trend: &'static str,
}

/// Ends of the work of three points, in days from the last row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeline {
    /// Day of the last row.
    pub from: NaiveDate,
    /// ⌊base/factor · 7⌋, with base = remaining/velocity in weeks.
    pub optimistic_days: i64,
    /// ⌊base · 7⌋.
    pub likely_days: i64,
    /// ⌊base · factor · 7⌋.
    pub pessimistic_days: i64,
    /// ⌊(o + 4·m + p)/6⌋.
    pub estimate_days: i64,
}

/// Numbers of the dashboard of all rows, oldest first.
#[must_use]
pub fn dashboard(rows: &[WeekRow], settings: &DashboardSettings, now: Timestamp) -> Dashboard {
    let window = super::input::last(rows, settings.window);
    let velocity = legacy_velocity(window);
    let done = |of: fn(&WeekRow) -> f64| rows.iter().map(of).sum::<f64>();
    let completed = done(|row| row.completed_items);
    let remaining_items = settings.total_items - completed;
    let days = weeks_left(remaining_items, velocity.items).map(|weeks| cut(weeks * settings.factor * 7.0));
    let share = if settings.total_items > 0.0 { completed / settings.total_items * 100.0 } else { 0.0 };
    Dashboard {
        completion_date: days.and_then(|days| later(rows.last()?.date, days)),
        confidence: confidence(window),
        days_to_completion: days,
        days_to_deadline: settings.deadline.map(|deadline| days_until(deadline, now)),
        completion_percentage: round_to(share.clamp(0.0, 100.0), 1),
        remaining_items,
        remaining_points: settings.total_points - done(|row| row.completed_points),
        velocity,
        trend: legacy_dashboard_trend(rows),
    }
}

/// The timeline of all rows; `None` without rows or velocity.
#[must_use]
pub fn timeline(rows: &[WeekRow], settings: &DashboardSettings) -> Option<Timeline> {
    let window = super::input::last(rows, settings.window);
    let completed = rows.iter().map(|row| row.completed_items).sum::<f64>();
    let base = weeks_left(settings.total_items - completed, legacy_velocity(window).items)?;
    let days = |weeks: f64| cut(weeks * 7.0);
    let (best, likely, worst) = (days(base / settings.factor), days(base), days(base * settings.factor));
    Some(Timeline {
        from: rows.last()?.date,
        optimistic_days: best,
        likely_days: likely,
        pessimistic_days: worst,
        estimate_days: (best + 4 * likely + worst) / 6,
    })
}

/// Whole days from an instant to the beginning of a day, rounded down: half a day late is −1.
#[must_use]
pub fn days_until(day: NaiveDate, now: Timestamp) -> i64 {
    let start = day.and_time(chrono::NaiveTime::MIN);
    (start - now.naive()).num_seconds().div_euclid(86_400)
}

/// A day so many days later; `None` outside of the calendar.
#[must_use]
pub fn later(day: NaiveDate, days: i64) -> Option<NaiveDate> {
    day.checked_add_signed(TimeDelta::try_days(days)?)
}

fn weeks_left(remaining: f64, velocity: f64) -> Option<f64> {
    (velocity > 0.0).then(|| remaining / velocity)
}

fn confidence(window: &[WeekRow]) -> Option<f64> {
    if window.len() < 3 {
        return None;
    }
    let items: Vec<f64> = window.iter().map(|row| row.completed_items).collect();
    let mean = mean_or_zero(&items);
    let deviation = deviation(&items, 1).filter(|_| mean > 0.0)?;
    Some(round_to((100.0 - deviation / mean * 100.0).clamp(0.0, 100.0), 1))
}

#[cfg(test)]
mod tests {
    use super::super::testing::rows;
    use super::*;

    fn settings(total: f64) -> DashboardSettings {
        let deadline = NaiveDate::from_ymd_opt(2025, 3, 31);
        DashboardSettings { total_items: total, total_points: total, factor: 1.5, window: 12, deadline }
    }

    #[test]
    fn days_to_the_deadline_are_rounded_down() {
        let now = |text| Timestamp::parse(text).unwrap();
        let day = NaiveDate::from_ymd_opt(2025, 12, 20).unwrap();
        assert_eq!(days_until(day, now("2025-12-17 10:00")), 2);
        assert_eq!(days_until(day, now("2025-12-20 00:00")), 0);
        assert_eq!(days_until(day, now("2025-12-20 00:01")), -1);
    }

    #[test]
    fn without_work_there_is_no_end() {
        let now = Timestamp::parse("2025-03-01 00:00").unwrap();
        let idle = dashboard(&rows(&[0.0; 4]), &settings(10.0), now);
        assert_eq!((idle.completion_date, idle.days_to_completion, idle.confidence), (None, None, None));
        assert_eq!(timeline(&rows(&[0.0; 4]), &settings(10.0)), None);
        let empty = dashboard(&[], &settings(0.0), now);
        assert_eq!((empty.completion_percentage, empty.trend), (0.0, "unknown"));
    }

    #[test]
    fn a_timeline_spreads_by_its_factor() {
        let rows = rows(&[2.0, 2.0, 2.0]);
        let line = timeline(&rows, &settings(18.0)).unwrap();
        assert_eq!((line.optimistic_days, line.likely_days, line.pessimistic_days), (28, 42, 63));
        assert_eq!(line.estimate_days, 43);
        let board = dashboard(&rows, &settings(18.0), Timestamp::parse("2025-03-01 00:00").unwrap());
        assert_eq!((board.days_to_completion, board.confidence), (Some(63), Some(100.0)));
        assert_eq!(board.completion_date, later(rows[2].date, 63));
    }
}
