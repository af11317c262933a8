//! Calls that make something and may be repeated when their answer was lost.

use super::version::etag;
use crate::clock::Clock;
use crate::web::{Answer, Error};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse as _;
use landfast_domain::accounts::{SavedAnswer, UserId};
use landfast_domain::{Repositories, Result as DomainResult};
use serde::Serialize;

/// The header `Idempotency-Key` of a creation, if there is one: any text of up to 200 characters the caller made
/// up. A repetition within a day gets the first answer again and makes nothing.
#[derive(Debug, Clone)]
pub struct Idempotency {
    key: Option<String>,
    route: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Idempotency {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let key = match parts.headers.get("idempotency-key") {
            None => None,
            Some(value) => {
                let text = value.to_str().ok().filter(|text| (1..=200).contains(&text.chars().count()));
                let refused = || Error::invalid("Idempotency-Key", "Idempotency-Key must have 1 to 200 characters");
                Some(text.ok_or_else(refused)?.to_owned())
            }
        };
        Ok(Self { key, route: format!("{} {}", parts.method, parts.uri.path()) })
    }
}

/// What a creation answered, now or before.
#[derive(Debug, Clone)]
pub struct Once {
    status: StatusCode,
    body: String,
    is_repeated: bool,
}

/// Makes something unless the key was used before, in one transaction with noting the answer.
///
/// `request` is the body of the call: the same key with another body is [`Error::Conflict`].
///
/// # Errors
/// What `make` answered.
pub fn once<T: Serialize>(
    idempotency: &Idempotency,
    request: &impl Serialize,
    repositories: &mut dyn Repositories,
    user: &UserId,
    make: impl FnOnce(&mut dyn Repositories) -> DomainResult<T>,
) -> DomainResult<Once> {
    let broken = |error: serde_json::Error| landfast_domain::Error::aborted(error);
    let asked = serde_json::to_string(request).map_err(broken)?;
    let request_hash = etag(&format!("{} {asked}", idempotency.route));
    if let Some(key) = &idempotency.key
        && let Some(saved) = repositories.security()?.saved_answer(user, key)?
    {
        if saved.request_hash != request_hash {
            return Err(Error::Conflict("this Idempotency-Key was used for another call".to_owned()).into());
        }
        let status = u16::try_from(saved.status).ok().and_then(|code| StatusCode::from_u16(code).ok());
        return Ok(Once { status: status.unwrap_or(StatusCode::OK), body: saved.body, is_repeated: true });
    }
    let made = make(repositories)?;
    let body = serde_json::to_string(&made).map_err(broken)?;
    if let Some(key) = &idempotency.key {
        repositories.security()?.save_answer(&SavedAnswer {
            user: user.clone(),
            key: key.clone(),
            request_hash,
            status: 201,
            body: body.clone(),
            created_at: Clock::now().utc,
        })?;
    }
    Ok(Once { status: StatusCode::CREATED, body, is_repeated: false })
}

impl Once {
    /// The answer, with `Idempotent-Replayed: true` when it is a repeated one.
    ///
    /// # Errors
    /// None so far.
    pub fn into_answer(self) -> Answer {
        let tag = etag(&self.body);
        let mut response = (self.status, [(header::CONTENT_TYPE, "application/json")], self.body).into_response();
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            response.headers_mut().insert(header::ETAG, tag);
        }
        if self.is_repeated {
            response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
        }
        Ok(response)
    }
}
