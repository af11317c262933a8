//! Reading the JSON cells of instances.

use landfast_domain::json::{Json, JsonErrorKind, Member, Object, read_members};
use landfast_domain::record::{Field, Json as JsonCell};
use landfast_domain::text::python_strip;

/// The object in a payload cell as the original's averages read it.
///
/// `None` when the cell is blank, not JSON, or JSON of another kind, also an object encoded as text.
pub(super) fn legacy_object(cell: &Field<JsonCell>) -> Option<Object> {
    into_object(parse(cell)?)
}

/// The object in a payload cell, also when it was encoded as text once or several times.
pub(super) fn object(cell: &Field<JsonCell>) -> Option<Object> {
    into_object(parse(cell)?.unwrap_encoded().0)
}

/// What the members of the object in a payload cell make, the object read as [`object`] reads it.
///
/// `add` gets each member in order, repeated keys included. `None` when the cell holds no object.
pub(super) fn gather<T: Default>(cell: &Field<JsonCell>, mut add: impl FnMut(&mut T, &str, Member<'_>)) -> Option<T> {
    let text = python_strip(cell.legacy());
    if text.is_empty() {
        return None;
    }
    let mut read = |text: &str| {
        let mut made = T::default();
        read_members(text, |key, value| add(&mut made, key, value)).is_ok().then_some(made)
    };
    // Encoded as text, or with half a surrogate pair: rare enough for the long way.
    read(text).or_else(|| read(&Json::Object(object(cell)?).dump()))
}

fn parse(cell: &Field<JsonCell>) -> Option<Json> {
    let text = python_strip(cell.legacy());
    match Json::parse(text) {
        Ok(value) => Some(value),
        // Python accepts half a surrogate pair. No number depends on it, so any character may stand there.
        Err(error) if error.kind() == JsonErrorKind::LoneSurrogate => Json::parse(&without_surrogates(text)).ok(),
        Err(_) => None,
    }
}

fn into_object(value: Json) -> Option<Object> {
    match value {
        Json::Object(object) => Some(object),
        _ => None,
    }
}

/// Replaces every escape of a surrogate by one of the replacement character.
fn without_surrogates(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let surrogate = escape
            .get(..6)
            .filter(|code| code.get(1..3).is_some_and(|start| start.eq_ignore_ascii_case("ud")))
            .filter(|code| {
                code.get(3..4).is_some_and(|digit| {
                    matches!(digit, "8" | "9" | "a" | "b" | "c" | "d" | "e" | "f" | "A" | "B" | "C" | "D" | "E" | "F")
                })
            });
        let taken =
            if surrogate.is_some() { 6 } else { escape.char_indices().nth(2).map_or(escape.len(), |(end, _)| end) };
        let (head, tail) = escape.split_at(taken);
        out.push_str(if surrogate.is_some() { "\\ufffd" } else { head });
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str) -> Field<JsonCell> {
        Field::from_raw(text)
    }

    #[test]
    fn only_objects_are_read() {
        for text in ["", " ", "null", "NaN", "{", "[]", "5", "\"x\"", "{'a': 1}"] {
            assert_eq!(legacy_object(&cell(text)), None, "{text}");
            assert_eq!(object(&cell(text)), None, "{text}");
        }
        assert!(legacy_object(&cell(" {\"a\": NaN} ")).is_some());
    }

    #[test]
    fn encoded_objects_are_read_under_the_plain_name_only() {
        let encoded = cell(r#""{\"actual_relief\": 70}""#);
        assert_eq!(legacy_object(&encoded), None);
        assert_eq!(object(&encoded).unwrap().get("actual_relief"), Some(&Json::from(70)));
    }

    #[test]
    fn gathering_sees_the_members_of_the_object() {
        let texts = [
            r#" {"a": 1, "b": null, "a": "2"} "#,
            r#""{\"a\": 70, \"b\": [1]}""#,
            r#"{"note": "\ud83d", "a": 7}"#,
            "{\"a\": 1",
            "[1]",
            "",
            "null",
        ];
        for text in texts {
            let cell = cell(text);
            let gathered = gather(&cell, |keys: &mut Vec<(String, Option<f64>)>, key, value| {
                keys.push((key.to_owned(), value.python_number()));
            });
            let expected = object(&cell).map(|object| {
                object.iter().map(|(key, value)| (key.to_owned(), value.python_number())).collect::<Vec<_>>()
            });
            assert_eq!(gathered, expected, "{text}");
        }
    }

    #[test]
    fn half_a_surrogate_pair_does_not_hide_the_numbers() {
        let text = cell(r#"{"note": "\ud83d \\ud83d \n\\", "a": 7, "b": "\uDE00\u00e9"}"#);
        let object = legacy_object(&text).unwrap();
        assert_eq!(object.get("a"), Some(&Json::from(7)));
        assert_eq!(object.get("note").and_then(Json::as_str), Some("\u{fffd} \\ud83d \n\\"));
    }
}
