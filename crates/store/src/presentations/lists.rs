//! Lists of jobs.

use diesel::prelude::*;
use landfast_domain::presentations::{JobCursor, JobId, JobStatus, PresentationJob, RetentionLimits};
use landfast_domain::time::Timestamp;
use landfast_domain::{Error as DomainError, Result as DomainResult};

use super::row::JobRow;
use crate::exact::{column_time, index_text};
use crate::schema::presentation_jobs;
use crate::transaction::{Transaction, query};

pub(super) fn by_creation(
    transaction: &mut Transaction<'_>,
    status: Option<&JobStatus>,
    after: Option<&JobCursor>,
    limit: usize,
) -> DomainResult<Vec<PresentationJob>> {
    let rows = query!(transaction, |conn| {
        let mut wanted = presentation_jobs::table
            .order((presentation_jobs::created_at.desc(), presentation_jobs::id.asc()))
            .limit(limit_of(limit))
            .select(JobRow::as_select())
            .into_boxed();
        if let Some(status) = status {
            wanted = wanted.filter(presentation_jobs::status.eq(index_text(status.as_str())));
        }
        if let Some(after) = after {
            let time = column_time(after.created_at);
            wanted = wanted.filter(presentation_jobs::created_at.le(time.clone())).filter(
                presentation_jobs::created_at.lt(time).or(presentation_jobs::id.gt(index_text(after.id.as_str()))),
            );
        }
        wanted.load(conn)
    })?;
    into_jobs(rows)
}

pub(super) fn count_by_status(transaction: &mut Transaction<'_>) -> DomainResult<Vec<(JobStatus, u64)>> {
    let counts: Vec<(String, i64)> = query!(transaction, |conn| presentation_jobs::table
        .group_by(presentation_jobs::status)
        .select((presentation_jobs::status, diesel::dsl::count_star()))
        .load(conn))?;
    let mut found = Vec::with_capacity(counts.len());
    for (text, count) in counts {
        let status = match JobStatus::read(&text) {
            // Its column may hold the beginning only.
            JobStatus::Other(text) => whole_status(transaction, text)?,
            status => status,
        };
        found.push((status, u64::try_from(count).map_err(DomainError::backend)?));
    }
    found.sort_by(|(a, _), (b, _)| a.as_str().cmp(b.as_str()));
    Ok(found)
}

pub(super) fn lost(
    transaction: &mut Transaction<'_>,
    now: Timestamp,
    after: Option<&JobId>,
    limit: usize,
) -> DomainResult<Vec<PresentationJob>> {
    let rows = query!(transaction, |conn| {
        let unleased = presentation_jobs::lease_expires_at.is_null();
        let expired = presentation_jobs::lease_expires_at.le(column_time(now));
        let is_processing = presentation_jobs::status.eq(JobStatus::Processing.as_str());
        let is_queued = presentation_jobs::status.eq(JobStatus::Queued.as_str());
        let without_request = presentation_jobs::request.is_null();
        let mut wanted = presentation_jobs::table
            .filter(
                (is_processing.nullable().and(unleased.or(expired)))
                    .or(is_queued.nullable().and(without_request.and(unleased))),
            )
            .order(presentation_jobs::id.asc())
            .limit(limit_of(limit))
            .select(JobRow::as_select())
            .into_boxed();
        if let Some(after) = after {
            wanted = wanted.filter(presentation_jobs::id.gt(index_text(after.as_str())));
        }
        wanted.load(conn)
    })?;
    into_jobs(rows)
}

pub(super) fn removable(
    transaction: &mut Transaction<'_>,
    limits: &RetentionLimits,
    after: Option<&JobId>,
    limit: usize,
) -> DomainResult<Vec<PresentationJob>> {
    let rows = query!(transaction, |conn| {
        let too_old = |status: JobStatus, before: Timestamp| {
            let ended = presentation_jobs::completed_at.lt(column_time(before)).or(presentation_jobs::completed_at
                .is_null()
                .and(presentation_jobs::created_at.lt(column_time(before))));
            presentation_jobs::status
                .eq(status.as_str().to_owned())
                .and(presentation_jobs::removal_marked_at.is_not_null().or(ended))
        };
        let mut wanted = presentation_jobs::table
            .filter(
                too_old(JobStatus::Completed, limits.completed_before)
                    .or(too_old(JobStatus::Failed, limits.failed_before)),
            )
            .order(presentation_jobs::id.asc())
            .limit(limit_of(limit))
            .select(JobRow::as_select())
            .into_boxed();
        if let Some(after) = after {
            wanted = wanted.filter(presentation_jobs::id.gt(index_text(after.as_str())));
        }
        wanted.load(conn)
    })?;
    into_jobs(rows)
}

/// The status of a job with this text in its column.
fn whole_status(transaction: &mut Transaction<'_>, text: String) -> DomainResult<JobStatus> {
    let row = query!(transaction, |conn| presentation_jobs::table
        .filter(presentation_jobs::status.eq(&text))
        .limit(1)
        .select(JobRow::as_select())
        .get_result(conn)
        .optional())?;
    let job = row.map(JobRow::into_job).transpose()?;
    Ok(job.map_or(JobStatus::Other(text), |job| job.status))
}

fn limit_of(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

fn into_jobs(rows: Vec<JobRow<'_>>) -> DomainResult<Vec<PresentationJob>> {
    rows.into_iter().map(JobRow::into_job).collect()
}
