//! One attempt.

use super::dashboard::{ActiveCard, active_card};
use super::shown::{figure, instance, minute_of};
use crate::clock::Clock;
use crate::web::Answer;
use crate::web::frame::{Area, Frame, Visit, page};
use askama::Template;
use axum::extract::Path;
use landfast_domain::json::{Json, Object};
use landfast_domain::tasks::payload::payload_or_empty;
use landfast_domain::tasks::{Status, TaskInstance};

#[derive(Template)]
#[template(path = "tasks/detail.html")]
struct DetailPage {
    frame: Frame,
    card: ActiveCard,
    is_open: bool,
    is_started: bool,
    times: Vec<(&'static str, String)>,
    scores: Vec<(&'static str, String)>,
    predicted: Vec<(String, String)>,
    actual: Vec<(String, String)>,
}

/// `GET /tasks/instances/{key}`.
pub(super) async fn show(visit: Visit, Path(key): Path<String>) -> Answer {
    let instance = instance(&visit, &key).await?;
    let state = instance.state();
    page(&DetailPage {
        frame: visit.frame(instance.task_name.raw(), Area::Tasks),
        card: active_card(&instance, Clock::now()),
        is_open: !matches!(state, Status::Completed | Status::Cancelled),
        is_started: state == Status::Started,
        times: times(&instance),
        scores: scores(&instance),
        predicted: members(&payload_or_empty(&instance.predicted).unwrap_or_default()),
        actual: members(&payload_or_empty(&instance.actual).unwrap_or_default()),
    })
}

fn times(instance: &TaskInstance) -> Vec<(&'static str, String)> {
    [
        ("Created", &instance.created_at),
        ("Predicted", &instance.initialized_at),
        ("Started", &instance.started_at),
        ("Completed", &instance.completed_at),
        ("Cancelled", &instance.cancelled_at),
        ("Due", &instance.due_at),
    ]
    .into_iter()
    .filter(|(_, time)| !time.is_blank())
    .map(|(name, time)| (name, minute_of(time.legacy())))
    .collect()
}

fn scores(instance: &TaskInstance) -> Vec<(&'static str, String)> {
    [
        ("Minutes", &instance.duration_minutes),
        ("Delay in minutes", &instance.delay_minutes),
        ("Relief", &instance.relief_score),
        ("Net relief", &instance.net_relief),
        ("Procrastination", &instance.procrastination_score),
        ("Proactivity", &instance.proactive_score),
        ("Serendipity", &instance.serendipity_factor),
        ("Disappointment", &instance.disappointment_factor),
    ]
    .into_iter()
    .filter_map(|(name, score)| Some((name, figure(score.value()?))))
    .collect()
}

/// Members of a payload as text, in their order.
fn members(payload: &Object) -> Vec<(String, String)> {
    let shown = |value: &Json| match value {
        Json::Null => "–".to_owned(),
        Json::Object(_) | Json::Array(_) => value.dump(),
        other => other.python_text(),
    };
    payload.effective().into_iter().map(|(name, value)| (name.replace('_', " "), shown(value))).collect()
}
