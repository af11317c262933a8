//! What the processes do.

use super::{AnyError, THREADS, WRITERS};
use landfast_cutover::DualStore;
use landfast_domain::Store;
use landfast_domain::accounts::UserId;
use landfast_domain::cutover::{Area, Stage};
use landfast_domain::record::Record as _;
use landfast_domain::store::Repositories;
use landfast_domain::tasks::Task;
use landfast_testkit::databases::{both_in, sqlite_in};
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

/// Small numbers by chance.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        let nanos = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.subsec_nanos());
        Self((u64::from(nanos) << 20) ^ (u64::from(std::process::id()) << 8) ^ seed | 1)
    }

    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit.max(1)
    }

    pub(super) fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(u64::try_from(length).unwrap_or(1))).unwrap_or(0)
    }
}

/// An empty pair with all counters at zero.
pub(super) fn prepare(folder: &Path) -> Result<(), AnyError> {
    sqlite_in(folder);
    let pair = open(folder);
    let store: &dyn Store = &pair;
    store.write(|r| {
        for name in (0..WRITERS).map(own).chain(["shared".to_owned()]) {
            let mut counter = Task::blank(name.as_str().into());
            counter.task_id.set_raw(name);
            counter.default_estimate_minutes.set(Some(&0));
            r.tasks().insert(&UserId::guest(), &counter)?;
        }
        Ok(())
    })?;
    Ok(())
}

pub(super) fn open(folder: &Path) -> DualStore {
    both_in(folder, Stage::DualFiles)
}

pub(super) fn own(writer: usize) -> String {
    format!("writer-{writer}")
}

pub(super) fn count(r: &mut dyn Repositories, name: &str) -> landfast_domain::Result<i64> {
    let counter = r.tasks().get(&UserId::guest(), &name.into())?;
    Ok(counter.and_then(|counter| counter.default_estimate_minutes.value()).unwrap_or(-1))
}

fn add_one(r: &mut dyn Repositories, name: &str) -> landfast_domain::Result<i64> {
    let guest = UserId::guest();
    let missing = || landfast_domain::Error::NotFound { entity: "counter", key: name.to_owned() };
    let mut counter = r.tasks().get(&guest, &name.into())?.ok_or_else(missing)?;
    let value = counter.default_estimate_minutes.value().unwrap_or(0) + 1;
    counter.default_estimate_minutes.set(Some(&value));
    r.tasks().update(&guest, &counter)?;
    Ok(value)
}

/// The number a file says; 0 for none.
pub(super) fn published(folder: &Path, name: &str) -> i64 {
    fs::read_to_string(folder.join(name)).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0)
}

fn publish(folder: &Path, name: &str, value: i64) -> Result<(), AnyError> {
    // Replaced in one step, so that nobody reads half a number.
    let new = folder.join(format!("{name}.new-{}", std::process::id()));
    fs::write(&new, value.to_string())?;
    Ok(fs::rename(new, folder.join(name))?)
}

fn is_over(folder: &Path) -> bool {
    folder.join("stop").exists()
}

fn times(folder: &Path, name: &str) -> Result<File, AnyError> {
    Ok(OpenOptions::new().create(true).append(true).open(folder.join(format!("{name}.times")))?)
}

/// Counts until told to stop.
pub(super) fn write(folder: &Path, number: &str) -> Result<(), AnyError> {
    let pair = open(folder);
    let store: &dyn Store = &pair;
    let name = own(number.parse()?);
    let (begun, kept) = (format!("{name}.begun"), format!("{name}.kept"));
    let mut times = times(folder, &name)?;
    let now = store.read(|r| count(r, &name))?;
    let (last_begun, last_kept) = (published(folder, &begun), published(folder, &kept));
    if now < last_kept || now > last_begun.max(last_kept) {
        return Err(format!("LOST WRITE: {name} is {now}, {last_kept} was kept, {last_begun} begun").into());
    }
    let mut next = now + 1;
    while !is_over(folder) {
        publish(folder, &begun, next)?;
        let start = Instant::now();
        let value = store.write(|r| {
            add_one(r, "shared")?;
            add_one(r, &name)
        })?;
        writeln!(times, "{}", start.elapsed().as_micros())?;
        if value != next {
            return Err(format!("LOST WRITE: {name} became {value} instead of {next}").into());
        }
        publish(folder, &kept, value)?;
        next += 1;
        thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}

/// Reads with several threads until told to stop.
pub(super) fn read(folder: &Path, number: &str) -> Result<(), AnyError> {
    let pair = open(folder);
    let results = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                let (pair, name) = (&pair, format!("reader-{number}-{thread}"));
                scope.spawn(move || read_on(folder, pair, &name))
            })
            .collect();
        threads.into_iter().map(thread::ScopedJoinHandle::join).collect::<Vec<_>>()
    });
    for result in results {
        result.map_err(|_| "a reader panicked")??;
    }
    Ok(())
}

fn read_on(folder: &Path, store: &dyn Store, name: &str) -> Result<(), AnyError> {
    let mut times = times(folder, name)?;
    while !is_over(folder) {
        let before: Vec<i64> = (0..WRITERS).map(|writer| published(folder, &format!("{}.kept", own(writer)))).collect();
        let start = Instant::now();
        let (seen, shared) = store.read(|r| {
            let seen =
                (0..WRITERS).map(|writer| count(r, &own(writer))).collect::<landfast_domain::Result<Vec<_>>>()?;
            Ok((seen, count(r, "shared")?))
        })?;
        writeln!(times, "{}", start.elapsed().as_micros())?;
        if seen.iter().zip(&before).any(|(seen, before)| seen < before) {
            return Err(format!("STALE READ: {seen:?} after {before:?} was published").into());
        }
        if seen.iter().sum::<i64>() != shared {
            return Err(format!("TORN READ: {seen:?} do not add up to {shared}").into());
        }
        thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}

/// Goes forward and back at random until told to stop.
pub(super) fn change(folder: &Path) -> Result<(), AnyError> {
    let pair = open(folder);
    let (mut random, mut times) = (Random::new(7), times(folder, "changes")?);
    while !is_over(folder) {
        let stage = pair.status(Area::Tasks)?.stage;
        let forward = random.below(2) == 0;
        let to = if forward { stage.next() } else { stage.previous() };
        if let Some(to) = to.filter(|to| *to != Stage::Archived) {
            let start = Instant::now();
            pair.change_stage(Area::Tasks, to, "by chance")?;
            writeln!(times, "{}", start.elapsed().as_micros())?;
        }
        thread::sleep(Duration::from_millis(50 + random.below(200)));
    }
    Ok(())
}
