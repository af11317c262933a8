//! Jobs: named groups of templates.

use super::{Session, records};
use crate::cli::JobVerb;
use crate::failure::{Exit, Failure};
use crate::output::{self, Align, Page, Table};
use landfast_domain::tasks::jobs::{self, JobChange, NewJob};
use landfast_domain::tasks::keys::unused_millis_key;
use landfast_domain::tasks::{Job, Task};
use serde_json::{Value, json};

/// Runs a verb of `landfast tasks jobs`.
pub(super) fn run(session: &Session, verb: JobVerb) -> Result<Exit, Failure> {
    let now = session.clock.local;
    match verb {
        JobVerb::List => list(session),
        JobVerb::Create { name, fields } => {
            let new = NewJob {
                name,
                task_type: fields.task_type.unwrap_or_else(|| "Work".to_owned()),
                description: fields.description.unwrap_or_default(),
            };
            // The legacy form, seconds and three digits, is the time in milliseconds.
            let job = session.write(|repositories, user| {
                let key = unused_millis_key::<Job>(repositories, user, "j", now)?;
                jobs::create(repositories, user, new.clone(), key, now)
            })?;
            session.done([("job", records::to_json(&job))], &format!("{} created ({})", job.key, job.name.raw()))
        }
        JobVerb::Update { id, name, fields } => {
            let change = JobChange { name, task_type: fields.task_type, description: fields.description };
            let job = session.write(|repositories, user| {
                jobs::update(repositories, user, &id.as_str().into(), change.clone(), now)
            })?;
            session.done([("job", records::to_json(&job))], &format!("{} changed ({})", job.key, job.name.raw()))
        }
        JobVerb::Delete { id } => {
            session.write(|repositories, user| jobs::delete(repositories, user, &id.as_str().into()))?;
            session.done([("deleted", id.as_str().into())], &format!("{id} deleted; its templates stay"))
        }
        JobVerb::Tasks { id } => members(session, &id),
        JobVerb::Assign { id, task } => {
            let added = session.write(|repositories, user| {
                jobs::assign_task(repositories, user, &id.as_str().into(), &task.as_str().into(), now)
            })?;
            let line = if added { format!("{task} is in {id} now") } else { format!("{task} is in {id} already") };
            session.done([("assigned", added.into())], &line)
        }
        JobVerb::Remove { id, task } => {
            let removed = session.write(|repositories, user| {
                jobs::remove_task(repositories, user, &id.as_str().into(), &task.as_str().into())
            })?;
            let line = if removed { format!("{task} is no longer in {id}") } else { format!("{task} is not in {id}") };
            session.done([("removed", removed.into())], &line)
        }
    }
}

fn list(session: &Session) -> Result<Exit, Failure> {
    let jobs: Vec<(Job, Vec<Task>)> = session.read(|repositories, user| {
        let jobs = jobs::list(repositories, user, None)?;
        jobs.into_iter().map(|job| Ok((job.clone(), jobs::tasks_for_job(repositories, user, &job.key)?))).collect()
    })?;
    if session.json {
        let entry = |(job, tasks): &(Job, Vec<Task>)| {
            let tasks: Vec<&str> = tasks.iter().map(|task| task.key.as_str()).collect();
            let mut value = records::to_json(job);
            if let Value::Object(map) = &mut value {
                map.insert("tasks".to_owned(), json!(tasks));
            }
            value
        };
        let entries: Vec<Value> = jobs.iter().map(entry).collect();
        output::print_json(output::document([("jobs", entries.into())]))?;
        return Ok(Exit::Done);
    }
    let mut table =
        Table::new(&[("key", Align::Left), ("name", Align::Left), ("area", Align::Left), ("templates", Align::Right)]);
    for (job, tasks) in &jobs {
        table.row([job.key.as_str(), job.name.raw(), job.task_type.raw(), &tasks.len().to_string()]);
    }
    let mut page = Page::new();
    page.heading(&output::counted(u64::try_from(jobs.len()).unwrap_or(u64::MAX), "job"));
    if !table.is_empty() {
        page.table(&table);
    }
    page.print()?;
    Ok(Exit::Done)
}

fn members(session: &Session, id: &str) -> Result<Exit, Failure> {
    let tasks = session.read(|repositories, user| jobs::tasks_for_job(repositories, user, &id.into()))?;
    if session.json {
        let entries: Vec<Value> = tasks.iter().map(records::to_json).collect();
        output::print_json(output::document([("tasks", entries.into())]))?;
        return Ok(Exit::Done);
    }
    let mut table = Table::new(&[("key", Align::Left), ("name", Align::Left)]);
    for task in &tasks {
        table.row([task.key.as_str(), task.name.raw()]);
    }
    let mut page = Page::new();
    page.heading(
        &(output::counted(u64::try_from(tasks.len()).unwrap_or(u64::MAX), "template") + " in " + &output::safe(id)),
    );
    if !table.is_empty() {
        page.table(&table);
    }
    page.print()?;
    Ok(Exit::Done)
}
