//! Runs in the database: finding them again, giving them ids.

use super::sight::Sight;
use crate::error::Result;
use crate::keyed::Scope;
use crate::ledger::is_replaced;
use crate::load::code;
use landfast_domain::Repositories;
use landfast_domain::runs::{Run, RunDocuments, RunId, last_part};
use landfast_legacy::runs::DocumentRole;
use std::collections::BTreeSet;

/// The run of a directory.
pub(super) fn find(repositories: &mut dyn Repositories, directory: &str) -> Result<Option<Run>> {
    Ok(repositories.runs()?.find_directory(directory)?)
}

/// What is known of the documents of a directory in the folder at hand.
enum Known<'p> {
    /// One of them was loaded.
    Loaded,
    /// None was loaded; these were damaged, or waited for damaged ones, when they were imported last.
    Damaged(BTreeSet<&'p str>),
}

/// Whether one of these documents of the folder at hand was loaded before.
pub(super) fn was_loaded<'p>(
    repositories: &mut dyn Repositories,
    scope: &Scope<'_>,
    paths: impl Iterator<Item = &'p str>,
) -> Result<bool> {
    Ok(matches!(known(repositories, scope, paths)?, Known::Loaded))
}

/// Whether the run that a directory has is made of these documents of the folder at hand, and not of another
/// folder's.
pub(super) fn is_ours<'p>(
    repositories: &mut dyn Repositories,
    scope: &Scope<'_>,
    paths: impl Iterator<Item = &'p str>,
) -> Result<bool> {
    let damaged = match known(repositories, scope, paths)? {
        Known::Loaded => return Ok(true),
        Known::Damaged(damaged) if damaged.is_empty() => return Ok(false),
        Known::Damaged(damaged) => damaged,
    };
    // The run is an earlier version's, unless another folder has the same directory.
    let imports = repositories.imports()?;
    for other in imports.list_documents(scope.user)? {
        let is_same = other.area == scope.area && other.source != scope.source && damaged.contains(other.path.as_str());
        if is_same && !is_replaced(&other) && imports.list_quarantine(other.id, None, 1)?.is_empty() {
            return Ok(false);
        }
    }
    Ok(true)
}

fn known<'p>(
    repositories: &mut dyn Repositories,
    scope: &Scope<'_>,
    paths: impl Iterator<Item = &'p str>,
) -> Result<Known<'p>> {
    let mut damaged = BTreeSet::new();
    // A plan can be made with a store that keeps no ledger, into which nothing was ever imported.
    let imports = match repositories.imports() {
        Ok(imports) => imports,
        Err(landfast_domain::Error::Unsupported { .. }) => return Ok(Known::Damaged(damaged)),
        Err(error) => return Err(error.into()),
    };
    for path in paths {
        let Some(document) = imports.find_document(scope.user, scope.area, scope.source, path)? else { continue };
        if document.records_done == 0 {
            continue;
        }
        match imports.list_quarantine(document.id, None, 1)?.first().map(|entry| entry.code.as_str()) {
            None | Some(code::CHANGED_ON_BOTH_SIDES | code::DELETED_IN_DATABASE) => return Ok(Known::Loaded),
            Some(code::SAME_IN_OTHER_SOURCE | code::ID_IN_OTHER_SOURCE) => {}
            Some(_) => {
                damaged.insert(path);
            }
        }
    }
    Ok(Known::Damaged(damaged))
}

/// The id a new run gets: the one the look over its folder found, if no other run in the database has it, else the
/// name of its directory, with `~2`, `~3` and so on where that is taken as well.
pub(super) fn free_id(repositories: &mut dyn Repositories, sight: Option<&Sight>, run: &Run) -> Result<RunId> {
    let wanted = sight
        .and_then(|sight| sight.directory(&run.directory))
        .and_then(|seen| seen.id.clone())
        .unwrap_or_else(|| run.id.clone());
    let runs = repositories.runs()?;
    if runs.get(&wanted)?.is_none() {
        return Ok(wanted);
    }
    let name = last_part(&run.directory);
    let mut number = 1_u64;
    loop {
        let id = RunId::existing(&if number == 1 { name.to_owned() } else { format!("{name}~{number}") });
        let is_free = !sight.is_some_and(|sight| sight.is_wanted(&id)) && runs.get(&id)?.is_none();
        if is_free {
            return Ok(id);
        }
        number += 1;
    }
}

/// Text of a document of a run.
pub(super) fn text_of(documents: &RunDocuments, role: DocumentRole) -> Option<&String> {
    match role {
        DocumentRole::State => documents.state.as_ref(),
        DocumentRole::Manifest => documents.manifest.as_ref(),
        DocumentRole::Metadata => documents.metadata.as_ref(),
        DocumentRole::SessionLog => documents.session_log.as_ref(),
        DocumentRole::OtherManifest | DocumentRole::Index => None,
    }
}

/// Gives a run another text of a document.
pub(super) fn set_text(documents: &mut RunDocuments, role: DocumentRole, text: Option<String>) {
    match role {
        DocumentRole::State => documents.state = text,
        DocumentRole::Manifest => documents.manifest = text,
        DocumentRole::Metadata => documents.metadata = text,
        DocumentRole::SessionLog => documents.session_log = text,
        DocumentRole::OtherManifest | DocumentRole::Index => {}
    }
}
