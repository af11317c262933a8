//! What becomes of one record with a key.

use super::{Compared, KeyedDocument, KeyedItem, Scope};
use crate::bytes::{Print, print_of};
use crate::chunks::{KeptBytes, Shared, chunk_error};
use crate::error::Result;
use crate::load::code;
use landfast_domain::imports::{Document, Outcome};
use std::collections::{HashMap, HashSet};

/// What becomes of a record that could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// There is no row with the key: a new one.
    Insert,
    /// The row says the same, or the record did not change since the last import.
    Keep,
    /// It changed, and the row did not.
    Update,
    /// It changed, and so did the row, which stays.
    Conflict,
    /// It changed, and its row was deleted, which it stays.
    ConflictDeleted,
    /// It did not change, and its row was deleted: it stays deleted.
    Deleted,
    /// The row says the same, but came from elsewhere.
    Duplicate,
    /// The row came from elsewhere and says something else.
    Taken,
    /// A rule of the area says that the row is the better one; the code tells which.
    Outdated(&'static str),
}

/// Codes of entries that come from comparing with the database.
pub(super) const CODES: [&str; 4] =
    [code::CHANGED_ON_BOTH_SIDES, code::DELETED_IN_DATABASE, code::SAME_IN_OTHER_SOURCE, code::ID_IN_OTHER_SOURCE];

impl Decision {
    /// Compares the record, what was loaded before, and the row.
    pub(crate) fn new(text: &str, base: Option<Print>, row: Option<&str>) -> Self {
        let Some(base) = base else {
            return match row {
                None => Self::Insert,
                Some(row) if row == text => Self::Duplicate,
                Some(_) => Self::Taken,
            };
        };
        let unchanged = print_of(text) == base;
        match row {
            None if unchanged => Self::Deleted,
            None => Self::ConflictDeleted,
            Some(row) if unchanged || row == text => Self::Keep,
            Some(row) if print_of(row) == base => Self::Update,
            Some(_) => Self::Conflict,
        }
    }

    /// Whether the record is written.
    pub(super) fn is_saved(self) -> bool {
        matches!(self, Self::Insert | Self::Update)
    }

    /// Outcome, code and reason for a record that does not become a row.
    pub(super) fn set_aside(self, key: &str) -> Option<(Outcome, &'static str, String)> {
        match self {
            Self::Insert | Self::Keep | Self::Update => None,
            Self::Conflict => Some((
                Outcome::Quarantined,
                code::CHANGED_ON_BOTH_SIDES,
                format!("the record changed here and in the database since the last import; row `{key}` stays"),
            )),
            Self::ConflictDeleted => Some((
                Outcome::Quarantined,
                code::CHANGED_ON_BOTH_SIDES,
                "the record changed here and was deleted in the database since the last import".to_owned(),
            )),
            Self::Deleted => Some((
                Outcome::Duplicate,
                code::DELETED_IN_DATABASE,
                "the record was loaded before and then deleted in the database; it stays deleted".to_owned(),
            )),
            Self::Duplicate => Some((
                Outcome::Duplicate,
                code::SAME_IN_OTHER_SOURCE,
                format!("row `{key}` came from elsewhere and says the same"),
            )),
            Self::Outdated(code) => {
                Some((Outcome::Duplicate, code, format!("row `{key}` is kept: it is further than this record")))
            }
            Self::Taken => Some((
                Outcome::Quarantined,
                code::ID_IN_OTHER_SOURCE,
                format!("row `{key}` came from elsewhere and says something else; it stays"),
            )),
        }
    }
}

/// Records of earlier versions by key.
#[derive(Debug, Default)]
pub(super) struct Bases {
    by_key: HashMap<Print, Base>,
    /// Keys of records that were loaded, in their order.
    keys: Vec<String>,
}

#[derive(Debug)]
struct Base {
    content: Print,
    seen: bool,
}

