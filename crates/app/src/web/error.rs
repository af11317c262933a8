//! Why a request failed, and the status that says so.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use landfast_domain::Error as DomainError;

/// What a handler gives back.
pub type Answer = Result<Response, Error>;

/// Why a request failed.
///
/// As a response it has a status and no body; the gate makes a page of it or, below `/api/`, the error envelope.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The request cannot be understood.
    #[error("{0}")]
    BadRequest(String),
    /// A value is not allowed.
    #[error("{message}")]
    Invalid {
        /// Name of the field.
        field: String,
        /// What is wrong with it.
        message: String,
    },
    /// Nobody is logged in, and that is needed.
    #[error("log in first")]
    Unauthenticated,
    /// The request comes from a foreign page or lacks its token.
    #[error("{0}")]
    Forbidden(&'static str),
    /// There is no such thing, or it is somebody else's.
    #[error("{0}")]
    NotFound(String),
    /// The state of things does not allow it.
    #[error("{0}")]
    Conflict(String),
    /// The record changed since it was read.
    #[error("the record has changed since you read it; read it again and repeat your change")]
    Changed,
    /// An update without `If-Match`.
    #[error("send the header If-Match with the ETag of the version you read")]
    VersionNeeded,
    /// Too many tries.
    #[error("too many tries; try again in {seconds} seconds")]
    TooMany {
        /// When the next try is looked at.
        seconds: u64,
    },
    /// The store does not answer.
    #[error("the store does not answer; try again in a moment")]
    Unavailable,
    /// A fault of the program.
    #[error("something broke; the log of the server says what")]
    Broken,
}

impl Error {
    /// A field with a value that is not allowed.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid { field: field.into(), message: message.into() }
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Invalid { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Changed => StatusCode::PRECONDITION_FAILED,
            Self::VersionNeeded => StatusCode::PRECONDITION_REQUIRED,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// A stable name for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadRequest(_) => "bad_request",
            Self::Invalid { .. } => "invalid",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden(_) => "forbidden",
            Self::NotFound(_) => "not_found",
            Self::Conflict(_) => "conflict",
            Self::Changed => "changed",
            Self::VersionNeeded => "version_needed",
            Self::TooMany { .. } => "too_many",
            Self::Unavailable => "unavailable",
            Self::Broken => "broken",
        }
    }

    /// The field a value of which is not allowed.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Invalid { field, .. } => Some(field),
            _ => None,
        }
    }
}

impl From<DomainError> for Error {
    /// Faults of the store are logged here and not shown: their texts name servers and files.
    fn from(error: DomainError) -> Self {
        match error {
            DomainError::NotFound { .. } => Self::NotFound(error.to_string()),
            DomainError::Invalid { field, reason, .. } => Self::invalid(field, format!("{field} {reason}")),
            DomainError::Conflict { .. } | DomainError::Transition { .. } | DomainError::Busy { .. } => {
                Self::Conflict(error.to_string())
            }
            DomainError::Unsupported { .. } => Self::Conflict(error.to_string()),
            DomainError::Aborted(source) => match source.downcast::<Self>() {
                Ok(own) => *own,
                Err(source) => {
                    tracing::error!(error = %source, "a transaction was given up");
                    Self::Broken
                }
            },
            DomainError::Backend(_) | DomainError::SerializationFailure(_) => {
                tracing::error!(error = %crate::failure::with_causes(&error), "the store failed");
                Self::Unavailable
            }
            error => {
                tracing::error!(error = %crate::failure::with_causes(&error), "a request failed");
                Self::Broken
            }
        }
    }
}

impl From<Error> for DomainError {
    /// So that it can leave a transaction; [`Error::from`] finds it again.
    fn from(error: Error) -> Self {
        Self::aborted(error)
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if let Self::TooMany { seconds } = &self {
            response.headers_mut().insert(axum::http::header::RETRY_AFTER, (*seconds).into());
        }
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_a_handler_survives_its_transaction() {
        let error = Error::from(DomainError::from(Error::Changed));
        assert!(matches!(error, Error::Changed), "{error:?}");
    }

    #[test]
    fn faults_of_the_store_are_not_shown() {
        let error = Error::from(DomainError::backend("host db.internal does not answer"));
        assert!(!error.to_string().contains("db.internal"));
        assert_eq!(error.status(), StatusCode::SERVICE_UNAVAILABLE);
    }
}
