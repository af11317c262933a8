//! Clocks and medians.

use crate::AnyError;
use std::fs;
use std::time::{Duration, Instant};

/// Wall-clock and processor time of some work.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    pub(crate) wall: Duration,
    /// Processor time of this thread; `None` where the system does not tell.
    pub(crate) cpu: Option<Duration>,
}

/// Measures work done on this thread.
pub(crate) fn cost<T>(work: impl FnOnce() -> Result<T, AnyError>) -> Result<(Cost, T), AnyError> {
    let (cpu, start) = (thread_cpu(), Instant::now());
    let value = work()?;
    let wall = start.elapsed();
    let cpu = cpu.zip(thread_cpu()).map(|(before, after)| after.saturating_sub(before));
    Ok((Cost { wall, cpu }, value))
}

/// Time this thread has spent on a processor, as Linux counts it.
fn thread_cpu() -> Option<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

/// The value in the middle; of an even number of values the upper of the two.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    percentile(&mut values, 50)
}

/// The value below which `percent` of the values are.
pub(crate) fn percentile(values: &mut [f64], percent: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = (values.len() * percent / 100).min(values.len().saturating_sub(1));
    values.get(at).copied().unwrap_or(f64::NAN)
}

/// How many times as long `ours` took: wall clock and processor.
pub(crate) fn ratios(ours: &Cost, limit: &Cost) -> (f64, Option<f64>) {
    let ratio = |a: Duration, b: Duration| a.as_secs_f64() / b.as_secs_f64();
    (ratio(ours.wall, limit.wall), ours.cpu.zip(limit.cpu).map(|(a, b)| ratio(a, b)))
}
