//! Writing as `json.dump(value, file, indent=n)` does.

use super::dump::push_ascii_string;
use super::value::Json;

impl Json {
    /// Text as Python's `json.dumps(value, indent=width)` writes it: one member or element a line, empty
    /// containers closed at once, ASCII only. Numbers and repeated keys as in [`dump`](Self::dump).
    ///
    /// ```
    /// use landfast_domain::json::Json;
    ///
    /// let value = Json::parse(r#"{"a": [1, {}], "é": []}"#)?;
    /// assert_eq!(value.dump_indented(2), "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"\\u00e9\": []\n}");
    /// # Ok::<(), landfast_domain::json::JsonError>(())
    /// ```
    #[must_use]
    pub fn dump_indented(&self, width: usize) -> String {
        let mut out = String::new();
        push(&mut out, self, width, 1);
        out
    }
}

fn push(out: &mut String, value: &Json, width: usize, level: usize) {
    match value {
        Json::Array(elements) if !elements.is_empty() => {
            out.push('[');
            for (index, element) in elements.iter().enumerate() {
                new_line(out, index > 0, width * level);
                push(out, element, width, level + 1);
            }
            new_line(out, false, width * (level - 1));
            out.push(']');
        }
        Json::Object(object) if !object.is_empty() => {
            out.push('{');
            for (index, (key, member)) in object.iter().enumerate() {
                new_line(out, index > 0, width * level);
                push_ascii_string(out, key);
                out.push_str(": ");
                push(out, member, width, level + 1);
            }
            new_line(out, false, width * (level - 1));
            out.push('}');
        }
        scalar_or_empty => out.push_str(&scalar_or_empty.dump()),
    }
}

fn new_line(out: &mut String, comma: bool, blanks: usize) {
    if comma {
        out.push(',');
    }
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', blanks));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_python_wrote_comes_back() {
        let text = "{\n \"a\": 1.50,\n \"b\": {\n  \"c\": [\n   null,\n   \"\\u00e9\"\n  ]\n },\n \"d\": {}\n}";
        assert_eq!(Json::parse(text).unwrap().dump_indented(1), text);
        assert_eq!(Json::from(1).dump_indented(2), "1");
        assert_eq!(Json::parse("[[]]").unwrap().dump_indented(0), "[\n[]\n]");
    }
}
