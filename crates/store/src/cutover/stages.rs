//! Where the areas are, and how they came there.

use std::borrow::Cow;

use diesel::prelude::*;
use landfast_domain::Result as DomainResult;
use landfast_domain::cutover::{Area, AreaStage, Stage, StageChange};

use super::{area, corrupt};
use crate::records::storable;
use crate::schema::{cutover_changes, cutover_stages};
use crate::time::StoredTime;
use crate::transaction::{Transaction, query};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = cutover_stages, primary_key(area))]
#[diesel(treat_none_as_default_value = false)]
struct StageRow<'a> {
    area: Cow<'a, str>,
    stage: Cow<'a, str>,
    epoch: i64,
    folder: Cow<'a, str>,
    since: StoredTime,
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = cutover_changes, primary_key(area, epoch))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
struct ChangeRow<'a> {
    area: Cow<'a, str>,
    epoch: i64,
    from_stage: Option<Cow<'a, str>>,
    to_stage: Cow<'a, str>,
    at: StoredTime,
    holder: Cow<'a, str>,
    reason: Cow<'a, str>,
}

fn stage(text: &str) -> DomainResult<Stage> {
    Stage::parse(text).ok_or_else(|| corrupt("stage", text))
}

pub(super) fn get(transaction: &mut Transaction<'_>, of: Area) -> DomainResult<Option<AreaStage>> {
    let row = query!(transaction, |conn| cutover_stages::table
        .find(of.as_str())
        .select(StageRow::as_select())
        .get_result(conn)
        .optional())?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(AreaStage {
        area: area(&row.area)?,
        stage: stage(&row.stage)?,
        epoch: row.epoch,
        folder: row.folder.into_owned(),
        since: row.since.known().map_err(|text| corrupt("since", &text))?,
    }))
}

pub(super) fn save(transaction: &mut Transaction<'_>, stage: &AreaStage) -> DomainResult<()> {
    transaction.require_write()?;
    let row = StageRow {
        area: stage.area.as_str().into(),
        stage: stage.stage.as_str().into(),
        epoch: stage.epoch,
        folder: storable(&stage.folder),
        since: stage.since.into(),
    };
    query!(transaction, |conn| diesel::insert_into(cutover_stages::table)
        .values(&row)
        .on_conflict(cutover_stages::area)
        .do_update()
        .set(&row)
        .execute(conn))?;
    Ok(())
}

pub(super) fn delete(transaction: &mut Transaction<'_>, of: Area) -> DomainResult<bool> {
    transaction.require_write()?;
    let deleted = query!(transaction, |conn| diesel::delete(cutover_stages::table.find(of.as_str())).execute(conn))?;
    Ok(deleted > 0)
}

pub(super) fn save_change(transaction: &mut Transaction<'_>, change: &StageChange) -> DomainResult<()> {
    transaction.require_write()?;
    let row = ChangeRow {
        area: change.area.as_str().into(),
        epoch: change.epoch,
        from_stage: change.from.map(|stage| stage.as_str().into()),
        to_stage: change.to.as_str().into(),
        at: change.at.into(),
        holder: storable(&change.by),
        reason: storable(&change.reason),
    };
    query!(transaction, |conn| diesel::insert_into(cutover_changes::table)
        .values(&row)
        .on_conflict((cutover_changes::area, cutover_changes::epoch))
        .do_update()
        .set(&row)
        .execute(conn))?;
    Ok(())
}

pub(super) fn list_changes(
    transaction: &mut Transaction<'_>,
    of: Area,
    limit: usize,
) -> DomainResult<Vec<StageChange>> {
    let rows = query!(transaction, |conn| cutover_changes::table
        .filter(cutover_changes::area.eq(of.as_str()))
        .order(cutover_changes::epoch.desc())
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .select(ChangeRow::as_select())
        .load(conn))?;
    rows.into_iter()
        .map(|row| {
            Ok(StageChange {
                area: area(&row.area)?,
                epoch: row.epoch,
                from: row.from_stage.as_deref().map(stage).transpose()?,
                to: stage(&row.to_stage)?,
                at: row.at.known().map_err(|text| corrupt("at", &text))?,
                by: row.holder.into_owned(),
                reason: row.reason.into_owned(),
            })
        })
        .collect()
}
