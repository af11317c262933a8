//! A text cell with a typed reading.

use super::kind::Kind;
use crate::text::{legacy_text, python_strip};
use std::{fmt, marker::PhantomData};

/// The text of one cell, and what it means to a column of kind `K`.
///
/// The text is the truth; the value is read from it. Two fields are equal when their texts are.
///
/// ```
/// use landfast_domain::record::{Field, Number};
/// let duration: Field<Number> = Field::from_raw("35");
/// assert_eq!(duration.value(), Some(35.0));
/// let odd: Field<Number> = Field::from_raw("about an hour");
/// assert_eq!((odd.value(), odd.raw()), (None, "about an hour"));
/// ```
pub struct Field<K> {
    raw: String,
    kind: PhantomData<fn() -> K>,
}

impl<K: Kind> Field<K> {
    /// A field holding exactly this cell text.
    pub fn from_raw(raw: impl Into<String>) -> Self {
        Self { raw: raw.into(), kind: PhantomData }
    }

    /// A field holding the canonical text of a value.
    #[must_use]
    pub fn from_value(value: &K::Value) -> Self {
        Self::from_raw(K::render(value))
    }

    /// The cell text, exactly as it stands in the file.
    #[must_use]
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// The cell text as the legacy program read it: a missing-value word (`NaN`, `null`, …) is empty.
    #[must_use]
    pub fn legacy(&self) -> &str {
        legacy_text(&self.raw)
    }

    /// What the cell means; `None` when it is empty, a missing-value word, or not understood.
    #[must_use]
    pub fn value(&self) -> Option<K::Value> {
        K::parse(&self.raw)
    }

    /// Whether the legacy program would see nothing but white space here.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        python_strip(self.legacy()).is_empty()
    }

    /// Replaces the cell text.
    pub fn set_raw(&mut self, raw: impl Into<String>) {
        self.raw = raw.into();
    }

    /// Replaces the cell text by the canonical text of a value; `None` empties the cell.
    pub fn set(&mut self, value: Option<&K::Value>) {
        self.raw = value.map(K::render).unwrap_or_default();
    }

    /// Empties the cell.
    pub fn clear(&mut self) {
        self.raw.clear();
    }

    /// Takes the text out.
    #[must_use]
    pub fn into_raw(self) -> String {
        self.raw
    }
}

impl<K> Clone for Field<K> {
    fn clone(&self) -> Self {
        Self { raw: self.raw.clone(), kind: PhantomData }
    }
}

impl<K> Default for Field<K> {
    fn default() -> Self {
        Self { raw: String::new(), kind: PhantomData }
    }
}

impl<K> PartialEq for Field<K> {
    fn eq(&self, other: &Self) -> bool {
        self.raw == other.raw
    }
}

impl<K> Eq for Field<K> {}

impl<K> fmt::Debug for Field<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.raw, f)
    }
}
