//! Background tasks: one at a time, with a document that says how far it is.
//!
//! All times of such a document are on the server's local clock, without offset; `now` is on the same
//! clock. Every function takes the document as it stands and gives the changed one.

use super::edit::{corrupt, set_at};
use super::moment::Moment;
use super::read::{at, label_at, text_at};
use crate::json::{Json, Object, parse_lossy};
use crate::time::Timestamp;
use crate::{Error, Result};

/// A task that began longer ago than this and still runs counts as failed, in minutes.
pub const STALE_AFTER_MINUTES: f64 = 30.0;

/// Message of a task that was found running at a start of the program.
pub const INTERRUPTED_MESSAGE: &str = "Task was interrupted";

/// How a background task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TaskStatus {
    /// It runs. Legacy name: `in_progress`.
    Running,
    /// It ended well. Legacy name: `complete`.
    Completed,
    /// It ended with an error, was interrupted, or takes too long. Legacy name: `error`.
    Failed,
}

impl TaskStatus {
    /// Lower-case name: `running`, `completed` or `failed`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Failed => "failed",
        }
    }

    /// Reads [`TaskStatus::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Running, Self::Completed, Self::Failed].into_iter().find(|status| status.as_str() == text)
    }
}

/// Progress of a task.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskProgress {
    /// Id of the task: `update_data`, `generate_report`, `calculate_metrics`.
    pub task_name: String,
    /// How far it is, 0 to 100.
    pub percent: f64,
    /// How it stands.
    pub status: TaskStatus,
    /// What it does, or how it ended.
    pub message: String,
    /// When this was last so.
    pub updated_at: Moment,
}

impl TaskProgress {
    /// Progress with these values.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a task without name and for a percent outside 0 to 100.
    pub fn new(task_name: &str, percent: f64, status: TaskStatus, message: &str, updated_at: Moment) -> Result<Self> {
        let (task_name, message) = (super::read::storable(task_name), super::read::storable(message));
        let progress = Self { task_name, percent, status, message, updated_at };
        progress.check()?;
        Ok(progress)
    }

    /// Refuses values no task can have; stores check what they are to keep.
    ///
    /// # Errors
    /// As [`TaskProgress::new`].
    pub fn check(&self) -> Result<()> {
        let invalid = |field, value: String, reason| Error::Invalid { entity: "task progress", field, value, reason };
        if self.task_name.is_empty() {
            return Err(invalid("task_name", String::new(), "must not be empty"));
        }
        if !(0.0..=100.0).contains(&self.percent) {
            return Err(invalid("percent", self.percent.to_string(), "must be between 0 and 100"));
        }
        Ok(())
    }

    /// Progress a document tells of; a task that has been running for more than
    /// [`STALE_AFTER_MINUTES`] has failed.
    ///
    /// The percentage is that of the current phase, cut to 0…100; a completed task has 100.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the document is not JSON.
    pub fn read(document: &str, now: Timestamp) -> Result<Self> {
        let state = State::parse(document)?;
        let status = state.status(now);
        let updated = ["complete_time", "error_time", "cancel_time", "start_time"]
            .iter()
            .find_map(|key| text_at(&state.root, &[key]));
        let phase = state.phase();
        let own_percent = at(&state.root, &["percent"]).and_then(Json::python_number);
        let percent = match status {
            TaskStatus::Completed => Some(100.0),
            _ => phase.percent.or(own_percent),
        };
        let percent = percent.filter(|percent| percent.is_finite()).unwrap_or(0.0).clamp(0.0, 100.0);
        let message = text_at(&state.root, &["message"]).or(phase.message).unwrap_or_default();
        let task_name = label_at(&state.root, &["task_id"]).unwrap_or_else(|| "unknown".to_owned());
        Self::new(&task_name, percent, status, &message, Moment::read(updated.unwrap_or_default()))
    }
}

/// A phase of a task. Reports have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Reading issues from Jira.
    Fetch,
    /// Calculating metrics.
    Calculate,
    /// Making a report.
    Report,
}

impl Phase {
    fn member(self) -> &'static str {
        match self {
            Self::Fetch => "fetch_progress",
            Self::Calculate => "calculate_progress",
            Self::Report => "report_progress",
        }
    }
}

