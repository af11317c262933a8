//! Bytes of a document, kept compressed in pieces.

use crate::bytes::{Hashing, to_i64, to_u64};
use crate::error::{Error, Result};
use landfast_domain::Repositories;
use landfast_domain::imports::Document;
use landfast_domain::record::DocumentId;
use std::cell::RefCell;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// A compressed piece that is not yet in the database.
#[derive(Debug)]
pub(crate) struct Packed {
    pub(crate) size_bytes: i64,
    pub(crate) compressed: Vec<u8>,
}

/// Compression level: little gain beyond it, and it keeps up with the parser.
const LEVEL: i32 = 3;

/// Cuts a file into pieces, from its first byte to its last.
pub(crate) struct Packer {
    file: Hashing<File>,
    path: PathBuf,
    offset: u64,
    piece: usize,
}

impl Packer {
    /// Starts at the first byte. Pieces have at most `piece` bytes.
    pub(crate) fn open(path: &Path, piece: usize) -> Result<Self> {
        let file = File::open(path).map_err(Error::io("read", path))?;
        Ok(Self { file: Hashing::new(file), path: path.to_owned(), offset: 0, piece: piece.max(1) })
    }

    /// Passes over the bytes before `offset`, which are in the database already.
    pub(crate) fn skip_to(&mut self, offset: u64) -> Result<()> {
        let mut buffer = vec![0; self.piece];
        while self.offset < offset {
            let length = self.fill(&mut buffer, offset - self.offset)?;
            if length == 0 {
                return Err(Error::SourceChanged { path: self.path.clone() });
            }
        }
        Ok(())
    }

    /// Pieces for the bytes from the current place to `offset`, or to the end.
    pub(crate) fn pack_to(&mut self, offset: Option<u64>) -> Result<Vec<Packed>> {
        let mut packed = Vec::new();
        let mut buffer = vec![0; self.piece];
        loop {
            let wanted = offset.map_or(u64::MAX, |offset| offset.saturating_sub(self.offset));
            let length = self.fill(&mut buffer, wanted)?;
            if length == 0 {
                return Ok(packed);
            }
            let bytes = buffer.get(..length).unwrap_or_default();
            let compressed = zstd::bulk::compress(bytes, LEVEL).map_err(Error::io("compress", &self.path))?;
            packed.push(Packed { size_bytes: to_i64(length), compressed });
        }
    }

    /// SHA-256 and length of the whole file; call it at the end.
    pub(crate) fn finish(self) -> Result<(String, u64)> {
        self.file.finish().map_err(Error::io("read", &self.path))
    }

    fn fill(&mut self, buffer: &mut [u8], wanted: u64) -> Result<usize> {
        let room = usize::try_from(wanted).unwrap_or(usize::MAX).min(buffer.len());
        let mut filled = 0;
        while filled < room {
            let Some(rest) = buffer.get_mut(filled..room) else { break };
            match self.file.read(rest).map_err(Error::io("read", &self.path))? {
                0 => break,
                count => filled += count,
            }
        }
        self.offset += to_u64(filled);
        Ok(filled)
    }
}

/// Repositories that the reader of kept bytes and the reader of rows use in turn.
pub(crate) type Shared<'r> = RefCell<&'r mut dyn Repositories>;

/// Reads the kept bytes of a document, which must have been loaded completely or up to a batch.
///
/// Any damage ends the reading with an error of kind `InvalidData` whose inner error is
/// [`Error::Chunk`]; see [`chunk_error`].
pub(crate) struct KeptBytes<'a, 'r> {
    repositories: &'a Shared<'r>,
    id: DocumentId,
    path: String,
    count: i64,
    ordinal: i64,
    piece: std::io::Cursor<Vec<u8>>,
}

impl<'a, 'r> KeptBytes<'a, 'r> {
    pub(crate) fn new(repositories: &'a Shared<'r>, document: &Document) -> Self {
        Self {
            repositories,
            id: document.id,
            path: document.path.clone(),
            count: document.chunks_done,
            ordinal: 0,
            piece: std::io::Cursor::default(),
        }
    }

