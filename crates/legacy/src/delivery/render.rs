//! From rows to the files of a tree.

use super::decode::decode;
use super::kind::{DeliveryFile, classify};
use super::load::{REGISTRY, SAVED, TASK, damaged};
use super::own::{OWN_PATH, Own};
use landfast_domain::Result;
use landfast_domain::delivery::state::{
    GHOST_PREFIX, NAMELESS_ENTRIES, REGISTRY_PREFIX, SAVED_QUERIES, registry_of_state, state_of_registry,
};
use landfast_domain::delivery::{DeliveryRepository, Profile, ProfileId, QueryId, QueryKey, Registry, codes};
use landfast_domain::json::{JsonKind, parse_lossy};
use std::collections::{BTreeMap, BTreeSet};

/// Bytes of files by path.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The files that have to change so that a tree says what a repository says: new bytes, or `None` for a
/// file to be removed. `before`: the files as they are.
///
/// A document that says what it should keeps its bytes; in others only the members concerned change. Files
/// that could not be read stay, and so do files the area does not know.
///
/// # Errors
/// [`landfast_domain::Error::Corrupt`] when a document would have to be written over a file that could not be
/// read; [`landfast_domain::Error::Backend`] when the store fails.
pub fn render(repository: &mut dyn DeliveryRepository, before: &Files) -> Result<BTreeMap<String, Option<Vec<u8>>>> {
    render_changed(repository, before, &|_| true)
}

/// Like [`render`], but looks only into queries that may have changed. Of the documents of others, only the
/// paths are needed.
pub(crate) fn render_changed(
    repository: &mut dyn DeliveryRepository,
    before: &Files,
    may_have_changed: &dyn Fn(&QueryKey) -> bool,
) -> Result<BTreeMap<String, Option<Vec<u8>>>> {
    let old_own = match before.get(OWN_PATH) {
        Some(bytes) => Own::read(&String::from_utf8_lossy(bytes))?,
        None => Own::default(),
    };
    let mut writer = Writer { before, changes: BTreeMap::new(), own: Own::default(), old_own };
    let mut profiles = Vec::new();
    for summary in repository.list_profiles()? {
        profiles.extend(repository.get_profile(&summary.id)?);
    }
    profiles.sort_by(|a, b| a.id().cmp(b.id()));
    let mut queries = BTreeSet::new();
    for profile in &profiles {
        writer.profile(profile)?;
        for query in repository.list_queries(profile.id())? {
            queries.insert(query.key().clone());
            if may_have_changed(query.key()) {
                writer.query(repository, &query)?;
            } else {
                let folder = format!("profiles/{}/queries/{}/", query.key().profile, query.key().query);
                writer.own.extend(writer.old_own.about(&folder));
            }
        }
    }
    writer.remove_what_is_gone(&profiles, &queries);
    let state = repository.list_app_state()?;
    writer.state(&state, &profiles)?;
    let task = repository.get_task_state()?;
    let is_document = task.as_ref().is_none_or(|task| decode(task.as_bytes(), JsonKind::Object).is_ok());
    writer.own.rest.task = task.clone().filter(|_| !is_document);
    writer.put(TASK, task.filter(|_| is_document), JsonKind::Object)?;
    writer.folders(&profiles, &queries);
    writer.own.progress = repository.list_task_progress()?;
    writer.own.caches.sort_by(|a, b| a.0.cmp(&b.0));
    writer.own.changelogs.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    let own = writer.own.write();
    writer.put(OWN_PATH, own, JsonKind::Object)?;
    Ok(writer.changes)
}

/// Makes the changes [`render`] gave.
pub fn apply(files: &mut Files, changes: BTreeMap<String, Option<Vec<u8>>>) {
    for (path, change) in changes {
        match change {
            Some(bytes) => files.insert(path, bytes),
            None => files.remove(&path),
        };
    }
}

