//! Calendar weeks: productive hours, goals and points.

mod goal;
mod hours;

pub use goal::{
    DEFAULT_GOAL_HOURS, GoalComparison, PointsTarget, WeekSnapshot, compare_to_goal, points_target, week_snapshot,
};
pub use hours::{
    DayHours, HoursByType, WeekHours, first_day_hours, productive_minutes, starting_hours, week_start, weekly_hours,
};
