//! Numbers computed when an instance is completed: duration, delay, scores, relief factors.
//!
//! The formulas are those of the legacy program. Its file variant cut all stored times to the minute, so
//! its results agree with these for times without seconds. Results are rounded as Python rounds.

use crate::json::{Json, Object};
use crate::text::round_to;
use crate::time::Timestamp;

/// The estimate in minutes from a prediction: `time_estimate_minutes`, else `estimate`, else 0.
///
/// A value that is falsy in Python (absent, `null`, 0, empty text) falls through to the next. Numbers,
/// number texts and truth values (`true` is 1) count.
///
/// # Errors
/// The value that is no finite number: `"12 min"`, a list, NaN.
///
/// ```
/// use landfast_domain::json::{Json, Object};
/// use landfast_domain::tasks::completion::estimate_minutes;
///
/// let predicted = Object::from_iter([("time_estimate_minutes", Json::from("")), ("estimate", "30".into())]);
/// assert_eq!(estimate_minutes(&predicted), Ok(30.0));
/// assert_eq!(estimate_minutes(&Object::new()), Ok(0.0));
/// let odd = Object::from_iter([("estimate", "12 min")]);
/// assert_eq!(estimate_minutes(&odd), Err(Json::from("12 min")));
/// ```
pub fn estimate_minutes(predicted: &Object) -> Result<f64, Json> {
    let given = ["time_estimate_minutes", "estimate"];
    match given.iter().filter_map(|key| predicted.get(key)).find(|value| value.is_truthy()) {
        Some(value) => finite(value).ok_or_else(|| value.clone()),
        None => Ok(0.0),
    }
}

/// Minutes worked, for an instance completed at `now` without a given time, from the first line that fits:
///
/// 1. started: minutes from start to `now` plus those worked before the last pause;
/// 2. paused before: minutes worked before the pause;
/// 3. the estimate.
///
/// ```
/// use landfast_domain::{tasks::completion::duration_minutes, time::Timestamp};
///
/// let time = |text| Timestamp::parse(text).unwrap();
/// let start = Some(time("2025-12-21 20:00"));
/// assert_eq!(duration_minutes(start, 12.5, 60.0, time("2025-12-21 20:30:30")), 43.0);
/// assert_eq!(duration_minutes(None, 12.5, 60.0, time("2025-12-21 20:30")), 12.5);
/// assert_eq!(duration_minutes(None, 0.0, 60.0, time("2025-12-21 20:30")), 60.0);
/// ```
#[must_use]
pub fn duration_minutes(started: Option<Timestamp>, spent_before_pause: f64, estimate: f64, now: Timestamp) -> f64 {
    match started {
        Some(started) => now.minutes_since(started) + spent_before_pause,
        None if spent_before_pause > 0.0 => spent_before_pause,
        None => estimate,
    }
}

/// Minutes between initialisation and start, with two decimals.
///
/// Without a start the work is taken to have ended at `completed`: completion minus initialisation minus
/// duration. Negative when the duration is longer than the time that passed.
///
/// ```
/// use landfast_domain::{tasks::completion::delay_minutes, time::Timestamp};
///
/// let time = |text| Timestamp::parse(text).unwrap();
/// let (initialized, completed) = (time("2025-12-21 20:00"), time("2025-12-21 21:00:20"));
/// assert_eq!(delay_minutes(initialized, Some(time("2025-12-21 20:05")), completed, 90.0), 5.0);
/// assert_eq!(delay_minutes(initialized, None, completed, 90.0), -29.67);
/// ```
#[must_use]
pub fn delay_minutes(initialized: Timestamp, started: Option<Timestamp>, completed: Timestamp, duration: f64) -> f64 {
    let delay = match started {
        Some(started) => started.minutes_since(initialized),
        None => completed.minutes_since(initialized) - duration,
    };
    round_to(delay, 2)
}

/// How long the work was put off in units of the estimate, at most 10, three decimals.
///
/// `round(min(wait / max(estimate, 1), 10), 3)`, where `wait` is the time in minutes from creation to
/// start, and an estimate of 0 counts as 1. Negative when `wait` is.
///
/// ```
/// use landfast_domain::tasks::completion::procrastination_score;
///
/// assert_eq!(procrastination_score(182.0, 27.0), 6.741);
/// assert_eq!(procrastination_score(182.0, 0.0), 10.0);
/// assert_eq!(procrastination_score(-6.0, 60.0), -0.1);
/// ```
#[must_use]
pub fn procrastination_score(wait: f64, estimate: f64) -> f64 {
    round_to((wait / estimate.max(1.0)).min(10.0), 3)
}

/// 10 for work begun at once, falling to 0 at twice the estimate, three decimals.
///
/// `round(clamp(10 · max(0, 1 − wait / max(2 · estimate, 1)), 0, 10), 3)`, where an estimate of 0 counts
/// as 1.
///
/// ```
/// use landfast_domain::tasks::completion::proactive_score;
///
/// assert_eq!(proactive_score(10.0, 30.0), 8.333);
/// assert_eq!(proactive_score(60.0, 30.0), 0.0);
/// assert_eq!(proactive_score(1.0, 0.0), 5.0);
/// ```
#[must_use]
pub fn proactive_score(wait: f64, estimate: f64) -> f64 {
    let estimate = if estimate == 0.0 { 1.0 } else { estimate };
    let share = (1.0 - wait / (2.0 * estimate).max(1.0)).max(0.0);
    round_to((10.0 * share).clamp(0.0, 10.0), 3)
}

