//! What the files of a delivery tree are, told by their paths.

/// A document of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QueryDocument {
    /// `query.json`.
    Query,
    /// `project_data.json`.
    ProjectData,
    /// `jira_cache.json`.
    JiraCache,
    /// `jira_cache.<n>.json`, a further cached response, which only Landfast writes.
    MoreJiraCache(u32),
    /// `jira_changelog_cache.json`.
    Changelog,
    /// `metrics_snapshots.json`.
    Snapshots,
}

impl QueryDocument {
    /// Name of the file.
    #[must_use]
    pub fn file_name(self) -> String {
        match self {
            Self::Query => "query.json".to_owned(),
            Self::ProjectData => "project_data.json".to_owned(),
            Self::JiraCache => "jira_cache.json".to_owned(),
            Self::MoreJiraCache(number) => format!("jira_cache.{number}.json"),
            Self::Changelog => "jira_changelog_cache.json".to_owned(),
            Self::Snapshots => "metrics_snapshots.json".to_owned(),
        }
    }

    fn from_file_name(name: &str) -> Option<Self> {
        match name {
            "query.json" => Some(Self::Query),
            "project_data.json" => Some(Self::ProjectData),
            "jira_cache.json" => Some(Self::JiraCache),
            "jira_changelog_cache.json" => Some(Self::Changelog),
            "metrics_snapshots.json" => Some(Self::Snapshots),
            _ => {
                let number = name.strip_prefix("jira_cache.")?.strip_suffix(".json")?.parse().ok()?;
                (Self::MoreJiraCache(number).file_name() == name).then_some(Self::MoreJiraCache(number))
            }
        }
    }

    /// Path below the tree.
    #[must_use]
    pub fn path(self, profile: &str, query: &str) -> String {
        format!("profiles/{profile}/queries/{query}/{}", self.file_name())
    }
}

/// What a file is. Texts are names of folders as they stand, whether or not they can be ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryFile<'a> {
    /// `profiles/profiles.json`.
    Registry,
    /// `profile.json` of a profile.
    Settings(&'a str),
    /// `app_settings.json` of a profile, read only without a `profile.json`.
    OldSettings(&'a str),
    /// A document of a query of a profile.
    Query(&'a str, &'a str, QueryDocument),
    /// `task_progress.json`.
    TaskProgress,
    /// `jira_query_profiles.json`, the older global saved queries.
    SavedQueries,
    /// `.landfast/delivery.json`: what the other files have no place for.
    Own,
    /// Copies and results: `cache/`, `metrics_cache.json`, `backups/`, the marker of a restart.
    Derived,
    /// Files from before profiles, at the root.
    OldInstallation,
    /// What a crash left of a write.
    Leftover,
    /// A database of a later version of the program.
    Database,
    /// Anything else.
    Unknown,
}

/// Tells what a file is from its path below the tree, written with `/`.
///
/// ```
/// use landfast_legacy::delivery::{DeliveryFile, QueryDocument, classify};
///
/// assert_eq!(classify("profiles/p1/profile.json"), DeliveryFile::Settings("p1"));
/// let document = classify("profiles/p1/queries/q1/jira_cache.json");
/// assert_eq!(document, DeliveryFile::Query("p1", "q1", QueryDocument::JiraCache));
/// assert_eq!(classify("profiles/profiles.tmp"), DeliveryFile::Leftover);
/// ```
#[must_use]
pub fn classify(path: &str) -> DeliveryFile<'_> {
    let parts: Vec<&str> = path.split('/').collect();
    let name = parts.last().copied().unwrap_or_default();
    let is_leftover = name.ends_with(".tmp") || name.ends_with(".landfast-new");
    match parts.as_slice() {
        [".landfast", "delivery.json"] => DeliveryFile::Own,
        _ if is_leftover => DeliveryFile::Leftover,
        ["profiles", "profiles.json"] => DeliveryFile::Registry,
        ["profiles", profile, "profile.json"] => DeliveryFile::Settings(profile),
        ["profiles", profile, "app_settings.json"] => DeliveryFile::OldSettings(profile),
        ["profiles", profile, "queries", query, name] => match QueryDocument::from_file_name(name) {
            Some(document) => DeliveryFile::Query(profile, query, document),
            None if is_temporary_of(name, "metrics_snapshots_") || is_temporary_of(name, "project_data_") => {
                DeliveryFile::Leftover
            }
            None => DeliveryFile::Unknown,
        },
        ["profiles", name] if name.starts_with("burndown.db") => DeliveryFile::Database,
        ["task_progress.json"] => DeliveryFile::TaskProgress,
        ["jira_query_profiles.json"] => DeliveryFile::SavedQueries,
        ["metrics_cache.json" | "task_progress.json.restart"] | ["cache" | "backups", ..] => DeliveryFile::Derived,
        [
            "app_settings.json"
            | "forecast_settings.json"
            | "forecast_statistics.csv"
            | "project_data.json"
            | "jira_cache.json"
            | "jira_changelog_cache.json",
        ] => DeliveryFile::OldInstallation,
        [name] if is_temporary_of(name, "backup_forecast_statistics_") => DeliveryFile::OldInstallation,
        _ => DeliveryFile::Unknown,
    }
}

fn is_temporary_of(name: &str, prefix: &str) -> bool {
    name.strip_prefix(prefix).is_some_and(|rest| rest.ends_with(".json") || rest.ends_with(".csv"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_known() {
        for (path, file) in [
            ("profiles/profiles.json", DeliveryFile::Registry),
            ("profiles/a b/app_settings.json", DeliveryFile::OldSettings("a b")),
            ("profiles/p/queries/q/jira_cache.2.json", DeliveryFile::Query("p", "q", QueryDocument::MoreJiraCache(2))),
            ("profiles/p/queries/q/jira_cache.02.json", DeliveryFile::Unknown),
            ("profiles/p/queries/q/metrics_snapshots_x1.json", DeliveryFile::Leftover),
            ("profiles/p/queries/q/project_data_x1.tmp", DeliveryFile::Leftover),
            (".task_progress.json.x.tmp", DeliveryFile::Leftover),
            ("profiles/burndown.db-wal", DeliveryFile::Database),
            ("cache/08f7abd7fd3b8f638074efa29a2414b3.json", DeliveryFile::Derived),
            ("backups/migration-20251229-100000/profiles/profiles.json", DeliveryFile::Derived),
            ("task_progress.json.restart", DeliveryFile::Derived),
            ("app_settings.json", DeliveryFile::OldInstallation),
            ("backup_forecast_statistics_20250701_100000.csv", DeliveryFile::OldInstallation),
            ("notes.txt", DeliveryFile::Unknown),
            ("", DeliveryFile::Unknown),
        ] {
            assert_eq!(classify(path), file, "{path}");
        }
    }

    #[test]
    fn paths_and_names_belong_together() {
        for document in [
            QueryDocument::Query,
            QueryDocument::ProjectData,
            QueryDocument::JiraCache,
            QueryDocument::MoreJiraCache(7),
            QueryDocument::Changelog,
            QueryDocument::Snapshots,
        ] {
            assert_eq!(classify(&document.path("p", "q")), DeliveryFile::Query("p", "q", document));
        }
    }
}
