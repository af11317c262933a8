//! Errors that end an attempt and are never seen outside.

use landfast_domain::Error;

#[derive(Debug, thiserror::Error)]
enum Ending {
    #[error("another store leads this area")]
    Elsewhere,
    #[error("the stage of the area changed")]
    Stale,
}

/// The area is led by the other store.
pub(super) fn elsewhere() -> Error {
    Error::aborted(Ending::Elsewhere)
}

/// The stage is another one than was known.
pub(super) fn stale() -> Error {
    Error::aborted(Ending::Stale)
}
