//! The contract of the jobs a store keeps.

use super::{JobId, JobStatus, PresentationJob};
use crate::Result;
use crate::time::Timestamp;

/// Place in the list of jobs, which is ordered by creation, newest first, ties by the bytes of the id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobCursor {
    /// Creation of the last job seen.
    pub created_at: Timestamp,
    /// Its id.
    pub id: JobId,
}

impl JobCursor {
    /// Place of a job.
    #[must_use]
    pub fn of(job: &PresentationJob) -> Self {
        Self { created_at: job.created_at, id: job.id.clone() }
    }

    /// Whether a job comes after this place.
    #[must_use]
    pub fn precedes(&self, job: &PresentationJob) -> bool {
        job.created_at < self.created_at || (job.created_at == self.created_at && job.id > self.id)
    }
}

/// A worker asking for a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Name of the worker, unique among those that run.
    pub worker: String,
    /// Time of the claim, UTC.
    pub now: Timestamp,
    /// Until when the job shall be the worker's, UTC.
    pub lease_until: Timestamp,
}

/// Which final jobs are too old: those that [ended](PresentationJob::ended_at) before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetentionLimits {
    /// For completed jobs.
    pub completed_before: Timestamp,
    /// For failed ones.
    pub failed_before: Timestamp,
}

impl RetentionLimits {
    /// Whether a job is too old, or marked for removal already. Never for one that is not final.
    #[must_use]
    pub fn is_removable(&self, job: &PresentationJob) -> bool {
        let limit = match job.status {
            JobStatus::Completed => self.completed_before,
            JobStatus::Failed => self.failed_before,
            _ => return false,
        };
        job.queue.removal_marked_at.is_some() || job.ended_at().is_some_and(|ended| ended < limit)
    }
}

/// Keeps rendering jobs.
///
/// A repository knows no rules of the life cycle but those of [`claim_next`](Self::claim_next); the
/// [operations](super::queue) apply them. Errors of all methods: [`crate::Error::Backend`] when the store
/// fails, [`crate::Error::Corrupt`] when a stored value makes no sense; more where noted.
#[expect(clippy::missing_errors_doc, reason = "stated once for the trait")]
pub trait PresentationRepository {
    /// Adds a job.
    ///
    /// Further errors: [`crate::Error::Conflict`] when the id or the idempotency key is taken; the
    /// transaction stays usable.
    fn insert(&mut self, job: &PresentationJob) -> Result<()>;
    /// Adds many jobs; returns how many.
    ///
    /// Further errors: [`crate::Error::Conflict`] when an id or key is taken; the transaction must then be
    /// given up.
    fn insert_batch(&mut self, jobs: &[PresentationJob]) -> Result<usize> {
        for job in jobs {
            self.insert(job)?;
        }
        Ok(jobs.len())
    }
    /// The job with this id.
    fn get(&mut self, id: &JobId) -> Result<Option<PresentationJob>>;
    /// The job with this idempotency key.
    fn find_by_idempotency_key(&mut self, key: &str) -> Result<Option<PresentationJob>>;
    /// Replaces everything but the id.
    ///
    /// Further errors: [`crate::Error::NotFound`].
    fn update(&mut self, job: &PresentationJob) -> Result<()>;
    /// Replaces everything but the id if the stored job still has this status and number of attempts; `false`
    /// when it has not, or is gone. One statement, so that it is safe without a transaction around it.
    fn update_if(&mut self, job: &PresentationJob, status: &JobStatus, attempts: u32) -> Result<bool>;
    /// Takes the next job that [may be claimed](super::state::is_claimable), by priority, then `run_at`, then
    /// bytes of the id, and gives it to the worker as [`super::state::claim`] does. Two workers never get the
    /// same attempt of a job.
    fn claim_next(&mut self, claim: &Claim) -> Result<Option<PresentationJob>>;
    /// Jobs with this status, or all, after a place, newest first; `limit` at most.
    fn list(
        &mut self,
        status: Option<&JobStatus>,
        after: Option<&JobCursor>,
        limit: usize,
    ) -> Result<Vec<PresentationJob>>;
    /// How many jobs there are of each status that occurs, ordered by the bytes of its text.
    fn count_by_status(&mut self) -> Result<Vec<(JobStatus, u64)>>;
    /// Jobs that are [lost](super::state::is_lost), by bytes of the id, with an id greater than `after`.
    fn list_lost(&mut self, now: Timestamp, after: Option<&JobId>, limit: usize) -> Result<Vec<PresentationJob>>;
    /// Jobs that are [too old](RetentionLimits::is_removable), by bytes of the id, with an id greater than
    /// `after`.
    fn list_removable(
        &mut self,
        limits: &RetentionLimits,
        after: Option<&JobId>,
        limit: usize,
    ) -> Result<Vec<PresentationJob>>;
    /// Removes a job; `false` when there is none.
    fn delete(&mut self, id: &JobId) -> Result<bool>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_goes_back_in_time_and_then_by_id() {
        let at = |text: &str| Timestamp::parse(text).unwrap();
        let job = |id: &str, time: &str| PresentationJob::blank(id.into(), at(time));
        let cursor = JobCursor::of(&job("b", "2025-01-02 00:00"));
        for (id, time, after) in [
            ("c", "2025-01-02 00:00", true),
            ("b", "2025-01-02 00:00", false),
            ("a", "2025-01-02 00:00", false),
            ("a", "2025-01-01 00:00", true),
            ("z", "2025-01-03 00:00", false),
        ] {
            assert_eq!(cursor.precedes(&job(id, time)), after, "{id} {time}");
        }
    }
}
