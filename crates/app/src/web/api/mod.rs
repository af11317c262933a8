//! What every route of the API shares.

mod body;
mod idempotency;
pub mod openapi;
mod paging;
mod session;
mod version;

pub use body::{Json, reply};
pub use idempotency::{Idempotency, once};
pub use paging::{Page, Paging};
pub use version::IfMatch;

use super::App;
use axum::Router;
use axum::routing::get;

/// Routes that belong to no area.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/openapi.json", get(openapi::serve))
        .route("/api/v1/session", get(session::show).post(session::begin).delete(session::end))
}
