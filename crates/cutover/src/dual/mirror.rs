//! Bringing the following store up: copying what is marked.

use super::DualStore;
use super::items::tables;
use super::state::Known;
use crate::error::Result;
use crate::transact::{read, write};
use landfast_domain::cutover::{Dirty, ItemKey, Side, WHOLE_TABLE};
use landfast_domain::{Error as DomainError, Repositories, Store};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// Items copied in one transaction.
const BATCH: usize = 500;

/// What a run over the marks did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Drained {
    /// Items the following store has now.
    pub copied: u64,
    /// Items that could not be copied; their marks stay, with the reason.
    pub refused: u64,
    /// Whether everything was compared and nothing differs.
    pub is_equal: bool,
}

impl Drained {
    pub(super) fn add(&mut self, other: Self) {
        self.copied += other.copied;
        self.refused += other.refused;
    }
}

/// Copies the marked items that one store leads to the other one. The caller holds the turn.
///
/// `again`: also those that were refused before. Copying takes the value of now, so doing it once more, or after a
/// crash at any point, changes nothing.
pub(super) fn drain(store: &DualStore, known: &Known, leader: Side, again: bool) -> Result<Drained> {
    let (from, to) = (store.side(leader), store.side(leader.other()));
    let marks = read(from, |repositories| Ok(repositories.cutover()?.list_dirty(usize::MAX)?))?;
    let mut marks: Vec<Dirty> = marks
        .into_iter()
        .filter(|mark| {
            let stage = known.of(mark.item.area).stage;
            stage.is_dual() && stage.leader() == leader && (again || mark.failures == 0)
        })
        .collect();
    // Among the same kind, what was touched first.
    let ranks = ranks();
    marks.sort_by_key(|mark| (rank(&ranks, mark), mark.seq));
    let mut drained = Drained::default();
    for batch in marks.chunks(BATCH) {
        if copy(from, to, batch).is_ok() {
            forget(from, batch)?;
            drained.copied += crate::bytes::to_u64(batch.len());
        } else {
            drained.add(one_by_one(from, to, batch)?);
        }
    }
    Ok(drained)
}

/// Copies marked items for themselves, so that one that is refused does not hold up the others.
fn one_by_one(from: &dyn Store, to: &dyn Store, marks: &[Dirty]) -> Result<Drained> {
    let mut drained = Drained::default();
    let (mut refused, mut unreachable) = (Vec::new(), None);
    for mark in marks {
        match copy(from, to, std::slice::from_ref(mark)) {
            Ok(()) => {
                forget(from, std::slice::from_ref(mark))?;
                drained.copied += 1;
            }
            Err(error @ (DomainError::Busy { .. } | DomainError::SerializationFailure(_))) => {
                unreachable = Some(error);
            }
            Err(error) => {
                let failed = matches!(error, DomainError::Backend(_));
                refused.push((mark.seq, error.to_string()));
                if failed {
                    unreachable = Some(error);
                }
            }
        }
    }
    if drained.copied == 0
        && let Some(error) = unreachable
    {
        // Nothing gets through: it is the store, not the items.
        return Err(error.into());
    }
    drained.refused = crate::bytes::to_u64(refused.len());
    if !refused.is_empty() {
        write(from, |repositories| {
            for (seq, reason) in &refused {
                repositories.cutover()?.note_failure(*seq, reason)?;
            }
            Ok(())
        })?;
    }
    Ok(drained)
}

fn forget(from: &dyn Store, marks: &[Dirty]) -> Result<()> {
    let seqs: Vec<i64> = marks.iter().map(|mark| mark.seq).collect();
    write(from, |repositories| Ok(repositories.cutover()?.remove_dirty(&seqs)?))
}

/// Copies items from one store to the other in one transaction, whatever the stage. The caller holds the turn.
pub(super) fn copy_items(store: &DualStore, from: Side, items: &BTreeSet<ItemKey>) -> Result<()> {
    let ranks = ranks();
    let mut marks: Vec<Dirty> =
        items.iter().map(|item| Dirty { seq: 0, item: item.clone(), failures: 0, failure: String::new() }).collect();
    marks.sort_by_key(|mark| rank(&ranks, mark));
    Ok(copy(store.side(from), store.side(from.other()), &marks)?)
}

/// The order kinds are copied in: what others belong to comes first.
fn ranks() -> BTreeMap<&'static str, usize> {
    tables().iter().enumerate().map(|(rank, table)| (table.name(), rank)).collect()
}

fn rank(ranks: &BTreeMap<&'static str, usize>, mark: &Dirty) -> usize {
    ranks.get(&*mark.item.table).copied().unwrap_or(usize::MAX)
}

/// One transaction of the following store with the values of one moment of the leading one.
fn copy(from: &dyn Store, to: &dyn Store, marks: &[Dirty]) -> landfast_domain::Result<()> {
    from.read(|source| {
        let source = RefCell::new(source);
        to.write(|target| copy_marks(&mut **source.borrow_mut(), target, marks))
    })
}

fn copy_marks(
    source: &mut dyn Repositories,
    target: &mut dyn Repositories,
    marks: &[Dirty],
) -> landfast_domain::Result<()> {
    let tables = tables();
    let mut added: BTreeMap<(usize, &str), usize> = BTreeMap::new();
    for Dirty { item, .. } in marks {
        let found = tables.iter().enumerate().find(|(_, table)| table.name() == item.table);
        let (rank, table) = found.ok_or_else(|| DomainError::Corrupt {
            entity: "cutover mark",
            key: item.to_string(),
            column: "item_table".to_owned(),
            value: item.table.clone(),
        })?;
        if item.key == WHOLE_TABLE {
            table.copy_all(source, target, &item.user)?;
        } else if table.copy(source, target, &item.user, &item.key)? {
            *added.entry((rank, &item.user)).or_default() += 1;
        }
    }
    for ((rank, user), count) in added {
        if let Some(table) = tables.get(rank)
            && !table.is_in_order(source, target, user, count)?
        {
            table.copy_all(source, target, user)?;
        }
    }
    Ok(())
}
