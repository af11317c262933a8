//! Finding legacy data below the given paths.

use crate::area::{AREAS, Area, Claim, FoundFile};
use crate::error::{Error, Result};
use crate::ledger::label;
use crate::report::Unrecognised;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A folder of one area.
pub(crate) struct Source {
    pub(crate) area: &'static dyn Area,
    pub(crate) folder: PathBuf,
    pub(crate) label: String,
    pub(crate) files: Vec<FoundFile>,
}

/// What lies below the given paths.
#[derive(Default)]
pub(crate) struct Discovery {
    pub(crate) sources: Vec<Source>,
    pub(crate) unrecognised: Vec<Unrecognised>,
    visited: Vec<PathBuf>,
}

/// Most entries listed as not recognised; a home folder may have millions.
const MOST: usize = 1000;
/// Folders deeper than this are not looked into.
const DEEPEST: usize = 64;

/// Looks at the given paths and all folders below them, in byte order. Links below them are not followed;
/// `not_into` is a folder that is left out with everything below, such as that of the backups.
pub(crate) fn discover(paths: &[PathBuf], not_into: Option<&Path>) -> Result<Discovery> {
    let not_into = not_into.and_then(|path| path.canonicalize().ok());
    let mut found = Discovery::default();
    for path in paths {
        let path = path.canonicalize().map_err(Error::io("open", path))?;
        if path.is_dir() {
            found.walk(&path, not_into.as_deref(), 0)?;
        } else {
            found.skip(&path, "a single file; give the folder it lies in");
        }
    }
    Ok(found)
}

/// Whether data of any area lies in a folder or below it; `not_into` is left out. Only names and headers are looked at.
///
/// # Errors
/// [`Error::Io`] when a folder cannot be read.
pub fn holds_legacy_data(folder: &Path, not_into: Option<&Path>) -> Result<bool> {
    Ok(!discover(&[folder.to_owned()], not_into)?.sources.is_empty())
}

impl Claim {
    /// Names in the folder that are claimed.
    fn names(&self) -> impl Iterator<Item = &String> {
        match self {
            Self::Names(names) | Self::FilesAnd(names) => Some(names),
            Self::Everything => None,
        }
        .into_iter()
        .flatten()
    }
}

impl Discovery {
    fn walk(&mut self, folder: &Path, not_into: Option<&Path>, depth: usize) -> Result<()> {
        if Some(folder) == not_into || self.visited.iter().any(|visited| visited == folder) {
            return Ok(());
        }
        self.visited.push(folder.to_owned());
        if depth > DEEPEST {
            self.skip(folder, "too many folders inside each other");
            return Ok(());
        }
        let mut claims = Vec::new();
        for area in AREAS {
            if let Some(claim) = area.recognise(folder)? {
                claims.push((area, claim));
            }
        }
        for (area, claim) in &claims {
            let others = claims.iter().filter(|(other, _)| other.name() != area.name());
            let others = others.flat_map(|(_, claim)| claim.names()).cloned().collect();
            let files = area.files(folder, &others)?;
            for file in &files {
                if let Some(reason) = file.not_read {
                    self.skip(&file.location, reason);
                }
            }
            let read: BTreeSet<&Path> = files.iter().map(|file| file.location.as_path()).collect();
            self.skip_special(folder, Some(claim), &read)?;
            self.sources.push(Source { area: *area, folder: folder.to_owned(), label: label(folder), files });
            if *claim == Claim::Everything {
                return Ok(());
            }
        }
        let is_claimed = |name: &str, is_file: bool| {
            claims.iter().any(|(_, claim)| {
                claim.names().any(|claimed| claimed == name) || (is_file && matches!(claim, Claim::FilesAnd(_)))
            })
        };
        let mut entries = Vec::new();
        for entry in fs::read_dir(folder).map_err(Error::io("list", folder))? {
            let entry = entry.map_err(Error::io("list", folder))?;
            let kind = entry.file_type().map_err(Error::io("look at", &entry.path()))?;
            entries.push((entry.file_name(), entry.path(), kind));
        }
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        let mut files = 0_u64;
        for (name, path, kind) in entries {
            if is_claimed(&name.to_string_lossy(), !kind.is_dir()) {
                continue;
            }
            if kind.is_symlink() {
                self.skip(&path, "a link; links are not followed");
            } else if kind.is_dir() && !name.as_encoded_bytes().starts_with(b".") {
                self.walk(&path, not_into, depth + 1)?;
            } else if kind.is_file() {
                files += 1;
            } else if !kind.is_dir() {
                self.skip(&path, "neither a file nor a folder, but a pipe, a socket or a device");
            }
        }
        if files > 0 {
            let noun = if files == 1 { "file" } else { "files" };
            self.skip(folder, &format!("{files} {noun} of no known layout"));
        }
        Ok(())
    }

