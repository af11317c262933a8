//! The mark in a legacy folder that says: files and database went different ways.
//!
//! Written when a program had to fall back to the files, so that the next start can tell and reconcile.

use crate::backup::{sync_folder, write_synced};
use crate::error::{Error, Result};
use landfast_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};

/// Why and since when the files of a folder are ahead of the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Divergence {
    /// Version of this form; 1.
    pub schema: u32,
    /// First fallback since the last reconciliation, UTC, ISO form.
    pub since: String,
    /// Why the database could not be used then.
    pub reason: String,
}

/// Leaves the mark in a folder. An older mark stays as it is, since it tells the true beginning.
///
/// # Errors
/// [`Error::Io`]; [`Error::Mark`] when there is a mark that cannot be understood.
#[expect(clippy::missing_panics_doc, reason = "texts and a number are always JSON")]
pub fn mark_diverged(folder: &Path, now: Timestamp, reason: &str) -> Result<Divergence> {
    if let Some(older) = read_diverged(folder)? {
        return Ok(older);
    }
    let mark = Divergence { schema: 1, since: now.to_iso_text(), reason: reason.to_owned() };
    let path = place(folder);
    let parent = folder.join(FOLDER);
    fs::create_dir_all(&parent).map_err(Error::io("create", &parent))?;
    let text = serde_json::to_string_pretty(&mark).expect("texts and a number are always JSON");
    let new = path.with_extension("json.new");
    write_synced(&new, text.as_bytes())?;
    fs::rename(&new, &path).map_err(Error::io("rename", &new))?;
    sync_folder(&parent)?;
    Ok(mark)
}

/// The mark of a folder, if it has one.
///
/// # Errors
/// [`Error::Io`]; [`Error::Mark`] when it cannot be understood.
pub fn read_diverged(folder: &Path) -> Result<Option<Divergence>> {
    let path = place(folder);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(Error::Io { action: "read", path, source }),
    };
    let mark: Divergence =
        serde_json::from_str(&text).map_err(|error| Error::Mark { path: path.clone(), reason: error.to_string() })?;
    if mark.schema != 1 {
        return Err(Error::Mark { path, reason: format!("version {} is not known", mark.schema) });
    }
    Ok(Some(mark))
}

/// Removes the mark after files and database were reconciled; `false` when there is none.
///
/// # Errors
/// [`Error::Io`].
pub fn clear_diverged(folder: &Path) -> Result<bool> {
    let path = place(folder);
    match fs::remove_file(&path) {
        Ok(()) => {
            sync_folder(&folder.join(FOLDER))?;
            Ok(true)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(Error::Io { action: "remove", path, source }),
    }
}

const FOLDER: &str = ".landfast";

fn place(folder: &Path) -> PathBuf {
    folder.join(FOLDER).join("diverged.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_mark_stays_until_it_is_cleared() {
        let folder = tempfile::tempdir().unwrap();
        let at = |text| Timestamp::parse(text).unwrap();
        assert_eq!(read_diverged(folder.path()).unwrap(), None);
        let first = mark_diverged(folder.path(), at("2026-01-02 03:04"), "no connection").unwrap();
        assert_eq!(mark_diverged(folder.path(), at("2026-01-03 03:04"), "again").unwrap(), first);
        assert_eq!(read_diverged(folder.path()).unwrap(), Some(first));
        assert!(clear_diverged(folder.path()).unwrap());
        assert!(!clear_diverged(folder.path()).unwrap());
    }

    #[test]
    fn a_damaged_mark_is_not_taken_for_none() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(FOLDER)).unwrap();
        for text in ["", "{}", r#"{"schema": 2, "since": "", "reason": ""}"#] {
            fs::write(place(folder.path()), text).unwrap();
            assert!(matches!(read_diverged(folder.path()), Err(Error::Mark { .. })));
        }
    }
}
