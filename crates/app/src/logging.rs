//! Log lines on stderr.

use crate::failure::Failure;
use std::io::IsTerminal as _;
use tracing_subscriber::EnvFilter;

/// Begins logging. `LANDFAST_LOG` (the syntax of `RUST_LOG`) decides, else the number of `-v`: warnings,
/// then what is going on, then every detail.
///
/// # Errors
/// When `LANDFAST_LOG` is not understood.
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
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(colored)
        .with_target(verbose > 1)
        .init();
    Ok(())
}
