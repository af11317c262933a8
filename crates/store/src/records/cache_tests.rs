//! The statement cache stays small.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::Connection;
use diesel::connection::{Instrumentation, InstrumentationEvent};
use landfast_domain::accounts::UserId;
use landfast_domain::presentations::{Claim, JobCursor, JobId, JobStatus, PresentationJob, RequestText};
use landfast_domain::record::{Placed, Record, RecordKey};
use landfast_domain::runs::manager::{self, NewRun};
use landfast_domain::runs::{RunFile, RunFilter, RunId, RunPage};
use landfast_domain::store::RecordRepository;
use landfast_domain::tasks::TaskInstance;
use landfast_domain::time::Timestamp;
use landfast_domain::{Repositories, Result};

use crate::connection::{DbConnection, Target, on_each_backend};
use crate::options::PoolOptions;
use crate::transaction::{self, Access};
use crate::url::DatabaseUrl;
use crate::{Database, schema};

/// Counts statements that enter the cache.
struct Counter(Arc<AtomicUsize>);

impl Instrumentation for Counter {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::CacheQuery { .. } = event {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Every kind of call with everything that could make a statement's text differ.
fn work(repositories: &mut dyn Repositories, round: usize) -> Result<()> {
    let user = UserId::guest();
    let mut instance = TaskInstance::blank(RecordKey::new(format!("i{round}")));
    for column in 0..TaskInstance::COLUMNS.len() {
        if round >> (column % 8) & 1 == 1 {
            instance.set_cell(column, format!("{column}"));
        }
    }
    let instances = repositories.instances();
    RecordRepository::<TaskInstance>::insert(instances, &user, &instance)?;
    let mut other = instance.clone();
    other.key = RecordKey::new(format!("o{round}"));
    let position = i64::try_from(10_000 + round).unwrap();
    instances.insert_batch(&user, &[Placed { position, source: None, record: other }])?;
    instances.update(&user, &instance)?;
    instances.place(&user, &instance.key, position, None)?;
    instances.get(&user, &instance.key)?;
    instances.page(&user, round.is_multiple_of(2).then_some(1), round)?;
    instances.list_by_task(&user, &round.to_string())?;
    instances.list_recent_completed(&user, round)?;
    instances.list_active(&user)?;
    instances.list_cancelled(&user)?;
    instances.count(&user)?;
    instances.delete(&user, &instance.key)?;
    repositories.imports()?.list_runs(round)?;
    jobs_and_runs(repositories, round)
}

fn jobs_and_runs(repositories: &mut dyn Repositories, round: usize) -> Result<()> {
    let now = Timestamp::parse("2025-01-01 10:00").unwrap();
    let jobs = repositories.presentations()?;
    let mut job = PresentationJob::blank(JobId::existing(&format!("j{round}")), now);
    job.error = (round & 1 == 1).then(|| "broken".to_owned());
    job.request = (round & 2 == 2).then(|| RequestText("{}".to_owned()));
    job.queue.idempotency_key = (round & 4 == 4).then(|| job.id.to_string());
    jobs.insert(&job)?;
    jobs.update(&job)?;
    jobs.update_if(&job, &job.status, 0)?;
    jobs.claim_next(&Claim { worker: round.to_string(), now, lease_until: now })?;
    let status = (round & 1 == 1).then_some(JobStatus::Queued);
    jobs.list(status.as_ref(), (round & 2 == 2).then(|| JobCursor::of(&job)).as_ref(), round)?;
    jobs.list_lost(now, (round & 1 == 1).then_some(&job.id), round)?;
    jobs.count_by_status()?;
    let runs = repositories.runs()?;
    let new = NewRun {
        id: RunId::existing(&format!("r{round}")),
        source: "x".to_owned(),
        jetstream_id: None,
        metadata: None,
    };
    let run = manager::create(runs, new, now)?;
    runs.update(&run)?;
    runs.replace_files(&run.id, &vec![RunFile::named("a"); round & 1])?;
    let filter = RunFilter { status: (round & 1 == 1).then(|| run.status.clone()), source: None };
    runs.list(&filter, &RunPage::Offset(u64::try_from(round & 2).unwrap()), round)?;
    runs.count(&filter)?;
    runs.delete(&run.id)?;
    Ok(())
}

fn cached_statements(url: &DatabaseUrl) {
    Database::open(url, PoolOptions::default()).unwrap().migrations().migrate().unwrap();
    let mut connection: DbConnection = Target::new(url, &PoolOptions::default()).unwrap().connect().unwrap();
    let cached = Arc::new(AtomicUsize::new(0));
    on_each_backend!(&mut connection, |conn| conn.set_instrumentation(Counter(Arc::clone(&cached))));
    let mut after_all_patterns = 0;
    for round in 0..200 {
        transaction::begin(&mut connection, Access::Write).unwrap();
        let (ending, usable) =
            transaction::run(&mut connection, Access::Write, transaction::Isolation::Full, &mut |repositories| {
                work(repositories, round)
            });
        assert!(matches!(ending, transaction::Ending::Kept) && usable);
        if round == 7 {
            after_all_patterns = cached.load(Ordering::Relaxed);
        }
    }
    assert!(after_all_patterns > 5, "{after_all_patterns} statements: the counter does not count");
    assert_eq!(cached.load(Ordering::Relaxed), after_all_patterns);
    // The table is the one with the most columns that can be empty.
    on_each_backend!(&mut connection, |conn| {
        use diesel::prelude::*;
        let rows: i64 = schema::task_instances::table.count().get_result(conn).unwrap();
        assert_eq!(rows, 200);
    });
}

#[cfg(feature = "sqlite")]
#[test]
fn no_statement_text_depends_on_data_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    cached_statements(&DatabaseUrl::sqlite(folder.path().join("x.db")));
}

#[cfg(feature = "postgres")]
#[test]
fn no_statement_text_depends_on_data_on_postgres() {
    use diesel::connection::SimpleConnection;
    if std::env::var("LANDFAST_TEST_POSTGRES").is_ok_and(|value| value == "absent") {
        return;
    }
    let admin = std::env::var("LANDFAST_TEST_POSTGRES_URL")
        .expect("set LANDFAST_TEST_POSTGRES_URL, or LANDFAST_TEST_POSTGRES=absent to leave PostgreSQL out");
    // A schema of its own in the server's default database is enough here.
    let schema = format!("landfast_cache_{}", std::process::id());
    let mut connection = diesel::PgConnection::establish(&admin).unwrap();
    connection.batch_execute(&format!("CREATE SCHEMA {schema}")).unwrap();
    let joint = if admin.contains('?') { "&" } else { "?" };
    let url = DatabaseUrl::parse(&format!("{admin}{joint}options=-csearch_path%3D{schema}")).unwrap();
    let outcome = std::panic::catch_unwind(|| cached_statements(&url));
    connection.batch_execute(&format!("DROP SCHEMA {schema} CASCADE")).unwrap();
    outcome.unwrap();
}
