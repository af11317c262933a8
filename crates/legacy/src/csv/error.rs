//! Why reading or writing a CSV file stopped.

use std::io;

/// Why reading or writing a CSV file stopped.
///
/// Bad content is never an error: it is a [`Problem`](super::Problem) of the one record it is in.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CsvError {
    /// The source failed. What was handed out before is good; the rest of the file is unknown.
    #[error("reading csv failed after byte {offset}")]
    Read {
        /// Bytes handed out before the failure.
        offset: u64,
        /// The failure itself.
        #[source]
        source: io::Error,
    },
    /// The reader was used again after [`CsvError::Read`]. It does not go on, because the end of
    /// the file could then be taken for something it is not.
    #[error("csv reader stopped at byte {offset} after an earlier read error")]
    Stopped {
        /// Bytes handed out before the failure.
        offset: u64,
    },
    /// The target failed; an unknown part of the bytes was written.
    #[error("writing csv failed after byte {offset}")]
    Write {
        /// Bytes written before the failing call.
        offset: u64,
        /// The failure itself.
        #[source]
        source: io::Error,
    },
    /// The record has a boundary that was guessed (an open quote, for instance) and cannot be edited.
    #[error("line {line}: the record is damaged and cannot be edited")]
    DamagedRecord {
        /// Physical line, counted from 1.
        line: u64,
    },
    /// The record was too long to be kept, so its bytes are not there to be copied.
    #[error("line {line}: the record of {bytes} bytes was not kept and cannot be written")]
    IncompleteRecord {
        /// Physical line, counted from 1.
        line: u64,
        /// Length of the record in the file.
        bytes: u64,
    },
    /// The record has more cells than its header, and an edit beyond the header would overwrite
    /// one of the surplus cells.
    #[error("line {line}: cell {column} lies beyond the header and holds surplus text already")]
    SurplusCell {
        /// Physical line, counted from 1.
        line: u64,
        /// Column of the edit, counted from 0.
        column: usize,
    },
}
