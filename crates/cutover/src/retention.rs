//! Which copies of the sources are kept.

use crate::backup;
use crate::error::{Error, Result};
use crate::ledger;
use crate::report::BackupReport;
use crate::transact::read;
use landfast_domain::Store;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The part of a report that names the copies.
#[derive(serde::Deserialize)]
struct Copies {
    #[serde(default)]
    backup: Option<Vec<BackupReport>>,
}

/// Removes copies of source folders but for the newest `keep` of each, those just made or used again, and those that
/// hold what was imported last. Copies that no run in the database names are left alone. Gives what was removed.
pub(crate) fn prune(store: &dyn Store, root: &Path, keep: usize, current: &[BackupReport]) -> Result<Vec<String>> {
    if keep == 0 {
        return Ok(Vec::new());
    }
    let mut removed = Vec::new();
    let needed = needed(store, root)?;
    for paths in by_folder(store, root, current)?.into_values() {
        for path in paths.into_iter().skip(keep) {
            let is_current = current.iter().any(|backup| Path::new(&backup.path) == path);
            if is_current || needed.contains(&path) || !path.is_dir() {
                continue;
            }
            remove(root, &path)?;
            removed.push(path.to_string_lossy().into_owned());
        }
    }
    Ok(removed)
}

/// Copies of each area and folder, those used last first.
fn by_folder(
    store: &dyn Store,
    root: &Path,
    current: &[BackupReport],
) -> Result<BTreeMap<(String, String), Vec<PathBuf>>> {
    let runs = read(store, |repositories| Ok(repositories.imports()?.list_runs(usize::MAX)?))?;
    let mut all = current.to_vec();
    for run in runs {
        // A report of another version names nothing that could be removed.
        let copies: Copies = serde_json::from_str(&run.report).unwrap_or(Copies { backup: None });
        all.extend(copies.backup.into_iter().flatten());
    }
    let mut folders: BTreeMap<(String, String), Vec<PathBuf>> = BTreeMap::new();
    for backup in all {
        let path = PathBuf::from(&backup.path);
        let own = path.file_name().is_some_and(|name| {
            let name = name.to_string_lossy();
            name.starts_with(&format!("{}-", backup.area)) && !name.contains(".damaged")
        });
        let paths = folders.entry((backup.area, backup.source)).or_default();
        if own && path.parent() == Some(root) && !paths.contains(&path) {
            paths.push(path);
        }
    }
    Ok(folders)
}

/// For each imported folder all copies that hold what was imported last.
fn needed(store: &dyn Store, root: &Path) -> Result<BTreeSet<PathBuf>> {
    let users = read(store, |repositories| Ok(repositories.accounts().list()?))?;
    let mut needed = BTreeSet::new();
    for user in users {
        let documents = ledger::documents(store, &user.id)?;
        let mut folders: BTreeMap<(&str, &str), Vec<(&str, &str)>> = BTreeMap::new();
        for document in documents.iter().filter(|document| !ledger::is_replaced(document)) {
            let files = folders.entry((&document.area, &document.source)).or_default();
            files.push((&document.path, &document.sha256));
        }
        for ((area, _), files) in folders {
            needed.extend(backup::find(root, area, &files)?);
        }
    }
    Ok(needed)
}

/// Takes the name away first: half a copy must not look like a damaged one. What a killed process leaves is removed
/// when the same state is copied again.
fn remove(root: &Path, path: &Path) -> Result<()> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let partial = root.join(format!(".{name}.partial"));
    if partial.exists() {
        fs::remove_dir_all(&partial).map_err(Error::io("remove", &partial))?;
    }
    fs::rename(path, &partial).map_err(Error::io("rename", path))?;
    fs::remove_dir_all(&partial).map_err(Error::io("remove", &partial))
}
