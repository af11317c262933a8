//! Who is logged in.

use diesel::prelude::*;
use landfast_domain::accounts::{Session, TokenHash, UserId};
use landfast_domain::time::Timestamp;
use landfast_domain::{Error as DomainError, Result as DomainResult};

use super::{Reader, counted};
use crate::exact::column_time;
use crate::records::storable;
use crate::schema::sessions;
use crate::time::StoredTime;
use crate::transaction::{Transaction, query};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions)]
#[diesel(treat_none_as_default_value = false)]
struct SessionRow {
    id: String,
    token_hash: String,
    user_id: String,
    created_at: StoredTime,
    last_seen_at: StoredTime,
    expires_at: StoredTime,
    user_agent: String,
}

impl SessionRow {
    fn into_session(self) -> DomainResult<Session> {
        let reader = Reader { entity: "session", key: &self.id };
        Ok(Session {
            user: reader.user(&self.user_id)?,
            created_at: reader.time("created_at", self.created_at)?,
            last_seen_at: reader.time("last_seen_at", self.last_seen_at)?,
            expires_at: reader.time("expires_at", self.expires_at)?,
            token_hash: TokenHash::new(self.token_hash),
            user_agent: self.user_agent,
            id: self.id,
        })
    }
}

pub(super) fn insert(transaction: &mut Transaction<'_>, session: &Session) -> DomainResult<()> {
    let row = SessionRow {
        id: session.id.clone(),
        token_hash: session.token_hash.reveal().to_owned(),
        user_id: session.user.as_str().to_owned(),
        created_at: column_time(session.created_at),
        last_seen_at: column_time(session.last_seen_at),
        expires_at: column_time(session.expires_at),
        user_agent: storable(&session.user_agent).into_owned(),
    };
    let added = query!(transaction, |conn| diesel::insert_into(sessions::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(conn))?;
    if added == 0 { Err(DomainError::Conflict { entity: "session", key: row.id }) } else { Ok(()) }
}

pub(super) fn find(transaction: &mut Transaction<'_>, token: &TokenHash) -> DomainResult<Option<Session>> {
    let row = query!(transaction, |conn| sessions::table
        .filter(sessions::token_hash.eq(token.reveal()))
        .select(SessionRow::as_select())
        .get_result(conn)
        .optional())?;
    row.map(SessionRow::into_session).transpose()
}

pub(super) fn touch(transaction: &mut Transaction<'_>, id: &str, at: Timestamp) -> DomainResult<bool> {
    transaction.require_write()?;
    let changed = query!(transaction, |conn| diesel::update(sessions::table.find(storable(id)))
        .set(sessions::last_seen_at.eq(column_time(at)))
        .execute(conn))?;
    Ok(changed > 0)
}

pub(super) fn of_user(transaction: &mut Transaction<'_>, user: &UserId) -> DomainResult<Vec<Session>> {
    let rows = query!(transaction, |conn| sessions::table
        .filter(sessions::user_id.eq(user.as_str()))
        .order((sessions::last_seen_at.desc(), sessions::id.asc()))
        .select(SessionRow::as_select())
        .load(conn))?;
    rows.into_iter().map(SessionRow::into_session).collect()
}

pub(super) fn delete(transaction: &mut Transaction<'_>, user: &UserId, id: &str) -> DomainResult<bool> {
    transaction.require_write()?;
    let deleted = query!(transaction, |conn| diesel::delete(
        sessions::table.filter(sessions::id.eq(storable(id))).filter(sessions::user_id.eq(user.as_str()))
    )
    .execute(conn))?;
    Ok(deleted > 0)
}

pub(super) fn delete_others(transaction: &mut Transaction<'_>, user: &UserId, keep: Option<&str>) -> DomainResult<u64> {
    transaction.require_write()?;
    // No session has an empty id.
    let keep = storable(keep.unwrap_or_default());
    let deleted = query!(transaction, |conn| diesel::delete(
        sessions::table.filter(sessions::user_id.eq(user.as_str())).filter(sessions::id.ne(&keep))
    )
    .execute(conn))?;
    counted(deleted)
}

pub(super) fn delete_ended(
    transaction: &mut Transaction<'_>,
    now: Timestamp,
    idle_since: Timestamp,
) -> DomainResult<u64> {
    transaction.require_write()?;
    let deleted = query!(transaction, |conn| diesel::delete(
        sessions::table
            .filter(sessions::expires_at.le(column_time(now)).or(sessions::last_seen_at.le(column_time(idle_since))))
    )
    .execute(conn))?;
    counted(deleted)
}
