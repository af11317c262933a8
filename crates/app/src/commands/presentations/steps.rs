//! Steps of a job's life, one a call.

use super::jobs;
use crate::cli::{AttemptArgs, ClaimArgs, CreateArgs, FailArgs, FinishArgs, HeartbeatArgs, ReportArgs};
use crate::clock::{new_id, parse_time};
use crate::commands::session::{Session, utc};
use crate::failure::{Exit, Failure};
use crate::payload;
use landfast_domain::instant::later;
use landfast_domain::json::{JsonKind, top_level_kind};
use landfast_domain::presentations::queue::{self, NewJob};
use landfast_domain::presentations::request::{MAX_SLIDES, Names, PresentationRequest};
use landfast_domain::presentations::state::{AfterFailure, Report};
use landfast_domain::presentations::{Claim, JobId, PresentationJob, PresentationRepository, RequestText, files};
use landfast_domain::time::Timestamp;
use serde_json::Value;
use std::time::Duration;

/// `landfast presentations create`.
pub(super) fn create(session: &Session, args: &CreateArgs) -> Result<Exit, Failure> {
    let request = request(session, args)?;
    let id = JobId::new(args.id.clone().unwrap_or_else(new_id)).map_err(|error| session.failure(error))?;
    let run_at = args.run_at.as_deref().map(|text| parse_time("--run-at", text)).transpose()?;
    let created = session.write(|repositories| {
        let new = NewJob {
            id: id.clone(),
            request: request.clone(),
            priority: args.priority,
            run_at,
            max_attempts: args.max_attempts,
            idempotency_key: args.idempotency_key.clone(),
        };
        queue::create(repositories.presentations()?, new, session.clock.utc)
    })?;
    let line = if created.is_new {
        jobs::describe(&created.job)
    } else {
        format!("{}; a job with this key was there already", jobs::describe(&created.job))
    };
    session.done([("job", jobs::to_json(&created.job)), ("is_new", created.is_new.into())], &line)
}

/// The request that is kept.
fn request(session: &Session, args: &CreateArgs) -> Result<RequestText, Failure> {
    let text = payload::read_file("--request", &args.request)?;
    let text = text.trim().to_owned();
    if args.unchecked {
        return match top_level_kind(&text) {
            Ok(JsonKind::Object) => Ok(RequestText(text)),
            Ok(_) => Err(Failure::usage("the request is not a JSON object")),
            Err(error) => Err(Failure::usage(format!("the request is not JSON: {error}"))),
        };
    }
    let names = if args.camel { Names::Camel } else { Names::Snake };
    let (request, problems) = PresentationRequest::read(&text, names);
    request.validate(MAX_SLIDES).map_err(|error| session.failure(error))?;
    if !problems.is_empty() {
        let list: Vec<String> = problems
            .iter()
            .map(|problem| {
                let field = if problem.field.is_empty() { "the request" } else { problem.field };
                format!("{field} must be {}", problem.expected)
            })
            .collect();
        return Err(Failure::usage(format!("the request cannot be taken: {}", list.join("; ")))
            .hint("correct it, or take it as it is with --unchecked"));
    }
    Ok(if args.camel { request.to_text() } else { RequestText(text) })
}

/// `landfast presentations claim`.
pub(super) fn claim(session: &Session, args: &ClaimArgs) -> Result<Exit, Failure> {
    let now = session.clock.utc;
    let claim = Claim { worker: args.worker.clone(), now, lease_until: lease_until(now, args.lease) };
    let job = session.write(|repositories| queue::claim(repositories.presentations()?, &claim))?;
    let line = job.as_ref().map_or_else(|| "there is nothing to do now".to_owned(), jobs::describe);
    let attempt = job.as_ref().map(|job| job.queue.attempts);
    session.done([("job", job.as_ref().map(jobs::with_request).into()), ("attempt", attempt.into())], &line)
}

/// End of a lease that begins now.
pub(super) fn lease_until(now: Timestamp, seconds: u64) -> Timestamp {
    later(now, Duration::from_secs(seconds))
}

