//! Importing a large folder, with backup and verification.

use crate::measure::cost;
use crate::report::Report;
use crate::rows::demo;
use crate::{AnyError, Extent};
use landfast_domain::Store;
use landfast_testkit::databases;
use landfast_testkit::imports::import_folder;
use std::path::Path;

/// Instances at scale 1 of made-up data.
const INSTANCES: u32 = 500;

/// Imports the same folder into both databases, once each.
pub(crate) fn run(extent: Extent, report: &mut Report) -> Result<(), AnyError> {
    let folder = tempfile::tempdir()?;
    let source = folder.path().join("data");
    demo(&source, extent.import_scale)?;
    one("import_sqlite", databases::sqlite().store(), &source, folder.path(), extent, report)?;
    if let Some(database) = databases::postgres() {
        one("import_postgres", database.store(), &source, folder.path(), extent, report)?;
    }
    Ok(())
}

fn one(
    name: &str,
    store: &dyn Store,
    source: &Path,
    folder: &Path,
    extent: Extent,
    report: &mut Report,
) -> Result<(), AnyError> {
    let (spent, outcome) = cost(|| Ok(import_folder(store, source, &folder.join(name))?))?;
    if outcome.exit_code != 0 {
        return Err(outcome.summary().into());
    }
    let instances = INSTANCES * extent.import_scale;
    report.add(name, "instances", f64::from(instances), "rows");
    report.add(name, "backup, load and verification", spent.wall.as_secs_f64(), "s");
    report.add(name, "instances per second", f64::from(instances) / spent.wall.as_secs_f64(), "1/s");
    Ok(())
}
