//! Profiles, queries and their data.

use super::{Fields, Table, field, join, part, split};
use landfast_domain::cutover::Area;
use landfast_domain::delivery::{ChangelogEntry, Issue, ProfileId, QueryId, QueryKey};
use landfast_domain::{Repositories, Result};
use std::collections::BTreeSet;

/// Rows read at a time.
const PAGE: usize = 1000;

/// All kinds: what others belong to comes first.
pub(super) fn tables() -> Vec<Box<dyn Table>> {
    let of = |name, keys, fields, put| -> Box<dyn Table> { Box::new(Document { name, keys, fields, put }) };
    vec![
        of("app state", app_state_keys, app_state, put_app_state),
        of("profile", profile_keys, profile, put_profile),
        of("profile tree", no_keys, profile_tree, put_profile_tree),
        of("query", query_keys, query, put_query),
        of("query tree", no_keys, query_tree, put_query_tree),
        of("jira cache", cache_keys, cache, put_cache),
        of("change log", query_keys, changelog, put_changelog),
        of("project data", query_keys, project_data, put_project_data),
        of("metrics snapshots", query_keys, snapshots, put_snapshots),
        of("task progress", progress_keys, progress, put_progress),
        of("task state", task_state_keys, task_state, put_task_state),
    ]
}

type Repos<'r> = &'r mut dyn Repositories;

