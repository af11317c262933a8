//! What a snapshot of jobs has no place for: `.landfast/presentations.json`.

use super::area::unreadable;
use super::shown::{Time, shown_number};
use landfast_domain::Result;
use landfast_domain::presentations::{JobId, JobStatus, Lease, PresentationJob, Queue, RequestText};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Content of the file. Without jobs there is no file.
#[derive(Debug, Default)]
pub(super) struct OwnJobs {
    pub(super) jobs: Vec<OwnJob>,
}

#[derive(Debug, Serialize, Deserialize)]
struct File {
    version: u32,
    jobs: Vec<OwnJob>,
}

/// A job that is not what its text in the snapshot says.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct OwnJob {
    /// SHA-256 of the text this holds for; another text, which another program wrote, counts instead. `None`
    /// for a job the snapshot cannot hold at all.
    sha256: Option<String>,
    id: String,
    status: String,
    progress: Option<String>,
    error: Option<String>,
    video_url: Option<String>,
    thumbnail_url: Option<String>,
    slide_image_path: Option<String>,
    created_at: Time,
    completed_at: Option<Time>,
    last_heartbeat: Option<Time>,
    created_files: Vec<String>,
    request: Option<String>,
    priority: i32,
    run_at: Time,
    attempts: u32,
    max_attempts: u32,
    lease_owner: Option<String>,
    lease_expires_at: Option<Time>,
    idempotency_key: Option<String>,
    cancel_requested: bool,
    provider_ids: Vec<String>,
    note: Option<String>,
    found_video: Option<String>,
    removal_marked_at: Option<Time>,
    document: Option<String>,
}

impl OwnJobs {
    pub(super) fn read(path: &str, bytes: &[u8]) -> Result<Self> {
        let file: File = serde_json::from_slice(bytes).map_err(|error| unreadable(path, error.to_string()))?;
        if file.version != 1 {
            return Err(unreadable(path, format!("version {} is not known", file.version)));
        }
        Ok(Self { jobs: file.jobs })
    }

    /// Bytes of the file; `None` when it need not exist.
    pub(super) fn write(self) -> Option<Vec<u8>> {
        if self.jobs.is_empty() {
            return None;
        }
        let file = File { version: 1, jobs: self.jobs };
        Some(serde_json::to_vec_pretty(&file).expect("texts and numbers are always JSON"))
    }

    /// Makes jobs of a snapshot, which come with the SHA-256 of their texts, what they are.
    pub(super) fn apply(self, jobs: &mut BTreeMap<JobId, (PresentationJob, String)>) -> Result<()> {
        for own in self.jobs {
            let id = JobId::existing(&own.id);
            if jobs.get(&id).map(|(_, sha256)| sha256) == own.sha256.as_ref() {
                let sha256 = own.sha256.clone().unwrap_or_default();
                jobs.insert(id, (own.into_job(), sha256));
            }
        }
        Ok(())
    }
}

impl OwnJob {
    pub(super) fn of(job: &PresentationJob, sha256: Option<String>) -> Self {
        let job = job.clone();
        Self {
            sha256,
            id: job.id.to_string(),
            status: job.status.to_string(),
            progress: job.progress.map(shown_number),
            error: job.error,
            video_url: job.video_url,
            thumbnail_url: job.thumbnail_url,
            slide_image_path: job.slide_image_path,
            created_at: Time(job.created_at),
            completed_at: job.completed_at.map(Time),
            last_heartbeat: job.last_heartbeat.map(Time),
            created_files: job.created_files,
            request: job.request.map(|request| request.0),
            priority: job.queue.priority,
            run_at: Time(job.queue.run_at),
            attempts: job.queue.attempts,
            max_attempts: job.queue.max_attempts,
            lease_expires_at: job.queue.lease.as_ref().map(|lease| Time(lease.expires_at)),
            lease_owner: job.queue.lease.map(|lease| lease.owner),
            idempotency_key: job.queue.idempotency_key,
            cancel_requested: job.queue.cancel_requested,
            provider_ids: job.queue.provider_ids,
            note: job.queue.note,
            found_video: job.queue.found_video,
            removal_marked_at: job.queue.removal_marked_at.map(Time),
            document: job.document,
        }
    }

    fn into_job(self) -> PresentationJob {
        let time = |time: Time| time.0;
        PresentationJob {
            id: JobId::existing(&self.id),
            status: JobStatus::read(&self.status),
            progress: self.progress.and_then(|text| text.parse().ok()),
            error: self.error,
            video_url: self.video_url,
            thumbnail_url: self.thumbnail_url,
            slide_image_path: self.slide_image_path,
            created_at: self.created_at.0,
            completed_at: self.completed_at.map(time),
            last_heartbeat: self.last_heartbeat.map(time),
            created_files: self.created_files,
            request: self.request.map(RequestText),
            queue: Queue {
                priority: self.priority,
                run_at: self.run_at.0,
                attempts: self.attempts,
                max_attempts: self.max_attempts,
                lease: self
                    .lease_owner
                    .zip(self.lease_expires_at)
                    .map(|(owner, expires_at)| Lease { owner, expires_at: expires_at.0 }),
                idempotency_key: self.idempotency_key,
                cancel_requested: self.cancel_requested,
                provider_ids: self.provider_ids,
                note: self.note,
                found_video: self.found_video,
                removal_marked_at: self.removal_marked_at.map(time),
            },
            document: self.document,
        }
    }
}
