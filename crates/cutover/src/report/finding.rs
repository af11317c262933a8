//! Findings and quarantine entries in reports.

use landfast_domain::imports::{Outcome, QuarantineEntry};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Something odd about a record that was loaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingReport {
    /// Stable code.
    pub code: String,
    /// Folder.
    pub source: String,
    /// Path below the folder.
    pub path: String,
    /// Physical line, from 1; 0 when it concerns no line.
    pub line: u64,
    /// Byte offset of the record.
    pub offset: u64,
    /// Column, empty when it concerns the whole record.
    pub column: String,
    /// What was found, in words.
    pub message: String,
}

/// A record that is not loaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantineReport {
    /// `quarantined` or `duplicate`.
    pub outcome: String,
    /// Stable code of the reason.
    pub code: String,
    /// Folder.
    pub source: String,
    /// Path below the folder.
    pub path: String,
    /// Physical line, from 1.
    pub line: u64,
    /// Byte offset of the record.
    pub offset: u64,
    /// Column, empty when it concerns the whole record.
    pub column: String,
    /// The reason, in words.
    pub message: String,
}

impl QuarantineReport {
    pub(crate) fn new(outcome: Outcome, spot: Spot, code: &str, column: &str, message: &str) -> Self {
        Self {
            outcome: outcome.as_str().to_owned(),
            code: code.to_owned(),
            source: String::new(),
            path: String::new(),
            line: spot.line,
            offset: spot.offset,
            column: column.to_owned(),
            message: message.to_owned(),
        }
    }

    /// The entry of a document of this folder and path.
    pub(crate) fn of_entry(entry: &QuarantineEntry, source: &str, path: &str) -> Self {
        let spot = Spot { line: crate::bytes::to_u64(entry.line), offset: crate::bytes::to_u64(entry.offset) };
        let new = Self::new(entry.outcome, spot, &entry.code, &entry.column, &entry.message);
        Self { source: source.to_owned(), path: path.to_owned(), ..new }
    }
}

/// A place in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) line: u64,
    pub(crate) offset: u64,
}

impl Spot {
    /// No place in particular.
    pub(crate) const NONE: Self = Self { line: 0, offset: 0 };
}

/// Findings of one document: all are counted, the first of each code are kept.
#[derive(Debug, Default)]
pub(crate) struct FindingLog {
    source: String,
    path: String,
    most: usize,
    pub(crate) totals: BTreeMap<String, u64>,
    pub(crate) findings: Vec<FindingReport>,
    pub(crate) quarantine: Vec<QuarantineReport>,
    set_aside: BTreeMap<String, usize>,
}

impl FindingLog {
    pub(crate) fn new(source: &str, path: &str, most: usize) -> Self {
        Self { source: source.to_owned(), path: path.to_owned(), most, ..Self::default() }
    }

    pub(crate) fn add(&mut self, code: &str, spot: Spot, column: &str, message: &str) {
        let path = std::mem::take(&mut self.path);
        self.add_at(&path, code, spot, column, message);
        self.path = path;
    }

    /// Adds a finding about another file of the folder.
    pub(crate) fn add_at(&mut self, path: &str, code: &str, spot: Spot, column: &str, message: &str) {
        let most = u64::try_from(self.most).unwrap_or(u64::MAX);
        let total = match self.totals.get_mut(code) {
            Some(total) => total,
            None => self.totals.entry(code.to_owned()).or_default(),
        };
        *total += 1;
        if *total <= most {
            self.findings.push(FindingReport {
                code: code.to_owned(),
                source: self.source.clone(),
                path: path.to_owned(),
                line: spot.line,
                offset: spot.offset,
                column: column.to_owned(),
                message: message.to_owned(),
            });
        }
    }

    pub(crate) fn set_aside(&mut self, mut entry: QuarantineReport) {
        let listed = self.set_aside.entry(entry.code.clone()).or_default();
        *listed += 1;
        if *listed <= self.most {
            entry.source.clone_from(&self.source);
            entry.path.clone_from(&self.path);
            self.quarantine.push(entry);
        }
    }
}
