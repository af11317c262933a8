//! `landfast verify`.

use super::{Context, import};
use crate::backend::{self, Schema};
use crate::cli::VerifyArgs;
use crate::cutover;
use crate::failure::{Exit, Failure};
use crate::interrupt::Interrupt;

/// Compares the database with the sources and prints the differences.
pub(super) fn run(context: &Context, args: &VerifyArgs) -> Result<Exit, Failure> {
    let opened = backend::open_database(context, Schema::Require)?;
    let interrupt = Interrupt::listen("stopping; nothing was changed")?;
    let report =
        cutover::verify(context, opened.store.as_ref(), &opened.place, &args.paths, args.allow_edits, &interrupt)?;
    cutover::write_reports(&report, &args.report, "the verification")?;
    import::print(&report, args.json)?;
    Ok(cutover::exit(&report))
}
