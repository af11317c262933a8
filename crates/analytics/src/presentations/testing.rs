//! Jobs for tests.

use landfast_domain::presentations::{JobStatus, PresentationJob};
use landfast_domain::time::Timestamp;

/// A time.
pub(super) fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// A job of 1 January 2025, made at and ended at times of that day.
pub(super) fn job(id: &str, status: &str, created: &str, ended: Option<&str>) -> PresentationJob {
    let mut job = PresentationJob::blank(id.into(), at(&format!("2025-01-01 {created}")));
    job.status = JobStatus::read(status);
    job.completed_at = ended.map(|ended| at(&format!("2025-01-01 {ended}")));
    job
}

/// The same, failed with an error.
pub(super) fn failed(id: &str, created: &str, ended: &str, error: &str) -> PresentationJob {
    let mut job = job(id, "failed", created, Some(ended));
    job.error = Some(error.to_owned());
    job
}