    /// Lists links, pipes and devices among what is claimed; areas read files.
    fn skip_special(&mut self, folder: &Path, claim: Option<&Claim>, read: &BTreeSet<&Path>) -> Result<()> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(folder).map_err(Error::io("list", folder))? {
            let entry = entry.map_err(Error::io("list", folder))?;
            entries.push((entry.path(), entry.file_type().map_err(Error::io("look at", &entry.path()))?));
        }
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        for (path, kind) in entries {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let is_claimed = claim.is_none_or(|claim| match claim {
                Claim::Names(names) => names.contains(name.as_ref()),
                Claim::FilesAnd(names) => !kind.is_dir() || names.contains(name.as_ref()),
                Claim::Everything => true,
            });
            if !is_claimed || read.contains(path.as_path()) {
                continue;
            }
            if kind.is_dir() {
                self.skip_special(&path, None, read)?;
            } else if kind.is_symlink() {
                self.skip(&path, "a link; links are not followed");
            } else if !kind.is_file() {
                self.skip(&path, "neither a file nor a folder, but a pipe, a socket or a device");
            }
        }
        Ok(())
    }

    fn skip(&mut self, path: &Path, reason: &str) {
        if self.unrecognised.len() < MOST {
            self.unrecognised
                .push(Unrecognised { path: path.to_string_lossy().into_owned(), reason: reason.to_owned() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_found_at_any_depth_and_the_rest_is_listed() {
        let root = tempfile::tempdir().unwrap();
        let make = |path: &str, text: &str| {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        make("old/deep/data/tasks.csv", "task_id,name\n");
        make("old/deep/data/archived/x/tasks.csv", "task_id,name\n");
        make("old/deep/data/app.db", "x");
        make("another/emotions.csv", "emotion\n");
        make("backups/tasks-1/tasks.csv", "task_id,name\n");
        make("music/song.mp3", "x");
        make(".hidden/tasks.csv", "task_id,name\n");
        let found =
            discover(&[root.path().to_owned(), root.path().join("old")], Some(&root.path().join("backups"))).unwrap();
        let at: Vec<_> =
            found.sources.iter().map(|source| source.folder.file_name().unwrap().to_str().unwrap()).collect();
        assert_eq!(at, ["another", "data"]);
        let not: Vec<_> = found
            .unrecognised
            .iter()
            .map(|entry| Path::new(&entry.path).file_name().unwrap().to_str().unwrap())
            .collect();
        assert_eq!(not, ["music", "app.db"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("in")).unwrap();
        fs::create_dir(root.path().join("out")).unwrap();
        fs::write(root.path().join("out/tasks.csv"), "task_id\n").unwrap();
        std::os::unix::fs::symlink("../out", root.path().join("in/link")).unwrap();
        let found = discover(&[root.path().join("in")], None).unwrap();
        assert!(found.sources.is_empty());
        assert_eq!(found.unrecognised[0].reason, "a link; links are not followed");
    }
}
