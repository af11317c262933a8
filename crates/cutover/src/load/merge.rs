//! Comparing a changed document with what was loaded from it before.

use crate::bytes::{Print, print_of};
use crate::chunks::{KeptBytes, Shared, chunk_error};
use crate::digest::content_print;
use crate::document::{Format, for_each};
use crate::error::{Error, Result};
use landfast_domain::Repositories;
use landfast_domain::accounts::UserId;
use landfast_domain::imports::Document;
use landfast_domain::record::{Placed, Record, SourceRef};
use std::collections::HashMap;

/// What an earlier version of the document held for one key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Base {
    /// Print of its cells.
    pub(super) content: Print,
    /// Position its row was placed at.
    pub(super) position: i64,
    /// Where it stood.
    pub(super) source: SourceRef,
    /// The new version has the key as well.
    pub(super) seen: bool,
}

/// Records of earlier versions by key; about a hundred bytes each.
#[derive(Debug, Default)]
pub(super) struct Bases {
    by_key: HashMap<Print, Base>,
}

impl Bases {
    /// Reads the kept bytes of earlier versions, oldest first; later ones count more.
    pub(super) fn read<F: Format>(format: &F, repositories: &Shared<'_>, previous: &[Document]) -> Result<Self> {
        let mut by_key = HashMap::new();
        for document in previous {
            let bytes = Box::new(KeptBytes::new(repositories, document));
            let read = for_each(format, &document.path, bytes, |_, item| {
                // The kept bytes of a half loaded document end behind its last record, never before.
                let Ok(decoded) = item.outcome else { return Ok(()) };
                if item.place.ordinal >= document.records_done {
                    return Ok(());
                }
                let base = Base {
                    content: content_print(&decoded.record),
                    position: document.first_position + item.place.ordinal,
                    source: SourceRef { document: document.id, ordinal: item.place.ordinal },
                    seen: false,
                };
                by_key.insert(print_of(decoded.record.key().as_str()), base);
                Ok(())
            });
            read.map_err(chunk_error)?;
        }
        Ok(Self { by_key })
    }

    pub(super) fn get<R: Record>(&self, record: &R) -> Option<Base> {
        self.by_key.get(&print_of(record.key().as_str())).copied()
    }

    pub(super) fn mark_seen<R: Record>(&mut self, record: &R) {
        if let Some(base) = self.by_key.get_mut(&print_of(record.key().as_str())) {
            base.seen = true;
        }
    }

    /// Records the new version does not have, in the order of their rows.
    pub(super) fn gone(&self) -> Vec<Base> {
        let mut gone: Vec<Base> = self.by_key.values().filter(|base| !base.seen).copied().collect();
        gone.sort_by_key(|base| (base.position, base.source.document, base.source.ordinal));
        gone
    }
}

/// Rows around the places asked for, so that neighbours cost one query together.
#[derive(Debug)]
pub(super) struct Window<R> {
    rows: HashMap<(i64, i64), Placed<R>>,
    /// Positions that were read: after the first, up to the second.
    range: Option<(i64, i64)>,
}

impl<R> Default for Window<R> {
    fn default() -> Self {
        Self { rows: HashMap::new(), range: None }
    }
}

/// Rows read together.
const PAGE: usize = 500;

impl<R: Record> Window<R> {
    /// Takes out the row that was loaded from this record of an earlier version, if it is still there.
    pub(super) fn take(
        &mut self,
        repositories: &mut dyn Repositories,
        user: &UserId,
        base: &Base,
    ) -> Result<Option<Placed<R>>, Error> {
        let place = (base.source.document.0, base.source.ordinal);
        if let Some(found) = self.rows.remove(&place) {
            return Ok(Some(found));
        }
        if self.range.is_some_and(|(after, to)| base.position > after && base.position <= to) {
            return Ok(None);
        }
        let after = base.position - 1;
        let page = R::repository(repositories).page(user, Some(after), PAGE)?;
        let to = match page.last() {
            // The last position may have more rows than the page.
            Some(last) if page.len() == PAGE && last.position > base.position => last.position - 1,
            _ => i64::MAX,
        };
        self.rows = page
            .into_iter()
            .filter(|placed| placed.position <= to)
            .filter_map(|placed| placed.source.map(|source| ((source.document.0, source.ordinal), placed)))
            .collect();
        self.range = Some((after, to));
        Ok(self.rows.remove(&place))
    }
}
