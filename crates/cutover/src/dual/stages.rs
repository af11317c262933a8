//! Going forward and back.

use super::DualStore;
use super::compare::{compare_area, keep};
use super::mirror::drain;
use super::state::{Copies, Known, copies};
use crate::error::{Error, Result};
use crate::transact::{read, write};
use landfast_domain::cutover::{Area, AreaStage, Mismatch, Side, Stage, StageChange};

/// Everything about the cutover of an area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaStatus {
    /// The area.
    pub area: Area,
    /// The stage that holds.
    pub stage: Stage,
    /// What both stores have recorded.
    pub copies: Copies,
    /// Items the following store lacks.
    pub dirty: u64,
    /// Items among them that were refused, with the reason.
    pub refused: Vec<(String, String)>,
    /// Mismatches the last comparison or reads have found.
    pub mismatches: Vec<Mismatch>,
    /// How it came here, newest first.
    pub changes: Vec<StageChange>,
}

/// Refusals and mismatches a status names.
const MOST_NAMED: usize = 100;

impl DualStore {
    /// Where an area is and what is in its way.
    ///
    /// # Errors
    /// [`Error::StagesDisagree`], [`Error::Store`].
    pub fn status(&self, area: Area) -> Result<AreaStatus> {
        let known = self.reload()?;
        let stage = known.of(area).stage;
        let all = copies(self.files(), self.database())?;
        let of_area = all.into_iter().find(|(of, _)| *of == area).map(|(_, copies)| copies);
        let marks = read(self.side(stage.leader()), |repositories| {
            Ok((repositories.cutover()?.count_dirty(area)?, repositories.cutover()?.list_dirty(usize::MAX)?))
        })?;
        let refused = marks.1.into_iter().filter(|mark| mark.item.area == area && mark.failures > 0);
        let (mismatches, changes) = read(self.database(), |repositories| {
            let repository = repositories.cutover()?;
            Ok((repository.list_mismatches(area, MOST_NAMED)?, repository.list_changes(area, MOST_NAMED)?))
        })?;
        Ok(AreaStatus {
            area,
            stage,
            copies: of_area.unwrap_or(Copies { files: None, database: None }),
            dirty: marks.0,
            refused: refused.take(MOST_NAMED).map(|mark| (mark.item.to_string(), mark.failure)).collect(),
            mismatches,
            changes,
        })
    }

    /// Moves an area to a neighbouring stage, when nothing is in the way:
    ///
    /// - before both stores are written, the one that will follow is made equal to the one that leads;
    /// - before another store leads, or only the database, every mark is gone and a comparison finds nothing.
    ///
    /// Writers wait meanwhile. A crash leaves the area at the old stage or at the new one.
    ///
    /// # Errors
    /// [`Error::NoSuchStep`] for a stage that is no neighbour; [`Error::StillDirty`] and [`Error::StillDifferent`]
    /// when something is in the way; [`Error::StagesDisagree`], [`Error::Store`].
    pub fn change_stage(&self, area: Area, to: Stage, reason: &str) -> Result<AreaStage> {
        // What takes long is done while others write; the turn then finds little to do.
        let before = self.reload()?.of(area);
        let is_equal = before.stage.is_dual() && self.compare(area)?.differences == 0;
        let _turn = self.take_turn()?;
        let known = self.reload()?;
        // What was written since then went through marks; a stage that changed meanwhile is another matter.
        self.change_in_turn(&known, area, to, reason, is_equal && known.of(area) == before)
    }

    fn change_in_turn(&self, known: &Known, area: Area, to: Stage, reason: &str, is_equal: bool) -> Result<AreaStage> {
        let from = known.of(area).stage;
        if from.next() != Some(to) && from.previous() != Some(to) {
            return Err(Error::NoSuchStep { area, from, to });
        }
        match (from, to) {
            (Stage::Files, _) | (Stage::Database, Stage::DualDatabase) => {
                let next = known.with(area, to);
                let is_equal = self.repair_as(&next, area, true)?.is_equal;
                self.require_equal(&next, area, is_equal)?;
            }
            (Stage::DualFiles, Stage::Files) => self.forget_marks(known, area)?,
            (Stage::DualFiles | Stage::DualDatabase, _) => self.require_equal(known, area, is_equal)?,
            (Stage::Database | Stage::Archived, _) => {}
        }
        self.record(known, area, to, reason)
    }

