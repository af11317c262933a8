//! Mending values that the legacy program wrote wrongly, on request only.

use crate::chunks::{KeptBytes, Shared, chunk_error};
use crate::document::{Format, for_each};
use crate::error::Result;
use crate::lease::Lock;
use crate::transact::{read, write};
use landfast_domain::Store;
use landfast_domain::accounts::UserId;
use landfast_domain::imports::Document;
use landfast_domain::record::{Record, RecordKey};
use landfast_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::collections::HashMap;

/// A way to mend values. Rows edited since the import are left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Repair {
    /// Before 19 December 2025 the legacy program kept the *expected* relief, emotional load, mental energy
    /// and difficulty in the columns meant for the actual ones. Attempts completed before that day whose
    /// column holds the expected value get the actual one of their payload.
    ReliefFromActual,
    /// Until 1 December 2025 values went from 0 to 10, then from 0 to 100. Attempts begun before `before`
    /// all of whose values lie from 0 to 10 are multiplied by ten, columns and payloads.
    Scale {
        /// First moment of the new scale, server-local time.
        before: Timestamp,
    },
}

/// One mended cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepairReport {
    /// Kind of record.
    pub entity: String,
    /// Key of the row.
    pub key: String,
    /// Column.
    pub column: String,
    /// Text before.
    pub before: String,
    /// Text after.
    pub after: String,
}

/// What [`repair_document`] needs.
pub(crate) struct DocumentRepair<'a> {
    pub(crate) user: &'a UserId,
    pub(crate) document: &'a Document,
    pub(crate) repairs: &'a [Repair],
    pub(crate) lock: &'a Lock<'a>,
}

/// Rows mended in one transaction.
const STEP: usize = 500;

/// Mends the rows made from a document. A row is mended only while it holds what was loaded, so that
/// doing it again changes nothing.
pub(crate) fn repair_document<F: Format>(
    format: &F,
    store: &dyn Store,
    repair: DocumentRepair<'_>,
) -> Result<Vec<RepairReport>> {
    // Source records that call for a repair, by number, with what they should be.
    let mended = read(store, |repositories| {
        let shared: Shared<'_> = RefCell::new(repositories);
        let mut mended: HashMap<i64, (F::Record, F::Record)> = HashMap::new();
        let bytes = Box::new(KeptBytes::new(&shared, repair.document));
        for_each(format, &repair.document.path, bytes, |_, item| {
            if let Ok(decoded) = item.outcome
                && let Some(better) = format.repaired(&decoded.record, repair.repairs)
            {
                mended.insert(item.place.ordinal, (decoded.record, better));
            }
            Ok(())
        })
        .map_err(chunk_error)?;
        Ok(mended)
    })?;
    let mut ordinals: Vec<i64> = mended.keys().copied().collect();
    ordinals.sort_unstable();
    let mut reports = Vec::new();
    for part in ordinals.chunks(STEP) {
        reports.extend(write(store, |repositories| {
            repair.lock.renew(repositories)?;
            let mut reports = Vec::new();
            for ordinal in part {
                let Some((source, better)) = mended.get(ordinal) else { continue };
                let after = repair.document.first_position + ordinal - 1;
                let repository = F::Record::repository(repositories);
                let found = repository.page(repair.user, Some(after), 1)?;
                let place = landfast_domain::record::SourceRef { document: repair.document.id, ordinal: *ordinal };
                let Some(row) = found.into_iter().find(|row| row.source == Some(place)) else { continue };
                if differing(source, &row.record).is_empty() {
                    let mut record = better.clone();
                    record.set_key(row.record.key().clone());
                    repository.update(repair.user, &record)?;
                    reports.extend(cell_reports(&row.record, &record));
                }
            }
            Ok(reports)
        })?);
    }
    Ok(reports)
}

/// Columns in which two records differ.
fn differing<R: Record>(one: &R, other: &R) -> Vec<usize> {
    (0..R::COLUMNS.len()).filter(|column| one.cell(*column) != other.cell(*column)).collect()
}

fn cell_reports<R: Record>(before: &R, after: &R) -> Vec<RepairReport> {
    let key: &RecordKey = before.key();
    differing(before, after)
        .into_iter()
        .map(|column| RepairReport {
            entity: R::ENTITY.to_owned(),
            key: key.to_string(),
            column: R::COLUMNS.get(column).map_or_else(String::new, |own| own.name.to_owned()),
            before: before.cell(column).to_owned(),
            after: after.cell(column).to_owned(),
        })
        .collect()
}
