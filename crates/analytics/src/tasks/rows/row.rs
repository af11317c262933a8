//! One instance with everything derived from it.

use super::class::TypeClass;
use super::payloads::{Actual, Predicted};
use super::tracking::Tracking;
use chrono::NaiveDate;
use landfast_domain::time::Timestamp;
use std::sync::Arc;

/// One instance, its cells and payloads read once, with its derived columns and scores.
///
/// "Number" means a finite number here: `NaN`, the infinities and texts that are no number count as missing.
/// Symbols used below: M [`mental_energy_needed`](Self::mental_energy_needed), D
/// [`task_difficulty`](Self::task_difficulty), E [`emotional_load`](Self::emotional_load), F
/// [`physical_load`](Self::physical_load), a [`expected_aversion`](Self::expected_aversion), R
/// [`relief_score`](Self::relief_score), P [`predicted`](Self::predicted), A [`actual`](Self::actual).
#[derive(Debug, Clone, PartialEq)]
pub struct PreparedRow {
    /// Place among the loaded rows, from 0; index into [`TaskData::rows`](super::TaskData::rows).
    pub position: usize,
    /// Legacy id of the instance; not necessarily unique.
    pub instance_id: String,
    /// Id of the task; may name none of the table, or be empty.
    pub task_id: Arc<str>,
    /// Place of the task in [`TaskData::by_task`](super::TaskData::by_task).
    pub(in crate::tasks) group: usize,
    /// Name of the task as copied at creation.
    pub task_name: Arc<str>,
    /// Task type of the table, as written there; `Work` for an unknown task and for an empty cell.
    pub task_type: Arc<str>,
    /// Class of the task type.
    pub class: TypeClass,
    /// Status text; an empty cell reads as `completed` or `active`.
    pub status: Arc<str>,
    /// Whether the row is marked as deleted.
    pub is_deleted: bool,

    /// When it was made, local time.
    pub created_at: Option<Timestamp>,
    /// When predictions were first given.
    pub initialized_at: Option<Timestamp>,
    /// When work (re)started.
    pub started_at: Option<Timestamp>,
    /// When it was completed; `None` also when the cell holds something that is no time.
    pub completed_at: Option<Timestamp>,
    /// When it was cancelled.
    pub cancelled_at: Option<Timestamp>,
    /// When it should be done.
    pub due_at: Option<Timestamp>,
    /// Cell text of the creation time, trimmed; empty when missing.
    pub created_text: String,
    /// Cell text of the completion time, trimmed; empty when missing.
    pub completed_text: String,
    /// Whether the initialisation time is given, readable or not.
    pub is_initialized: bool,

    /// Numbers of the payload `predicted` (P).
    pub predicted: Predicted,
    /// Numbers of the payload `actual` (A).
    pub actual: Actual,
    /// Whether P was understood; an empty cell counts as an empty payload.
    pub is_predicted_readable: bool,
    /// Text `description` of P, if it is not empty.
    pub description: Option<Arc<str>>,
    /// Category of a cancellation: text `cancellation_category` of A.
    pub cancellation_category: Option<Arc<str>>,
    /// Attributes tracked beyond the original.
    pub tracking: Arc<Tracking>,

    /// est(P): minutes, `number(P.time_estimate_minutes or P.estimate or 0)`.
    pub estimate_minutes: f64,
    /// Stored `procrastination_score`, 0 to 10.
    pub procrastination_score: Option<f64>,
    /// Stored `proactive_score`, 0 to 10.
    pub proactive_score: Option<f64>,
    /// Stored `delay_minutes`.
    pub delay_minutes: Option<f64>,
    /// Stored `cognitive_load`; never taken from payloads.
    pub cognitive_load: Option<f64>,
    /// Stored `duration_minutes`, without the chain and default of [`duration_minutes`](Self::duration_minutes).
    pub stored_duration_minutes: Option<f64>,
    /// Stored `relief_score`, without chain and default.
    pub stored_relief_score: Option<f64>,

