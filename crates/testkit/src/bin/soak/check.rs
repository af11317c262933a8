//! What must hold at the end.

use super::work::{count, open, own, published};
use super::{AnyError, READERS, THREADS, WRITERS};
use landfast_domain::Store;
use landfast_domain::cutover::Area;
use std::fs;
use std::path::Path;

/// Checks the counters and both stores, and says how long things took.
pub(super) fn check(folder: &Path) -> Result<(), AnyError> {
    let pair = open(folder);
    let store: &dyn Store = &pair;
    let (own_counts, shared) = store.read(|r| {
        let own_counts =
            (0..WRITERS).map(|writer| count(r, &own(writer))).collect::<landfast_domain::Result<Vec<_>>>()?;
        Ok((own_counts, count(r, "shared")?))
    })?;
    let kept: Vec<i64> = (0..WRITERS).map(|writer| published(folder, &format!("{}.kept", own(writer)))).collect();
    let lost: i64 = kept.iter().zip(&own_counts).map(|(kept, found)| (kept - found).max(0)).sum();
    pair.repair(Area::Tasks, false)?;
    let status = pair.status(Area::Tasks)?;
    let differences = if status.stage.is_dual() { pair.compare(Area::Tasks)?.differences } else { 0 };
    println!("kept {shared}, by writer {own_counts:?}; lost {lost}; stale or torn reads 0");
    println!("at the end: stage {}, marks left {}, differences {differences}", status.stage, status.dirty);
    report(folder, "writes", &(0..WRITERS).map(own).collect::<Vec<_>>())?;
    let readers = (0..READERS).flat_map(|reader| (0..THREADS).map(move |thread| format!("reader-{reader}-{thread}")));
    report(folder, "reads", &readers.collect::<Vec<_>>())?;
    report(folder, "stage changes", &["changes".to_owned()])?;
    if lost > 0 || own_counts.iter().sum::<i64>() != shared || shared == 0 || status.dirty > 0 || differences > 0 {
        return Err("something was lost, or files and database differ".into());
    }
    Ok(())
}

fn report(folder: &Path, what: &str, names: &[String]) -> Result<(), AnyError> {
    let mut times: Vec<u64> = Vec::new();
    for name in names {
        let text = fs::read_to_string(folder.join(format!("{name}.times"))).unwrap_or_default();
        // A killed process leaves half a line.
        times.extend(text.lines().filter_map(|line| line.parse::<u64>().ok()));
    }
    times.sort_unstable();
    let at = |percent: usize| times.get(times.len().saturating_sub(1) * percent / 100).copied().unwrap_or(0);
    let ms = |micros: u64| format!("{}.{} ms", micros / 1000, micros % 1000 / 100);
    println!("{what}: {}, p50 {}, p99 {}, longest {}", times.len(), ms(at(50)), ms(at(99)), ms(at(100)));
    Ok(())
}
