//! The forms that complete and cancel.

use super::PROFILE;
use super::dashboard::active_card;
use super::ratings::{self, ACTUAL, Slider, emotion_sliders, rating, read_emotions};
use super::shown::{instance, name, segment};
use crate::clock::Clock;
use crate::web::frame::{Area, Fields, Frame, Visit, page, see_other};
use crate::web::{Answer, Error};
use askama::Template;
use axum::extract::Path;
use landfast_domain::json::{Json, Object};
use landfast_domain::record::RecordKey;
use landfast_domain::tasks::payload::payload_or_empty;
use landfast_domain::tasks::{TaskInstance, cancellation, completion, emotions, lifecycle, settings};
use landfast_domain::time::Timestamp;

#[derive(Template)]
#[template(path = "tasks/complete.html")]
struct CompletePage {
    frame: Frame,
    path: String,
    name: String,
    aversion: i64,
    sliders: Vec<Slider>,
    emotions: Vec<Slider>,
    vocabulary: Vec<String>,
    minutes: String,
    worked: String,
    running: String,
}

/// `GET /tasks/instances/{key}/complete`. Sliders begin at the predictions, minutes at the time worked.
pub(super) async fn show_complete(visit: Visit, Path(key): Path<String>) -> Answer {
    let instance = instance(&visit, &key).await?;
    let (vocabulary, lasting) = visit
        .read(|r, user| {
            Ok((emotions::list(r, user)?, settings::object(r, user, PROFILE, "persistent_emotion_values")?))
        })
        .await?;
    let predicted = payload_or_empty(&instance.predicted).unwrap_or_default();
    let now = Clock::now();
    let card = active_card(&instance, now);
    let slider = |(name, label, expected): (&str, &str, &str)| Slider {
        name: name.to_owned(),
        label: label.to_owned(),
        value: rating(&predicted, expected).unwrap_or(0),
    };
    page(&CompletePage {
        frame: visit.frame("Complete", Area::Tasks),
        path: format!("/tasks/instances/{}/complete", segment(&instance.key)),
        name: name(instance.task_name.raw()),
        aversion: rating(&predicted, "expected_aversion").unwrap_or(0),
        sliders: ACTUAL.into_iter().map(slider).collect(),
        emotions: emotion_sliders(&predicted, &lasting),
        vocabulary,
        minutes: worked_minutes(&instance, &predicted, now.local),
        worked: card.worked,
        running: card.running,
    })
}

/// Minutes worked, before and after pauses; without any the estimate.
fn worked_minutes(instance: &TaskInstance, predicted: &Object, now: Timestamp) -> String {
    let actual = payload_or_empty(&instance.actual).unwrap_or_default();
    let before = actual.get("time_spent_before_pause").and_then(Json::python_number).unwrap_or(0.0);
    let estimate = completion::estimate_minutes(predicted).unwrap_or(0.0);
    let minutes = completion::duration_minutes(instance.started_at.value(), before, estimate, now);
    if minutes.is_finite() { format!("{minutes:.0}") } else { String::new() }
}

/// `POST /tasks/instances/{key}/complete`.
pub(super) async fn complete(visit: Visit, Path(key): Path<String>, fields: Fields) -> Answer {
    let key = RecordKey::new(key);
    let ratings = ratings::read(&fields, ACTUAL.into_iter().map(|(name, ..)| name))?;
    let emotions = read_emotions(&fields)?;
    let given = outcome(&fields, &ratings, &emotions)?;
    let aversion = ratings::read(&fields, ["aversion"].into_iter())?.first().map(|(_, value)| *value);
    let (now, utc) = (Clock::now().local, Clock::now().utc);
    let path = format!("/tasks/instances/{}?said=completed", segment(&key));
    visit
        .write(move |r, user| {
            lifecycle::complete(r, user, &key, &given, now)?;
            if let Some(aversion) = aversion {
                lifecycle::revise_expected_aversion(r, user, &key, aversion)?;
            }
            ratings::remember_emotions(r, user, &emotions, utc)
        })
        .await?;
    see_other(&path)
}

fn outcome(fields: &Fields, ratings: &[(&'static str, i64)], emotions: &[(String, i64)]) -> Result<Object, Error> {
    let mut given = Object::new();
    for (name, value) in ratings {
        given.insert(*name, *value);
    }
    let value = |name: &str| ratings.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
    if let (Some(energy), Some(difficulty)) = (value("actual_mental_energy"), value("actual_difficulty")) {
        given.insert("actual_cognitive", (energy + difficulty) / 2);
    }
    let percent = fields.number::<i64>("percent")?.unwrap_or(100);
    if percent < 0 {
        return Err(Error::invalid("percent", "percent must not be negative"));
    }
    given.insert("completion_percent", percent);
    if let Some(minutes) = fields.number::<i64>("minutes")? {
        given.insert("time_actual_minutes", minutes);
    }
    if let Some(notes) = fields.given("notes") {
        given.insert("completion_notes", Json::from(notes));
    }
    let (_, values) = ratings::emotion_members(emotions);
    given.insert("emotion_values", values);
    Ok(given)
}

#[derive(Template)]
#[template(path = "tasks/cancel.html")]
struct CancelPage {
    frame: Frame,
    path: String,
    back: String,
    name: String,
    categories: Vec<(String, String)>,
    usual: &'static str,
}

/// `GET /tasks/instances/{key}/cancel`.
pub(super) async fn show_cancel(visit: Visit, Path(key): Path<String>) -> Answer {
    let instance = instance(&visit, &key).await?;
    let categories = visit.read(|r, user| cancellation::categories(r, user, PROFILE)).await?;
    let back = format!("/tasks/instances/{}", segment(&instance.key));
    page(&CancelPage {
        frame: visit.frame("Cancel", Area::Tasks),
        path: format!("{back}/cancel"),
        back,
        name: name(instance.task_name.raw()),
        categories,
        usual: cancellation::DEFAULT_CATEGORY,
    })
}

/// `POST /tasks/instances/{key}/cancel`.
pub(super) async fn cancel(visit: Visit, Path(key): Path<String>, fields: Fields) -> Answer {
    let key = RecordKey::new(key);
    let (category, now) = (fields.text("category")?.to_owned(), Clock::now().local);
    let note = fields.given("note").map(str::to_owned);
    visit
        .write(move |r, user| {
            let known = cancellation::categories(r, user, PROFILE)?;
            if !known.iter().any(|(name, _)| *name == category) {
                return Err(Error::invalid("category", "choose one of the categories").into());
            }
            let mut given = Object::new();
            given.insert("cancellation_category", Json::from(category.as_str()));
            if let Some(note) = &note {
                given.insert("reason_for_canceling", Json::from(note.as_str()));
            }
            lifecycle::cancel(r, user, &key, &given, now)
        })
        .await?;
    see_other("/tasks?said=cancelled")
}
