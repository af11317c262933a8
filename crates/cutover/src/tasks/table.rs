//! CSV files whose rows are records of their own kind.

use super::repairs;
use crate::Repair;
use crate::bytes::{to_i64, to_u64};
use crate::document::{AnyReader, Bytes, CellDifference, DocumentReader, Format, Item, Place, SetAside};
use crate::rows::NewFile;
use landfast_domain::record::Record;
use landfast_domain::tasks::TaskInstance;
use landfast_legacy::csv::{CsvError, LineEnd, count_records, edit_record, extend_header, write_row};
use landfast_legacy::table::{
    Finding, KeyCounter, Row, RowReader, TableLayout, added_cells, changed_cells, decode, new_cells,
};
use std::any::Any;
use std::marker::PhantomData;

/// A CSV file of records of type `R`.
#[derive(Debug)]
pub(super) struct CsvTable<R>(PhantomData<fn() -> R>);

impl<R> Default for CsvTable<R> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<R: Record> Format for CsvTable<R> {
    type Record = R;

    fn open<'a>(&self, source: Bytes<'a>) -> Result<AnyReader<'a, R>, CsvError> {
        let rows = RowReader::new(source)?;
        let layout = TableLayout::new::<R>(rows.header());
        Ok(Box::new(TableReader { rows, layout, row: Row::default() }))
    }

    fn count(&self, source: Bytes<'_>) -> Result<u64, CsvError> {
        Ok(count_records(source)?.records)
    }

    fn inspect(&self, record: &R) -> Vec<Finding> {
        let any: &dyn Any = record;
        any.downcast_ref::<TaskInstance>().map_or_else(Vec::new, repairs::inspect)
    }

    fn repaired(&self, record: &R, repairs: &[Repair]) -> Option<R> {
        let any: &dyn Any = record;
        let mended: Box<dyn Any> = Box::new(repairs::repaired(any.downcast_ref::<TaskInstance>()?, repairs)?);
        mended.downcast::<R>().ok().map(|record| *record)
    }
}

struct TableReader<'a> {
    rows: RowReader<Bytes<'a>>,
    layout: TableLayout,
    row: Row,
}

impl<R: Record> DocumentReader<R> for TableReader<'_> {
    fn body_start(&self) -> u64 {
        to_u64(self.rows.header().raw().len())
    }

    fn findings(&self) -> Vec<Finding> {
        self.layout.findings().to_vec()
    }

    fn next(&mut self, keys: &mut KeyCounter) -> Result<Option<Item<R>>, CsvError> {
        if !self.rows.read_row(&mut self.row)? {
            return Ok(None);
        }
        let row = &self.row;
        let place = Place {
            ordinal: to_i64(row.ordinal()),
            parts: to_i64(row.parts()),
            line: row.line(),
            start: row.offset() - to_u64(row.leading().len()),
            offset: row.offset(),
            end: row.offset() + row.byte_len(),
        };
        let outcome =
            decode::<R>(&self.layout, row, keys).map_err(|reject| SetAside { reject, raw: row.raw().to_vec() });
        Ok(Some(Item { place, outcome }))
    }

    fn dialect(&self) -> String {
        let dialect = self.rows.dialect();
        let mut words = vec![match dialect.line_end {
            LineEnd::Lf => "lf",
            LineEnd::CrLf => "crlf",
            LineEnd::Cr => "cr",
        }];
        if dialect.bom {
            words.push("bom");
        }
        if dialect.is_mixed() {
            words.push("mixed line ends");
        }
        if dialect.final_newline == Some(false) {
            words.push("no final line end");
        }
        words.join(", ")
    }

    fn differences(&self, record: &R) -> Vec<CellDifference> {
        let changed =
            changed_cells(&self.layout, &self.row, record).into_iter().map(|(column, database)| CellDifference {
                column: self.layout.name(column).to_owned(),
                source: self.row.record().cell_lossy(column).into_owned(),
                database,
            });
        let added = added_cells(&self.layout, record).into_iter().map(|(column, database)| {
            let absent =
                R::column_index(&column).and_then(|index| R::COLUMNS.get(index)).map_or("", |own| own.when_absent);
            CellDifference { column, source: absent.to_owned(), database }
        });
        changed.chain(added).collect()
    }

    fn missing_columns(&self, record: &R) -> Vec<String> {
        if self.layout.slots().is_empty() {
            let own = R::COLUMNS.iter().map(|column| column.name.to_owned());
            return own.chain(record.extra().iter().map(|(name, _)| name.clone())).collect();
        }
        added_cells(&self.layout, record).into_iter().map(|(name, _)| name).collect()
    }

    fn start_with(&self, added: &[String]) -> Result<Vec<u8>, CsvError> {
        let mut out = Vec::new();
        extend_header(self.rows.header(), added, LineEnd::Lf, &mut out)?;
        Ok(out)
    }

    fn edited(&self, record: &R, added: &[String]) -> Result<Option<Vec<u8>>, CsvError> {
        let mut edits = changed_cells(&self.layout, &self.row, record);
        let columns = self.layout.slots().len();
        edits.extend(added.iter().enumerate().map(|(at, name)| (columns + at, cell_text(record, name))));
        let edits: Vec<(usize, &str)> = edits.iter().map(|(column, text)| (*column, text.as_str())).collect();
        let mut out = Vec::new();
        // A row put together from parts keeps its bytes only while nothing in it changes.
        let changed = edit_record(self.row.record(), &edits, &mut out)?;
        Ok(changed.then_some(out))
    }

    fn appended(&self, record: &R, added: &[String]) -> Result<Vec<u8>, String> {
        let mut cells = new_cells(&self.layout, record);
        cells.extend(added.iter().map(|name| cell_text(record, name)));
        let mut out = Vec::new();
        write_row(&mut out, &cells, self.rows.dialect().line_end);
        Ok(out)
    }

    fn line_end(&self) -> &'static [u8] {
        self.rows.dialect().line_end.as_bytes()
    }
}

fn cell_text<R: Record>(record: &R, name: &str) -> String {
    record.cell_named(name).unwrap_or_default().to_owned()
}

impl<R: Record> NewFile<R> for CsvTable<R> {
    fn start(&self, extra: &[String]) -> Vec<u8> {
        let own = R::COLUMNS.iter().map(|column| column.name);
        let names: Vec<&str> = own.chain(extra.iter().map(String::as_str)).collect();
        let mut bytes = Vec::new();
        write_row(&mut bytes, &names, LineEnd::Lf);
        bytes
    }

    fn row(&self, _: &str, record: &R, extra: &[String], _: bool) -> Result<Vec<u8>, String> {
        let mut cells: Vec<String> = (0..R::COLUMNS.len()).map(|column| record.cell(column).to_owned()).collect();
        cells.extend(extra.iter().map(|name| cell_text(record, name)));
        let mut bytes = Vec::new();
        write_row(&mut bytes, &cells, LineEnd::Lf);
        Ok(bytes)
    }
}
