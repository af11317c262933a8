//! Users, and the records of the tasks area.

use super::{Differ, Fields, Table, compare_fields, field, join, part, split};
use landfast_domain::accounts::UserId;
use landfast_domain::cutover::Area;
use landfast_domain::record::{Placed, Record};
use landfast_domain::tasks::{
    Emotion, Job, JobTask, LegacyRow, Note, PopupResponse, PopupTrigger, Preference, SurveyResponse, Task, TaskInstance,
};
use landfast_domain::{Repositories, Result};
use std::any::TypeId;
use std::collections::{BTreeMap, BTreeSet};
use std::marker::PhantomData;

/// Records read at a time.
const PAGE: usize = 1000;

/// Users, then all kinds of records.
pub(in super::super) fn record_tables() -> Vec<Box<dyn Table>> {
    fn of<R: Record>() -> Box<dyn Table> {
        Box::new(Records::<R>(PhantomData))
    }
    vec![
        Box::new(Users),
        of::<Task>(),
        of::<TaskInstance>(),
        of::<Emotion>(),
        of::<Preference>(),
        of::<SurveyResponse>(),
        of::<Note>(),
        of::<Job>(),
        of::<JobTask>(),
        of::<PopupTrigger>(),
        of::<PopupResponse>(),
        of::<LegacyRow>(),
    ]
}

/// Users but the guest, whom every store has.
struct Users;

impl Table for Users {
    fn area(&self) -> Area {
        Area::Tasks
    }

    fn name(&self) -> &'static str {
        "user"
    }

    fn keys(&self, repositories: &mut dyn Repositories) -> Result<Vec<(String, String)>> {
        let users = repositories.accounts().list()?;
        let others = users.iter().filter(|user| user.id != UserId::guest());
        Ok(others.map(|user| (String::new(), join(&[user.id.as_str()]))).collect())
    }

    fn fields(&self, repositories: &mut dyn Repositories, _user: &str, key: &str) -> Result<Option<Fields>> {
        let id = UserId::new(part(&split(key)?, 0))?;
        let user = repositories.accounts().get(&id)?;
        Ok(user.map(|user| vec![("name".to_owned(), user.name), field("created_at", user.created_at)]))
    }

    fn put(&self, source: &mut dyn Repositories, target: &mut dyn Repositories, _user: &str, key: &str) -> Result<()> {
        let id = UserId::new(part(&split(key)?, 0))?;
        let replaced = target.accounts().delete(&id)?;
        if let Some(user) = source.accounts().get(&id)? {
            target.accounts().insert(&user)?;
            if replaced {
                // The records went with the user.
                for table in record_tables().iter().skip(1) {
                    table.copy_all(source, target, id.as_str())?;
                }
            }
        }
        Ok(())
    }
}

struct Records<R>(PhantomData<fn() -> R>);

/// Rows without a table of their own have the keys their order gives, so that only all of them together can be
/// compared.
fn has_own_keys<R: Record>() -> bool {
    TypeId::of::<R>() != TypeId::of::<LegacyRow>()
}

/// What a record says. An unknown column with an empty cell says as much as none: all records of a file have the
/// same columns.
fn cells<R: Record>(record: &R) -> Fields {
    let known = R::COLUMNS.iter().enumerate().map(|(n, column)| (column.name.to_owned(), record.cell(n).to_owned()));
    let extra: BTreeMap<&String, &String> = record.extra().iter().map(|(name, text)| (name, text)).collect();
    let extra = extra.into_iter().filter(|(_, text)| !text.is_empty());
    known.chain(extra.map(|(name, text)| (name.clone(), text.clone()))).collect()
}

fn page<R: Record>(repositories: &mut dyn Repositories, user: &UserId, after: Option<i64>) -> Result<Vec<Placed<R>>> {
    R::repository(repositories).page(user, after, PAGE)
}

/// All records of a user.
fn all<R: Record>(repositories: &mut dyn Repositories, user: &UserId) -> Result<Vec<Placed<R>>> {
    R::repository(repositories).page(user, None, usize::MAX)
}

impl<R: Record> Records<R> {
    /// Whether both lists are the same, read page by page, and how long the first one is.
    fn is_same(
        &self,
        first: &mut dyn Repositories,
        second: &mut dyn Repositories,
        user: &UserId,
    ) -> Result<(bool, u64)> {
        let (mut after_a, mut after_b) = (None, None);
        let (mut a, mut b): (Vec<Placed<R>>, Vec<Placed<R>>) = (Vec::new(), Vec::new());
        let count = R::repository(first).count(user)?;
        if count != R::repository(second).count(user)? {
            return Ok((false, count));
        }
        let mut left = count;
        while left > 0 {
            if a.is_empty() {
                a = page(first, user, after_a)?;
                after_a = a.last().map(|placed| placed.position).or(after_a);
            }
            if b.is_empty() {
                b = page(second, user, after_b)?;
                after_b = b.last().map(|placed| placed.position).or(after_b);
            }
            let length = a.len().min(b.len());
            if length == 0 {
                // Records at one position can be torn apart by a page; they are compared another way.
                return Ok((false, count));
            }
            let same = a.iter().zip(&b).all(|(a, b)| {
                (!has_own_keys::<R>() || a.record.key() == b.record.key()) && cells(&a.record) == cells(&b.record)
            });
            if !same {
                return Ok((false, count));
            }
            left = left.saturating_sub(crate::bytes::to_u64(length));
            a.drain(..length);
            b.drain(..length);
        }
        Ok((true, count))
    }
}

impl<R: Record> Table for Records<R> {
    fn area(&self) -> Area {
        Area::Tasks
    }

