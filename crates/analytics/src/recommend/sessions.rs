//! Runs of instances without a long pause.

use super::capacity::{Ended, successes};
use crate::stats::{mean, share};
use serde::Serialize;
use std::collections::BTreeMap;

/// Fewest instances of a session that is classed.
const LEAST_ROWS: usize = 3;
/// Fewest sessions of a bucket that can be the best.
const LEAST_SESSIONS: usize = 3;

/// How often the class of load changes within sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Interspersing {
    /// In less than a third of the steps.
    Low,
    /// In at least a third, less than two thirds.
    Medium,
    /// In two thirds or more.
    High,
}

impl Interspersing {
    /// All buckets, rising.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// `low`, `medium` or `high`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    /// Bucket of `changes` out of `steps`, compared without rounding.
    fn of(changes: usize, steps: usize) -> Self {
        match 3 * changes {
            triple if triple < steps => Self::Low,
            triple if triple < 2 * steps => Self::Medium,
            _ => Self::High,
        }
    }
}

/// Sessions of one bucket.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SessionGroup {
    /// How many.
    pub n_sessions: usize,
    /// Mean of the success shares of the sessions, 0 to 1.
    pub mean_success: Option<f64>,
    /// Mean of the mean efficiency scores of the sessions that have a completed instance.
    pub mean_efficiency: Option<f64>,
}

/// Runs of instances.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sessions {
    /// All runs, also of a single instance.
    pub total: usize,
    /// Runs of at least three instances by how often the class of load changes.
    pub interspersing: BTreeMap<&'static str, SessionGroup>,
    /// The bucket of at least three sessions with the greatest mean success, of equal ones the one with fewer
    /// changes; `None` without such a bucket.
    pub best_interspersing: Option<Interspersing>,
}

/// Divides instances, in order of their end, wherever one does not follow the one before.
pub(super) fn sessions(rows: &[Ended<'_>]) -> Sessions {
    let runs: Vec<&[Ended<'_>]> = rows.chunk_by(|_, next| next.follows).collect();
    let mut groups: BTreeMap<Interspersing, (Vec<f64>, Vec<f64>)> = BTreeMap::new();
    for run in runs.iter().filter(|run| run.len() >= LEAST_ROWS) {
        let changes = run.iter().zip(run.iter().skip(1)).filter(|(a, b)| a.class != b.class).count();
        let (good, n) = successes(run.iter());
        let efficiencies: Vec<f64> = run.iter().filter_map(|row| row.efficiency).collect();
        let group = groups.entry(Interspersing::of(changes, run.len() - 1)).or_default();
        group.0.extend(share(good, n));
        group.1.extend(mean(&efficiencies));
    }
    let group = |bucket: Interspersing| {
        let (success, efficiency) = groups.get(&bucket).cloned().unwrap_or_default();
        SessionGroup { n_sessions: success.len(), mean_success: mean(&success), mean_efficiency: mean(&efficiency) }
    };
    let mut best: Option<(Interspersing, f64)> = None;
    for bucket in Interspersing::ALL {
        let found = group(bucket);
        if let Some(success) = found.mean_success.filter(|_| found.n_sessions >= LEAST_SESSIONS)
            && best.is_none_or(|(_, known)| success > known)
        {
            best = Some((bucket, success));
        }
    }
    Sessions {
        total: runs.len(),
        interspersing: Interspersing::ALL.into_iter().map(|bucket| (bucket.as_str(), group(bucket))).collect(),
        best_interspersing: best.map(|(bucket, _)| bucket),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirds_belong_to_the_bucket_above() {
        let of = Interspersing::of;
        assert_eq!(
            [of(0, 2), of(1, 3), of(1, 2), of(2, 3), of(2, 2)].map(Interspersing::as_str),
            ["low", "medium", "medium", "high", "high"]
        );
    }
}
