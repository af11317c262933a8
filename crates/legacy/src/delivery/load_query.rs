//! From the documents of a query to rows.

use super::digests::DIGESTS;
use super::kind::{DeliveryFile, QueryDocument, classify};
use super::load::{Loader, object_of};
use super::loaded::LoadedQuery;
use super::places::OwnWeeks;
use landfast_domain::Result;
use landfast_domain::delivery::keys::CACHE_PERIOD_DAYS;
use landfast_domain::delivery::{
    Changelog, ChangelogEntry, ChangelogLayout, Issue, JiraCache, MetricKind, MetricsSnapshot, ProjectData,
    ProjectDataShape, Query, QueryKey, WeeklyStatistic, codes, snapshot,
};
use landfast_domain::json::JsonKind;
use std::collections::HashSet;

impl Loader<'_> {
    pub(super) fn query(&mut self, key: &QueryKey, points_field: Option<&str>) -> Result<LoadedQuery> {
        let path = |document: QueryDocument| document.path(key.profile.as_str(), key.query.as_str());
        let document = self.text(&path(QueryDocument::Query), JsonKind::Object);
        let jql_is_old = document
            .as_deref()
            .map(object_of)
            .is_some_and(|root| root.contains_key("jql_query") && !root.contains_key("jql"));
        if jql_is_old {
            self.find(&path(QueryDocument::Query), codes::OLD_JQL_KEY, "jql_query", "an older name of jql");
        }
        if document.is_none() {
            self.find(&path(QueryDocument::Query), codes::QUERY_WITHOUT_DOCUMENT, "", "no readable query.json");
        }
        let mut caches = Vec::new();
        let mut cached_jql = None;
        for file in self.cache_files(key) {
            let Some(text) = self.text(&path(file), JsonKind::Object) else { continue };
            let (cache, issues) = self.cache(key, &path(file), &text, document.as_deref(), points_field)?;
            cached_jql = cached_jql.or_else(|| cache.facts().jql);
            caches.push((cache, issues));
        }
        let changelog = match self.text(&path(QueryDocument::Changelog), JsonKind::Object) {
            Some(text) => Some(self.changelog(key, &path(QueryDocument::Changelog), &text, &caches)?),
            None => None,
        };
        let project_data = match self.text(&path(QueryDocument::ProjectData), JsonKind::Object) {
            Some(text) => Some(self.project_data(key, &path(QueryDocument::ProjectData), text)?),
            None => None,
        };
        let snapshots_text = self.text(&path(QueryDocument::Snapshots), JsonKind::Object);
        let mut snapshots = match &snapshots_text {
            Some(text) => self.snapshots(key, &path(QueryDocument::Snapshots), text)?,
            None => Vec::new(),
        };
        let weeks_path = path(QueryDocument::Snapshots);
        let is_own = |own: &&OwnWeeks| own.is_for(&weeks_path, snapshots_text.as_deref());
        if let Some(own) = self.own.rest.weeks.iter().find(is_own) {
            snapshots = own.apply(key, &snapshots)?;
        }
        let folder = format!("profiles/{}/queries/{}", key.profile, key.query);
        if let Some((_, jql)) = self.own.rest.jqls.iter().find(|(own, _)| *own == folder) {
            cached_jql.clone_from(jql);
        }
        Ok(LoadedQuery {
            query: Query::new(key.clone(), document, cached_jql)?,
            project_data,
            caches,
            changelog,
            snapshots,
        })
    }

    fn cache_files(&self, key: &QueryKey) -> Vec<QueryDocument> {
        let folder = format!("profiles/{}/queries/{}/", key.profile, key.query);
        let own = self.files.range(folder.clone()..).take_while(|(path, _)| path.starts_with(&folder));
        let mut files: Vec<QueryDocument> = own
            .filter_map(|(path, _)| match classify(path) {
                DeliveryFile::Query(_, _, file @ (QueryDocument::JiraCache | QueryDocument::MoreJiraCache(_))) => {
                    Some(file)
                }
                _ => None,
            })
            .collect();
        files.sort();
        files
    }

    fn cache(
        &mut self,
        key: &QueryKey,
        path: &str,
        text: &str,
        query: Option<&str>,
        points_field: Option<&str>,
    ) -> Result<(JiraCache, Vec<Issue>)> {
        let own = self.own.caches.iter().find(|(other, _)| other == path).map(|(_, own)| own.clone());
        let (mut cache, mut issues) = JiraCache::read(key.clone(), "", text, None, points_field)?;
        if let Some(parts) = self.own.rest.parts.iter().find(|parts| parts.is_for(path, text)) {
            parts.apply_to_issues(&mut cache.envelope, &mut issues, points_field);
        }
        let facts = cache.facts();
        match own {
            Some(own) => {
                cache.cache_key = own.key;
                cache.expires_at = own.expires_at;
            }
            None => {
                let jql = match &facts.jql {
                    Some(jql) => jql.clone(),
                    None => Query::new(key.clone(), query.map(str::to_owned), None)?.facts().jql.clone(),
                };
                cache.cache_key = DIGESTS.data_cache_key(&jql, CACHE_PERIOD_DAYS);
            }
        }
        if facts.version.as_deref() != Some("2.0") {
            self.find(path, codes::CACHE_OLD_VERSION, "cache_version", "not version 2.0");
        }
        if cache.timestamp.instant.is_none() {
            self.find(path, codes::CACHE_WITHOUT_TIME, "timestamp", "no readable time");
        }
        if facts.total.is_some_and(|total| usize::try_from(total) != Ok(issues.len())) {
            self.find(
                path,
                codes::CACHE_TOTAL_DIFFERS,
                "total_issues",
                &format!("{} issues in the list", issues.len()),
            );
        }
        if let (Some(hash), Some(jql)) = (&facts.jql_hash, &facts.jql)
            && *hash != DIGESTS.jql_hash(jql)
        {
            self.find(path, codes::CACHE_HASH_DIFFERS, "jql_hash", "not the hash of jql_query");
        }
        let mut seen = HashSet::new();
        for issue in &issues {
            let place = format!("issues[{}]", issue.ordinal);
            match &issue.facts.key {
                None => self.find(path, codes::ISSUE_WITHOUT_KEY, &place, "an issue without key"),
                Some(key) if !seen.insert(key.clone()) => {
                    self.find(path, codes::ISSUE_REPEATED, &place, &format!("{key} again"))
                }
                Some(_) => {}
            }
        }
        Ok((cache, issues))
    }

    fn changelog(
        &mut self,
        key: &QueryKey,
        path: &str,
        text: &str,
        caches: &[(JiraCache, Vec<Issue>)],
    ) -> Result<(Changelog, Vec<ChangelogEntry>)> {
        let (mut changelog, mut entries) = Changelog::read(key.clone(), text, None)?;
        if let Some(parts) = self.own.rest.parts.iter().find(|parts| parts.is_for(path, text)) {
            parts.apply_to_entries(&mut changelog, &mut entries);
        }
        for (_, place, expires_at) in self.own.changelogs.iter().filter(|(other, _, _)| other == path) {
            if let Some(entry) = entries.iter_mut().find(|entry| entry.ordinal == *place) {
                entry.expires_at = *expires_at;
            }
        }
        let cached: HashSet<&str> =
            caches.iter().flat_map(|(_, issues)| issues).filter_map(|issue| issue.facts.key.as_deref()).collect();
        let mut found = Vec::new();
        for entry in &entries {
            if !entry.text.starts_with('{') {
                found.push((codes::CHANGELOG_NOT_OBJECT, entry.issue_key.clone(), "an entry that is no object"));
            } else if !cached.contains(entry.issue_key.as_str()) && changelog.layout == ChangelogLayout::Map {
                found.push((
                    codes::CHANGELOG_WITHOUT_ISSUE,
                    entry.issue_key.clone(),
                    "the issue is not in the issue cache",
                ));
            }
        }
        for (code, field, message) in found {
            self.find(path, code, &field, message);
        }
        Ok((changelog, entries))
    }

    fn project_data(&mut self, key: &QueryKey, path: &str, text: String) -> Result<ProjectData> {
        let data = ProjectData::new(key.clone(), text)?;
        match data.shape() {
            ProjectDataShape::Version1 => {
                self.find(path, codes::DATA_VERSION_1, "", "totals at the root, no metadata.version")
            }
            ProjectDataShape::Initial => self.find(path, codes::DATA_INITIAL, "", "no metadata.version"),
            ProjectDataShape::Version2 => {}
        }
        let mut dates = HashSet::new();
        for row in data.statistics() {
            let place = format!("statistics[{}]", row.ordinal);
            match row.date {
                None => self.find(path, codes::ROW_WITHOUT_DATE, &place, "no readable date"),
                Some(date) if !dates.insert(date) => {
                    self.find(path, codes::ROW_DATE_REPEATED, &place, &format!("{date} again"))
                }
                Some(_) => {}
            }
            // The first four are those every row is meant to have.
            let lacking =
                WeeklyStatistic::NUMBERS.iter().zip(row.numbers()).take(4).find(|(_, number)| {
                    number.is_none_or(|number| number.value.is_none() || number.text.starts_with('"'))
                });
            if let Some((name, _)) = lacking {
                self.find(path, codes::ROW_INCOMPLETE, &place, &format!("{name} is no number"));
            }
        }
        Ok(data)
    }

    fn snapshots(&mut self, key: &QueryKey, path: &str, text: &str) -> Result<Vec<MetricsSnapshot>> {
        let snapshots = snapshot::read(key, text)?;
        let (mut labels, mut weeks) = (HashSet::new(), HashSet::new());
        for snapshot in &snapshots {
            if labels.insert(snapshot.label.clone()) {
                match snapshot.week {
                    None => self.find(path, codes::WEEK_LABEL_UNKNOWN, &snapshot.label, "not the label of a week"),
                    Some(week) => {
                        if week.to_string() != snapshot.label {
                            self.find(path, codes::WEEK_LABEL_OLD, &snapshot.label, &format!("means {week}"));
                        }
                        if !weeks.insert(week) {
                            self.find(path, codes::WEEK_REPEATED, &snapshot.label, &format!("{week} again"));
                        }
                    }
                }
            }
            let is_trends_only = object_of(&snapshot.metrics)
                .iter()
                .all(|(name, value)| name == "trends" && value.as_object().is_some());
            if snapshot.kind == MetricKind::Other && !is_trends_only {
                self.find(path, codes::METRIC_OTHER, &snapshot.label, "members this version does not know");
            }
        }
        Ok(snapshots)
    }
}
