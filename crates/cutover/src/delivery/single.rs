//! Documents that are one record.

use super::parents::{ensure_profile, ensure_query, own_text, settings_paths};
use super::read::{read_bytes, read_document};
use super::registry;
use crate::document::{Bytes, Place};
use crate::error::Result;
use crate::keyed::{Aside, Compared, Decision, KeyedDocument, KeyedItem, Reading, Scope};
use landfast_domain::Repositories;
use landfast_domain::delivery::state::SAVED_QUERIES;
use landfast_domain::delivery::{Profile, ProfileId, ProjectData, Query, QueryKey, codes, profiles};
use landfast_domain::imports::Outcome;
use landfast_domain::json::JsonKind;
use landfast_legacy::delivery::OwnFile;

/// What the one record of a document is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Single {
    /// `profile.json`.
    Settings(ProfileId),
    /// `app_settings.json`, which counts where there is no `profile.json`.
    OldSettings(ProfileId),
    /// `query.json`.
    Query(QueryKey),
    /// `project_data.json`.
    ProjectData(QueryKey),
    /// `profiles.json`.
    Registry,
    /// `task_progress.json`.
    TaskProgress,
    /// `jira_query_profiles.json`.
    SavedQueries,
    /// `.landfast/delivery.json`, what an export of Landfast had no other place for.
    Own,
    /// Below a folder whose name cannot be an id.
    Unusable,
}

impl Single {
    fn kind(&self) -> JsonKind {
        if *self == Self::SavedQueries { JsonKind::Array } else { JsonKind::Object }
    }

    /// The row's text.
    fn row(&self, repositories: &mut dyn Repositories, scope: &Scope<'_>) -> Result<Option<String>> {
        let repository = repositories.delivery()?;
        Ok(match self {
            Self::Settings(id) | Self::OldSettings(id) => {
                repository.get_profile(id)?.and_then(|profile| profile.document().map(str::to_owned))
            }
            Self::Query(key) => repository.get_query(key)?.and_then(|query| query.document().map(str::to_owned)),
            Self::ProjectData(key) => repository.get_project_data(key)?.map(|data| data.document),
            Self::Registry => registry::stored(repository, scope)?,
            Self::TaskProgress => repository.get_task_state()?,
            Self::SavedQueries => repository.app_state(SAVED_QUERIES)?,
            Self::Own => match own_text(scope)? {
                Some(text) => OwnFile::read(&text)?.stored(repository, &text)?,
                None => None,
            },
            Self::Unusable => None,
        })
    }
}

