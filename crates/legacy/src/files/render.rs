//! A CSV file with the changes made to its records, every other byte as it was.

use super::backing::{Backing, Change};
use super::rows::{Content, Item, Rows, Slice};
use super::table::{CsvForm, Form, Table, path_of, read_csv};
use super::{headers, keys};
use crate::csv::{CsvError, CsvReader, LineEnd, Shape, edit_record, extend_header, write_cell, write_row};
use crate::table::{Row, RowReader, Slot, TableLayout, added_cells, changed_cells, new_cells};
use landfast_domain::record::Record;
use landfast_domain::{Error, Result};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

impl<R: Record> Table<R> {
    /// What has to be written for the changes, and makes the table what reading that again would give,
    /// but for its sources.
    pub(super) fn render(&mut self, backing: &Backing, prefix: &str) -> Result<Vec<Change>> {
        let form = match &self.form {
            Form::Csv(form) => form,
            Form::Shelf(files) => {
                let (changes, rows, files) = super::shelf::render(&self.rows, files, &self.sources, prefix)?;
                self.rows = rows;
                self.form = Form::Shelf(files);
                return Ok(changes);
            }
        };
        let path = path_of::<R>(prefix);
        let rendered = render_csv::<R>(&path, form, &self.rows)?;
        let key_path = keys::path_of::<R>(prefix);
        let had_keys = self.sources.get(&key_path).is_some_and(Option::is_some);
        let own_keys =
            if self.rows.keys_changed || had_keys { keys::write(&rendered.rows, &rendered.bytes) } else { None };
        let expected = |path: &String| self.sources.get(path).copied().flatten();
        let mut changes = Vec::new();
        match own_keys {
            Some(bytes) => changes.push(Change::Replace { expected: backing.stamp(&key_path)?, path: key_path, bytes }),
            None if had_keys => changes.push(Change::Remove { path: key_path }),
            None => {}
        }
        changes.push(Change::Replace { expected: expected(&path), path, bytes: rendered.bytes });
        self.rows = rendered.rows;
        self.form = Form::Csv(Box::new(rendered.form));
        Ok(changes)
    }
}

struct Rendered<R> {
    bytes: Vec<u8>,
    rows: Rows<R>,
    form: CsvForm,
}

fn render_csv<R: Record>(path: &str, form: &CsvForm, rows: &Rows<R>) -> Result<Rendered<R>> {
    if let Some(problem) = form.header.record().problems().iter().find(|problem| problem.is_damage()) {
        return Err(refused::<R>(path, form.header.record().line(), "", &problem.to_string()));
    }
    let added = added_columns(form, rows);
    let mut bytes = Vec::new();
    extend_header(&form.header, &added, form.line_end, &mut bytes).map_err(|error| csv_refused::<R>(path, error))?;
    let header = CsvReader::new(&bytes[..]).map_err(|error| csv_refused::<R>(path, error))?.header().clone();
    let layout = TableLayout::new::<R>(&header);
    // A new column that does not read as empty where it is missing needs a cell in every row.
    let fill = form.layout.defaults().iter().any(|index| layout.place(*index).is_some()) && form.header.columns() > 0;

    let renderer = Renderer { path, old: form, layout: &layout, is_wider: !added.is_empty(), fill };
    let mut items = Vec::with_capacity(rows.count());
    let mut has_rejected = false;
    for (_, item) in rows.items() {
        end_line(&mut bytes, form.line_end);
        let item = renderer.item(item)?;
        bytes.extend_from_slice(item.bytes());
        has_rejected |= matches!(item.content, Content::Rejected { .. });
        items.push(item);
    }
    if let Some(trailing) = &form.trailing {
        end_line(&mut bytes, form.line_end);
        bytes.extend_from_slice(trailing.bytes());
    }
    let rows = Rows::from_items(items);
    if has_rejected || (!added.is_empty() && form.header.columns() > 0) {
        check::<R>(path, &bytes, &rows)?;
    }
    let form = CsvForm { header, layout, line_end: form.line_end, trailing: form.trailing.clone() };
    Ok(Rendered { bytes, rows, form })
}

