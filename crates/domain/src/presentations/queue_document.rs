//! What the queue keeps, as the member `landfast` of a job's text.

use super::codes;
use super::document::{OWN_MEMBER, integer, number};
use super::{Lease, Queue};
use crate::finding::{Finding, storable};
use crate::instant::ReadTime;
use crate::json::{Json, Object};
use crate::time::Timestamp;

/// Reads the member; what is absent has the value of a job that nobody has worked on.
pub(super) fn read(value: Option<&Json>, created_at: Timestamp, findings: &mut Vec<Finding>) -> Queue {
    let mut queue = Queue::new(created_at);
    let Some(value) = value else { return queue };
    let Some(object) = value.as_object() else {
        findings.push(Finding::new(codes::QUEUE_SHAPE, OWN_MEMBER, "not an object"));
        return queue;
    };
    let text = |object: &Object, name: &str| object.get(name).and_then(Json::as_str).map(storable);
    let time = |object: &Object, name: &str| {
        object.get(name).and_then(Json::as_str).and_then(ReadTime::parse).map(|time| time.utc(0))
    };
    let small = |name: &str| integer(object, name).and_then(|value| u32::try_from(value).ok());
    if let Some(priority) = integer(object, "priority").and_then(|value| i32::try_from(value).ok()) {
        queue.priority = priority;
    }
    queue.run_at = time(object, "run_at").unwrap_or(queue.run_at);
    queue.attempts = small("attempts").unwrap_or(queue.attempts);
    queue.max_attempts = small("max_attempts").unwrap_or(queue.max_attempts);
    queue.lease = object
        .get("lease")
        .and_then(Json::as_object)
        .and_then(|lease| Some(Lease { owner: text(lease, "owner")?, expires_at: time(lease, "expires_at")? }));
    queue.idempotency_key = text(object, "idempotency_key");
    queue.cancel_requested = object.get("cancel_requested").and_then(Json::as_bool).unwrap_or(false);
    let ids = object.get("provider_ids").and_then(Json::as_array).unwrap_or_default();
    queue.provider_ids = ids.iter().filter_map(Json::as_str).map(storable).collect();
    queue.note = text(object, "note");
    queue.found_video = text(object, "found_video");
    queue.removal_marked_at = time(object, "removal_marked_at");
    // What was read must be all there is, or it would be lost when the member is written next.
    let known = to_json(&queue, created_at).map_or(0, |json| json.as_object().map_or(0, Object::len));
    if known != object.effective().len() {
        findings.push(Finding::new(codes::QUEUE_SHAPE, OWN_MEMBER, "holds members that are not understood"));
    }
    queue
}

/// Writes what differs from a job that nobody has worked on; `None` when nothing does.
pub(super) fn to_json(queue: &Queue, created_at: Timestamp) -> Option<Json> {
    let blank = Queue::new(created_at);
    let mut object = Object::new();
    let time = |time: Timestamp| Json::from(format!("{}Z", time.to_iso_text()));
    if queue.priority != blank.priority {
        object.insert("priority", number(queue.priority));
    }
    if queue.run_at != blank.run_at {
        object.insert("run_at", time(queue.run_at));
    }
    if queue.attempts != blank.attempts {
        object.insert("attempts", number(queue.attempts));
    }
    if queue.max_attempts != blank.max_attempts {
        object.insert("max_attempts", number(queue.max_attempts));
    }
    if let Some(lease) = &queue.lease {
        let members = [("owner", Json::from(lease.owner.as_str())), ("expires_at", time(lease.expires_at))];
        object.insert("lease", Json::Object(Object::from_iter(members)));
    }
    if queue.cancel_requested {
        object.insert("cancel_requested", true);
    }
    if !queue.provider_ids.is_empty() {
        let ids = queue.provider_ids.iter().map(|id| Json::from(id.as_str())).collect();
        object.insert("provider_ids", Json::Array(ids));
    }
    for (name, text) in
        [("idempotency_key", &queue.idempotency_key), ("note", &queue.note), ("found_video", &queue.found_video)]
    {
        if let Some(text) = text {
            object.insert(name, text.as_str());
        }
    }
    if let Some(marked) = queue.removal_marked_at {
        object.insert("removal_marked_at", time(marked));
    }
    (!object.is_empty()).then_some(Json::Object(object))
}
