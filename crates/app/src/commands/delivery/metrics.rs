//! Weekly metrics: snapshots and single values.

use super::pick;
use crate::cli::{MetricsArgs, SnapshotsArgs};
use crate::commands::session::{Session, counted, value_of};
use crate::failure::{Exit, Failure};
use crate::output::{Align, Table};
use landfast_domain::delivery::{IsoWeek, MetricFilter, MetricKind, MetricValue, MetricsSnapshot};
use serde_json::{Value, json};

/// `landfast delivery snapshots list`.
pub(super) fn snapshots(session: &Session, args: &SnapshotsArgs) -> Result<Exit, Failure> {
    let kind = kind(args.kind.as_deref())?;
    let (key, snapshots) = session.read(|repositories| {
        let repository = repositories.delivery()?;
        let key = pick::query(repository, &args.pick)?;
        let snapshots = repository.list_snapshots(&key, kind, Some(args.weeks))?;
        Ok((key, snapshots))
    })?;
    let entries = || {
        let entries: Vec<Value> = snapshots.iter().map(snapshot_json).collect();
        [("query", key.to_string().into()), ("snapshots", entries.into())]
    };
    let table = || {
        let columns = [("week", Align::Left), ("kind", Align::Left), ("metrics", Align::Left), ("made", Align::Left)];
        let mut table = Table::new(&columns);
        for snapshot in &snapshots {
            let made = snapshot.created_at().map(|made| made.text).unwrap_or_default();
            table.row([snapshot.label.clone(), snapshot.kind.as_str().to_owned(), names(snapshot).join(", "), made]);
        }
        table
    };
    session.list(entries, &format!("{} of {key}, newest week first", counted(&snapshots, "snapshot")), table, None)
}

fn names(snapshot: &MetricsSnapshot) -> Vec<String> {
    let mut names: Vec<String> = snapshot.values().into_iter().map(|value| value.metric).collect();
    names.dedup();
    names
}

fn snapshot_json(snapshot: &MetricsSnapshot) -> Value {
    json!({
        "label": snapshot.label, "week": snapshot.week.map(|week| week.to_string()), "kind": snapshot.kind.as_str(),
        "created_at": snapshot.created_at().map(|made| made.text), "metrics": value_of(&snapshot.metrics),
        "forecast": snapshot.forecast().as_deref().map(value_of), "text": snapshot.metrics,
    })
}

/// `landfast delivery metrics list`.
pub(super) fn values(session: &Session, args: &MetricsArgs) -> Result<Exit, Failure> {
    let filter = MetricFilter {
        kind: kind(args.kind.as_deref())?,
        metric: args.metric.clone(),
        name: args.name.clone(),
        from: week("--from", args.from.as_deref())?,
        to: week("--to", args.to.as_deref())?,
        weeks: Some(args.weeks),
    };
    let (key, values) = session.read(|repositories| {
        let repository = repositories.delivery()?;
        let key = pick::query(repository, &args.pick)?;
        let values = repository.list_metric_values(&key, &filter)?;
        Ok((key, values))
    })?;
    let entries = || {
        let entries: Vec<Value> = values.iter().map(value_json).collect();
        [("query", key.to_string().into()), ("values", entries.into())]
    };
    let table = || {
        let columns = [("week", Align::Left), ("metric", Align::Left), ("name", Align::Left), ("value", Align::Right)];
        let mut table = Table::new(&columns);
        for value in &values {
            table.row([&value.label, &value.metric, &value.name, &value.text]);
        }
        table
    };
    session.list(entries, &format!("{} of {key}, newest week first", counted(&values, "value")), table, None)
}

fn value_json(value: &MetricValue) -> Value {
    json!({
        "label": value.label, "week": value.week.map(|week| week.to_string()), "kind": value.kind.as_str(),
        "metric": value.metric, "name": value.name, "number": value.value, "value": value_of(&value.text),
    })
}

fn kind(text: Option<&str>) -> Result<Option<MetricKind>, Failure> {
    let Some(text) = text else { return Ok(None) };
    MetricKind::parse(text).map(Some).ok_or_else(|| {
        Failure::usage(format!("--kind {text:?} is no kind of metrics")).hint("give flow, dora or other")
    })
}

fn week(option: &str, text: Option<&str>) -> Result<Option<IsoWeek>, Failure> {
    let Some(text) = text else { return Ok(None) };
    IsoWeek::parse(text).map(Some).ok_or_else(|| {
        Failure::usage(format!("{option} {text:?} is no week")).hint("write it as YYYY-Www, for instance 2025-W07")
    })
}
