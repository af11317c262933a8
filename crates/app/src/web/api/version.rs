//! Versions of records: an update says which one it changes.

use crate::web::Error;
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// The `ETag` of a body: a hash of it, in quotes.
#[must_use]
pub fn etag(body: &str) -> String {
    let mut tag = String::from("\"");
    for byte in Sha256::digest(body).iter().take(12) {
        // Writing into a String cannot fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    tag
}

/// The header `If-Match` of an update. Needed: an update without it could overwrite what somebody else just did.
#[derive(Debug, Clone)]
pub struct IfMatch(String);

impl IfMatch {
    /// Compares with the record as it is now; call it inside the transaction that changes it.
    ///
    /// # Errors
    /// [`Error::Changed`] when the record is another version.
    pub fn check(&self, now: &impl Serialize) -> Result<(), Error> {
        let body = serde_json::to_string(now).map_err(|_| Error::Broken)?;
        let tag = etag(&body);
        let fits = self.0.split(',').map(str::trim).any(|given| given == "*" || given == tag);
        if fits { Ok(()) } else { Err(Error::Changed) }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let value = parts.headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok());
        value.map(|value| Self(value.to_owned())).ok_or(Error::VersionNeeded)
    }
}
