//! JSON values, and files of them as the legacy programs laid them out.

use crate::python::float;
use crate::{Error, Summary};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

/// A JSON value with its members in the order they were given.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    /// A number by its text; Python also writes `NaN`.
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// An object with these members.
macro_rules! object {
    ($($key:literal: $value:expr),* $(,)?) => {
        $crate::json::Json::Object(vec![$(($key.to_owned(), $crate::json::Json::from($value))),*])
    };
}
pub(crate) use object;

impl Json {
    /// A list.
    pub(crate) fn list<T: Into<Self>>(values: impl IntoIterator<Item = T>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }

    /// Adds a member to an object; anything else stays as it is.
    pub(crate) fn set(&mut self, key: &str, value: impl Into<Self>) {
        if let Self::Object(members) = self {
            members.push((key.to_owned(), value.into()));
        }
    }

    /// The text in a style.
    pub(crate) fn text(&self, style: Style) -> String {
        let mut text = String::new();
        self.write(style, 0, &mut text);
        text
    }

    fn write(&self, style: Style, level: usize, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(text) => out.push_str(text),
            Self::Text(text) => push_text(text, style, out),
            Self::List(values) if values.is_empty() => out.push_str("[]"),
            Self::Object(members) if members.is_empty() => out.push_str("{}"),
            Self::List(values) => {
                for (number, value) in values.iter().enumerate() {
                    out.push(if number == 0 { '[' } else { ',' });
                    style.new_line(level + 1, out);
                    value.write(style, level + 1, out);
                }
                style.new_line(level, out);
                out.push(']');
            }
            Self::Object(members) => {
                for (number, (key, value)) in members.iter().enumerate() {
                    out.push(if number == 0 { '{' } else { ',' });
                    style.new_line(level + 1, out);
                    push_text(key, style, out);
                    out.push_str(style.colon());
                    value.write(style, level + 1, out);
                }
                style.new_line(level, out);
                out.push('}');
            }
        }
    }
}

impl From<&str> for Json {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Json {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<f64> for Json {
    fn from(value: f64) -> Self {
        Self::Number(float(value))
    }
}

impl From<u64> for Json {
    fn from(value: u64) -> Self {
        Self::Number(value.to_string())
    }
}

impl From<u32> for Json {
    fn from(value: u32) -> Self {
        Self::Number(value.to_string())
    }
}

impl From<i32> for Json {
    fn from(value: i32) -> Self {
        Self::Number(value.to_string())
    }
}

impl<T: Into<Self>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl From<Vec<Self>> for Json {
    fn from(values: Vec<Self>) -> Self {
        Self::List(values)
    }
}

/// How a document is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// Two spaces a level, other characters than ASCII escaped: Python's `json.dump(indent=2)`.
    Escaped,
    /// Two spaces a level, all characters as they are.
    Literal,
    /// Without any blank, all characters as they are.
    Compact,
}

impl Style {
    fn new_line(self, level: usize, out: &mut String) {
        if self != Self::Compact {
            out.push('\n');
            out.extend(std::iter::repeat_n("  ", level));
        }
    }

    fn colon(self) -> &'static str {
        if self == Self::Compact { ":" } else { ": " }
    }
}

fn push_text(text: &str, style: Style, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            ' '..='~' => out.push(c),
            _ if style != Style::Escaped && c >= ' ' => out.push(c),
            _ => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    // Writing into a String cannot fail.
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push('"');
}

/// A document that is written member by member and never held as a whole.
pub(crate) struct JsonFile {
    name: String,
    path: PathBuf,
    out: BufWriter<File>,
    style: Style,
    /// Closing bracket of each list or object that is open, and whether it has anything in it.
    open: Vec<(char, bool)>,
    text: String,
}

