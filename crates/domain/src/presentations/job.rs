//! A rendering job and what identifies it.

use crate::finding::storable;
use crate::time::Timestamp;
use crate::{Error, Result};
use std::fmt;

/// Error text of a job that was cancelled. The legacy vocabulary of states has no word for it, and readers
/// of an export know but four, so a cancelled job is one that failed with this text.
pub const CANCELLED: &str = "cancelled";

/// Error text and note of a job whose worker vanished.
pub const INTERRUPTED: &str = "interrupted by restart";

/// Lease owner of jobs that a running legacy service still works on. Such a lease never expires here; a
/// later snapshot of that service ends it.
pub const EXTERNAL_OWNER: &str = "legacy service";

/// Attempts a job gets unless it says otherwise. Small, because a rendering costs money.
pub const MAX_ATTEMPTS: u32 = 3;

/// Identifies a job. New ones are UUIDs; old ones may be any text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(String);

impl JobId {
    /// Most characters of a new id.
    pub const MAX_CHARS: usize = 50;

    /// An id for a new job.
    ///
    /// # Errors
    /// [`Error::Invalid`] unless it has 1 to 50 ASCII letters, digits, `-` or `_`: the id is part of file
    /// names and addresses.
    pub fn new(text: impl Into<String>) -> Result<Self> {
        let text = text.into();
        if text.is_empty() || text.len() > Self::MAX_CHARS || !is_url_safe(&text) {
            let reason = "must have 1 to 50 letters, digits, '-' or '_'";
            return Err(Error::Invalid { entity: ENTITY, field: "id", value: text, reason });
        }
        Ok(Self(text))
    }

    /// The id of a job that exists, whatever it looks like. U+0000 becomes U+2400.
    #[must_use]
    pub fn existing(text: &str) -> Self {
        Self(storable(text))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for JobId {
    fn from(text: &str) -> Self {
        Self::existing(text)
    }
}

/// Whether a text has ASCII letters, digits, `-` and `_` only.
pub(super) fn is_url_safe(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// Name of the kind of record for messages.
pub(crate) const ENTITY: &str = "presentation job";

/// Where a job is in its life.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum JobStatus {
    /// Waits for a worker.
    Queued,
    /// A worker has it.
    Processing,
    /// Done; the video is there, or was.
    Completed,
    /// Given up, or cancelled.
    Failed,
    /// Something else that a source file said. No step is allowed.
    Other(String),
}

impl JobStatus {
    /// The four states of the life cycle.
    pub const ALL: [Self; 4] = [Self::Queued, Self::Processing, Self::Completed, Self::Failed];

    /// Reads the text of a file or column; the four words exactly, everything else is
    /// [`JobStatus::Other`], with U+2400 for U+0000.
    #[must_use]
    pub fn read(text: &str) -> Self {
        Self::ALL.into_iter().find(|status| status.as_str() == text).unwrap_or_else(|| Self::Other(storable(text)))
    }

    /// Text of files and columns.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Queued => "queued",
            Self::Processing => "processing",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Other(text) => text,
        }
    }

    /// Completed or failed.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Completed | Self::Failed)
    }
}

impl fmt::Display for JobStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A request by its JSON text, byte for byte as it was given.
///
/// [`read`](super::request::PresentationRequest::read) tells what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestText(pub String);

/// A worker's right to a job for a limited time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// Name of the worker, unique among those that run.
    pub owner: String,
    /// Until when, UTC. From this moment on the job counts as lost.
    pub expires_at: Timestamp,
}

/// What the queue keeps about a job beside what the legacy service kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// Smaller numbers go first; 0 is normal.
    pub priority: i32,
    /// Not worked on before this moment.
    pub run_at: Timestamp,
    /// How often a worker took the job. The number of the attempt that may write to it.
    pub attempts: u32,
    /// After so many attempts the job fails for good.
    pub max_attempts: u32,
    /// Who works on it. `None` for every job that is not being worked on, and for those of a service that
    /// is gone.
    pub lease: Option<Lease>,
    /// Chosen by the client: a second request with the key is answered with the first job.
    pub idempotency_key: Option<String>,
    /// The worker shall stop at its next progress step.
    pub cancel_requested: bool,
    /// Ids of renderings at external services, so that another attempt can use or stop them.
    pub provider_ids: Vec<String>,
    /// What became of the last attempt that did not finish the job.
    pub note: Option<String>,
    /// A video of the job that was found though the job was not completed; for a person to look at.
    pub found_video: Option<String>,
    /// When retention chose the job for removal. Its files go next, then the row.
    pub removal_marked_at: Option<Timestamp>,
}

