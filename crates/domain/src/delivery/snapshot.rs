//! Metrics of a week.

use super::edit::{corrupt, remove_at, require_object, set_text};
use super::ids::QueryKey;
use super::moment::Moment;
use super::project_data::finite_number;
use super::read::{node_at, node_text, outline, storable};
use super::week::IsoWeek;
use crate::Result;
use crate::json::{Json, JsonError, JsonKind, Node, Object, compact_unicode, members};
use std::collections::HashMap;

/// Families of metrics, told by the beginning of a metric's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MetricKind {
    /// `flow_…`: time, efficiency, load, velocity.
    Flow,
    /// `dora_…`: lead time, deployment frequency, change failure rate, time to restore.
    Dora,
    /// `trends`, metrics this version does not know, and whatever is no object.
    Other,
}

impl MetricKind {
    /// Every kind, in the order they are written.
    pub const ALL: [Self; 3] = [Self::Flow, Self::Dora, Self::Other];

    /// Lower-case name: `flow`, `dora` or `other`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Flow => "flow",
            Self::Dora => "dora",
            Self::Other => "other",
        }
    }

    /// Reads [`MetricKind::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Kind of a member of a week.
    #[must_use]
    pub fn of(metric: &str, value_is_object: bool) -> Self {
        match metric {
            _ if !value_is_object => Self::Other,
            _ if metric.starts_with("flow_") => Self::Flow,
            _ if metric.starts_with("dora_") => Self::Dora,
            _ => Self::Other,
        }
    }
}

/// The metrics of one kind of one week.
///
/// Snapshots are told apart by label and kind. Two labels may name the same week, since older programs
/// wrote `2025-7` for `2025-W07`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricsSnapshot {
    /// The query.
    pub query: QueryKey,
    /// Place of the week in the document, from 0.
    pub ordinal: i64,
    /// Label of the week, as it was written.
    pub label: String,
    /// The week; `None` when the label names none.
    pub week: Option<IsoWeek>,
    /// Kind of the metrics.
    pub kind: MetricKind,
    /// JSON object from metric name to its values, without blanks; for a week that is no object, its value.
    pub metrics: String,
}

/// One value of a metric of a week.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricValue {
    /// Label of the week, as it was written.
    pub label: String,
    /// The week.
    pub week: Option<IsoWeek>,
    /// Kind of the metric.
    pub kind: MetricKind,
    /// Name of the metric, for instance `flow_time`.
    pub metric: String,
    /// Name of the value within the metric, nested ones with a point: `median_days`, `by_status.Done`.
    pub name: String,
    /// The number; `None` for null, words and truth values, so that "no incident" stays apart from zero.
    pub value: Option<f64>,
    /// JSON text of the value.
    pub text: String,
}

/// Which values a list is to hold; the default is all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MetricFilter {
    /// Only those of this kind.
    pub kind: Option<MetricKind>,
    /// Only those of exactly this metric.
    pub metric: Option<String>,
    /// Only values with exactly this name.
    pub name: Option<String>,
    /// Only weeks from this one on; labels that name no week are left out.
    pub from: Option<IsoWeek>,
    /// Only weeks up to this one; labels that name no week are left out.
    pub to: Option<IsoWeek>,
    /// Only the newest so many weeks.
    pub weeks: Option<usize>,
}

impl MetricsSnapshot {
    /// A snapshot of a label and a JSON object of metrics.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`] when the text is not a JSON object.
    pub fn new(
        query: QueryKey,
        ordinal: i64,
        label: impl Into<String>,
        kind: MetricKind,
        metrics: &str,
    ) -> Result<Self> {
        require_object("metrics snapshot", "metrics", metrics)?;
        Ok(Self::from_text(query, ordinal, label, kind, metrics))
    }

    fn from_text(query: QueryKey, ordinal: i64, label: impl Into<String>, kind: MetricKind, metrics: &str) -> Self {
        let label = storable(&label.into());
        Self { query, ordinal, week: IsoWeek::parse(&label), label, kind, metrics: compact(metrics) }
    }

    /// JSON object from metric name to its forecast; `None` when no metric has one.
    #[must_use]
    pub fn forecast(&self) -> Option<String> {
        let outline = outline(&self.metrics);
        let mut forecasts = Object::new();
        for (name, metric) in outline.root().effective() {
            if let Some(forecast) = node_at(metric, &["forecast"]) {
                forecasts.insert(name, forecast.to_json());
            }
        }
        (!forecasts.is_empty()).then(|| Json::Object(forecasts).dump_unicode_compact())
    }

