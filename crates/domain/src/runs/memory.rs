//! Runs in memory.

use super::{ENTITY, Run, RunCursor, RunFile, RunFilter, RunId, RunPage, RunRepository};
use crate::copy_on_write::CopyOnWrite;
use crate::time::Timestamp;
use crate::{Error, Result};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Runs by id, without transactions. A clone is a state to go back to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MemoryRuns {
    runs: CopyOnWrite<BTreeMap<RunId, (Run, Vec<RunFile>)>>,
}

impl MemoryRuns {
    /// All runs, by the bytes of their ids.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Run> {
        self.runs.values().map(|(run, _)| run)
    }

    fn place(&mut self, id: &RunId) -> Result<&mut (Run, Vec<RunFile>)> {
        self.runs.get_mut(id).ok_or_else(|| Error::NotFound { entity: ENTITY, key: id.to_string() })
    }
}

impl RunRepository for MemoryRuns {
    fn insert(&mut self, run: &Run) -> Result<()> {
        if self.runs.contains_key(&run.id) {
            return Err(Error::Conflict { entity: ENTITY, key: run.id.to_string() });
        }
        self.runs.insert(run.id.clone(), (run.clone(), Vec::new()));
        Ok(())
    }

    fn get(&mut self, id: &RunId) -> Result<Option<Run>> {
        Ok(self.runs.get(id).map(|(run, _)| run.clone()))
    }

    fn find_directory(&mut self, directory: &str) -> Result<Option<Run>> {
        Ok(self.iter().find(|run| run.directory == directory).cloned())
    }

    fn update(&mut self, run: &Run) -> Result<()> {
        self.place(&run.id)?.0.clone_from(run);
        Ok(())
    }

    fn list(&mut self, filter: &RunFilter, page: &RunPage, limit: usize) -> Result<Vec<Run>> {
        let mut found: Vec<&Run> = self.iter().filter(|run| filter.accepts(run)).collect();
        found.sort_by_key(|run| (Reverse(run.order_key()), &run.id));
        let skipped = match page {
            RunPage::Offset(offset) => usize::try_from(*offset).unwrap_or(usize::MAX),
            RunPage::After(cursor) => found.iter().take_while(|run| !RunCursor::precedes(cursor, run)).count(),
        };
        Ok(found.into_iter().skip(skipped).take(limit).cloned().collect())
    }

    fn count(&mut self, filter: &RunFilter) -> Result<u64> {
        Ok(u64::try_from(self.iter().filter(|run| filter.accepts(run)).count()).unwrap_or(u64::MAX))
    }

    fn delete(&mut self, id: &RunId) -> Result<bool> {
        Ok(self.runs.remove(id).is_some())
    }

    fn files(&mut self, id: &RunId) -> Result<Vec<RunFile>> {
        Ok(self.runs.get(id).map(|(_, files)| files.clone()).unwrap_or_default())
    }

    fn replace_files(&mut self, id: &RunId, files: &[RunFile]) -> Result<()> {
        let mut files = files.to_vec();
        files.sort_by(|a, b| a.filename.cmp(&b.filename));
        if let Some([twice, ..]) = files.windows(2).find(|pair| matches!(pair, [a, b] if a.filename == b.filename)) {
            return Err(Error::Conflict { entity: "run file", key: twice.filename.clone() });
        }
        self.place(id)?.1 = files;
        Ok(())
    }

    fn list_ended_before(&mut self, before: Timestamp, after: Option<&RunId>, limit: usize) -> Result<Vec<Run>> {
        let wanted = |run: &&Run| {
            after.is_none_or(|after| run.id > *after) && run.ended_at().is_some_and(|ended| ended < before)
        };
        Ok(self.iter().filter(wanted).take(limit).cloned().collect())
    }
}
