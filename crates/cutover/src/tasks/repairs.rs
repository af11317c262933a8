//! What is known to be wrong in old attempts, and how to mend it.

use crate::Repair;
use landfast_domain::json::{Json, Object};
use landfast_domain::record::{Field, Json as JsonCell, Number, Record};
use landfast_domain::tasks::TaskInstance;
use landfast_domain::tasks::payload::{first_given, payload_or_empty, set_members};
use landfast_domain::time::Timestamp;
use landfast_legacy::table::Finding;

/// A column meant for an actual value, where the expected one stands in the predictions, and where the
/// actual one stands in the outcome.
const COPIED: [(&str, &[&str], &[&str]); 4] = [
    ("relief_score", &["expected_relief"], &["actual_relief"]),
    ("emotional_load", &["expected_emotional_load", "expected_emotional"], &["actual_emotional"]),
    ("mental_energy_needed", &["expected_mental_energy"], &["actual_mental_energy"]),
    ("task_difficulty", &["expected_difficulty"], &["actual_difficulty"]),
];

/// Values with a scale: columns, members of `predicted`, members of `actual`.
const SCALED_COLUMNS: [&str; 3] = ["relief_score", "cognitive_load", "emotional_load"];
const SCALED_PREDICTED: [&str; 5] =
    ["expected_relief", "expected_cognitive_load", "expected_physical_load", "expected_emotional_load", "motivation"];
const SCALED_ACTUAL: [&str; 4] = ["actual_relief", "actual_cognitive", "actual_emotional", "actual_physical"];

/// First moment at which the program kept actual values in the columns for them.
const ACTUAL_SINCE: &str = "2025-12-19 00:00";
/// End of the day on which the scale changed.
const SCALE_SINCE: &str = "2025-12-02 00:00";

/// What would be mended by the repairs.
pub(super) fn inspect(instance: &TaskInstance) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (column, _, actual) in expected_in_actual(instance) {
        let held = instance.cell_named(column).unwrap_or_default();
        let message = format!("holds the expected value {held}; the actual one is {}", actual.python_text());
        findings.push(Finding { code: "expected-in-actual-column", column: column.to_owned(), message });
    }
    if Timestamp::parse(SCALE_SINCE).is_some_and(|since| is_old_scale(instance, since)) {
        let message = "all values lie from 0 to 10, as on the old scale".to_owned();
        findings.push(Finding { code: "old-scale", column: String::new(), message });
    }
    findings
}

/// The instance with the repairs that apply to it; `None` when none does.
pub(super) fn repaired(instance: &TaskInstance, repairs: &[Repair]) -> Option<TaskInstance> {
    let mut mended = instance.clone();
    // Columns first: whether a value is the expected one is told before either is scaled.
    if repairs.contains(&Repair::ReliefFromActual) {
        for (column, _, actual) in expected_in_actual(instance) {
            mended.set_cell_named(column, actual.python_text());
        }
    }
    for repair in repairs {
        if let Repair::Scale { before } = repair
            && is_old_scale(instance, *before)
        {
            scale(&mut mended);
        }
    }
    (mended != *instance).then_some(mended)
}

/// Columns that hold the expected value although another one is the actual: column, expected, actual.
fn expected_in_actual(instance: &TaskInstance) -> Vec<(&'static str, Json, Json)> {
    let since = Timestamp::parse(ACTUAL_SINCE);
    if instance.completed_at.value().is_none_or(|completed| Some(completed) >= since) {
        return Vec::new();
    }
    let (Ok(predicted), Ok(actual)) = (payload_or_empty(&instance.predicted), payload_or_empty(&instance.actual))
    else {
        return Vec::new();
    };
    let found = COPIED.iter().filter_map(|(column, expected_keys, actual_keys)| {
        let held = Field::<Number>::from_raw(instance.cell_named(column)?).value()?;
        let expected = first_given(&predicted, expected_keys)?;
        let outcome = first_given(&actual, actual_keys)?;
        let differs = finite(outcome)? != held;
        (finite(expected)? == held && differs).then(|| (*column, expected.clone(), outcome.clone()))
    });
    found.collect()
}

/// Whether an instance begun before `since` has values with a scale, all from 0 to 10 and not all 0.
fn is_old_scale(instance: &TaskInstance, since: Timestamp) -> bool {
    let begun = instance.initialized_at.value().or_else(|| instance.created_at.value());
    if begun.is_none_or(|begun| begun >= since) {
        return false;
    }
    let mut values = Vec::new();
    for column in SCALED_COLUMNS {
        values.extend(instance.cell_named(column).and_then(|text| Field::<Number>::from_raw(text).value()));
    }
    for (cell, keys) in [(&instance.predicted, &SCALED_PREDICTED[..]), (&instance.actual, &SCALED_ACTUAL[..])] {
        values.extend(numbers(cell, keys).into_iter().map(|(_, value)| value));
    }
    values.iter().all(|value| (0.0..=10.0).contains(value)) && values.iter().any(|value| *value > 0.0)
}

