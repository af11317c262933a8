//! From a record back to the cells of a row.

use super::{Row, Slot, TableLayout};
use landfast_domain::record::Record;
use std::collections::HashSet;

/// Cells of the row's file in which the record differs from the row: `(column, new text)`, by column.
///
/// Empty for a record decoded from the row and not changed since. A cell that a short row lacks counts
/// as empty. Cells the file has no column for are left out; see [`added_cells`].
#[must_use]
pub fn changed_cells<R: Record>(layout: &TableLayout, row: &Row, record: &R) -> Vec<(usize, String)> {
    let mut changed = Vec::new();
    for (column, text) in texts(layout, record).enumerate() {
        if row.record().cell_bytes(column) != text.as_bytes() {
            changed.push((column, text.to_owned()));
        }
    }
    changed
}

/// All cells of a new row for the record. Cells the file has no column for are left out; see
/// [`added_cells`].
///
/// ```
/// use landfast_domain::record::{Record, RecordKey};
/// use landfast_domain::tasks::Emotion;
/// use landfast_legacy::table::{RowReader, TableLayout, added_cells, new_cells};
///
/// let reader = RowReader::new(&b"mood,emotion\n"[..])?;
/// let layout = TableLayout::new::<Emotion>(reader.header());
/// let mut calm = Emotion::blank(RecordKey::new("calm"));
/// calm.emotion.set_raw("calm");
/// calm.user_id.set_raw("default");
/// assert_eq!(new_cells(&layout, &calm), ["", "calm"]);
/// assert_eq!(added_cells(&layout, &calm), [("user_id".to_owned(), "default".to_owned())]);
/// # Ok::<(), landfast_legacy::csv::CsvError>(())
/// ```
#[must_use]
pub fn new_cells<R: Record>(layout: &TableLayout, record: &R) -> Vec<String> {
    texts(layout, record).map(str::to_owned).collect()
}

/// Cells of the record for which the file has no column and which would read differently without one:
/// `(column name, text)`, own columns first, then unknown ones. An unknown column counts even when it is
/// empty, because without it the record would not have it.
#[must_use]
pub fn added_cells<R: Record>(layout: &TableLayout, record: &R) -> Vec<(String, String)> {
    let own = R::COLUMNS.iter().enumerate().filter_map(|(index, column)| {
        let text = record.cell(index);
        (layout.place(index).is_none() && text != column.when_absent).then(|| (column.name.to_owned(), text.to_owned()))
    });
    let mut added: Vec<_> = own.collect();
    // Most records were read from this file and have its columns in the same order.
    let same = layout.slots().iter().filter_map(extra_name).eq(record.extra().iter().map(|(name, _)| name.as_str()));
    if !same {
        let mut present: HashSet<&str> = layout.slots().iter().filter_map(extra_name).collect();
        added.extend(record.extra().iter().filter(|(name, _)| present.insert(name)).cloned());
    }
    added
}

/// The record's text for each column of the file.
fn texts<'a, R: Record>(layout: &'a TableLayout, record: &'a R) -> impl Iterator<Item = &'a str> {
    let extra = record.extra();
    let mut expected = 0_usize;
    layout.slots().iter().map(move |slot| match slot {
        Slot::Known(index) => record.cell(*index),
        Slot::Extra(name) => {
            // A record read from this file has its unknown columns in the same order.
            let found = match extra.get(expected) {
                Some((own, text)) if own == name => Some(text),
                _ => extra.iter().find(|(own, _)| own == name).map(|(_, text)| text),
            };
            expected += 1;
            found.map_or("", String::as_str)
        }
    })
}

fn extra_name(slot: &Slot) -> Option<&str> {
    match slot {
        Slot::Known(_) => None,
        Slot::Extra(name) => Some(name),
    }
}
