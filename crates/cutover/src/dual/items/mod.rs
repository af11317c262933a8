//! What is copied and compared as one piece: a record, a document with its rows, a job, a run.

mod delivery;
mod records;
mod rest;

use landfast_domain::cutover::{Area, ItemKey, WHOLE_TABLE};
use landfast_domain::{Error, Repositories, Result};
use std::collections::BTreeSet;

pub(super) use records::record_tables;

/// Named texts of an item. Equal fields mean equal items.
pub(super) type Fields = Vec<(String, String)>;

/// Takes a difference: owner, key, field, what the first store says, what the second says.
pub(super) type Differ<'d> = dyn FnMut(&str, &str, &str, Option<String>, Option<String>) -> Result<()> + 'd;

/// A kind of item.
pub(super) trait Table: Sync {
    fn area(&self) -> Area;
    /// Name in marks and mismatches.
    fn name(&self) -> &'static str;
    /// Owner and key of every item.
    fn keys(&self, repositories: &mut dyn Repositories) -> Result<Vec<(String, String)>>;
    /// What an item says; `None` when there is none.
    fn fields(&self, repositories: &mut dyn Repositories, user: &str, key: &str) -> Result<Option<Fields>>;
    /// Gives `target` what `source` has, or takes from it what `source` has not. The items differ.
    fn put(&self, source: &mut dyn Repositories, target: &mut dyn Repositories, user: &str, key: &str) -> Result<()>;

    /// Makes an item of `target` say what that of `source` says. Tells whether it was added.
    fn copy(
        &self,
        source: &mut dyn Repositories,
        target: &mut dyn Repositories,
        user: &str,
        key: &str,
    ) -> Result<bool> {
        let (from, to) = (self.fields(source, user, key)?, self.fields(target, user, key)?);
        if from == to {
            return Ok(false);
        }
        self.put(source, target, user, key)?;
        Ok(to.is_none())
    }

    /// Makes all items of an owner equal, their order included.
    fn copy_all(&self, source: &mut dyn Repositories, target: &mut dyn Repositories, user: &str) -> Result<()> {
        let mut keys: BTreeSet<(String, String)> = self.keys(source)?.into_iter().collect();
        keys.extend(self.keys(target)?);
        for (owner, key) in keys.iter().filter(|(owner, _)| owner == user) {
            self.copy(source, target, owner, key)?;
        }
        Ok(())
    }

    /// Whether the last items of an owner, so many of which were just added, stand in the same order.
    fn is_in_order(
        &self,
        _source: &mut dyn Repositories,
        _target: &mut dyn Repositories,
        _user: &str,
        _added: usize,
    ) -> Result<bool> {
        Ok(true)
    }

    /// Hands over every difference between two stores. `owners`: the users of both.
    fn compare(
        &self,
        first: &mut dyn Repositories,
        second: &mut dyn Repositories,
        _owners: &BTreeSet<String>,
        differ: &mut Differ<'_>,
    ) -> Result<u64> {
        let mut keys: BTreeSet<(String, String)> = self.keys(first)?.into_iter().collect();
        keys.extend(self.keys(second)?);
        for (user, key) in &keys {
            let (a, b) = (self.fields(first, user, key)?, self.fields(second, user, key)?);
            compare_fields(user, key, a, b, differ)?;
        }
        Ok(crate::bytes::to_u64(keys.len()))
    }
}

/// All kinds: what others belong to comes first.
pub(super) fn tables() -> Vec<Box<dyn Table>> {
    let mut all = record_tables();
    all.extend(delivery::tables());
    all.extend(rest::tables());
    all
}

/// Kinds of an area.
pub(super) fn tables_of(area: Area) -> impl Iterator<Item = Box<dyn Table>> {
    tables().into_iter().filter(move |table| table.area() == area)
}

/// Hands over the fields in which two items differ.
pub(super) fn compare_fields(
    user: &str,
    key: &str,
    first: Option<Fields>,
    second: Option<Fields>,
    differ: &mut Differ<'_>,
) -> Result<()> {
    match (first, second) {
        (None, None) => Ok(()),
        (Some(a), None) => differ(user, key, "", Some(in_words(&a)), None),
        (None, Some(b)) => differ(user, key, "", None, Some(in_words(&b))),
        (Some(a), Some(b)) => {
            if a == b {
                return Ok(());
            }
            let find = |fields: &Fields, name: &str| {
                fields.iter().find(|(field, _)| field == name).map(|(_, text)| text.clone())
            };
            for (name, text) in &a {
                let other = find(&b, name);
                if other.as_ref() != Some(text) {
                    differ(user, key, name, Some(text.clone()), other)?;
                }
            }
            for (name, text) in b.iter().filter(|(name, _)| find(&a, name).is_none()) {
                differ(user, key, name, None, Some(text.clone()))?;
            }
            Ok(())
        }
    }
}

/// An item that only one store has, as a text.
fn in_words(fields: &Fields) -> String {
    let object: serde_json::Map<String, serde_json::Value> = fields
        .iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| (name.clone(), serde_json::Value::String(text.clone())))
        .collect();
    serde_json::Value::Object(object).to_string()
}

/// A key of several parts as one text, whatever characters they hold.
pub(super) fn join(parts: &[&str]) -> String {
    serde_json::Value::from(parts.to_vec()).to_string()
}

/// The parts of [`join`].
pub(super) fn split(key: &str) -> Result<Vec<String>> {
    serde_json::from_str(key).map_err(|_| Error::Corrupt {
        entity: "cutover mark",
        key: key.to_owned(),
        column: "item_key".to_owned(),
        value: key.to_owned(),
    })
}

/// The only part, or the one with this number.
pub(super) fn part(parts: &[String], number: usize) -> &str {
    parts.get(number).map_or("", String::as_str)
}

/// A mark for an item.
pub(super) fn item(area: Area, table: &str, user: &str, parts: &[&str]) -> ItemKey {
    ItemKey::new(area, table, user, join(parts))
}

/// A mark for all items of an owner.
pub(super) fn whole(area: Area, table: &str, user: &str) -> ItemKey {
    ItemKey::new(area, table, user, WHOLE_TABLE)
}

/// A field made of whatever can be shown.
fn field(name: &str, value: impl std::fmt::Debug) -> (String, String) {
    (name.to_owned(), format!("{value:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_any_characters_come_apart_again() {
        let parts = ["a/b", "\u{0}\"*", ""];
        assert_eq!(split(&join(&parts)).unwrap(), parts);
        assert!(split(WHOLE_TABLE).is_err() && join(&["*"]) != WHOLE_TABLE);
    }

    #[test]
    fn tables_have_names_of_their_own() {
        let names: BTreeSet<_> = tables().iter().map(|table| table.name()).collect();
        assert_eq!(names.len(), tables().len());
    }
}
