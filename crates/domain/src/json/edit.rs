//! Changing one member in the text of an object.

use std::ops::Range;

use super::dump::push_ascii_string;
use super::error::{JsonError, JsonErrorKind};
use super::scanner::{Container, Event, MAX_DEPTH, Scanner};
use super::value::Json;

/// Sets one member in the text of an object and leaves every other byte as it is.
///
/// The last member with the key gets the value; without one, the member is added after the last,
/// with `, ` and `: ` as Python writes them. Key and value are written in ASCII. The result reads as
/// the object would after [`Object::insert`](super::Object::insert). Lone surrogates elsewhere in
/// the text are left alone.
///
/// ```
/// use landfast_domain::json::{Json, set_member};
///
/// let raw = "{ \"a\" : 1.50,\n  \"b\" : 2 }";
/// assert_eq!(set_member(raw, "a", &Json::from(3))?, "{ \"a\" : 3,\n  \"b\" : 2 }");
/// assert_eq!(set_member(raw, "c", &Json::Null)?, "{ \"a\" : 1.50,\n  \"b\" : 2, \"c\": null }");
/// # Ok::<(), landfast_domain::json::JsonError>(())
/// ```
///
/// # Errors
///
/// Those of [`Json::parse`] without `LoneSurrogate`; [`JsonErrorKind::NotAnObject`] if the text is
/// another kind of value; [`JsonErrorKind::TooDeep`] if the result could not be read back.
pub fn set_member(raw: &str, key: &str, value: &Json) -> Result<String, JsonError> {
    let layout = Layout::read(raw, key)?;
    let target = layout.members.iter().rev().find(|member| member.wanted);
    let place = match (target, layout.members.last()) {
        (Some(member), _) => member.value.clone(),
        (None, Some(last)) => last.value.end..last.value.end,
        (None, None) => layout.inside..layout.inside,
    };
    // The object around the value takes one level.
    if value.is_deeper_than(MAX_DEPTH - 1) {
        return Err(JsonError::new(JsonErrorKind::TooDeep, raw, place.start));
    }
    let mut text = String::new();
    if target.is_none() {
        if !layout.members.is_empty() {
            text.push_str(", ");
        }
        push_ascii_string(&mut text, key);
        text.push_str(": ");
    }
    text.push_str(&value.dump());
    let mut edited = raw.to_owned();
    edited.replace_range(place, &text);
    Ok(edited)
}

/// Removes a member from the text of an object and leaves the other members as they are.
///
/// All members with the key go, or an earlier one would take the place of the last. With each goes
/// the comma before it; with the first of the object, the comma and the blanks after it. Without
/// such a member the text comes back unchanged. The result reads as the object would after
/// [`Object::remove`](super::Object::remove).
///
/// ```
/// use landfast_domain::json::remove_member;
///
/// assert_eq!(remove_member(r#"{"a": 1,  "b": 2 , "c": 3}"#, "b")?, r#"{"a": 1 , "c": 3}"#);
/// assert_eq!(remove_member(r#"{"a": 1,  "b": 2 }"#, "a")?, r#"{"b": 2 }"#);
/// # Ok::<(), landfast_domain::json::JsonError>(())
/// ```
///
/// # Errors
///
/// Those of [`Json::parse`] without `LoneSurrogate`, and [`JsonErrorKind::NotAnObject`] if the text
/// is another kind of value.
pub fn remove_member(raw: &str, key: &str) -> Result<String, JsonError> {
    let layout = Layout::read(raw, key)?;
    let mut edited = raw.to_owned();
    // From the end, so that the offsets of what comes before stay valid.
    for (index, member) in layout.members.iter().enumerate().rev().filter(|(_, m)| m.wanted) {
        let (before, after) = layout.members.split_at(index);
        let next = after.get(1);
        let removed = match (before.iter().all(|member| member.wanted), before.last(), next) {
            (false, Some(previous), _) => comma_after(raw, previous)..member.value.end,
            (_, _, Some(next)) => member.start..next.start,
            _ => member.start..member.value.end,
        };
        edited.replace_range(removed, "");
    }
    Ok(edited)
}

/// Where the members of a top-level object are.
struct Layout {
    /// Offset after the opening brace.
    inside: usize,
    members: Vec<Member>,
}

struct Member {
    /// Offset of the quote before the key.
    start: usize,
    value: Range<usize>,
    /// Whether this is a member with the key in question.
    wanted: bool,
}

impl Layout {
    fn read(raw: &str, wanted: &str) -> Result<Self, JsonError> {
        let mut scanner = Scanner::new(raw);
        let mut kind_error = None;
        let mut layout = Self { inside: 0, members: Vec::new() };
        while let Some(token) = scanner.next()? {
            let depth = scanner.depth();
            match token.event {
                Event::Open(Container::Object) if depth == 1 => layout.inside = token.end,
                Event::Key(key) if depth == 1 => layout.members.push(Member {
                    start: token.start,
                    value: token.end..token.end,
                    wanted: key.is(wanted),
                }),
                _ => {
                    // The value after the key begins with the first token past it and ends with the
                    // last one that leaves only the object's own brace open.
                    if let Some(member) = layout.members.last_mut().filter(|_| depth >= 1) {
                        if member.value.is_empty() {
                            member.value.start = token.start;
                        }
                        member.value.end = token.end;
                    } else if layout.inside == 0 && kind_error.is_none() {
                        // Reported only once the whole text has proved valid.
                        kind_error = Some(scanner.error(JsonErrorKind::NotAnObject, token.start));
                    }
                }
            }
        }
        kind_error.map_or(Ok(layout), Err)
    }
}

