//! Where runs lie in a folder.

use super::files::has_document;
use super::place::kind_of;
use crate::area::Claim;
use crate::error::Result;
use crate::export::safe_path;
use landfast_legacy::runs::{RunRoot, root_around, root_at};
use std::collections::BTreeSet;
use std::path::Path;

/// Names of folders that hold nothing but runs.
const NAMES: [&str; 3] = ["experiments", "outputs", "runs"];

/// What a folder has of runs.
pub(super) struct Roots {
    pub(super) roots: Vec<RunRoot>,
    pub(super) claim: Claim,
}

/// Directories of a root, and what else is in it.
#[derive(Debug, Default)]
pub(super) struct Listed {
    pub(super) directories: Vec<String>,
    /// Files, links and names that are not Unicode.
    pub(super) others: Vec<String>,
    /// Directories with names that mean something else on other systems, so that they could not be written back.
    pub(super) unsafe_names: Vec<String>,
}

/// The folders of runs that a folder is or holds; `None` when there are none.
///
/// A folder with one of the usual names belongs to runs as a whole. Of another one only those directories do that
/// have a run's document, since the rest may belong to something else.
pub(super) fn roots_of(folder: &Path) -> Result<Option<Roots>> {
    if let Some(root) = root_around(folder)?.filter(has_name) {
        return Ok(Some(Roots { roots: vec![root], claim: Claim::Everything }));
    }
    let own = root_at(folder)?.filter(has_name);
    if let Some(root) = own.as_ref().filter(|root| is_usual(root)) {
        return Ok(Some(Roots { roots: vec![root.clone()], claim: Claim::Everything }));
    }
    let (mut roots, mut names) = (Vec::new(), BTreeSet::new());
    if let Some(root) = own {
        names.extend(list(&root)?.directories);
        roots.push(root);
    }
    let mut doubtful = Vec::new();
    for name in NAMES {
        let below = folder.join(name);
        if !below.symlink_metadata().is_ok_and(|metadata| metadata.is_dir()) {
            continue;
        }
        match root_at(&below)? {
            Some(root) => {
                names.insert(name.to_owned());
                roots.push(root);
            }
            None => doubtful.push(RunRoot { kind: kind_of(name), path: below, name: name.to_owned(), only: None }),
        }
    }
    // Beside folders of runs, one whose documents are all damaged is not overlooked.
    for root in doubtful {
        if !roots.is_empty() && root.directories()?.0.iter().any(|name| has_document(&root.path.join(name))) {
            names.insert(root.name.clone());
            roots.push(root);
        }
    }
    Ok((!roots.is_empty()).then_some(Roots { roots, claim: Claim::Names(names) }))
}

/// What is in a root, by the bytes of the names.
pub(super) fn list(root: &RunRoot) -> Result<Listed> {
    let (mut directories, mut others) = root.directories()?;
    if !is_usual(root) && root.only.is_none() {
        directories.retain(|name| has_document(&root.path.join(name)));
        others.clear();
    }
    if root.only.is_some() {
        others.clear();
    }
    let (directories, unsafe_names) =
        directories.into_iter().partition(|name| safe_path(&format!("{}/{name}/x", root.name)).is_ok());
    Ok(Listed { directories, others, unsafe_names })
}

pub(super) fn is_usual(root: &RunRoot) -> bool {
    NAMES.contains(&root.name.as_str())
}

/// A root of the file system has no name that paths could begin with.
fn has_name(root: &RunRoot) -> bool {
    !root.name.is_empty()
}
