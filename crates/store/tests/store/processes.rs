//! Several processes on one SQLite file.
//!
//! The test program starts itself again: a child runs only the test below, told by a variable to do the
//! work of a starter instead.

use std::process::{Command, Stdio};

use landfast_domain::Store;
use landfast_domain::tasks::Job;
use landfast_store::{Database, DatabaseUrl, PoolOptions};

use crate::support::{self, all, blank, guest};

const VARIABLE: &str = "LANDFAST_TEST_STARTER";
const PROCESSES: usize = 6;
const WRITES: usize = 20;

#[test]
fn processes_that_start_at_once_share_a_new_file() {
    if let Ok(order) = std::env::var(VARIABLE) {
        return start(&order);
    }
    let scratch = support::sqlite();
    let children: Vec<_> = (0..PROCESSES)
        .map(|number| {
            Command::new(std::env::current_exe().unwrap())
                .args(["processes::processes_that_start_at_once_share_a_new_file", "--exact", "--nocapture"])
                .env(VARIABLE, format!("{number} {}", scratch.url))
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let positions: Vec<_> = all::<Job>(&scratch.open()).iter().map(|job| job.position).collect();
    let expected: Vec<_> = (1..).take(PROCESSES * WRITES).collect();
    assert_eq!(positions, expected, "no write was lost");
}

/// The work of one process.
fn start(order: &str) {
    let (number, url) = order.split_once(' ').unwrap();
    let database = Database::open(&DatabaseUrl::parse(url).unwrap(), PoolOptions::default()).unwrap();
    database.migrations().migrate().unwrap();
    let store: &dyn Store = &database;
    for write in 0..WRITES {
        let job: Job = blank(&format!("{number}-{write}"));
        store.write(|repositories| repositories.jobs().insert(&guest(), &job)).unwrap();
    }
}
