//! Metrics of weeks.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
#[cfg(feature = "sqlite")]
use diesel::{
    dsl::SqlTypeOf,
    query_builder::{AstPass, QueryFragment},
    sqlite::Sqlite,
};
use landfast_domain::Result as DomainResult;
use landfast_domain::delivery::order::{keep_newest_weeks, newest_weeks_first};
use landfast_domain::delivery::{IsoWeek, MetricKind, MetricsSnapshot, QueryKey};

use super::insert::insert_rows;
use super::{count, metric_values, queries, rows};
use crate::exact::{ExactReader, ExactWriter, index_text};
#[cfg(feature = "sqlite")]
use crate::records::plain_insert::{PlainInsert, PlainRow, plain_insert};
use crate::records::storable;
use crate::schema::metrics_snapshots;
use crate::transaction::{Transaction, query};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = metrics_snapshots)]
#[diesel(treat_none_as_default_value = false)]
struct SnapshotRow<'a> {
    id: i64,
    profile_id: Cow<'a, str>,
    query_id: Cow<'a, str>,
    label: Cow<'a, str>,
    metric_type: Cow<'a, str>,
    place: i64,
    snapshot_date: Option<Cow<'a, str>>,
    metrics: Cow<'a, str>,
    forecast: Option<Cow<'a, str>>,
    created_at: Option<Cow<'a, str>>,
    exact_texts: Option<String>,
}

#[cfg(feature = "sqlite")]
plain_insert! {
    SnapshotRow, metrics_snapshots,
    id profile_id query_id label metric_type place snapshot_date metrics forecast created_at exact_texts
}

impl<'a> SnapshotRow<'a> {
    fn new(id: i64, key: &'a QueryKey, snapshot: &'a MetricsSnapshot) -> Self {
        let mut exact = ExactWriter::default();
        Self {
            id,
            profile_id: key.profile.as_str().into(),
            query_id: key.query.as_str().into(),
            label: exact.index("label", &snapshot.label),
            metric_type: snapshot.kind.as_str().into(),
            place: snapshot.ordinal,
            snapshot_date: snapshot.week.map(|week| week.to_string().into()),
            metrics: exact.text("metrics", &snapshot.metrics),
            forecast: snapshot.forecast().map(|text| storable(&text).into_owned().into()),
            created_at: snapshot.created_at().map(|moment| storable(&moment.text).into_owned().into()),
            exact_texts: exact.finish(),
        }
    }

    fn into_snapshot(self, query: &QueryKey) -> DomainResult<MetricsSnapshot> {
        let exact = ExactReader::new("metrics snapshot", &self.label, self.exact_texts.as_deref())?;
        Ok(MetricsSnapshot {
            query: query.clone(),
            ordinal: self.place,
            week: week(&exact, self.snapshot_date.as_deref())?,
            kind: kind(&exact, &self.metric_type)?,
            metrics: exact.text("metrics", self.metrics),
            label: exact.index("label", self.label),
        })
    }
}

/// The week of `snapshot_date`.
pub(super) fn week(exact: &ExactReader, stored: Option<&str>) -> DomainResult<Option<IsoWeek>> {
    let Some(text) = stored else {
        return Ok(None);
    };
    IsoWeek::parse(text).map(Some).ok_or_else(|| exact.corrupt("snapshot_date", text))
}

/// The kind of `metric_type`.
pub(super) fn kind(exact: &ExactReader, stored: &str) -> DomainResult<MetricKind> {
    MetricKind::parse(stored).ok_or_else(|| exact.corrupt("metric_type", stored))
}

pub(super) fn get(
    transaction: &mut Transaction<'_>,
    key: &QueryKey,
    label: &str,
    kind: MetricKind,
) -> DomainResult<Option<MetricsSnapshot>> {
    let row = query!(transaction, |conn| metrics_snapshots::table
        .filter(metrics_snapshots::profile_id.eq(key.profile.as_str()))
        .filter(metrics_snapshots::query_id.eq(key.query.as_str()))
        .filter(metrics_snapshots::label.eq(index_text(label)))
        .filter(metrics_snapshots::metric_type.eq(kind.as_str()))
        .select(SnapshotRow::as_select())
        .get_result(conn)
        .optional())?;
    row.map(|row| row.into_snapshot(key)).transpose()
}

