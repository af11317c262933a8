//! A look at all runs of a folder at once: which id each of them gets, and what is odd about the directories.

use super::files::OWN_FILE;
use super::place::parts;
use super::roots::{Roots, list};
use crate::area::Odd;
use crate::error::Result;
use landfast_domain::finding::Finding;
use landfast_domain::runs::{RunId, codes};
use landfast_legacy::runs::{
    DocumentRole, FoundRun, HashFiles, INDEX_FILE, Outcome, ReadOptions, RootKind, SourceDocument, check_index,
    read_directory, settle_ids,
};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// What is known of the directories of a folder.
#[derive(Debug)]
pub(super) struct Sight {
    pub(super) options: ReadOptions,
    directories: BTreeMap<String, Seen>,
    /// Ids that runs of the folder have or are to have.
    wanted: BTreeSet<RunId>,
    /// What is odd about the caches of all states, by path.
    indexes: BTreeMap<String, Vec<Finding>>,
}

/// One directory.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) kind: RootKind,
    pub(super) location: PathBuf,
    /// The id its run gets, if it is one.
    pub(super) id: Option<RunId>,
}

impl Sight {
    /// Looks at all directories. No result file is read.
    pub(super) fn new(roots: &Roots, options: &ReadOptions) -> Result<(Self, Vec<Odd>)> {
        let quick = ReadOptions { hash: HashFiles::Nothing, ..*options };
        let (mut found, mut odd, mut indexes) = (Vec::new(), Vec::new(), BTreeMap::new());
        let mut kinds = Vec::new();
        for root in &roots.roots {
            let listed = list(root)?;
            for name in &listed.directories {
                found.push(read_directory(root, name, &quick)?);
                kinds.push(root.kind);
            }
            odd.extend(listed.others.iter().map(|name| stray(&format!("{}/{name}", root.name), &root.path.join(name))));
            odd.extend(listed.unsafe_names.iter().map(|name| Odd {
                path: format!("{}/{name}", root.name),
                code: codes::FILE_PATH_UNSAFE,
                field: String::new(),
                message:
                    "a name that means something else on other systems; rename the directory to import it".to_owned(),
            }));
        }
        settle_ids(&mut found);
        for root in &roots.roots {
            let (document, findings) = check_index(root, &found, &quick);
            let path = format!("{}/{INDEX_FILE}", root.name);
            match document {
                Some(_) => {
                    indexes.insert(path, findings);
                }
                None => odd.extend(findings.into_iter().map(|finding| odd_at(&path, finding))),
            }
        }
        odd.extend(found.iter().filter(|found| main_document(found).is_none()).flat_map(of_directory));
        odd.extend(found.iter().filter_map(of_set_aside));
        let wanted = found.iter().filter_map(|found| found.run().map(|run| run.id.clone())).collect();
        let directories = found
            .into_iter()
            .zip(kinds)
            .map(|(found, kind)| {
                let id = found.run().map(|run| run.id.clone());
                (found.directory, Seen { kind, location: found.location, id })
            })
            .collect();
        Ok((Self { options: *options, directories, wanted, indexes }, odd))
    }

    pub(super) fn directory(&self, directory: &str) -> Option<&Seen> {
        self.directories.get(directory)
    }

    pub(super) fn index(&self, path: &str) -> &[Finding] {
        self.indexes.get(path).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether a run of the folder has or is to have this id.
    pub(super) fn is_wanted(&self, id: &RunId) -> bool {
        self.wanted.contains(id)
    }
}

/// The document a directory is known by: its state, else its manifest.
pub(super) fn main_document(found: &FoundRun) -> Option<&SourceDocument> {
    let with = |role| found.documents.iter().find(|document| document.role == role);
    let has_unreadable_state = found.findings.iter().any(|finding| finding.code == codes::STATE_UNREADABLE);
    with(DocumentRole::State).or_else(|| with(DocumentRole::Manifest).filter(|_| !has_unreadable_state))
}

/// What is odd about a directory that has no document to tell it of.
fn of_directory(found: &FoundRun) -> Vec<Odd> {
    let mut odd: Vec<Odd> = found.findings.iter().map(|finding| odd_at(&found.directory, finding.clone())).collect();
    if found.outcome == Outcome::Orphan
        && let Some(orphan) = odd.iter_mut().find(|odd| odd.code == codes::STATE_MISSING)
    {
        orphan.message = format!("{}; {}", orphan.message, files_that_stay(found));
    }
    odd
}

/// Files of a directory whose run is set aside belong to no run; they are named, so that nobody misses them.
fn of_set_aside(found: &FoundRun) -> Option<Odd> {
    let has_files = found.outcome == Outcome::Quarantined && !found.files.is_empty();
    has_files.then(|| Odd {
        path: found.directory.clone(),
        code: codes::FILE_UNLISTED,
        field: String::new(),
        message: format!("the run is set aside; {}", files_that_stay(found)),
    })
}

fn files_that_stay(found: &FoundRun) -> String {
    let names: Vec<&str> = found.files.iter().take(MOST_NAMES).map(|file| file.filename.as_str()).collect();
    let more = if found.files.len() > MOST_NAMES { ", …" } else { "" };
    format!("files that stay where they are: {} ({}{more})", found.files.len(), names.join(", "))
}

/// Files of a directory without a run that are named.
const MOST_NAMES: usize = 20;

fn odd_at(path: &str, finding: Finding) -> Odd {
    Odd { path: path.to_owned(), code: finding.code, field: finding.field, message: finding.message }
}

/// A file or link beside the directories.
fn stray(path: &str, location: &std::path::Path) -> Odd {
    let is_file = location.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
    let (code, message) = if is_file {
        (codes::FILE_UNLISTED, "a file beside the directories of runs; it stays where it is")
    } else {
        (codes::FILE_PATH_UNSAFE, "a link, a device or a name that is not Unicode")
    };
    Odd { path: path.to_owned(), code, field: String::new(), message: message.to_owned() }
}

/// Directory of a document, `runs/run_1`; `None` for one that is in none.
pub(super) fn directory_of(path: &str) -> Option<&str> {
    let (root, name, _) = parts(path).filter(|_| path != OWN_FILE)?;
    path.get(..root.len() + 1 + name.len())
}
