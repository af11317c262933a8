//! Reading: building a value, or only checking.

use super::error::JsonError;
use super::number::NumberText;
use super::object::Object;
use super::scanner::{Container, Event, Scanner};
use super::value::{Json, JsonKind};

/// Checks that [`Json::parse`] would accept the text, without building anything.
///
/// ```
/// use landfast_domain::json::validate;
///
/// assert!(validate(r#"{"actual_relief": NaN}"#).is_ok());
/// assert!(validate("{'actual_relief': 50}").is_err());
/// ```
///
/// # Errors
///
/// The same as [`Json::parse`].
pub fn validate(text: &str) -> Result<(), JsonError> {
    let mut scanner = Scanner::new(text);
    while scanner.next()?.is_some() {}
    scanner.refuse_lone_surrogate()
}

/// Kind of the document, after checking all of it like [`validate`].
///
/// ```
/// use landfast_domain::json::{JsonKind, top_level_kind};
///
/// assert_eq!(top_level_kind(" {} ")?, JsonKind::Object);
/// assert_eq!(top_level_kind("-Infinity")?, JsonKind::Number);
/// assert!(top_level_kind("{").is_err());
/// # Ok::<(), landfast_domain::json::JsonError>(())
/// ```
///
/// # Errors
///
/// The same as [`Json::parse`].
pub fn top_level_kind(text: &str) -> Result<JsonKind, JsonError> {
    validate(text)?;
    let first = text.trim_start_matches([' ', '\t', '\n', '\r']).bytes().next();
    Ok(match first {
        Some(b'{') => JsonKind::Object,
        Some(b'[') => JsonKind::Array,
        Some(b'"') => JsonKind::String,
        Some(b't' | b'f') => JsonKind::Bool,
        Some(b'n') => JsonKind::Null,
        _ => JsonKind::Number,
    })
}

/// A container whose end has not been read yet.
enum Unfinished {
    Array(Vec<Json>),
    /// The members so far, and the key whose value comes next.
    Object(Object, String),
}

pub(super) fn parse(text: &str) -> Result<Json, JsonError> {
    let mut scanner = Scanner::new(text);
    let document = build(&mut scanner)?;
    scanner.refuse_lone_surrogate()?;
    Ok(document)
}

/// Reads like [`Json::parse`], but accepts lone surrogates: each reads as U+FFFD, and the second value
/// tells that there was one. Only for looking at a text that is kept beside the result.
///
/// ```
/// use landfast_domain::json::{Json, parse_lossy};
///
/// assert_eq!(parse_lossy(r#"["\ud800x"]"#)?, (Json::Array(vec![Json::from("\u{fffd}x")]), true));
/// assert_eq!(parse_lossy("1.0")?, (Json::from(1.0), false));
/// # Ok::<(), landfast_domain::json::JsonError>(())
/// ```
///
/// # Errors
///
/// The same as [`Json::parse`] without `LoneSurrogate`.
pub fn parse_lossy(text: &str) -> Result<(Json, bool), JsonError> {
    let mut scanner = Scanner::new(text);
    let document = build(&mut scanner)?;
    Ok((document, scanner.refuse_lone_surrogate().is_err()))
}

/// Checks a text as [`parse_lossy`] does, without building anything; tells whether there was a lone surrogate.
///
/// ```
/// use landfast_domain::json::validate_lossy;
///
/// assert_eq!(validate_lossy(r#"["\ud800x"]"#)?, true);
/// assert!(validate_lossy("[1,]").is_err());
/// # Ok::<(), landfast_domain::json::JsonError>(())
/// ```
///
/// # Errors
///
/// Those of [`parse_lossy`].
pub fn validate_lossy(text: &str) -> Result<bool, JsonError> {
    let mut scanner = Scanner::new(text);
    while scanner.next()?.is_some() {}
    Ok(scanner.refuse_lone_surrogate().is_err())
}

fn build(scanner: &mut Scanner<'_>) -> Result<Json, JsonError> {
    let mut open: Vec<Unfinished> = Vec::new();
    let mut document = Json::Null;
    while let Some(token) = scanner.next()? {
        let value = match token.event {
            Event::Null => Json::Null,
            Event::Bool(value) => Json::Bool(value),
            Event::Number(text) => Json::Number(NumberText::from_token(text)),
            Event::String(text) => Json::String(text.decode()),
            Event::Key(text) => {
                if let Some(Unfinished::Object(_, key)) = open.last_mut() {
                    *key = text.decode();
                }
                continue;
            }
            Event::Open(container) => {
                open.push(match container {
                    Container::Array => Unfinished::Array(Vec::new()),
                    Container::Object => Unfinished::Object(Object::new(), String::new()),
                });
                continue;
            }
            Event::Close => match open.pop() {
                Some(Unfinished::Array(elements)) => Json::Array(elements),
                Some(Unfinished::Object(object, _)) => Json::Object(object),
                None => continue,
            },
        };
        match open.last_mut() {
            Some(Unfinished::Array(elements)) => elements.push(value),
            Some(Unfinished::Object(object, key)) => object.push(std::mem::take(key), value),
            None => document = value,
        }
    }
    Ok(document)
}
