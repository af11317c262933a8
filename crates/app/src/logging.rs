//! Log lines on stderr.

use crate::failure::Failure;
use std::io::IsTerminal as _;
use tracing_subscriber::EnvFilter;

/// Begins logging. `LANDFAST_LOG` (the syntax of `RUST_LOG`) decides, else the number of `-v`: warnings,
/// then what is going on, then every detail. With `LANDFAST_LOG_FORMAT=json` each line is a JSON object.
///
/// # Errors
/// When `LANDFAST_LOG` or `LANDFAST_LOG_FORMAT` is not understood.
pub fn start(verbose: u8) -> Result<(), Failure> {
    let level = match verbose {
        0 => "warn",
        1 => "info",
        2 => "debug",
        _ => "trace",
    };
    let filter = match std::env::var("LANDFAST_LOG") {
        Ok(text) if !text.is_empty() => EnvFilter::try_new(&text).map_err(|error| {
            Failure::usage(format!("LANDFAST_LOG={text:?}: {error}"))
                .hint("write for instance LANDFAST_LOG=info or landfast_store=debug")
        })?,
        _ => EnvFilter::new(level),
    };
    let colored = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(colored)
        .with_target(verbose > 1);
    match std::env::var("LANDFAST_LOG_FORMAT").unwrap_or_default().as_str() {
        "" | "text" => lines.init(),
        "json" => lines.json().flatten_event(true).with_target(true).init(),
        other => return Err(Failure::usage(format!("LANDFAST_LOG_FORMAT={other:?} is not text or json"))),
    }
    Ok(())
}
