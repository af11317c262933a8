//! Comparing one document.

use super::Target;
use crate::bytes::{to_i64, to_u64};
use crate::chunks::{Shared, chunk_error, kept_hash};
use crate::document::{Bytes, DocumentReader, Format, Item, for_each};
use crate::error::{Error, Result};
use crate::import::Limits;
use crate::load::code as merge_code;
use crate::progress::Progress;
use crate::report::{Counts, Difference, QuarantineReport, Verification};
use crate::rows::DocumentRows;
use landfast_domain::Repositories;
use landfast_domain::accounts::UserId;
use landfast_domain::imports::{Document, Outcome, QuarantineEntry};
use landfast_domain::record::{DocumentId, Placed, Record};
use landfast_legacy::table::code;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};

/// What [`check_document`] needs.
pub(crate) struct DocumentCheck<'a> {
    pub(crate) user: &'a UserId,
    pub(crate) target: &'a Target,
    pub(crate) limits: &'a Limits,
    pub(crate) verification: &'a mut Verification,
    pub(crate) checked: &'a mut Checked,
    pub(crate) progress: &'a dyn Progress,
    pub(crate) interrupt: &'a AtomicBool,
}

/// What a comparison met.
#[derive(Debug, Default)]
pub(crate) struct Checked {
    pub(crate) counts: Counts,
    /// Rows of the document that stand at their places.
    pub(crate) rows: u64,
    pub(crate) dialect: String,
    pub(crate) quarantine: Vec<QuarantineReport>,
    /// The document was read to its end.
    pub(crate) is_complete: bool,
}

/// Compares the kept pieces with the document's SHA-256, every record with its row or quarantine entry, and
/// the sums with an independent count.
pub(crate) fn check_document<F: Format>(
    format: &F,
    repositories: &mut dyn Repositories,
    check: DocumentCheck<'_>,
) -> Result<()> {
    let shared: Shared<'_> = RefCell::new(repositories);
    let document = &check.target.document;
    let mut rows = RowCheck {
        rows: DocumentRows::new(check.user, document),
        entries: Entries::default(),
        damaged: Vec::new(),
        missing: 0,
        check,
    };
    if !rows.check.pieces(&shared)? {
        return Ok(());
    }
    for_each(format, &document.path, rows.check.open(&shared)?, |reader, item| rows.item(&shared, reader, &item))
        .map_err(chunk_error)?;
    rows.rest(&shared)?;
    rows.count(format, &shared)
}

struct RowCheck<'a, R> {
    check: DocumentCheck<'a>,
    rows: DocumentRows<R>,
    entries: Entries,
    /// Bytes of records whose limits are a guess, which the independent count must not see.
    damaged: Vec<(u64, u64)>,
    /// Records whose row is missing, which was reported.
    missing: u64,
}

