//! The life cycle of an instance: from creation to completion or cancellation.
//!
//! Which step is allowed in which state is the table in [`super::state`]. Every step is one function that
//! reads the instance, checks its state, changes it and writes it back; an unknown key is
//! [`crate::Error::NotFound`].
//!
//! # What happens to payloads
//!
//! No step loses a datum of `predicted` or `actual`:
//!
//! - [`initialize`], [`complete`], [`revise_completed`], [`cancel`] and [`update_cancelled`] lay the given
//!   payload over the one that is there: given members win, others stay (the legacy program dropped them,
//!   and with them the time worked before a pause). When the cell holds something unreadable, its text moves
//!   to the member `landfast_replaced_text` of the new payload.
//! - [`pause`], [`resume`], [`postpone`] and [`update_pause_notes`] change single members. When the cell
//!   holds something unreadable they answer [`crate::Error::Corrupt`] and write nothing.
//! - Reasons and times of all pauses and postponements stay in `pause_history` and `postpone_history`.

mod begin;
mod finish;
mod interrupt;
#[cfg(test)]
mod tests;

pub use begin::{
    Initialization, NewInstance, append_notes, create, delete, ensure_for_task, get, initialize,
    revise_expected_aversion, start,
};
pub use finish::{Completion, Skipped, cancel, complete, revise_completed, update_cancelled};
pub use interrupt::{Pause, pause, postpone, resume, update_pause_notes};
