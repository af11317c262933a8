//! A job as a row.

use std::borrow::Cow;

use diesel::prelude::*;
use landfast_domain::Result as DomainResult;
use landfast_domain::presentations::{JobId, JobStatus, Lease, PresentationJob, Queue, RequestText};
use serde_json::Value;

use super::jobs::ENTITY;
use crate::exact::{ExactReader, ExactWriter};
use crate::schema::presentation_jobs;
use crate::time::StoredTime;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = presentation_jobs)]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub(super) struct JobRow<'a> {
    id: Cow<'a, str>,
    status: Cow<'a, str>,
    progress: Option<f64>,
    error: Option<Cow<'a, str>>,
    video_url: Option<Cow<'a, str>>,
    thumbnail_url: Option<Cow<'a, str>>,
    slide_image_path: Option<Cow<'a, str>>,
    created_at: StoredTime,
    completed_at: Option<StoredTime>,
    last_heartbeat: Option<StoredTime>,
    created_files: String,
    request: Option<Cow<'a, str>>,
    priority: i64,
    run_at: StoredTime,
    attempts: i64,
    max_attempts: i64,
    lease_owner: Option<Cow<'a, str>>,
    lease_expires_at: Option<StoredTime>,
    idempotency_key: Option<Cow<'a, str>>,
    cancel_requested: bool,
    provider_ids: String,
    note: Option<Cow<'a, str>>,
    found_video: Option<Cow<'a, str>>,
    removal_marked_at: Option<StoredTime>,
    document: Option<Cow<'a, str>>,
    exact_texts: Option<String>,
}

impl<'a> JobRow<'a> {
    pub(super) fn new(job: &'a PresentationJob) -> Self {
        let mut exact = ExactWriter::default();
        let queue = &job.queue;
        let lease = queue.lease.as_ref();
        Self {
            id: exact.index("id", job.id.as_str()),
            status: exact.index("status", job.status.as_str()),
            progress: exact.number("progress", job.progress),
            error: exact.optional("error", job.error.as_deref()),
            video_url: exact.optional("video_url", job.video_url.as_deref()),
            thumbnail_url: exact.optional("thumbnail_url", job.thumbnail_url.as_deref()),
            slide_image_path: exact.optional("slide_image_path", job.slide_image_path.as_deref()),
            created_at: exact.time("created_at", job.created_at),
            completed_at: job.completed_at.map(|time| exact.time("completed_at", time)),
            last_heartbeat: job.last_heartbeat.map(|time| exact.time("last_heartbeat", time)),
            created_files: list_text(&job.created_files),
            request: exact.optional("request", job.request.as_ref().map(|request| request.0.as_str())),
            priority: queue.priority.into(),
            run_at: exact.time("run_at", queue.run_at),
            attempts: queue.attempts.into(),
            max_attempts: queue.max_attempts.into(),
            lease_owner: exact.optional("lease_owner", lease.map(|lease| lease.owner.as_str())),
            lease_expires_at: lease.map(|lease| exact.time("lease_expires_at", lease.expires_at)),
            idempotency_key: queue.idempotency_key.as_deref().map(|key| exact.index("idempotency_key", key)),
            cancel_requested: queue.cancel_requested,
            provider_ids: list_text(&queue.provider_ids),
            note: exact.optional("note", queue.note.as_deref()),
            found_video: exact.optional("found_video", queue.found_video.as_deref()),
            removal_marked_at: queue.removal_marked_at.map(|time| exact.time("removal_marked_at", time)),
            document: exact.optional("document", job.document.as_deref()),
            exact_texts: exact.finish(),
        }
    }

    pub(super) fn into_job(self) -> DomainResult<PresentationJob> {
        let exact = ExactReader::new(ENTITY, &self.id, self.exact_texts.as_deref())?;
        let time = |column: &str, time: Option<StoredTime>| time.map(|time| exact.time(column, time)).transpose();
        let lease = match (exact.optional("lease_owner", self.lease_owner), self.lease_expires_at) {
            (Some(owner), Some(until)) => Some(Lease { owner, expires_at: exact.time("lease_expires_at", until)? }),
            _ => None,
        };
        let small =
            |column: &str, value: i64| u32::try_from(value).map_err(|_| exact.corrupt(column, &value.to_string()));
        let queue = Queue {
            priority: i32::try_from(self.priority)
                .map_err(|_| exact.corrupt("priority", &self.priority.to_string()))?,
            run_at: exact.time("run_at", self.run_at)?,
            attempts: small("attempts", self.attempts)?,
            max_attempts: small("max_attempts", self.max_attempts)?,
            lease,
            idempotency_key: self.idempotency_key.map(|key| exact.index("idempotency_key", key)),
            cancel_requested: self.cancel_requested,
            provider_ids: list(&exact, "provider_ids", &self.provider_ids)?,
            note: exact.optional("note", self.note),
            found_video: exact.optional("found_video", self.found_video),
            removal_marked_at: time("removal_marked_at", self.removal_marked_at)?,
        };
        Ok(PresentationJob {
            status: JobStatus::read(&exact.index("status", self.status)),
            progress: exact.number("progress", self.progress),
            error: exact.optional("error", self.error),
            video_url: exact.optional("video_url", self.video_url),
            thumbnail_url: exact.optional("thumbnail_url", self.thumbnail_url),
            slide_image_path: exact.optional("slide_image_path", self.slide_image_path),
            created_at: exact.time("created_at", self.created_at)?,
            completed_at: time("completed_at", self.completed_at)?,
            last_heartbeat: time("last_heartbeat", self.last_heartbeat)?,
            created_files: list(&exact, "created_files", &self.created_files)?,
            request: exact.optional("request", self.request).map(RequestText),
            queue,
            document: exact.optional("document", self.document),
            id: JobId::existing(&exact.index("id", self.id)),
        })
    }
}

/// A list of texts as JSON, which also keeps U+0000.
fn list_text(texts: &[String]) -> String {
    Value::from(texts).to_string()
}

fn list(exact: &ExactReader, column: &str, text: &str) -> DomainResult<Vec<String>> {
    serde_json::from_str(text).map_err(|_| exact.corrupt(column, text))
}