/// Relief against expectation; no conversion between the old 0-10 and the new 0-100 scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReliefFactors {
    /// Actual minus expected relief.
    pub net_relief: f64,
    /// Relief above expectation, 0 or more.
    pub serendipity_factor: f64,
    /// Relief below expectation, 0 or more.
    pub disappointment_factor: f64,
}

/// `actual_relief` against `expected_relief`; `None` unless both are finite numbers.
///
/// ```
/// use landfast_domain::json::Object;
/// use landfast_domain::tasks::completion::relief_factors;
///
/// let predicted = Object::from_iter([("expected_relief", 80)]);
/// let actual = Object::from_iter([("actual_relief", 40)]);
/// let factors = relief_factors(&predicted, &actual).unwrap();
/// assert_eq!((factors.net_relief, factors.serendipity_factor, factors.disappointment_factor), (-40.0, 0.0, 40.0));
/// assert_eq!(relief_factors(&predicted, &Object::new()), None);
/// ```
#[must_use]
pub fn relief_factors(predicted: &Object, actual: &Object) -> Option<ReliefFactors> {
    let net_relief = finite(actual.get("actual_relief")?)? - finite(predicted.get("expected_relief")?)?;
    Some(ReliefFactors {
        net_relief,
        serendipity_factor: net_relief.max(0.0),
        // Subtracting from zero avoids a negative zero.
        disappointment_factor: (0.0 - net_relief).max(0.0),
    })
}

/// Actual (`actual_emotional`, else `emotional_load`) minus expected emotional load
/// (`expected_emotional_load`, else `expected_emotional`); `None` unless both are finite numbers.
///
/// A load of 0 is a value. The legacy program took it for a missing one.
///
/// ```
/// use landfast_domain::json::Object;
/// use landfast_domain::tasks::completion::net_emotional;
///
/// let predicted = Object::from_iter([("expected_emotional", 30)]);
/// let actual = Object::from_iter([("actual_emotional", 0), ("emotional_load", 50)]);
/// assert_eq!(net_emotional(&predicted, &actual), Some(-30.0));
/// ```
#[must_use]
pub fn net_emotional(predicted: &Object, actual: &Object) -> Option<f64> {
    let actual = super::payload::first_given(actual, &["actual_emotional", "emotional_load"])?;
    let expected = super::payload::first_given(predicted, &["expected_emotional_load", "expected_emotional"])?;
    Some(finite(actual)? - finite(expected)?)
}

/// The number a payload value stands for, if it is finite.
pub(super) fn finite(value: &Json) -> Option<f64> {
    value.python_number().filter(|number| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tasks::testing::object;

    #[test]
    fn scores_at_their_borders() {
        // wait, estimate, procrastination, proactive
        for (wait, estimate, procrastination, proactive) in [
            (0.0, 0.0, 0.0, 10.0),
            (15.0, 7.0, 2.143, 0.0),
            (1.0, 18.0, 0.056, 9.722),
            (299.0, 30.0, 9.967, 0.0),
            (301.0, 30.0, 10.0, 0.0),
            (-12.0, 30.0, -0.4, 10.0),
            // Twice a quarter is below one, so one minute is the unit of both.
            (0.25, 0.25, 0.25, 7.5),
        ] {
            assert_eq!(procrastination_score(wait, estimate), procrastination, "{wait} {estimate}");
            assert_eq!(proactive_score(wait, estimate), proactive, "{wait} {estimate}");
        }
    }

    #[test]
    fn estimates_are_read_as_python_reads_them() {
        for (text, estimate) in [
            (r#"{"time_estimate_minutes": "27"}"#, Ok(27.0)),
            (r#"{"time_estimate_minutes": 0, "estimate": 5.5}"#, Ok(5.5)),
            (r#"{"time_estimate_minutes": null}"#, Ok(0.0)),
            (r#"{"time_estimate_minutes": true}"#, Ok(1.0)),
            (r#"{"time_estimate_minutes": [3]}"#, Err(Json::from(vec![3]))),
            (r#"{"time_estimate_minutes": "nan"}"#, Err(Json::from("nan"))),
        ] {
            assert_eq!(estimate_minutes(&object(text)), estimate, "{text}");
        }
    }

    #[test]
    fn equal_relief_is_neither_serendipity_nor_disappointment() {
        let factors =
            relief_factors(&object(r#"{"expected_relief": "40"}"#), &object(r#"{"actual_relief": 40.0}"#)).unwrap();
        assert_eq!(factors.net_relief.to_bits(), 0.0_f64.to_bits());
        assert_eq!(factors.serendipity_factor.to_bits(), 0.0_f64.to_bits());
        assert_eq!(factors.disappointment_factor.to_bits(), 0.0_f64.to_bits());
        assert_eq!(relief_factors(&object(r#"{"expected_relief": "x"}"#), &object(r#"{"actual_relief": 4}"#)), None);
        assert_eq!(relief_factors(&object(r#"{"expected_relief": NaN}"#), &object(r#"{"actual_relief": 4}"#)), None);
    }
}
