//! Converting instances of the old 0-10 scale to the 0-100 scale.
//!
//! Nothing in a legacy row says which scale it uses, and a genuine 7 of 100 looks like a 7 of 10. So the
//! caller names the instances. A converted payload is marked, and marked payloads are not converted again.

use super::TaskInstance;
use super::access::{corrupt, require};
use super::completion::finite;
use super::payload::{payload_or_empty, set_members};
use crate::accounts::UserId;
use crate::json::{Json, Object};
use crate::record::{Field, Json as JsonCell, RecordKey};
use crate::text::python_float_repr;
use crate::{Repositories, Result};

/// Member of `actual` that says which scale the instance uses: 100 after a conversion.
pub const SCALE_KEY: &str = "landfast_scale";

const PREDICTED: [&str; 5] =
    ["expected_relief", "expected_cognitive_load", "expected_physical_load", "expected_emotional_load", "motivation"];
const ACTUAL: [&str; 4] = ["actual_relief", "actual_cognitive", "actual_emotional", "actual_physical"];

/// Multiplies by 10 what the given instances hold on the old scale, and marks them.
///
/// Affected are numbers and number texts from 0 to 10: `expected_relief`, the expected cognitive, physical
/// and emotional load and `motivation` of `predicted`, the `actual_` relief and loads of `actual`, and the columns
/// `relief_score`, `cognitive_load` and `emotional_load`. They become floats (`70.0`). Aversion, mental
/// energy and difficulty never were on the old scale. An instance with a value above 10 among the affected
/// ones is on the new scale and is left alone, as is a marked one.
///
/// Returns the keys of the converted instances.
///
/// # Errors
/// [`crate::Error::NotFound`] for an unknown key; [`crate::Error::Corrupt`] when a payload holds no object.
pub fn convert_10_to_100(
    repositories: &mut dyn Repositories,
    user: &UserId,
    keys: &[RecordKey],
) -> Result<Vec<RecordKey>> {
    let mut converted = Vec::new();
    for key in keys {
        let mut instance: TaskInstance = require(repositories, user, key)?;
        let predicted = object(&instance, "predicted", &instance.predicted)?;
        let actual = object(&instance, "actual", &instance.actual)?;
        if actual.contains_key(SCALE_KEY) || is_on_new_scale(&instance, &predicted, &actual) {
            continue;
        }
        let mut marked = scaled(&actual, &ACTUAL);
        marked.push((SCALE_KEY, Json::from(100)));
        let (mut predicted_cell, mut actual_cell) = (instance.predicted.clone(), instance.actual.clone());
        let predictions = scaled(&predicted, &PREDICTED);
        if !predictions.is_empty() {
            set_members(&mut predicted_cell, predictions)
                .map_err(|_| corrupt(&instance, "predicted", instance.predicted.raw()))?;
        }
        set_members(&mut actual_cell, marked).map_err(|_| corrupt(&instance, "actual", instance.actual.raw()))?;
        (instance.predicted, instance.actual) = (predicted_cell, actual_cell);
        for cell in [&mut instance.relief_score, &mut instance.cognitive_load, &mut instance.emotional_load] {
            if let Some(value) = cell.value().filter(|value| (0.0..=10.0).contains(value)) {
                cell.set_raw(python_float_repr(value * 10.0));
            }
        }
        repositories.instances().update(user, &instance)?;
        converted.push(key.clone());
    }
    Ok(converted)
}

fn object(instance: &TaskInstance, column: &str, cell: &Field<JsonCell>) -> Result<Object> {
    payload_or_empty(cell).map_err(|_| corrupt(instance, column, cell.raw()))
}

fn is_on_new_scale(instance: &TaskInstance, predicted: &Object, actual: &Object) -> bool {
    let members = |object: &Object, keys: &[&str]| -> Vec<f64> {
        keys.iter().filter_map(|key| object.get(key).and_then(finite)).collect()
    };
    let columns = [&instance.relief_score, &instance.cognitive_load, &instance.emotional_load];
    let mut values = members(predicted, &PREDICTED);
    values.extend(members(actual, &ACTUAL));
    values.extend(columns.iter().filter_map(|cell| cell.value()));
    values.iter().any(|value| *value > 10.0)
}

fn scaled(object: &Object, keys: &[&'static str]) -> Vec<(&'static str, Json)> {
    let old = |key: &str| {
        let value = object.get(key).filter(|value| value.as_bool().is_none()).and_then(finite)?;
        (0.0..=10.0).contains(&value).then_some(value)
    };
    keys.iter().filter_map(|key| Some((*key, Json::from(old(key)? * 10.0)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;
    use crate::record::Record;
    use crate::tasks::testing::{Memory, user};

    fn memory(predicted: &str, actual: &str, relief: &str) -> Memory {
        let mut memory = Memory::default();
        let mut instance = TaskInstance::blank("i1".into());
        instance.predicted.set_raw(predicted);
        instance.actual.set_raw(actual);
        instance.relief_score.set_raw(relief);
        memory.instances().insert(&user(), &instance).unwrap();
        memory
    }

    fn stored(memory: &mut Memory) -> TaskInstance {
        memory.instances().get(&user(), &"i1".into()).unwrap().unwrap()
    }

    #[test]
    fn old_values_are_multiplied_once() {
        let mut memory = memory(
            r#"{"expected_relief": 2, "motivation": "7.5", "expected_aversion": 5, "x": 1.50}"#,
            r#"{"actual_relief": 0, "actual_cognitive": true, "actual_mental_energy": 3}"#,
            "2",
        );
        let keys = ["i1".into()];
        assert_eq!(convert_10_to_100(&mut memory, &user(), &keys).unwrap(), keys);
        let once = stored(&mut memory);
        assert_eq!(
            once.predicted.raw(),
            r#"{"expected_relief": 20.0, "motivation": 75.0, "expected_aversion": 5, "x": 1.50}"#
        );
        assert_eq!(
            once.actual.raw(),
            r#"{"actual_relief": 0.0, "actual_cognitive": true, "actual_mental_energy": 3, "landfast_scale": 100}"#
        );
        assert_eq!(once.relief_score.raw(), "20.0");
        assert_eq!(convert_10_to_100(&mut memory, &user(), &keys).unwrap(), []);
        assert_eq!(stored(&mut memory), once);
    }

    #[test]
    fn a_value_above_ten_shows_the_new_scale() {
        let mut memory = memory(r#"{"expected_relief": 7}"#, r#"{"actual_relief": 70}"#, "7");
        let before = stored(&mut memory);
        assert_eq!(convert_10_to_100(&mut memory, &user(), &["i1".into()]).unwrap(), []);
        assert_eq!(stored(&mut memory), before);
    }

    #[test]
    fn unreadable_payloads_and_unknown_keys_are_errors() {
        let mut memory = memory("[1]", "{}", "7");
        assert!(matches!(convert_10_to_100(&mut memory, &user(), &["i1".into()]), Err(Error::Corrupt { .. })));
        assert!(matches!(convert_10_to_100(&mut memory, &user(), &["i9".into()]), Err(Error::NotFound { .. })));
    }
}
