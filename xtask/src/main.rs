//! `cargo xtask`: the chores of this repository as one small program.
//!
//! It runs other programs (cargo, git, the PostgreSQL server) and links none of the project's
//! crates, so it builds in seconds and still works while a crate does not compile. Linux and macOS.

mod bench;
mod ci;
mod faults;
mod migrate;
mod postgres;
mod process;
mod schema;
mod test;
mod tidy;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

/// What the shell reports for a program ended by Ctrl-C (128 + SIGINT).
const EXIT_INTERRUPTED: u8 = 130;

/// Test, check and measure Landfast.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Verb {
    /// Run every test on every store
    Test(test::TestArgs),
    /// Bring a database to the current schema
    Migrate(migrate::MigrateArgs),
    /// Write docs/schema.md from the migrations, or check them against schema.rs
    Schema(schema::SchemaArgs),
    /// Run the benchmarks in release mode
    Bench(bench::BenchArgs),
    /// End and disturb imports, rollbacks, copies and archives at every call that changes files
    Faults(faults::FaultsArgs),
    /// Check the rules of the repository that the compiler does not know
    Tidy(tidy::TidyArgs),
    /// Run everything a change must pass: format, lints, tidy, docs, tests, schema
    Ci(ci::CiArgs),
}

fn main() -> ExitCode {
    let verb = Verb::parse();
    let outcome = process::listen_for_signals().and_then(|()| run(verb));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is::<process::Interrupted>() => {
            eprintln!("xtask: {error}");
            ExitCode::from(EXIT_INTERRUPTED)
        }
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(verb: Verb) -> anyhow::Result<()> {
    match verb {
        Verb::Test(args) => test::run(&args),
        Verb::Migrate(args) => migrate::run(&args),
        Verb::Schema(args) => schema::run(&args),
        Verb::Bench(args) => bench::run(&args),
        Verb::Faults(args) => faults::run(&args),
        Verb::Tidy(args) => tidy::run(&args),
        Verb::Ci(args) => ci::run(&args),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Verb::command().debug_assert();
    }

    #[test]
    fn words_after_two_dashes_go_to_the_test_runner() {
        let Verb::Test(args) = Verb::parse_from(["xtask", "test", "--release", "--", "name", "-v"]) else {
            panic!("`test` parsed as another verb");
        };
        assert!(args.release);
        assert_eq!(args.runner_args, ["name", "-v"]);
    }

    #[test]
    fn a_private_and_no_postgres_exclude_each_other() {
        let both = ["xtask", "test", "--private-postgres", "--no-postgres"];
        assert!(Verb::try_parse_from(both).is_err());
    }
}
