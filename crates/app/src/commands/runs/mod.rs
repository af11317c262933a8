//! `landfast runs`: analysis runs, on every store.

mod change;
mod lists;

use super::Context;
use super::session::Session;
use crate::cli::{RunsArgs, RunsVerb};
use crate::failure::{Exit, Failure};
use crate::payload;
use landfast_domain::runs::RunStatus;
use landfast_domain::runs::manager::{RunChange, RunError};

/// Runs a verb.
pub(super) fn run(context: &Context, args: RunsArgs) -> Result<Exit, Failure> {
    let session = Session::open(context, args.at.as_deref(), args.json)?;
    match args.verb {
        RunsVerb::List(args) => lists::list(&session, &args),
        RunsVerb::Show { id } => lists::show(&session, &id),
        RunsVerb::Files { id } => lists::files(&session, &id),
        RunsVerb::Create(args) => change::create(&session, args),
        RunsVerb::Update(args) => change::update(&session, *args),
        RunsVerb::Complete { id, results } => {
            let results_summary =
                results.as_deref().map(|text| payload::text_or_file("--results", text)).transpose()?;
            let status = Some(RunStatus::Complete);
            let change = RunChange { status, progress_percent: Some(100), results_summary, ..RunChange::default() };
            change::apply(&session, &id, &change)
        }
        RunsVerb::Fail { id, stage, code, message } => {
            let error = Some(RunError { stage, code, message });
            let change = RunChange { status: Some(RunStatus::Error), error, ..RunChange::default() };
            change::apply(&session, &id, &change)
        }
        RunsVerb::Delete { id } => change::delete(&session, &id),
        RunsVerb::Clean(args) => change::clean(&session, &args),
    }
}
