//! Analysis runs and the lists of their files.

mod files;
mod lists;
mod records;
mod row;

use landfast_domain::Result as DomainResult;
use landfast_domain::runs::{Run, RunFile, RunFilter, RunId, RunPage, RunRepository};
use landfast_domain::time::Timestamp;

use crate::transaction::Transaction;

/// Ids of more than 1000 bytes are ordered by their first 500.
impl RunRepository for Transaction<'_> {
    fn insert(&mut self, run: &Run) -> DomainResult<()> {
        records::insert(self, run)
    }
    fn get(&mut self, id: &RunId) -> DomainResult<Option<Run>> {
        records::get(self, id)
    }
    fn find_directory(&mut self, directory: &str) -> DomainResult<Option<Run>> {
        lists::find_directory(self, directory)
    }
    fn update(&mut self, run: &Run) -> DomainResult<()> {
        records::update(self, run)
    }
    fn list(&mut self, filter: &RunFilter, page: &RunPage, limit: usize) -> DomainResult<Vec<Run>> {
        lists::page(self, filter, page, limit)
    }
    fn count(&mut self, filter: &RunFilter) -> DomainResult<u64> {
        lists::count(self, filter)
    }
    fn delete(&mut self, id: &RunId) -> DomainResult<bool> {
        records::delete(self, id)
    }
    fn files(&mut self, id: &RunId) -> DomainResult<Vec<RunFile>> {
        files::of_run(self, id)
    }
    fn replace_files(&mut self, id: &RunId, files: &[RunFile]) -> DomainResult<()> {
        files::replace(self, id, files)
    }
    fn list_ended_before(&mut self, before: Timestamp, after: Option<&RunId>, limit: usize) -> DomainResult<Vec<Run>> {
        lists::ended_before(self, before, after, limit)
    }
}