/// `landfast presentations heartbeat`.
pub(super) fn heartbeat(session: &Session, args: &HeartbeatArgs) -> Result<Exit, Failure> {
    let now = session.clock.utc;
    let until = lease_until(now, args.lease);
    let id = JobId::existing(&args.job.id);
    let stop = session
        .write(|repositories| queue::heartbeat(repositories.presentations()?, &id, args.job.attempt, now, until))?;
    told(session, &id, stop, [("lease_until", utc(until).into())])
}

/// `landfast presentations report`.
pub(super) fn report(session: &Session, args: &ReportArgs) -> Result<Exit, Failure> {
    let report = Report {
        progress: args.progress,
        created_files: args.files.clone(),
        provider_ids: args.provider_ids.clone(),
        slide_image_path: args.slide_image.clone(),
    };
    if report == Report::default() {
        return Err(Failure::usage("nothing to report").hint("give --progress, --file, --provider-id or --slide-image"));
    }
    let id = JobId::existing(&args.job.id);
    let stop =
        session.write(|repositories| queue::report(repositories.presentations()?, &id, args.job.attempt, &report))?;
    told(session, &id, stop, [("progress", args.progress.into())])
}

/// What a worker hears after a report.
fn told(session: &Session, id: &JobId, stop: bool, [more]: [(&str, Value); 1]) -> Result<Exit, Failure> {
    let line =
        if stop { format!("{id}: noted; stop, the job is to be cancelled") } else { format!("{id}: noted; go on") };
    session.done([("id", id.as_str().into()), ("stop", stop.into()), more], &line)
}

/// `landfast presentations finish`.
pub(super) fn finish(session: &Session, args: &FinishArgs) -> Result<Exit, Failure> {
    let id = JobId::existing(&args.job.id);
    let video = args.video_url.clone().unwrap_or_else(|| files::video_url(&id));
    changed(session, |repository| {
        queue::finish(repository, &id, args.job.attempt, &video, args.thumbnail_url.as_deref(), session.clock.utc)
    })
}

/// `landfast presentations fail`.
pub(super) fn fail(session: &Session, args: &FailArgs) -> Result<Exit, Failure> {
    let (id, jitter) = (JobId::existing(&args.job.id), jobs::jitter());
    let (job, after) = session.write(|repositories| {
        queue::fail(
            repositories.presentations()?,
            &id,
            args.job.attempt,
            &args.error,
            !args.no_retry,
            &jobs::back_off(args.back_off),
            jitter,
            session.clock.utc,
        )
    })?;
    let retried = after == AfterFailure::Queued;
    session.done([("job", jobs::to_json(&job)), ("queued_again", retried.into())], &jobs::describe(&job))
}

/// `landfast presentations release`.
pub(super) fn release(session: &Session, args: &AttemptArgs) -> Result<Exit, Failure> {
    let id = JobId::existing(&args.id);
    changed(session, |repository| queue::release(repository, &id, args.attempt, session.clock.utc))
}

/// `landfast presentations cancel`.
pub(super) fn cancel(session: &Session, id: &str) -> Result<Exit, Failure> {
    changed(session, |repository| queue::cancel(repository, &JobId::existing(id), session.clock.utc))
}

/// `landfast presentations retry`.
pub(super) fn retry(session: &Session, id: &str) -> Result<Exit, Failure> {
    changed(session, |repository| queue::retry(repository, &JobId::existing(id), session.clock.utc))
}

/// `landfast presentations delete`.
pub(super) fn delete(session: &Session, id: &str) -> Result<Exit, Failure> {
    session
        .write(|repositories| queue::delete(repositories.presentations()?, &JobId::existing(id), session.clock.utc))?;
    session.done([("deleted", id.into())], &format!("{id} deleted; its files stay"))
}

type Step<'a> = dyn Fn(&mut dyn PresentationRepository) -> landfast_domain::Result<PresentationJob> + 'a;

fn changed(
    session: &Session,
    step: impl Fn(&mut dyn PresentationRepository) -> landfast_domain::Result<PresentationJob>,
) -> Result<Exit, Failure> {
    let step: &Step<'_> = &step;
    let job = session.write(|repositories| step(repositories.presentations()?))?;
    session.done([("job", jobs::to_json(&job))], &jobs::describe(&job))
}
