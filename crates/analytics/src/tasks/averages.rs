//! Averages of the ratings of past attempts.

use super::baselines::mean;
use super::history::{Attempt, TaskHistory};
use super::number::{NotFinite, legacy_rating, legacy_round};
use landfast_domain::json::{Json, Object};
use landfast_domain::record::RecordKey;
use std::collections::BTreeMap;

const EXPECTED: [&str; 9] = [
    "expected_relief",
    "expected_mental_energy",
    "expected_difficulty",
    "expected_cognitive_load",
    "expected_physical_load",
    "expected_emotional_load",
    "motivation",
    "expected_aversion",
    "expected_stress",
];
const ACTUAL: [&str; 4] = ["actual_relief", "actual_cognitive", "actual_physical", "actual_emotional"];
/// Ratings that took over from `expected_cognitive_load`.
const SPLIT_OFF: [&str; 2] = ["expected_mental_energy", "expected_difficulty"];

/// Rounded averages by rating name; a rating without any value is absent.
pub type Averages = BTreeMap<&'static str, i64>;

/// How a rating from 0 to 10 is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScaleReading {
    /// As the original does: every value from 0 to 10 is of the old scale and multiplied by ten.
    LegacyGuess,
    /// As it is stored: every value is of the scale 0 to 100. Right for data from December 2025 on.
    AsStored,
}

/// Means of ratings, with what was left out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TaskMeans {
    /// Unrounded mean by rating name; a rating without any value is absent.
    pub means: BTreeMap<&'static str, f64>,
    /// Values that are NaN or infinite and were left out, in list order.
    pub skipped: Vec<SkippedRating>,
}

/// A rating that took no part in a mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedRating {
    /// Instance the value belongs to.
    pub instance: RecordKey,
    /// Name of the rating.
    pub rating: &'static str,
    /// The value as Python writes it: `nan`, `inf` or `-inf`.
    pub value: String,
}

impl TaskHistory {
    /// Rounded averages of the predictions, as the original gives them.
    ///
    /// For each of nine ratings the mean of [`legacy_rating`] over all initialised attempts that have it,
    /// rounded with ties to even. When a payload has neither `expected_mental_energy` nor
    /// `expected_difficulty`, its `expected_cognitive_load` counts for both of them as well.
    ///
    /// # Errors
    /// [`NotFinite`] when a payload holds `NaN` or `Infinity`; see [`TaskHistory::task_means`].
    pub fn legacy_task_averages(&self) -> Result<Averages, NotFinite> {
        rounded(collect(&self.initialized, &EXPECTED, |a| a.legacy.as_ref(), ScaleReading::LegacyGuess))
    }

    /// Rounded averages of the outcomes of completed attempts, as the original gives them.
    ///
    /// # Errors
    /// As [`TaskHistory::legacy_task_averages`]; see [`TaskHistory::actual_means`].
    pub fn legacy_actual_averages(&self) -> Result<Averages, NotFinite> {
        rounded(collect(&self.completed, &ACTUAL, |a| a.legacy.as_ref(), ScaleReading::LegacyGuess))
    }

    /// Unrounded means of the predictions of all initialised attempts.
    ///
    /// Differs from the original in three ways: NaN and infinite values are left out and reported instead
    /// of failing, payloads encoded as text are read, and the scale is up to the caller.
    #[must_use]
    pub fn task_means(&self, scale: ScaleReading) -> TaskMeans {
        finite_means(&self.initialized, collect(&self.initialized, &EXPECTED, Attempt::object, scale))
    }

    /// Unrounded means of the outcomes of all completed attempts, like [`TaskHistory::task_means`].
    #[must_use]
    pub fn actual_means(&self, scale: ScaleReading) -> TaskMeans {
        finite_means(&self.completed, collect(&self.completed, &ACTUAL, Attempt::object, scale))
    }

