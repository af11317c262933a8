//! Jobs as JSON and as text.

use crate::commands::session::{utc, value_of};
use landfast_domain::presentations::PresentationJob;
use landfast_domain::presentations::back_off::{BackOff, Jitter};
use serde_json::{Value, json};
use std::time::Duration;

/// A job without its request, which can be long.
pub(super) fn to_json(job: &PresentationJob) -> Value {
    let queue = &job.queue;
    let lease = queue.lease.as_ref().map(|lease| json!({ "owner": lease.owner, "expires_at": utc(lease.expires_at) }));
    json!({
        "id": job.id.as_str(), "status": job.status.as_str(), "progress": job.progress,
        "shown_progress": job.shown_progress(), "cancelled": job.is_cancelled(), "error": job.error,
        "video_url": job.video_url, "thumbnail_url": job.thumbnail_url, "slide_image_path": job.slide_image_path,
        "created_at": utc(job.created_at), "completed_at": job.completed_at.map(utc),
        "last_heartbeat": job.last_heartbeat.map(utc), "created_files": job.created_files, "priority": queue.priority,
        "run_at": utc(queue.run_at), "attempts": queue.attempts, "max_attempts": queue.max_attempts, "lease": lease,
        "idempotency_key": queue.idempotency_key, "cancel_requested": queue.cancel_requested,
        "provider_ids": queue.provider_ids, "note": queue.note, "found_video": queue.found_video,
        "removal_marked_at": queue.removal_marked_at.map(utc), "has_request": job.request.is_some(),
    })
}

/// [`to_json`] with the request.
pub(super) fn with_request(job: &PresentationJob) -> Value {
    let mut value = to_json(job);
    if let Value::Object(map) = &mut value {
        let text = job.request.as_ref().map(|request| request.0.as_str());
        map.insert("request".to_owned(), text.map(value_of).into());
        map.insert("request_text".to_owned(), text.into());
    }
    value
}

/// A short description for messages.
pub(super) fn describe(job: &PresentationJob) -> String {
    let progress =
        format!("{:.0} %, attempt {} of {}", job.shown_progress(), job.queue.attempts, job.queue.max_attempts);
    match (&job.queue.lease, &job.error) {
        (Some(lease), _) => format!("{} {} by {} ({progress})", job.id, job.status, lease.owner),
        (None, Some(error)) => format!("{} {} ({progress}): {error}", job.id, job.status),
        (None, None) => format!("{} {} ({progress})", job.id, job.status),
    }
}

/// The wait before another attempt, beginning with so many seconds.
pub(super) fn back_off(first_seconds: u64) -> BackOff {
    let first = Duration::from_secs(first_seconds);
    BackOff { first, most: BackOff::default().most.max(first) }
}

/// A random spread of waits.
pub(super) fn jitter() -> Jitter {
    Jitter::new(crate::clock::random())
}
