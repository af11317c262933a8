//! Times in the database.

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
#[cfg(feature = "postgres")]
use diesel::pg::{Pg, PgValue, data_types::PgTimestamp};
#[cfg(feature = "sqlite")]
use diesel::serialize::IsNull;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types;
#[cfg(feature = "sqlite")]
use diesel::sqlite::{Sqlite, SqliteValue};
use landfast_domain::time::Timestamp;

/// A time as a column holds it.
///
/// On SQLite it is the text `YYYY-MM-DD HH:MM:SS[.ffffff]`, which Diesel's own time types read as well;
/// chrono's general formatting would be the largest single cost of an insert there.
#[derive(Debug, Clone, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = sql_types::Timestamp)]
pub(crate) enum StoredTime {
    /// A time this program can have written.
    Known(Timestamp),
    /// Something else, for instance after a manual edit.
    Unreadable(String),
}

impl StoredTime {
    /// The time, or the text that is none.
    pub(crate) fn known(self) -> Result<Timestamp, String> {
        match self {
            Self::Known(time) => Ok(time),
            Self::Unreadable(text) => Err(text),
        }
    }

    fn to_write(&self) -> Result<Timestamp, String> {
        match self {
            Self::Known(time) => Ok(*time),
            Self::Unreadable(text) => Err(format!("{text:?} is no time that can be written")),
        }
    }
}

impl From<Timestamp> for StoredTime {
    fn from(time: Timestamp) -> Self {
        Self::Known(time)
    }
}

#[cfg(feature = "sqlite")]
impl ToSql<sql_types::Timestamp, Sqlite> for StoredTime {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(sqlite_text(self.to_write()?));
        Ok(IsNull::No)
    }
}

#[cfg(feature = "sqlite")]
impl FromSql<sql_types::Timestamp, Sqlite> for StoredTime {
    fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        let text = value.read_text();
        Ok(Timestamp::parse(text).map_or_else(|| Self::Unreadable(text.to_owned()), Self::Known))
    }
}

/// Seconds always, microseconds when there are any. Years have four digits, as the domain promises.
#[cfg(feature = "sqlite")]
fn sqlite_text(time: Timestamp) -> String {
    use chrono::{Datelike, Timelike};
    let time = time.naive();
    let mut text = String::with_capacity(26);
    let mut push = |separator: &str, value: u32, digits: u32| {
        text.push_str(separator);
        for place in (0..digits).rev() {
            let digit = value / 10_u32.pow(place) % 10;
            text.push(char::from_digit(digit, 10).unwrap_or('0'));
        }
    };
    push("", u32::try_from(time.year()).unwrap_or(0), 4);
    push("-", time.month(), 2);
    push("-", time.day(), 2);
    push(" ", time.hour(), 2);
    push(":", time.minute(), 2);
    push(":", time.second(), 2);
    let micros = time.nanosecond() / 1_000;
    if micros > 0 {
        push(".", micros, 6);
    }
    text
}

/// Seconds from 1970, the start of chrono's count, to 2000, the start of PostgreSQL's.
#[cfg(feature = "postgres")]
const SECONDS_TO_2000: i64 = 946_684_800;

#[cfg(feature = "postgres")]
impl ToSql<sql_types::Timestamp, Pg> for StoredTime {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let micros = self.to_write()?.naive().and_utc().timestamp_micros() - SECONDS_TO_2000 * 1_000_000;
        ToSql::<sql_types::Timestamp, Pg>::to_sql(&PgTimestamp(micros), &mut out.reborrow())
    }
}

#[cfg(feature = "postgres")]
impl FromSql<sql_types::Timestamp, Pg> for StoredTime {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        use chrono::Datelike;
        let PgTimestamp(micros) = FromSql::<sql_types::Timestamp, Pg>::from_sql(value)?;
        let known = micros
            .checked_add(SECONDS_TO_2000 * 1_000_000)
            .and_then(chrono::DateTime::from_timestamp_micros)
            .map(|time| time.naive_utc())
            .filter(|time| (0..=9999).contains(&time.year()));
        Ok(known.map_or_else(
            || Self::Unreadable(format!("{micros} microseconds since 2000")),
            |time| Self::Known(Timestamp::new(time)),
        ))
    }
}

#[cfg(test)]
#[cfg(feature = "sqlite")]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_read_back_and_sorts_like_the_time() {
        let texts =
            ["0000-01-01 00:00:00", "2025-12-31 23:59:59", "2025-12-31 23:59:59.000001", "9999-12-31 23:59:59.999999"];
        for text in texts {
            let time = Timestamp::parse(text).unwrap();
            assert_eq!(sqlite_text(time), text);
            // Diesel's own reader.
            assert!(chrono::NaiveDateTime::parse_from_str(text, "%F %T%.f").is_ok());
        }
        assert!(texts.is_sorted());
    }
}
