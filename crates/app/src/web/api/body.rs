//! Bodies of calls and answers.

use super::version::etag;
use crate::web::{Answer, Error};
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse as _;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The body of a call, as JSON. Its mistakes are answered with the envelope.
#[derive(Debug, Clone)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if !kind.is_some_and(|kind| kind.starts_with("application/json")) {
            return Err(Error::BadRequest("send JSON with Content-Type: application/json".to_owned()));
        }
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|error| Error::BadRequest(format!("the body cannot be read: {error}")))?;
        serde_json::from_slice(&body).map(Self).map_err(|error| match error.classify() {
            serde_json::error::Category::Data => Error::invalid("body", error.to_string()),
            _ => Error::BadRequest(format!("the body is no JSON: {error}")),
        })
    }
}

/// 200 with a value and its `ETag`.
///
/// # Errors
/// [`Error::Broken`] when the value cannot be written as JSON.
pub fn reply(value: &impl Serialize) -> Answer {
    answer(StatusCode::OK, value)
}

fn answer(status: StatusCode, value: &impl Serialize) -> Answer {
    let text = serde_json::to_string(value).map_err(|error| {
        tracing::error!(%error, "an answer cannot be written");
        Error::Broken
    })?;
    let mut response = (status, [(header::CONTENT_TYPE, "application/json")], text.clone()).into_response();
    if let Ok(tag) = HeaderValue::from_str(&etag(&text)) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}