/// Begins a task; gives its document.
///
/// # Errors
/// [`Error::Busy`] while another task runs that began less than [`STALE_AFTER_MINUTES`] ago;
/// [`Error::Corrupt`] when the present document is not JSON.
pub fn begin(
    present: Option<&str>,
    task_id: &str,
    task_name: &str,
    metadata: Object,
    now: Timestamp,
) -> Result<String> {
    if let Some(present) = present {
        let state = State::parse(present)?;
        if state.status(now) == TaskStatus::Running {
            let holder = label_at(&state.root, &["task_name"]).or_else(|| label_at(&state.root, &["task_id"]));
            return Err(Error::Busy {
                what: "the background worker".to_owned(),
                holder: holder.unwrap_or_else(|| "another task".to_owned()),
            });
        }
    }
    if task_id.is_empty() {
        return Err(Error::Invalid {
            entity: "background task",
            field: "task_id",
            value: String::new(),
            reason: "must not be empty",
        });
    }
    let waiting = || {
        Json::Object(Object::from_iter([
            ("current", Json::from(0)),
            ("total", Json::from(0)),
            ("percent", Json::from(0)),
            ("message", Json::from("Waiting...")),
        ]))
    };
    let mut root = Object::from_iter([
        ("task_id", Json::from(task_id)),
        ("task_name", Json::from(task_name)),
        ("status", Json::from("in_progress")),
        ("start_time", Json::from(now.to_iso_text())),
        ("cancelled", Json::from(false)),
        ("metadata", Json::Object(metadata)),
        ("ui_state", Json::Object(Object::from_iter([("operation_in_progress", true)]))),
    ]);
    if task_id != "generate_report" {
        root.insert("phase", "fetch");
        root.insert("fetch_progress", waiting());
        root.insert("calculate_progress", waiting());
    }
    Ok(Json::Object(root).dump_indented(2))
}

/// Tells how far a task is; `None` when the document is about another task, or about one that has ended:
/// such a report is ignored.
///
/// # Errors
/// [`Error::Corrupt`] when the document is not JSON.
pub fn advance(
    document: &str,
    task_id: &str,
    phase: Phase,
    current: i64,
    total: i64,
    message: &str,
) -> Result<Option<String>> {
    let state = State::parse(document)?;
    if !state.runs(task_id) {
        return Ok(None);
    }
    let percent = if total > 0 { share(current, total) } else { Json::from(0) };
    let mut text = document.to_owned();
    match phase {
        Phase::Fetch => text = state.set(&text, &["phase"], &Json::from("fetch"))?,
        Phase::Calculate => text = state.set(&text, &["phase"], &Json::from("calculate"))?,
        Phase::Report => {}
    }
    if phase != Phase::Report {
        text = state.set(&text, &[phase.member(), "current"], &Json::from(current))?;
        text = state.set(&text, &[phase.member(), "total"], &Json::from(total))?;
    }
    text = state.set(&text, &[phase.member(), "percent"], &percent)?;
    state.set(&text, &[phase.member(), "message"], &Json::from(message)).map(Some)
}

/// Marks a task as completed; `None` when the document is about another task or an ended one, and while
/// fetching is not at 100 percent: such a report comes from a worker that was overtaken.
///
/// # Errors
/// [`Error::Corrupt`] when the document is not JSON.
pub fn complete(document: &str, task_id: &str, message: &str, now: Timestamp) -> Result<Option<String>> {
    let state = State::parse(document)?;
    let fetching = text_at(&state.root, &["phase"]).as_deref() == Some("fetch");
    let fetched = at(&state.root, &["fetch_progress", "percent"]).and_then(Json::python_number).unwrap_or(0.0);
    if !state.runs(task_id) || (fetching && fetched < 100.0) {
        return Ok(None);
    }
    let text = state.set(document, &["status"], &Json::from("complete"))?;
    let text = state.set(&text, &["complete_time"], &Json::from(now.to_iso_text()))?;
    let text = state.set(&text, &["message"], &Json::from(message))?;
    let text = state.set(&text, &["percent"], &Json::from(100))?;
    state.set(&text, &["ui_state", "operation_in_progress"], &Json::from(false)).map(Some)
}

/// Marks a task as failed; `None` when the document is about another task or an ended one.
///
/// # Errors
/// [`Error::Corrupt`] when the document is not JSON.
pub fn fail(document: &str, task_id: &str, message: &str, now: Timestamp) -> Result<Option<String>> {
    let state = State::parse(document)?;
    if !state.runs(task_id) {
        return Ok(None);
    }
    mark_failed(&state, document, message, now).map(Some)
}

