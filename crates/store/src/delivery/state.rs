//! The application's state.

use std::borrow::Cow;

use diesel::prelude::*;
use landfast_domain::Result as DomainResult;

use crate::exact::{ExactReader, ExactWriter, index_text};
use crate::schema::app_state;
use crate::transaction::{Transaction, query};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = app_state)]
#[diesel(treat_none_as_default_value = false)]
struct StateRow<'a> {
    key: Cow<'a, str>,
    value: Cow<'a, str>,
    exact_texts: Option<String>,
}

impl<'a> StateRow<'a> {
    fn new(key: &'a str, value: &'a str) -> Self {
        let mut exact = ExactWriter::default();
        Self { key: exact.index("key", key), value: exact.text("value", value), exact_texts: exact.finish() }
    }

    fn into_pair(self) -> DomainResult<(String, String)> {
        let exact = ExactReader::new("app state", &self.key, self.exact_texts.as_deref())?;
        Ok((exact.index("key", self.key), exact.text("value", self.value)))
    }
}

pub(super) fn get(transaction: &mut Transaction<'_>, key: &str) -> DomainResult<Option<String>> {
    let row = query!(transaction, |conn| app_state::table
        .find(index_text(key))
        .select(StateRow::as_select())
        .get_result(conn)
        .optional())?;
    row.map(|row| row.into_pair().map(|(_, value)| value)).transpose()
}

pub(super) fn set(transaction: &mut Transaction<'_>, key: &str, value: &str) -> DomainResult<()> {
    delete(transaction, key)?;
    let row = StateRow::new(key, value);
    query!(transaction, |conn| diesel::insert_into(app_state::table).values(&row).execute(conn))?;
    Ok(())
}

pub(super) fn delete(transaction: &mut Transaction<'_>, key: &str) -> DomainResult<bool> {
    transaction.require_write()?;
    let deleted = query!(transaction, |conn| diesel::delete(app_state::table.find(index_text(key))).execute(conn))?;
    Ok(deleted > 0)
}

pub(super) fn list(transaction: &mut Transaction<'_>) -> DomainResult<Vec<(String, String)>> {
    let rows = query!(transaction, |conn| app_state::table.select(StateRow::as_select()).load(conn))?;
    let mut pairs = rows.into_iter().map(StateRow::into_pair).collect::<DomainResult<Vec<_>>>()?;
    // By the keys themselves: a column may hold a shortened one.
    pairs.sort();
    Ok(pairs)
}
