//! The log of what concerns safety.

use diesel::prelude::*;
use landfast_domain::accounts::{EventKind, SecurityEvent, UserId};
use landfast_domain::time::Timestamp;
use landfast_domain::{Error as DomainError, Result as DomainResult};

use super::{Reader, counted};
use crate::exact::column_time;
use crate::records::storable;
use crate::schema::security_events;
use crate::time::StoredTime;
use crate::transaction::{Transaction, query};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = security_events)]
#[diesel(treat_none_as_default_value = false)]
struct EventRow {
    id: String,
    at: StoredTime,
    kind: String,
    user_id: Option<String>,
    address: String,
    user_agent: String,
    detail: String,
}

impl EventRow {
    fn into_event(self) -> DomainResult<SecurityEvent> {
        let reader = Reader { entity: "security event", key: &self.id };
        Ok(SecurityEvent {
            at: reader.time("at", self.at)?,
            kind: EventKind::parse(&self.kind).ok_or_else(|| reader.corrupt("kind", &self.kind))?,
            user: self.user_id.as_deref().map(|user| reader.user(user)).transpose()?,
            address: self.address,
            user_agent: self.user_agent,
            detail: self.detail,
            id: self.id,
        })
    }
}

pub(super) fn insert(transaction: &mut Transaction<'_>, event: &SecurityEvent) -> DomainResult<()> {
    transaction.require_write()?;
    let row = EventRow {
        id: event.id.clone(),
        at: column_time(event.at),
        kind: event.kind.as_str().to_owned(),
        user_id: event.user.as_ref().map(|user| user.as_str().to_owned()),
        address: storable(&event.address).into_owned(),
        user_agent: storable(&event.user_agent).into_owned(),
        detail: storable(&event.detail).into_owned(),
    };
    let added = query!(transaction, |conn| diesel::insert_into(security_events::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(conn))?;
    if added == 0 { Err(DomainError::Conflict { entity: "security event", key: row.id }) } else { Ok(()) }
}

pub(super) fn of_user(
    transaction: &mut Transaction<'_>,
    user: &UserId,
    before: Option<&str>,
    limit: usize,
) -> DomainResult<Vec<SecurityEvent>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = query!(transaction, |conn| {
        let mut wanted = security_events::table
            .filter(security_events::user_id.eq(user.as_str()))
            .order(security_events::id.desc())
            .limit(limit)
            .select(EventRow::as_select())
            .into_boxed();
        if let Some(before) = before {
            wanted = wanted.filter(security_events::id.lt(storable(before)));
        }
        wanted.load(conn)
    })?;
    rows.into_iter().map(EventRow::into_event).collect()
}

pub(super) fn delete_before(transaction: &mut Transaction<'_>, at: Timestamp) -> DomainResult<u64> {
    transaction.require_write()?;
    let deleted = query!(transaction, |conn| diesel::delete(
        security_events::table.filter(security_events::at.lt(column_time(at)))
    )
    .execute(conn))?;
    counted(deleted)
}
