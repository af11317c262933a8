//! Short names for looking into parsed documents.

pub(super) use crate::finding::storable;
use crate::json::{Json, JsonKind, Node, Object, Outline, parse_lossy};

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

/// A member of a value that was not read into a tree; `None` as for [`at`].
pub(super) fn node_at<'o, 'a>(node: Node<'o, 'a>, path: &[&str]) -> Option<Node<'o, 'a>> {
    let mut node = node;
    for key in path {
        node = node.get(key)?;
    }
    (node.kind() != JsonKind::Null).then_some(node)
}

/// Like [`text_at`].
pub(super) fn node_text(node: Node<'_, '_>, path: &[&str]) -> Option<String> {
    node_at(node, path)?.as_str().filter(|text| !text.is_empty()).map(|text| storable(&text))
}

/// Like [`label_at`].
pub(super) fn node_label(node: Node<'_, '_>, path: &[&str]) -> Option<String> {
    let found = node_at(node, path)?;
    match found.kind() {
        JsonKind::String => node_text(found, &[]),
        JsonKind::Number | JsonKind::Bool => Some(found.to_json().python_text()),
        _ => None,
    }
}

/// The outline of a text that was JSON when it was kept; that of `null` when it is not any more.
pub(super) fn outline(text: &str) -> Outline<'_> {
    Outline::read(text).unwrap_or_else(|_| Outline::read("null").expect("this is JSON"))
}

/// The object a text holds; an empty one when it holds anything else.
pub(super) fn object_of(text: &str) -> Object {
    match parse_lossy(text) {
        Ok((Json::Object(object), _)) => object,
        _ => Object::new(),
    }
}
