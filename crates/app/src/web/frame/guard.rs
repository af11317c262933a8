//! Whether a state change was meant by the visitor: the page it comes from, and its token.

use super::fields::Fields;
use super::token::equal;
use super::visitor::Visitor;
use crate::web::{Error, Settings};
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, header};

/// Name of the field and, in lower case, of the header that carry the token.
pub(super) const FIELD: &str = "csrf";
const HEADER: &str = "x-csrf-token";

/// Most bytes of a form.
const FORM_LIMIT: usize = 2 << 20;
/// Most bytes of an upload.
const UPLOAD_LIMIT: usize = 64 << 20;

const FOREIGN: Error = Error::Forbidden("the request comes from another site; nothing was changed");
const NO_TOKEN: Error = Error::Forbidden(
    "the form's token is missing or old; load the page again and repeat it. Cookies must be allowed. Nothing was changed",
);

/// Whether a method changes nothing.
pub(super) fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Whether a change needs no token: programs log in where no cookie is given or taken.
pub(super) fn needs_no_token(method: &Method, path: &str) -> bool {
    method == Method::POST && path == "/api/v1/session"
}

/// Whether the host is one of ours: the configured origin's, an address, or `localhost`. A name of somebody else's
/// that points to this machine would otherwise make its pages "the same site" as ours.
pub(super) fn host_is_ours(headers: &HeaderMap, uri_host: Option<&str>, settings: &Settings) -> bool {
    let Some(host) = headers.get(header::HOST).and_then(|value| value.to_str().ok()).or(uri_host) else {
        return false;
    };
    let host = host.to_ascii_lowercase();
    if settings.origin.as_deref().and_then(host_of).is_some_and(|ours| ours == host) {
        return true;
    }
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name == "localhost" || name.ends_with(".localhost") || name.parse::<std::net::IpAddr>().is_ok()
}

fn host_of(origin: &str) -> Option<&str> {
    origin.split_once("://").map(|(_, host)| host)
}

/// Refuses a request that a page of another site sends. Programs, which send no origin, pass.
pub(super) fn check_origin(headers: &HeaderMap, settings: &Settings) -> Result<(), Error> {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("(unreadable)"));
    if let Some(site) = text("sec-fetch-site")
        && !matches!(site, "same-origin" | "none")
    {
        return Err(FOREIGN);
    }
    if let Some(origin) = text("origin") {
        let origin = origin.to_ascii_lowercase();
        let host = text("host").map(str::to_ascii_lowercase);
        let ours = settings.origin.as_deref() == Some(origin.as_str())
            || (host.is_some() && host_of(&origin) == host.as_deref());
        if !ours {
            return Err(FOREIGN);
        }
    }
    Ok(())
}

/// Refuses a request without the visitor's token, and gives it back for the handler.
pub(super) async fn check_token(visitor: &Visitor, request: Request) -> Result<Request, Error> {
    if visitor.bearer {
        return Ok(request);
    }
    if let Some(given) = request.headers().get(HEADER) {
        let matches = given.to_str().is_ok_and(|given| equal(given, &visitor.csrf));
        return if matches { Ok(request) } else { Err(NO_TOKEN) };
    }
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_form = kind.starts_with("application/x-www-form-urlencoded");
    let boundary = kind.strip_prefix("multipart/form-data").and_then(boundary);
    let limit = match (is_form, &boundary) {
        (true, _) => FORM_LIMIT,
        (false, Some(_)) => UPLOAD_LIMIT,
        (false, None) => return Err(NO_TOKEN),
    };
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, limit)
        .await
        .map_err(|_| Error::BadRequest(format!("the form has more than {limit} bytes, or broke off")))?;
    let given = match &boundary {
        None => Fields::parse(&body)?.given(FIELD).map(str::to_owned),
        Some(boundary) => first_part(&body, boundary),
    };
    if given.is_some_and(|given| equal(&given, &visitor.csrf)) {
        Ok(Request::from_parts(parts, Body::from(body)))
    } else {
        Err(NO_TOKEN)
    }
}

fn boundary(rest: &str) -> Option<String> {
    let value = rest.split(';').find_map(|part| part.trim().strip_prefix("boundary="))?;
    Some(value.trim_matches('"').to_owned())
}

/// The text of the first part of an upload, if it is the token.
fn first_part(body: &[u8], boundary: &str) -> Option<String> {
    let rest = body.strip_prefix(format!("--{boundary}\r\n").as_bytes())?;
    let rest = rest.strip_prefix(format!("Content-Disposition: form-data; name=\"{FIELD}\"\r\n\r\n").as_bytes())?;
    let end = rest.iter().position(|byte| *byte == b'\r')?;
    String::from_utf8(rest.get(..end)?.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_of_an_upload_is_its_first_part() {
        let body = "--xyz\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nabc\r\n--xyz\r\n…";
        assert_eq!(first_part(body.as_bytes(), "xyz").as_deref(), Some("abc"));
        assert_eq!(first_part(body.as_bytes(), "other"), None);
        assert_eq!(first_part(body.replace("csrf", "file").as_bytes(), "xyz"), None);
        assert_eq!(boundary("; boundary=\"xyz\"").as_deref(), Some("xyz"));
    }
}
