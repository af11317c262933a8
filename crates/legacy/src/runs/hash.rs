//! Hashes of files, as they are and as they were on Windows.

use landfast_domain::runs::HashOutcome;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Which files are read to take their hash. Files a manifest lists with a hash have to be read to compare it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HashFiles {
    /// None: every listed file that is there counts as not compared.
    Nothing,
    /// Those a manifest lists.
    Listed,
    /// All of them.
    All,
}

/// Length and hashes of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileHash {
    /// Length in bytes.
    pub size_bytes: u64,
    /// SHA-256, lower-case hex.
    pub sha256: String,
    /// SHA-256 with each LF that has no CR before it as CRLF; the same as `sha256` when there is none.
    pub crlf_sha256: String,
}

impl FileHash {
    /// How the file compares with a listed hash; upper-case hex counts, too.
    #[must_use]
    pub fn compare(&self, listed: &str) -> HashOutcome {
        if listed.is_empty() {
            HashOutcome::Empty
        } else if listed.eq_ignore_ascii_case(&self.sha256) {
            HashOutcome::Equal
        } else if listed.eq_ignore_ascii_case(&self.crlf_sha256) {
            HashOutcome::EqualAfterNewlines
        } else {
            HashOutcome::Different
        }
    }
}

/// Hashes of a file, read in pieces.
///
/// # Errors
/// What the file system answers.
pub fn hash_file(path: &Path) -> io::Result<FileHash> {
    hash_reader(File::open(path)?)
}

/// Hashes of what a reader gives.
///
/// ```
/// use landfast_domain::runs::HashOutcome;
/// use landfast_legacy::runs::hash_reader;
///
/// let (unix, windows) = (hash_reader(&b"a\nb\r\n"[..])?, hash_reader(&b"a\r\nb\r\n"[..])?);
/// assert_eq!(unix.compare(&windows.sha256), HashOutcome::EqualAfterNewlines);
/// assert_eq!(windows.compare(&windows.sha256), HashOutcome::Equal);
/// assert_eq!(windows.compare(&unix.sha256), HashOutcome::Different);
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// What the reader answers.
pub fn hash_reader(mut reader: impl Read) -> io::Result<FileHash> {
    let (mut plain, mut windows) = (Sha256::new(), Sha256::new());
    let (mut size_bytes, mut after_cr) = (0_u64, false);
    let mut buffer = vec![0_u8; 64 * 1024];
    loop {
        let read = match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let piece = buffer.get(..read).unwrap_or_default();
        size_bytes += u64::try_from(read).unwrap_or(0);
        plain.update(piece);
        // Up to each LF that needs a CR, then the CR; the LF comes with the next part.
        let mut from = 0;
        for at in memchr::memchr_iter(b'\n', piece) {
            let has_cr = match at.checked_sub(1) {
                Some(before) => piece.get(before) == Some(&b'\r'),
                None => after_cr,
            };
            if !has_cr {
                windows.update(piece.get(from..at).unwrap_or_default());
                windows.update(b"\r");
                from = at;
            }
        }
        windows.update(piece.get(from..).unwrap_or_default());
        after_cr = piece.last() == Some(&b'\r');
    }
    Ok(FileHash { size_bytes, sha256: hex(&plain.finalize()), crlf_sha256: hex(&windows.finalize()) })
}

/// SHA-256 of bytes, lower-case hex.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing into a string cannot fail");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Gives its bytes in pieces of one length.
    struct Pieces<'a>(&'a [u8], usize);

    impl Read for Pieces<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = self.1.min(self.0.len()).min(buffer.len());
            let (piece, rest) = self.0.split_at(length);
            buffer[..length].copy_from_slice(piece);
            self.0 = rest;
            Ok(length)
        }
    }

    #[test]
    fn known_values() {
        let hash = hash_reader(&b"abc"[..]).unwrap();
        assert_eq!(hash.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!((hash.size_bytes, &hash.crlf_sha256), (3, &hash.sha256));
        assert_eq!(hash.compare(""), HashOutcome::Empty);
        assert_eq!(hash.compare(&hash.sha256.to_uppercase()), HashOutcome::Equal);
    }

    proptest! {
        #[test]
        fn pieces_do_not_matter(text in "[a\r\n]{0,40}", length in 1_usize..6) {
            let hash = hash_reader(Pieces(text.as_bytes(), length)).unwrap();
            prop_assert_eq!(&hash.sha256, &sha256(text.as_bytes()));
            let windows = text.replace("\r\n", "\n").replace('\n', "\r\n");
            prop_assert_eq!(&hash.crlf_sha256, &sha256(windows.as_bytes()));
        }
    }
}
