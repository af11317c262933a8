//! The seam between an area and the process: how a document becomes records, and records a document.

use crate::error::{Error, Result};
use crate::export::{DocumentExport, Exported};
use crate::load::{DocumentLoad, DocumentScan, Loaded, TakenKeys};
use crate::mend::{DocumentMend, MendReport};
use crate::repair::{DocumentRepair, RepairReport};
use crate::verify::DocumentCheck;
use landfast_domain::accounts::UserId;
use landfast_domain::record::Record;
use landfast_domain::{Repositories, Store};
use landfast_legacy::csv::CsvError;
use landfast_legacy::table::{Decoded, Finding, KeyCounter, Reject};
use std::io::Read;

/// Where a record lies in its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// Number of the record, from 0.
    pub(crate) ordinal: i64,
    /// Numbers it takes up; more than one for a record that was put together from several.
    pub(crate) parts: i64,
    /// Physical line, from 1.
    pub(crate) line: u64,
    /// First byte that belongs to it, blank lines before it included.
    pub(crate) start: u64,
    /// First byte of its text.
    pub(crate) offset: u64,
    /// First byte behind it.
    pub(crate) end: u64,
}

/// One record of a document.
#[derive(Debug)]
pub(crate) struct Item<R> {
    pub(crate) place: Place,
    pub(crate) outcome: Result<Decoded<R>, SetAside>,
}

/// A record that cannot become a row.
#[derive(Debug)]
pub(crate) struct SetAside {
    pub(crate) reject: Reject,
    /// Its bytes, without blank lines before it.
    pub(crate) raw: Vec<u8>,
}

/// A cell that differs between source and database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CellDifference {
    pub(crate) column: String,
    pub(crate) source: String,
    pub(crate) database: String,
}

/// Reads one document. Methods that take a record compare it with the item read last.
pub(crate) trait DocumentReader<R> {
    /// First byte behind what comes before the first record.
    fn body_start(&self) -> u64;
    /// What is odd about the document as a whole.
    fn findings(&self) -> Vec<Finding>;
    /// The next record; `keys` must have seen the records before it.
    fn next(&mut self, keys: &mut KeyCounter) -> Result<Option<Item<R>>, CsvError>;
    /// How the document is written, in words. Complete at its end.
    fn dialect(&self) -> String;
    /// Cells in which a row differs from the item.
    fn differences(&self, record: &R) -> Vec<CellDifference>;
    /// Names of columns the document would need to hold this record.
    fn missing_columns(&self, record: &R) -> Vec<String>;
    /// What comes before the first record, with more columns.
    fn start_with(&self, added: &[String]) -> Result<Vec<u8>, CsvError>;
    /// Bytes of the item, blank lines before it included, with the cells of this record; `None` when
    /// they are the same.
    fn edited(&self, record: &R, added: &[String]) -> Result<Option<Vec<u8>>, CsvError>;
    /// Bytes of a new record, or why there cannot be one.
    fn appended(&self, record: &R, added: &[String]) -> Result<Vec<u8>, String>;
    /// Line end of new records.
    fn line_end(&self) -> &'static [u8];
}

/// Source of a document's bytes.
pub(crate) type Bytes<'a> = Box<dyn Read + 'a>;
/// A reader of some format.
pub(crate) type AnyReader<'a, R> = Box<dyn DocumentReader<R> + 'a>;

/// How documents of one kind are read and written.
pub(crate) trait Format: Sync {
    /// What its records become.
    type Record: Record;
    /// Starts reading.
    fn open<'a>(&self, source: Bytes<'a>) -> Result<AnyReader<'a, Self::Record>, CsvError>;
    /// Counts the records without any code of the reader.
    fn count(&self, source: Bytes<'_>) -> Result<u64, CsvError>;
    /// What is odd about the meaning of a record.
    fn inspect(&self, _record: &Self::Record) -> Vec<Finding> {
        Vec::new()
    }
    /// What the repairs that were asked for change in a record.
    fn repaired(&self, _record: &Self::Record, _repairs: &[crate::Repair]) -> Option<Self::Record> {
        None
    }
}

/// A [`Format`] without its type: what the process does with a document.
pub(crate) trait DocumentKind: Sync {
    /// Name of the kind of record.
    fn entity(&self) -> &'static str;
    /// Keys that rows of the kind have.
    fn taken_keys(&self, repositories: &mut dyn Repositories, user: &UserId) -> Result<TakenKeys>;
    /// Reads a document and tells what a load would do.
    fn scan(&self, scan: DocumentScan<'_>) -> Result<Loaded>;
    /// Loads a document, or goes on with it.
    fn load(&self, load: DocumentLoad<'_>) -> Result<Loaded>;
    /// Compares a document with the database.
    fn check(&self, repositories: &mut dyn Repositories, check: DocumentCheck<'_>) -> Result<()>;
    /// Mends values of the rows made from a document.
    fn repair(&self, store: &dyn Store, repair: DocumentRepair<'_>) -> Result<Vec<RepairReport>>;
    /// Makes a row of a record from quarantine that a person has mended.
    fn mend(&self, repositories: &mut dyn Repositories, mend: DocumentMend<'_>) -> Result<MendReport>;
    /// Writes a document.
    fn export(&self, repositories: &mut dyn Repositories, export: DocumentExport<'_>) -> Result<Exported>;
}

impl<F: Format> DocumentKind for F {
    fn entity(&self) -> &'static str {
        F::Record::ENTITY
    }
    fn taken_keys(&self, repositories: &mut dyn Repositories, user: &UserId) -> Result<TakenKeys> {
        TakenKeys::read::<F::Record>(repositories, user)
    }
    fn scan(&self, scan: DocumentScan<'_>) -> Result<Loaded> {
        crate::load::scan(self, scan)
    }
    fn load(&self, load: DocumentLoad<'_>) -> Result<Loaded> {
        crate::load::load(self, load)
    }
    fn check(&self, repositories: &mut dyn Repositories, check: DocumentCheck<'_>) -> Result<()> {
        crate::verify::check_document(self, repositories, check)
    }
    fn repair(&self, store: &dyn Store, repair: DocumentRepair<'_>) -> Result<Vec<RepairReport>> {
        crate::repair::repair_document(self, store, repair)
    }
    fn mend(&self, repositories: &mut dyn Repositories, mend: DocumentMend<'_>) -> Result<MendReport> {
        crate::mend::mend_record(self, repositories, mend)
    }
    fn export(&self, repositories: &mut dyn Repositories, export: DocumentExport<'_>) -> Result<Exported> {
        crate::export::export_document(self, repositories, export)
    }
}

/// Opens a document and reads it to its end.
pub(crate) fn for_each<F: Format>(
    format: &F,
    path: &str,
    source: Bytes<'_>,
    mut visit: impl FnMut(&dyn DocumentReader<F::Record>, Item<F::Record>) -> Result<()>,
) -> Result<()> {
    let mut reader = format.open(source).map_err(Error::read(path))?;
    let mut keys = KeyCounter::default();
    while let Some(item) = reader.next(&mut keys).map_err(Error::read(path))? {
        visit(&*reader, item)?;
    }
    Ok(())
}
