//! The tasks area: a folder of CSV files and what lies beside them.

mod repairs;
mod shelf;
mod table;

use crate::area::{Area, Claim, FoundFile, Table};
use crate::copy::PAGE;
use crate::document::DocumentKind;
use crate::error::Result;
use crate::rows::{Cursor, Rows};
use landfast_domain::Repositories;
use landfast_domain::accounts::UserId;
use landfast_domain::record::Record;
use landfast_domain::tasks::LegacyRow;
use landfast_legacy::tasks::{
    FileKind, SUB_FOLDERS, ShelfFormat, TableKind, TableVisitor, USERS_FOLDER, classify, is_tasks_folder, list_files,
};
use shelf::{NewShelf, Shelf};
use std::collections::BTreeSet;
use std::path::Path;
use table::CsvTable;

/// The tasks area.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TasksArea;

/// Longest document that is kept as one row, in bytes.
const LONGEST_DOCUMENT: u64 = 64 << 20;

impl Area for TasksArea {
    fn name(&self) -> &'static str {
        "tasks"
    }

    fn recognise(&self, folder: &Path) -> Result<Option<Claim>> {
        let folders = SUB_FOLDERS.iter().chain(&[USERS_FOLDER]).map(|name| (*name).to_owned());
        Ok(is_tasks_folder(folder)?.then(|| Claim::FilesAnd(folders.collect())))
    }

    fn files(&self, folder: &Path, others: &BTreeSet<String>) -> Result<Vec<FoundFile>> {
        let mut files = list_files(folder)?;
        files.retain(|file| !others.contains(&file.path));
        let found = |file: landfast_legacy::tasks::TaskFile| {
            let not_read = match file.kind {
                FileKind::Unknown => Some("not a text file of a tasks folder; copied into the backup, not loaded"),
                FileKind::Shelf(ShelfFormat::Document) | FileKind::Other(ShelfFormat::Document)
                    if file.size_bytes > LONGEST_DOCUMENT =>
                {
                    Some("longer than 64 MiB; copied into the backup, not loaded")
                }
                _ => None,
            };
            FoundFile { path: file.path, location: file.location, size_bytes: file.size_bytes, not_read }
        };
        Ok(files.into_iter().map(found).collect())
    }

    fn document(&self, path: &str) -> Option<Box<dyn DocumentKind>> {
        match classify(path) {
            FileKind::Table(kind) => Some(kind.visit(MakeDocument)),
            FileKind::Shelf(format) | FileKind::Other(format) => Some(Box::new(Shelf::new(path, format))),
            FileKind::Unknown => None,
        }
    }

    fn copy(&self, source: &mut dyn Repositories, target: &mut dyn Repositories, users: &[UserId]) -> Result<()> {
        for user in users {
            for kind in TableKind::ALL {
                kind.visit(CopyRows { source, target, user })?;
            }
            copy_rows::<LegacyRow>(source, target, user)?;
        }
        Ok(())
    }

    fn tables(&self) -> Vec<Box<dyn Table>> {
        let mut tables: Vec<_> = TableKind::ALL.into_iter().map(|kind| kind.visit(MakeTable)).collect();
        tables.push(Box::new(Rows::<LegacyRow>::new(NewShelf)));
        tables
    }
}

struct CopyRows<'a> {
    source: &'a mut dyn Repositories,
    target: &'a mut dyn Repositories,
    user: &'a UserId,
}

impl TableVisitor for CopyRows<'_> {
    type Output = Result<()>;
    fn visit<R: Record>(self) -> Self::Output {
        copy_rows::<R>(self.source, self.target, self.user)
    }
}

/// Copies a user's rows of one kind with their places and provenance.
fn copy_rows<R: Record>(source: &mut dyn Repositories, target: &mut dyn Repositories, user: &UserId) -> Result<()> {
    let mut cursor = Cursor::<R>::new(user, None);
    loop {
        let mut rows = Vec::new();
        while rows.len() < PAGE
            && let Some(row) = cursor.next(source)?
        {
            rows.push(row);
        }
        if rows.is_empty() {
            return Ok(());
        }
        R::repository(target).insert_batch(user, &rows)?;
    }
}

struct MakeDocument;

impl TableVisitor for MakeDocument {
    type Output = Box<dyn DocumentKind>;
    fn visit<R: Record>(self) -> Self::Output {
        Box::new(CsvTable::<R>::default())
    }
}

struct MakeTable;

impl TableVisitor for MakeTable {
    type Output = Box<dyn Table>;
    fn visit<R: Record>(self) -> Self::Output {
        Box::new(Rows::<R>::new(CsvTable::<R>::default()))
    }
}
