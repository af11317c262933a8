//! `cargo xtask faults`: the sweep of kills and failing calls of the test kit.

use std::process::Command;

use anyhow::Result;

use crate::postgres::{self, Postgres, PostgresArgs};
use crate::{process, workspace};

/// Options of `cargo xtask faults`.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct FaultsArgs {
    /// Operations to disturb: import, reimport, export, rollback, archive, copy, backup, restore; all of them without a name
    #[arg(value_name = "OPERATION")]
    names: Vec<String>,
    /// A few points of each kind, spread evenly, instead of every one
    #[arg(long)]
    short: bool,
    /// So many points of each kind, spread evenly
    #[arg(long, value_name = "N", conflicts_with = "short")]
    points: Option<u64>,
    /// Only this fault: kill, torn, eio or enospc; may be repeated
    #[arg(long = "fault", value_name = "FAULT")]
    faults: Vec<String>,
    /// Only on SQLite
    #[arg(long)]
    sqlite: bool,
    #[command(flatten)]
    postgres: PostgresArgs,
}

/// Runs the verb.
pub(crate) fn run(args: &FaultsArgs) -> Result<()> {
    let postgres = postgres::prepare(args.postgres)?;
    let outcome = run_with(args, &postgres);
    postgres.finish(outcome)
}

/// The short form, as a step of `cargo xtask ci`.
pub(crate) fn run_short(postgres: &Postgres) -> Result<()> {
    run_with(&FaultsArgs { short: true, ..FaultsArgs::default() }, postgres)
}

fn run_with(args: &FaultsArgs, postgres: &Postgres) -> Result<()> {
    // Backups and restores are disturbed in the program itself.
    process::run(process::cargo().current_dir(workspace::root()).args(["build", "--package", "landfast"]))?;
    let mut command = command(args);
    postgres.apply(&mut command);
    process::run(&mut command)
}

fn command(args: &FaultsArgs) -> Command {
    let mut command = process::cargo();
    command.current_dir(workspace::root());
    command.args(["run", "--package", "landfast-testkit", "--bin", "faults", "--"]);
    command.args(&args.names);
    if args.short {
        command.arg("--short");
    }
    if let Some(points) = args.points {
        command.arg("--points").arg(points.to_string());
    }
    for fault in &args.faults {
        command.args(["--fault", fault]);
    }
    if args.sqlite {
        command.arg("--sqlite");
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_and_options_are_passed_on() {
        let args = FaultsArgs {
            names: vec!["import".to_owned()],
            short: true,
            faults: vec!["kill".to_owned()],
            ..FaultsArgs::default()
        };
        let command = command(&args);
        let words: Vec<_> = command.get_args().map(|word| word.to_string_lossy()).collect();
        assert!(words.join(" ").ends_with("--bin faults -- import --short --fault kill"));
    }
}
