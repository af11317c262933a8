//! How cells of each kind of column are stored.

use std::borrow::Cow;

use landfast_domain::record::{Boolean, Integer, IsoTime, Json, Kind, LocalTime, Number, SecondsTime, Text};
use landfast_domain::text::{python_bool_text, python_float_repr};
use landfast_domain::time::Timestamp;

use super::decimal::{Shape, shape};
use crate::time::StoredTime;

/// How the text of a cell relates to the value stored for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// The text is the canonical one of the value; nothing more need be stored.
    Canonical,
    /// The text of a number is the one Python's `repr` gives, with `.0` after a whole number.
    Float,
    /// The text is neither and must be stored beside the value.
    Own,
}

/// A kind of column in the database.
///
/// Invariant: `text(store(raw).0, spelling == Float)` is `raw` unless the spelling is [`Spelling::Own`].
pub(super) trait StoredKind: Kind {
    /// Type of the row's field.
    type Stored<'a>;
    /// Value to store for a cell, and how the cell spells it.
    fn store(raw: &str) -> (Self::Stored<'_>, Spelling);
    /// Text of a stored value; the error is what cannot be understood.
    fn text(stored: Self::Stored<'_>, float_style: bool) -> Result<String, String>;
}

/// Type of a row's field for a column of kind `K`.
pub(super) type Stored<'a, K> = <K as StoredKind>::Stored<'a>;

/// Text that both databases can store: U+0000, which PostgreSQL refuses, becomes U+2400.
pub(crate) fn storable(raw: &str) -> Cow<'_, str> {
    if raw.as_bytes().contains(&0) { Cow::Owned(raw.replace('\0', "\u{2400}")) } else { Cow::Borrowed(raw) }
}

macro_rules! text_kind {
    ($kind:ident) => {
        impl StoredKind for $kind {
            type Stored<'a> = Cow<'a, str>;
            fn store(raw: &str) -> (Cow<'_, str>, Spelling) {
                match storable(raw) {
                    Cow::Borrowed(text) => (Cow::Borrowed(text), Spelling::Canonical),
                    changed => (changed, Spelling::Own),
                }
            }
            fn text(stored: Cow<'_, str>, _: bool) -> Result<String, String> {
                Ok(stored.into_owned())
            }
        }
    };
}
text_kind!(Text);
text_kind!(Json);

/// Spelling of a cell that has no value: only the empty text needs no more than that.
fn valueless(raw: &str) -> Spelling {
    if raw.is_empty() { Spelling::Canonical } else { Spelling::Own }
}

impl StoredKind for Integer {
    type Stored<'a> = Option<i64>;
    fn store(raw: &str) -> (Option<i64>, Spelling) {
        if raw.is_empty() {
            return (None, Spelling::Canonical);
        }
        match Self::parse(raw) {
            Some(value) if shape(raw) == Some(Shape::Whole) || Self::render(&value) == raw => {
                (Some(value), Spelling::Canonical)
            }
            Some(value) => (Some(value), Spelling::Own),
            None => (None, valueless(raw)),
        }
    }
    fn text(stored: Option<i64>, _: bool) -> Result<String, String> {
        Ok(stored.map(|value| Self::render(&value)).unwrap_or_default())
    }
}

impl StoredKind for Number {
    type Stored<'a> = Option<f64>;
    fn store(raw: &str) -> (Option<f64>, Spelling) {
        if raw.is_empty() {
            return (None, Spelling::Canonical);
        }
        if let Some(shape) = shape(raw)
            && let Ok(value) = raw.parse()
        {
            let spelling = if shape == Shape::WholeFloat { Spelling::Float } else { Spelling::Canonical };
            return (Some(value), spelling);
        }
        match Self::parse(raw) {
            // SQLite forgets the sign of zero.
            Some(value) if value == 0.0 && value.is_sign_negative() => (Some(0.0), Spelling::Own),
            Some(value) if Self::render(&value) == raw => (Some(value), Spelling::Canonical),
            Some(value) if python_float_repr(value) == raw => (Some(value), Spelling::Float),
            Some(value) => (Some(value), Spelling::Own),
            None => (None, valueless(raw)),
        }
    }
    fn text(stored: Option<f64>, float_style: bool) -> Result<String, String> {
        match stored {
            None => Ok(String::new()),
            // No cell is ever stored so; a manual edit is possible on PostgreSQL.
            Some(value) if !value.is_finite() => Err(python_float_repr(value)),
            Some(value) if float_style => Ok(python_float_repr(value)),
            Some(value) => Ok(Self::render(&value)),
        }
    }
}

impl StoredKind for Boolean {
    type Stored<'a> = Option<bool>;
    fn store(raw: &str) -> (Option<bool>, Spelling) {
        match Self::parse(raw) {
            Some(value) if raw == python_bool_text(value) => (Some(value), Spelling::Canonical),
            Some(value) => (Some(value), Spelling::Own),
            None => (None, valueless(raw)),
        }
    }
    fn text(stored: Option<bool>, _: bool) -> Result<String, String> {
        Ok(stored.map(|value| Self::render(&value)).unwrap_or_default())
    }
}

macro_rules! time_kind {
    ($kind:ident, $plain_len:literal, $separator:literal) => {
        impl StoredKind for $kind {
            type Stored<'a> = Option<StoredTime>;
            fn store(raw: &str) -> (Option<StoredTime>, Spelling) {
                if raw.is_empty() {
                    return (None, Spelling::Canonical);
                }
                let Some(time) = <Self as Kind>::parse(raw) else { return (None, Spelling::Own) };
                // A text that is read as a time and has this length and separator has no spelling but one.
                let is_plain = raw.len() == $plain_len && raw.as_bytes().get(10) == Some(&$separator);
                let spelling = if is_plain || Self::render(&time) == raw { Spelling::Canonical } else { Spelling::Own };
                (Some(Timestamp::into(time)), spelling)
            }
            fn text(stored: Option<StoredTime>, _: bool) -> Result<String, String> {
                match stored {
                    None => Ok(String::new()),
                    Some(time) => time.known().map(|time| Self::render(&time)),
                }
            }
        }
    };
}
time_kind!(LocalTime, 16, b' ');
time_kind!(IsoTime, 19, b'T');
time_kind!(SecondsTime, 19, b' ');

#[cfg(test)]
mod tests {
    use super::*;

