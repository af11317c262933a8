//! `cargo xtask schema`: the schema of both databases, written down or checked.
//!
//! The work is done by the program `schema` of the test kit, which has the migrations and both
//! database drivers.

use anyhow::Result;

use crate::postgres::{self, Postgres, PostgresArgs};
use crate::{process, workspace};

/// Options of `cargo xtask schema`.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct SchemaArgs {
    /// Write nothing: run every migration up, down and up again on both databases with rows in
    /// the tables, compare both catalogues with schema.rs, and fail on any difference
    #[arg(long)]
    pub(crate) check: bool,
    #[command(flatten)]
    pub(crate) postgres: PostgresArgs,
}

/// Runs the verb.
pub(crate) fn run(args: &SchemaArgs) -> Result<()> {
    let postgres = postgres::prepare(args.postgres)?;
    let outcome = run_with(args.check, &postgres);
    postgres.finish(outcome)
}

/// Checks or writes the schema with a PostgreSQL that is already there, or known to be absent.
pub(crate) fn run_with(check: bool, postgres: &Postgres) -> Result<()> {
    let mut command = process::cargo();
    command.current_dir(workspace::root());
    command.args(["run", "--quiet", "--package", "landfast-testkit", "--bin", "schema", "--"]);
    command.arg(if check { "--check" } else { "--write" });
    postgres.apply(&mut command);
    process::run(&mut command)
}
