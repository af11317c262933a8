//! Reading a document without writing anything.

use super::batch::produce;
use super::decide::Decision;
use super::keys::{FreeKeys, Occurrences};
use super::merge::{Bases, Window};
use super::settle::{gone_message, visit_gone};
use super::tally::Loaded;
use super::{DocumentScan, code};
use crate::chunks::Shared;
use crate::document::{Format, Item};
use crate::error::{Error, Result};
use crate::report::Spot;
use crate::transact::read;
use landfast_domain::imports::Outcome;
use landfast_domain::record::Record;
use landfast_domain::{Repositories, Store};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::Ordering;

/// Owner of keys that documents of the plan will get; their numbers are not known yet.
const PLANNED: i64 = -1;

/// Reads a document and tells what [`load`](super::load) would do with it.
pub(crate) fn scan<F: Format>(format: &F, mut scan: DocumentScan<'_>) -> Result<Loaded> {
    let mut loaded = Loaded::default();
    let done_before = scan.ledger.current.as_ref().map_or(0, |document| document.records_done);
    let stored = stored_outcomes(scan.store, scan.ledger)?;
    let mut bases = bases(format, scan.store, scan.ledger)?;
    let has_bases = !scan.ledger.previous.is_empty();
    let own: HashSet<i64> = scan.ledger.ids().into_iter().collect();
    let mut free = FreeKeys::default();
    let (input, limits) = (scan.input, scan.limits);
    produce(format, &input, done_before, None, limits, |batch| {
        let decisions: Vec<Option<Decision>> = if batch.done_before || !has_bases {
            let fresh =
                |item: &Item<F::Record>| (item.outcome.is_ok() && !batch.done_before).then_some(Decision::Insert);
            batch.items.iter().map(fresh).collect()
        } else {
            read(scan.store, |repositories| {
                let mut window = Window::default();
                batch.items.iter().map(|item| decide(repositories, &scan, &bases, &mut window, item)).collect()
            })?
        };
        for (item, decision) in batch.items.iter().zip(&decisions) {
            let outcome = stored.get(&item.place.ordinal).copied();
            loaded.add(format, item, decision.as_ref(), outcome, scan.log);
            let Ok(decoded) = &item.outcome else { continue };
            if has_bases {
                bases.mark_seen(&decoded.record);
            }
            if let (Some(Decision::Insert), Some(taken)) = (decision, scan.taken.as_deref_mut()) {
                let wanted = decoded.record.key();
                let mut found = Occurrences::new();
                let key =
                    free.find(&mut found, wanted, &decoded.record.identity(), |key| Ok(taken.is_taken(key, &own)))?;
                free.remember(found);
                if key != *wanted {
                    let spot = Spot { line: item.place.line, offset: item.place.offset };
                    scan.log.add(code::ID_IN_OTHER_SOURCE, spot, "", &displaced_message(wanted.as_str(), key.as_str()));
                }
                taken.give(&key, PLANNED);
            }
        }
        if let Some(end) = &batch.end {
            loaded.end(end, scan.log);
            loaded.finished = true;
        }
        scan.progress.advance(batch.bytes, u64::try_from(batch.items.len()).unwrap_or(0));
        if scan.interrupt.load(Ordering::SeqCst) {
            return Err(Error::Interrupted);
        }
        Ok(true)
    })?;
    if has_bases {
        let gone = bases.gone();
        read(scan.store, |repositories| {
            (loaded.gone, loaded.pruned) = (0, 0);
            visit_gone::<F::Record>(repositories, scan.user, &gone, scan.prune, |_, row, is_pruned| {
                if is_pruned {
                    loaded.pruned += 1;
                } else {
                    loaded.gone += 1;
                    scan.log.add(code::GONE_FROM_SOURCE, Spot::NONE, "", &gone_message(row.record.key().as_str()));
                }
                Ok(())
            })
        })?;
    }
    Ok(loaded)
}

fn decide<R: Record>(
    repositories: &mut dyn Repositories,
    scan: &DocumentScan<'_>,
    bases: &Bases,
    window: &mut Window<R>,
    item: &Item<R>,
) -> Result<Option<Decision>> {
    match &item.outcome {
        Ok(decoded) => Decision::new(repositories, scan.user, bases, window, &decoded.record).map(Some),
        Err(_) => Ok(None),
    }
}

/// Records of earlier versions.
pub(super) fn bases<F: Format>(format: &F, store: &dyn Store, ledger: &super::Ledger) -> Result<Bases> {
    if ledger.previous.is_empty() {
        return Ok(Bases::default());
    }
    read(store, |repositories| {
        let shared: Shared<'_> = RefCell::new(repositories);
        Bases::read(format, &shared, &ledger.previous)
    })
}

/// What earlier runs stored for records that did not become rows.
pub(crate) fn stored_outcomes(store: &dyn Store, ledger: &super::Ledger) -> Result<HashMap<i64, Outcome>> {
    let Some(document) = &ledger.current else { return Ok(HashMap::new()) };
    read(store, |repositories| {
        let mut outcomes = HashMap::new();
        let mut after = None;
        loop {
            let page = repositories.imports()?.list_quarantine(document.id, after, 500)?;
            let Some(last) = page.last() else { return Ok(outcomes) };
            after = Some(last.ordinal);
            outcomes.extend(page.iter().map(|entry| (entry.ordinal, entry.outcome)));
        }
    })
}

pub(super) fn displaced_message(wanted: &str, key: &str) -> String {
    format!("a row from elsewhere has the id `{wanted}`; the key of this one is `{key}`")
}
