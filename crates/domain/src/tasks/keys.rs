//! Keys in the legacy form, made unique.

use crate::accounts::UserId;
use crate::record::{Record, RecordKey};
use crate::time::Timestamp;
use crate::{Repositories, Result};

/// First free key of the form prefix + Unix seconds of `time`, counting up while taken.
///
/// Templates use the prefix `t`, instances `i`, jobs `j`. The legacy program gave the same id to two
/// records made within a second; here the second one gets the next number. `time` is read as if it
/// were UTC: keys only have to be unique and roughly in the order of creation.
///
/// ```text
/// 2025-12-21 20:31:05 -> t1766349065, t1766349066 when that is taken
/// ```
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn unused_key<R: Record>(
    repositories: &mut dyn Repositories,
    user: &UserId,
    prefix: &str,
    time: Timestamp,
) -> Result<RecordKey> {
    count_up::<R>(repositories, user, prefix, time.naive().and_utc().timestamp())
}

/// First free key of the form prefix + Unix milliseconds of `time`, counting up while taken.
///
/// Survey answers use the prefix `srv-`, free notes `note-`.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn unused_millis_key<R: Record>(
    repositories: &mut dyn Repositories,
    user: &UserId,
    prefix: &str,
    time: Timestamp,
) -> Result<RecordKey> {
    count_up::<R>(repositories, user, prefix, time.naive().and_utc().timestamp_millis())
}

fn count_up<R: Record>(
    repositories: &mut dyn Repositories,
    user: &UserId,
    prefix: &str,
    first: i64,
) -> Result<RecordKey> {
    let mut number = first;
    loop {
        let key = RecordKey::new(format!("{prefix}{number}"));
        if R::repository(repositories).get(user, &key)?.is_none() {
            return Ok(key);
        }
        number += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tasks::testing::{Memory, at, user};
    use crate::tasks::{NewTask, Task, templates};

    #[test]
    fn a_taken_second_counts_up_and_users_do_not_meet() {
        let mut memory = Memory::default();
        let now = at("2025-12-21 20:31:05");
        for expected in ["t1766349065", "t1766349066", "t1766349067"] {
            let key = unused_key::<Task>(&mut memory, &user(), "t", now).unwrap();
            assert_eq!(key.as_str(), expected);
            templates::create(&mut memory, &user(), NewTask::named("Sweep"), key, now).unwrap();
        }
        let other = UserId::new("other").unwrap();
        assert_eq!(unused_key::<Task>(&mut memory, &other, "t", now).unwrap().as_str(), "t1766349065");
    }

    #[test]
    fn milliseconds_are_whole() {
        let now = at("1970-01-01 00:00:01.234999");
        let key = unused_millis_key::<Task>(&mut Memory::default(), &user(), "note-", now).unwrap();
        assert_eq!(key.as_str(), "note-1234");
    }
}
