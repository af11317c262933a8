//! Pages and HTTP API.
//!
//! | room | what it holds |
//! |---|---|
//! | [`frame`] | what every request goes through: visitor, guard, headers, errors, layout, assets, metrics |
//! | [`accounts`] | registering, logging in and out, passwords, sessions |
//! | [`api`] | what every route of the API shares: envelope, paging, versions, idempotency, OpenAPI |
//! | [`home`], [`tasks`] | pages and API routes of an area; other areas get a room of their own |
//!
//! # How a request travels
//!
//! 1. [`frame::observe`]: request id, log line, counters.
//! 2. [`frame::headers`]: security headers and `Cache-Control: no-store` on every answer, errors included.
//! 3. [`frame::gate`]: the host is one of ours; who is it (cookie or bearer token); for a state change: the page it
//!    came from and its CSRF token. Afterwards every answer with an error status becomes a page or, below `/api/`,
//!    the error envelope.
//! 4. The handler, with the extractor [`frame::Visit`] (a user: logged in or the guest) or [`frame::Visitor`]
//!    (anybody).
//!
//! # Add a page
//!
//! ```text
//! // web/tasks/mod.rs: routes of the room; web::router merges them
//! pub(super) fn routes() -> Router<App> {
//!     Router::new().route("/tasks/notes", get(show).post(add))
//! }
//!
//! #[derive(Template)]
//! #[template(path = "tasks/notes.html")]          // {% extends "layout.html" %}{% block main %}…{% endblock %}
//! struct NotesPage { frame: Frame, notes: Vec<String> }
//!
//! async fn show(visit: Visit) -> Answer {
//!     let notes = visit.read(|r, user| notes::list(r, user)).await?;     // spawn_blocking, one transaction
//!     page(&NotesPage { frame: visit.frame("Notes", Area::Tasks), notes })
//! }
//!
//! async fn add(visit: Visit, fields: Fields) -> Answer {
//!     let text = fields.text("content")?.to_owned();
//!     visit.write(move |r, user| notes::add(r, user, &text, …)).await?;
//!     see_other("/tasks/notes?said=added")                               // texts: frame/said.rs
//! }
//! ```
//!
//! Each form has `{{ frame.csrf_field|safe }}` as its first field; the gate refuses it otherwise, so no handler can
//! forget to check. Uploads (`multipart/form-data`, up to 64 MiB) likewise: the token is the first part; a route that takes
//! more than 2 MiB adds `DefaultBodyLimit::max`. Errors: return [`Error`]
//! (made from a domain error by `?`), never a body of your own. No inline script or style: the policy forbids it;
//! scripts go to `assets/app.js`, styles to `assets/style.css`, and pages work without the script.
//!
//! # Add a route of the API
//!
//! Handlers live in the room's `api.rs`, take [`api::Json`] and answer [`api::reply`]; lists use
//! [`api::Paging`], updates [`api::IfMatch`], creations [`api::Idempotency`]. Annotate with `#[utoipa::path]` and
//! name the handler in `api/openapi.rs`; `docs/openapi.json` is compared with it by a test that writes it anew when
//! `LANDFAST_UPDATE_DOCS=1` is set.
//! State-changing calls with the cookie need the header `X-CSRF-Token`; calls with `Authorization: Bearer` do not.
//!
//! Routes that answer existing clients (which know no token) go into a router of their own behind
//! [`frame::legacy_gate`]: it checks host and origin only.

pub mod accounts;
pub mod api;
mod app;
mod error;
pub mod frame;
mod home;
mod ops;
mod report;
mod settings;
mod tasks;
#[cfg(test)]
mod tests;

pub use app::App;
pub use error::{Answer, Error};
pub use settings::{GuestMode, Registration, Settings};

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};

/// All routes.
pub fn router(app: App) -> Router {
    let guarded = Router::new()
        .merge(home::routes())
        .merge(accounts::routes())
        .merge(tasks::routes())
        .merge(tasks::api_routes())
        .merge(api::routes())
        .fallback(frame::nowhere)
        .layer(from_fn_with_state(app.clone(), frame::gate));
    Router::new()
        .merge(ops::routes())
        .merge(guarded)
        .layer(from_fn_with_state(app.clone(), frame::headers))
        .layer(from_fn_with_state(app.clone(), frame::observe))
        .layer(from_fn(frame::fresh_request))
        .with_state(app)
}
