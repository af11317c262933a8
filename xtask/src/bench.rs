//! `cargo xtask bench`: the benchmarks of the test kit and of the calculations, in release mode.

use std::process::Command;

use anyhow::Result;

use crate::postgres::{self, PostgresArgs};
use crate::{process, workspace};

/// Options of `cargo xtask bench`.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct BenchArgs {
    /// Benchmarks to run; all of them without a name
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Small data and few rounds: shows that the benchmarks work, not how fast the program is
    #[arg(long)]
    quick: bool,
    #[command(flatten)]
    postgres: PostgresArgs,
}

/// Runs the verb.
pub(crate) fn run(args: &BenchArgs) -> Result<()> {
    if args.names.is_empty() || args.names.iter().any(|name| name == ANALYTICS) {
        process::run(&mut calculations(args))?;
    }
    if args.names.iter().all(|name| name == ANALYTICS) && !args.names.is_empty() {
        return Ok(());
    }
    let postgres = postgres::prepare(args.postgres)?;
    let mut command = command(args);
    postgres.apply(&mut command);
    let outcome = process::run(&mut command);
    postgres.finish(outcome)
}

/// Name of the benchmarks of the calculations, which need no database.
const ANALYTICS: &str = "analytics";

/// The benchmarks of the calculations are a part of their crate.
fn calculations(args: &BenchArgs) -> Command {
    let mut command = process::cargo();
    command.current_dir(workspace::root());
    command.args(["bench", "--package", "landfast-analytics", "--bench", ANALYTICS, "--"]);
    if args.quick {
        command.arg("--quick");
    }
    command
}

fn command(args: &BenchArgs) -> Command {
    let mut command = process::cargo();
    command.current_dir(workspace::root());
    command.args(["run", "--release", "--package", "landfast-testkit", "--bin", "bench", "--"]);
    command.args(args.names.iter().filter(|name| *name != ANALYTICS));
    if args.quick {
        command.arg("--quick");
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_speed_are_passed_on() {
        let names = vec!["import".to_owned(), "point-read".to_owned()];
        let args = BenchArgs { names, quick: true, ..BenchArgs::default() };
        let command = command(&args);
        let words: Vec<_> = command.get_args().map(|word| word.to_string_lossy()).collect();
        assert!(words.join(" ").ends_with("--bin bench -- import point-read --quick"));
        assert!(words.iter().any(|word| word == "--release"));
    }

    #[test]
    fn calculations_are_measured_by_their_crate() {
        let names = vec!["analytics".to_owned(), "import".to_owned()];
        let args = BenchArgs { names, quick: true, ..BenchArgs::default() };
        let words = |command: &Command| {
            command.get_args().map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
        };
        assert!(words(&calculations(&args)).ends_with("--bench analytics -- --quick"));
        assert!(words(&command(&args)).ends_with("--bin bench -- import --quick"));
    }
}
