//! The error envelope of the API.

use crate::web::Error;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;

/// The one envelope of every failed call: `application/problem+json` (RFC 9457) with a stable code.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// Stable name of the failure, for instance `not_found`; programs compare this one.
    pub code: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What went wrong, for people.
    pub detail: String,
    /// The field whose value is not allowed, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Id of the request, as in the log of the server.
    pub request_id: String,
}

impl Problem {
    /// The envelope of an error.
    #[must_use]
    pub fn new(status: StatusCode, error: &Error, request_id: &str) -> Self {
        Self {
            code: error.code().to_owned(),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            detail: error.to_string(),
            field: error.field().map(str::to_owned),
            request_id: request_id.to_owned(),
        }
    }
}

/// The answer with the envelope.
#[must_use]
pub fn problem(status: StatusCode, error: &Error, request_id: &str) -> Response {
    let mut response = (status, axum::Json(Problem::new(status, error, request_id))).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}
