//! Writing one document.

use super::target::NewFile;
use super::{ExportedFile, Folder, Plan};
use crate::bytes::{Hashing, to_i64, to_u64};
use crate::chunks::{KeptBytes, Shared, chunk_error};
use crate::document::{Format, Item};
use crate::error::{Error, Result};
use crate::load::code;
use crate::progress::Progress;
use crate::rows::{Cursor, DocumentRows, home_of};
use landfast_domain::Repositories;
use landfast_domain::accounts::UserId;
use landfast_domain::imports::Document;
use landfast_domain::record::Record;
use landfast_legacy::csv::CsvError;
use landfast_legacy::table::KeyCounter;
use std::cell::RefCell;
use std::io::Read;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

/// What [`export_document`] needs.
pub(crate) struct DocumentExport<'a> {
    pub(crate) user: &'a UserId,
    pub(crate) document: &'a Document,
    pub(crate) plan: &'a Plan,
    pub(crate) folder: Folder<'a>,
    pub(crate) progress: &'a dyn Progress,
    pub(crate) interrupt: &'a AtomicBool,
}

/// What was written.
#[derive(Debug)]
pub(crate) struct Exported {
    pub(crate) file: ExportedFile,
    /// Rows in it.
    pub(crate) rows: u64,
}

/// Copies the kept bytes of a document, but for what changed since it was loaded.
pub(crate) fn export_document<F: Format>(
    format: &F,
    repositories: &mut dyn Repositories,
    export: DocumentExport<'_>,
) -> Result<Exported> {
    let shared: Shared<'_> = RefCell::new(repositories);
    let document = export.document;
    let failed = Error::read(&document.path);
    let mut reader = format.open(Box::new(KeptBytes::new(&shared, document))).map_err(failed).map_err(chunk_error)?;
    let added = added_columns(&export, &shared, |record: &F::Record| reader.missing_columns(record))?;
    let mut copy = Copier::new(&export, &shared)?;
    if added.is_empty() {
        copy.keep_to(reader.body_start())?;
    } else {
        let start = reader.start_with(&added).map_err(Error::read(&document.path))?;
        copy.replace_to(reader.body_start(), &start)?;
        copy.changed = true;
    }
    let mut keys = KeyCounter::default();
    let mut rows = DocumentRows::<F::Record>::new(export.user, document);
    while let Some(item) = reader.next(&mut keys).map_err(Error::read(&document.path)).map_err(chunk_error)? {
        if export.interrupt.load(Ordering::SeqCst) {
            return Err(Error::Interrupted);
        }
        let row = rows.at(&mut **shared.borrow_mut(), item.place.ordinal)?;
        match row {
            Some(row) => {
                copy.rows += 1;
                let edited = match &item.outcome {
                    Ok(_) => reader.edited(&row.record, &added).map_err(|error| cannot(&export, &row.record, error))?,
                    // The record was mended in the database.
                    Err(_) => Some(
                        reader.appended(&row.record, &added).map_err(|reason| render(&export, &row.record, reason))?,
                    ),
                };
                match edited {
                    None => copy.keep_to(item.place.end)?,
                    Some(bytes) => {
                        copy.file.edited += 1;
                        copy.replace_to(item.place.end, &bytes)?;
                    }
                }
            }
            None if is_set_aside(&export, &shared, &item)? => {
                copy.file.quarantined += 1;
                copy.keep_to(item.place.end)?;
            }
            None => {
                copy.file.dropped += 1;
                copy.replace_to(item.place.end, b"")?;
            }
        }
        export.progress.advance(item.place.end - item.place.start, 1);
    }
    copy.keep_to(u64::MAX)?;
    if export.plan.adopts(document) {
        let mut cursor = Cursor::<F::Record>::new(export.user, None);
        while let Some(row) = cursor.next(&mut **shared.borrow_mut())? {
            if export.plan.is_own(row.source) && home_of(&row.record) == document.path {
                let bytes =
                    reader.appended(&row.record, &added).map_err(|reason| render(&export, &row.record, reason))?;
                copy.out.end_line(reader.line_end())?;
                copy.out.write(&bytes)?;
                copy.file.appended += 1;
                copy.rows += 1;
            }
        }
    }
    drop(reader);
    copy.finish()
}

/// Copies the kept bytes of a document as they are.
pub(crate) fn copy_document(repositories: &mut dyn Repositories, export: &DocumentExport<'_>) -> Result<Exported> {
    let shared: Shared<'_> = RefCell::new(repositories);
    let mut copy = Copier::new(export, &shared)?;
    copy.keep_to(u64::MAX)?;
    export.progress.advance(to_u64(export.document.size_bytes), 0);
    copy.finish()
}

