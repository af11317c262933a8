//! Counting what became of the records.

use super::batch::End;
use super::decide::Decision;
use crate::bytes::{to_i64, to_u64};
use crate::document::{Format, Item};
use crate::report::{FindingLog, QuarantineReport, Spot};
use landfast_domain::imports::{Outcome, QuarantineEntry};
use landfast_domain::record::DocumentId;

/// What became of the records of one document.
#[derive(Debug, Default, Clone)]
pub(crate) struct Loaded {
    /// Records of the file, counted as an independent counter does.
    pub(crate) records: u64,
    /// Records that were put together with the one before them.
    pub(crate) joined: u64,
    pub(crate) loaded: u64,
    pub(crate) duplicate: u64,
    pub(crate) quarantined: u64,
    pub(crate) inserted: u64,
    pub(crate) updated: u64,
    pub(crate) unchanged: u64,
    pub(crate) gone: u64,
    pub(crate) pruned: u64,
    pub(crate) dialect: String,
    /// What stands beside the rows, such as lists of files, is other than what the source has.
    pub(crate) outdated: bool,
    /// What became of the records has to be decided anew.
    pub(crate) again: bool,
    /// The document is loaded completely.
    pub(crate) finished: bool,
    /// The source changed while it was read.
    pub(crate) source_changed: bool,
}

impl Loaded {
    /// Counts a record and notes what is odd about it. `decision` is `None` for a record that could not
    /// be read, and for one whose outcome was stored by an earlier run.
    pub(super) fn add<F: Format>(
        &mut self,
        format: &F,
        item: &Item<F::Record>,
        decision: Option<&Decision>,
        stored: Option<Outcome>,
        log: &mut FindingLog,
    ) {
        let parts = to_u64(item.place.parts);
        self.records += parts;
        self.joined += parts.saturating_sub(1);
        let spot = Spot { line: item.place.line, offset: item.place.offset };
        match &item.outcome {
            Err(aside) => {
                self.quarantined += 1;
                log.set_aside(QuarantineReport::new(
                    Outcome::Quarantined,
                    spot,
                    aside.reject.code,
                    &aside.reject.column,
                    &aside.reject.message,
                ));
            }
            Ok(decoded) => {
                for finding in decoded.findings.iter().chain(&format.inspect(&decoded.record)) {
                    log.add(finding.code, spot, &finding.column, &finding.message);
                }
                let aside = decision.and_then(Decision::set_aside);
                let outcome = aside.as_ref().map(|(outcome, ..)| *outcome).or(stored).unwrap_or(Outcome::Loaded);
                match outcome {
                    Outcome::Loaded => self.loaded += 1,
                    Outcome::Duplicate => self.duplicate += 1,
                    Outcome::Quarantined => self.quarantined += 1,
                }
                if let Some((outcome, code, message)) = aside {
                    log.set_aside(QuarantineReport::new(outcome, spot, code, "", &message));
                }
                match decision {
                    Some(Decision::Insert) => self.inserted += 1,
                    Some(Decision::Update(_)) => self.updated += 1,
                    Some(Decision::Keep(_)) => self.unchanged += 1,
                    None if outcome == Outcome::Loaded => self.unchanged += 1,
                    _ => {}
                }
            }
        }
    }

    pub(super) fn end(&mut self, end: &End, log: &mut FindingLog) {
        self.dialect.clone_from(&end.dialect);
        for finding in &end.findings {
            log.add(finding.code, Spot { line: 1, offset: 0 }, &finding.column, &finding.message);
        }
    }
}

/// The entry for a record that does not become a row.
pub(super) fn entry<R>(
    document: DocumentId,
    item: &Item<R>,
    decision: Option<&Decision>,
    raw: impl FnOnce() -> Vec<u8>,
) -> Option<QuarantineEntry> {
    let (outcome, code, column, message, raw) = match &item.outcome {
        Err(aside) => (
            Outcome::Quarantined,
            aside.reject.code,
            aside.reject.column.clone(),
            aside.reject.message.clone(),
            aside.raw.clone(),
        ),
        Ok(_) => {
            let (outcome, code, message) = decision?.set_aside()?;
            (outcome, code, String::new(), message, raw())
        }
    };
    Some(QuarantineEntry {
        document,
        ordinal: item.place.ordinal,
        outcome,
        line: to_i64(item.place.line),
        offset: to_i64(item.place.offset),
        column,
        code: code.to_owned(),
        message,
        raw,
    })
}