type Read = fn(Repos<'_>, &[String]) -> Result<Option<Fields>>;

struct Document {
    name: &'static str,
    keys: fn(Repos<'_>) -> Result<Vec<String>>,
    fields: Read,
    put: fn(Repos<'_>, Repos<'_>, &[String]) -> Result<()>,
}

impl Table for Document {
    fn area(&self) -> Area {
        Area::Delivery
    }

    fn name(&self) -> &'static str {
        self.name
    }

    fn keys(&self, repositories: &mut dyn Repositories) -> Result<Vec<(String, String)>> {
        Ok((self.keys)(repositories)?.into_iter().map(|key| (String::new(), key)).collect())
    }

    fn fields(&self, repositories: &mut dyn Repositories, _user: &str, key: &str) -> Result<Option<Fields>> {
        (self.fields)(repositories, &split(key)?)
    }

    fn put(&self, source: &mut dyn Repositories, target: &mut dyn Repositories, _user: &str, key: &str) -> Result<()> {
        (self.put)(source, target, &split(key)?)
    }
}

fn query_key(parts: &[String]) -> Result<QueryKey> {
    Ok(QueryKey::new(ProfileId::new(part(parts, 0))?, QueryId::new(part(parts, 1))?))
}

fn option(name: &str, text: Option<&str>) -> Option<(String, String)> {
    text.map(|text| (name.to_owned(), text.to_owned()))
}

/// Trees are marked when something was deleted; what they hold is compared piece by piece.
#[expect(clippy::unnecessary_wraps, reason = "as the others of its kind")]
fn no_keys(_repositories: Repos<'_>) -> Result<Vec<String>> {
    Ok(Vec::new())
}

fn app_state_keys(repositories: Repos<'_>) -> Result<Vec<String>> {
    Ok(repositories.delivery()?.list_app_state()?.iter().map(|(key, _)| join(&[key])).collect())
}

fn app_state(repositories: Repos<'_>, parts: &[String]) -> Result<Option<Fields>> {
    let value = repositories.delivery()?.app_state(part(parts, 0))?;
    Ok(value.map(|value| vec![("value".to_owned(), value)]))
}

fn put_app_state(source: Repos<'_>, target: Repos<'_>, parts: &[String]) -> Result<()> {
    match source.delivery()?.app_state(part(parts, 0))? {
        Some(value) => target.delivery()?.set_app_state(part(parts, 0), &value),
        None => target.delivery()?.delete_app_state(part(parts, 0)).map(drop),
    }
}

fn profile_keys(repositories: Repos<'_>) -> Result<Vec<String>> {
    Ok(repositories.delivery()?.list_profiles()?.iter().map(|profile| join(&[profile.id.as_str()])).collect())
}

fn profile(repositories: Repos<'_>, parts: &[String]) -> Result<Option<Fields>> {
    let profile = repositories.delivery()?.get_profile(&ProfileId::new(part(parts, 0))?)?;
    Ok(profile.map(|profile| {
        let document = option("document", profile.document());
        document.into_iter().chain(option("registry_entry", profile.registry_entry())).collect()
    }))
}

fn put_profile(source: Repos<'_>, target: Repos<'_>, parts: &[String]) -> Result<()> {
    let id = ProfileId::new(part(parts, 0))?;
    match source.delivery()?.get_profile(&id)? {
        Some(profile) => target.delivery()?.save_profile(&profile),
        None if target.delivery()?.get_profile(&id)?.is_none() => Ok(()),
        None => target.delivery()?.delete_profile(&id),
    }
}

/// Queries of a profile, as the fields of its tree.
fn profile_tree(repositories: Repos<'_>, parts: &[String]) -> Result<Option<Fields>> {
    let id = ProfileId::new(part(parts, 0))?;
    if repositories.delivery()?.get_profile(&id)?.is_none() {
        return Ok(None);
    }
    let mut fields = Fields::new();
    let mut keys: Vec<QueryKey> =
        repositories.delivery()?.list_queries(&id)?.iter().map(|query| query.key().clone()).collect();
    keys.sort();
    for key in keys {
        let parts = [key.profile.to_string(), key.query.to_string()];
        let below = query_tree(repositories, &parts)?.unwrap_or_default();
        fields.extend(below.into_iter().map(|(name, text)| (format!("{}/{name}", key.query), text)));
    }
    Ok(Some(fields))
}

fn put_profile_tree(source: Repos<'_>, target: Repos<'_>, parts: &[String]) -> Result<()> {
    let id = ProfileId::new(part(parts, 0))?;
    put_profile(source, target, parts)?;
    let mut queries = source.delivery()?.list_queries(&id)?;
    queries.extend(target.delivery()?.list_queries(&id)?);
    let keys: BTreeSet<QueryKey> = queries.iter().map(|query| query.key().clone()).collect();
    for key in keys {
        put_query_tree(source, target, &[key.profile.to_string(), key.query.to_string()])?;
    }
    Ok(())
}

fn query_keys(repositories: Repos<'_>) -> Result<Vec<String>> {
    let mut keys = Vec::new();
    for profile in repositories.delivery()?.list_profiles()? {
        for query in repositories.delivery()?.list_queries(&profile.id)? {
            keys.push(join(&[query.key().profile.as_str(), query.key().query.as_str()]));
        }
    }
    Ok(keys)
}

fn query(repositories: Repos<'_>, parts: &[String]) -> Result<Option<Fields>> {
    let query = repositories.delivery()?.get_query(&query_key(parts)?)?;
    Ok(query.map(|query| {
        let document = option("document", query.document());
        document.into_iter().chain(option("cached_jql", query.cached_jql())).collect()
    }))
}

fn put_query(source: Repos<'_>, target: Repos<'_>, parts: &[String]) -> Result<()> {
    let key = query_key(parts)?;
    match source.delivery()?.get_query(&key)? {
        Some(query) => target.delivery()?.save_query(&query),
        None if target.delivery()?.get_query(&key)?.is_none() => Ok(()),
        None => target.delivery()?.delete_query(&key),
    }
}

/// The data of a query that is there, as the fields of its tree.
fn query_tree(repositories: Repos<'_>, parts: &[String]) -> Result<Option<Fields>> {
    let Some(mut fields) = query(repositories, parts)? else { return Ok(None) };
    let key = query_key(parts)?;
    for below in repositories.delivery()?.list_caches(&key)? {
        let mut parts = parts.to_vec();
        parts.push(below.cache_key.clone());
        let rows = cache(repositories, &parts)?.unwrap_or_default();
        fields.extend(rows.into_iter().map(|(name, text)| (format!("cache {}/{name}", below.cache_key), text)));
    }
    let below: [(&str, Read); 2] = [("change log", changelog), ("data", project_data)];
    for (kind, read) in below {
        let rows: Fields = read(repositories, parts)?.unwrap_or_default();
        fields.extend(rows.into_iter().map(|(name, text)| (format!("{kind}/{name}"), text)));
    }
    fields.extend(snapshots(repositories, parts)?.unwrap_or_default());
    Ok(Some(fields))
}

fn put_query_tree(source: Repos<'_>, target: Repos<'_>, parts: &[String]) -> Result<()> {
    let key = query_key(parts)?;
    put_query(source, target, parts)?;
    if source.delivery()?.get_query(&key)?.is_none() {
        return Ok(());
    }
    let mut caches = source.delivery()?.list_caches(&key)?;
    caches.extend(target.delivery()?.list_caches(&key)?);
    let keys: BTreeSet<String> = caches.into_iter().map(|cache| cache.cache_key).collect();
    for cache in keys {
        put_cache(source, target, &[part(parts, 0).to_owned(), part(parts, 1).to_owned(), cache])?;
    }
    put_changelog(source, target, parts)?;
    put_project_data(source, target, parts)?;
    put_snapshots(source, target, parts)
}

fn cache_keys(repositories: Repos<'_>) -> Result<Vec<String>> {
    let mut keys = Vec::new();
    for key in query_keys(repositories)? {
        let parts = split(&key)?;
        for cache in repositories.delivery()?.list_caches(&query_key(&parts)?)? {
            keys.push(join(&[part(&parts, 0), part(&parts, 1), &cache.cache_key]));
        }
    }
    Ok(keys)
}

fn cache(repositories: Repos<'_>, parts: &[String]) -> Result<Option<Fields>> {
    let (key, cache_key) = (query_key(parts)?, part(parts, 2));
    let Some(cache) = repositories.delivery()?.get_cache(&key, cache_key)? else { return Ok(None) };
    let mut fields = vec![
        ("envelope".to_owned(), cache.envelope.clone()),
        field("timestamp", &cache.timestamp),
        field("expires_at", cache.expires_at),
    ];
    let mut after = None;
    loop {
        let page = repositories.delivery()?.issues_page(&key, cache_key, after, PAGE)?;
        let Some(last) = page.last() else { return Ok(Some(fields)) };
        after = Some(last.ordinal);
        fields.extend(page.iter().map(|Issue { ordinal, text, .. }| (format!("issues/{ordinal}"), text.clone())));
    }
}

fn put_cache(source: Repos<'_>, target: Repos<'_>, parts: &[String]) -> Result<()> {
    let (key, cache_key) = (query_key(parts)?, part(parts, 2));
    let Some(cache) = source.delivery()?.get_cache(&key, cache_key)? else {
        return target.delivery()?.delete_cache(&key, cache_key).map(drop);
    };
    target.delivery()?.save_cache(&cache)?;
    let mut after = None;
    loop {
        let page = source.delivery()?.issues_page(&key, cache_key, after, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.ordinal);
        target.delivery()?.save_issues(&key, cache_key, &page)?;
    }
}

fn changelog(repositories: Repos<'_>, parts: &[String]) -> Result<Option<Fields>> {
    let key = query_key(parts)?;
    let Some(changelog) = repositories.delivery()?.get_changelog(&key)? else { return Ok(None) };
    let mut fields = vec![
        ("envelope".to_owned(), changelog.envelope.clone()),
        field("layout", changelog.layout),
        field("timestamp", &changelog.timestamp),
    ];
    let mut after = None;
    loop {
        let page = repositories.delivery()?.changelog_page(&key, after, PAGE)?;
        let Some(last) = page.last() else { return Ok(Some(fields)) };
        after = Some(last.ordinal);
        for ChangelogEntry { ordinal, issue_key, text, last_updated, expires_at } in page {
            let times = format!("{last_updated:?} {expires_at:?}");
            fields.push((format!("entries/{ordinal}"), format!("{issue_key} {text} {times}")));
        }
    }
}

fn put_changelog(source: Repos<'_>, target: Repos<'_>, parts: &[String]) -> Result<()> {
    let key = query_key(parts)?;
    let Some(changelog) = source.delivery()?.get_changelog(&key)? else {
        return target.delivery()?.delete_changelog(&key).map(drop);
    };
    target.delivery()?.delete_changelog(&key)?;
    target.delivery()?.save_changelog(&changelog)?;
    let mut after = None;
    loop {
        let page = source.delivery()?.changelog_page(&key, after, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.ordinal);
        target.delivery()?.save_changelog_entries(&key, &page)?;
    }
}

fn project_data(repositories: Repos<'_>, parts: &[String]) -> Result<Option<Fields>> {
    let data = repositories.delivery()?.get_project_data(&query_key(parts)?)?;
    Ok(data.map(|data| vec![("document".to_owned(), data.document), field("updated_at", &data.updated_at)]))
}

fn put_project_data(source: Repos<'_>, target: Repos<'_>, parts: &[String]) -> Result<()> {
    let key = query_key(parts)?;
    match source.delivery()?.get_project_data(&key)? {
        Some(data) => target.delivery()?.save_project_data(&data),
        None => target.delivery()?.delete_project_data(&key).map(drop),
    }
}

fn snapshots(repositories: Repos<'_>, parts: &[String]) -> Result<Option<Fields>> {
    let weeks = repositories.delivery()?.list_snapshots(&query_key(parts)?, None, None)?;
    let fields: Fields = weeks
        .into_iter()
        .map(|week| (format!("{}/{} at {}", week.label, week.kind.as_str(), week.ordinal), week.metrics))
        .collect();
    Ok((!fields.is_empty()).then_some(fields))
}

fn put_snapshots(source: Repos<'_>, target: Repos<'_>, parts: &[String]) -> Result<()> {
    let key = query_key(parts)?;
    let weeks = source.delivery()?.list_snapshots(&key, None, None)?;
    target.delivery()?.delete_snapshots(&key)?;
    if weeks.is_empty() { Ok(()) } else { target.delivery()?.save_snapshots(&key, &weeks) }
}

fn progress_keys(repositories: Repos<'_>) -> Result<Vec<String>> {
    Ok(repositories.delivery()?.list_task_progress()?.iter().map(|task| join(&[&task.task_name])).collect())
}

fn progress(repositories: Repos<'_>, parts: &[String]) -> Result<Option<Fields>> {
    let progress = repositories.delivery()?.get_task_progress(part(parts, 0))?;
    Ok(progress.map(|progress| {
        vec![
            field("percent", progress.percent),
            ("status".to_owned(), progress.status.as_str().to_owned()),
            ("message".to_owned(), progress.message.clone()),
            field("updated_at", &progress.updated_at),
        ]
    }))
}

fn put_progress(source: Repos<'_>, target: Repos<'_>, parts: &[String]) -> Result<()> {
    match source.delivery()?.get_task_progress(part(parts, 0))? {
        Some(progress) => target.delivery()?.save_task_progress(&progress),
        None => target.delivery()?.clear_task_progress(part(parts, 0)),
    }
}

fn task_state_keys(repositories: Repos<'_>) -> Result<Vec<String>> {
    let document = repositories.delivery()?.get_task_state()?;
    Ok(document.map(|_| join(&["document"])).into_iter().collect())
}

fn task_state(repositories: Repos<'_>, _parts: &[String]) -> Result<Option<Fields>> {
    Ok(repositories.delivery()?.get_task_state()?.map(|document| vec![("document".to_owned(), document)]))
}

fn put_task_state(source: Repos<'_>, target: Repos<'_>, _parts: &[String]) -> Result<()> {
    match source.delivery()?.get_task_state()? {
        Some(document) => target.delivery()?.save_task_state(&document),
        None => target.delivery()?.clear_task_state(),
    }
}
