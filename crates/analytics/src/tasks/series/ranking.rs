//! Tasks by the mean of a metric.

use super::attribute::Attribute;
use crate::stats::mean;
use crate::tasks::rows::{PreparedRow, TaskData};
use landfast_domain::text::round_to;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A metric by which tasks are ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RankingMetric {
    /// Relief score, highest first.
    Relief,
    /// Stress efficiency, highest first.
    StressEfficiency,
    /// Behavioural score, highest first.
    BehavioralScore,
    /// Stress level, lowest first.
    StressLevel,
}

impl RankingMetric {
    /// All metrics.
    pub const ALL: [Self; 4] = [Self::Relief, Self::StressEfficiency, Self::BehavioralScore, Self::StressLevel];

    /// The metric of this name; relief for an unknown one.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|metric| metric.as_str() == name).unwrap_or(Self::Relief)
    }

    /// Name in requests and answers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Relief => "relief",
            Self::StressEfficiency => "stress_efficiency",
            Self::BehavioralScore => "behavioral_score",
            Self::StressLevel => "stress_level",
        }
    }

    fn attribute(self) -> Attribute {
        match self {
            Self::Relief => Attribute::ReliefScore,
            Self::StressEfficiency => Attribute::StressEfficiency,
            Self::BehavioralScore => Attribute::BehavioralScore,
            Self::StressLevel => Attribute::StressLevel,
        }
    }
}

/// A task in a ranking.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RankedTask {
    /// Id of the task.
    pub task_id: Arc<str>,
    /// Name in the first completed instance that has one.
    pub task_name: Arc<str>,
    /// Name of the metric.
    pub metric: &'static str,
    /// Mean of the metric over completed instances that have it, 2 decimals.
    pub metric_value: f64,
    /// Number of those instances.
    pub count: usize,
}

/// The first `limit` tasks by the mean of a metric over their completed instances.
///
/// Ranked by the unrounded mean; tasks of the same mean in ascending order of their ids.
#[must_use]
pub fn task_ranking(data: &TaskData, metric: RankingMetric, limit: usize) -> Vec<RankedTask> {
    let attribute = metric.attribute();
    let means = means_by_task(data, |row| attribute.value(row));
    let direction = if metric == RankingMetric::StressLevel { 1.0 } else { -1.0 };
    sorted(means, |task| direction * task.mean)
        .take(limit)
        .map(|task| RankedTask {
            task_id: task.id,
            task_name: task.name,
            metric: metric.as_str(),
            metric_value: round_to(task.mean, 2),
            count: task.count,
        })
        .collect()
}

/// A task in the leaderboard of stress efficiency.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LeaderboardEntry {
    /// Id of the task.
    pub task_id: Arc<str>,
    /// Name in the first completed instance that has one.
    pub task_name: Arc<str>,
    /// Mean stress efficiency, 2 decimals.
    pub stress_efficiency: f64,
    /// Mean relief score of the same instances, 2 decimals.
    pub avg_relief: f64,
    /// Mean stress level of the same instances, 2 decimals.
    pub avg_stress: f64,
    /// Number of instances.
    pub count: usize,
}

/// The first `limit` tasks by mean stress efficiency over completed instances with one above 0.
#[must_use]
pub fn stress_efficiency_leaderboard(data: &TaskData, limit: usize) -> Vec<LeaderboardEntry> {
    let usable = |row: &PreparedRow| row.stress_efficiency.filter(|value| *value > 0.0);
    let means = means_by_task(data, usable);
    sorted(means, |task| -task.mean)
        .take(limit)
        .map(|task| {
            let rows = data.of_task(&task.id).map(|rows| rows.completed.as_slice()).unwrap_or_default();
            let of = |value: fn(&PreparedRow) -> f64| {
                let values: Vec<f64> = data.at(rows).filter(|row| usable(row).is_some()).map(value).collect();
                round_to(mean(&values).unwrap_or(0.0), 2)
            };
            LeaderboardEntry {
                stress_efficiency: round_to(task.mean, 2),
                avg_relief: of(|row| row.relief_score),
                avg_stress: of(|row| row.stress_level),
                count: task.count,
                task_id: task.id,
                task_name: task.name,
            }
        })
        .collect()
}

/// Mean of relief score minus expected relief by task id, over completed instances with an expectation, 2 decimals.
#[must_use]
pub fn task_relief_history(data: &TaskData) -> BTreeMap<Arc<str>, f64> {
    let net = |row: &PreparedRow| row.expected_relief.map(|expected| row.relief_score - expected);
    means_by_task(data, net).into_iter().map(|task| (task.id, round_to(task.mean, 2))).collect()
}

/// Mean of a score by task id, over completed instances whose score is above 0, 2 decimals.
///
/// With the efficiency score: the efficiency history.
#[must_use]
pub fn task_score_history(data: &TaskData, score: impl Fn(&PreparedRow) -> f64) -> BTreeMap<Arc<str>, f64> {
    let positive = |row: &PreparedRow| Some(score(row)).filter(|score| *score > 0.0);
    means_by_task(data, positive).into_iter().map(|task| (task.id, round_to(task.mean, 2))).collect()
}

struct TaskMean {
    id: Arc<str>,
    name: Arc<str>,
    mean: f64,
    count: usize,
}

/// Means by task in ascending order of the ids; tasks without a value are left out.
fn means_by_task(data: &TaskData, value: impl Fn(&PreparedRow) -> Option<f64>) -> Vec<TaskMean> {
    let mean_of = |(id, rows): &(Arc<str>, crate::tasks::rows::TaskRows)| {
        let known: Vec<(&PreparedRow, f64)> =
            data.at(&rows.completed).filter_map(|row| value(row).map(|value| (row, value))).collect();
        let values: Vec<f64> = known.iter().map(|(_, value)| *value).collect();
        let (first, _) = known.first()?;
        let named = data.at(&rows.completed).find(|row| !row.task_name.is_empty());
        Some(TaskMean {
            id: Arc::clone(id),
            name: Arc::clone(&named.unwrap_or(first).task_name),
            mean: mean(&values)?,
            count: values.len(),
        })
    };
    data.by_task().iter().filter_map(mean_of).collect()
}

fn sorted(mut tasks: Vec<TaskMean>, key: impl Fn(&TaskMean) -> f64) -> impl Iterator<Item = TaskMean> {
    tasks.sort_by(|a, b| key(a).total_cmp(&key(b)));
    tasks.into_iter()
}