impl Bases {
    /// Reads the kept bytes of earlier versions, oldest first; later ones count more.
    pub(super) fn read(
        kind: &dyn KeyedDocument,
        shared: &Shared<'_>,
        previous: &[Document],
        now: &Scope<'_>,
    ) -> Result<Self> {
        let mut bases = Self::default();
        for document in previous {
            let foreign = foreign(shared, document)?;
            let bytes = Box::new(KeptBytes::new(shared, document));
            let read = kind.read(&now.earlier(), bytes, &mut |item| {
                if item.place.ordinal < document.records_done
                    && !foreign.contains(&item.place.ordinal)
                    && let Ok(text) = &item.outcome
                {
                    let base = Base { content: print_of(text), seen: false };
                    if bases.by_key.insert(print_of(&item.key), base).is_none() {
                        bases.keys.push(item.key);
                    }
                }
                Ok(())
            });
            read.map_err(chunk_error)?;
        }
        Ok(bases)
    }

    pub(super) fn content(&self, key: &str) -> Option<Print> {
        self.by_key.get(&print_of(key)).map(|base| base.content)
    }

    pub(super) fn mark_seen(&mut self, key: &str) {
        if let Some(base) = self.by_key.get_mut(&print_of(key)) {
            base.seen = true;
        }
    }

    /// Keys the new version does not have, with the print of what they held.
    pub(super) fn gone(&self) -> Vec<(&str, Print)> {
        let of = |key: &'_ String| self.by_key.get(&print_of(key)).filter(|base| !base.seen).map(|base| base.content);
        self.keys.iter().filter_map(|key| Some((key.as_str(), of(key)?))).collect()
    }
}

/// Records of a document that were not loaded because their rows came from elsewhere.
fn foreign(shared: &Shared<'_>, document: &Document) -> Result<HashSet<i64>> {
    let mut found = HashSet::new();
    let mut after = None;
    loop {
        let page = shared.borrow_mut().imports()?.list_quarantine(document.id, after, 500)?;
        let Some(last) = page.last() else { return Ok(found) };
        after = Some(last.ordinal);
        let from_elsewhere = page
            .iter()
            .filter(|entry| matches!(entry.code.as_str(), code::SAME_IN_OTHER_SOURCE | code::ID_IN_OTHER_SOURCE));
        found.extend(from_elsewhere.map(|entry| entry.ordinal));
    }
}

/// Decides about some records at once. Those that cannot be kept have no decision.
pub(super) fn decide(
    kind: &dyn KeyedDocument,
    repositories: &mut dyn landfast_domain::Repositories,
    scope: &Scope<'_>,
    bases: &Bases,
    items: &[KeyedItem],
) -> Result<Vec<Option<Decision>>> {
    let keys: Vec<&str> = items.iter().filter(|item| item.outcome.is_ok()).map(|item| item.key.as_str()).collect();
    let mut rows = kind.stored(repositories, scope, &keys)?.into_iter();
    let mut decisions = Vec::with_capacity(items.len());
    for item in items {
        let Ok(text) = &item.outcome else {
            decisions.push(None);
            continue;
        };
        let row = rows.next().flatten();
        let base = bases.content(&item.key);
        let record = Compared { key: &item.key, text, base, row: row.as_deref() };
        decisions.push(Some(kind.decide(repositories, scope, record)?));
    }
    Ok(decisions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_compared_with_its_base_and_its_row() {
        let base = Some(print_of("a"));
        for (text, base, row, decision) in [
            ("a", None, None, Decision::Insert),
            ("a", None, Some("a"), Decision::Duplicate),
            ("a", None, Some("b"), Decision::Taken),
            ("a", base, Some("a"), Decision::Keep),
            ("a", base, Some("b"), Decision::Keep),
            ("b", base, Some("b"), Decision::Keep),
            ("b", base, Some("a"), Decision::Update),
            ("b", base, Some("c"), Decision::Conflict),
            ("a", base, None, Decision::Deleted),
            ("b", base, None, Decision::ConflictDeleted),
        ] {
            assert_eq!(Decision::new(text, base, row), decision, "{text} {row:?}");
        }
    }
}
