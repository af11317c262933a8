//! The repository of stages, dirty items and mismatches.

use super::{Area, AreaStage, Dirty, ItemKey, Mismatch, StageChange};
use crate::Result;

/// Keeps where the areas are, what the other store lacks, and what was found to differ.
///
/// Errors of all methods: [`crate::Error::Backend`] when the store fails, [`crate::Error::Corrupt`] when a
/// stored value makes no sense.
#[expect(clippy::missing_errors_doc, reason = "stated once for the trait")]
pub trait CutoverRepository {
    /// Where an area is; `None` when nobody ever said.
    fn stage(&mut self, area: Area) -> Result<Option<AreaStage>>;
    /// Sets where an area is.
    fn save_stage(&mut self, stage: &AreaStage) -> Result<()>;
    /// Forgets where an area is; what it went through stays.
    fn delete_stage(&mut self, area: Area) -> Result<bool>;
    /// Adds a change to the history, or replaces the one of the same area and epoch.
    fn save_change(&mut self, change: &StageChange) -> Result<()>;
    /// Changes of an area, newest first, `limit` at most.
    fn list_changes(&mut self, area: Area, limit: usize) -> Result<Vec<StageChange>>;

    /// Marks items as changed, in this order. An item that is marked already moves to the end, and its
    /// failures are forgotten.
    fn add_dirty(&mut self, items: &[ItemKey]) -> Result<()>;
    /// Marked items in the order they were marked, `limit` at most.
    fn list_dirty(&mut self, limit: usize) -> Result<Vec<Dirty>>;
    /// How many items of an area are marked.
    fn count_dirty(&mut self, area: Area) -> Result<u64>;
    /// Removes marks by their numbers; unknown numbers are passed over.
    fn remove_dirty(&mut self, seqs: &[i64]) -> Result<()>;
    /// Notes that an item could not be copied; passed over when its mark is gone.
    fn note_failure(&mut self, seq: i64, failure: &str) -> Result<()>;

    /// Keeps mismatches. One for the same item and field replaces the older one.
    fn save_mismatches(&mut self, mismatches: &[Mismatch]) -> Result<()>;
    /// Mismatches of an area in the order they were found, `limit` at most.
    fn list_mismatches(&mut self, area: Area, limit: usize) -> Result<Vec<Mismatch>>;
    /// How many mismatches of an area are kept.
    fn count_mismatches(&mut self, area: Area) -> Result<u64>;
    /// Forgets the mismatches of an area; tells how many there were.
    fn clear_mismatches(&mut self, area: Area) -> Result<u64>;
}
