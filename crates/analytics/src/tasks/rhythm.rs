//! How often a task is completed, and how often it should be.

use super::baselines::{mean, median};
use super::grit::count;
use super::rows::{PreparedRow, TaskData};
use super::spans::days_between;
use landfast_domain::json::Json;
use landfast_domain::tasks::Task;
use landfast_domain::text::{python_lower, python_strip};
use landfast_domain::time::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Completions of one task up to some time, and the days between them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rhythm {
    /// Times of completion, ascending.
    pub completions: Vec<Timestamp>,
    /// Days between neighbours, one fewer than the completions.
    pub intervals: Vec<f64>,
    /// Mean interval in days.
    pub mean: Option<f64>,
    /// Median interval in days.
    pub median: Option<f64>,
    /// Days between completions that the routine asks for; see [`benchmark_days`].
    pub benchmark: Option<f64>,
}

impl Rhythm {
    fn new(completions: Vec<Timestamp>, benchmark: Option<f64>) -> Self {
        let pairs = completions.iter().zip(completions.iter().skip(1));
        let intervals: Vec<f64> = pairs.map(|(a, b)| days_between(*a, *b)).collect();
        let mut ascending = intervals.clone();
        ascending.sort_by(f64::total_cmp);
        Self { mean: mean(&intervals), median: median(&ascending), completions, intervals, benchmark }
    }

    /// Rhythms of all tasks that a loaded row names, by task id, from their completions up to `now`.
    #[must_use]
    pub fn by_task(data: &TaskData, now: Timestamp) -> BTreeMap<Arc<str>, Self> {
        data.by_task().iter().map(|(id, _)| (Arc::clone(id), Self::of_task(data, id, now))).collect()
    }

    /// Rhythm of one task from its completions up to `now`; without completions when no loaded row names it.
    #[must_use]
    pub fn of_task(data: &TaskData, task_id: &str, now: Timestamp) -> Self {
        let times = data.of_task(task_id).map(|rows| rows.completion_times.as_slice()).unwrap_or_default();
        let times = times.iter().copied();
        Self::new(
            times.take_while(|time| *time <= now).collect(),
            data.task(task_id).and_then(|task| benchmark_days(&task.record)),
        )
    }

    /// Days from the last completion strictly before a time; `None` without one.
    #[must_use]
    pub fn days_since_last(&self, time: Timestamp) -> Option<f64> {
        let before = self.completions.partition_point(|completion| *completion < time);
        let last = self.completions.get(before.checked_sub(1)?)?;
        Some(days_between(*last, time))
    }

    /// Days since the task was last completed when a row was made: the stored value, else derived from the completions
    /// strictly before its creation.
    #[must_use]
    pub fn time_since_last(&self, row: &PreparedRow) -> Option<f64> {
        row.tracking.time_since_last_completion.or_else(|| self.days_since_last(row.created_at?))
    }
}

/// Days between completions that a routine asks for: 7/k for `daily` or `weekly` with k weekdays selected; without any 1
/// for `daily` and 7 for `weekly`; none otherwise. Task analytics 18.1.
#[must_use]
pub fn benchmark_days(task: &Task) -> Option<f64> {
    let without = match python_lower(python_strip(task.routine_frequency.legacy())).as_str() {
        "daily" => 1.0,
        "weekly" => 7.0,
        _ => return None,
    };
    let weekdays = Json::parse(task.routine_days_of_week.legacy()).ok().map(|json| json.unwrap_encoded().0);
    let selected = weekdays.as_ref().and_then(Json::as_array).map_or(0, <[Json]>::len);
    Some(if selected == 0 { without } else { 7.0 / count(selected) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use landfast_domain::record::Record as _;

    #[test]
    fn routines_ask_for_days() {
        let benchmark = |frequency: &str, days: &str| {
            let mut task = Task::blank("t".into());
            task.routine_frequency.set_raw(frequency);
            task.routine_days_of_week.set_raw(days);
            benchmark_days(&task)
        };
        assert_eq!(benchmark("daily", "[0, 2]"), Some(3.5));
        assert_eq!(benchmark("daily", "[]"), Some(1.0));
        assert_eq!(benchmark("weekly", ""), Some(7.0));
        assert_eq!(benchmark("weekly", "[4]"), Some(7.0));
        assert_eq!(benchmark("none", "[0, 2]"), None);
    }

    #[test]
    fn only_completions_strictly_before_count() {
        let at = |text: &str| Timestamp::parse(text).unwrap();
        let rhythm = Rhythm::new(vec![at("2025-12-01 10:00"), at("2025-12-03 10:00")], None);
        assert_eq!(rhythm.days_since_last(at("2025-12-03 10:00")), Some(2.0));
        assert_eq!(rhythm.days_since_last(at("2025-12-03 22:00")), Some(0.5));
        assert_eq!(rhythm.days_since_last(at("2025-12-01 10:00")), None);
        assert_eq!((rhythm.mean, rhythm.median), (Some(2.0), Some(2.0)));
    }
}
