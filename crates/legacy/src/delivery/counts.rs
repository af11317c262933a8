//! What a document holds, in numbers.

use super::kind::{DeliveryFile, QueryDocument};
use landfast_domain::delivery::{
    Changelog, Issue, JiraCache, ProfileId, ProjectData, ProjectDataShape, QueryId, QueryKey, statistic_texts,
};
use landfast_domain::json::{Json, parse_lossy};
use landfast_domain::{Result, delivery::snapshot};
use std::collections::HashSet;

/// Numbers for reports and for comparing a file with what was made of it. A number stays 0 where it does
/// not apply.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Issues, or entries of a change log.
    pub issues: usize,
    /// Different issue keys.
    pub distinct_issue_keys: usize,
    /// Issues without a key.
    pub issues_without_key: usize,
    /// Changes of all histories.
    pub histories: usize,
    /// Changed fields of all histories.
    pub items: usize,
    /// Rows of the weekly statistics.
    pub statistics_rows: usize,
    /// Members of the scope.
    pub scope_keys: usize,
    /// Entries of the older metrics history.
    pub metrics_history_entries: usize,
    /// Weeks of snapshots.
    pub weeks: usize,
    /// Metrics of all weeks.
    pub metric_objects: usize,
    /// Members of weeks that are no objects.
    pub other_members: usize,
    /// Whether project data say which version they have.
    pub has_metadata_version: bool,
}

/// Counts what a document of this kind holds.
///
/// # Errors
/// [`landfast_domain::Error::Invalid`] when the text is no JSON object where one is needed.
pub fn count(file: DeliveryFile<'_>, document: &str) -> Result<Counts> {
    let query = QueryKey::new(ProfileId::new("counted")?, QueryId::new("counted")?);
    match file {
        DeliveryFile::Query(_, _, QueryDocument::JiraCache | QueryDocument::MoreJiraCache(_)) => {
            let (_, issues) = JiraCache::read(query, "", document, None, None)?;
            Ok(count_issues(&issues))
        }
        DeliveryFile::Query(_, _, QueryDocument::Changelog) => {
            let (_, entries) = Changelog::read(query, document, None)?;
            let keys: HashSet<&str> =
                entries.iter().map(|entry| entry.issue_key.as_str()).filter(|key| !key.is_empty()).collect();
            Ok(Counts {
                issues: entries.len(),
                distinct_issue_keys: keys.len(),
                histories: entries.iter().map(|entry| entry.history_count()).sum(),
                items: entries.iter().map(|entry| entry.items().len()).sum(),
                ..Counts::default()
            })
        }
        DeliveryFile::Query(_, _, QueryDocument::ProjectData) => {
            let data = ProjectData::new(query, document)?;
            let scope = data.scope().and_then(|scope| parse_lossy(&scope).ok());
            Ok(Counts {
                statistics_rows: statistic_texts(document).ok().flatten().map_or(0, |rows| rows.len()),
                scope_keys: scope
                    .and_then(|(scope, _)| scope.as_object().map(|scope| scope.effective().len()))
                    .unwrap_or(0),
                metrics_history_entries: data.metrics_history_count(),
                has_metadata_version: data.shape() == ProjectDataShape::Version2,
                ..Counts::default()
            })
        }
        DeliveryFile::Query(_, _, QueryDocument::Snapshots) => {
            let snapshots = snapshot::read(&query, document)?;
            let weeks: HashSet<&str> = snapshots.iter().map(|snapshot| snapshot.label.as_str()).collect();
            let mut counts = Counts { weeks: weeks.len(), ..Counts::default() };
            for snapshot in &snapshots {
                let metrics = parse_lossy(&snapshot.metrics).map_or(Json::Null, |(metrics, _)| metrics);
                for (_, metric) in metrics.as_object().map(|metrics| metrics.effective()).unwrap_or_default() {
                    match metric {
                        Json::Object(_) => counts.metric_objects += 1,
                        _ => counts.other_members += 1,
                    }
                }
            }
            Ok(counts)
        }
        DeliveryFile::Derived => {
            let root = parse_lossy(document).map_or(Json::Null, |(root, _)| root);
            let data = root.as_object().and_then(|root| root.get("data")).and_then(Json::as_array).unwrap_or_default();
            let issues: Vec<Issue> = data.iter().map(|issue| Issue::read(0, issue.dump(), None)).collect();
            Ok(count_issues(&issues))
        }
        _ => Ok(Counts::default()),
    }
}

fn count_issues(issues: &[Issue]) -> Counts {
    let keys: HashSet<&str> = issues.iter().filter_map(|issue| issue.facts.key.as_deref()).collect();
    Counts {
        issues: issues.len(),
        distinct_issue_keys: keys.len(),
        issues_without_key: issues.iter().filter(|issue| issue.facts.key.is_none()).count(),
        ..Counts::default()
    }
}
