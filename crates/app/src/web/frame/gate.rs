//! The gate before every page and API route, and what becomes of errors behind it.

use super::cookies::remember_visit;
use super::fields::percent_encoded;
use super::guard;
use super::layout::{Area, Rendered, failed_page};
use super::observe::RequestId;
use super::problem::problem;
use super::visitor::Visitor;
use crate::web::app::security_event;
use crate::web::{App, Error};
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use landfast_domain::accounts::EventKind;

/// Lets a request pass that comes from whom it says, and makes pages or envelopes of errors.
pub async fn gate(State(app): State<App>, request: Request, next: Next) -> Response {
    let about = About::new(&request);
    let settings = &app.inner.settings;
    if !guard::host_is_ours(request.headers(), request.uri().host(), settings) {
        let error = Error::Forbidden(
            "this name is not known here; use the address, or set LANDFAST_PUBLIC_URL to the origin the pages are reached at",
        );
        return about.refusal(None, error).await;
    }
    let (parts, body) = request.into_parts();
    let visitor = match Visitor::identify(&app, &parts).await {
        Ok(visitor) => visitor,
        Err(error) => return about.refusal(None, error).await,
    };
    let mut response = match admit(&visitor, Request::from_parts(parts, body)).await {
        Ok(mut request) => {
            request.extensions_mut().insert(visitor.clone());
            let response = next.run(request).await;
            if is_failure(&response) { about.rendered(Some(&visitor), response).await } else { response }
        }
        Err(error) => {
            note_refusal(&visitor, &about).await;
            about.refusal(Some(&visitor), error).await
        }
    };
    if let Some(token) = &visitor.fresh
        && about.method == Method::GET
        && !response.headers().contains_key(header::SET_COOKIE)
    {
        remember_visit(response.headers_mut(), settings, token);
    }
    response
}

/// The gate before routes of existing clients: host and origin are checked, tokens are not.
#[expect(dead_code, reason = "for routes of existing clients, which come with their areas")]
pub async fn legacy_gate(State(app): State<App>, request: Request, next: Next) -> Response {
    let about = About::new(&request);
    let settings = &app.inner.settings;
    let ours = guard::host_is_ours(request.headers(), request.uri().host(), settings);
    let same_site = guard::is_safe(request.method()) || guard::check_origin(request.headers(), settings).is_ok();
    if !ours || !same_site {
        return about.refusal(None, Error::Forbidden("the request comes from another site; nothing was changed")).await;
    }
    let (mut parts, body) = request.into_parts();
    match Visitor::identify(&app, &parts).await {
        Ok(visitor) => {
            parts.extensions.insert(visitor);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(error) => about.refusal(None, error).await,
    }
}

/// For a state change: the page it comes from, and the token.
async fn admit(visitor: &Visitor, request: Request) -> Result<Request, Error> {
    if guard::is_safe(request.method()) {
        return Ok(request);
    }
    guard::check_origin(request.headers(), &visitor.app.inner.settings)?;
    if guard::needs_no_token(request.method(), request.uri().path()) {
        return Ok(request);
    }
    guard::check_token(visitor, request).await
}

/// Notes a refused state change of a known user.
async fn note_refusal(visitor: &Visitor, about: &About) {
    tracing::warn!(path = %about.path, address = %visitor.client.address, "a state change was refused");
    let Some(user) = visitor.who.user().cloned() else { return };
    if !visitor.app.has_accounts() || !visitor.app.inner.limiter.may_note() {
        return;
    }
    let client = &visitor.client;
    let event = security_event(EventKind::Refused, Some(&user), &client.address, &client.user_agent, &about.path);
    let noted = visitor.app.accounts_write(move |r| r.security()?.insert_event(&event)).await;
    if let Err(error) = noted {
        tracing::error!(%error, "a refusal could not be noted");
    }
}

fn is_failure(response: &Response) -> bool {
    let status = response.status();
    (status.is_client_error() || status.is_server_error()) && response.extensions().get::<Rendered>().is_none()
}

/// What answers need to know about a request that is gone.
struct About {
    method: Method,
    path: String,
    /// Path and query.
    target: String,
    id: String,
}

impl About {
    fn new(request: &Request) -> Self {
        let uri = request.uri();
        Self {
            method: request.method().clone(),
            path: uri.path().to_owned(),
            target: uri.path_and_query().map_or("/", |target| target.as_str()).to_owned(),
            id: request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default(),
        }
    }

    async fn refusal(&self, visitor: Option<&Visitor>, error: Error) -> Response {
        self.rendered(visitor, error.into_response()).await
    }

    /// Makes a page or an envelope of a failure; what the response says besides stays.
    async fn rendered(&self, visitor: Option<&Visitor>, response: Response) -> Response {
        let (mut parts, body) = response.into_parts();
        let error = match parts.extensions.remove::<Error>() {
            Some(error) => error,
            None => {
                let text = to_bytes(body, 10_000).await.unwrap_or_default();
                of_status(parts.status, &String::from_utf8_lossy(&text))
            }
        };
        let status = parts.status;
        let mut answer = if self.path.starts_with("/api/") {
            problem(status, &error, &self.id)
        } else if matches!(error, Error::Unauthenticated) && self.method == Method::GET {
            Redirect::to(&format!("/login?next={}", percent_encoded(&self.target))).into_response()
        } else {
            let frame = visitor.map(|visitor| visitor.frame("", Area::Home));
            failed_page(status, &error, frame, &self.id)
        };
        for name in [header::ALLOW, header::RETRY_AFTER] {
            if let Some(value) = parts.headers.remove(&name) {
                answer.headers_mut().insert(name, value);
            }
        }
        if status == StatusCode::UNAUTHORIZED && answer.status() == status {
            answer.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        answer
    }
}

/// Failures that the router or an extractor found.
fn of_status(status: StatusCode, text: &str) -> Error {
    match status {
        StatusCode::NOT_FOUND => Error::NotFound("there is no such address".to_owned()),
        StatusCode::METHOD_NOT_ALLOWED => Error::BadRequest("this address does not know the method".to_owned()),
        status if status.is_server_error() => Error::Broken,
        _ if text.is_empty() => Error::BadRequest("the request cannot be understood".to_owned()),
        _ => Error::BadRequest(text.to_owned()),
    }
}
