//! What the process needs to know of an area.

use crate::digest::TableDigest;
use crate::document::DocumentKind;
use crate::error::Result;
use crate::export::{OwnRows, Plan, Written};
use landfast_domain::Repositories;
use landfast_domain::accounts::UserId;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// One of the applications whose data is moved.
pub(crate) trait Area: Sync {
    /// Its name: `tasks`.
    fn name(&self) -> &'static str;
    /// Whether a folder holds its data.
    fn recognise(&self, folder: &Path) -> Result<bool>;
    /// All files of such a folder, ordered by the bytes of their paths.
    fn files(&self, folder: &Path) -> Result<Vec<FoundFile>>;
    /// How a document with this path is read; `None` for one that is not.
    fn document(&self, path: &str) -> Option<Box<dyn DocumentKind>>;
    /// Its tables in a fixed order.
    fn tables(&self) -> Vec<Box<dyn Table>>;
}

/// A file of a folder that was recognised.
#[derive(Debug, Clone)]
pub(crate) struct FoundFile {
    /// Path below the folder, with `/`.
    pub(crate) path: String,
    /// Where it lies.
    pub(crate) location: PathBuf,
    /// Length in bytes when it was listed.
    pub(crate) size_bytes: u64,
    /// Why it is not read, though it is part of the folder.
    pub(crate) not_read: Option<&'static str>,
}

/// What a look over all rows of a table gives.
#[derive(Debug)]
pub(crate) struct Survey {
    pub(crate) digest: TableDigest,
    /// Rows by the document they were loaded from.
    pub(crate) rows_of: BTreeMap<Option<i64>, u64>,
}

/// All rows of one kind.
pub(crate) trait Table {
    /// Name of the kind of record.
    fn entity(&self) -> &'static str;
    /// How many rows a user has.
    fn count(&self, repositories: &mut dyn Repositories, user: &UserId) -> Result<u64>;
    /// What a user's rows hold and where they come from.
    fn survey(&self, repositories: &mut dyn Repositories, user: &UserId) -> Result<Survey>;
    /// Paths of the files that rows from no exported document belong to.
    fn own_paths(&self, repositories: &mut dyn Repositories, user: &UserId, plan: &Plan) -> Result<BTreeSet<String>>;
    /// Writes rows that belong to no document into files of their own.
    fn export_own(&self, repositories: &mut dyn Repositories, own: OwnRows<'_>) -> Result<Written>;
}

/// Every area, in the order they are looked for.
pub(crate) const AREAS: [&dyn Area; 1] = [&crate::tasks::TasksArea];

/// The area with this name.
pub(crate) fn area(name: &str) -> Option<&'static dyn Area> {
    AREAS.into_iter().find(|area| area.name() == name)
}
