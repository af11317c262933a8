//! Runs of the importer, and leases.

use std::borrow::Cow;

use diesel::prelude::*;
use landfast_domain::imports::{ImportRun, Lease};
use landfast_domain::time::Timestamp;
use landfast_domain::{Error as DomainError, Result as DomainResult};

use crate::records::storable;
use crate::schema::{import_runs, leases};
use crate::time::StoredTime;
use crate::transaction::{Transaction, query};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = import_runs)]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
struct RunRow<'a> {
    id: Cow<'a, str>,
    started_at: StoredTime,
    finished_at: Option<StoredTime>,
    state: Cow<'a, str>,
    report: Cow<'a, str>,
}

impl RunRow<'_> {
    fn into_run(self) -> DomainResult<ImportRun> {
        let corrupt = |column: &str, value: String| corrupt("import run", &self.id, column, value);
        Ok(ImportRun {
            started_at: self.started_at.known().map_err(|text| corrupt("started_at", text))?,
            finished_at: self
                .finished_at
                .map(StoredTime::known)
                .transpose()
                .map_err(|text| corrupt("finished_at", text))?,
            id: self.id.clone().into_owned(),
            state: self.state.into_owned(),
            report: self.report.into_owned(),
        })
    }
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = leases, primary_key(name))]
#[diesel(treat_none_as_default_value = false)]
struct LeaseRow<'a> {
    name: Cow<'a, str>,
    holder: Cow<'a, str>,
    expires_at: StoredTime,
}

fn corrupt(entity: &'static str, key: &str, column: &str, value: String) -> DomainError {
    DomainError::Corrupt { entity, key: key.to_owned(), column: column.to_owned(), value }
}

pub(super) fn save(transaction: &mut Transaction<'_>, run: &ImportRun) -> DomainResult<()> {
    transaction.require_write()?;
    let row = RunRow {
        id: storable(&run.id),
        started_at: run.started_at.into(),
        finished_at: run.finished_at.map(StoredTime::from),
        state: storable(&run.state),
        report: storable(&run.report),
    };
    query!(transaction, |conn| diesel::insert_into(import_runs::table)
        .values(&row)
        .on_conflict(import_runs::id)
        .do_update()
        .set(&row)
        .execute(conn))?;
    Ok(())
}

pub(super) fn list(transaction: &mut Transaction<'_>, limit: usize) -> DomainResult<Vec<ImportRun>> {
    let rows = query!(transaction, |conn| import_runs::table
        .order((import_runs::started_at.desc(), import_runs::id.desc()))
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .select(RunRow::as_select())
        .load(conn))?;
    rows.into_iter().map(RunRow::into_run).collect()
}

pub(super) fn acquire_lease(
    transaction: &mut Transaction<'_>,
    lease: &Lease,
    now: Timestamp,
) -> DomainResult<Option<Lease>> {
    transaction.require_write()?;
    let row = query!(transaction, |conn| leases::table
        .find(storable(&lease.name))
        .select(LeaseRow::as_select())
        .get_result(conn)
        .optional())?;
    if let Some(row) = row {
        let expires_at = row.expires_at.known().map_err(|text| corrupt("lease", &row.name, "expires_at", text))?;
        if row.holder != storable(&lease.holder) && expires_at >= now {
            let (name, holder) = (row.name.into_owned(), row.holder.into_owned());
            return Ok(Some(Lease { name, holder, expires_at }));
        }
    }
    let row =
        LeaseRow { name: storable(&lease.name), holder: storable(&lease.holder), expires_at: lease.expires_at.into() };
    query!(transaction, |conn| diesel::insert_into(leases::table)
        .values(&row)
        .on_conflict(leases::name)
        .do_update()
        .set(&row)
        .execute(conn))?;
    Ok(None)
}

pub(super) fn release_lease(transaction: &mut Transaction<'_>, name: &str, holder: &str) -> DomainResult<bool> {
    transaction.require_write()?;
    let deleted = query!(transaction, |conn| diesel::delete(leases::table.find(storable(name)))
        .filter(leases::holder.eq(storable(holder)))
        .execute(conn))?;
    Ok(deleted > 0)
}
