//! From the files of a tree to rows.

use super::decode::{Decoded, decode};
use super::kind::{DeliveryFile, classify};
use super::loaded::{LoadedProfile, LoadedTree, Placed, SetAside};
use super::own::{OWN_PATH, Own};
use landfast_domain::delivery::state::{SAVED_QUERIES, state_of_registry};
use landfast_domain::delivery::{Profile, ProfileId, QueryId, QueryKey, Registry, codes};
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
    pub(super) own: Own,
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
    pub(super) fn text(&mut self, path: &str, kind: JsonKind) -> Option<String> {
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
            if self.is_gone(&format!("profiles/{profile}")) {
                continue;
            }
            let queries = folders.entry((*profile).to_owned()).or_default();
            if let ["profiles", _, "queries", query, _, ..] = parts.as_slice() {
                if self.is_gone(&format!("profiles/{profile}/queries/{query}")) {
                    continue;
                }
                if QueryId::new(*query).is_ok() {
                    queries.insert((*query).to_owned());
                } else {
                    unusable.insert((format!("profiles/{profile}/queries/{query}"), *query));
                }
            }
        }
        for folder in &self.own.rest.present {
            match folder.split('/').collect::<Vec<_>>().as_slice() {
                ["profiles", profile] => {
                    folders.entry((*profile).to_owned()).or_default();
                }
                ["profiles", profile, "queries", query] => {
                    folders.entry((*profile).to_owned()).or_default().insert((*query).to_owned());
                }
                _ => {}
            }
        }
        for (path, name) in unusable {
            let message = format!("{name:?} cannot be an id; what is in the folder is not loaded");
            self.tree.set_aside.push(SetAside { path, code: codes::UNUSABLE_ID, message });
        }
        folders
    }

    /// Whether a folder belongs to something deleted: what is left in it is not one of the area's documents.
    fn is_gone(&self, folder: &str) -> bool {
        let below = format!("{folder}/");
        self.own.rest.gone.iter().any(|gone| gone == folder)
            && !self.files.range(below.clone()..).take_while(|(path, _)| path.starts_with(&below)).any(|(path, _)| {
                matches!(
                    classify(path),
                    DeliveryFile::Settings(_) | DeliveryFile::OldSettings(_) | DeliveryFile::Query(..)
                )
            })
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

    fn root_files(&mut self) {
        if let Some(text) = self.text(TASK, JsonKind::Object) {
            if object_of(&text).get("status").and_then(Json::as_str) == Some("in_progress") {
                self.find(TASK, codes::TASK_INTERRUPTED, "status", "in_progress");
            }
            self.tree.task_state = Some(text);
        } else {
            self.tree.task_state = self.own.rest.task.take();
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
