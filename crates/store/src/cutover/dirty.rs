//! What the files may not have yet.

use std::borrow::Cow;

use diesel::dsl::{count_star, max};
use diesel::prelude::*;
use landfast_domain::Result as DomainResult;
use landfast_domain::cutover::{Area, Dirty, ItemKey};

use super::{area, to_u64};
use crate::records::storable;
use crate::schema::cutover_dirty;
use crate::transaction::{Transaction, query};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = cutover_dirty)]
#[diesel(treat_none_as_default_value = false)]
struct DirtyRow<'a> {
    seq: i64,
    area: Cow<'a, str>,
    item_table: Cow<'a, str>,
    user_id: Cow<'a, str>,
    item_key: Cow<'a, str>,
    failures: i64,
    failure: Cow<'a, str>,
}

pub(super) fn add(transaction: &mut Transaction<'_>, items: &[ItemKey]) -> DomainResult<()> {
    transaction.require_write()?;
    if items.is_empty() {
        return Ok(());
    }
    let last: Option<i64> =
        query!(transaction, |conn| cutover_dirty::table.select(max(cutover_dirty::seq)).get_result(conn))?;
    for (seq, item) in (last.unwrap_or(0).saturating_add(1)..).zip(items) {
        if last.is_some() {
            query!(transaction, |conn| diesel::delete(cutover_dirty::table)
                .filter(cutover_dirty::area.eq(item.area.as_str()))
                .filter(cutover_dirty::item_table.eq(storable(&item.table)))
                .filter(cutover_dirty::user_id.eq(storable(&item.user)))
                .filter(cutover_dirty::item_key.eq(storable(&item.key)))
                .execute(conn))?;
        }
        let row = DirtyRow {
            seq,
            area: item.area.as_str().into(),
            item_table: storable(&item.table),
            user_id: storable(&item.user),
            item_key: storable(&item.key),
            failures: 0,
            failure: "".into(),
        };
        query!(transaction, |conn| diesel::insert_into(cutover_dirty::table).values(&row).execute(conn))?;
    }
    Ok(())
}

pub(super) fn list(transaction: &mut Transaction<'_>, limit: usize) -> DomainResult<Vec<Dirty>> {
    let rows = query!(transaction, |conn| cutover_dirty::table
        .order(cutover_dirty::seq.asc())
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .select(DirtyRow::as_select())
        .load(conn))?;
    rows.into_iter()
        .map(|row| {
            let item = ItemKey {
                area: area(&row.area)?,
                table: row.item_table.into_owned(),
                user: row.user_id.into_owned(),
                key: row.item_key.into_owned(),
            };
            Ok(Dirty { seq: row.seq, item, failures: row.failures, failure: row.failure.into_owned() })
        })
        .collect()
}

pub(super) fn count(transaction: &mut Transaction<'_>, of: Area) -> DomainResult<u64> {
    let count: i64 = query!(transaction, |conn| cutover_dirty::table
        .filter(cutover_dirty::area.eq(of.as_str()))
        .select(count_star())
        .get_result(conn))?;
    Ok(to_u64(count))
}

pub(super) fn remove(transaction: &mut Transaction<'_>, seqs: &[i64]) -> DomainResult<()> {
    transaction.require_write()?;
    for seq in seqs {
        query!(transaction, |conn| diesel::delete(cutover_dirty::table.find(seq)).execute(conn))?;
    }
    Ok(())
}

pub(super) fn note_failure(transaction: &mut Transaction<'_>, seq: i64, failure: &str) -> DomainResult<()> {
    transaction.require_write()?;
    query!(transaction, |conn| diesel::update(cutover_dirty::table.find(seq))
        .set((cutover_dirty::failures.eq(cutover_dirty::failures + 1), cutover_dirty::failure.eq(storable(failure))))
        .execute(conn))?;
    Ok(())
}
