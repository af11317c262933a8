//! States of an instance, and which steps each state allows.
//!
//! | step | created | initialized | started | paused | completed | cancelled |
//! |---|---|---|---|---|---|---|
//! | initialize | yes | yes | yes | yes | – | – |
//! | start | yes | yes | – | – | – | – |
//! | pause | – | – | yes | – | – | – |
//! | resume | – | – | – | yes | – | – |
//! | update pause notes | – | – | – | yes | – | – |
//! | postpone | yes | yes | yes | yes | – | – |
//! | complete | yes | yes | yes | yes | – | – |
//! | revise the completion | – | – | – | – | yes | – |
//! | cancel | yes | yes | yes | yes | – | – |
//! | update the cancellation | – | – | – | – | – | yes |
//! | delete, append notes | yes | yes | yes | yes | yes | yes |
//!
//! Everything else is [`Error::Transition`]; nothing is then written. The legacy program had no such
//! guards: it paused finished instances and completed cancelled ones, losing their times and scores.
//! An instance flagged `is_deleted` can only be deleted.

use super::payload::payload;
use super::{Status, TaskInstance};
use crate::text::{python_lower, python_strip};
use crate::{Error, Result};

/// States of an instance that is neither completed nor cancelled.
pub(super) const OPEN: [Status; 4] = [Status::Created, Status::Initialized, Status::Started, Status::Paused];

impl TaskInstance {
    /// Where the instance is in its life cycle, from the first line that fits:
    ///
    /// 1. cancelled: its status says so;
    /// 2. cancelled: it is flagged completed, has a cancellation time and no completion time;
    /// 3. completed: it is flagged completed, has a completion time, or its status says so. The legacy
    ///    program set the status of finished instances back to `initialized`, so flag and time count more;
    /// 4. started: `started_at` is not blank;
    /// 5. paused: `actual` holds a true `paused`;
    /// 6. initialized: `initialized_at` is not blank;
    /// 7. created.
    ///
    /// Status and flags are compared without regard to case and surrounding white space, times need not
    /// be readable. [`TaskInstance::is_active`] follows the legacy program's stricter comparisons, so a
    /// hand-edited row may be listed as open although it is completed here.
    #[must_use]
    pub fn state(&self) -> Status {
        let status = self.effective_status();
        let status = python_lower(python_strip(status));
        let flagged = self.is_completed.value() == Some(true);
        if status == "cancelled" || (flagged && self.completed_at.is_blank() && !self.cancelled_at.is_blank()) {
            Status::Cancelled
        } else if flagged || !self.completed_at.is_blank() || status == "completed" {
            Status::Completed
        } else if !self.started_at.is_blank() {
            Status::Started
        } else if payload(&self.actual)
            .is_ok_and(|actual| actual.get("paused").is_some_and(crate::json::Json::is_truthy))
        {
            Status::Paused
        } else if self.is_initialized() {
            Status::Initialized
        } else {
            Status::Created
        }
    }
}

/// The state, which must be one of `allowed`.
pub(super) fn guard(instance: &TaskInstance, action: &'static str, allowed: &[Status]) -> Result<Status> {
    let state = instance.state();
    let refused = |state: &str| {
        Err(Error::Transition {
            entity: "task instance",
            key: instance.key.as_str().to_owned(),
            action,
            state: state.to_owned(),
        })
    };
    if instance.is_deleted.legacy() == "True" {
        return refused("deleted");
    }
    if allowed.contains(&state) { Ok(state) } else { refused(state.as_str()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn the_first_fitting_line_decides() {
        let time = "2025-12-21 20:31";
        for (cells, state) in [
            (&[][..], Status::Created),
            (&[("status", "draft")], Status::Created),
            (&[("initialized_at", "yesterday")], Status::Initialized),
            (&[("status", "initialized"), ("actual", r#"{"paused": true}"#), ("initialized_at", time)], Status::Paused),
            (
                &[("status", "initialized"), ("actual", r#"{"paused": false}"#), ("initialized_at", time)],
                Status::Initialized,
            ),
            (&[("started_at", time), ("actual", r#"{"paused": true}"#)], Status::Started),
            (&[("completed_at", time), ("status", "initialized"), ("is_completed", "True")], Status::Completed),
            (&[("is_completed", "TRUE"), ("status", "active")], Status::Completed),
            (&[("status", " Completed ")], Status::Completed),
            (&[("status", "cancelled"), ("is_completed", "True"), ("cancelled_at", time)], Status::Cancelled),
            (&[("status", "initialized"), ("is_completed", "True"), ("cancelled_at", time)], Status::Cancelled),
            (&[("is_completed", "True"), ("cancelled_at", time), ("completed_at", time)], Status::Completed),
            (&[("status", "CANCELLED"), ("completed_at", time)], Status::Cancelled),
        ] {
            let mut instance = TaskInstance::blank("i1".into());
            for (column, text) in cells {
                instance.set_cell_named(column, (*text).to_owned());
            }
            assert_eq!(instance.state(), state, "{cells:?}");
        }
    }
}
