//! Which profile and query a verb is about.

use crate::cli::QueryPick;
use landfast_domain::delivery::{DeliveryRepository, ProfileId, QueryId, QueryKey, profiles, queries, state};
use landfast_domain::{Error, Result};

/// The named profile, which must exist, or the active one.
pub(super) fn profile(repository: &mut dyn DeliveryRepository, id: Option<&str>) -> Result<ProfileId> {
    if let Some(id) = id {
        return profiles::require(repository, &ProfileId::new(id)?).map(|profile| profile.id().clone());
    }
    state::active_profile(repository)?
        .ok_or_else(|| Error::aborted("there is no profile yet; `landfast delivery profiles create NAME` makes one"))
}

/// A query by its id, in the named profile or the active one. Whether it exists is not looked at.
pub(super) fn key(repository: &mut dyn DeliveryRepository, profile_id: Option<&str>, query: &str) -> Result<QueryKey> {
    Ok(QueryKey::new(profile(repository, profile_id)?, QueryId::new(query)?))
}

/// The query that is meant, which exists: the named one, else the active one, or of a profile that is not
/// active the one used last.
pub(super) fn query(repository: &mut dyn DeliveryRepository, pick: &QueryPick) -> Result<QueryKey> {
    if let Some(query) = &pick.query {
        let key = key(repository, pick.profile.as_deref(), query)?;
        return queries::require(repository, &key).map(|query| query.key().clone());
    }
    let profile = profile(repository, pick.profile.as_deref())?;
    let active = state::active_query(repository)?.filter(|key| key.profile == profile);
    let found = match active {
        Some(key) => Some(key),
        None => repository.list_queries(&profile)?.first().map(|query| query.key().clone()),
    };
    found.ok_or_else(|| {
        Error::aborted(format!(
            "profile `{profile}` has no query yet; `landfast delivery queries create NAME JQL` makes one"
        ))
    })
}
