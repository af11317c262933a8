//! What is odd about a source document, by stable codes.

use crate::json::Json;
use std::fmt;

/// One oddity of a document. It was loaded nevertheless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Stable code, from the list of the area.
    pub code: &'static str,
    /// Member or file concerned, empty when it is the whole document.
    pub field: String,
    /// What was found, in words.
    pub message: String,
}

impl Finding {
    /// A finding about a member or file.
    pub fn new(code: &'static str, field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code, field: field.into(), message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.field.is_empty() {
            write!(f, "{}: {}", self.code, self.message)
        } else {
            write!(f, "{}:{}: {}", self.code, self.field, self.message)
        }
    }
}

/// Declares the codes of an area: one constant a code, and the list of all with their meanings.
macro_rules! codes {
    ($( $name:ident = $code:literal, $meaning:literal; )*) => {
        $(
            #[doc = concat!("`", $code, "`: ", $meaning, ".")]
            pub const $name: &str = $code;
        )*

        /// Every code with its meaning. A code never changes its meaning; new ones may be added.
        pub const CODES: &[(&str, &str)] = &[ $( ($code, $meaning) ),* ];

        #[cfg(test)]
        mod tests {
            #[test]
            fn codes_differ_and_fit_into_a_table() {
                let mut codes: Vec<_> = super::CODES.iter().map(|(code, _)| code).collect();
                codes.sort();
                codes.dedup();
                assert_eq!(codes.len(), super::CODES.len());
                for (code, meaning) in super::CODES {
                    assert!(code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b.is_ascii_digit()), "{code}");
                    assert!(!meaning.contains(['|', '\n']) && !meaning.ends_with('.'), "{meaning}");
                }
            }
        }
    };
}
pub(crate) use codes;

/// What a value holds anywhere inside that a database may not take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Oddities {
    /// `NaN`, `Infinity` or `-Infinity`, or a number too large for a double.
    pub(crate) not_finite: bool,
    /// U+0000 in a text or key.
    pub(crate) nul: bool,
}

impl Oddities {
    pub(crate) fn of(value: &Json) -> Self {
        let mut found = Self::default();
        let mut left = vec![value];
        while let Some(value) = left.pop() {
            match value {
                Json::Number(number) => found.not_finite |= !number.is_integer() && !number.to_f64().is_finite(),
                Json::String(text) => found.nul |= text.contains('\0'),
                Json::Array(elements) => left.extend(elements),
                Json::Object(object) => {
                    for (key, member) in object.iter() {
                        found.nul |= key.contains('\0');
                        left.push(member);
                    }
                }
                Json::Null | Json::Bool(_) => {}
            }
        }
        found
    }
}

/// Text for a column: U+0000, which PostgreSQL cannot store, becomes U+2400.
#[must_use]
pub fn storable(text: &str) -> String {
    text.replace('\0', "\u{2400}")
}

/// Begin of a text, in quotes, for a message.
#[must_use]
pub fn shown(text: &str) -> String {
    const MOST: usize = 60;
    let mut begin: String = text.chars().take(MOST).collect();
    if begin.len() < text.len() {
        begin.push('…');
    }
    format!("{begin:?}")
}
