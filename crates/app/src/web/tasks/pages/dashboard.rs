//! The first page about tasks.

use super::shown::{figure, level, minute_of, minutes, name, segment};
use crate::clock::Clock;
use crate::web::Answer;
use crate::web::frame::{Area, Fields, Frame, Visit, page};
use crate::web::tasks::numbers::Prepared;
use askama::Template;
use axum::extract::RawQuery;
use landfast_analytics::recommend::{Filters, Metric, Reason, Recommendation, recommendations_by_category};
use landfast_analytics::tasks::summary::{dashboard, relief_summary};
use landfast_domain::tasks::payload::payload_or_empty;
use landfast_domain::tasks::{Status, Task, TaskInstance, completion, lists, templates};

/// Templates shown without a search.
const TEMPLATES: usize = 60;
/// Recommendations shown.
const RECOMMENDED: usize = 3;

#[derive(Template)]
#[template(path = "tasks/dashboard.html")]
struct DashboardPage {
    frame: Frame,
    query: String,
    templates: Vec<TemplateCard>,
    templates_total: usize,
    active: Vec<ActiveCard>,
    numbers: Vec<Number>,
    recommended: Vec<RecommendedCard>,
    metric: String,
    max_minutes: String,
    metrics: Vec<(&'static str, &'static str)>,
    recent: Vec<RecentRow>,
}

struct TemplateCard {
    path: String,
    name: String,
    description: String,
    task_type: String,
    estimate: String,
}

/// An open instance.
pub(super) struct ActiveCard {
    pub(super) path: String,
    pub(super) name: String,
    pub(super) state: &'static str,
    pub(super) level: &'static str,
    pub(super) estimate: String,
    /// Time worked so far, as text.
    pub(super) worked: String,
    /// Unix seconds at which the worked time began to run, for the script; empty when it stands still.
    pub(super) running: String,
    pub(super) due: String,
    pub(super) can_start: bool,
    pub(super) can_resume: bool,
}

struct Number {
    name: &'static str,
    value: String,
    anchor: &'static str,
}

struct RecommendedCard {
    name: String,
    path: String,
    score: String,
    reasons: Vec<String>,
}

struct RecentRow {
    path: String,
    name: String,
    completed: String,
    minutes: String,
    relief: String,
}

/// `GET /tasks`.
pub(super) async fn show(visit: Visit, RawQuery(query): RawQuery) -> Answer {
    let query = Fields::parse(query.unwrap_or_default().as_bytes())?;
    let (all, active, recent) = visit
        .read(|r, user| Ok((templates::list(r, user)?, lists::active(r, user)?, lists::recent_completed(r, user, 10)?)))
        .await?;
    let user = visit.user().clone();
    let prepared = visit.app.blocking(move |inner| Ok(inner.numbers.of(&*inner.opened.store, &user)?)).await?;
    let metric = query.given("metric").and_then(Metric::parse);
    let max_minutes = query.number::<f64>("max_minutes")?.filter(|minutes| *minutes > 0.0);
    let words = query.given("q").unwrap_or_default().to_lowercase();
    let fits = |task: &&Task| {
        [task.name.raw(), task.description.raw(), task.task_type.raw(), task.type_.raw()]
            .iter()
            .any(|text| text.to_lowercase().contains(&words))
    };
    let found: Vec<&Task> = all.iter().rev().filter(fits).collect();
    let now = Clock::now();
    page(&DashboardPage {
        frame: visit.frame("Tasks", Area::Tasks),
        query: query.given("q").unwrap_or_default().to_owned(),
        templates_total: found.len(),
        templates: found.into_iter().take(TEMPLATES).map(template_card).collect(),
        active: active.iter().map(|instance| active_card(instance, now)).collect(),
        numbers: numbers(&prepared),
        recommended: recommended(&prepared, metric, max_minutes, &all),
        metric: metric.map_or("", Metric::as_str).to_owned(),
        max_minutes: max_minutes.map(figure).unwrap_or_default(),
        metrics: Metric::LABELS.iter().map(|(metric, label)| (metric.as_str(), *label)).collect(),
        recent: recent.iter().map(recent_row).collect(),
    })
}

fn template_card(task: &Task) -> TemplateCard {
    let estimate = task.default_estimate_minutes.value().filter(|minutes| *minutes > 0);
    TemplateCard {
        path: format!("/tasks/templates/{}", segment(&task.key)),
        name: name(task.name.raw()),
        description: task.description.legacy().chars().take(160).collect(),
        task_type: task.task_type.legacy().to_owned(),
        estimate: estimate.map(|minutes| format!("{minutes} min")).unwrap_or_default(),
    }
}

