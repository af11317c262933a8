//! Making, changing and removing runs.

use super::lists::to_json;
use crate::cli::{CleanRunsArgs, CreateRunArgs, UpdateRunArgs};
use crate::clock::random;
use crate::commands::session::{Session, seconds};
use crate::failure::{Exit, Failure};
use crate::output::{self, Align, Table};
use crate::payload;
use landfast_domain::runs::manager::{self, NewRun, RunChange, RunError};
use landfast_domain::runs::{Run, RunId, RunStatus, retention};
use serde_json::Value;
use std::time::Duration;

/// Runs removed in one transaction.
const BATCH: usize = 500;

/// `landfast runs create`.
pub(super) fn create(session: &Session, args: CreateRunArgs) -> Result<Exit, Failure> {
    let now = session.clock.utc;
    let explicit = RunId::explicit(args.id.as_deref().unwrap_or_default()).map_err(|error| session.failure(error))?;
    let id = explicit.unwrap_or_else(|| RunId::generate(now, random()));
    let metadata = args.metadata.as_deref().map(|text| payload::text_or_file("--metadata", text)).transpose()?;
    let new = NewRun { id, source: args.source, jetstream_id: args.jetstream_id, metadata };
    let run = session.write(|repositories| manager::create(repositories.runs()?, new.clone(), now))?;
    session.done([("run", to_json(&run))], &describe(&run))
}

/// `landfast runs update`.
pub(super) fn update(session: &Session, args: UpdateRunArgs) -> Result<Exit, Failure> {
    let error = match (args.error_stage, args.error_code, args.error_message) {
        (Some(stage), Some(code), Some(message)) => Some(RunError { stage, code, message }),
        _ => None,
    };
    let change = RunChange {
        status: args.status.as_deref().map(RunStatus::read),
        stage: args.stage,
        progress_percent: args.progress,
        error,
        results_summary: args.results.as_deref().map(|text| payload::text_or_file("--results", text)).transpose()?,
        files: (!args.files.is_empty()).then_some(args.files),
    };
    if change == RunChange::default() {
        return Err(
            Failure::usage("nothing to change").hint("give at least one field, for instance --status or --progress")
        );
    }
    apply(session, &args.id, &change)
}

/// Changes a run and reports it.
pub(super) fn apply(session: &Session, id: &str, change: &RunChange) -> Result<Exit, Failure> {
    let id = RunId::existing(id);
    let run = session.write(|repositories| manager::update(repositories.runs()?, &id, change, session.clock.utc))?;
    session.done([("run", to_json(&run))], &describe(&run))
}

/// `landfast runs delete`.
pub(super) fn delete(session: &Session, id: &str) -> Result<Exit, Failure> {
    session.write(|repositories| manager::delete(repositories.runs()?, &RunId::existing(id)))?;
    session.done([("deleted", id.into())], &format!("{id} deleted; its files stay"))
}

/// `landfast runs clean`.
pub(super) fn clean(session: &Session, args: &CleanRunsArgs) -> Result<Exit, Failure> {
    let age = Duration::from_secs(u64::from(args.older_than) * 24 * 60 * 60);
    let now = session.clock.utc;
    let runs = if args.execute {
        let mut all = Vec::new();
        loop {
            let batch = session.write(|repositories| retention::delete_older(repositories.runs()?, age, now, BATCH))?;
            if batch.is_empty() {
                break all;
            }
            all.extend(batch);
        }
    } else {
        session.read(|repositories| retention::plan(repositories.runs()?, age, now, usize::MAX))?
    };
    let entries = || {
        let entries: Vec<Value> = runs.iter().map(to_json).collect();
        [("dry_run", (!args.execute).into()), ("runs", entries.into())]
    };
    let table = || {
        let columns =
            [("id", Align::Left), ("status", Align::Left), ("ended (UTC)", Align::Left), ("directory", Align::Left)];
        let mut table = Table::new(&columns);
        for run in &runs {
            let ended = run.ended_at().map(seconds).unwrap_or_default();
            table.row([run.id.as_str(), run.status.as_str(), &ended, &run.directory]);
        }
        table
    };
    let number = u64::try_from(runs.len()).unwrap_or(u64::MAX);
    let state = if args.execute { "removed; directories stay" } else { "old enough to go" };
    let foot = (number > 0 && !args.execute).then_some("nothing was changed; --execute removes");
    session.list(entries, &format!("{} {state}", output::counted(number, "run")), table, foot)
}

fn describe(run: &Run) -> String {
    let mut text = format!("{} {}", run.id, run.status);
    if let Some(progress) = run.progress_percent {
        text.push_str(&format!(" ({progress} %)"));
    }
    if let Some(stage) = &run.current_stage {
        text.push_str(&format!(", {stage}"));
    }
    text
}
