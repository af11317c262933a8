//! Editing JSON documents member by member, without touching other bytes.

use crate::json::{Json, JsonError, members, remove_member, set_member, validate_lossy};
use crate::{Error, Result};

/// Text of the member with this key, the last if it is repeated; `None` without one or when the text is
/// no object.
///
/// # Errors
/// [`JsonError`] when the text is not JSON.
pub fn member_text<'a>(document: &'a str, key: &str) -> Result<Option<&'a str>, JsonError> {
    let found = members(document)?.unwrap_or_default();
    Ok(found.into_iter().rev().find(|member| member.key == key).map(|member| member.text))
}

/// Text of a nested member, by the keys that lead to it. The empty path is the document.
///
/// # Errors
/// [`JsonError`] when the text is not JSON.
pub fn text_at<'a>(document: &'a str, path: &[&str]) -> Result<Option<&'a str>, JsonError> {
    let mut text = document;
    for key in path {
        match member_text(text, key)? {
            Some(inner) => text = inner,
            None => return Ok(None),
        }
    }
    Ok(Some(text))
}

/// Sets a member to a text that is JSON itself, taken over byte for byte. A new member goes to the end.
///
/// ```
/// use landfast_domain::delivery::edit::set_text;
/// assert_eq!(set_text("{\"a\": 1}", "b", "[ 2.50 ]")?, "{\"a\": 1, \"b\": [ 2.50 ]}");
/// assert_eq!(set_text("{\"a\": 1}", "a", "null")?, "{\"a\": null}");
/// # Ok::<(), landfast_domain::json::JsonError>(())
/// ```
///
/// # Errors
/// [`JsonError`] when either text is not JSON, or the document is no object.
pub fn set_text(document: &str, key: &str, value: &str) -> Result<String, JsonError> {
    validate_lossy(value)?;
    let present = member_text(document, key)?.is_some();
    // A new member is made by the one function that knows how; it then has a place for the text.
    let made;
    let document = if present {
        document
    } else {
        made = set_member(document, key, &Json::Null)?;
        &made
    };
    let found = members(document)?.unwrap_or_default();
    let mut edited = document.to_owned();
    if let Some(member) = found.iter().rev().find(|member| member.key == key) {
        edited.replace_range(member.offset..member.offset + member.text.len(), value.trim_matches(BLANKS));
    }
    Ok(edited)
}

/// Sets a nested member; objects on the way that are missing, or are something else, are made.
///
/// ```
/// use landfast_domain::delivery::edit::set_at;
/// use landfast_domain::json::Json;
/// let edited = set_at("{ \"a\": {\"x\": 1.0} }", &["a", "b"], &Json::from(2))?;
/// assert_eq!(edited, "{ \"a\": {\"x\": 1.0, \"b\": 2} }");
/// # Ok::<(), landfast_domain::json::JsonError>(())
/// ```
///
/// # Errors
/// [`JsonError`] when the text is not JSON or no object.
pub fn set_at(document: &str, path: &[&str], value: &Json) -> Result<String, JsonError> {
    match path {
        [] => Ok(value.dump()),
        [key] => set_member(document, key, value),
        [key, rest @ ..] => {
            let inner = member_text(document, key)?.filter(|inner| inner.starts_with('{')).unwrap_or("{}");
            set_text(document, key, &set_at(inner, rest, value)?)
        }
    }
}

/// Removes a nested member; a path that leads nowhere changes nothing.
///
/// # Errors
/// [`JsonError`] when the text is not JSON or no object.
pub fn remove_at(document: &str, path: &[&str]) -> Result<String, JsonError> {
    match path {
        [] => Ok(document.to_owned()),
        [key] => remove_member(document, key),
        [key, rest @ ..] => match member_text(document, key)?.filter(|inner| inner.starts_with('{')) {
            Some(inner) => set_text(document, key, &remove_at(inner, rest)?),
            None => Ok(document.to_owned()),
        },
    }
}

/// What JSON calls white space.
pub(super) const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];

/// The error for a kept document that cannot be read.
pub(super) fn corrupt(entity: &'static str, key: &str, column: &str, error: &JsonError) -> Error {
    Error::Corrupt { entity, key: key.to_owned(), column: column.to_owned(), value: error.to_string() }
}

/// The error for a given document that cannot be accepted.
pub(super) fn invalid(entity: &'static str, field: &'static str, value: &str, reason: &'static str) -> Error {
    // Enough to recognise a document by, whatever its size.
    let shown = value.chars().take(80).collect();
    Error::Invalid { entity, field, value: shown, reason }
}

/// Checks that a given document is an object.
pub(super) fn require_object(entity: &'static str, field: &'static str, document: &str) -> Result<()> {
    match validate_lossy(document) {
        Ok(_) if document.trim_start_matches(BLANKS).starts_with('{') => Ok(()),
        Ok(_) => Err(invalid(entity, field, document, "must be a JSON object")),
        Err(_) => Err(invalid(entity, field, document, "must be JSON")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_place_concerned_changes() {
        let document = "{\n  \"a\": {\"x\": 1.50, \"x\": 2},\n  \"b\": \"\\ud800\"\n}\n";
        let edited = set_at(document, &["a", "x"], &Json::from(3)).unwrap();
        assert_eq!(edited, "{\n  \"a\": {\"x\": 1.50, \"x\": 3},\n  \"b\": \"\\ud800\"\n}\n");
        assert_eq!(remove_at(document, &["a", "x"]).unwrap(), "{\n  \"a\": {},\n  \"b\": \"\\ud800\"\n}\n");
        assert_eq!(remove_at(document, &["c", "x"]).unwrap(), document);
        assert_eq!(text_at(document, &["a", "x"]).unwrap(), Some("2"));
        assert_eq!(text_at(document, &["b", "x"]).unwrap(), None);
    }

    #[test]
    fn objects_on_the_way_are_made() {
        assert_eq!(set_at("{}", &["a", "b", "c"], &Json::Null).unwrap(), r#"{"a": {"b": {"c": null}}}"#);
        assert_eq!(set_at(r#"{"a": 1}"#, &["a", "b"], &Json::Null).unwrap(), r#"{"a": {"b": null}}"#);
    }

    #[test]
    fn texts_that_are_not_json_are_refused() {
        assert!(set_text("{}", "a", "nope").is_err());
        assert!(set_text("[]", "a", "1").is_err());
        assert!(require_object("query", "document", "[1]").is_err());
        assert!(require_object("query", "document", "{1}").is_err());
    }
}