/// Asks a running task to stop: sets the flag its loops look at. `None` when no task runs.
///
/// # Errors
/// [`Error::Corrupt`] when the document is not JSON.
pub fn request_cancel(document: &str, now: Timestamp) -> Result<Option<String>> {
    let state = State::parse(document)?;
    if !state.is_in_progress() {
        return Ok(None);
    }
    let text = state.set(document, &["cancelled"], &Json::from(true))?;
    state.set(&text, &["cancel_time"], &Json::from(now.to_iso_text())).map(Some)
}

/// Whether [`request_cancel`] was called for the task.
///
/// # Errors
/// [`Error::Corrupt`] when the document is not JSON.
pub fn is_cancelled(document: &str) -> Result<bool> {
    Ok(at(&State::parse(document)?.root, &["cancelled"]).is_some_and(Json::is_truthy))
}

/// To be called when the program starts: a task that is still said to run was interrupted, and is marked
/// as failed. `None` when there is nothing to mark. The legacy program also writes the empty file
/// `task_progress.json.restart` then.
///
/// # Errors
/// [`Error::Corrupt`] when the document is not JSON.
pub fn recover_at_start(document: &str, now: Timestamp) -> Result<Option<String>> {
    let state = State::parse(document)?;
    if !state.is_in_progress() {
        return Ok(None);
    }
    mark_failed(&state, document, INTERRUPTED_MESSAGE, now).map(Some)
}

fn mark_failed(state: &State, document: &str, message: &str, now: Timestamp) -> Result<String> {
    let text = state.set(document, &["status"], &Json::from("error"))?;
    let text = state.set(&text, &["error_time"], &Json::from(now.to_iso_text()))?;
    let text = state.set(&text, &["message"], &Json::from(message))?;
    state.set(&text, &["ui_state", "operation_in_progress"], &Json::from(false))
}

#[expect(clippy::as_conversions, reason = "counts of issues; the nearest double is meant")]
fn share(current: i64, total: i64) -> Json {
    Json::from((current as f64 / total as f64 * 100.0).clamp(0.0, 100.0))
}

/// A parsed document.
struct State {
    root: Json,
}

#[derive(Default)]
struct PhaseState {
    percent: Option<f64>,
    message: Option<String>,
}

impl State {
    fn parse(document: &str) -> Result<Self> {
        let (root, _) =
            parse_lossy(document).map_err(|error| corrupt("task progress", "task_progress", "document", &error))?;
        if root.as_object().is_none() {
            let value = document.chars().take(80).collect();
            return Err(Error::Corrupt {
                entity: "task progress",
                key: "task_progress".to_owned(),
                column: "document".to_owned(),
                value,
            });
        }
        Ok(Self { root })
    }

    fn set(&self, document: &str, path: &[&str], value: &Json) -> Result<String> {
        set_at(document, path, value).map_err(|error| corrupt("task progress", "task_progress", "document", &error))
    }

    fn is_in_progress(&self) -> bool {
        text_at(&self.root, &["status"]).as_deref() == Some("in_progress")
    }

    fn runs(&self, task_id: &str) -> bool {
        self.is_in_progress() && label_at(&self.root, &["task_id"]).as_deref() == Some(task_id)
    }

    fn status(&self, now: Timestamp) -> TaskStatus {
        match text_at(&self.root, &["status"]).as_deref() {
            Some("complete" | "completed") => TaskStatus::Completed,
            Some("in_progress" | "running") => {
                let started = text_at(&self.root, &["start_time"]).and_then(|text| Moment::read(text).instant);
                // A task that cannot say when it began cannot be waited for either.
                let age = started.map_or(f64::INFINITY, |started| now.minutes_since(started));
                if age > STALE_AFTER_MINUTES { TaskStatus::Failed } else { TaskStatus::Running }
            }
            _ => TaskStatus::Failed,
        }
    }

