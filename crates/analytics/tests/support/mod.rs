//! What the golden tests share.
#![allow(dead_code, reason = "each test program uses a part of this")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may panic, also in their helpers")]

pub(crate) mod compare;
pub(crate) mod fixtures;
