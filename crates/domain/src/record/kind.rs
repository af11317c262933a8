//! What the cells of a column mean: parsing and canonical text.

use crate::text::{legacy_text, python_float, python_float_repr, python_int, python_strip};
use crate::time::Timestamp;

/// Names the kind of a column at run time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ColumnKind {
    /// See [`Text`].
    Text,
    /// See [`Integer`].
    Integer,
    /// See [`Number`].
    Number,
    /// See [`Boolean`].
    Boolean,
    /// See [`LocalTime`].
    LocalTime,
    /// See [`IsoTime`].
    IsoTime,
    /// See [`SecondsTime`].
    SecondsTime,
    /// See [`Json`].
    Json,
}

/// A meaning of cell text.
pub trait Kind: 'static {
    /// Value a cell is read as.
    type Value;
    /// The run-time name.
    const KIND: ColumnKind;
    /// Reads a cell; `None` when it is empty or not understood.
    fn parse(raw: &str) -> Option<Self::Value>;
    /// Text the legacy program would write for a value.
    fn render(value: &Self::Value) -> String;
}

/// Free text. The value is the text itself, also when it is empty or a missing-value word.
#[derive(Debug)]
pub enum Text {}
/// A whole number. Text of a float without a fraction (`15.0`, common in early files) is understood.
#[derive(Debug)]
pub enum Integer {}
/// A finite number in Python's spelling. Canonical text: no fraction for whole numbers (`35`).
///
/// NaN and infinities are "not understood": their text is kept, and no database has to store them.
#[derive(Debug)]
pub enum Number {}
/// `True` / `False`; spreadsheets' `TRUE` and lower-case forms are understood as well.
#[derive(Debug)]
pub enum Boolean {}
/// Server-local time, `YYYY-MM-DD HH:MM`; see [`Timestamp::to_minutes_text`].
#[derive(Debug)]
pub enum LocalTime {}
/// UTC time in ISO form with `T`; see [`Timestamp::to_iso_text`].
#[derive(Debug)]
pub enum IsoTime {}
/// UTC time `YYYY-MM-DD HH:MM:SS`; see [`Timestamp::to_seconds_text`].
#[derive(Debug)]
pub enum SecondsTime {}
/// JSON text in Python's dialect. The value is the text; parsing is up to the reader.
#[derive(Debug)]
pub enum Json {}

impl Kind for Text {
    type Value = String;
    const KIND: ColumnKind = ColumnKind::Text;
    fn parse(raw: &str) -> Option<String> {
        Some(raw.to_owned())
    }
    fn render(value: &String) -> String {
        value.clone()
    }
}

impl Kind for Json {
    type Value = String;
    const KIND: ColumnKind = ColumnKind::Json;
    fn parse(raw: &str) -> Option<String> {
        Some(raw.to_owned())
    }
    fn render(value: &String) -> String {
        value.clone()
    }
}

impl Kind for Integer {
    type Value = i64;
    const KIND: ColumnKind = ColumnKind::Integer;
    fn parse(raw: &str) -> Option<i64> {
        let text = legacy_text(raw);
        python_int(text).or_else(|| whole(python_float(text)?))
    }
    fn render(value: &i64) -> String {
        value.to_string()
    }
}

impl Kind for Number {
    type Value = f64;
    const KIND: ColumnKind = ColumnKind::Number;
    fn parse(raw: &str) -> Option<f64> {
        python_float(legacy_text(raw)).filter(|value| value.is_finite())
    }
    fn render(value: &f64) -> String {
        match whole(*value) {
            Some(integer) if *value != 0.0 || value.is_sign_positive() => integer.to_string(),
            _ => python_float_repr(*value),
        }
    }
}

impl Kind for Boolean {
    type Value = bool;
    const KIND: ColumnKind = ColumnKind::Boolean;
    fn parse(raw: &str) -> Option<bool> {
        let text = python_strip(raw);
        if text.eq_ignore_ascii_case("true") {
            Some(true)
        } else if text.eq_ignore_ascii_case("false") {
            Some(false)
        } else {
            None
        }
    }
    fn render(value: &bool) -> String {
        (if *value { "True" } else { "False" }).to_owned()
    }
}

macro_rules! time_kind {
    ($name:ident, $render:ident) => {
        impl Kind for $name {
            type Value = Timestamp;
            const KIND: ColumnKind = ColumnKind::$name;
            fn parse(raw: &str) -> Option<Timestamp> {
                Timestamp::parse(python_strip(raw))
            }
            fn render(value: &Timestamp) -> String {
                value.$render()
            }
        }
    };
}
time_kind!(LocalTime, to_minutes_text);
time_kind!(IsoTime, to_iso_text);
time_kind!(SecondsTime, to_seconds_text);

/// A float without fraction, as an integer, within the range where every integer is exact.
#[expect(clippy::as_conversions, reason = "checked to be whole and within 2^53")]
fn whole(value: f64) -> Option<i64> {
    (value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_992.0).then_some(value as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_without_a_needless_fraction() {
        assert_eq!(Number::render(&35.0), "35");
        assert_eq!(Number::render(&5.5), "5.5");
        assert_eq!(Number::render(&-0.0), "-0.0");
        assert_eq!(Number::parse("nan"), None);
        assert_eq!(Number::parse("1e400"), None);
    }

    #[test]
    fn integers_accept_early_float_spelling() {
        assert_eq!(Integer::parse("15.0"), Some(15));
        assert_eq!(Integer::parse("15.5"), None);
        assert_eq!(Integer::parse("v1"), None);
        assert_eq!(Integer::parse("NULL"), None);
    }
}
