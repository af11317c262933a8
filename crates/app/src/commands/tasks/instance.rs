//! The life cycle of one instance.

use super::{Session, describe, records};
use crate::cli::{Fields, InstanceVerb, NewInstance};
use crate::clock::parse_time;
use crate::failure::{Exit, Failure};
use crate::output::{self, Style, say};
use crate::payload;
use landfast_domain::Repositories;
use landfast_domain::accounts::UserId;
use landfast_domain::record::RecordKey;
use landfast_domain::tasks::backfill::backfill_attributes_from_json;
use landfast_domain::tasks::keys::unused_key;
use landfast_domain::tasks::lifecycle::{self, Completion, Initialization, Pause, Skipped};
use landfast_domain::tasks::{Change, TaskInstance};
use landfast_domain::time::Timestamp;
use serde_json::{Value, json};

/// Runs a verb of `landfast tasks instance`.
pub(super) fn run(session: &Session, verb: InstanceVerb) -> Result<Exit, Failure> {
    let now = session.clock.local;
    match verb {
        InstanceVerb::Show { id } => show(session, &id),
        InstanceVerb::Create(new) => create(session, &new),
        InstanceVerb::Predict { fields, due } => {
            let due_at = due_date(due.as_deref())?;
            let initialization = Initialization { predicted: payload::from_args(&fields.payload)?, due_at };
            step(session, &fields.id, |repositories, user, key| {
                lifecycle::initialize(repositories, user, key, &initialization, now)
            })
        }
        InstanceVerb::Start { id } => {
            step(session, &id, |repositories, user, key| lifecycle::start(repositories, user, key, now))
        }
        InstanceVerb::Pause { id, reason, percent } => {
            let pause = Pause { reason, completion_percentage: percent };
            step(session, &id, |repositories, user, key| lifecycle::pause(repositories, user, key, &pause, now))
        }
        InstanceVerb::Resume { id } => {
            step(session, &id, |repositories, user, key| lifecycle::resume(repositories, user, key, now))
        }
        InstanceVerb::Complete(fields) => complete(session, &fields),
        InstanceVerb::Revise(fields) => {
            let given = payload::from_args(&fields.payload)?;
            step(session, &fields.id, |repositories, user, key| {
                lifecycle::revise_completed(repositories, user, key, &given, now)
            })
        }
        InstanceVerb::Cancel(fields) => {
            let given = payload::from_args(&fields.payload)?;
            step(session, &fields.id, |repositories, user, key| lifecycle::cancel(repositories, user, key, &given, now))
        }
        InstanceVerb::Postpone { id, reason, due } => {
            let due_at = due_date(due.as_deref())?;
            step(session, &id, |repositories, user, key| {
                lifecycle::postpone(repositories, user, key, &reason, due_at, now)
            })
        }
        InstanceVerb::Delete { id } => {
            session.write(|repositories, user| lifecycle::delete(repositories, user, &id.as_str().into()))?;
            session.done([("deleted", id.as_str().into())], &format!("{id} deleted"))
        }
    }
}

fn show(session: &Session, id: &str) -> Result<Exit, Failure> {
    let key = RecordKey::new(id);
    let instance = session.read(|repositories, user| {
        lifecycle::get(repositories, user, &key)?
            .ok_or_else(|| landfast_domain::Error::NotFound { entity: "task instance", key: id.to_owned() })
    })?;
    let title = format!("{}, {}", instance.task_name.raw(), instance.state().as_str());
    records::show(session, "instance", records::instance_json(&instance), &instance, &title)
}

fn create(session: &Session, new: &NewInstance) -> Result<Exit, Failure> {
    let predicted = payload::from_args(&new.payload)?;
    let now = session.clock.local;
    let instance = session.write(|repositories, user| {
        let key = match &new.id {
            Some(id) => RecordKey::new(id.as_str()),
            None => unused_key::<TaskInstance>(repositories, user, "i", now)?,
        };
        let new = lifecycle::NewInstance { task: new.task.as_str().into(), predicted: predicted.clone() };
        lifecycle::create(repositories, user, new, key, now)
    })?;
    changed(session, &instance)
}

fn complete(session: &Session, fields: &Fields) -> Result<Exit, Failure> {
    let given = payload::from_args(&fields.payload)?;
    let Completion { instance, skipped } = session.write(|repositories, user| {
        lifecycle::complete(repositories, user, &fields.id.as_str().into(), &given, session.clock.local)
    })?;
    for Skipped { columns, obstacle, value } in &skipped {
        let line = format!("not computed: {}, because {obstacle} holds {value:?}", columns.join(", "));
        say(&Style::stderr().warn(&output::safe(&line)));
    }
    if !session.json {
        return changed(session, &instance);
    }
    let skipped: Vec<Value> = skipped
        .iter()
        .map(|skipped| json!({ "columns": skipped.columns, "obstacle": skipped.obstacle, "value": skipped.value }))
        .collect();
    output::print_json(output::document([
        ("instance", records::instance_json(&instance)),
        ("not_computed", skipped.into()),
    ]))?;
    Ok(Exit::Done)
}

/// `landfast tasks backfill`.
pub(super) fn backfill(session: &Session) -> Result<Exit, Failure> {
    let changes = session.write(backfill_attributes_from_json)?;
    let rows = changes.iter().map(|change| &change.key).collect::<std::collections::BTreeSet<_>>().len();
    let cells: Vec<Value> = changes
        .iter()
        .map(|change| json!({ "row": change.row, "key": change.key.as_str(), "instance_id": change.instance_id, "column": change.column, "text": change.text }))
        .collect();
    let line = format!("{rows} instances changed, {} cells filled", changes.len());
    session.done([("rows", rows.into()), ("cells", cells.into())], &line)
}

type Step<'a> = dyn Fn(&mut dyn Repositories, &UserId, &RecordKey) -> landfast_domain::Result<TaskInstance> + 'a;

fn step(
    session: &Session,
    id: &str,
    work: impl Fn(&mut dyn Repositories, &UserId, &RecordKey) -> landfast_domain::Result<TaskInstance>,
) -> Result<Exit, Failure> {
    let work: &Step<'_> = &work;
    let key = RecordKey::new(id);
    let instance = session.write(|repositories, user| work(repositories, user, &key))?;
    changed(session, &instance)
}

fn changed(session: &Session, instance: &TaskInstance) -> Result<Exit, Failure> {
    session.done([("instance", records::instance_json(instance))], &describe(instance))
}

fn due_date(text: Option<&str>) -> Result<Change<Timestamp>, Failure> {
    match text {
        None => Ok(Change::Keep),
        Some("none") => Ok(Change::Clear),
        Some(text) => parse_time("--due", text).map(Change::Set),
    }
}
