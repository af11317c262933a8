//! Jobs in memory.

use super::job::ENTITY;
use super::state;
use super::{Claim, JobCursor, JobId, JobStatus, PresentationJob, PresentationRepository, RetentionLimits};
use crate::copy_on_write::CopyOnWrite;
use crate::time::Timestamp;
use crate::{Error, Result};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Jobs by id, without transactions. A clone is a snapshot to go back to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MemoryPresentations {
    jobs: CopyOnWrite<BTreeMap<JobId, PresentationJob>>,
}

impl MemoryPresentations {
    /// All jobs, by the bytes of their ids.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &PresentationJob> {
        self.jobs.values()
    }

    fn after(&self, after: Option<&JobId>) -> impl Iterator<Item = &PresentationJob> {
        self.jobs.iter().filter(move |(id, _)| after.is_none_or(|after| *id > after)).map(|(_, job)| job)
    }

    fn check_key(&self, job: &PresentationJob) -> Result<()> {
        let Some(key) = &job.queue.idempotency_key else { return Ok(()) };
        let taken = |other: &PresentationJob| other.id != job.id && other.queue.idempotency_key.as_ref() == Some(key);
        if self.jobs.values().any(taken) {
            return Err(Error::Conflict { entity: ENTITY, key: key.clone() });
        }
        Ok(())
    }
}

impl FromIterator<PresentationJob> for MemoryPresentations {
    fn from_iter<I: IntoIterator<Item = PresentationJob>>(jobs: I) -> Self {
        Self { jobs: jobs.into_iter().map(|job| (job.id.clone(), job)).collect() }
    }
}

impl PresentationRepository for MemoryPresentations {
    fn insert(&mut self, job: &PresentationJob) -> Result<()> {
        if self.jobs.contains_key(&job.id) {
            return Err(Error::Conflict { entity: ENTITY, key: job.id.to_string() });
        }
        self.check_key(job)?;
        self.jobs.insert(job.id.clone(), job.clone());
        Ok(())
    }

    fn get(&mut self, id: &JobId) -> Result<Option<PresentationJob>> {
        Ok(self.jobs.get(id).cloned())
    }

    fn find_by_idempotency_key(&mut self, key: &str) -> Result<Option<PresentationJob>> {
        Ok(self.jobs.values().find(|job| job.queue.idempotency_key.as_deref() == Some(key)).cloned())
    }

    fn update(&mut self, job: &PresentationJob) -> Result<()> {
        self.check_key(job)?;
        let place =
            self.jobs.get_mut(&job.id).ok_or_else(|| Error::NotFound { entity: ENTITY, key: job.id.to_string() })?;
        place.clone_from(job);
        Ok(())
    }

    fn update_if(&mut self, job: &PresentationJob, status: &JobStatus, attempts: u32) -> Result<bool> {
        let same = self.jobs.get(&job.id).is_some_and(|old| old.status == *status && old.queue.attempts == attempts);
        if same {
            self.update(job)?;
        }
        Ok(same)
    }

    fn claim_next(&mut self, claim: &Claim) -> Result<Option<PresentationJob>> {
        let due = self.jobs.values_mut().filter(|job| state::is_claimable(job, claim.now));
        let Some(job) = due
            .min_by(|a, b| (a.queue.priority, a.queue.run_at, &a.id).cmp(&(b.queue.priority, b.queue.run_at, &b.id)))
        else {
            return Ok(None);
        };
        state::claim(job, claim)?;
        Ok(Some(job.clone()))
    }

    fn list(
        &mut self,
        status: Option<&JobStatus>,
        after: Option<&JobCursor>,
        limit: usize,
    ) -> Result<Vec<PresentationJob>> {
        let wanted = |job: &&PresentationJob| {
            status.is_none_or(|status| job.status == *status) && after.is_none_or(|after| after.precedes(job))
        };
        let mut found: Vec<_> = self.jobs.values().filter(wanted).collect();
        found.sort_by_key(|job| (Reverse(job.created_at), &job.id));
        Ok(found.into_iter().take(limit).cloned().collect())
    }

    fn count_by_status(&mut self) -> Result<Vec<(JobStatus, u64)>> {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for job in self.jobs.values() {
            *counts.entry(job.status.to_string()).or_default() += 1;
        }
        Ok(counts.into_iter().map(|(status, count)| (JobStatus::read(&status), count)).collect())
    }

    fn list_lost(&mut self, now: Timestamp, after: Option<&JobId>, limit: usize) -> Result<Vec<PresentationJob>> {
        Ok(self.after(after).filter(|job| state::is_lost(job, now)).take(limit).cloned().collect())
    }

    fn list_removable(
        &mut self,
        limits: &RetentionLimits,
        after: Option<&JobId>,
        limit: usize,
    ) -> Result<Vec<PresentationJob>> {
        Ok(self.after(after).filter(|job| limits.is_removable(job)).take(limit).cloned().collect())
    }

    fn delete(&mut self, id: &JobId) -> Result<bool> {
        Ok(self.jobs.remove(id).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_cover_the_list_once() {
        let time = |minute: usize| Timestamp::parse(&format!("2025-01-01 00:{:02}", minute / 3)).unwrap();
        let mut jobs: MemoryPresentations =
            (0..20).map(|n| PresentationJob::blank(JobId::existing(&format!("j{n:02}")), time(n))).collect();
        let all = jobs.list(None, None, 100).unwrap();
        assert_eq!((all[0].id.as_str(), all[1].id.as_str(), all[19].id.as_str()), ("j18", "j19", "j02"));
        let (mut paged, mut after) = (Vec::new(), None);
        loop {
            let page = jobs.list(Some(&JobStatus::Queued), after.as_ref(), 7).unwrap();
            let Some(last) = page.last() else { break };
            after = Some(JobCursor::of(last));
            paged.extend(page);
        }
        assert_eq!(paged, all);
        assert_eq!(jobs.count_by_status().unwrap(), [(JobStatus::Queued, 20)]);
        assert_eq!(jobs.list(Some(&JobStatus::Failed), None, 9).unwrap(), []);
    }

    #[test]
    fn conditional_updates() {
        let mut jobs = MemoryPresentations::default();
        let mut job = PresentationJob::blank("a".into(), Timestamp::parse("2025-01-01 00:00").unwrap());
        assert!(!jobs.update_if(&job, &JobStatus::Queued, 0).unwrap());
        assert!(matches!(jobs.update(&job), Err(Error::NotFound { .. })));
        jobs.insert(&job).unwrap();
        job.status = JobStatus::Failed;
        assert!(!jobs.update_if(&job, &JobStatus::Queued, 1).unwrap());
        assert!(jobs.update_if(&job, &JobStatus::Queued, 0).unwrap());
        assert!(!jobs.update_if(&job, &JobStatus::Queued, 0).unwrap());
    }
}
