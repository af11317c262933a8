//! From the rows of a query to its documents.

use super::digests::DIGESTS;
use super::kind::{DeliveryFile, QueryDocument, classify};
use super::own::OwnCache;
use super::places::{OwnParts, OwnWeeks};
use super::render::Writer;
use landfast_domain::Result;
use landfast_domain::delivery::envelope::cut;
use landfast_domain::delivery::keys::CACHE_PERIOD_DAYS;
use landfast_domain::delivery::{
    Changelog, ChangelogEntry, DeliveryRepository, ISSUES, Issue, JiraCache, Query, QueryKey, snapshot,
};
use landfast_domain::json::JsonKind;
use std::collections::{BTreeMap, BTreeSet};

/// How many rows are read at once.
const PAGE: usize = 1_000;

/// A cached response to be written.
struct Response {
    cache: JiraCache,
    issues: Vec<Issue>,
    document: String,
    /// Whether its key or expiry is not what the document tells.
    needs_own: bool,
}

impl Writer<'_> {
    pub(super) fn query(&mut self, repository: &mut dyn DeliveryRepository, query: &Query) -> Result<()> {
        let key = query.key();
        let path = |document: QueryDocument| document.path(key.profile.as_str(), key.query.as_str());
        self.put(&path(QueryDocument::Query), query.document().map(str::to_owned), JsonKind::Object)?;
        let data = repository.get_project_data(key)?.map(|data| data.document);
        self.put(&path(QueryDocument::ProjectData), data, JsonKind::Object)?;
        let cached_jql = self.caches(repository, query)?;
        if Query::new(key.clone(), query.document().map(str::to_owned), cached_jql)?.cached_jql() != query.cached_jql()
        {
            let folder = format!("profiles/{}/queries/{}", key.profile, key.query);
            self.own.rest.jqls.push((folder, query.cached_jql().map(str::to_owned)));
        }
        let changelog = self.changelog(repository, key)?;
        self.put(&path(QueryDocument::Changelog), changelog, JsonKind::Object)?;
        self.snapshots(repository, key, &path(QueryDocument::Snapshots))
    }

    fn snapshots(&mut self, repository: &mut dyn DeliveryRepository, key: &QueryKey, path: &str) -> Result<()> {
        let snapshots = repository.list_snapshots(key, None, None)?;
        let old = self.old(path, JsonKind::Object);
        if let Some(old) = old.as_deref().filter(|_| !snapshots.is_empty())
            && OwnWeeks::of(path, Some(old), &snapshot::read(key, old)?, &snapshots).is_none()
        {
            // The document says it all.
            return Ok(());
        }
        let text = match (&old, snapshots.is_empty()) {
            (Some(old), false) => Some(snapshot::write(key, Some(old), &snapshots)?),
            (None, false) => Some(snapshot::write(key, None, &snapshots)?),
            // An empty document is one that may have been there before.
            (Some(old), true) if snapshot::read(key, old)?.is_empty() => Some(old.clone()),
            (_, true) => None,
        };
        let read = text.as_deref().map(|text| snapshot::read(key, text)).transpose()?.unwrap_or_default();
        self.own.rest.weeks.extend(OwnWeeks::of(path, text.as_deref(), &read, &snapshots));
        self.put(path, text, JsonKind::Object)
    }

    /// Writes the cached responses, each into the file it has. Gives back the JQL they tell.
    fn caches(&mut self, repository: &mut dyn DeliveryRepository, query: &Query) -> Result<Option<String>> {
        let key = query.key();
        let mut responses = Vec::new();
        for cache in repository.list_caches(key)? {
            let issues = all_issues(repository, key, &cache.cache_key)?;
            let document = cache.document(&issues)?;
            // What tells key and expiry stands beside the issues.
            let needs_own = derived_cache(query, &cache.envelope)? != (cache.cache_key.clone(), cache.expires_at);
            responses.push(Response { cache, issues, document, needs_own });
        }
        let present = self.present_caches(query, responses.len())?;
        let placed = place(responses, &present);
        let mut jql = None;
        for (file, Response { cache, issues, document, needs_own }) in placed.iter() {
            let path = file.path(key.profile.as_str(), key.query.as_str());
            let (envelope, parts) =
                cut(document, ISSUES).map_err(|error| landfast_domain::Error::backend(format!("{path}: {error}")))?;
            let texts: Vec<String> = parts.into_iter().map(|part| part.text).collect();
            self.own.rest.parts.extend(OwnParts::of_issues(
                &path,
                document,
                (&envelope, &texts),
                &cache.envelope,
                issues,
            ));
            if *needs_own {
                let own = OwnCache { key: cache.cache_key.clone(), expires_at: cache.expires_at };
                self.own.caches.push((path.clone(), own));
            }
            jql = jql.or_else(|| cache.facts().jql);
            self.put(&path, Some(document.clone()), JsonKind::Object)?;
        }
        for file in present.keys().filter(|file| !placed.contains_key(file)) {
            self.put(&file.path(key.profile.as_str(), key.query.as_str()), None, JsonKind::Object)?;
        }
        Ok(jql)
    }

    /// Files with cached responses that are there, with the keys of the responses. `responses`: how many there are
    /// to be written; where the only file gets the only response, its key does not matter and is left out.
    fn present_caches(&self, query: &Query, responses: usize) -> Result<BTreeMap<QueryDocument, Option<String>>> {
        let folder = format!("profiles/{}/queries/{}/", query.key().profile, query.key().query);
        let files = self.before.range(folder.clone()..).take_while(|(path, _)| path.starts_with(&folder));
        let files: Vec<_> = files
            .filter_map(|(path, _)| match classify(path) {
                DeliveryFile::Query(_, _, file @ (QueryDocument::JiraCache | QueryDocument::MoreJiraCache(_))) => {
                    Some((path, file))
                }
                _ => None,
            })
            .collect();
        if let ([(_, QueryDocument::JiraCache)], 1) = (files.as_slice(), responses) {
            return Ok(BTreeMap::from([(QueryDocument::JiraCache, None)]));
        }
        let mut present = BTreeMap::new();
        for (path, file) in files {
            let own = self.old_own.caches.iter().find(|(own, _)| own == path).map(|(_, own)| own.key.clone());
            let key = match (self.old(path, JsonKind::Object), own) {
                (None, _) => None,
                (Some(_), Some(own)) => Some(own),
                (Some(text), None) => Some(derived_cache(query, &text)?.0),
            };
            present.insert(file, key);
        }
        Ok(present)
    }

    /// The document of a change log; what it does not tell is noted.
    fn changelog(&mut self, repository: &mut dyn DeliveryRepository, key: &QueryKey) -> Result<Option<String>> {
        let Some(changelog) = repository.get_changelog(key)? else { return Ok(None) };
        let path = QueryDocument::Changelog.path(key.profile.as_str(), key.query.as_str());
        let entries = all_entries(repository, key)?;
        let text = changelog.document(&entries)?;
        let (mut read, mut derived) = Changelog::read(key.clone(), &text, None)?;
        if let Some(parts) = OwnParts::of_entries(&path, &text, (&read, &derived), &changelog.envelope, &entries) {
            parts.apply_to_entries(&mut read, &mut derived);
            self.own.rest.parts.push(parts);
        }
        for (entry, derived) in entries.iter().zip(&derived) {
            if entry.expires_at != derived.expires_at {
                self.own.changelogs.push((path.clone(), entry.ordinal, entry.expires_at));
            }
        }
        Ok(Some(text))
    }
}

