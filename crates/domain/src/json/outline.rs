//! A text taken apart once, with its values left where they are.

use std::borrow::Cow;
use std::collections::HashMap;

use super::error::JsonError;
use super::parse::parse_lossy;
use super::scanner::{Container, Event, RawString, Scanner, slice};
use super::value::{Json, JsonKind};

/// Where the values of a text are. Cheaper than a [`Json`] when only a few of them are looked at: strings and
/// numbers stay in the text.
///
/// Lone surrogates are accepted and read as U+FFFD, as by [`parse_lossy`](super::parse_lossy).
///
/// ```
/// use landfast_domain::json::Outline;
///
/// let outline = Outline::read(r#"{"key": "A-1", "fields": {"points": 3.0, "labels": ["a", "b"]}}"#)?;
/// let issue = outline.root();
/// assert_eq!(issue.get("key").and_then(|key| key.as_str()).as_deref(), Some("A-1"));
/// let fields = issue.get("fields").expect("there is such a member");
/// assert_eq!(fields.get("points").map(|points| points.text()), Some("3.0"));
/// assert_eq!(fields.get("labels").map(|labels| labels.elements().count()), Some(2));
/// # Ok::<(), landfast_domain::json::JsonError>(())
/// ```
#[derive(Debug)]
pub struct Outline<'a> {
    text: &'a str,
    entries: Vec<Entry<'a>>,
}

#[derive(Debug, Clone, Copy)]
struct Entry<'a> {
    kind: Kind<'a>,
    start: usize,
    end: usize,
    /// Number of the first entry that is not inside of this one.
    next: usize,
}

#[derive(Debug, Clone, Copy)]
enum Kind<'a> {
    Null,
    Bool(bool),
    Number,
    String(RawString<'a>),
    Array,
    Object,
    /// The value stands behind it.
    Key(RawString<'a>),
}

/// A value of an [`Outline`].
#[derive(Debug, Clone, Copy)]
pub struct Node<'o, 'a> {
    outline: &'o Outline<'a>,
    at: usize,
}

impl<'a> Outline<'a> {
    /// Takes a text apart.
    ///
    /// # Errors
    ///
    /// Those of [`parse_lossy`](super::parse_lossy).
    pub fn read(text: &'a str) -> Result<Self, JsonError> {
        let mut scanner = Scanner::new(text);
        let mut entries: Vec<Entry<'a>> = Vec::with_capacity(text.len() / 16 + 1);
        let mut open: Vec<usize> = Vec::new();
        while let Some(token) = scanner.next()? {
            let kind = match token.event {
                Event::Null => Kind::Null,
                Event::Bool(value) => Kind::Bool(value),
                Event::Number(_) => Kind::Number,
                Event::String(string) => Kind::String(string),
                Event::Key(key) => Kind::Key(key),
                Event::Open(container) => {
                    open.push(entries.len());
                    if container == Container::Array { Kind::Array } else { Kind::Object }
                }
                Event::Close => {
                    let next = entries.len();
                    if let Some(entry) = open.pop().and_then(|at| entries.get_mut(at)) {
                        (entry.end, entry.next) = (token.end, next);
                    }
                    continue;
                }
            };
            entries.push(Entry { kind, start: token.start, end: token.end, next: entries.len() + 1 });
        }
        Ok(Self { text, entries })
    }

    /// The document itself.
    #[must_use]
    pub fn root(&self) -> Node<'_, 'a> {
        Node { outline: self, at: 0 }
    }

    fn entry(&self, at: usize) -> &Entry<'a> {
        self.entries.get(at).expect("a text that was read has a value, and each key one behind it")
    }
}

impl<'o, 'a> Node<'o, 'a> {
    /// Kind of the value.
    #[must_use]
    pub fn kind(self) -> JsonKind {
        match self.outline.entry(self.at).kind {
            Kind::Null => JsonKind::Null,
            Kind::Bool(_) => JsonKind::Bool,
            Kind::Number => JsonKind::Number,
            Kind::String(_) | Kind::Key(_) => JsonKind::String,
            Kind::Array => JsonKind::Array,
            Kind::Object => JsonKind::Object,
        }
    }