/// Names of the columns to be added: those of a new file, and those a changed record needs.
fn added_columns<R: Record>(form: &CsvForm, rows: &Rows<R>) -> Vec<String> {
    let mut added: Vec<String> = Vec::new();
    if form.header.columns() == 0 {
        added.extend(headers::of_new_file::<R>().into_iter().map(str::to_owned));
    }
    let mut seen: HashSet<String> = added.iter().cloned().collect();
    for (_, item) in rows.items() {
        if let Content::Record { record, changed: true, .. } = &item.content {
            for (name, _) in added_cells(&form.layout, record) {
                if seen.insert(name.clone()) {
                    added.push(name);
                }
            }
        }
    }
    added
}

struct Renderer<'a> {
    path: &'a str,
    old: &'a CsvForm,
    layout: &'a TableLayout,
    /// There are new columns.
    is_wider: bool,
    /// Every row gets the cells of new columns.
    fill: bool,
}

impl Renderer<'_> {
    /// The item as it will be in the file.
    fn item<R: Record>(&self, item: &Arc<Item<R>>) -> Result<Arc<Item<R>>> {
        match &item.content {
            Content::Record { record, changed, torn, source } => {
                let rewrite = *changed || self.fill || (*torn && self.is_wider);
                let raw = match &item.raw {
                    Some(raw) if rewrite => Slice::whole(self.edited(raw.bytes(), item.line, record)?),
                    Some(raw) => raw.clone(),
                    None => {
                        let mut out = Vec::new();
                        write_row(&mut out, &new_cells(self.layout, record), self.old.line_end);
                        Slice::whole(out)
                    }
                };
                if !rewrite && source.is_none() && self.layout.extra_count() == self.old.layout.extra_count() {
                    return Ok(Arc::clone(item));
                }
                let torn = *torn && !rewrite;
                let content = Content::Record { record: self.as_read(record), changed: false, torn, source: None };
                Ok(Arc::new(Item { raw: Some(raw), line: item.line, content }))
            }
            Content::Rejected { .. } => Ok(Arc::clone(item)),
        }
    }

    /// The bytes of a row with the cells that differ replaced.
    fn edited<R: Record>(&self, raw: &[u8], line: u64, record: &R) -> Result<Vec<u8>> {
        let columns = self.old.header.columns();
        let Some(row) = parse_one(raw, columns) else {
            return Err(refused::<R>(self.path, line, "", "the row cannot be read by itself"));
        };
        let cells = changed_cells(self.layout, &row, record);
        let edits: Vec<(usize, &str)> = cells.iter().map(|(column, text)| (*column, text.as_str())).collect();
        let mut out = Vec::with_capacity(raw.len() + 64);
        // Empty cells beyond the old header make room for new columns.
        let in_surplus =
            matches!(row.record().shape(), Shape::Long { .. }) && edits.iter().any(|(column, _)| *column >= columns);
        if edits.is_empty() {
            // The same as the bytes in the file, unless the row was torn.
            out.extend_from_slice(if self.is_wider { row.record().raw_with_leading() } else { raw });
        } else if in_surplus {
            write_over_surplus(&row, &edits, &mut out);
        } else {
            edit_record(row.record(), &edits, &mut out).map_err(|error| csv_refused::<R>(self.path, error))?;
        }
        Ok(out)
    }

    /// The record with exactly the unknown columns the file has, as it is when the file is read again.
    fn as_read<R: Record>(&self, record: &R) -> R {
        let mut read = record.clone();
        let names = self.layout.slots().iter().filter_map(|slot| match slot {
            Slot::Known(_) => None,
            Slot::Extra(name) => Some(name),
        });
        let text = |name: &String| record.extra().iter().find(|(own, _)| own == name).map_or("", |(_, text)| text);
        *read.extra_mut() = names.map(|name| (name.clone(), text(name).to_owned())).collect();
        read
    }
}

