//! All records of one kind of one user, and the file or files they are in.

use super::backing::{Backing, Sources};
use super::rows::{Content, Item, Rows, Slice};
use super::{keys, shelf};
use crate::csv::{Header, LineEnd, ReadOptions};
use crate::table::{KeyCounter, Row, RowReader, TableLayout, decode};
use landfast_domain::record::Record;
use landfast_domain::{Error, Result};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Records and the files they are kept in.
#[derive(Debug, Clone)]
pub(super) struct Table<R> {
    pub(super) rows: Rows<R>,
    pub(super) form: Form,
    /// The files this was read from, as they were then.
    pub(super) sources: Sources,
}

/// What of the files is not in the rows.
#[derive(Debug, Clone)]
pub(super) enum Form {
    Csv(Box<CsvForm>),
    Shelf(BTreeMap<String, shelf::ShelfForm>),
}

/// A CSV file without its rows.
#[derive(Debug, Clone, Default)]
pub(super) struct CsvForm {
    /// Columns with the byte order mark; no columns when there is no file.
    pub(super) header: Header,
    pub(super) layout: TableLayout,
    pub(super) line_end: LineEnd,
    /// Blank lines at the end.
    pub(super) trailing: Option<Slice>,
}

/// Path of the table's file.
pub(super) fn path_of<R: Record>(prefix: &str) -> String {
    format!("{prefix}{}", R::FILE)
}

/// Whether records of this type are those of files without a table of their own.
pub(super) fn is_shelf<R: Record>() -> bool {
    R::FILE.is_empty()
}

impl<R: Record> Table<R> {
    /// A table without any file.
    pub(super) fn empty() -> Self {
        let form = if is_shelf::<R>() { Form::Shelf(BTreeMap::new()) } else { Form::Csv(Box::default()) };
        Self { rows: Rows::default(), form, sources: Sources::default() }
    }

    /// The files of this table as they are now.
    pub(super) fn current_sources(backing: &Backing, prefix: &str) -> Result<Sources> {
        if is_shelf::<R>() {
            return shelf::sources(backing, prefix);
        }
        let paths = [path_of::<R>(prefix), keys::path_of::<R>(prefix)];
        paths.into_iter().map(|path| Ok((path.clone(), backing.stamp(&path)?))).collect()
    }

    /// Reads the files. A missing file is an empty table.
    ///
    /// A file somebody writes at the same time without holding the lock is read again, a few times.
    pub(super) fn load(backing: &Backing, prefix: &str) -> Result<Self> {
        const TRIES: usize = 20;
        for _ in 0..TRIES {
            let before = Self::current_sources(backing, prefix)?;
            let (rows, form) = if is_shelf::<R>() {
                let (rows, files) = shelf::load(backing, &before)?;
                (rows, Form::Shelf(files))
            } else {
                let path = path_of::<R>(prefix);
                let bytes = backing.read(&path)?;
                let key_path = keys::path_of::<R>(prefix);
                let key_file = backing.read(&key_path)?;
                match bytes {
                    None => (Rows::default(), Form::Csv(Box::default())),
                    Some(bytes) => {
                        let own_keys = key_file
                            .map_or_else(|| Ok(BTreeMap::new()), |file| keys::read(&key_path, &file, &bytes))?;
                        let (rows, form) = read_csv(&path, &bytes, &own_keys)?;
                        (rows, Form::Csv(Box::new(form)))
                    }
                }
            };
            if Self::current_sources(backing, prefix)? == before {
                return Ok(Self { rows, form, sources: before });
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        Err(Error::Busy { what: path_of::<R>(prefix), holder: "a program that writes it again and again".to_owned() })
    }
}

/// Reads a CSV file. `own_keys`: keys that are not those the order of ids gives, by number of the record.
pub(super) fn read_csv<R: Record>(
    path: &str,
    bytes: &Arc<[u8]>,
    own_keys: &BTreeMap<usize, String>,
) -> Result<(Rows<R>, CsvForm)> {
    // Nothing in the file may be left out, however long it is.
    let options = ReadOptions { max_record_bytes: bytes.len().max(1), ..ReadOptions::default() };
    let broken = |error| Error::backend(crate::Error::Csv { path: path.into(), source: error });
    let mut reader = RowReader::with_options(&bytes[..], options).map_err(broken)?;
    let layout = TableLayout::new::<R>(reader.header());
    let (mut keys, mut row, mut items) = (KeyCounter::default(), Row::default(), Vec::new());
    let mut number = 0_usize;
    while reader.read_row(&mut row).map_err(broken)? {
        let start = to_usize(row.offset()).saturating_sub(row.leading().len());
        let raw = Some(Slice::new(bytes, start..to_usize(row.offset() + row.byte_len())));
        let content = match decode::<R>(&layout, &row, &mut keys) {
            Ok(mut decoded) => {
                if let Some(key) = own_keys.get(&number) {
                    decoded.record.set_key(key.as_str().into());
                }
                number += 1;
                Content::Record { record: decoded.record, changed: false, torn: row.parts() > 1, source: None }
            }
            Err(reject) => Content::Rejected { reject, file: "".into() },
        };
        items.push(Arc::new(Item { raw, line: row.line(), content }));
    }
    let trailing = (!reader.trailing().is_empty()).then(|| Slice::whole(reader.trailing().to_vec()));
    let form = CsvForm { header: reader.header().clone(), layout, line_end: reader.dialect().line_end, trailing };
    Ok((Rows::from_items(items), form))
}

fn to_usize(length: u64) -> usize {
    usize::try_from(length).expect("the file is in memory")
}
