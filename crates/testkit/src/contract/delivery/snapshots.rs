//! Metrics of weeks.

use super::{is_missing, key, read, saved_query, write};
use crate::contract::support::time;
use landfast_domain::Store;
use landfast_domain::delivery::{IsoWeek, MetricFilter, MetricKind, MetricsSnapshot, QueryKey, documents, snapshot};

/// Five labels of four weeks, one of them no week; written as the program writes it.
pub(super) const DOCUMENT: &str = r#"{
  "2025-W07": {
    "flow_time": {
      "median_days": 0,
      "by_status": {
        "Done": 1.5
      },
      "timestamp": "2025-02-17T09:30:00+00:00"
    },
    "dora_mttr": {
      "median_hours": null,
      "performance_tier": "High"
    },
    "trends": {
      "flow_time_trend": "stable"
    }
  },
  "2025-8": {
    "flow_time": {
      "median_days": 2.5
    }
  },
  "note": {
    "flow_odd": 7
  },
  "2025-W08": {
    "dora_mttr": {
      "median_hours": 4
    }
  },
  "2024-W52": {
    "flow_time": {
      "median_days": "3"
    }
  }
}"#;

fn saved(store: &dyn Store) -> QueryKey {
    let query = saved_query(store);
    write(store, |d| documents::save_snapshots_document(d, &query, DOCUMENT));
    query
}

fn labels(snapshots: &[MetricsSnapshot]) -> Vec<(&str, &str)> {
    snapshots.iter().map(|snapshot| (snapshot.label.as_str(), snapshot.kind.as_str())).collect()
}

/// Snapshots keep labels, places and metrics; the document made of them is the one they were read from.
pub fn snapshots_come_back_as_their_document(store: &dyn Store) {
    let query = saved(store);
    assert_eq!(read(store, |d| documents::snapshots_document(d, &query)).as_deref(), Some(DOCUMENT));
    let read_again = snapshot::read(&query, DOCUMENT).unwrap();
    for expected in read_again {
        let found = read(store, |d| d.get_snapshot(&query, &expected.label, expected.kind));
        assert_eq!(found, Some(expected));
    }
    assert_eq!(read(store, |d| d.get_snapshot(&query, "2025-W08", MetricKind::Flow)), None);
    assert_eq!(write(store, |d| d.delete_snapshots(&query)), 7);
    assert_eq!(write(store, |d| d.delete_snapshots(&query)), 0);
    assert_eq!(read(store, |d| d.list_metric_values(&query, &MetricFilter::default())), []);
}

/// Snapshots are listed newest week first, labels that name no week last.
pub fn snapshots_are_listed_newest_week_first(store: &dyn Store) {
    let query = saved(store);
    let all = read(store, |d| d.list_snapshots(&query, None, None));
    let expected = [
        ("2025-W08", "dora"),
        ("2025-8", "flow"),
        ("2025-W07", "flow"),
        ("2025-W07", "dora"),
        ("2025-W07", "other"),
        ("2024-W52", "flow"),
        ("note", "other"),
    ];
    assert_eq!(labels(&all), expected);
    let flow = read(store, |d| d.list_snapshots(&query, Some(MetricKind::Flow), None));
    assert_eq!(labels(&flow), [("2025-8", "flow"), ("2025-W07", "flow"), ("2024-W52", "flow")]);
}

/// A limit counts weeks, not rows; two labels of one week count once, a label that names none counts too.
pub fn the_limit_of_snapshots_counts_weeks(store: &dyn Store) {
    let query = saved(store);
    let number = |kind, weeks| read(store, |d| d.list_snapshots(&query, kind, Some(weeks))).len();
    assert_eq!([0, 1, 2, 3, 4, 52].map(|weeks| number(None, weeks)), [0, 2, 5, 6, 7, 7]);
    assert_eq!([1, 2, 3, 4].map(|weeks| number(Some(MetricKind::Flow), weeks)), [1, 2, 3, 3]);
    assert_eq!(number(Some(MetricKind::Other), 1), 1);
}

/// Null is a value of its own: neither zero nor missing.
pub fn null_metrics_stay_apart_from_zero(store: &dyn Store) {
    let query = saved(store);
    let of = |metric: &str, name: &str| -> Vec<(Option<f64>, String)> {
        let filter =
            MetricFilter { metric: Some(metric.to_owned()), name: Some(name.to_owned()), ..MetricFilter::default() };
        read(store, |d| d.list_metric_values(&query, &filter))
            .into_iter()
            .map(|value| (value.value, value.text))
            .collect()
    };
    let text = str::to_owned;
    assert_eq!(of("dora_mttr", "median_hours"), [(Some(4.0), text("4")), (None, text("null"))]);
    assert_eq!(of("dora_mttr", "performance_tier"), [(None, text("\"High\""))]);
    assert_eq!(
        of("flow_time", "median_days"),
        [(Some(2.5), text("2.5")), (Some(0.0), text("0")), (Some(3.0), text("\"3\""))]
    );
    assert_eq!(of("flow_time", "by_status.Done"), [(Some(1.5), text("1.5"))]);
    assert_eq!(of("flow_time", "nope"), []);
}

