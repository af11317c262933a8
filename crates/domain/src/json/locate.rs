//! Where the parts of a text are, so that each can be kept and copied byte for byte.

use super::error::JsonError;
use super::scanner::{Container, Event, Scanner, slice};

/// One member of an object, by its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberText<'a> {
    /// The key with its escapes resolved; half a surrogate pair reads as U+FFFD.
    pub key: String,
    /// Offset of the quote before the key, in bytes.
    pub start: usize,
    /// Offset of the value, in bytes.
    pub offset: usize,
    /// The value exactly as it stands in the text.
    pub text: &'a str,
}

/// One element of a list, by its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ElementText<'a> {
    /// Offset in bytes.
    pub offset: usize,
    /// The element exactly as it stands in the text.
    pub text: &'a str,
}

/// Members of the object that a text is, in order, repeated keys included; `None` when the text is
/// another kind of value. Lone surrogates are accepted, as by [`set_member`](super::set_member).
///
/// ```
/// use landfast_domain::json::members;
///
/// let found = members("{ \"a\" : 1.50,\n \"b\": [ ] }")?.expect("the text is an object");
/// assert_eq!((found[0].key.as_str(), found[0].text, found[0].offset), ("a", "1.50", 8));
/// assert_eq!((found[1].key.as_str(), found[1].text), ("b", "[ ]"));
/// assert_eq!(members("[1]")?, None);
/// # Ok::<(), landfast_domain::json::JsonError>(())
/// ```
///
/// # Errors
///
/// Those of [`Json::parse`](super::Json::parse) without `LoneSurrogate`.
pub fn members(raw: &str) -> Result<Option<Vec<MemberText<'_>>>, JsonError> {
    let parts = parts(raw, Container::Object)?;
    Ok(parts.map(|parts| {
        let members = parts.into_iter().map(|part| {
            let (key, start) = part.key.unwrap_or_default();
            MemberText { key, start, offset: part.offset, text: part.text }
        });
        members.collect()
    }))
}

/// Elements of the list that a text is, in order; `None` when the text is another kind of value.
///
/// ```
/// use landfast_domain::json::elements;
///
/// let found = elements("[ {\"a\": [1]}, 2.0 ]")?.expect("the text is a list");
/// assert_eq!(found.iter().map(|element| element.text).collect::<Vec<_>>(), ["{\"a\": [1]}", "2.0"]);
/// # Ok::<(), landfast_domain::json::JsonError>(())
/// ```
///
/// # Errors
///
/// As [`members`].
pub fn elements(raw: &str) -> Result<Option<Vec<ElementText<'_>>>, JsonError> {
    let parts = parts(raw, Container::Array)?;
    Ok(parts.map(|parts| parts.into_iter().map(|part| ElementText { offset: part.offset, text: part.text }).collect()))
}

/// A list that is a member of an object, with its elements; see [`member_elements`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberList<'a> {
    /// Offset of its opening bracket, in bytes.
    pub offset: usize,
    /// The elements, with their offsets in the whole text.
    pub elements: Vec<ElementText<'a>>,
}

/// Elements of the list that is the member with this key of the object that a text is; `None` without such a list.
/// Of repeated keys the last counts. The text is read once.
///
/// ```
/// use landfast_domain::json::member_elements;
///
/// let text = "{\"n\": [0], \"issues\": [ {\"a\": [1]}, 2.0 ]}";
/// let list = member_elements(text, "issues")?.expect("there is a list");
/// assert_eq!(list.elements.iter().map(|element| element.text).collect::<Vec<_>>(), ["{\"a\": [1]}", "2.0"]);
/// assert_eq!(member_elements(text, "other")?, None);
/// # Ok::<(), landfast_domain::json::JsonError>(())
/// ```
///
/// # Errors
///
/// As [`members`].
pub fn member_elements<'a>(raw: &'a str, key: &str) -> Result<Option<MemberList<'a>>, JsonError> {
    let mut scanner = Scanner::new(raw);
    let mut found: Option<MemberList<'a>> = None;
    // Whether the member at hand has the key, is a list, and where its element at hand begins.
    let (mut has_key, mut is_list, mut begin) = (false, false, 0);
    while let Some(token) = scanner.next()? {
        let depth = scanner.depth();
        let complete = match token.event {
            Event::Open(container) => {
                if depth == 2 && has_key {
                    is_list = container == Container::Array;
                    found = is_list.then(|| MemberList { offset: token.start, elements: Vec::new() });
                } else if depth == 3 {
                    begin = token.start;
                }
                false
            }
            Event::Key(own) => {
                if depth == 1 {
                    (has_key, is_list) = (own.cow() == key, false);
                }
                false
            }
            Event::Close => {
                is_list &= depth >= 2;
                depth == 2
            }
            Event::Null | Event::Bool(_) | Event::Number(_) | Event::String(_) => {
                if depth == 1 && has_key {
                    found = None;
                }
                begin = if depth == 2 { token.start } else { begin };
                depth == 2
            }
        };
        if complete
            && is_list
            && let Some(list) = &mut found
        {
            let text = slice(raw, begin..token.end);
            list.elements.push(ElementText { offset: begin, text });
        }
    }
    Ok(found)
}

