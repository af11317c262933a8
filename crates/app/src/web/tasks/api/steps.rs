//! The life cycle of an instance, one verb a route.

use super::views::{InstanceView, due, object};
use crate::clock::Clock;
use crate::web::Answer;
use crate::web::api::{Json, reply};
use crate::web::frame::{Problem, Visit};
use axum::extract::Path;
use landfast_domain::Repositories;
use landfast_domain::accounts::UserId;
use landfast_domain::record::RecordKey;
use landfast_domain::tasks::TaskInstance;
use landfast_domain::tasks::lifecycle::{self, Initialization, Pause};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// Predictions.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Prediction {
    /// For instance `{"expected_relief": 70, "time_estimate_minutes": 30}`; members not given stay.
    #[serde(default)]
    #[schema(value_type = Object)]
    predicted: Map<String, Value>,
    /// `YYYY-MM-DDTHH:MM`, local; absent keeps it, null removes it.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    due_at: Option<Value>,
}

/// Tells an explicit null from an absent member.
fn present<'de, D: serde::Deserializer<'de>>(value: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(value).map(Some)
}

/// An interruption.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Interruption {
    /// Why.
    reason: Option<String>,
    /// How much is done, 0 to 100.
    #[schema(minimum = 0, maximum = 100)]
    completion_percentage: f64,
}

/// How it went, or why it was given up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Outcome {
    /// For instance `{"actual_relief": 80, "time_actual_minutes": 25}`.
    #[serde(default)]
    #[schema(value_type = Object)]
    actual: Map<String, Value>,
}

async fn step(
    visit: Visit,
    key: String,
    work: impl Fn(&mut dyn Repositories, &UserId, &RecordKey) -> landfast_domain::Result<TaskInstance> + Send + 'static,
) -> Answer {
    let key = RecordKey::new(key);
    let instance = visit.write(move |r, user| work(r, user, &key)).await?;
    reply(&InstanceView::from(&instance))
}

/// Gives predictions.
#[utoipa::path(post, path = "/api/v1/tasks/instances/{key}/predict", tag = "tasks", operation_id = "predictInstance",
    params(("key" = String, Path)), request_body = Prediction,
    responses((status = 200, body = InstanceView), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn predict(visit: Visit, Path(key): Path<String>, Json(body): Json<Prediction>) -> Answer {
    let given = Initialization { predicted: object(&body.predicted)?, due_at: due(body.due_at.as_ref())? };
    let now = Clock::now().local;
    step(visit, key, move |r, user, key| lifecycle::initialize(r, user, key, &given, now)).await
}

/// Begins work.
#[utoipa::path(post, path = "/api/v1/tasks/instances/{key}/start", tag = "tasks", operation_id = "startInstance",
    params(("key" = String, Path)),
    responses((status = 200, body = InstanceView), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(super) async fn start(visit: Visit, Path(key): Path<String>) -> Answer {
    let now = Clock::now().local;
    step(visit, key, move |r, user, key| lifecycle::start(r, user, key, now)).await
}

/// Interrupts work; the time worked so far is kept.
#[utoipa::path(post, path = "/api/v1/tasks/instances/{key}/pause", tag = "tasks", operation_id = "pauseInstance",
    params(("key" = String, Path)), request_body = Interruption,
    responses((status = 200, body = InstanceView), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn pause(visit: Visit, Path(key): Path<String>, Json(body): Json<Interruption>) -> Answer {
    let now = Clock::now().local;
    let pause = Pause { reason: body.reason, completion_percentage: body.completion_percentage };
    step(visit, key, move |r, user, key| lifecycle::pause(r, user, key, &pause, now)).await
}

/// Goes on after an interruption.
#[utoipa::path(post, path = "/api/v1/tasks/instances/{key}/resume", tag = "tasks", operation_id = "resumeInstance",
    params(("key" = String, Path)),
    responses((status = 200, body = InstanceView), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(super) async fn resume(visit: Visit, Path(key): Path<String>) -> Answer {
    let now = Clock::now().local;
    step(visit, key, move |r, user, key| lifecycle::resume(r, user, key, now)).await
}

/// Completes an open attempt.
#[utoipa::path(post, path = "/api/v1/tasks/instances/{key}/complete", tag = "tasks", operation_id = "completeInstance",
    params(("key" = String, Path)), request_body = Outcome,
    responses((status = 200, body = InstanceView), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn complete(visit: Visit, Path(key): Path<String>, Json(body): Json<Outcome>) -> Answer {
    let (given, now) = (object(&body.actual)?, Clock::now().local);
    step(visit, key, move |r, user, key| Ok(lifecycle::complete(r, user, key, &given, now)?.instance)).await
}

/// Gives an open attempt up.
#[utoipa::path(post, path = "/api/v1/tasks/instances/{key}/cancel", tag = "tasks", operation_id = "cancelInstance",
    params(("key" = String, Path)), request_body = Outcome,
    responses((status = 200, body = InstanceView), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn cancel(visit: Visit, Path(key): Path<String>, Json(body): Json<Outcome>) -> Answer {
    let (given, now) = (object(&body.actual)?, Clock::now().local);
    step(visit, key, move |r, user, key| lifecycle::cancel(r, user, key, &given, now)).await
}
