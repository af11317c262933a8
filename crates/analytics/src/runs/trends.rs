//! How results move from run to run.

use super::{NotRead, leaves};
use crate::stats::{Spread, mean};
use landfast_domain::instant::epoch_micros;
use landfast_domain::json::Json;
use landfast_domain::runs::{Run, TimeText};
use landfast_domain::time::Timestamp;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

/// One value of a trend.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrendPoint {
    /// Id of the run.
    pub run: String,
    /// When the run was made, UTC; as text `YYYY-MM-DDTHH:MM:SS` with the fraction there is.
    #[serde(serialize_with = "time_text")]
    pub at: Timestamp,
    /// The value.
    pub value: f64,
}

/// A number of the results over time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trend {
    /// Its path in `results_summary`, see [`leaves`].
    pub key: String,
    /// Its values in order of time, runs of the same instant in list order.
    pub points: Vec<TrendPoint>,
    /// Spread of the values.
    pub spread: Spread,
    /// Last value minus first value; `None` for a single one.
    pub change: Option<f64>,
    /// Slope of the straight line with the least squares, in units of the value per day:
    /// `Σ (t − t̄)(x − x̄) / Σ (t − t̄)²` with times `t` in days. `None` unless there are two instants.
    pub slope_per_day: Option<f64>,
}

/// Trends of all numbers in the results.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Trends {
    /// One for each key, in order of the keys.
    pub trends: Vec<Trend>,
    /// Ids of runs with results but without a readable time of creation; they are in no trend.
    pub without_time: Vec<String>,
    /// Results that are not JSON; they are in no trend.
    pub not_read: Vec<NotRead>,
}

/// Trends of every finite number in the `results_summary` of these runs, whatever their status.
///
/// Runs with different settings, engines or sources are rarely comparable: choose the runs first.
///
/// ```
/// use landfast_analytics::runs::trends;
/// use landfast_domain::runs::{Layout, RunDocuments, documents::read};
///
/// let run = |id: &str, day: &str, value: &str| {
///     let state = format!(r#"{{"run_id": "{id}", "status": "complete", "source": "jetstream", "created_at": "{day}",
///         "updated_at": "{day}", "results_summary": {{"avg_correction": {value}}}}}"#);
///     let documents = RunDocuments { state: Some(state), ..Default::default() };
///     read(Layout::State, &format!("runs/{id}"), documents).unwrap().run
/// };
/// let found = trends(&[run("a", "2025-12-03T00:00:00Z", "7"), run("b", "2025-12-01T00:00:00Z", "3")]);
/// assert_eq!((found.trends[0].change, found.trends[0].slope_per_day), (Some(4.0), Some(2.0)));
/// ```
#[must_use]
pub fn trends(runs: &[Run]) -> Trends {
    let mut found = Trends::default();
    let mut timed: Vec<(Timestamp, &Run, &str)> = Vec::new();
    for run in runs {
        let Some(text) = run.results_summary.as_deref() else { continue };
        match run.created_at.as_ref().and_then(TimeText::instant) {
            Some(at) => timed.push((at, run, text)),
            None => found.without_time.push(run.id.to_string()),
        }
    }
    timed.sort_by_key(|(at, _, _)| *at);
    let mut series: BTreeMap<String, Vec<TrendPoint>> = BTreeMap::new();
    for (at, run, text) in timed {
        match leaves(text) {
            Ok(leaves) => {
                for leaf in leaves {
                    let Json::Number(number) = &leaf.value else { continue };
                    let value = number.to_f64();
                    if value.is_finite() {
                        series.entry(leaf.path).or_default().push(TrendPoint { run: run.id.to_string(), at, value });
                    }
                }
            }
            Err(error) => found.not_read.push(NotRead {
                run: run.id.to_string(),
                column: "results_summary",
                reason: error.to_string(),
            }),
        }
    }
    found.trends = series.into_iter().map(|(key, points)| trend(key, points)).collect();
    found
}

