//! Request ids, log lines and counters.

use crate::web::App;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use std::time::Instant;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Id of a request, in the log, in the answer's header and in the error envelope.
#[derive(Debug, Clone)]
pub(super) struct RequestId(pub(super) String);

/// Gives the request an id; one that a proxy gave is kept when it is harmless.
pub async fn fresh_request(mut request: Request, next: Next) -> Response {
    let given = request.headers().get(&HEADER).and_then(|value| value.to_str().ok());
    let harmless = |id: &&str| {
        (8..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    let id = given.filter(harmless).map_or_else(crate::clock::new_id, str::to_owned);
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

/// Logs and counts the request. Of the address only the path is logged: queries may hold what people search for.
pub async fn observe(State(app): State<App>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().to_string();
    let route = request.extensions().get::<MatchedPath>().map_or("(none)", MatchedPath::as_str).to_owned();
    let path = request.uri().path().to_owned();
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let response = next.run(request).await;
    let took = began.elapsed();
    let status = response.status().as_u16();
    let milliseconds = took.as_secs_f64() * 1000.0;
    if status >= 500 {
        tracing::error!(target: "landfast::request", %id, %method, %path, status, milliseconds, "request failed");
    } else {
        tracing::info!(target: "landfast::request", %id, %method, %path, status, milliseconds, "request");
    }
    app.inner.metrics.count(&method, &route, status, took);
    response
}
