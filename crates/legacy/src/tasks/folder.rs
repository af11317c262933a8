//! Recognising a tasks folder and listing its files.

use super::kind::{FileKind, SUB_FOLDERS, TableKind, classify};
use crate::Error;
use crate::csv::CsvReader;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// A file of a tasks folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskFile {
    /// Path below the folder, with `/`.
    pub path: String,
    /// Where it lies.
    pub location: PathBuf,
    /// What it holds.
    pub kind: FileKind,
    /// Length in bytes.
    pub size_bytes: u64,
}

/// Whether a folder is a tasks folder: at least one of the files of [`TableKind`] lies in it and has a
/// header with a column only such a file has.
///
/// The name alone is not enough, since `tasks.csv` and `notes.csv` are common names. Do not look for
/// further tasks folders below one that was found: its archives look like one.
///
/// # Errors
/// [`Error::Io`] when a file that is there cannot be read.
pub fn is_tasks_folder(folder: &Path) -> Result<bool, Error> {
    for kind in TableKind::ALL {
        let path = folder.join(kind.file_name());
        if !path.is_file() {
            continue;
        }
        let file = File::open(&path).map_err(Error::io("read", &path))?;
        // A header is short; a file of another kind need not be read up to its first line end.
        let reader = CsvReader::new(file.take(HEADER_LIMIT)).map_err(Error::csv(&path))?;
        let names = reader.header().names();
        if kind.telling_columns().iter().any(|telling| names.iter().any(|name| name == telling)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// All files of a tasks folder, ordered by the bytes of their paths.
///
/// Looked into are the folder itself and its sub-folders `archived` (with all levels below), `logs` and
/// `feedback`. Other sub-folders belong to somebody else. Names that begin with a dot are left out, and so
/// are those of Landfast's own database (`landfast.db`, `landfast.db-wal`, …), which may lie in the same
/// folder; links to files are followed, links to folders are not.
///
/// # Errors
/// [`Error::Io`] when a folder cannot be listed, and [`Error::Malformed`] for a file name that is not
/// Unicode, as its path could not be kept.
pub fn list_files(folder: &Path) -> Result<Vec<TaskFile>, Error> {
    let mut files = Vec::new();
    let mut waiting = vec![(folder.to_owned(), String::new())];
    while let Some((current, prefix)) = waiting.pop() {
        let entries = fs::read_dir(&current).map_err(Error::io("list", &current))?;
        for entry in entries {
            let entry = entry.map_err(Error::io("list", &current))?;
            let location = entry.path();
            let name = entry.file_name().into_string().map_err(|_| Error::Malformed {
                path: location.clone(),
                line: 1,
                reason: "the file name is not Unicode".to_owned(),
            })?;
            if name.starts_with('.') || name.starts_with(OWN_DATABASE) {
                continue;
            }
            let path = format!("{prefix}{name}");
            let file_type = entry.file_type().map_err(Error::io("look at", &location))?;
            if file_type.is_dir() {
                let ours = if prefix.is_empty() {
                    SUB_FOLDERS.contains(&name.as_str())
                } else {
                    path.starts_with("archived/")
                };
                if ours {
                    waiting.push((location, format!("{path}/")));
                }
                continue;
            }
            let metadata = fs::metadata(&location).map_err(Error::io("look at", &location))?;
            if metadata.is_file() {
                files.push(TaskFile { kind: classify(&path), path, location, size_bytes: metadata.len() });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// Name of the embedded database, with which the names of the files beside it begin.
const OWN_DATABASE: &str = "landfast.db";

/// Most bytes looked at for a header.
const HEADER_LIMIT: u64 = 256 * 1024;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tasks::ShelfFormat;

    #[test]
    fn a_folder_is_known_by_the_headers_in_it() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!is_tasks_folder(folder.path()).unwrap());
        fs::write(folder.path().join("tasks.csv"), "title,done\nx,1\n").unwrap();
        fs::write(folder.path().join("notes.csv"), "").unwrap();
        assert!(!is_tasks_folder(folder.path()).unwrap());
        fs::write(folder.path().join("emotions.csv"), "\u{feff}emotion\r\nDread\r\n").unwrap();
        assert!(is_tasks_folder(folder.path()).unwrap());
    }

    #[test]
    fn the_template_file_of_the_first_version_is_known() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("tasks.csv"), "task,category,times_logged,avg_aversion,avg_relief,last_logged\n")
            .unwrap();
        assert!(is_tasks_folder(folder.path()).unwrap());
    }

    #[test]
    fn files_are_listed_with_their_kinds() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        for sub in ["archived/pre_gap_1", "logs", "users/ann", ".landfast"] {
            fs::create_dir_all(path.join(sub)).unwrap();
        }
        for file in [
            "tasks.csv",
            "logs.csv",
            "archived/pre_gap_1/metadata.json",
            "logs/errors.jsonl",
            "users/ann/tasks.csv",
            ".landfast/accounts.json",
            "task_aversion.db",
            "landfast.db",
            "landfast.db-wal",
        ] {
            fs::write(path.join(file), "x").unwrap();
        }
        let files = list_files(path).unwrap();
        let found: Vec<_> = files.iter().map(|file| (file.path.as_str(), file.kind, file.size_bytes)).collect();
        assert_eq!(
            found,
            [
                ("archived/pre_gap_1/metadata.json", FileKind::Shelf(ShelfFormat::Document), 1),
                ("logs.csv", FileKind::Shelf(ShelfFormat::Csv), 1),
                ("logs/errors.jsonl", FileKind::Shelf(ShelfFormat::Lines), 1),
                ("task_aversion.db", FileKind::Unknown, 1),
                ("tasks.csv", FileKind::Table(TableKind::Task), 1),
            ]
        );
    }
}
