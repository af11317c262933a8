//! Profiles to and from a repository as bundles of texts.

use super::documents::{
    cache_document, changelog_document, save_changelog_document, save_snapshots_document, snapshots_document,
};
use super::ids::{ProfileId, QueryKey, fold_name};
use super::keys::{CACHE_PERIOD_DAYS, Digests};
use super::package::{CacheBundle, Conflict, ProfileBundle, QueryBundle, resolve};
use super::profile::Profile;
use super::project_data::ProjectData;
use super::query::Query;
use super::repository::DeliveryRepository;
use super::{JiraCache, profiles, queries};
use crate::time::Timestamp;
use crate::{Error, Result};

/// Takes a profile with everything below it, or with one of its queries only.
///
/// # Errors
/// [`Error::NotFound`] without such a profile or query; [`Error::Corrupt`] when what is kept is damaged.
pub fn take(
    repository: &mut dyn DeliveryRepository,
    id: &ProfileId,
    only: Option<&QueryKey>,
    digests: &Digests,
) -> Result<ProfileBundle> {
    let profile = profiles::require(repository, id)?;
    let mut list = repository.list_queries(id)?;
    if let Some(key) = only {
        queries::require(repository, key)?;
        list.retain(|query| query.key() == key);
    }
    list.sort_by(|a, b| a.key().cmp(b.key()));
    let mut bundles = Vec::with_capacity(list.len());
    for query in list {
        bundles.push(take_query(repository, &query, digests)?);
    }
    Ok(ProfileBundle {
        id: id.clone(),
        document: profile.document().map(str::to_owned),
        registry_entry: profile.registry_entry().map(str::to_owned),
        queries: bundles,
    })
}

fn take_query(repository: &mut dyn DeliveryRepository, query: &Query, digests: &Digests) -> Result<QueryBundle> {
    let key = query.key();
    let mut caches = Vec::new();
    for cache in repository.list_caches(key)? {
        let derived =
            JiraCache::from_envelope(key.clone(), default_key(&cache, query, digests), cache.envelope.clone());
        caches.push(CacheBundle {
            // What can be told from the document itself need not be said beside it.
            key: (derived.cache_key != cache.cache_key).then(|| cache.cache_key.clone()),
            expires_at: cache.expires_at.filter(|_| derived.expires_at != cache.expires_at),
            document: cache_document(repository, &cache)?,
        });
    }
    Ok(QueryBundle {
        id: key.query.clone(),
        document: query.document().map(str::to_owned),
        project_data: repository.get_project_data(key)?.map(|data| data.document),
        caches,
        changelog: changelog_document(repository, key)?,
        snapshots: snapshots_document(repository, key)?,
        other: Vec::new(),
    })
}

/// Brings a profile in. Tells the id it got. What `resolve` makes of it and a local one replaces what is
/// there; a name another profile has is refused unless the conflict is to be solved by renaming.
///
/// # Errors
/// [`Error::Conflict`] when another profile has the name; [`Error::Invalid`] when a text is not what it
/// should be.
pub fn bring(
    repository: &mut dyn DeliveryRepository,
    imported: ProfileBundle,
    conflict: &Conflict,
    digests: &Digests,
    now: Timestamp,
) -> Result<ProfileId> {
    let local = match repository.get_profile(&imported.id)? {
        Some(profile) => Some(take(repository, profile.id(), None, digests)?),
        None => None,
    };
    let mut bundle = resolve(imported, local.as_ref(), conflict)?;
    let name = |bundle: &ProfileBundle| -> Result<String> {
        Ok(Profile::new(bundle.id.clone(), bundle.document.clone(), bundle.registry_entry.clone())?
            .facts()
            .name
            .clone())
    };
    let mut found = name(&bundle)?;
    let taken = |repository: &mut dyn DeliveryRepository, name: &str, id: &ProfileId| -> Result<bool> {
        Ok(repository.list_profiles()?.iter().any(|other| other.id != *id && fold_name(&other.name) == fold_name(name)))
    };
    if taken(repository, &found, &bundle.id)? {
        if !matches!(conflict, Conflict::Rename(_)) {
            return Err(Error::Conflict { entity: "profile name", key: found });
        }
        let local = bundle.clone();
        bundle = resolve(bundle, Some(&local), conflict)?;
        found = name(&bundle)?;
        if taken(repository, &found, &bundle.id)? {
            return Err(Error::Conflict { entity: "profile name", key: found });
        }
    }
    let id = bundle.id.clone();
    put(repository, bundle, digests, now)?;
    Ok(id)
}

