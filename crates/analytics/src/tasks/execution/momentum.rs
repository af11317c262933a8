//! How one completion leads to the next.

use crate::tasks::grit::count;
use crate::tasks::moments::Stretches;
use crate::tasks::rows::{PreparedRow, TaskData, between};
use crate::tasks::spans::earlier_by_days;
use std::ops::Range;

/// Momentum at a completion with its parts, each 0 to 1. Task analytics 7.1.
///
/// The window holds the completions of all tasks in the 24 hours up to this one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Momentum {
    /// g: by the mean gap m in minutes of at least two completions in the window: 1 up to 15; 1 - 0.5 (m - 15)/45 up to
    /// 60; 30/m up to 240; else 0.1. Otherwise 0.5.
    pub clustering: f64,
    /// v: by the number N in the window: 0.5 up to 1; 0.5 + 0.1 (N - 1) up to 3; 0.7 + 0.075 (N - 3) up to 5;
    /// 0.85 + 0.03 (N - 5) up to 10; else 1.
    pub volume: f64,
    /// c: by the completions n of the task in the last 7 days: 0.5 up to 1; 0.5 + 0.075 (n - 1) up to 5;
    /// 0.8 + 0.04 (n - 5) up to 10; else 1.
    pub consistency: f64,
    /// a: by the change x of the mean duration from the first to the second half of at least three completions: 1 up
    /// to -0.5; 0.5 + |x| up to 0; 0.5 - x up to 0.5; else 0. Otherwise 0.5.
    pub acceleration: f64,
    /// clamp(0.4 g + 0.3 v + 0.2 c + 0.1 a, 0, 1); 0.5 without a completion time.
    pub factor: f64,
}

/// Momentum at the completion of a row.
#[must_use]
pub fn momentum(data: &TaskData, row: &PreparedRow) -> Momentum {
    let Some(at) = row.completed_at else {
        return Momentum { clustering: 0.5, volume: 0.5, consistency: 0.5, acceleration: 0.5, factor: 0.5 };
    };
    let times = data.completion_times();
    let window = between(times, earlier_by_days(at, 1), at);
    let same_task =
        data.of_task_of(row).map_or(0, |task| between(&task.completion_times, earlier_by_days(at, 7), at).len());
    let clustering = match (times.get(window.start), window.len()) {
        (Some(first), 2..) => clustering(at.minutes_since(*first) / (count(window.len()) - 1.0)),
        _ => 0.5,
    };
    let volume = volume(window.len());
    let consistency = consistency(same_task);
    let acceleration = if row.duration_minutes != 0.0 { acceleration(data.minutes(), window) } else { 0.5 };
    let sum = 0.4 * clustering + 0.3 * volume + 0.2 * consistency + 0.1 * acceleration;
    Momentum { clustering, volume, consistency, acceleration, factor: sum.clamp(0.0, 1.0) }
}

fn clustering(mean_gap: f64) -> f64 {
    if mean_gap <= 15.0 {
        1.0
    } else if mean_gap <= 60.0 {
        1.0 - 0.5 * (mean_gap - 15.0) / 45.0
    } else if mean_gap <= 240.0 {
        30.0 / mean_gap
    } else {
        0.1
    }
}

fn volume(completions: usize) -> f64 {
    let n = count(completions);
    match completions {
        ..=1 => 0.5,
        2..=3 => 0.5 + 0.1 * (n - 1.0),
        4..=5 => 0.7 + 0.075 * (n - 3.0),
        6..=10 => 0.85 + 0.03 * (n - 5.0),
        _ => 1.0,
    }
}

fn consistency(completions: usize) -> f64 {
    let n = count(completions);
    match completions {
        ..=1 => 0.5,
        2..=5 => 0.5 + 0.075 * (n - 1.0),
        6..=10 => 0.8 + 0.04 * (n - 5.0),
        _ => 1.0,
    }
}

/// Change of the mean duration from the first half of a window to the second.
fn acceleration(minutes: &Stretches, window: Range<usize>) -> f64 {
    if window.len() < 3 {
        return 0.5;
    }
    let half = window.start + window.len() / 2;
    let (first, second) = (minutes.mean(window.start..half), minutes.mean(half..window.end));
    let (Some(first), Some(second)) = (first.filter(|mean| *mean > 0.0), second) else { return 0.5 };
    let change = (second - first) / first;
    if change <= -0.5 {
        1.0
    } else if change <= 0.0 {
        0.5 + change.abs()
    } else if change <= 0.5 {
        0.5 - change
    } else {
        0.0
    }
}