pub(super) struct Writer<'a> {
    pub(super) before: &'a Files,
    pub(super) changes: BTreeMap<String, Option<Vec<u8>>>,
    pub(super) own: Own,
    /// What the store's own file says so far.
    pub(super) old_own: Own,
}

impl Writer<'_> {
    /// Text of a file as it is; `None` without one or when it cannot be read.
    pub(super) fn old(&self, path: &str, kind: JsonKind) -> Option<String> {
        decode(self.before.get(path)?, kind).ok().map(|decoded| decoded.text)
    }

    /// Gives a file a text, or removes it.
    pub(super) fn put(&mut self, path: &str, text: Option<String>, kind: JsonKind) -> Result<()> {
        let Some(bytes) = self.before.get(path) else {
            if let Some(text) = text {
                self.changes.insert(path.to_owned(), Some(text.into_bytes()));
            }
            return Ok(());
        };
        let without_mark = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        if text.as_ref().is_some_and(|text| text.as_bytes() == without_mark) {
            // Equal texts are quickly told, even large ones.
            return Ok(());
        }
        match (decode(bytes, kind), text) {
            (Ok(old), Some(text)) if old.text == text => {}
            (Ok(_), text) => {
                self.changes.insert(path.to_owned(), text.map(String::into_bytes));
            }
            (Err(_), None) => {}
            // What a crash emptied says nothing that could be lost.
            (Err(refused), Some(text)) if refused.code == codes::EMPTY_FILE => {
                self.changes.insert(path.to_owned(), Some(text.into_bytes()));
            }
            (Err(refused), Some(_)) => return Err(damaged(path, &refused.message)),
        }
        Ok(())
    }

    fn profile(&mut self, profile: &Profile) -> Result<()> {
        let folder = format!("profiles/{}", profile.id());
        let (settings, old) = (format!("{folder}/profile.json"), format!("{folder}/app_settings.json"));
        let document = profile.document().map(str::to_owned);
        let is_in_old_file =
            !self.before.contains_key(&settings) && document.is_some() && self.old(&old, JsonKind::Object) == document;
        if is_in_old_file {
            return Ok(());
        }
        if document.is_none() && self.old(&old, JsonKind::Object).is_some() {
            self.put(&old, None, JsonKind::Object)?;
        }
        self.put(&settings, document, JsonKind::Object)
    }

    /// Removes the files of profiles and queries that were there and are not any more.
    fn remove_what_is_gone(&mut self, profiles: &[Profile], queries: &BTreeSet<QueryKey>) {
        for path in self.before.keys() {
            let parts: Vec<&str> = path.split('/').collect();
            let ["profiles", profile, _, ..] = parts.as_slice() else { continue };
            let Ok(profile) = ProfileId::new(*profile) else { continue };
            let mut is_gone = !profiles.iter().any(|present| *present.id() == profile);
            if let ["profiles", _, "queries", query, _, ..] = parts.as_slice()
                && let Ok(query) = QueryId::new(*query)
            {
                is_gone |= !queries.contains(&QueryKey::new(profile, query));
            }
            let is_document = matches!(
                classify(path),
                DeliveryFile::Settings(_) | DeliveryFile::OldSettings(_) | DeliveryFile::Query(..)
            );
            if is_gone && is_document {
                self.changes.insert(path.clone(), None);
            }
        }
    }

    /// Keeps which folders without files are profiles and queries, and which with files are none.
    fn folders(&mut self, profiles: &[Profile], queries: &BTreeSet<QueryKey>) {
        let left = self.before.keys().filter(|path| !matches!(self.changes.get(*path), Some(None)));
        let written = self.changes.iter().filter(|(_, bytes)| bytes.is_some()).map(|(path, _)| path);
        let mut full = BTreeSet::new();
        for path in left.chain(written) {
            let parts: Vec<&str> = path.split('/').collect();
            let ["profiles", profile, _, ..] = parts.as_slice() else { continue };
            full.insert(format!("profiles/{profile}"));
            if let ["profiles", _, "queries", query, _, ..] = parts.as_slice() {
                full.insert(format!("profiles/{profile}/queries/{query}"));
            }
        }
        let present: BTreeSet<String> = profiles
            .iter()
            .map(|profile| format!("profiles/{}", profile.id()))
            .chain(queries.iter().map(|key| format!("profiles/{}/queries/{}", key.profile, key.query)))
            .collect();
        let is_usable = |folder: &&String| match folder.split('/').collect::<Vec<_>>().as_slice() {
            ["profiles", profile] => ProfileId::new(*profile).is_ok(),
            ["profiles", profile, _, query] => ProfileId::new(*profile).is_ok() && QueryId::new(*query).is_ok(),
            _ => false,
        };
        self.own.rest.present = present.difference(&full).cloned().collect();
        self.own.rest.gone = full.difference(&present).filter(is_usable).cloned().collect();
    }

    fn state(&mut self, state: &[(String, String)], profiles: &[Profile]) -> Result<()> {
        let old = self.old(REGISTRY, JsonKind::Object);
        let old_registry = old.as_deref().map(Registry::read).transpose()?.unwrap_or_default();
        let entry_of =
            |profile: &Profile| profile.registry_entry().map(|entry| (profile.id().to_string(), entry.to_owned()));
        let sayable: Vec<_> = state.iter().filter(|(key, value)| can_say(key, value, profiles)).cloned().collect();
        let (mut registry, mut rest) = registry_of_state(&sayable, profiles.iter().filter_map(entry_of).collect());
        // An entry that is no object belongs to no row; it stays as it is while its profile does.
        for (id, entry) in &old_registry.entries {
            let is_present = profiles.iter().any(|profile| profile.id().as_str() == id);
            if is_present && !entry.starts_with('{') && !registry.entries.iter().any(|(other, _)| other == id) {
                registry.entries.push((id.clone(), entry.clone()));
            }
        }
        let place = |id: &String| old_registry.entries.iter().position(|(other, _)| other == id).unwrap_or(usize::MAX);
        registry.entries.sort_by_key(|(id, _)| place(id));
        // Without a registry the ids of the first program version count as active.
        let is_first_version =
            !self.before.contains_key(REGISTRY) && profiles.iter().any(|profile| profile.id().as_str() == "default");
        let implied = if is_first_version { Registry::when_missing() } else { Registry::default() };
        let is_needed = old.is_some() || registry != implied;
        let text = is_needed.then(|| registry.write(old.as_deref())).transpose()?;
        let is_list = |text: &str| decode(text.as_bytes(), JsonKind::Array).is_ok();
        let saved = rest.iter().position(|(key, value)| key == SAVED_QUERIES && is_list(value));
        let saved = saved.map(|at| rest.remove(at).1);
        self.put(SAVED, saved, JsonKind::Array)?;
        // Whatever the registry would not give back as it is.
        let read = text.as_deref().map_or(Ok(implied), Registry::read)?;
        let read = state_of_registry(&read, &|id| profiles.iter().any(|profile| profile.id().as_str() == id));
        let is_missing = |entry: &&(String, String)| entry.0 != SAVED_QUERIES && !read.contains(entry);
        let kept = state.iter().filter(is_missing).chain(rest.iter().filter(|(key, _)| key == SAVED_QUERIES));
        self.own.state = kept.cloned().collect();
        self.put(REGISTRY, text, JsonKind::Object)
    }
}

/// Whether a registry has a place for a value of the application's state.
fn can_say(key: &str, value: &str, profiles: &[Profile]) -> bool {
    if key == NAMELESS_ENTRIES {
        return decode(value.as_bytes(), JsonKind::Array).is_ok();
    }
    if let Some(id) = key.strip_prefix(GHOST_PREFIX) {
        return parse_lossy(value).is_ok() && !profiles.iter().any(|profile| profile.id().as_str() == id);
    }
    !key.starts_with(REGISTRY_PREFIX) || parse_lossy(value).is_ok()
}
