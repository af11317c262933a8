//! Writing the documents of runs back.

use super::index::is_index;
use super::place::read_kept;
use super::sight::{directory_of, main_document};
use super::stored::text_of;
use crate::area::{Changes, Share};
use crate::error::{Error, Result};
use landfast_domain::Repositories;
use landfast_domain::runs::{Layout, Run, RunCursor, RunFilter, RunPage, TimeText, is_safe_path};
use landfast_legacy::runs::{DocumentRole, FoundRun, INDEX_FILE, WrittenDocument, index_text, run_documents};
use std::collections::{BTreeMap, BTreeSet};

/// What has to change in the documents of a folder.
pub(super) fn render(
    repositories: &mut dyn Repositories,
    before: &BTreeMap<String, Vec<u8>>,
    share: &Share<'_>,
) -> Result<Changes> {
    let mut runs: BTreeMap<String, Run> = BTreeMap::new();
    each_run(repositories, &mut |_, run| {
        let is_first = runs.get(&run.directory).is_none_or(|other| run.id < other.id);
        if is_first {
            runs.insert(run.directory.clone(), run.clone());
        }
        Ok(())
    })?;
    let mut changes = Changes::new();
    let mut indexes = Indexes::default();
    let directories: BTreeSet<&str> = before.keys().filter_map(|path| directory_of(path)).collect();
    for directory in directories {
        let found = read_kept(directory, before)?;
        let stored = runs.remove(directory);
        let main = main_document(&found).filter(|main| !share.set_aside.contains(&main.path));
        let (Some(_), Some(read)) = (main, found.run()) else {
            indexes.note(directory, found.run(), found.run());
            continue;
        };
        indexes.note(directory, Some(read), stored.as_ref());
        match &stored {
            Some(run) => change(&mut changes, &found, run, share),
            None => changes.extend(found.documents.iter().map(|document| (document.path.clone(), None))),
        }
    }
    for (directory, run) in runs.iter().filter(|_| share.adopts) {
        let prefix = format!("{directory}/");
        if share.elsewhere.range(prefix.clone()..).next().is_some_and(|path| path.starts_with(&prefix)) {
            continue;
        }
        if !is_safe_path(directory) {
            return Err(Error::HostilePath { path: directory.clone() });
        }
        indexes.note(directory, None, Some(run));
        changes.extend(run_documents(run).into_iter().map(|new| (new.path, Some(new.text.into_owned().into_bytes()))));
    }
    indexes.render(before, &mut changes);
    Ok(changes)
}

/// Notes which documents of a directory say something else than its run.
fn change(changes: &mut Changes, found: &FoundRun, run: &Run, share: &Share<'_>) {
    let source = |role| found.documents.iter().find(|document| document.role == role);
    for WrittenDocument { role, path, text } in run_documents(run) {
        let old = source(role);
        let path = old.map_or(path, |old| old.path.clone());
        if share.set_aside.contains(&path) || old.is_some_and(|old| old.bytes == text.as_bytes()) {
            continue;
        }
        if let Some(old) = old.filter(|_| role == DocumentRole::Manifest) {
            // Copies change with their manifest.
            let copies = found.documents.iter().filter(|other| other.role == DocumentRole::OtherManifest);
            let copies = copies.filter(|copy| copy.bytes == old.bytes);
            changes.extend(copies.map(|copy| (copy.path.clone(), Some(text.as_bytes().to_vec()))));
        }
        changes.insert(path, Some(text.into_owned().into_bytes()));
    }
    for document in &found.documents {
        let is_kept = !matches!(document.role, DocumentRole::OtherManifest | DocumentRole::Index);
        if is_kept && text_of(&run.documents, document.role).is_none() && !share.set_aside.contains(&document.path) {
            changes.insert(document.path.clone(), None);
        }
    }
}

/// A run before and after.
type Change = (Option<Run>, Option<Run>);

/// States of each root as the documents and as the database have them.
#[derive(Default)]
struct Indexes {
    roots: BTreeMap<String, Vec<Change>>,
}

impl Indexes {
    fn note(&mut self, directory: &str, before: Option<&Run>, after: Option<&Run>) {
        let root = directory.split('/').next().unwrap_or_default();
        let with_state = |run: Option<&Run>| run.filter(|run| run.layout == Layout::State).cloned();
        self.roots.entry(root.to_owned()).or_default().push((with_state(before), with_state(after)));
    }

    /// Makes the caches anew whose states changed.
    fn render(self, before: &BTreeMap<String, Vec<u8>>, changes: &mut Changes) {
        for (root, runs) in self.roots {
            let path = format!("{root}/{INDEX_FILE}");
            let state = |run: &Option<Run>| run.as_ref().map(|run| run.documents.state.clone());
            let is_same = runs.iter().all(|(before, after)| state(before) == state(after));
            let Some(old) = before.get(&path).filter(|old| !is_same && is_index(old)) else { continue };
            let runs: Vec<&Run> = runs.iter().filter_map(|(_, after)| after.as_ref()).collect();
            let times = runs.iter().filter_map(|run| run.updated_at.as_ref());
            let newest = times.max_by_key(|time| time.instant()).map(TimeText::as_str).unwrap_or_default().to_owned();
            let text = index_text(runs, &newest);
            if *old != text.as_bytes() {
                changes.insert(path, Some(text.into_bytes()));
            }
        }
    }
}

/// All runs in the order of their list.
pub(super) fn each_run(
    repositories: &mut dyn Repositories,
    visit: &mut dyn FnMut(&mut dyn Repositories, &Run) -> Result<()>,
) -> Result<()> {
    let mut page = RunPage::Offset(0);
    loop {
        let runs = repositories.runs()?.list(&RunFilter::default(), &page, PAGE)?;
        for run in &runs {
            visit(repositories, run)?;
        }
        match runs.last() {
            Some(last) if runs.len() == PAGE => page = RunPage::After(RunCursor::of(last)),
            _ => return Ok(()),
        }
    }
}

/// Runs read at a time.
const PAGE: usize = 200;
