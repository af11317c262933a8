//! `cargo xtask ci`: everything a change must pass, each step timed.

use std::fmt::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::postgres::{self, Postgres, PostgresArgs};
use crate::test::TestArgs;
use crate::{faults, process, schema, test, tidy, workspace};

/// Options of `cargo xtask ci`.
#[derive(Debug, clap::Args)]
pub(crate) struct CiArgs {
    #[command(flatten)]
    postgres: PostgresArgs,
}

/// One step: its name in the table, the command that repeats it alone, and what it does.
struct Step<'a> {
    name: &'static str,
    again: &'static str,
    work: Box<dyn FnOnce() -> Result<()> + 'a>,
}

/// Runs the verb.
///
/// # Errors
/// The first step that fails, with the command that repeats it alone. Later steps do not run.
pub(crate) fn run(args: &CiArgs) -> Result<()> {
    let postgres = postgres::prepare(args.postgres)?;
    let outcome = run_steps(steps(&postgres));
    postgres.finish(outcome)
}

fn steps(postgres: &Postgres) -> Vec<Step<'_>> {
    let step = |name, again, work| Step { name, again, work };
    vec![
        step("format", "cargo fmt --all", Box::new(|| cargo(&["fmt", "--all", "--check"]))),
        step(
            "lints",
            "cargo clippy --workspace --all-targets -- -D warnings",
            Box::new(|| cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])),
        ),
        step(
            "tidy",
            "cargo xtask tidy --doc-coverage",
            Box::new(|| tidy::run(&tidy::TidyArgs { doc_coverage: true, fix: false })),
        ),
        step(
            "docs",
            "RUSTDOCFLAGS='-D warnings' cargo doc --no-deps --workspace",
            Box::new(|| {
                let mut command = process::cargo();
                command.env("RUSTDOCFLAGS", "-D warnings");
                command.args(["doc", "--no-deps", "--workspace"]);
                in_root(&mut command)
            }),
        ),
        step("tests", "cargo xtask test", Box::new(|| test::run_with(&TestArgs::default(), postgres))),
        step("faults", "cargo xtask faults --short", Box::new(|| faults::run_short(postgres))),
        step("schema", "cargo xtask schema --check", Box::new(|| schema::run_with(true, postgres))),
    ]
}

fn run_steps(steps: Vec<Step<'_>>) -> Result<()> {
    let names: Vec<&str> = steps.iter().map(|step| step.name).collect();
    let mut done = Vec::new();
    for step in steps {
        eprintln!("\n== {}", step.name);
        let start = Instant::now();
        let outcome = (step.work)();
        done.push((start.elapsed(), outcome.is_ok()));
        if let Err(error) = outcome {
            eprintln!("\n{}", table(&names, &done));
            let again = format!("step `{}` failed; run it alone with: {}", step.name, step.again);
            // An interrupted step has not failed, and keeps its own exit code.
            return if error.is::<process::Interrupted>() { Err(error) } else { Err(error).context(again) };
        }
    }
    eprintln!("\n{}", table(&names, &done));
    Ok(())
}

/// A line per step with its time; steps that were not reached say so.
fn table(names: &[&str], done: &[(Duration, bool)]) -> String {
    let mut text = String::new();
    for (index, name) in names.iter().enumerate() {
        let _ = match done.get(index) {
            Some((time, ok)) => {
                let result = if *ok { "ok" } else { "FAILED" };
                writeln!(text, "{name:<8} {:>8.1} s  {result}", time.as_secs_f64())
            }
            None => writeln!(text, "{name:<8} {:>8}    not run", "-"),
        };
    }
    let total: Duration = done.iter().map(|(time, _)| *time).sum();
    let _ = write!(text, "{:<8} {:>8.1} s", "total", total.as_secs_f64());
    text
}

fn cargo(arguments: &[&str]) -> Result<()> {
    in_root(process::cargo().args(arguments))
}

fn in_root(command: &mut Command) -> Result<()> {
    process::run(command.current_dir(workspace::root()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    #[test]
    fn the_first_failure_ends_the_run_and_names_the_command_to_repeat() {
        let ran = RefCell::new(Vec::new());
        let step = |name: &'static str, again, ok: bool| {
            let ran = &ran;
            let work = Box::new(move || {
                ran.borrow_mut().push(name);
                if ok { Ok(()) } else { Err(anyhow::anyhow!("broken")) }
            });
            Step { name, again, work }
        };
        let steps = vec![step("one", "do one", true), step("two", "do two", false), step("three", "do three", true)];
        let error = format!("{:#}", run_steps(steps).unwrap_err());
        assert!(error.contains("do two") && error.contains("broken"), "{error}");
        assert_eq!(*ran.borrow(), ["one", "two"]);
    }

    #[test]
    fn an_interrupted_step_is_not_called_failed() {
        let work = Box::new(|| Err(process::Interrupted.into()));
        let error = run_steps(vec![Step { name: "one", again: "do one", work }]).unwrap_err();
        assert!(error.is::<process::Interrupted>());
    }

    #[test]
    fn the_table_shows_times_results_and_what_was_not_reached() {
        let done = [(Duration::from_millis(1500), true), (Duration::from_secs(2), false)];
        let expected = "one           1.5 s  ok\n\
                        two           2.0 s  FAILED\n\
                        three           -    not run\n\
                        total         3.5 s";
        assert_eq!(table(&["one", "two", "three"], &done), expected);
    }
}