/// An open instance at a time, with the time worked before a pause counted in.
pub(super) fn active_card(instance: &TaskInstance, now: Clock) -> ActiveCard {
    let state = instance.state();
    let actual = payload_or_empty(&instance.actual).unwrap_or_default();
    let before = actual.get("time_spent_before_pause").and_then(landfast_domain::json::Json::python_number);
    let before = before.filter(|minutes| minutes.is_finite()).unwrap_or(0.0).max(0.0);
    let since = instance.started_at.value().map_or(0.0, |started| now.local.minutes_since(started).max(0.0));
    let worked = before + since;
    let began = now.utc.naive().and_utc().timestamp().saturating_sub(whole(worked * 60.0));
    let estimate = payload_or_empty(&instance.predicted).ok().and_then(|p| completion::estimate_minutes(&p).ok());
    ActiveCard {
        path: format!("/tasks/instances/{}", segment(&instance.key)),
        name: name(instance.task_name.raw()),
        state: state.as_str(),
        level: level(state),
        estimate: estimate.filter(|minutes| *minutes > 0.0).map(minutes).unwrap_or_default(),
        worked: if worked > 0.0 || state == Status::Started { minutes(worked) } else { String::new() },
        running: if state == Status::Started { began.to_string() } else { String::new() },
        due: minute_of(instance.due_at.legacy()),
        can_start: matches!(state, Status::Created | Status::Initialized),
        can_resume: state == Status::Paused,
    }
}

fn whole(seconds: f64) -> i64 {
    format!("{seconds:.0}").parse().unwrap_or(0)
}

fn numbers(prepared: &Prepared) -> Vec<Number> {
    let (data, scores) = (&prepared.data, &prepared.scores);
    let board = dashboard(data, scores, prepared.clock);
    let relief = relief_summary(data, scores, prepared.clock.local);
    let number = |name, value: String, anchor| Number { name, value, anchor };
    vec![
        number("Completed in 7 days", board.counts.completed_7d.to_string(), "completion_rate"),
        number("Completion rate", format!("{} %", figure(board.counts.completion_rate)), "completion_rate"),
        number("Relief", figure(board.quality.avg_relief), "avg_relief"),
        number("Stress", figure(board.quality.avg_stress_level), "avg_stress_level"),
        number("Net wellbeing", figure(board.quality.avg_net_wellbeing), "avg_net_wellbeing"),
        number("Productivity of the week", figure(relief.weekly_productivity_score), "weekly_productivity_score"),
        number("Grit of the week", figure(relief.weekly_grit_score), "weekly_grit_score"),
    ]
}

fn recommended(
    prepared: &Prepared,
    metric: Option<Metric>,
    max_duration: Option<f64>,
    templates: &[Task],
) -> Vec<RecommendedCard> {
    let metrics = match metric {
        Some(metric) => vec![metric.as_str()],
        None => vec![Metric::ReliefScore.as_str(), Metric::NetReliefProxy.as_str()],
    };
    let filters = Filters { max_duration, ..Filters::default() };
    let found = recommendations_by_category(&prepared.data, &metrics, &filters, RECOMMENDED);
    found.iter().map(|recommendation| recommended_card(recommendation, templates)).collect()
}

fn recommended_card(recommendation: &Recommendation, templates: &[Task]) -> RecommendedCard {
    let candidate = &recommendation.candidate;
    let template = templates.iter().find(|task| task.task_id.legacy() == candidate.task_id);
    RecommendedCard {
        name: name(&candidate.task_name),
        path: template.map(|task| format!("/tasks/templates/{}", segment(&task.key))).unwrap_or_default(),
        score: figure(recommendation.score),
        reasons: recommendation.reasons.iter().map(reason).collect(),
    }
}

/// A reason as a sentence.
fn reason(reason: &Reason) -> String {
    let label = Metric::parse(&reason.metric)
        .and_then(|metric| Metric::LABELS.iter().find(|(known, _)| *known == metric))
        .map_or(reason.metric.as_str(), |(_, label)| *label);
    let mut text = format!("{label}: {}", reason.value.map_or_else(|| "unknown".to_owned(), figure));
    if let Some(rank) = reason.rank {
        text.push_str(&format!(", place {rank} of {}", reason.candidates));
    }
    if let Some(typical) = reason.typical {
        text.push_str(&format!(", typical is {}", figure(typical)));
    }
    match reason.completed {
        0 => text.push_str("; without history"),
        1 => text.push_str("; from 1 completion"),
        many => text.push_str(&format!("; from {many} completions")),
    }
    text
}

fn recent_row(instance: &TaskInstance) -> RecentRow {
    RecentRow {
        path: format!("/tasks/instances/{}", segment(&instance.key)),
        name: name(instance.task_name.raw()),
        completed: minute_of(instance.completed_at.legacy()),
        minutes: instance.duration_minutes.value().map(figure).unwrap_or_default(),
        relief: instance.relief_score.value().map(figure).unwrap_or_default(),
    }
}
