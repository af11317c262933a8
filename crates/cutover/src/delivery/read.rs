//! Reading whole documents, and rows page by page.

use crate::chunks::chunk_error;
use crate::document::Bytes;
use crate::error::{Error, Result};
use crate::keyed::{KeyedItem, Scope};
use landfast_domain::delivery::{ChangelogEntry, DeliveryRepository, Issue, QueryKey};
use landfast_domain::json::JsonKind;
use landfast_legacy::delivery::{Decoded, decode};
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