fn scale(instance: &mut TaskInstance) {
    for column in SCALED_COLUMNS {
        let mut field = Field::<Number>::from_raw(instance.cell_named(column).unwrap_or_default());
        if let Some(value) = field.value() {
            field.set(Some(&(value * 10.0)));
            instance.set_cell_named(column, field.into_raw());
        }
    }
    for (cell, keys) in [(&mut instance.predicted, &SCALED_PREDICTED[..]), (&mut instance.actual, &SCALED_ACTUAL[..])] {
        let scaled: Vec<(&str, Json)> =
            numbers(cell, keys).into_iter().map(|(key, value)| (key, tenfold(value))).collect();
        if !scaled.is_empty() {
            // The cell was read as an object just before, so its members can be set.
            let _ = set_members(cell, scaled);
        }
    }
}

fn tenfold(value: f64) -> Json {
    let mut field = Field::<Number>::default();
    field.set(Some(&(value * 10.0)));
    Json::parse(field.raw()).unwrap_or(Json::Null)
}

/// Members of a payload that are finite numbers.
fn numbers<'k>(cell: &Field<JsonCell>, keys: &[&'k str]) -> Vec<(&'k str, f64)> {
    let object = payload_or_empty(cell).unwrap_or_else(|_| Object::new());
    keys.iter().filter_map(|key| Some((*key, finite(object.get(key)?)?))).collect()
}

fn finite(value: &Json) -> Option<f64> {
    if value.is_null() {
        return None;
    }
    value.python_number().filter(|number| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instance(cells: &[(&str, &str)]) -> TaskInstance {
        let mut instance = TaskInstance::blank("i1".into());
        for (column, text) in cells {
            instance.set_cell_named(column, (*text).to_owned());
        }
        instance
    }

    fn old() -> TaskInstance {
        instance(&[
            ("created_at", "2025-11-20 10:00"),
            ("completed_at", "2025-12-10 10:00"),
            ("predicted", r#"{"expected_relief": 8, "motivation": 3}"#),
            ("actual", r#"{"actual_relief": 4, "note": "x"}"#),
            ("relief_score", "8.0"),
        ])
    }

    #[test]
    fn an_expected_value_gives_way_to_the_actual_one() {
        let mended = repaired(&old(), &[Repair::ReliefFromActual]).unwrap();
        assert_eq!(mended.relief_score.raw(), "4");
        assert_eq!(repaired(&mended, &[Repair::ReliefFromActual]), None);
        let codes: Vec<_> = inspect(&old()).iter().map(|finding| finding.code).collect();
        assert_eq!(codes, ["expected-in-actual-column", "old-scale"]);
    }

    #[test]
    fn later_rows_and_rows_without_an_actual_value_are_left_alone() {
        let mut later = old();
        later.completed_at.set_raw("2025-12-19 00:00");
        assert_eq!(repaired(&later, &[Repair::ReliefFromActual]), None);
        let mut without = old();
        without.actual.set_raw("{}");
        assert_eq!(repaired(&without, &[Repair::ReliefFromActual]), None);
    }

    #[test]
    fn the_old_scale_is_raised_in_columns_and_payloads() {
        let before = Timestamp::parse("2025-12-01 00:00").unwrap();
        let mended = repaired(&old(), &[Repair::Scale { before }]).unwrap();
        assert_eq!(mended.relief_score.raw(), "80");
        assert_eq!(mended.predicted.raw(), r#"{"expected_relief": 80, "motivation": 30}"#);
        assert_eq!(mended.actual.raw(), r#"{"actual_relief": 40, "note": "x"}"#);
        let both = repaired(&old(), &[Repair::Scale { before }, Repair::ReliefFromActual]).unwrap();
        assert_eq!(both.relief_score.raw(), "40");
    }

    #[test]
    fn one_value_above_ten_says_that_the_scale_is_new() {
        let before = Timestamp::parse("2025-12-01 00:00").unwrap();
        let mut converted = old();
        converted.actual.set_raw(r#"{"actual_relief": 40}"#);
        assert_eq!(repaired(&converted, &[Repair::Scale { before }]), None);
        let mut later = old();
        later.created_at.set_raw("2025-12-01 00:00");
        assert_eq!(repaired(&later, &[Repair::Scale { before }]), None);
    }
}
