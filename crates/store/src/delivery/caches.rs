//! Cached responses without their issues.

use std::borrow::Cow;

use diesel::prelude::*;
use landfast_domain::delivery::{JiraCache, Moment, QueryKey};
use landfast_domain::time::Timestamp;
use landfast_domain::{Error as DomainError, Result as DomainResult};

use super::{count, queries};
use crate::exact::{ExactReader, ExactWriter, column_time, index_text};
use crate::schema::jira_cache;
use crate::time::StoredTime;
use crate::transaction::{Transaction, query};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = jira_cache)]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
struct CacheRow<'a> {
    id: i64,
    profile_id: Cow<'a, str>,
    query_id: Cow<'a, str>,
    cache_key: Cow<'a, str>,
    envelope: Cow<'a, str>,
    created_at: Cow<'a, str>,
    created_utc: Option<StoredTime>,
    expires_at: Option<StoredTime>,
    exact_texts: Option<String>,
}

impl<'a> CacheRow<'a> {
    fn new(id: i64, cache: &'a JiraCache) -> Self {
        let mut exact = ExactWriter::default();
        Self {
            id,
            profile_id: cache.query.profile.as_str().into(),
            query_id: cache.query.query.as_str().into(),
            cache_key: exact.index("cache_key", &cache.cache_key),
            envelope: exact.text("envelope", &cache.envelope),
            created_at: exact.text("created_at", &cache.timestamp.text),
            created_utc: cache.timestamp.instant.map(column_time),
            expires_at: cache.expires_at.map(|time| exact.time("expires_at", time)),
            exact_texts: exact.finish(),
        }
    }

    fn into_cache(self, query: &QueryKey) -> DomainResult<JiraCache> {
        let exact = ExactReader::new("jira cache", &self.cache_key, self.exact_texts.as_deref())?;
        Ok(JiraCache {
            query: query.clone(),
            envelope: exact.text("envelope", self.envelope),
            timestamp: Moment::read(exact.text("created_at", self.created_at)),
            expires_at: self.expires_at.map(|time| exact.time("expires_at", time)).transpose()?,
            cache_key: exact.index("cache_key", self.cache_key),
        })
    }
}

pub(super) fn get(
    transaction: &mut Transaction<'_>,
    key: &QueryKey,
    cache_key: &str,
) -> DomainResult<Option<JiraCache>> {
    let row = query!(transaction, |conn| jira_cache::table
        .filter(jira_cache::profile_id.eq(key.profile.as_str()))
        .filter(jira_cache::query_id.eq(key.query.as_str()))
        .filter(jira_cache::cache_key.eq(index_text(cache_key)))
        .select(CacheRow::as_select())
        .get_result(conn)
        .optional())?;
    row.map(|row| row.into_cache(key)).transpose()
}

pub(super) fn list(transaction: &mut Transaction<'_>, key: &QueryKey) -> DomainResult<Vec<JiraCache>> {
    let rows = query!(transaction, |conn| jira_cache::table
        .filter(jira_cache::profile_id.eq(key.profile.as_str()))
        .filter(jira_cache::query_id.eq(key.query.as_str()))
        .select(CacheRow::as_select())
        .load(conn))?;
    let mut caches = rows.into_iter().map(|row| row.into_cache(key)).collect::<DomainResult<Vec<_>>>()?;
    // By the keys themselves: a column may hold a shortened one.
    caches.sort_by(|a, b| a.cache_key.cmp(&b.cache_key));
    Ok(caches)
}

pub(super) fn save(transaction: &mut Transaction<'_>, cache: &JiraCache) -> DomainResult<()> {
    transaction.require_write()?;
    let id = match id(transaction, &cache.query, &cache.cache_key)? {
        Some(id) => {
            // Its issues go with it.
            query!(transaction, |conn| diesel::delete(jira_cache::table.find(id)).execute(conn))?;
            id
        }
        None => {
            queries::need(transaction, &cache.query)?;
            let last: Option<i64> = query!(transaction, |conn| jira_cache::table
                .select(diesel::dsl::max(jira_cache::id))
                .get_result(conn))?;
            last.unwrap_or(0).saturating_add(1)
        }
    };
    let row = CacheRow::new(id, cache);
    query!(transaction, |conn| diesel::insert_into(jira_cache::table).values(&row).execute(conn))?;
    Ok(())
}

pub(super) fn update(transaction: &mut Transaction<'_>, cache: &JiraCache) -> DomainResult<()> {
    transaction.require_write()?;
    let Some(id) = id(transaction, &cache.query, &cache.cache_key)? else {
        return Err(not_found(&cache.query, &cache.cache_key));
    };
    let row = CacheRow::new(id, cache);
    query!(transaction, |conn| diesel::update(jira_cache::table.find(id)).set(&row).execute(conn))?;
    Ok(())
}

pub(super) fn delete(transaction: &mut Transaction<'_>, key: &QueryKey, cache_key: &str) -> DomainResult<bool> {
    transaction.require_write()?;
    let deleted = query!(transaction, |conn| diesel::delete(jira_cache::table)
        .filter(jira_cache::profile_id.eq(key.profile.as_str()))
        .filter(jira_cache::query_id.eq(key.query.as_str()))
        .filter(jira_cache::cache_key.eq(index_text(cache_key)))
        .execute(conn))?;
    Ok(deleted > 0)
}

pub(super) fn delete_expired(transaction: &mut Transaction<'_>, now: Timestamp) -> DomainResult<u64> {
    transaction.require_write()?;
    let deleted = query!(transaction, |conn| diesel::delete(jira_cache::table)
        .filter(jira_cache::expires_at.is_null().or(jira_cache::expires_at.le(column_time(now))))
        .execute(conn))?;
    Ok(count(deleted))
}

pub(super) fn not_found(key: &QueryKey, cache_key: &str) -> DomainError {
    DomainError::NotFound { entity: "jira cache", key: format!("{key}/{cache_key}") }
}

/// Number of a cached response, by which its issues name it.
pub(super) fn id(transaction: &mut Transaction<'_>, key: &QueryKey, cache_key: &str) -> DomainResult<Option<i64>> {
    Ok(query!(transaction, |conn| jira_cache::table
        .filter(jira_cache::profile_id.eq(key.profile.as_str()))
        .filter(jira_cache::query_id.eq(key.query.as_str()))
        .filter(jira_cache::cache_key.eq(index_text(cache_key)))
        .select(jira_cache::id)
        .get_result(conn)
        .optional())?)
}

/// Numbers of all cached responses of a query, by the bytes of their keys.
pub(super) fn ids(transaction: &mut Transaction<'_>, key: &QueryKey) -> DomainResult<Vec<i64>> {
    let rows: Vec<(i64, String, Option<String>)> = query!(transaction, |conn| jira_cache::table
        .filter(jira_cache::profile_id.eq(key.profile.as_str()))
        .filter(jira_cache::query_id.eq(key.query.as_str()))
        .select((jira_cache::id, jira_cache::cache_key, jira_cache::exact_texts))
        .load(conn))?;
    let mut keyed = rows
        .into_iter()
        .map(|(id, key, texts)| {
            let exact = ExactReader::new("jira cache", &key, texts.as_deref())?;
            Ok((exact.index("cache_key", key.into()), id))
        })
        .collect::<DomainResult<Vec<_>>>()?;
    keyed.sort();
    Ok(keyed.into_iter().map(|(_, id)| id).collect())
}
