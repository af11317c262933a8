//! Finding the folders that hold run directories.

use crate::Error;
use landfast_domain::json::{Json, parse_lossy};
use landfast_domain::runs::{manifest, state};
use std::fs;
use std::path::{Path, PathBuf};

/// What a folder of run directories is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RootKind {
    /// `runs/`: states and tunings.
    Runs,
    /// `outputs/`: uploads.
    Outputs,
    /// `experiments/`, or another folder of the kind.
    Experiments,
}

/// A folder of run directories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRoot {
    /// What it is used for.
    pub kind: RootKind,
    /// Where it lies.
    pub path: PathBuf,
    /// Its name: the first part of the paths below the folder around it.
    pub name: String,
    /// The only directory to be read, where a single run directory was asked for.
    pub only: Option<String>,
}

impl RunRoot {
    /// Names of its directories by their bytes, and of what else is in it: files other than `index.json`, links,
    /// names that are not Unicode (with replacement characters).
    ///
    /// # Errors
    /// [`Error::Io`] when the folder cannot be listed.
    pub fn directories(&self) -> Result<(Vec<String>, Vec<String>), Error> {
        let (mut directories, mut others) = (Vec::new(), Vec::new());
        for (name, path) in entries(&self.path)? {
            let Ok(name) = name.into_string().map_err(|name| others.push(name.to_string_lossy().into_owned())) else {
                continue;
            };
            if name == OWN_FOLDER || self.only.as_ref().is_some_and(|only| *only != name) {
                continue;
            }
            if is_folder(&path)? {
                directories.push(name);
            } else if name != super::INDEX_FILE {
                others.push(name);
            }
        }
        directories.sort_unstable();
        others.sort_unstable();
        Ok((directories, others))
    }
}

/// Folder of this program's own files.
const OWN_FOLDER: &str = ".landfast";

/// Levels searched below the given path.
const MOST_LEVELS: usize = 8;

/// All folders of run directories at or below a path, by their paths. A single run directory is found, too.
///
/// A folder is one if a directory in it has a `run_state.json`, or a `manifest.json` of an analysis or a tuning;
/// the folder `runs` also if it has the cache of all states. Other manifests, which are common, do not count.
/// Links and names beginning with a dot are passed over, and nothing is looked for below what was found.
///
/// # Errors
/// [`Error::Io`] when a folder cannot be listed.
pub fn find_roots(path: &Path) -> Result<Vec<RunRoot>, Error> {
    if let Some(root) = root_around(path)? {
        return Ok(vec![root]);
    }
    let mut found = Vec::new();
    let mut waiting = vec![(path.to_owned(), 0)];
    while let Some((folder, level)) = waiting.pop() {
        let below = folders_in(&folder)?;
        if is_root(&folder, &below) {
            found.push(root(&folder, None)?);
        } else if level < MOST_LEVELS {
            waiting.extend(below.into_iter().map(|path| (path, level + 1)));
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// This very folder, if it is one of those that [`find_roots`] finds.
///
/// # Errors
/// [`Error::Io`] when the folder cannot be listed.
pub fn root_at(folder: &Path) -> Result<Option<RunRoot>, Error> {
    let below = folders_in(folder)?;
    is_root(folder, &below).then(|| root(folder, None)).transpose()
}

/// The folder around a run directory, with nothing but this directory to be read; `None` when it is none.
///
/// # Errors
/// [`Error::Io`] when the folder cannot be listed.
pub fn root_around(directory: &Path) -> Result<Option<RunRoot>, Error> {
    match (directory.parent(), directory.file_name().and_then(|name| name.to_str())) {
        (Some(parent), Some(name)) if is_run_directory(directory) => root(parent, Some(name.to_owned())).map(Some),
        _ => Ok(None),
    }
}

fn is_root(folder: &Path, below: &[PathBuf]) -> bool {
    let has_index = folder.file_name().is_some_and(|name| name == "runs") && is_index(&folder.join(super::INDEX_FILE));
    has_index || below.iter().any(|path| is_run_directory(path))
}

/// Folders in a folder, but for those whose names begin with a dot.
fn folders_in(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut below = Vec::new();
    for (name, path) in entries(folder)? {
        if !name.to_string_lossy().starts_with('.') && is_folder(&path)? {
            below.push(path);
        }
    }
    Ok(below)
}

fn root(path: &Path, only: Option<String>) -> Result<RunRoot, Error> {
    // A relative path such as `.` has no name of its own.
    let full = fs::canonicalize(path).map_err(Error::io("resolve", path))?;
    let name = full.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let kind = match name.as_str() {
        "runs" => RootKind::Runs,
        "outputs" => RootKind::Outputs,
        "experiments" => RootKind::Experiments,
        _ => kind_by_content(path)?,
    };
    Ok(RunRoot { kind, path: path.to_owned(), name, only })
}

/// A folder with a name of its own: states and tunings are runs, directories named by UUIDs are uploads.
fn kind_by_content(path: &Path) -> Result<RootKind, Error> {
    let mut uploads = false;
    for (name, path) in entries(path)? {
        if path.join(state::FILE_NAME).exists() {
            return Ok(RootKind::Runs);
        }
        match manifest_at(&path) {
            Some(Json::Object(object)) if object.contains_key("analysis") => return Ok(RootKind::Runs),
            Some(_) => uploads |= is_uuid(&name.to_string_lossy()),
            None => {}
        }
    }
    Ok(if uploads { RootKind::Outputs } else { RootKind::Experiments })
}

fn is_run_directory(path: &Path) -> bool {
    let state = path.join(state::FILE_NAME).symlink_metadata().is_ok();
    state
        || matches!(manifest_at(path), Some(Json::Object(object)) if {
            let schema = object.get("schema_id").and_then(Json::as_str).unwrap_or_default();
            let tuning = object.contains_key("run_id") && object.get("analysis").is_some_and(|value| value.as_object().is_some());
            schema.starts_with("dynoai.manifest") || tuning
        })
}

fn manifest_at(directory: &Path) -> Option<Json> {
    let path = directory.join(manifest::FILE_NAME);
    if !path.symlink_metadata().ok()?.is_file() {
        return None;
    }
    let text = fs::read_to_string(path).ok()?;
    parse_lossy(text.strip_prefix('\u{feff}').unwrap_or(&text)).ok().map(|(value, _)| value)
}

fn is_index(path: &Path) -> bool {
    let value = fs::read_to_string(path).ok().and_then(|text| parse_lossy(&text).ok());
    value.is_some_and(|(value, _)| value.as_object().and_then(|object| object.get("runs")?.as_array()).is_some())
}

fn is_uuid(name: &str) -> bool {
    let groups: Vec<usize> = name.split('-').map(str::len).collect();
    groups == [8, 4, 4, 4, 12] && name.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
}

fn entries(folder: &Path) -> Result<Vec<(std::ffi::OsString, PathBuf)>, Error> {
    let entries = fs::read_dir(folder).map_err(Error::io("list", folder))?;
    entries
        .map(|entry| entry.map(|entry| (entry.file_name(), entry.path())).map_err(Error::io("list", folder)))
        .collect()
}

/// A folder, not a link to one.
fn is_folder(path: &Path) -> Result<bool, Error> {
    let metadata = path.symlink_metadata().map_err(Error::io("look at", path))?;
    Ok(metadata.is_dir())
}