/// Makes a profile what a bundle says, whatever was there before.
fn put(
    repository: &mut dyn DeliveryRepository,
    bundle: ProfileBundle,
    digests: &Digests,
    now: Timestamp,
) -> Result<()> {
    if repository.get_profile(&bundle.id)?.is_some() {
        repository.delete_profile(&bundle.id)?;
    }
    let profile = Profile::new(bundle.id.clone(), bundle.document, bundle.registry_entry)?;
    let points_field = profile.facts().points_field.clone();
    repository.save_profile(&profile)?;
    for part in bundle.queries {
        let key = QueryKey::new(bundle.id.clone(), part.id);
        let cached_jql = part
            .caches
            .first()
            .and_then(|cache| JiraCache::from_envelope(key.clone(), "", cache.document.clone()).facts().jql);
        let query = Query::new(key.clone(), part.document, cached_jql)?;
        repository.save_query(&query)?;
        if let Some(data) = part.project_data {
            repository.save_project_data(&ProjectData::new(key.clone(), data)?)?;
        }
        for bundle in part.caches {
            let (mut cache, issues) =
                JiraCache::read(key.clone(), "", &bundle.document, bundle.expires_at, points_field.as_deref())?;
            cache.cache_key = bundle.key.unwrap_or_else(|| default_key(&cache, &query, digests));
            repository.save_cache(&cache)?;
            repository.save_issues(&key, &cache.cache_key, &issues)?;
        }
        if let Some(changelog) = part.changelog {
            save_changelog_document(repository, &key, &changelog)?;
        }
        if let Some(snapshots) = part.snapshots {
            save_snapshots_document(repository, &key, &snapshots)?;
        }
        for (name, text) in part.other {
            // Parts of other versions have no table; they are kept where nothing is lost.
            repository.set_app_state(&format!("package.{key}.{name}"), &text)?;
        }
    }
    if repository.app_state(super::state::ACTIVE_PROFILE)?.is_none() {
        profiles::switch(repository, &bundle.id, now)?;
    }
    Ok(())
}

