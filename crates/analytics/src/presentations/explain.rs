//! How the headline numbers of rendering jobs come about.

use super::{Throughput, failures, retries, throughput, turnarounds};
use crate::explain::{Explanation, Term};
use landfast_domain::presentations::{JobStatus, PresentationJob};
use landfast_domain::time::Timestamp;
use serde_json::json;

/// How [`Failures::failure_share`](super::Failures::failure_share) comes about.
#[must_use]
pub fn explain_failure_share(jobs: &[PresentationJob]) -> Explanation {
    let found = failures(jobs);
    let causes = found.causes.iter().map(|cause| Term::new(format!("failed: {}", cause.cause), json!(cause.n)));
    Explanation {
        quantity: "failure_share",
        formula: "failed / (completed + failed)",
        unit: "share, 0 to 1",
        inputs: vec![
            Term::new("completed", json!(found.completed)),
            Term::new("failed", json!(found.failed)),
            Term::new("cancelled", json!(found.cancelled)),
        ],
        steps: causes.chain([Term::new("interval_95", json!(found.failure_share_interval))]).collect(),
        result: found.failure_share,
        note: Some("Cancelled jobs count neither as failed nor as ended.".to_owned()),
    }
}

/// How [`Retries::retried_share`](super::Retries::retried_share) comes about.
#[must_use]
pub fn explain_retried_share(jobs: &[PresentationJob]) -> Explanation {
    let found = retries(jobs);
    let counts =
        found.by_attempts.iter().map(|(attempts, n)| Term::new(format!("jobs with {attempts} attempts"), json!(n)));
    Explanation {
        quantity: "retried_share",
        formula: "jobs with more than one attempt / jobs with at least one attempt",
        unit: "share, 0 to 1",
        inputs: vec![Term::new("retried", json!(found.retried)), Term::new("jobs", json!(found.jobs))],
        steps: counts.collect(),
        result: found.retried_share,
        note: Some("Jobs of the legacy service have no attempts and take no part.".to_owned()),
    }
}

/// How the median turnaround of completed jobs comes about; see [`turnarounds`].
#[must_use]
pub fn explain_turnaround(jobs: &[PresentationJob]) -> Explanation {
    let spread = turnarounds(jobs, &JobStatus::Completed);
    let completed = jobs.iter().filter(|job| job.status == JobStatus::Completed).count();
    Explanation {
        quantity: "turnaround_minutes",
        formula: "median of completed_at - created_at over completed jobs",
        unit: "minutes",
        inputs: vec![Term::new("completed", json!(completed)), Term::new("with_known_times", json!(spread.n))],
        steps: vec![
            Term::new("min", json!(spread.min)),
            Term::new("mean", json!(spread.mean)),
            Term::new("p85", json!(spread.p85)),
            Term::new("p95", json!(spread.p95)),
            Term::new("max", json!(spread.max)),
        ],
        result: spread.p50,
        note: Some("Waiting, broken attempts and rendering are in it together.".to_owned()),
    }
}

/// How [`Throughput::completed_per_day`] comes about.
#[must_use]
pub fn explain_throughput(jobs: &[PresentationJob], now: Timestamp, days: u16) -> Explanation {
    let found: Throughput = throughput(jobs, now, days);
    let busy = found.days.iter().filter(|(_, day)| day.completed > 0);
    Explanation {
        quantity: "completed_per_day",
        formula: "completed / days in the window",
        unit: "jobs per day",
        inputs: vec![Term::new("completed", json!(found.total.completed)), Term::new("days", json!(found.days.len()))],
        steps: busy.map(|(date, day)| Term::new(date.as_str(), json!(day.completed))).collect(),
        result: Some(found.completed_per_day),
        note: Some("Days are calendar days, UTC; the last one is the day of now and need not be over.".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{at, failed, job};
    use super::*;

    #[test]
    fn explanations_end_in_the_plain_results() {
        let mut again = job("a", "completed", "10:00", Some("10:05"));
        again.queue.attempts = 2;
        let jobs = [again, job("b", "completed", "10:00", Some("10:20")), failed("c", "10:00", "10:01", "x")];
        let now = at("2025-01-02 12:00");
        assert_eq!(explain_failure_share(&jobs).result, failures(&jobs).failure_share);
        assert_eq!(explain_retried_share(&jobs).result, Some(1.0));
        assert_eq!(explain_turnaround(&jobs).result, Some(12.5));
        let explained = explain_throughput(&jobs, now, 4);
        assert_eq!(explained.result, Some(0.5));
        assert_eq!(explained.steps.len(), 1);
        assert_eq!(explain_failure_share(&[]).result, None);
    }
}
