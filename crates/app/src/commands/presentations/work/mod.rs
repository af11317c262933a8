//! `landfast presentations work`: a worker.
//!
//! It claims a job, renders it with a command or only walks the steps of a rendering, and ends it. Meanwhile
//! it sends heartbeats, and looks at whether it shall stop: because the job is cancelled or was given to
//! somebody else, or because the person pressed Ctrl-C.

mod command;
mod pulse;
mod walk;

use super::jobs;
use super::steps::lease_until;
use crate::cli::WorkArgs;
use crate::clock::{self, Clock};
use crate::commands::Context;
use crate::commands::session::Session;
use crate::failure::{Exit, Failure};
use crate::interrupt::Interrupt;
use crate::output;
use landfast_domain::presentations::state::AfterFailure;
use landfast_domain::presentations::{CANCELLED, Claim, JobId, PresentationJob, PresentationRepository, files, queue};
use landfast_domain::{Error, Result as DomainResult};
use pulse::Pulse;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// Rest between two looks at an empty queue.
const POLL: Duration = Duration::from_secs(1);

/// Greatest random rest between two jobs, in milliseconds. On SQLite, whoever asks at once again would take
/// nearly every job.
const FAIRNESS_MS: u32 = 20;

/// How rendering ended.
enum Rendered {
    /// The video is there; addresses, if the renderer told them.
    Done { video_url: Option<String>, thumbnail_url: Option<String> },
    /// It did not work, for this reason.
    Broken(String),
    /// The worker has to stop.
    Stopped(Stop),
}

/// Why a worker stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    /// The job is to be cancelled.
    Cancelled,
    /// The job belongs to somebody else, or is gone.
    Lost,
    /// The person wants the worker to end.
    Interrupted,
}

/// A worker.
struct Worker<'a> {
    session: &'a Session,
    args: &'a WorkArgs,
    name: String,
    interrupt: Interrupt,
}

/// Runs a worker until there is nothing to do, the limit is reached, or it is interrupted.
pub(super) fn run(context: &Context, session: &Session, args: &WorkArgs) -> Result<Exit, Failure> {
    let interrupt = Interrupt::listen("stopping; the job goes back into the queue")?;
    let name = args.worker.clone().unwrap_or_else(crate::process::holder);
    let worker = Worker { session, args, name, interrupt };
    let mut outcomes: Vec<(JobId, u32, &'static str)> = Vec::new();
    let mut ended = 0_u64;
    while !worker.interrupt.is_set() && args.limit.is_none_or(|limit| ended < limit) {
        let Some(job) = worker.claim()? else {
            if args.drain {
                break;
            }
            worker.doze(POLL);
            continue;
        };
        let outcome = worker.work_on(&job)?;
        ended += 1;
        context.say(&format!("{} {outcome} (attempt {})", output::safe(job.id.as_str()), job.queue.attempts));
        // A worker may go on for months; only one that ends by itself keeps the list.
        if args.drain || args.limit.is_some() {
            outcomes.push((job.id, job.queue.attempts, outcome));
        }
        worker.doze(Duration::from_millis((clock::random() % FAIRNESS_MS).into()));
    }
    report(session, &worker.name, &outcomes, ended)?;
    Ok(if worker.interrupt.is_set() { Exit::Interrupted } else { Exit::Done })
}

fn report(session: &Session, worker: &str, outcomes: &[(JobId, u32, &'static str)], ended: u64) -> Result<(), Failure> {
    let mut counts: Map<String, Value> = Map::new();
    for (_, _, outcome) in outcomes {
        let count = counts.get(*outcome).and_then(Value::as_u64).unwrap_or(0);
        counts.insert((*outcome).to_owned(), (count + 1).into());
    }
    let parts: Vec<String> = counts.iter().map(|(outcome, count)| format!("{count} {outcome}")).collect();
    let detail = if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) };
    let list: Vec<Value> = outcomes
        .iter()
        .map(|(id, attempt, outcome)| json!({ "id": id.as_str(), "attempt": attempt, "outcome": outcome }))
        .collect();
    let line = format!("{worker} worked on {}{detail}", output::counted(ended, "job"));
    let entries =
        [("worker", worker.into()), ("worked_on", ended.into()), ("counts", counts.into()), ("jobs", list.into())];
    session.done(entries, &line).map(drop)
}

impl Worker<'_> {
    fn claim(&self) -> Result<Option<PresentationJob>, Failure> {
        self.session.write(|repositories| {
            let now = Clock::now().utc;
            let lease_until = lease_until(now, self.args.lease);
            queue::claim(repositories.presentations()?, &Claim { worker: self.name.clone(), now, lease_until })
        })
    }

    /// Renders a job and ends it; tells how.
    fn work_on(&self, job: &PresentationJob) -> Result<&'static str, Failure> {
        let mut pulse = Pulse::new(self, job);
        let rendered = match &self.args.command {
            Some(command) => command::render(&mut pulse, job, command)?,
            None => walk::walk(&mut pulse, job, Duration::from_millis(self.args.step_delay))?,
        };
        let (id, attempt) = (&job.id, job.queue.attempts);
        let ended = match rendered {
            Rendered::Done { video_url, thumbnail_url } => self.step(|repository| {
                let video = video_url.clone().unwrap_or_else(|| files::video_url(id));
                queue::finish(repository, id, attempt, &video, thumbnail_url.as_deref(), Clock::now().utc)?;
                Ok("completed")
            })?,
            Rendered::Broken(error) => self.give_up(job, &error, true)?,
            Rendered::Stopped(Stop::Cancelled) => self.give_up(job, CANCELLED, false)?,
            Rendered::Stopped(Stop::Interrupted) => self.step(|repository| {
                queue::release(repository, id, attempt, Clock::now().utc)?;
                Ok("released")
            })?,
            Rendered::Stopped(Stop::Lost) => None,
        };
        Ok(ended.unwrap_or("lost"))
    }

    fn give_up(&self, job: &PresentationJob, error: &str, may_retry: bool) -> Result<Option<&'static str>, Failure> {
        let (jitter, back_off) = (jobs::jitter(), jobs::back_off(self.args.back_off));
        self.step(|repository| {
            let now = Clock::now().utc;
            let (job, after) =
                queue::fail(repository, &job.id, job.queue.attempts, error, may_retry, &back_off, jitter, now)?;
            Ok(match after {
                AfterFailure::Queued => "failed for now",
                AfterFailure::Failed if job.is_cancelled() => "cancelled",
                AfterFailure::Failed => "failed",
            })
        })
    }

    /// A step in a transaction of its own; `None` when the job is no longer this worker's.
    fn step<T>(
        &self,
        mut step: impl FnMut(&mut dyn PresentationRepository) -> DomainResult<T>,
    ) -> Result<Option<T>, Failure> {
        match self.session.opened.store.write(|repositories| step(repositories.presentations()?)) {
            Ok(value) => Ok(Some(value)),
            Err(Error::Transition { .. } | Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.session.failure(error)),
        }
    }

    /// Rests, but not longer than until Ctrl-C.
    fn doze(&self, span: Duration) {
        pulse::rest(span, || self.interrupt.is_set());
    }
}
