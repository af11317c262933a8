//! What becomes of one record.

use super::code;
use super::merge::{Bases, Window};
use crate::digest::content_print;
use crate::error::Result;
use landfast_domain::Repositories;
use landfast_domain::accounts::UserId;
use landfast_domain::imports::Outcome;
use landfast_domain::record::{Record, RecordKey};

/// What becomes of a record that could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Decision {
    /// No earlier version has it: a new row.
    Insert,
    /// Nothing in it changed since the last import, or the row says the same already: the row keeps its
    /// cells and gets the new place.
    Keep(RecordKey),
    /// It changed, and the row did not: the row gets its cells.
    Update(RecordKey),
    /// It changed, and so did the row: the row keeps its cells, the record goes into quarantine. No key
    /// when the row was deleted.
    Conflict(Option<RecordKey>),
    /// It did not change, and its row was deleted: it stays deleted.
    Deleted,
}

impl Decision {
    /// Compares the record, what was loaded before, and the row.
    pub(super) fn new<R: Record>(
        repositories: &mut dyn Repositories,
        user: &UserId,
        bases: &Bases,
        window: &mut Window<R>,
        record: &R,
    ) -> Result<Self> {
        let Some(base) = bases.get(record) else { return Ok(Self::Insert) };
        let row = window.take(repositories, user, &base)?;
        let content = content_print(record);
        let unchanged = content == base.content;
        Ok(match row {
            None if unchanged => Self::Deleted,
            None => Self::Conflict(None),
            Some(row) => {
                let own = content_print(&row.record);
                let key = row.record.key().clone();
                if unchanged || own == content {
                    Self::Keep(key)
                } else if own == base.content {
                    Self::Update(key)
                } else {
                    Self::Conflict(Some(key))
                }
            }
        })
    }

    /// Outcome, code and reason for a record that does not become a row.
    pub(super) fn set_aside(&self) -> Option<(Outcome, &'static str, String)> {
        match self {
            Self::Insert | Self::Keep(_) | Self::Update(_) => None,
            Self::Conflict(Some(key)) => Some((
                Outcome::Quarantined,
                code::CHANGED_ON_BOTH_SIDES,
                format!(
                    "the record changed here and in the database since the last import; row `{key}` keeps its cells"
                ),
            )),
            Self::Conflict(None) => Some((
                Outcome::Quarantined,
                code::CHANGED_ON_BOTH_SIDES,
                "the record changed here and was deleted in the database since the last import".to_owned(),
            )),
            Self::Deleted => Some((
                Outcome::Duplicate,
                code::DELETED_IN_DATABASE,
                "the record was loaded before and then deleted in the database; it stays deleted".to_owned(),
            )),
        }
    }
}
