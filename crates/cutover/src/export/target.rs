//! The folder an export writes into.

use super::ExportedFile;
use crate::backup::sync_folder;
use crate::bytes::{hex, to_u64};
use crate::error::{Error, Result};
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Component, Path, PathBuf};

/// Files that are being written under other names.
pub(super) struct Target {
    root: PathBuf,
    overwrite: bool,
    staged: RefCell<Vec<Staged>>,
}

struct Staged {
    temporary: PathBuf,
    named: PathBuf,
}

impl Target {
    pub(super) fn new(root: &Path, overwrite: bool) -> Result<Self> {
        fs::create_dir_all(root).map_err(Error::io("create", root))?;
        Ok(Self { root: root.to_owned(), overwrite, staged: RefCell::new(Vec::new()) })
    }

    /// Gives all files their names.
    pub(super) fn commit(self) -> Result<()> {
        let staged = self.staged.borrow();
        if !self.overwrite
            && let Some(taken) = staged.iter().find(|file| file.named.exists())
        {
            return Err(Error::Exists { path: taken.named.clone() });
        }
        let mut folders = BTreeSet::new();
        for file in staged.iter() {
            fs::rename(&file.temporary, &file.named).map_err(Error::io("rename", &file.temporary))?;
            folders.extend(file.named.parent().map(Path::to_owned));
        }
        folders.iter().try_for_each(|folder| sync_folder(folder))
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        for file in self.staged.borrow().iter() {
            // After a commit there is nothing left; after a failure, leftovers do no harm.
            let _ = fs::remove_file(&file.temporary);
        }
    }
}

/// A folder below the target.
#[derive(Clone, Copy)]
pub(crate) struct Folder<'a> {
    pub(super) target: &'a Target,
    /// Its path below the target, empty or with `/` at the end.
    pub(super) prefix: &'a str,
}

impl<'a> Folder<'a> {
    /// Begins a file that gets its name when the whole export is complete.
    pub(crate) fn create(&self, path: &str) -> Result<NewFile> {
        let path = format!("{}{path}", self.prefix);
        safe_path(&path)?;
        let named = self.target.root.join(&path);
        if !self.target.overwrite && named.symlink_metadata().is_ok() {
            return Err(Error::Exists { path: named });
        }
        let parent = named.parent().unwrap_or(&self.target.root);
        fs::create_dir_all(parent).map_err(Error::io("create", parent))?;
        self.stays_inside(parent)?;
        let name = named.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let temporary = parent.join(format!(".{name}.landfast-new"));
        let file = File::create(&temporary).map_err(Error::io("create", &temporary))?;
        self.target.staged.borrow_mut().push(Staged { temporary: temporary.clone(), named });
        Ok(NewFile { path, temporary, file: BufWriter::new(file), hasher: Sha256::new(), size_bytes: 0, last: None })
    }

    /// A link inside the target must not lead out of it.
    fn stays_inside(&self, parent: &Path) -> Result<()> {
        let root = self.target.root.canonicalize().map_err(Error::io("open", &self.target.root))?;
        let real = parent.canonicalize().map_err(Error::io("open", parent))?;
        if real.starts_with(&root) {
            return Ok(());
        }
        Err(Error::HostilePath { path: parent.to_string_lossy().into_owned() })
    }
}

/// A file under a temporary name.
pub(crate) struct NewFile {
    path: String,
    temporary: PathBuf,
    file: BufWriter<File>,
    hasher: Sha256,
    size_bytes: u64,
    last: Option<u8>,
}

impl NewFile {
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all(bytes).map_err(Error::io("write", &self.temporary))?;
        self.hasher.update(bytes);
        self.size_bytes += to_u64(bytes.len());
        self.last = bytes.last().copied().or(self.last);
        Ok(())
    }

    /// Ends the last line if it is open.
    pub(crate) fn end_line(&mut self, line_end: &[u8]) -> Result<()> {
        match self.last {
            None | Some(b'\n' | b'\r') => Ok(()),
            // Nothing but a byte order mark is no line either.
            Some(_) if self.size_bytes == 3 && self.last == Some(0xBF) => Ok(()),
            Some(_) => self.write(line_end),
        }
    }

    /// Brings everything to disk.
    pub(crate) fn finish(mut self) -> Result<ExportedFile> {
        self.file.flush().map_err(Error::io("write", &self.temporary))?;
        self.file.get_ref().sync_all().map_err(Error::io("sync", &self.temporary))?;
        Ok(ExportedFile {
            path: self.path,
            size_bytes: self.size_bytes,
            sha256: hex(&self.hasher.finalize()),
            ..ExportedFile::default()
        })
    }
}

/// Whether a stored path names a file below a folder, on every operating system.
pub(crate) fn safe_path(path: &str) -> Result<()> {
    let plain = |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', ':', '\0']);
    let components = Path::new(path).components().all(|component| matches!(component, Component::Normal(_)));
    if components && path.split('/').all(plain) {
        return Ok(());
    }
    Err(Error::HostilePath { path: path.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_out_of_the_folder_are_refused() {
        for path in
            ["", "..", "../a", "a/../../b", "/etc/passwd", "a//b", "a/./b", "C:\\a", "c:a", "a\\..\\b", "a\0b", "a/"]
        {
            assert!(safe_path(path).is_err(), "{path:?}");
        }
        for path in ["tasks.csv", "archived/x y/tasks.csv", "..a", "é.csv"] {
            assert!(safe_path(path).is_ok(), "{path:?}");
        }
    }

    #[test]
    fn nothing_gets_its_name_before_the_end_and_leftovers_are_removed() {
        let root = tempfile::tempdir().unwrap();
        let target = Target::new(root.path(), false).unwrap();
        let mut file = Folder { target: &target, prefix: "" }.create("a/b.csv").unwrap();
        file.write(b"x").unwrap();
        file.finish().unwrap();
        assert!(!root.path().join("a/b.csv").exists());
        drop(target);
        assert_eq!(fs::read_dir(root.path().join("a")).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_out_is_refused() {
        let (root, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::os::unix::fs::symlink(outside.path(), root.path().join("logs")).unwrap();
        let target = Target::new(root.path(), true).unwrap();
        let refused = Folder { target: &target, prefix: "" }.create("logs/a.jsonl");
        assert!(matches!(refused.err(), Some(Error::HostilePath { .. })));
    }
}
