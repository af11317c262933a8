//! The dashboard.

use super::balance::{LifeBalance, life_balance};
use super::volume::{composite_productivity_score, productivity_potential, work_volume};
use crate::stats::real;
use crate::tasks::clock::Clock;
use crate::tasks::lasting::average;
use crate::tasks::rows::{PreparedRow, TaskData, TypeClass};
use crate::tasks::scores::Scores;
use crate::tasks::window::since;
use landfast_domain::text::round_to;
use landfast_domain::time::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

/// Minutes of work a day that the potential is measured against.
const TARGET_MINUTES: f64 = 360.0;
/// Share of the general aversion that is taken off wellbeing.
const AVERSION_SHARE: f64 = 0.3;
const MONTH: u32 = 30;

/// All numbers of the dashboard.
///
/// "All" are all loaded rows, also open and cancelled ones with their defaults; a mean of nothing is 0.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Dashboard {
    /// How many.
    pub counts: Counts,
    /// How well.
    pub quality: Quality,
    /// How long.
    pub time: Times,
    /// Balance of work and play; `None` without any row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub life_balance: Option<LifeBalance>,
    /// How much against the grain.
    pub aversion: AversionLevel,
    /// How much work.
    pub productivity_volume: ProductivityVolume,
}

/// Numbers of instances.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Counts {
    /// Status `active` or `in_progress`.
    pub active: usize,
    /// Completed in the last seven times 24 hours.
    pub completed_7d: usize,
    /// With a creation time.
    pub total_created: usize,
    /// Completed.
    pub total_completed: usize,
    /// 100 × completed / created, 1 decimal; 0 for none.
    pub completion_rate: f64,
    /// Self care completed today.
    pub daily_self_care_tasks: usize,
    /// Mean by date over the dates of the last 30 times 24 hours that have any, 2 decimals.
    pub avg_daily_self_care_tasks: f64,
}

/// Means of ratings, 2 decimals unless said otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Quality {
    /// Relief score over all, 0 to 100.
    pub avg_relief: f64,
    /// Stored cognitive load over the rows that have one, 0 to 100.
    pub avg_cognitive_load: f64,
    /// Stress level over all, 0 to 100.
    pub avg_stress_level: f64,
    /// Net wellbeing over all, -100 to 100.
    pub avg_net_wellbeing: f64,
    /// Normalised net wellbeing over all, around 50; 50 without rows.
    pub avg_net_wellbeing_normalized: f64,
    /// Stress efficiency over all, 0 to 100; `None` without rows.
    pub avg_stress_efficiency: Option<f64>,
    /// Expected aversion (missing 0) over completed, 1 decimal.
    pub avg_aversion: f64,
    /// Mean net wellbeing - 0.3 general aversion.
    pub adjusted_wellbeing: f64,
    /// clamp(50 + (mean net wellbeing - 0.3 general aversion) / 2, 0, 100).
    pub adjusted_wellbeing_normalized: f64,
    /// Thoroughness score, 0 to 100, 1 decimal.
    pub thoroughness_score: f64,
    /// Thoroughness factor, 0.5 to 1.3, 3 decimals.
    pub thoroughness_factor: f64,
}

/// Times, 2 decimals.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Times {
    /// Median of the duration in minutes over all.
    pub median_duration: f64,
    /// Mean minutes from creation to start over the rows that have both.
    pub avg_delay: f64,
    /// Mean of duration / estimate over completed rows where both are above 0.
    pub estimation_accuracy: f64,
}

/// Aversion in general.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct AversionLevel {
    /// Mean expected aversion (missing 0) over active rows, 1 decimal; over all rows when that is 0.
    pub general_aversion_score: f64,
}

/// Work of the last 30 times 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ProductivityVolume {
    /// Mean minutes of a day with work, 1 decimal.
    pub avg_daily_work_time: f64,
    /// Points for it, 0 to 100, 1 decimal.
    pub work_volume_score: f64,
    /// How even the days are, 0 to 100, 1 decimal.
    pub work_consistency_score: f64,
    /// What the efficiency would give in six hours a day, 1 decimal.
    pub productivity_potential_score: f64,
    /// Hours that are missing to six a day, 1 decimal.
    pub work_volume_gap: f64,
    /// Weighted mean of efficiency, volume and consistency, 1 decimal.
    pub composite_productivity_score: f64,
}