    /// The value exactly as it stands in the text.
    #[must_use]
    pub fn text(self) -> &'a str {
        let entry = self.outline.entry(self.at);
        slice(self.outline.text, entry.start..entry.end)
    }

    /// The value as a tree.
    #[must_use]
    pub fn to_json(self) -> Json {
        parse_lossy(self.text()).map_or(Json::Null, |(value, _)| value)
    }

    /// The string with its escapes resolved, if this is one.
    #[must_use]
    pub fn as_str(self) -> Option<Cow<'a, str>> {
        match &self.outline.entry(self.at).kind {
            Kind::String(string) => Some(string.cow()),
            _ => None,
        }
    }

    /// The truth value, if this is one.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        match self.outline.entry(self.at).kind {
            Kind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// Value of the last member with this key; `None` also when this is no object.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Self> {
        self.raw_members().filter(|(own, _)| own.cow() == key).last().map(|(_, value)| value)
    }

    /// Members of the object in their order, repeated keys included; none when this is no object.
    pub fn members(self) -> impl Iterator<Item = (Cow<'a, str>, Self)> {
        self.raw_members().map(|(key, value)| (key.cow(), value))
    }

    /// Members as Python's `dict` holds them; see [`Object::effective`](super::Object::effective).
    #[must_use]
    pub fn effective(self) -> Vec<(Cow<'a, str>, Self)> {
        let mut places: HashMap<Cow<'a, str>, usize> = HashMap::new();
        let mut members: Vec<(Cow<'a, str>, Self)> = Vec::new();
        for (key, value) in self.members() {
            let place = *places.entry(key.clone()).or_insert(members.len());
            match members.get_mut(place) {
                Some(member) => member.1 = value,
                None => members.push((key, value)),
            }
        }
        members
    }

    /// Elements of the list; none when this is no list.
    pub fn elements(self) -> impl Iterator<Item = Self> {
        let entry = self.outline.entry(self.at);
        let end = if matches!(entry.kind, Kind::Array) { entry.next } else { 0 };
        let mut at = self.at + 1;
        std::iter::from_fn(move || {
            let node = (at < end).then_some(Self { outline: self.outline, at })?;
            at = self.outline.entry(at).next;
            Some(node)
        })
    }

    fn raw_members(self) -> impl Iterator<Item = (&'o RawString<'a>, Self)> {
        let entry = self.outline.entry(self.at);
        let end = if matches!(entry.kind, Kind::Object) { entry.next } else { 0 };
        let mut at = self.at + 1;
        std::iter::from_fn(move || {
            if at >= end {
                return None;
            }
            let Kind::Key(key) = &self.outline.entry(at).kind else { return None };
            let value = Self { outline: self.outline, at: at + 1 };
            at = self.outline.entry(at + 1).next;
            Some((key, value))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The tree put together from the outline's parts.
    fn rebuilt(node: Node<'_, '_>) -> Json {
        match node.kind() {
            JsonKind::Array => Json::Array(node.elements().map(rebuilt).collect()),
            JsonKind::Object => Json::Object(node.members().map(|(key, value)| (key, rebuilt(value))).collect()),
            JsonKind::String => Json::from(node.as_str().unwrap().as_ref()),
            JsonKind::Bool => Json::from(node.as_bool().unwrap()),
            JsonKind::Null | JsonKind::Number => node.to_json(),
        }
    }

    #[test]
    fn everything_is_found_where_the_tree_has_it() {
        for text in [
            "null",
            " [ ] ",
            "{}",
            r#"{"a": [1, {"b": [true, null, "x\ny"]}, []], "a\u0062": "é\ud83d\ude00", "c": {"d": {}}, "a": -0.50}"#,
            r#"["\ud800", "", NaN]"#,
        ] {
            let outline = Outline::read(text).unwrap();
            assert_eq!(rebuilt(outline.root()), parse_lossy(text).unwrap().0, "{text}");
            assert_eq!(outline.root().to_json(), parse_lossy(text).unwrap().0, "{text}");
        }
    }

    #[test]
    fn of_repeated_keys_the_last_counts() {
        let outline = Outline::read(r#"{"a": 1, "b": 2, "\u0061": 3}"#).unwrap();
        assert_eq!(outline.root().get("a").map(Node::text), Some("3"));
        let effective: Vec<_> =
            outline.root().effective().into_iter().map(|(key, value)| (key, value.text())).collect();
        assert_eq!(effective, [("a".into(), "3"), ("b".into(), "2")]);
        assert!(outline.root().get("c").is_none() && outline.root().get("a").unwrap().get("a").is_none());
        assert_eq!(outline.root().elements().count(), 0);
    }

    proptest! {
        #[test]
        fn the_same_texts_are_refused(text in "[\\[\\]{}:,\"a1 ]{0,12}") {
            match (Outline::read(&text), parse_lossy(&text)) {
                (Ok(outline), Ok((value, _))) => prop_assert_eq!(rebuilt(outline.root()), value),
                (outline, read) => prop_assert_eq!(outline.err(), read.err()),
            }
        }
    }
}
