//! Jobs that are open too long.

use super::durations::turnaround_minutes;
use crate::stats::{ascending, quantile};
use landfast_domain::presentations::{JobStatus, PresentationJob, state};
use landfast_domain::time::Timestamp;
use serde::Serialize;

/// From when on open jobs are conspicuous.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// A processing job is silent when its worker was not heard of for more than so many minutes. 5 by
    /// default, ten times the interval of heartbeats; healthy legacy jobs paused for up to two minutes.
    pub silent_minutes: f64,
    /// Ages are compared with those of completed jobs only when there are at least so many of them.
    pub least_completed: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { silent_minutes: 5.0, least_completed: 20 }
    }
}

/// Age of an open job against the turnaround of completed ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AgeLevel {
    /// Not older than half of the completed jobs became.
    Usual,
    /// Older than that.
    Watch,
    /// Older than 85 of 100 completed jobs became.
    Late,
    /// Older than 95 of 100 completed jobs became.
    Overdue,
}

/// An open job, queued or processing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OpenJob {
    /// Its id.
    pub id: String,
    /// `queued` or `processing`.
    pub status: String,
    /// Minutes since its creation, `now − created_at`, 0 or more.
    pub age_minutes: f64,
    /// Minutes since the last sign of life of its worker: `now − (last_heartbeat, else created_at)`, 0 or
    /// more. `None` for a queued job.
    pub silent_minutes: Option<f64>,
    /// Processing, and silent for more than [`Limits::silent_minutes`]. A sign that the worker is gone; beats
    /// prove that a worker lives, not that it gets on.
    pub stuck: bool,
    /// Nobody will ever finish it, by the rules of recovery: no valid lease, or no request.
    pub lost: bool,
    /// See [`AgeLevel`]; `None` with fewer completed jobs than [`Limits::least_completed`].
    pub level: Option<AgeLevel>,
    /// Progress in percent as stored.
    pub progress: Option<f64>,
    /// Attempts so far.
    pub attempts: u32,
}

/// All open jobs, the oldest first, of equal age in list order.
///
/// The level compares the age with the percentiles 50, 85 and 95 of the turnaround of all completed jobs in
/// the list. That of a list with few jobs, or with jobs of very different length, says little.
#[must_use]
pub fn open_jobs(jobs: &[PresentationJob], now: Timestamp, limits: &Limits) -> Vec<OpenJob> {
    let turnarounds: Vec<f64> =
        jobs.iter().filter(|job| job.status == JobStatus::Completed).filter_map(turnaround_minutes).collect();
    let turnarounds = ascending(&turnarounds);
    let level = |age: f64| {
        if turnarounds.len() < limits.least_completed.max(1) {
            return None;
        }
        let above = |q: f64| quantile(&turnarounds, q).is_some_and(|limit| age > limit);
        Some(match () {
            () if above(0.95) => AgeLevel::Overdue,
            () if above(0.85) => AgeLevel::Late,
            () if above(0.5) => AgeLevel::Watch,
            () => AgeLevel::Usual,
        })
    };
    let mut open: Vec<OpenJob> = jobs
        .iter()
        .filter(|job| matches!(job.status, JobStatus::Queued | JobStatus::Processing))
        .map(|job| {
            let age_minutes = now.minutes_since(job.created_at).max(0.0);
            let heard = job.last_heartbeat.unwrap_or(job.created_at);
            let silent_minutes = (job.status == JobStatus::Processing).then(|| now.minutes_since(heard).max(0.0));
            OpenJob {
                id: job.id.to_string(),
                status: job.status.to_string(),
                age_minutes,
                silent_minutes,
                stuck: silent_minutes.is_some_and(|minutes| minutes > limits.silent_minutes),
                lost: state::is_lost(job, now),
                level: level(age_minutes),
                progress: job.progress,
                attempts: job.queue.attempts,
            }
        })
        .collect();
    open.sort_by(|a, b| b.age_minutes.total_cmp(&a.age_minutes));
    open
}

#[cfg(test)]
mod tests {
    use super::super::testing::{at, job};
    use super::*;

    #[test]
    fn silence_counts_from_the_last_heartbeat_or_the_creation() {
        let now = at("2025-01-01 12:00");
        let mut alive = job("alive", "processing", "10:00", None);
        alive.last_heartbeat = Some(at("2025-01-01 11:55"));
        let mut silent = alive.clone();
        silent.id = "silent".into();
        silent.last_heartbeat = Some(at("2025-01-01 11:54:59"));
        let never = job("never", "processing", "11:50", None);
        let fresh = job("fresh", "processing", "11:58", None);
        let queued = job("queued", "queued", "09:00", None);
        let done = job("done", "completed", "09:00", Some("10:00"));
        let open = open_jobs(&[alive, silent, never, fresh, queued, done], now, &Limits::default());
        let found: Vec<_> = open.iter().map(|job| (job.id.as_str(), job.stuck)).collect();
        assert_eq!(found, [("queued", false), ("alive", false), ("silent", true), ("never", true), ("fresh", false)]);
        assert_eq!((open[0].silent_minutes, open[1].silent_minutes), (None, Some(5.0)));
        assert!(open.iter().all(|job| job.level.is_none() && job.lost));
    }

    #[test]
    fn ages_are_compared_with_completed_jobs() {
        let mut jobs: Vec<PresentationJob> =
            (0..=20).map(|n| job("d", "completed", "00:00", Some(&format!("00:{n:02}")))).collect();
        for created in ["11:50", "11:49", "11:42", "11:40", "12:30"] {
            jobs.push(job(created, "processing", created, None));
        }
        let open = open_jobs(&jobs, at("2025-01-01 12:00"), &Limits::default());
        let found: Vec<_> = open.iter().map(|job| (job.id.as_str(), job.level.unwrap())).collect();
        assert_eq!(
            found,
            [
                ("11:40", AgeLevel::Overdue),
                ("11:42", AgeLevel::Late),
                ("11:49", AgeLevel::Watch),
                ("11:50", AgeLevel::Usual),
                ("12:30", AgeLevel::Usual)
            ]
        );
    }
}
