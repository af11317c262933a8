//! Comparing a document with the rows made of it.

use super::{Aside, Comparison, KeyedDocument, KeyedItem, Scope};
use crate::bytes::{to_i64, to_u64};
use crate::chunks::{Shared, chunk_error};
use crate::document::CellDifference;
use crate::error::{Error, Result};
use crate::report::Difference;
use crate::verify::{DocumentCheck, Entries};
use landfast_domain::Repositories;
use landfast_domain::imports::QuarantineEntry;
use landfast_domain::json::{Json, parse_lossy};
use std::cell::RefCell;
use std::sync::atomic::Ordering;

/// Compares the kept pieces with the document's SHA-256, every record with its row or quarantine entry, and
/// the sums with an independent count.
pub(super) fn check(
    kind: &dyn KeyedDocument,
    repositories: &mut dyn Repositories,
    check: DocumentCheck<'_>,
) -> Result<()> {
    let shared: Shared<'_> = RefCell::new(repositories);
    let target = check.target;
    let scope = Scope::of_target(target, check.user, &shared);
    let mut rows = Check {
        kind,
        scope: &scope,
        entries: Entries::default(),
        waiting: Vec::new(),
        missing: 0,
        is_aside: false,
        check,
    };
    if !rows.check.pieces(&shared)? {
        return Ok(());
    }
    let reading =
        kind.read(&scope, rows.check.open(&shared)?, &mut |item| rows.take(&shared, item)).map_err(chunk_error)?;
    rows.flush(&shared)?;
    rows.check.checked.dialect = reading.dialect;
    rows.entries.take(&mut **shared.borrow_mut(), target.document.id, i64::MAX)?;
    rows.check.stray_entries(&mut rows.entries);
    rows.count(&shared)
}

/// Records compared together.
const PAGE: usize = 500;

struct Check<'a> {
    kind: &'a dyn KeyedDocument,
    scope: &'a Scope<'a>,
    check: DocumentCheck<'a>,
    entries: Entries,
    waiting: Vec<KeyedItem>,
    /// Records whose row is missing, which was reported.
    missing: u64,
    /// The document is one record that was set aside.
    is_aside: bool,
}

impl Check<'_> {
    fn take(&mut self, shared: &Shared<'_>, item: KeyedItem) -> Result<()> {
        if self.check.interrupt.load(Ordering::SeqCst) {
            return Err(Error::Interrupted);
        }
        self.check.progress.advance(item.place.end.saturating_sub(item.place.start), 1);
        let size = to_u64(self.check.document().size_bytes);
        self.is_aside = item.outcome.is_err() && item.place.start == 0 && item.place.end == size;
        self.waiting.push(item);
        if self.waiting.len() >= PAGE { self.flush(shared) } else { Ok(()) }
    }

    fn flush(&mut self, shared: &Shared<'_>) -> Result<()> {
        let items = std::mem::take(&mut self.waiting);
        let keys: Vec<&str> = items.iter().filter(|item| item.outcome.is_ok()).map(|item| item.key.as_str()).collect();
        let mut rows = self.kind.stored(&mut **shared.borrow_mut(), self.scope, &keys)?.into_iter();
        for item in &items {
            let ordinal = item.place.ordinal;
            self.check.checked.counts.records += to_u64(item.place.parts);
            self.check.checked.counts.joined += to_u64(item.place.parts - 1);
            let entry = self.entries.take(&mut **shared.borrow_mut(), self.check.target.document.id, ordinal)?;
            self.check.stray_entries(&mut self.entries);
            match &item.outcome {
                Ok(text) => {
                    let row = rows.next().flatten();
                    let is_row = row.is_some() && entry.is_none();
                    self.read(item, text, row.as_deref(), entry);
                    if is_row {
                        let compared = self.kind.beside(&mut **shared.borrow_mut(), self.scope)?;
                        self.beside(item, compared);
                    }
                }
                Err(aside) => self.rejected(item, aside, entry),
            }
        }
        Ok(())
    }

    fn read(&mut self, item: &KeyedItem, text: &str, row: Option<&str>, entry: Option<QuarantineEntry>) {
        let (line, key) = (item.place.line, item.key.clone());
        if let Some(entry) = entry {
            if self.kind.is_set_aside(&entry.code) {
                return self.check.count_entry(&entry);
            }
            let message = format!("the record is in quarantine as `{}`, but can be loaded", entry.code);
            return self.check.differs(Difference {
                check: "quarantine".to_owned(),
                line,
                key,
                message,
                ..Difference::default()
            });
        }
        self.check.verification.checked("rows", 1);
        let difference = |message: &str| Difference {
            check: "rows".to_owned(),
            line,
            key: key.clone(),
            message: message.to_owned(),
            ..Difference::default()
        };
        let Some(row) = row else {
            self.missing += 1;
            return self.check.edited(difference("the record has no row"));
        };
        self.check.checked.counts.loaded += 1;
        self.check.checked.counts.unchanged += 1;
        if row != text {
            for cell in self.kind.differences(text, row) {
                self.check.edited(Difference {
                    column: cell.column,
                    source: Some(cell.source),
                    database: Some(cell.database),
                    ..difference("the value differs")
                });
            }
        }
    }

    fn beside(&mut self, item: &KeyedItem, compared: Comparison) {
        for (check, number) in compared.checked {
            self.check.verification.checked(check, number);
        }
        for (check, cell, message) in compared.differences {
            self.check.edited(Difference {
                check: check.to_owned(),
                line: item.place.line,
                key: item.key.clone(),
                column: cell.column,
                source: Some(cell.source),
                database: Some(cell.database),
                message,
                ..Difference::default()
            });
        }
        if let Some(reason) =
            compared.not_checked.filter(|reason| !self.check.verification.not_checked.contains(reason))
        {
            self.check.verification.not_checked.push(reason);
        }
    }

    fn rejected(&mut self, item: &KeyedItem, aside: &Aside, entry: Option<QuarantineEntry>) {
        let message = match entry {
            Some(entry) if entry.raw == aside.raw && entry.outcome == aside.outcome => {
                return self.check.count_entry(&entry);
            }
            Some(_) => "the quarantine entry does not hold the bytes of the record",
            None => "the record cannot be loaded and has no quarantine entry",
        };
        self.check.differs(Difference {
            check: "quarantine".to_owned(),
            line: item.place.line,
            message: message.to_owned(),
            ..Difference::default()
        });
    }

    /// Counts the records without the reader, and compares with what the database accounts for.
    fn count(&mut self, shared: &Shared<'_>) -> Result<()> {
        let counted = if self.is_aside { 1 } else { self.kind.count(self.check.open(shared)?).map_err(chunk_error)? };
        let counts = self.check.checked.counts;
        let accounted = counts.loaded + counts.duplicate + counts.quarantined + counts.joined + self.missing;
        self.check.verification.checked("count", counted);
        if counted != accounted || to_i64(counted) != self.check.document().records_done {
            let message = format!(
                "{counted} records counted; {} loaded, {} duplicate, {} in quarantine, {} without a row; {} on record",
                counts.loaded,
                counts.duplicate,
                counts.quarantined,
                self.missing,
                self.check.document().records_done
            );
            self.check.differs(Difference { check: "count".to_owned(), message, ..Difference::default() });
        }
        Ok(())
    }
}

