//! Cutting a document into batches.

use super::Input;
use crate::Limits;
use crate::bytes::to_u64;
use crate::chunks::{Packed, Packer};
use crate::document::{Format, Item};
use crate::error::{Error, Result};
use landfast_legacy::table::{Finding, KeyCounter};
use std::fs::File;

/// Some records of a document that belong together, with the bytes they were read from.
#[derive(Debug)]
pub(crate) struct Batch<R> {
    /// The records are in the database already; they are only counted.
    pub(crate) done_before: bool,
    pub(crate) items: Vec<Item<R>>,
    pub(crate) pieces: Vec<Packed>,
    /// Number of the first record behind the batch.
    pub(crate) records_done: i64,
    /// Bytes of the document the batch covers.
    pub(crate) bytes: u64,
    /// Set on the last batch.
    pub(crate) end: Option<End>,
}

/// What is known when the end of a document was reached.
#[derive(Debug, Clone)]
pub(crate) struct End {
    pub(crate) dialect: String,
    pub(crate) findings: Vec<Finding>,
}

/// Reads a document and hands it over batch by batch until `take` answers `false`.
///
/// Records that are done come in batches of their own. Without `done_bytes`, no pieces of bytes are made;
/// with it, those behind that many bytes, and the whole file is checked against its SHA-256 before the
/// last batch.
pub(crate) fn produce<F: Format>(
    format: &F,
    input: &Input<'_>,
    done_before: i64,
    done_bytes: Option<u64>,
    limits: &Limits,
    mut take: impl FnMut(Batch<F::Record>) -> Result<bool>,
) -> Result<()> {
    let file = File::open(input.file).map_err(Error::io("read", input.file))?;
    let mut reader = format.open(Box::new(file)).map_err(Error::read(input.path))?;
    let mut packer = match done_bytes {
        None => None,
        Some(done) => {
            let mut packer = Packer::open(input.file, limits.chunk_bytes)?;
            packer.skip_to(done)?;
            Some(packer)
        }
    };
    let mut keys = KeyCounter::default();
    let (mut start, mut at, mut ordinal) = (0, 0, 0);
    let mut items = Vec::new();
    loop {
        let next = reader.next(&mut keys).map_err(Error::read(input.path))?;
        let is_end = next.is_none();
        if let Some(item) = next {
            at = item.place.end;
            ordinal = item.place.ordinal + item.place.parts;
            items.push(item);
        }
        let before = ordinal <= done_before && !(is_end && items.is_empty());
        let full = items.len() >= limits.batch_records.max(1) || at - start >= to_u64(limits.batch_bytes);
        let leaves_done = ordinal == done_before && !items.is_empty();
        if !is_end && !full && !leaves_done {
            continue;
        }
        let mut pieces = Vec::new();
        let mut end = None;
        if let Some(packer) = packer.as_mut().filter(|_| !before) {
            pieces = packer.pack_to((!is_end).then_some(at))?;
        }
        if is_end {
            if let Some(packer) = packer.take() {
                let (sha256, size) = packer.finish()?;
                if sha256 != input.sha256 || size != input.size_bytes {
                    return Err(Error::SourceChanged { path: input.file.to_owned() });
                }
            }
            end = Some(End { dialect: reader.dialect(), findings: reader.findings() });
            at = input.size_bytes.max(at);
        }
        let batch = Batch {
            done_before: before,
            items: std::mem::take(&mut items),
            pieces,
            records_done: ordinal,
            bytes: at - start,
            end,
        };
        start = at;
        if !take(batch)? || is_end {
            return Ok(());
        }
    }
}
