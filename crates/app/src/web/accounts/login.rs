//! The page to log in, and logging out.

use super::service::{log_in, log_out, registration};
use crate::web::frame::{Area, Fields, Frame, Visitor, forget_session, page, page_with, remember_session, see_other};
use crate::web::{Answer, Error};
use askama::Template;
use axum::extract::RawQuery;
use axum::http::StatusCode;

#[derive(Template)]
#[template(path = "accounts/login.html")]
struct LoginPage {
    frame: Frame,
    name: String,
    next: String,
    mistake: Option<String>,
    can_register: bool,
}

async fn login_page(visitor: &Visitor, name: &str, next: &str, mistake: Option<String>) -> Result<LoginPage, Error> {
    let (can_register, _) = visitor.app.blocking(registration).await?;
    Ok(LoginPage {
        frame: visitor.frame("Log in", Area::Account),
        name: name.to_owned(),
        next: next.to_owned(),
        mistake,
        can_register,
    })
}

/// `GET /login`.
pub(super) async fn show(visitor: Visitor, RawQuery(query): RawQuery) -> Answer {
    let query = Fields::parse(query.unwrap_or_default().as_bytes())?;
    page(&login_page(&visitor, "", query.local_path("next"), None).await?)
}

/// `POST /login`.
pub(super) async fn submit(visitor: Visitor, fields: Fields) -> Answer {
    let (name, next) = (fields.text("name")?, fields.local_path("next"));
    match log_in(&visitor, name, fields.secret("password")?).await {
        Ok(logged_in) => {
            let mut answer = see_other(next)?;
            remember_session(answer.headers_mut(), &visitor.app.inner.settings, &logged_in.token);
            Ok(answer)
        }
        Err(error @ (Error::Invalid { .. } | Error::TooMany { .. })) => {
            let template = login_page(&visitor, name, next, Some(error.to_string())).await?;
            page_with(error.status(), &template)
        }
        Err(error) => Err(error),
    }
}

/// `POST /logout`.
pub(super) async fn leave(visitor: Visitor) -> Answer {
    log_out(&visitor).await?;
    let mut answer = see_other("/login?said=logged-out")?;
    forget_session(answer.headers_mut(), &visitor.app.inner.settings);
    // The pages of the session must not come back with the browser's "back".
    let value = axum::http::HeaderValue::from_static("\"cache\", \"storage\"");
    answer.headers_mut().insert("clear-site-data", value);
    debug_assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    Ok(answer)
}
