//! The two cookies: who is it, and light or dark.

use crate::web::Settings;
use axum::http::{HeaderMap, HeaderValue, header};

/// The token of a session begins with this.
const SESSION: &str = "s.";
/// The token of a visitor who is not logged in begins with this; it is known to nobody but the browser and only
/// ties forms to it.
const VISIT: &str = "v.";

/// What the cookie says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ticket {
    /// A session's token.
    Session(String),
    /// A visitor's token.
    Visit(String),
}

/// `__Host-` promises that the cookie came over HTTPS from this host and no other; browsers refuse it on plain
/// HTTP but for `localhost`, and some there too.
pub(super) fn name(settings: &Settings) -> &'static str {
    if settings.secure_cookies { "__Host-landfast" } else { "landfast" }
}

/// Reads the ticket. Something that is no token is none.
pub(super) fn ticket(headers: &HeaderMap, settings: &Settings) -> Option<Ticket> {
    let value = cookie(headers, name(settings))?;
    let token = |rest: &str| (rest.len() == 64 && rest.bytes().all(|b| b.is_ascii_hexdigit())).then(|| rest.to_owned());
    match (value.strip_prefix(SESSION), value.strip_prefix(VISIT)) {
        (Some(rest), _) => token(rest).map(Ticket::Session),
        (_, Some(rest)) => token(rest).map(Ticket::Visit),
        _ => None,
    }
}

/// The value of the first cookie with this name.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).find_map(|line| {
        line.split(';').find_map(|pair| pair.trim().split_once('=').filter(|(key, _)| *key == name).map(|(_, v)| v))
    })
}

/// Gives a session's token to the browser, until the session ends.
pub fn remember_session(headers: &mut HeaderMap, settings: &Settings, token: &str) {
    let seconds = settings.lifetime.absolute.num_seconds();
    set(headers, settings, &format!("{SESSION}{token}"), Some(seconds));
}

/// Gives a visitor's token to the browser, until it is closed.
pub(super) fn remember_visit(headers: &mut HeaderMap, settings: &Settings, token: &str) {
    set(headers, settings, &format!("{VISIT}{token}"), None);
}

/// Takes the cookie away.
pub fn forget_session(headers: &mut HeaderMap, settings: &Settings) {
    set(headers, settings, "", Some(0));
}

fn set(headers: &mut HeaderMap, settings: &Settings, value: &str, seconds: Option<i64>) {
    let mut line = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax", name(settings));
    if settings.secure_cookies {
        line.push_str("; Secure");
    }
    if let Some(seconds) = seconds {
        line.push_str(&format!("; Max-Age={seconds}"));
    }
    if let Ok(mut value) = HeaderValue::from_str(&line) {
        value.set_sensitive(true);
        headers.append(header::SET_COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; landfast-theme=dark"));
        headers.append(header::COOKIE, HeaderValue::from_static("landfast=s.x;b=2"));
        assert_eq!(cookie(&headers, "landfast-theme"), Some("dark"));
        assert_eq!(cookie(&headers, "landfast"), Some("s.x"));
        assert_eq!(cookie(&headers, "c"), None);
    }
}
