//! The files the rules look at: what git tracks, and what it would track after `git add`.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::process;

/// A file that is valid UTF-8 without NUL bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TextFile {
    /// Relative to the root, with `/` between folders.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl TextFile {
    pub(crate) fn has_extension(&self, extension: &str) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, last)| last == extension)
    }

    /// Recorded data and recorded output are kept byte for byte as the programs wrote them.
    pub(crate) fn is_recorded(&self) -> bool {
        let folders = ["fixtures", "golden", "samples", "snapshots"];
        self.path.split('/').any(|part| folders.contains(&part))
    }

    /// Its lines with their numbers, from 1.
    pub(crate) fn numbered_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines())
    }
}

/// Everything in the checkout that is not ignored.
#[derive(Debug, Default)]
pub(crate) struct Repository {
    /// Paths of all files, binary ones included.
    pub(crate) names: BTreeSet<String>,
    pub(crate) files: Vec<TextFile>,
}

impl Repository {
    /// # Errors
    /// When git is missing, the folder is no checkout, or a file cannot be read.
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let mut git = Command::new("git");
        // In a container the checkout often belongs to another user, which git refuses by default.
        git.current_dir(root).args(["-c", "safe.directory=*", "ls-files", "-z"]);
        git.args(["--cached", "--others", "--exclude-standard"]);
        let listed = process::capture(&mut git)?;

        let mut repository = Self::default();
        for name in listed.split('\0').filter(|name| !name.is_empty()) {
            let path = root.join(name);
            // A tracked file may have been deleted from the folder.
            if !path.is_file() {
                continue;
            }
            let bytes = std::fs::read(&path).with_context(|| format!("cannot read {name}"))?;
            repository.add(name, bytes);
        }
        Ok(repository)
    }

    /// The text file with this path.
    pub(crate) fn file(&self, path: &str) -> Option<&TextFile> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Whether there is a file or a folder with this path; the root is the empty path.
    pub(crate) fn contains(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let folder = format!("{path}/");
        path.is_empty()
            || self.names.contains(path)
            || self.names.range(folder.clone()..).next().is_some_and(|name| name.starts_with(&folder))
    }

    fn add(&mut self, name: &str, bytes: Vec<u8>) {
        if !self.names.insert(name.to_owned()) {
            return; // listed twice by git during a merge
        }
        if let Ok(text) = String::from_utf8(bytes)
            && !text.contains('\0')
        {
            self.files.push(TextFile { path: name.to_owned(), text });
        }
    }

    /// A made-up repository for the tests of the rules.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let mut repository = Self::default();
        for (name, text) in files {
            repository.add(name, text.as_bytes().to_vec());
        }
        repository
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binary_files_have_a_name_and_no_text() {
        let mut repository = Repository::default();
        repository.add("logo.png", vec![0x89, 0xff]);
        repository.add("nul.txt", vec![b'a', 0]);
        repository.add("a.txt", b"text".to_vec());
        repository.add("a.txt", b"text".to_vec());
        assert_eq!(repository.names.len(), 3);
        assert_eq!(repository.files.len(), 1);
    }

    #[test]
    fn files_folders_and_the_root_are_contained() {
        let repository = Repository::of(&[("docs/adr/0001-a.md", ""), ("docs-old.md", "")]);
        for path in ["docs/adr/0001-a.md", "docs/adr", "docs/adr/", "docs", ""] {
            assert!(repository.contains(path), "{path}");
        }
        for path in ["doc", "docs/a", "docs/adr/0001"] {
            assert!(!repository.contains(path), "{path}");
        }
    }

    #[test]
    fn this_checkout_can_be_read() {
        let repository = Repository::read(&crate::workspace::root()).unwrap();
        assert!(repository.file("xtask/src/main.rs").is_some());
        assert!(!repository.names.iter().any(|name| name.starts_with("target/")));
    }

    #[test]
    fn recorded_files_are_known_by_their_folder() {
        let file = |path: &str| TextFile { path: path.to_owned(), text: String::new() };
        assert!(file("crates/legacy/tests/fixtures/tasks/a.csv").is_recorded());
        assert!(!file("crates/legacy/src/fixtures.rs").is_recorded());
    }
}
