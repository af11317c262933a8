//! Delivery trees in the file system.

use super::kind::{DeliveryFile, classify};
use crate::Error;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A folder that holds a delivery tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// The folder.
    pub folder: PathBuf,
    /// Whether the folder is what a tree calls `profiles`, without the files around it.
    pub is_profiles_folder: bool,
}

impl Tree {
    /// The tree a folder is; `None` when it is none.
    ///
    /// A folder is one when it has a folder `profiles`, or is one itself, that holds a registry or a folder
    /// with settings or queries in it.
    ///
    /// # Errors
    /// [`Error::Io`] when a folder cannot be listed.
    pub fn at(folder: &Path) -> Result<Option<Self>, Error> {
        for (profiles, is_profiles_folder) in [(folder.join("profiles"), false), (folder.to_owned(), true)] {
            if holds_profiles(&profiles)? {
                return Ok(Some(Self { folder: folder.to_owned(), is_profiles_folder }));
            }
        }
        Ok(None)
    }

    /// Where a path of the tree is in the file system.
    #[must_use]
    pub fn locate(&self, path: &str) -> PathBuf {
        let path = if self.is_profiles_folder { path.strip_prefix("profiles/").unwrap_or(path) } else { path };
        self.folder.join(path)
    }
}

/// All delivery trees in a folder, at any depth, in the order of their paths. Nothing is looked for inside
/// a tree, so its backups do not count; symbolic links are not followed.
///
/// # Errors
/// [`Error::Io`] when a folder cannot be listed.
pub fn find_trees(folder: &Path) -> Result<Vec<Tree>, Error> {
    let (mut found, mut left) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = left.pop() {
        match Tree::at(&folder)? {
            Some(tree) => found.push(tree),
            None => left.extend(entries(&folder)?.into_iter().filter(|entry| entry.is_folder).map(|entry| entry.path)),
        }
    }
    found.sort_by(|a, b| a.folder.cmp(&b.folder));
    Ok(found)
}

/// Paths of all files of a tree, written with `/` and as if the tree were whole, in byte order. Symbolic
/// links are left out.
///
/// # Errors
/// [`Error::Io`] when a folder cannot be listed.
pub fn list_files(tree: &Tree) -> Result<Vec<String>, Error> {
    let prefix = if tree.is_profiles_folder { "profiles/" } else { "" };
    let (mut paths, mut left) = (Vec::new(), vec![(tree.folder.clone(), prefix.to_owned())]);
    while let Some((folder, prefix)) = left.pop() {
        for entry in entries(&folder)? {
            let path = format!("{prefix}{}", entry.name);
            if entry.is_folder {
                left.push((entry.path, format!("{path}/")));
            } else if entry.is_file {
                paths.push(path);
            }
        }
    }
    paths.sort();
    Ok(paths)
}

/// Bytes of the files of a tree, by path. Files [`load`](super::load) does not read (copies, backups,
/// databases, unknown ones) are listed without their bytes.
///
/// # Errors
/// [`Error::Io`] when a folder or file cannot be read.
pub fn read_files(tree: &Tree) -> Result<BTreeMap<String, Vec<u8>>, Error> {
    let mut files = BTreeMap::new();
    for path in list_files(tree)? {
        let is_read = !matches!(
            classify(&path),
            DeliveryFile::Derived
                | DeliveryFile::OldInstallation
                | DeliveryFile::Leftover
                | DeliveryFile::Database
                | DeliveryFile::Unknown
        );
        let place = tree.locate(&path);
        let bytes = if is_read { fs::read(&place).map_err(Error::io("read", &place))? } else { Vec::new() };
        files.insert(path, bytes);
    }
    Ok(files)
}

fn holds_profiles(profiles: &Path) -> Result<bool, Error> {
    if !profiles.is_dir() {
        return Ok(false);
    }
    if profiles.join("profiles.json").is_file() {
        return Ok(true);
    }
    for entry in entries(profiles)?.into_iter().filter(|entry| entry.is_folder) {
        let has_settings = ["profile.json", "app_settings.json"].iter().any(|name| entry.path.join(name).is_file());
        if has_settings || holds_query(&entry.path.join("queries"))? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn holds_query(queries: &Path) -> Result<bool, Error> {
    if !queries.is_dir() {
        return Ok(false);
    }
    let names = ["query.json", "project_data.json", "jira_cache.json"];
    Ok(entries(queries)?.iter().any(|entry| names.iter().any(|name| entry.path.join(name).is_file())))
}

struct Entry {
    name: String,
    path: PathBuf,
    is_folder: bool,
    is_file: bool,
}

fn entries(folder: &Path) -> Result<Vec<Entry>, Error> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(Error::io("list", folder))? {
        let entry = entry.map_err(Error::io("list", folder))?;
        let path = entry.path();
        let kind = entry.file_type().map_err(Error::io("look at", &path))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        found.push(Entry { name, path, is_folder: kind.is_dir(), is_file: kind.is_file() });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn make(folder: &Path, files: &[&str]) {
        for file in files {
            let path = folder.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "{}").unwrap();
        }
    }

    #[test]
    fn trees_are_found_at_any_depth_and_in_both_shapes() {
        let folder = tempfile::tempdir().unwrap();
        make(
            folder.path(),
            &[
                "a/b/profiles/p1/profile.json",
                "a/b/backups/migration-1/profiles/p1/profile.json",
                "old/p2/app_settings.json",
                "c/profiles/readme.txt",
                "x.json",
            ],
        );
        let trees = find_trees(folder.path()).unwrap();
        let seen: Vec<_> = trees
            .iter()
            .map(|tree| (tree.folder.strip_prefix(folder.path()).unwrap().to_str().unwrap(), tree.is_profiles_folder))
            .collect();
        assert_eq!(seen, [("a/b", false), ("old", true)]);
        assert_eq!(list_files(&trees[1]).unwrap(), ["profiles/p2/app_settings.json"]);
        assert!(trees[1].locate("profiles/p2/app_settings.json").is_file());
        let files = read_files(&trees[0]).unwrap();
        assert_eq!(files["profiles/p1/profile.json"], b"{}");
        assert_eq!(files["backups/migration-1/profiles/p1/profile.json"], b"");
    }

    #[test]
    fn a_profile_without_settings_makes_a_tree_by_its_queries() {
        let folder = tempfile::tempdir().unwrap();
        make(folder.path(), &["profiles/p1/queries/q1/jira_cache.json"]);
        assert!(Tree::at(folder.path()).unwrap().is_some());
        assert!(Tree::at(&folder.path().join("profiles/p1/queries")).unwrap().is_none());
    }
}
