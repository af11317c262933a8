//! Background tasks.

use crate::cli::TaskProgressVerb;
use crate::commands::session::{Session, counted};
use crate::failure::{Exit, Failure};
use crate::output::{self, Align, Page, Table};
use landfast_domain::delivery::progress::{is_cancelled, recover_at_start};
use landfast_domain::delivery::{TaskProgress, TaskStatus};
use serde_json::{Value, json};

/// Runs a verb of `landfast delivery tasks-progress`.
pub(super) fn run(session: &Session, verb: &TaskProgressVerb) -> Result<Exit, Failure> {
    match verb {
        TaskProgressVerb::Show => show(session),
        TaskProgressVerb::Recover => recover(session),
    }
}

fn show(session: &Session) -> Result<Exit, Failure> {
    // Such a document is written on the local clock.
    let now = session.clock.local;
    let (current, others) = session.read(|repositories| {
        let repository = repositories.delivery()?;
        let current = match repository.get_task_state()? {
            Some(document) => Some((TaskProgress::read(&document, now)?, is_cancelled(&document)?)),
            None => None,
        };
        Ok((current, repository.list_task_progress()?))
    })?;
    if session.json {
        let task = current.as_ref().map(|(progress, cancelled)| {
            let mut value = to_json(progress);
            if let Value::Object(map) = &mut value {
                map.insert("cancel_requested".to_owned(), (*cancelled).into());
            }
            value
        });
        output::print_json(output::document([
            ("task", task.into()),
            ("progress", others.iter().map(to_json).collect::<Vec<_>>().into()),
        ]))?;
        return Ok(Exit::Done);
    }
    let mut page = Page::new();
    match &current {
        None => page.heading("No background task is known"),
        Some((progress, cancelled)) => {
            page.heading(&output::safe(&format!("Task {}, {}", progress.task_name, progress.status.as_str())));
            let mut pairs = vec![
                ("percent", format!("{:.1}", progress.percent)),
                ("message", progress.message.clone()),
                ("time (local)", progress.updated_at.text.clone()),
            ];
            if *cancelled && progress.status == TaskStatus::Running {
                pairs.push(("cancelling", "asked to stop".to_owned()));
            }
            page.pairs(&pairs);
        }
    }
    if !others.is_empty() {
        let columns = [
            ("task", Align::Left),
            ("status", Align::Left),
            ("percent", Align::Right),
            ("time", Align::Left),
            ("message", Align::Left),
        ];
        let mut table = Table::new(&columns);
        for progress in &others {
            let percent = format!("{:.1}", progress.percent);
            table.row([
                &progress.task_name,
                progress.status.as_str(),
                &percent,
                &progress.updated_at.text,
                &progress.message,
            ]);
        }
        page.heading(&counted(&others, "noted task"));
        page.table(&table);
    }
    page.print()?;
    Ok(Exit::Done)
}

fn recover(session: &Session) -> Result<Exit, Failure> {
    let now = session.clock.local;
    let failed = session.write(|repositories| {
        let repository = repositories.delivery()?;
        let Some(document) = repository.get_task_state()? else { return Ok(None) };
        let Some(document) = recover_at_start(&document, now)? else { return Ok(None) };
        repository.save_task_state(&document)?;
        TaskProgress::read(&document, now).map(Some)
    })?;
    let line = match &failed {
        Some(progress) => format!("{} was interrupted and has failed", progress.task_name),
        None => "no task was interrupted".to_owned(),
    };
    session.done([("recovered", failed.is_some().into()), ("task", failed.as_ref().map(to_json).into())], &line)
}

fn to_json(progress: &TaskProgress) -> Value {
    json!({
        "task_name": progress.task_name, "status": progress.status.as_str(), "percent": progress.percent,
        "message": progress.message, "updated_at": super::profiles::text_of(&progress.updated_at),
    })
}