pub(super) fn list(
    transaction: &mut Transaction<'_>,
    key: &QueryKey,
    kind: Option<MetricKind>,
    weeks: Option<usize>,
) -> DomainResult<Vec<MetricsSnapshot>> {
    // The documents of older weeks are left where they are.
    let oldest = match weeks {
        None => None,
        Some(0) => return Ok(Vec::new()),
        Some(weeks) => oldest_of(transaction, key, kind, weeks)?,
    };
    let found = query!(transaction, |conn| {
        let mut accepted = metrics_snapshots::table
            .filter(metrics_snapshots::profile_id.eq(key.profile.as_str()))
            .filter(metrics_snapshots::query_id.eq(key.query.as_str()))
            .into_boxed();
        if let Some(kind) = kind {
            accepted = accepted.filter(metrics_snapshots::metric_type.eq(kind.as_str()));
        }
        if let Some(oldest) = &oldest {
            accepted = accepted.filter(metrics_snapshots::snapshot_date.ge(oldest));
        }
        accepted.select(SnapshotRow::as_select()).load(conn)
    })?;
    let mut snapshots =
        found.into_iter().map(|row| row.into_snapshot(key)).collect::<DomainResult<Vec<MetricsSnapshot>>>()?;
    newest_weeks_first(&mut snapshots);
    keep_newest_weeks(&mut snapshots, weeks, |snapshot| (snapshot.week, &snapshot.label));
    Ok(snapshots)
}

/// The last of the newest so many weeks, at least one; `None` when there are fewer that have a name.
fn oldest_of(
    transaction: &mut Transaction<'_>,
    key: &QueryKey,
    kind: Option<MetricKind>,
    weeks: usize,
) -> DomainResult<Option<String>> {
    let oldest: Option<Option<String>> = query!(transaction, |conn| {
        let mut named = metrics_snapshots::table
            .filter(metrics_snapshots::profile_id.eq(key.profile.as_str()))
            .filter(metrics_snapshots::query_id.eq(key.query.as_str()))
            .filter(metrics_snapshots::snapshot_date.is_not_null())
            .into_boxed();
        if let Some(kind) = kind {
            named = named.filter(metrics_snapshots::metric_type.eq(kind.as_str()));
        }
        named
            .select(metrics_snapshots::snapshot_date)
            .distinct()
            .order(metrics_snapshots::snapshot_date.desc())
            .offset(rows(weeks).saturating_sub(1))
            .limit(1)
            .get_result(conn)
            .optional()
    })?;
    Ok(oldest.flatten())
}

pub(super) fn save(
    transaction: &mut Transaction<'_>,
    key: &QueryKey,
    snapshots: &[MetricsSnapshot],
) -> DomainResult<()> {
    transaction.require_write()?;
    queries::need(transaction, key)?;
    // Of two with the same label and kind, the later one counts.
    let snapshots: BTreeMap<(&str, MetricKind), &MetricsSnapshot> =
        snapshots.iter().map(|snapshot| ((snapshot.label.as_str(), snapshot.kind), snapshot)).collect();
    let present: Vec<(i64, String, String)> = query!(transaction, |conn| metrics_snapshots::table
        .filter(metrics_snapshots::profile_id.eq(key.profile.as_str()))
        .filter(metrics_snapshots::query_id.eq(key.query.as_str()))
        .select((metrics_snapshots::id, metrics_snapshots::label, metrics_snapshots::metric_type))
        .load(conn))?;
    let present: HashMap<(&str, &str), i64> =
        present.iter().map(|(id, label, kind)| ((label.as_str(), kind.as_str()), *id)).collect();
    for (label, kind) in snapshots.keys() {
        if let Some(id) = present.get(&(index_text(label).as_ref(), kind.as_str())) {
            // Its values go with it.
            query!(transaction, |conn| diesel::delete(metrics_snapshots::table.find(id)).execute(conn))?;
        }
    }
    let last: Option<i64> = query!(transaction, |conn| metrics_snapshots::table
        .select(diesel::dsl::max(metrics_snapshots::id))
        .get_result(conn))?;
    let next = last.unwrap_or(0).saturating_add(1);
    let numbered = (next..).zip(snapshots.values().copied());
    insert_rows!(
        transaction,
        metrics_snapshots,
        numbered.clone().map(|(id, snapshot)| SnapshotRow::new(id, key, snapshot))
    )?;
    metric_values::save(transaction, numbered)
}

pub(super) fn delete(transaction: &mut Transaction<'_>, key: &QueryKey) -> DomainResult<u64> {
    transaction.require_write()?;
    let deleted = query!(transaction, |conn| diesel::delete(metrics_snapshots::table)
        .filter(metrics_snapshots::profile_id.eq(key.profile.as_str()))
        .filter(metrics_snapshots::query_id.eq(key.query.as_str()))
        .execute(conn))?;
    Ok(count(deleted))
}
