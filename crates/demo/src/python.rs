//! Number and JSON text as the legacy programs spelled them.

use std::fmt::Write as _;

/// A JSON object written key by key, with Python's separators and non-ASCII characters escaped.
#[derive(Debug, Default)]
pub(crate) struct JsonObject {
    text: String,
}

impl JsonObject {
    /// Adds a key with a value that is JSON text already.
    pub(crate) fn raw(&mut self, key: &str, json: &str) -> &mut Self {
        self.text.push_str(if self.text.is_empty() { "{" } else { ", " });
        push_json_text(&mut self.text, key);
        self.text.push_str(": ");
        self.text.push_str(json);
        self
    }

    /// Adds a text.
    pub(crate) fn text(&mut self, key: &str, value: &str) -> &mut Self {
        self.raw(key, &json_text(value))
    }

    /// Adds a whole number.
    pub(crate) fn int(&mut self, key: &str, value: impl Into<i64>) -> &mut Self {
        self.raw(key, &value.into().to_string())
    }

    /// Adds a floating-point number.
    pub(crate) fn float(&mut self, key: &str, value: f64) -> &mut Self {
        self.raw(key, &float(value))
    }

    /// The object's text; `{}` when nothing was added.
    pub(crate) fn finish(&self) -> String {
        if self.text.is_empty() { "{}".to_owned() } else { format!("{}}}", self.text) }
    }
}

/// A JSON list of texts.
pub(crate) fn json_list<'a>(values: impl IntoIterator<Item = &'a str>) -> String {
    let values: Vec<String> = values.into_iter().map(json_text).collect();
    format!("[{}]", values.join(", "))
}

/// A JSON text in quotes.
pub(crate) fn json_text(value: &str) -> String {
    let mut text = String::with_capacity(value.len() + 2);
    push_json_text(&mut text, value);
    text
}

/// A number that has at most a few decimals and a moderate size.
pub(crate) fn float(value: f64) -> String {
    // Rust's `Debug` and Python's `repr` agree between 0.0001 and 1e16, where all made-up numbers are.
    format!("{value:?}")
}

/// `value` rounded to `decimals` places.
pub(crate) fn rounded(value: f64, decimals: i32) -> f64 {
    let factor = 10.0_f64.powi(decimals);
    (value * factor).round() / factor
}

fn push_json_text(text: &mut String, value: &str) {
    text.push('"');
    for c in value.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            ' '..='~' => text.push(c),
            _ => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    // Writing into a String cannot fail.
                    let _ = write!(text, "\\u{unit:04x}");
                }
            }
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_spelled_as_python_spells_them() {
        let mut object = JsonObject::default();
        assert_eq!(object.finish(), "{}");
        object.int("a", 1).float("b", 5.0).text("c", "é\n\"🌱\"").raw("d", "null");
        assert_eq!(object.finish(), r#"{"a": 1, "b": 5.0, "c": "\u00e9\n\"\ud83c\udf31\"", "d": null}"#);
        assert_eq!(json_list(["x", "y"]), r#"["x", "y"]"#);
        assert_eq!(json_list([]), "[]");
    }

    #[test]
    fn numbers_are_rounded() {
        assert_eq!(float(rounded(2.0 / 3.0, 3)), "0.667");
        assert_eq!(float(rounded(60.0, 2)), "60.0");
    }
}