impl Queue {
    /// What a job has that nobody has worked on and that may start at once.
    #[must_use]
    pub fn new(run_at: Timestamp) -> Self {
        Self {
            priority: 0,
            run_at,
            attempts: 0,
            max_attempts: MAX_ATTEMPTS,
            lease: None,
            idempotency_key: None,
            cancel_requested: false,
            provider_ids: Vec::new(),
            note: None,
            found_video: None,
            removal_marked_at: None,
        }
    }
}

/// A rendering job.
#[derive(Debug, Clone, PartialEq)]
pub struct PresentationJob {
    /// Identifies the job.
    pub id: JobId,
    /// Where it is in its life.
    pub status: JobStatus,
    /// Percent as the worker reported it. Not monotonic and up to 126 in legacy jobs, so neither a sign of
    /// completion nor limited; see [`PresentationJob::shown_progress`]. `None`: unknown.
    pub progress: Option<f64>,
    /// Why it failed. Legacy texts can be very long, for instance the output of a renderer.
    pub error: Option<String>,
    /// Address of the video, `/presentations/<id>/video` in the legacy service. Set on completion.
    pub video_url: Option<String>,
    /// Address of the preview image.
    pub thumbnail_url: Option<String>,
    /// Path of a picture made for debugging.
    pub slide_image_path: Option<String>,
    /// When it was made, UTC. For a source without a readable time: the earliest other time it tells, else
    /// when the snapshot was taken, else 1970-01-01.
    pub created_at: Timestamp,
    /// When it was completed or failed, UTC.
    pub completed_at: Option<Timestamp>,
    /// Last sign of life of its worker, UTC.
    pub last_heartbeat: Option<Timestamp>,
    /// Files the job made, relative to the working directory, in order of creation. Intermediate files are
    /// listed after they were deleted, and two old jobs may list the same file.
    pub created_files: Vec<String>,
    /// What to render. The legacy service did not keep it, so that a job without it cannot be worked on.
    pub request: Option<RequestText>,
    /// What the queue keeps.
    pub queue: Queue,
    /// JSON text the job was read from, byte for byte. `None` for a job made here.
    pub document: Option<String>,
}

impl PresentationJob {
    /// A queued job without a request.
    #[must_use]
    pub fn blank(id: JobId, created_at: Timestamp) -> Self {
        Self {
            id,
            status: JobStatus::Queued,
            progress: Some(0.0),
            error: None,
            video_url: None,
            thumbnail_url: None,
            slide_image_path: None,
            created_at,
            completed_at: None,
            last_heartbeat: None,
            created_files: Vec::new(),
            request: None,
            queue: Queue::new(created_at),
            document: None,
        }
    }

    /// Progress for people: 0 to 100, 0 when it is unknown.
    #[must_use]
    pub fn shown_progress(&self) -> f64 {
        self.progress.unwrap_or(0.0).clamp(0.0, 100.0)
    }

    /// Whether the job failed because somebody cancelled it.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.status == JobStatus::Failed && self.error.as_deref() == Some(CANCELLED)
    }

    /// When a final job ended, as far as known: its completion, else its creation. `None` while it is not
    /// final. Retention counts from here.
    #[must_use]
    pub fn ended_at(&self) -> Option<Timestamp> {
        self.status.is_final().then(|| self.completed_at.unwrap_or(self.created_at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_new_jobs_are_safe_in_names_and_addresses() {
        assert!(JobId::new("5df970f5-f028-4f1f-b67e-025c01b2edbd").is_ok());
        for text in ["", "a/b", "..", "läuf", "a b", &"x".repeat(51)] {
            assert!(matches!(JobId::new(text), Err(Error::Invalid { .. })), "{text}");
        }
        assert_eq!(JobId::existing("a\0b").as_str(), "a\u{2400}b");
    }

    #[test]
    fn statuses_are_four_words_exactly() {
        for status in JobStatus::ALL {
            assert_eq!(JobStatus::read(status.as_str()), status);
        }
        assert_eq!(JobStatus::read("Completed"), JobStatus::Other("Completed".into()));
        assert!(!JobStatus::read("").is_final());
    }

    #[test]
    fn shown_progress_is_limited_and_the_stored_one_is_not() {
        let mut job = PresentationJob::blank("a".into(), Timestamp::parse("2025-01-01 00:00").unwrap());
        for (progress, shown) in [(Some(126.0), 100.0), (Some(-1.0), 0.0), (None, 0.0), (Some(37.6), 37.6)] {
            job.progress = progress;
            assert_eq!(job.shown_progress(), shown);
        }
    }
}