/// The dashboard at a time.
#[must_use]
pub fn dashboard(data: &TaskData, scores: &Scores, clock: Clock) -> Dashboard {
    let general = general_aversion(data);
    Dashboard {
        counts: counts(data, clock.local),
        quality: quality(data, scores, general),
        time: times(data),
        life_balance: (!data.rows().is_empty()).then(|| life_balance(data)),
        aversion: AversionLevel { general_aversion_score: round_to(general, 1) },
        productivity_volume: productivity_volume(data, clock.local),
    }
}

/// General aversion, 2 decimals: the mean expected aversion (missing 0) over active rows; when there is none or the mean
/// is 0, over all rows. 0 without rows.
#[must_use]
pub fn general_aversion(data: &TaskData) -> f64 {
    data.lasting().means.general_aversion
}

fn counts(data: &TaskData, now: Timestamp) -> Counts {
    let total_created = data.rows().iter().filter(|row| !row.created_text.is_empty()).count();
    let total_completed = data.completed_positions().len();
    let self_care = |row: &&PreparedRow| row.class == TypeClass::SelfCare;
    let mut by_date: BTreeMap<_, usize> = BTreeMap::new();
    for row in data.completed().filter(self_care).filter(|row| since(row, now, MONTH)) {
        *by_date.entry(row.completed_day()).or_default() += 1;
    }
    let rate = 100.0 * real(total_completed) / real(total_created.max(1));
    Counts {
        active: data.rows().iter().filter(|row| row.is_active()).count(),
        completed_7d: data.completed().filter(|row| since(row, now, 7)).count(),
        total_created,
        total_completed,
        completion_rate: if total_created > 0 { round_to(rate, 1) } else { 0.0 },
        daily_self_care_tasks: data.completed_on(now.naive().date()).filter(self_care).count(),
        avg_daily_self_care_tasks: average(by_date.values().map(|count| real(*count))),
    }
}

fn quality(data: &TaskData, scores: &Scores, general_aversion: f64) -> Quality {
    let means = data.lasting().means;
    let avg_net_wellbeing = means.net_wellbeing;
    let adjusted = avg_net_wellbeing - AVERSION_SHARE * general_aversion;
    let thoroughness = scores.thoroughness();
    let empty = data.rows().is_empty();
    Quality {
        avg_relief: means.relief,
        avg_cognitive_load: means.cognitive_load,
        avg_stress_level: means.stress_level,
        avg_net_wellbeing,
        avg_net_wellbeing_normalized: if empty { 50.0 } else { means.net_wellbeing_normalized },
        avg_stress_efficiency: (!empty).then_some(means.stress_efficiency),
        avg_aversion: round_to(means.aversion_of_completed, 1),
        adjusted_wellbeing: round_to(adjusted, 2),
        adjusted_wellbeing_normalized: round_to((50.0 + adjusted / 2.0).clamp(0.0, 100.0), 2),
        thoroughness_score: if empty { 50.0 } else { round_to(thoroughness.score, 1) },
        thoroughness_factor: if empty { 1.0 } else { round_to(thoroughness.factor, 3) },
    }
}

fn times(data: &TaskData) -> Times {
    let means = data.lasting().means;
    Times {
        median_duration: means.median_duration,
        avg_delay: means.delay,
        estimation_accuracy: means.estimation_accuracy,
    }
}

fn productivity_volume(data: &TaskData, now: Timestamp) -> ProductivityVolume {
    let volume = work_volume(data, now, MONTH);
    let efficiency = data.lasting().efficiency.avg_efficiency;
    let potential = productivity_potential(efficiency, volume.avg_daily_work_time, TARGET_MINUTES);
    ProductivityVolume {
        avg_daily_work_time: volume.avg_daily_work_time,
        work_volume_score: volume.work_volume_score,
        work_consistency_score: volume.work_consistency_score,
        productivity_potential_score: potential.potential_score,
        work_volume_gap: potential.gap_hours,
        composite_productivity_score: composite_productivity_score(
            efficiency,
            volume.work_volume_score,
            volume.work_consistency_score,
        ),
    }
}

/// What is open.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ActiveSummary {
    /// Number of active rows that are not deleted.
    pub active_count: usize,
    /// Smallest creation time of them, as text; `None` without any.
    pub oldest_active: Option<String>,
}

/// What is open, and since when. The original also counted deleted rows when it read them from files.
#[must_use]
pub fn active_summary(data: &TaskData) -> ActiveSummary {
    let active: Vec<&PreparedRow> = data.rows().iter().filter(|row| row.is_active() && !row.is_deleted).collect();
    let oldest = active.iter().map(|row| &row.created_text).filter(|text| !text.is_empty()).min();
    ActiveSummary { active_count: active.len(), oldest_active: oldest.cloned() }
}
