//! What is copied from one store to the other, and what differs.

use super::Area;
use crate::time::Timestamp;

/// Key that stands for a whole table of a user.
pub const WHOLE_TABLE: &str = "*";

/// Names what is copied as one piece: a record, a document, or a table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemKey {
    /// Area it belongs to.
    pub area: Area,
    /// Kind of item, for instance `task` or `query`.
    pub table: String,
    /// Owner; empty for what belongs to the installation.
    pub user: String,
    /// Key within the table, or [`WHOLE_TABLE`].
    pub key: String,
}

impl ItemKey {
    /// An item of a user.
    #[must_use]
    pub fn new(area: Area, table: &str, user: &str, key: impl Into<String>) -> Self {
        Self { area, table: table.to_owned(), user: user.to_owned(), key: key.into() }
    }
}

impl std::fmt::Display for ItemKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.table, self.key)?;
        if self.user.is_empty() { Ok(()) } else { write!(f, " of {}", self.user) }
    }
}

/// An item that changed in the leading store and may not be in the other one yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dirty {
    /// Greater for what was changed later.
    pub seq: i64,
    /// The item.
    pub item: ItemKey,
    /// How often copying it was refused.
    pub failures: i64,
    /// The last refusal.
    pub failure: String,
}

/// A field that differs between the stores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The item.
    pub item: ItemKey,
    /// Field of the item; empty when one store lacks the item, `order` for the order of a list.
    pub field: String,
    /// What the files say; `None` when they do not have it.
    pub files: Option<String>,
    /// What the database says; `None` when it does not have it.
    pub database: Option<String>,
    /// When it was found, UTC.
    pub found_at: Timestamp,
}