/// Values of metrics are filtered by kind and weeks, in the order of the snapshots.
pub fn metric_values_are_filtered(store: &dyn Store) {
    let query = saved(store);
    let names = |filter: MetricFilter| -> Vec<String> {
        let values = read(store, |d| d.list_metric_values(&query, &filter));
        values.into_iter().map(|value| format!("{} {}", value.label, value.name)).collect()
    };
    let all = MetricFilter::default;
    assert_eq!(names(all()).len(), 9);
    assert_eq!(
        names(MetricFilter { kind: Some(MetricKind::Flow), ..all() }),
        ["2025-8 median_days", "2025-W07 median_days", "2025-W07 by_status.Done", "2024-W52 median_days"]
    );
    assert_eq!(
        names(MetricFilter { from: IsoWeek::new(2025, 8), ..all() }),
        ["2025-W08 median_hours", "2025-8 median_days"]
    );
    assert_eq!(names(MetricFilter { to: IsoWeek::new(2024, 52), ..all() }), ["2024-W52 median_days"]);
    assert_eq!(names(MetricFilter { kind: Some(MetricKind::Flow), weeks: Some(2), ..all() }).len(), 3);
    assert_eq!(names(MetricFilter { metric: Some("trends".to_owned()), weeks: Some(1), ..all() }).len(), 1);
}

/// Snapshots are replaced by label and kind, with their values.
pub fn snapshots_are_replaced_by_label_and_kind(store: &dyn Store) {
    let query = saved(store);
    let changed = |place, label: &str, metrics: &str| {
        MetricsSnapshot::new(query.clone(), place, label, MetricKind::Flow, metrics).unwrap()
    };
    let snapshots = [
        changed(9, "2025-8", "{\"flow_time\": {\"a\": 1}}"),
        changed(9, "2025-8", "{\"flow_load\": {\"b\": 2}}"),
        changed(3, "2025-W08", "{}"),
    ];
    write(store, |d| d.save_snapshots(&query, &snapshots));
    assert_eq!(read(store, |d| d.get_snapshot(&query, "2025-8", MetricKind::Flow)).as_ref(), Some(&snapshots[1]));
    let filter = MetricFilter { from: IsoWeek::new(2025, 8), kind: Some(MetricKind::Flow), ..MetricFilter::default() };
    let values = read(store, |d| d.list_metric_values(&query, &filter));
    assert_eq!(values.iter().map(|value| value.name.as_str()).collect::<Vec<_>>(), ["b"]);
    assert_eq!(read(store, |d| d.list_snapshots(&query, None, None)).len(), 8);
}

/// The metrics of a week are kept under the label the week has.
pub fn metrics_of_a_week_keep_its_label(store: &dyn Store) {
    let query = saved(store);
    let save = |week: u32, metrics: &str| {
        let week = IsoWeek::new(2025, week).unwrap();
        write(store, |d| {
            documents::save_metrics_snapshot(d, &query, week, MetricKind::Flow, metrics, None, time("2025-03-01 10:00"))
        })
    };
    assert_eq!(save(8, "{\"flow_time\": {\"median_days\": null}}").label, "2025-8");
    assert_eq!(save(9, "{\"flow_time\": {\"median_days\": 1}}").label, "2025-W09");
    let weeks = read(store, |d| d.list_snapshots(&query, Some(MetricKind::Flow), Some(2)));
    assert_eq!(labels(&weeks), [("2025-W09", "flow"), ("2025-8", "flow")]);
    assert!(weeks[1].metrics.contains("\"median_days\":null"), "{}", weeks[1].metrics);
}

/// Snapshots need their query; being refused does not spoil the transaction.
pub fn snapshots_of_an_unknown_query_are_refused(store: &dyn Store) {
    let known = saved_query(store);
    let unknown = key(&known.profile, "nope");
    write(store, |d| {
        assert!(is_missing(&d.save_snapshots(&unknown, &snapshot::read(&unknown, DOCUMENT)?), "query"));
        assert!(is_missing(&d.save_snapshots(&unknown, &[]), "query"));
        d.save_snapshots(&known, &snapshot::read(&known, DOCUMENT)?)
    });
    assert_eq!(read(store, |d| d.list_snapshots(&unknown, None, None)), []);
    assert_eq!(read(store, |d| d.list_snapshots(&known, None, None)).len(), 7);
}
