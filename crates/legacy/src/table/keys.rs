//! Keys for the records of one kind, unique although legacy ids are not.

use landfast_domain::record::RecordKey;
use std::collections::{HashMap, HashSet};

/// Gives each record of a file its key, in file order.
///
/// The first record with an id has the id as its key, the next ones `id~2`, `id~3`, …; a number that is
/// taken, because a record has the id `id~2` itself, is left out. A record without an id has `~1`, `~2`, ….
///
/// Keys depend on the records before, so use one counter for all records of one kind and user, and show
/// it every record of the file, also those that are not loaded again when an import is resumed.
///
/// ```
/// use landfast_legacy::table::KeyCounter;
///
/// let mut keys = KeyCounter::default();
/// let ids = ["a", "a~2", "a", "", ""];
/// let given: Vec<String> = ids.iter().map(|id| keys.next_key(id.to_string()).0.to_string()).collect();
/// assert_eq!(given, ["a", "a~2", "a~3", "~1", "~2"]);
/// ```
#[derive(Debug, Clone, Default)]
pub struct KeyCounter {
    /// Records seen of each id. An id in here may be taken as a key, too.
    seen: HashMap<String, u64>,
    /// Keys given that are not ids in `seen`.
    others: HashSet<String>,
}

impl KeyCounter {
    /// Key of the next record with this id, and whether it is a twin: not the first with its id.
    pub fn next_key(&mut self, identity: String) -> (RecordKey, bool) {
        // Two ids may differ in what a key cannot hold.
        let identity = if identity.contains('\0') { RecordKey::new(identity).to_string() } else { identity };
        let mut occurrence = match self.seen.get_mut(&identity) {
            Some(count) => {
                *count += 1;
                *count
            }
            None => {
                self.seen.insert(identity.clone(), 1);
                if !identity.is_empty() && !self.others.contains(&identity) {
                    return (RecordKey::new(identity), false);
                }
                1
            }
        };
        let is_twin = occurrence > 1 && !identity.is_empty();
        loop {
            let key = RecordKey::nth(&identity, occurrence);
            let taken = self.seen.contains_key(key.as_str()) || self.others.contains(key.as_str());
            if !taken {
                self.others.insert(key.as_str().to_owned());
                self.seen.insert(identity, occurrence);
                return (key, is_twin);
            }
            occurrence += 1;
        }
    }

    /// Marks a key as taken by a record that is not in the file, so that it is not given out.
    pub fn reserve(&mut self, key: &RecordKey) {
        self.others.insert(key.as_str().to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reserved_keys_are_not_given() {
        let mut keys = KeyCounter::default();
        keys.reserve(&"a".into());
        keys.reserve(&"a~3".into());
        let given: Vec<_> = (0..3).map(|_| keys.next_key("a".to_owned()).0.to_string()).collect();
        assert_eq!(given, ["a~2", "a~4", "a~5"]);
    }

    #[test]
    fn an_id_that_looks_like_a_twin_of_an_earlier_one() {
        let mut keys = KeyCounter::default();
        let given: Vec<_> = ["a", "a", "a~2", "a~2", "a"].map(|id| keys.next_key(id.to_owned()).0.to_string()).into();
        assert_eq!(given, ["a", "a~2", "a~2~2", "a~2~3", "a~3"]);
    }

    #[test]
    fn ids_that_a_key_cannot_hold_stay_apart() {
        let mut keys = KeyCounter::default();
        let first = keys.next_key("a\0".to_owned()).0;
        let second = keys.next_key("a\u{2400}".to_owned()).0;
        assert_ne!(first, second);
    }

    proptest! {
        #[test]
        fn no_key_is_given_twice(ids in prop::collection::vec("[a~2]{0,4}", 0..40)) {
            let mut keys = KeyCounter::default();
            let mut given = HashSet::new();
            for id in ids {
                prop_assert!(given.insert(keys.next_key(id).0));
            }
        }
    }
}
