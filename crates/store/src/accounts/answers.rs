//! Answers of calls that may be repeated.

use diesel::prelude::*;
use landfast_domain::accounts::{SavedAnswer, UserId};
use landfast_domain::time::Timestamp;
use landfast_domain::{Error as DomainError, Result as DomainResult};

use super::{Reader, counted};
use crate::exact::{column_time, index_text};
use crate::schema::saved_answers;
use crate::time::StoredTime;
use crate::transaction::{Transaction, query};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = saved_answers)]
#[diesel(treat_none_as_default_value = false)]
struct AnswerRow {
    user_id: String,
    request_key: String,
    request_hash: String,
    status: i64,
    body: String,
    created_at: StoredTime,
}

pub(super) fn get(transaction: &mut Transaction<'_>, user: &UserId, key: &str) -> DomainResult<Option<SavedAnswer>> {
    let row: Option<AnswerRow> = query!(transaction, |conn| saved_answers::table
        .find((user.as_str(), index_text(key)))
        .select(AnswerRow::as_select())
        .get_result(conn)
        .optional())?;
    row.map(|row| {
        let reader = Reader { entity: "saved answer", key };
        Ok(SavedAnswer {
            user: user.clone(),
            key: key.to_owned(),
            created_at: reader.time("created_at", row.created_at)?,
            request_hash: row.request_hash,
            status: row.status,
            body: row.body,
        })
    })
    .transpose()
}

pub(super) fn save(transaction: &mut Transaction<'_>, answer: &SavedAnswer) -> DomainResult<()> {
    let row = AnswerRow {
        user_id: answer.user.as_str().to_owned(),
        request_key: index_text(&answer.key).into_owned(),
        request_hash: answer.request_hash.clone(),
        status: answer.status,
        body: answer.body.clone(),
        created_at: column_time(answer.created_at),
    };
    let added = query!(transaction, |conn| diesel::insert_into(saved_answers::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(conn))?;
    if added == 0 { Err(DomainError::Conflict { entity: "saved answer", key: row.request_key }) } else { Ok(()) }
}

pub(super) fn delete_before(transaction: &mut Transaction<'_>, at: Timestamp) -> DomainResult<u64> {
    transaction.require_write()?;
    let deleted = query!(transaction, |conn| diesel::delete(
        saved_answers::table.filter(saved_answers::created_at.lt(column_time(at)))
    )
    .execute(conn))?;
    counted(deleted)
}
