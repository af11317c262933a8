//! Routes and their headers.

use super::{Notice, pages, report};
use crate::backend::Opened;
use axum::Router;
use axum::extract;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use landfast_domain::accounts::UserId;
use serde_json::json;
use std::sync::Arc;

/// What every request works with. Clones are cheap.
#[derive(Clone)]
pub struct State {
    inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) opened: Opened,
    pub(super) user: UserId,
    pub(super) notices: Vec<Notice>,
}

impl State {
    /// Serves this store's data of this user.
    #[must_use]
    pub fn new(opened: Opened, user: UserId, notices: Vec<Notice>) -> Self {
        Self { inner: Arc::new(Inner { opened, user, notices }) }
    }

    /// Where the data is, without a password.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.inner.opened.place
    }

    /// Runs blocking work away from the threads that answer requests.
    async fn blocking(self, work: impl FnOnce(&Inner) -> Response + Send + 'static) -> Response {
        let inner = self.inner;
        match tokio::task::spawn_blocking(move || work(&inner)).await {
            Ok(response) => response,
            Err(error) => pages::failed(StatusCode::INTERNAL_SERVER_ERROR, "Something broke", &error.to_string()),
        }
    }
}

/// All routes.
pub fn router(state: State) -> Router {
    Router::new()
        .route("/", get(|extract::State(state): extract::State<State>| state.blocking(pages::home)))
        .route(
            "/api/v1/report",
            get(|extract::State(state): extract::State<State>| state.blocking(report::last_report)),
        )
        .route("/healthz", get(|| async { axum::Json(json!({ "schema": 1, "status": "ok" })) }))
        .route("/readyz", get(|extract::State(state): extract::State<State>| state.blocking(ready)))
        .route("/style.css", get(|| async { asset("text/css; charset=utf-8", include_str!("../../assets/style.css")) }))
        .route("/icon.svg", get(|| async { asset("image/svg+xml", include_str!("../../assets/icon.svg")) }))
        .fallback(|| async { pages::failed(StatusCode::NOT_FOUND, "There is no such page", "The address is wrong.") })
        .layer(axum::middleware::map_response(with_headers))
        .with_state(state)
}

/// 200 when the store answers and its schema is current, else 503 with the reason.
fn ready(inner: &Inner) -> Response {
    match inner.opened.readiness() {
        Ok(()) => axum::Json(json!({ "schema": 1, "status": "ready", "store": inner.opened.store.kind().as_str() }))
            .into_response(),
        Err(reason) => {
            let body = axum::Json(json!({ "schema": 1, "status": "not ready", "reason": reason }));
            (StatusCode::SERVICE_UNAVAILABLE, body).into_response()
        }
    }
}

fn asset(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

/// Nothing but our own style sheet and icon may be loaded, no page may frame ours, and what shows data
/// is not kept by the browser.
async fn with_headers(mut response: Response) -> Response {
    const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
