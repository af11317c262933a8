//! All quantities of rendering jobs as one document.

use super::{Limits, failures, files_spread, open_jobs, retries, throughput, turnarounds, waiting};
use landfast_domain::presentations::{JobStatus, PresentationJob};
use landfast_domain::time::Timestamp;
use serde_json::{Value, json};

/// Days of the throughput.
const DAYS: u16 = 30;

/// All quantities that a list of jobs tells at `now`, as a JSON object; unknown values are null.
///
/// Members: `jobs` (number in each state), `turnaround_minutes` (by outcome), `waiting`, `failures`, `retries`,
/// `throughput` (of the last 30 days), `open_jobs` and `file_minutes` (with names in UTC). Each is the result
/// of the function of that name.
#[must_use]
pub fn document(jobs: &[PresentationJob], now: Timestamp, limits: &Limits) -> Value {
    let count = |status: &JobStatus| jobs.iter().filter(|job| job.status == *status).count();
    let [queued, processing, completed, failed] = JobStatus::ALL.map(|status| count(&status));
    let cancelled = jobs.iter().filter(|job| job.is_cancelled()).count();
    json!({
        "jobs": {
            "total": jobs.len(),
            "queued": queued,
            "processing": processing,
            "completed": completed,
            "failed": failed - cancelled,
            "cancelled": cancelled,
            "other": jobs.len() - queued - processing - completed - failed,
        },
        "turnaround_minutes": {
            "completed": turnarounds(jobs, &JobStatus::Completed),
            "failed": turnarounds(jobs.iter().filter(|job| !job.is_cancelled()), &JobStatus::Failed),
        },
        "waiting": waiting(jobs, now),
        "failures": failures(jobs),
        "retries": retries(jobs),
        "throughput": throughput(jobs, now, DAYS),
        "open_jobs": open_jobs(jobs, now, limits),
        "file_minutes": files_spread(jobs, 0),
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{at, failed, job};
    use super::*;
    use landfast_domain::presentations::CANCELLED;

    #[test]
    fn every_job_is_in_one_count() {
        let jobs = [
            job("a", "completed", "10:00", Some("10:05")),
            failed("b", "10:00", "10:01", "x"),
            failed("c", "10:00", "10:01", CANCELLED),
            job("d", "queued", "10:00", None),
            job("e", "processing", "10:00", None),
            job("f", "paused", "10:00", None),
        ];
        let document = document(&jobs, at("2025-01-02 00:00"), &Limits::default());
        let expected = json!({
            "total": 6, "queued": 1, "processing": 1, "completed": 1, "failed": 1, "cancelled": 1, "other": 1
        });
        assert_eq!(document["jobs"], expected);
        assert_eq!(document["failures"]["failure_share"], json!(0.5));
        assert_eq!(document["turnaround_minutes"]["failed"]["n"], json!(1));
        assert_eq!(document["open_jobs"].as_array().unwrap().len(), 2);
        assert_eq!(document["retries"]["retried_share"], Value::Null);
    }
}
