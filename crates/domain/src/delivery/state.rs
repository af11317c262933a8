//! The application's state: which profile and query are active, and a few documents of their own.

use super::ids::{ProfileId, QueryId, QueryKey};
use super::registry::Registry;
use super::repository::DeliveryRepository;
use crate::Result;

/// Id of the active profile.
pub const ACTIVE_PROFILE: &str = "active_profile_id";
/// Id of the active query, one of the active profile.
pub const ACTIVE_QUERY: &str = "active_query_id";
/// Version of the schema; see [`SCHEMA_VERSION_TEXT`].
pub const SCHEMA_VERSION: &str = "schema_version";
/// `true` once every readable datum of an older installation is in.
pub const MIGRATION_COMPLETE: &str = "migration_complete";
/// When that was, UTC.
pub const MIGRATION_TIMESTAMP: &str = "migration_timestamp";
/// The older list of global saved queries, a whole JSON document.
pub const SAVED_QUERIES: &str = "jira_query_profiles";
/// Before the names of members of the registry that have no meaning here; their values are JSON.
pub const REGISTRY_PREFIX: &str = "registry.";
/// The present version of the schema.
pub const SCHEMA_VERSION_TEXT: &str = "1.0";

/// Version of the schema a store says it has: `0.0` when it says nothing.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn schema_version(repository: &mut dyn DeliveryRepository) -> Result<String> {
    Ok(repository.app_state(SCHEMA_VERSION)?.unwrap_or_else(|| "0.0".to_owned()))
}

/// The active profile: the one that is set, if it exists, else the most recently used; `None` without any.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn active_profile(repository: &mut dyn DeliveryRepository) -> Result<Option<ProfileId>> {
    let profiles = repository.list_profiles()?;
    let set = repository.app_state(ACTIVE_PROFILE)?;
    let active = profiles.iter().find(|profile| Some(profile.id.as_str()) == set.as_deref());
    Ok(active.or(profiles.first()).map(|profile| profile.id.clone()))
}

/// The active query of the active profile: the one that is set, if the profile has it, else the first of
/// its list; `None` without any.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn active_query(repository: &mut dyn DeliveryRepository) -> Result<Option<QueryKey>> {
    let Some(profile) = active_profile(repository)? else {
        return Ok(None);
    };
    let queries = repository.list_queries(&profile)?;
    let set = repository.app_state(ACTIVE_QUERY)?;
    let active = queries.iter().find(|query| Some(query.key().query.as_str()) == set.as_deref());
    Ok(active.or(queries.first()).map(|query| query.key().clone()))
}

/// Sets or removes one of the active ids.
pub(super) fn set_id(repository: &mut dyn DeliveryRepository, key: &str, id: Option<&str>) -> Result<()> {
    match id {
        Some(id) => repository.set_app_state(key, id),
        None => repository.delete_app_state(key).map(drop),
    }
}

/// Makes a profile the active one, and a query of it, if it has any.
pub(super) fn activate(
    repository: &mut dyn DeliveryRepository,
    profile: &ProfileId,
    query: Option<&QueryId>,
) -> Result<()> {
    set_id(repository, ACTIVE_PROFILE, Some(profile.as_str()))?;
    set_id(repository, ACTIVE_QUERY, query.map(QueryId::as_str))
}

/// Before the ids of profiles the registry lists although they have no folder; the values are their entries.
pub const GHOST_PREFIX: &str = "registry.ghost.";
/// Entries of an older registry that name no profile, as a JSON list.
pub const NAMELESS_ENTRIES: &str = "registry.profiles[]";

/// Keys and values of the application's state a registry stands for: the active ids, every member that has
/// no place elsewhere, and the entries that are not those of a profile in `known`.
///
/// ```
/// use landfast_domain::delivery::Registry;
/// use landfast_domain::delivery::state::{registry_of_state, state_of_registry};
///
/// let registry = Registry::read(r#"{"version": "2.0", "active_profile_id": "p1", "profiles": {"gone": {}}}"#)?;
/// let state = state_of_registry(&registry, &|_| false);
/// let texts: Vec<_> = state.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
/// assert_eq!(texts, [("active_profile_id", "p1"), ("registry.version", "\"2.0\""), ("registry.ghost.gone", "{}")]);
/// assert_eq!(registry_of_state(&state, Vec::new()).0, registry);
/// # Ok::<(), landfast_domain::Error>(())
/// ```
#[must_use]
pub fn state_of_registry(registry: &Registry, known: &dyn Fn(&str) -> bool) -> Vec<(String, String)> {
    let mut state = Vec::new();
    for (key, value) in [(ACTIVE_PROFILE, &registry.active_profile_id), (ACTIVE_QUERY, &registry.active_query_id)] {
        if let Some(value) = value {
            state.push((key.to_owned(), value.clone()));
        }
    }
    state.extend(registry.other.iter().map(|(key, text)| (format!("{REGISTRY_PREFIX}{key}"), text.clone())));
    let ghosts = registry.entries.iter().filter(|(id, _)| !known(id));
    state.extend(ghosts.map(|(id, entry)| (format!("{GHOST_PREFIX}{id}"), entry.clone())));
    if !registry.nameless.is_empty() {
        state.push((NAMELESS_ENTRIES.to_owned(), format!("[{}]", registry.nameless.join(", "))));
    }
    state
}

/// The registry the application's state stands for, together with the entries of the profiles; and what is
/// left of the state, which a registry has no place for.
#[must_use]
pub fn registry_of_state(
    state: &[(String, String)],
    entries: Vec<(String, String)>,
) -> (Registry, Vec<(String, String)>) {
    let mut registry = Registry { entries, ..Registry::default() };
    let mut rest = Vec::new();
    for (key, value) in state {
        if key == ACTIVE_PROFILE {
            registry.active_profile_id = Some(value.clone());
        } else if key == ACTIVE_QUERY {
            registry.active_query_id = Some(value.clone());
        } else if key == NAMELESS_ENTRIES {
            let elements = crate::json::elements(value).ok().flatten().unwrap_or_default();
            registry.nameless = elements.iter().map(|entry| entry.text.to_owned()).collect();
        } else if let Some(id) = key.strip_prefix(GHOST_PREFIX) {
            registry.entries.push((id.to_owned(), value.clone()));
        } else if let Some(member) = key.strip_prefix(REGISTRY_PREFIX) {
            registry.other.push((member.to_owned(), value.clone()));
        } else {
            rest.push((key.clone(), value.clone()));
        }
    }
    (registry, rest)
}
