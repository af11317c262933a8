//! Short names for looking into parsed documents.

pub(super) use crate::finding::storable;
use crate::json::{Json, Object, parse_lossy};

/// The member of an object; `None` for `null`, for a missing one, and when this is no object.
pub(super) fn at<'a>(value: &'a Json, path: &[&str]) -> Option<&'a Json> {
    let mut value = value;
    for key in path {
        value = value.as_object()?.get(key)?;
    }
    (!value.is_null()).then_some(value)
}

/// Text of a string member; `None` also for the empty text.
pub(super) fn text_at(value: &Json, path: &[&str]) -> Option<String> {
    at(value, path)?.as_str().filter(|text| !text.is_empty()).map(storable)
}

/// A name as people see it: a string, or a number or boolean written out.
pub(super) fn label_at(value: &Json, path: &[&str]) -> Option<String> {
    match at(value, path)? {
        Json::String(text) => (!text.is_empty()).then(|| storable(text)),
        other @ (Json::Number(_) | Json::Bool(_)) => Some(other.python_text()),
        _ => None,
    }
}

/// The object a text holds; an empty one when it holds anything else.
pub(super) fn object_of(text: &str) -> Object {
    match parse_lossy(text) {
        Ok((Json::Object(object), _)) => object,
        _ => Object::new(),
    }
}
