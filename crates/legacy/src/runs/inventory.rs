//! What is in a run's directory, and how it compares with what is listed.

use super::document::ReadOptions;
use super::hash::HashFiles;
use super::place::Place;
use crate::Error;
use landfast_domain::finding::{Finding, shown, storable};
use landfast_domain::runs::manifest::ListedOutput;
use landfast_domain::runs::{HashOutcome, RunFile, codes, file_type, is_safe_path};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Result files lie here in directories with a state.
pub(super) const OUTPUT: &str = "output/";

/// Lengths of the regular files below a directory by their paths with `/`, and what may not be opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inventory {
    /// Lengths in bytes of the regular files.
    pub files: BTreeMap<String, u64>,
    /// Links, devices and names that are not Unicode.
    pub refused: Vec<String>,
}

impl Inventory {
    /// What is in a directory and below it. Links are not followed.
    ///
    /// # Errors
    /// [`Error::Io`] when a folder cannot be listed.
    pub fn of(directory: &Path) -> Result<Self, Error> {
        list(directory)
    }
}

/// Lists a directory. Links and names that are not Unicode are refused.
pub(super) fn list(directory: &Path) -> Result<Inventory, Error> {
    let mut inventory = Inventory { files: BTreeMap::new(), refused: Vec::new() };
    let mut waiting = vec![(directory.to_owned(), String::new())];
    while let Some((folder, prefix)) = waiting.pop() {
        for entry in fs::read_dir(&folder).map_err(Error::io("list", &folder))? {
            let entry = entry.map_err(Error::io("list", &folder))?;
            let location = entry.path();
            let kind = entry.file_type().map_err(Error::io("look at", &location))?;
            let name = match entry.file_name().into_string() {
                Ok(name) => name,
                Err(name) => {
                    inventory.refused.push(format!("{prefix}{}", name.to_string_lossy()));
                    continue;
                }
            };
            let path = format!("{prefix}{name}");
            if kind.is_dir() {
                waiting.push((location, format!("{path}/")));
            } else if kind.is_file() {
                let metadata = fs::symlink_metadata(&location).map_err(Error::io("look at", &location))?;
                inventory.files.insert(path, metadata.len());
            } else {
                inventory.refused.push(path);
            }
        }
    }
    inventory.refused.sort_unstable();
    Ok(inventory)
}

/// Makes the list of a run's files.
pub(super) struct Lister<'a> {
    /// Name of the run's directory.
    pub(super) name: &'a str,
    /// Path of the directory below the folder around the roots.
    pub(super) directory: &'a str,
    /// Where result files lie below the directory: `output/` or nothing.
    pub(super) results: &'a str,
    pub(super) options: &'a ReadOptions,
    pub(super) place: &'a dyn Place,
    pub(super) findings: &'a mut Vec<Finding>,
}

