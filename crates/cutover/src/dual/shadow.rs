//! Reads that are compared with the other store.

use super::DualStore;
use super::compare::{compare_items, keep};
use crate::error::Result;
use landfast_domain::cutover::{Area, ItemKey, Mismatch};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Which reads are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shadow {
    /// None.
    Off,
    /// One of so many; 0 is none.
    OneOf(u64),
    /// All.
    All,
}

impl Shadow {
    /// Reads `off`, `all` or `1/N`.
    ///
    /// ```
    /// use landfast_cutover::Shadow;
    ///
    /// assert_eq!(Shadow::parse("1/50"), Some(Shadow::OneOf(50)));
    /// assert_eq!(Shadow::parse("some"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim() {
            "off" => Some(Self::Off),
            "all" => Some(Self::All),
            other => other.strip_prefix("1/")?.parse().ok().filter(|n| *n > 0).map(Self::OneOf),
        }
    }
}

/// Counts reads and what comparing them gave.
#[derive(Debug, Default)]
pub(super) struct Counter {
    reads: AtomicU64,
    compared: AtomicU64,
    failure: Mutex<Option<String>>,
}

impl Counter {
    pub(super) fn is_sampled(&self, shadow: Shadow) -> bool {
        let sampled = match shadow {
            Shadow::Off | Shadow::OneOf(0) => false,
            Shadow::All => true,
            Shadow::OneOf(n) => self.reads.fetch_add(1, Ordering::Relaxed).is_multiple_of(n),
        };
        if sampled {
            self.compared.fetch_add(1, Ordering::Relaxed);
        }
        sampled
    }

    pub(super) fn note_failure(&self, reason: &str) {
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(reason.to_owned());
    }
}

impl DualStore {
    /// How many reads were compared since the store was opened.
    #[must_use]
    pub fn compared_reads(&self) -> u64 {
        self.counter.compared.load(Ordering::Relaxed)
    }

    /// Why a comparison of a read could not be made, if one could not.
    #[must_use]
    pub fn shadow_failure(&self) -> Option<String> {
        self.counter.failure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Compares items that were read. What differs while others write is looked at again in the turn.
    pub(super) fn shadow(&self, items: &BTreeSet<ItemKey>) -> Result<()> {
        let suspects: BTreeSet<ItemKey> =
            compare_items(self, items, self.now())?.into_iter().map(|found| found.item).collect();
        if suspects.is_empty() {
            return Ok(());
        }
        let _turn = self.take_turn()?;
        let known = self.reload()?;
        self.catch_up(&known, false)?;
        let found = compare_items(self, &suspects, self.now())?;
        for area in Area::ALL {
            let of_area: Vec<Mismatch> = found.iter().filter(|found| found.item.area == area).cloned().collect();
            keep(self, area, &of_area, false)?;
            if !of_area.is_empty() {
                self.check_budget(&known, area)?;
            }
        }
        Ok(())
    }
}
