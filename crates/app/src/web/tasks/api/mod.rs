//! Routes of the API about tasks.

mod instances;
mod notes;
mod steps;
mod templates;
mod views;

use crate::web::App;
use axum::Router;
use axum::routing::{delete, get, post};
use utoipa::OpenApi;

/// Routes of this room.
pub(in crate::web) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/tasks/templates", get(templates::list).post(templates::create))
        .route("/api/v1/tasks/templates/{key}", get(templates::show).put(templates::replace).delete(templates::remove))
        .route("/api/v1/tasks/instances", get(instances::list).post(instances::create))
        .route("/api/v1/tasks/instances/{key}", get(instances::show).delete(instances::remove))
        .route("/api/v1/tasks/instances/{key}/predict", post(steps::predict))
        .route("/api/v1/tasks/instances/{key}/start", post(steps::start))
        .route("/api/v1/tasks/instances/{key}/pause", post(steps::pause))
        .route("/api/v1/tasks/instances/{key}/resume", post(steps::resume))
        .route("/api/v1/tasks/instances/{key}/complete", post(steps::complete))
        .route("/api/v1/tasks/instances/{key}/cancel", post(steps::cancel))
        .route("/api/v1/tasks/notes", get(notes::list).post(notes::create))
        .route("/api/v1/tasks/notes/{key}", delete(notes::remove))
}

/// The description of these routes.
#[derive(OpenApi)]
#[openapi(paths(
    templates::list,
    templates::create,
    templates::show,
    templates::replace,
    templates::remove,
    instances::list,
    instances::create,
    instances::show,
    instances::remove,
    steps::predict,
    steps::start,
    steps::pause,
    steps::resume,
    steps::complete,
    steps::cancel,
    notes::list,
    notes::create,
    notes::remove
))]
pub(in crate::web) struct TasksApi;
