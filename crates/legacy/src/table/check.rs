//! Cells that are not what their column promises. Costs next to nothing for a cell that is.

use super::code;
use super::decode::Finding;
use landfast_domain::json::{Json, JsonErrorKind, validate};
use landfast_domain::record::{Boolean, Column, ColumnKind, Integer, Kind};
use landfast_domain::text::{is_missing_word, python_float, python_strip};
use landfast_domain::time::Timestamp;

/// Adds what is odd about the text of a cell. Empty cells never are; cells of blanks are where the
/// legacy program saw more in them than in an empty one.
pub(super) fn check_cell(column: &Column, text: &str, findings: &mut Vec<Finding>) {
    if text.is_empty() {
        return;
    }
    let mut find = |code, what: &str| {
        findings.push(Finding { code, column: column.name.to_owned(), message: format!("{what}: {}", shown(text)) });
    };
    if is_missing_word(text) {
        return find(code::MISSING_WORD, "reads as empty");
    }
    match column.kind {
        ColumnKind::Json => check_json(column.name, text, findings),
        ColumnKind::Integer => {
            let plain = text.len() <= 18 && text.bytes().all(|byte| byte.is_ascii_digit());
            if !plain && Integer::parse(text).is_none() && !is_blank(text) {
                find(code::NOT_AN_INTEGER, "not a whole number");
            }
        }
        ColumnKind::Number => match python_float(text) {
            Some(value) if value.is_finite() => {}
            Some(_) => find(code::NOT_FINITE, "not a finite number"),
            None if is_blank(text) => {}
            None => find(code::NOT_A_NUMBER, "not a number"),
        },
        ColumnKind::Boolean => match Boolean::parse(text) {
            Some(_) if matches!(text, "True" | "False") => {}
            Some(_) => find(code::BOOLEAN_SPELLING, "not `True` or `False`"),
            None if is_blank(text) => {}
            None => find(code::NOT_A_BOOLEAN, "neither true nor false"),
        },
        ColumnKind::LocalTime | ColumnKind::IsoTime | ColumnKind::SecondsTime
            if Timestamp::parse(python_strip(text)).is_none() && !is_blank(text) =>
        {
            find(code::NOT_A_DATE, "not a date");
        }
        // Dates that are dates, and texts, of which every one is.
        _ => {}
    }
}

fn is_blank(text: &str) -> bool {
    python_strip(text).is_empty()
}

/// Begin of a text, in quotes, for a message.
fn shown(text: &str) -> String {
    const MOST: usize = 60;
    let mut begin: String = text.chars().take(MOST).collect();
    if begin.len() < text.len() {
        begin.push('…');
    }
    format!("{begin:?}")
}

/// JSON columns that hold lists; all others hold objects.
const LISTS: [&str; 2] = ["categories", "routine_days_of_week"];

fn check_json(column: &'static str, text: &str, findings: &mut Vec<Finding>) {
    let mut find = |code, message: String| findings.push(Finding { code, column: column.to_owned(), message });
    if let Err(error) = validate(text) {
        let code =
            if error.kind() == JsonErrorKind::LoneSurrogate { code::JSON_LONE_SURROGATE } else { code::MALFORMED_JSON };
        return find(code, format!("{error}: {}", shown(text)));
    }
    let (open, code, what) = if LISTS.contains(&column) {
        (b'[', code::JSON_NOT_LIST, "not a list")
    } else {
        (b'{', code::JSON_NOT_OBJECT, "not an object")
    };
    let first = text.bytes().find(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    if first != Some(open) {
        let is_encoded = first == Some(b'"') && is_encoded(text, open);
        if is_encoded {
            find(code::DOUBLE_ENCODED_JSON, format!("JSON within JSON: {}", shown(text)));
        } else {
            find(code, format!("{what}: {}", shown(text)));
        }
    }
    let outline = outline(text);
    if outline.not_finite {
        find(code::JSON_NAN, "holds `NaN` or `Infinity`".to_owned());
    }
    let duplicate = match outline.keys {
        Keys::Unique => None,
        Keys::Duplicate(key) => Some(key.to_owned()),
        Keys::Unsure => duplicate_key(text),
    };
    if let Some(key) = duplicate {
        find(code::DUPLICATE_JSON_KEY, format!("the key {key:?} occurs again"));
    }
}

fn is_encoded(text: &str, open: u8) -> bool {
    match Json::parse(text).map(Json::unwrap_encoded) {
        Ok((Json::Object(_), 1..)) => open == b'{',
        Ok((Json::Array(_), 1..)) => open == b'[',
        _ => false,
    }
}

struct Outline<'a> {
    not_finite: bool,
    keys: Keys<'a>,
}

