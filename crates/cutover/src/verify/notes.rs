//! What every comparison of a document opens, counts and notes, whatever its format.

use super::{DocumentCheck, Entries, damaged_pieces};
use crate::bytes::to_u64;
use crate::chunks::{KeptBytes, Shared};
use crate::document::Bytes;
use crate::error::{Error, Result};
use crate::report::{Difference, QuarantineReport};
use landfast_domain::imports::{Document, Outcome, QuarantineEntry};
use std::fs::File;

impl<'a> DocumentCheck<'a> {
    /// The document that is compared.
    pub(crate) fn document(&self) -> &'a Document {
        let target = self.target;
        &target.document
    }

    /// The bytes to compare with: the file, else the kept ones.
    pub(crate) fn open<'s>(&self, shared: &'s Shared<'_>) -> Result<Bytes<'s>> {
        match &self.target.file {
            Some(path) => Ok(Box::new(File::open(path).map_err(Error::io("read", path))?)),
            None => Ok(Box::new(KeptBytes::new(shared, self.document()))),
        }
    }

    /// Compares the kept pieces with the document's SHA-256; `false` when nothing is left to compare rows with.
    pub(crate) fn pieces(&mut self, shared: &Shared<'_>) -> Result<bool> {
        let document = self.document();
        self.verification.checked("pieces", to_u64(document.chunks_done));
        let Some(message) = damaged_pieces(shared, document)? else { return Ok(true) };
        self.differs(Difference { check: "pieces".to_owned(), message, ..Difference::default() });
        if self.target.file.is_some() {
            return Ok(true);
        }
        let message = format!("rows of {}: the kept bytes are damaged and no file was given", document.path);
        self.verification.not_checked.push(message);
        Ok(false)
    }

    /// Counts a record that is set aside, and lists the first of them.
    pub(crate) fn count_entry(&mut self, entry: &QuarantineEntry) {
        self.verification.checked("quarantine", 1);
        match entry.outcome {
            Outcome::Duplicate => self.checked.counts.duplicate += 1,
            Outcome::Quarantined | Outcome::Loaded => self.checked.counts.quarantined += 1,
        }
        if self.checked.quarantine.len() < self.limits.listed_per_code {
            let document = self.document();
            self.checked.quarantine.push(QuarantineReport::of_entry(entry, &document.source, &document.path));
        }
    }

    /// Notes entries that were passed over.
    pub(crate) fn stray_entries(&mut self, entries: &mut Entries) {
        for entry in entries.take_passed() {
            let message = format!("a quarantine entry of code `{}` belongs to no record", entry.code);
            let line = to_u64(entry.line);
            self.differs(Difference { check: "quarantine".to_owned(), line, message, ..Difference::default() });
        }
    }

    /// Notes a difference.
    pub(crate) fn differs(&mut self, difference: Difference) {
        let difference = Difference { path: self.document().path.clone(), ..difference };
        self.verification.differs(difference, self.limits.listed_differences);
    }

    /// A difference, unless edits are allowed.
    pub(crate) fn edited(&mut self, difference: Difference) {
        if self.target.allow_edits {
            let difference = Difference { path: self.document().path.clone(), ..difference };
            self.verification.is_edited(difference, self.limits.listed_differences);
        } else {
            self.differs(difference);
        }
    }
}
