//! Queries.

use std::borrow::Cow;

use diesel::prelude::*;
use landfast_domain::Result as DomainResult;
use landfast_domain::delivery::{ProfileId, Query, QueryId, QueryKey};

use super::profiles;
use crate::exact::{ExactReader, ExactWriter, column_time, index_text};
use crate::records::storable;
use crate::schema::queries;
use crate::time::StoredTime;
use crate::transaction::{Transaction, query};

#[derive(Insertable, AsChangeset)]
#[diesel(table_name = queries, primary_key(profile_id, id))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
struct QueryRow<'a> {
    profile_id: &'a str,
    id: &'a str,
    name: Cow<'a, str>,
    folded_name: Cow<'a, str>,
    jql: Cow<'a, str>,
    description: Cow<'a, str>,
    created_at: Cow<'a, str>,
    created_utc: Option<StoredTime>,
    last_used: Cow<'a, str>,
    last_used_utc: Option<StoredTime>,
    document: Option<Cow<'a, str>>,
    cached_jql: Option<Cow<'a, str>>,
    exact_texts: Option<String>,
}

/// What a query is made of; the other columns follow from it.
#[derive(Queryable, Selectable)]
#[diesel(table_name = queries)]
struct FoundQuery {
    id: String,
    document: Option<String>,
    cached_jql: Option<String>,
    exact_texts: Option<String>,
}

impl<'a> QueryRow<'a> {
    fn new(query: &'a Query) -> Self {
        let facts = query.facts();
        let mut exact = ExactWriter::default();
        Self {
            profile_id: query.key().profile.as_str(),
            id: query.key().query.as_str(),
            name: storable(&facts.name),
            folded_name: index_text(&facts.folded_name),
            jql: storable(&facts.jql),
            description: storable(&facts.description),
            created_at: storable(&facts.created_at.text),
            created_utc: facts.created_at.instant.map(column_time),
            last_used: storable(&facts.last_used.text),
            last_used_utc: facts.last_used.instant.map(column_time),
            document: exact.optional("document", query.document()),
            cached_jql: exact.optional("cached_jql", query.cached_jql()),
            exact_texts: exact.finish(),
        }
    }
}

impl FoundQuery {
    fn into_query(self, profile: &ProfileId) -> DomainResult<Query> {
        let exact = ExactReader::new("query", &self.id, self.exact_texts.as_deref())?;
        let id = QueryId::new(self.id.as_str()).map_err(|_| exact.corrupt("id", &self.id))?;
        let document = exact.optional("document", self.document.map(Cow::Owned));
        let cached_jql = exact.optional("cached_jql", self.cached_jql.map(Cow::Owned));
        Query::new(QueryKey::new(profile.clone(), id), document, cached_jql)
    }
}

pub(super) fn get(transaction: &mut Transaction<'_>, key: &QueryKey) -> DomainResult<Option<Query>> {
    let row = query!(transaction, |conn| queries::table
        .find((key.profile.as_str(), key.query.as_str()))
        .select(FoundQuery::as_select())
        .get_result(conn)
        .optional())?;
    row.map(|row| row.into_query(&key.profile)).transpose()
}

pub(super) fn save(transaction: &mut Transaction<'_>, query: &Query) -> DomainResult<()> {
    transaction.require_write()?;
    profiles::need(transaction, &query.key().profile)?;
    let row = QueryRow::new(query);
    query!(transaction, |conn| diesel::insert_into(queries::table)
        .values(&row)
        .on_conflict((queries::profile_id, queries::id))
        .do_update()
        .set(&row)
        .execute(conn))?;
    Ok(())
}

pub(super) fn list(transaction: &mut Transaction<'_>, profile: &ProfileId) -> DomainResult<Vec<Query>> {
    let rows = query!(transaction, |conn| queries::table
        .filter(queries::profile_id.eq(profile.as_str()))
        .order((queries::last_used_utc.is_null().asc(), queries::last_used_utc.desc(), queries::id.asc()))
        .select(FoundQuery::as_select())
        .load(conn))?;
    rows.into_iter().map(|row| row.into_query(profile)).collect()
}

pub(super) fn delete(transaction: &mut Transaction<'_>, key: &QueryKey) -> DomainResult<()> {
    transaction.require_write()?;
    let deleted =
        query!(transaction, |conn| diesel::delete(queries::table.find((key.profile.as_str(), key.query.as_str())))
            .execute(conn))?;
    if deleted > 0 { Ok(()) } else { Err(key.not_found()) }
}

/// Refuses an unknown query, before a foreign key does and ends the transaction on PostgreSQL.
pub(super) fn need(transaction: &mut Transaction<'_>, key: &QueryKey) -> DomainResult<()> {
    let found = query!(transaction, |conn| queries::table
        .find((key.profile.as_str(), key.query.as_str()))
        .select(queries::last_used_utc.is_null())
        .get_result::<bool>(conn)
        .optional())?;
    found.map(drop).ok_or_else(|| key.not_found())
}
