//! `cargo xtask bench`: the benchmarks of the test kit, in release mode.

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
    let postgres = postgres::prepare(args.postgres)?;
    let mut command = command(args);
    postgres.apply(&mut command);
    let outcome = process::run(&mut command);
    postgres.finish(outcome)
}

fn command(args: &BenchArgs) -> Command {
    let mut command = process::cargo();
    command.current_dir(workspace::root());
    command.args(["run", "--release", "--package", "landfast-testkit", "--bin", "bench", "--"]);
    command.args(&args.names);
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
}