fn trend(key: String, points: Vec<TrendPoint>) -> Trend {
    let change = match points.as_slice() {
        [first, .., last] => Some(last.value - first.value),
        _ => None,
    };
    let spread = Spread::of(points.iter().map(|point| point.value));
    Trend { key, spread, change, slope_per_day: slope_per_day(&points), points }
}

fn slope_per_day(points: &[TrendPoint]) -> Option<f64> {
    // Days since the first run: days since 1970 would cost half of the digits.
    let first = points.first()?.at;
    let times: Vec<f64> = points.iter().map(|point| point.at.minutes_since(first) / 1440.0).collect();
    let values: Vec<f64> = points.iter().map(|point| point.value).collect();
    let (time_mean, value_mean) = (mean(&times)?, mean(&values)?);
    let (mut products, mut squares) = (0.0, 0.0);
    for (time, value) in times.iter().zip(&values) {
        products += (time - time_mean) * (value - value_mean);
        squares += (time - time_mean) * (time - time_mean);
    }
    let instants = points.iter().any(|point| epoch_micros(point.at) != epoch_micros(first));
    instants.then(|| products / squares).filter(|slope| slope.is_finite())
}

fn time_text<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&time.to_iso_text())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{complete, run};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_number_has_a_trend_in_order_of_time() {
        let runs = [
            complete("late", "2025-12-04T00:00:00Z", r#"{"b": {"x": 5}, "a": 1, "text": "3", "flag": true}"#),
            complete("early", "2025-12-01T00:00:00+00:00", r#"{"a": 4, "odd": NaN}"#),
            complete("middle", "2025-12-02T00:00:00", r#"{"a": 4.0}"#),
            complete("no time", "soon", r#"{"a": 9}"#),
            run("none", "2025-12-02T00:00:00Z", r#""status": "error""#),
        ];
        let found = trends(&runs);
        assert_eq!(found.trends.iter().map(|trend| trend.key.as_str()).collect::<Vec<_>>(), ["a", "b.x"]);
        let a = &found.trends[0];
        assert_eq!(a.points.iter().map(|point| point.run.as_str()).collect::<Vec<_>>(), ["early", "middle", "late"]);
        assert_eq!((a.change, a.spread.mean), (Some(-3.0), Some(3.0)));
        // Deviations of time are -4/3, -1/3 and 5/3 days, of value 1, 1 and -2.
        assert!((a.slope_per_day.unwrap() - (-5.0 / (42.0 / 9.0))).abs() < 1e-12);
        assert_eq!((found.trends[1].change, found.trends[1].slope_per_day), (None, None));
        assert_eq!(found.without_time, ["no time"]);
    }

    #[test]
    fn results_that_are_not_json_are_told() {
        let mut broken = complete("a", "2025-12-01T00:00:00Z", r#"{"a": 4}"#);
        broken.results_summary = Some("{".to_owned());
        let found = trends(&[broken]);
        assert_eq!((found.trends.len(), found.not_read.len()), (0, 1));
        assert!(found.not_read[0].to_string().starts_with("`results_summary` of run a is not JSON"));
    }

    #[test]
    fn runs_of_one_instant_have_no_slope() {
        let day = "2025-12-01T00:00:00Z";
        let found = trends(&[complete("a", day, r#"{"x": 1}"#), complete("b", day, r#"{"x": 2}"#)]);
        assert_eq!((found.trends[0].change, found.trends[0].slope_per_day), (Some(1.0), None));
    }

    proptest! {
        #[test]
        fn a_straight_line_has_its_slope(slope in -50_i32..50, days in prop::collection::btree_set(1_u32..28, 2..10)) {
            let runs: Vec<Run> = days
                .iter()
                .map(|day| {
                    let value = f64::from(slope) * f64::from(*day) + 3.0;
                    complete(&format!("r{day}"), &format!("2025-12-{day:02}T00:00:00Z"), &format!(r#"{{"x": {value}}}"#))
                })
                .collect();
            let found = trends(&runs).trends[0].slope_per_day.unwrap();
            prop_assert!((found - f64::from(slope)).abs() < 1e-9);
        }
    }
}
