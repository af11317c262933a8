//! Pages about tasks.

mod dashboard;
mod detail;
mod finish;
mod glossary;
mod history;
mod notes;
mod predict;
mod ratings;
mod settings;
mod shown;
mod template;
mod work;

use crate::web::App;
use axum::Router;
use axum::routing::{get, post};

/// Profile of the settings; each user has its own.
const PROFILE: &str = "default";

/// Routes of these pages.
pub(in crate::web) fn routes() -> Router<App> {
    Router::new()
        .route("/tasks", get(dashboard::show))
        .route("/tasks/templates/new", get(template::blank).post(template::create))
        .route("/tasks/templates/{key}", get(template::show).post(template::save))
        .route("/tasks/templates/{key}/delete", post(template::delete))
        .route("/tasks/templates/{key}/notes", post(template::add_note))
        .route("/tasks/templates/{key}/initialise", post(work::create))
        .route("/tasks/instances/{key}", get(detail::show))
        .route("/tasks/instances/{key}/predict", get(predict::show).post(predict::save))
        .route("/tasks/instances/{key}/start", post(work::start))
        .route("/tasks/instances/{key}/pause", post(work::pause))
        .route("/tasks/instances/{key}/resume", post(work::resume))
        .route("/tasks/instances/{key}/delete", post(work::delete))
        .route("/tasks/instances/{key}/complete", get(finish::show_complete).post(finish::complete))
        .route("/tasks/instances/{key}/cancel", get(finish::show_cancel).post(finish::cancel))
        .route("/tasks/notes", get(notes::show).post(notes::add))
        .route("/tasks/notes/delete", post(notes::delete))
        .route("/tasks/history", get(history::show))
        .route("/tasks/settings", get(settings::show).post(settings::save))
        .route("/tasks/glossary", get(glossary::show))
}