struct Part<'a> {
    key: Option<(String, usize)>,
    offset: usize,
    text: &'a str,
}

fn parts(raw: &str, wanted: Container) -> Result<Option<Vec<Part<'_>>>, JsonError> {
    let mut scanner = Scanner::new(raw);
    let mut parts = Vec::new();
    let (mut is_wanted, mut key, mut begin) = (false, None, 0);
    while let Some(token) = scanner.next()? {
        let depth = scanner.depth();
        let complete = match token.event {
            Event::Open(container) => {
                match depth {
                    1 => is_wanted = container == wanted,
                    2 => begin = token.start,
                    _ => {}
                }
                false
            }
            Event::Key(text) => {
                if depth == 1 {
                    key = Some((text.decode(), token.start));
                }
                false
            }
            Event::Close => depth == 1,
            Event::Null | Event::Bool(_) | Event::Number(_) | Event::String(_) => {
                if depth == 1 {
                    begin = token.start;
                }
                depth == 1
            }
        };
        if complete {
            let text = slice(raw, begin..token.end);
            parts.push(Part { key: key.take(), offset: begin, text });
        }
    }
    Ok(is_wanted.then_some(parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_slices_of_the_text() {
        let raw = " [ 1 , [ ] , {\"k\":[{}]}, \"a,b\",null ] ";
        let found = elements(raw).unwrap().unwrap();
        assert_eq!(
            found.iter().map(|part| part.text).collect::<Vec<_>>(),
            ["1", "[ ]", "{\"k\":[{}]}", "\"a,b\"", "null"]
        );
        for part in found {
            assert!(raw.get(part.offset..).unwrap().starts_with(part.text));
        }
        assert_eq!(elements("[]").unwrap().unwrap(), []);
        assert_eq!(members("{}").unwrap().unwrap(), []);
    }

    #[test]
    fn repeated_keys_and_lone_surrogates_are_parts_too() {
        let raw = r#"{"a": 1, "a": {"b": 2}, "\ud800": 3}"#;
        let found = members(raw).unwrap().unwrap();
        let keys: Vec<_> = found.iter().map(|member| (member.key.as_str(), member.text)).collect();
        assert_eq!(keys, [("a", "1"), ("a", "{\"b\": 2}"), ("\u{fffd}", "3")]);
        assert!(raw.get(found[1].start..).unwrap().starts_with("\"a\": {"));
    }

    #[test]
    fn the_elements_of_a_member_are_those_of_its_text() {
        for raw in [
            r#"{"a": [1, [2], {"b": [3]}, "x]", null ], "c": [[4]]}"#,
            r#"{"a": [1], "a": [2, {}]}"#,
            r#"{"a": [1], "a": 7}"#,
            r#"{"a": [1], "a": {"a": [5]}}"#,
            r#"{"b": {"a": [1]}, "\u0061":[ ]}"#,
            "[[1], {\"a\": [2]}]",
            "{}",
            "\"a\"",
        ] {
            let member = members(raw).unwrap().unwrap_or_default().into_iter().rev().find(|member| member.key == "a");
            let list = member.filter(|member| member.text.starts_with('['));
            let expected = list.map(|list| {
                let own = elements(list.text).unwrap().unwrap().into_iter();
                let elements =
                    own.map(|element| ElementText { offset: element.offset + list.offset, ..element }).collect();
                MemberList { offset: list.offset, elements }
            });
            assert_eq!(member_elements(raw, "a").unwrap(), expected, "{raw}");
        }
        assert!(member_elements("{\"a\": [1,]}", "a").is_err());
    }

    #[test]
    fn other_kinds_are_checked_to_their_end() {
        assert_eq!(elements("{}").unwrap(), None);
        assert_eq!(members("12").unwrap(), None);
        assert!(members("[1,]").is_err());
    }
}
