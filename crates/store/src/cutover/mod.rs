//! Stages of the cutover, dirty items and mismatches.

mod dirty;
mod mismatches;
mod stages;

use landfast_domain::cutover::{Area, AreaStage, CutoverRepository, Dirty, ItemKey, Mismatch, StageChange};
use landfast_domain::{Error as DomainError, Result as DomainResult};

use crate::transaction::Transaction;

impl CutoverRepository for Transaction<'_> {
    fn stage(&mut self, area: Area) -> DomainResult<Option<AreaStage>> {
        stages::get(self, area)
    }
    fn save_stage(&mut self, stage: &AreaStage) -> DomainResult<()> {
        stages::save(self, stage)
    }
    fn delete_stage(&mut self, area: Area) -> DomainResult<bool> {
        stages::delete(self, area)
    }
    fn save_change(&mut self, change: &StageChange) -> DomainResult<()> {
        stages::save_change(self, change)
    }
    fn list_changes(&mut self, area: Area, limit: usize) -> DomainResult<Vec<StageChange>> {
        stages::list_changes(self, area, limit)
    }
    fn add_dirty(&mut self, items: &[ItemKey]) -> DomainResult<()> {
        dirty::add(self, items)
    }
    fn list_dirty(&mut self, limit: usize) -> DomainResult<Vec<Dirty>> {
        dirty::list(self, limit)
    }
    fn count_dirty(&mut self, area: Area) -> DomainResult<u64> {
        dirty::count(self, area)
    }
    fn remove_dirty(&mut self, seqs: &[i64]) -> DomainResult<()> {
        dirty::remove(self, seqs)
    }
    fn note_failure(&mut self, seq: i64, failure: &str) -> DomainResult<()> {
        dirty::note_failure(self, seq, failure)
    }
    fn save_mismatches(&mut self, mismatches: &[Mismatch]) -> DomainResult<()> {
        mismatches::save(self, mismatches)
    }
    fn list_mismatches(&mut self, area: Area, limit: usize) -> DomainResult<Vec<Mismatch>> {
        mismatches::list(self, area, limit)
    }
    fn count_mismatches(&mut self, area: Area) -> DomainResult<u64> {
        mismatches::count(self, area)
    }
    fn clear_mismatches(&mut self, area: Area) -> DomainResult<u64> {
        mismatches::clear(self, area)
    }
}

fn area(text: &str) -> DomainResult<Area> {
    Area::parse(text).ok_or_else(|| corrupt("area", text))
}

fn corrupt(column: &str, value: &str) -> DomainError {
    DomainError::Corrupt { entity: "cutover", key: String::new(), column: column.to_owned(), value: value.to_owned() }
}

fn to_u64(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}
