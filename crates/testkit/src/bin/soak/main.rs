//! `soak [--seconds N]`: four writers and eight readers on files and a database as one store, while its stage goes
//! forward and back at random and processes are killed.
//!
//! Each writer counts in a record of its own and in one that all share, in one transaction, and publishes a number
//! after it was kept. Checked are:
//!
//! - no lost write: a writer finds the last number it published, or the one it had begun; at the end the shared
//!   counter is the sum of all, and files and database are equal;
//! - no stale read: a reader sees every number that was published before it began, and the sum fits.

mod check;
mod work;

use std::path::Path;
use std::process::{Child, Command, ExitCode};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// Processes that write, one thread each.
const WRITERS: usize = 4;
/// Processes that read, with four threads each.
const READERS: usize = 2;
const THREADS: usize = 4;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let result = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => lead(10),
        ["--seconds", seconds] => seconds.parse().map_err(AnyError::from).and_then(lead),
        ["--writer", number, folder] => work::write(Path::new(folder), number),
        ["--reader", number, folder] => work::read(Path::new(folder), number),
        ["--changer", folder] => work::change(Path::new(folder)),
        _ => Err("usage: soak [--seconds N]".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// A process that is started again when it was killed.
struct Worker {
    arguments: Vec<String>,
    child: Child,
}

impl Worker {
    fn start(arguments: Vec<String>) -> Result<Self, AnyError> {
        let child = Command::new(env::current_exe()?).args(&arguments).spawn()?;
        Ok(Self { arguments, child })
    }

    /// SIGKILL, and a new one.
    fn kill(&mut self) -> Result<(), AnyError> {
        self.child.kill()?;
        self.child.wait()?;
        self.child = Command::new(env::current_exe()?).args(&self.arguments).spawn()?;
        Ok(())
    }
}

/// Starts the processes, kills some, and checks what they did.
fn lead(seconds: u64) -> Result<(), AnyError> {
    let home = tempfile::tempdir()?;
    let folder = home.path();
    work::prepare(folder)?;
    let place = folder.display().to_string();
    let mut workers = Vec::new();
    for writer in 0..WRITERS {
        workers.push(Worker::start(vec!["--writer".into(), writer.to_string(), place.clone()])?);
    }
    for reader in 0..READERS {
        workers.push(Worker::start(vec!["--reader".into(), reader.to_string(), place.clone()])?);
    }
    workers.push(Worker::start(vec!["--changer".into(), place])?);
    let mut random = work::Random::new(1);
    let (end, mut kills) = (Instant::now() + Duration::from_secs(seconds), 0_u64);
    while Instant::now() < end {
        thread::sleep(Duration::from_millis(200 + random.below(800)));
        // The one that changes stages is the most interesting.
        let number = if random.below(3) == 0 { workers.len() - 1 } else { random.index(workers.len()) };
        if let Some(worker) = workers.get_mut(number) {
            if let Some(status) = worker.child.try_wait()? {
                return Err(format!("{:?} ended by itself: {status}", worker.arguments).into());
            }
            worker.kill()?;
            kills += 1;
        }
    }
    fs::write(folder.join("stop"), "")?;
    for worker in &mut workers {
        if !worker.child.wait()?.success() {
            return Err(format!("{:?} failed", worker.arguments).into());
        }
    }
    println!("{WRITERS} writers, {} readers, {seconds} s, {kills} processes killed", READERS * THREADS);
    check::check(folder)
}
