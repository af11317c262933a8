//! Change-log documents without their entries.

use std::borrow::Cow;

use diesel::prelude::*;
use landfast_domain::Result as DomainResult;
use landfast_domain::delivery::{Changelog, ChangelogLayout, Moment, QueryKey};

use super::queries;
use crate::exact::{ExactReader, ExactWriter, column_time};
use crate::schema::jira_changelogs;
use crate::time::StoredTime;
use crate::transaction::{Transaction, query};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = jira_changelogs)]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
struct ChangelogRow<'a> {
    id: i64,
    profile_id: Cow<'a, str>,
    query_id: Cow<'a, str>,
    layout: Cow<'a, str>,
    envelope: Cow<'a, str>,
    created_at: Option<Cow<'a, str>>,
    created_utc: Option<StoredTime>,
    exact_texts: Option<String>,
}

impl<'a> ChangelogRow<'a> {
    fn new(id: i64, changelog: &'a Changelog) -> Self {
        let mut exact = ExactWriter::default();
        let filled = changelog.timestamp.as_ref();
        Self {
            id,
            profile_id: changelog.query.profile.as_str().into(),
            query_id: changelog.query.query.as_str().into(),
            layout: changelog.layout.as_str().into(),
            envelope: exact.text("envelope", &changelog.envelope),
            created_at: exact.optional("created_at", filled.map(|filled| filled.text.as_str())),
            created_utc: filled.and_then(|filled| filled.instant).map(column_time),
            exact_texts: exact.finish(),
        }
    }

    fn into_changelog(self, query: &QueryKey) -> DomainResult<Changelog> {
        let exact = ExactReader::new("change log", &self.query_id, self.exact_texts.as_deref())?;
        Ok(Changelog {
            query: query.clone(),
            layout: ChangelogLayout::parse(&self.layout).ok_or_else(|| exact.corrupt("layout", &self.layout))?,
            envelope: exact.text("envelope", self.envelope),
            timestamp: exact.optional("created_at", self.created_at).map(Moment::read),
        })
    }
}

pub(super) fn get(transaction: &mut Transaction<'_>, key: &QueryKey) -> DomainResult<Option<Changelog>> {
    let row = query!(transaction, |conn| jira_changelogs::table
        .filter(jira_changelogs::profile_id.eq(key.profile.as_str()))
        .filter(jira_changelogs::query_id.eq(key.query.as_str()))
        .select(ChangelogRow::as_select())
        .get_result(conn)
        .optional())?;
    row.map(|row| row.into_changelog(key)).transpose()
}

pub(super) fn save(transaction: &mut Transaction<'_>, changelog: &Changelog) -> DomainResult<()> {
    transaction.require_write()?;
    if let Some(id) = id(transaction, &changelog.query)? {
        let row = ChangelogRow::new(id, changelog);
        query!(transaction, |conn| diesel::update(jira_changelogs::table.find(id)).set(&row).execute(conn))?;
        return Ok(());
    }
    queries::need(transaction, &changelog.query)?;
    let last: Option<i64> = query!(transaction, |conn| jira_changelogs::table
        .select(diesel::dsl::max(jira_changelogs::id))
        .get_result(conn))?;
    let row = ChangelogRow::new(last.unwrap_or(0).saturating_add(1), changelog);
    query!(transaction, |conn| diesel::insert_into(jira_changelogs::table).values(&row).execute(conn))?;
    Ok(())
}

pub(super) fn delete(transaction: &mut Transaction<'_>, key: &QueryKey) -> DomainResult<bool> {
    transaction.require_write()?;
    let deleted = query!(transaction, |conn| diesel::delete(jira_changelogs::table)
        .filter(jira_changelogs::profile_id.eq(key.profile.as_str()))
        .filter(jira_changelogs::query_id.eq(key.query.as_str()))
        .execute(conn))?;
    Ok(deleted > 0)
}

/// Number of a query's change log, by which its entries name it.
pub(super) fn id(transaction: &mut Transaction<'_>, key: &QueryKey) -> DomainResult<Option<i64>> {
    Ok(query!(transaction, |conn| jira_changelogs::table
        .filter(jira_changelogs::profile_id.eq(key.profile.as_str()))
        .filter(jira_changelogs::query_id.eq(key.query.as_str()))
        .select(jira_changelogs::id)
        .get_result(conn)
        .optional())?)
}
