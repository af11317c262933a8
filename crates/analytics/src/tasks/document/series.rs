//! The part with values over time and over rows.

use super::{Members, Source};
use crate::tasks::efficiency::efficiency_score;
use crate::tasks::series::{
    Attribute, DISTRIBUTION, FiveNumbers, RankingMetric, SCORE_TRENDS, Trend, attribute_trend, distribution,
    relief_series, stress_dimensions, stress_efficiency_leaderboard, task_ranking, task_relief_history,
    task_score_history, weekly_hours_history, weekly_productivity_history, weekly_relief_history,
};
use serde_json::{Map, Value, json};

/// Aggregations of the relief score shown over 30 days; the last one is unknown and stands for the mean.
const AGGREGATIONS: [&str; 8] = ["sum", "median", "min", "max", "count", "std", "var", "bogus"];
/// Trends drawn into one chart.
const TOGETHER: [&str; 2] = ["relief_score", "stress_level"];

pub(super) fn add(members: &mut Members, source: &Source<'_>) {
    let (data, scores, now) = (source.data, source.scores, source.clock.local);
    let productivity = |row: &crate::tasks::rows::PreparedRow| scores.of(row).map(|scores| scores.productivity);
    let distributions: Map<String, Value> = DISTRIBUTION
        .into_iter()
        .map(|(label, attribute)| (label.to_owned(), json!(FiveNumbers::of(&distribution(data, attribute)))))
        .collect();
    let rankings: Map<String, Value> = RankingMetric::ALL
        .into_iter()
        .map(|metric| (metric.as_str().to_owned(), json!(task_ranking(data, metric, 5))))
        .collect();
    for (key, value) in [
        ("attribute_distribution_summary", Value::Object(distributions)),
        ("get_attribute_trends", trends(source)),
        ("get_multi_attribute_trends", multi_trends(source)),
        ("get_weekly_hours_history", json!(weekly_hours_history(data, now))),
        ("get_weekly_relief_history", json!(weekly_relief_history(data, now))),
        ("get_weekly_productivity_history (corrected)", json!(weekly_productivity_history(data, now, productivity))),
        ("get_stress_dimension_data", json!(stress_dimensions(data, now))),
        ("trend_series", json!(relief_series(data))),
        ("get_task_performance_ranking", Value::Object(rankings)),
        ("get_stress_efficiency_leaderboard", json!(stress_efficiency_leaderboard(data, 10))),
        ("get_task_relief_history", json!(task_relief_history(data))),
        ("get_task_efficiency_history", json!(task_score_history(data, efficiency_score))),
    ] {
        members.insert(key.to_owned(), value);
    }
}

fn trend(source: &Source<'_>, key: &str, aggregation: &str, days: u32) -> Trend {
    attribute_trend(source.data, source.scores, source.clock, key, aggregation, days)
}

fn trends(source: &Source<'_>) -> Value {
    let mut document = Map::new();
    let attributes = Attribute::ALL.iter().map(|attribute| attribute.as_str());
    for key in attributes.chain(SCORE_TRENDS).chain(["no_such_attribute"]) {
        let mut of_key = Map::from_iter([("mean,90".to_owned(), json!(trend(source, key, "mean", 90)))]);
        if key == Attribute::ReliefScore.as_str() {
            of_key.insert("mean,0".to_owned(), json!(trend(source, key, "mean", 0)));
            of_key.extend(AGGREGATIONS.map(|how| (format!("{how},30"), json!(trend(source, key, how, 30)))));
        }
        document.insert(key.to_owned(), Value::Object(of_key));
    }
    Value::Object(document)
}

fn multi_trends(source: &Source<'_>) -> Value {
    let result: Map<String, Value> =
        TOGETHER.into_iter().map(|key| (key.to_owned(), json!(trend(source, key, "mean", 30).normalized()))).collect();
    json!({ "keys": TOGETHER, "aggregation": "mean", "days": 30, "normalize": true, "result": result })
}