/// Where two JSON texts differ, each place as a JSON pointer. Texts of the same value that are written in
/// different ways, or that are not JSON, differ as a whole.
pub(super) fn json_differences(source: &str, stored: &str) -> Vec<CellDifference> {
    let mut found = Vec::new();
    if let (Ok((source, _)), Ok((stored, _))) = (parse_lossy(source), parse_lossy(stored)) {
        compare("", &source, &stored, &mut found);
    }
    if found.is_empty() && source != stored {
        found.push(CellDifference { column: String::new(), source: source.to_owned(), database: stored.to_owned() });
    }
    found
}

fn compare(pointer: &str, source: &Json, stored: &Json, found: &mut Vec<CellDifference>) {
    let differs = |column: &str, source: Option<&Json>, stored: Option<&Json>| {
        let text = |value: Option<&Json>| value.map_or_else(String::new, landfast_domain::json::Json::dump);
        CellDifference { column: column.to_owned(), source: text(source), database: text(stored) }
    };
    match (source, stored) {
        (Json::Object(a), Json::Object(b)) => {
            for (name, value) in a.iter() {
                let place = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
                match b.get(name) {
                    Some(other) => compare(&place, value, other, found),
                    None => found.push(differs(&place, Some(value), None)),
                }
            }
            for (name, value) in b.iter().filter(|(name, _)| a.get(name).is_none()) {
                let place = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
                found.push(differs(&place, None, Some(value)));
            }
        }
        (Json::Array(a), Json::Array(b)) if a.len() == b.len() => {
            for (at, (value, other)) in a.iter().zip(b).enumerate() {
                compare(&format!("{pointer}/{at}"), value, other, found);
            }
        }
        (a, b) if a == b => {}
        (a, b) => found.push(differs(pointer, Some(a), Some(b))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(source: &str, stored: &str) -> Vec<String> {
        json_differences(source, stored).into_iter().map(|cell| cell.column).collect()
    }

    #[test]
    fn the_places_that_differ_are_named() {
        assert_eq!(columns(r#"{"a":1,"b":{"c/d":[1,2]}}"#, r#"{"a":1,"b":{"c/d":[1,3]}}"#), ["/b/c~1d/1"]);
        assert_eq!(columns(r#"{"a":1}"#, r#"{"b":1}"#), ["/a", "/b"]);
        assert_eq!(columns(r#"{"a":1}"#, r#"{"a": 1}"#), [""]);
        assert_eq!(columns("{", "["), [""]);
        assert!(columns("[1]", "[1]").is_empty());
    }
}