    /// Mean estimate in minutes over all initialised attempts, unrounded.
    ///
    /// The estimate is `time_estimate_minutes`, or `estimate` where that is missing, empty or zero; an
    /// attempt with neither does not count, nor does one whose estimate is no finite number.
    #[must_use]
    pub fn average_time_estimate(&self) -> Option<f64> {
        let estimates: Vec<f64> = self
            .initialized
            .iter()
            .filter_map(|attempt| {
                let object = attempt.legacy.as_ref()?;
                let named = |key: &str| object.get(key).filter(|value| value.is_truthy());
                named("time_estimate_minutes").or_else(|| named("estimate"))?.python_number()
            })
            .filter(|minutes| minutes.is_finite())
            .collect();
        mean(&estimates)
    }

    /// Aversion given at the first initialisation, rounded, as the original gives it.
    ///
    /// Attempts are ordered by initialisation time, unreadable times last; only the first one is looked at,
    /// so there is no answer when it has no usable `initial_aversion`.
    #[must_use]
    pub fn initial_aversion(&self) -> Option<i64> {
        let first = self.initialized.iter().min_by_key(|attempt| (attempt.time.is_none(), attempt.time))?;
        let value = first.legacy.as_ref()?.get("initial_aversion")?;
        legacy_round(legacy_rating(value)?).ok()
    }
}