    /// Minutes: column, A.duration_minutes, P.duration_minutes, A.time_actual_minutes,
    /// P.time_estimate_minutes; 30 by default.
    pub duration_minutes: f64,
    /// R: column, A.relief_score, P.relief_score, A.actual_relief; 50 by default.
    pub relief_score: f64,
    /// M: column, A, P (same key), A.actual_mental_energy or A.actual_cognitive, P.expected_mental_energy or
    /// P.expected_cognitive_load or P.expected_cognitive; 50 by default; a 0 gives way to a stored cognitive load.
    pub mental_energy_needed: f64,
    /// D: like M, with A.actual_difficulty and P.expected_difficulty; 50 by default.
    pub task_difficulty: f64,
    /// E: column, A, P (same key), A.actual_emotional, P.expected_emotional_load or P.expected_emotional;
    /// 40 by default.
    pub emotional_load: f64,
    /// Column, A, P (same key); 0 by default.
    pub environmental_effect: f64,
    /// F: column if there is one, A.actual_physical, P.expected_physical_load; 0 by default.
    pub physical_load: f64,
    /// a: P.expected_aversion; 0 by default.
    pub expected_aversion: f64,
    /// P.expected_relief.
    pub expected_relief: Option<f64>,

    /// S = (M/2 + D/2 + E + F + 2a) / 5; 0 to 100 for ratings from 0 to 100.
    pub stress_level: f64,
    /// R - S, usually -100 to 100.
    pub net_wellbeing: f64,
    /// 50 + (R - S)/2, not clamped.
    pub net_wellbeing_normalized: f64,
    /// R/S to 4 decimals; `None` for S <= 0.
    pub stress_efficiency_raw: Option<f64>,
    /// [`stress_efficiency_raw`](Self::stress_efficiency_raw) scaled to 0 to 100 over all loaded rows, 2 decimals;
    /// see [`super::wellbeing`](crate::tasks::wellbeing).
    pub stress_efficiency: Option<f64>,
    /// Stored value, else R - P.expected_relief; `None` without an expected relief.
    pub net_relief: Option<f64>,
    /// Stored value, else max(0, net relief); never negative, 0 without a net relief.
    pub serendipity_factor: f64,
    /// Stored value, else max(0, -net relief); never negative, 0 without a net relief.
    pub disappointment_factor: f64,
    /// clamp((R - S + 100)/2, 0, 100), 2 decimals.
    pub stress_relief_correlation_score: f64,

    /// Robust baseline aversion of the task over all rows of the user.
    pub baseline_robust: Option<f64>,
    /// Sensitive baseline aversion of the task over all rows of the user.
    pub baseline_sensitive: Option<f64>,
    /// Whether the expected aversion stands out against the robust baseline.
    pub spontaneous_robust: bool,
    /// max(0, expected aversion - robust baseline) in points; 0 when either is missing.
    pub spike_robust: f64,
    /// Whether the expected aversion stands out against the sensitive baseline.
    pub spontaneous_sensitive: bool,
    /// max(0, expected aversion - sensitive baseline) in points; 0 when either is missing.
    pub spike_sensitive: f64,
    /// Behavioural score before scaling, 0 to 115, 2 decimals.
    pub behavioral_score_raw: f64,
    /// Behavioural score scaled to 0 to 100 over all loaded rows, 2 decimals.
    pub behavioral_score: f64,
}

impl PreparedRow {
    /// Whether a completion time is given, readable or not; status and deletion do not count.
    #[must_use]
    pub fn is_completed(&self) -> bool {
        !self.completed_text.is_empty()
    }

    /// Whether the status is `active` or `in_progress`. Paused instances are not active.
    #[must_use]
    pub fn is_active(&self) -> bool {
        matches!(&*self.status, "active" | "in_progress")
    }

    /// Whether the status is `cancelled`.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        &*self.status == "cancelled"
    }

    /// Calendar date of completion, local.
    #[must_use]
    pub fn completed_day(&self) -> Option<NaiveDate> {
        self.completed_at.map(|time| time.naive().date())
    }

    /// Calendar date of creation, local.
    #[must_use]
    pub fn created_day(&self) -> Option<NaiveDate> {
        self.created_at.map(|time| time.naive().date())
    }

    /// P.expected_aversion, without the default of [`expected_aversion`](Self::expected_aversion).
    #[must_use]
    pub fn stated_aversion(&self) -> Option<f64> {
        self.predicted.expected_aversion
    }

    /// Relief as the relief summary takes it: A.actual_relief, else [`relief_score`](Self::relief_score).
    #[must_use]
    pub fn relief_or_derived(&self) -> f64 {
        self.actual.actual_relief.unwrap_or(self.relief_score)
    }
}
