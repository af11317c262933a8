//! From rows to the files of a tree.

use super::decode::decode;
use super::digests::DIGESTS;
use super::kind::{DeliveryFile, QueryDocument, classify};
use super::load::{REGISTRY, SAVED, TASK, damaged};
use super::own::{OWN_PATH, Own, OwnCache};
use landfast_domain::Result;
use landfast_domain::delivery::documents::{cache_document, changelog_document};
use landfast_domain::delivery::keys::CACHE_PERIOD_DAYS;
use landfast_domain::delivery::state::{SAVED_QUERIES, registry_of_state};
use landfast_domain::delivery::{
    Changelog, DeliveryRepository, JiraCache, Profile, ProfileId, Query, QueryId, QueryKey, Registry, codes, snapshot,
};
use landfast_domain::json::JsonKind;
use std::collections::{BTreeMap, BTreeSet};

/// Bytes of files by path.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The files that have to change so that a tree says what a repository says: new bytes, or `None` for a
/// file to be removed. `before`: the files as they are.
///
/// A document that says what it should keeps its bytes; in others only the members concerned change. Files
/// that could not be read stay, and so do files the area does not know.
///
/// # Errors
/// [`landfast_domain::Error::Corrupt`] when a document would have to be written over a file that could not be
/// read; [`landfast_domain::Error::Backend`] when the store fails.
pub fn render(repository: &mut dyn DeliveryRepository, before: &Files) -> Result<BTreeMap<String, Option<Vec<u8>>>> {
    let mut writer = Writer { before, changes: BTreeMap::new(), own: Own::default() };
    let mut profiles = Vec::new();
    for summary in repository.list_profiles()? {
        profiles.extend(repository.get_profile(&summary.id)?);
    }
    profiles.sort_by(|a, b| a.id().cmp(b.id()));
    let mut queries = BTreeSet::new();
    for profile in &profiles {
        writer.profile(profile)?;
        for query in repository.list_queries(profile.id())? {
            queries.insert(query.key().clone());
            writer.query(repository, &query)?;
        }
    }
    writer.remove_what_is_gone(&profiles, &queries);
    let state = repository.list_app_state()?;
    writer.state(&state, &profiles)?;
    let task = repository.get_task_state()?;
    writer.put(TASK, task, JsonKind::Object)?;
    writer.own.progress = repository.list_task_progress()?;
    writer.own.caches.sort_by(|a, b| a.0.cmp(&b.0));
    let own = writer.own.write();
    writer.put(OWN_PATH, own, JsonKind::Object)?;
    Ok(writer.changes)
}

/// Makes the changes [`render`] gave.
pub fn apply(files: &mut Files, changes: BTreeMap<String, Option<Vec<u8>>>) {
    for (path, change) in changes {
        match change {
            Some(bytes) => files.insert(path, bytes),
            None => files.remove(&path),
        };
    }
}

struct Writer<'a> {
    before: &'a Files,
    changes: BTreeMap<String, Option<Vec<u8>>>,
    own: Own,
}

