//! Importing and verifying the tree the original was measured with.

use super::{MEASURED, tree};
use crate::load_sqlite::path;
use crate::measure::{cost, median};
use crate::raw::{self, Table};
use crate::report::Report;
use crate::{AnyError, Extent};
use landfast_cutover::Report as ImportReport;
use landfast_domain::Store;
use landfast_domain::instant::later;
use landfast_domain::time::Timestamp;
use landfast_testkit::databases;
use landfast_testkit::imports::import_at;
use std::collections::BTreeMap;
use std::path::Path;

/// Seconds the original took for the same issues and weeks, without the change log, which it does not bring.
const ORIGINAL: f64 = 0.195;
/// What was asked for: everything imported and verified.
const LIMIT: f64 = 0.15;

/// Rounds of the same tree into new databases. On SQLite a bare prepared insert of the very rows that ours stored,
/// documents kept as bytes included, takes turns with it.
pub(crate) fn run(extent: Extent, report: &mut Report) -> Result<(), AnyError> {
    let folder = tempfile::tempdir()?;
    let source = folder.path().join("data");
    tree(&source, MEASURED)?;
    let mut ours = Rounds::default();
    let mut raw_seconds = Vec::new();
    for round in 0..extent.rounds {
        let database = databases::sqlite();
        ours.add(database.store(), &source, &folder.path().join(format!("sqlite-{round}")))?;
        let raw = databases::sqlite();
        // What a new database holds already is not inserted again.
        let given = Table::read_all(&path(&raw)?, &[])?;
        let stored = Table::read_all(&path(&database)?, &given)?;
        raw_seconds.push(raw::load(&stored, &path(&raw)?)?.wall.as_secs_f64());
        if Table::read_all(&path(&raw)?, &given)? != stored {
            return Err("the raw loop stored something else".into());
        }
    }
    let name = "delivery_import_sqlite";
    let total = ours.report(name, report);
    report.add(name, "limit", LIMIT, "s");
    report.add(name, "the original, without change log and verification", ORIGINAL, "s");
    report.add(name, "raw insert of the same rows", median(raw_seconds.clone()), "s");
    report.add(name, "wall against raw", total / median(raw_seconds), "x");

    let mut ours = Rounds::default();
    for round in 0..extent.rounds {
        let Some(database) = databases::postgres() else { return Ok(()) };
        ours.add(database.store(), &source, &folder.path().join(format!("postgres-{round}")))?;
    }
    ours.report("delivery_import_postgres", report);
    Ok(())
}

/// Seconds by stage, one of each for each round.
#[derive(Default)]
struct Rounds {
    stages: BTreeMap<String, Vec<f64>>,
    total: Vec<f64>,
    cpu: Vec<f64>,
}

impl Rounds {
    fn add(&mut self, store: &dyn Store, source: &Path, backup: &Path) -> Result<(), AnyError> {
        let (spent, outcome) = cost(|| Ok(import_at(store, source, backup, &now)?))?;
        check(&outcome)?;
        for (stage, seconds) in outcome.timings.iter().flatten() {
            self.stages.entry(stage.clone()).or_default().push(*seconds);
        }
        self.total.push(spent.wall.as_secs_f64());
        self.cpu.extend(spent.cpu.map(|cpu| cpu.as_secs_f64()));
        Ok(())
    }

    /// The medians; gives that of the total.
    fn report(self, name: &str, report: &mut Report) -> f64 {
        for (stage, seconds) in self.stages {
            report.add(name, stage, median(seconds), "s");
        }
        let total = median(self.total.clone());
        report.add(name, "imported and verified", total, "s");
        report.add(name, "fastest round", self.total.into_iter().fold(f64::INFINITY, f64::min), "s");
        if !self.cpu.is_empty() {
            report.add(name, "processor", median(self.cpu), "s");
        }
        total
    }
}

/// Nothing may have been left out or left uncompared.
fn check(outcome: &ImportReport) -> Result<(), AnyError> {
    let not_checked = outcome.verification.as_ref().is_none_or(|verification| !verification.not_checked.is_empty());
    if outcome.exit_code != 0 || not_checked { Err(outcome.summary().into()) } else { Ok(()) }
}

fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    later(Timestamp::parse("1970-01-01 00:00").expect("a time"), since)
}