    /// Steps back when reads have found more mismatches than allowed. The turn is held.
    pub(super) fn check_budget(&self, known: &Known, area: Area) -> Result<()> {
        let Some(budget) = self.options.budget else { return Ok(()) };
        let count = read(self.database(), |repositories| Ok(repositories.cutover()?.count_mismatches(area)?))?;
        let stage = known.of(area).stage;
        let (true, Some(to)) = (count > budget && stage.is_dual(), stage.previous()) else { return Ok(()) };
        // What leads now holds the truth; the files lead only when they have it.
        self.repair_as(known, area, stage == Stage::DualDatabase)?;
        let reason = format!("{count} mismatches, {budget} allowed");
        self.change_in_turn(known, area, to, &reason, false)?;
        Ok(())
    }

    /// Makes sure that no mark is left and, unless that is known, that nothing differs.
    fn require_equal(&self, known: &Known, area: Area, is_equal: bool) -> Result<()> {
        let leader = known.of(area).stage.leader();
        drain(self, known, leader, true)?;
        let dirty = read(self.side(leader), |repositories| Ok(repositories.cutover()?.count_dirty(area)?))?;
        if dirty > 0 {
            return Err(Error::StillDirty { area, count: dirty });
        }
        if is_equal {
            return keep(self, area, &[], true);
        }
        let found = compare_area(self, area, self.now())?;
        keep(self, area, &found.mismatches, true)?;
        if found.differences > 0 {
            return Err(Error::StillDifferent { area, count: found.differences });
        }
        Ok(())
    }

    fn forget_marks(&self, known: &Known, area: Area) -> Result<()> {
        let leader = known.of(area).stage.leader();
        write(self.side(leader), |repositories| {
            let marks = repositories.cutover()?.list_dirty(usize::MAX)?;
            let seqs: Vec<i64> = marks.iter().filter(|mark| mark.item.area == area).map(|mark| mark.seq).collect();
            Ok(repositories.cutover()?.remove_dirty(&seqs)?)
        })
    }

    /// Records the stage in the store that did not lead, then in the one that did; the second record makes it.
    fn record(&self, known: &Known, area: Area, to: Stage, reason: &str) -> Result<AreaStage> {
        let before = known.of(area);
        let leader = before.stage.leader();
        let all = copies(self.files(), self.database())?;
        let mut epoch = all.iter().find(|(of, _)| *of == area).map_or(0, |(_, copies)| copies.last_epoch());
        let since = self.now();
        let change = |epoch| StageChange {
            area,
            epoch,
            from: Some(before.stage),
            to,
            at: since,
            by: self.options.holder.clone(),
            reason: reason.to_owned(),
        };
        let save = |side, stage, epoch, change: Option<&StageChange>| {
            let record = AreaStage { area, stage, epoch, folder: self.folder().to_owned(), since };
            write(self.side(side), |repositories| {
                if let Some(change) = change {
                    repositories.cutover()?.save_change(change)?;
                }
                Ok(repositories.cutover()?.save_stage(&record)?)
            })?;
            Ok::<_, Error>(record)
        };
        if before.epoch == 0 {
            // Without a record a crash between the two below would look as if a store had been replaced.
            epoch += 1;
            save(leader, before.stage, epoch, None)?;
        }
        epoch += 1;
        save(leader.other(), to, epoch, None)?;
        let change = change(epoch);
        let made = save(leader, to, epoch, Some(&change))?;
        self.reload()?;
        if leader == Side::Files {
            // The history is read from the database.
            write(self.database(), |repositories| Ok(repositories.cutover()?.save_change(&change)?))?;
        }
        Ok(made)
    }
}
