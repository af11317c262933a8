//! Balance of work, play and self care.

use crate::tasks::rows::{TaskData, TypeClass};
use landfast_domain::text::round_to;
use serde::Serialize;

/// Counts and minutes of completed instances by class, and how work and play balance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LifeBalance {
    /// Completed instances of work.
    pub work_count: usize,
    /// Completed instances of play.
    pub play_count: usize,
    /// Completed instances of self care.
    pub self_care_count: usize,
    /// Sum of `duration_minutes` of work, 1 decimal.
    pub work_time_minutes: f64,
    /// Sum of `duration_minutes` of play, 1 decimal.
    pub play_time_minutes: f64,
    /// Sum of `duration_minutes` of self care, 1 decimal.
    pub self_care_time_minutes: f64,
    /// clamp(50 + 100 (r - 0.5), 0, 100), 1 decimal: 50 is even, more is work. 50 without completed instances.
    pub balance_score: f64,
    /// r = work / (work + play) minutes, 3 decimals; 0.5 when both are 0, but 0 without completed instances.
    pub work_play_ratio: f64,
}

/// Balance over all completed instances.
#[must_use]
pub fn life_balance(data: &TaskData) -> LifeBalance {
    let (mut any, mut work, mut play, mut care) = (false, Share::default(), Share::default(), Share::default());
    for row in data.completed() {
        any = true;
        match row.class {
            TypeClass::Work => work.add(row.duration_minutes),
            TypeClass::Play => play.add(row.duration_minutes),
            TypeClass::SelfCare => care.add(row.duration_minutes),
            TypeClass::Sleep | TypeClass::Other => {}
        }
    }
    let ratio = work_share(work.minutes, play.minutes);
    LifeBalance {
        work_count: work.count,
        play_count: play.count,
        self_care_count: care.count,
        work_time_minutes: round_to(work.minutes, 1),
        play_time_minutes: round_to(play.minutes, 1),
        self_care_time_minutes: round_to(care.minutes, 1),
        balance_score: round_to(balance_score(ratio), 1),
        work_play_ratio: if any { round_to(ratio, 3) } else { 0.0 },
    }
}

/// r = work / (work + play) minutes, 0 to 1; 0.5 when there is neither.
///
/// ```
/// use landfast_analytics::tasks::summary::work_share;
/// assert_eq!(work_share(60.0, 20.0), 0.75);
/// assert_eq!(work_share(0.0, 0.0), 0.5);
/// ```
#[must_use]
pub fn work_share(work_minutes: f64, play_minutes: f64) -> f64 {
    let both = work_minutes + play_minutes;
    if both > 0.0 { work_minutes / both } else { 0.5 }
}

/// clamp(50 + 100 (r - 0.5), 0, 100) of a share r of work, not rounded.
#[must_use]
pub fn balance_score(work_share: f64) -> f64 {
    (50.0 + (work_share - 0.5) * 100.0).clamp(0.0, 100.0)
}

#[derive(Debug, Default)]
struct Share {
    count: usize,
    minutes: f64,
}

impl Share {
    fn add(&mut self, minutes: f64) {
        self.count += 1;
        self.minutes += minutes;
    }
}
