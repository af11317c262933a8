//! What a tree holds, ready to be stored.

use landfast_domain::Result;
use landfast_domain::delivery::{
    Changelog, ChangelogEntry, DeliveryRepository, Issue, JiraCache, MetricsSnapshot, Profile, ProjectData, Query,
    TaskProgress,
};
use landfast_domain::finding::Finding;

/// A finding and the file it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Path below the tree.
    pub path: String,
    /// What was found.
    pub finding: Finding,
}

/// A file nothing could be made of. Its bytes stay where they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// Path below the tree.
    pub path: String,
    /// One of the area's codes.
    pub code: &'static str,
    /// What is wrong, in words.
    pub message: String,
}

/// A profile of a tree.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadedProfile {
    /// The profile.
    pub profile: Profile,
    /// Its queries, by their ids.
    pub queries: Vec<LoadedQuery>,
}

/// A query of a tree, with its data.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadedQuery {
    /// The query.
    pub query: Query,
    /// Project data.
    pub project_data: Option<ProjectData>,
    /// Cached responses with their issues.
    pub caches: Vec<(JiraCache, Vec<Issue>)>,
    /// Change log with its entries.
    pub changelog: Option<(Changelog, Vec<ChangelogEntry>)>,
    /// Snapshots.
    pub snapshots: Vec<MetricsSnapshot>,
}

/// Everything a tree says, and what is odd about it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LoadedTree {
    /// The application's state.
    pub state: Vec<(String, String)>,
    /// Profiles, by their ids.
    pub profiles: Vec<LoadedProfile>,
    /// Text of `task_progress.json`.
    pub task_state: Option<String>,
    /// Progress of background tasks, as far as Landfast wrote it.
    pub task_progress: Vec<TaskProgress>,
    /// What is odd, by path.
    pub findings: Vec<Placed>,
    /// Files nothing could be made of.
    pub set_aside: Vec<SetAside>,
}

impl LoadedTree {
    /// Puts everything into a repository. Profiles and queries with the same ids are replaced.
    ///
    /// # Errors
    /// [`Error::Backend`](landfast_domain::Error::Backend) when the store fails.
    pub fn save(&self, repository: &mut dyn DeliveryRepository) -> Result<()> {
        for loaded in &self.profiles {
            if repository.get_profile(loaded.profile.id())?.is_some() {
                repository.delete_profile(loaded.profile.id())?;
            }
            repository.save_profile(&loaded.profile)?;
            for query in &loaded.queries {
                query.save(repository)?;
            }
        }
        for (key, value) in &self.state {
            repository.set_app_state(key, value)?;
        }
        if let Some(document) = &self.task_state {
            repository.save_task_state(document)?;
        }
        self.task_progress.iter().try_for_each(|progress| repository.save_task_progress(progress))
    }
}

impl LoadedQuery {
    /// Puts a query that is not there yet into a repository.
    pub(crate) fn save(&self, repository: &mut dyn DeliveryRepository) -> Result<()> {
        let key = self.query.key();
        repository.save_query(&self.query)?;
        if let Some(data) = &self.project_data {
            repository.save_project_data(data)?;
        }
        for (cache, issues) in &self.caches {
            repository.save_cache(cache)?;
            repository.save_issues(key, &cache.cache_key, issues)?;
        }
        if let Some((changelog, entries)) = &self.changelog {
            repository.save_changelog(changelog)?;
            repository.save_changelog_entries(key, entries)?;
        }
        repository.save_snapshots(key, &self.snapshots)
    }
}