enum Keys<'a> {
    Unique,
    Duplicate(&'a str),
    /// More or other keys than can be compared quickly.
    Unsure,
}

/// Looks over a valid text without allocating.
fn outline(text: &str) -> Outline<'_> {
    const MOST_KEYS: usize = 96;
    const MOST_LEVELS: usize = 16;
    let bytes = text.as_bytes();
    let mut outline = Outline { not_finite: false, keys: Keys::Unique };
    // Keys of the objects that are open, and for each open bracket how many there were before it.
    let (mut keys, mut key_count) = ([""; MOST_KEYS], 0_usize);
    let (mut levels, mut level_count) = ([0_usize; MOST_LEVELS], 0_usize);
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'N' | b'I' => outline.not_finite = true,
            b'{' | b'[' => match levels.get_mut(level_count) {
                Some(level) => {
                    *level = key_count;
                    level_count += 1;
                }
                None => return Outline { keys: Keys::Unsure, not_finite: outline.not_finite || has_not_finite(text) },
            },
            b'}' | b']' => {
                level_count = level_count.saturating_sub(1);
                key_count = levels.get(level_count).copied().unwrap_or(0);
            }
            b'"' => {
                let start = at;
                let escaped = skip_string(bytes, &mut at);
                let rest = bytes.get(at..).unwrap_or_default();
                let is_key = rest.iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r')) == Some(&b':');
                if !is_key || !matches!(outline.keys, Keys::Unique) {
                    continue;
                }
                let key = text.get(start..at.saturating_sub(1)).unwrap_or_default();
                let first = level_count.checked_sub(1).and_then(|last| levels.get(last)).copied().unwrap_or(0);
                let own = keys.get(first..key_count).unwrap_or_default();
                if own.contains(&key) {
                    outline.keys = Keys::Duplicate(key);
                    continue;
                }
                match keys.get_mut(key_count) {
                    Some(place) if !escaped => {
                        *place = key;
                        key_count += 1;
                    }
                    _ => outline.keys = Keys::Unsure,
                }
            }
            _ => {}
        }
    }
    outline
}

/// Moves behind the closing quote of a string and tells whether there are escapes in it.
fn skip_string(bytes: &[u8], at: &mut usize) -> bool {
    let mut escaped = false;
    while let Some(byte) = bytes.get(*at) {
        *at += 1;
        match byte {
            b'"' => break,
            b'\\' => {
                escaped = true;
                *at += 1;
            }
            _ => {}
        }
    }
    escaped
}

fn has_not_finite(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'N' | b'I' => return true,
            b'"' => {
                skip_string(bytes, &mut at);
            }
            _ => {}
        }
    }
    false
}

