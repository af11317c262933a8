//! From the files of a tree to rows.

use super::decode::{Decoded, decode};
use super::digests::DIGESTS;
use super::kind::{DeliveryFile, QueryDocument, classify};
use super::loaded::{LoadedProfile, LoadedQuery, LoadedTree, Placed, SetAside};
use super::own::{OWN_PATH, Own};
use landfast_domain::delivery::keys::CACHE_PERIOD_DAYS;
use landfast_domain::delivery::state::{SAVED_QUERIES, state_of_registry};
use landfast_domain::delivery::{
    Changelog, ChangelogEntry, ChangelogLayout, Issue, JiraCache, MetricKind, MetricsSnapshot, Profile, ProfileId,
    ProjectData, ProjectDataShape, Query, QueryId, QueryKey, Registry, WeeklyStatistic, codes, snapshot,
};
use landfast_domain::finding::Finding;
use landfast_domain::json::{Json, JsonKind, Object, parse_lossy};
use landfast_domain::{Error, Result};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Reads the files of a tree. `files`: bytes by path, as [`read_files`](super::read_files) gives them.
///
/// Nothing stops it: a damaged file is set aside, and the rest is loaded.
///
/// # Errors
/// [`Error::Corrupt`] when `.landfast/delivery.json`, which is Landfast's own, is damaged.
pub fn load(files: &BTreeMap<String, Vec<u8>>) -> Result<LoadedTree> {
    let mut loader = Loader { files, tree: LoadedTree::default(), own: Own::default() };
    if let Some(bytes) = files.get(OWN_PATH) {
        loader.own = Own::read(&String::from_utf8_lossy(bytes))?;
    }
    loader.load()?;
    let mut tree = loader.tree;
    tree.findings.sort_by(|a, b| a.path.cmp(&b.path));
    tree.set_aside.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(tree)
}

pub(super) struct Loader<'a> {
    pub(super) files: &'a BTreeMap<String, Vec<u8>>,
    pub(super) tree: LoadedTree,
    own: Own,
}

