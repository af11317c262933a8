//! Reading a document without writing anything.

use super::decide::{Bases, Decision, decide};
use super::{Aside, KeyedDocument, KeyedItem, Reading, Scope};
use crate::bytes::{to_i64, to_u64};
use crate::chunks::Shared;
use crate::error::{Error, Result};
use crate::load::{DocumentScan, Ledger, Loaded, code, stored_outcomes};
use crate::report::{FindingLog, QuarantineReport, Spot};
use crate::transact::read;
use landfast_domain::finding::Finding;
use landfast_domain::imports::Outcome;
use landfast_domain::{Repositories, Store};
use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::File;
use std::sync::atomic::Ordering;

/// Reads a document and tells what [`load`](super::load::load) would do with it.
pub(super) fn scan(kind: &dyn KeyedDocument, scan: DocumentScan<'_>) -> Result<Loaded> {
    let scope = Scope::of_input(&scan.input, scan.user, scan.live);
    let doubtful = doubtful(kind, scan.store, scan.ledger)?;
    let done_before = match &scan.ledger.current {
        Some(document) if doubtful.is_empty() => document.records_done,
        _ => 0,
    };
    let stored = stored_outcomes(scan.store, scan.ledger)?;
    let mut state = Scanner {
        kind,
        scope: &scope,
        bases: bases(kind, scan.store, scan.ledger, &scope)?,
        waiting: Vec::new(),
        doubtful,
        loaded: Loaded::default(),
    };
    let file = File::open(scan.input.file).map_err(Error::io("read", scan.input.file))?;
    let (store, log, progress) = (scan.store, scan.log, scan.progress);
    let mut at = 0;
    let reading = kind.read(&scope, Box::new(file), &mut |item| {
        progress.advance(item.place.end.saturating_sub(at), 1);
        at = item.place.end.max(at);
        if scan.interrupt.load(Ordering::SeqCst) {
            return Err(Error::Interrupted);
        }
        if item.place.ordinal < done_before {
            let is_new = |aside: &Aside| kind.is_reconsidered(aside.code) && !stored.contains_key(&item.place.ordinal);
            state.loaded.again |= item.outcome.as_ref().is_err_and(is_new);
            state.loaded.add_keyed(&item, None, stored.get(&item.place.ordinal).copied(), log);
            state.bases.mark_seen(&item.key);
            return Ok(());
        }
        state.waiting.push(item);
        if state.waiting.len() >= PAGE { state.flush(store, log) } else { Ok(()) }
    })?;
    state.flush(store, log)?;
    progress.advance(scan.input.size_bytes.saturating_sub(at), 0);
    let Scanner { bases, mut loaded, .. } = state;
    loaded.end_keyed(&reading, log);
    loaded.finished = true;
    let beside = read(store, |repositories| Beside::of(kind, repositories, &scope, false))?;
    loaded.end_beside(beside, log);
    count_gone(kind, store, &scope, &bases, scan.prune, &mut loaded, log)?;
    Ok(loaded)
}

/// Records decided about together.
const PAGE: usize = 500;

struct Scanner<'a> {
    kind: &'a dyn KeyedDocument,
    scope: &'a Scope<'a>,
    bases: Bases,
    waiting: Vec<KeyedItem>,
    /// Codes of records that are set aside for the time being.
    doubtful: HashMap<i64, String>,
    loaded: Loaded,
}

impl Scanner<'_> {
    fn flush(&mut self, store: &dyn Store, log: &mut FindingLog) -> Result<()> {
        let items = std::mem::take(&mut self.waiting);
        if items.is_empty() {
            return Ok(());
        }
        let decisions = read(store, |repositories| decide(self.kind, repositories, self.scope, &self.bases, &items))?;
        for (item, decision) in items.iter().zip(decisions) {
            if let Some(code) = self.doubtful.get(&item.place.ordinal) {
                let aside = decision.and_then(|decision| decision.set_aside(&item.key)).map(|(_, code, _)| code);
                self.loaded.again |=
                    item.outcome.as_ref().err().map(|aside| aside.code).or(aside) != Some(code.as_str());
            }
            self.loaded.add_keyed(item, decision, None, log);
            self.bases.mark_seen(&item.key);
        }
        Ok(())
    }
}

/// Codes of records of a loaded document that are looked at again, by their numbers.
fn doubtful(kind: &dyn KeyedDocument, store: &dyn Store, ledger: &Ledger) -> Result<HashMap<i64, String>> {
    let Some(document) = &ledger.current else { return Ok(HashMap::new()) };
    read(store, |repositories| {
        let entries = repositories.imports()?.list_quarantine(document.id, None, PAGE)?;
        let again = entries.into_iter().filter(|entry| kind.is_reconsidered(&entry.code));
        Ok(again.map(|entry| (entry.ordinal, entry.code)).collect())
    })
}

/// What is known of a document when its records are where they belong.
#[derive(Debug, Default)]
pub(super) struct Beside {
    outdated: bool,
    remarks: Vec<Finding>,
}

