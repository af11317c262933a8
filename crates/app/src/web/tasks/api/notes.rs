//! Free notes.

use super::views::NoteView;
use crate::clock::Clock;
use crate::web::Answer;
use crate::web::api::{Idempotency, Json, Page, Paging, once, reply};
use crate::web::frame::{Problem, Visit};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use landfast_domain::record::RecordKey;
use landfast_domain::tasks::keys::unused_millis_key;
use landfast_domain::tasks::{Note, notes};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A note to be added.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NoteBody {
    /// 1 to 10000 characters.
    content: String,
}

/// Notes in the order they were made.
#[utoipa::path(get, path = "/api/v1/tasks/notes", tag = "tasks", operation_id = "listNotes",
    params(("after" = Option<String>, Query, description = "Cursor of the page before"), ("limit" = Option<u16>, Query, minimum = 1, maximum = 500)),
    responses((status = 200, body = Page<NoteView>), (status = 422, body = Problem)))]
pub(super) async fn list(visit: Visit, paging: Paging) -> Answer {
    let (after, limit) = (paging.position()?, paging.read());
    let rows = visit.read(move |r, user| r.notes().page(user, after, limit)).await?;
    reply(&Page::<NoteView>::of(&rows, &paging))
}

/// Adds a note.
#[utoipa::path(post, path = "/api/v1/tasks/notes", tag = "tasks", operation_id = "createNote",
    params(("Idempotency-Key" = Option<String>, Header, description = "Any text; a repetition within a day gets the first answer")),
    request_body = NoteBody,
    responses((status = 201, body = NoteView), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn create(visit: Visit, idempotency: Idempotency, Json(body): Json<NoteBody>) -> Answer {
    let now = Clock::now().utc;
    let made = visit
        .write(move |r, user| {
            once(&idempotency, &body, r, user, |r| {
                let key = unused_millis_key::<Note>(r, user, "note-", now)?;
                Ok(NoteView::from(&notes::add(r, user, &body.content, key, now)?))
            })
        })
        .await?;
    made.into_answer()
}

/// Deletes a note.
#[utoipa::path(delete, path = "/api/v1/tasks/notes/{key}", tag = "tasks", operation_id = "deleteNote",
    params(("key" = String, Path)), responses((status = 204), (status = 404, body = Problem)))]
pub(super) async fn remove(visit: Visit, Path(key): Path<String>) -> Answer {
    let key = RecordKey::new(key);
    visit.write(move |r, user| notes::delete(r, user, &key)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
