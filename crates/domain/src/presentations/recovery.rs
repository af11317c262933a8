//! What happens to jobs whose worker is gone: at start, and from time to time.
//!
//! | found | becomes |
//! |---|---|
//! | queued, with a request | stays: the next worker takes it |
//! | processing without a valid lease, with a request and an attempt left | queued again after a while |
//! | the same without a request or an attempt; queued without a request | failed, `interrupted by restart` |
//! | the same, but a finished video exists | failed, and the video's path is noted |
//! | processing under a valid lease | stays: another process has it |
//! | completed or failed | stays |
//!
//! Safe when several processes start together: each job is dealt with once.

use super::back_off::{BackOff, Jitter};
use super::{JobId, JobStatus, PresentationRepository, queue, state};
use crate::Result;
use crate::time::Timestamp;

/// What became of a lost job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovered {
    /// The job.
    pub id: JobId,
    /// Its state now: queued or failed.
    pub status: JobStatus,
    /// Files of the broken attempt, to be removed once the transaction is committed.
    pub files: Vec<String>,
}

/// Deals with the first lost job whose id is greater than `after`; `None` when there is no more. Run each
/// call in a write transaction of its own.
///
/// `found_video` tells the path of a finished, non-empty video of a job, if there is one.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn recover_next(
    repository: &mut dyn PresentationRepository,
    after: Option<&JobId>,
    found_video: &dyn Fn(&JobId) -> Option<String>,
    back_off: &BackOff,
    jitter: Jitter,
    now: Timestamp,
) -> Result<Option<Recovered>> {
    let Some(lost) = repository.list_lost(now, after, 1)?.into_iter().next() else { return Ok(None) };
    let video = found_video(&lost.id);
    let (job, files) =
        queue::change(repository, &lost.id, |job| state::recover(job, video.as_deref(), back_off, jitter, now))?;
    Ok(Some(Recovered { id: job.id, status: job.status, files }))
}

/// Deals with all lost jobs in one transaction.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn recover(
    repository: &mut dyn PresentationRepository,
    found_video: &dyn Fn(&JobId) -> Option<String>,
    back_off: &BackOff,
    jitter: Jitter,
    now: Timestamp,
) -> Result<Vec<Recovered>> {
    let mut all: Vec<Recovered> = Vec::new();
    loop {
        let after = all.last().map(|recovered| recovered.id.clone());
        match recover_next(repository, after.as_ref(), found_video, back_off, jitter, now)? {
            Some(recovered) => all.push(recovered),
            None => return Ok(all),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::presentations::memory::MemoryPresentations;
    use crate::presentations::{EXTERNAL_OWNER, Lease, PresentationJob, RequestText};

    #[test]
    fn each_line_of_the_table() {
        let now = Timestamp::parse("2025-01-02 00:00").unwrap();
        let job = |id: &str, status: &str, request: bool, change: &dyn Fn(&mut PresentationJob)| {
            let mut job = PresentationJob::blank(id.into(), Timestamp::parse("2025-01-01 00:00").unwrap());
            job.status = JobStatus::read(status);
            job.request = request.then(|| RequestText("{}".into()));
            change(&mut job);
            job
        };
        let until =
            |owner: &str, time: &str| Some(Lease { owner: owner.into(), expires_at: Timestamp::parse(time).unwrap() });
        let mut jobs: MemoryPresentations = [
            job("waiting", "queued", true, &|_| {}),
            job("empty", "queued", false, &|_| {}),
            job("lost", "processing", true, &|job| job.queue.lease = until("w", "2025-01-02 00:00")),
            job("exhausted", "processing", true, &|job| job.queue.attempts = 3),
            job("stock", "processing", false, &|_| {}),
            job("video", "processing", true, &|_| {}),
            job("owned", "processing", true, &|job| job.queue.lease = until("w", "2025-01-02 00:00:01")),
            job("external", "processing", false, &|job| job.queue.lease = until(EXTERNAL_OWNER, "9999-12-31 23:59")),
            job("done", "completed", true, &|_| {}),
            job("odd", "paused", true, &|_| {}),
        ]
        .into_iter()
        .collect();
        let video = |id: &JobId| (id.as_str() == "video").then(|| "output/v.mp4".to_owned());
        let all = recover(&mut jobs, &video, &BackOff::default(), Jitter::new(0), now).unwrap();
        let found: Vec<_> = all.iter().map(|recovered| (recovered.id.as_str(), recovered.status.as_str())).collect();
        assert_eq!(
            found,
            [
                ("empty", "failed"),
                ("exhausted", "failed"),
                ("lost", "queued"),
                ("stock", "failed"),
                ("video", "failed")
            ]
        );
        assert_eq!(recover(&mut jobs, &video, &BackOff::default(), Jitter::new(0), now).unwrap(), []);
        let video = jobs.get(&"video".into()).unwrap().unwrap();
        assert_eq!(video.queue.found_video.as_deref(), Some("output/v.mp4"));
    }
}
