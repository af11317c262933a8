//! The store itself.

use super::accounts::{self, Accounts};
use super::areas::{Area, Loaded};
use super::backing::{Access, Backing};
use super::cutover::Cutover;
use super::folder::Folder;
use super::memory::Memory;
use super::rows::Content;
use super::table::{Table, path_of};
use super::transaction::{TableId, Transaction, prefix_of};
use crate::Error as LegacyError;
use crate::table::Reject;
use crate::tasks::{TableKind, TableVisitor};
use landfast_domain::accounts::UserId;
use landfast_domain::record::Record;
use landfast_domain::store::{StoreKind, Work};
use landfast_domain::tasks::LegacyRow;
use landfast_domain::{Error, Result, Store};
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

/// Records in legacy files. See the [module page](super).
#[derive(Debug)]
pub struct FileStore {
    backing: Backing,
    cache: Cache,
    /// Lets in many readers or one writer of this process.
    gate: RwLock<()>,
}

/// Something in a file that is not a record, but keeps its place and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedRow {
    /// Path of the file below the store's folder, with `/`.
    pub file: String,
    /// Physical line it begins at, from 1.
    pub line: u64,
    /// Why it is no record.
    pub reject: Reject,
    /// Its bytes, blank lines before it included.
    pub raw: Vec<u8>,
}

impl FileStore {
    /// A store of the files in a folder, which is made if it does not exist.
    ///
    /// Finishes or takes back what a crashed program left. The store's own files are in the sub-folder
    /// `.landfast`; nothing else is written before a record is.
    ///
    /// # Errors
    /// [`Error::Backend`] when the folder cannot be read or written, or when its journal is damaged.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self> {
        let folder = Folder::open(folder.as_ref())?;
        Ok(Self::new(Backing::Folder(folder)))
    }

    /// A store without a folder. Its files are gone with it.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::new(Backing::Memory(Memory::default()))
    }

    /// Everything in a user's files that could not become a record, by file and line.
    ///
    /// These rows stay in their files as they are. They are what an import would set aside.
    ///
    /// # Errors
    /// [`Error::Backend`] when a file cannot be read.
    pub fn rejected(&self, user: &UserId) -> Result<Vec<RejectedRow>> {
        let _gate = self.gate.read().unwrap_or_else(PoisonError::into_inner);
        let _lock = self.backing.lock(Access::Read)?;
        let prefix = prefix_of(user);
        let mut rejected = Vec::new();
        for kind in TableKind::ALL {
            rejected.extend(kind.visit(ListRejected { backing: &self.backing, prefix: &prefix })?);
        }
        rejected.extend(ListRejected { backing: &self.backing, prefix: &prefix }.visit::<LegacyRow>()?);
        rejected.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
        Ok(rejected)
    }

    fn new(backing: Backing) -> Self {
        Self { backing, cache: Cache::default(), gate: RwLock::new(()) }
    }
}

impl Store for FileStore {
    fn run_read(&self, work: &mut Work<'_>) -> Result<()> {
        // The gate guards no data, so a panic of another thread leaves nothing broken behind it.
        let _gate = self.gate.read().unwrap_or_else(PoisonError::into_inner);
        let _lock = self.backing.lock(Access::Read)?;
        work(&mut Transaction::new(&self.backing, &self.cache, false))
    }

    fn run_write(&self, work: &mut Work<'_>) -> Result<()> {
        let _gate = self.gate.write().unwrap_or_else(PoisonError::into_inner);
        let _lock = self.backing.lock(Access::Write)?;
        let mut transaction = Transaction::new(&self.backing, &self.cache, true);
        work(&mut transaction)?;
        transaction.commit()
    }

    fn kind(&self) -> StoreKind {
        StoreKind::Files
    }
}

/// Tables as they were last read or written. Checked against the files whenever one is used.
#[derive(Debug, Default)]
pub(super) struct Cache {
    tables: Mutex<HashMap<TableId, Arc<dyn Any + Send + Sync>>>,
    accounts: Mutex<Option<Accounts>>,
    cutover: Mutex<Option<Cutover>>,
    areas: Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
}

impl Cache {
    /// The table as it is now.
    pub(super) fn table<R: Record>(&self, backing: &Backing, id: &TableId) -> Result<Arc<Table<R>>> {
        let prefix = prefix_of(&id.0);
        let known = self.tables().get(id).cloned().and_then(|table| table.downcast::<Table<R>>().ok());
        if let Some(table) = known
            && table.sources == Table::<R>::current_sources(backing, &prefix)?
        {
            return Ok(table);
        }
        let table = Arc::new(Table::<R>::load(backing, &prefix)?);
        self.keep(id.clone(), Arc::<Table<R>>::clone(&table));
        Ok(table)
    }

    pub(super) fn keep(&self, id: TableId, table: Arc<dyn Any + Send + Sync>) {
        self.tables().insert(id, table);
    }

    /// Forgets the tables of a user.
    pub(super) fn forget(&self, user: &UserId) {
        self.tables().retain(|(owner, _), _| owner != user);
    }

    /// The users as they are now.
    pub(super) fn accounts(&self, backing: &Backing) -> Result<Accounts> {
        let mut known = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(accounts) = known.as_ref()
            && accounts.stamp == backing.stamp(accounts::PATH)?
        {
            return Ok(accounts.clone());
        }
        let accounts = Accounts::load(backing)?;
        *known = Some(accounts.clone());
        Ok(accounts)
    }

    /// The stages of the cutover as they are now.
    pub(super) fn cutover(&self, backing: &Backing, writable: bool) -> Result<Cutover> {
        let mut known = self.cutover.lock().unwrap_or_else(PoisonError::into_inner);
        let now = match known.take() {
            Some(cutover) if cutover.is_current(backing)? => cutover,
            _ => Cutover::load(backing)?,
        };
        let mut cutover = known.insert(now).clone();
        cutover.writable = writable;
        Ok(cutover)
    }

    /// The area as it is now.
    pub(super) fn area<A: Area>(&self, backing: &Backing) -> Result<Arc<Loaded<A>>> {
        let areas = || self.areas.lock().unwrap_or_else(PoisonError::into_inner);
        let known = areas().get(&TypeId::of::<A>()).cloned().and_then(|area| area.downcast::<Loaded<A>>().ok());
        let now = Loaded::<A>::now(backing, known)?;
        areas().insert(TypeId::of::<A>(), Arc::<Loaded<A>>::clone(&now));
        Ok(now)
    }

    fn tables(&self) -> MutexGuard<'_, HashMap<TableId, Arc<dyn Any + Send + Sync>>> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct ListRejected<'a> {
    backing: &'a Backing,
    prefix: &'a str,
}

impl TableVisitor for ListRejected<'_> {
    type Output = Result<Vec<RejectedRow>>;

    fn visit<R: Record>(self) -> Self::Output {
        // Read anew, as lines move while a table is kept in memory.
        let table = Table::<R>::load(self.backing, self.prefix)?;
        let rejected = table.rows.items().filter_map(|(_, item)| match &item.content {
            Content::Record { .. } => None,
            Content::Rejected { reject, file } => {
                let file = if file.is_empty() { path_of::<R>(self.prefix) } else { format!("{}{file}", self.prefix) };
                Some(RejectedRow { file, line: item.line, reject: reject.clone(), raw: item.bytes().to_vec() })
            }
        });
        Ok(rejected.collect())
    }
}

impl From<LegacyError> for Error {
    fn from(error: LegacyError) -> Self {
        Self::backend(error)
    }
}
