//! Clocks, medians and memory.

use std::time::Instant;

/// Milliseconds of some repetitions of one piece of work.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Figures {
    /// Median of the wall-clock times.
    pub(crate) median_ms: f64,
    /// Least of the wall-clock times.
    pub(crate) least_ms: f64,
    /// Mean processor time, which other programs on the machine disturb less; wall-clock time where the system does
    /// not tell.
    pub(crate) processor_ms: f64,
}

/// Repeats work, at least three times and for about a second, and tells how long it took. What the work returns
/// is dropped outside of the clock.
pub(crate) fn measure<T>(work: impl Fn() -> T) -> Figures {
    let (mut times, mut processor) = (Vec::new(), 0.0);
    let start = Instant::now();
    while times.len() < 3 || (times.len() < 100 && start.elapsed().as_secs_f64() < 1.0) {
        let (begin, cpu) = (Instant::now(), processor_ms());
        let value = std::hint::black_box(work());
        let wall = begin.elapsed().as_secs_f64() * 1000.0;
        processor += cpu.zip(processor_ms()).map_or(wall, |(before, after)| after - before);
        times.push(wall);
        drop(value);
    }
    times.sort_by(f64::total_cmp);
    Figures {
        median_ms: times.get(times.len() / 2).copied().unwrap_or(f64::NAN),
        least_ms: times.first().copied().unwrap_or(f64::NAN),
        processor_ms: processor / real(times.len()),
    }
}

/// Time all threads of this process have spent on processors, as Linux counts it.
fn processor_ms() -> Option<f64> {
    let mut sum = 0.0;
    for thread in std::fs::read_dir("/proc/self/task").ok()? {
        let text = std::fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        sum += text.split_whitespace().next()?.parse::<f64>().ok()?;
    }
    Some(sum / 1e6)
}

/// Exponent `b` of time = a · n^b between the smallest and the largest size; 1 is linear growth.
pub(crate) fn growth(points: &[(usize, f64)]) -> Option<f64> {
    let (first, last) = (points.first()?, points.last()?);
    let sizes = real(last.0) / real(first.0);
    (sizes > 1.0).then(|| (last.1 / first.1).ln() / sizes.ln())
}

/// Memory of this process in MiB by a name of `/proc/self/status` (`VmRSS`, `VmHWM`); `None` off Linux.
pub(crate) fn memory_mib(name: &str) -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kib| kib / 1024.0)
}

/// Makes the peak of memory begin anew at what is used now; does nothing where the system cannot.
pub(crate) fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// A count as a floating-point number.
#[expect(clippy::as_conversions, reason = "sizes of benchmarks are far below 2^53")]
pub(crate) fn real(count: usize) -> f64 {
    count as f64
}
