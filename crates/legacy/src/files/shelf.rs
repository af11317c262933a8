//! Files without a table of their own as records: reading and writing all of them.

use super::areas::{DELIVERY_FILES, PRESENTATIONS_FILE};
use super::backing::{Backing, Change, Sources};
use super::rows::{Content, Item, Rows, Slice};
use crate::csv::{BOM, CsvReader, LineEnd};
use crate::table::KeyCounter;
use crate::tasks::{FileKind, ShelfFormat, ShelfReader, classify, render_shelf};
use landfast_domain::record::{Record, RecordKey};
use landfast_domain::{Error, Result};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A file of the shelf without its records.
#[derive(Debug, Clone, Default)]
pub(super) struct ShelfForm {
    line_end: LineEnd,
    trailing: Option<Slice>,
    bytes: Arc<[u8]>,
}

/// Columns of the record type.
const FILE: usize = 0;
const CONTENT: usize = 1;

/// The files there are, as they are now.
pub(super) fn sources(backing: &Backing, prefix: &str) -> Result<Sources> {
    let mut found = Sources::new();
    for path in backing.list(prefix)? {
        if format_of(&path).is_some() {
            let full = format!("{prefix}{path}");
            let stamp = backing.stamp(&full)?;
            found.insert(full, stamp);
        }
    }
    Ok(found)
}

/// How a file is cut into records, by its path below the user's folder.
fn format_of(path: &str) -> Option<ShelfFormat> {
    if path == PRESENTATIONS_FILE || DELIVERY_FILES.contains(&path) {
        // Another area's.
        return None;
    }
    match classify(path) {
        FileKind::Shelf(format) | FileKind::Other(format) => Some(format),
        FileKind::Table(_) | FileKind::Unknown => None,
    }
}

/// Path below the user's folder.
fn own_path(full: &str) -> &str {
    let parts = full.strip_prefix("users/").and_then(|rest| rest.split_once('/'));
    parts.map_or(full, |(_, own)| own)
}

pub(super) fn load<R: Record>(backing: &Backing, files: &Sources) -> Result<(Rows<R>, BTreeMap<String, ShelfForm>)> {
    let (mut items, mut forms, mut keys) = (Vec::new(), BTreeMap::new(), KeyCounter::default());
    for full in files.keys() {
        let (own, Some(bytes)) = (own_path(full), backing.read(full)?) else { continue };
        let Some(format) = format_of(own) else { continue };
        let form = load_file(full, own, format, &bytes, &mut keys, &mut items)?;
        forms.insert(own.to_owned(), form);
    }
    Ok((Rows::from_items(items), forms))
}

fn load_file<R: Record>(
    full: &str,
    own: &str,
    format: ShelfFormat,
    bytes: &Arc<[u8]>,
    keys: &mut KeyCounter,
    items: &mut Vec<Arc<Item<R>>>,
) -> Result<ShelfForm> {
    let broken = |error| Error::backend(crate::Error::Csv { path: full.into(), source: error });
    let file: Arc<str> = own.into();
    let mut reader = ShelfReader::new(format, &bytes[..]).map_err(broken)?;
    while let Some(found) = reader.next_record().map_err(broken)? {
        let to_usize = |length: u64| usize::try_from(length).expect("the file is in memory");
        let raw = Some(Slice::new(bytes, to_usize(found.offset)..to_usize(found.offset + found.byte_len)));
        let content = match found.content {
            Ok(text) => {
                let mut record = R::blank(RecordKey::new(""));
                record.set_cell(FILE, own.to_owned());
                record.set_cell(CONTENT, text);
                record.set_key(keys.next_key(record.identity()).0);
                Content::Record { record, changed: false, torn: false, source: None }
            }
            Err(reject) => Content::Rejected { reject, file: Arc::clone(&file) },
        };
        items.push(Arc::new(Item { raw, line: found.line, content }));
    }
    let trailing = (!reader.trailing().is_empty()).then(|| Slice::whole(reader.trailing().to_vec()));
    let line_end = match format {
        ShelfFormat::Csv => CsvReader::new(&bytes[..]).map_err(broken)?.dialect().line_end,
        ShelfFormat::Lines if bytes.windows(2).any(|pair| pair == b"\r\n") => LineEnd::CrLf,
        ShelfFormat::Lines | ShelfFormat::Document => LineEnd::Lf,
    };
    Ok(ShelfForm { line_end, trailing, bytes: Arc::clone(bytes) })
}

/// Makes sure that a record can be kept: its file is one of those a tasks folder can hold, and its text
/// has the form of that file.
pub(super) fn check<R: Record>(record: &R) -> Result<()> {
    let file = record.cell(FILE);
    let Some(format) = format_of(file) else {
        return Err(invalid::<R>("file", file, "must be a text file below the folder that has no table of its own"));
    };
    if let Some((name, _)) = record.extra().first() {
        return Err(invalid::<R>("extra", name, "has no place in a file"));
    }
    match render_shelf(format, record.cell(CONTENT), LineEnd::Lf) {
        Some(_) => Ok(()),
        None => Err(invalid::<R>(
            "content",
            record.cell(CONTENT),
            "must have the form its file has: a JSON list of texts, or a line",
        )),
    }
}

type Rendered<R> = (Vec<Change>, Rows<R>, BTreeMap<String, ShelfForm>);