/// The values of each rating with the number of the attempt they come from.
type Values = Vec<(&'static str, Vec<(usize, f64)>)>;

fn collect<'a>(
    attempts: &'a [Attempt],
    ratings: &[&'static str],
    object: impl Fn(&'a Attempt) -> Option<&'a Object>,
    scale: ScaleReading,
) -> Values {
    let mut values: Values = ratings.iter().map(|rating| (*rating, Vec::new())).collect();
    for (number, attempt) in attempts.iter().enumerate() {
        let Some(object) = object(attempt) else { continue };
        let merged = !SPLIT_OFF.iter().any(|key| object.contains_key(key));
        for (rating, list) in &mut values {
            let source = if merged && SPLIT_OFF.contains(rating) { "expected_cognitive_load" } else { rating };
            list.extend(object.get(source).and_then(|value| read(value, scale)).map(|value| (number, value)));
        }
    }
    values
}

fn read(value: &Json, scale: ScaleReading) -> Option<f64> {
    match scale {
        ScaleReading::LegacyGuess => legacy_rating(value),
        ScaleReading::AsStored => value.python_number(),
    }
}

fn rounded(values: Values) -> Result<Averages, NotFinite> {
    let mut averages = Averages::new();
    for (rating, list) in values {
        let list: Vec<f64> = list.into_iter().map(|(_, value)| value).collect();
        if let Some(mean) = mean(&list) {
            averages.insert(rating, legacy_round(mean)?);
        }
    }
    Ok(averages)
}

fn finite_means(attempts: &[Attempt], values: Values) -> TaskMeans {
    let mut result = TaskMeans::default();
    let mut skipped = Vec::new();
    for (rating, list) in values {
        let (finite, odd): (Vec<_>, Vec<_>) = list.into_iter().partition(|(_, value)| value.is_finite());
        skipped.extend(odd.into_iter().map(|(number, value)| (number, rating, value)));
        let finite: Vec<f64> = finite.into_iter().map(|(_, value)| value).collect();
        if let Some(mean) = mean(&finite) {
            result.means.insert(rating, mean);
        }
    }
    skipped.sort_by_key(|(number, _, _)| *number);
    result.skipped = skipped
        .into_iter()
        .filter_map(|(number, rating, value)| {
            let instance = attempts.get(number)?.key.clone();
            Some(SkippedRating { instance, rating, value: landfast_domain::text::python_float_repr(value) })
        })
        .collect();
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use landfast_domain::record::Record as _;
    use landfast_domain::tasks::TaskInstance;

    fn attempt(key: &str, initialized: &str, predicted: &str) -> TaskInstance {
        let mut instance = TaskInstance::blank(key.into());
        instance.task_id.set_raw("t1");
        instance.initialized_at.set_raw(initialized);
        instance.predicted.set_raw(predicted);
        instance
    }

    fn history(predicted: &[&str]) -> TaskHistory {
        let rows: Vec<_> = predicted.iter().map(|text| attempt("i", "2025-12-01 10:00", text)).collect();
        TaskHistory::of_task("t1", &rows)
    }

    #[test]
    fn ratings_are_averaged_with_the_scale_guess_and_ties_go_to_even() {
        let history = history(&[r#"{"expected_relief": 4}"#, r#"{"expected_relief": "45"}"#]);
        assert_eq!(history.legacy_task_averages().unwrap(), Averages::from([("expected_relief", 42)]));
        let stored = history.task_means(ScaleReading::AsStored);
        assert_eq!(stored.means["expected_relief"], 24.5);
    }

    #[test]
    fn cognitive_load_stands_in_for_the_ratings_it_was_split_into() {
        let averages = history(&[r#"{"expected_cognitive_load": 40}"#]).legacy_task_averages().unwrap();
        for rating in ["expected_cognitive_load", "expected_mental_energy", "expected_difficulty"] {
            assert_eq!(averages[rating], 40);
        }
        let split = history(&[r#"{"expected_cognitive_load": 40, "expected_difficulty": null}"#]);
        assert_eq!(split.legacy_task_averages().unwrap(), Averages::from([("expected_cognitive_load", 40)]));
    }

    #[test]
    fn one_nan_fails_the_legacy_answer_and_is_reported_by_the_other() {
        let history = history(&[r#"{"motivation": NaN}"#, r#"{"motivation": 60}"#]);
        assert_eq!(history.legacy_task_averages(), Err(NotFinite::NaN));
        let means = history.task_means(ScaleReading::LegacyGuess);
        assert_eq!(means.means["motivation"], 60.0);
        assert_eq!(means.skipped.len(), 1);
        assert_eq!((means.skipped[0].rating, means.skipped[0].value.as_str()), ("motivation", "nan"));
    }

    #[test]
    fn nothing_usable_gives_nothing() {
        let history = history(&["", "{}", "[1]", "{broken", r#"{"expected_relief": "much"}"#]);
        assert_eq!(history.legacy_task_averages(), Ok(Averages::new()));
        assert_eq!(history.average_time_estimate(), None);
        assert_eq!(history.initial_aversion(), None);
    }

    #[test]
    fn any_text_counts_as_initialised_but_blanks_do_not() {
        let rows = [
            attempt("a", "yesterday", r#"{"expected_relief": 20}"#),
            attempt("b", " \t", r#"{"expected_relief": 90}"#),
            attempt("c", "NULL", r#"{"expected_relief": 90}"#),
        ];
        let averages = TaskHistory::of_task("t1", &rows).legacy_task_averages().unwrap();
        assert_eq!(averages, Averages::from([("expected_relief", 20)]));
    }

    #[test]
    fn the_initial_aversion_is_that_of_the_earliest_readable_time_only() {
        let rows = [
            attempt("a", "soon", r#"{"initial_aversion": 90}"#),
            attempt("b", "2025-12-02 10:00", r#"{"initial_aversion": 70}"#),
            attempt("c", "2025-12-01T09:00:00", r#"{"initial_aversion": 5}"#),
        ];
        assert_eq!(TaskHistory::of_task("t1", &rows).initial_aversion(), Some(50));
        let without = [attempt("a", "2025-12-01 10:00", "{}"), rows[1].clone()];
        assert_eq!(TaskHistory::of_task("t1", &without).initial_aversion(), None);
        let nan = [attempt("a", "2025-12-01 10:00", r#"{"initial_aversion": NaN}"#)];
        assert_eq!(TaskHistory::of_task("t1", &nan).initial_aversion(), None);
    }

    #[test]
    fn estimates_fall_through_zero_to_the_old_name() {
        let history = history(&[
            r#"{"time_estimate_minutes": 0, "estimate": "20"}"#,
            r#"{"time_estimate_minutes": 5}"#,
            r#"{"time_estimate_minutes": ""}"#,
        ]);
        assert_eq!(history.average_time_estimate(), Some(12.5));
    }
}
