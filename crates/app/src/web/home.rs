//! The first page, and what an area holds.

use super::frame::{Area, Frame, Visit, page};
use super::report::{self, Fact, ImportView};
use super::{Answer, App};
use crate::areas::{self, Holding};
use crate::serve::Notice;
use askama::Template;
use axum::Router;
use axum::routing::get;
use landfast_domain::tasks::{TaskInstance, lists};

/// Rows shown of each list.
const ROWS: usize = 20;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    frame: Frame,
    store_kind: &'static str,
    place: String,
    notices: Vec<Notice>,
    owns_imports: bool,
    run: Option<ImportView>,
    areas: Vec<AreaView>,
    open: Vec<OpenRow>,
    open_total: usize,
    recent: Vec<RecentRow>,
}

/// What the store holds of an area.
struct AreaView {
    name: String,
    path: String,
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

/// Routes of this room.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(home))
        .route("/delivery", get(|visit| area(visit, Area::Delivery)))
        .route("/presentations", get(|visit| area(visit, Area::Presentations)))
        .route("/runs", get(|visit| area(visit, Area::Runs)))
        .route("/migration", get(|visit| area(visit, Area::Migration)))
        .route("/api/v1/report", get(report::last_report))
}

/// `GET /`.
async fn home(visit: Visit) -> Answer {
    let owns_imports = visit.owns_imports();
    let (active, recent, run, holdings) = visit
        .read(move |repositories, user| {
            let active = lists::active(repositories, user)?;
            let recent = lists::recent_completed(repositories, user, ROWS)?;
            let run = if owns_imports { report::last_run(repositories)? } else { None };
            Ok((active, recent, run, areas::holdings(repositories, user)?))
        })
        .await?;
    let inner = &visit.app.inner;
    page(&HomePage {
        frame: visit.frame("", Area::Home),
        store_kind: match inner.opened.store.kind().as_str() {
            "sqlite" => "SQLite",
            "postgres" => "PostgreSQL",
            _ => "legacy files",
        },
        place: if owns_imports { inner.opened.place.clone() } else { String::new() },
        notices: if owns_imports { inner.notices.clone() } else { Vec::new() },
        owns_imports,
        run: run.as_ref().map(ImportView::new),
        areas: holdings.iter().map(area_view).collect(),
        open: active.iter().rev().take(ROWS).map(open_row).collect(),
        open_total: active.len(),
        recent: recent.iter().map(recent_row).collect(),
    })
}

#[derive(Template)]
#[template(path = "area.html")]
struct AreaPage {
    frame: Frame,
    name: String,
    facts: Vec<Fact>,
    command: &'static str,
}

/// What an area holds, until it has pages of its own.
async fn area(visit: Visit, area: Area) -> Answer {
    let command = match area {
        Area::Delivery => "delivery",
        Area::Presentations => "presentations",
        Area::Runs => "runs",
        _ => "import",
    };
    let holdings = visit.read(areas::holdings).await?;
    let facts = holdings.iter().find(|holding| holding.area == command).map(area_view).map(|view| view.facts);
    let name = if command == "import" { "Migration".to_owned() } else { in_title(command) };
    let frame = visit.frame(&name, area);
    page(&AreaPage { frame, name, facts: facts.unwrap_or_default(), command })
}

fn area_view(holding: &Holding) -> AreaView {
    let fact = |(number, what): &(u64, String)| Fact { name: what.clone(), value: crate::output::count(*number) };
    AreaView {
        name: in_title(holding.area),
        path: format!("/{}", holding.area),
        facts: holding.facts.iter().map(fact).collect(),
    }
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
    fn figures_and_times_are_short() {
        assert_eq!([35.0, 7.26, -0.5].map(figure), ["35", "7.3", "-0.5"]);
        assert_eq!(to_the_minute("2025-12-21 20:31:05.25"), "2025-12-21 20:31");
        assert_eq!(to_the_minute("2025-13-45 99:99"), "2025-13-45 99:99");
    }
}
