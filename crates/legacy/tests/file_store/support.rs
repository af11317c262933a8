//! Helpers shared by the tests of the file store.

use landfast_domain::accounts::{User, UserId};
use landfast_domain::record::{Record, RecordKey};
use landfast_domain::store::Repositories;
use landfast_domain::tasks::Task;
use landfast_domain::time::Timestamp;
use landfast_domain::{Result, Store};
use landfast_legacy::files::FileStore;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder with files and a store on it.
pub(crate) struct Fixture {
    pub(crate) folder: TempDir,
    pub(crate) store: FileStore,
}

impl Fixture {
    pub(crate) fn new(files: &[(&str, &[u8])]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (path, bytes) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        let store = FileStore::open(folder.path()).unwrap();
        Self { folder, store }
    }

    /// A folder with `tasks.csv` only.
    pub(crate) fn tasks(file: &str) -> Self {
        Self::new(&[("tasks.csv", file.as_bytes())])
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn bytes(&self, path: &str) -> Vec<u8> {
        fs::read(self.path(path)).unwrap()
    }

    pub(crate) fn text(&self, path: &str) -> String {
        String::from_utf8(self.bytes(path)).unwrap()
    }

    pub(crate) fn write<T>(&self, work: impl FnMut(&mut dyn Repositories) -> Result<T>) -> Result<T> {
        dynamic(&self.store).write(work)
    }

    pub(crate) fn list<R: Record>(&self) -> Vec<R> {
        list(&self.store)
    }

    pub(crate) fn keys<R: Record>(&self) -> Vec<String> {
        self.list::<R>().iter().map(|record| record.key().to_string()).collect()
    }

    /// Changes a cell of one of the guest's records.
    pub(crate) fn set<R: Record>(&self, key: &str, column: &str, text: &str) -> Result<()> {
        self.write(|r| {
            let mut record = R::repository(r).get(&guest(), &key.into())?.unwrap();
            record.set_cell_named(column, text.to_owned());
            R::repository(r).update(&guest(), &record)
        })
    }
}

/// The store as its trait, whose methods return values.
pub(crate) fn dynamic(store: &FileStore) -> &dyn Store {
    store
}

pub(crate) fn guest() -> UserId {
    UserId::guest()
}

pub(crate) fn list<R: Record>(store: &FileStore) -> Vec<R> {
    dynamic(store).read(|r| R::repository(r).list(&guest())).unwrap()
}

pub(crate) fn task(id: &str) -> Task {
    let mut task = Task::blank(RecordKey::nth(id, 1));
    task.task_id.set_raw(id);
    task.name.set_raw(format!("Task {id}"));
    task
}

pub(crate) fn user(id: &str) -> User {
    let created_at = Timestamp::parse("2026-01-15 08:30").unwrap();
    User { id: UserId::new(id).unwrap(), name: format!("name of {id}"), created_at }
}

/// All files below a folder with their bytes, the store's own ones left out.
pub(crate) fn all_files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let (mut found, mut waiting) = (BTreeMap::new(), vec![folder.to_owned()]);
    while let Some(current) = waiting.pop() {
        for entry in fs::read_dir(current).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                if name != ".landfast" {
                    waiting.push(path);
                }
            } else {
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}