/// The first key found twice in one object, at any level; escapes are resolved.
fn duplicate_key(text: &str) -> Option<String> {
    let json = Json::parse(text).ok()?;
    let mut waiting = vec![&json];
    while let Some(value) = waiting.pop() {
        match value {
            Json::Array(elements) => waiting.extend(elements),
            Json::Object(object) => {
                let mut seen = std::collections::HashSet::new();
                if let Some((key, _)) = object.iter().find(|(key, _)| !seen.insert(*key)) {
                    return Some(key.to_owned());
                }
                waiting.extend(object.iter().map(|(_, value)| value));
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(kind: ColumnKind, text: &str) -> Vec<&'static str> {
        named("predicted", kind, text)
    }

    fn named(name: &'static str, kind: ColumnKind, text: &str) -> Vec<&'static str> {
        let mut findings = Vec::new();
        check_cell(&Column { name, kind, when_absent: "" }, text, &mut findings);
        findings.iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn what_the_program_writes_is_not_odd() {
        use ColumnKind::*;
        for (kind, text) in [
            (Text, "anything, none"),
            (Integer, "15.0"),
            (Integer, "-3"),
            (Number, "3.417"),
            (Number, " +1e3 "),
            (Boolean, "False"),
            (LocalTime, "2025-12-05 09:15"),
            (LocalTime, " 2025-12-05T09:15:03 "),
            (IsoTime, "2025-12-05T09:15:03.000004"),
            (SecondsTime, "2025-12-05 09:15:03"),
            (Json, r#"{"a": {"a": [{"a": 1}, {"a": 2}]}, "b": "NaN"}"#),
        ] {
            assert_eq!(codes(kind, text), Vec::<&str>::new(), "{text}");
            assert_eq!(codes(kind, ""), Vec::<&str>::new());
        }
    }

    #[test]
    fn odd_cells_are_named() {
        use ColumnKind::*;
        for (kind, text, code) in [
            (Text, "NA", "missing-word"),
            (Json, "null", "missing-word"),
            (Integer, "v1", "not-an-integer"),
            (Integer, "1.5", "not-an-integer"),
            (Number, "12 min", "not-a-number"),
            (Number, "inf", "not-finite"),
            (Boolean, "TRUE", "boolean-spelling"),
            (Boolean, "1", "not-a-boolean"),
            (LocalTime, "12/05/2025 9:15", "not-a-date"),
            (IsoTime, "2025-13-45T99:99", "not-a-date"),
            (Json, "{'a': 1}", "malformed-json"),
            (Json, " ", "malformed-json"),
            (Json, r#"{"a": "\ud800"}"#, "json-lone-surrogate"),
            (Json, "[1]", "json-not-object"),
            (Json, r#""plain""#, "json-not-object"),
            (Json, r#""{\"a\": 1}""#, "double-encoded-json"),
            (Json, r#"{"a": NaN}"#, "json-nan"),
            (Json, r#"{"a": [-Infinity]}"#, "json-nan"),
            (Json, r#"{"a": 1, "b": {"c": 1}, "a": 2}"#, "duplicate-json-key"),
            (Json, r#"{"b": {"c": 1, "c": 1}}"#, "duplicate-json-key"),
            (Json, r#"{"a": 1, "\u0061": 2}"#, "duplicate-json-key"),
        ] {
            assert_eq!(codes(kind, text), [code], "{text}");
        }
    }

    #[test]
    fn blank_cells_are_odd_only_in_payloads() {
        use ColumnKind::*;
        for kind in [Text, Integer, Number, Boolean, LocalTime] {
            assert_eq!(codes(kind, " \t"), Vec::<&str>::new());
        }
    }

    #[test]
    fn lists_are_expected_where_lists_belong() {
        assert_eq!(named("categories", ColumnKind::Json, "[]"), Vec::<&str>::new());
        assert_eq!(named("categories", ColumnKind::Json, "{}"), ["json-not-list"]);
        assert_eq!(named("categories", ColumnKind::Json, r#""[]""#), ["double-encoded-json"]);
        assert_eq!(named("categories", ColumnKind::Json, r#""{}""#), ["json-not-list"]);
    }

    #[test]
    fn large_and_deep_payloads_are_checked_as_well() {
        let mut members: Vec<String> = (0..200).map(|key| format!("\"k{key}\": 0")).collect();
        assert_eq!(codes(ColumnKind::Json, &format!("{{{}}}", members.join(", "))), Vec::<&str>::new());
        members.push("\"k150\": 1".to_owned());
        assert_eq!(codes(ColumnKind::Json, &format!("{{{}}}", members.join(", "))), ["duplicate-json-key"]);
        let deep = format!("{{\"a\": {}NaN{}}}", "[".repeat(40), "]".repeat(40));
        assert_eq!(codes(ColumnKind::Json, &deep), ["json-nan"]);
    }

    #[test]
    fn messages_show_the_begin_of_the_cell() {
        let mut findings = Vec::new();
        let column = Column { name: "actual", kind: ColumnKind::Number, when_absent: "" };
        check_cell(&column, &"é".repeat(100), &mut findings);
        assert_eq!(findings[0].message, format!("not a number: \"{}…\"", "é".repeat(60)));
        assert_eq!(findings[0].column, "actual");
    }
}
