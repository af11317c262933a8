//! Writing documents back.

use super::index::{INDEX_FILE, index_text};
use crate::Error;
use landfast_domain::runs::{Layout, Run, documents, is_safe_path, manifest, state};
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Sub-folders that a directory with a state always has.
const SUB_FOLDERS: [&str; 3] = ["jetstream_raw", "input", "output"];

/// Writes the documents of a run below `base`, the folder that holds `runs`, `outputs` and `experiments`, and
/// tells which files were written. Files that have the same bytes already are left alone; result files are
/// not touched.
///
/// # Errors
/// [`Error::Malformed`] when the run's directory is no safe path, or a link lies on the way to it, so that
/// writing would leave `base`; [`Error::Io`].
pub fn write_run(base: &Path, run: &Run) -> Result<Vec<PathBuf>, Error> {
    let refuse =
        |reason: &str| Error::Malformed { path: base.join(&run.directory), line: 1, reason: reason.to_owned() };
    if !is_safe_path(&run.directory) {
        return Err(refuse("the path of the run's directory may lead elsewhere"));
    }
    let directory = base.join(&run.directory);
    let mut step = base.to_owned();
    for part in run.directory.split('/') {
        step.push(part);
        if is_link(&step) {
            return Err(refuse("a link is in the way, and links are not followed"));
        }
    }
    make_folders(&directory)?;
    if run.layout == Layout::State {
        for sub in SUB_FOLDERS {
            let path = directory.join(sub);
            if is_link(&path) {
                return Err(refuse("a link is in the way, and links are not followed"));
            }
            make_folders(&path)?;
        }
    }
    let manifest_path = match run.layout {
        Layout::State if run.documents.manifest.as_deref().is_some_and(manifest::is_analysis) => "output/manifest.json",
        _ => manifest::FILE_NAME,
    };
    let mut written = Vec::new();
    for (name, text) in [
        (state::FILE_NAME, &run.documents.state),
        (manifest_path, &run.documents.manifest),
        (documents::METADATA_FILE, &run.documents.metadata),
        (documents::SESSION_LOG_FILE, &run.documents.session_log),
    ] {
        let Some(text) = text else { continue };
        let path = directory.join(name);
        if write_atomically(&path, text.as_bytes())? {
            written.push(path);
        }
    }
    Ok(written)
}

/// Writes the cache of all states into a folder of runs.
///
/// # Errors
/// [`Error::Io`].
pub fn write_index<'a>(
    folder: &Path,
    runs: impl IntoIterator<Item = &'a Run>,
    updated_at: &str,
) -> Result<bool, Error> {
    write_atomically(&folder.join(INDEX_FILE), index_text(runs, updated_at).as_bytes())
}

/// Gives a file these bytes in one step, durably; `false` when it has them already. Whoever reads it sees the
/// old bytes or the new ones. A link in its place is replaced, not followed.
///
/// # Errors
/// [`Error::Io`]; the file is then as it was.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<bool, Error> {
    if !is_link(path) && fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(false);
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary = path.with_file_name(format!(".{name}.landfast-new"));
    let result = write_and_rename(&temporary, path, bytes);
    if let Err(error) = result {
        // The first error is the one to report.
        let _ = fs::remove_file(&temporary);
        return Err(Error::io("write", path)(error));
    }
    Ok(true)
}

fn write_and_rename(temporary: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    fs::rename(temporary, path)?;
    match path.parent() {
        // Windows has no such call and no need for it.
        Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

fn make_folders(path: &Path) -> Result<(), Error> {
    fs::create_dir_all(path).map_err(Error::io("make", path))
}

fn is_link(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink())
}
