//! Which column of a file holds which column of a record.

use super::code;
use super::decode::Finding;
use crate::csv::{Header, Problem};
use landfast_domain::record::Record;
use std::collections::HashMap;

/// What one column of a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slot {
    /// The record's own column of this number.
    Known(usize),
    /// A column the record type does not know, with the name it has in
    /// [`Record::extra`](landfast_domain::record::Record::extra).
    Extra(String),
}

/// The columns of a file, read for one type of record. See [`TableLayout::new`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableLayout {
    slots: Vec<Slot>,
    /// For each column of the record, the column of the file.
    places: Vec<Option<usize>>,
    /// Columns of the record with a text other than empty where the file lacks them.
    defaults: Vec<usize>,
    extras: usize,
    names: Vec<String>,
    findings: Vec<Finding>,
}

impl TableLayout {
    /// Reads a header for records of type `R`.
    ///
    /// Names are compared exactly. A name that occurs again is an unknown column called `name.1`,
    /// `name.2`, …, and a column without a name is `Unnamed: n` (`n` from 0), as in pandas.
    #[must_use]
    pub fn new<R: Record>(header: &Header) -> Self {
        let mut layout = Self { places: vec![None; R::COLUMNS.len()], ..Self::default() };
        for problem in header.record().problems() {
            if let Problem::InvalidUtf8 { cell, offset } = problem {
                layout.find(
                    code::HEADER_NOT_UTF8,
                    "",
                    format!("the name of column {} is not UTF-8 at byte {offset}", cell + 1),
                );
            }
        }
        for (column, unique) in unique_names(header.names()).into_iter().enumerate() {
            let written = header.names().get(column).map_or("", String::as_str);
            if written.is_empty() {
                layout.find(code::UNNAMED_COLUMN, &unique, format!("column {} has no name", column + 1));
            } else if written != unique {
                layout.find(
                    code::DUPLICATE_COLUMN,
                    &unique,
                    format!("column {} has the name `{written}` again", column + 1),
                );
            }
            let known = R::column_index(&unique);
            if let Some(place) = known.and_then(|index| layout.places.get_mut(index)) {
                *place = Some(column);
            }
            layout.extras += usize::from(known.is_none());
            layout.names.push(unique.clone());
            layout.slots.push(known.map_or(Slot::Extra(unique), Slot::Known));
        }
        layout.defaults = (0..R::COLUMNS.len())
            .filter(|index| R::COLUMNS.get(*index).is_some_and(|column| !column.when_absent.is_empty()))
            .filter(|index| layout.place(*index).is_none())
            .collect();
        layout
    }

    /// What each column of the file holds, in file order.
    #[must_use]
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// Name of a column of the file, made unique; empty beyond the last column.
    #[must_use]
    pub fn name(&self, column: usize) -> &str {
        self.names.get(column).map_or("", String::as_str)
    }

    /// Column of the file that holds a column of the record.
    #[must_use]
    pub fn place(&self, known: usize) -> Option<usize> {
        self.places.get(known).copied().flatten()
    }

    /// How many columns the record type does not know.
    #[must_use]
    pub fn extra_count(&self) -> usize {
        self.extras
    }

    /// Columns of the record which the file lacks and which then do not read as empty.
    #[must_use]
    pub fn defaults(&self) -> &[usize] {
        &self.defaults
    }

    /// What is odd about the header; it concerns the whole file, not one record.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    fn find(&mut self, code: &'static str, column: &str, message: String) {
        self.findings.push(Finding { code, column: column.to_owned(), message });
    }
}

/// Column names as pandas makes them unique.
fn unique_names(names: &[String]) -> Vec<String> {
    let mut unique: Vec<String> = Vec::with_capacity(names.len());
    let mut seen: HashMap<String, u64> = HashMap::new();
    for (column, name) in names.iter().enumerate() {
        let base = if name.is_empty() { format!("Unnamed: {column}") } else { name.clone() };
        let mut candidate = base.clone();
        // A made-up name must not take one that stands in the file further on.
        let mut number = seen.get(&base).copied().unwrap_or(0);
        while seen.contains_key(&candidate) || (number > 0 && names.contains(&candidate)) {
            number += 1;
            candidate = format!("{base}.{number}");
        }
        seen.insert(base, number);
        seen.entry(candidate.clone()).or_insert(0);
        unique.push(candidate);
    }
    unique
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::csv::CsvReader;
    use landfast_domain::tasks::{Emotion, Task};

    fn layout<R: Record>(header: &str) -> TableLayout {
        TableLayout::new::<R>(CsvReader::new(header.as_bytes()).unwrap().header())
    }

    #[test]
    fn columns_are_found_by_name_in_any_order() {
        let layout = layout::<Emotion>("mood,user_id,emotion\n");
        assert_eq!(layout.slots(), [Slot::Extra("mood".into()), Slot::Known(1), Slot::Known(0)]);
        assert_eq!((layout.place(0), layout.place(1), layout.place(2)), (Some(2), Some(1), None));
        assert!(layout.findings().is_empty());
        assert_eq!(layout.extra_count(), 1);
    }

    #[test]
    fn repeated_and_empty_names_are_made_unique_and_told() {
        let layout = layout::<Emotion>("emotion,emotion,,emotion.1,emotion, emotion\n");
        let names: Vec<_> = layout
            .slots()
            .iter()
            .map(|slot| match slot {
                Slot::Known(_) => "known",
                Slot::Extra(name) => name,
            })
            .collect();
        assert_eq!(names, ["known", "emotion.2", "Unnamed: 2", "emotion.1", "emotion.3", " emotion"]);
        let codes: Vec<_> = layout.findings().iter().map(|finding| finding.code).collect();
        assert_eq!(codes, ["duplicate-column", "unnamed-column", "duplicate-column"]);
    }

    #[test]
    fn a_header_that_is_not_utf8_is_told() {
        let layout = TableLayout::new::<Emotion>(CsvReader::new(&b"emotion,\xff\n"[..]).unwrap().header());
        assert_eq!(layout.findings()[0].code, "header-not-utf8");
    }

    #[test]
    fn columns_that_do_not_read_as_empty_when_absent_are_listed() {
        let layout = layout::<Task>("task_id,version,routine_frequency,routine_days_of_week,routine_time\n");
        assert_eq!(layout.defaults(), [Task::column_index("task_type").unwrap()]);
    }
}
