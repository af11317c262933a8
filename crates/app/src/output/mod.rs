//! What commands print: results on stdout, talk on stderr.

mod json;
mod page;
mod style;
mod table;
mod text;

pub use json::{document, print_json};
pub use page::Page;
pub use style::Style;
pub use table::{Align, Table};
pub use text::{bytes, count, counted, duration, safe};

use crate::failure::Failure;
use std::io::Write as _;

/// Writes text to stdout. A reader that went away (`landfast … | head`) is no failure.
///
/// # Errors
/// When stdout cannot be written for another reason, for instance a full disk.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::failed(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes a line to stderr, for the person who waits. Nothing can be done when that fails.
pub fn say(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
