//! Lists of runs.

use diesel::prelude::*;
use landfast_domain::runs::{Run, RunFilter, RunId, RunPage};
use landfast_domain::time::Timestamp;
use landfast_domain::{Error as DomainError, Result as DomainResult};

use super::row::RunRow;
use crate::exact::{column_time, index_text};
use crate::records::storable;
use crate::schema::runs;
use crate::transaction::{Transaction, query};

/// Adds the conditions of a filter to a boxed query.
macro_rules! filtered {
    ($query:ident, $filter:expr) => {
        if let Some(status) = &$filter.status {
            $query = $query.filter(runs::status.eq(index_text(status.as_str())));
        }
        if let Some(source) = &$filter.source {
            $query = $query.filter(runs::source.eq(index_text(source)));
        }
    };
}

pub(super) fn page(
    transaction: &mut Transaction<'_>,
    filter: &RunFilter,
    page: &RunPage,
    limit: usize,
) -> DomainResult<Vec<Run>> {
    let rows = query!(transaction, |conn| {
        let mut wanted = runs::table
            .order((runs::order_key.desc(), runs::id.asc()))
            .limit(limit_of(limit))
            .select(RunRow::as_select())
            .into_boxed();
        filtered!(wanted, filter);
        match page {
            RunPage::Offset(offset) => wanted = wanted.offset(i64::try_from(*offset).unwrap_or(i64::MAX)),
            RunPage::After(cursor) => {
                let id = index_text(cursor.id.as_str());
                wanted = wanted
                    .filter(runs::order_key.le(cursor.order_key))
                    .filter(runs::order_key.lt(cursor.order_key).or(runs::id.gt(id)));
            }
        }
        wanted.load(conn)
    })?;
    into_runs(rows)
}

pub(super) fn find_directory(transaction: &mut Transaction<'_>, directory: &str) -> DomainResult<Option<Run>> {
    let rows = query!(transaction, |conn| runs::table
        .filter(runs::directory.eq(storable(directory)))
        .order(runs::id.asc())
        .select(RunRow::as_select())
        .load(conn))?;
    // The column may hold something near to the path only.
    Ok(into_runs(rows)?.into_iter().find(|run| run.directory == directory))
}

pub(super) fn count(transaction: &mut Transaction<'_>, filter: &RunFilter) -> DomainResult<u64> {
    let count: i64 = query!(transaction, |conn| {
        let mut wanted = runs::table.select(diesel::dsl::count_star()).into_boxed();
        filtered!(wanted, filter);
        wanted.get_result(conn)
    })?;
    u64::try_from(count).map_err(DomainError::backend)
}

pub(super) fn ended_before(
    transaction: &mut Transaction<'_>,
    before: Timestamp,
    after: Option<&RunId>,
    limit: usize,
) -> DomainResult<Vec<Run>> {
    let rows = query!(transaction, |conn| {
        let mut wanted = runs::table
            .filter(runs::ended_at.lt(column_time(before)))
            .order(runs::id.asc())
            .limit(limit_of(limit))
            .select(RunRow::as_select())
            .into_boxed();
        if let Some(after) = after {
            wanted = wanted.filter(runs::id.gt(index_text(after.as_str())));
        }
        wanted.load(conn)
    })?;
    into_runs(rows)
}

fn limit_of(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

fn into_runs(rows: Vec<RunRow<'_>>) -> DomainResult<Vec<Run>> {
    rows.into_iter().map(RunRow::into_run).collect()
}