impl Writer<'_> {
    /// Text of a file as it is; `None` without one or when it cannot be read.
    fn old(&self, path: &str, kind: JsonKind) -> Option<String> {
        decode(self.before.get(path)?, kind).ok().map(|decoded| decoded.text)
    }

    /// Gives a file a text, or removes it.
    fn put(&mut self, path: &str, text: Option<String>, kind: JsonKind) -> Result<()> {
        let Some(bytes) = self.before.get(path) else {
            if let Some(text) = text {
                self.changes.insert(path.to_owned(), Some(text.into_bytes()));
            }
            return Ok(());
        };
        match (decode(bytes, kind), text) {
            (Ok(old), Some(text)) if old.text == text => {}
            (Ok(_), text) => {
                self.changes.insert(path.to_owned(), text.map(String::into_bytes));
            }
            (Err(_), None) => {}
            // What a crash emptied says nothing that could be lost.
            (Err(refused), Some(text)) if refused.code == codes::EMPTY_FILE => {
                self.changes.insert(path.to_owned(), Some(text.into_bytes()));
            }
            (Err(refused), Some(_)) => return Err(damaged(path, &refused.message)),
        }
        Ok(())
    }

    fn profile(&mut self, profile: &Profile) -> Result<()> {
        let folder = format!("profiles/{}", profile.id());
        let (settings, old) = (format!("{folder}/profile.json"), format!("{folder}/app_settings.json"));
        let document = profile.document().map(str::to_owned);
        let is_in_old_file =
            !self.before.contains_key(&settings) && document.is_some() && self.old(&old, JsonKind::Object) == document;
        if is_in_old_file {
            return Ok(());
        }
        self.put(&settings, document, JsonKind::Object)
    }

    fn query(&mut self, repository: &mut dyn DeliveryRepository, query: &Query) -> Result<()> {
        let key = query.key();
        let path = |document: QueryDocument| document.path(key.profile.as_str(), key.query.as_str());
        self.put(&path(QueryDocument::Query), query.document().map(str::to_owned), JsonKind::Object)?;
        let data = repository.get_project_data(key)?.map(|data| data.document);
        self.put(&path(QueryDocument::ProjectData), data, JsonKind::Object)?;
        self.caches(repository, query)?;
        let changelog = changelog_document(repository, key)?;
        if let Some(text) = &changelog {
            self.changelog_expiry(repository, key, text)?;
        }
        self.put(&path(QueryDocument::Changelog), changelog, JsonKind::Object)?;
        let snapshots = repository.list_snapshots(key, None, None)?;
        let old = self.old(&path(QueryDocument::Snapshots), JsonKind::Object);
        let text = match (&old, snapshots.is_empty()) {
            (Some(old), false) => Some(snapshot::write(key, Some(old), &snapshots)?),
            (None, false) => Some(snapshot::write(key, None, &snapshots)?),
            // An empty document is one that may have been there before.
            (Some(old), true) if snapshot::read(key, old)?.is_empty() => Some(old.clone()),
            (_, true) => None,
        };
        self.put(&path(QueryDocument::Snapshots), text, JsonKind::Object)
    }

    fn caches(&mut self, repository: &mut dyn DeliveryRepository, query: &Query) -> Result<()> {
        let key = query.key();
        let mut caches = Vec::new();
        for cache in repository.list_caches(key)? {
            let document = cache_document(repository, &cache)?;
            let derived = derived_cache(query, &document)?;
            caches.push((derived != (cache.cache_key.clone(), cache.expires_at), cache, document));
        }
        // The file older programs know goes to a response that needs nothing beside its document.
        caches.sort_by_key(|(needs_own, _, _)| *needs_own);
        let mut used = BTreeSet::new();
        for (number, (needs_own, cache, document)) in (0_u32..).zip(caches) {
            let file = if number == 0 { QueryDocument::JiraCache } else { QueryDocument::MoreJiraCache(number + 1) };
            let path = file.path(key.profile.as_str(), key.query.as_str());
            if needs_own {
                self.own.caches.push((path.clone(), OwnCache { key: cache.cache_key, expires_at: cache.expires_at }));
            }
            self.put(&path, Some(document), JsonKind::Object)?;
            used.insert(path);
        }
        let folder = format!("profiles/{}/queries/{}/", key.profile, key.query);
        let left: Vec<String> = self
            .before
            .range(folder.clone()..)
            .map(|(path, _)| path.clone())
            .take_while(|path| path.starts_with(&folder))
            .collect();
        for path in left.iter().filter(|path| !used.contains(*path)) {
            if matches!(
                classify(path),
                DeliveryFile::Query(_, _, QueryDocument::JiraCache | QueryDocument::MoreJiraCache(_))
            ) {
                self.put(path, None, JsonKind::Object)?;
            }
        }
        Ok(())
    }

    fn changelog_expiry(
        &mut self,
        repository: &mut dyn DeliveryRepository,
        key: &QueryKey,
        document: &str,
    ) -> Result<()> {
        let (_, derived) = Changelog::read(key.clone(), document, None)?;
        let path = QueryDocument::Changelog.path(key.profile.as_str(), key.query.as_str());
        let (mut place, mut after) = (0_usize, None);
        loop {
            let page = repository.changelog_page(key, after, 1_000)?;
            let Some(last) = page.last() else { break };
            after = Some(last.ordinal);
            for entry in page {
                // Places close up where entries are gone.
                if let Some(derived) = derived.get(place)
                    && derived.expires_at != entry.expires_at
                {
                    self.own.changelogs.push((path.clone(), derived.ordinal, entry.expires_at));
                }
                place += 1;
            }
        }
        Ok(())
    }

    /// Removes the files of profiles and queries that were there and are not any more.
    fn remove_what_is_gone(&mut self, profiles: &[Profile], queries: &BTreeSet<QueryKey>) {
        for path in self.before.keys() {
            let parts: Vec<&str> = path.split('/').collect();
            let ["profiles", profile, _, ..] = parts.as_slice() else { continue };
            let Ok(profile) = ProfileId::new(*profile) else { continue };
            let mut is_gone = !profiles.iter().any(|present| *present.id() == profile);
            if let ["profiles", _, "queries", query, _, ..] = parts.as_slice()
                && let Ok(query) = QueryId::new(*query)
            {
                is_gone |= !queries.contains(&QueryKey::new(profile, query));
            }
            if is_gone {
                self.changes.insert(path.clone(), None);
            }
        }
    }

    fn state(&mut self, state: &[(String, String)], profiles: &[Profile]) -> Result<()> {
        let old = self.old(REGISTRY, JsonKind::Object);
        let old_registry = old.as_deref().map(Registry::read).transpose()?.unwrap_or_default();
        let entry_of =
            |profile: &Profile| profile.registry_entry().map(|entry| (profile.id().to_string(), entry.to_owned()));
        let (mut registry, mut rest) = registry_of_state(state, profiles.iter().filter_map(entry_of).collect());
        // An entry that is no object belongs to no row; it stays as it is while its profile does.
        for (id, entry) in &old_registry.entries {
            let is_present = profiles.iter().any(|profile| profile.id().as_str() == id);
            if is_present && !entry.starts_with('{') && !registry.entries.iter().any(|(other, _)| other == id) {
                registry.entries.push((id.clone(), entry.clone()));
            }
        }
        let place = |id: &String| old_registry.entries.iter().position(|(other, _)| other == id).unwrap_or(usize::MAX);
        registry.entries.sort_by_key(|(id, _)| place(id));
        let says_nothing = registry == Registry::default();
        let text = if says_nothing && old.is_none() { None } else { Some(registry.write(old.as_deref())?) };
        self.put(REGISTRY, text, JsonKind::Object)?;
        let saved = rest.iter().position(|(key, _)| key == SAVED_QUERIES).map(|at| rest.remove(at).1);
        self.put(SAVED, saved, JsonKind::Array)?;
        self.own.state = rest;
        Ok(())
    }
}

/// Key and moment of expiry a cached response has by its document alone.
fn derived_cache(query: &Query, document: &str) -> Result<(String, Option<landfast_domain::time::Timestamp>)> {
    let cache = JiraCache::from_envelope(query.key().clone(), "", document.to_owned());
    // Without a document of its own the query has no JQL but that of a cache.
    let own_jql = Query::new(query.key().clone(), query.document().map(str::to_owned), None)?.facts().jql.clone();
    let jql = cache.facts().jql.unwrap_or(own_jql);
    Ok((DIGESTS.data_cache_key(&jql, CACHE_PERIOD_DAYS), cache.expires_at))
}