    fn name(&self) -> &'static str {
        R::ENTITY
    }

    fn keys(&self, repositories: &mut dyn Repositories) -> Result<Vec<(String, String)>> {
        let mut keys = Vec::new();
        for user in repositories.accounts().list()? {
            let records = R::repository(repositories).list(&user.id)?;
            keys.extend(records.iter().map(|record| (user.id.to_string(), join(&[record.key().as_str()]))));
        }
        Ok(keys)
    }

    fn fields(&self, repositories: &mut dyn Repositories, user: &str, key: &str) -> Result<Option<Fields>> {
        let key = part(&split(key)?, 0).into();
        Ok(R::repository(repositories).get(&UserId::new(user)?, &key)?.as_ref().map(cells))
    }

    fn put(&self, source: &mut dyn Repositories, target: &mut dyn Repositories, user: &str, key: &str) -> Result<()> {
        let (owner, key) = (UserId::new(user)?, part(&split(key)?, 0).into());
        match R::repository(source).get(&owner, &key)? {
            None => R::repository(target).delete(&owner, &key).map(drop),
            Some(record) => match R::repository(target).get(&owner, &key)? {
                None => R::repository(target).insert(&owner, &record),
                Some(_) => R::repository(target).update(&owner, &record),
            },
        }
    }

    fn copy_all(&self, source: &mut dyn Repositories, target: &mut dyn Repositories, user: &str) -> Result<()> {
        let owner = UserId::new(user)?;
        if self.is_same(source, target, &owner)?.0 {
            return Ok(());
        }
        let from = all::<R>(source, &owner)?;
        let mut there: BTreeMap<String, Placed<R>> = BTreeMap::new();
        for placed in all::<R>(target, &owner)? {
            there.insert(placed.record.key().to_string(), placed);
        }
        let wanted: BTreeSet<&str> = from.iter().map(|placed| placed.record.key().as_str()).collect();
        let repository = R::repository(target);
        for (key, placed) in &there {
            if !has_own_keys::<R>() || !wanted.contains(key.as_str()) {
                repository.delete(&owner, placed.record.key())?;
            }
        }
        for placed in &from {
            match there.get(placed.record.key().as_str()).filter(|_| has_own_keys::<R>()) {
                None => repository.insert(&owner, &placed.record)?,
                Some(old) if cells(&old.record) != cells(&placed.record) => {
                    repository.update(&owner, &placed.record)?;
                }
                Some(_) => {}
            }
        }
        let order =
            |list: &[Placed<R>]| -> Vec<String> { list.iter().map(|placed| placed.record.key().to_string()).collect() };
        if has_own_keys::<R>() && order(&from) != order(&repository.page(&owner, None, usize::MAX)?) {
            for placed in &from {
                let key = placed.record.key();
                let provenance = there.get(key.as_str()).and_then(|old| old.source);
                repository.place(&owner, key, placed.position, provenance)?;
            }
        }
        Ok(())
    }

    fn is_in_order(
        &self,
        source: &mut dyn Repositories,
        target: &mut dyn Repositories,
        user: &str,
        added: usize,
    ) -> Result<bool> {
        let owner = UserId::new(user)?;
        let tail = |repositories: &mut dyn Repositories| -> Result<Vec<String>> {
            let repository = R::repository(repositories);
            let after = repository.last_position(&owner)?.saturating_sub(i64::try_from(added).unwrap_or(i64::MAX));
            let records = repository.page(&owner, Some(after), added)?;
            Ok(records.iter().map(|placed| placed.record.key().to_string()).collect())
        };
        let (from, to) = (tail(source)?, tail(target)?);
        Ok(from.len() == added && from == to)
    }

    fn compare(
        &self,
        first: &mut dyn Repositories,
        second: &mut dyn Repositories,
        owners: &BTreeSet<String>,
        differ: &mut Differ<'_>,
    ) -> Result<u64> {
        let mut compared = 0;
        for user in owners {
            let owner = UserId::new(user.as_str())?;
            let (is_same, count) = self.is_same(first, second, &owner)?;
            compared += count;
            if is_same {
                continue;
            }
            let name = |number: usize, record: &R| {
                if has_own_keys::<R>() { join(&[record.key().as_str()]) } else { join(&[&number.to_string()]) }
            };
            let listed = |list: Vec<Placed<R>>| -> Vec<(String, Fields)> {
                list.iter().enumerate().map(|(n, placed)| (name(n, &placed.record), cells(&placed.record))).collect()
            };
            let (a, b) = (listed(all(first, &owner)?), listed(all(second, &owner)?));
            let mut of_b: BTreeMap<&String, &Fields> = b.iter().map(|(key, fields)| (key, fields)).collect();
            for (key, fields) in &a {
                let other = of_b.remove(key).cloned();
                compare_fields(user, key, Some(fields.clone()), other, differ)?;
            }
            for (key, fields) in of_b {
                compare_fields(user, key, None, Some(fields.clone()), differ)?;
            }
            let in_both = |list: &[(String, Fields)], other: &[(String, Fields)]| -> Vec<String> {
                let known: BTreeSet<&String> = other.iter().map(|(key, _)| key).collect();
                list.iter().map(|(key, _)| key).filter(|key| known.contains(key)).cloned().collect()
            };
            let (order_a, order_b) = (in_both(&a, &b), in_both(&b, &a));
            if let Some((x, y)) = order_a.iter().zip(&order_b).find(|(x, y)| x != y) {
                differ(user, landfast_domain::cutover::WHOLE_TABLE, "order", Some(x.clone()), Some(y.clone()))?;
            }
        }
        Ok(compared)
    }
}
