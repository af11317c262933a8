//! Settings of the tasks area.

use super::PROFILE;
use crate::clock::Clock;
use crate::web::frame::{Area, Fields, Frame, Visit, page, see_other};
use crate::web::{Answer, Error};
use askama::Template;
use landfast_domain::json::{Json, Object};
use landfast_domain::tasks::settings::{self, COMPOSITE_COMPONENTS};

const WEIGHTS: &str = "composite_score_weights";
const GOALS: &str = "productivity_goal_settings";
const PRODUCTIVITY: &str = "productivity_settings";

#[derive(Template)]
#[template(path = "tasks/settings.html")]
struct SettingsPage {
    frame: Frame,
    goal_hours: String,
    burnout_hours: String,
    weights: Vec<Weight>,
}

struct Weight {
    name: &'static str,
    label: String,
    value: String,
}

/// `GET /tasks/settings`.
pub(super) async fn show(visit: Visit) -> Answer {
    let (weights, goals, productivity) = visit
        .read(|r, user| {
            let mut object = |key: &str| settings::object(r, user, PROFILE, key);
            Ok((object(WEIGHTS)?, object(GOALS)?, object(PRODUCTIVITY)?))
        })
        .await?;
    let text = |object: &Object, name: &str| object.get(name).map(Json::python_text).unwrap_or_default();
    let weight = |name: &'static str| Weight { name, label: label(name), value: text(&weights, name) };
    page(&SettingsPage {
        frame: visit.frame("Settings of tasks", Area::Tasks),
        goal_hours: text(&goals, "goal_hours_per_week"),
        burnout_hours: text(&productivity, "weekly_burnout_threshold_hours"),
        weights: COMPOSITE_COMPONENTS.into_iter().map(weight).collect(),
    })
}

fn label(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `POST /tasks/settings`.
pub(super) async fn save(visit: Visit, fields: Fields) -> Answer {
    let mut weights = Object::new();
    for name in COMPOSITE_COMPONENTS {
        if let Some(value) = number(&fields, name, 10.0)? {
            weights.insert(name, value);
        }
    }
    let single = |name: &str, member: &str, most: f64| -> Result<Object, Error> {
        Ok(number(&fields, name, most)?.map(|value| (member, value)).into_iter().collect())
    };
    let goals = single("goal_hours", "goal_hours_per_week", 168.0)?;
    let productivity = single("burnout_hours", "weekly_burnout_threshold_hours", 168.0)?;
    let now = Clock::now().utc;
    visit
        .write(move |r, user| {
            for (key, members) in [(WEIGHTS, &weights), (GOALS, &goals), (PRODUCTIVITY, &productivity)] {
                settings::merge(r, user, PROFILE, key, members, now)?;
            }
            Ok(())
        })
        .await?;
    see_other("/tasks/settings?said=saved")
}

fn number(fields: &Fields, name: &str, most: f64) -> Result<Option<f64>, Error> {
    match fields.number::<f64>(name)? {
        Some(value) if !(0.0..=most).contains(&value) => {
            Err(Error::invalid(name, format!("{name} must be 0 to {most}")))
        }
        value => Ok(value),
    }
}