impl JsonFile {
    /// Creates `folder/name` with the folders around it.
    pub(crate) fn create(folder: &Path, name: &str, style: Style) -> Result<Self, Error> {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(Error::at(parent))?;
        }
        let out = BufWriter::new(File::create(&path).map_err(Error::at(&path))?);
        Ok(Self { name: name.to_owned(), path, out, style, open: Vec::new(), text: String::new() })
    }

    /// Opens an object: the document, a member with this key, or an element without one.
    pub(crate) fn object(&mut self, key: Option<&str>) -> Result<(), Error> {
        self.place(key);
        self.text.push('{');
        self.open.push(('}', false));
        self.flush()
    }

    /// Opens a list.
    pub(crate) fn list(&mut self, key: Option<&str>) -> Result<(), Error> {
        self.place(key);
        self.text.push('[');
        self.open.push((']', false));
        self.flush()
    }

    /// Writes a member of the open object.
    pub(crate) fn member(&mut self, key: &str, value: impl Into<Json>) -> Result<(), Error> {
        self.value(Some(key), &value.into())
    }

    /// Writes an element of the open list.
    pub(crate) fn element(&mut self, value: &Json) -> Result<(), Error> {
        self.value(None, value)
    }

    /// Closes what was opened last.
    pub(crate) fn close(&mut self) -> Result<(), Error> {
        if let Some((bracket, filled)) = self.open.pop() {
            if filled {
                self.style.new_line(self.open.len(), &mut self.text);
            }
            self.text.push(bracket);
        }
        self.flush()
    }

    /// Closes everything and notes the file in the summary.
    pub(crate) fn finish(mut self, records: u64, summary: &mut Summary) -> Result<(), Error> {
        while !self.open.is_empty() {
            self.close()?;
        }
        self.out.flush().map_err(Error::at(&self.path))?;
        summary.add(&self.name, records);
        Ok(())
    }

    fn value(&mut self, key: Option<&str>, value: &Json) -> Result<(), Error> {
        self.place(key);
        value.write(self.style, self.open.len(), &mut self.text);
        self.flush()
    }

    fn place(&mut self, key: Option<&str>) {
        let level = self.open.len();
        if let Some((_, filled)) = self.open.last_mut() {
            if *filled {
                self.text.push(',');
            }
            *filled = true;
            self.style.new_line(level, &mut self.text);
        }
        if let Some(key) = key {
            push_text(key, self.style, &mut self.text);
            self.text.push_str(self.style.colon());
        }
    }

    fn flush(&mut self) -> Result<(), Error> {
        self.out.write_all(self.text.as_bytes()).map_err(Error::at(&self.path))?;
        self.text.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Json {
        object! { "a": 1, "é": Json::list(["x", "\u{1}"]), "b": object! {}, "c": None::<f64>, "d": 2.0, "e": true }
    }

    #[test]
    fn styles_are_those_of_the_programs() {
        assert_eq!(
            sample().text(Style::Escaped),
            "{\n  \"a\": 1,\n  \"\\u00e9\": [\n    \"x\",\n    \"\\u0001\"\n  ],\n  \"b\": {},\n  \"c\": null,\n  \"d\": 2.0,\n  \"e\": true\n}"
        );
        assert_eq!(
            sample().text(Style::Compact),
            "{\"a\":1,\"é\":[\"x\",\"\\u0001\"],\"b\":{},\"c\":null,\"d\":2.0,\"e\":true}"
        );
        assert!(sample().text(Style::Literal).contains("\n  \"é\": [\n"));
    }

    #[test]
    fn a_file_written_in_pieces_is_the_same_as_the_value() {
        let folder = std::env::temp_dir().join(format!("landfast-demo-json-{}", std::process::id()));
        let mut file = JsonFile::create(&folder, "deep/x.json", Style::Literal).unwrap();
        file.object(None).unwrap();
        file.member("n", 7).unwrap();
        file.list(Some("list")).unwrap();
        file.element(&sample()).unwrap();
        file.object(None).unwrap();
        file.close().unwrap();
        file.close().unwrap();
        file.list(Some("none")).unwrap();
        let mut summary = Summary::default();
        file.finish(2, &mut summary).unwrap();
        let whole = object! { "n": 7, "list": Json::list([sample(), object! {}]), "none": Json::List(Vec::new()) };
        assert_eq!(fs::read_to_string(folder.join("deep/x.json")).unwrap(), whole.text(Style::Literal));
        assert_eq!(summary.records("deep/x.json"), Some(2));
        fs::remove_dir_all(&folder).unwrap();
    }
}
