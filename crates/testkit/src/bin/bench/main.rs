//! `bench [NAME…] [--quick]`: how fast the stores are, against the raw limit in the same run.
//!
//! Prints a table and, as the last line, the same as JSON. Ratios are medians over rounds in which both
//! sides take turns, so that they hold on a busy machine too; absolute times hold for this machine now.

mod delivery;
mod import;
mod load_postgres;
mod load_sqlite;
mod measure;
mod operations;
mod raw;
mod report;
mod rows;

use report::Report;
use std::process::ExitCode;

pub(crate) type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// How much work to do.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extent {
    /// Instances loaded in bulk.
    pub(crate) rows: u32,
    /// Rounds of comparisons.
    pub(crate) rounds: usize,
    /// Repetitions of each single operation.
    pub(crate) operations: usize,
    /// Scale of the folder that is imported; 400 is 200,000 instances.
    pub(crate) import_scale: u32,
    /// Issues of the largest tree whose import's memory is measured.
    pub(crate) most_issues: u64,
}

const FULL: Extent = Extent { rows: 50_000, rounds: 5, operations: 2_000, import_scale: 400, most_issues: 100_000 };
const QUICK: Extent = Extent { rows: 2_000, rounds: 2, operations: 50, import_scale: 2, most_issues: 1_000 };

/// A benchmark and its name.
type Bench = (&'static str, fn(Extent, &mut Report) -> Result<(), AnyError>);

const BENCHES: [Bench; 8] = [
    ("tasks_load_sqlite", load_sqlite::run),
    ("tasks_load_postgres", load_postgres::run),
    ("import", import::run),
    ("operations", operations::run),
    ("delivery_import", delivery::import::run),
    ("delivery_memory", delivery::memory::run),
    ("delivery_operations", delivery::operations::run),
    ("delivery_size", delivery::size::run),
];

fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: impl Iterator<Item = String>) -> Result<(), AnyError> {
    let arguments: Vec<String> = arguments.collect();
    if let [delivery::memory::IMPORT_ONLY, source, own] = arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        return delivery::memory::import_only(source.as_ref(), own.as_ref());
    }
    let (options, names): (Vec<_>, Vec<_>) = arguments.into_iter().partition(|argument| argument.starts_with('-'));
    let extent = match options.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => FULL,
        ["--quick"] => QUICK,
        _ => return Err("usage: bench [NAME...] [--quick]".into()),
    };
    let known: Vec<&str> = BENCHES.iter().map(|(name, _)| *name).collect();
    if let Some(unknown) = names.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(format!("there is no benchmark `{unknown}`; there are {}", known.join(", ")).into());
    }
    if cfg!(debug_assertions) {
        eprintln!("not optimised: these figures say that the benchmarks work, not how fast the program is");
    }
    let mut report = Report::default();
    for (name, bench) in BENCHES {
        if names.is_empty() || names.iter().any(|wanted| wanted == name) {
            eprintln!("{name} ...");
            bench(extent, &mut report)?;
        }
    }
    print!("{}", report.table());
    println!("{}", report.json());
    Ok(())
}