    /// Time of the newest metric in it; `None` when no metric has a readable one.
    #[must_use]
    pub fn created_at(&self) -> Option<Moment> {
        let outline = outline(&self.metrics);
        let times =
            outline.root().members().filter_map(|(_, metric)| node_text(metric, &["timestamp"]).map(Moment::read));
        times.filter(|moment| moment.instant.is_some()).max_by_key(|moment| moment.instant)
    }

    /// The single values, in the order of the document: numbers, nulls, words and truth values, but for the
    /// members `timestamp` and `week`, which say nothing the snapshot does not say. Lists are left out.
    #[must_use]
    pub fn values(&self) -> Vec<MetricValue> {
        let mut values = Vec::new();
        let outline = outline(&self.metrics);
        for (metric, members) in outline.root().effective() {
            self.push_values(&mut values, &metric, "", members);
        }
        values
    }

    fn push_values(&self, values: &mut Vec<MetricValue>, metric: &str, name: &str, value: Node<'_, '_>) {
        match value.kind() {
            JsonKind::Array => {}
            JsonKind::Object => {
                for (key, member) in value.effective() {
                    if name.is_empty() && matches!(key.as_ref(), "timestamp" | "week") {
                        continue;
                    }
                    let path = if name.is_empty() { key.into_owned() } else { format!("{name}.{key}") };
                    self.push_values(values, metric, &path, member);
                }
            }
            _ => {
                let scalar = value.to_json();
                values.push(MetricValue {
                    label: self.label.clone(),
                    week: self.week,
                    kind: self.kind,
                    metric: storable(metric),
                    name: storable(name),
                    value: finite_number(&scalar),
                    text: scalar.dump_unicode(),
                });
            }
        }
    }
}

impl MetricFilter {
    /// Whether a value belongs into the list, the number of weeks aside.
    #[must_use]
    pub fn accepts(&self, value: &MetricValue) -> bool {
        self.kind.is_none_or(|kind| kind == value.kind)
            && self.metric.as_ref().is_none_or(|metric| *metric == value.metric)
            && self.name.as_ref().is_none_or(|name| *name == value.name)
            && self.from.is_none_or(|from| value.week.is_some_and(|week| week >= from))
            && self.to.is_none_or(|to| value.week.is_some_and(|week| week <= to))
    }
}

/// Takes a document apart: for each week, in the order of the document, a snapshot of each kind it has.
/// Of a label that occurs twice, the last counts, as for the legacy program.
///
/// # Errors
/// [`crate::Error::Invalid`] when the text is not a JSON object.
pub fn read(query: &QueryKey, document: &str) -> Result<Vec<MetricsSnapshot>> {
    require_object("metrics snapshots", "document", document)?;
    parts(query, document).map_err(|error| corrupt("metrics snapshots", &query.to_string(), "document", &error))
}

/// The document of these snapshots. `document`: the one they were read from, whose bytes stay wherever a
/// metric is what it was; without it, one is made.
///
/// # Errors
/// [`crate::Error::Corrupt`] when a text is not JSON.
pub fn write(query: &QueryKey, document: Option<&str>, snapshots: &[MetricsSnapshot]) -> Result<String> {
    let broken = |error| corrupt("metrics snapshots", &query.to_string(), "document", &error);
    match document {
        Some(document) => edited(document, &parts(query, document).map_err(broken)?, snapshots).map_err(broken),
        None => composed(snapshots).map_err(broken),
    }
}

/// A document that is not edited but made, in the layout the legacy program writes.
fn composed(snapshots: &[MetricsSnapshot]) -> Result<String, JsonError> {
    let mut ordered: Vec<_> = snapshots.iter().collect();
    ordered.sort_by_key(|snapshot| (snapshot.ordinal, snapshot.kind));
    let mut weeks: Vec<(&str, Vec<String>, Option<&str>)> = Vec::new();
    for snapshot in ordered {
        if weeks.last().is_none_or(|(label, ..)| *label != snapshot.label) {
            weeks.push((&snapshot.label, Vec::new(), None));
        }
        let Some((_, metrics, value)) = weeks.last_mut() else { continue };
        match members(&snapshot.metrics)? {
            Some(own) => metrics.extend(
                own.iter().map(|metric| format!("{}: {}", Json::from(metric.key.as_str()).dump(), metric.text)),
            ),
            None => *value = Some(&snapshot.metrics),
        }
    }
    let weeks: Vec<String> = weeks
        .iter()
        .map(|(label, metrics, value)| {
            let own = value.map_or_else(|| format!("{{{}}}", metrics.join(", ")), str::to_owned);
            format!("{}: {own}", Json::from(*label).dump())
        })
        .collect();
    let text = format!("{{{}}}", weeks.join(", "));
    // Text with half a character cannot be laid out anew; it is JSON all the same.
    Ok(Json::parse(&text).map_or(text, |made| made.dump_indented(2)))
}

