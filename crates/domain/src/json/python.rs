//! What Python makes of a loaded value.

use super::number::NumberText;
use super::value::Json;
use crate::text::{python_bool_text, python_float, python_float_repr, python_str_repr};

impl Json {
    /// Python's `str(value)` of the loaded value, which is how the legacy program put payload values
    /// into cells.
    ///
    /// Strings stay as they are, `null` is `None`, numbers take Python's form (`1e5` is `100000.0`,
    /// `-0` is `0`, `NaN` is `nan`), lists and objects are written like Python literals. Of repeated
    /// keys the last value counts, at the place of the first.
    ///
    /// ```
    /// use landfast_domain::json::Json;
    ///
    /// for (json, text) in [
    ///     ("true", "True"),
    ///     ("1.50", "1.5"),
    ///     ("\"None\"", "None"),
    ///     (r#"[3, "a", null]"#, "[3, 'a', None]"),
    ///     (r#"{"a": "it's"}"#, r#"{'a': "it's"}"#),
    /// ] {
    ///     assert_eq!(Json::parse(json)?.python_text(), text);
    /// }
    /// # Ok::<(), landfast_domain::json::JsonError>(())
    /// ```
    #[must_use]
    pub fn python_text(&self) -> String {
        if let Self::String(text) = self {
            return text.clone();
        }
        let mut out = String::new();
        push_repr(&mut out, self);
        out
    }

    /// Number the legacy calculations took from the value: a number, a truth value (`true` is 1) or
    /// a string Python's `float` accepts. `None` for everything else.
    ///
    /// The result may be NaN or infinite, from a token, a string (`"inf"`), or an integer beyond
    /// the range of a float, for which Python raises `OverflowError`.
    ///
    /// ```
    /// use landfast_domain::json::Json;
    ///
    /// assert_eq!(Json::from(" 1_0.5 ").python_number(), Some(10.5));
    /// assert_eq!(Json::from(true).python_number(), Some(1.0));
    /// assert_eq!(Json::from("").python_number(), None);
    /// assert_eq!(Json::Null.python_number(), None);
    /// ```
    #[must_use]
    pub fn python_number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(number.to_f64()),
            Self::Bool(value) => Some(if *value { 1.0 } else { 0.0 }),
            Self::String(text) => python_float(text),
            Self::Null | Self::Array(_) | Self::Object(_) => None,
        }
    }

    /// Python's `bool(value)`: false for `null`, `false`, zero, and whatever is empty. NaN is true.
    ///
    /// ```
    /// use landfast_domain::json::Json;
    ///
    /// assert!(Json::from("0").is_truthy());
    /// assert!(!Json::from(-0.0).is_truthy());
    /// assert!(!Json::parse("{}")?.is_truthy());
    /// # Ok::<(), landfast_domain::json::JsonError>(())
    /// ```
    #[must_use]
    pub fn is_truthy(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(value) => *value,
            Self::Number(number) => number.to_f64() != 0.0,
            Self::String(text) => !text.is_empty(),
            Self::Array(elements) => !elements.is_empty(),
            Self::Object(object) => !object.is_empty(),
        }
    }
}

fn push_repr(out: &mut String, value: &Json) {
    match value {
        Json::Null => out.push_str("None"),
        Json::Bool(value) => out.push_str(python_bool_text(*value)),
        Json::Number(number) => push_number(out, number),
        Json::String(text) => out.push_str(&python_str_repr(text)),
        Json::Array(elements) => {
            out.push('[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                push_repr(out, element);
            }
            out.push(']');
        }
        Json::Object(object) => {
            out.push('{');
            for (index, (key, member)) in object.effective().into_iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                out.push_str(&python_str_repr(key));
                out.push_str(": ");
                push_repr(out, member);
            }
            out.push('}');
        }
    }
}

fn push_number(out: &mut String, number: &NumberText) {
    if !number.is_integer() {
        out.push_str(&python_float_repr(number.to_f64()));
    } else if number.as_str() == "-0" {
        // The only integer whose JSON text is not Python's: leading zeros are not JSON.
        out.push('0');
    } else {
        out.push_str(number.as_str());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Json {
        Json::parse(text).unwrap()
    }

    #[test]
    fn text_is_that_of_python() {
        for (text, python) in [
            ("null", "None"),
            ("false", "False"),
            ("35", "35"),
            ("-0", "0"),
            ("-0.0", "-0.0"),
            ("1E400", "inf"),
            ("-Infinity", "-inf"),
            ("NaN", "nan"),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
            ("1e16", "1e+16"),
            ("0.00001", "1e-05"),
            (r#""a'b\n""#, "a'b\n"),
            ("[]", "[]"),
            ("{}", "{}"),
            ("[[-0, 50.0], {}]", "[[0, 50.0], {}]"),
            (r#"["\n\u00e9\u200b\ud83e\ude77"]"#, "['\\né\\u200b\\U0001fa77']"),
            (r#"{"a": 1, "b": true, "a": [null]}"#, "{'a': [None], 'b': True}"),
        ] {
            assert_eq!(json(text).python_text(), python, "{text}");
        }
    }

    #[test]
    fn numbers() {
        for (text, number) in [
            ("7", Some(7.0)),
            ("false", Some(0.0)),
            (r#""\uff17""#, Some(7.0)),
            (r#""12 min""#, None),
            ("[7]", None),
            ("{}", None),
        ] {
            assert_eq!(json(text).python_number(), number, "{text}");
        }
        assert_eq!(json(&"9".repeat(400)).python_number(), Some(f64::INFINITY));
        assert!(json("NaN").python_number().is_some_and(f64::is_nan));
    }

    #[test]
    fn truth() {
        for text in ["true", "1", "-0.1", "NaN", "Infinity", r#"" ""#, "[0]", r#"{"": 0}"#] {
            assert!(json(text).is_truthy(), "{text}");
        }
        for text in ["null", "false", "0", "-0", "0.00", "-0e5", "1e-400", r#""""#, "[]", "{}"] {
            assert!(!json(text).is_truthy(), "{text}");
        }
    }
}
