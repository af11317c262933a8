//! `cargo xtask test`: every test of the workspace on every store.

use std::process::Command;

use anyhow::Result;

use crate::postgres::{self, Postgres, PostgresArgs};
use crate::process;
use crate::workspace::{self, Member};

/// Options of `cargo xtask test`.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct TestArgs {
    /// Test optimised programs
    #[arg(long)]
    pub(crate) release: bool,
    /// Test only these packages
    #[arg(short, long = "package", value_name = "NAME")]
    pub(crate) packages: Vec<String>,
    #[command(flatten)]
    pub(crate) postgres: PostgresArgs,
    /// Arguments for the test runner, for instance part of a test's name; the examples in the
    /// documentation, which cannot be chosen this way, are then left out
    #[arg(last = true, value_name = "ARGS")]
    pub(crate) runner_args: Vec<String>,
}

/// Runs the verb.
pub(crate) fn run(args: &TestArgs) -> Result<()> {
    let postgres = postgres::prepare(args.postgres)?;
    let outcome = run_with(args, &postgres);
    postgres.finish(outcome)
}

/// Runs the tests against a PostgreSQL that is already there, or known to be absent.
///
/// The runner is cargo-nextest where it is installed, else `cargo test`. The examples in the
/// documentation run too; nextest does not know them.
pub(crate) fn run_with(args: &TestArgs, postgres: &Postgres) -> Result<()> {
    let nextest = process::succeeds(process::cargo().args(["nextest", "--version"]));
    let members = workspace::members()?;
    for command in &mut commands(args, &members, nextest) {
        command.current_dir(workspace::root());
        postgres.apply(command);
        process::run(command)?;
    }
    Ok(())
}

fn commands(args: &TestArgs, members: &[Member], nextest: bool) -> Vec<Command> {
    let mut tests = process::cargo();
    if nextest {
        tests.args(["nextest", "run"]);
    } else {
        // Libraries, programs and integration tests; `--all-targets` would run benchmarks too.
        tests.args(["test", "--tests"]);
    }
    choose_packages(&mut tests, args, &args.packages);
    if !nextest && !args.runner_args.is_empty() {
        tests.arg("--");
    }
    tests.args(&args.runner_args);

    let with_library: Vec<String> = args
        .packages
        .iter()
        .filter(|name| members.iter().any(|member| member.name == **name && member.library.is_some()))
        .cloned()
        .collect();
    let no_examples = !args.packages.is_empty() && with_library.is_empty();
    if no_examples || !args.runner_args.is_empty() {
        return vec![tests];
    }
    let mut examples = process::cargo();
    examples.args(["test", "--doc"]);
    choose_packages(&mut examples, args, &with_library);
    vec![tests, examples]
}

fn choose_packages(command: &mut Command, args: &TestArgs, packages: &[String]) {
    if packages.is_empty() {
        command.arg("--workspace");
    }
    for name in packages {
        command.args(["--package", name]);
    }
    if args.release {
        command.arg("--release");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(args: &TestArgs, nextest: bool) -> Vec<String> {
        let member = |name: &str, library: Option<&str>| Member {
            name: name.to_owned(),
            manifest: "Cargo.toml".into(),
            dependencies: Vec::new(),
            library: library.map(Into::into),
            crate_roots: Vec::new(),
        };
        let members = [member("landfast", None), member("landfast-store", Some("src/lib.rs"))];
        let words = |command: &Command| {
            let words: Vec<_> = command.get_args().map(|word| word.to_string_lossy()).collect();
            words.join(" ")
        };
        commands(args, &members, nextest).iter().map(words).collect()
    }

    fn packages(names: &[&str]) -> TestArgs {
        let packages = names.iter().map(|&name| name.to_owned()).collect();
        TestArgs { packages, ..TestArgs::default() }
    }

    #[test]
    fn nextest_runs_the_tests_and_cargo_the_examples() {
        let expected = ["nextest run --workspace", "test --doc --workspace"];
        assert_eq!(lines(&TestArgs::default(), true), expected);
    }

    #[test]
    fn without_nextest_cargo_runs_both_and_no_benchmark() {
        let args = TestArgs { release: true, ..TestArgs::default() };
        let expected = ["test --tests --workspace --release", "test --doc --workspace --release"];
        assert_eq!(lines(&args, false), expected);
    }

    #[test]
    fn a_package_without_a_library_has_no_examples_to_run() {
        assert_eq!(lines(&packages(&["landfast"]), true), ["nextest run --package landfast"]);
        assert_eq!(
            lines(&packages(&["landfast", "landfast-store"]), true).last().unwrap(),
            "test --doc --package landfast-store"
        );
    }

    #[test]
    fn chosen_tests_run_alone() {
        let args = TestArgs { runner_args: vec!["rollback".to_owned()], ..TestArgs::default() };
        assert_eq!(lines(&args, true), ["nextest run --workspace rollback"]);
        let plain = "test --tests --workspace -- rollback";
        assert_eq!(lines(&args, false), [plain]);
    }
}