/// Gives each response a file: the one it has, else the next free one. The file older programs know always
/// has one, best one that needs nothing beside its document.
fn place(
    responses: Vec<Response>,
    present: &BTreeMap<QueryDocument, Option<String>>,
) -> BTreeMap<QueryDocument, Response> {
    let mut placed: BTreeMap<QueryDocument, Response> = BTreeMap::new();
    let mut left = Vec::new();
    for response in responses {
        let own = present.iter().find(|(_, key)| key.as_ref() == Some(&response.cache.cache_key));
        match own {
            Some((file, _)) => {
                placed.insert(*file, response);
            }
            None => left.push(response),
        }
    }
    left.sort_by_key(|response| response.needs_own);
    let mut left = left.into_iter();
    if !placed.contains_key(&QueryDocument::JiraCache) {
        let other = placed.keys().next().copied();
        let first = left.next().or_else(|| other.and_then(|other| placed.remove(&other)));
        placed.extend(first.map(|first| (QueryDocument::JiraCache, first)));
    }
    let taken: BTreeSet<QueryDocument> = placed.keys().copied().collect();
    let free = (2_u32..).map(QueryDocument::MoreJiraCache).filter(|file| !taken.contains(file));
    placed.extend(free.zip(left));
    placed
}

fn all_issues(repository: &mut dyn DeliveryRepository, key: &QueryKey, cache_key: &str) -> Result<Vec<Issue>> {
    let (mut issues, mut after): (Vec<Issue>, _) = (Vec::new(), None);
    loop {
        let page = repository.issues_page(key, cache_key, after, PAGE)?;
        let Some(last) = page.last() else { return Ok(issues) };
        after = Some(last.ordinal);
        issues.extend(page);
    }
}

fn all_entries(repository: &mut dyn DeliveryRepository, key: &QueryKey) -> Result<Vec<ChangelogEntry>> {
    let (mut entries, mut after): (Vec<ChangelogEntry>, _) = (Vec::new(), None);
    loop {
        let page = repository.changelog_page(key, after, PAGE)?;
        let Some(last) = page.last() else { return Ok(entries) };
        after = Some(last.ordinal);
        entries.extend(page);
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
