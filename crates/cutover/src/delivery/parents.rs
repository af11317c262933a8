//! Profiles and queries that documents hang on, and what a document needs to know of them.

use crate::error::Result;
use crate::keyed::Scope;
use landfast_domain::Repositories;
use landfast_domain::delivery::{Profile, ProfileId, Query, QueryKey, Registry};
use landfast_domain::json::JsonKind;
use landfast_legacy::delivery::{OwnFile, QueryDocument, decode};

/// Path of the registry.
pub(super) const REGISTRY: &str = "profiles/profiles.json";

/// Paths of the settings of a profile: the present name, then the older one.
pub(super) fn settings_paths(profile: &str) -> [String; 2] {
    ["profile.json", "app_settings.json"].map(|name| format!("profiles/{profile}/{name}"))
}

/// Text of another document of the tree; `None` when there is none that can be read.
pub(super) fn text_of(scope: &Scope<'_>, path: &str, kind: JsonKind) -> Result<Option<String>> {
    let bytes = scope.neighbour(path)?;
    Ok(bytes.and_then(|bytes| decode(&bytes, kind).ok()).map(|decoded| decoded.text))
}

/// Makes sure that there is a row for the profile. One that is made has no settings yet.
pub(super) fn ensure_profile(
    repositories: &mut dyn Repositories,
    scope: &Scope<'_>,
    id: &ProfileId,
) -> Result<Profile> {
    if let Some(profile) = repositories.delivery()?.get_profile(id)? {
        return Ok(profile);
    }
    let profile = Profile::new(id.clone(), None, registry_entry(scope, id)?)?;
    repositories.delivery()?.save_profile(&profile)?;
    Ok(profile)
}

/// Makes sure that there are rows for the query and its profile.
pub(super) fn ensure_query(repositories: &mut dyn Repositories, scope: &Scope<'_>, key: &QueryKey) -> Result<()> {
    ensure_profile(repositories, scope, &key.profile)?;
    if repositories.delivery()?.get_query(key)?.is_none() {
        repositories.delivery()?.save_query(&Query::new(key.clone(), None, None)?)?;
    }
    Ok(())
}

/// Entry of a profile in the registry beside the document, if it is an object.
fn registry_entry(scope: &Scope<'_>, id: &ProfileId) -> Result<Option<String>> {
    let Some(text) = text_of(scope, REGISTRY, JsonKind::Object)? else { return Ok(None) };
    let registry = Registry::read(&text)?;
    let entry = registry.entries.into_iter().find(|(other, _)| other == id.as_str()).map(|(_, entry)| entry);
    Ok(entry.filter(|entry| entry.starts_with('{')))
}

/// The Jira field that holds points, as the settings beside the document say.
pub(super) fn points_field(scope: &Scope<'_>, id: &ProfileId) -> Result<Option<String>> {
    for path in settings_paths(id.as_str()) {
        if let Some(text) = text_of(scope, &path, JsonKind::Object)? {
            return Ok(Profile::new(id.clone(), Some(text), None)?.facts().points_field.clone());
        }
    }
    Ok(None)
}

/// Text of what an export of Landfast kept beside the legacy files of this tree; `None` when there is none, or when
/// it is set aside because it is damaged.
pub(super) fn own_text(scope: &Scope<'_>) -> Result<Option<String>> {
    let text = text_of(scope, OwnFile::PATH, JsonKind::Object)?;
    Ok(text.filter(|text| OwnFile::read(text).is_ok()))
}

/// What such a file says.
pub(super) fn own_file(scope: &Scope<'_>) -> Result<Option<OwnFile>> {
    Ok(own_text(scope)?.map(|text| OwnFile::read(&text)).transpose()?)
}

/// The JQL the query's own document names, which may be empty.
pub(super) fn own_jql(scope: &Scope<'_>, key: &QueryKey) -> Result<String> {
    let path = QueryDocument::Query.path(key.profile.as_str(), key.query.as_str());
    let document = text_of(scope, &path, JsonKind::Object)?;
    Ok(Query::new(key.clone(), document, None)?.facts().jql.clone())
}