impl Loader<'_> {
    fn load(&mut self) -> Result<()> {
        for path in self.files.keys() {
            let (code, words) = match classify(path) {
                DeliveryFile::Leftover => (codes::LEFTOVER, "left by an interrupted write"),
                DeliveryFile::Derived => (codes::DERIVED, "copies or results"),
                DeliveryFile::OldInstallation => (codes::OLD_INSTALLATION, "from before profiles"),
                DeliveryFile::Unknown | DeliveryFile::Database => (codes::UNKNOWN_FILE, "not one of the tree's files"),
                _ => continue,
            };
            self.find(path, code, "", words);
        }
        let registry = self.registry()?;
        let folders = self.folders();
        for (id, entry) in &registry.entries {
            if !folders.contains_key(id) {
                self.find(REGISTRY, codes::REGISTRY_GHOST, id, "listed, but there is no such folder");
            }
            let listed = parse_lossy(entry).map_or(Json::Null, |(entry, _)| entry);
            let listed =
                listed.as_object().and_then(|entry| entry.get("queries")).and_then(Json::as_array).unwrap_or_default();
            for query in listed.iter().filter_map(Json::as_str) {
                if folders.get(id).is_some_and(|queries| !queries.contains(query)) {
                    self.find(
                        REGISTRY,
                        codes::QUERY_GHOST,
                        &format!("{id}/{query}"),
                        "listed, but there is no such folder",
                    );
                }
            }
        }
        for (id, queries) in &folders {
            self.profile(id, queries, &registry)?;
        }
        self.check_names();
        let known: BTreeSet<String> =
            self.tree.profiles.iter().map(|profile| profile.profile.id().to_string()).collect();
        let state = state_of_registry(&registry, &|id| known.contains(id));
        self.tree.state.extend(state);
        self.check_active();
        self.root_files();
        self.tree.state.append(&mut self.own.state);
        self.tree.task_progress.append(&mut self.own.progress);
        Ok(())
    }

    /// The text of a document, if the file is there and can be read.
    fn text(&mut self, path: &str, kind: JsonKind) -> Option<String> {
        let bytes = self.files.get(path)?;
        match decode(bytes, kind) {
            Ok(Decoded { text, findings }) => {
                self.tree
                    .findings
                    .extend(findings.into_iter().map(|finding| Placed { path: path.to_owned(), finding }));
                Some(text)
            }
            Err(refused) => {
                self.tree.set_aside.push(SetAside {
                    path: path.to_owned(),
                    code: refused.code,
                    message: refused.message,
                });
                None
            }
        }
    }

    pub(super) fn find(&mut self, path: &str, code: &'static str, field: &str, message: &str) {
        self.tree.findings.push(Placed { path: path.to_owned(), finding: Finding::new(code, field, message) });
    }

    fn registry(&mut self) -> Result<Registry> {
        let Some(text) = self.text(REGISTRY, JsonKind::Object) else {
            if !self.files.contains_key(REGISTRY) {
                self.find(REGISTRY, codes::REGISTRY_MISSING, "", "there is no registry");
            }
            return Ok(Registry::default());
        };
        let registry = Registry::read(&text)?;
        if object_of(&text).get("profiles").is_some_and(|profiles| profiles.as_array().is_some()) {
            self.find(REGISTRY, codes::REGISTRY_LIST, "profiles", "a list instead of an object");
        }
        if registry.other.iter().any(|(key, _)| key == "_error") {
            self.find(REGISTRY, codes::REGISTRY_ERROR, "_error", "the registry was damaged before");
        }
        if !registry.nameless.is_empty() {
            self.find(REGISTRY, codes::REGISTRY_NAMELESS, "profiles", "an entry without id");
        }
        Ok(registry)
    }

    /// Folders of profiles with the folders of their queries, usable ids only.
    fn folders(&mut self) -> BTreeMap<String, BTreeSet<String>> {
        let mut folders: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut unusable = BTreeSet::new();
        for path in self.files.keys() {
            let parts: Vec<&str> = path.split('/').collect();
            let ["profiles", profile, _, ..] = parts.as_slice() else { continue };
            if ProfileId::new(*profile).is_err() {
                unusable.insert((format!("profiles/{profile}"), *profile));
                continue;
            }
            let queries = folders.entry((*profile).to_owned()).or_default();
            if let ["profiles", _, "queries", query, _, ..] = parts.as_slice() {
                if QueryId::new(*query).is_ok() {
                    queries.insert((*query).to_owned());
                } else {
                    unusable.insert((format!("profiles/{profile}/queries/{query}"), *query));
                }
            }
        }
        for (path, name) in unusable {
            let message = format!("{name:?} cannot be an id; what is in the folder is not loaded");
            self.tree.set_aside.push(SetAside { path, code: codes::UNUSABLE_ID, message });
        }
        folders
    }

    fn profile(&mut self, id: &str, query_ids: &BTreeSet<String>, registry: &Registry) -> Result<()> {
        let folder = format!("profiles/{id}");
        let (settings, old) = (format!("{folder}/profile.json"), format!("{folder}/app_settings.json"));
        let has_settings = self.files.contains_key(&settings);
        let path = if has_settings { &settings } else { &old };
        let document = self.text(path, JsonKind::Object);
        if has_settings && self.files.contains_key(&old) {
            self.find(&old, codes::SHADOWED_SETTINGS, "", "profile.json counts");
        }
        let entry = registry.entries.iter().find(|(other, _)| other == id).map(|(_, entry)| entry.clone());
        if entry.is_none()
            && self.files.contains_key(REGISTRY)
            && !self.tree.set_aside.iter().any(|file| file.path == REGISTRY)
        {
            self.find(path, codes::UNREGISTERED, "", "the registry does not list the profile");
        }
        // An entry that is no object says nothing; it stays in the registry's own text.
        let entry = entry.filter(|entry| object_kind(entry));
        if document.is_none() {
            self.find(&folder, codes::PROFILE_WITHOUT_SETTINGS, "", "no readable settings in the folder");
        }
        let profile = Profile::new(ProfileId::new(id)?, document.clone(), entry)?;
        self.check_profile(path, id, &profile, document.as_deref());
        let listed = listed_queries(&profile);
        let mut queries = Vec::with_capacity(query_ids.len());
        for query in query_ids {
            let key = QueryKey::new(ProfileId::new(id)?, QueryId::new(query)?);
            if !listed.contains(query) {
                self.find(
                    &format!("{folder}/queries/{query}"),
                    codes::QUERY_UNLISTED,
                    "",
                    "neither registry nor settings list the query",
                );
            }
            queries.push(self.query(&key, profile.facts().points_field.as_deref())?);
        }
        self.tree.profiles.push(LoadedProfile { profile, queries });
        Ok(())
    }

    fn query(&mut self, key: &QueryKey, points_field: Option<&str>) -> Result<LoadedQuery> {
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
        let snapshots = match self.text(&path(QueryDocument::Snapshots), JsonKind::Object) {
            Some(text) => self.snapshots(key, &path(QueryDocument::Snapshots), &text)?,
            None => Vec::new(),
        };
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
        let (mut cache, issues) = JiraCache::read(key.clone(), "", text, None, points_field)?;
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
        let (changelog, mut entries) = Changelog::read(key.clone(), text, None)?;
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

    fn root_files(&mut self) {
        if let Some(text) = self.text(TASK, JsonKind::Object) {
            if object_of(&text).get("status").and_then(Json::as_str) == Some("in_progress") {
                self.find(TASK, codes::TASK_INTERRUPTED, "status", "in_progress");
            }
            self.tree.task_state = Some(text);
        }
        if let Some(text) = self.text(SAVED, JsonKind::Array) {
            self.tree.state.push((SAVED_QUERIES.to_owned(), text));
        }
    }
}

pub(super) const REGISTRY: &str = "profiles/profiles.json";
pub(super) const TASK: &str = "task_progress.json";
pub(super) const SAVED: &str = "jira_query_profiles.json";

pub(super) fn object_of(text: &str) -> Object {
    match parse_lossy(text) {
        Ok((Json::Object(object), _)) => object,
        _ => Object::new(),
    }
}

fn object_kind(text: &str) -> bool {
    text.starts_with('{')
}

/// Ids of queries that registry or settings list.
fn listed_queries(profile: &Profile) -> HashSet<String> {
    [profile.document(), profile.registry_entry()]
        .into_iter()
        .flatten()
        .flat_map(|text| object_of(text).remove("queries"))
        .filter_map(|list| list.as_array().map(<[Json]>::to_vec))
        .flatten()
        .filter_map(|id| id.as_str().map(str::to_owned))
        .collect()
}

/// The error for writing over a file that could not be read.
pub(super) fn damaged(path: &str, message: &str) -> Error {
    Error::Corrupt { entity: "file", key: path.to_owned(), column: "document".to_owned(), value: message.to_owned() }
}
