//! `stress [--seconds N]`: eight processes with two threads each write one SQLite file.
//!
//! Every transaction adds one to a counter that all share and inserts a row. At the end the counter and the
//! rows must account for every transaction that was reported as kept, and none may have failed: neither
//! "database is locked" nor a lost update.

use landfast_domain::Store;
use landfast_domain::accounts::UserId;
use landfast_domain::record::Record as _;
use landfast_domain::tasks::{Task, TaskInstance};
use landfast_store::{Database, DatabaseUrl, PoolOptions};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};
use std::{env, thread};

type AnyError = Box<dyn std::error::Error + Send + Sync>;

const PROCESSES: usize = 8;
const THREADS: usize = 2;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let result = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => lead(10),
        ["--seconds", seconds] => seconds.parse().map_err(AnyError::from).and_then(lead),
        ["--worker", number, seconds, url] => work(number, seconds, url),
        _ => Err("usage: stress [--seconds N]".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Starts the processes and checks what they did.
fn lead(seconds: u64) -> Result<(), AnyError> {
    let folder = tempfile::tempdir()?;
    let url = DatabaseUrl::sqlite(folder.path().join("stress.db"));
    let start = |number: usize| {
        Command::new(env::current_exe()?)
            .args(["--worker", &number.to_string(), &seconds.to_string(), &url.to_string()])
            .stdout(Stdio::piped())
            .spawn()
    };
    // All of them open the new file at once; one migrates it, the others wait.
    let workers = (0..PROCESSES).map(start).collect::<Result<Vec<_>, _>>()?;
    let mut kept = Vec::new();
    let mut longest = 0;
    for worker in workers {
        let output = worker.wait_with_output()?;
        if !output.status.success() {
            return Err("a process failed".into());
        }
        for line in String::from_utf8(output.stdout)?.lines() {
            let (count, wait) = line.split_once(' ').ok_or("a process said something else")?;
            kept.push(count.parse::<u64>()?);
            longest = longest.max(wait.parse::<u128>()?);
        }
    }
    let (counter, rows) = totals(&url)?;
    let sum: u64 = kept.iter().sum();
    let (fewest, most) = (kept.iter().min().copied().unwrap_or(0), kept.iter().max().copied().unwrap_or(0));
    println!(
        "{PROCESSES} processes x {THREADS} threads, {seconds} s: {sum} transactions kept, {} per second",
        sum / seconds.max(1)
    );
    println!("fewest and most per thread: {fewest}, {most}; longest wait: {longest} ms");
    println!("counter {counter}, rows {rows}");
    if kept.len() != PROCESSES * THREADS || counter != sum || rows != sum || fewest == 0 {
        return Err("lost updates, or a thread that never got its turn".into());
    }
    Ok(())
}

/// Writes until the time is over and says how often, and how long the longest transaction took in ms.
fn work(number: &str, seconds: &str, url: &str) -> Result<(), AnyError> {
    let database = Database::open(&DatabaseUrl::parse(url)?, PoolOptions::default())?;
    database.migrations().migrate()?;
    let end = Instant::now() + Duration::from_secs(seconds.parse()?);
    let results = thread::scope(|scope| {
        let start = |thread: usize| {
            let database = &database;
            scope.spawn(move || write_until(database, &format!("{number}-{thread}"), end))
        };
        let threads: Vec<_> = (0..THREADS).map(start).collect();
        threads.into_iter().map(thread::ScopedJoinHandle::join).collect::<Vec<_>>()
    });
    for result in results {
        let (count, longest) = result.map_err(|_| "a thread panicked")??;
        println!("{count} {longest}");
    }
    Ok(())
}

fn write_until(store: &dyn Store, name: &str, end: Instant) -> landfast_domain::Result<(u64, u128)> {
    let guest = UserId::guest();
    let (mut count, mut longest) = (0, 0);
    while Instant::now() < end {
        let start = Instant::now();
        store.write(|r| {
            let key = "counter".into();
            match r.tasks().get(&guest, &key)? {
                Some(mut counter) => {
                    let value = counter.default_estimate_minutes.value().unwrap_or(0) + 1;
                    counter.default_estimate_minutes.set(Some(&value));
                    r.tasks().update(&guest, &counter)?;
                }
                None => {
                    let mut counter = Task::blank(key);
                    counter.default_estimate_minutes.set(Some(&1));
                    r.tasks().insert(&guest, &counter)?;
                }
            }
            r.instances().insert(&guest, &TaskInstance::blank(format!("{name}-{count}").as_str().into()))
        })?;
        longest = longest.max(start.elapsed().as_millis());
        count += 1;
    }
    Ok((count, longest))
}

fn totals(url: &DatabaseUrl) -> Result<(u64, u64), AnyError> {
    let database = Database::open(url, PoolOptions::default())?;
    let store: &dyn Store = &database;
    let guest = UserId::guest();
    let (counter, rows) =
        store.read(|r| Ok((r.tasks().get(&guest, &"counter".into())?, r.instances().count(&guest)?)))?;
    let counter = counter.and_then(|counter| counter.default_estimate_minutes.value()).unwrap_or(0);
    Ok((u64::try_from(counter)?, rows))
}
