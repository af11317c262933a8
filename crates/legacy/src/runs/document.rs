//! Reading documents that another program may be writing.

use super::hash::{HashFiles, sha256};
use crate::Error;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

/// How directories are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadOptions {
    /// Which files are read to take their hash.
    pub hash: HashFiles,
    /// How often a document that makes no sense is read again, since the legacy program rewrites its files in
    /// place.
    pub retries: u32,
    /// Time between two tries.
    pub pause: Duration,
}

impl Default for ReadOptions {
    /// Listed files, three tries more, 15 milliseconds apart.
    fn default() -> Self {
        Self { hash: HashFiles::Listed, retries: 3, pause: Duration::from_millis(15) }
    }
}

/// What a document is to its run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DocumentRole {
    /// `run_state.json`.
    State,
    /// The manifest the run is read from.
    Manifest,
    /// A further manifest.
    OtherManifest,
    /// `jetstream_metadata.json`.
    Metadata,
    /// `session_log.json`.
    SessionLog,
    /// `index.json` beside the runs.
    Index,
}

/// A document as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceDocument {
    /// What it is.
    pub role: DocumentRole,
    /// Path below the folder that holds `runs`, `outputs` and `experiments`, with `/`.
    pub path: String,
    /// Where it lies.
    pub location: PathBuf,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// SHA-256 of its bytes, lower-case hex.
    pub sha256: String,
    /// Modification time before it was read, nanoseconds since 1970.
    pub modified_ns: i64,
}

impl SourceDocument {
    /// The text; `None` when it is not UTF-8.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }

    /// Whether the file still has the length and the time of modification it had when it was read.
    ///
    /// # Errors
    /// [`Error::Io`] when the file cannot be looked at for another reason than its absence.
    pub fn is_unchanged(&self) -> Result<bool, Error> {
        match fs::symlink_metadata(&self.location) {
            Ok(metadata) => Ok(stamp(&metadata) == (Some(self.bytes.len()), self.modified_ns)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(Error::io("look at", &self.location)(error)),
        }
    }
}

/// What came of reading a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// There is none.
    Absent,
    /// It is no regular file, or the system refuses; why.
    Unreadable(String),
    /// Its bytes.
    Document(SourceDocument),
}

/// Reads a document, and again while it makes no sense or changes under the reader.
pub(super) fn read(
    role: DocumentRole,
    location: &Path,
    path: String,
    options: &ReadOptions,
    makes_sense: impl Fn(&[u8]) -> bool,
) -> Read {
    let mut tries = 0;
    loop {
        let before = match fs::symlink_metadata(location) {
            Ok(metadata) if metadata.is_file() => stamp(&metadata),
            Ok(metadata) if metadata.is_symlink() => {
                return Read::Unreadable("a link, which is not followed".to_owned());
            }
            Ok(_) => return Read::Unreadable("no regular file".to_owned()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Read::Absent,
            Err(error) => return Read::Unreadable(error.to_string()),
        };
        let bytes = match fs::read(location) {
            Ok(bytes) => bytes,
            // Replaced just now.
            Err(error) if error.kind() == io::ErrorKind::NotFound && tries < options.retries => {
                tries += 1;
                continue;
            }
            Err(error) => return Read::Unreadable(error.to_string()),
        };
        let still = fs::symlink_metadata(location).is_ok_and(|metadata| stamp(&metadata) == before);
        if tries >= options.retries || (still && makes_sense(&bytes)) {
            let (location, sha256) = (location.to_owned(), sha256(&bytes));
            return Read::Document(SourceDocument { role, path, location, bytes, sha256, modified_ns: before.1 });
        }
        tries += 1;
        std::thread::sleep(options.pause);
    }
}

/// Whether bytes are a JSON document, a byte order mark aside.
#[must_use]
pub fn is_json(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        landfast_domain::json::parse_lossy(text).is_ok()
    })
}

fn stamp(metadata: &fs::Metadata) -> (Option<usize>, i64) {
    let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let modified = since.and_then(|since| i64::try_from(since.as_nanos()).ok()).unwrap_or(0);
    (usize::try_from(metadata.len()).ok(), modified)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[test]
    fn a_torn_document_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run_state.json");
        fs::write(&path, "{\"a\":").unwrap();
        let options = ReadOptions { pause: Duration::ZERO, ..ReadOptions::default() };
        let tries = AtomicU32::new(0);
        let sense = |bytes: &[u8]| {
            // The writer finishes after the second look.
            if tries.fetch_add(1, Ordering::Relaxed) == 1 {
                fs::write(&path, "{\"a\": 1}").unwrap();
            }
            is_json(bytes)
        };
        let Read::Document(document) = read(DocumentRole::State, &path, "x".into(), &options, sense) else {
            panic!("it is there")
        };
        assert_eq!((document.text(), tries.load(Ordering::Relaxed)), (Some("{\"a\": 1}"), 3));
        assert!(document.is_unchanged().unwrap());
        fs::write(&path, "{\"a\": 12}").unwrap();
        assert!(!document.is_unchanged().unwrap());
        fs::remove_file(&path).unwrap();
        assert!(!document.is_unchanged().unwrap());
    }

    #[test]
    fn what_stays_broken_is_given_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.json");
        let options = ReadOptions { pause: Duration::ZERO, ..ReadOptions::default() };
        assert!(matches!(read(DocumentRole::State, &path, "x".into(), &options, is_json), Read::Absent));
        fs::write(&path, "\u{feff}{").unwrap();
        assert!(matches!(read(DocumentRole::State, &path, "x".into(), &options, is_json), Read::Document(_)));
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).unwrap();
        assert!(matches!(read(DocumentRole::State, &inner, "x".into(), &options, is_json), Read::Unreadable(_)));
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let (path, target) = (folder.path().join("x.json"), folder.path().join("target"));
        fs::write(&target, "{}").unwrap();
        std::os::unix::fs::symlink(&target, &path).unwrap();
        assert!(matches!(
            read(DocumentRole::State, &path, "x".into(), &ReadOptions::default(), is_json),
            Read::Unreadable(_)
        ));
    }
}