impl Beside {
    pub(super) fn of(
        kind: &dyn KeyedDocument,
        repositories: &mut dyn Repositories,
        scope: &Scope<'_>,
        write: bool,
    ) -> Result<Self> {
        Ok(Self { outdated: kind.refresh(repositories, scope, write)?, remarks: kind.remarks(repositories, scope)? })
    }
}

/// Records of earlier versions.
pub(super) fn bases(kind: &dyn KeyedDocument, store: &dyn Store, ledger: &Ledger, scope: &Scope<'_>) -> Result<Bases> {
    if ledger.previous.is_empty() {
        return Ok(Bases::default());
    }
    read(store, |repositories| {
        let shared: Shared<'_> = RefCell::new(repositories);
        Bases::read(kind, &shared, &ledger.previous, scope)
    })
}

fn count_gone(
    kind: &dyn KeyedDocument,
    store: &dyn Store,
    scope: &Scope<'_>,
    bases: &Bases,
    prune: bool,
    loaded: &mut Loaded,
    log: &mut FindingLog,
) -> Result<()> {
    for gone in bases.gone().chunks(PAGE) {
        let keys: Vec<&str> = gone.iter().map(|(key, _)| *key).collect();
        let rows = read(store, |repositories| kind.stored(repositories, scope, &keys))?;
        for ((key, base), row) in gone.iter().zip(rows) {
            let Some(row) = row else { continue };
            if (prune || kind.prunes()) && crate::bytes::print_of(&row) == *base {
                loaded.pruned += 1;
            } else {
                loaded.gone += 1;
                log.add(code::GONE_FROM_SOURCE, Spot::NONE, "", &gone_message(key));
            }
        }
    }
    Ok(())
}

pub(super) fn gone_message(key: &str) -> String {
    format!("the source does not have this record any more; row `{key}` stays")
}

/// Outcomes earlier runs stored, by the number of the record.
pub(super) type Stored = HashMap<i64, Outcome>;

impl Loaded {
    /// Counts a record with a key and notes what is odd about it.
    pub(super) fn add_keyed(
        &mut self,
        item: &KeyedItem,
        decision: Option<Decision>,
        stored: Option<Outcome>,
        log: &mut FindingLog,
    ) {
        let parts = to_u64(item.place.parts);
        self.records += parts;
        self.joined += parts.saturating_sub(1);
        let spot = Spot { line: item.place.line, offset: item.place.offset };
        for finding in &item.findings {
            log.add(finding.code, spot, &finding.field, &finding.message);
        }
        if let Err(aside) = &item.outcome {
            match aside.outcome {
                Outcome::Duplicate => self.duplicate += 1,
                Outcome::Quarantined | Outcome::Loaded => self.quarantined += 1,
            }
            log.set_aside(QuarantineReport::new(aside.outcome, spot, aside.code, "", &aside.message));
            return;
        }
        let aside = decision.and_then(|decision| decision.set_aside(&item.key));
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
            Some(Decision::Update) => self.updated += 1,
            Some(Decision::Keep) => self.unchanged += 1,
            None if outcome == Outcome::Loaded => self.unchanged += 1,
            _ => {}
        }
    }

    /// Notes what stands beside the rows. A row that is the same but for that counts as updated.
    pub(super) fn end_beside(&mut self, beside: Beside, log: &mut FindingLog) {
        self.outdated = beside.outdated;
        if beside.outdated && self.inserted + self.updated == 0 && self.unchanged > 0 {
            self.unchanged -= 1;
            self.updated += 1;
        }
        for finding in &beside.remarks {
            log.add(finding.code, Spot { line: 1, offset: 0 }, &finding.field, &finding.message);
        }
    }

    /// Notes what is known at the end of a document.
    pub(super) fn end_keyed(&mut self, reading: &Reading, log: &mut FindingLog) {
        self.dialect.clone_from(&reading.dialect);
        for finding in &reading.findings {
            log.add(finding.code, Spot { line: 1, offset: 0 }, &finding.field, &finding.message);
        }
    }
}

/// The quarantine entry for a record that does not become a row.
pub(super) fn entry(
    document: landfast_domain::record::DocumentId,
    item: &KeyedItem,
    decision: Option<Decision>,
) -> Option<landfast_domain::imports::QuarantineEntry> {
    let (outcome, code, message, raw) = match &item.outcome {
        Err(aside) => (aside.outcome, aside.code, aside.message.clone(), aside.raw.clone()),
        Ok(text) => {
            let (outcome, code, message) = decision?.set_aside(&item.key)?;
            (outcome, code, message, item.raw.as_ref().unwrap_or(text).clone().into_bytes())
        }
    };
    Some(landfast_domain::imports::QuarantineEntry {
        document,
        ordinal: item.place.ordinal,
        outcome,
        line: to_i64(item.place.line),
        offset: to_i64(item.place.offset),
        column: String::new(),
        code: code.to_owned(),
        message,
        raw,
    })
}