/// What has to be written, and the rows and files as reading them again gives them.
pub(super) fn render<R: Record>(
    rows: &Rows<R>,
    forms: &BTreeMap<String, ShelfForm>,
    sources: &Sources,
    prefix: &str,
) -> Result<Rendered<R>> {
    let mut files: BTreeMap<String, Vec<&Arc<Item<R>>>> = forms.keys().map(|path| (path.clone(), Vec::new())).collect();
    for (_, item) in rows.items() {
        let path = match &item.content {
            Content::Record { record, .. } => record.cell(FILE).to_owned(),
            Content::Rejected { file, .. } => file.to_string(),
        };
        files.entry(path).or_default().push(item);
    }
    let (mut changes, mut all, mut kept) = (Vec::new(), Vec::new(), BTreeMap::new());
    let mut keys = KeyCounter::default();
    for (own, members) in files {
        let full = format!("{prefix}{own}");
        let expected = sources.get(&full).copied().flatten();
        let old = forms.get(&own);
        let form = old.cloned().unwrap_or_default();
        let format =
            format_of(&own).ok_or_else(|| invalid::<R>("file", &own, "must be a text file below the folder"))?;
        // Files of blank lines never had a record, but an empty document is one.
        let had_records = format == ShelfFormat::Document || !form.bytes.trim_ascii().is_empty();
        if members.is_empty() && had_records {
            changes.push(Change::Remove { path: full });
            continue;
        }
        if format == ShelfFormat::Document && members.len() > 1 {
            return Err(invalid::<R>("file", &own, "is one document and cannot hold another"));
        }
        let (bytes, items) = render_file(&members, format, &form, &mut keys)?;
        if members.iter().any(|item| matches!(item.content, Content::Rejected { .. })) {
            check_file(&full, &own, format, &bytes, &items)?;
        }
        let bytes: Arc<[u8]> = bytes.into();
        if old.is_none() || bytes != form.bytes {
            changes.push(Change::Replace { path: full, bytes: bytes.to_vec(), expected });
        }
        all.extend(items);
        kept.insert(own, ShelfForm { bytes, ..form });
    }
    Ok((changes, Rows::from_items(all), kept))
}

type File<R> = (Vec<u8>, Vec<Arc<Item<R>>>);

fn render_file<R: Record>(
    members: &[&Arc<Item<R>>],
    format: ShelfFormat,
    form: &ShelfForm,
    keys: &mut KeyCounter,
) -> Result<File<R>> {
    let (mut bytes, mut items) = (Vec::new(), Vec::with_capacity(members.len()));
    for item in members {
        let ended = matches!(bytes.as_slice(), [] | [.., b'\n' | b'\r']);
        if !ended {
            bytes.extend_from_slice(form.line_end.as_bytes());
        }
        let item = as_written(item, format, form.line_end, keys)?;
        bytes.extend_from_slice(item.bytes());
        items.push(item);
    }
    bytes.extend_from_slice(form.trailing.as_ref().map_or(&[], Slice::bytes));
    Ok((bytes, items))
}

fn as_written<R: Record>(
    item: &Arc<Item<R>>,
    format: ShelfFormat,
    line_end: LineEnd,
    keys: &mut KeyCounter,
) -> Result<Arc<Item<R>>> {
    let Content::Record { record, changed, .. } = &item.content else { return Ok(Arc::clone(item)) };
    let (key, _) = keys.next_key(record.identity());
    if !changed && item.raw.is_some() && key == *record.key() {
        return Ok(Arc::clone(item));
    }
    let raw = match &item.raw {
        Some(raw) if !changed => raw.clone(),
        old => {
            let text = record.cell(CONTENT);
            let mut bytes = render_shelf(format, text, line_end)
                .ok_or_else(|| invalid::<R>("content", text, "must have the form its file has"))?;
            // The text of a document has the mark itself.
            if format != ShelfFormat::Document && old.as_ref().is_some_and(|old| old.bytes().starts_with(BOM)) {
                bytes.splice(0..0, BOM.iter().copied());
            }
            Slice::whole(bytes)
        }
    };
    let mut record = record.clone();
    record.set_key(key);
    Ok(Arc::new(Item {
        raw: Some(raw),
        line: item.line,
        content: Content::Record { record, changed: false, torn: false, source: None },
    }))
}

/// Makes sure that a file with damaged records in it reads as it should after the change.
fn check_file<R: Record>(
    full: &str,
    own: &str,
    format: ShelfFormat,
    bytes: &[u8],
    items: &[Arc<Item<R>>],
) -> Result<()> {
    let mut read: Vec<Arc<Item<R>>> = Vec::new();
    load_file(full, own, format, &Arc::from(bytes), &mut KeyCounter::default(), &mut read)?;
    let same = |(a, b): (&Arc<Item<R>>, &Arc<Item<R>>)| match (&a.content, &b.content) {
        (Content::Record { record: a, .. }, Content::Record { record: b, .. }) => a.cell(CONTENT) == b.cell(CONTENT),
        (Content::Rejected { .. }, Content::Rejected { .. }) => {
            a.bytes().trim_ascii_end() == b.bytes().trim_ascii_end()
        }
        _ => false,
    };
    if read.len() == items.len() && items.iter().zip(&read).all(same) {
        return Ok(());
    }
    let damaged = items.iter().find(|item| matches!(item.content, Content::Rejected { .. }));
    let (line, value) =
        damaged.map_or((1, String::new()), |item| (item.line, String::from_utf8_lossy(item.bytes()).into_owned()));
    Err(Error::Corrupt { entity: R::ENTITY, key: format!("{full} line {line}"), column: String::new(), value })
}

fn invalid<R: Record>(field: &'static str, value: &str, reason: &'static str) -> Error {
    Error::Invalid { entity: R::ENTITY, field, value: value.chars().take(200).collect(), reason }
}
