//! `cargo xtask migrate`: a database brought to the current schema by the program itself.

use std::process::Command;

use anyhow::Result;

use crate::{process, workspace};

/// Options of `cargo xtask migrate`.
#[derive(Debug, clap::Args)]
pub(crate) struct MigrateArgs {
    /// The database: sqlite:PATH or postgres://…; without it the program decides as always
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
}

/// Runs the verb.
pub(crate) fn run(args: &MigrateArgs) -> Result<()> {
    process::run(&mut command(args))
}

fn command(args: &MigrateArgs) -> Command {
    let mut command = process::cargo();
    command.current_dir(workspace::root());
    if let Some(url) = &args.database_url {
        // Not as an argument: arguments, and a password in them, are visible to every user.
        command.env("DATABASE_URL", url);
    }
    command.args(["run", "--quiet", "--package", "landfast", "--", "db", "migrate"]);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_travels_in_the_environment() {
        let args = MigrateArgs { database_url: Some("postgres://me:secret@host/db".to_owned()) };
        let command = command(&args);
        assert!(command.get_args().all(|word| !word.to_string_lossy().contains("secret")));
        let url = command.get_envs().find(|(name, _)| *name == "DATABASE_URL");
        assert_eq!(url.unwrap().1.unwrap(), "postgres://me:secret@host/db");
    }

    #[test]
    fn without_a_url_the_program_decides() {
        assert_eq!(command(&MigrateArgs { database_url: None }).get_envs().count(), 0);
    }
}
