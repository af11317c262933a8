//! Reading and editing the JSON objects in `predicted` and `actual`.
//!
//! Reading unwraps an object that was encoded twice (a JSON string holding the text of an object), which
//! one legacy page wrote. Editing changes the members in question and no other byte of the cell, so
//! unknown keys, repeated keys, number spellings and white space survive.

use super::access::corrupt;
use crate::json::{Json, JsonError, JsonErrorKind, JsonKind, Object, remove_member, set_member, top_level_kind};
use crate::record::{Field, Json as JsonCell, Record};
use crate::{Error, Result};

/// Member under which the text of an unreadable cell survives when an operation writes a new payload there.
pub const REPLACED_TEXT: &str = "landfast_replaced_text";

/// Why a cell gives no payload.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoPayload {
    /// Nothing but white space, or a missing-value word such as `null`.
    #[error("the cell is empty")]
    Empty,
    /// Valid JSON, but not an object.
    #[error("the cell holds a JSON {}, not an object", kind_name(*.0))]
    NotAnObject(JsonKind),
    /// Not JSON.
    #[error("the cell is not JSON: {0}")]
    NotJson(JsonError),
}

/// The object in a cell.
///
/// ```
/// use landfast_domain::record::Field;
/// use landfast_domain::tasks::payload::{NoPayload, payload};
///
/// let relief = |raw: &str| payload(&Field::from_raw(raw)).map(|object| object.get("relief").cloned());
/// assert_eq!(relief(r#"{"relief": 40}"#), Ok(Some(40.into())));
/// assert_eq!(relief(r#""{\"relief\": 40}""#), Ok(Some(40.into())));
/// assert_eq!(relief(" "), Err(NoPayload::Empty));
/// assert_eq!(relief("[1]").unwrap_err().to_string(), "the cell holds a JSON list, not an object");
/// ```
///
/// # Errors
/// [`NoPayload`] tells why there is none.
pub fn payload(cell: &Field<JsonCell>) -> Result<Object, NoPayload> {
    if cell.is_blank() {
        return Err(NoPayload::Empty);
    }
    match Json::parse(cell.raw()).map_err(NoPayload::NotJson)?.unwrap_encoded().0 {
        Json::Object(object) => Ok(object),
        other => Err(NoPayload::NotAnObject(other.kind())),
    }
}

/// The object in a cell; an empty cell is an empty object.
///
/// # Errors
/// [`NoPayload::NotAnObject`] and [`NoPayload::NotJson`].
pub fn payload_or_empty(cell: &Field<JsonCell>) -> Result<Object, NoPayload> {
    match payload(cell) {
        Err(NoPayload::Empty) => Ok(Object::new()),
        other => other,
    }
}

/// First of the keys whose value is neither `null` nor the empty text. Zero is a value.
#[must_use]
pub fn first_given<'a>(object: &'a Object, keys: &[&str]) -> Option<&'a Json> {
    keys.iter().filter_map(|key| object.get(key)).find(|value| !value.is_null() && value.as_str() != Some(""))
}

/// The payload of a column of a record, for an operation that has to change it.
pub(super) fn readable<R: Record>(record: &R, column: &str, cell: &Field<JsonCell>) -> Result<Object> {
    payload_or_empty(cell).map_err(|_| corrupt(record, column, cell.raw()))
}

/// Sets members of the object in a cell; an empty cell becomes an object. Members that have the value
/// already keep their bytes.
///
/// # Errors
/// [`NoPayload`] when the cell holds something else; it is then left alone.
pub fn set_members<K: AsRef<str>>(
    cell: &mut Field<JsonCell>,
    members: impl IntoIterator<Item = (K, Json)>,
) -> Result<(), NoPayload> {
    let mut text = editable_text(cell)?;
    let before = Json::parse(&text).ok();
    for (key, value) in members {
        let old = before.as_ref().and_then(Json::as_object).and_then(|object| object.get(key.as_ref()));
        if old != Some(&value) {
            text = set_member(&text, key.as_ref(), &value).map_err(NoPayload::NotJson)?;
        }
    }
    cell.set_raw(text);
    Ok(())
}

/// Removes members from the object in a cell. An empty cell stays empty.
///
/// # Errors
/// [`NoPayload`] when the cell holds something else; it is then left alone.
pub fn remove_members(cell: &mut Field<JsonCell>, keys: &[&str]) -> Result<(), NoPayload> {
    if cell.is_blank() {
        return Ok(());
    }
    let mut text = editable_text(cell)?;
    for key in keys {
        text = remove_member(&text, key).map_err(NoPayload::NotJson)?;
    }
    cell.set_raw(text);
    Ok(())
}

/// Writes a payload over a cell without losing what was there: members of a readable object that the new
/// payload does not name stay; the text of an unreadable cell goes under [`REPLACED_TEXT`].
pub(super) fn overlay<R: Record>(entity_cell: &mut Field<JsonCell>, new: &Object, column: &'static str) -> Result<()> {
    let unreadable = payload_or_empty(entity_cell).is_err() && editable_text(entity_cell).is_err();
    if unreadable {
        if new.contains_key(REPLACED_TEXT) {
            return Err(Error::Invalid {
                entity: R::ENTITY,
                field: column,
                value: REPLACED_TEXT.to_owned(),
                reason: "is a reserved key, needed for the text the cell holds",
            });
        }
        let mut kept = new.clone();
        kept.insert(REPLACED_TEXT, entity_cell.raw());
        entity_cell.set_raw(Json::Object(kept).dump());
        return Ok(());
    }
    if entity_cell.is_blank() || payload(entity_cell).is_ok_and(|object| object.is_empty()) {
        entity_cell.set_raw(Json::Object(new.clone()).dump());
        return Ok(());
    }
    let members = new.effective().into_iter().map(|(key, value)| (key, value.clone()));
    set_members(entity_cell, members).map_err(|reason| Error::Invalid {
        entity: R::ENTITY,
        field: column,
        value: reason.to_string(),
        reason: "cannot be written",
    })
}

