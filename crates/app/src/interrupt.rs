//! Ctrl-C: the first one asks, the second one ends.

use crate::failure::{Exit, Failure};
use crate::output::say;
use signal_hook::consts::{SIGINT, SIGTERM};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the person wants the command to stop.
///
/// The first SIGINT or SIGTERM sets a flag, which long work looks at between two batches. The second
/// ends the process at once; that is safe too, since a batch is kept as a whole or not at all.
#[derive(Debug, Clone, Default)]
pub struct Interrupt {
    flag: Arc<AtomicBool>,
    wake: Arc<tokio::sync::Notify>,
}

impl Interrupt {
    /// Begins to listen; `talk` is said on stderr at the first signal.
    ///
    /// # Errors
    /// When the handlers cannot be installed.
    pub fn listen(talk: &'static str) -> Result<Self, Failure> {
        let interrupt = Self::default();
        let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM])
            .map_err(|error| Failure::failed(format!("cannot listen for signals: {error}")))?;
        let seen = interrupt.clone();
        std::thread::spawn(move || {
            for _ in signals.forever() {
                if seen.flag.swap(true, Ordering::SeqCst) {
                    std::process::exit(Exit::Interrupted.code().into());
                }
                say(talk);
                seen.wake.notify_one();
            }
        });
        Ok(interrupt)
    }

    /// The flag itself, for work in other crates.
    #[must_use]
    pub fn flag(&self) -> &AtomicBool {
        &self.flag
    }

    /// Whether a signal came.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.flag.load(Ordering::SeqCst)
    }

    /// Waits for the first signal. For one waiter.
    pub async fn wait(&self) {
        self.wake.notified().await;
    }
}
