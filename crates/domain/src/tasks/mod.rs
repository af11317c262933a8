//! The tasks area: templates, attempts at them, and what surrounds them.
//!
//! A *task* (template) is a reusable definition, an *instance* one attempt at it. Records mirror the
//! legacy CSV tables column by column; operations are functions over [`crate::Repositories`] that take
//! the user, the time and new ids as arguments. Run them inside a transaction of a [`crate::Store`].
//!
//! | module | operations |
//! |---|---|
//! | [`templates`] | create, find, list, update, delete templates; recent ones |
//! | [`lifecycle`], [`state`] | the life cycle of an instance, and which step is allowed when |
//! | [`completion`], [`extraction`] | numbers of a completion; copying payload values into columns |
//! | [`payload`] | reading and editing the JSON objects in `predicted` and `actual` |
//! | [`lists`] | open, recent, cancelled instances; what counts as done |
//! | [`backfill`], [`scale`] | maintenance: filling empty columns, converting the old scale |
//! | [`emotions`], [`notes`], [`jobs`] | vocabulary, notes on templates and free ones, groups of templates |
//! | [`preferences`], [`settings`], [`cancellation`] | settings of a profile and what they mean |
//! | [`survey`], [`popups`] | answers, and what was shown |
//! | [`keys`] | new keys in the legacy form |
//!
//! Common to all operations: they touch the records of one user only; a key that names nothing is
//! [`crate::Error::NotFound`]; text is stored as given, never escaped; cells an operation does not mean to
//! change keep their bytes.

pub mod backfill;
pub mod cancellation;
pub mod completion;
pub mod emotions;
pub mod extraction;
pub mod jobs;
pub mod keys;
pub mod lifecycle;
pub mod lists;
pub mod notes;
pub mod payload;
pub mod popups;
pub mod preferences;
pub mod scale;
pub mod settings;
pub mod state;
pub mod survey;
pub mod templates;

mod access;
mod change;
#[cfg(test)]
mod golden_tests;
mod instance;
mod legacy_row;
mod records;
mod task;
mod template_rules;
#[cfg(test)]
mod testing;

pub use change::Change;
pub use instance::{Status, TaskInstance};
pub use legacy_row::LegacyRow;
pub use records::{Emotion, Job, JobTask, Note, PopupResponse, PopupTrigger, Preference, SurveyResponse};
pub use task::Task;
pub use template_rules::{
    MAX_DESCRIPTION_CHARS, MAX_NAME_CHARS, NewTask, ROUTINE_FREQUENCIES, TASK_KINDS, TASK_TYPES, TaskChange,
};
