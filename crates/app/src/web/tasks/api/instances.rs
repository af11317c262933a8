//! Instances: attempts at templates.

use super::views::{InstanceView, object};
use crate::clock::Clock;
use crate::web::api::{Idempotency, Json, Page, Paging, once, reply};
use crate::web::frame::{Fields, Problem, Visit};
use crate::web::{Answer, Error};
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use landfast_domain::record::RecordKey;
use landfast_domain::tasks::keys::unused_key;
use landfast_domain::tasks::{TaskInstance, lifecycle, lists};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// An attempt to be made.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InstanceBody {
    /// Key of the template.
    template: String,
    /// First predictions, for instance `{"time_estimate_minutes": 30}`.
    #[serde(default)]
    #[schema(value_type = Object)]
    predicted: Map<String, Value>,
}

/// Attempts: all in the order they were made, page by page, or the lists `active`, `recent` and `cancelled`.
#[utoipa::path(get, path = "/api/v1/tasks/instances", tag = "tasks", operation_id = "listInstances",
    params(("list" = Option<String>, Query, description = "`active` (all of them), `recent` (completed, newest first) or `cancelled`; only the list of all is paged"),
        ("after" = Option<String>, Query, description = "Cursor of the page before"), ("limit" = Option<u16>, Query, minimum = 1, maximum = 500)),
    responses((status = 200, body = Page<InstanceView>), (status = 422, body = Problem)))]
pub(super) async fn list(visit: Visit, paging: Paging, RawQuery(query): RawQuery) -> Answer {
    let query = Fields::parse(query.unwrap_or_default().as_bytes())?;
    let limit = paging.limit;
    let instances = match query.given("list") {
        None => {
            let (after, limit) = (paging.position()?, paging.read());
            let rows = visit.read(move |r, user| r.instances().page(user, after, limit)).await?;
            return reply(&Page::<InstanceView>::of(&rows, &paging));
        }
        Some("active") => visit.read(lists::active).await?,
        Some("recent") => visit.read(move |r, user| lists::recent_completed(r, user, limit)).await?,
        Some("cancelled") => visit.read(lists::cancelled).await?,
        Some(_) => return Err(Error::invalid("list", "list must be active, recent or cancelled")),
    };
    reply(&Page::whole(instances.iter().map(InstanceView::from).collect::<Vec<_>>()))
}

/// Makes an attempt at a template. With `Idempotency-Key` a repeated call makes nothing new.
#[utoipa::path(post, path = "/api/v1/tasks/instances", tag = "tasks", operation_id = "createInstance",
    params(("Idempotency-Key" = Option<String>, Header, description = "Any text; a repetition within a day gets the first answer")),
    request_body = InstanceBody,
    responses((status = 201, body = InstanceView), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn create(visit: Visit, idempotency: Idempotency, Json(body): Json<InstanceBody>) -> Answer {
    let now = Clock::now().local;
    let predicted = object(&body.predicted)?;
    let made = visit
        .write(move |r, user| {
            once(&idempotency, &body, r, user, |r| {
                let key = unused_key::<TaskInstance>(r, user, "i", now)?;
                let new = lifecycle::NewInstance { task: body.template.as_str().into(), predicted: predicted.clone() };
                Ok(InstanceView::from(&lifecycle::create(r, user, new, key, now)?))
            })
        })
        .await?;
    made.into_answer()
}

/// One attempt.
#[utoipa::path(get, path = "/api/v1/tasks/instances/{key}", tag = "tasks", operation_id = "getInstance",
    params(("key" = String, Path)), responses((status = 200, body = InstanceView), (status = 404, body = Problem)))]
pub(super) async fn show(visit: Visit, Path(key): Path<String>) -> Answer {
    let key = RecordKey::new(key);
    let wanted = key.clone();
    let found = visit.read(move |r, user| lifecycle::get(r, user, &wanted)).await?;
    let found = found.ok_or_else(|| Error::NotFound(format!("task instance `{key}` does not exist")))?;
    reply(&InstanceView::from(&found))
}

/// Deletes an attempt, in any state.
#[utoipa::path(delete, path = "/api/v1/tasks/instances/{key}", tag = "tasks", operation_id = "deleteInstance",
    params(("key" = String, Path)), responses((status = 204), (status = 404, body = Problem)))]
pub(super) async fn remove(visit: Visit, Path(key): Path<String>) -> Answer {
    let key = RecordKey::new(key);
    visit.write(move |r, user| lifecycle::delete(r, user, &key)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
