//! Rows to work with.

use crate::AnyError;
use landfast_demo::{ColumnAge, DemoOptions, write_tasks};
use landfast_domain::Store;
use landfast_domain::accounts::UserId;
use landfast_domain::record::Placed;
use landfast_domain::tasks::TaskInstance;
use landfast_domain::time::Timestamp;
use landfast_legacy::files::FileStore;
use std::path::Path;

/// Instances at scale 1 of made-up data.
const INSTANCES: u32 = 500;

/// Writes a made-up folder of the newest shape.
pub(crate) fn demo(folder: &Path, scale: u32) -> Result<(), AnyError> {
    let now = Timestamp::parse("2026-03-07 09:30").ok_or("a time")?.naive();
    write_tasks(folder, &DemoOptions { seed: 1, scale, now, age: ColumnAge::March2026, odd_cells: true })?;
    Ok(())
}

/// At least this many instances as they come from such a folder.
pub(crate) fn instances(rows: u32) -> Result<Vec<Placed<TaskInstance>>, AnyError> {
    let folder = tempfile::tempdir()?;
    demo(folder.path(), rows.div_ceil(INSTANCES))?;
    let files = FileStore::open(folder.path())?;
    let store: &dyn Store = &files;
    Ok(store.read(|r| r.instances().page(&UserId::guest(), None, usize::MAX))?)
}
