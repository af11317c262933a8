//! Values that a column cannot hold as they are.
//!
//! PostgreSQL refuses U+0000 in a text and long entries of an index, SQLite knows neither NaN nor a negative
//! zero, and neither database has years outside 0 to 9999. For such a value a column holds what comes nearest
//! to it, and the row's `exact_texts`, a JSON object from column to text, says what it was. An entry counts
//! only while its column still holds what is made from it, so that a statement may set a column and leave
//! `exact_texts` alone.

use std::borrow::Cow;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime};
use landfast_domain::instant::epoch_micros;
use landfast_domain::time::Timestamp;
use landfast_domain::{Error as DomainError, Result as DomainResult};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::records::{bounded, hex, storable};
use crate::time::StoredTime;

/// Makes columns of values, and notes those that do not fit.
#[derive(Debug, Default)]
pub(crate) struct ExactWriter {
    own: Option<Map<String, Value>>,
}

impl ExactWriter {
    /// A text of any length.
    pub(crate) fn text<'a>(&mut self, column: &str, text: &'a str) -> Cow<'a, str> {
        self.noted(column, text, storable(text))
    }

    /// A text that may be absent.
    pub(crate) fn optional<'a>(&mut self, column: &str, text: Option<&'a str>) -> Option<Cow<'a, str>> {
        text.map(|text| self.text(column, text))
    }

    /// A text that is part of an index; see [`index_text`].
    pub(crate) fn index<'a>(&mut self, column: &str, text: &'a str) -> Cow<'a, str> {
        self.noted(column, text, index_text(text))
    }

    /// A text that may be absent and is part of an index.
    pub(crate) fn optional_index<'a>(&mut self, column: &str, text: Option<&'a str>) -> Option<Cow<'a, str>> {
        text.map(|text| self.index(column, text))
    }

    /// A number; `NaN` is NULL.
    pub(crate) fn number(&mut self, column: &str, number: Option<f64>) -> Option<f64> {
        let stored = number.and_then(stored_number);
        if number.map(f64::to_bits) != stored.map(f64::to_bits) {
            self.note(column, &format!("{:?}", number.unwrap_or(f64::NAN)));
        }
        stored
    }

    /// A time; see [`column_time`].
    pub(crate) fn time(&mut self, column: &str, time: Timestamp) -> StoredTime {
        let stored = within_calendar(time);
        if stored != time {
            self.note(column, &epoch_micros(time).to_string());
        }
        stored.into()
    }

    /// The column `exact_texts`. The last step.
    pub(crate) fn finish(&mut self) -> Option<String> {
        self.own.take().map(|own| Value::Object(own).to_string())
    }

    fn noted<'a>(&mut self, column: &str, text: &str, stored: Cow<'a, str>) -> Cow<'a, str> {
        if stored != text {
            self.note(column, text);
        }
        stored
    }

    fn note(&mut self, column: &str, text: &str) {
        self.own.get_or_insert_default().insert(column.to_owned(), Value::String(text.to_owned()));
    }
}

/// Makes values of columns.
#[derive(Debug)]
pub(crate) struct ExactReader {
    entity: &'static str,
    key: String,
    own: Map<String, Value>,
}

impl ExactReader {
    /// For the row of a kind of record with this key.
    ///
    /// # Errors
    /// [`DomainError::Corrupt`] when `exact_texts` is no JSON object.
    pub(crate) fn new(entity: &'static str, key: &str, exact_texts: Option<&str>) -> DomainResult<Self> {
        let mut reader = Self { entity, key: key.to_owned(), own: Map::new() };
        if let Some(text) = exact_texts {
            reader.own = serde_json::from_str(text).map_err(|_| reader.corrupt("exact_texts", text))?;
        }
        Ok(reader)
    }

    /// Value of [`ExactWriter::text`].
    pub(crate) fn text(&self, column: &str, stored: Cow<'_, str>) -> String {
        self.exact(column, stored, storable)
    }

    /// Value of [`ExactWriter::optional`].
    pub(crate) fn optional(&self, column: &str, stored: Option<Cow<'_, str>>) -> Option<String> {
        stored.map(|stored| self.text(column, stored))
    }

    /// Value of [`ExactWriter::index`].
    pub(crate) fn index(&self, column: &str, stored: Cow<'_, str>) -> String {
        self.exact(column, stored, index_text)
    }

    /// Value of [`ExactWriter::optional_index`].
    pub(crate) fn optional_index(&self, column: &str, stored: Option<Cow<'_, str>>) -> Option<String> {
        stored.map(|stored| self.index(column, stored))
    }

    /// Value of [`ExactWriter::number`].
    pub(crate) fn number(&self, column: &str, stored: Option<f64>) -> Option<f64> {
        let own = self.own(column).and_then(|own| own.parse::<f64>().ok());
        match own {
            Some(own) if stored_number(own).map(f64::to_bits) == stored.map(f64::to_bits) => Some(own),
            _ => stored,
        }
    }

    /// Value of [`ExactWriter::time`].
    ///
    /// # Errors
    /// [`DomainError::Corrupt`] when the column holds no time.
    pub(crate) fn time(&self, column: &str, stored: StoredTime) -> DomainResult<Timestamp> {
        let stored = stored.known().map_err(|text| self.corrupt(column, &text))?;
        let own = self.own(column).and_then(|own| DateTime::from_timestamp_micros(own.parse().ok()?));
        let own = own.map(|own| Timestamp::new(own.naive_utc())).filter(|own| within_calendar(*own) == stored);
        Ok(own.unwrap_or(stored))
    }

