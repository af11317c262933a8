//! Documents whose many parts are kept one by one.
//!
//! A cache file holds thousands of issues of a kilobyte each. Its parts are stored as rows, and what is
//! left of the document, the *envelope*, has the number `0` in the place of each: so every byte is kept
//! once, and the document can be put together again exactly. An envelope is JSON itself.

use crate::json::{JsonError, MemberText, member_elements, members};
use std::ops::Range;

/// Where the parts of a document are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parts<'a> {
    /// Elements of the list that is this member of the root.
    ListAt(&'a str),
    /// Values of the root's own members.
    Members,
}

/// A part cut out of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its key, for [`Parts::Members`].
    pub key: Option<String>,
    /// Its text.
    pub text: String,
}

/// Cuts the parts out of a document. Without a place for parts (no such member, or of another kind), the
/// envelope is the document.
///
/// ```
/// use landfast_domain::delivery::envelope::{Parts, cut, join};
///
/// let document = "{\"n\": 2, \"issues\": [ {\"a\": 1},\n {} ]}";
/// let (envelope, parts) = cut(document, Parts::ListAt("issues"))?;
/// assert_eq!(envelope, "{\"n\": 2, \"issues\": [ 0,\n 0 ]}");
/// assert_eq!(parts[0].text, "{\"a\": 1}");
/// let texts = parts.iter().map(|part| Some(part.text.as_str()));
/// assert_eq!(join(&envelope, Parts::ListAt("issues"), texts)?, document);
/// # Ok::<(), landfast_domain::json::JsonError>(())
/// ```
///
/// # Errors
/// [`JsonError`] when the text is not JSON.
pub fn cut(document: &str, place: Parts<'_>) -> Result<(String, Vec<Part>), JsonError> {
    Ok(cut_slots(document, find(document, place)?.slots))
}

/// [`cut`] for the members of a document that are known already.
pub(crate) fn cut_members(document: &str, members: Vec<MemberText<'_>>) -> (String, Vec<Part>) {
    cut_slots(document, member_slots(members))
}

fn cut_slots(document: &str, slots: Vec<Slot>) -> (String, Vec<Part>) {
    let mut envelope = String::with_capacity(document.len() / 8);
    let mut at = 0;
    let mut parts = Vec::with_capacity(slots.len());
    for slot in slots {
        envelope.push_str(slice(document, at..slot.value.start));
        envelope.push('0');
        at = slot.value.end;
        parts.push(Part { key: slot.key, text: slice(document, slot.value).to_owned() });
    }
    envelope.push_str(slice(document, at..document.len()));
    (envelope, parts)
}

/// Puts the parts back, the first given into the first place. A place for which `None` is given, or
/// nothing at all, is taken out together with its comma.
///
/// # Errors
/// [`JsonError`] when the envelope is not JSON.
pub fn join<'a>(
    envelope: &str,
    place: Parts<'_>,
    parts: impl IntoIterator<Item = Option<&'a str>>,
) -> Result<String, JsonError> {
    let found = find(envelope, place)?;
    let Some(first) = found.slots.first() else {
        return Ok(envelope.to_owned());
    };
    let mut parts = parts.into_iter();
    let mut joined = slice(envelope, 0..first.start).to_owned();
    let (mut any, mut before) = (false, first.start);
    for slot in &found.slots {
        if let Some(part) = parts.next().flatten() {
            // What stands between two places goes with the later one.
            if any {
                joined.push_str(slice(envelope, before..slot.start));
            }
            joined.push_str(slice(envelope, slot.start..slot.value.start));
            joined.push_str(part);
            any = true;
        }
        before = slot.value.end;
    }
    joined.push_str(slice(envelope, before..envelope.len()));
    Ok(joined)
}

/// How many places for parts an envelope has.
///
/// # Errors
/// [`JsonError`] when the envelope is not JSON.
pub fn places(envelope: &str, place: Parts<'_>) -> Result<usize, JsonError> {
    Ok(find(envelope, place)?.slots.len())
}

/// Keys of the places of [`Parts::Members`], in order.
///
/// # Errors
/// [`JsonError`] when the envelope is not JSON.
pub fn keys(envelope: &str) -> Result<Vec<String>, JsonError> {
    Ok(members(envelope)?.unwrap_or_default().into_iter().map(|member| member.key).collect())
}

/// Adds places at the end, with the blanks that stand before the last place. `keys`: those of the new
/// places of [`Parts::Members`]; for a list, only their number counts.
///
/// An envelope without the list gets one.
///
/// # Errors
/// [`JsonError`] when the envelope is not JSON, or no object.
pub fn add_places(envelope: &str, place: Parts<'_>, keys: &[&str]) -> Result<String, JsonError> {
    if keys.is_empty() {
        return Ok(envelope.to_owned());
    }
    let made;
    let mut envelope = envelope;
    if let Parts::ListAt(member) = place
        && find(envelope, place)?.inside.is_none()
    {
        made = super::edit::set_text(envelope, member, "[]")?;
        envelope = &made;
    }
    let found = find(envelope, place)?;
    let end = found.slots.last().map(|slot| slot.value.end);
    let between = match found.slots.as_slice() {
        [.., before, last] => slice(envelope, before.value.end..last.start),
        _ => ", ",
    };
    let mut added = String::new();
    for (number, key) in keys.iter().enumerate() {
        if number > 0 || end.is_some() {
            added.push_str(between);
        }
        if place == Parts::Members {
            added.push_str(&crate::json::Json::from(*key).dump());
            added.push_str(": ");
        }
        added.push('0');
    }
    // Without an inside the text is no object; the empty edit below gives the error for that.
    let at = match end.or(found.inside) {
        Some(at) => at,
        None => return crate::json::remove_member(envelope, ""),
    };
    let mut edited = envelope.to_owned();
    edited.insert_str(at, &added);
    Ok(edited)
}

