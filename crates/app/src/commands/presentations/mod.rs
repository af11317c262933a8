//! `landfast presentations`: the queue of rendering jobs, on every store.

mod care;
mod files;
mod jobs;
mod lists;
mod steps;
mod work;

use super::Context;
use super::session::Session;
use crate::cli::{PresentationsArgs, PresentationsVerb};
use crate::failure::{Exit, Failure};

/// Runs a verb.
pub(super) fn run(context: &Context, args: PresentationsArgs) -> Result<Exit, Failure> {
    if matches!(args.verb, PresentationsVerb::Work(_)) && args.at.is_some() {
        return Err(Failure::usage("--at is not for `work`: leases need a clock that goes on"));
    }
    let session = Session::open(context, args.at.as_deref(), args.json)?;
    match args.verb {
        PresentationsVerb::List { status, limit, after } => {
            lists::list(&session, status.as_deref(), limit, after.as_deref())
        }
        PresentationsVerb::Show { id } => lists::show(&session, &id),
        PresentationsVerb::Counts => lists::counts(&session),
        PresentationsVerb::Create(args) => steps::create(&session, &args),
        PresentationsVerb::Claim(args) => steps::claim(&session, &args),
        PresentationsVerb::Heartbeat(args) => steps::heartbeat(&session, &args),
        PresentationsVerb::Report(args) => steps::report(&session, &args),
        PresentationsVerb::Finish(args) => steps::finish(&session, &args),
        PresentationsVerb::Fail(args) => steps::fail(&session, &args),
        PresentationsVerb::Release(args) => steps::release(&session, &args),
        PresentationsVerb::Cancel { id } => steps::cancel(&session, &id),
        PresentationsVerb::Retry { id } => steps::retry(&session, &id),
        PresentationsVerb::Delete { id } => steps::delete(&session, &id),
        PresentationsVerb::Recover(args) => care::recover(&session, &args),
        PresentationsVerb::Clean(args) => care::clean(&session, &args),
        PresentationsVerb::Work(args) => work::run(context, &session, &args),
    }
}
