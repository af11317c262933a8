//! The change log of a query: a document of histories.

use super::issues::number;
use super::parents::ensure_query;
use super::read::{entry_pages, read_document};
use crate::bytes::to_u64;
use crate::document::{Bytes, Place};
use crate::error::Result;
use crate::keyed::{KeyedDocument, KeyedItem, Reading, Scope, count_children};
use landfast_domain::Repositories;
use landfast_domain::delivery::{Changelog, ChangelogEntry, ChangelogLayout, QueryKey};
use landfast_domain::json::JsonKind;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// `jira_changelog_cache.json` of a query.
#[derive(Debug)]
pub(super) struct Changes {
    query: QueryKey,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The present document without its entries.
    head: Option<Changelog>,
    /// Earlier versions without theirs.
    earlier: Vec<Changelog>,
    /// Entries of the present document by their places.
    entries: BTreeMap<i64, ChangelogEntry>,
}

impl Changes {
    pub(super) fn new(query: QueryKey) -> Self {
        Self { query, state: Mutex::new(State::default()) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl KeyedDocument for Changes {
    fn entity(&self) -> &'static str {
        "change log entry"
    }

    fn read(
        &self,
        scope: &Scope<'_>,
        source: Bytes<'_>,
        visit: &mut dyn FnMut(KeyedItem) -> Result<()>,
    ) -> Result<Reading> {
        let Some((bytes, decoded)) = read_document(scope, source, JsonKind::Object, visit)? else {
            return Ok(Reading::default());
        };
        let size = to_u64(bytes.len());
        drop(bytes);
        let (head, entries) = Changelog::read(self.query.clone(), &decoded.text, None)?;
        drop(decoded);
        let layout = head.layout;
        if scope.is_earlier {
            self.state().earlier.push(head);
        } else {
            self.state().head = Some(head);
        }
        // The places of entries are not looked for: pieces of bytes may end anywhere.
        let mut start = 0;
        for entry in entries {
            let end = (start + to_u64(entry.text.len())).min(size);
            let place = Place { ordinal: entry.ordinal, parts: 1, line: 0, start, offset: start, end };
            let item = KeyedItem::new(entry.ordinal.to_string(), place, entry.text.clone());
            if !scope.is_earlier {
                self.state().entries.insert(entry.ordinal, entry);
            }
            visit(item)?;
            start = end;
        }
        let dialect = match layout {
            ChangelogLayout::Map => "JSON, entries by issue key",
            ChangelogLayout::Wrapped => "JSON, entries in a list",
        };
        Ok(Reading { dialect: dialect.to_owned(), ..Reading::default() })
    }

    fn count(&self, mut source: Bytes<'_>) -> Result<u64> {
        let wrapped = self.state().head.as_ref().is_some_and(|head| head.layout == ChangelogLayout::Wrapped);
        let place: &[&str] = if wrapped { &["issues"] } else { &[] };
        Ok(count_children(Box::new(&mut source), place)?.unwrap_or(0))
    }

    fn begin(&self, repositories: &mut dyn Repositories, scope: &Scope<'_>) -> Result<()> {
        ensure_query(repositories, scope, &self.query)
    }

    fn stored(
        &self,
        repositories: &mut dyn Repositories,
        _scope: &Scope<'_>,
        keys: &[&str],
    ) -> Result<Vec<Option<String>>> {
        if repositories.delivery()?.get_changelog(&self.query)?.is_none() {
            return Ok(vec![None; keys.len()]);
        }
        super::rows_at(keys, |after, limit| {
            let page = repositories.delivery()?.changelog_page(&self.query, after, limit)?;
            Ok(page.into_iter().map(|entry| (entry.ordinal, entry.text)).collect())
        })
    }

    fn save(&self, repositories: &mut dyn Repositories, _scope: &Scope<'_>, items: &[&KeyedItem]) -> Result<()> {
        let repository = repositories.delivery()?;
        let mut state = self.state();
        if let Some(head) = &state.head
            && repository.get_changelog(&self.query)?.is_none()
        {
            repository.save_changelog(head)?;
        }
        let entries: Vec<ChangelogEntry> =
            items.iter().filter_map(|item| state.entries.get(&item.place.ordinal).cloned()).collect();
        // A document that is set aside has no change log to hang entries on.
        if !entries.is_empty() {
            repository.save_changelog_entries(&self.query, &entries)?;
        }
        // What was passed is not needed again; a repeated transaction asks for the same entries.
        if let Some(first) = items.first() {
            state.entries = state.entries.split_off(&first.place.ordinal);
        }
        Ok(())
    }

    fn delete(&self, repositories: &mut dyn Repositories, _scope: &Scope<'_>, key: &str) -> Result<()> {
        // Only whole change logs can be deleted, so the other entries are written again.
        let repository = repositories.delivery()?;
        let Some(changelog) = repository.get_changelog(&self.query)? else { return Ok(()) };
        let mut entries = Vec::new();
        entry_pages(repository, &self.query, |page| {
            entries.extend(page.into_iter().filter(|entry| entry.ordinal != number(key)));
            Ok(())
        })?;
        repository.delete_changelog(&self.query)?;
        repository.save_changelog(&changelog)?;
        Ok(repository.save_changelog_entries(&self.query, &entries)?)
    }

    fn prunes(&self) -> bool {
        true
    }

    fn end(&self, repositories: &mut dyn Repositories, _scope: &Scope<'_>, _reading: &Reading) -> Result<()> {
        let repository = repositories.delivery()?;
        let state = self.state();
        let Some(head) = &state.head else { return Ok(()) };
        let is_own = match repository.get_changelog(&self.query)? {
            None => true,
            Some(old) => old != *head && state.earlier.contains(&old),
        };
        if is_own { Ok(repository.save_changelog(head)?) } else { Ok(()) }
    }
}