impl Lister<'_> {
    /// One row for each file but the documents in `left_out`, and for each listed file that is not there.
    pub(super) fn list(
        &mut self,
        inventory: &Inventory,
        left_out: &[&str],
        in_state: &[String],
        in_manifest: &[ListedOutput],
    ) -> Result<Vec<RunFile>, Error> {
        let mut rows: BTreeMap<String, RunFile> = BTreeMap::new();
        // Result files first, so that their names are theirs.
        let (results, others): (Vec<_>, Vec<_>) =
            inventory.files.iter().partition(|(path, _)| !self.results.is_empty() && path.starts_with(self.results));
        for (path, size_bytes) in results.into_iter().chain(others) {
            if left_out.contains(&path.as_str()) {
                continue;
            }
            let name = storable(path.strip_prefix(self.results).unwrap_or(path));
            let name = if rows.contains_key(&name) { format!("./{name}") } else { name };
            let mut row = RunFile::named(name);
            row.size_bytes = i64::try_from(*size_bytes).ok();
            row.storage_path = Some(format!("{}/{path}", self.directory));
            row.on_disk = true;
            if self.options.hash == HashFiles::All {
                row.sha256 = Some(self.place.hash(path)?.sha256);
            }
            rows.insert(row.filename.clone(), row);
        }
        for path in &inventory.refused {
            self.find(codes::FILE_PATH_UNSAFE, path, "a link, a device or a name that is not Unicode");
        }
        self.mark_state(&mut rows, in_state);
        self.mark_manifest(&mut rows, inventory, in_manifest)?;
        for row in rows.values() {
            if row.on_disk && !row.in_state && !row.in_manifest && self.is_result(row) {
                self.find(codes::FILE_UNLISTED, &row.filename, "neither the state nor a manifest lists it");
            }
        }
        Ok(rows.into_values().collect())
    }

    fn mark_state(&mut self, rows: &mut BTreeMap<String, RunFile>, listed: &[String]) {
        for name in listed {
            let row = rows.entry(storable(name)).or_insert_with_key(|name| RunFile::named(name.as_str()));
            row.in_state = true;
            if !row.on_disk && is_safe_path(name) {
                self.find(codes::FILE_LISTED_MISSING, name, "listed in the state, not there");
            }
        }
    }

    fn mark_manifest(
        &mut self,
        rows: &mut BTreeMap<String, RunFile>,
        inventory: &Inventory,
        listed: &[ListedOutput],
    ) -> Result<(), Error> {
        for output in listed {
            let local = self.local_path(&output.path);
            if local.is_none() {
                self.find(codes::FILE_PATH_UNSAFE, &output.name, shown(&output.path));
            }
            let name = storable(local.as_ref().unwrap_or(&output.path));
            let row = rows.entry(name).or_insert_with_key(|name| RunFile::named(name.as_str()));
            if row.in_manifest {
                self.find(codes::FILE_LISTED_TWICE, &output.name, "the manifest lists it again");
                continue;
            }
            row.in_manifest = true;
            row.created_at.clone_from(&output.created);
            let path = row
                .storage_path
                .as_ref()
                .and_then(|path| path.strip_prefix(self.directory)?.strip_prefix('/'))
                .filter(|path| inventory.files.contains_key(*path))
                .map(str::to_owned);
            let Some(path) = path else {
                if row.file_type.is_empty() {
                    row.file_type = file_type(&output.kind);
                }
                if local.is_some() {
                    self.find(codes::MANIFEST_FILE_MISSING, &output.name, "listed in the manifest, not there");
                }
                continue;
            };
            self.compare(row, &path, output)?;
        }
        Ok(())
    }

    fn compare(&mut self, row: &mut RunFile, path: &str, output: &ListedOutput) -> Result<(), Error> {
        row.hash = match &output.sha256 {
            None => HashOutcome::Empty,
            Some(listed) if listed.is_empty() => {
                self.find(codes::MANIFEST_HASH_EMPTY, &output.name, "listed without its hash");
                HashOutcome::Empty
            }
            Some(_) if self.options.hash == HashFiles::Nothing => HashOutcome::Unlisted,
            Some(listed) => {
                let hash = self.place.hash(path)?;
                let outcome = hash.compare(listed);
                match outcome {
                    HashOutcome::EqualAfterNewlines => {
                        self.find(
                            codes::MANIFEST_HASH_CRLF,
                            &output.name,
                            "the listed hash is that of the file with CRLF",
                        );
                    }
                    HashOutcome::Different => {
                        let message = format!("listed {}, found {}", shown(listed), hash.sha256);
                        self.find(codes::MANIFEST_HASH_MISMATCH, &output.name, message);
                    }
                    _ => {}
                }
                row.sha256 = Some(hash.sha256);
                outcome
            }
        };
        Ok(())
    }

    /// Where a listed path lies below the results. A path of the machine that wrote the manifest counts from the
    /// name of the run's directory on. `None`: it may lead elsewhere.
    fn local_path(&self, path: &str) -> Option<String> {
        if is_safe_path(path) {
            return Some(path.strip_prefix(self.results).unwrap_or(path).to_owned());
        }
        let parts: Vec<&str> = path.split(['/', '\\']).collect();
        let at = parts.iter().rposition(|part| *part == self.name)?;
        let tail = parts.get(at + 1..)?.join("/");
        let tail = tail.strip_prefix(self.results).map(str::to_owned).unwrap_or(tail);
        is_safe_path(&tail).then_some(tail)
    }

    /// Whether a file is a result that somebody should list: not a manifest, an input or a snapshot.
    fn is_result(&self, row: &RunFile) -> bool {
        let path = row.storage_path.as_deref().unwrap_or_default();
        let below = path.strip_prefix(self.directory).and_then(|path| path.strip_prefix('/')).unwrap_or(path);
        let manifest = below.ends_with("manifest.json");
        below.starts_with(self.results) && !manifest && !below.starts_with("snapshots/")
    }

    fn find(&mut self, code: &'static str, field: &str, message: impl Into<String>) {
        self.findings.push(Finding::new(code, field, message));
    }
}
