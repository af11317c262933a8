//! The list of steps a commit of several files consists of, and going on after a crash.
//!
//! | what a crash leaves | what the next one to lock the store does |
//! |---|---|
//! | files being written, no journal | removes them; nothing was committed |
//! | a journal being written | removes it with the files; nothing was committed |
//! | a journal | does the steps not done yet, then removes the journal |

use super::folder::{OWN_FOLDER, TEMPORARY, is_missing, parent, sync_folder, temporary_of};
use super::keys::sha256;
use crate::Error;
use crate::tasks::USERS_FOLDER;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

#[derive(Debug, Serialize, Deserialize)]
struct Journal {
    version: u32,
    steps: Vec<Step>,
}

/// One step; doing it again does no harm. Paths are below the store's folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(super) enum Step {
    /// Puts the new file, which is already written, in the place of the old one.
    Replace {
        path: String,
        sha256: String,
    },
    Remove {
        path: String,
    },
    RemoveFolder {
        path: String,
    },
}

impl Step {
    pub(super) fn path(&self) -> &str {
        match self {
            Self::Replace { path, .. } | Self::Remove { path } | Self::RemoveFolder { path } => path,
        }
    }

    pub(super) fn apply(&self, root: &Path) -> Result<(), Error> {
        let target = root.join(self.path());
        let (action, done) = match self {
            Self::Replace { .. } => ("replace", fs::rename(temporary_of(&target), &target)),
            Self::Remove { .. } => ("remove", fs::remove_file(&target)),
            Self::RemoveFolder { .. } => ("remove", fs::remove_dir_all(&target)),
        };
        match done {
            Err(error) if is_missing(&error) && !matches!(self, Self::Replace { .. }) => Ok(()),
            other => other.map_err(Error::io(action, &target)),
        }
    }
}

pub(super) fn exists(root: &Path) -> Result<bool, Error> {
    let path = path_of(root);
    path.try_exists().map_err(Error::io("look at", &path))
}

/// Writes the journal. Once this succeeded the steps will be done, whatever happens.
pub(super) fn write(root: &Path, steps: &[Step]) -> Result<(), Error> {
    let path = path_of(root);
    let temporary = temporary_of(&path);
    let journal = Journal { version: 1, steps: steps.to_vec() };
    let text = serde_json::to_vec_pretty(&journal).expect("texts are always JSON");
    let written = File::create(&temporary).and_then(|mut file| {
        file.write_all(&text)?;
        file.sync_all()
    });
    written.map_err(Error::io("write", &temporary))?;
    fs::rename(&temporary, &path).map_err(Error::io("rename", &temporary))?;
    sync_folder(&parent(&path))
}

/// Does the steps of a journal that is left, if there is one. The caller holds the lock for writing.
pub(super) fn recover(root: &Path) -> Result<(), Error> {
    let path = path_of(root);
    let text = match fs::read(&path) {
        Ok(text) => text,
        Err(error) if is_missing(&error) => return Ok(()),
        Err(error) => return Err(Error::io("read", &path)(error)),
    };
    let broken = |line: usize, reason: String| Error::Malformed {
        path: path.clone(),
        line: u64::try_from(line).unwrap_or(1),
        reason,
    };
    let journal: Journal = serde_json::from_slice(&text).map_err(|error| broken(error.line(), error.to_string()))?;
    if journal.version != 1 {
        return Err(broken(1, format!("version {} of the journal is not known", journal.version)));
    }
    // All new files are looked at before the first is put in place.
    let mut left = Vec::new();
    for step in &journal.steps {
        if is_left(root, step)? {
            left.push(step);
        }
    }
    for step in left {
        step.apply(root)?;
    }
    let mut folders: Vec<PathBuf> = journal.steps.iter().map(|step| parent(&root.join(step.path()))).collect();
    folders.sort();
    folders.dedup();
    folders.iter().try_for_each(|folder| sync_folder(folder))?;
    fs::remove_file(&path).map_err(Error::io("remove", &path))?;
    sync_folder(&parent(&path))
}

/// Whether a step has to be done; a file that was put in place already is gone from its old place.
fn is_left(root: &Path, step: &Step) -> Result<bool, Error> {
    let Step::Replace { path, sha256: expected } = step else { return Ok(true) };
    let target = root.join(path);
    let temporary = temporary_of(&target);
    match fs::read(&temporary) {
        Ok(bytes) if sha256(&bytes) == *expected => Ok(true),
        Ok(_) => {
            Err(Error::Malformed { path: temporary, line: 1, reason: "not the file the journal names".to_owned() })
        }
        Err(error) if is_missing(&error) => match target.try_exists() {
            Ok(true) => Ok(false),
            Ok(false) => Err(Error::Malformed {
                path: target,
                line: 1,
                reason: "the journal names it, but it is gone".to_owned(),
            }),
            Err(error) => Err(Error::io("look at", &target)(error)),
        },
        Err(error) => Err(Error::io("read", &temporary)(error)),
    }
}

/// Removes files that were written for steps which will not be done. What cannot be removed now is
/// removed when the store is opened the next time.
pub(super) fn discard(root: &Path, steps: &[Step]) {
    let _ = fs::remove_file(temporary_of(&path_of(root)));
    for step in steps {
        if matches!(step, Step::Replace { .. }) {
            let _ = fs::remove_file(temporary_of(&root.join(step.path())));
        }
    }
}

/// Folders of the store that commits write into.
const OUR_FOLDERS: [&str; 9] =
    [OWN_FOLDER, USERS_FOLDER, "archived", "logs", "feedback", "profiles", "runs", "outputs", "experiments"];

/// Removes files that were being written when their program died. There must be no journal.
pub(super) fn discard_temporaries(root: &Path) -> Result<(), Error> {
    let mut waiting = vec![root.to_owned()];
    while let Some(folder) = waiting.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if is_missing(&error) => continue,
            Err(error) => return Err(Error::io("list", &folder)(error)),
        };
        for entry in entries {
            let entry = entry.map_err(Error::io("list", &folder))?;
            let (path, name) = (entry.path(), entry.file_name());
            let name = name.to_string_lossy();
            let file_type = entry.file_type().map_err(Error::io("look at", &path))?;
            if file_type.is_dir() {
                if folder != root || OUR_FOLDERS.contains(&name.as_ref()) {
                    waiting.push(path);
                }
            } else if name.starts_with('.') && name.ends_with(TEMPORARY) {
                fs::remove_file(&path).map_err(Error::io("remove", &path))?;
            }
        }
    }
    Ok(())
}

fn path_of(root: &Path) -> PathBuf {
    root.join(OWN_FOLDER).join("journal.json")
}
