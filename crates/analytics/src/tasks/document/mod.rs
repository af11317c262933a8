//! Everything about the tasks area in one JSON document.

mod aversion;
mod daily;
mod gaps;
mod relations;
mod series;
mod summary;

use super::clock::Clock;
use super::daily::DayHistory;
use super::instances::{per_instance, per_task};
use super::rows::{TaskData, TaskInput};
use super::scores::Scores;
use serde_json::{Map, Value, json};

/// What the parts of the document are made from.
struct Source<'a> {
    data: &'a TaskData,
    scores: &'a Scores,
    days: &'a DayHistory,
    clock: Clock,
}

/// Members of the document, in order.
type Members = Map<String, Value>;

/// Every quantity of the tasks area at a time, for all records of one user.
///
/// Keys are the function names of the original program; under them stand its answers wherever they are right, and the
/// right ones where they are not. Quantities the original never had stand under further keys. `null` is a missing number.
/// A [`landfast_domain::time::Timestamp`] stands for a machine whose local time is UTC.
///
/// ```
/// use landfast_analytics::tasks::document;
/// use landfast_analytics::tasks::rows::TaskInput;
/// use landfast_domain::time::Timestamp;
///
/// let now = Timestamp::parse("2025-12-27 18:00").unwrap();
/// let document = document(&TaskInput::default(), now);
/// assert_eq!(document["get_dashboard_metrics"]["counts"]["total_created"], 0);
/// ```
#[must_use]
pub fn document(input: &TaskInput<'_>, now: impl Into<Clock>) -> Value {
    document_of(input, &TaskData::new(input), now.into())
}

/// The same with the rows already prepared.
pub(super) fn document_of(input: &TaskInput<'_>, data: &TaskData, clock: Clock) -> Value {
    let scores = Scores::new(data, clock);
    let days = DayHistory::new(data, &scores);
    let source = Source { data, scores: &scores, days: &days, clock };
    let mut members = Members::new();
    members.insert("counts".to_owned(), counts(input, data));
    gaps::add(&mut members, input, data);
    summary::add(&mut members, &source);
    series::add(&mut members, &source);
    relations::add(&mut members, &source);
    daily::add(&mut members, &source);
    aversion::add(&mut members, &source);
    members.extend(crate::recommend::document(data, clock.local));
    members.insert("per_instance".to_owned(), per_instance(data, clock.local, clock.utc));
    members.insert("per_task".to_owned(), per_task(input));
    Value::Object(members)
}

fn counts(input: &TaskInput<'_>, data: &TaskData) -> Value {
    json!({
        "tasks": input.tasks.len(),
        "instances": input.instances.len(),
        "active": input.instances.iter().filter(|row| row.is_active()).count(),
        "cancelled": input.instances.iter().filter(|row| row.is_cancelled()).count(),
        "recent_completed_100": data.completed_positions().len().min(100),
    })
}
