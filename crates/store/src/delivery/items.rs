//! Changed fields in the histories of issues.

use std::borrow::Cow;

use diesel::prelude::*;
#[cfg(feature = "sqlite")]
use diesel::{
    dsl::SqlTypeOf,
    query_builder::{AstPass, QueryFragment},
    sqlite::Sqlite,
};
use landfast_domain::Result as DomainResult;
use landfast_domain::delivery::{ChangelogEntry, ChangelogItem, ItemFilter, Moment, QueryKey};

use super::insert::insert_rows;
use super::{changelogs, rows};
use crate::exact::{ExactReader, ExactWriter, column_time, index_text};
#[cfg(feature = "sqlite")]
use crate::records::plain_insert::{PlainInsert, PlainRow, plain_insert};
use crate::schema::jira_changelog_items;
use crate::time::StoredTime;
use crate::transaction::{Transaction, query};

/// How many items are taken out of entries before they are written.
const PART: usize = 4_096;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = jira_changelog_items)]
#[diesel(treat_none_as_default_value = false)]
struct ItemRow<'a> {
    log: i64,
    entry: i64,
    history: i64,
    item: i64,
    issue_key: Cow<'a, str>,
    changed: Option<Cow<'a, str>>,
    changed_utc: Option<StoredTime>,
    author: Option<Cow<'a, str>>,
    field: Option<Cow<'a, str>>,
    field_type: Option<Cow<'a, str>>,
    old_value: Option<Cow<'a, str>>,
    new_value: Option<Cow<'a, str>>,
    exact_texts: Option<String>,
}

#[cfg(feature = "sqlite")]
plain_insert! {
    ItemRow, jira_changelog_items,
    log entry history item issue_key changed changed_utc author field field_type old_value new_value exact_texts
}

impl<'a> ItemRow<'a> {
    fn new(log: i64, item: &'a ChangelogItem) -> Self {
        let mut exact = ExactWriter::default();
        let changed = item.changed.as_ref();
        Self {
            log,
            entry: item.entry,
            history: item.history,
            item: item.item,
            issue_key: exact.index("issue_key", &item.issue_key),
            changed: exact.optional("changed", changed.map(|changed| changed.text.as_str())),
            changed_utc: changed.and_then(|changed| changed.instant).map(column_time),
            author: exact.optional("author", item.author.as_deref()),
            field: exact.optional_index("field", item.field.as_deref()),
            field_type: exact.optional("field_type", item.field_type.as_deref()),
            old_value: exact.optional("old_value", item.from.as_deref()),
            new_value: exact.optional("new_value", item.to.as_deref()),
            exact_texts: exact.finish(),
        }
    }

    fn into_item(self) -> DomainResult<ChangelogItem> {
        let exact = ExactReader::new("change log", &self.issue_key, self.exact_texts.as_deref())?;
        Ok(ChangelogItem {
            entry: self.entry,
            history: self.history,
            item: self.item,
            changed: exact.optional("changed", self.changed).map(Moment::read),
            author: exact.optional("author", self.author),
            field: exact.optional_index("field", self.field),
            field_type: exact.optional("field_type", self.field_type),
            from: exact.optional("old_value", self.old_value),
            to: exact.optional("new_value", self.new_value),
            issue_key: exact.index("issue_key", self.issue_key),
        })
    }
}

/// Adds the items of entries that had none.
pub(super) fn save<'a>(
    transaction: &mut Transaction<'_>,
    log: i64,
    entries: impl Iterator<Item = &'a ChangelogEntry>,
) -> DomainResult<()> {
    let mut items = Vec::new();
    let mut entries = entries.peekable();
    while let Some(entry) = entries.next() {
        items.extend(entry.items());
        if items.len() >= PART || entries.peek().is_none() {
            insert_rows!(transaction, jira_changelog_items, items.iter().map(|item| ItemRow::new(log, item)))?;
            items.clear();
        }
    }
    Ok(())
}

pub(super) fn list(
    transaction: &mut Transaction<'_>,
    key: &QueryKey,
    filter: &ItemFilter,
) -> DomainResult<Vec<ChangelogItem>> {
    let Some(log) = changelogs::id(transaction, key)? else {
        return Ok(Vec::new());
    };
    let found = query!(transaction, |conn| {
        let mut accepted = jira_changelog_items::table.filter(jira_changelog_items::log.eq(log)).into_boxed();
        if let Some(issue_key) = &filter.issue_key {
            accepted = accepted.filter(jira_changelog_items::issue_key.eq(index_text(issue_key)));
        }
        if let Some(field) = &filter.field {
            accepted = accepted.filter(jira_changelog_items::field.eq(index_text(field)));
        }
        if let Some(from) = filter.from {
            accepted = accepted.filter(jira_changelog_items::changed_utc.ge(column_time(from)));
        }
        if let Some(until) = filter.until {
            accepted = accepted.filter(jira_changelog_items::changed_utc.lt(column_time(until)));
        }
        accepted
            .order((
                jira_changelog_items::changed_utc.is_null().asc(),
                jira_changelog_items::changed_utc.desc(),
                jira_changelog_items::entry.desc(),
                jira_changelog_items::history.desc(),
                jira_changelog_items::item.desc(),
            ))
            .limit(rows(filter.limit.unwrap_or(usize::MAX)))
            .select(ItemRow::as_select())
            .load(conn)
    })?;
    found.into_iter().map(ItemRow::into_item).collect()
}
