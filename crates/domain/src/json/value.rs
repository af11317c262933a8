//! The document type, its accessors and its constructors.

use super::error::JsonError;
use super::number::NumberText;
use super::object::Object;
use super::parse;

/// A JSON document in Python's dialect, with nothing lost. See the [module page](super).
///
/// Equality is exact: texts of numbers, order of keys and repeated keys all count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Json {
    /// `null`, Python's `None`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, by its text.
    Number(NumberText),
    /// A string, with all escapes resolved.
    String(String),
    /// A list of values.
    Array(Vec<Json>),
    /// An object, with its keys in order.
    Object(Object),
}

/// Kind of a JSON value, without its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JsonKind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// A number or one of the tokens `NaN`, `Infinity`, `-Infinity`.
    Number,
    /// A string.
    String,
    /// A list.
    Array,
    /// An object.
    Object,
}

impl Json {
    /// Reads one document; white space may stand around it.
    ///
    /// ```
    /// use landfast_domain::json::{Json, JsonErrorKind};
    ///
    /// assert_eq!(Json::parse(" [1.50]\n")?.dump(), "[1.50]");
    /// let error = Json::parse("[1.50,]").unwrap_err();
    /// assert_eq!((error.kind(), error.offset()), (JsonErrorKind::ExpectedValue, 6));
    /// # Ok::<(), landfast_domain::json::JsonError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`JsonError`] with kind and place where CPython's `json.loads` refuses the text, and in the
    /// cases [listed for the module](super#differences-from-cpython).
    pub fn parse(text: &str) -> Result<Self, JsonError> {
        parse::parse(text)
    }

    /// Resolves JSON that was encoded more than once, and tells how many layers were removed.
    ///
    /// A string whose content is itself an object or a list is replaced by that, and again if the
    /// result is such a string. A string with any other content, be it `"12"` or plain words, is
    /// data and stays, as does content that [`parse`](Self::parse) refuses. Some legacy rows hold a
    /// whole payload as text in this way.
    ///
    /// ```
    /// use landfast_domain::json::Json;
    ///
    /// let stored = Json::parse(r#""{\"actual_relief\": 70}""#)?;
    /// let (payload, layers) = stored.unwrap_encoded();
    /// assert_eq!(payload.dump(), r#"{"actual_relief": 70}"#);
    /// assert_eq!(layers, 1);
    /// # Ok::<(), landfast_domain::json::JsonError>(())
    /// ```
    #[must_use]
    pub fn unwrap_encoded(self) -> (Self, u32) {
        let mut layers = 0;
        let mut inner = match &self {
            Self::String(text) => Self::parse(text),
            _ => return (self, 0),
        };
        // Each layer is shorter than the one around it, so this ends.
        loop {
            layers += 1;
            inner = match inner {
                Ok(Self::String(text)) => Self::parse(&text),
                Ok(value @ (Self::Array(_) | Self::Object(_))) => return (value, layers),
                Ok(_) | Err(_) => return (self, 0),
            };
        }
    }

    /// Kind of the value.
    #[must_use]
    pub fn kind(&self) -> JsonKind {
        match self {
            Self::Null => JsonKind::Null,
            Self::Bool(_) => JsonKind::Bool,
            Self::Number(_) => JsonKind::Number,
            Self::String(_) => JsonKind::String,
            Self::Array(_) => JsonKind::Array,
            Self::Object(_) => JsonKind::Object,
        }
    }