    /// The error of a column with a value that makes no sense.
    pub(crate) fn corrupt(&self, column: &str, value: &str) -> DomainError {
        let (column, value) = (column.to_owned(), value.to_owned());
        DomainError::Corrupt { entity: self.entity, key: self.key.clone(), column, value }
    }

    fn own(&self, column: &str) -> Option<&str> {
        self.own.get(column).and_then(Value::as_str)
    }

    fn exact(&self, column: &str, stored: Cow<'_, str>, store: impl Fn(&str) -> Cow<'_, str>) -> String {
        match self.own(column) {
            Some(own) if store(own) == stored => own.to_owned(),
            _ => stored.into_owned(),
        }
    }
}

/// Text of at most 1000 bytes without U+0000, another one for every other text: the text itself, or its
/// beginning and its SHA-256.
pub(crate) fn index_text(text: &str) -> Cow<'_, str> {
    match storable(text) {
        Cow::Borrowed(text) => bounded(text),
        Cow::Owned(shown) => {
            let beginning = shown.get(..shown.floor_char_boundary(500)).unwrap_or_default();
            Cow::Owned(format!("{beginning}…{}", hex(&Sha256::digest(text.as_bytes()))))
        }
    }
}

/// A time as columns hold it and as they are compared with: at the end of the calendar when it is beyond.
pub(crate) fn column_time(time: Timestamp) -> StoredTime {
    within_calendar(time).into()
}

fn within_calendar(time: Timestamp) -> Timestamp {
    let edge = |year, month, day, clock| NaiveDate::from_ymd_opt(year, month, day).map(|day| day.and_time(clock));
    let last = NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999).unwrap_or(NaiveTime::MIN);
    let edge: Option<NaiveDateTime> = match time.naive().year() {
        ..0 => edge(0, 1, 1, NaiveTime::MIN),
        0..=9999 => None,
        10_000.. => edge(9999, 12, 31, last),
    };
    edge.map_or(time, Timestamp::new)
}

/// A number as both databases keep it.
fn stored_number(number: f64) -> Option<f64> {
    (!number.is_nan()).then_some(if number == 0.0 { 0.0 } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;
    use landfast_domain::instant::ReadTime;

    fn reader(writer: &mut ExactWriter) -> ExactReader {
        ExactReader::new("thing", "k", writer.finish().as_deref()).unwrap()
    }

    #[test]
    fn texts_and_keys_come_back() {
        for text in ["", "plain", "a\0b", "a\u{2400}b", &"é".repeat(900), &format!("{}\0", "x".repeat(2000))] {
            let mut writer = ExactWriter::default();
            let (stored, index) = (writer.text("t", text), writer.index("i", text));
            assert!(!stored.contains('\0') && !index.contains('\0') && index.len() <= 1000, "{text}");
            let reader = reader(&mut writer);
            assert_eq!((reader.text("t", stored).as_str(), reader.index("i", index).as_str()), (text, text));
        }
        assert_ne!(index_text("a\0b"), index_text("a\u{2400}b"));
        assert_eq!(ExactWriter::default().finish(), None);
    }

    #[test]
    fn numbers_come_back_bit_by_bit() {
        for number in [0.0, -0.0, 1.5, f64::INFINITY, f64::NEG_INFINITY, f64::MIN_POSITIVE, f64::NAN] {
            let mut writer = ExactWriter::default();
            let stored = writer.number("n", Some(number));
            assert!(stored.is_none_or(|stored| !stored.is_nan() && stored.to_bits() != (-0.0_f64).to_bits()));
            let read = reader(&mut writer).number("n", stored).unwrap();
            assert!(read.to_bits() == number.to_bits() || read.is_nan() && number.is_nan(), "{number}");
        }
        let mut writer = ExactWriter::default();
        assert_eq!(writer.number("n", None), None);
        assert_eq!(reader(&mut writer).number("n", None), None);
    }

    #[test]
    fn times_beyond_the_calendar_come_back() {
        for text in ["9999-12-31T23:59:59-05:00", "0000-01-01T00:00+05:00", "2025-01-01T00:00:00.000001"] {
            let time = ReadTime::parse(text).unwrap().utc(0);
            let mut writer = ExactWriter::default();
            let stored = writer.time("t", time);
            assert!((0..=9999).contains(&stored.clone().known().unwrap().naive().year()));
            assert_eq!(reader(&mut writer).time("t", stored).unwrap(), time);
        }
    }

    #[test]
    fn what_a_statement_set_counts() {
        let mut writer = ExactWriter::default();
        writer.text("t", "a\0");
        writer.number("n", Some(f64::NAN));
        writer.time("w", ReadTime::parse("9999-12-31T23:59:59-05:00").unwrap().utc(0));
        let reader = reader(&mut writer);
        assert_eq!(reader.text("t", "b".into()), "b");
        assert_eq!(reader.number("n", Some(5.0)), Some(5.0));
        let now = Timestamp::parse("2025-01-01 00:00").unwrap();
        assert_eq!(reader.time("w", now.into()).unwrap(), now);
    }

    #[test]
    fn nonsense_is_corrupt() {
        assert!(matches!(ExactReader::new("thing", "k", Some("[]")), Err(DomainError::Corrupt { .. })));
        let reader = ExactReader::new("thing", "k", None).unwrap();
        let error = reader.time("t", StoredTime::Unreadable("soon".to_owned())).unwrap_err();
        assert!(matches!(error, DomainError::Corrupt { column, .. } if column == "t"));
    }
}
