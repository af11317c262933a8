//! One transaction: what it has read, what it has changed, and committing that.

use super::accounts::{self, Accounts};
use super::areas::Areas;
use super::backing::{Backing, Change};
use super::cutover::{self, Cutover};
use super::rows::Rows;
use super::shelf;
use super::store::Cache;
use super::table::{Table, is_shelf};
use landfast_domain::accounts::UserId;
use landfast_domain::record::Record;
use landfast_domain::{Error, Result};
use std::any::{Any, TypeId};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Names a table: whose, and of which type of record.
pub(super) type TableId = (UserId, TypeId);

pub(super) struct Transaction<'s> {
    pub(super) backing: &'s Backing,
    pub(super) cache: &'s Cache,
    pub(super) writable: bool,
    pub(super) accounts: Option<Accounts>,
    pub(super) cutover: Option<Cutover>,
    pub(super) areas: Areas,
    tables: HashMap<TableId, Box<dyn OpenTable>>,
    /// Users removed in this transaction, even if they were added again.
    removed: BTreeSet<UserId>,
}

/// A table of whichever type, as the commit needs it.
trait OpenTable: Any {
    fn render(&mut self, backing: &Backing, prefix: &str) -> Result<Vec<Change>>;
    /// The table as the commit left it, for the cache; `None` when it was not changed.
    fn finish(&mut self, backing: &Backing, prefix: &str) -> Result<Option<Arc<dyn Any + Send + Sync>>>;
}

struct Open<R> {
    table: Arc<Table<R>>,
    rendered: bool,
}

impl<R: Record> OpenTable for Open<R> {
    fn render(&mut self, backing: &Backing, prefix: &str) -> Result<Vec<Change>> {
        if !self.table.rows.changed {
            return Ok(Vec::new());
        }
        self.rendered = true;
        Arc::make_mut(&mut self.table).render(backing, prefix)
    }

    fn finish(&mut self, backing: &Backing, prefix: &str) -> Result<Option<Arc<dyn Any + Send + Sync>>> {
        if !self.rendered {
            return Ok(None);
        }
        Arc::make_mut(&mut self.table).sources = Table::<R>::current_sources(backing, prefix)?;
        let table: Arc<dyn Any + Send + Sync> = Arc::<Table<R>>::clone(&self.table);
        Ok(Some(table))
    }
}

/// Path of a user's folder below the store's, with `/` at its end; empty for the guest.
pub(super) fn prefix_of(user: &UserId) -> String {
    if *user == UserId::guest() { String::new() } else { format!("{}/", folder_of(user)) }
}

fn folder_of(user: &UserId) -> String {
    format!("{}/{user}", crate::tasks::USERS_FOLDER)
}

impl<'s> Transaction<'s> {
    pub(super) fn new(backing: &'s Backing, cache: &'s Cache, writable: bool) -> Self {
        Self {
            backing,
            cache,
            writable,
            accounts: None,
            cutover: None,
            areas: Areas::default(),
            tables: HashMap::new(),
            removed: BTreeSet::new(),
        }
    }

    /// The users, read when they are asked for first.
    pub(super) fn users(&mut self) -> Result<&mut Accounts> {
        if self.accounts.is_none() {
            self.accounts = Some(self.cache.accounts(self.backing)?);
        }
        Ok(self.accounts.get_or_insert_default())
    }

    pub(super) fn is_user(&mut self, user: &UserId) -> Result<bool> {
        Ok(*user == UserId::guest() || self.users()?.users.contains_key(user))
    }

    /// The user's records of one kind; `None` for a user that does not exist.
    pub(super) fn rows<R: Record>(&mut self, user: &UserId) -> Result<Option<&Rows<R>>> {
        Ok(if self.is_user(user)? { Some(&self.open::<R>(user)?.table.rows) } else { None })
    }

