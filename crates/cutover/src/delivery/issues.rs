//! A cached Jira response: a document of issues, read one by one.

use super::parents::{ensure_query, own_file, own_jql, points_field};
use super::read::{each_part, issue_pages, read_bytes, stream_failure, whole_envelope};
use crate::bytes::to_i64;
use crate::document::Bytes;
use crate::error::Result;
use crate::keyed::{KeyedDocument, KeyedItem, Reading, Scope, count_children};
use landfast_domain::Repositories;
use landfast_domain::delivery::keys::CACHE_PERIOD_DAYS;
use landfast_domain::delivery::{ISSUES, Issue, JiraCache, Query, QueryKey};
use landfast_domain::json::JsonKind;
use landfast_legacy::delivery::{DIGESTS, PartReader, decode};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// `jira_cache.json` of a query, or a further one.
#[derive(Debug)]
pub(super) struct Issues {
    query: QueryKey,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The present document without its issues.
    head: Option<JiraCache>,
    /// Earlier versions without their issues.
    earlier: Vec<JiraCache>,
    points_field: Option<String>,
}

impl Issues {
    pub(super) fn new(query: QueryKey) -> Self {
        Self { query, state: Mutex::new(State::default()) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The row of a response, of its document without issues.
    fn cache(&self, scope: &Scope<'_>, envelope: String) -> Result<JiraCache> {
        let mut cache = JiraCache::from_envelope(self.query.clone(), "", envelope);
        if let Some(own) = own_file(scope)?
            && let Some((key, expires_at)) = own.cache_key(scope.path)
        {
            (cache.cache_key, cache.expires_at) = (key.to_owned(), expires_at);
            return Ok(cache);
        }
        let jql = match cache.facts().jql {
            Some(jql) => jql,
            None => own_jql(scope, &self.query)?,
        };
        cache.cache_key = DIGESTS.data_cache_key(&jql, CACHE_PERIOD_DAYS);
        Ok(cache)
    }

    /// Looks through the document for what stands beside the issues, once.
    fn head(&self, scope: &Scope<'_>) -> Result<Option<JiraCache>> {
        if let Some(head) = &self.state().head {
            return Ok(Some(head.clone()));
        }
        let Some(source) = scope.open(scope.path)? else { return Ok(None) };
        let Some(envelope) = whole_envelope(scope, PartReader::new(source, ISSUES), |_| {})? else { return Ok(None) };
        let head = self.cache(scope, envelope)?;
        let mut state = self.state();
        state.points_field = points_field(scope, &self.query.profile)?;
        state.head = Some(head.clone());
        Ok(Some(head))
    }

    /// Key under which the rows are: that of the document, or of an earlier version that was not replaced yet.
    fn key(&self, repositories: &mut dyn Repositories, scope: &Scope<'_>) -> Result<Option<String>> {
        let Some(head) = self.head(scope)? else { return Ok(None) };
        let keys: Vec<String> = std::iter::once(&head)
            .chain(self.state().earlier.iter().rev())
            .map(|cache| cache.cache_key.clone())
            .collect();
        for key in keys {
            if repositories.delivery()?.get_cache(&self.query, &key)?.is_some() {
                return Ok(Some(key));
            }
        }
        Ok(None)
    }

    /// Puts the head of the document in place of that of an earlier version, whose issues move along.
    fn replace(&self, repositories: &mut dyn Repositories, old: &JiraCache, head: &JiraCache) -> Result<()> {
        let repository = repositories.delivery()?;
        if old.cache_key == head.cache_key {
            return Ok(repository.update_cache(head)?);
        }
        let mut issues = Vec::new();
        issue_pages(repository, &self.query, &old.cache_key, |page| {
            issues.extend(page);
            Ok(())
        })?;
        repository.delete_cache(&self.query, &old.cache_key)?;
        repository.save_cache(head)?;
        Ok(repository.save_issues(&self.query, &head.cache_key, &issues)?)
    }
}

impl KeyedDocument for Issues {
    fn entity(&self) -> &'static str {
        "issue"
    }

    fn read(
        &self,
        scope: &Scope<'_>,
        source: Bytes<'_>,
        visit: &mut dyn FnMut(KeyedItem) -> Result<()>,
    ) -> Result<Reading> {
        if !scope.is_earlier && self.head(scope)?.is_none() {
            return whole(scope, source, visit);
        }
        // What was looked through for its head is known to be JSON.
        let mut reader = match scope.is_earlier {
            true => PartReader::new(source, ISSUES),
            false => PartReader::unchecked(source, ISSUES),
        };
        each_part(scope, &mut reader, &mut |place, part| {
            visit(KeyedItem::new(place.ordinal.to_string(), place, part.text))
        })?;
        if scope.is_earlier {
            let envelope = reader.envelope().map_err(|error| stream_failure(scope, error))?;
            let earlier = self.cache(scope, envelope)?;
            self.state().earlier.push(earlier);
        }
        Ok(Reading { dialect: "JSON, issues in a list".to_owned(), ..Reading::default() })
    }

    fn count(&self, source: Bytes<'_>) -> Result<u64> {
        Ok(count_children(source, &["issues"])?.unwrap_or(0))
    }

    fn begin(&self, repositories: &mut dyn Repositories, scope: &Scope<'_>) -> Result<()> {
        ensure_query(repositories, scope, &self.query)?;
        let Some(head) = self.head(scope)? else { return Ok(()) };
        let earlier = self.state().earlier.clone();
        let Some(key) = self.key(repositories, scope)? else {
            return Ok(repositories.delivery()?.save_cache(&head)?);
        };
        let Some(old) = repositories.delivery()?.get_cache(&self.query, &key)? else { return Ok(()) };
        let is_loaded = earlier.iter().any(|earlier| earlier.envelope == old.envelope);
        if is_loaded && (old.envelope != head.envelope || old.cache_key != head.cache_key) {
            self.replace(repositories, &old, &head)?;
        }
        Ok(())
    }

    fn stored(
        &self,
        repositories: &mut dyn Repositories,
        scope: &Scope<'_>,
        keys: &[&str],
    ) -> Result<Vec<Option<String>>> {
        let Some(cache_key) = self.key(repositories, scope)? else { return Ok(vec![None; keys.len()]) };
        super::rows_at(keys, |after, limit| {
            let page = repositories.delivery()?.issues_page(&self.query, &cache_key, after, limit)?;
            Ok(page.into_iter().map(|issue| (issue.ordinal, issue.text)).collect())
        })
    }

    fn save(&self, repositories: &mut dyn Repositories, scope: &Scope<'_>, items: &[&KeyedItem]) -> Result<()> {
        let Some(cache_key) = self.key(repositories, scope)? else { return Ok(()) };
        let points_field = self.state().points_field.clone();
        let issues: Vec<Issue> = items
            .iter()
            .filter_map(|item| {
                let text = item.outcome.as_ref().ok()?;
                Some(Issue::read(item.place.ordinal, text.as_str(), points_field.as_deref()))
            })
            .collect();
        Ok(repositories.delivery()?.save_issues(&self.query, &cache_key, &issues)?)
    }

    fn delete(&self, repositories: &mut dyn Repositories, scope: &Scope<'_>, key: &str) -> Result<()> {
        // Only whole responses can be deleted, so the others are written again.
        let (Some(cache_key), Ok(ordinal)) = (self.key(repositories, scope)?, key.parse::<i64>()) else {
            return Ok(());
        };
        let repository = repositories.delivery()?;
        let Some(cache) = repository.get_cache(&self.query, &cache_key)? else { return Ok(()) };
        let mut issues = Vec::new();
        issue_pages(repository, &self.query, &cache_key, |page| {
            issues.extend(page.into_iter().filter(|issue| issue.ordinal != ordinal));
            Ok(())
        })?;
        repository.save_cache(&cache)?;
        Ok(repository.save_issues(&self.query, &cache_key, &issues)?)
    }

    fn prunes(&self) -> bool {
        true
    }

    fn end(&self, repositories: &mut dyn Repositories, scope: &Scope<'_>, _reading: &Reading) -> Result<()> {
        let Some(head) = self.head(scope)? else { return Ok(()) };
        let repository = repositories.delivery()?;
        let Some(query) = repository.get_query(&self.query)? else { return Ok(()) };
        let document = query.document().map(str::to_owned);
        let with_jql = Query::new(self.query.clone(), document, head.facts().jql)?;
        if with_jql != query {
            repository.save_query(&with_jql)?;
        }
        Ok(())
    }
}

/// A document that cannot be read issue by issue is set aside as a whole.
fn whole(scope: &Scope<'_>, source: Bytes<'_>, visit: &mut dyn FnMut(KeyedItem) -> Result<()>) -> Result<Reading> {
    let bytes = read_bytes(scope, source)?;
    let (code, message) = match decode(&bytes, JsonKind::Object) {
        Err(refused) => (refused.code, refused.message),
        Ok(_) => (landfast_domain::delivery::codes::WRONG_KIND, "there is no list of issues".to_owned()),
    };
    visit(KeyedItem::aside(code, message, bytes))?;
    Ok(Reading::default())
}

/// Number of a record as its key tells it.
pub(super) fn number(key: &str) -> i64 {
    key.parse().unwrap_or_else(|_| to_i64(i64::MAX))
}
