//! How the load of one instance goes with the success of the next.

use super::sessions::{Sessions, sessions};
use crate::stats::{Interval, mean, newcombe_interval, share};
use crate::tasks::efficiency::efficiency_score;
use crate::tasks::rows::{PreparedRow, TaskData};
use landfast_domain::instant::earlier;
use landfast_domain::time::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// Limits of the classes of load.
const MEDIUM_FROM: f64 = 35.0;
const HIGH_FROM: f64 = 55.0;

/// Fewest measured changes of a task to be listed.
const LEAST_MEASURED: usize = 3;

/// What to look at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CapacityOptions {
    /// An instance follows another one when it ends at most so many hours later. 4 by default.
    pub window_hours: f64,
    /// Instances that ended within the last so many days count. 90 by default.
    pub days: u32,
    /// Fewest instances on either side of an effect. 5 by default.
    pub n_min: usize,
}

impl Default for CapacityOptions {
    fn default() -> Self {
        Self { window_hours: 4.0, days: 90, n_min: 5 }
    }
}

/// Class of the load of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LoadClass {
    /// Below 35.
    Low,
    /// From 35, below 55.
    Medium,
    /// From 55.
    High,
}

impl LoadClass {
    /// All classes, rising.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// Class of a load.
    #[must_use]
    pub fn of(load: f64) -> Self {
        match load {
            load if load < MEDIUM_FROM => Self::Low,
            load if load < HIGH_FROM => Self::Medium,
            _ => Self::High,
        }
    }

    /// `low`, `medium` or `high`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// Load of a row, 0 to 100: `((M + D)/2 + E + F)/3`. Task analytics 18.2.
///
/// M mental energy, D difficulty, E emotional and F physical load.
#[must_use]
pub fn load(row: &PreparedRow) -> f64 {
    ((row.mental_energy_needed + row.task_difficulty) / 2.0 + row.emotional_load + row.physical_load) / 3.0
}

/// An instance that ended, as far as capacity is concerned.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ended<'a> {
    pub(super) row: &'a PreparedRow,
    pub(super) end: Timestamp,
    pub(super) class: LoadClass,
    pub(super) is_success: bool,
    /// Efficiency score of a completed one.
    pub(super) efficiency: Option<f64>,
    /// Whether the one before ended at most the window earlier.
    pub(super) follows: bool,
}

/// Instances of one class after one of another class.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Transition {
    /// How many.
    pub n: usize,
    /// Share of them that succeeded, 0 to 1; `None` without any.
    pub success_rate: Option<f64>,
    /// Mean change of capacity over those where it was measured, -100 to 100.
    pub mean_capacity_change: Option<f64>,
    /// Mean efficiency score over the completed ones.
    pub mean_efficiency: Option<f64>,
}

/// Change of capacity by class of load.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LoadChange {
    /// Instances of the class.
    pub n: usize,
    /// Those with a measured change of capacity.
    pub n_measured: usize,
    /// Mean change, -100 to 100.
    pub mean_change: Option<f64>,
    /// Share of the measured ones with more capacity afterwards, 0 to 1.
    pub share_increase: Option<f64>,
    /// Share of the measured ones with less capacity afterwards, 0 to 1.
    pub share_decrease: Option<f64>,
}

/// Change of capacity by task.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TaskChange {
    /// Id of the task.
    pub task_id: String,
    /// Measured changes, 3 or more.
    pub n: usize,
    /// Mean change, -100 to 100.
    pub mean_change: f64,
}

/// Success of one group of instances against another.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Effect {
    /// Successes and instances of the class that follow the other class.
    pub after: (usize, usize),
    /// Successes and instances of the class that do not.
    pub otherwise: (usize, usize),
    /// Difference of the two shares, -1 to 1; `None` unless both groups are large enough.
    pub difference: Option<f64>,
    /// Newcombe's 95 % interval of the difference.
    pub interval: Option<Interval>,
}

/// Patterns of load, capacity and success.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CapacityPatterns {
    /// Instances looked at.
    pub n: usize,
    /// As asked for.
    pub window_hours: f64,
    /// As asked for.
    pub days: u32,
    /// By `from->to`, all nine pairs of classes.
    pub transitions: BTreeMap<String, Transition>,
    /// Success of instances of high load after one of low load, against all others of high load.
    pub building: Effect,
    /// Success of instances of low load after one of high load, against all others of low load.
    pub draining: Effect,
    /// By class, see [`LoadClass::as_str`].
    pub by_load_class: BTreeMap<&'static str, LoadChange>,
    /// Tasks with at least three measured changes, the greatest mean first, then by id.
    pub by_task: Vec<TaskChange>,
    /// Runs of instances.
    pub sessions: Sessions,
}

