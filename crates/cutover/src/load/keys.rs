//! Keys that rows of other sources have already.

use crate::bytes::{Print, print_of};
use crate::error::Result;
use crate::rows::Cursor;
use landfast_domain::Repositories;
use landfast_domain::accounts::UserId;
use landfast_domain::record::{Record, RecordKey};
use std::collections::{HashMap, HashSet};

/// Finds free keys for records whose key is taken by a row of another source.
///
/// Remembers where it stopped for each id, so that a thousand records with one id do not ask a million
/// times.
#[derive(Debug, Default)]
pub(super) struct FreeKeys {
    next: Occurrences,
}

/// For each id, the occurrence to try next.
pub(super) type Occurrences = HashMap<String, u64>;

impl FreeKeys {
    /// The wanted key, or the next occurrence of the id that is free. `found` takes up what is to be
    /// remembered once the keys are really used.
    pub(super) fn find(
        &self,
        found: &mut Occurrences,
        wanted: &RecordKey,
        identity: &str,
        mut is_taken: impl FnMut(&RecordKey) -> Result<bool>,
    ) -> Result<RecordKey> {
        if !is_taken(wanted)? {
            return Ok(wanted.clone());
        }
        let mut occurrence = found.get(identity).or_else(|| self.next.get(identity)).copied().unwrap_or(2);
        loop {
            let key = RecordKey::nth(identity, occurrence);
            occurrence += 1;
            if !is_taken(&key)? {
                found.insert(identity.to_owned(), occurrence);
                return Ok(key);
            }
        }
    }

    /// Remembers what [`FreeKeys::find`] found.
    pub(super) fn remember(&mut self, found: Occurrences) {
        self.next.extend(found);
    }
}

/// Keys of one kind that are in the database or were planned, each with the document it came from.
///
/// Sixteen bytes and a number are kept for each.
#[derive(Debug, Default)]
pub(crate) struct TakenKeys {
    owners: HashMap<Print, i64>,
}

impl TakenKeys {
    /// No document: the row was made in Landfast.
    const NOBODY: i64 = 0;

    /// Reads the keys of all rows of a kind.
    pub(crate) fn read<R: Record>(repositories: &mut dyn Repositories, user: &UserId) -> Result<Self> {
        let mut owners = HashMap::new();
        if R::repository(repositories).count(user)? > 0 {
            let mut cursor = Cursor::<R>::new(user, None);
            while let Some(placed) = cursor.next(repositories)? {
                let owner = placed.source.map_or(Self::NOBODY, |source| source.document.0);
                owners.insert(print_of(placed.record.key().as_str()), owner);
            }
        }
        Ok(Self { owners })
    }

    /// Whether a document other than `own` has the key.
    pub(super) fn is_taken(&self, key: &RecordKey, own: &HashSet<i64>) -> bool {
        self.owners.get(&print_of(key.as_str())).is_some_and(|owner| !own.contains(owner))
    }

    pub(super) fn give(&mut self, key: &RecordKey, owner: i64) {
        self.owners.insert(print_of(key.as_str()), owner);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_free_occurrence_is_taken() {
        let mut free = FreeKeys::default();
        let taken = ["a", "a~2", "a~4"];
        let mut given: Vec<String> = Vec::new();
        for wanted in ["a", "a~2", "b", "a~3"] {
            let mut found = Occurrences::new();
            let is_taken =
                |key: &RecordKey| Ok(taken.contains(&key.as_str()) || given.iter().any(|given| given == key.as_str()));
            let key = free.find(&mut found, &wanted.into(), wanted.split('~').next().unwrap(), is_taken).unwrap();
            free.remember(found);
            given.push(key.to_string());
        }
        assert_eq!(given, ["a~3", "a~5", "b", "a~6"]);
    }
}