/// Offset of the comma between a member and the next one.
fn comma_after(raw: &str, member: &Member) -> usize {
    // Only blanks can stand between a value and its comma.
    let blanks = raw.bytes().skip(member.value.end).take_while(|byte| *byte != b',').count();
    member.value.end + blanks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(raw: &str, key: &str, value: impl Into<Json>) -> String {
        set_member(raw, key, &value.into()).unwrap()
    }

    fn remove(raw: &str, key: &str) -> String {
        remove_member(raw, key).unwrap()
    }

    #[test]
    fn setting_replaces_only_the_value() {
        let raw = "\t{\"a\"\n:\t[1, {\"b\": 2}] , \"b\":2.50}\r\n";
        assert_eq!(set(raw, "a", "é"), "\t{\"a\"\n:\t\"\\u00e9\" , \"b\":2.50}\r\n");
        assert_eq!(set(raw, "b", 3), "\t{\"a\"\n:\t[1, {\"b\": 2}] , \"b\":3}\r\n");
        assert_eq!(set(r#"{"a": 1, "b": 2, "a": {}}"#, "a", 9), r#"{"a": 1, "b": 2, "a": 9}"#);
    }

    #[test]
    fn setting_finds_keys_however_they_are_written() {
        assert_eq!(set(r#"{"\u0061\ud83d\ude00": 1}"#, "a😀", 2), r#"{"\u0061\ud83d\ude00": 2}"#);
        assert_eq!(set(r#"{"é": 1}"#, "é", 2), r#"{"é": 2}"#);
        assert_eq!(set(r#"{"x": {"a": 1}}"#, "a", 2), r#"{"x": {"a": 1}, "a": 2}"#);
    }

    #[test]
    fn setting_appends_after_the_last_member() {
        assert_eq!(set("{}", "a", 1), r#"{"a": 1}"#);
        assert_eq!(set("{ \n}", "a", 1), "{\"a\": 1 \n}");
        assert_eq!(set("{\n  \"a\": [{}]\n}\n", "é", 1), "{\n  \"a\": [{}], \"\\u00e9\": 1\n}\n");
    }

    #[test]
    fn removing_takes_one_comma_along() {
        let raw = r#"{ "a": 1 ,  "b" : [2, 3] , "c": "," }"#;
        assert_eq!(remove(raw, "a"), r#"{ "b" : [2, 3] , "c": "," }"#);
        assert_eq!(remove(raw, "b"), r#"{ "a": 1  , "c": "," }"#);
        assert_eq!(remove(raw, "c"), r#"{ "a": 1 ,  "b" : [2, 3]  }"#);
        assert_eq!(remove(raw, "d"), raw);
        assert_eq!(remove("{ \"a\": {} }", "a"), "{  }");
    }

    #[test]
    fn removing_takes_all_occurrences() {
        assert_eq!(remove(r#"{"a": 1, "a": 2}"#, "a"), "{}");
        assert_eq!(remove(r#"{"a": 1, "a": 2, "b": 3}"#, "a"), r#"{"b": 3}"#);
        assert_eq!(remove(r#"{"a": 1, "b": 3, "a": 2}"#, "a"), r#"{"b": 3}"#);
        assert_eq!(remove(r#"{"b": 3, "a": 1, "\u0061": 2, "c": 4}"#, "a"), r#"{"b": 3, "c": 4}"#);
    }

    #[test]
    fn lone_surrogates_stay_as_they_are() {
        let raw = r#"{"\ud800": "\udc00", "a": 1}"#;
        assert_eq!(set(raw, "a", 2), r#"{"\ud800": "\udc00", "a": 2}"#);
        assert_eq!(remove(raw, "a"), r#"{"\ud800": "\udc00"}"#);
        // It is not the replacement character either.
        assert_eq!(remove(raw, "\u{fffd}"), raw);
    }

    #[test]
    fn other_texts_are_refused() {
        for (raw, kind, offset) in [
            (" [{\"a\": 1}]", JsonErrorKind::NotAnObject, 1),
            ("\"{}\"", JsonErrorKind::NotAnObject, 0),
            ("null", JsonErrorKind::NotAnObject, 0),
            ("[1", JsonErrorKind::ExpectedComma, 2),
            ("{} x", JsonErrorKind::ExtraData, 3),
            ("", JsonErrorKind::ExpectedValue, 0),
        ] {
            for error in [set_member(raw, "a", &Json::Null), remove_member(raw, "a")] {
                let error = error.unwrap_err();
                assert_eq!((error.kind(), error.offset()), (kind, offset), "{raw}");
            }
        }
    }

    #[test]
    fn a_value_that_could_not_be_read_back_is_refused() {
        let nested = |depth: usize| (0..depth).fold(Json::Null, |inner, _| Json::Array(vec![inner]));
        let deepest = set("{}", "a", nested(MAX_DEPTH - 1));
        assert!(Json::parse(&deepest).is_ok());
        let error = set_member("{}", "a", &nested(MAX_DEPTH)).unwrap_err();
        assert_eq!(error.kind(), JsonErrorKind::TooDeep);
    }
}
