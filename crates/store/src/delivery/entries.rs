//! Entries of change logs: the history of one issue each.

use std::borrow::Cow;
use std::collections::BTreeMap;

use diesel::prelude::*;
#[cfg(feature = "sqlite")]
use diesel::{
    dsl::SqlTypeOf,
    query_builder::{AstPass, QueryFragment},
    sqlite::Sqlite,
};
use landfast_domain::delivery::{ChangelogEntry, Moment, QueryKey};
use landfast_domain::time::Timestamp;
use landfast_domain::{Error as DomainError, Result as DomainResult};

use super::insert::insert_rows;
use super::{changelogs, count, first_after, items, rows};
use crate::exact::{ExactReader, ExactWriter, column_time, index_text};
#[cfg(feature = "sqlite")]
use crate::records::plain_insert::{PlainInsert, PlainRow, plain_insert};
use crate::schema::jira_changelog_cache;
use crate::time::StoredTime;
use crate::transaction::{Transaction, query};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = jira_changelog_cache)]
#[diesel(treat_none_as_default_value = false)]
struct EntryRow<'a> {
    log: i64,
    place: i64,
    issue_key: Cow<'a, str>,
    changelog: Cow<'a, str>,
    created_at: Option<Cow<'a, str>>,
    created_utc: Option<StoredTime>,
    expires_at: Option<StoredTime>,
    exact_texts: Option<String>,
}

#[cfg(feature = "sqlite")]
plain_insert! {
    EntryRow, jira_changelog_cache,
    log place issue_key changelog created_at created_utc expires_at exact_texts
}

impl<'a> EntryRow<'a> {
    fn new(log: i64, entry: &'a ChangelogEntry) -> Self {
        let mut exact = ExactWriter::default();
        let updated = entry.last_updated.as_ref();
        Self {
            log,
            place: entry.ordinal,
            issue_key: exact.index("issue_key", &entry.issue_key),
            changelog: exact.text("changelog", &entry.text),
            created_at: exact.optional("created_at", updated.map(|updated| updated.text.as_str())),
            created_utc: updated.and_then(|updated| updated.instant).map(column_time),
            expires_at: entry.expires_at.map(|time| exact.time("expires_at", time)),
            exact_texts: exact.finish(),
        }
    }

    fn into_entry(self) -> DomainResult<ChangelogEntry> {
        let exact = ExactReader::new("change log", &self.issue_key, self.exact_texts.as_deref())?;
        Ok(ChangelogEntry {
            ordinal: self.place,
            text: exact.text("changelog", self.changelog),
            last_updated: exact.optional("created_at", self.created_at).map(Moment::read),
            expires_at: self.expires_at.map(|time| exact.time("expires_at", time)).transpose()?,
            issue_key: exact.index("issue_key", self.issue_key),
        })
    }
}

pub(super) fn save(transaction: &mut Transaction<'_>, key: &QueryKey, entries: &[ChangelogEntry]) -> DomainResult<()> {
    transaction.require_write()?;
    let Some(log) = changelogs::id(transaction, key)? else {
        return Err(DomainError::NotFound { entity: "change log", key: key.to_string() });
    };
    // Of two for the same place, the later one counts.
    let entries: BTreeMap<i64, &ChangelogEntry> = entries.iter().map(|entry| (entry.ordinal, entry)).collect();
    let (Some((first, _)), Some((last, _))) = (entries.first_key_value(), entries.last_key_value()) else {
        return Ok(());
    };
    let taken: Vec<i64> = query!(transaction, |conn| jira_changelog_cache::table
        .filter(jira_changelog_cache::log.eq(log))
        .filter(jira_changelog_cache::place.between(first, last))
        .select(jira_changelog_cache::place)
        .load(conn))?;
    for place in taken.iter().filter(|place| entries.contains_key(place)) {
        // Its items go with it.
        query!(transaction, |conn| diesel::delete(jira_changelog_cache::table.find((log, place))).execute(conn))?;
    }
    insert_rows!(transaction, jira_changelog_cache, entries.values().map(|entry| EntryRow::new(log, entry)))?;
    items::save(transaction, log, entries.into_values())
}

pub(super) fn newest(
    transaction: &mut Transaction<'_>,
    key: &QueryKey,
    issue_key: &str,
) -> DomainResult<Option<ChangelogEntry>> {
    let Some(log) = changelogs::id(transaction, key)? else {
        return Ok(None);
    };
    let row = query!(transaction, |conn| jira_changelog_cache::table
        .filter(jira_changelog_cache::log.eq(log))
        .filter(jira_changelog_cache::issue_key.eq(index_text(issue_key)))
        .order(jira_changelog_cache::place.desc())
        .limit(1)
        .select(EntryRow::as_select())
        .get_result(conn)
        .optional())?;
    row.map(EntryRow::into_entry).transpose()
}

pub(super) fn keys(transaction: &mut Transaction<'_>, key: &QueryKey) -> DomainResult<Vec<(i64, String)>> {
    let Some(log) = changelogs::id(transaction, key)? else {
        return Ok(Vec::new());
    };
    let found: Vec<(i64, String, Option<String>)> = query!(transaction, |conn| jira_changelog_cache::table
        .filter(jira_changelog_cache::log.eq(log))
        .order(jira_changelog_cache::place.asc())
        .select((jira_changelog_cache::place, jira_changelog_cache::issue_key, jira_changelog_cache::exact_texts))
        .load(conn))?;
    let exact = |(place, key, texts): (i64, String, Option<String>)| {
        let exact = ExactReader::new("change log", &key, texts.as_deref())?;
        Ok((place, exact.index("issue_key", key.into())))
    };
    found.into_iter().map(exact).collect()
}

pub(super) fn page(
    transaction: &mut Transaction<'_>,
    key: &QueryKey,
    after: Option<i64>,
    limit: usize,
) -> DomainResult<Vec<ChangelogEntry>> {
    let (Some(log), Some(first)) = (changelogs::id(transaction, key)?, first_after(after)) else {
        return Ok(Vec::new());
    };
    let found = query!(transaction, |conn| jira_changelog_cache::table
        .filter(jira_changelog_cache::log.eq(log))
        .filter(jira_changelog_cache::place.ge(first))
        .order(jira_changelog_cache::place.asc())
        .limit(rows(limit))
        .select(EntryRow::as_select())
        .load(conn))?;
    found.into_iter().map(EntryRow::into_entry).collect()
}

pub(super) fn delete_expired(transaction: &mut Transaction<'_>, now: Timestamp) -> DomainResult<u64> {
    transaction.require_write()?;
    let expired = jira_changelog_cache::expires_at.le(column_time(now));
    let deleted = query!(transaction, |conn| diesel::delete(jira_changelog_cache::table)
        .filter(jira_changelog_cache::expires_at.is_null().or(expired))
        .execute(conn))?;
    Ok(count(deleted))
}
