//! Single runs.

use diesel::prelude::*;
use landfast_domain::runs::{Run, RunId};
use landfast_domain::{Error as DomainError, Result as DomainResult};

use super::row::RunRow;
use crate::exact::index_text;
use crate::schema::runs;
use crate::transaction::{Transaction, query};

/// Name of the kind of record for messages.
pub(super) const ENTITY: &str = "run";

pub(super) fn insert(transaction: &mut Transaction<'_>, run: &Run) -> DomainResult<()> {
    transaction.require_write()?;
    let row = RunRow::new(run);
    // A unique violation would end a transaction on PostgreSQL, and only there.
    let added = query!(transaction, |conn| diesel::insert_into(runs::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(conn))?;
    if added == 0 { Err(DomainError::Conflict { entity: ENTITY, key: run.id.to_string() }) } else { Ok(()) }
}

pub(super) fn get(transaction: &mut Transaction<'_>, id: &RunId) -> DomainResult<Option<Run>> {
    let row = query!(transaction, |conn| runs::table
        .find(index_text(id.as_str()))
        .select(RunRow::as_select())
        .get_result(conn)
        .optional())?;
    row.map(RunRow::into_run).transpose()
}

pub(super) fn update(transaction: &mut Transaction<'_>, run: &Run) -> DomainResult<()> {
    transaction.require_write()?;
    let row = RunRow::new(run);
    let changed = query!(transaction, |conn| diesel::update(runs::table.find(index_text(run.id.as_str())))
        .set(&row)
        .execute(conn))?;
    if changed == 0 { Err(not_found(&run.id)) } else { Ok(()) }
}

pub(super) fn delete(transaction: &mut Transaction<'_>, id: &RunId) -> DomainResult<bool> {
    transaction.require_write()?;
    // The list of its files goes with it.
    let deleted = query!(transaction, |conn| diesel::delete(runs::table.find(index_text(id.as_str()))).execute(conn))?;
    Ok(deleted > 0)
}

/// Whether there is a run with this id.
pub(super) fn exists(transaction: &mut Transaction<'_>, id: &RunId) -> DomainResult<bool> {
    let found: i64 =
        query!(transaction, |conn| runs::table.filter(runs::id.eq(index_text(id.as_str()))).count().get_result(conn))?;
    Ok(found > 0)
}

pub(super) fn not_found(id: &RunId) -> DomainError {
    DomainError::NotFound { entity: ENTITY, key: id.to_string() }
}
