//! Writing as `json.dumps` does.

use std::fmt::Write;

use super::error::JsonError;
use super::scanner::{Container, Event, Scanner, plain_length};
use super::value::Json;

/// How a document is written.
#[derive(Clone, Copy)]
struct Style {
    between: &'static str,
    after_key: &'static str,
    ascii: bool,
}

const DEFAULT: Style = Style { between: ", ", after_key: ": ", ascii: true };
const COMPACT: Style = Style { between: ",", after_key: ":", ascii: true };

impl Json {
    /// Text as Python's `json.dumps(value)` writes it: `, ` and `: ` between the parts, everything
    /// outside printable ASCII as `\uXXXX`.
    ///
    /// Numbers are written as they were read, where Python would write `1e5` as `100000.0`; repeated
    /// keys are all written.
    ///
    /// ```
    /// use landfast_domain::json::Json;
    ///
    /// let value = Json::parse("{\"a\":[1e5,null],\"😀\":\"\\/\\u007f\"}")?;
    /// assert_eq!(value.dump(), r#"{"a": [1e5, null], "\ud83d\ude00": "/\u007f"}"#);
    /// # Ok::<(), landfast_domain::json::JsonError>(())
    /// ```
    #[must_use]
    pub fn dump(&self) -> String {
        self.dump_as(DEFAULT)
    }

    /// Text without blanks, like `json.dumps(value, separators=(",", ":"))`.
    ///
    /// ```
    /// use landfast_domain::json::Json;
    ///
    /// assert_eq!(Json::parse(r#"{"é": [1, 2]}"#)?.dump_compact(), r#"{"\u00e9":[1,2]}"#);
    /// # Ok::<(), landfast_domain::json::JsonError>(())
    /// ```
    #[must_use]
    pub fn dump_compact(&self) -> String {
        self.dump_as(COMPACT)
    }

    /// Text with characters outside ASCII as they are, like `json.dumps(value, ensure_ascii=False)`.
    ///
    /// ```
    /// use landfast_domain::json::Json;
    ///
    /// assert_eq!(Json::parse(r#"["\u00e9", 1]"#)?.dump_unicode(), r#"["é", 1]"#);
    /// # Ok::<(), landfast_domain::json::JsonError>(())
    /// ```
    #[must_use]
    pub fn dump_unicode(&self) -> String {
        self.dump_as(Style { ascii: false, ..DEFAULT })
    }

    /// Both of the above: no blanks, and characters outside ASCII as they are.
    #[must_use]
    pub fn dump_unicode_compact(&self) -> String {
        self.dump_as(Style { ascii: false, ..COMPACT })
    }

    fn dump_as(&self, style: Style) -> String {
        let mut out = String::new();
        push_value(&mut out, self, style);
        out
    }
}

/// The text without blanks, with characters outside ASCII as they are: what
/// [`Json::dump_unicode_compact`] gives for the text read by [`Json::parse`], without building a value.
///
/// ```
/// use landfast_domain::json::compact_unicode;
///
/// assert_eq!(compact_unicode("{ \"\\u00e9\" : [1.50,\n \"\\/\"] }")?, r#"{"é":[1.50,"/"]}"#);
/// # Ok::<(), landfast_domain::json::JsonError>(())
/// ```
///
/// # Errors
///
/// Those of [`Json::parse`].
pub fn compact_unicode(text: &str) -> Result<String, JsonError> {
    let mut scanner = Scanner::new(text);
    let mut out = String::with_capacity(text.len());
    // Of each open bracket: its closing one, and whether something stands in it.
    let mut open: Vec<(char, bool)> = Vec::new();
    let mut is_value_of_key = false;
    while let Some(token) = scanner.next()? {
        if let Event::Close = token.event {
            out.extend(open.pop().map(|(bracket, _)| bracket));
            continue;
        }
        if !std::mem::take(&mut is_value_of_key)
            && let Some((_, is_filled)) = open.last_mut()
            && std::mem::replace(is_filled, true)
        {
            out.push(',');
        }
        match token.event {
            Event::Open(container) => {
                let (begin, end) = if container == Container::Array { ('[', ']') } else { ('{', '}') };
                out.push(begin);
                open.push((end, false));
            }
            Event::Key(key) => {
                push_string(&mut out, &key.cow(), false);
                out.push(':');
                is_value_of_key = true;
            }
            Event::String(string) => push_string(&mut out, &string.cow(), false),
            _ => out.push_str(token.text(text)),
        }
    }
    scanner.refuse_lone_surrogate()?;
    Ok(out)
}

/// Appends a string literal in ASCII.
pub(super) fn push_ascii_string(out: &mut String, text: &str) {
    push_string(out, text, true);
}

fn push_value(out: &mut String, value: &Json, style: Style) {
    match value {
        Json::Null => out.push_str("null"),
        Json::Bool(true) => out.push_str("true"),
        Json::Bool(false) => out.push_str("false"),
        Json::Number(number) => out.push_str(number.as_str()),
        Json::String(text) => push_string(out, text, style.ascii),
        Json::Array(elements) => {
            out.push('[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    out.push_str(style.between);
                }
                push_value(out, element, style);
            }
            out.push(']');
        }
        Json::Object(object) => {
            out.push('{');
            for (index, (key, member)) in object.iter().enumerate() {
                if index > 0 {
                    out.push_str(style.between);
                }
                push_string(out, key, style.ascii);
                out.push_str(style.after_key);
                push_value(out, member, style);
            }
            out.push('}');
        }
    }
}

fn push_string(out: &mut String, text: &str, ascii: bool) {
    out.push('"');
    let mut text = text;
    if !ascii {
        // Up to the first character that is escaped, everything stands as it is.
        let plain = plain_length(text.as_bytes()).unwrap_or(text.len());
        let (as_it_is, rest) = text.split_at(plain);
        out.push_str(as_it_is);
        text = rest;
    }
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(c),
            _ if !ascii && c >= ' ' => out.push(c),
            _ => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}").expect("writing into a string cannot fail");
                }
            }
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_escaped_as_python_escapes_them() {
        let all = Json::from("\0\u{8}\t\n\u{b}\u{c}\r\u{1f} \"/\\~\u{7f}\u{80}é\u{2028}😀");
        assert_eq!(all.dump(), r#""\u0000\b\t\n\u000b\f\r\u001f \"/\\~\u007f\u0080\u00e9\u2028\ud83d\ude00""#);
        assert_eq!(all.dump_unicode(), "\"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f \\\"/\\\\~\u{7f}\u{80}é\u{2028}😀\"");
    }

    #[test]
    fn separators_and_empty_containers() {
        let value = Json::parse(r#"{"é":[],"b":{},"c":[1,{"d":2}],"é":true}"#).unwrap();
        assert_eq!(value.dump(), r#"{"\u00e9": [], "b": {}, "c": [1, {"d": 2}], "\u00e9": true}"#);
        assert_eq!(value.dump_compact(), r#"{"\u00e9":[],"b":{},"c":[1,{"d":2}],"\u00e9":true}"#);
        assert_eq!(value.dump_unicode(), r#"{"é": [], "b": {}, "c": [1, {"d": 2}], "é": true}"#);
        assert_eq!(value.dump_unicode_compact(), r#"{"é":[],"b":{},"c":[1,{"d":2}],"é":true}"#);
    }
}
