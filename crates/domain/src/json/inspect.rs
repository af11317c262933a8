//! Looking a text over without building a value.

use std::borrow::Cow;
use std::collections::HashSet;

use super::error::JsonError;
use super::number::NumberText;
use super::scanner::{Container, Event, RawString, Scanner};
use super::value::JsonKind;

/// What [`inspect`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// Kind of the document.
    pub kind: JsonKind,
    /// Whether a string holds half a surrogate pair.
    pub has_lone_surrogate: bool,
    /// The first key that repeats one of its object.
    pub repeated_key: Option<String>,
    /// The first number that is no finite floating-point number, as it was written.
    pub not_finite: Option<String>,
}

/// Checks a text as [`parse_lossy`](super::parse_lossy) does, and tells what is odd about it.
///
/// ```
/// use landfast_domain::json::{JsonKind, inspect};
///
/// let found = inspect(r#"{"a": [NaN, 1e999], "b": {"c": 1, "c": 2}}"#)?;
/// assert_eq!((found.kind, found.has_lone_surrogate), (JsonKind::Object, false));
/// assert_eq!((found.repeated_key.as_deref(), found.not_finite.as_deref()), (Some("c"), Some("NaN")));
/// # Ok::<(), landfast_domain::json::JsonError>(())
/// ```
///
/// # Errors
///
/// Those of [`parse_lossy`](super::parse_lossy).
pub fn inspect(text: &str) -> Result<Inspection, JsonError> {
    let mut scanner = Scanner::new(text);
    let mut keys = Keys::default();
    let mut kind = None;
    let (mut repeated_key, mut not_finite) = (None, None);
    while let Some(token) = scanner.next()? {
        kind.get_or_insert(match token.event {
            Event::Null => JsonKind::Null,
            Event::Bool(_) => JsonKind::Bool,
            Event::Number(_) => JsonKind::Number,
            Event::String(_) => JsonKind::String,
            Event::Open(Container::Array) => JsonKind::Array,
            _ => JsonKind::Object,
        });
        match token.event {
            Event::Open(_) => keys.open(),
            Event::Close => keys.close(),
            Event::Key(key) if repeated_key.is_none() && keys.is_repeated(key) => {
                repeated_key = Some(key.decode());
            }
            Event::Number(number) if not_finite.is_none() && !is_finite(number) => not_finite = Some(number.to_owned()),
            _ => {}
        }
    }
    Ok(Inspection {
        kind: kind.unwrap_or(JsonKind::Null),
        has_lone_surrogate: scanner.refuse_lone_surrogate().is_err(),
        repeated_key,
        not_finite,
    })
}

/// Most digits a number may have that cannot be too large.
const SHORT: usize = 300;

fn is_finite(number: &str) -> bool {
    let is_plain =
        number.len() < SHORT && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-');
    is_plain || NumberText::from_token(number).to_f64().is_finite()
}

/// Keys of the objects that are open.
#[derive(Default)]
struct Keys<'a> {
    /// Those of all open objects, one after the other.
    keys: Vec<RawString<'a>>,
    open: Vec<Level<'a>>,
}

struct Level<'a> {
    /// Where its keys begin.
    start: usize,
    /// Keys of an object that has many.
    many: Option<HashSet<Cow<'a, str>>>,
}

/// Keys of an object that are compared one by one.
const FEW: usize = 16;

impl<'a> Keys<'a> {
    fn open(&mut self) {
        self.open.push(Level { start: self.keys.len(), many: None });
    }

    fn close(&mut self) {
        if let Some(level) = self.open.pop() {
            self.keys.truncate(level.start);
        }
    }

    /// Whether the innermost object has the key already; from now on it has.
    fn is_repeated(&mut self, key: RawString<'a>) -> bool {
        let Some(level) = self.open.last_mut() else { return false };
        if let Some(many) = &mut level.many {
            return !many.insert(key.cow());
        }
        let own = self.keys.get(level.start..).unwrap_or_default();
        if own.iter().any(|other| other.same(key)) {
            return true;
        }
        if own.len() >= FEW {
            level.many = Some(own.iter().map(RawString::cow).chain([key.cow()]).collect());
        } else {
            self.keys.push(key);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse_lossy;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys_are_compared_within_their_object_and_by_what_they_mean() {
        let repeated = |text: &str| inspect(text).unwrap().repeated_key;
        assert_eq!(repeated(r#"{"a": {"a": 1}, "b": [{"a": 1}, {"a": 2}]}"#), None);
        assert_eq!(repeated(r#"{"a": 1, "x": {"y": 1}, "\u0061": 2}"#).as_deref(), Some("a"));
        let mut many: Vec<String> = (0..100).map(|number| format!("\"k{number}\": {number}")).collect();
        assert_eq!(repeated(&format!("{{{}}}", many.join(","))), None);
        many.push("\"k\\u0035\": 1".to_owned());
        assert_eq!(repeated(&format!("{{{}}}", many.join(","))).as_deref(), Some("k5"));
    }

    #[test]
    fn numbers_that_are_too_large_are_told() {
        for (text, finite) in [("1e308", true), ("-1.5", true), ("1e400", false), ("-Infinity", false), ("NaN", false)]
        {
            assert_eq!(inspect(text).unwrap().not_finite.is_none(), finite, "{text}");
        }
        assert_eq!(inspect(&"9".repeat(400)).unwrap().not_finite.map(|text| text.len()), Some(400));
        assert!(inspect(r#""\ud800""#).unwrap().has_lone_surrogate);
    }

    proptest! {
        #[test]
        fn the_same_texts_are_refused(text in "[\\[\\]{}:,\"a1 e.\\\\-]{0,12}") {
            let (found, read) = (inspect(&text), parse_lossy(&text));
            prop_assert_eq!(found.as_ref().err(), read.as_ref().err());
            if let (Ok(found), Ok((value, lone))) = (found, read) {
                prop_assert_eq!((found.kind, found.has_lone_surrogate), (value.kind(), lone));
            }
        }
    }
}
