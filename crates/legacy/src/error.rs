//! Why a legacy file or folder could not be read or written.

use crate::csv::CsvError;
use std::io;
use std::path::{Path, PathBuf};

/// Why reading or writing legacy files stopped. Odd content is not an error: see [`crate::table`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file system refused.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried, as a verb: `read`, `write`, `rename`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The refusal.
        #[source]
        source: io::Error,
    },
    /// A CSV file could not be read or written.
    #[error("{}: {source}", path.display())]
    Csv {
        /// The file.
        path: PathBuf,
        /// What happened.
        #[source]
        source: CsvError,
    },
    /// Something with a fixed form, such as the journal of the file store, has another one.
    #[error("{}: line {line}: {reason}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Line, counted from 1.
        line: u64,
        /// What is wrong.
        reason: String,
    },
}

impl Error {
    /// For `map_err` on calls of the file system.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, path: path.to_owned(), source }
    }

    /// For `map_err` on calls of the CSV reader and writer.
    pub(crate) fn csv(path: &Path) -> impl FnOnce(CsvError) -> Self {
        move |source| Self::Csv { path: path.to_owned(), source }
    }
}
