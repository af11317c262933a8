//! Progress bars on stderr, for work that takes time.

use crate::output::count;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use landfast_cutover::{Progress, Stage};
use std::io::IsTerminal as _;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

const KNOWN: &str = "{msg:8} {bar:26.cyan} {decimal_bytes:>9}/{decimal_total_bytes:<9} {decimal_bytes_per_sec:>12}  {eta:>4} left  {prefix}";
const UNKNOWN: &str = "{msg:8} {spinner} {decimal_bytes:>9}  {decimal_bytes_per_sec:>12}  {prefix}";

/// One bar a stage, with bytes, rate, remaining time and records; nothing at all when stderr is no
/// terminal or the person asked for quiet.
#[derive(Debug)]
pub struct Bars {
    visible: bool,
    current: Mutex<Option<Current>>,
}

#[derive(Debug)]
struct Current {
    bar: ProgressBar,
    bytes: u64,
    records: u64,
    shown: Instant,
}

/// Time between two pictures. Some stages report every record, which is more often than an eye can see.
const PAUSE: Duration = Duration::from_millis(80);

impl Current {
    fn show(&mut self) {
        self.bar.set_position(self.bytes);
        self.bar.set_prefix(format!("{} records", count(self.records)));
        self.shown = Instant::now();
    }
}

impl Bars {
    /// Bars for one run.
    #[must_use]
    pub fn new(quiet: bool) -> Self {
        Self { visible: !quiet && std::io::stderr().is_terminal(), current: Mutex::new(None) }
    }

    /// A bar is only a picture: a panic elsewhere does not make it unusable.
    fn current(&self) -> MutexGuard<'_, Option<Current>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Progress for Bars {
    fn begin(&self, stage: Stage, total_bytes: u64) {
        if !self.visible {
            return;
        }
        let total = (total_bytes > 0).then_some(total_bytes);
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template(if total.is_some() { KNOWN } else { UNKNOWN }) {
            bar.set_style(style.progress_chars("━╸ "));
        }
        bar.set_message(stage.as_str());
        *self.current() = Some(Current { bar, bytes: 0, records: 0, shown: Instant::now() });
    }

    fn advance(&self, bytes: u64, records: u64) {
        if let Some(current) = self.current().as_mut() {
            current.bytes += bytes;
            current.records += records;
            if current.shown.elapsed() >= PAUSE {
                current.show();
            }
        }
    }

    fn end(&self) {
        if let Some(current) = self.current().take() {
            current.bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_understood() {
        for template in [KNOWN, UNKNOWN] {
            assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
        }
    }

    #[test]
    fn quiet_bars_draw_nothing() {
        let bars = Bars::new(true);
        bars.begin(Stage::Load, 100);
        bars.advance(50, 2);
        assert!(bars.current().is_none());
        bars.end();
    }
}
