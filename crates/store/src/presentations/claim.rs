//! Giving jobs to workers.

use diesel::dsl::{case_when, not, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use landfast_domain::Result as DomainResult;
use landfast_domain::presentations::{Claim, JobStatus, Lease, PresentationJob, progress};

use super::jobs;
use super::row::JobRow;
use crate::connection::DbConnection;
use crate::exact::column_time;
use crate::records::storable;
use crate::schema::presentation_jobs::{self, columns as c};
use crate::transaction::Transaction;

/// The first job that may be claimed, as an expression; the parts follow
/// [`is_claimable`](landfast_domain::presentations::state::is_claimable). The status is a literal, so that
/// the index of waiting jobs fits.
macro_rules! first_claimable {
    ($claim:expr) => {{
        let waiting = diesel::alias!(presentation_jobs as waiting);
        waiting
            .filter(waiting.field(c::status).eq(sql::<Text>("'queued'")))
            .filter(waiting.field(c::run_at).le(column_time($claim.now)))
            .filter(waiting.field(c::request).is_not_null())
            .filter(waiting.field(c::lease_owner).is_null())
            .filter(not(waiting.field(c::cancel_requested)))
            .filter(waiting.field(c::removal_marked_at).is_null())
            .order((waiting.field(c::priority), waiting.field(c::run_at), waiting.field(c::id)))
            .select(waiting.field(c::id))
            .limit(1)
    }};
}

/// What [`claim`](landfast_domain::presentations::state::claim) changes.
macro_rules! claimed {
    ($claim:expr) => {
        (
            c::status.eq(JobStatus::Processing.as_str()),
            c::attempts.eq(case_when(c::attempts.lt(i64::from(u32::MAX)), c::attempts + 1_i64.into_sql::<BigInt>())
                .otherwise(c::attempts)),
            c::lease_owner.eq(storable(&$claim.worker)),
            c::lease_expires_at.eq(column_time($claim.lease_until)),
            c::last_heartbeat.eq(column_time($claim.now)),
            c::progress.eq(progress::STARTED),
            c::error.eq(None::<&str>),
            c::completed_at.eq(None::<crate::time::StoredTime>),
        )
    };
}

/// Takes the next job in one statement. PostgreSQL passes over jobs that another transaction is just
/// taking; on SQLite there is but one writer at a time.
pub(super) fn next(transaction: &mut Transaction<'_>, claim: &Claim) -> DomainResult<Option<PresentationJob>> {
    transaction.require_write()?;
    transaction.lower_for_claim()?;
    let row = match &mut *transaction.connection {
        #[cfg(feature = "sqlite")]
        DbConnection::Sqlite(conn) => diesel::update(presentation_jobs::table)
            .filter(c::id.nullable().eq(first_claimable!(claim).single_value()))
            .set(claimed!(claim))
            .returning(JobRow::as_returning())
            .get_result(&mut **conn)
            .optional(),
        #[cfg(feature = "postgres")]
        DbConnection::Postgres(conn) => diesel::update(presentation_jobs::table)
            .filter(c::id.nullable().eq(first_claimable!(claim).for_update().skip_locked().single_value()))
            .set(claimed!(claim))
            .returning(JobRow::as_returning())
            .get_result(&mut **conn)
            .optional(),
    };
    let Some(row) = transaction.checked_claim(row)? else { return Ok(None) };
    let stored = row.into_job()?;
    let mut job = stored.clone();
    job.last_heartbeat = Some(claim.now);
    job.queue.lease = Some(Lease { owner: claim.worker.clone(), expires_at: claim.lease_until });
    if job != stored {
        // A name or time that its column cannot hold as it is.
        jobs::update(transaction, &job)?;
    }
    Ok(Some(job))
}
