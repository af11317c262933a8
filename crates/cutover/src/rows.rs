//! All rows of one kind: walking over them, digests, rows that came from no document.

use crate::area::{Survey, Table};
use crate::digest::RowsDigest;
use crate::error::{Error, Result};
use crate::export::{ExportedFile, OwnRows, Plan, Written};
use landfast_domain::Repositories;
use landfast_domain::accounts::UserId;
use landfast_domain::imports::Document;
use landfast_domain::record::{DocumentId, Placed, Record, SourceRef};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Rows read at a time.
const PAGE: usize = 1000;

/// Walks over a user's rows of one kind in their order.
#[derive(Debug)]
pub(crate) struct Cursor<R> {
    user: UserId,
    after: Option<i64>,
    limit: usize,
    page: VecDeque<Placed<R>>,
    at_end: bool,
}

impl<R: Record> Cursor<R> {
    /// Starts behind this position; `None` is the beginning.
    pub(crate) fn new(user: &UserId, after: Option<i64>) -> Self {
        Self { user: user.clone(), after, limit: PAGE, page: VecDeque::new(), at_end: false }
    }

    /// The next row without taking it.
    pub(crate) fn peek(&mut self, repositories: &mut dyn Repositories) -> Result<Option<&Placed<R>>> {
        while self.page.is_empty() && !self.at_end {
            self.fill(repositories)?;
        }
        Ok(self.page.front())
    }

    /// The next row.
    pub(crate) fn next(&mut self, repositories: &mut dyn Repositories) -> Result<Option<Placed<R>>> {
        self.peek(repositories)?;
        Ok(self.page.pop_front())
    }

    fn fill(&mut self, repositories: &mut dyn Repositories) -> Result<()> {
        let rows = R::repository(repositories).page(&self.user, self.after, self.limit)?;
        self.at_end = rows.len() < self.limit;
        self.page = rows.into();
        let Some(last) = self.page.back().map(|placed| placed.position) else { return Ok(()) };
        self.after = Some(last);
        if !self.at_end {
            // Rows that share a position must not be torn apart by the end of a page.
            while self.page.back().is_some_and(|placed| placed.position == last) {
                self.page.pop_back();
            }
            self.after = Some(last - 1);
            self.limit = if self.page.is_empty() { self.limit.saturating_mul(2) } else { PAGE };
        }
        Ok(())
    }
}

/// The rows of one document, asked for in the order of its records.
#[derive(Debug)]
pub(crate) struct DocumentRows<R> {
    cursor: Cursor<R>,
    document: DocumentId,
    first_position: i64,
}

impl<R: Record> DocumentRows<R> {
    pub(crate) fn new(user: &UserId, document: &Document) -> Self {
        let first_position = document.first_position;
        Self { cursor: Cursor::new(user, Some(first_position - 1)), document: document.id, first_position }
    }

    /// The row loaded from this record, if it stands where it was placed. Numbers must ascend.
    pub(crate) fn at(&mut self, repositories: &mut dyn Repositories, ordinal: i64) -> Result<Option<Placed<R>>> {
        let source = SourceRef { document: self.document, ordinal };
        let position = self.first_position + ordinal;
        while self.cursor.peek(repositories)?.is_some_and(|row| row.position <= position) {
            let row = self.cursor.next(repositories)?;
            if let Some(row) = row.filter(|row| row.source == Some(source) && row.position == position) {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }
}

/// How rows that have no file yet are written into new ones.
pub(crate) trait NewFile<R>: Sync {
    /// What a new file begins with; `extra` names the unknown columns of its rows.
    fn start(&self, extra: &[String]) -> Vec<u8>;
    /// Bytes of one row, or why there cannot be any. `first` says whether it is the first of its file.
    fn row(&self, path: &str, record: &R, extra: &[String], first: bool) -> Result<Vec<u8>, String>;
}

/// A table, with the form its rows have in new files.
pub(crate) struct Rows<R: Record> {
    form: Box<dyn NewFile<R>>,
}

impl<R: Record> Rows<R> {
    pub(crate) fn new(form: impl NewFile<R> + 'static) -> Self {
        Self { form: Box::new(form) }
    }
}

/// Path of the file a row belongs to when it came from none.
pub(crate) fn home_of<R: Record>(record: &R) -> &str {
    if R::FILE.is_empty() { record.cell_named("file").unwrap_or_default() } else { R::FILE }
}

impl<R: Record> Table for Rows<R> {
    fn entity(&self) -> &'static str {
        R::ENTITY
    }

    fn count(&self, repositories: &mut dyn Repositories, user: &UserId) -> Result<u64> {
        Ok(R::repository(repositories).count(user)?)
    }

    fn survey(&self, repositories: &mut dyn Repositories, user: &UserId) -> Result<Survey> {
        let mut digest = RowsDigest::default();
        let mut rows_of: BTreeMap<Option<i64>, u64> = BTreeMap::new();
        let mut cursor = Cursor::<R>::new(user, None);
        while let Some(placed) = cursor.next(repositories)? {
            digest.add(&placed.record);
            *rows_of.entry(placed.source.map(|source| source.document.0)).or_default() += 1;
        }
        Ok(Survey { digest: digest.finish(), rows_of })
    }

    fn own_paths(&self, repositories: &mut dyn Repositories, user: &UserId, plan: &Plan) -> Result<BTreeSet<String>> {
        let mut paths = BTreeSet::new();
        let mut cursor = Cursor::<R>::new(user, None);
        while let Some(placed) = cursor.next(repositories)? {
            let home = home_of(&placed.record);
            if plan.is_own(placed.source) && !paths.contains(home) {
                paths.insert(home.to_owned());
            }
        }
        Ok(paths)
    }

    fn export_own(&self, repositories: &mut dyn Repositories, own: OwnRows<'_>) -> Result<Written> {
        let mut extra: BTreeMap<String, Vec<String>> = BTreeMap::new();
        each_own::<R>(repositories, own.user, own.plan, |path, record| {
            let names = extra.entry(path.to_owned()).or_default();
            for (name, _) in record.extra() {
                if !names.contains(name) {
                    names.push(name.clone());
                }
            }
            Ok(())
        })?;
        let mut written = Written::default();
        let mut files = BTreeMap::new();
        for (path, names) in &extra {
            let mut file = own.folder.create(path)?;
            file.write(&self.form.start(names))?;
            files.insert(path.clone(), (file, 0_u64));
        }
        each_own::<R>(repositories, own.user, own.plan, |path, record| {
            let names = extra.get(path).map(Vec::as_slice).unwrap_or_default();
            let Some((file, rows)) = files.get_mut(path) else { return Ok(()) };
            let bytes = self.form.row(path, record, names, *rows == 0).map_err(|reason| Error::Render {
                path: path.to_owned(),
                key: record.key().to_string(),
                reason,
            })?;
            *rows += 1;
            file.write(&bytes)
        })?;
        for (file, rows) in files.into_values() {
            written.rows += rows;
            written.files.push(ExportedFile { appended: rows, ..file.finish()? });
        }
        Ok(written)
    }
}

/// Rows from no exported document whose file is not exported either.
fn each_own<R: Record>(
    repositories: &mut dyn Repositories,
    user: &UserId,
    plan: &Plan,
    mut visit: impl FnMut(&str, &R) -> Result<()>,
) -> Result<()> {
    let mut cursor = Cursor::<R>::new(user, None);
    while let Some(placed) = cursor.next(repositories)? {
        let path = home_of(&placed.record);
        if plan.is_own(placed.source) && !plan.is_exported(path) {
            visit(path, &placed.record)?;
        }
    }
    Ok(())
}
