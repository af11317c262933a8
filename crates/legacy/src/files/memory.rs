//! Files in memory.

use super::backing::{Change, Listing, Stamp};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Files by path. Gone with the store.
#[derive(Debug, Default)]
pub(super) struct Memory {
    files: Mutex<Files>,
}

#[derive(Debug, Default)]
struct Files {
    by_path: BTreeMap<String, (Arc<[u8]>, i128)>,
    writes: i128,
}

impl Memory {
    pub(super) fn stamp(&self, path: &str) -> Option<Stamp> {
        self.files().by_path.get(path).map(stamp_of)
    }

    pub(super) fn read(&self, path: &str) -> Option<Arc<[u8]>> {
        self.files().by_path.get(path).map(|(bytes, _)| Arc::clone(bytes))
    }

    pub(super) fn list(&self, prefix: &str) -> Vec<String> {
        let files = self.files();
        let below = files.by_path.keys().filter_map(|path| path.strip_prefix(prefix));
        below.filter(|path| !(path.starts_with('.') || path.starts_with("users/"))).map(str::to_owned).collect()
    }

    pub(super) fn all_files(&self, path: &str) -> Vec<String> {
        let below = format!("{path}/");
        self.files().by_path.keys().filter(|file| file.starts_with(&below)).cloned().collect()
    }

    pub(super) fn list_tree(&self, path: &str, into: &mut Listing) {
        let (files, below) = (self.files(), format!("{path}/"));
        let own = files.by_path.get_key_value(path);
        let inside = files.by_path.range(below.clone()..).take_while(|(file, _)| file.starts_with(&below));
        into.files.extend(own.into_iter().chain(inside).map(|(file, content)| (file.clone(), stamp_of(content))));
    }

    pub(super) fn commit(&self, changes: &[Change]) {
        let mut files = self.files();
        for change in changes {
            files.writes += 1;
            match change {
                Change::Replace { path, bytes, .. } => {
                    let entry = (Arc::from(bytes.as_slice()), files.writes);
                    files.by_path.insert(path.clone(), entry);
                }
                Change::MakeFolder { .. } => {}
                Change::Remove { path } => {
                    files.by_path.remove(path);
                }
                Change::RemoveFolder { path } => {
                    let below = format!("{path}/");
                    files.by_path.retain(|file, _| !file.starts_with(&below));
                }
            }
        }
    }

    fn files(&self) -> MutexGuard<'_, Files> {
        // Nothing that runs under the lock can panic halfway through a change.
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn stamp_of((bytes, modified): &(Arc<[u8]>, i128)) -> Stamp {
    Stamp { size: u64::try_from(bytes.len()).unwrap_or(u64::MAX), modified: *modified, changed: 0, id: (0, 0) }
}
