//! Lists of instances.

use super::{Session, records};
use crate::cli::InstancesArgs;
use crate::failure::{Exit, Failure};
use crate::output::{self, Align, Page, Table};
use landfast_domain::tasks::{TaskInstance, lists};
use serde_json::Value;

/// `landfast tasks instances`.
pub(super) fn list(session: &Session, args: &InstancesArgs) -> Result<Exit, Failure> {
    let instances =
        session.read(|repositories, user| match (args.active, args.recent, args.cancelled, &args.task) {
            (true, ..) => lists::active(repositories, user),
            (_, Some(limit), ..) => lists::recent_completed(repositories, user, limit),
            (_, _, true, _) => lists::cancelled(repositories, user),
            (.., Some(task)) => lists::by_task(repositories, user, task, true),
            _ => repositories.instances().list(user),
        })?;
    if session.json {
        let entries: Vec<Value> = instances.iter().map(records::instance_json).collect();
        output::print_json(output::document([("instances", entries.into())]))?;
        return Ok(Exit::Done);
    }
    let number = u64::try_from(instances.len()).unwrap_or(u64::MAX);
    let mut page = Page::new();
    page.heading(&match args {
        InstancesArgs { active: true, .. } => output::counted(number, "open instance"),
        InstancesArgs { recent: Some(_), .. } => output::counted(number, "completed instance") + ", newest first",
        InstancesArgs { cancelled: true, .. } => output::counted(number, "cancelled instance") + ", newest first",
        _ => output::counted(number, "instance"),
    });
    if number > 0 {
        page.table(&table(&instances, args));
    }
    page.print()?;
    Ok(Exit::Done)
}

fn table(instances: &[TaskInstance], args: &InstancesArgs) -> Table {
    let finished = args.recent.is_some() || args.cancelled;
    let time = if args.cancelled {
        "cancelled"
    } else if finished {
        "completed"
    } else {
        "created"
    };
    let mut columns = vec![("key", Align::Left), ("task", Align::Left), ("state", Align::Left), (time, Align::Left)];
    if finished {
        columns.extend([("minutes", Align::Right), ("relief", Align::Right)]);
    } else {
        columns.extend([("started", Align::Left), ("due", Align::Left)]);
    }
    let mut table = Table::new(&columns);
    for instance in instances {
        let state = instance.state().as_str();
        let time = match (args.cancelled, finished) {
            (true, _) => instance.cancelled_at.legacy(),
            (false, true) => instance.completed_at.legacy(),
            (false, false) => instance.created_at.legacy(),
        };
        let rest = if finished {
            [instance.duration_minutes.legacy(), instance.relief_score.legacy()]
        } else {
            [instance.started_at.legacy(), instance.due_at.legacy()]
        };
        let [first, second] = rest;
        table.row([instance.key.as_str(), instance.task_name.raw(), state, time, first, second]);
    }
    table
}
