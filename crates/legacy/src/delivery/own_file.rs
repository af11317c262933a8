//! What Landfast's own file says of a tree, for readers that take its documents one by one.

use super::kind::{DeliveryFile, QueryDocument, classify};
use super::own::{Own, OwnCache};
use landfast_domain::Result;
use landfast_domain::delivery::{DeliveryRepository, Profile, ProfileId, Query, QueryId, QueryKey};
use landfast_domain::time::Timestamp;

/// The content of `.landfast/delivery.json`: what an export had no place for in the legacy files.
///
/// ```
/// use landfast_legacy::delivery::OwnFile;
///
/// let text = r#"{"version": 1, "state": [{"key": "theme", "value": "dark"}]}"#;
/// assert_eq!(OwnFile::read(text)?.cache_key("profiles/p/queries/q/jira_cache.json"), None);
/// assert!(OwnFile::read("[]").is_err());
/// # Ok::<(), landfast_domain::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct OwnFile(Own);

impl OwnFile {
    /// Path of the file below the tree.
    pub const PATH: &'static str = super::own::OWN_PATH;

    /// Reads the file's text.
    ///
    /// # Errors
    /// [`landfast_domain::Error::Corrupt`] when it is damaged.
    pub fn read(text: &str) -> Result<Self> {
        Own::read(text).map(Self)
    }

    /// Key and moment of expiry of the cached response in a file, where the response does not tell them.
    #[must_use]
    pub fn cache_key(&self, path: &str) -> Option<(&str, Option<Timestamp>)> {
        let own = self.0.caches.iter().find(|(other, _)| other == path);
        own.map(|(_, own)| (own.key.as_str(), own.expires_at))
    }

    /// Moment of expiry of a change-log entry, by its file and place, where the entry does not tell it.
    #[must_use]
    pub fn entry_expiry(&self, path: &str, place: i64) -> Option<Option<Timestamp>> {
        let own = self.0.changelogs.iter().find(|(other, at, _)| other == path && *at == place);
        own.map(|(_, _, expiry)| *expiry)
    }

    /// Puts what stands in no other file into a repository that has the rest: the application's state, the progress
    /// of background tasks, JQL of queries.
    ///
    /// # Errors
    /// [`landfast_domain::Error::Backend`] when the store fails.
    pub fn save(&self, repository: &mut dyn DeliveryRepository) -> Result<()> {
        for (key, value) in &self.0.state {
            repository.set_app_state(key, value)?;
        }
        for progress in &self.0.progress {
            repository.save_task_progress(progress)?;
        }
        if let Some(task) = &self.0.rest.task {
            repository.save_task_state(task)?;
        }
        for folder in &self.0.rest.present {
            add_folder(repository, folder)?;
        }
        for (folder, jql) in &self.0.rest.jqls {
            let Some(query) = query_of(repository, folder)? else { continue };
            let document = query.document().map(str::to_owned);
            repository.save_query(&Query::new(query.key().clone(), document, jql.clone())?)?;
        }
        Ok(())
    }

    /// The text of the file as far as a repository still says the same, in place of `text`, which is what this was
    /// read from; `None` when it says nothing of it.
    ///
    /// # Errors
    /// [`landfast_domain::Error::Backend`] when the store fails.
    pub fn stored(&self, repository: &mut dyn DeliveryRepository, text: &str) -> Result<Option<String>> {
        let mut found = self.0.clone();
        let mut state = Vec::new();
        for (key, _) in &self.0.state {
            state.extend(repository.app_state(key)?.map(|value| (key.clone(), value)));
        }
        found.state = state;
        let mut progress = Vec::new();
        for own in &self.0.progress {
            progress.extend(repository.get_task_progress(&own.task_name)?);
        }
        found.progress = progress;
        let mut caches = Vec::new();
        for (path, own) in &self.0.caches {
            let Some(key) = key_of(path) else { continue };
            let cache = repository.get_cache(&key, &own.key)?;
            caches.extend(
                cache.map(|cache| (path.clone(), OwnCache { key: own.key.clone(), expires_at: cache.expires_at })),
            );
        }
        found.caches = caches;
        if self.0.rest.task.is_some() {
            found.rest.task = repository.get_task_state()?;
        }
        let mut jqls = Vec::new();
        for (folder, _) in &self.0.rest.jqls {
            let query = query_of(repository, folder)?;
            jqls.extend(query.map(|query| (folder.clone(), query.cached_jql().map(str::to_owned))));
        }
        found.rest.jqls = jqls;
        Ok(if found == self.0 { Some(text.to_owned()) } else { found.write() })
    }
}

/// Makes the profile or query of a folder without files, unless it is there.
fn add_folder(repository: &mut dyn DeliveryRepository, folder: &str) -> Result<()> {
    let id = folder.split('/').nth(1).and_then(|id| ProfileId::new(id).ok());
    let Some(id) = id else { return Ok(()) };
    if repository.get_profile(&id)?.is_none() {
        repository.save_profile(&Profile::new(id, None, None)?)?;
    }
    match key_of(&format!("{folder}/jira_cache.json")) {
        Some(key) if repository.get_query(&key)?.is_none() => repository.save_query(&Query::new(key, None, None)?),
        _ => Ok(()),
    }
}

/// The query a file with a cached response belongs to.
fn key_of(path: &str) -> Option<QueryKey> {
    match classify(path) {
        DeliveryFile::Query(profile, query, QueryDocument::JiraCache | QueryDocument::MoreJiraCache(_)) => {
            Some(QueryKey::new(ProfileId::new(profile).ok()?, QueryId::new(query).ok()?))
        }
        _ => None,
    }
}

/// The query a folder is.
fn query_of(repository: &mut dyn DeliveryRepository, folder: &str) -> Result<Option<Query>> {
    match key_of(&format!("{folder}/jira_cache.json")) {
        Some(key) => repository.get_query(&key),
        None => Ok(None),
    }
}
