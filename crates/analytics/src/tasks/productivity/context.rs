//! Gathering what the productivity score of an instance takes from the others.

use super::score::{DayTimes, ProductivityContext, ProductivityInputs, WorkTotal, productivity_score};
use crate::tasks::rows::{PreparedRow, Settings, TaskData, TypeClass};
use chrono::{Datelike, Days, NaiveDate};
use landfast_domain::time::Timestamp;

impl ProductivityContext {
    /// Context of some completed rows: self care counts, minutes of work and play by date (A.time_actual_minutes,
    /// where above 0) and all work, with the user's settings. No goal step.
    ///
    /// The days that all work is spread over are the dates with minutes of any class.
    #[must_use]
    pub fn of_rows<'a>(rows: impl IntoIterator<Item = &'a PreparedRow>, settings: &Settings) -> Self {
        let mut context = Self {
            settings: settings.productivity,
            cancellation_penalties: settings.cancellation_penalties.clone(),
            ..Self::default()
        };
        context.add(rows, |row| row.actual.minutes());
        let minutes = context.times_by_day.values().map(|day| day.work_minutes).sum();
        context.work = Some(WorkTotal { minutes, days: context.times_by_day.len() });
        context
    }

    /// Context of one day as the day scores take it: minutes are the derived durations, and neither all work nor a
    /// goal counts.
    #[must_use]
    pub fn of_day<'a>(rows: impl IntoIterator<Item = &'a PreparedRow>, settings: &Settings) -> Self {
        let mut context = Self {
            settings: settings.productivity,
            cancellation_penalties: settings.cancellation_penalties.clone(),
            ..Self::default()
        };
        context.add(rows, |row| row.duration_minutes);
        context
    }

    /// Context of the relief summary: all completed rows, the user's settings, the stored goal and the productive
    /// hours of the calendar week of `now`. No goal step without a stored goal or without productive hours.
    ///
    /// All work is summed over the **whole history** and compared with the weekly threshold, as in the original.
    #[must_use]
    pub fn of_history(data: &TaskData, now: Timestamp) -> Self {
        Self::of_rows(data.completed(), data.settings()).with_goal(data, now)
    }

    /// Adds the goal step of the relief summary; see [`of_history`](Self::of_history).
    #[must_use]
    pub fn with_goal(mut self, data: &TaskData, now: Timestamp) -> Self {
        let hours = landfast_domain::text::round_to(productive_minutes_of_week(data, now.naive().date()) / 60.0, 2);
        self.goal_hours = data.settings().goal_hours_per_week;
        self.week_hours = (hours > 0.0).then_some(hours);
        self
    }

    fn add<'a>(&mut self, rows: impl IntoIterator<Item = &'a PreparedRow>, minutes: impl Fn(&PreparedRow) -> f64) {
        for row in rows {
            let Some(day) = row.completed_day() else { continue };
            if row.class == TypeClass::SelfCare {
                *self.self_care_by_day.entry(day).or_default() += 1;
            }
            let minutes = minutes(row);
            if minutes <= 0.0 {
                continue;
            }
            let times: &mut DayTimes = self.times_by_day.entry(day).or_default();
            match row.class {
                TypeClass::Work => times.work_minutes += minutes,
                TypeClass::Play => times.play_minutes += minutes,
                TypeClass::SelfCare | TypeClass::Sleep | TypeClass::Other => {}
            }
        }
    }
}

/// Productivity scores of some rows in a context, in their order.
#[must_use]
pub fn productivity_scores<'a>(
    rows: impl IntoIterator<Item = &'a PreparedRow>,
    context: &ProductivityContext,
) -> Vec<f64> {
    rows.into_iter().map(|row| productivity_score(&ProductivityInputs::of(row), context)).collect()
}

/// Productive minutes of the calendar week (Monday to Sunday) that holds a date: A.time_actual_minutes, where above 0,
/// of rows completed in it with status `completed` and type work or self care. Task analytics 13.
#[must_use]
pub fn productive_minutes_of_week(data: &TaskData, date: NaiveDate) -> f64 {
    let monday = date.checked_sub_days(Days::new(u64::from(date.weekday().num_days_from_monday()))).unwrap_or(date);
    let sunday = monday.checked_add_days(Days::new(6)).unwrap_or(date);
    let rows = data.by_day().range(monday..=sunday).flat_map(|(_, positions)| data.at(positions));
    let counts = |row: &&PreparedRow| row.class.is_productive() && &*row.status == "completed";
    rows.filter(counts).map(|row| row.actual.minutes()).filter(|minutes| *minutes > 0.0).sum()
}
