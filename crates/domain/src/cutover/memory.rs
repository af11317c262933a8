//! Stages, dirty items and mismatches in memory.

use super::{Area, AreaStage, CutoverRepository, Dirty, ItemKey, Mismatch, StageChange};
use crate::Result;
use std::collections::BTreeMap;

/// Plain lists, without transactions. A clone is a state to go back to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemoryCutover {
    /// Where the areas are.
    pub stages: BTreeMap<Area, AreaStage>,
    /// How they came there, by area and epoch.
    pub changes: BTreeMap<(Area, i64), StageChange>,
    /// Marked items by number.
    pub dirty: BTreeMap<i64, Dirty>,
    /// What differs, in the order it was found.
    pub mismatches: Vec<Mismatch>,
}

impl CutoverRepository for MemoryCutover {
    fn stage(&mut self, area: Area) -> Result<Option<AreaStage>> {
        Ok(self.stages.get(&area).cloned())
    }

    fn save_stage(&mut self, stage: &AreaStage) -> Result<()> {
        self.stages.insert(stage.area, stage.clone());
        Ok(())
    }

    fn delete_stage(&mut self, area: Area) -> Result<bool> {
        Ok(self.stages.remove(&area).is_some())
    }

    fn save_change(&mut self, change: &StageChange) -> Result<()> {
        self.changes.insert((change.area, change.epoch), change.clone());
        Ok(())
    }

    fn list_changes(&mut self, area: Area, limit: usize) -> Result<Vec<StageChange>> {
        let of_area = self.changes.range((area, i64::MIN)..=(area, i64::MAX)).rev();
        Ok(of_area.take(limit).map(|(_, change)| change.clone()).collect())
    }

    fn add_dirty(&mut self, items: &[ItemKey]) -> Result<()> {
        for item in items {
            self.dirty.retain(|_, dirty| dirty.item != *item);
            let seq = self.dirty.last_key_value().map_or(1, |(seq, _)| seq.saturating_add(1));
            self.dirty.insert(seq, Dirty { seq, item: item.clone(), failures: 0, failure: String::new() });
        }
        Ok(())
    }

    fn list_dirty(&mut self, limit: usize) -> Result<Vec<Dirty>> {
        Ok(self.dirty.values().take(limit).cloned().collect())
    }

    fn count_dirty(&mut self, area: Area) -> Result<u64> {
        Ok(count(self.dirty.values().filter(|dirty| dirty.item.area == area).count()))
    }

    fn remove_dirty(&mut self, seqs: &[i64]) -> Result<()> {
        for seq in seqs {
            self.dirty.remove(seq);
        }
        Ok(())
    }

    fn note_failure(&mut self, seq: i64, failure: &str) -> Result<()> {
        if let Some(dirty) = self.dirty.get_mut(&seq) {
            dirty.failures = dirty.failures.saturating_add(1);
            failure.clone_into(&mut dirty.failure);
        }
        Ok(())
    }

    fn save_mismatches(&mut self, mismatches: &[Mismatch]) -> Result<()> {
        for new in mismatches {
            self.mismatches.retain(|old| (&old.item, &old.field) != (&new.item, &new.field));
            self.mismatches.push(new.clone());
        }
        Ok(())
    }

    fn list_mismatches(&mut self, area: Area, limit: usize) -> Result<Vec<Mismatch>> {
        Ok(self.mismatches.iter().filter(|found| found.item.area == area).take(limit).cloned().collect())
    }

    fn count_mismatches(&mut self, area: Area) -> Result<u64> {
        Ok(count(self.mismatches.iter().filter(|found| found.item.area == area).count()))
    }

    fn clear_mismatches(&mut self, area: Area) -> Result<u64> {
        let before = self.mismatches.len();
        self.mismatches.retain(|found| found.item.area != area);
        Ok(count(before.saturating_sub(self.mismatches.len())))
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
