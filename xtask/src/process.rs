//! Running other programs: echoed, waited for, and ended in order when a signal arrives.
//!
//! A signal only sets a number. Whoever waits for a child sees it, ends the child and returns
//! [`Interrupted`]; the normal unwinding then drops the PostgreSQL server and its folder. Nothing
//! is cleaned up inside a signal handler.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

/// How often a waiting loop looks at its child and at the signal.
const POLL: Duration = Duration::from_millis(20);

/// How long a child may take to end by itself after a signal before the next, harder step.
const GRACE: Duration = Duration::from_secs(5);

/// The last signal received, 0 for none.
static SIGNAL: LazyLock<Arc<AtomicUsize>> = LazyLock::new(Arc::default);

/// A signal ended the work. What was started has been stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Interrupted;

impl std::fmt::Display for Interrupted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("interrupted; everything that was started has been stopped")
    }
}

impl std::error::Error for Interrupted {}

/// Takes SIGINT, SIGTERM and SIGHUP over from the default action, which would end this program
/// without stopping a private PostgreSQL server.
pub(crate) fn listen_for_signals() -> Result<()> {
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        let number = usize::try_from(signal).context("signal numbers are positive")?;
        signal_hook::flag::register_usize(signal, Arc::clone(&SIGNAL), number)
            .with_context(|| format!("cannot listen for signal {signal}"))?;
    }
    Ok(())
}

/// # Errors
/// [`Interrupted`] when a signal has arrived since the program started.
pub(crate) fn check_signal() -> Result<()> {
    if SIGNAL.load(Ordering::SeqCst) == 0 { Ok(()) } else { Err(Interrupted.into()) }
}

/// Waits `POLL`, or less when a signal arrives.
pub(crate) fn pause() {
    sleep(POLL);
}

/// The cargo that started this program, so that a chosen toolchain stays chosen.
pub(crate) fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs a program with its output on the terminal and waits for it.
///
/// # Errors
/// When the program cannot be started or does not end with exit code 0; [`Interrupted`] after a
/// signal, in which case the program has ended too.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let line = command_line(command);
    eprintln!("$ {line}");
    let mut child = command.spawn().with_context(|| format!("cannot start `{line}`"))?;
    let status = wait(&mut child)?;
    if !status.success() {
        bail!("`{line}` failed ({status})");
    }
    Ok(())
}

/// Runs a program silently and returns what it wrote to standard output.
///
/// # Errors
/// When the program cannot be started, fails (the message carries its standard error), or writes
/// something that is not UTF-8.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let line = command_line(command);
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot start `{line}`"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("`{line}` failed ({}): {}", output.status, said.trim());
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{line}` did not write UTF-8"))
}

/// Whether the program can be started and ends with exit code 0. Its output is thrown away.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// The command as a person would type it: variables set for it, program, arguments.
///
/// A password in a database URL is replaced by `***`.
pub(crate) fn command_line(command: &Command) -> String {
    let mut line = String::new();
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            let _ = write!(line, "{}={} ", name.to_string_lossy(), quoted(value));
        }
    }
    let program = command.get_program();
    let cargo = std::env::var_os("CARGO").is_some_and(|path| path == program);
    line.push_str(&if cargo { "cargo".to_owned() } else { quoted(program) });
    for argument in command.get_args() {
        line.push(' ');
        line.push_str(&quoted(argument));
    }
    line
}

/// A database URL with its password replaced, for messages.
pub(crate) fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let Some((login, place)) = rest.split_once('@') else {
        return url.to_owned();
    };
    match login.split_once(':') {
        Some((user, _)) => format!("{scheme}://{user}:***@{place}"),
        None => url.to_owned(),
    }
}

fn quoted(word: &OsStr) -> String {
    let word = without_password(&word.to_string_lossy());
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%,+*".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

fn wait(child: &mut Child) -> Result<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait().context("cannot wait for a program")? {
            // A child that was ended by the same Ctrl-C must not look like an ordinary failure.
            check_signal()?;
            return Ok(status);
        }
        if check_signal().is_err() {
            end(child);
            return Err(Interrupted.into());
        }
        pause();
    }
}

/// Ends a child after a signal. A Ctrl-C at a terminal has reached the child already, so it gets
/// time to end by itself; any other signal is passed on. A child that ignores both is killed.
fn end(child: &mut Child) {
    let came_from_terminal = usize::try_from(SIGINT) == Ok(SIGNAL.load(Ordering::SeqCst));
    if came_from_terminal && ended_within(child, GRACE) {
        return;
    }
    succeeds(Command::new("kill").arg("-TERM").arg(child.id().to_string()));
    if !ended_within(child, GRACE) {
        // Both fail only when the child is gone already, which is what they are for.
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// Waits for a child at most as long as said; true when it has ended.
pub(crate) fn ended_within(child: &mut Child, limit: Duration) -> bool {
    let start = Instant::now();
    while start.elapsed() < limit {
        if !matches!(child.try_wait(), Ok(None)) {
            return true;
        }
        pause();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_program_is_an_error_that_names_the_command() {
        let error = run(Command::new("sh").args(["-c", "exit 3"])).unwrap_err().to_string();
        assert!(error.contains("sh -c 'exit 3'"), "{error}");
        assert!(error.contains('3'), "{error}");
    }

    #[test]
    fn a_missing_program_is_an_error_that_names_it() {
        let error = run(&mut Command::new("no-such-program-anywhere")).unwrap_err();
        assert!(format!("{error:#}").contains("no-such-program-anywhere"));
        assert!(!succeeds(&mut Command::new("no-such-program-anywhere")));
    }

    #[test]
    fn captured_output_is_returned_and_captured_errors_are_told() {
        assert_eq!(capture(Command::new("echo").arg("hello")).unwrap(), "hello\n");
        let error = capture(Command::new("sh").args(["-c", "echo why >&2; false"])).unwrap_err();
        assert!(error.to_string().contains("why"), "{error}");
    }

    #[test]
    fn a_command_line_can_be_typed_again() {
        let mut command = Command::new("cargo");
        command.env("RUSTDOCFLAGS", "-D warnings").args(["doc", "it's"]);
        assert_eq!(command_line(&command), r"RUSTDOCFLAGS='-D warnings' cargo doc 'it'\''s'");
    }

    #[test]
    fn a_password_is_not_printed() {
        let mut command = Command::new("psql");
        command.arg("postgres://me:secret@host/db");
        assert_eq!(command_line(&command), "psql postgres://me:***@host/db");
        assert_eq!(without_password("postgres://me@host/db"), "postgres://me@host/db");
        assert_eq!(without_password("sqlite:file.db"), "sqlite:file.db");
    }

    #[test]
    fn a_slow_child_is_reported_as_running() {
        let mut child = Command::new("sleep").arg("30").spawn().unwrap();
        assert!(!ended_within(&mut child, Duration::from_millis(60)));
        child.kill().unwrap();
        assert!(ended_within(&mut child, Duration::from_secs(5)));
    }
}
