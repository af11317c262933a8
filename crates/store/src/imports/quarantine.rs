//! Records that became no row.

use std::borrow::Cow;

use diesel::prelude::*;
use landfast_domain::imports::{Outcome, QuarantineEntry};
use landfast_domain::record::DocumentId;
use landfast_domain::{Error as DomainError, Result as DomainResult};

use super::documents::unknown_document;
use crate::records::storable;
use crate::schema::quarantine;
use crate::transaction::{Transaction, query};

/// Texts taken from the source are stored without U+0000; the record's bytes are stored exactly.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = quarantine)]
#[diesel(treat_none_as_default_value = false)]
struct EntryRow<'a> {
    document: i64,
    ordinal: i64,
    outcome: Cow<'a, str>,
    line: i64,
    byte_offset: i64,
    column_name: Cow<'a, str>,
    code: Cow<'a, str>,
    message: Cow<'a, str>,
    raw: Cow<'a, [u8]>,
}

impl<'a> EntryRow<'a> {
    fn new(entry: &'a QuarantineEntry) -> Self {
        Self {
            document: entry.document.0,
            ordinal: entry.ordinal,
            outcome: entry.outcome.as_str().into(),
            line: entry.line,
            byte_offset: entry.offset,
            column_name: storable(&entry.column),
            code: storable(&entry.code),
            message: storable(&entry.message),
            raw: Cow::Borrowed(&entry.raw),
        }
    }

    fn into_entry(self) -> DomainResult<QuarantineEntry> {
        let outcome = Outcome::parse(&self.outcome).ok_or_else(|| DomainError::Corrupt {
            entity: "quarantine entry",
            key: format!("{}/{}", self.document, self.ordinal),
            column: "outcome".to_owned(),
            value: self.outcome.clone().into_owned(),
        })?;
        Ok(QuarantineEntry {
            document: DocumentId(self.document),
            ordinal: self.ordinal,
            outcome,
            line: self.line,
            offset: self.byte_offset,
            column: self.column_name.into_owned(),
            code: self.code.into_owned(),
            message: self.message.into_owned(),
            raw: self.raw.into_owned(),
        })
    }
}

pub(super) fn save(transaction: &mut Transaction<'_>, entries: &[QuarantineEntry]) -> DomainResult<()> {
    transaction.require_write()?;
    for entry in entries {
        // An upsert is prepared anew each time, an insert and a delete only once; replacing is rare.
        if !insert(transaction, entry)? {
            delete(transaction, entry.document, entry.ordinal)?;
            insert(transaction, entry)?;
        }
    }
    Ok(())
}

fn insert(transaction: &mut Transaction<'_>, entry: &QuarantineEntry) -> DomainResult<bool> {
    let row = EntryRow::new(entry);
    let added = query!(transaction, |conn| diesel::insert_into(quarantine::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(conn))
    .map_err(|error| unknown_document(error, entry.document))?;
    Ok(added > 0)
}

pub(super) fn list(
    transaction: &mut Transaction<'_>,
    document: DocumentId,
    after: Option<i64>,
    limit: usize,
) -> DomainResult<Vec<QuarantineEntry>> {
    let rows = query!(transaction, |conn| quarantine::table
        .filter(quarantine::document.eq(document.0))
        .filter(quarantine::ordinal.gt(after.unwrap_or(i64::MIN)))
        .order(quarantine::ordinal.asc())
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .select(EntryRow::as_select())
        .load(conn))?;
    rows.into_iter().map(EntryRow::into_entry).collect()
}

pub(super) fn delete(transaction: &mut Transaction<'_>, document: DocumentId, ordinal: i64) -> DomainResult<bool> {
    transaction.require_write()?;
    let deleted =
        query!(transaction, |conn| diesel::delete(quarantine::table.find((document.0, ordinal))).execute(conn))?;
    Ok(deleted > 0)
}
