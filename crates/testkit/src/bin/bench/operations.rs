//! Single operations, each in a transaction of its own.

use crate::load_sqlite::load;
use crate::measure::{cost, percentile};
use crate::report::Report;
use crate::rows::instances;
use crate::{AnyError, Extent};
use landfast_domain::accounts::UserId;
use landfast_domain::json::Object;
use landfast_domain::record::{Record as _, RecordKey};
use landfast_domain::store::{Repositories, Store};
use landfast_domain::tasks::lifecycle::{self, NewInstance};
use landfast_domain::tasks::{Task, TaskInstance};
use landfast_domain::time::Timestamp;
use landfast_testkit::databases;

/// Times every operation on both databases, with a history of some size in the tables.
pub(crate) fn run(extent: Extent, report: &mut Report) -> Result<(), AnyError> {
    let rows = instances(extent.rows)?;
    let keys: Vec<RecordKey> = rows.iter().map(|placed| placed.record.key.clone()).collect();
    let sqlite = databases::sqlite();
    load(sqlite.store(), &rows)?;
    operations("operations_sqlite", sqlite.store(), &keys, extent, report)?;
    if let Some(postgres) = databases::postgres() {
        load(postgres.store(), &rows)?;
        operations("operations_postgres", postgres.store(), &keys, extent, report)?;
    }
    Ok(())
}

fn operations(
    name: &str,
    store: &dyn Store,
    keys: &[RecordKey],
    extent: Extent,
    report: &mut Report,
) -> Result<(), AnyError> {
    let guest = UserId::guest();
    let now = Timestamp::parse("2026-03-07 10:00").ok_or("a time")?;
    let mut task = Task::blank("bench".into());
    task.task_id.set_raw("bench");
    task.name.set_raw("Benchmark");
    store.write(|r| r.tasks().insert(&guest, &task))?;
    let key = |number: usize| keys.get(number * 7919 % keys.len()).cloned().unwrap_or_else(|| "none".into());
    let new_key = |kind: &str, number: usize| RecordKey::new(format!("{kind}{number}"));

    let mut time = |what: &str, operation: &dyn Fn(usize) -> landfast_domain::Result<()>| -> Result<(), AnyError> {
        let mut micros = Vec::with_capacity(extent.operations);
        for number in 0..extent.operations {
            let (spent, ()) = cost(|| Ok(operation(number)?))?;
            micros.push(spent.wall.as_secs_f64() * 1e6);
        }
        report.add(name, format!("{what} p50"), percentile(&mut micros, 50), "us");
        report.add(name, format!("{what} p99"), percentile(&mut micros, 99), "us");
        Ok(())
    };
    let read = |work: &mut dyn FnMut(&mut dyn Repositories) -> landfast_domain::Result<()>| store.read(|r| work(r));
    time("get", &|n| read(&mut |r| r.instances().get(&guest, &key(n)).map(drop)))?;
    time("page of 100", &|n| read(&mut |r| r.instances().page(&guest, i64::try_from(n).ok(), 100).map(drop)))?;
    time("recent 20", &|_| read(&mut |r| r.instances().list_recent_completed(&guest, 20).map(drop)))?;
    time("insert", &|n| {
        let mut row = TaskInstance::blank(new_key("bench-", n));
        row.instance_id.set_raw(row.key.as_str());
        store.write(|r| r.instances().insert(&guest, &row))
    })?;
    time("update", &|n| {
        store.write(|r| {
            let mut row =
                r.instances().get(&guest, &new_key("bench-", n))?.unwrap_or_else(|| TaskInstance::blank("none".into()));
            row.status.set_raw("initialized");
            r.instances().update(&guest, &row)
        })
    })?;
    time("create, start, complete", &|n| {
        let key = new_key("cycle-", n);
        let new = NewInstance { task: "bench".into(), predicted: Object::new() };
        store.write(|r| lifecycle::create(r, &guest, new.clone(), key.clone(), now).map(drop))?;
        store.write(|r| lifecycle::start(r, &guest, &key, now).map(drop))?;
        store.write(|r| lifecycle::complete(r, &guest, &key, &Object::new(), now).map(drop))
    })
}