    fn next_piece(&mut self) -> Result<()> {
        self.piece =
            std::io::Cursor::new(unpack(&mut **self.repositories.borrow_mut(), self.id, &self.path, self.ordinal)?);
        self.ordinal += 1;
        Ok(())
    }
}

impl Read for KeptBytes<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        loop {
            let count = self.piece.read(buffer)?;
            if count > 0 || buffer.is_empty() || self.ordinal >= self.count {
                return Ok(count);
            }
            self.next_piece().map_err(|error| std::io::Error::new(std::io::ErrorKind::InvalidData, error))?;
        }
    }
}

/// One piece of a document, decompressed.
pub(crate) fn unpack(repositories: &mut dyn Repositories, id: DocumentId, path: &str, ordinal: i64) -> Result<Vec<u8>> {
    let damaged = |reason: String| Error::Chunk { path: path.to_owned(), ordinal, reason };
    let chunk = repositories.imports()?.get_chunk(id, ordinal)?.ok_or_else(|| damaged("it is missing".to_owned()))?;
    let size = usize::try_from(chunk.size_bytes).map_err(|_| damaged("its length is negative".to_owned()))?;
    if size > MOST {
        return Err(damaged(format!("its length is given as {size}")));
    }
    let bytes = zstd::bulk::decompress(&chunk.compressed, size).map_err(|error| damaged(error.to_string()))?;
    if bytes.len() == size {
        Ok(bytes)
    } else {
        Err(damaged(format!("it has {} bytes instead of {size}", bytes.len())))
    }
}

/// Longest piece that is believed, so that a damaged length cannot use up the memory.
const MOST: usize = 256 << 20;

/// The [`Error::Chunk`] inside an error that reading [`KeptBytes`] gave, else the error itself.
pub(crate) fn chunk_error(error: Error) -> Error {
    match error {
        Error::Read { path, source: landfast_legacy::csv::CsvError::Read { offset, source } } => {
            match source.downcast::<Error>() {
                Ok(own) => own,
                Err(source) => Error::Read { path, source: landfast_legacy::csv::CsvError::Read { offset, source } },
            }
        }
        Error::Io { action, path, source } => match source.downcast::<Error>() {
            Ok(own) => own,
            Err(source) => Error::Io { action, path, source },
        },
        other => other,
    }
}

/// SHA-256 and length of the kept bytes.
pub(crate) fn kept_hash(repositories: &Shared<'_>, document: &Document) -> Result<(String, u64)> {
    let path = PathBuf::from(&document.path);
    Hashing::new(KeptBytes::new(repositories, document)).finish().map_err(Error::io("read", &path)).map_err(chunk_error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(content: &[u8], piece: usize, ends: &[Option<u64>]) -> (Vec<Vec<u8>>, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, content).unwrap();
        let mut packer = Packer::open(&path, piece).unwrap();
        let mut pieces = Vec::new();
        for end in ends {
            for packed in packer.pack_to(*end).unwrap() {
                pieces.push(zstd::bulk::decompress(&packed.compressed, packed.size_bytes.try_into().unwrap()).unwrap());
            }
        }
        (pieces, packer.finish().unwrap().0)
    }

    #[test]
    fn pieces_end_where_batches_end() {
        let (found, sha256) = pieces(b"abcdefghij", 4, &[Some(5), Some(5), Some(6), None]);
        assert_eq!(found, [&b"abcd"[..], b"e", b"f", b"ghij"]);
        assert_eq!(sha256, Hashing::new(&b"abcdefghij"[..]).finish().unwrap().0);
    }

    #[test]
    fn an_empty_file_has_no_pieces() {
        assert!(pieces(b"", 4, &[Some(0), None]).0.is_empty());
    }

    #[test]
    fn skipped_bytes_count_for_the_hash() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, b"abcdef").unwrap();
        let mut packer = Packer::open(&path, 2).unwrap();
        packer.skip_to(3).unwrap();
        assert_eq!(packer.pack_to(None).unwrap().len(), 2);
        assert_eq!(packer.finish().unwrap(), Hashing::new(&b"abcdef"[..]).finish().unwrap());
        let mut packer = Packer::open(&path, 2).unwrap();
        assert!(matches!(packer.skip_to(7), Err(Error::SourceChanged { .. })));
    }
}