    fn phase(&self) -> PhaseState {
        let member = match text_at(&self.root, &["phase"]).as_deref() {
            Some("calculate") => Phase::Calculate.member(),
            Some(_) => Phase::Fetch.member(),
            None => Phase::Report.member(),
        };
        PhaseState {
            percent: at(&self.root, &[member, "percent"]).and_then(Json::python_number),
            message: text_at(&self.root, &[member, "message"]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn begun() -> String {
        begin(None, "update_data", "Update Data", Object::new(), now("2025-12-17 09:53")).unwrap()
    }

    #[test]
    fn one_task_at_a_time_until_it_is_stale() {
        let running = begun();
        let again = |at: &str| begin(Some(&running), "generate_report", "Report", Object::new(), now(at));
        let error = again("2025-12-17 10:23").unwrap_err();
        assert_eq!(error.to_string(), "the background worker is in use by Update Data");
        assert!(again("2025-12-17 10:23:00.000001").is_ok());
        assert_eq!(TaskProgress::read(&running, now("2025-12-17 10:23")).unwrap().status, TaskStatus::Running);
        assert_eq!(TaskProgress::read(&running, now("2025-12-17 10:24")).unwrap().status, TaskStatus::Failed);
    }

    #[test]
    fn progress_is_that_of_the_current_phase() {
        let half = advance(&begun(), "update_data", Phase::Fetch, 150, 300, "Fetching").unwrap().unwrap();
        let progress = TaskProgress::read(&half, now("2025-12-17 09:54")).unwrap();
        assert_eq!((progress.percent, progress.message.as_str()), (50.0, "Fetching"));
        let next = advance(&half, "update_data", Phase::Calculate, 9, 3, "Calculating").unwrap().unwrap();
        assert_eq!(TaskProgress::read(&next, now("2025-12-17 09:54")).unwrap().percent, 100.0);
        assert_eq!(advance(&half, "other", Phase::Fetch, 1, 2, "").unwrap(), None);
    }

    #[test]
    fn completion_is_ignored_while_fetching() {
        let at = now("2025-12-17 09:55");
        let fetching = advance(&begun(), "update_data", Phase::Fetch, 99, 100, "").unwrap().unwrap();
        assert_eq!(complete(&fetching, "update_data", "done", at).unwrap(), None);
        let fetched = advance(&begun(), "update_data", Phase::Fetch, 100, 100, "").unwrap().unwrap();
        let done = complete(&fetched, "update_data", "done", at).unwrap().unwrap();
        let progress = TaskProgress::read(&done, at).unwrap();
        assert_eq!(
            (progress.status, progress.percent, progress.message.as_str()),
            (TaskStatus::Completed, 100.0, "done")
        );
        assert_eq!(progress.updated_at.text, "2025-12-17T09:55:00");
        assert_eq!(complete(&done, "update_data", "again", at).unwrap(), None);
        assert!(begin(Some(&done), "x", "X", Object::new(), at).is_ok());
    }

    #[test]
    fn a_start_finds_what_was_interrupted() {
        let at = now("2025-12-17 09:54");
        let failed = recover_at_start(&begun(), at).unwrap().unwrap();
        let progress = TaskProgress::read(&failed, at).unwrap();
        assert_eq!((progress.status, progress.message.as_str()), (TaskStatus::Failed, INTERRUPTED_MESSAGE));
        assert_eq!(recover_at_start(&failed, at).unwrap(), None);
        assert_eq!(fail(&failed, "update_data", "x", at).unwrap(), None);
    }

    #[test]
    fn cancelling_only_sets_a_flag() {
        let running = begun();
        let asked = request_cancel(&running, now("2025-12-17 09:54")).unwrap().unwrap();
        assert!(is_cancelled(&asked).unwrap() && !is_cancelled(&running).unwrap());
        assert_eq!(TaskProgress::read(&asked, now("2025-12-17 09:54")).unwrap().status, TaskStatus::Running);
        let failed = fail(&asked, "update_data", "stopped", now("2025-12-17 09:54")).unwrap().unwrap();
        assert_eq!(request_cancel(&failed, now("2025-12-17 09:55")).unwrap(), None);
    }

    #[test]
    fn values_out_of_range_are_refused() {
        let moment = || Moment::read("");
        assert!(TaskProgress::new("t", 100.1, TaskStatus::Running, "", moment()).is_err());
        assert!(TaskProgress::new("t", f64::NAN, TaskStatus::Running, "", moment()).is_err());
        assert!(TaskProgress::new("", 1.0, TaskStatus::Running, "", moment()).is_err());
        assert!(TaskProgress::read("[]", now("2025-12-17 09:54")).is_err());
        assert_eq!(TaskProgress::read("{}", now("2025-12-17 09:54")).unwrap().status, TaskStatus::Failed);
    }
}