/// Columns that rows have and the file has not.
fn added_columns<R: Record>(
    export: &DocumentExport<'_>,
    shared: &Shared<'_>,
    missing: impl Fn(&R) -> Vec<String>,
) -> Result<Vec<String>> {
    let document = export.document;
    let adopts = export.plan.adopts(document);
    let mut added: Vec<String> = Vec::new();
    let end = document.first_position + document.records_done;
    let mut cursor = Cursor::<R>::new(export.user, (!adopts).then_some(document.first_position - 1));
    while let Some(row) = cursor.next(&mut **shared.borrow_mut())? {
        let from_document = row.source.is_some_and(|source| source.document == document.id);
        if from_document || (adopts && export.plan.is_own(row.source) && home_of(&row.record) == document.path) {
            for name in missing(&row.record) {
                if !added.contains(&name) {
                    added.push(name);
                }
            }
        }
        if !adopts && row.position > end {
            break;
        }
    }
    Ok(added)
}

/// Whether a record without a row is to be written all the same.
fn is_set_aside<R>(export: &DocumentExport<'_>, shared: &Shared<'_>, item: &Item<R>) -> Result<bool> {
    if item.outcome.is_err() {
        return Ok(true);
    }
    let mut repositories = shared.borrow_mut();
    let ordinal = item.place.ordinal;
    let found = repositories.imports()?.list_quarantine(export.document.id, Some(ordinal - 1), 1)?;
    Ok(found.first().is_some_and(|entry| entry.ordinal == ordinal && entry.code != code::DELETED_IN_DATABASE))
}

fn cannot<R: Record>(export: &DocumentExport<'_>, record: &R, error: CsvError) -> Error {
    render(export, record, error.to_string())
}

fn render<R: Record>(export: &DocumentExport<'_>, record: &R, reason: String) -> Error {
    Error::Render { path: export.document.path.clone(), key: record.key().to_string(), reason }
}

/// Walks over the kept bytes once more and copies what is wanted.
struct Copier<'a, 'r> {
    document: &'a Document,
    kept: Hashing<KeptBytes<'a, 'r>>,
    offset: u64,
    buffer: Vec<u8>,
    out: NewFile,
    file: ExportedFile,
    rows: u64,
    changed: bool,
}

impl<'a, 'r> Copier<'a, 'r> {
    fn new(export: &DocumentExport<'a>, shared: &'a Shared<'r>) -> Result<Self> {
        Ok(Self {
            document: export.document,
            kept: Hashing::new(KeptBytes::new(shared, export.document)),
            offset: 0,
            buffer: vec![0; crate::bytes::BUFFER],
            out: export.folder.create(&export.document.path)?,
            file: ExportedFile::default(),
            rows: 0,
            changed: false,
        })
    }

    /// Copies the bytes up to this offset.
    fn keep_to(&mut self, end: u64) -> Result<()> {
        self.walk(end, true)
    }

    /// Writes other bytes instead of those up to this offset.
    fn replace_to(&mut self, end: u64, bytes: &[u8]) -> Result<()> {
        self.out.write(bytes)?;
        self.walk(end, false)
    }

    fn walk(&mut self, end: u64, keep: bool) -> Result<()> {
        while self.offset < end {
            let room = usize::try_from(end - self.offset).unwrap_or(usize::MAX).min(self.buffer.len());
            let space = self.buffer.get_mut(..room).unwrap_or_default();
            let path = PathBuf::from(&self.document.path);
            let count = self.kept.read(space).map_err(Error::io("read", &path)).map_err(chunk_error)?;
            if count == 0 {
                return Ok(());
            }
            if keep {
                self.out.write(self.buffer.get(..count).unwrap_or_default())?;
            }
            self.offset += to_u64(count);
        }
        Ok(())
    }

    fn finish(self) -> Result<Exported> {
        let path = PathBuf::from(&self.document.path);
        let not_reproduced = |found: &str| Error::NotReproduced {
            path: self.document.path.clone(),
            expected: self.document.sha256.clone(),
            found: found.to_owned(),
        };
        let (kept, size) = self.kept.finish().map_err(Error::io("read", &path)).map_err(chunk_error)?;
        if kept != self.document.sha256 || to_i64(size) != self.document.size_bytes {
            return Err(not_reproduced(&kept));
        }
        let counted = self.file;
        let written = self.out.finish()?;
        let untouched = !self.changed && counted.edited + counted.dropped + counted.appended == 0;
        if untouched && written.sha256 != self.document.sha256 {
            return Err(not_reproduced(&written.sha256));
        }
        let file = ExportedFile {
            path: written.path,
            size_bytes: written.size_bytes,
            sha256: written.sha256,
            source_sha256: Some(self.document.sha256.clone()),
            ..counted
        };
        Ok(Exported { file, rows: self.rows })
    }
}