fn edited(document: &str, old: &[MetricsSnapshot], new: &[MetricsSnapshot]) -> Result<String, JsonError> {
    let mut text = document.to_owned();
    for week in old {
        if !new.iter().any(|snapshot| snapshot.label == week.label) {
            text = remove_at(&text, &[&week.label])?;
        }
    }
    let mut ordered: Vec<_> = new.iter().collect();
    ordered.sort_by_key(|snapshot| (snapshot.ordinal, snapshot.kind));
    for snapshot in ordered {
        let before = old.iter().find(|week| (&week.label, week.kind) == (&snapshot.label, snapshot.kind));
        if before.map(|week| &week.metrics) != Some(&snapshot.metrics) {
            text = write_week(&text, before, snapshot)?;
        }
    }
    // Kinds a week no longer has.
    for week in old {
        let is_left = new.iter().any(|snapshot| (&snapshot.label, snapshot.kind) == (&week.label, week.kind));
        let week_is_left = new.iter().any(|snapshot| snapshot.label == week.label);
        if week_is_left && !is_left {
            for metric in members(&week.metrics)?.unwrap_or_default() {
                text = remove_at(&text, &[&week.label, &metric.key])?;
            }
        }
    }
    Ok(text)
}

fn write_week(text: &str, before: Option<&MetricsSnapshot>, after: &MetricsSnapshot) -> Result<String, JsonError> {
    let Some(metrics) = members(&after.metrics)? else {
        return set_text(text, &after.label, &after.metrics);
    };
    let old = before.map(|week| members(&week.metrics)).transpose()?.flatten().unwrap_or_default();
    let mut week =
        super::edit::member_text(text, &after.label)?.filter(|week| week.starts_with('{')).unwrap_or("{}").to_owned();
    for metric in &old {
        if !metrics.iter().any(|new| new.key == metric.key) {
            week = remove_at(&week, &[&metric.key])?;
        }
    }
    for metric in &metrics {
        if !old.iter().any(|old| old.key == metric.key && old.text == metric.text) {
            week = set_text(&week, &metric.key, metric.text)?;
        }
    }
    set_text(text, &after.label, &week)
}

fn parts(query: &QueryKey, document: &str) -> Result<Vec<MetricsSnapshot>, JsonError> {
    let mut snapshots = Vec::new();
    let weeks = members(document)?.unwrap_or_default();
    let last: HashMap<&str, i64> = (0_i64..).zip(&weeks).map(|(place, week)| (week.key.as_str(), place)).collect();
    for (ordinal, week) in (0_i64..).zip(&weeks) {
        if last.get(week.key.as_str()) != Some(&ordinal) {
            continue;
        }
        let Some(metrics) = members(week.text)? else {
            snapshots.push(MetricsSnapshot::from_text(query.clone(), ordinal, &week.key, MetricKind::Other, week.text));
            continue;
        };
        for kind in MetricKind::ALL {
            let own: Vec<String> = metrics
                .iter()
                .filter(|metric| MetricKind::of(&metric.key, metric.text.starts_with('{')) == kind)
                .map(|metric| format!("{}:{}", Json::from(metric.key.as_str()).dump_unicode(), metric.text))
                .collect();
            // A week without any metric is a week all the same.
            if !own.is_empty() || (metrics.is_empty() && kind == MetricKind::Other) {
                let text = format!("{{{}}}", own.join(","));
                snapshots.push(MetricsSnapshot::from_text(query.clone(), ordinal, &week.key, kind, &text));
            }
        }
    }
    Ok(snapshots)
}

