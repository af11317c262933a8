//! `faults [--short] [--fault NAME]… [OPERATION]…`: ends or disturbs operations at every call that changes files.
//!
//! Every operation runs in a process of its own on a small legacy folder of all areas. The process is killed
//! instead of its n-th write, sync, rename or other call that changes something, or that call fails, for every n
//! until the operation ends undisturbed. After each of them the sources must be untouched, and the same operation
//! must lead to the same rows, the same exported files and the same archives as without a disturbance. An
//! operation that was not killed must have said why it failed, or must have done all of its work.
//!
//! The table it prints is the one in `docs/RELIABILITY.md`. See `faults/tracer.c` for what counts as a point.

mod home;
mod operation;
mod program;
mod sweep;
mod tracer;

use home::{Home, Kind};
use operation::Operation;
use std::env;
use std::path::PathBuf;
use std::process::ExitCode;
use sweep::{Extent, Outcome, sweep};
use tracer::{Fault, Tracer};

type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// Points of each kind of fault in the short form.
const SHORT: u64 = 3;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let result = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--worker", operation, root, url, other] => return work(operation, root, url, other),
        words => lead(words),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("faults: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The operation itself, in the process that is disturbed.
fn work(operation: &str, root: &str, url: &str, other: &str) -> ExitCode {
    let Some(operation) = Operation::parse(operation) else { return ExitCode::from(2) };
    let home = Home { root: PathBuf::from(root), url: url.to_owned(), other: other.to_owned() };
    match operation.work(&home) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(code) => {
            eprintln!("exit code {code}: not everything was done");
            ExitCode::from(code)
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn lead(words: &[&str]) -> Result<bool, AnyError> {
    let (mut extent, mut faults, mut kinds, mut operations) = (Extent::All, Vec::new(), Vec::new(), Vec::new());
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        match *word {
            "--short" => extent = Extent::Some(SHORT),
            "--points" => extent = Extent::Some(rest.next().ok_or("--points needs a number")?.parse()?),
            "--fault" => faults.extend(Fault::parse(rest.next().ok_or("--fault needs a name")?)),
            "--sqlite" => kinds.push(Kind::Sqlite),
            "--postgres" => kinds.push(Kind::Postgres),
            name => operations.push(Operation::parse(name).ok_or_else(|| format!("no operation is called {name}"))?),
        }
    }
    let faults = if faults.is_empty() { Fault::ALL.to_vec() } else { faults };
    let kinds = if kinds.is_empty() { Kind::ALL.to_vec() } else { kinds };
    let operations = if operations.is_empty() { Operation::ALL.to_vec() } else { operations };
    let tracer = match Tracer::build() {
        Ok(tracer) => tracer,
        Err(reason) if !cfg!(target_os = "linux") => {
            println!("skipped: calls can be disturbed on Linux only ({reason})");
            return Ok(true);
        }
        Err(error) => return Err(error),
    };
    if let Some(reason) = tracer.refused()? {
        println!("skipped: this system does not let a process trace another one ({reason})");
        return Ok(true);
    }
    println!(
        "| operation | database | fault | points | disturbed | failed and said why | did its work all the same | wrong | seconds |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    let mut outcomes = Vec::new();
    for operation in operations {
        for kind in &kinds {
            let Some(found) = sweep(&tracer, operation, *kind, &faults, extent)? else {
                println!("| {} | {} | skipped: PostgreSQL was declared absent |", operation.as_str(), kind.as_str());
                continue;
            };
            found.iter().for_each(print);
            outcomes.extend(found);
        }
    }
    let disturbed: u64 = outcomes.iter().map(|outcome| outcome.disturbed).sum();
    let failures: usize = outcomes.iter().map(|outcome| outcome.failures.len()).sum();
    println!("\n{disturbed} points disturbed, {failures} times wrong");
    for failure in outcomes.iter().flat_map(|outcome| &outcome.failures) {
        println!("  {failure}");
    }
    Ok(failures == 0)
}

fn print(outcome: &Outcome) {
    println!(
        "| {} | {} | {} | {} | {} | {} | {} | {} | {:.0} |",
        outcome.operation.as_str(),
        outcome.kind.as_str(),
        outcome.fault,
        outcome.points,
        outcome.disturbed,
        outcome.refused,
        outcome.completed,
        outcome.failures.len(),
        outcome.time.as_secs_f64()
    );
}
