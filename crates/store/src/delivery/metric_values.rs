//! Single values of metrics.

use std::borrow::Cow;
use std::cmp::Reverse;

use diesel::prelude::*;
#[cfg(feature = "sqlite")]
use diesel::{
    dsl::SqlTypeOf,
    query_builder::{AstPass, QueryFragment},
    sqlite::Sqlite,
};
use landfast_domain::Result as DomainResult;
use landfast_domain::delivery::order::keep_newest_weeks;
use landfast_domain::delivery::{MetricFilter, MetricValue, MetricsSnapshot, Numeric, QueryKey};

use super::insert::insert_rows;
use super::snapshots;
use crate::exact::ExactReader;
#[cfg(feature = "sqlite")]
use crate::records::plain_insert::{PlainInsert, PlainRow, plain_insert};
use crate::records::storable;
use crate::schema::{metric_values, metrics_snapshots};
use crate::transaction::{Transaction, query};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = metric_values)]
#[diesel(treat_none_as_default_value = false)]
struct ValueRow<'a> {
    snapshot: i64,
    place: i64,
    metric: Cow<'a, str>,
    name: Cow<'a, str>,
    value: Option<f64>,
    text: Cow<'a, str>,
}

#[cfg(feature = "sqlite")]
plain_insert! { ValueRow, metric_values, snapshot place metric name value text }

/// What a value has from its snapshot.
#[derive(Queryable, Selectable)]
#[diesel(table_name = metrics_snapshots)]
struct WeekRow {
    label: String,
    metric_type: String,
    place: i64,
    snapshot_date: Option<String>,
    exact_texts: Option<String>,
}

impl<'a> ValueRow<'a> {
    fn new(snapshot: i64, place: i64, value: &'a MetricValue) -> Self {
        Self {
            snapshot,
            place,
            metric: storable(&value.metric),
            name: storable(&value.name),
            value: value.value,
            text: storable(&value.text),
        }
    }

    fn into_value(self, week: WeekRow) -> DomainResult<MetricValue> {
        let exact = ExactReader::new("metrics snapshot", &week.label, week.exact_texts.as_deref())?;
        let text = self.text.into_owned();
        // SQLite has no negative zero; the text tells.
        let value = if self.value == Some(0.0) { Numeric::from_text(&text).value } else { self.value };
        Ok(MetricValue {
            week: snapshots::week(&exact, week.snapshot_date.as_deref())?,
            kind: snapshots::kind(&exact, &week.metric_type)?,
            label: exact.index("label", week.label.into()),
            metric: self.metric.into_owned(),
            name: self.name.into_owned(),
            value,
            text,
        })
    }
}

/// Adds the values of snapshots that had none.
pub(super) fn save<'a>(
    transaction: &mut Transaction<'_>,
    snapshots: impl Iterator<Item = (i64, &'a MetricsSnapshot)>,
) -> DomainResult<()> {
    let values: Vec<(i64, i64, MetricValue)> = snapshots
        .flat_map(|(id, snapshot)| (0..).zip(snapshot.values()).map(move |(place, value)| (id, place, value)))
        .collect();
    insert_rows!(
        transaction,
        metric_values,
        values.iter().map(|(snapshot, place, value)| ValueRow::new(*snapshot, *place, value))
    )?;
    Ok(())
}

pub(super) fn list(
    transaction: &mut Transaction<'_>,
    key: &QueryKey,
    filter: &MetricFilter,
) -> DomainResult<Vec<MetricValue>> {
    if [&filter.metric, &filter.name].into_iter().flatten().any(|name| name.contains('\0')) {
        // No name holds U+0000, and PostgreSQL would not even take the question.
        return Ok(Vec::new());
    }
    let found: Vec<(WeekRow, ValueRow<'_>)> = query!(transaction, |conn| {
        let mut accepted = metrics_snapshots::table
            .inner_join(metric_values::table)
            .filter(metrics_snapshots::profile_id.eq(key.profile.as_str()))
            .filter(metrics_snapshots::query_id.eq(key.query.as_str()))
            .into_boxed();
        if let Some(kind) = filter.kind {
            accepted = accepted.filter(metrics_snapshots::metric_type.eq(kind.as_str()));
        }
        if let Some(from) = filter.from {
            accepted = accepted.filter(metrics_snapshots::snapshot_date.ge(from.to_string()));
        }
        if let Some(to) = filter.to {
            accepted = accepted.filter(metrics_snapshots::snapshot_date.le(to.to_string()));
        }
        if let Some(metric) = &filter.metric {
            accepted = accepted.filter(metric_values::metric.eq(metric));
        }
        if let Some(name) = &filter.name {
            accepted = accepted.filter(metric_values::name.eq(name));
        }
        accepted.select((WeekRow::as_select(), ValueRow::as_select())).load(conn)
    })?;
    let mut placed = found
        .into_iter()
        .map(|(week, row)| {
            let (week_place, place) = (week.place, row.place);
            row.into_value(week).map(|value| (week_place, place, value))
        })
        .collect::<DomainResult<Vec<_>>>()?;
    // The order of the snapshots, then that within a snapshot.
    placed.sort_by(|(week_a, place_a, a), (week_b, place_b, b)| {
        let newest = |week, value: &MetricValue| (Reverse((value.week, week)), value.kind);
        newest(*week_a, a).cmp(&newest(*week_b, b)).then_with(|| (&a.label, place_a).cmp(&(&b.label, place_b)))
    });
    let mut values: Vec<MetricValue> = placed.into_iter().map(|(_, _, value)| value).collect();
    keep_newest_weeks(&mut values, filter.weeks, |value| (value.week, &value.label));
    Ok(values)
}