/// The same JSON without blanks; texts that Rust cannot hold when decoded stay as they are.
fn compact(text: &str) -> String {
    compact_unicode(text).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::{ProfileId, QueryId};

    fn key() -> QueryKey {
        QueryKey::new(ProfileId::new("p").unwrap(), QueryId::new("q").unwrap())
    }

    const DOCUMENT: &str = r#"{
  "2024-W44": {
    "flow_time": { "median_days": 0, "week": "x", "timestamp": "2025-12-17T09:30:00+00:00", "by": {"Done": 1.50} },
    "dora_mttr": { "median_hours": null, "performance_tier": "High", "names": ["a"], "forecast": {"forecast_value": 3} },
    "trends": { "flow_time_trend": "stable" },
    "flow_odd": 7
  },
  "2025-7": {},
  "note": "hand-written"
}"#;

    #[test]
    fn each_kind_of_a_week_is_a_snapshot_and_nothing_is_left_out() {
        let snapshots = read(&key(), DOCUMENT).unwrap();
        let seen: Vec<_> =
            snapshots.iter().map(|s| (s.ordinal, s.label.as_str(), s.kind, s.metrics.as_str())).collect();
        assert_eq!(
            seen,
            [
                (
                    0,
                    "2024-W44",
                    MetricKind::Flow,
                    r#"{"flow_time":{"median_days":0,"week":"x","timestamp":"2025-12-17T09:30:00+00:00","by":{"Done":1.50}}}"#
                ),
                (
                    0,
                    "2024-W44",
                    MetricKind::Dora,
                    r#"{"dora_mttr":{"median_hours":null,"performance_tier":"High","names":["a"],"forecast":{"forecast_value":3}}}"#
                ),
                (0, "2024-W44", MetricKind::Other, r#"{"trends":{"flow_time_trend":"stable"},"flow_odd":7}"#),
                (1, "2025-7", MetricKind::Other, "{}"),
                (2, "note", MetricKind::Other, "\"hand-written\""),
            ]
        );
        assert_eq!(snapshots[1].forecast().as_deref(), Some(r#"{"dora_mttr":{"forecast_value":3}}"#));
        assert_eq!((snapshots[0].forecast(), snapshots[1].created_at()), (None, None));
        assert_eq!(snapshots[0].created_at().unwrap().text, "2025-12-17T09:30:00+00:00");
        assert_eq!((snapshots[3].week, snapshots[4].week), (IsoWeek::new(2025, 7), None));
    }

    #[test]
    fn null_is_a_value_apart_from_zero() {
        let values: Vec<_> = read(&key(), DOCUMENT).unwrap().iter().flat_map(MetricsSnapshot::values).collect();
        let seen: Vec<_> =
            values.iter().map(|v| (v.metric.as_str(), v.name.as_str(), v.value, v.text.as_str())).collect();
        assert_eq!(
            seen,
            [
                ("flow_time", "median_days", Some(0.0), "0"),
                ("flow_time", "by.Done", Some(1.5), "1.50"),
                ("dora_mttr", "median_hours", None, "null"),
                ("dora_mttr", "performance_tier", None, "\"High\""),
                ("dora_mttr", "forecast.forecast_value", Some(3.0), "3"),
                ("trends", "flow_time_trend", None, "\"stable\""),
                ("flow_odd", "", Some(7.0), "7"),
            ]
        );
    }

    #[test]
    fn writing_changes_only_the_metric_that_changed() {
        let mut snapshots = read(&key(), DOCUMENT).unwrap();
        assert_eq!(write(&key(), Some(DOCUMENT), &snapshots).unwrap(), DOCUMENT);
        snapshots[2].metrics = r#"{"trends":{"flow_time_trend":"stable"},"flow_odd":8}"#.to_owned();
        assert_eq!(
            write(&key(), Some(DOCUMENT), &snapshots).unwrap(),
            DOCUMENT.replace("\"flow_odd\": 7", "\"flow_odd\": 8")
        );
        snapshots.remove(1);
        snapshots.pop();
        let text = write(&key(), Some(DOCUMENT), &snapshots).unwrap();
        assert_eq!(
            read(&key(), &text).unwrap().iter().map(|s| &s.metrics).collect::<Vec<_>>(),
            snapshots.iter().map(|s| &s.metrics).collect::<Vec<_>>()
        );
    }

    #[test]
    fn a_document_made_from_nothing_reads_the_same() {
        let snapshots = read(&key(), DOCUMENT).unwrap();
        let made = write(&key(), None, &snapshots).unwrap();
        assert!(made.starts_with("{\n  \"2024-W44\": {\n    \"flow_time\": {\n"), "{made}");
        assert_eq!(read(&key(), &made).unwrap(), snapshots);
    }

    #[test]
    fn of_a_repeated_label_the_last_counts() {
        let snapshots =
            read(&key(), r#"{"2025-W01": {"flow_time": {"a": 1}}, "2025-W01": {"flow_time": {"a": 2}}}"#).unwrap();
        assert_eq!((snapshots.len(), snapshots[0].metrics.as_str()), (1, r#"{"flow_time":{"a":2}}"#));
        assert!(read(&key(), "[]").is_err());
    }
}