impl<R: Record> RowCheck<'_, R> {
    fn item(&mut self, shared: &Shared<'_>, reader: &dyn DocumentReader<R>, item: &Item<R>) -> Result<()> {
        if self.check.interrupt.load(Ordering::SeqCst) {
            return Err(Error::Interrupted);
        }
        let ordinal = item.place.ordinal;
        self.check.checked.counts.records += to_u64(item.place.parts);
        self.check.checked.counts.joined += to_u64(item.place.parts - 1);
        let document = self.check.target.document.id;
        let entry = self.entries.take(&mut **shared.borrow_mut(), document, ordinal)?;
        self.check.stray_entries(&mut self.entries);
        let row = self.rows.at(&mut **shared.borrow_mut(), ordinal)?;
        self.check.checked.rows += u64::from(row.is_some());
        match (&item.outcome, entry) {
            (Err(aside), entry) => {
                if matches!(
                    aside.reject.code,
                    code::UNTERMINATED_QUOTE | code::TOO_LONG | code::TOO_MANY_CELLS | code::BLANK_RUN
                ) {
                    self.damaged.push((item.place.start, item.place.end));
                }
                self.rejected(item, &aside.raw, entry, row.as_ref());
            }
            (Ok(decoded), Some(entry)) => {
                let known = [merge_code::CHANGED_ON_BOTH_SIDES, merge_code::DELETED_IN_DATABASE];
                if known.contains(&entry.code.as_str()) {
                    self.check.count_entry(&entry);
                } else {
                    let key = decoded.record.key().to_string();
                    let message = format!("the record is in quarantine as `{}`, but can be loaded", entry.code);
                    self.check.differs(Difference {
                        check: "quarantine".to_owned(),
                        line: item.place.line,
                        key,
                        message,
                        ..Difference::default()
                    });
                }
            }
            (Ok(decoded), None) => self.loaded(reader, item, &decoded.record, row.as_ref()),
        }
        self.check.checked.dialect = reader.dialect();
        self.check.progress.advance(item.place.end - item.place.start, 1);
        Ok(())
    }

    fn loaded(&mut self, reader: &dyn DocumentReader<R>, item: &Item<R>, source: &R, row: Option<&Placed<R>>) {
        self.check.verification.checked("rows", 1);
        let line = item.place.line;
        let Some(row) = row else {
            self.missing += 1;
            let key = source.key().to_string();
            return self.check.edited(Difference {
                line,
                key,
                message: "the record has no row".to_owned(),
                ..rows_difference()
            });
        };
        self.check.checked.counts.loaded += 1;
        self.check.checked.counts.unchanged += 1;
        for cell in reader.differences(&row.record) {
            self.check.edited(Difference {
                line,
                key: row.record.key().to_string(),
                column: cell.column,
                source: Some(cell.source),
                database: Some(cell.database),
                message: "the cell differs".to_owned(),
                ..rows_difference()
            });
        }
        let lost = source.extra().iter().filter(|(name, _)| row.record.cell_named(name).is_none());
        for (name, text) in lost {
            self.check.edited(Difference {
                line,
                key: row.record.key().to_string(),
                column: name.clone(),
                source: Some(text.clone()),
                message: "the column is missing".to_owned(),
                ..rows_difference()
            });
        }
    }

    fn rejected(&mut self, item: &Item<R>, raw: &[u8], entry: Option<QuarantineEntry>, row: Option<&Placed<R>>) {
        let difference = |message: &str| Difference {
            check: "quarantine".to_owned(),
            line: item.place.line,
            message: message.to_owned(),
            ..Difference::default()
        };
        match entry {
            Some(entry) if entry.raw == raw && entry.outcome == Outcome::Quarantined => self.check.count_entry(&entry),
            Some(_) => self.check.differs(difference("the quarantine entry does not hold the bytes of the record")),
            None if row.is_some() => {
                self.check.checked.counts.loaded += 1;
                self.check.edited(difference("the record cannot be loaded, but has a row: it was mended"));
            }
            None => self.check.differs(difference("the record cannot be loaded and has no quarantine entry")),
        }
    }

    fn rest(&mut self, shared: &Shared<'_>) -> Result<()> {
        let document = self.check.target.document.id;
        self.entries.take(&mut **shared.borrow_mut(), document, i64::MAX)?;
        self.check.stray_entries(&mut self.entries);
        self.check.checked.is_complete = true;
        Ok(())
    }

    /// Counts the records without the reader, and compares with what the database accounts for.
    fn count<F: Format>(&mut self, format: &F, shared: &Shared<'_>) -> Result<()> {
        let path = self.check.document().path.clone();
        let source = Without { source: self.check.open(shared)?, cuts: self.damaged.clone().into(), offset: 0 };
        let counted = format.count(Box::new(source)).map_err(Error::read(&path)).map_err(chunk_error)?
            + to_u64(self.damaged.len());
        let counts = self.check.checked.counts;
        let accounted = counts.loaded + counts.duplicate + counts.quarantined + counts.joined + self.missing;
        self.check.verification.checked("count", counted);
        if counted != accounted || to_i64(counted) != self.check.document().records_done {
            let message = format!(
                "{counted} records counted; {} loaded, {} duplicate, {} in quarantine, {} parts of others, {} without a row; {} on record",
                counts.loaded,
                counts.duplicate,
                counts.quarantined,
                counts.joined,
                self.missing,
                self.check.document().records_done
            );
            self.check.differs(Difference { check: "count".to_owned(), message, ..Difference::default() });
        }
        Ok(())
    }
}

