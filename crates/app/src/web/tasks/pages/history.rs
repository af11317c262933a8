//! Attempts of the past, with a search.

use super::shown::{figure, level, minute_of, name, segment};
use crate::web::Answer;
use crate::web::frame::{Area, Fields, Frame, Visit, page};
use askama::Template;
use axum::extract::RawQuery;
use landfast_domain::tasks::{TaskInstance, lists};

/// Attempts on a page.
const ROWS: usize = 25;
/// Newest completions that are searched.
const SEARCHED: usize = 5000;

#[derive(Template)]
#[template(path = "tasks/history.html")]
struct HistoryPage {
    frame: Frame,
    query: String,
    list: &'static str,
    rows: Vec<Row>,
    total: usize,
    number: usize,
    pages: usize,
    searched: usize,
}

struct Row {
    path: String,
    name: String,
    state: &'static str,
    level: &'static str,
    at: String,
    minutes: String,
    relief: String,
}

/// `GET /tasks/history?q=TEXT&list=completed|cancelled|open&page=N`.
pub(super) async fn show(visit: Visit, RawQuery(query): RawQuery) -> Answer {
    let query = Fields::parse(query.unwrap_or_default().as_bytes())?;
    let list = match query.given("list") {
        Some("cancelled") => "cancelled",
        Some("open") => "open",
        _ => "completed",
    };
    let all = visit
        .read(move |r, user| match list {
            "cancelled" => lists::cancelled(r, user),
            "open" => lists::active(r, user),
            _ => lists::recent_completed(r, user, SEARCHED),
        })
        .await?;
    let words = query.given("q").unwrap_or_default().to_owned();
    let needle = words.to_lowercase();
    let fits = |instance: &&TaskInstance| {
        [instance.task_name.raw(), instance.predicted.raw(), instance.actual.raw()]
            .iter()
            .any(|text| text.to_lowercase().contains(&needle))
    };
    let found: Vec<&TaskInstance> = all.iter().filter(fits).collect();
    let pages = found.len().div_ceil(ROWS).max(1);
    let number = query.number::<usize>("page")?.unwrap_or(1).clamp(1, pages);
    page(&HistoryPage {
        frame: visit.frame("History", Area::Tasks),
        query: words,
        list,
        total: found.len(),
        rows: found.iter().skip((number - 1) * ROWS).take(ROWS).map(|instance| row(instance)).collect(),
        number,
        pages,
        searched: SEARCHED,
    })
}

fn row(instance: &TaskInstance) -> Row {
    let state = instance.state();
    let ended = [instance.completed_at.legacy(), instance.cancelled_at.legacy(), instance.created_at.legacy()];
    Row {
        path: format!("/tasks/instances/{}", segment(&instance.key)),
        name: name(instance.task_name.raw()),
        state: state.as_str(),
        level: level(state),
        at: ended.into_iter().find(|text| !text.is_empty()).map(minute_of).unwrap_or_default(),
        minutes: instance.duration_minutes.value().map(figure).unwrap_or_default(),
        relief: instance.relief_score.value().map(figure).unwrap_or_default(),
    }
}