    fn spelling<K: StoredKind>(raw: &str) -> Spelling {
        let (stored, spelling) = K::store(raw);
        let text = K::text(stored, spelling == Spelling::Float);
        if spelling != Spelling::Own {
            assert_eq!(text.as_deref(), Ok(raw), "must come back from the value alone");
        }
        spelling
    }

    #[test]
    fn numbers() {
        for raw in ["", "0", "35", "-7", "5.5", "0.30000000000000004", "1e-05", "1.5e+16", "-0.25", "1e+300"] {
            assert_eq!(spelling::<Number>(raw), Spelling::Canonical, "{raw}");
        }
        for raw in ["35.0", "0.0", "-7.0", "9007199254740992.0", "100000000000000.0"] {
            assert_eq!(spelling::<Number>(raw), Spelling::Float, "{raw}");
        }
        for raw in
            ["-0.0", "-0", "NaN", "inf", "1e400", "abc", " 5", "5.50", "05", "+5", "1_000", ".5", "5.", "NA", "٣"]
        {
            assert_eq!(spelling::<Number>(raw), Spelling::Own, "{raw}");
        }
        assert_eq!(Number::store("-0.0").0.map(f64::to_bits), Some(0));
    }

    #[test]
    fn integers() {
        for raw in ["", "0", "7", "-7", "9223372036854775807", "-9223372036854775808"] {
            assert_eq!(spelling::<Integer>(raw), Spelling::Canonical, "{raw}");
        }
        for raw in ["15.0", "007", "-0", "+1", "9223372036854775808", "v1", "NULL", "1_0", " 1"] {
            assert_eq!(spelling::<Integer>(raw), Spelling::Own, "{raw}");
        }
    }

    #[test]
    fn booleans() {
        for raw in ["", "True", "False"] {
            assert_eq!(spelling::<Boolean>(raw), Spelling::Canonical, "{raw}");
        }
        for raw in ["TRUE", "true", "0", "False ", "NaN"] {
            assert_eq!(spelling::<Boolean>(raw), Spelling::Own, "{raw}");
        }
    }

    #[test]
    fn times() {
        for raw in ["", "2025-12-21 20:31", "2025-12-21 20:31:05.250000", "0000-01-01 00:00"] {
            assert_eq!(spelling::<LocalTime>(raw), Spelling::Canonical, "{raw}");
        }
        for raw in ["2025-12-21T20:31", "2025-12-21 20:31:05", "2025-13-45 99:99", " 2025-12-21 20:31", "12/05/2025"] {
            assert_eq!(spelling::<LocalTime>(raw), Spelling::Own, "{raw}");
        }
        assert_eq!(spelling::<IsoTime>("2025-12-21T20:31:00"), Spelling::Canonical);
        assert_eq!(spelling::<IsoTime>("2025-12-21 20:31:00"), Spelling::Own);
        assert_eq!(spelling::<SecondsTime>("2025-12-21 20:31:00"), Spelling::Canonical);
        assert_eq!(spelling::<SecondsTime>("2025-12-21T20:31:00"), Spelling::Own);
    }

    #[test]
    fn texts_are_kept_but_for_the_zero_character() {
        for raw in ["", "NA", "😀", " x ", "a\r\nb"] {
            assert_eq!(spelling::<Text>(raw), Spelling::Canonical, "{raw}");
        }
        assert_eq!(spelling::<Text>("a\0b"), Spelling::Own);
        assert_eq!(Json::store("a\0b").0, "a\u{2400}b");
    }
}
