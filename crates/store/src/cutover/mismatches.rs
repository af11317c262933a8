//! What differs between the files and the database.

use std::borrow::Cow;

use diesel::dsl::{count_star, max};
use diesel::prelude::*;
use landfast_domain::Result as DomainResult;
use landfast_domain::cutover::{Area, ItemKey, Mismatch};

use super::{area, corrupt, to_u64};
use crate::records::storable;
use crate::schema::cutover_mismatches;
use crate::time::StoredTime;
use crate::transaction::{Transaction, query};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = cutover_mismatches)]
#[diesel(treat_none_as_default_value = false)]
struct MismatchRow<'a> {
    seq: i64,
    area: Cow<'a, str>,
    item_table: Cow<'a, str>,
    user_id: Cow<'a, str>,
    item_key: Cow<'a, str>,
    field: Cow<'a, str>,
    files_value: Option<Cow<'a, str>>,
    database_value: Option<Cow<'a, str>>,
    found_at: StoredTime,
}

pub(super) fn save(transaction: &mut Transaction<'_>, mismatches: &[Mismatch]) -> DomainResult<()> {
    transaction.require_write()?;
    if mismatches.is_empty() {
        return Ok(());
    }
    let last: Option<i64> =
        query!(transaction, |conn| cutover_mismatches::table.select(max(cutover_mismatches::seq)).get_result(conn))?;
    for (seq, found) in (last.unwrap_or(0).saturating_add(1)..).zip(mismatches) {
        let item = &found.item;
        if last.is_some() {
            query!(transaction, |conn| diesel::delete(cutover_mismatches::table)
                .filter(cutover_mismatches::area.eq(item.area.as_str()))
                .filter(cutover_mismatches::item_table.eq(storable(&item.table)))
                .filter(cutover_mismatches::user_id.eq(storable(&item.user)))
                .filter(cutover_mismatches::item_key.eq(storable(&item.key)))
                .filter(cutover_mismatches::field.eq(storable(&found.field)))
                .execute(conn))?;
        }
        let row = MismatchRow {
            seq,
            area: item.area.as_str().into(),
            item_table: storable(&item.table),
            user_id: storable(&item.user),
            item_key: storable(&item.key),
            field: storable(&found.field),
            files_value: found.files.as_deref().map(storable),
            database_value: found.database.as_deref().map(storable),
            found_at: found.found_at.into(),
        };
        query!(transaction, |conn| diesel::insert_into(cutover_mismatches::table).values(&row).execute(conn))?;
    }
    Ok(())
}

pub(super) fn list(transaction: &mut Transaction<'_>, of: Area, limit: usize) -> DomainResult<Vec<Mismatch>> {
    let rows = query!(transaction, |conn| cutover_mismatches::table
        .filter(cutover_mismatches::area.eq(of.as_str()))
        .order(cutover_mismatches::seq.asc())
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .select(MismatchRow::as_select())
        .load(conn))?;
    rows.into_iter()
        .map(|row| {
            Ok(Mismatch {
                item: ItemKey {
                    area: area(&row.area)?,
                    table: row.item_table.into_owned(),
                    user: row.user_id.into_owned(),
                    key: row.item_key.into_owned(),
                },
                field: row.field.into_owned(),
                files: row.files_value.map(Cow::into_owned),
                database: row.database_value.map(Cow::into_owned),
                found_at: row.found_at.known().map_err(|text| corrupt("found_at", &text))?,
            })
        })
        .collect()
}

pub(super) fn count(transaction: &mut Transaction<'_>, of: Area) -> DomainResult<u64> {
    let count: i64 = query!(transaction, |conn| cutover_mismatches::table
        .filter(cutover_mismatches::area.eq(of.as_str()))
        .select(count_star())
        .get_result(conn))?;
    Ok(to_u64(count))
}

pub(super) fn clear(transaction: &mut Transaction<'_>, of: Area) -> DomainResult<u64> {
    transaction.require_write()?;
    let deleted = query!(transaction, |conn| diesel::delete(cutover_mismatches::table)
        .filter(cutover_mismatches::area.eq(of.as_str()))
        .execute(conn))?;
    Ok(u64::try_from(deleted).unwrap_or(u64::MAX))
}
