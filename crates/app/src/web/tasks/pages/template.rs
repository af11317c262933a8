//! The form of a template.

use super::shown::segment;
use crate::clock::Clock;
use crate::web::frame::{Area, Fields, Frame, Visit, page, page_with, see_other};
use crate::web::{Answer, Error};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use landfast_domain::record::RecordKey;
use landfast_domain::tasks::keys::unused_key;
use landfast_domain::tasks::{NewTask, ROUTINE_FREQUENCIES, TASK_KINDS, TASK_TYPES, Task, notes, templates};

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

#[derive(Template)]
#[template(path = "tasks/template.html")]
struct TemplatePage {
    frame: Frame,
    /// Path of the template; empty for one to be made.
    path: String,
    mistake: Option<String>,
    form: Form,
    types: [&'static str; 3],
    kinds: [&'static str; 4],
    frequencies: [&'static str; 3],
    days: Vec<Day>,
    notes: Vec<NoteView>,
}

struct Day {
    number: usize,
    name: &'static str,
    is_ticked: bool,
}

struct NoteView {
    at: String,
    text: String,
}

/// Texts of the form's fields.
#[derive(Debug, Clone, Default)]
struct Form {
    name: String,
    description: String,
    kind: String,
    task_type: String,
    estimate: String,
    aversion: String,
    is_recurring: bool,
    categories: String,
    frequency: String,
    days: Vec<String>,
    time: String,
    window_hours: String,
    window_days: String,
}

impl Form {
    fn of_task(task: &Task) -> Self {
        let list = |text: &str| serde_json::from_str::<Vec<serde_json::Value>>(text).unwrap_or_default();
        let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
        let categories = list(task.categories.legacy());
        let categories: Vec<&str> = categories.iter().filter_map(serde_json::Value::as_str).collect();
        Self {
            name: task.name.raw().to_owned(),
            description: task.description.raw().to_owned(),
            kind: task.type_.legacy().to_owned(),
            task_type: task.task_type.legacy().to_owned(),
            estimate: number(task.default_estimate_minutes.value()),
            aversion: number(task.default_initial_aversion.value()),
            is_recurring: task.is_recurring.value().unwrap_or_default(),
            categories: categories.join(", "),
            frequency: task.routine_frequency.legacy().to_owned(),
            days: list(task.routine_days_of_week.legacy()).iter().map(ToString::to_string).collect(),
            time: task.routine_time.legacy().to_owned(),
            window_hours: number(task.completion_window_hours.value()),
            window_days: number(task.completion_window_days.value()),
        }
    }

    fn read(fields: &Fields) -> Self {
        let text = |name: &str| fields.given(name).unwrap_or_default().to_owned();
        Self {
            name: text("name"),
            description: text("description"),
            kind: text("kind"),
            task_type: text("task_type"),
            estimate: text("estimate"),
            aversion: text("aversion"),
            is_recurring: fields.is_ticked("is_recurring"),
            categories: text("categories"),
            frequency: text("frequency"),
            days: fields.all("days").map(str::to_owned).collect(),
            time: text("time"),
            window_hours: text("window_hours"),
            window_days: text("window_days"),
        }
    }

    /// What the texts mean; the domain checks the values.
    fn meant(&self) -> Result<NewTask, Error> {
        let number = |field: &'static str, text: &str| -> Result<Option<i64>, Error> {
            if text.is_empty() {
                return Ok(None);
            }
            text.parse().map(Some).map_err(|_| Error::invalid(field, format!("{field} must be a whole number")))
        };
        let days: Result<Vec<i64>, Error> =
            self.days.iter().map(|day| Ok(number("days", day)?.unwrap_or_default())).collect();
        let categories = self.categories.split(',').map(str::trim).filter(|category| !category.is_empty());
        let or = |text: &str, default: &str| if text.is_empty() { default.to_owned() } else { text.to_owned() };
        let days = days?;
        if self.frequency == "weekly" && days.is_empty() {
            return Err(Error::invalid("days", "a weekly routine needs a day"));
        }
        Ok(NewTask {
            name: self.name.clone(),
            description: self.description.clone(),
            type_: or(&self.kind, "one-time"),
            is_recurring: self.is_recurring,
            categories: categories.map(str::to_owned).collect(),
            default_estimate_minutes: number("estimate", &self.estimate)?.unwrap_or_default(),
            task_type: or(&self.task_type, "Work"),
            default_initial_aversion: number("aversion", &self.aversion)?,
            routine_frequency: or(&self.frequency, "none"),
            routine_days_of_week: days,
            routine_time: or(&self.time, "00:00"),
            completion_window_hours: number("window_hours", &self.window_hours)?,
            completion_window_days: number("window_days", &self.window_days)?,
        })
    }
}

fn template_page(visit: &Visit, path: String, form: Form, notes: &str, mistake: Option<String>) -> TemplatePage {
    let day = |(number, name): (usize, &'static str)| Day {
        number,
        name,
        is_ticked: form.days.iter().any(|day| *day == number.to_string()),
    };
    let days = DAYS.into_iter().enumerate().map(day).collect();
    let title = if path.is_empty() { "New template" } else { "Template" };
    let notes = notes::blocks(notes).into_iter().map(|block| NoteView {
        at: block.at.map(|at| at.naive().format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default(),
        text: block.text,
    });
    TemplatePage {
        frame: visit.frame(title, Area::Tasks),
        path,
        mistake,
        form,
        types: TASK_TYPES,
        kinds: TASK_KINDS,
        frequencies: ROUTINE_FREQUENCIES,
        days,
        notes: notes.collect(),
    }
}

/// `GET /tasks/templates/new`.
pub(super) async fn blank(visit: Visit) -> Answer {
    page(&template_page(&visit, String::new(), Form { time: "00:00".to_owned(), ..Form::default() }, "", None))
}

/// `POST /tasks/templates/new`.
pub(super) async fn create(visit: Visit, fields: Fields) -> Answer {
    let form = Form::read(&fields);
    let now = Clock::now().local;
    let made = async {
        let new = form.meant()?;
        let work = move |r: &mut dyn landfast_domain::Repositories, user: &landfast_domain::accounts::UserId| {
            let key = unused_key::<Task>(r, user, "t", now)?;
            templates::create(r, user, new.clone(), key, now)
        };
        visit.write(work).await
    };
    match made.await {
        Ok(_) => see_other("/tasks?said=created"),
        Err(error @ Error::Invalid { .. }) => {
            let template = template_page(&visit, String::new(), form, "", Some(error.to_string()));
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &template)
        }
        Err(error) => Err(error),
    }
}

/// `GET /tasks/templates/{key}`.
pub(super) async fn show(visit: Visit, Path(key): Path<String>) -> Answer {
    let task = found(&visit, &key).await?;
    let path = format!("/tasks/templates/{}", segment(&task.key));
    page(&template_page(&visit, path, Form::of_task(&task), task.notes.raw(), None))
}

async fn found(visit: &Visit, key: &str) -> Result<Task, Error> {
    let wanted = RecordKey::new(key);
    let found = visit.read(move |r, user| templates::get(r, user, &wanted)).await?;
    found.ok_or_else(|| Error::NotFound(format!("there is no template `{key}`")))
}

/// `POST /tasks/templates/{key}`.
pub(super) async fn save(visit: Visit, Path(key): Path<String>, fields: Fields) -> Answer {
    let form = Form::read(&fields);
    let record = RecordKey::new(key.as_str());
    let path = format!("/tasks/templates/{}", segment(&record));
    let saved = async {
        let new = form.meant()?;
        visit.write(move |r, user| templates::update(r, user, &record, &new.clone().into())).await
    };
    match saved.await {
        Ok(_) => see_other(&format!("{path}?said=saved")),
        Err(error @ Error::Invalid { .. }) => {
            let task = found(&visit, &key).await?;
            let template = template_page(&visit, path, form, task.notes.raw(), Some(error.to_string()));
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &template)
        }
        Err(error) => Err(error),
    }
}

/// `POST /tasks/templates/{key}/delete`.
pub(super) async fn delete(visit: Visit, Path(key): Path<String>) -> Answer {
    let key = RecordKey::new(key);
    visit.write(move |r, user| templates::delete(r, user, &key)).await?;
    see_other("/tasks?said=deleted")
}

/// `POST /tasks/templates/{key}/notes`.
pub(super) async fn add_note(visit: Visit, Path(key): Path<String>, fields: Fields) -> Answer {
    let key = RecordKey::new(key);
    let path = format!("/tasks/templates/{}?said=added", segment(&key));
    let (note, now) = (fields.text("note")?.to_owned(), Clock::now().local);
    visit.write(move |r, user| notes::append_to_task(r, user, &key, &note, now)).await?;
    see_other(&path)
}
