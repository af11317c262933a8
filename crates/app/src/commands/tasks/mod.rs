//! `landfast tasks`: the same verbs on every store.

mod averages;
mod emotions;
mod instance;
mod instances;
mod jobs;
mod notes;
mod preferences;
mod records;
mod templates;

use super::Context;
use crate::backend::{self, Opened};
use crate::cli::{TasksArgs, TasksVerb};
use crate::clock::Clock;
use crate::failure::{Exit, Failure};
use crate::output;
use landfast_domain::Repositories;
use landfast_domain::accounts::UserId;
use landfast_domain::tasks::TaskInstance;
use serde_json::Value;

/// What every verb works with.
pub(super) struct Session {
    opened: Opened,
    user: UserId,
    clock: Clock,
    json: bool,
}

impl Session {
    /// Runs a read transaction; a failure names the store.
    fn read<T>(
        &self,
        mut work: impl FnMut(&mut dyn Repositories, &UserId) -> landfast_domain::Result<T>,
    ) -> Result<T, Failure> {
        self.opened.store.read(|repositories| work(repositories, &self.user)).map_err(|error| self.failure(error))
    }

    /// Runs a write transaction; a failure names the store, and nothing was changed.
    fn write<T>(
        &self,
        mut work: impl FnMut(&mut dyn Repositories, &UserId) -> landfast_domain::Result<T>,
    ) -> Result<T, Failure> {
        self.opened.store.write(|repositories| work(repositories, &self.user)).map_err(|error| self.failure(error))
    }

    fn failure(&self, error: landfast_domain::Error) -> Failure {
        use landfast_domain::Error;
        let hint = match &error {
            Error::NotFound { entity: "task", .. } => Some("`landfast tasks list` shows the keys"),
            Error::NotFound { entity: "task instance", .. } => Some("`landfast tasks instances` shows the keys"),
            Error::NotFound { entity: "job", .. } => Some("`landfast tasks jobs list` shows the keys"),
            Error::NotFound { .. } => Some("check the key and --user"),
            Error::Transition { .. } => Some("`landfast tasks instance show KEY` shows its times"),
            Error::Conflict { .. } => Some("choose another key"),
            Error::Busy { .. } | Error::SerializationFailure(_) => Some("try again in a moment"),
            Error::Corrupt { .. } => Some("mend the cell in the source file and import again"),
            Error::Backend(_) => Some("`landfast doctor` checks the store"),
            _ => None,
        };
        let failure = Failure::from(error).at(&self.opened.place);
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }

    /// Reports a change: JSON, or a line.
    fn done<const N: usize>(&self, entries: [(&str, Value); N], line: &str) -> Result<Exit, Failure> {
        if self.json {
            output::print_json(output::document(entries))?;
        } else {
            output::print(&format!("{}\n", output::safe(line)))?;
        }
        Ok(Exit::Done)
    }
}

/// Runs a verb.
pub(super) fn run(context: &Context, args: TasksArgs) -> Result<Exit, Failure> {
    let clock = Clock::at(args.at.as_deref())?;
    let opened = backend::open_store(context)?;
    let session = Session { opened, user: context.user.clone(), clock, json: args.json };
    match args.verb {
        TasksVerb::List { recent } => templates::list(&session, recent),
        TasksVerb::Show { id } => templates::show(&session, &id),
        TasksVerb::Create { name, fields, id } => templates::create(&session, &name, &fields, id.as_deref()),
        TasksVerb::Update { id, name, fields } => templates::update(&session, &id, name, &fields),
        TasksVerb::Delete { id } => templates::delete(&session, &id),
        TasksVerb::Instances(args) => instances::list(&session, &args),
        TasksVerb::Instance(args) => instance::run(&session, args.verb),
        TasksVerb::Averages(args) => averages::averages(&session, args.task_id.as_deref()),
        TasksVerb::Answers => averages::answers(&session),
        TasksVerb::Backfill => instance::backfill(&session),
        TasksVerb::Emotions { verb } => emotions::run(&session, verb),
        TasksVerb::Notes { verb } => notes::run(&session, verb),
        TasksVerb::Preferences { verb } => preferences::run(&session, verb),
        TasksVerb::Jobs { verb } => jobs::run(&session, verb),
    }
}

/// Text of a list of texts, one a line, or as JSON under this name.
fn print_words(session: &Session, name: &str, words: &[String]) -> Result<Exit, Failure> {
    if session.json {
        output::print_json(output::document([(name, words.into())]))?;
    } else {
        let lines: String = words.iter().map(|word| output::safe(word) + "\n").collect();
        output::print(&lines)?;
    }
    Ok(Exit::Done)
}

/// A short description of an instance for messages.
fn describe(instance: &TaskInstance) -> String {
    format!("{} {} ({})", instance.key, instance.state().as_str(), instance.task_name.raw())
}
