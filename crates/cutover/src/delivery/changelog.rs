//! The change log of a query: a document of histories.

use super::issues::number;
use super::parents::{ensure_query, own_file};
use super::read::{each_part, entry_pages, read_document, whole_envelope};
use crate::bytes::to_u64;
use crate::document::{Bytes, Place};
use crate::error::Result;
use crate::keyed::{KeyedDocument, KeyedItem, Reading, Scope, count_children};
use landfast_domain::Repositories;
use landfast_domain::delivery::envelope::Parts;
use landfast_domain::delivery::{Changelog, ChangelogEntry, ChangelogLayout, QueryKey};
use landfast_domain::json::JsonKind;
use landfast_legacy::delivery::PartReader;
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
}

impl Changes {
    pub(super) fn new(query: QueryKey) -> Self {
        Self { query, state: Mutex::new(State::default()) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks through the document for its layout and what stands beside the entries, once. `None` for a document
    /// that can only be read as a whole.
    fn head(&self, scope: &Scope<'_>) -> Result<Option<Changelog>> {
        if let Some(head) = &self.state().head {
            return Ok(Some(head.clone()));
        }
        let Some(source) = scope.open(scope.path)? else { return Ok(None) };
        let Some(layout) = layout_of(scope, source)? else { return Ok(None) };
        let Some(source) = scope.open(scope.path)? else { return Ok(None) };
        let reader = PartReader::new(source, layout.parts());
        let Some(envelope) = whole_envelope(scope, reader, |_| {})? else { return Ok(None) };
        let head = Changelog::from_envelope(self.query.clone(), layout, envelope);
        self.state().head = Some(head.clone());
        Ok(Some(head))
    }

    /// Reads a document as a whole: an earlier version, or one that cannot be read part by part.
    fn whole(
        &self,
        scope: &Scope<'_>,
        source: Bytes<'_>,
        visit: &mut dyn FnMut(KeyedItem) -> Result<()>,
    ) -> Result<Option<Changelog>> {
        let Some((bytes, decoded)) = read_document(scope, source, JsonKind::Object, visit)? else { return Ok(None) };
        let size = to_u64(bytes.len());
        drop(bytes);
        let (head, entries) = Changelog::read(self.query.clone(), &decoded.text, None)?;
        drop(decoded);
        {
            let mut state = self.state();
            if scope.is_earlier {
                state.earlier.push(head.clone());
            } else {
                state.head = Some(head.clone());
            }
        }
        // The places of entries are not looked for: pieces of bytes may end anywhere.
        let mut start = 0;
        for entry in entries {
            let end = (start + to_u64(entry.text.len())).min(size);
            let place = Place { ordinal: entry.ordinal, parts: 1, line: 0, start, offset: start, end };
            let name = Some(entry.issue_key).filter(|_| head.layout == ChangelogLayout::Map);
            visit(KeyedItem { name, ..KeyedItem::new(entry.ordinal.to_string(), place, entry.text) })?;
            start = end;
        }
        Ok(Some(head))
    }
}

/// How a document is laid out, told by the beginnings of its members; `None` when it has none.
fn layout_of(scope: &Scope<'_>, source: Bytes<'_>) -> Result<Option<ChangelogLayout>> {
    let (mut has_version, mut has_list) = (false, false);
    let reader = PartReader::beginnings(source, Parts::Members);
    let found = whole_envelope(scope, reader, |part| match part.key.as_deref() {
        Some("cache_version") => has_version = true,
        Some("issues") => has_list = part.text == "[",
        _ => {}
    })?;
    let layout = if has_version && has_list { ChangelogLayout::Wrapped } else { ChangelogLayout::Map };
    Ok(found.map(|_| layout))
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
        let head = if scope.is_earlier { None } else { self.head(scope)? };
        let layout = match head {
            Some(head) => {
                let is_map = head.layout == ChangelogLayout::Map;
                let mut reader = PartReader::unchecked(source, head.layout.parts());
                each_part(scope, &mut reader, &mut |place, part| {
                    let name = part.key.filter(|_| is_map);
                    visit(KeyedItem { name, ..KeyedItem::new(place.ordinal.to_string(), place, part.text) })
                })?;
                head.layout
            }
            None => match self.whole(scope, source, visit)? {
                Some(head) => head.layout,
                None => return Ok(Reading::default()),
            },
        };
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

    fn save(&self, repositories: &mut dyn Repositories, scope: &Scope<'_>, items: &[&KeyedItem]) -> Result<()> {
        let own = own_file(scope)?;
        let repository = repositories.delivery()?;
        let state = self.state();
        if let Some(head) = &state.head
            && repository.get_changelog(&self.query)?.is_none()
        {
            repository.save_changelog(head)?;
        }
        let filled = state.head.as_ref().and_then(|head| head.timestamp.as_ref());
        let entries: Vec<ChangelogEntry> = items
            .iter()
            .filter_map(|item| {
                let text = item.outcome.as_ref().ok()?;
                let place = item.place.ordinal;
                let mut entry = ChangelogEntry::read(place, item.name.as_deref(), text.as_str(), filled);
                if let Some(expires_at) = own.as_ref().and_then(|own| own.entry_expiry(scope.path, place)) {
                    entry.expires_at = expires_at;
                }
                Some(entry)
            })
            .collect();
        // A document that is set aside has no change log to hang entries on.
        if !entries.is_empty() {
            repository.save_changelog_entries(&self.query, &entries)?;
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
        // A document that is set aside has no change log to hang entries on.
        if !entries.is_empty() {
            repository.save_changelog_entries(&self.query, &entries)?;
        }
        Ok(())
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
