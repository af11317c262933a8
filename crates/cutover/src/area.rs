//! What the process needs to know of an area.

use crate::digest::TableDigest;
use crate::document::DocumentKind;
use crate::error::Result;
use crate::export::{OwnRows, Plan, Written};
use crate::runs::RunOptions;
use landfast_domain::Repositories;
use landfast_domain::accounts::UserId;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// One of the applications whose data is moved.
pub(crate) trait Area: Sync {
    /// Its name: `tasks`.
    fn name(&self) -> &'static str;
    /// What of a folder is its data; `None` when nothing is.
    fn recognise(&self, folder: &Path) -> Result<Option<Claim>>;
    /// All its files of such a folder, ordered by the bytes of their paths. `others`: names in the folder that
    /// other areas claim.
    fn files(&self, folder: &Path, others: &BTreeSet<String>) -> Result<Vec<FoundFile>>;
    /// Looks at such a folder as a whole, before its documents are read one by one.
    fn look(&self, _folder: &Path, _options: &RunOptions) -> Result<Look> {
        Ok(Look::default())
    }
    /// How a document with this path is read; `None` for one that is not.
    fn document(&self, path: &str) -> Option<Box<dyn DocumentKind>>;
    /// Its tables in a fixed order.
    fn tables(&self) -> Vec<Box<dyn Table>>;
    /// Copies all rows of the area to another database, those of these users where rows have owners.
    fn copy(&self, source: &mut dyn Repositories, target: &mut dyn Repositories, users: &[UserId]) -> Result<()>;
    /// How its files are written when they depend on each other; `None` when each is written for itself.
    fn tree(&self) -> Option<&dyn Tree> {
        None
    }
}

/// What of a folder belongs to an area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Claim {
    /// The files and folders in it with these names.
    Names(BTreeSet<String>),
    /// All files directly in it that nobody else claims, and the folders with these names.
    FilesAnd(BTreeSet<String>),
    /// Everything.
    Everything,
}

/// What a look at a folder as a whole gave.
#[derive(Default)]
pub(crate) struct Look {
    /// What is odd.
    pub(crate) odd: Vec<Odd>,
    /// How its documents are read with what the look told; `None` when each is read for itself.
    pub(crate) documents: Option<Box<dyn Documents>>,
}

/// Documents of a folder that was looked at.
pub(crate) trait Documents {
    /// How a document with this path is read; see [`Area::document`].
    fn document(&self, path: &str) -> Option<Box<dyn DocumentKind>>;
}

/// Something odd about a folder, or about a file in relation to others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Odd {
    /// Path below the folder.
    pub(crate) path: String,
    pub(crate) code: &'static str,
    pub(crate) field: String,
    pub(crate) message: String,
}

/// Files by path; `None` for one that is to be removed.
pub(crate) type Changes = BTreeMap<String, Option<Vec<u8>>>;

/// Files that are written together.
pub(crate) trait Tree: Sync {
    /// What has to change in the files of a folder so that they say what the repositories say. Files that say it
    /// already, that are not understood or are set aside are not among the changes.
    fn render(
        &self,
        repositories: &mut dyn Repositories,
        before: &BTreeMap<String, Vec<u8>>,
        share: &Share<'_>,
    ) -> Result<Changes>;
}

/// Which rows belong to a folder.
#[derive(Debug)]
pub(crate) struct Share<'a> {
    /// Rows that came from nowhere belong here.
    pub(crate) adopts: bool,
    /// Paths of documents of other folders; their rows belong there, unless this folder has the same path.
    pub(crate) elsewhere: &'a BTreeSet<String>,
    /// Paths of documents that have a record which is set aside, duplicates included.
    pub(crate) set_aside: &'a BTreeSet<String>,
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
pub(crate) const AREAS: [&dyn Area; 4] = [
    &crate::tasks::TasksArea,
    &crate::delivery::DeliveryArea,
    &crate::presentations::PresentationsArea,
    &crate::runs::RunsArea,
];

/// The area with this name.
pub(crate) fn area(name: &str) -> Option<&'static dyn Area> {
    AREAS.into_iter().find(|area| area.name() == name)
}
