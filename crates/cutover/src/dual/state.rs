//! Where the areas are, as both stores say it.

use crate::error::{Error, Result};
use crate::transact::read;
use landfast_domain::Store;
use landfast_domain::cutover::{Area, AreaStage, Side, Stage};

/// Where an area is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownStage {
    /// The area.
    pub area: Area,
    /// Its stage.
    pub stage: Stage,
    /// Number of the record that says so; 0 when nothing was ever recorded.
    pub epoch: i64,
    /// The folder that was recorded; empty without one.
    pub folder: String,
}

/// Where all areas are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known {
    areas: Vec<KnownStage>,
}

impl Known {
    pub(super) fn of(&self, area: Area) -> KnownStage {
        let unknown = KnownStage { area, stage: Stage::Database, epoch: 0, folder: String::new() };
        self.areas.iter().find(|known| known.area == area).cloned().unwrap_or(unknown)
    }

    /// The same with an area at another stage.
    pub(super) fn with(&self, area: Area, stage: Stage) -> Self {
        let mut other = self.clone();
        for known in other.areas.iter_mut().filter(|known| known.area == area) {
            known.stage = stage;
        }
        other
    }
}

/// The records of both stores about an area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copies {
    /// What is recorded beside the files.
    pub files: Option<AreaStage>,
    /// What is recorded in the database.
    pub database: Option<AreaStage>,
}

impl Copies {
    /// The record that holds.
    ///
    /// A change of the stage is recorded first in the store that did not lead before it, then in the one that
    /// did; the second record is what makes it. So a store's record decides when it says that this store leads,
    /// and when both say so of themselves, the older one decides: the newer change was not finished.
    ///
    /// # Errors
    /// [`Error::StagesDisagree`] when each record names the other store: one of the stores was replaced.
    pub fn decide(&self, area: Area) -> Result<Option<&AreaStage>> {
        let own = |copy: &Option<AreaStage>, side: Side| copy.as_ref().is_some_and(|copy| copy.stage.leader() == side);
        match (&self.files, &self.database) {
            (None, None) => Ok(None),
            (Some(files), Some(database)) if own(&self.files, Side::Files) && own(&self.database, Side::Database) => {
                Ok(Some(if files.epoch <= database.epoch { files } else { database }))
            }
            (Some(files), _) if own(&self.files, Side::Files) => Ok(Some(files)),
            (_, Some(database)) if own(&self.database, Side::Database) => Ok(Some(database)),
            (files, database) => {
                let text = |copy: &Option<AreaStage>| match copy {
                    Some(copy) => format!("{} ({})", copy.stage, copy.epoch),
                    None => "nothing".to_owned(),
                };
                Err(Error::StagesDisagree { area, files: text(files), database: text(database) })
            }
        }
    }

    /// Whether both say the same.
    #[must_use]
    pub fn agree(&self) -> bool {
        let said = |copy: &Option<AreaStage>| copy.as_ref().map(|copy| (copy.epoch, copy.stage));
        said(&self.files) == said(&self.database)
    }

    pub(super) fn last_epoch(&self) -> i64 {
        let epoch = |copy: &Option<AreaStage>| copy.as_ref().map_or(0, |copy| copy.epoch);
        epoch(&self.files).max(epoch(&self.database))
    }
}

/// How often records are read that change meanwhile.
const TRIES: usize = 100;

/// Reads the records of both stores, as they stood at one moment. Files that cannot be read are in the way of nothing when the database says
/// that they are not used any more.
pub(super) fn copies(files: &dyn Store, database: &dyn Store) -> Result<Vec<(Area, Copies)>> {
    let all = |store: &dyn Store| {
        read(store, |repositories| {
            Area::ALL.into_iter().map(|area| Ok(repositories.cutover()?.stage(area)?)).collect::<Result<Vec<_>>>()
        })
    };
    let mut of_database = all(database)?;
    for _ in 0..TRIES {
        let unused = of_database
            .iter()
            .all(|copy| copy.as_ref().is_some_and(|copy| matches!(copy.stage, Stage::Database | Stage::Archived)));
        let of_files = match all(files) {
            Err(_) if unused => vec![None; Area::ALL.len()],
            other => other?,
        };
        // A change between the two reads would show one record from before it and one from after it.
        let again = all(database)?;
        if again == of_database {
            let both = of_files.into_iter().zip(of_database);
            let copies = both.map(|(files, database)| Copies { files, database });
            return Ok(Area::ALL.into_iter().zip(copies).collect());
        }
        of_database = again;
    }
    Err(Error::Store(landfast_domain::Error::Busy {
        what: "the stage of an area".to_owned(),
        holder: "who changes it again and again".to_owned(),
    }))
}

/// Where all areas are. `fallback`: the stage of those nobody ever recorded.
pub(super) fn load(files: &dyn Store, database: &dyn Store, fallback: &dyn Fn(Area) -> Stage) -> Result<Known> {
    let mut areas = Vec::new();
    for (area, copies) in copies(files, database)? {
        let decided = copies.decide(area)?;
        areas.push(KnownStage {
            area,
            stage: decided.map_or_else(|| fallback(area), |copy| copy.stage),
            epoch: decided.map_or(0, |copy| copy.epoch),
            folder: decided.map_or_else(String::new, |copy| copy.folder.clone()),
        });
    }
    Ok(Known { areas })
}

#[cfg(test)]
mod tests {
    use super::*;
    use landfast_domain::time::Timestamp;

    fn copy(stage: Stage, epoch: i64) -> Option<AreaStage> {
        let since = Timestamp::parse("2026-01-02 03:04").unwrap();
        Some(AreaStage { area: Area::Tasks, stage, epoch, folder: String::new(), since })
    }

    #[test]
    fn every_crash_between_the_two_records_of_a_change_leaves_one_that_holds() {
        let neighbours = Stage::ALL.windows(2).flat_map(|pair| [(pair[0], pair[1]), (pair[1], pair[0])]);
        for (from, to) in neighbours {
            // The store that did not lead is written first.
            let (new, old) = (copy(to, 8), copy(from, 7));
            let between = match from.leader() {
                Side::Files => Copies { files: old, database: new },
                Side::Database => Copies { files: new, database: old },
            };
            let decided = between.decide(Area::Tasks).unwrap().unwrap();
            assert_eq!((decided.stage, decided.epoch), (from, 7), "{from} to {to}");
            assert!(!between.agree());
            let after = Copies { files: copy(to, 8), database: copy(to, 8) };
            assert_eq!(after.decide(Area::Tasks).unwrap().unwrap().stage, to);
            assert!(after.agree());
        }
    }

    #[test]
    fn a_store_that_was_replaced_is_noticed() {
        for (files, database) in [
            (copy(Stage::DualDatabase, 3), copy(Stage::DualFiles, 3)),
            (copy(Stage::Database, 3), None),
            (None, copy(Stage::Files, 3)),
        ] {
            let error = Copies { files, database }.decide(Area::Tasks).unwrap_err();
            assert!(matches!(error, Error::StagesDisagree { .. }), "{error}");
        }
        assert_eq!(Copies { files: None, database: None }.decide(Area::Tasks).unwrap(), None);
    }
}
