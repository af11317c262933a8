//! Hashing, and conversions between lengths.

use crate::error::{Error, Result};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// A length or count as the database keeps it.
pub(crate) fn to_i64<T: TryInto<i64>>(number: T) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

/// A count from the database; negative ones, which are never stored, count as 0.
pub(crate) fn to_u64<T: TryInto<u64>>(number: T) -> u64 {
    number.try_into().unwrap_or(0)
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing into a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Sixteen bytes that stand for a text or a record in tables kept in memory.
pub(crate) type Print = [u8; 16];

/// Print of what was hashed.
pub(crate) fn print(hasher: Sha256) -> Print {
    let digest = hasher.finalize();
    let mut print = Print::default();
    for (to, from) in print.iter_mut().zip(digest.iter()) {
        *to = *from;
    }
    print
}

/// Print of one text.
pub(crate) fn print_of(text: &str) -> Print {
    print(Sha256::new_with_prefix(text.as_bytes()))
}

/// Adds a text with its length before it, so that two texts cannot run together.
pub(crate) fn add_text(hasher: &mut Sha256, text: &str) {
    hasher.update(to_u64(text.len()).to_le_bytes());
    hasher.update(text.as_bytes());
}

/// A reader that hashes and counts what passes.
#[derive(Debug)]
pub(crate) struct Hashing<R> {
    inner: R,
    hasher: Sha256,
    length: u64,
}

impl<R: Read> Hashing<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self { inner, hasher: Sha256::new(), length: 0 }
    }

    /// Reads the rest; gives SHA-256 and length of everything.
    pub(crate) fn finish(mut self) -> std::io::Result<(String, u64)> {
        let mut buffer = vec![0; BUFFER];
        while self.read(&mut buffer)? > 0 {}
        Ok((hex(&self.hasher.finalize()), self.length))
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        loop {
            match self.inner.read(buffer) {
                Ok(count) => {
                    self.hasher.update(buffer.get(..count).unwrap_or_default());
                    self.length += to_u64(count);
                    return Ok(count);
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// Bytes read at a time.
pub(crate) const BUFFER: usize = 256 * 1024;

/// SHA-256 in lower-case hex, and length in bytes, of a file.
///
/// # Errors
/// [`Error::Io`] when it cannot be read.
pub fn hash_file(path: &Path) -> Result<(String, u64)> {
    let file = File::open(path).map_err(Error::io("read", path))?;
    Hashing::new(file).finish().map_err(Error::io("read", path))
}

/// Modification time in nanoseconds since 1970; 0 where the file system keeps none.
pub(crate) fn modified_ns(metadata: &std::fs::Metadata) -> i64 {
    let since = metadata.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    since.map_or(0, |since| to_i64(since.as_nanos()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashing_does_not_change_what_passes() {
        let (sha256, length) = Hashing::new(&b"abc"[..]).finish().unwrap();
        assert_eq!(sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(length, 3);
    }

    #[test]
    fn texts_do_not_run_together() {
        let of = |texts: [&str; 2]| {
            let mut hasher = Sha256::new();
            texts.iter().for_each(|text| add_text(&mut hasher, text));
            print(hasher)
        };
        assert_ne!(of(["ab", "c"]), of(["a", "bc"]));
        assert_eq!(of(["ab", "c"]), of(["ab", "c"]));
    }
}
