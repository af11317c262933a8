//! The tasks area: a folder of CSV files and what lies beside them.

mod repairs;
mod shelf;
mod table;

use crate::area::{Area, FoundFile, Table};
use crate::document::DocumentKind;
use crate::error::Result;
use crate::rows::Rows;
use landfast_domain::record::Record;
use landfast_domain::tasks::LegacyRow;
use landfast_legacy::tasks::{FileKind, ShelfFormat, TableKind, TableVisitor, classify, is_tasks_folder, list_files};
use shelf::{NewShelf, Shelf};
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

    fn recognise(&self, folder: &Path) -> Result<bool> {
        Ok(is_tasks_folder(folder)?)
    }

    fn files(&self, folder: &Path) -> Result<Vec<FoundFile>> {
        let files = list_files(folder)?;
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

    fn tables(&self) -> Vec<Box<dyn Table>> {
        let mut tables: Vec<_> = TableKind::ALL.into_iter().map(|kind| kind.visit(MakeTable)).collect();
        tables.push(Box::new(Rows::<LegacyRow>::new(NewShelf)));
        tables
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
