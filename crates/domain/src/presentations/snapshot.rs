//! What an import does with jobs: entries with the same id within one snapshot, and jobs that exist already.

use super::job::{EXTERNAL_OWNER, INTERRUPTED};
use super::{JobStatus, Lease, PresentationJob};
use crate::time::Timestamp;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use std::cmp::Ordering;

/// Which of two entries with the same id counts: a final one before one that is not, then the later
/// completion, heartbeat, creation. `Equal` when all of these agree.
#[must_use]
pub fn precedence(a: &PresentationJob, b: &PresentationJob) -> Ordering {
    let rank = |job: &PresentationJob| (job.status.is_final(), job.completed_at, job.last_heartbeat, job.created_at);
    rank(a).cmp(&rank(b))
}

/// Marks a job that was in flight as being worked on by the service the snapshot was taken from, which is
/// still running. Nobody here touches it until a later snapshot brings it again.
pub fn leave_to_service(job: &mut PresentationJob) {
    if matches!(job.status, JobStatus::Queued | JobStatus::Processing) && job.queue.lease.is_none() {
        job.queue.lease = Some(Lease { owner: EXTERNAL_OWNER.to_owned(), expires_at: end_of_time() });
    }
}

/// What an import does with a job.
#[derive(Debug, Clone, PartialEq)]
pub enum Merge {
    /// There is none with the id: add this one.
    Insert(PresentationJob),
    /// Replace the stored job by this one.
    Replace(PresentationJob),
    /// The stored job was made from the same text: nothing is written.
    Unchanged,
    /// The stored job is final and the incoming one is not: nothing is written.
    KeptFinal,
    /// The stored job was worked on here since it was imported, and the incoming one is no news: nothing is
    /// written.
    KeptNewer,
}

/// Decides what an import does with an incoming job, given the stored one.
///
/// A final status is never replaced by one that is not. What the queue keeps about the stored job stays, but
/// for the lease: an incoming job under the lease of the running service is that service's, and one without
/// belongs to nobody.
#[must_use]
pub fn merge(stored: Option<&PresentationJob>, incoming: PresentationJob) -> Merge {
    let Some(stored) = stored else { return Merge::Insert(incoming) };
    let external = |job: &PresentationJob| job.queue.lease.as_ref().is_some_and(|lease| lease.owner == EXTERNAL_OWNER);
    let same_text = stored.document == incoming.document && stored.created_at == incoming.created_at;
    if stored.status.is_final() {
        return match (same_text, incoming.status.is_final()) {
            (true, _) => Merge::Unchanged,
            (false, false) => Merge::KeptFinal,
            // A job that was given up here because its service was gone has no result worth keeping.
            (false, true) if worked_on(stored, &incoming) && stored.error.as_deref() != Some(INTERRUPTED) => {
                Merge::KeptNewer
            }
            (false, true) => Merge::Replace(with_queue_of(stored, incoming)),
        };
    }
    if same_text && external(stored) == external(&incoming) {
        return Merge::Unchanged;
    }
    // A worker of ours has it, or it waits for the next attempt: only a final result is news.
    if worked_on(stored, &incoming) && !external(stored) && !incoming.status.is_final() {
        return Merge::KeptNewer;
    }
    Merge::Replace(with_queue_of(stored, incoming))
}

fn worked_on(stored: &PresentationJob, incoming: &PresentationJob) -> bool {
    stored.queue.attempts > incoming.queue.attempts
}

fn with_queue_of(stored: &PresentationJob, mut incoming: PresentationJob) -> PresentationJob {
    let lease = incoming.queue.lease.take();
    // A text that says something about the queue has been exported from here and counts.
    if incoming.queue == super::Queue::new(incoming.created_at) {
        incoming.queue = stored.queue.clone();
        incoming.queue.cancel_requested = false;
    }
    incoming.queue.lease = lease;
    incoming
}

fn end_of_time() -> Timestamp {
    let date = NaiveDate::from_ymd_opt(9999, 12, 31).expect("the date exists");
    let time = NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999).expect("the time exists");
    Timestamp::new(NaiveDateTime::new(date, time))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::presentations::RequestText;

    fn job(status: JobStatus, text: &str) -> PresentationJob {
        let mut job = PresentationJob::blank("a".into(), Timestamp::parse("2025-01-01 00:00").unwrap());
        job.status = status;
        job.document = Some(text.to_owned());
        job.request = Some(RequestText("{}".into()));
        job
    }

    #[test]
    fn final_entries_win_then_later_ones() {
        let time = |text: &str| Some(Timestamp::parse(text).unwrap());
        let mut late = job(JobStatus::Processing, "");
        late.last_heartbeat = time("2025-01-03 00:00");
        assert_eq!(precedence(&job(JobStatus::Failed, ""), &late), Ordering::Greater);
        assert_eq!(precedence(&late, &job(JobStatus::Queued, "")), Ordering::Greater);
        assert_eq!(precedence(&late, &late), Ordering::Equal);
    }

    #[test]
    fn a_second_snapshot() {
        use JobStatus::{Completed, Failed, Processing};
        assert!(matches!(merge(None, job(Processing, "x")), Merge::Insert(_)));
        assert_eq!(merge(Some(&job(Processing, "x")), job(Processing, "x")), Merge::Unchanged);
        assert!(matches!(merge(Some(&job(Processing, "x")), job(Completed, "y")), Merge::Replace(_)));
        assert_eq!(merge(Some(&job(Completed, "x")), job(Processing, "y")), Merge::KeptFinal);
        assert!(matches!(merge(Some(&job(Failed, "x")), job(Completed, "y")), Merge::Replace(_)));
        // Recovered since: the same text again is no news.
        let mut recovered = job(Failed, "x");
        recovered.queue.attempts = 1;
        recovered.error = Some(INTERRUPTED.to_owned());
        assert_eq!(merge(Some(&recovered), job(Processing, "x")), Merge::Unchanged);
        assert!(matches!(merge(Some(&recovered), job(Completed, "y")), Merge::Replace(_)));
        // Done here.
        let mut ours = job(Completed, "x");
        ours.queue.attempts = 1;
        assert_eq!(merge(Some(&ours), job(Failed, "y")), Merge::KeptNewer);
        ours.status = Processing;
        assert_eq!(merge(Some(&ours), job(Processing, "y")), Merge::KeptNewer);
        let Merge::Replace(merged) = merge(Some(&ours), job(Completed, "y")) else { panic!("a result is news") };
        assert_eq!((merged.queue.attempts, merged.status), (1, Completed));
    }

    #[test]
    fn the_running_service_keeps_its_jobs() {
        let mut live = job(JobStatus::Processing, "x");
        leave_to_service(&mut live);
        assert!(!super::super::state::is_lost(&live, Timestamp::parse("2099-01-01 00:00").unwrap()));
        assert_eq!(merge(Some(&live), live.clone()), Merge::Unchanged);
        // The service is gone: the same snapshot without the promise.
        let Merge::Replace(gone) = merge(Some(&live), job(JobStatus::Processing, "x")) else {
            panic!("the lease ends")
        };
        assert_eq!(gone.queue.lease, None);
        let mut done = job(JobStatus::Completed, "x");
        leave_to_service(&mut done);
        assert_eq!(done.queue.lease, None);
    }
}
