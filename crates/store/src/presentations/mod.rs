//! Rendering jobs.

mod claim;
mod jobs;
mod lists;
mod row;

use landfast_domain::Result as DomainResult;
use landfast_domain::presentations::{
    Claim, JobCursor, JobId, JobStatus, PresentationJob, PresentationRepository, RetentionLimits,
};
use landfast_domain::time::Timestamp;

use crate::transaction::Transaction;

/// Ids of more than 1000 bytes are ordered by their first 500.
impl PresentationRepository for Transaction<'_> {
    fn insert(&mut self, job: &PresentationJob) -> DomainResult<()> {
        jobs::insert(self, job)
    }
    fn insert_batch(&mut self, jobs: &[PresentationJob]) -> DomainResult<usize> {
        jobs::insert_batch(self, jobs)
    }
    fn get(&mut self, id: &JobId) -> DomainResult<Option<PresentationJob>> {
        jobs::get(self, id)
    }
    fn find_by_idempotency_key(&mut self, key: &str) -> DomainResult<Option<PresentationJob>> {
        jobs::find_by_key(self, key)
    }
    fn update(&mut self, job: &PresentationJob) -> DomainResult<()> {
        jobs::update(self, job)
    }
    fn update_if(&mut self, job: &PresentationJob, status: &JobStatus, attempts: u32) -> DomainResult<bool> {
        jobs::update_if(self, job, status, attempts)
    }
    fn claim_next(&mut self, claim: &Claim) -> DomainResult<Option<PresentationJob>> {
        claim::next(self, claim)
    }
    fn list(
        &mut self,
        status: Option<&JobStatus>,
        after: Option<&JobCursor>,
        limit: usize,
    ) -> DomainResult<Vec<PresentationJob>> {
        lists::by_creation(self, status, after, limit)
    }
    fn count_by_status(&mut self) -> DomainResult<Vec<(JobStatus, u64)>> {
        lists::count_by_status(self)
    }
    fn list_lost(&mut self, now: Timestamp, after: Option<&JobId>, limit: usize) -> DomainResult<Vec<PresentationJob>> {
        lists::lost(self, now, after, limit)
    }
    fn list_removable(
        &mut self,
        limits: &RetentionLimits,
        after: Option<&JobId>,
        limit: usize,
    ) -> DomainResult<Vec<PresentationJob>> {
        lists::removable(self, limits, after, limit)
    }
    fn delete(&mut self, id: &JobId) -> DomainResult<bool> {
        jobs::delete(self, id)
    }
}
