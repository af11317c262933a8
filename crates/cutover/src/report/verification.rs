//! Results of a verification.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Comparison of sources and database.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Verification {
    /// Each check, by name: how much it looked at and how often it found a difference.
    pub checks: BTreeMap<String, CheckReport>,
    /// Differences found, all counted.
    pub differences_total: u64,
    /// The first of them.
    pub differences: Vec<Difference>,
    /// With edits allowed: rows that differ from the source or are missing, all counted.
    pub edited_total: u64,
    /// The first of them.
    pub edited: Vec<Difference>,
    /// Rows that come from no document: made in Landfast, or gone from the source.
    pub own_rows: u64,
    /// What could not be checked, and why.
    pub not_checked: Vec<String>,
}

/// One check.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckReport {
    /// Records, pieces or files looked at.
    pub checked: u64,
    /// Differences found.
    pub differences: u64,
}

/// A difference between source and database.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Check that found it, one of [`Verification::CHECKS`].
    pub check: String,
    /// Path of the document.
    pub path: String,
    /// Physical line in the document, from 1; 0 when it concerns no line.
    pub line: u64,
    /// Key of the row, empty when there is none.
    pub key: String,
    /// Column, empty when it concerns the whole row.
    pub column: String,
    /// Text in the source.
    pub source: Option<String>,
    /// Text in the database.
    pub database: Option<String>,
    /// What differs, in words.
    pub message: String,
}

impl Verification {
    /// Names of all checks.
    pub const CHECKS: [&'static str; 8] =
        ["count", "rows", "files", "document", "quarantine", "pieces", "source", "backup"];

    pub(crate) fn checked(&mut self, check: &str, number: u64) {
        self.checks.entry(check.to_owned()).or_default().checked += number;
    }

    /// Notes a difference; the first `most` are listed.
    pub(crate) fn differs(&mut self, difference: Difference, most: usize) {
        self.checks.entry(difference.check.clone()).or_default().differences += 1;
        self.differences_total += 1;
        if self.differences.len() < most {
            self.differences.push(difference);
        }
    }

    /// Notes an edit; the first `most` are listed.
    pub(crate) fn is_edited(&mut self, difference: Difference, most: usize) {
        self.edited_total += 1;
        if self.edited.len() < most {
            self.edited.push(difference);
        }
    }
}
