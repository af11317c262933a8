//! From a record's cells to a row's columns and back, without losing a character.

use std::borrow::Cow;

use landfast_domain::record::{Column, ColumnKind, Field, Record, RecordKey};
use landfast_domain::{Error as DomainError, Result as DomainResult};
use serde_json::{Map, Value};

use super::keys;
use super::kinds::{Spelling, Stored, StoredKind};

/// Name under which `legacy_cells` holds a key that is too long for its column.
const KEY_CELL: &str = "row_key";

/// Turns the cells of one record into columns, in the order of [`Record::COLUMNS`].
pub(super) struct Encoder<'a> {
    columns: std::slice::Iter<'static, Column>,
    numbers: Styles,
    own: Option<Map<String, Value>>,
    extra: &'a [(String, String)],
}

impl<'a> Encoder<'a> {
    pub(super) fn new<R: Record>(record: &'a R) -> Self {
        Self { columns: R::COLUMNS.iter(), numbers: Styles::default(), own: None, extra: record.extra() }
    }

    /// Text of the key column.
    pub(super) fn key(&mut self, key: &'a RecordKey) -> Cow<'a, str> {
        let stored = keys::bounded(key.as_str());
        if stored != key.as_str() {
            self.keep(KEY_CELL, key.as_str());
        }
        stored
    }

    /// Value of the next column.
    pub(super) fn cell<K: StoredKind>(&mut self, field: &'a Field<K>) -> Stored<'a, K> {
        let column = self.columns.next();
        debug_assert_eq!(column.map(|column| column.kind), Some(K::KIND), "{column:?}");
        let (stored, spelling) = K::store(field.raw());
        if K::KIND == ColumnKind::Number {
            self.numbers.push(spelling == Spelling::Float);
        }
        if spelling == Spelling::Own
            && let Some(column) = column
        {
            self.keep(column.name, field.raw());
        }
        stored
    }

    fn keep(&mut self, name: &str, raw: &str) {
        self.own.get_or_insert_default().insert(name.to_owned(), Value::String(raw.to_owned()));
    }

    /// Bit i is set when the i-th number is spelled as a float.
    pub(super) fn number_styles(&self) -> i64 {
        self.numbers.bits
    }

    /// Texts that do not follow from the values, as a JSON object.
    pub(super) fn legacy_cells(&mut self) -> Option<String> {
        self.own.take().map(|own| Value::Object(own).to_string())
    }

    /// Cells of unknown columns, as a JSON list of pairs.
    pub(super) fn extra(&self) -> Option<String> {
        let pair = |(name, raw): &(String, String)| Value::from(vec![name.as_str(), raw.as_str()]);
        (!self.extra.is_empty()).then(|| Value::Array(self.extra.iter().map(pair).collect()).to_string())
    }
}

/// The numbers' styles, written or read one after the other.
#[derive(Debug, Default)]
struct Styles {
    bits: i64,
    next: u32,
}

impl Styles {
    fn push(&mut self, is_float: bool) {
        if is_float {
            self.bits |= self.bit();
        }
        self.next += 1;
    }

    fn pop(&mut self) -> bool {
        let is_float = self.bits & self.bit() != 0;
        self.next += 1;
        is_float
    }

    /// The sign bit is not used, so that the column stays positive; no record has that many numbers.
    fn bit(&self) -> i64 {
        debug_assert!(self.next < 63, "too many number columns");
        1_i64.checked_shl(self.next).unwrap_or(0)
    }
}

/// Turns columns into the cells of one record, in the order of [`Record::COLUMNS`].
pub(super) struct Decoder {
    entity: &'static str,
    key: String,
    columns: std::slice::Iter<'static, Column>,
    numbers: Styles,
    own: Map<String, Value>,
}

impl Decoder {
    /// # Errors
    /// [`DomainError::Corrupt`] when `legacy_cells` is no JSON object.
    pub(super) fn new<R: Record>(key: String, number_styles: i64, legacy_cells: Option<String>) -> DomainResult<Self> {
        let mut decoder = Self {
            entity: R::ENTITY,
            key,
            columns: R::COLUMNS.iter(),
            numbers: Styles { bits: number_styles, next: 0 },
            own: Map::new(),
        };
        if let Some(text) = legacy_cells {
            decoder.own = serde_json::from_str(&text).map_err(|_| decoder.corrupt("legacy_cells", text.clone()))?;
        }
        Ok(decoder)
    }

    /// The record's key.
    pub(super) fn key(&mut self) -> DomainResult<RecordKey> {
        Ok(match self.own(KEY_CELL)? {
            Some(key) => RecordKey::new(key),
            None => RecordKey::new(self.key.clone()),
        })
    }

    /// Cell of the next column.
    pub(super) fn cell<K: StoredKind>(&mut self, stored: Stored<'_, K>) -> DomainResult<Field<K>> {
        let name = self.columns.next().map_or("", |column| column.name);
        let is_float = K::KIND == ColumnKind::Number && self.numbers.pop();
        if let Some(raw) = self.own(name)? {
            return Ok(Field::from_raw(raw));
        }
        K::text(stored, is_float).map(Field::from_raw).map_err(|value| self.corrupt(name, value))
    }

    /// Cells of unknown columns. The last step, since it also finds texts that belong to no column.
    pub(super) fn extra(self, text: Option<String>) -> DomainResult<Vec<(String, String)>> {
        if let Some((name, value)) = self.own.iter().next() {
            return Err(self.corrupt("legacy_cells", format!("{name}: {value}")));
        }
        match text {
            None => Ok(Vec::new()),
            Some(text) => serde_json::from_str(&text).map_err(|_| self.corrupt("extra", text)),
        }
    }

    fn own(&mut self, name: &str) -> DomainResult<Option<String>> {
        if self.own.is_empty() {
            return Ok(None);
        }
        match self.own.shift_remove(name) {
            None => Ok(None),
            Some(Value::String(raw)) => Ok(Some(raw)),
            Some(other) => Err(self.corrupt("legacy_cells", other.to_string())),
        }
    }

    fn corrupt(&self, column: &str, value: String) -> DomainError {
        DomainError::Corrupt { entity: self.entity, key: self.key.clone(), column: column.to_owned(), value }
    }
}
