//! The delivery tree: `profiles/…` and the files beside it.

use super::super::backing::{Backing, Listing, Stamp};
use super::area::{Area, Edits, Loaded};
use crate::delivery::{
    DeliveryFile, Files, LoadedProfile, LoadedTree, OWN_PATH, Own, QueryDocument, classify, load, render_changed,
};
use landfast_domain::Result;
use landfast_domain::delivery::memory::MemoryDelivery;
use landfast_domain::delivery::{DeliveryRepository, ProfileId, QueryId, QueryKey};
use std::collections::BTreeMap;

/// Files of the tree outside of `profiles`.
pub(in super::super) const ROOT_FILES: [&str; 2] = ["task_progress.json", "jira_query_profiles.json"];

/// What each query was read from.
#[derive(Debug)]
pub(in super::super) struct DeliveryArea {
    queries: BTreeMap<QueryKey, Source>,
}

/// What a query's rows depend on. Equal sources mean equal rows.
#[derive(Debug, Default, PartialEq)]
struct Source {
    files: BTreeMap<String, Stamp>,
    points_field: Option<String>,
    own: Own,
}

impl Area for DeliveryArea {
    type Model = MemoryDelivery;

    fn list(backing: &Backing) -> Result<Listing> {
        let mut listing = Listing::default();
        for path in ["profiles", OWN_PATH].into_iter().chain(ROOT_FILES) {
            backing.list_tree(path, &mut listing)?;
        }
        Ok(listing)
    }

    /// Reads the small documents always, and of the queries those that changed.
    fn read(backing: &Backing, listing: &Listing, known: Option<&Loaded<Self>>) -> Result<(Self, MemoryDelivery)> {
        let mut files = Files::new();
        for path in listing.files.keys() {
            match classify(path) {
                DeliveryFile::Query(profile, query, _) => {
                    files.insert(placeholder(profile, query), b"{}".to_vec());
                }
                _ => {
                    files.insert(path.clone(), contents(backing, path)?);
                }
            }
        }
        let own = match files.get(OWN_PATH) {
            Some(bytes) => Own::read(&String::from_utf8_lossy(bytes))?,
            None => Own::default(),
        };
        let mut tree = load(&files)?;
        let queries = sources(listing, &tree, &own);
        let mut model = known.map(|known| known.model.clone()).unwrap_or_default();
        let is_known = |key: &QueryKey| {
            known.is_some_and(|known| known.form.queries.get(key).is_some_and(|old| queries.get(key) == Some(old)))
        };
        for (key, source) in queries.iter().filter(|(key, _)| !is_known(key)) {
            files.remove(&placeholder(key.profile.as_str(), key.query.as_str()));
            for path in source.files.keys() {
                files.insert(path.clone(), contents(backing, path)?);
            }
        }
        if queries.keys().any(|key| !is_known(key)) {
            tree = load(&files)?;
        }
        bring(&mut model, &tree, &is_known)?;
        Ok((Self { queries }, model))
    }

    fn edits(loaded: &Loaded<Self>, backing: &Backing, model: &MemoryDelivery) -> Result<Edits> {
        let changed = model.changed_queries(&loaded.model);
        let mut before = Files::new();
        for path in loaded.listing.files.keys() {
            let is_needed = match classify(path) {
                DeliveryFile::Query(profile, query, _) => match key(profile, query) {
                    Some(key) => changed.contains(&key),
                    None => false,
                },
                _ => true,
            };
            before.insert(path.clone(), if is_needed { contents(backing, path)? } else { Vec::new() });
        }
        render_changed(&mut model.clone(), &before, &|key| changed.contains(key))
    }
}

/// Stands for the documents of a query that are not read, so that its folder is known.
fn placeholder(profile: &str, query: &str) -> String {
    QueryDocument::Query.path(profile, query)
}

/// Bytes of a document; nothing for a file that is none.
fn contents(backing: &Backing, path: &str) -> Result<Vec<u8>> {
    let is_none = matches!(
        classify(path),
        DeliveryFile::Derived
            | DeliveryFile::OldInstallation
            | DeliveryFile::Leftover
            | DeliveryFile::Database
            | DeliveryFile::Unknown
    );
    // A file that has gone since it was listed makes the listing another one, and everything is read again.
    Ok(if is_none { Vec::new() } else { backing.read(path)?.map(|bytes| bytes.to_vec()).unwrap_or_default() })
}

fn key(profile: &str, query: &str) -> Option<QueryKey> {
    Some(QueryKey::new(ProfileId::new(profile).ok()?, QueryId::new(query).ok()?))
}

fn sources(listing: &Listing, tree: &LoadedTree, own: &Own) -> BTreeMap<QueryKey, Source> {
    let mut sources = BTreeMap::new();
    for LoadedProfile { profile, queries } in &tree.profiles {
        for query in queries {
            let key = query.query.key().clone();
            let folder = format!("profiles/{}/queries/{}/", key.profile, key.query);
            let own = own.about(&folder);
            sources.insert(
                key,
                Source { files: BTreeMap::new(), points_field: profile.facts().points_field.clone(), own },
            );
        }
    }
    for (path, stamp) in &listing.files {
        if let DeliveryFile::Query(profile, query, _) = classify(path)
            && let Some(source) = key(profile, query).and_then(|key| sources.get_mut(&key))
        {
            source.files.insert(path.clone(), *stamp);
        }
    }
    sources
}

/// Makes a model say what a tree says. Rows of known queries stay as they are.
fn bring(model: &mut MemoryDelivery, tree: &LoadedTree, is_known: &dyn Fn(&QueryKey) -> bool) -> Result<()> {
    for summary in model.list_profiles()? {
        if !tree.profiles.iter().any(|loaded| *loaded.profile.id() == summary.id) {
            model.delete_profile(&summary.id)?;
        }
    }
    for loaded in &tree.profiles {
        if model.get_profile(loaded.profile.id())?.as_ref() != Some(&loaded.profile) {
            model.save_profile(&loaded.profile)?;
        }
        for query in model.list_queries(loaded.profile.id())? {
            if !is_known(query.key()) {
                model.delete_query(query.key())?;
            }
        }
        for query in loaded.queries.iter().filter(|query| !is_known(query.query.key())) {
            query.save(model)?;
        }
    }
    for (key, _) in model.list_app_state()? {
        if !tree.state.iter().any(|(own, _)| *own == key) {
            model.delete_app_state(&key)?;
        }
    }
    for (key, value) in &tree.state {
        if model.app_state(key)?.as_ref() != Some(value) {
            model.set_app_state(key, value)?;
        }
    }
    for progress in model.list_task_progress()? {
        if !tree.task_progress.contains(&progress) {
            model.clear_task_progress(&progress.task_name)?;
        }
    }
    for progress in &tree.task_progress {
        if model.get_task_progress(&progress.task_name)?.as_ref() != Some(progress) {
            model.save_task_progress(progress)?;
        }
    }
    match &tree.task_state {
        Some(document) => model.save_task_state(document),
        None => model.clear_task_state(),
    }
}
