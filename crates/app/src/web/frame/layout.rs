//! What frames every page.

use super::assets::address;
use super::guard::FIELD;
use super::theme::Theme;
use super::visitor::{Visitor, Who};
use crate::web::{Answer, Error};
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};

/// A part of the program with pages of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// The first page.
    Home,
    /// Tasks.
    Tasks,
    /// Delivery.
    Delivery,
    /// Presentations.
    Presentations,
    /// Runs.
    Runs,
    /// The move from files to the database.
    Migration,
    /// The visitor's own account.
    Account,
}

/// Areas in the navigation.
const NAVIGATION: [(Area, &str, &str); 6] = [
    (Area::Home, "/", "Home"),
    (Area::Tasks, "/tasks", "Tasks"),
    (Area::Delivery, "/delivery", "Delivery"),
    (Area::Presentations, "/presentations", "Presentations"),
    (Area::Runs, "/runs", "Runs"),
    (Area::Migration, "/migration", "Migration"),
];

/// An entry of the navigation.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Address.
    pub path: &'static str,
    /// Text.
    pub name: &'static str,
    /// Whether the page belongs to it.
    pub current: bool,
}

/// What the layout shows around a page. A page's template has it in the field `frame`.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Title of the page.
    pub title: String,
    /// The navigation.
    pub entries: Vec<Entry>,
    /// Name of who is logged in; empty for the guest and for nobody.
    pub user: String,
    /// Whether the visitor works as the guest.
    pub is_guest: bool,
    /// Whether the store can keep accounts.
    pub has_accounts: bool,
    /// A hidden field with the token, for every form that posts: `{{ frame.csrf_field|safe }}`.
    pub csrf_field: String,
    /// The token, for the script.
    pub csrf: String,
    /// Colours.
    pub theme: Theme,
    /// This page's path, for buttons that lead back.
    pub path: String,
    /// Confirmation of what was just done.
    pub said: Option<&'static str>,
    /// Address of the style sheet.
    pub style: String,
    /// Address of the script.
    pub script: String,
    /// Address of the icon.
    pub icon: String,
    /// Version of the program.
    pub version: &'static str,
}

impl Frame {
    pub(super) fn new(visitor: &Visitor, title: &str, area: Area) -> Self {
        let entry = |(of, path, name): (Area, &'static str, &'static str)| Entry { path, name, current: of == area };
        Self {
            title: title.to_owned(),
            entries: NAVIGATION.map(entry).to_vec(),
            user: match &visitor.who {
                Who::User { name, .. } => name.clone(),
                Who::Guest(_) | Who::Nobody => String::new(),
            },
            is_guest: matches!(visitor.who, Who::Guest(_)),
            has_accounts: visitor.app.has_accounts(),
            csrf_field: format!("<input type=\"hidden\" name=\"{FIELD}\" value=\"{}\">", visitor.csrf),
            csrf: visitor.csrf.clone(),
            theme: visitor.theme(),
            path: visitor.path().to_owned(),
            said: visitor.said(),
            style: address("style.css"),
            script: address("app.js"),
            icon: address("icon.svg"),
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

/// Marks an answer with an error status that is a page already.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rendered;

/// A page.
///
/// # Errors
/// [`Error::Broken`] when the template cannot be rendered.
pub fn page(template: &impl Template) -> Answer {
    page_with(StatusCode::OK, template)
}

/// A page with another status, for instance 422 for a form with mistakes.
///
/// # Errors
/// As [`page`].
pub fn page_with(status: StatusCode, template: &impl Template) -> Answer {
    let html = template.render().map_err(|error| {
        tracing::error!(%error, "a page cannot be rendered");
        Error::Broken
    })?;
    let mut response = (status, Html(html)).into_response();
    response.extensions_mut().insert(Rendered);
    Ok(response)
}

/// Leads to another page after a change.
///
/// # Errors
/// [`Error::Broken`] when the address cannot be a header.
pub fn see_other(path: &str) -> Answer {
    let location = HeaderValue::from_str(path).map_err(|error| {
        tracing::error!(%error, path, "no address to lead to");
        Error::Broken
    })?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response())
}

/// The answer for an address that does not exist.
pub async fn nowhere() -> Error {
    Error::NotFound("there is no such address".to_owned())
}

#[derive(Template)]
#[template(path = "failed.html")]
struct FailedPage {
    title: &'static str,
    text: String,
    theme: &'static str,
    request_id: String,
    style: String,
    icon: String,
    user: String,
}

/// A page about a failure.
pub(super) fn failed_page(status: StatusCode, error: &Error, frame: Option<Frame>, request_id: &str) -> Response {
    let title = match error {
        Error::NotFound(_) => "There is no such page",
        Error::Forbidden(_) => "Refused",
        Error::Unauthenticated => "Log in first",
        Error::TooMany { .. } => "Too many tries",
        Error::Unavailable => "The store does not answer",
        Error::Broken => "Something broke",
        Error::Conflict(_) | Error::Changed => "This is not possible now",
        _ => "The request cannot be done",
    };
    let page = FailedPage {
        title,
        text: sentence(&error.to_string()),
        theme: frame.as_ref().map_or(Theme::System, |frame| frame.theme).as_str(),
        request_id: request_id.to_owned(),
        style: address("style.css"),
        icon: address("icon.svg"),
        user: frame.map(|frame| frame.user).unwrap_or_default(),
    };
    page_with(status, &page).unwrap_or_else(|error| error.status().into_response())
}

/// With an upper-case letter and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let text: String = letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect());
    if text.ends_with('.') { text } else { text + "." }
}