    /// Whether this is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The truth value, if this is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The number as [`NumberText::to_f64`] gives it, if this is a number. See
    /// [`python_number`](Self::python_number) for what Python's `float` accepts.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(number.to_f64()),
            _ => None,
        }
    }

    /// The number, if this is an integer of 64 bits; `None` for `1.0` and `1e3`.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Number(number) => number.to_i64(),
            _ => None,
        }
    }

    /// The text, if this is a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The elements, if this is a list.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// The object, if this is one.
    #[must_use]
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The object to be changed, if this is one.
    #[must_use]
    pub fn as_object_mut(&mut self) -> Option<&mut Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// Whether brackets nest deeper than `levels`.
    pub(super) fn is_deeper_than(&self, levels: usize) -> bool {
        // A list of what is left instead of recursion, as values built by hand may be of any depth.
        let mut left = vec![(self, 1)];
        while let Some((value, level)) = left.pop() {
            match value {
                Self::Array(_) | Self::Object(_) if level > levels => return true,
                Self::Array(elements) => left.extend(elements.iter().map(|e| (e, level + 1))),
                Self::Object(object) => left.extend(object.iter().map(|(_, v)| (v, level + 1))),
                _ => {}
            }
        }
        false
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Json {
    fn from(value: i64) -> Self {
        Self::Number(value.into())
    }
}

impl From<i32> for Json {
    fn from(value: i32) -> Self {
        i64::from(value).into()
    }
}

impl From<u32> for Json {
    fn from(value: u32) -> Self {
        i64::from(value).into()
    }
}

/// Written as Python's `json.dumps` writes a float: `35.0`, `1e+16`, `NaN`.
impl From<f64> for Json {
    fn from(value: f64) -> Self {
        Self::Number(value.into())
    }
}

impl From<NumberText> for Json {
    fn from(value: NumberText) -> Self {
        Self::Number(value)
    }
}

impl From<&str> for Json {
    fn from(value: &str) -> Self {
        Self::String(value.to_owned())
    }
}

impl From<String> for Json {
    fn from(value: String) -> Self {
        Self::String(value)
    }
}

impl<T: Into<Json>> From<Vec<T>> for Json {
    fn from(values: Vec<T>) -> Self {
        Self::Array(values.into_iter().map(Into::into).collect())
    }
}

impl From<Object> for Json {
    fn from(value: Object) -> Self {
        Self::Object(value)
    }
}

/// `None` becomes `null`.
impl<T: Into<Json>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constructors_and_accessors_agree() {
        assert_eq!(Json::from(true).as_bool(), Some(true));
        assert_eq!(Json::from(-3).as_i64(), Some(-3));
        assert_eq!(Json::from(-3).as_f64(), Some(-3.0));
        assert_eq!(Json::from(7_u32).dump(), "7");
        assert_eq!(Json::from(2.5).as_f64(), Some(2.5));
        assert_eq!(Json::from("a").as_str(), Some("a"));
        assert_eq!(Json::from(vec!["a", "b"]).dump(), r#"["a", "b"]"#);
        assert_eq!(Json::from(None::<i64>), Json::Null);
        assert_eq!(Json::from(Some(1)).as_i64(), Some(1));
        let mut object = Json::from(Object::from_iter([("k", 1)]));
        object.as_object_mut().unwrap().insert("k", Json::Null);
        assert_eq!(object.as_object().unwrap().get("k"), Some(&Json::Null));
    }

    #[test]
    fn accessors_refuse_other_kinds() {
        let text = Json::from("1");
        assert_eq!((text.as_f64(), text.as_i64(), text.as_bool()), (None, None, None));
        assert_eq!(text.as_array(), None);
        assert_eq!(text.as_object(), None);
        assert_eq!(Json::from(1.0).as_i64(), None);
        assert_eq!(Json::from(1).as_str(), None);
        assert!(!text.is_null());
    }

    #[test]
    fn only_encoded_objects_and_lists_are_unwrapped() {
        let twice = Json::from(Json::from(r#"{"a": [1.0]}"#).dump());
        let (value, layers) = twice.unwrap_encoded();
        assert_eq!((value.dump().as_str(), layers), (r#"{"a": [1.0]}"#, 2));
        for text in ["12", "\"x\"", "null", "plain words", "", "{broken"] {
            assert_eq!(Json::from(text).unwrap_encoded(), (Json::from(text), 0));
        }
        let object = Json::parse(r#"{"a": "{}"}"#).unwrap();
        assert_eq!(object.clone().unwrap_encoded(), (object, 0));
    }

    #[test]
    fn depth_counts_brackets() {
        assert!(!Json::from(1).is_deeper_than(0));
        assert!(Json::Array(vec![]).is_deeper_than(0));
        let nested = Json::parse(r#"[{"a": [1]}]"#).unwrap();
        assert!(nested.is_deeper_than(2));
        assert!(!nested.is_deeper_than(3));
    }
}
