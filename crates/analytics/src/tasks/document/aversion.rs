//! The part about aversion over time.

use super::{Members, Source};
use crate::tasks::aversion::{aversion_by_task, aversion_scores, aversion_trend};
use crate::tasks::days::date_text;
use crate::tasks::rhythm::Rhythm;
use serde_json::{Map, Value, json};

const TREND_DAYS: u32 = 90;

pub(super) fn add(members: &mut Members, source: &Source<'_>) {
    let (data, now) = (source.data, source.clock.local);
    let scores = aversion_scores(data, now);
    let by_instance: Map<String, Value> =
        data.rows().iter().zip(&scores).map(|(row, score)| (row.instance_id.clone(), json!(score))).collect();
    let rhythms = Rhythm::by_task(data, now);
    let elapsed = |row: &crate::tasks::rows::PreparedRow| rhythms.get(&row.task_id)?.time_since_last(row);
    let elapsed: Map<String, Value> =
        data.rows().iter().map(|row| (row.instance_id.clone(), json!(elapsed(row)))).collect();
    let trend = aversion_trend(data, &scores, now, TREND_DAYS);
    let trend = json!({
        "dates": trend.iter().map(|day| date_text(day.date)).collect::<Vec<_>>(),
        "values": trend.iter().map(|day| day.mean).collect::<Vec<_>>(),
        "trailing_means": trend.iter().map(|day| day.trailing_mean).collect::<Vec<_>>(),
    });
    let tasks: Map<String, Value> = aversion_by_task(data, &scores)
        .into_iter()
        .map(|task| {
            let value = json!({ "task_name": task.task_name, "latest": task.latest, "mean": task.mean, "n": task.n });
            (task.task_id.to_string(), value)
        })
        .collect();
    for (key, value) in [
        ("calculate_aversion_score", Value::Object(by_instance)),
        ("time_since_last_completion", Value::Object(elapsed)),
        ("aversion_score_trend_90d", trend),
        ("aversion_by_task", Value::Object(tasks)),
    ] {
        members.insert(key.to_owned(), value);
    }
}
