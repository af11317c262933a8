//! A meeting point that makes transactions of several threads overlap.

use std::sync::{Condvar, Mutex};
use std::thread::{self, ThreadId};
use std::time::Duration;

/// How long a thread waits for another one. Only the last thread at work ever waits so long.
const PATIENCE: Duration = Duration::from_millis(5);

/// Lets a thread go on once another one has come as well.
#[derive(Debug)]
pub(super) struct Company {
    /// The thread that made the store: it prepares and checks alone, so it never waits.
    alone: ThreadId,
    arrived: Mutex<u64>,
    news: Condvar,
}

impl Default for Company {
    fn default() -> Self {
        Self { alone: thread::current().id(), arrived: Mutex::new(0), news: Condvar::new() }
    }
}

impl Company {
    /// Returns when two threads are here, or when nobody came for a while.
    pub(super) fn wait(&self) {
        if thread::current().id() == self.alone {
            return;
        }
        let mut arrived = self.arrived.lock().expect("nothing panics with this lock");
        *arrived += 1;
        let number = *arrived;
        self.news.notify_all();
        // The first of a pair waits for the second.
        if number % 2 == 1 {
            let waited = self.news.wait_timeout_while(arrived, PATIENCE, |arrived| *arrived == number);
            drop(waited.expect("nothing panics with this lock"));
        }
    }
}
