//! Presentations and runs.

use super::{Context, Session, answer};
use crate::cli::{RunsWhenArgs, WhenArgs};
use crate::failure::{Exit, Failure};
use crate::output;
use landfast_analytics::{presentations, runs};
use landfast_domain::Repositories;
use landfast_domain::presentations::{JobCursor, PresentationJob};
use landfast_domain::runs::{Run, RunCursor, RunFilter, RunId, RunPage};
use serde_json::Value;

/// Rows read at a time.
const PAGE: usize = 500;

/// `landfast analytics presentations`.
pub(super) fn presentations(context: &Context, when: &WhenArgs) -> Result<Exit, Failure> {
    let (session, document) = presentations_document(context, when)?;
    let headlines = [
        ("jobs", "/jobs/total"),
        ("queued", "/jobs/queued"),
        ("processing", "/jobs/processing"),
        ("completed", "/jobs/completed"),
        ("failed", "/jobs/failed"),
        ("share failed", "/failures/failure_share"),
        ("minutes to completion, median", "/turnaround_minutes/completed/median"),
    ];
    answer(&session, document, "Presentations", &headlines)
}

/// The document of presentations.
pub(super) fn presentations_document(context: &Context, when: &WhenArgs) -> Result<(Session, Value), Failure> {
    let session = Session::open(context, when.now.as_deref(), when.json)?;
    let jobs = session.read(all_jobs)?;
    let document = presentations::document(&jobs, session.clock.utc, &presentations::Limits::default());
    Ok((session, document))
}

fn all_jobs(repositories: &mut dyn Repositories) -> landfast_domain::Result<Vec<PresentationJob>> {
    let (mut jobs, mut after): (Vec<PresentationJob>, Option<JobCursor>) = (Vec::new(), None);
    loop {
        let page = repositories.presentations()?.list(None, after.as_ref(), PAGE)?;
        let at_end = page.len() < PAGE;
        after = page.last().map(JobCursor::of);
        jobs.extend(page);
        if at_end {
            return Ok(jobs);
        }
    }
}

/// `landfast analytics runs`.
pub(super) fn runs(context: &Context, args: &RunsWhenArgs) -> Result<Exit, Failure> {
    if !args.compare.is_empty() {
        let session = Session::open(context, args.when.now.as_deref(), true)?;
        let chosen = session.read(|repositories| {
            let mut chosen = Vec::new();
            for id in &args.compare {
                let missing = || landfast_domain::Error::NotFound { entity: "run", key: id.clone() };
                let run = repositories.runs()?.get(&RunId::existing(id.as_str()))?;
                chosen.push(run.ok_or_else(missing)?);
            }
            Ok(chosen)
        })?;
        let chosen: Vec<&Run> = chosen.iter().collect();
        let comparison = runs::compare(&chosen).map_err(|error| Failure::usage(error.to_string()))?;
        let comparison = serde_json::to_value(comparison)
            .map_err(|error| Failure::failed(format!("cannot render the comparison as JSON: {error}")))?;
        output::print_json(output::document([("comparison", comparison)]))?;
        return Ok(Exit::Done);
    }
    let (session, document) = runs_document(context, &args.when)?;
    let headlines = [
        ("runs", "/outcomes/total"),
        ("complete", "/outcomes/complete"),
        ("failed", "/outcomes/error"),
        ("share of success", "/outcomes/success_share"),
        ("trends", "/trends"),
    ];
    answer(&session, document, "Runs", &headlines)
}

/// The document of runs.
pub(super) fn runs_document(context: &Context, when: &WhenArgs) -> Result<(Session, Value), Failure> {
    let session = Session::open(context, when.now.as_deref(), when.json)?;
    let all = session.read(all_runs)?;
    Ok((session, runs::document(&all)))
}

fn all_runs(repositories: &mut dyn Repositories) -> landfast_domain::Result<Vec<Run>> {
    let (mut runs, mut page_at): (Vec<Run>, RunPage) = (Vec::new(), RunPage::Offset(0));
    loop {
        let page = repositories.runs()?.list(&RunFilter::default(), &page_at, PAGE)?;
        let at_end = page.len() < PAGE;
        if let Some(last) = page.last() {
            page_at = RunPage::After(RunCursor::of(last));
        }
        runs.extend(page);
        if at_end {
            return Ok(runs);
        }
    }
}