struct Found {
    slots: Vec<Slot>,
    /// Offset after the opening bracket around the places; `None` when there is no such list or object.
    inside: Option<usize>,
}

struct Slot {
    key: Option<String>,
    /// Where the place begins, the key included.
    start: usize,
    value: Range<usize>,
}

fn find(text: &str, place: Parts<'_>) -> Result<Found, JsonError> {
    match place {
        Parts::Members => {
            let root = members(text)?;
            let inside = root.is_some().then(|| text.find('{').map(|brace| brace + 1)).flatten();
            Ok(Found { slots: member_slots(root.unwrap_or_default()), inside })
        }
        Parts::ListAt(key) => {
            let Some(list) = member_elements(text, key)? else {
                return Ok(Found { slots: Vec::new(), inside: None });
            };
            let slots = list.elements.into_iter().map(|element| {
                let start = element.offset;
                Slot { key: None, start, value: start..start + element.text.len() }
            });
            Ok(Found { slots: slots.collect(), inside: Some(list.offset + 1) })
        }
    }
}

fn member_slots(members: Vec<MemberText<'_>>) -> Vec<Slot> {
    let slots = members.into_iter().map(|member| Slot {
        start: member.start,
        value: member.offset..member.offset + member.text.len(),
        key: Some(member.key),
    });
    slots.collect()
}

fn slice(text: &str, range: Range<usize>) -> &str {
    text.get(range).expect("parts begin and end between characters")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LIST: Parts<'_> = Parts::ListAt("issues");

    #[test]
    fn places_without_a_part_go_with_their_comma() {
        let envelope = "{\"issues\": [\n  0,\n  0,\n  0\n]}";
        let join = |parts: [Option<&str>; 3]| join(envelope, LIST, parts).unwrap();
        assert_eq!(join([Some("1"), None, Some("3")]), "{\"issues\": [\n  1,\n  3\n]}");
        assert_eq!(join([None, Some("2"), None]), "{\"issues\": [\n  2\n]}");
        assert_eq!(join([None, None, None]), "{\"issues\": [\n  \n]}");
        assert_eq!(super::join("{\"a\": 0, \"b\": 0}", Parts::Members, [None, Some("[]")]).unwrap(), "{\"b\": []}");
        assert_eq!(super::join("{\"a\": 0}", Parts::Members, []).unwrap(), "{}");
    }

    #[test]
    fn places_are_added_at_the_end() {
        let two = "{\"issues\": [\n  0,\n  0\n], \"n\": 1}";
        assert_eq!(add_places(two, LIST, &["", ""]).unwrap(), "{\"issues\": [\n  0,\n  0,\n  0,\n  0\n], \"n\": 1}");
        assert_eq!(add_places("{\"n\": 1}", LIST, &[""]).unwrap(), "{\"n\": 1, \"issues\": [0]}");
        assert_eq!(add_places("{\"issues\": null}", LIST, &[""]).unwrap(), "{\"issues\": [0]}");
        assert_eq!(add_places("{}", Parts::Members, &["é", "b"]).unwrap(), "{\"\\u00e9\": 0, \"b\": 0}");
        assert!(add_places("[]", Parts::Members, &["a"]).is_err());
        assert!(add_places("[]", LIST, &["a"]).is_err());
    }

    #[test]
    fn a_document_without_parts_is_its_own_envelope() {
        for document in ["{}", "[1]", "{\"issues\": {\"a\": 1}}", "7", "{\"issues\": [ ]}"] {
            let (envelope, parts) = cut(document, LIST).unwrap();
            assert_eq!((envelope.as_str(), parts.len()), (document, 0));
            assert_eq!(join(&envelope, LIST, []).unwrap(), document);
        }
    }

    proptest! {
        #[test]
        fn cut_and_join_give_the_document_back(
            parts in proptest::collection::vec(
                proptest::sample::select(vec!["{\"k\":[1,\"]x\"]}", "7", "\"a,b\"", "[ ]", "null", "\"é\\\"}\""]),
                0..6,
            ),
            blanks in "[ \n\t]{0,3}",
            map in any::<bool>(),
        ) {
            let (document, place) = if map {
                let members: Vec<_> = parts.iter().map(|part| format!("{blanks}\"k\"{blanks}:{part}{blanks}")).collect();
                (format!("{blanks}{{{}}}{blanks}", members.join(",")), Parts::Members)
            } else {
                let list: Vec<_> = parts.iter().map(|part| format!("{blanks}{part}{blanks}")).collect();
                (format!("{{\"issues\": 1, \"issues\" : [{}], \"n\": [{{}}]}}", list.join(",")), LIST)
            };
            let (envelope, cut_parts) = cut(&document, place).unwrap();
            prop_assert_eq!(cut_parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>(), parts.clone());
            prop_assert_eq!(places(&envelope, place).unwrap(), parts.len());
            let joined = join(&envelope, place, cut_parts.iter().map(|part| Some(part.text.as_str()))).unwrap();
            prop_assert_eq!(joined, document);
        }
    }
}
