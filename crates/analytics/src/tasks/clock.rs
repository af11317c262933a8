//! The time a calculation is made at.

use landfast_domain::time::Timestamp;

/// One moment on the two clocks that the records use.
///
/// Times of tasks and instances are local, those of the popup log are UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// Local wall clock.
    pub local: Timestamp,
    /// UTC.
    pub utc: Timestamp,
}

/// A machine whose local time is UTC.
impl From<Timestamp> for Clock {
    fn from(now: Timestamp) -> Self {
        Self { local: now, utc: now }
    }
}
