//! Single jobs, and many new ones.

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use landfast_domain::presentations::{JobId, JobStatus, PresentationJob};
use landfast_domain::{Error as DomainError, Result as DomainResult};

use super::row::JobRow;
use crate::connection::DbConnection;
use crate::exact::index_text;
use crate::schema::presentation_jobs;
use crate::transaction::{Transaction, query};

/// Name of the kind of record for messages.
pub(super) const ENTITY: &str = "presentation job";

/// Rows of one COPY on PostgreSQL.
const PART_ROWS: usize = 1000;

/// The condition that no other job has the idempotency key.
macro_rules! no_other_has {
    ($key:expr, $job:expr) => {{
        let other = diesel::alias!(presentation_jobs as other);
        not(exists(
            other
                .filter(other.field(presentation_jobs::idempotency_key).eq(index_text($key)))
                .filter(other.field(presentation_jobs::id).ne(index_text($job.id.as_str()))),
        ))
    }};
}

pub(super) fn insert(transaction: &mut Transaction<'_>, job: &PresentationJob) -> DomainResult<()> {
    transaction.require_write()?;
    if added(transaction, job)? { Ok(()) } else { Err(conflict(transaction, job)?) }
}

pub(super) fn insert_batch(transaction: &mut Transaction<'_>, jobs: &[PresentationJob]) -> DomainResult<usize> {
    transaction.require_write()?;
    for part in jobs.chunks(PART_ROWS) {
        match transaction.connection {
            // One row a statement, which is prepared once.
            #[cfg(feature = "sqlite")]
            DbConnection::Sqlite(_) => {
                for job in part {
                    if !added(transaction, job)? {
                        let error = conflict(transaction, job)?;
                        transaction.give_up(error.to_string());
                        return Err(error);
                    }
                }
            }
            #[cfg(feature = "postgres")]
            DbConnection::Postgres(conn) => {
                let rows: Vec<_> = part.iter().map(JobRow::new).collect();
                let copied = diesel::copy_from(presentation_jobs::table).from_insertable(&rows).execute(&mut **conn);
                transaction.checked(copied).map_err(|error| batch_error(error, part))?;
            }
        }
    }
    Ok(jobs.len())
}

pub(super) fn get(transaction: &mut Transaction<'_>, id: &JobId) -> DomainResult<Option<PresentationJob>> {
    let row = query!(transaction, |conn| presentation_jobs::table
        .find(index_text(id.as_str()))
        .select(JobRow::as_select())
        .get_result(conn)
        .optional())?;
    row.map(JobRow::into_job).transpose()
}

pub(super) fn find_by_key(transaction: &mut Transaction<'_>, key: &str) -> DomainResult<Option<PresentationJob>> {
    let row = query!(transaction, |conn| presentation_jobs::table
        .filter(presentation_jobs::idempotency_key.eq(index_text(key)))
        .select(JobRow::as_select())
        .get_result(conn)
        .optional())?;
    row.map(JobRow::into_job).transpose()
}

pub(super) fn update(transaction: &mut Transaction<'_>, job: &PresentationJob) -> DomainResult<()> {
    transaction.require_write()?;
    let row = JobRow::new(job);
    let changed = match &job.queue.idempotency_key {
        None => query!(transaction, |conn| diesel::update(presentation_jobs::table.find(index_text(job.id.as_str())))
            .set(&row)
            .execute(conn))?,
        // A unique violation would end a transaction on PostgreSQL, and only there.
        Some(key) => {
            query!(transaction, |conn| diesel::update(presentation_jobs::table.find(index_text(job.id.as_str())))
                .filter(no_other_has!(key, job))
                .set(&row)
                .execute(conn))?
        }
    };
    match changed {
        0 if is_key_taken(transaction, job)? => Err(key_conflict(job)),
        0 => Err(DomainError::NotFound { entity: ENTITY, key: job.id.to_string() }),
        _ => Ok(()),
    }
}

pub(super) fn update_if(
    transaction: &mut Transaction<'_>,
    job: &PresentationJob,
    status: &JobStatus,
    attempts: u32,
) -> DomainResult<bool> {
    transaction.require_write()?;
    let row = JobRow::new(job);
    let stored = presentation_jobs::table
        .find(index_text(job.id.as_str()))
        .filter(presentation_jobs::status.eq(index_text(status.as_str())))
        .filter(presentation_jobs::attempts.eq(i64::from(attempts)));
    let changed = match &job.queue.idempotency_key {
        None => query!(transaction, |conn| diesel::update(stored.clone()).set(&row).execute(conn))?,
        Some(key) => query!(transaction, |conn| diesel::update(stored.clone())
            .filter(no_other_has!(key, job))
            .set(&row)
            .execute(conn))?,
    };
    if changed > 0 {
        return Ok(true);
    }
    if is_key_taken(transaction, job)? && query!(transaction, |conn| stored.count().get_result::<i64>(conn))? > 0 {
        return Err(key_conflict(job));
    }
    Ok(false)
}

pub(super) fn delete(transaction: &mut Transaction<'_>, id: &JobId) -> DomainResult<bool> {
    transaction.require_write()?;
    let deleted = query!(transaction, |conn| diesel::delete(presentation_jobs::table.find(index_text(id.as_str())))
        .execute(conn))?;
    Ok(deleted > 0)
}

/// Whether the job is new.
fn added(transaction: &mut Transaction<'_>, job: &PresentationJob) -> DomainResult<bool> {
    let row = JobRow::new(job);
    let added = query!(transaction, |conn| diesel::insert_into(presentation_jobs::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(conn))?;
    Ok(added > 0)
}

/// Which of the two unique texts of a refused job is taken.
fn conflict(transaction: &mut Transaction<'_>, job: &PresentationJob) -> DomainResult<DomainError> {
    let is_id_taken = get(transaction, &job.id)?.is_some();
    Ok(if is_id_taken { DomainError::Conflict { entity: ENTITY, key: job.id.to_string() } } else { key_conflict(job) })
}

fn key_conflict(job: &PresentationJob) -> DomainError {
    DomainError::Conflict { entity: ENTITY, key: job.queue.idempotency_key.clone().unwrap_or_default() }
}

/// Whether another job has the idempotency key.
fn is_key_taken(transaction: &mut Transaction<'_>, job: &PresentationJob) -> DomainResult<bool> {
    let Some(key) = &job.queue.idempotency_key else { return Ok(false) };
    let count: i64 = query!(transaction, |conn| presentation_jobs::table
        .filter(presentation_jobs::idempotency_key.eq(index_text(key)))
        .filter(presentation_jobs::id.ne(index_text(job.id.as_str())))
        .count()
        .get_result(conn))?;
    Ok(count > 0)
}

/// Finds out which job of a batch was in the way.
#[cfg(feature = "postgres")]
fn batch_error(error: crate::error::Error, part: &[PresentationJob]) -> DomainError {
    use crate::error::Error;
    use diesel::result::{DatabaseErrorKind, Error as DieselError};

    let Error::Database(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, information)) = &error else {
        return error.into();
    };
    // The detail ends in `(COLUMN)=(TEXT) already exists.`; words may be translated.
    let details = information.details().unwrap_or_default();
    let names = |text: &str| details.contains(&format!("=({})", index_text(text)));
    let key = part.iter().find_map(|job| {
        let key = job.queue.idempotency_key.as_deref().filter(|key| names(key));
        if names(job.id.as_str()) { Some(job.id.as_str()) } else { key }
    });
    let key = key.map_or_else(|| format!("one of {} jobs", part.len()), str::to_owned);
    DomainError::Conflict { entity: ENTITY, key }
}
