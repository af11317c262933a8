//! Reading the members of one object without building a tree.

use super::error::{JsonError, JsonErrorKind};
use super::number::NumberText;
use super::scanner::{Container, Event, Scanner};
use super::value::Json;
use crate::text::python_float;
use std::borrow::Cow;

/// The value of a member, borrowed from the text where that is possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Member<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as it was written, or one of the tokens `NaN`, `Infinity`, `-Infinity`.
    Number(&'a str),
    /// A string, with all escapes resolved.
    String(Cow<'a, str>),
    /// A list, as it was written.
    Array(&'a str),
    /// An object, as it was written.
    Object(&'a str),
}

impl Member<'_> {
    /// Whether this is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text, if this is a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The value with everything in it.
    ///
    /// Of a list or an object that holds half a surrogate pair `null`; [`read_members`] refuses such texts at
    /// its end.
    #[must_use]
    pub fn to_json(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Bool(value) => Json::Bool(*value),
            Self::Number(text) => Json::Number(NumberText::from_token(text)),
            Self::String(text) => Json::String(text.clone().into_owned()),
            Self::Array(text) | Self::Object(text) => Json::parse(text).unwrap_or(Json::Null),
        }
    }

    /// As [`Json::python_number`](super::Json::python_number).
    #[must_use]
    pub fn python_number(&self) -> Option<f64> {
        match self {
            Self::Number(text) => text.parse().ok(),
            Self::Bool(value) => Some(if *value { 1.0 } else { 0.0 }),
            Self::String(text) => python_float(text),
            Self::Null | Self::Array(_) | Self::Object(_) => None,
        }
    }

    /// As [`Json::is_truthy`](super::Json::is_truthy).
    #[must_use]
    pub fn is_truthy(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(value) => *value,
            Self::Number(_) => self.python_number() != Some(0.0),
            Self::String(text) => !text.is_empty(),
            Self::Array(text) | Self::Object(text) => {
                // The text was checked, so anything but blanks between the brackets is content.
                let inside = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
                !inside.trim_start_matches([' ', '\t', '\n', '\r']).is_empty()
            }
        }
    }
}

/// Hands out every member of the object in a text, in order and repeated keys included.
///
/// The whole text is checked as [`Json::parse`](super::Json::parse) checks it. What was handed out before
/// an error was found is to be forgotten. Several times as fast as building a [`Json`](super::Json).
///
/// ```
/// use landfast_domain::json::{Member, read_members};
///
/// let mut relief = None;
/// read_members(r#"{"actual_relief": 70, "notes": "went well"}"#, |key, value| {
///     if key == "actual_relief" {
///         relief = value.python_number();
///     }
/// })?;
/// assert_eq!(relief, Some(70.0));
/// # Ok::<(), landfast_domain::json::JsonError>(())
/// ```
///
/// # Errors
///
/// Those of [`Json::parse`](super::Json::parse), and [`JsonErrorKind::NotAnObject`] if the text is another
/// kind of value.
pub fn read_members<'a>(text: &'a str, mut each: impl FnMut(&str, Member<'a>)) -> Result<(), JsonError> {
    let mut scanner = Scanner::new(text);
    let mut key = Cow::Borrowed("");
    let (mut start, mut kind) = (0, Container::Object);
    let (mut is_object, mut other) = (false, None);
    while let Some(token) = scanner.next()? {
        let member = match (scanner.depth(), token.event) {
            (1, Event::Open(Container::Object)) => {
                is_object = true;
                continue;
            }
            (0, Event::Close) => continue,
            // Reported only once the whole text has proved valid.
            (0, _) | (1, Event::Open(Container::Array)) => {
                other.get_or_insert(token.start);
                continue;
            }
            (1, Event::Key(text)) => {
                key = text.cow();
                continue;
            }
            (2, Event::Open(container)) => {
                (start, kind) = (token.start, container);
                continue;
            }
            (1, Event::Null) => Member::Null,
            (1, Event::Bool(value)) => Member::Bool(value),
            (1, Event::Number(number)) => Member::Number(number),
            (1, Event::String(text)) => Member::String(text.cow()),
            (1, Event::Close) => {
                let text = text.get(start..token.end).unwrap_or_default();
                if kind == Container::Array { Member::Array(text) } else { Member::Object(text) }
            }
            _ => continue,
        };
        if is_object {
            each(&key, member);
        }
    }
    scanner.refuse_lone_surrogate()?;
    other.map_or(Ok(()), |at| Err(scanner.error(JsonErrorKind::NotAnObject, at)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Key, text, truth and number of each member.
    type Found = Vec<(String, String, bool, Option<u64>)>;

    fn members(text: &str) -> Result<Found, JsonErrorKind> {
        let mut found = Vec::new();
        read_members(text, |key, value| {
            let dumped = value.to_json().dump();
            found.push((key.to_owned(), dumped, value.is_truthy(), value.python_number().map(f64::to_bits)));
        })
        .map_err(|error| error.kind())?;
        Ok(found)
    }

    /// The same by way of a tree.
    fn by_tree(text: &str) -> Result<Found, JsonErrorKind> {
        match Json::parse(text).map_err(|error| error.kind())? {
            Json::Object(object) => {
                let member = |(key, value): (&str, &Json)| {
                    (key.to_owned(), value.dump(), value.is_truthy(), value.python_number().map(f64::to_bits))
                };
                Ok(object.iter().map(member).collect())
            }
            _ => Err(JsonErrorKind::NotAnObject),
        }
    }

    #[test]
    fn members_are_those_of_the_tree() {
        for text in [
            "{}",
            r#" {"a": 1, "b": [1, {"c": [ ]}], "a": {"x": {}}, "\u0061\n": "\u00e9\ud83d\ude00", "e": [ ], "f": { }} "#,
            r#"{"n": null, "t": true, "f": false, "z": -0.0, "x": NaN, "i": -Infinity, "s": " 1_0 ", "e": ""}"#,
            "[]",
            "[{\"a\": 1}]",
            "5",
            "\"{}\"",
            "{\"a\": 1} x",
            "{\"a\": \"\\ud800\"}",
            "{\"a\": 1,}",
            "",
        ] {
            assert_eq!(members(text), by_tree(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_as_the_tree_is(text in r#"[\[\]{},:"ae0-9.\\ tnu-]{0,24}"#) {
            prop_assert_eq!(members(&text), by_tree(&text));
            let text = format!("{{{text}}}");
            prop_assert_eq!(members(&text), by_tree(&text));
        }
    }
}
