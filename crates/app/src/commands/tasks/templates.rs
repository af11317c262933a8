//! Templates: list, show, create, update, delete.

use super::{Session, records};
use crate::cli::TaskFields;
use crate::failure::{Exit, Failure};
use crate::output::{self, Align, Page, Table};
use landfast_domain::record::RecordKey;
use landfast_domain::tasks::keys::unused_key;
use landfast_domain::tasks::{Change, NewTask, Task, TaskChange, templates};
use serde_json::Value;

/// `landfast tasks list`.
pub(super) fn list(session: &Session, recent: Option<usize>) -> Result<Exit, Failure> {
    let tasks: Vec<(Task, Option<String>)> = session.read(|repositories, user| match recent {
        Some(limit) => {
            let recent = templates::recent(repositories, user, limit)?;
            let completed = |latest: &landfast_domain::tasks::TaskInstance| latest.completed_at.raw().to_owned();
            Ok(recent.into_iter().map(|recent| (recent.task, recent.latest.as_ref().map(completed))).collect())
        }
        None => Ok(templates::list(repositories, user)?.into_iter().map(|task| (task, None)).collect()),
    })?;
    if session.json {
        let entry = |(task, completed): &(Task, Option<String>)| {
            let mut value = records::to_json(task);
            if let (Value::Object(map), Some(completed)) = (&mut value, completed) {
                map.insert("last_completed_at".to_owned(), completed.clone().into());
            }
            value
        };
        let entries: Vec<Value> = tasks.iter().map(entry).collect();
        output::print_json(output::document([("tasks", entries.into())]))?;
        return Ok(Exit::Done);
    }
    let columns = [
        ("key", Align::Left),
        ("name", Align::Left),
        ("type", Align::Left),
        ("area", Align::Left),
        ("version", Align::Right),
    ];
    let mut table = Table::new(&columns);
    for (task, _) in &tasks {
        table.row([task.key.as_str(), task.name.raw(), task.type_.raw(), task.task_type.raw(), task.version.raw()]);
    }
    let mut page = Page::new();
    page.heading(&output::counted(u64::try_from(tasks.len()).unwrap_or(u64::MAX), "template"));
    if !table.is_empty() {
        page.table(&table);
    }
    page.print()?;
    Ok(Exit::Done)
}

/// `landfast tasks show`: by key, else by exact name.
pub(super) fn show(session: &Session, id: &str) -> Result<Exit, Failure> {
    let task = session.read(|repositories, user| {
        if let Some(task) = templates::get(repositories, user, &id.into())? {
            return Ok(task);
        }
        match templates::find_by_name(repositories, user, id)? {
            Some(task) => Ok(task),
            None => templates::by_task_id(repositories, user, id),
        }
    })?;
    records::show(session, "task", records::to_json(&task), &task, task.name.raw())
}

/// `landfast tasks create`.
pub(super) fn create(session: &Session, name: &str, fields: &TaskFields, id: Option<&str>) -> Result<Exit, Failure> {
    let new = new_task(name, fields)?;
    let task = session.write(|repositories, user| {
        let key = match id {
            Some(id) => RecordKey::new(id),
            None => unused_key::<Task>(repositories, user, "t", session.clock.local)?,
        };
        templates::create(repositories, user, new.clone(), key, session.clock.local)
    })?;
    let line = format!("{} created ({})", task.key, task.name.raw());
    session.done([("task", records::to_json(&task))], &line)
}

/// `landfast tasks update`.
pub(super) fn update(session: &Session, id: &str, name: Option<String>, fields: &TaskFields) -> Result<Exit, Failure> {
    let change = change(name, fields)?;
    if change == TaskChange::default() {
        return Err(
            Failure::usage("nothing to change").hint("give at least one field, for instance --name or --estimate")
        );
    }
    let task = session.write(|repositories, user| templates::update(repositories, user, &id.into(), &change))?;
    let line = format!("{} is version {} ({})", task.key, task.version.raw(), task.name.raw());
    session.done([("task", records::to_json(&task))], &line)
}

/// `landfast tasks delete`.
pub(super) fn delete(session: &Session, id: &str) -> Result<Exit, Failure> {
    session.write(|repositories, user| templates::delete(repositories, user, &id.into()))?;
    session.done([("deleted", id.into())], &format!("{id} deleted; its instances stay"))
}

fn new_task(name: &str, fields: &TaskFields) -> Result<NewTask, Failure> {
    let change = change(None, fields)?;
    let mut new = NewTask::named(name);
    let TaskChange { description, type_, is_recurring, categories, default_estimate_minutes, task_type, .. } = change;
    new.description = description.unwrap_or(new.description);
    new.type_ = type_.unwrap_or(new.type_);
    new.is_recurring = is_recurring.unwrap_or(new.is_recurring);
    new.categories = categories.unwrap_or(new.categories);
    new.default_estimate_minutes = default_estimate_minutes.unwrap_or(new.default_estimate_minutes);
    new.task_type = task_type.unwrap_or(new.task_type);
    new.default_initial_aversion = change.default_initial_aversion.as_set().copied();
    new.routine_frequency = change.routine_frequency.unwrap_or(new.routine_frequency);
    new.routine_days_of_week = change.routine_days_of_week.unwrap_or(new.routine_days_of_week);
    new.routine_time = change.routine_time.unwrap_or(new.routine_time);
    new.completion_window_hours = change.completion_window_hours.as_set().copied();
    new.completion_window_days = change.completion_window_days.as_set().copied();
    Ok(new)
}

fn change(name: Option<String>, fields: &TaskFields) -> Result<TaskChange, Failure> {
    Ok(TaskChange {
        name,
        description: fields.description.clone(),
        type_: fields.type_.clone(),
        is_recurring: fields.recurring,
        categories: (!fields.categories.is_empty()).then(|| fields.categories.clone()),
        default_estimate_minutes: fields.estimate,
        task_type: fields.task_type.clone(),
        default_initial_aversion: optional_number("--initial-aversion", fields.initial_aversion.as_deref())?,
        routine_frequency: fields.routine.clone(),
        routine_days_of_week: (!fields.routine_days.is_empty()).then(|| fields.routine_days.clone()),
        routine_time: fields.routine_time.clone(),
        completion_window_hours: optional_number("--window-hours", fields.window_hours.as_deref())?,
        completion_window_days: optional_number("--window-days", fields.window_days.as_deref())?,
    })
}

fn optional_number(option: &str, text: Option<&str>) -> Result<Change<i64>, Failure> {
    match text {
        None => Ok(Change::Keep),
        Some("none") => Ok(Change::Clear),
        Some(text) => text.parse().map(Change::Set).map_err(|_| {
            Failure::usage(format!("{option} {text:?} is no whole number")).hint("give a whole number, or `none`")
        }),
    }
}
