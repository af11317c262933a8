//! Documents among the files of runs.

use super::roots::{Roots, is_usual, list};
use crate::area::FoundFile;
use crate::error::{Error, Result};
use landfast_domain::runs::{documents, manifest, state};
use landfast_legacy::runs::INDEX_FILE;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// What only Landfast writes beside runs.
pub(super) const OWN_FILE: &str = ".landfast/runs.json";

/// Ending of manifests that are named after their run.
const MANIFEST_ENDING: &str = ".manifest.json";

/// Every document below the roots, those a run is known by before the others of its directory.
pub(super) fn documents_of(folder: &Path, roots: &Roots) -> Result<Vec<FoundFile>> {
    let mut found = Vec::new();
    for root in &roots.roots {
        for name in list(root)?.directories {
            let directory = root.path.join(&name);
            let mut names = names_in(&directory, "")?;
            if directory.join(state::FILE_NAME).symlink_metadata().is_ok() {
                names.extend(names_in(&directory, "output/")?);
            }
            names.sort_by(|a, b| (rank(a), a).cmp(&(rank(b), b)));
            for below in names {
                add(&mut found, format!("{}/{name}/{below}", root.name), directory.join(&below), None)?;
            }
        }
        if root.only.is_none() && is_usual(root) {
            add(&mut found, format!("{}/{INDEX_FILE}", root.name), root.path.join(INDEX_FILE), None)?;
        }
    }
    let reason = "written by Landfast itself; copied into the backup, not loaded";
    add(&mut found, OWN_FILE.to_owned(), folder.join(OWN_FILE), Some(reason))?;
    Ok(found)
}

/// Whether a directory has a document that a run could be known by.
pub(super) fn has_document(directory: &Path) -> bool {
    [state::FILE_NAME, manifest::FILE_NAME].iter().any(|name| directory.join(name).symlink_metadata().is_ok())
}

/// Names of the regular files in a directory, or in a folder of it, that are documents.
fn names_in(directory: &Path, prefix: &str) -> Result<Vec<String>> {
    let folder = directory.join(prefix.trim_end_matches('/'));
    if !folder.symlink_metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Ok(Vec::new());
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).map_err(Error::io("list", &folder))? {
        let entry = entry.map_err(Error::io("list", &folder))?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let is_manifest = name == manifest::FILE_NAME || name.ends_with(MANIFEST_ENDING);
        let others = [state::FILE_NAME, documents::METADATA_FILE, documents::SESSION_LOG_FILE];
        if is_manifest || (prefix.is_empty() && others.contains(&name.as_str())) {
            names.push(format!("{prefix}{name}"));
        }
    }
    Ok(names)
}

/// Adds a regular file that can be read and written back under its path. What becomes of others is told with the
/// directory they lie in.
fn add(found: &mut Vec<FoundFile>, path: String, location: PathBuf, not_read: Option<&'static str>) -> Result<()> {
    let Some(metadata) = location.symlink_metadata().ok().filter(std::fs::Metadata::is_file) else { return Ok(()) };
    if crate::export::safe_path(&path).is_ok() && File::open(&location).is_ok() {
        found.push(FoundFile { path, location, size_bytes: metadata.len(), not_read });
    }
    Ok(())
}

/// Place in the order of loading.
fn rank(name: &str) -> u8 {
    match name {
        state::FILE_NAME => 0,
        "output/manifest.json" => 1,
        manifest::FILE_NAME => 2,
        name if name.ends_with(MANIFEST_ENDING) => 3,
        _ => 4,
    }
}
