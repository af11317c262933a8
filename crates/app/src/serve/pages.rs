//! The page.

use super::Notice;
use super::report::{self, Fact, ImportView};
use super::router::Inner;
use crate::areas::{self, Holding};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use landfast_domain::tasks::{TaskInstance, lists};

/// Rows shown of each list.
const ROWS: usize = 20;

#[derive(Template)]
#[template(path = "page.html")]
struct HomePage<'a> {
    store_kind: &'static str,
    place: &'a str,
    notices: &'a [Notice],
    run: Option<ImportView>,
    areas: Vec<AreaView>,
    open: Vec<OpenRow>,
    open_total: usize,
    recent: Vec<RecentRow>,
    version: &'static str,
}

/// What the store holds of an area.
struct AreaView {
    name: String,
    facts: Vec<Fact>,
}

struct OpenRow {
    name: String,
    state: &'static str,
    since: String,
    due: String,
    key: String,
}

struct RecentRow {
    name: String,
    completed: String,
    minutes: String,
    relief: String,
    key: String,
}

#[derive(Template)]
#[template(path = "failed.html")]
struct FailedPage<'a> {
    title: &'a str,
    text: &'a str,
}

/// The page at `/`, or a page that says why there is none.
pub(super) fn home(inner: &Inner) -> Response {
    let data = inner.opened.store.read(|repositories| {
        let active = lists::active(repositories, &inner.user)?;
        let recent = lists::recent_completed(repositories, &inner.user, ROWS)?;
        Ok((active, recent, report::last_run(repositories)?, areas::holdings(repositories, &inner.user)?))
    });
    let (active, recent, run, holdings) = match data {
        Ok(data) => data,
        Err(error) => {
            let text = crate::failure::with_causes(&error);
            tracing::error!(%text, "the page could not be made");
            return failed(StatusCode::SERVICE_UNAVAILABLE, "The store does not answer", &text);
        }
    };
    let page = HomePage {
        store_kind: match inner.opened.store.kind().as_str() {
            "sqlite" => "SQLite",
            "postgres" => "PostgreSQL",
            _ => "legacy files",
        },
        place: &inner.opened.place,
        notices: &inner.notices,
        run: run.as_ref().map(ImportView::new),
        areas: holdings.iter().map(area_view).collect(),
        open: active.iter().rev().take(ROWS).map(open_row).collect(),
        open_total: active.len(),
        recent: recent.iter().map(recent_row).collect(),
        version: env!("CARGO_PKG_VERSION"),
    };
    respond(StatusCode::OK, &page)
}

/// A page with a message.
pub(super) fn failed(status: StatusCode, title: &str, text: &str) -> Response {
    respond(status, &FailedPage { title, text })
}

fn respond(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            (StatusCode::INTERNAL_SERVER_ERROR, format!("the page cannot be rendered: {error}")).into_response()
        }
    }
}

fn area_view(holding: &Holding) -> AreaView {
    let fact = |(number, what): &(u64, String)| Fact { name: what.clone(), value: crate::output::count(*number) };
    AreaView { name: in_title(holding.area), facts: holding.facts.iter().map(fact).collect() }
}

/// The first letter in upper case.
fn in_title(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn open_row(instance: &TaskInstance) -> OpenRow {
    let since = [instance.started_at.legacy(), instance.initialized_at.legacy(), instance.created_at.legacy()];
    OpenRow {
        name: name(instance),
        state: instance.state().as_str(),
        since: since.into_iter().find(|text| !text.is_empty()).map(to_the_minute).unwrap_or_default(),
        due: to_the_minute(instance.due_at.legacy()),
        key: instance.key.to_string(),
    }
}

fn recent_row(instance: &TaskInstance) -> RecentRow {
    RecentRow {
        name: name(instance),
        completed: to_the_minute(instance.completed_at.legacy()),
        minutes: instance.duration_minutes.value().map_or_else(String::new, figure),
        relief: instance.relief_score.value().map_or_else(String::new, figure),
        key: instance.key.to_string(),
    }
}

fn name(instance: &TaskInstance) -> String {
    match instance.task_name.raw() {
        "" => "(no name)".to_owned(),
        name => name.to_owned(),
    }
}

/// Seconds are noise on a page; what is no time is shown as it stands.
fn to_the_minute(text: &str) -> String {
    match landfast_domain::time::Timestamp::parse(text) {
        Some(time) => time.naive().format("%Y-%m-%d %H:%M").to_string(),
        None => text.to_owned(),
    }
}

/// At most one decimal, none when it is zero.
fn figure(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_is_escaped() {
        let html = FailedPage { title: "a<b", text: "<script>alert(1)</script>" }.render().unwrap();
        assert!(!html.contains("<script>") && html.contains("a&#60;b"), "{html}");
    }

    #[test]
    fn figures_and_times_are_short() {
        assert_eq!([35.0, 7.26, -0.5].map(figure), ["35", "7.3", "-0.5"]);
        assert_eq!(to_the_minute("2025-12-21 20:31:05.25"), "2025-12-21 20:31");
        assert_eq!(to_the_minute("2025-13-45 99:99"), "2025-13-45 99:99");
    }
}
