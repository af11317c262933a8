//! Writing files that depend on each other.

use super::document::{DocumentExport, copy_document};
use super::target::Target;
use super::{ExportedFile, Folder, Plan};
use crate::area::{Area, Share, Tree};
use crate::bytes::to_u64;
use crate::chunks::{KeptBytes, Shared, chunk_error};
use crate::error::{Error, Result};
use crate::load::code;
use crate::progress::Progress;
use landfast_domain::Repositories;
use landfast_domain::accounts::UserId;
use landfast_domain::imports::Document;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Read;
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// What [`export_tree`] needs.
pub(super) struct TreeExport<'a> {
    pub(super) user: &'a UserId,
    pub(super) area: &'a dyn Area,
    pub(super) documents: &'a [Document],
    pub(super) folders: &'a HashMap<(&'a str, &'a str), String>,
    pub(super) plan: &'a Plan,
    pub(super) target: &'a Target,
    pub(super) progress: &'a dyn Progress,
    pub(super) interrupt: &'a AtomicBool,
}

/// Writes the files of every folder of an area: those that changed as the area renders them, all others as they
/// were. Rows that came from nowhere go into the first folder.
pub(super) fn export_tree(
    tree: &dyn Tree,
    repositories: &mut dyn Repositories,
    export: &TreeExport<'_>,
) -> Result<Vec<ExportedFile>> {
    let mut written = Vec::new();
    let groups = groups(export.area.name(), export.documents);
    for (at, (source, documents)) in groups.iter().enumerate() {
        let prefix = export.folders.get(&(export.area.name(), source.as_str())).map_or("", String::as_str);
        let folder = Folder { target: export.target, prefix };
        let before = kept_files(repositories, documents)?;
        let elsewhere = elsewhere(&groups, at);
        let set_aside = set_aside(repositories, documents)?;
        let share = Share { adopts: at == 0, elsewhere: &elsewhere, set_aside: &set_aside };
        let mut changes = tree.render(repositories, &before, &share)?;
        for document in documents {
            if export.interrupt.load(std::sync::atomic::Ordering::SeqCst) {
                return Err(Error::Interrupted);
            }
            match changes.remove(&document.path) {
                None => {
                    let copy = DocumentExport {
                        user: export.user,
                        document,
                        plan: export.plan,
                        folder,
                        progress: export.progress,
                        interrupt: export.interrupt,
                    };
                    written.push(copy_document(repositories, &copy)?.file);
                }
                Some(None) => {}
                Some(Some(bytes)) => {
                    let mut file = folder.create(&document.path)?;
                    file.write(&bytes)?;
                    let source_sha256 = Some(document.sha256.clone());
                    written.push(ExportedFile { source_sha256, edited: 1, ..file.finish()? });
                    export.progress.advance(to_u64(document.size_bytes), 0);
                }
            }
        }
        for (path, bytes) in changes {
            let Some(bytes) = bytes else { continue };
            let mut file = folder.create(&path)?;
            file.write(&bytes)?;
            written.push(ExportedFile { appended: 1, ..file.finish()? });
        }
    }
    Ok(written)
}

/// Documents of an area by their folder, in the order of the ledger; one group without documents when nothing
/// was ever imported.
pub(crate) fn groups<'d>(area: &str, documents: &'d [Document]) -> Vec<(String, Vec<&'d Document>)> {
    let mut groups: Vec<(String, Vec<&Document>)> = Vec::new();
    for document in documents.iter().filter(|document| document.area == area) {
        match groups.iter_mut().find(|(source, _)| *source == document.source) {
            Some((_, group)) => group.push(document),
            None => groups.push((document.source.clone(), vec![document])),
        }
    }
    if groups.is_empty() {
        groups.push((String::new(), Vec::new()));
    }
    groups
}

/// Paths of documents of the other groups.
pub(crate) fn elsewhere(groups: &[(String, Vec<&Document>)], at: usize) -> BTreeSet<String> {
    let others = groups.iter().enumerate().filter(|(other, _)| *other != at);
    others.flat_map(|(_, (_, documents))| documents).map(|document| document.path.clone()).collect()
}

/// Paths of documents with a record that is set aside, but for records whose row was deleted.
pub(crate) fn set_aside(repositories: &mut dyn Repositories, documents: &[&Document]) -> Result<BTreeSet<String>> {
    let mut paths = BTreeSet::new();
    for document in documents {
        let entries = repositories.imports()?.list_quarantine(document.id, None, 1)?;
        if entries.iter().any(|entry| entry.code != code::DELETED_IN_DATABASE) {
            paths.insert(document.path.clone());
        }
    }
    Ok(paths)
}

/// Kept bytes of documents by their paths.
pub(crate) fn kept_files(
    repositories: &mut dyn Repositories,
    documents: &[&Document],
) -> Result<BTreeMap<String, Vec<u8>>> {
    let shared: Shared<'_> = RefCell::new(repositories);
    let mut files = BTreeMap::new();
    for document in documents {
        let mut bytes = Vec::new();
        let failed = Error::io("read", Path::new(&document.path));
        KeptBytes::new(&shared, document).read_to_end(&mut bytes).map_err(failed).map_err(chunk_error)?;
        files.insert(document.path.clone(), bytes);
    }
    Ok(files)
}
