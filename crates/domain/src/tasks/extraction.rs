//! Copying payload values into the columns of an instance.

use super::TaskInstance;
use super::completion::finite;
use super::payload::first_given;
use crate::json::{Json, Object};
use crate::record::{Field, Number};
use crate::text::python_float;

/// Columns filled from payloads, each with the payload keys that can fill it, best first.
///
/// Physical load has no column. Expected values (`expected_relief`, …) are never copied; before 19 December
/// 2025 the legacy program copied them too, so older rows hold expectations in these columns.
pub const SOURCES: [(&str, &[&str]); 9] = [
    ("duration_minutes", &["duration_minutes", "time_actual_minutes", "actual_time"]),
    ("relief_score", &["relief_score", "actual_relief"]),
    ("mental_energy_needed", &["mental_energy_needed", "actual_mental_energy"]),
    ("task_difficulty", &["task_difficulty", "actual_difficulty"]),
    ("emotional_load", &["emotional_load", "actual_emotional"]),
    ("environmental_effect", &["environmental_effect", "environmental_fit"]),
    ("skills_improved", &["skills_improved"]),
    ("behavioral_score", &["behavioral_score"]),
    ("net_relief", &["net_relief"]),
];

/// Whether a column that holds something already is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overwrite {
    /// Only blank columns and those with a missing-value word are filled, as the legacy program did.
    No,
    /// Every column the payload has a value for is written.
    Yes,
}

/// Copies payload values into the columns of [`SOURCES`].
///
/// For each column the first key counts whose value is neither `null` nor `""`; 0 is a value. What is no
/// finite number leaves a number column as it is and stays in the payload; `skills_improved` takes any
/// value as Python text.
///
/// ```
/// use landfast_domain::json::Object;
/// use landfast_domain::record::Record;
/// use landfast_domain::tasks::extraction::{Overwrite, extract};
/// use landfast_domain::tasks::TaskInstance;
///
/// let mut instance = TaskInstance::blank("i1".into());
/// extract(&mut instance, &Object::from_iter([("actual_relief", 40)]), Overwrite::No);
/// extract(&mut instance, &Object::from_iter([("actual_relief", 90)]), Overwrite::No);
/// assert_eq!(instance.relief_score.raw(), "40");
/// extract(&mut instance, &Object::from_iter([("actual_relief", 90)]), Overwrite::Yes);
/// assert_eq!(instance.relief_score.raw(), "90");
/// ```
pub fn extract(instance: &mut TaskInstance, payload: &Object, overwrite: Overwrite) {
    for (column, keys) in SOURCES {
        let Some(value) = first_given(payload, keys) else { continue };
        if column == "skills_improved" {
            if overwrite == Overwrite::Yes || instance.skills_improved.is_blank() {
                instance.skills_improved.set_raw(value.python_text());
            }
        } else if let Some(cell) = number_cell(instance, column)
            && (overwrite == Overwrite::Yes || cell.is_blank())
        {
            set_number(cell, value);
        }
    }
}

/// Writes a payload value into a number cell as Python text, if it is a finite number.
pub(super) fn set_number(cell: &mut Field<Number>, value: &Json) {
    let Some(number) = finite(value) else { return };
    let text = value.python_text();
    // A truth value is a number to Python, but its text is not.
    if python_float(&text).is_some() { cell.set_raw(text) } else { cell.set(Some(&number)) }
}

fn number_cell<'a>(instance: &'a mut TaskInstance, column: &str) -> Option<&'a mut Field<Number>> {
    match column {
        "duration_minutes" => Some(&mut instance.duration_minutes),
        "relief_score" => Some(&mut instance.relief_score),
        "mental_energy_needed" => Some(&mut instance.mental_energy_needed),
        "task_difficulty" => Some(&mut instance.task_difficulty),
        "emotional_load" => Some(&mut instance.emotional_load),
        "environmental_effect" => Some(&mut instance.environmental_effect),
        "behavioral_score" => Some(&mut instance.behavioral_score),
        "net_relief" => Some(&mut instance.net_relief),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;
    use crate::tasks::testing::object;

    fn extracted(before: &[(&str, &str)], payload: &str, column: &str) -> String {
        let mut instance = TaskInstance::blank("i1".into());
        for (column, text) in before {
            instance.set_cell_named(column, (*text).to_owned());
        }
        extract(&mut instance, &object(payload), Overwrite::No);
        instance.cell_named(column).unwrap().to_owned()
    }

    #[test]
    fn every_source_reaches_its_column() {
        for (column, keys) in SOURCES {
            for key in keys {
                assert_eq!(extracted(&[], &format!(r#"{{"{key}": 7}}"#), column), "7", "{key}");
            }
        }
    }

    #[test]
    fn the_first_given_key_wins_and_zero_is_given() {
        let payload = r#"{"actual_relief": 30, "relief_score": 0}"#;
        assert_eq!(extracted(&[], payload, "relief_score"), "0");
        assert_eq!(extracted(&[], r#"{"actual_relief": 30, "relief_score": ""}"#, "relief_score"), "30");
        // What was chosen is not replaced by a later key when it is no number.
        assert_eq!(extracted(&[], r#"{"actual_relief": 30, "relief_score": "much"}"#, "relief_score"), "");
    }

    #[test]
    fn only_empty_cells_are_filled_and_missing_words_are_empty() {
        for (before, after) in [("", "5"), ("NaN", "5"), ("null", "5"), (" ", "5"), ("0", "0"), ("abc", "abc")] {
            assert_eq!(extracted(&[("relief_score", before)], r#"{"actual_relief": 5}"#, "relief_score"), after);
        }
    }

    #[test]
    fn values_are_copied_as_python_text() {
        for (value, text) in
            [("50.0", "50.0"), ("\" 7 \"", " 7 "), ("1e2", "100.0"), ("true", "1"), ("NaN", ""), ("[3]", "")]
        {
            let payload = format!(r#"{{"relief_score": {value}}}"#);
            assert_eq!(extracted(&[], &payload, "relief_score"), text, "{value}");
        }
        assert_eq!(extracted(&[], r#"{"skills_improved": ["a"]}"#, "skills_improved"), "['a']");
    }

    #[test]
    fn expectations_and_physical_load_have_no_column() {
        let mut instance = TaskInstance::blank("i1".into());
        extract(
            &mut instance,
            &object(r#"{"expected_relief": 80, "actual_physical": 5, "actual_cognitive": 9}"#),
            Overwrite::Yes,
        );
        assert_eq!(instance, TaskInstance::blank("i1".into()));
    }
}
