//! What is tracked about recommendations and capacity.

use landfast_domain::json::{Json, Member};
use landfast_domain::record::Record as _;
use landfast_domain::tasks::TaskInstance;
use landfast_domain::text::{legacy_text, python_float, python_strip};

/// Attributes that Landfast tracks beyond the original; unknown is `None`, never false or 0.
///
/// Each is looked for in the column of its name, then in `actual`, then in `predicted`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tracking {
    /// Whether a recommendation of this task was seen.
    pub recommendation_viewed: Option<bool>,
    /// Whether the instance was begun from a recommendation.
    pub recommendation_used: Option<bool>,
    /// Where the recommendation came from: `rule` or `ml`.
    pub recommendation_source: Option<String>,
    /// Score of the recommendation, 0 to 100.
    pub recommendation_score: Option<f64>,
    /// Version of the model that recommended.
    pub model_version: Option<String>,
    /// New minus first expected relief, -100 to 100.
    pub excitement_change: Option<f64>,
    /// Capacity before the attempt, 0 to 100.
    pub capacity_before: Option<f64>,
    /// Capacity after the attempt, 0 to 100.
    pub capacity_after: Option<f64>,
    /// Days since the task was last completed, as it was stored; 0 or more.
    pub time_since_last_completion: Option<f64>,
}

impl Tracking {
    /// `capacity_after - capacity_before`, -100 to 100; `None` unless both are known.
    #[must_use]
    pub fn capacity_change(&self) -> Option<f64> {
        Some(self.capacity_after? - self.capacity_before?)
    }

    /// `None` when the instance says nothing of all this.
    pub(super) fn read(instance: &TaskInstance, actual: &Members, predicted: &Members) -> Option<Self> {
        if instance.extra.is_empty() && actual.0.is_empty() && predicted.0.is_empty() {
            return None;
        }
        let find = |name: &str| -> Option<Json> {
            let cell = (!instance.extra.is_empty()).then(|| instance.cell_named(name)).flatten();
            let text = cell.map(|cell| python_strip(legacy_text(cell))).filter(|text| !text.is_empty());
            text.map(Json::from).or_else(|| actual.get(name).or_else(|| predicted.get(name)).cloned())
        };
        let number = |name: &str| find(name)?.python_number().filter(|number| number.is_finite());
        let text = |name: &str| find(name)?.as_str().map(str::to_owned);
        let truth = |name: &str| truth(&find(name)?);
        Some(Self {
            recommendation_viewed: truth("recommendation_viewed"),
            recommendation_used: truth("recommendation_used"),
            recommendation_source: text("recommendation_source"),
            recommendation_score: number("recommendation_score"),
            model_version: text("model_version"),
            excitement_change: number("excitement_change"),
            capacity_before: number("capacity_before"),
            capacity_after: number("capacity_after"),
            time_since_last_completion: number("time_since_last_completion"),
        })
    }
}

/// Names of the attributes, as columns and members of payloads.
const NAMES: [&str; 9] = [
    "recommendation_viewed",
    "recommendation_used",
    "recommendation_source",
    "recommendation_score",
    "model_version",
    "excitement_change",
    "capacity_before",
    "capacity_after",
    "time_since_last_completion",
];

/// The members of a payload that are tracked, in its order; usually none.
#[derive(Debug, Default)]
pub(super) struct Members(Vec<(&'static str, Json)>);

impl Members {
    /// Keeps a member if it is a tracked one.
    pub(super) fn add(&mut self, key: &str, value: &Member<'_>) {
        let Some(name) = NAMES.into_iter().find(|name| *name == key) else { return };
        self.0.push((name, value.to_json()));
    }

    /// The last member of a name, unless it is null.
    fn get(&self, name: &str) -> Option<&Json> {
        let last = self.0.iter().rev().find(|(key, _)| *key == name);
        last.map(|(_, value)| value).filter(|value| !value.is_null())
    }
}

/// `true`/`false` in JSON, as text in any case, or as a number 1 or 0.
fn truth(value: &Json) -> Option<bool> {
    match value {
        Json::Bool(value) => Some(*value),
        Json::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Json::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        Json::String(text) => python_float(text).map(|number| number != 0.0),
        Json::Number(_) => value.as_f64().map(|number| number != 0.0),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_stays_unknown_and_columns_come_first() {
        let none = Members::default();
        let mut instance = TaskInstance::blank("i".into());
        assert_eq!(Tracking::read(&instance, &none, &none), None);
        instance.set_cell_named("capacity_before", "40".to_owned());
        instance.set_cell_named("recommendation_used", "True".to_owned());
        let mut predicted = Members::default();
        for (key, text) in [("capacity_before", "70"), ("capacity_after", "1"), ("capacity_after", "55"), ("x", "3")] {
            predicted.add(key, &Member::Number(text));
        }
        let tracking = Tracking::read(&instance, &none, &predicted).unwrap();
        assert_eq!((tracking.capacity_before, tracking.capacity_after), (Some(40.0), Some(55.0)));
        assert_eq!(tracking.capacity_change(), Some(15.0));
        assert_eq!((tracking.recommendation_used, tracking.recommendation_viewed), (Some(true), None));
    }

    #[test]
    fn null_gives_way_and_other_kinds_do_not() {
        let instance = TaskInstance::blank("i".into());
        let (mut actual, mut predicted) = (Members::default(), Members::default());
        actual.add("capacity_before", &Member::Null);
        actual.add("capacity_after", &Member::Object("{}"));
        predicted.add("capacity_before", &Member::Number("7"));
        predicted.add("capacity_after", &Member::Number("8"));
        let tracking = Tracking::read(&instance, &actual, &predicted).unwrap();
        assert_eq!((tracking.capacity_before, tracking.capacity_after), (Some(7.0), None));
    }
}
