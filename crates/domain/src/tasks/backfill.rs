//! Filling empty columns from the payloads, as the legacy program's maintenance step did.

use super::TaskInstance;
use super::access::for_each;
use super::payload::payload;
use crate::accounts::UserId;
use crate::json::{Json, Object};
use crate::record::{Record, RecordKey};
use crate::text::{legacy_text, python_strip};
use crate::{Repositories, Result};

/// Columns in the order they are reported, with the keys of `actual` and then of `predicted` that can fill
/// them. Relief is never taken from a prediction.
const SOURCES: [(&str, &[&str], &[&str]); 4] = [
    (
        "cognitive_load",
        &["actual_cognitive", "cognitive_load"],
        &["expected_cognitive_load", "expected_cognitive", "cognitive_load"],
    ),
    (
        "duration_minutes",
        &["time_actual_minutes", "actual_time", "duration_minutes"],
        &["time_estimate_minutes", "estimate", "duration_minutes"],
    ),
    (
        "emotional_load",
        &["actual_emotional", "emotional_load"],
        &["expected_emotional_load", "expected_emotional", "emotional_load"],
    ),
    ("relief_score", &["actual_relief", "relief_score"], &[]),
];

/// A cell that was filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellChange {
    /// Rank of the instance in the user's list, from 1; the data row of a legacy file.
    pub row: u64,
    /// Key of the instance.
    pub key: RecordKey,
    /// Text of its `instance_id`.
    pub instance_id: String,
    /// Column that was empty.
    pub column: &'static str,
    /// Its new text.
    pub text: String,
}

/// Fills empty `duration_minutes`, `relief_score`, `cognitive_load` and `emotional_load` of all instances,
/// open and cancelled ones included, first from `actual`, then, but for relief, from `predicted`.
///
/// The first key with a value that is neither blank nor a missing-value word (`null`, NaN, `"NA"`) counts,
/// and its Python text is stored, whatever it is: `True` and `[3]` too. Cells that hold something, payload cells and instances without a readable payload are
/// left alone. Returns the changes, by row and column name; running it again changes nothing.
///
/// Note that loads of open instances thereby become their expected loads, which cannot be told from actual
/// ones afterwards; this is why the step is never run by itself.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn backfill_attributes_from_json(repositories: &mut dyn Repositories, user: &UserId) -> Result<Vec<CellChange>> {
    let mut changes = Vec::new();
    let mut row = 0;
    for_each(repositories, user, |repositories, mut instance: TaskInstance| {
        row += 1;
        let filled = missing_cells(&instance);
        if filled.is_empty() {
            return Ok(());
        }
        for (column, text) in filled {
            instance.set_cell_named(column, text.clone());
            let instance_id = instance.instance_id.raw().to_owned();
            changes.push(CellChange { row, key: instance.key.clone(), instance_id, column, text });
        }
        repositories.instances().update(user, &instance)
    })?;
    Ok(changes)
}

/// Texts for the empty columns of one instance, by column name, without changing it.
#[must_use]
pub fn missing_cells(instance: &TaskInstance) -> Vec<(&'static str, String)> {
    let (actual, predicted) = (payload(&instance.actual).ok(), payload(&instance.predicted).ok());
    SOURCES
        .iter()
        .filter(|(column, ..)| match *column {
            "cognitive_load" => instance.cognitive_load.is_blank(),
            "duration_minutes" => instance.duration_minutes.is_blank(),
            "emotional_load" => instance.emotional_load.is_blank(),
            _ => instance.relief_score.is_blank(),
        })
        .filter_map(|(column, from_actual, from_predicted)| {
            let text =
                first_text(actual.as_ref(), from_actual).or_else(|| first_text(predicted.as_ref(), from_predicted));
            Some((*column, text?))
        })
        .collect()
}

/// Python text of the first value that would not read as an empty cell.
fn first_text(object: Option<&Object>, keys: &[&str]) -> Option<String> {
    let values = keys.iter().filter_map(|key| object?.get(key));
    values.map(Json::python_text).find(|text| !python_strip(legacy_text(text)).is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tasks::testing::{Memory, user};

    fn instance(id: &str, actual: &str, predicted: &str) -> TaskInstance {
        let mut instance = TaskInstance::blank(id.into());
        instance.instance_id.set_raw(id);
        instance.actual.set_raw(actual);
        instance.predicted.set_raw(predicted);
        instance
    }

    #[test]
    fn actual_goes_before_predicted_and_relief_is_never_predicted() {
        let both = instance(
            "i1",
            r#"{"actual_cognitive": 0, "actual_emotional": "  ", "time_actual_minutes": null, "actual_time": 7.50}"#,
            r#"{"expected_cognitive_load": 9, "expected_emotional_load": 38.0, "expected_relief": 80, "relief_score": 5}"#,
        );
        let expected = [("cognitive_load", "0"), ("duration_minutes", "7.5"), ("emotional_load", "38.0")];
        assert_eq!(missing_cells(&both), expected.map(|(column, text)| (column, text.to_owned())));
    }

    #[test]
    fn python_text_is_stored_whatever_it_is() {
        let odd = instance("i1", r#"{"actual_relief": true, "actual_cognitive": [3], "cognitive_load": 4}"#, "[]");
        let expected = [("cognitive_load", "[3]"), ("relief_score", "True")];
        assert_eq!(missing_cells(&odd), expected.map(|(column, text)| (column, text.to_owned())));
        let nothing = instance("i1", r#"{"actual_relief": NaN, "actual_cognitive": "NA", "actual_time": " "}"#, "[]");
        assert_eq!(missing_cells(&nothing), []);
    }

    #[test]
    fn filled_cells_stay_and_a_second_run_changes_nothing() {
        let mut memory = Memory::default();
        let mut filled = instance("i1", r#"{"actual_relief": 40}"#, "{}");
        filled.relief_score.set_raw("80");
        let twin = instance("i2", "{'broken'}", r#"{"estimate": "20"}"#);
        let mut second = instance("i2", r#"{"actual_relief": 40}"#, "");
        second.key = RecordKey::nth("i2", 2);
        second.relief_score.set_raw("NaN");
        for instance in [&filled, &twin, &second] {
            memory.instances().insert(&user(), instance).unwrap();
        }
        let changes = backfill_attributes_from_json(&mut memory, &user()).unwrap();
        let change = |row, key: &str, column, text: &str| CellChange {
            row,
            key: key.into(),
            instance_id: "i2".to_owned(),
            column,
            text: text.to_owned(),
        };
        assert_eq!(changes, [change(2, "i2", "duration_minutes", "20"), change(3, "i2~2", "relief_score", "40")]);
        assert_eq!(backfill_attributes_from_json(&mut memory, &user()).unwrap(), []);
        assert_eq!(memory.instances().get(&user(), &"i1".into()).unwrap(), Some(filled));
    }
}
