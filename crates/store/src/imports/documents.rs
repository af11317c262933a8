//! Source documents and their bytes.

use std::borrow::Cow;

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use landfast_domain::accounts::UserId;
use landfast_domain::imports::{Chunk, Document, DocumentState};
use landfast_domain::record::DocumentId;
use landfast_domain::{Error as DomainError, Result as DomainResult};

use crate::error::Error;
use crate::records::{bounded, storable};
use crate::schema::{counters, source_chunks, source_documents};
use crate::transaction::{Transaction, query};

/// Row of `counters` that remembers the greatest number of a deleted document.
const COUNTER: &str = "source_document";

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = source_documents)]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
struct DocumentRow<'a> {
    id: i64,
    user_id: Cow<'a, str>,
    area: Cow<'a, str>,
    source: Cow<'a, str>,
    path: Cow<'a, str>,
    locator: Cow<'a, str>,
    size_bytes: i64,
    sha256: Cow<'a, str>,
    modified_ns: i64,
    first_position: i64,
    state: Cow<'a, str>,
    records_done: i64,
    chunks_done: i64,
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = source_chunks, primary_key(document, ordinal))]
#[diesel(treat_none_as_default_value = false)]
struct ChunkRow<'a> {
    document: i64,
    ordinal: i64,
    size_bytes: i64,
    compressed: Cow<'a, [u8]>,
}

impl<'a> DocumentRow<'a> {
    fn new(document: &'a Document) -> Self {
        Self {
            id: document.id.0,
            user_id: document.user.as_str().into(),
            area: storable(&document.area),
            source: storable(&document.source),
            path: storable(&document.path),
            locator: locator(&document.area, &document.source, &document.path).into(),
            size_bytes: document.size_bytes,
            sha256: storable(&document.sha256),
            modified_ns: document.modified_ns,
            first_position: document.first_position,
            state: document.state.as_str().into(),
            records_done: document.records_done,
            chunks_done: document.chunks_done,
        }
    }

    fn into_document(self) -> DomainResult<Document> {
        let corrupt = |column: &str, value: &str| DomainError::Corrupt {
            entity: "source document",
            key: self.id.to_string(),
            column: column.to_owned(),
            value: value.to_owned(),
        };
        Ok(Document {
            id: DocumentId(self.id),
            user: UserId::new(self.user_id.as_ref()).map_err(|_| corrupt("user_id", &self.user_id))?,
            state: DocumentState::parse(&self.state).ok_or_else(|| corrupt("state", &self.state))?,
            area: self.area.into_owned(),
            source: self.source.into_owned(),
            path: self.path.into_owned(),
            size_bytes: self.size_bytes,
            sha256: self.sha256.into_owned(),
            modified_ns: self.modified_ns,
            first_position: self.first_position,
            records_done: self.records_done,
            chunks_done: self.chunks_done,
        })
    }
}

/// Area, source and path in one text of bounded length, so that an index can hold it.
fn locator(area: &str, source: &str, path: &str) -> String {
    let whole = [area, source, path].join("\n");
    bounded(&storable(&whole)).into_owned()
}

pub(super) fn next_id(transaction: &mut Transaction<'_>) -> DomainResult<DocumentId> {
    let greatest: Option<i64> = query!(transaction, |conn| source_documents::table
        .select(diesel::dsl::max(source_documents::id))
        .get_result(conn))?;
    let deleted: Option<i64> =
        query!(transaction, |conn| counters::table.find(COUNTER).select(counters::value).get_result(conn).optional())?;
    let last = greatest.max(deleted).unwrap_or(0);
    last.checked_add(1).map(DocumentId).ok_or_else(|| DomainError::backend("document numbers are used up"))
}

pub(super) fn save(transaction: &mut Transaction<'_>, document: &Document) -> DomainResult<()> {
    transaction.require_write()?;
    let row = DocumentRow::new(document);
    let saved = query!(transaction, |conn| diesel::insert_into(source_documents::table)
        .values(&row)
        .on_conflict(source_documents::id)
        .do_update()
        .set(&row)
        .execute(conn));
    match saved {
        Ok(_) => Ok(()),
        Err(Error::Database(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _))) => {
            Err(DomainError::Conflict { entity: "source document", key: document.path.clone() })
        }
        Err(Error::Database(DieselError::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _))) => {
            Err(DomainError::NotFound { entity: "user", key: document.user.to_string() })
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) fn find(
    transaction: &mut Transaction<'_>,
    user: &UserId,
    area: &str,
    source: &str,
    path: &str,
) -> DomainResult<Option<Document>> {
    let row = query!(transaction, |conn| source_documents::table
        .filter(source_documents::user_id.eq(user.as_str()))
        .filter(source_documents::locator.eq(locator(area, source, path)))
        .select(DocumentRow::as_select())
        .get_result(conn)
        .optional())?;
    row.map(DocumentRow::into_document).transpose()
}

pub(super) fn list(transaction: &mut Transaction<'_>, user: &UserId) -> DomainResult<Vec<Document>> {
    let rows = query!(transaction, |conn| source_documents::table
        .filter(source_documents::user_id.eq(user.as_str()))
        .order((source_documents::area.asc(), source_documents::source.asc(), source_documents::path.asc()))
        .select(DocumentRow::as_select())
        .load(conn))?;
    rows.into_iter().map(DocumentRow::into_document).collect()
}

pub(super) fn delete(transaction: &mut Transaction<'_>, id: DocumentId) -> DomainResult<bool> {
    transaction.require_write()?;
    let deleted = query!(transaction, |conn| diesel::delete(source_documents::table.find(id.0)).execute(conn))?;
    if deleted > 0 {
        // Rows made from it still name it, so its number must not come back.
        query!(transaction, |conn| diesel::update(counters::table.find(COUNTER))
            .filter(counters::value.lt(id.0))
            .set(counters::value.eq(id.0))
            .execute(conn))?;
    }
    Ok(deleted > 0)
}

pub(super) fn save_chunk(transaction: &mut Transaction<'_>, chunk: &Chunk) -> DomainResult<()> {
    transaction.require_write()?;
    let row = ChunkRow {
        document: chunk.document.0,
        ordinal: chunk.ordinal,
        size_bytes: chunk.size_bytes,
        compressed: Cow::Borrowed(&chunk.compressed),
    };
    query!(transaction, |conn| diesel::insert_into(source_chunks::table)
        .values(&row)
        .on_conflict((source_chunks::document, source_chunks::ordinal))
        .do_update()
        .set(&row)
        .execute(conn))
    .map_err(|error| unknown_document(error, chunk.document))?;
    Ok(())
}

pub(super) fn get_chunk(
    transaction: &mut Transaction<'_>,
    document: DocumentId,
    ordinal: i64,
) -> DomainResult<Option<Chunk>> {
    let row = query!(transaction, |conn| source_chunks::table
        .find((document.0, ordinal))
        .select(ChunkRow::as_select())
        .get_result(conn)
        .optional())?;
    Ok(row.map(|row| Chunk {
        document: DocumentId(row.document),
        ordinal: row.ordinal,
        size_bytes: row.size_bytes,
        compressed: row.compressed.into_owned(),
    }))
}

/// What belongs to a document cannot be saved before the document.
pub(super) fn unknown_document(error: Error, document: DocumentId) -> DomainError {
    match error {
        Error::Database(DieselError::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _)) => {
            DomainError::NotFound { entity: "source document", key: document.0.to_string() }
        }
        error => error.into(),
    }
}