/// Text of the object to edit: the cell, or what is inside a JSON string that holds an object.
fn editable_text(cell: &Field<JsonCell>) -> Result<String, NoPayload> {
    if cell.is_blank() {
        return Ok("{}".to_owned());
    }
    let outermost = editable_kind(cell.raw()).map_err(NoPayload::NotJson)?;
    let mut text = cell.raw().to_owned();
    loop {
        match editable_kind(&text) {
            Ok(JsonKind::Object) => return Ok(text),
            Ok(JsonKind::String) => match Json::parse(&text) {
                Ok(Json::String(inner)) => text = inner,
                Ok(_) | Err(_) => return Err(NoPayload::NotAnObject(outermost)),
            },
            Ok(_) | Err(_) => return Err(NoPayload::NotAnObject(outermost)),
        }
    }
}

/// Kind of the outermost value. An object with half a surrogate pair somewhere cannot be read, but its
/// members can be edited, so it counts.
fn editable_kind(text: &str) -> Result<JsonKind, JsonError> {
    match top_level_kind(text) {
        Err(error) if error.kind() == JsonErrorKind::LoneSurrogate && text.trim_start().starts_with('{') => {
            Ok(JsonKind::Object)
        }
        other => other,
    }
}

fn kind_name(kind: JsonKind) -> &'static str {
    match kind {
        JsonKind::Null => "null",
        JsonKind::Bool => "boolean",
        JsonKind::Number => "number",
        JsonKind::String => "string",
        JsonKind::Array => "list",
        JsonKind::Object => "object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tasks::TaskInstance;
    use crate::tasks::testing::object;

    fn cell(raw: &str) -> Field<JsonCell> {
        Field::from_raw(raw)
    }

    #[test]
    fn setting_keeps_every_other_byte() {
        let mut edited = cell(r#"{"a":1.50 , "x": NaN, "b": 2}"#);
        set_members(&mut edited, [("a", Json::from(1.5)), ("b", Json::from(2)), ("c", Json::from(true))]).unwrap();
        assert_eq!(edited.raw(), r#"{"a":1.5 , "x": NaN, "b": 2, "c": true}"#);
        remove_members(&mut edited, &["x", "nowhere"]).unwrap();
        assert_eq!(edited.raw(), r#"{"a":1.5 , "b": 2, "c": true}"#);
    }

    #[test]
    fn a_double_encoded_object_is_unwrapped_by_the_edit() {
        let mut edited = cell(r#""{\"a\": 1}""#);
        set_members(&mut edited, [("b", Json::from(2))]).unwrap();
        assert_eq!(edited.raw(), r#"{"a": 1, "b": 2}"#);
    }

    #[test]
    fn other_cells_are_not_touched_by_a_merge() {
        for raw in ["[1]", r#""text""#, "{'a': 1}", "7", r#"{"a": "#] {
            let mut edited = cell(raw);
            assert!(set_members(&mut edited, [("b", Json::from(2))]).is_err(), "{raw}");
            assert!(remove_members(&mut edited, &["b"]).is_err(), "{raw}");
            assert_eq!(edited.raw(), raw);
        }
        for raw in ["", " ", "null", "NaN"] {
            let mut edited = cell(raw);
            remove_members(&mut edited, &["b"]).unwrap();
            assert_eq!(edited.raw(), raw);
            set_members(&mut edited, [("b", Json::from(2))]).unwrap();
            assert_eq!(edited.raw(), r#"{"b": 2}"#);
        }
    }

    #[test]
    fn an_overlay_loses_nothing() {
        let new = object(r#"{"relief": 5}"#);
        for (old, result) in [
            ("", r#"{"relief": 5}"#),
            ("{}", r#"{"relief": 5}"#),
            (r#"{"relief":1, "note": "x"}"#, r#"{"relief":5, "note": "x"}"#),
            ("{'a': 1}", r#"{"relief": 5, "landfast_replaced_text": "{'a': 1}"}"#),
            ("[1]", r#"{"relief": 5, "landfast_replaced_text": "[1]"}"#),
            // Half a surrogate pair cannot be read here, but it can be kept.
            (r#"{"note": "\ud800"}"#, r#"{"note": "\ud800", "relief": 5}"#),
        ] {
            let mut edited = cell(old);
            overlay::<TaskInstance>(&mut edited, &new, "actual").unwrap();
            assert_eq!(edited.raw(), result);
        }
        let reserved = object(r#"{"landfast_replaced_text": "mine"}"#);
        assert!(overlay::<TaskInstance>(&mut cell("[1]"), &reserved, "actual").is_err());
    }

    #[test]
    fn zero_is_given_and_null_and_empty_text_are_not() {
        let payload = object(r#"{"a": null, "b": "", "c": 0, "d": 1}"#);
        assert_eq!(first_given(&payload, &["a", "b", "c", "d"]), Some(&Json::from(0)));
        assert_eq!(first_given(&payload, &["a", "b", "e"]), None);
    }
}
