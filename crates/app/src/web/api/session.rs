//! Sessions for programs: a bearer token instead of a cookie.

use super::body::{Json, reply};
use crate::web::accounts::{LoggedIn, log_in, log_out};
use crate::web::frame::{Visitor, Who};
use crate::web::{Answer, Error};
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use serde::{Deserialize, Serialize};

/// Name and password.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub(super) struct Login {
    /// Name of the account.
    name: String,
    /// Its password.
    #[schema(format = "password")]
    password: String,
}

/// A session that began.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct NewSession {
    /// Send it as `Authorization: Bearer TOKEN`; it is shown this once.
    token: String,
    /// When the session ends however much it is used, UTC.
    expires_at: String,
}

/// Who is calling.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct SessionInfo {
    /// `user`, `guest` or `nobody`.
    kind: &'static str,
    /// Id whose data calls are about.
    user: Option<String>,
    /// Name of the account.
    name: Option<String>,
    /// Send it as `X-CSRF-Token` with changes when the cookie proves who you are.
    csrf: String,
}

/// Who is calling, and the token that changes need with a cookie.
#[utoipa::path(get, path = "/api/v1/session", tag = "session", operation_id = "getSession", responses((status = 200, body = SessionInfo)))]
pub(super) async fn show(visitor: Visitor) -> Answer {
    let (kind, name) = match &visitor.who {
        Who::Nobody => ("nobody", None),
        Who::Guest(_) => ("guest", None),
        Who::User { name, .. } => ("user", Some(name.clone())),
    };
    let user = visitor.who.user().map(ToString::to_string);
    reply(&SessionInfo { kind, user, name, csrf: visitor.csrf })
}

/// Log in and get a bearer token. Limited to a few wrong passwords.
#[utoipa::path(post, path = "/api/v1/session", tag = "session", operation_id = "logIn", request_body = Login,
    responses((status = 200, body = NewSession), (status = 422, body = crate::web::frame::Problem), (status = 429, body = crate::web::frame::Problem)))]
pub(super) async fn begin(visitor: Visitor, Json(login): Json<Login>) -> Answer {
    let LoggedIn { token, session } = log_in(&visitor, &login.name, &login.password).await?;
    reply(&NewSession { token, expires_at: format!("{}Z", session.expires_at.to_iso_text()) })
}

/// End the session of the token.
#[utoipa::path(delete, path = "/api/v1/session", tag = "session", operation_id = "logOut", responses((status = 204, description = "The session is over")))]
pub(super) async fn end(visitor: Visitor) -> Answer {
    if !matches!(visitor.who, Who::User { .. }) {
        return Err(Error::Unauthenticated);
    }
    log_out(&visitor).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
