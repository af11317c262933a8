//! The statement cache stays small.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::Connection;
use diesel::connection::{Instrumentation, InstrumentationEvent};
use landfast_domain::accounts::UserId;
use landfast_domain::record::{Placed, Record, RecordKey};
use landfast_domain::store::RecordRepository;
use landfast_domain::tasks::TaskInstance;
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
    Ok(())
}

fn cached_statements(url: &DatabaseUrl) {
    Database::open(url, PoolOptions::default()).unwrap().migrations().migrate().unwrap();
    let mut connection: DbConnection = Target::new(url, &PoolOptions::default()).unwrap().connect().unwrap();
    let cached = Arc::new(AtomicUsize::new(0));
    on_each_backend!(&mut connection, |conn| conn.set_instrumentation(Counter(Arc::clone(&cached))));
    let mut after_two_rounds = 0;
    for round in 0..200 {
        transaction::begin(&mut connection, Access::Write).unwrap();
        let (ending, usable) =
            transaction::run(&mut connection, Access::Write, &mut |repositories| work(repositories, round));
        assert!(matches!(ending, transaction::Ending::Kept) && usable);
        if round == 1 {
            after_two_rounds = cached.load(Ordering::Relaxed);
        }
    }
    assert!(after_two_rounds > 5, "{after_two_rounds} statements: the counter does not count");
    assert_eq!(cached.load(Ordering::Relaxed), after_two_rounds);
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
