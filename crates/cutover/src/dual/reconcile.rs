//! Making files and database equal again after they went different ways.

use super::DualStore;
use super::compare::{both, compare_area, item_of};
use super::items::{Fields, tables};
use super::mirror::copy_items;
use crate::error::Result;
use landfast_domain::cutover::{Area, ItemKey, Mismatch, Side, WHOLE_TABLE};
use landfast_domain::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// An item in which files and database differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The item.
    pub item: ItemKey,
    /// Its fields that differ.
    pub fields: Vec<Mismatch>,
    /// The latest time that the files' version names, if any.
    pub files_time: Option<Timestamp>,
    /// The latest time that the database's version names, if any.
    pub database_time: Option<Timestamp>,
}

impl Difference {
    /// The side whose version names the later time. Of an item that only one side has it is that side, so that
    /// nothing is removed; `None` when the times do not tell.
    #[must_use]
    pub fn newest(&self) -> Option<Side> {
        if let [only] = self.fields.as_slice()
            && only.field.is_empty()
        {
            return Some(if only.files.is_some() { Side::Files } else { Side::Database });
        }
        match (self.files_time, self.database_time) {
            (Some(files), Some(database)) if files > database => Some(Side::Files),
            (Some(files), Some(database)) if files < database => Some(Side::Database),
            (Some(_), None) => Some(Side::Files),
            (None, Some(_)) => Some(Side::Database),
            _ => None,
        }
    }
}

/// What a reconciliation did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Items that were taken from the files.
    pub from_files: u64,
    /// Items that were taken from the database.
    pub from_database: u64,
    /// Items nobody decided about; they still differ.
    pub undecided: u64,
}

impl DualStore {
    /// Items of an area in which files and database differ, whatever its stage; writes nothing.
    ///
    /// # Errors
    /// [`crate::Error::Store`].
    pub fn differences(&self, area: Area) -> Result<Vec<Difference>> {
        let found = compare_area(self, area, self.now())?;
        let mut by_item: BTreeMap<ItemKey, Vec<Mismatch>> = BTreeMap::new();
        for mismatch in found.mismatches {
            by_item.entry(item_of(&mismatch)).or_default().push(mismatch);
        }
        let tables = tables();
        both(self, |files, database| {
            let mut differences = Vec::new();
            for (item, fields) in &by_item {
                let table = tables.iter().find(|table| table.name() == item.table);
                let table = table.filter(|_| item.key != WHOLE_TABLE);
                let (files_time, database_time) = match table {
                    Some(table) => (
                        latest(table.fields(files, &item.user, &item.key)?),
                        latest(table.fields(database, &item.user, &item.key)?),
                    ),
                    None => (None, None),
                };
                let (item, fields) = (item.clone(), fields.clone());
                differences.push(Difference { item, fields, files_time, database_time });
            }
            Ok(differences)
        })
    }

    /// Gives each differing item of an area the version of the side that `decide` names; without one it stays.
    ///
    /// Writers wait. A crash leaves some items merged and the others as they were; the same call goes on.
    ///
    /// # Errors
    /// [`crate::Error::Store`], for instance when one side cannot hold what the other says.
    pub fn reconcile(
        &self,
        area: Area,
        decide: &mut dyn FnMut(&Difference) -> Result<Option<Side>>,
    ) -> Result<Reconciled> {
        let _turn = self.take_turn()?;
        let mut done = Reconciled::default();
        let mut sides: BTreeMap<bool, BTreeSet<ItemKey>> = BTreeMap::new();
        for difference in self.differences(area)? {
            match decide(&difference)? {
                None => done.undecided += 1,
                Some(side) => {
                    // An account is removed by nobody but its owner.
                    let is_account = difference.item.table == "user";
                    let side = difference.newest().filter(|_| is_account).unwrap_or(side);
                    sides.entry(side == Side::Files).or_default().insert(difference.item);
                }
            }
        }
        for (from_files, items) in sides {
            let side = if from_files { Side::Files } else { Side::Database };
            copy_items(self, side, &items)?;
            let count = crate::bytes::to_u64(items.len());
            if from_files { done.from_files += count } else { done.from_database += count }
        }
        Ok(done)
    }
}

/// The latest time among the fields of an item.
fn latest(fields: Option<Fields>) -> Option<Timestamp> {
    fields?.iter().filter_map(|(_, text)| Timestamp::parse(text.trim())).max()
}