impl KeyedDocument for Single {
    fn entity(&self) -> &'static str {
        match self {
            Self::Settings(_) | Self::OldSettings(_) => "profile",
            Self::Query(_) => "query",
            Self::ProjectData(_) => "project data",
            Self::Registry | Self::TaskProgress | Self::SavedQueries | Self::Own => "application state",
            Self::Unusable => "file",
        }
    }

    fn read(
        &self,
        scope: &Scope<'_>,
        source: Bytes<'_>,
        visit: &mut dyn FnMut(KeyedItem) -> Result<()>,
    ) -> Result<Reading> {
        if *self == Self::Unusable {
            let message = "the name of its folder cannot be an id";
            visit(KeyedItem::aside(codes::UNUSABLE_ID, message, read_bytes(scope, source)?))?;
            return Ok(Reading::default());
        }
        let Some((bytes, decoded)) = read_document(scope, source, self.kind(), visit)? else {
            return Ok(Reading::default());
        };
        if *self == Self::Own
            && let Err(error) = OwnFile::read(&decoded.text)
        {
            visit(KeyedItem::aside(codes::MALFORMED_JSON, error.to_string(), bytes))?;
            return Ok(Reading::default());
        }
        let mut item = KeyedItem::new(scope.path, Place::whole(bytes.len()), decoded.text);
        if let Self::OldSettings(id) = self
            && let [present, _] = settings_paths(id.as_str())
            && scope.open(&present)?.is_some()
        {
            let message = "profile.json counts, not this file".to_owned();
            let code = codes::SHADOWED_SETTINGS;
            item.outcome = Err(Aside { outcome: Outcome::Duplicate, code, message, raw: bytes });
        }
        visit(item)?;
        Ok(Reading { dialect: "JSON".to_owned(), ..Reading::default() })
    }

    fn count(&self, _source: Bytes<'_>) -> Result<u64> {
        // The document is the record.
        Ok(1)
    }

    fn begin(&self, repositories: &mut dyn Repositories, scope: &Scope<'_>) -> Result<()> {
        match self {
            Self::Settings(id) | Self::OldSettings(id) => ensure_profile(repositories, scope, id).map(drop),
            Self::Query(key) | Self::ProjectData(key) => ensure_query(repositories, scope, key),
            Self::Registry | Self::TaskProgress | Self::SavedQueries | Self::Own | Self::Unusable => Ok(()),
        }
    }

    fn stored(
        &self,
        repositories: &mut dyn Repositories,
        scope: &Scope<'_>,
        keys: &[&str],
    ) -> Result<Vec<Option<String>>> {
        keys.iter().map(|_| self.row(repositories, scope)).collect()
    }

    fn decide(&self, _: &mut dyn Repositories, _: &Scope<'_>, record: Compared<'_>) -> Result<Decision> {
        // What a registry says of profiles came with the profiles.
        if *self == Self::Registry && record.base.is_none() && record.row == Some(record.text) {
            return Ok(Decision::Insert);
        }
        // Caches bring what it says of them.
        if *self == Self::Own && record.base.is_none() {
            return Ok(Decision::Insert);
        }
        Ok(Decision::new(record.text, record.base, record.row))
    }

    fn save(&self, repositories: &mut dyn Repositories, scope: &Scope<'_>, items: &[&KeyedItem]) -> Result<()> {
        for text in items.iter().filter_map(|item| item.outcome.as_ref().ok()) {
            match self {
                Self::Settings(id) | Self::OldSettings(id) => {
                    let before = ensure_profile(repositories, scope, id)?;
                    let entry = before.registry_entry().map(str::to_owned);
                    let profile = Profile::new(id.clone(), Some(text.clone()), entry)?;
                    let repository = repositories.delivery()?;
                    repository.save_profile(&profile)?;
                    if before.facts().points_field != profile.facts().points_field {
                        profiles::read_points_anew(repository, &profile)?;
                    }
                }
                Self::Query(key) => {
                    let repository = repositories.delivery()?;
                    let before = repository.get_query(key)?;
                    let cached_jql = before.and_then(|query| query.cached_jql().map(str::to_owned));
                    repository.save_query(&Query::new(key.clone(), Some(text.clone()), cached_jql)?)?;
                }
                Self::ProjectData(key) => {
                    repositories.delivery()?.save_project_data(&ProjectData::new(key.clone(), text.clone())?)?;
                }
                Self::Registry => registry::save(repositories.delivery()?, text)?,
                Self::TaskProgress => repositories.delivery()?.save_task_state(text)?,
                Self::SavedQueries => repositories.delivery()?.set_app_state(SAVED_QUERIES, text)?,
                Self::Own => OwnFile::read(text)?.save(repositories.delivery()?)?,
                Self::Unusable => {}
            }
        }
        Ok(())
    }

    fn delete(&self, repositories: &mut dyn Repositories, _scope: &Scope<'_>, _key: &str) -> Result<()> {
        let repository = repositories.delivery()?;
        match self {
            Self::ProjectData(key) => repository.delete_project_data(key).map(drop)?,
            Self::TaskProgress => repository.clear_task_state()?,
            Self::SavedQueries => repository.delete_app_state(SAVED_QUERIES).map(drop)?,
            // Rows that others hang on stay, as does what all profiles share.
            Self::Settings(_) | Self::OldSettings(_) | Self::Query(_) | Self::Registry | Self::Own | Self::Unusable => {
            }
        }
        Ok(())
    }

    fn end(&self, _repositories: &mut dyn Repositories, _scope: &Scope<'_>, _reading: &Reading) -> Result<()> {
        Ok(())
    }
}
