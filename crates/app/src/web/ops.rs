//! Health, readiness, counters and assets: for programs, without a visitor.

use super::App;
use super::frame::assets;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

/// Routes of this room.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/healthz", get(|| async { Json(json!({ "schema": 1, "status": "ok" })) }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .route("/assets/{hash}/{name}", get(assets::serve))
}

/// 200 when the store answers and its schema is current, else 503 with the reason.
async fn ready(State(app): State<App>) -> Response {
    let store = app.inner.opened.store.kind().as_str();
    match readiness(&app).await {
        Ok(()) => Json(json!({ "schema": 1, "status": "ready", "store": store })).into_response(),
        Err(reason) => {
            let body = Json(json!({ "schema": 1, "status": "not ready", "reason": reason }));
            (StatusCode::SERVICE_UNAVAILABLE, body).into_response()
        }
    }
}

async fn readiness(app: &App) -> Result<(), String> {
    match app.blocking(|inner| Ok(inner.opened.readiness())).await {
        Ok(readiness) => readiness,
        Err(error) => Err(error.to_string()),
    }
}

/// `GET /metrics`, in the text format of Prometheus.
async fn metrics(State(app): State<App>) -> Response {
    let is_ready = readiness(&app).await.is_ok();
    let text = app.inner.metrics.render(is_ready);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}