fn default_key(cache: &JiraCache, query: &Query, digests: &Digests) -> String {
    let jql = cache.facts().jql.unwrap_or_else(|| query.facts().jql.clone());
    digests.data_cache_key(&jql, CACHE_PERIOD_DAYS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::package::{ExportMode, ExportOptions, export, read};
    use crate::delivery::testing::{Memory, at, digests, profile_id, query_key};

    const CACHE: &str = "{\"timestamp\": \"2025-12-17T09:30:00Z\", \"jql_query\": \"a\", \"issues\": [\n {\"key\": \"A-1\", \"fields\": {\"f\": 3}}, {}]}";
    const CHANGELOG: &str = r#"{"A-1": {"changelog": {"histories": [{"created": "2025-03-20T05:38:35.564+0000", "items": [{"field": "status"}]}]}, "last_updated": "2025-12-17T09:30:00"}}"#;

    fn filled() -> Memory {
        let mut memory = Memory::default();
        let (key, d) = (query_key("p1", "q1"), digests());
        let bundle = ProfileBundle {
            id: profile_id("p1"),
            document: Some("{\"name\": \"A\", \"jira_config\": {\"token\": \"t\", \"points_field\": \"f\"}, \"forecast_settings\": {}}".to_owned()),
            registry_entry: Some("{\"name\": \"A\", \"last_used\": \"2025-12-17T09:30:00+00:00\"}".to_owned()),
            queries: vec![
                QueryBundle {
                    id: key.query,
                    document: None,
                    project_data: Some("{\"statistics\": [{\"date\": \"2025-12-15\", \"completed_items\": null}]}".to_owned()),
                    caches: vec![
                        CacheBundle { key: None, expires_at: None, document: CACHE.to_owned() },
                        CacheBundle { key: Some("other".to_owned()), expires_at: Some(at("2026-02-01 00:00")), document: CACHE.to_owned() },
                    ],
                    changelog: Some(CHANGELOG.to_owned()),
                    snapshots: Some("{\n  \"2025-W01\": {\n    \"dora_mttr\": {\n      \"value\": null\n    }\n  }\n}".to_owned()),
                    other: vec![],
                },
                QueryBundle { id: query_key("p1", "q2").query, document: Some("{\"name\": \"n\"}".to_owned()), project_data: None, caches: vec![], changelog: None, snapshots: None, other: vec![] },
            ],
        };
        put(&mut memory, bundle, &d, at("2025-12-17 10:00")).unwrap();
        memory
    }

    #[test]
    fn a_full_export_brought_into_an_empty_installation_is_equal() {
        let mut memory = filled();
        let d = digests();
        let taken = take(&mut memory, &profile_id("p1"), None, &d).unwrap();
        let options =
            ExportOptions { mode: ExportMode::FullData, include_token: true, created_at: at("2025-12-17 10:00") };
        let package = read(&export(&taken, &options).unwrap()).unwrap();
        let mut other = Memory::default();
        other.set_app_state("active_profile_id", "p1").unwrap();
        let id = bring(&mut other, package.profile, &Conflict::Merge, &d, at("2025-12-18 10:00")).unwrap();
        assert_eq!(take(&mut other, &id, None, &d).unwrap(), taken);
        assert_eq!(other.row_counts().unwrap()[1..], memory.row_counts().unwrap()[1..]);
        assert_eq!(other.list_issues(&query_key("p1", "q1"), &Default::default()).unwrap()[0].facts.points, Some(3.0));
        assert_eq!(other.get_query(&query_key("p1", "q1")).unwrap().unwrap().facts().jql, "a");
        // Bringing the same in once more changes nothing.
        bring(&mut other, taken.clone(), &Conflict::Merge, &d, at("2025-12-19 10:00")).unwrap();
        assert_eq!(take(&mut other, &id, None, &d).unwrap(), taken);
    }

    #[test]
    fn another_profile_of_the_same_name_is_not_touched() {
        let mut memory = filled();
        let d = digests();
        let mut stranger = take(&mut memory, &profile_id("p1"), None, &d).unwrap();
        stranger.id = profile_id("p9");
        let refused = bring(&mut memory, stranger.clone(), &Conflict::Overwrite, &d, at("2025-12-18 10:00"));
        assert!(matches!(refused, Err(Error::Conflict { entity: "profile name", .. })));
        let id = bring(&mut memory, stranger, &Conflict::Rename(at("2025-12-18 10:00")), &d, at("2025-12-18 10:00"))
            .unwrap();
        assert_eq!(id.as_str(), "p9_20251218_100000");
        assert_eq!(memory.list_profiles().unwrap().len(), 2);
    }

    #[test]
    fn one_query_can_be_taken_alone() {
        let mut memory = filled();
        let taken = take(&mut memory, &profile_id("p1"), Some(&query_key("p1", "q2")), &digests()).unwrap();
        assert_eq!(taken.queries.len(), 1);
        assert!(take(&mut memory, &profile_id("p1"), Some(&query_key("p1", "q3")), &digests()).is_err());
    }
}