/// Patterns of load, capacity and success over the instances that ended in the last days, in linear time but
/// for sorting.
///
/// Looked at are rows with status completed or cancelled, by their end, which is `completed_at`, else
/// `cancelled_at`; those of the same minute by id. A row succeeds when it was completed to at least 100 %,
/// where a missing percentage counts as 100. It follows the row before when that ended at most
/// `window_hours` earlier. Task analytics 18.2.
#[must_use]
pub fn capacity_patterns(data: &TaskData, now: Timestamp, options: &CapacityOptions) -> CapacityPatterns {
    let rows = ended(data, now, options);
    let pairs: Vec<(LoadClass, &Ended<'_>)> = rows
        .iter()
        .zip(rows.iter().skip(1))
        .filter(|(_, second)| second.follows)
        .map(|(first, second)| (first.class, second))
        .collect();
    let mut transitions = BTreeMap::new();
    for from in LoadClass::ALL {
        for to in LoadClass::ALL {
            let group = pairs.iter().filter(|(class, second)| *class == from && second.class == to);
            transitions.insert(
                format!("{}->{}", from.as_str(), to.as_str()),
                transition(&group.map(|(_, second)| *second).collect::<Vec<_>>()),
            );
        }
    }
    let effect = |class: LoadClass, before: LoadClass| {
        let after = pairs.iter().filter(|(first, second)| *first == before && second.class == class);
        let after = successes(after.map(|(_, second)| *second));
        let all = successes(rows.iter().filter(|row| row.class == class));
        effect(after, (all.0 - after.0, all.1 - after.1), options.n_min)
    };
    CapacityPatterns {
        n: rows.len(),
        window_hours: options.window_hours,
        days: options.days,
        building: effect(LoadClass::High, LoadClass::Low),
        draining: effect(LoadClass::Low, LoadClass::High),
        by_load_class: LoadClass::ALL
            .into_iter()
            .map(|class| (class.as_str(), load_change(rows.iter().filter(|row| row.class == class))))
            .collect(),
        by_task: by_task(&rows),
        sessions: sessions(&rows),
        transitions,
    }
}

fn ended<'a>(data: &'a TaskData, now: Timestamp, options: &CapacityOptions) -> Vec<Ended<'a>> {
    let from = earlier(now, Duration::from_secs(u64::from(options.days) * 86_400));
    let mut rows: Vec<Ended<'a>> = data
        .rows()
        .iter()
        .filter_map(|row| {
            let is_completed = match &*row.status {
                "completed" => true,
                "cancelled" => false,
                _ => return None,
            };
            let end = row.completed_at.or(row.cancelled_at).filter(|end| *end >= from)?;
            Some(Ended {
                row,
                end,
                class: LoadClass::of(load(row)),
                is_success: is_completed && row.actual.completion_percent.unwrap_or(100.0) >= 100.0,
                efficiency: is_completed.then(|| efficiency_score(row)),
                follows: false,
            })
        })
        .collect();
    rows.sort_by(|a, b| (a.end, &a.row.instance_id).cmp(&(b.end, &b.row.instance_id)));
    let mut last: Option<Timestamp> = None;
    for row in &mut rows {
        row.follows = last.is_some_and(|last| row.end.minutes_since(last) <= options.window_hours * 60.0);
        last = Some(row.end);
    }
    rows
}

/// Successes and number of some instances.
pub(super) fn successes<'a>(rows: impl Iterator<Item = &'a Ended<'a>>) -> (usize, usize) {
    rows.fold((0, 0), |(good, n), row| (good + usize::from(row.is_success), n + 1))
}

fn effect(after: (usize, usize), otherwise: (usize, usize), n_min: usize) -> Effect {
    let enough = after.1.min(otherwise.1) >= n_min.max(1);
    let difference = || Some(share(after.0, after.1)? - share(otherwise.0, otherwise.1)?);
    Effect {
        after,
        otherwise,
        difference: enough.then(difference).flatten(),
        interval: enough.then(|| newcombe_interval(after, otherwise)).flatten(),
    }
}

fn changes<'a>(rows: impl Iterator<Item = &'a Ended<'a>>) -> Vec<f64> {
    rows.filter_map(|row| row.row.tracking.capacity_change()).collect()
}

fn transition(rows: &[&Ended<'_>]) -> Transition {
    let (good, n) = successes(rows.iter().copied());
    let efficiencies: Vec<f64> = rows.iter().filter_map(|row| row.efficiency).collect();
    Transition {
        n,
        success_rate: share(good, n),
        mean_capacity_change: mean(&changes(rows.iter().copied())),
        mean_efficiency: mean(&efficiencies),
    }
}

fn load_change<'a>(rows: impl Iterator<Item = &'a Ended<'a>> + Clone) -> LoadChange {
    let changes = changes(rows.clone());
    let part = |is: fn(f64) -> bool| share(changes.iter().filter(|change| is(**change)).count(), changes.len());
    LoadChange {
        n: rows.count(),
        n_measured: changes.len(),
        mean_change: mean(&changes),
        share_increase: part(|change| change > 0.0),
        share_decrease: part(|change| change < 0.0),
    }
}

fn by_task(rows: &[Ended<'_>]) -> Vec<TaskChange> {
    let mut tasks: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for row in rows {
        if let Some(change) = row.row.tracking.capacity_change() {
            tasks.entry(&row.row.task_id).or_default().push(change);
        }
    }
    let mut found: Vec<TaskChange> = tasks
        .into_iter()
        .filter(|(_, changes)| changes.len() >= LEAST_MEASURED)
        .filter_map(|(task_id, changes)| {
            Some(TaskChange { task_id: task_id.to_owned(), n: changes.len(), mean_change: mean(&changes)? })
        })
        .collect();
    // Stable: tasks of equal change stay in order of their ids.
    found.sort_by(|a, b| b.mean_change.total_cmp(&a.mean_change));
    found
}
