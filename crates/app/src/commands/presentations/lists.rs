//! Looking at jobs.

use super::jobs;
use crate::clock::parse_time;
use crate::commands::session::{Session, counted, seconds};
use crate::failure::{Exit, Failure};
use crate::output::{self, Align, Page, Table};
use landfast_domain::presentations::{JobCursor, JobId, JobStatus, PresentationJob, queue};
use serde_json::{Map, Value};

/// `landfast presentations list`.
pub(super) fn list(
    session: &Session,
    status: Option<&str>,
    limit: usize,
    after: Option<&str>,
) -> Result<Exit, Failure> {
    let status = status.map(JobStatus::read);
    let after = after.map(place).transpose()?;
    // One more than is shown tells whether the list goes on.
    let mut jobs = session.read(|repositories| {
        repositories.presentations()?.list(status.as_ref(), after.as_ref(), limit.saturating_add(1))
    })?;
    let goes_on = jobs.len() > limit;
    jobs.truncate(limit);
    let next = jobs.last().filter(|_| goes_on).map(|job| format!("{}/{}", job.created_at.to_iso_text(), job.id));
    let entries = || {
        let entries: Vec<Value> = jobs.iter().map(jobs::to_json).collect();
        [("jobs", entries.into()), ("next", next.clone().into())]
    };
    let table = || {
        let columns = [
            ("id", Align::Left),
            ("status", Align::Left),
            ("progress", Align::Right),
            ("attempt", Align::Right),
            ("created (UTC)", Align::Left),
            ("worker or error", Align::Left),
        ];
        let mut table = Table::new(&columns);
        for job in &jobs {
            let owner = job.queue.lease.as_ref().map(|lease| lease.owner.clone());
            table.row([
                job.id.to_string(),
                job.status.to_string(),
                format!("{:.0} %", job.shown_progress()),
                job.queue.attempts.to_string(),
                seconds(job.created_at),
                owner.or_else(|| job.error.clone()).unwrap_or_default(),
            ]);
        }
        table
    };
    let foot = next.as_ref().map(|next| format!("goes on with --after {next}"));
    session.list(entries, &format!("{}, newest first", counted(&jobs, "job")), table, foot.as_deref())
}

fn place(text: &str) -> Result<JobCursor, Failure> {
    let (time, id) = text.split_once('/').ok_or_else(|| {
        Failure::usage(format!("--after {text:?} is no place in the list"))
            .hint("give what the page before names: TIME/ID")
    })?;
    Ok(JobCursor { created_at: parse_time("--after", time)?, id: JobId::existing(id) })
}

/// `landfast presentations show`.
pub(super) fn show(session: &Session, id: &str) -> Result<Exit, Failure> {
    let job = session.read(|repositories| queue::require(repositories.presentations()?, &JobId::existing(id)))?;
    if session.json {
        output::print_json(output::document([("job", jobs::with_request(&job))]))?;
        return Ok(Exit::Done);
    }
    let mut page = Page::new();
    page.heading(&output::safe(&format!("{id}, {}", job.status)));
    page.pairs(&facts(&job));
    if let Some(request) = &job.request {
        page.heading("Request");
        for line in request.0.lines() {
            page.line(&format!("  {}", output::safe(line)));
        }
    }
    page.print()?;
    Ok(Exit::Done)
}

fn facts(job: &PresentationJob) -> Vec<(&'static str, String)> {
    let queue = &job.queue;
    let list = |list: &[String]| (!list.is_empty()).then(|| list.join(", "));
    let facts = [
        ("progress", Some(format!("{} %", job.shown_progress()))),
        ("attempt", Some(format!("{} of {}", queue.attempts, queue.max_attempts))),
        ("priority", Some(queue.priority.to_string())),
        ("made (UTC)", Some(seconds(job.created_at))),
        ("not before (UTC)", (job.status == JobStatus::Queued).then(|| seconds(queue.run_at))),
        ("worker", queue.lease.as_ref().map(|lease| lease.owner.clone())),
        ("lease until (UTC)", queue.lease.as_ref().map(|lease| seconds(lease.expires_at))),
        ("heartbeat (UTC)", job.last_heartbeat.map(seconds)),
        ("ended (UTC)", job.completed_at.map(seconds)),
        ("cancelling", queue.cancel_requested.then(|| "asked to stop".to_owned())),
        ("error", job.error.clone()),
        ("note", queue.note.clone()),
        ("video", job.video_url.clone()),
        ("thumbnail", job.thumbnail_url.clone()),
        ("slide image", job.slide_image_path.clone()),
        ("found video", queue.found_video.clone()),
        ("files", list(&job.created_files)),
        ("provider ids", list(&queue.provider_ids)),
        ("idempotency key", queue.idempotency_key.clone()),
        ("to be removed (UTC)", queue.removal_marked_at.map(seconds)),
        ("request", job.request.is_none().then(|| "none is kept; nobody can work on the job".to_owned())),
    ];
    facts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// `landfast presentations counts`.
pub(super) fn counts(session: &Session) -> Result<Exit, Failure> {
    let counts = session.read(|repositories| repositories.presentations()?.count_by_status())?;
    let total: u64 = counts.iter().map(|(_, count)| count).sum();
    let entries = || {
        let map: Map<String, Value> =
            counts.iter().map(|(status, count)| (status.to_string(), (*count).into())).collect();
        [("counts", map.into()), ("total", total.into())]
    };
    let table = || {
        let mut table = Table::new(&[("status", Align::Left), ("jobs", Align::Right)]);
        for (status, count) in &counts {
            table.row([status.to_string(), output::count(*count)]);
        }
        table
    };
    session.list(entries, &output::counted(total, "job"), table, None)
}
