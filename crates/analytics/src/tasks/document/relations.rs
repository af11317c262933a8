//! The part about how attributes relate to each other.

use super::{Members, Source};
use crate::tasks::relations::{
    Axis, EmotionalFlow, InsightOptions, Period, accuracy_label, attribute_correlation, compare_periods,
    emotional_flow, factor_comparison, find_thresholds, insights, prediction_label, relief_comparison, relief_patterns,
    scatter,
};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Days of the comparison of expected and actual relief.
const RELIEF_DAYS: u32 = 90;
/// Pairs whose correlation is shown, by both methods; the last one names an unknown attribute.
const CORRELATIONS: [(&str, &str); 6] = [
    ("stress_level", "relief_score"),
    ("duration_minutes", "relief_score"),
    ("expected_aversion", "stress_level"),
    ("emotional_load", "net_wellbeing"),
    ("behavioral_score", "procrastination_score"),
    ("physical_load", "stress_efficiency"),
];
const UNKNOWN: (&str, &str) = ("relief_score", "nope");
/// Dependent and independent attribute and number of bins.
const THRESHOLDS: [(&str, &str, usize); 3] = [
    ("relief_score", "stress_level", 10),
    ("stress_level", "expected_aversion", 5),
    ("net_wellbeing", "duration_minutes", 4),
];
const SCATTERS: [(&str, &str); 5] = [
    ("stress_level", "relief_score"),
    ("work_time", "relief_score"),
    ("play_time", "net_wellbeing"),
    ("duration_minutes", "grit_score"),
    ("duration_minutes", "productivity_score"),
];

pub(super) fn add(members: &mut Members, source: &Source<'_>) {
    let (data, now) = (source.data, source.clock.local);
    let comparison = relief_comparison(data, now, RELIEF_DAYS);
    let relief = json!({
        "stats": comparison,
        "pattern_counts": relief_patterns(data, now, RELIEF_DAYS),
        "accuracy": comparison.mae.map(accuracy_label),
        "relation": comparison.correlation.map(prediction_label),
    });
    for (key, value) in [
        ("calculate_correlation", correlations(source)),
        ("find_threshold_relationships", thresholds(source)),
        ("get_scatter_data_digest", scatters(source)),
        ("relief_comparison_90d", relief),
        ("factors_comparison_90d", json!({ "stats": factor_comparison(data, now, RELIEF_DAYS) })),
        ("compare_periods", periods(source)),
        ("insights", json!(insights(data, &InsightOptions::default()))),
        ("get_emotional_flow_data_digest", flow_digest(&emotional_flow(data))),
    ] {
        members.insert(key.to_owned(), value);
    }
}

/// The last week and the last 30 days against the same time before.
fn periods(source: &Source<'_>) -> Value {
    let of = |days: u32| {
        let (earlier, later) = Period::last_two(source.clock.local, days);
        let answer = compare_periods(source.data, source.scores, earlier, later);
        (format!("last_{days}_days"), json!(answer))
    };
    [7, 30].map(of).into_iter().collect::<Map<_, _>>().into()
}

fn correlations(source: &Source<'_>) -> Value {
    let of = |(x, y): (&str, &str), method: &str| {
        let answer = attribute_correlation(source.data, source.scores, x, y, method);
        (format!("{x}|{y}|{method}"), json!(answer))
    };
    let known = CORRELATIONS.into_iter().flat_map(|pair| [of(pair, "pearson"), of(pair, "spearman")]);
    known.chain([of(UNKNOWN, "pearson")]).collect::<Map<_, _>>().into()
}

fn pair(source: &Source<'_>, x: &str, y: &str) -> (Vec<f64>, Vec<f64>) {
    match (Axis::from_name(x), Axis::from_name(y)) {
        (Some(x), Some(y)) => scatter(source.data, source.scores, x, y),
        _ => (Vec::new(), Vec::new()),
    }
}

fn thresholds(source: &Source<'_>) -> Value {
    let of = |(dependent, independent, bins): (&str, &str, usize)| {
        let (x, y) = pair(source, independent, dependent);
        (format!("{dependent}|{independent}|{bins}"), json!(find_thresholds(&y, &x, bins)))
    };
    THRESHOLDS.into_iter().map(of).collect::<Map<_, _>>().into()
}

/// Number, sums and the first ten points of each scatter.
fn scatters(source: &Source<'_>) -> Value {
    let of = |(x_name, y_name): (&str, &str)| {
        let (x, y) = pair(source, x_name, y_name);
        let points = x.iter().zip(&y);
        let digest = json!({
            "n": x.len(),
            "sum_x": x.iter().sum::<f64>(),
            "sum_y": y.iter().sum::<f64>(),
            "sum_xy": points.clone().map(|(x, y)| x * y).sum::<f64>(),
            "first10": points.take(10).collect::<Vec<_>>(),
        });
        (format!("{x_name}|{y_name}"), digest)
    };
    SCATTERS.into_iter().map(of).collect::<Map<_, _>>().into()
}

/// The emotional flow with its lists counted and summed.
fn flow_digest(flow: &EmotionalFlow) -> Value {
    let mut by_emotion: BTreeMap<&str, (usize, Vec<f64>, Vec<f64>)> = BTreeMap::new();
    for transition in &flow.transitions {
        let (count, initial, last) = by_emotion.entry(&transition.emotion).or_default();
        *count += 1;
        initial.extend(transition.initial_value);
        last.extend(transition.final_value);
    }
    let by_emotion: Map<String, Value> = by_emotion
        .into_iter()
        .map(|(emotion, (n, initial, last))| {
            let digest = json!({
                "n": n,
                "n_initial": initial.len(),
                "n_final": last.len(),
                "sum_initial": initial.iter().sum::<f64>(),
                "sum_final": last.iter().sum::<f64>(),
            });
            (emotion.to_owned(), digest)
        })
        .collect();
    let trends: Map<String, Value> = flow
        .emotion_trends
        .iter()
        .map(|(emotion, values)| {
            let digest = json!({
                "n": values.len(),
                "sum": values.iter().map(|(_, value)| value).sum::<f64>(),
                "first": values.first(),
                "last": values.last(),
            });
            (emotion.to_string(), digest)
        })
        .collect();
    let sums = |pairs: &[(f64, f64)]| -> (f64, f64) {
        (pairs.iter().map(|(first, _)| first).sum(), pairs.iter().map(|(_, second)| second).sum())
    };
    let ((loads, reliefs), (expected, actual)) = (sums(&flow.load_relief), sums(&flow.expected_actual));
    json!({
        "transitions": { "count": flow.transitions.len(), "by_emotion": by_emotion },
        "load_relief_scatter": { "n": flow.load_relief.len(), "sum_x": loads, "sum_y": reliefs },
        "expected_actual_comparison": { "n": flow.expected_actual.len(), "sum_expected": expected, "sum_actual": actual },
        "spikes": flow.spikes,
        "spike_count": flow.spikes.len(),
        "emotion_trends": trends,
        "correlations": flow.correlations,
        "avg_emotional_load": flow.avg_emotional_load,
        "avg_relief": flow.avg_relief,
        "emotion_relief_ratio": flow.emotion_relief_ratio,
    })
}