    /// The user's records of one kind, to be changed.
    pub(super) fn rows_mut<R: Record>(&mut self, user: &UserId) -> Result<&mut Rows<R>> {
        self.ensure_writable()?;
        if !self.is_user(user)? {
            return Err(Error::NotFound { entity: "user", key: user.to_string() });
        }
        Ok(&mut Arc::make_mut(&mut self.open::<R>(user)?.table).rows)
    }

    pub(super) fn ensure_writable(&self) -> Result<()> {
        if self.writable {
            Ok(())
        } else {
            Err(Error::Unsupported { store: "files", what: "changes in a read transaction" })
        }
    }

    /// Makes sure that a record can be written into a file.
    pub(super) fn check<R: Record>(record: &R) -> Result<()> {
        if is_shelf::<R>() { shelf::check(record) } else { Ok(()) }
    }

    /// Forgets the records of a user that was removed.
    pub(super) fn forget(&mut self, user: &UserId) {
        self.tables.retain(|(owner, _), _| owner != user);
        self.removed.insert(user.clone());
    }

    fn open<R: Record>(&mut self, user: &UserId) -> Result<&mut Open<R>> {
        let id = (user.clone(), TypeId::of::<R>());
        if !self.tables.contains_key(&id) {
            let table = if self.removed.contains(user) {
                Arc::new(Table::<R>::empty())
            } else {
                self.cache.table::<R>(self.backing, &id)?
            };
            self.tables.insert(id.clone(), Box::new(Open { table, rendered: false }));
        }
        let open = self.tables.get_mut(&id).and_then(|open| {
            let any: &mut dyn Any = &mut **open;
            any.downcast_mut()
        });
        Ok(open.expect("a table is kept under its own type"))
    }

    /// Writes all changes to the files, or none.
    pub(super) fn commit(mut self) -> Result<()> {
        let mut changes = Vec::new();
        self.areas.changes(self.backing, &mut changes)?;
        for (id, table) in &mut self.tables {
            changes.extend(table.render(self.backing, &prefix_of(&id.0))?);
        }
        // The order of a map is by chance; that of the steps of a commit should not be.
        changes.sort_by(|a, b| a.path().cmp(b.path()));
        self.remove_files(&mut changes)?;
        if let Some(accounts) = &self.accounts
            && accounts.changed
        {
            changes.push(Change::Replace {
                path: accounts::PATH.to_owned(),
                bytes: accounts.render(),
                expected: accounts.stamp,
            });
        }
        if let Some(cutover) = &self.cutover {
            cutover.write_marks(self.backing)?;
            if cutover.is_changed() {
                let (path, bytes) = (cutover::PATH.to_owned(), cutover.render());
                changes.push(Change::Replace { path, bytes, expected: cutover.stamp });
            }
        }
        if changes.is_empty() {
            return Ok(());
        }
        self.backing.commit(&changes)?;
        self.update_cache()
    }

    /// Changes for the files of users that were removed.
    fn remove_files(&mut self, changes: &mut Vec<Change>) -> Result<()> {
        for user in std::mem::take(&mut self.removed) {
            if !self.is_user(&user)? {
                changes.push(Change::RemoveFolder { path: folder_of(&user) });
            } else {
                // Added again: the files written for the new user stay, all others go.
                for change in changes.iter_mut() {
                    if let Change::Replace { path, expected, .. } = change
                        && path.starts_with(&prefix_of(&user))
                    {
                        *expected = self.backing.stamp(path)?;
                    }
                }
                for path in self.backing.all_files(&folder_of(&user))? {
                    if !changes.iter().any(|change| change.path() == path) {
                        changes.push(Change::Remove { path });
                    }
                }
            }
            self.removed.insert(user);
        }
        Ok(())
    }

    fn update_cache(mut self) -> Result<()> {
        for user in &self.removed {
            self.cache.forget(user);
        }
        for (id, table) in &mut self.tables {
            if let Some(finished) = table.finish(self.backing, &prefix_of(&id.0))? {
                self.cache.keep(id.clone(), finished);
            }
        }
        Ok(())
    }
}
