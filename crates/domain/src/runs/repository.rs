//! The contract of the runs a store keeps.

use super::{Run, RunFile, RunId, RunStatus};
use crate::Result;
use crate::time::Timestamp;

/// Which runs a list shows. Comparisons are exact.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RunFilter {
    /// Only runs with this status.
    pub status: Option<RunStatus>,
    /// Only runs with this source.
    pub source: Option<String>,
}

impl RunFilter {
    /// Whether a run passes.
    #[must_use]
    pub fn accepts(&self, run: &Run) -> bool {
        self.status.as_ref().is_none_or(|status| run.status == *status)
            && self.source.as_ref().is_none_or(|source| run.source == *source)
    }
}

/// Place in the list of runs, which is ordered by [`Run::order_key`], greatest first, ties by the bytes of the
/// id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunCursor {
    /// [`Run::order_key`] of the last run seen.
    pub order_key: i64,
    /// Its id.
    pub id: RunId,
}

impl RunCursor {
    /// Place of a run.
    #[must_use]
    pub fn of(run: &Run) -> Self {
        Self { order_key: run.order_key(), id: run.id.clone() }
    }

    /// Whether a run comes after this place.
    #[must_use]
    pub fn precedes(&self, run: &Run) -> bool {
        let key = run.order_key();
        key < self.order_key || (key == self.order_key && run.id > self.id)
    }
}

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunPage {
    /// After so many runs of the list.
    Offset(u64),
    /// After this place.
    After(RunCursor),
}

/// Keeps runs and the lists of their files.
///
/// Errors of all methods: [`crate::Error::Backend`] when the store fails, [`crate::Error::Corrupt`] when a
/// stored value makes no sense; more where noted.
#[expect(clippy::missing_errors_doc, reason = "stated once for the trait")]
pub trait RunRepository {
    /// Adds a run.
    ///
    /// Further errors: [`crate::Error::Conflict`] when the id is taken; the transaction stays usable.
    fn insert(&mut self, run: &Run) -> Result<()>;
    /// The run with exactly this id.
    fn get(&mut self, id: &RunId) -> Result<Option<Run>>;
    /// The run whose directory has this path; of several the first by the bytes of the id.
    fn find_directory(&mut self, directory: &str) -> Result<Option<Run>> {
        let mut found: Option<Run> = None;
        let mut page = RunPage::Offset(0);
        loop {
            let runs = self.list(&RunFilter::default(), &page, 500)?;
            let Some(last) = runs.last() else { return Ok(found) };
            page = RunPage::After(RunCursor::of(last));
            for run in runs.into_iter().filter(|run| run.directory == directory) {
                if found.as_ref().is_none_or(|found| run.id < found.id) {
                    found = Some(run);
                }
            }
        }
    }
    /// Replaces everything but the id and the files.
    ///
    /// Further errors: [`crate::Error::NotFound`].
    fn update(&mut self, run: &Run) -> Result<()>;
    /// A page of the list of runs that pass the filter; `limit` at most.
    fn list(&mut self, filter: &RunFilter, page: &RunPage, limit: usize) -> Result<Vec<Run>>;
    /// How many runs pass the filter.
    fn count(&mut self, filter: &RunFilter) -> Result<u64>;
    /// Removes a run and the list of its files; `false` when there is none. The files themselves stay.
    fn delete(&mut self, id: &RunId) -> Result<bool>;
    /// Files of a run by the bytes of their names; none for an unknown run.
    fn files(&mut self, id: &RunId) -> Result<Vec<RunFile>>;
    /// Replaces the list of files of a run.
    ///
    /// Further errors: [`crate::Error::NotFound`] when there is no such run; [`crate::Error::Conflict`] when a
    /// name occurs twice, and the transaction must then be given up.
    fn replace_files(&mut self, id: &RunId, files: &[RunFile]) -> Result<()>;
    /// Final runs that [ended](Run::ended_at) before a moment, by the bytes of the id, with an id greater than
    /// `after`; `limit` at most.
    fn list_ended_before(&mut self, before: Timestamp, after: Option<&RunId>, limit: usize) -> Result<Vec<Run>>;
}
