//! Writing documents back.

use super::document::DocumentRole;
use super::index::{INDEX_FILE, index_text};
use crate::Error;
use landfast_domain::runs::{Layout, Run, documents, is_safe_path, manifest, state};
use std::borrow::Cow;
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
    let mut written = Vec::new();
    for document in run_documents(run) {
        let path = base.join(&document.path);
        if write_atomically(&path, document.text.as_bytes())? {
            written.push(path);
        }
    }
    Ok(written)
}

/// A document of a run as it is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenDocument<'a> {
    /// What it is.
    pub role: DocumentRole,
    /// Path below the folder that holds `runs`, `outputs` and `experiments`, with `/`.
    pub path: String,
    /// Its text, which is that of its bytes.
    pub text: Cow<'a, str>,
}

/// The documents of a run with their places, as [`write_run`] writes them. A run that has no document it could
/// be known by gets a state.
///
/// ```
/// use landfast_domain::runs::{Layout, RunDocuments, documents};
/// use landfast_legacy::runs::run_documents;
///
/// let state = Some(r#"{"run_id": "a", "status": "pending", "source": "x"}"#.to_owned());
/// let documents = RunDocuments { state: state.clone(), metadata: Some("{}".to_owned()), ..Default::default() };
/// let run = documents::read(Layout::State, "runs/a", documents).map(|reading| reading.run).unwrap();
/// let paths: Vec<_> = run_documents(&run).into_iter().map(|document| document.path).collect();
/// assert_eq!(paths, ["runs/a/run_state.json", "runs/a/jetstream_metadata.json"]);
/// ```
#[must_use]
pub fn run_documents(run: &Run) -> Vec<WrittenDocument<'_>> {
    let manifest_name = match run.layout {
        Layout::State if run.documents.manifest.as_deref().is_some_and(manifest::is_analysis) => "output/manifest.json",
        _ => manifest::FILE_NAME,
    };
    let is_unknown = run.documents.state.is_none() && run.documents.manifest.is_none();
    let made = is_unknown.then(|| Cow::Owned(state::text_of(run, &[])));
    [
        (DocumentRole::State, state::FILE_NAME, kept(&run.documents.state).or(made)),
        (DocumentRole::Manifest, manifest_name, kept(&run.documents.manifest)),
        (DocumentRole::Metadata, documents::METADATA_FILE, kept(&run.documents.metadata)),
        (DocumentRole::SessionLog, documents::SESSION_LOG_FILE, kept(&run.documents.session_log)),
    ]
    .into_iter()
    .filter_map(|(role, name, text)| {
        Some(WrittenDocument { role, path: format!("{}/{name}", run.directory), text: text? })
    })
    .collect()
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

fn kept(text: &Option<String>) -> Option<Cow<'_, str>> {
    text.as_deref().map(Cow::Borrowed)
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