/// What is wrong with the kept bytes of a document; `None` when they are what was imported.
pub(crate) fn damaged_pieces(shared: &Shared<'_>, document: &Document) -> Result<Option<String>> {
    match kept_hash(shared, document) {
        Ok((sha256, size)) if sha256 == document.sha256 && size == to_u64(document.size_bytes) => Ok(None),
        Ok((sha256, size)) => Ok(Some(format!(
            "the kept bytes have SHA-256 {sha256} and {size} bytes instead of {} and {}",
            document.sha256, document.size_bytes
        ))),
        Err(error @ Error::Chunk { .. }) => Ok(Some(error.to_string())),
        Err(error) => Err(error),
    }
}

fn rows_difference() -> Difference {
    Difference { check: "rows".to_owned(), ..Difference::default() }
}

/// Quarantine entries of a document, read a page at a time.
#[derive(Default)]
pub(crate) struct Entries {
    after: Option<i64>,
    page: VecDeque<QuarantineEntry>,
    at_end: bool,
    /// Entries that were passed over.
    passed: Vec<QuarantineEntry>,
}

impl Entries {
    const PAGE: usize = 100;

    /// Entries that were passed over since the last call; they belong to no record.
    pub(crate) fn take_passed(&mut self) -> Vec<QuarantineEntry> {
        std::mem::take(&mut self.passed)
    }

    /// The entry with this number, if there is one. Numbers must ascend.
    pub(crate) fn take(
        &mut self,
        repositories: &mut dyn Repositories,
        document: DocumentId,
        ordinal: i64,
    ) -> Result<Option<QuarantineEntry>> {
        loop {
            if self.page.is_empty() && !self.at_end {
                self.page = repositories.imports()?.list_quarantine(document, self.after, Self::PAGE)?.into();
                self.at_end = self.page.len() < Self::PAGE;
                self.after = self.page.back().map(|entry| entry.ordinal).or(self.after);
            }
            match self.page.front() {
                Some(entry) if entry.ordinal <= ordinal => {}
                _ => return Ok(None),
            }
            let entry = self.page.pop_front();
            if entry.as_ref().is_some_and(|entry| entry.ordinal == ordinal) {
                return Ok(entry);
            }
            self.passed.extend(entry);
        }
    }
}

/// Bytes without some ranges.
struct Without<'a> {
    source: Bytes<'a>,
    /// Ranges to be left out, in order.
    cuts: VecDeque<(u64, u64)>,
    offset: u64,
}

impl Read for Without<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while let Some((start, end)) = self.cuts.front().copied() {
            if self.offset < start {
                let room = usize::try_from(start - self.offset).unwrap_or(usize::MAX).min(buffer.len());
                let count = self.source.read(buffer.get_mut(..room).unwrap_or_default())?;
                self.offset += to_u64(count);
                return Ok(count);
            }
            let skipped = std::io::copy(&mut (&mut self.source).take(end - self.offset), &mut std::io::sink())?;
            self.offset += skipped;
            self.cuts.pop_front();
        }
        self.source.read(buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cut_ranges_are_left_out() {
        let bytes = b"0123456789";
        let mut without =
            Without { source: Box::new(&bytes[..]), cuts: [(0, 2), (4, 5), (5, 6), (9, 10)].into(), offset: 0 };
        let mut rest = String::new();
        without.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "23678");
    }
}
