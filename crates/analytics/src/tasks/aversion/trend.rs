//! Aversion over time.

use super::score::aversion_score;
use crate::tasks::baselines::mean;
use crate::tasks::rhythm::Rhythm;
use crate::tasks::rows::TaskData;
use crate::tasks::spans::earlier_by_days;
use chrono::NaiveDate;
use landfast_domain::time::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Dates with data that the trailing mean looks back on.
const TRAILING_DATES: usize = 7;

/// Aversion scores of all loaded rows, in creation order.
#[must_use]
pub fn aversion_scores(data: &TaskData, now: Timestamp) -> Vec<Option<f64>> {
    let rhythms = Rhythm::by_task(data, now);
    data.rows().iter().map(|row| aversion_score(row, rhythms.get(&row.task_id), now)).collect()
}

/// Mean aversion score by date of completion.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AversionDay {
    /// Date of completion.
    pub date: NaiveDate,
    /// Mean score of the date, 0 to 100.
    pub mean: f64,
    /// Mean of the means of the last seven dates with data, this one included.
    pub trailing_mean: f64,
}

/// Aversion by date over the last `days` days, dates ascending; rows without a score do not count. Task analytics 18.1.
///
/// `scores` are those of [`aversion_scores`].
#[must_use]
pub fn aversion_trend(data: &TaskData, scores: &[Option<f64>], now: Timestamp, days: u32) -> Vec<AversionDay> {
    let start = earlier_by_days(now, i64::from(days));
    let mut means: Vec<(NaiveDate, f64)> = Vec::new();
    for (date, positions) in data.by_day().range(start.naive().date()..) {
        let recent = data.at(positions).filter(|row| row.completed_at.is_some_and(|time| time >= start));
        let scores: Vec<f64> = recent.filter_map(|row| *scores.get(row.position)?).collect();
        means.extend(mean(&scores).map(|mean| (*date, mean)));
    }
    let day = |(number, (date, value)): (usize, &(NaiveDate, f64))| {
        let trailing: Vec<f64> =
            means.iter().take(number + 1).skip((number + 1).saturating_sub(TRAILING_DATES)).map(|(_, m)| *m).collect();
        AversionDay { date: *date, mean: *value, trailing_mean: mean(&trailing).unwrap_or(*value) }
    };
    means.iter().enumerate().map(day).collect()
}

/// Latest aversion score of a task against the mean of all its scores.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskAversion {
    /// Id of the task.
    pub task_id: Arc<str>,
    /// Name as copied to the latest row with a score.
    pub task_name: Arc<str>,
    /// Score of the latest created row that has one.
    pub latest: f64,
    /// Mean of all scores.
    pub mean: f64,
    /// Number of scores.
    pub n: usize,
}

/// Aversion by task, task ids ascending; tasks without any score are left out. Task analytics 18.5.
#[must_use]
pub fn aversion_by_task(data: &TaskData, scores: &[Option<f64>]) -> Vec<TaskAversion> {
    let mut tasks: BTreeMap<&Arc<str>, (Vec<f64>, Arc<str>)> = BTreeMap::new();
    for row in data.rows() {
        if let Some(Some(score)) = scores.get(row.position) {
            let (values, name) = tasks.entry(&row.task_id).or_insert_with(|| (Vec::new(), Arc::clone(&row.task_name)));
            values.push(*score);
            *name = Arc::clone(&row.task_name);
        }
    }
    let task = |(id, (values, name)): (&Arc<str>, (Vec<f64>, Arc<str>))| {
        let (latest, mean) = (*values.last()?, mean(&values)?);
        Some(TaskAversion { task_id: Arc::clone(id), task_name: name, latest, mean, n: values.len() })
    };
    tasks.into_iter().filter_map(task).collect()
}
