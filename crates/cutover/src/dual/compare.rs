//! Comparing both stores.

use super::DualStore;
use super::items::{compare_fields, tables, tables_of, whole};
use crate::error::{Error, Result};
use crate::transact::{read, write};
use landfast_domain::Repositories;
use landfast_domain::cutover::{Area, ItemKey, Mismatch, WHOLE_TABLE};
use landfast_domain::record::Record as _;
use landfast_domain::tasks::LegacyRow;
use landfast_domain::time::Timestamp;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// Differences that are kept; there may be more.
pub(super) const MOST_KEPT: usize = 10_000;

/// What a comparison of an area found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The area.
    pub area: Area,
    /// Items that were compared.
    pub items: u64,
    /// Fields that differ, at most the first 10,000.
    pub mismatches: Vec<Mismatch>,
    /// How many fields differ.
    pub differences: u64,
}

/// Compares all items of an area at one moment of each store.
pub(super) fn compare_area(store: &DualStore, area: Area, now: Timestamp) -> Result<Comparison> {
    both(store, |files, database| {
        let mut found = Comparison { area, items: 0, mismatches: Vec::new(), differences: 0 };
        let mut owners = BTreeSet::new();
        owners.extend(files.accounts().list()?.into_iter().map(|user| user.id.to_string()));
        owners.extend(database.accounts().list()?.into_iter().map(|user| user.id.to_string()));
        for table in tables_of(area) {
            let mut differ = |user: &str, key: &str, field: &str, files: Option<String>, database: Option<String>| {
                found.differences += 1;
                if found.mismatches.len() < MOST_KEPT {
                    let item = ItemKey::new(area, table.name(), user, key);
                    let field = field.to_owned();
                    found.mismatches.push(Mismatch { item, field, files, database, found_at: now });
                }
                Ok(())
            };
            found.items += table.compare(files, database, &owners, &mut differ)?;
        }
        Ok(found)
    })
}

/// Compares single items.
pub(super) fn compare_items(store: &DualStore, items: &BTreeSet<ItemKey>, now: Timestamp) -> Result<Vec<Mismatch>> {
    both(store, |files, database| {
        let tables = tables();
        let mut found = Vec::new();
        for item in items {
            let Some(table) = tables.iter().find(|table| table.name() == item.table) else { continue };
            let a = table.fields(files, &item.user, &item.key)?;
            let b = table.fields(database, &item.user, &item.key)?;
            let mut differ = |_: &str, _: &str, field: &str, files: Option<String>, database: Option<String>| {
                let (item, field) = (item.clone(), field.to_owned());
                found.push(Mismatch { item, field, files, database, found_at: now });
                Ok(())
            };
            compare_fields(&item.user, &item.key, a, b, &mut differ)?;
        }
        Ok(found)
    })
}

/// What has to be copied so that a difference is gone.
pub(super) fn item_of(mismatch: &Mismatch) -> ItemKey {
    let item = &mismatch.item;
    if item.key == WHOLE_TABLE || item.table == LegacyRow::ENTITY {
        whole(item.area, &item.table, &item.user)
    } else {
        item.clone()
    }
}

/// Replaces the mismatches of an area that the database keeps.
pub(super) fn keep(store: &DualStore, area: Area, mismatches: &[Mismatch], replace: bool) -> Result<()> {
    if mismatches.is_empty() && !replace {
        return Ok(());
    }
    let kept = read(store.database(), |repositories| Ok(repositories.cutover()?.count_mismatches(area)?))?;
    if mismatches.is_empty() && kept == 0 {
        return Ok(());
    }
    write(store.database(), |repositories| {
        if replace {
            repositories.cutover()?.clear_mismatches(area)?;
        }
        Ok(repositories.cutover()?.save_mismatches(mismatches)?)
    })
}

/// Reads both stores, always the files first.
pub(super) fn both<T>(
    store: &DualStore,
    mut work: impl FnMut(&mut dyn Repositories, &mut dyn Repositories) -> landfast_domain::Result<T>,
) -> Result<T> {
    read(store.files(), |files| {
        let files = RefCell::new(files);
        store.database().read(|database| work(&mut **files.borrow_mut(), database)).map_err(Error::Store)
    })
}
