//! Reading whole documents, and rows page by page.

use crate::bytes::to_u64;
use crate::chunks::chunk_error;
use crate::document::{Bytes, Place};
use crate::error::{Error, Result};
use crate::keyed::{KeyedItem, Scope};
use landfast_domain::delivery::{ChangelogEntry, DeliveryRepository, Issue, QueryKey};
use landfast_domain::json::JsonKind;
use landfast_legacy::delivery::{Decoded, PartReader, StreamError, StreamedPart, decode};
use std::io::Read;
use std::path::Path;

/// Rows read at a time.
const PAGE: usize = 1000;

/// All bytes of a document.
pub(super) fn read_bytes(scope: &Scope<'_>, mut source: Bytes<'_>) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.read_to_end(&mut bytes).map_err(Error::io("read", Path::new(scope.path))).map_err(chunk_error)?;
    Ok(bytes)
}

/// The bytes of a document and their text. One that cannot be read is handed over as a whole, set aside, and
/// nothing is left to read.
pub(super) fn read_document(
    scope: &Scope<'_>,
    source: Bytes<'_>,
    kind: JsonKind,
    visit: &mut dyn FnMut(KeyedItem) -> Result<()>,
) -> Result<Option<(Vec<u8>, Decoded)>> {
    let bytes = read_bytes(scope, source)?;
    match decode(&bytes, kind) {
        Ok(decoded) => Ok(Some((bytes, decoded))),
        Err(refused) => {
            visit(KeyedItem::aside(refused.code, refused.message, bytes))?;
            Ok(None)
        }
    }
}

/// Looks through a document to its end and gives what is left without its parts; `None` for a damaged one. A file
/// that cannot be read is a failure.
pub(super) fn whole_envelope<R: Read>(
    scope: &Scope<'_>,
    mut reader: PartReader<'_, R>,
    mut visit: impl FnMut(&StreamedPart),
) -> Result<Option<String>> {
    let envelope = loop {
        match reader.next_part() {
            Ok(Some(part)) => visit(&part),
            Ok(None) => break reader.envelope(),
            Err(error) => break Err(error),
        }
    };
    match envelope {
        Ok(envelope) => Ok(Some(envelope)),
        Err(error @ StreamError::Io(_)) => Err(stream_failure(scope, error)),
        Err(_) => Ok(None),
    }
}

/// Hands over the parts of a document that is known to be sound, with their places.
pub(super) fn each_part<R: Read>(
    scope: &Scope<'_>,
    reader: &mut PartReader<'_, R>,
    visit: &mut dyn FnMut(Place, StreamedPart) -> Result<()>,
) -> Result<()> {
    let (mut ordinal, mut start) = (0, 0);
    while let Some(part) = reader.next_part().map_err(|error| stream_failure(scope, error))? {
        let end = reader.offset();
        let offset = end.saturating_sub(to_u64(part.text.len()));
        visit(Place { ordinal, parts: 1, line: 0, start, offset, end }, part)?;
        (ordinal, start) = (ordinal + 1, end);
    }
    Ok(())
}

/// The failure of reading parts.
pub(super) fn stream_failure(scope: &Scope<'_>, error: StreamError) -> Error {
    match error {
        StreamError::Io(source) => chunk_error(Error::io("read", Path::new(scope.path))(source)),
        other => Error::Store(landfast_domain::Error::aborted(other)),
    }
}

/// Hands over the issues of a cached response in their order, page by page.
pub(super) fn issue_pages(
    repository: &mut dyn DeliveryRepository,
    query: &QueryKey,
    cache_key: &str,
    visit: impl FnMut(Vec<Issue>) -> Result<()>,
) -> Result<()> {
    pages(|after| Ok(repository.issues_page(query, cache_key, after, PAGE)?), |issue| issue.ordinal, visit)
}

/// Hands over the entries of a change log in their order, page by page.
pub(super) fn entry_pages(
    repository: &mut dyn DeliveryRepository,
    query: &QueryKey,
    visit: impl FnMut(Vec<ChangelogEntry>) -> Result<()>,
) -> Result<()> {
    pages(|after| Ok(repository.changelog_page(query, after, PAGE)?), |entry| entry.ordinal, visit)
}

fn pages<T>(
    mut page: impl FnMut(Option<i64>) -> Result<Vec<T>>,
    place: impl Fn(&T) -> i64,
    mut visit: impl FnMut(Vec<T>) -> Result<()>,
) -> Result<()> {
    let mut after = None;
    loop {
        let found = page(after)?;
        let Some(last) = found.last() else { return Ok(()) };
        after = Some(place(last));
        visit(found)?;
    }
}
