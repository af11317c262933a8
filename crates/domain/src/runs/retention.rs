//! Removing old runs. Only final ones go, and only those that ended strictly before the limit; runs whose end
//! nobody knows stay. What becomes of their directories is the caller's business.

use super::{Run, RunRepository};
use crate::Result;
use crate::instant::earlier;
use crate::time::Timestamp;
use std::time::Duration;

/// Runs that are older than `age`, by the bytes of the id; `limit` at most. Nothing is written.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn plan(repository: &mut dyn RunRepository, age: Duration, now: Timestamp, limit: usize) -> Result<Vec<Run>> {
    repository.list_ended_before(earlier(now, age), None, limit)
}

/// Removes what [`plan`] shows and gives it back. Repeat until nothing is given back.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn delete_older(
    repository: &mut dyn RunRepository,
    age: Duration,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<Run>> {
    let runs = plan(repository, age, now, limit)?;
    for run in &runs {
        repository.delete(&run.id)?;
    }
    Ok(runs)
}