/// Reads a row taken out of its file. `None` when it is not the same by itself.
fn parse_one(raw: &[u8], columns: usize) -> Option<Row> {
    let mut file = vec![b','; columns.saturating_sub(1)];
    file.extend_from_slice(b"x\n");
    file.extend_from_slice(raw);
    let options = crate::csv::ReadOptions { max_record_bytes: file.len(), ..Default::default() };
    let mut reader = RowReader::with_options(&file[..], options).ok()?;
    let mut row = Row::default();
    let is_whole = reader.read_row(&mut row).ok()? && row.raw_with_leading() == raw;
    is_whole.then_some(row)
}

fn write_over_surplus(row: &Row, edits: &[(usize, &str)], out: &mut Vec<u8>) {
    let record = row.record();
    let last = edits.iter().map(|(column, _)| column + 1).max().unwrap_or(0);
    out.extend_from_slice(record.leading());
    for column in 0..record.field_count().max(last) {
        if column > 0 {
            out.push(b',');
        }
        match edits.iter().find(|(own, _)| *own == column) {
            Some((_, text)) => write_cell(out, text, false),
            None => out.extend_from_slice(record.cell_raw(column).unwrap_or_default()),
        }
    }
    out.extend_from_slice(record.line_end().map_or(&[], LineEnd::as_bytes));
}

fn end_line(bytes: &mut Vec<u8>, line_end: LineEnd) {
    let ended = matches!(bytes.as_slice(), [] | b"\xEF\xBB\xBF" | [.., b'\n' | b'\r']);
    if !ended {
        bytes.extend_from_slice(line_end.as_bytes());
    }
}

/// Makes sure that what will be written reads as it should, although there are rows in it whose cells or
/// ends are in doubt: such a row could swallow what is written near it, or fit a header with more columns
/// and become a record with its cells in the wrong places.
fn check<R: Record>(path: &str, bytes: &[u8], rows: &Rows<R>) -> Result<()> {
    let (read, _) = read_csv::<R>(path, &Arc::from(bytes), &BTreeMap::new())?;
    let mut found = read.items();
    let mut suspect = None;
    for (_, item) in rows.items() {
        if let Content::Rejected { reject, .. } = &item.content {
            suspect = Some((item, reject));
        }
        let same = found.next().is_some_and(|(_, read)| match (&item.content, &read.content) {
            (Content::Record { record, .. }, Content::Record { record: read, .. }) => {
                (0..R::COLUMNS.len()).all(|column| record.cell(column) == read.cell(column))
                    && record.extra() == read.extra()
            }
            (Content::Rejected { .. }, Content::Rejected { .. }) => {
                item.bytes().trim_ascii_end() == read.bytes().trim_ascii_end()
            }
            _ => false,
        });
        if !same {
            return Err(in_doubt::<R>(path, suspect, rows));
        }
    }
    if found.next().is_some() { Err(in_doubt::<R>(path, suspect, rows)) } else { Ok(()) }
}

fn in_doubt<R: Record>(path: &str, suspect: Option<(&Arc<Item<R>>, &crate::table::Reject)>, rows: &Rows<R>) -> Error {
    let first = || {
        rows.items().find_map(|(_, item)| match &item.content {
            Content::Rejected { reject, .. } => Some((item, reject)),
            Content::Record { .. } => None,
        })
    };
    match suspect.or_else(first) {
        Some((item, reject)) => refused::<R>(path, item.line, &reject.column, &String::from_utf8_lossy(item.bytes())),
        None => refused::<R>(path, 1, "", "rows that do not read as they were written"),
    }
}

/// The error of a file that must not be written, naming file and line.
fn refused<R: Record>(path: &str, line: u64, column: &str, value: &str) -> Error {
    let value = value.chars().take(200).collect();
    Error::Corrupt { entity: R::ENTITY, key: format!("{path} line {line}"), column: column.to_owned(), value }
}

fn csv_refused<R: Record>(path: &str, error: CsvError) -> Error {
    let line = match &error {
        CsvError::DamagedRecord { line }
        | CsvError::IncompleteRecord { line, .. }
        | CsvError::SurplusCell { line, .. } => *line,
        _ => 1,
    };
    refused::<R>(path, line, "", &error.to_string())
}
