//! Templates.

use super::views::{TemplateBody, TemplateView};
use crate::clock::Clock;
use crate::web::api::{Idempotency, IfMatch, Json, Page, Paging, once, reply};
use crate::web::frame::{Problem, Visit};
use crate::web::{Answer, Error};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use landfast_domain::record::RecordKey;
use landfast_domain::tasks::keys::unused_key;
use landfast_domain::tasks::{NewTask, Task, templates};

/// Templates in the order they were made.
#[utoipa::path(get, path = "/api/v1/tasks/templates", tag = "tasks", operation_id = "listTemplates",
    params(("after" = Option<String>, Query, description = "Cursor of the page before"), ("limit" = Option<u16>, Query, minimum = 1, maximum = 500)),
    responses((status = 200, body = Page<TemplateView>), (status = 422, body = Problem)))]
pub(super) async fn list(visit: Visit, paging: Paging) -> Answer {
    let (after, limit) = (paging.position()?, paging.read());
    let rows = visit.read(move |r, user| r.tasks().page(user, after, limit)).await?;
    reply(&Page::<TemplateView>::of(&rows, &paging))
}

/// Makes a template. With `Idempotency-Key` a repeated call makes nothing new.
#[utoipa::path(post, path = "/api/v1/tasks/templates", tag = "tasks", operation_id = "createTemplate",
    params(("Idempotency-Key" = Option<String>, Header, description = "Any text; a repetition within a day gets the first answer")),
    request_body = TemplateBody,
    responses((status = 201, body = TemplateView), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn create(visit: Visit, idempotency: Idempotency, Json(body): Json<TemplateBody>) -> Answer {
    let now = Clock::now().local;
    let made = visit
        .write(move |r, user| {
            once(&idempotency, &body, r, user, |r| {
                let key = unused_key::<Task>(r, user, "t", now)?;
                let task = templates::create(r, user, NewTask::from(body.clone()), key, now)?;
                Ok(TemplateView::from(&task))
            })
        })
        .await?;
    made.into_answer()
}

/// One template.
#[utoipa::path(get, path = "/api/v1/tasks/templates/{key}", tag = "tasks", operation_id = "getTemplate",
    params(("key" = String, Path)),
    responses((status = 200, body = TemplateView), (status = 404, body = Problem)))]
pub(super) async fn show(visit: Visit, Path(key): Path<String>) -> Answer {
    reply(&TemplateView::from(&found(&visit, key).await?))
}

/// Changes a template; its version counts up.
#[utoipa::path(put, path = "/api/v1/tasks/templates/{key}", tag = "tasks", operation_id = "replaceTemplate",
    params(("key" = String, Path), ("If-Match" = String, Header, description = "ETag of the version you read")),
    request_body = TemplateBody,
    responses((status = 200, body = TemplateView), (status = 404, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)))]
pub(super) async fn replace(
    visit: Visit,
    Path(key): Path<String>,
    version: IfMatch,
    Json(body): Json<TemplateBody>,
) -> Answer {
    let key = RecordKey::new(key);
    let changed = visit
        .write(move |r, user| {
            let known = templates::get(r, user, &key)?.ok_or_else(|| missing(&key))?;
            version.check(&TemplateView::from(&known))?;
            templates::update(r, user, &key, &NewTask::from(body.clone()).into())
        })
        .await?;
    reply(&TemplateView::from(&changed))
}

/// Deletes a template; its attempts stay.
#[utoipa::path(delete, path = "/api/v1/tasks/templates/{key}", tag = "tasks", operation_id = "deleteTemplate",
    params(("key" = String, Path)), responses((status = 204), (status = 404, body = Problem)))]
pub(super) async fn remove(visit: Visit, Path(key): Path<String>) -> Answer {
    let key = RecordKey::new(key);
    visit.write(move |r, user| templates::delete(r, user, &key)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn found(visit: &Visit, key: String) -> Result<Task, Error> {
    let key = RecordKey::new(key);
    let wanted = key.clone();
    visit.read(move |r, user| templates::get(r, user, &wanted)).await?.ok_or_else(|| missing(&key))
}

fn missing(key: &RecordKey) -> Error {
    Error::NotFound(format!("task `{key}` does not exist"))
}
