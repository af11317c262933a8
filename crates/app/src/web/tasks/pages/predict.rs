//! The form of predictions.

use super::PROFILE;
use super::ratings::{self, PREDICTED, Slider, emotion_sliders, place, rating, read_emotions};
use super::shown::{instance, minute_of, segment};
use crate::clock::Clock;
use crate::web::frame::{Area, Fields, Frame, Visit, page, see_other};
use crate::web::{Answer, Error};
use askama::Template;
use axum::extract::Path;
use landfast_analytics::tasks::{ScaleReading, TaskHistory};
use landfast_domain::json::{Json, Object};
use landfast_domain::record::RecordKey;
use landfast_domain::tasks::payload::payload_or_empty;
use landfast_domain::tasks::{Change, Task, TaskInstance, emotions, lifecycle, settings, templates};
use landfast_domain::time::Timestamp;

/// Contexts offered; any other text is fine as well.
const CONTEXTS: [&str; 6] = ["None", "Home", "Work", "Gym", "Outdoors", "Errands"];

#[derive(Template)]
#[template(path = "tasks/predict.html")]
struct PredictPage {
    frame: Frame,
    path: String,
    name: String,
    sliders: Vec<Slider>,
    emotions: Vec<Slider>,
    vocabulary: Vec<String>,
    contexts: [&'static str; 6],
    context: String,
    estimate: String,
    description: String,
    due: String,
    averages_of: usize,
}

/// `GET /tasks/instances/{key}/predict`. Each slider begins at the attempt's own value, else the mean of earlier
/// attempts, else 50; aversion at the template's value the first time, else 0.
pub(super) async fn show(visit: Visit, Path(key): Path<String>) -> Answer {
    let instance = instance(&visit, &key).await?;
    let task_id = instance.task_id.legacy().to_owned();
    let (history, template, vocabulary, lasting) = visit
        .read(move |r, user| {
            let history = r.instances().list_by_task(user, &task_id)?;
            let template = templates::list(r, user)?.into_iter().find(|task| task.task_id.legacy() == task_id);
            let lasting = settings::object(r, user, PROFILE, "persistent_emotion_values")?;
            Ok((history, template, emotions::list(r, user)?, lasting))
        })
        .await?;
    let own = payload_or_empty(&instance.predicted).unwrap_or_default();
    let text = |name: &str| own.get(name).map(Json::python_text).unwrap_or_default();
    let earlier: Vec<TaskInstance> = history.into_iter().filter(|other| other.key != instance.key).collect();
    page(&PredictPage {
        frame: visit.frame("Predict", Area::Tasks),
        path: format!("/tasks/instances/{}/predict", segment(&instance.key)),
        name: super::shown::name(instance.task_name.raw()),
        sliders: sliders(&own, instance.task_id.legacy(), &earlier, template.as_ref()),
        emotions: emotion_sliders(&own, &lasting),
        vocabulary,
        contexts: CONTEXTS,
        context: text("physical_context"),
        estimate: estimate(&own, template.as_ref()),
        description: text("description"),
        due: minute_of(instance.due_at.legacy()).replace(' ', "T"),
        averages_of: earlier.iter().filter(|other| other.is_initialized()).count(),
    })
}

fn sliders(own: &Object, task_id: &str, earlier: &[TaskInstance], template: Option<&Task>) -> Vec<Slider> {
    let means = TaskHistory::of_task(task_id, earlier).task_means(ScaleReading::AsStored).means;
    let slider = |(name, label): (&'static str, &'static str)| {
        let mean = || means.get(name).copied().and_then(place);
        let fallback = || match name {
            "expected_aversion" => template.and_then(|task| task.default_initial_aversion.value()).unwrap_or(0),
            _ => 50,
        };
        let value = rating(own, name).or_else(mean).unwrap_or_else(fallback).clamp(0, 100);
        Slider { name: name.to_owned(), label: label.to_owned(), value }
    };
    PREDICTED.into_iter().map(slider).collect()
}

fn estimate(own: &Object, template: Option<&Task>) -> String {
    let known = own.get("time_estimate_minutes").and_then(Json::python_number).filter(|minutes| *minutes > 0.0);
    let default = template.and_then(|task| task.default_estimate_minutes.value()).filter(|minutes| *minutes > 0);
    known.map(|minutes| format!("{minutes:.0}")).or_else(|| default.map(|m| m.to_string())).unwrap_or_default()
}

/// `POST /tasks/instances/{key}/predict`.
pub(super) async fn save(visit: Visit, Path(key): Path<String>, fields: Fields) -> Answer {
    let key = RecordKey::new(key);
    let ratings = ratings::read(&fields, PREDICTED.into_iter().map(|(name, _)| name))?;
    let emotions = read_emotions(&fields)?;
    let given = members(&fields, &ratings, &emotions)?;
    let due_at = match fields.given("due") {
        None => Change::Clear,
        Some(text) => Change::Set(
            Timestamp::parse(text).ok_or_else(|| Error::invalid("due", "the due date must be a date and a time"))?,
        ),
    };
    let (now, utc) = (Clock::now().local, Clock::now().utc);
    let starts = fields.is_ticked("start");
    let path = format!("/tasks/instances/{}", segment(&key));
    visit
        .write(move |r, user| {
            let known = lifecycle::get(r, user, &key)?;
            let mut predicted = given.clone();
            if let Some(known) = &known {
                first_time(&mut predicted, known, r.instances().list_by_task(user, known.task_id.legacy())?.as_slice());
            }
            let initialization = lifecycle::Initialization { predicted, due_at };
            lifecycle::initialize(r, user, &key, &initialization, now)?;
            ratings::remember_emotions(r, user, &emotions, utc)?;
            if starts { lifecycle::start(r, user, &key, now).map(|_| ()) } else { Ok(()) }
        })
        .await?;
    see_other(&if starts { "/tasks?said=started".to_owned() } else { format!("{path}?said=predicted") })
}

fn members(fields: &Fields, ratings: &[(&'static str, i64)], emotions: &[(String, i64)]) -> Result<Object, Error> {
    let mut given = Object::new();
    for (name, value) in ratings {
        given.insert(*name, *value);
    }
    let value = |name: &str| ratings.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
    if let (Some(energy), Some(difficulty)) = (value("expected_mental_energy"), value("expected_difficulty")) {
        let sum = energy + difficulty;
        // The mean is whole, or ends in a half.
        given.insert("expected_cognitive_load", if sum % 2 == 0 { Json::from(sum / 2) } else { half(sum) });
    }
    if let Some(minutes) = fields.number::<i64>("estimate")? {
        if minutes < 0 {
            return Err(Error::invalid("estimate", "the estimate must not be negative"));
        }
        given.insert("time_estimate_minutes", minutes);
    }
    for name in ["physical_context", "description"] {
        if let Some(text) = fields.given(name) {
            given.insert(name, Json::from(text));
        }
    }
    let (names, values) = ratings::emotion_members(emotions);
    given.insert("emotions", names);
    given.insert("emotion_values", values);
    Ok(given)
}

fn half(sum: i64) -> Json {
    i32::try_from(sum).map_or(Json::Null, |sum| Json::from(f64::from(sum) / 2.0))
}

/// What is kept of the first prediction of an attempt, and of the first attempt at a template.
fn first_time(predicted: &mut Object, known: &TaskInstance, attempts: &[TaskInstance]) {
    let Some(aversion) = predicted.get("expected_aversion").cloned() else { return };
    if known.is_initialized() {
        return;
    }
    predicted.insert("initialization_expected_aversion", aversion.clone());
    if !attempts.iter().any(|other| other.key != known.key && other.is_initialized()) {
        predicted.insert("initial_aversion", aversion);
    }
}
