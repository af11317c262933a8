//! Single operations on the tree the original was measured with, beside the limits of its plan.

use super::{MEASURED, key, tree};
use crate::measure::{cost, percentile};
use crate::report::Report;
use crate::{AnyError, Extent};
use landfast_demo::DeliverySize;
use landfast_domain::Store;
use landfast_domain::delivery::{IsoWeek, IssueFilter, MetricKind, ProfileId, documents, profiles, queries};
use landfast_domain::presentations::{JobId, RequestText, queue};
use landfast_domain::time::Timestamp;
use landfast_testkit::databases::{self, ThrowAway};
use landfast_testkit::imports::import_folder;
use std::path::Path;

/// Milliseconds for a read of about 100 records, SC-002.
const READ: f64 = 50.0;
/// Milliseconds for a write, SC-003.
const WRITE: f64 = 100.0;
/// Milliseconds for switching to another query or profile.
const SWITCH: f64 = 50.0;
/// Jobs whose status is read, and seconds that may take.
const JOBS: usize = 1_000;
const JOBS_LIMIT: f64 = 1.0;

/// Times every operation on both databases; the one that must not slow down also with ten times the issues, SC-005.
pub(crate) fn run(extent: Extent, report: &mut Report) -> Result<(), AnyError> {
    let folder = tempfile::tempdir()?;
    let many = DeliverySize { issues: MEASURED.issues * 10, changes: MEASURED.changes * 10, ..MEASURED };
    tree(&folder.path().join("data"), MEASURED)?;
    tree(&folder.path().join("many"), many)?;
    one("delivery_sqlite", databases::sqlite, folder.path(), extent, report)?;
    if databases::postgres().is_some() {
        let postgres = || databases::postgres().expect("there was one just now");
        one("delivery_postgres", postgres, folder.path(), extent, report)?;
    }
    Ok(())
}

fn one(
    name: &str,
    database: impl Fn() -> ThrowAway,
    folder: &Path,
    extent: Extent,
    report: &mut Report,
) -> Result<(), AnyError> {
    let own = database();
    import_folder(own.store(), &folder.join("data"), &folder.join(name))?;
    operations(&mut Timer { name, extent, report }, own.store())?;
    jobs(name, own.store(), report)?;
    let own = database();
    import_folder(own.store(), &folder.join("many"), &folder.join(format!("{name}-many")))?;
    Timer { name, extent, report }.time("100 issues of a status, 10,000 issues", READ, &|_| hundred(own.store()))
}

struct Timer<'a> {
    name: &'a str,
    extent: Extent,
    report: &'a mut Report,
}

impl Timer<'_> {
    /// Milliseconds of an operation, and what it may take.
    fn time(
        &mut self,
        what: &str,
        limit: f64,
        operation: &dyn Fn(usize) -> landfast_domain::Result<()>,
    ) -> Result<(), AnyError> {
        let mut millis = Vec::with_capacity(self.extent.operations);
        // The first ones prepare statements and fill caches.
        for number in 0..self.extent.operations + 3 {
            let (spent, ()) = cost(|| Ok(operation(number)?))?;
            millis.push(spent.wall.as_secs_f64() * 1e3);
        }
        let mut warm = millis.split_off(3.min(millis.len()));
        self.report.add(self.name, format!("{what} p50"), percentile(&mut warm, 50), "ms");
        self.report.add(self.name, format!("{what} p99"), percentile(&mut warm, 99), "ms");
        self.report.add(self.name, format!("{what} limit"), limit, "ms");
        Ok(())
    }
}

/// The first hundred issues of a status that most issues have.
fn hundred(store: &dyn Store) -> landfast_domain::Result<()> {
    let filter = IssueFilter { status: Some("Done".to_owned()), limit: Some(100), ..IssueFilter::default() };
    store.read(|r| r.delivery()?.list_issues(&key(), &filter).map(drop))
}

fn operations(timer: &mut Timer<'_>, store: &dyn Store) -> Result<(), AnyError> {
    let now = Timestamp::parse("2026-03-07 10:00").ok_or("a time")?;
    let filter = IssueFilter { status: Some("Closed".to_owned()), ..IssueFilter::default() };
    let found = store.read(|r| r.delivery()?.list_issues(&key(), &filter))?.len();
    timer.time(&format!("all {found} issues of a status"), READ, &|_| {
        store.read(|r| r.delivery()?.list_issues(&key(), &filter).map(drop))
    })?;
    timer.time("100 issues of a status, 1,000 issues", READ, &|_| hundred(store))?;

    let other = ProfileId::new("other")?;
    store.write(|r| profiles::create(r.delivery()?, other.clone(), "Other", "", now).map(drop))?;
    let ids = [key().profile, other];
    timer.time("switch of the profile", SWITCH, &|number| {
        let id = ids.get(number % 2).unwrap_or_else(|| unreachable!("a remainder of two"));
        store.write(|r| profiles::switch(r.delivery()?, id, now).map(drop))
    })?;
    timer.time("switch of the query", SWITCH, &|_| {
        store.write(|r| queries::switch(r.delivery()?, &key(), now).map(drop))
    })?;

    let week = IsoWeek::new(2026, 10).ok_or("a week")?;
    timer.time("write of a week's metrics", WRITE, &|number| {
        let metrics = format!(
            "{{\"flow_time\": {{\"median_days\": {number}, \"avg_days\": 3.4, \"completed_count\": 7}}, \
             \"flow_load\": {{\"wip_count\": {number}, \"by_status\": {{\"In Progress\": 4, \"Testing\": 2}}}}}}"
        );
        store.write(|r| {
            let repository = r.delivery()?;
            documents::save_metrics_snapshot(repository, &key(), week, MetricKind::Flow, &metrics, None, now).map(drop)
        })
    })
}

/// Reads the status of each of a thousand jobs, one transaction for each.
fn jobs(name: &str, store: &dyn Store, report: &mut Report) -> Result<(), AnyError> {
    let now = Timestamp::parse("2026-03-07 10:00").ok_or("a time")?;
    let ids: Vec<JobId> = (0..JOBS).map(|number| JobId::existing(&format!("bench-{number}"))).collect();
    store.write(|r| {
        let repository = r.presentations()?;
        for id in &ids {
            let new = queue::NewJob {
                id: id.clone(),
                request: RequestText("{\"slides_data\": [{}, {}]}".to_owned()),
                priority: 0,
                run_at: None,
                max_attempts: 3,
                idempotency_key: None,
            };
            queue::create(repository, new, now)?;
        }
        Ok(())
    })?;
    let (spent, read) = cost(|| {
        let mut read = 0;
        for id in &ids {
            read += usize::from(store.read(|r| r.presentations()?.get(id))?.is_some());
        }
        Ok(read)
    })?;
    if read != JOBS {
        return Err(format!("{read} of {JOBS} jobs were found").into());
    }
    report.add(name, "1,000 reads of the status of a job", spent.wall.as_secs_f64(), "s");
    report.add(name, "1,000 reads of the status of a job, limit", JOBS_LIMIT, "s");
    Ok(())
}
