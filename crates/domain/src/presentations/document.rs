//! A job as JSON text.
//!
//! [`read`] is the one place that says what a text means, so that files and databases answer alike. A job
//! that was read keeps its text; [`render`] writes it back and touches only members whose meaning changed.
//! What the queue keeps goes into one member of its own, `landfast`, which is left out while it says nothing
//! that the rest does not.

use super::codes;
use super::job::{ENTITY, EXTERNAL_OWNER, is_url_safe};
use super::queue_document;
use super::request::{Names, PresentationRequest};
use super::{JobId, JobStatus, PresentationJob, RequestText, files};
use crate::finding::{Finding, Oddities, shown, storable};
use crate::instant::{ReadTime, to_local};
use crate::json::{Json, JsonError, MemberText, NumberText, Object, members, parse_lossy, remove_member, set_member};
use crate::time::Timestamp;
use crate::{Error, Result};
use chrono::DateTime;

/// Members of a job in a snapshot, in their order.
pub const MEMBERS: [&str; 12] = [
    "job_id",
    "status",
    "progress",
    "error",
    "video_url",
    "thumbnail_url",
    "slide_image_path",
    "created_at",
    "completed_at",
    "last_heartbeat",
    "created_files",
    "request",
];

/// Member for what only this program keeps.
pub const OWN_MEMBER: &str = "landfast";

/// How the times of a snapshot are to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TimeBase {
    /// Seconds east of Greenwich of times without a zone.
    pub naive_offset: i32,
    /// When the snapshot was taken, UTC.
    pub taken_at: Option<Timestamp>,
}

/// A job and what is odd about its text.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The job, with its text.
    pub job: PresentationJob,
    /// Oddities, in the order of the members.
    pub findings: Vec<Finding>,
}

/// Why a text is no job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// [`codes::JOB_NOT_OBJECT`] or [`codes::JOB_ID_MISSING`].
    pub code: &'static str,
    /// The reason in words.
    pub message: String,
}

/// Reads a job. `key` is its key where jobs are members of an object, and its id where the job has none.
///
/// Odd members read as unknown; see [`codes`]. The text is kept in any case.
///
/// ```
/// use landfast_domain::presentations::document::{TimeBase, read};
///
/// let text = r#"{"job_id": "a", "status": "queued", "progress": NaN, "created_at": "2025-11-10T12:00:00"}"#;
/// let base = TimeBase { naive_offset: 3600, taken_at: None };
/// let reading = read(text, None, &base).unwrap();
/// assert_eq!(reading.job.created_at.to_iso_text(), "2025-11-10T11:00:00");
/// assert_eq!(reading.job.progress, None);
/// assert_eq!(reading.findings[0].code, "nonfinite_number");
/// assert_eq!(reading.job.document.as_deref(), Some(text));
/// ```
///
/// # Errors
/// [`Reject`] when the text is no object or names no id.
pub fn read(text: &str, key: Option<&str>, base: &TimeBase) -> Result<Reading, Reject> {
    let not_object = |message: String| Reject { code: codes::JOB_NOT_OBJECT, message };
    let found = match members(text) {
        Ok(Some(found)) => found,
        Ok(None) => return Err(not_object(format!("not an object: {}", shown(text)))),
        Err(error) => return Err(not_object(error.to_string())),
    };
    let mut reader = Reader { members: &found, base, findings: Vec::new() };
    let id = reader.id(key)?;
    let mut job = PresentationJob::blank(JobId::existing(&id), Timestamp::new(DateTime::UNIX_EPOCH.naive_utc()));
    reader.check_values();
    job.status = reader.status();
    job.progress = reader.progress(&job.status);
    job.error = reader.error(&job.status);
    job.video_url = reader.text("video_url");
    job.thumbnail_url = reader.text("thumbnail_url");
    job.slide_image_path = reader.text("slide_image_path");
    reader.check_video_url(&job);
    let created_at = reader.time("created_at", true);
    job.completed_at = reader.time("completed_at", false);
    job.last_heartbeat = reader.time("last_heartbeat", false);
    reader.check_times(&job, created_at);
    job.created_at = created_at
        .or_else(|| job.completed_at.into_iter().chain(job.last_heartbeat).min())
        .or(base.taken_at)
        .unwrap_or(job.created_at);
    job.created_files = reader.files();
    job.request = reader.request();
    job.queue = queue_document::read(reader.value(OWN_MEMBER).as_ref(), job.created_at, &mut reader.findings);
    reader.check_keys();
    job.document = Some(text.to_owned());
    Ok(Reading { job, findings: reader.findings })
}

/// Writes a job: its own text with the members that changed, or a new text for a job made here. Times that
/// have to be written are local at the offset of `base`; so are the times of a text that was read at another
/// offset.
///
/// # Errors
/// [`Error::Corrupt`] when the kept text is no job, for instance after a manual edit.
pub fn render(job: &PresentationJob, base: &TimeBase) -> Result<String> {
    let Some(text) = &job.document else { return Ok(fresh(job, base)) };
    let corrupt = |message: String| Error::Corrupt {
        entity: ENTITY,
        key: job.id.to_string(),
        column: "document".to_owned(),
        value: message,
    };
    let read_back = |text: &str| read(text, Some(job.id.as_str()), base).map_err(|reject| corrupt(reject.message));
    let edited = changed(text, &read_back(text)?.job, job, base).map_err(|error| corrupt(error.to_string()))?;
    // A text without a creation time has one made from the times that were changed just now.
    if edited == *text || read_back(&edited)?.job.created_at == job.created_at {
        return Ok(edited);
    }
    set_member(&edited, "created_at", &time_json(Some(job.created_at), base))
        .map_err(|error| corrupt(error.to_string()))
}

/// The text with the members that differ between two readings.
fn changed(text: &str, old: &PresentationJob, job: &PresentationJob, base: &TimeBase) -> Result<String, JsonError> {
    let mut text = text.to_owned();
    let mut set = |name: &str, differs: bool, value: &dyn Fn() -> Json| -> Result<(), JsonError> {
        if differs {
            text = set_member(&text, name, &value())?;
        }
        Ok(())
    };
    set("status", old.status != job.status, &|| Json::from(job.status.as_str()))?;
    set("progress", old.progress != job.progress, &|| progress_json(job))?;
    for (name, old, new) in [
        ("error", &old.error, &job.error),
        ("video_url", &old.video_url, &job.video_url),
        ("thumbnail_url", &old.thumbnail_url, &job.thumbnail_url),
        ("slide_image_path", &old.slide_image_path, &job.slide_image_path),
    ] {
        set(name, old != new, &|| text_json(new.as_deref()))?;
    }
    set("created_at", old.created_at != job.created_at, &|| time_json(Some(job.created_at), base))?;
    set("completed_at", old.completed_at != job.completed_at, &|| time_json(job.completed_at, base))?;
    set("last_heartbeat", old.last_heartbeat != job.last_heartbeat, &|| time_json(job.last_heartbeat, base))?;
    set("created_files", old.created_files != job.created_files, &|| files_json(job))?;
    set("request", old.request != job.request, &|| {
        let parsed = job.request.as_ref().and_then(|request| parse_lossy(&request.0).ok());
        parsed.map_or(Json::Null, |(value, _)| value)
    })?;
    // A lease of the legacy service is how an import treats the job, not part of it.
    let mut queue = job.queue.clone();
    queue.lease.take_if(|lease| lease.owner == EXTERNAL_OWNER);
    if old.queue != queue {
        text = match queue_document::to_json(&queue, job.created_at) {
            Some(own) => set_member(&text, OWN_MEMBER, &own)?,
            None => remove_member(&text, OWN_MEMBER)?,
        };
    }
    Ok(text)
}

/// A new text with all members.
fn fresh(job: &PresentationJob, base: &TimeBase) -> String {
    let values = [
        Json::from(job.id.as_str()),
        Json::from(job.status.as_str()),
        progress_json(job),
        text_json(job.error.as_deref()),
        text_json(job.video_url.as_deref()),
        text_json(job.thumbnail_url.as_deref()),
        text_json(job.slide_image_path.as_deref()),
        time_json(Some(job.created_at), base),
        time_json(job.completed_at, base),
        time_json(job.last_heartbeat, base),
        files_json(job),
    ];
    let mut texts: Vec<String> =
        MEMBERS.iter().zip(&values).map(|(name, value)| format!("\"{name}\": {}", value.dump())).collect();
    // The request is copied, so that its bytes survive, too.
    texts.push(format!("\"request\": {}", job.request.as_ref().map_or("null", |request| &request.0)));
    if let Some(own) = queue_document::to_json(&job.queue, job.created_at) {
        texts.push(format!("\"{OWN_MEMBER}\": {}", own.dump()));
    }
    format!("{{{}}}", texts.join(", "))
}

fn progress_json(job: &PresentationJob) -> Json {
    job.progress.map_or(Json::Null, Json::from)
}

fn text_json(text: Option<&str>) -> Json {
    text.map_or(Json::Null, Json::from)
}

fn time_json(time: Option<Timestamp>, base: &TimeBase) -> Json {
    time.map_or(Json::Null, |time| Json::from(to_local(time, base.naive_offset).to_iso_text()))
}

fn files_json(job: &PresentationJob) -> Json {
    Json::Array(job.created_files.iter().map(|path| Json::from(path.as_str())).collect())
}

struct Reader<'a> {
    members: &'a [MemberText<'a>],
    base: &'a TimeBase,
    findings: Vec<Finding>,
}

impl Reader<'_> {
    fn raw(&self, name: &str) -> Option<&str> {
        self.members.iter().rev().find(|member| member.key == name).map(|member| member.text)
    }

    /// The member that counts, half surrogate pairs replaced. Every part of a valid text is valid.
    fn value(&self, name: &str) -> Option<Json> {
        self.raw(name).and_then(|text| parse_lossy(text).ok()).map(|(value, _)| value)
    }

    fn find(&mut self, code: &'static str, field: &str, message: impl Into<String>) {
        self.findings.push(Finding::new(code, field, message));
    }

    fn id(&mut self, key: Option<&str>) -> Result<String, Reject> {
        let inner = match self.value("job_id") {
            Some(Json::String(text)) if !text.is_empty() => Some(text),
            _ => None,
        };
        let id = match (inner, key) {
            (Some(inner), Some(key)) if inner != key && storable(&inner) != key => {
                self.find(codes::JOB_ID_MISMATCH, "job_id", format!("{} under the key {}", shown(&inner), shown(key)));
                inner
            }
            (Some(inner), _) => inner,
            (None, Some(key)) if !key.is_empty() => key.to_owned(),
            (None, _) => {
                let message = format!("job_id is {}", self.raw("job_id").map_or_else(|| "absent".to_owned(), shown));
                return Err(Reject { code: codes::JOB_ID_MISSING, message });
            }
        };
        if id.chars().count() > JobId::MAX_CHARS {
            self.find(codes::JOB_ID_TOO_LONG, "job_id", format!("{} characters", id.chars().count()));
        }
        if !is_url_safe(&id) {
            self.find(codes::ID_NOT_URL_SAFE, "job_id", shown(&id));
        }
        Ok(id)
    }

    /// Numbers that are none and NULs, wherever they are.
    fn check_values(&mut self) {
        for member in self.members {
            let Ok((value, _)) = parse_lossy(member.text) else { continue };
            let odd = Oddities::of(&value);
            if odd.not_finite {
                self.find(codes::NONFINITE_NUMBER, &member.key, "holds `NaN` or `Infinity`");
            }
            if odd.nul || member.key.contains('\0') {
                self.find(codes::NUL_IN_STRING, &member.key, "holds U+0000");
            }
        }
    }

    fn status(&mut self) -> JobStatus {
        let text = match self.value("status") {
            Some(Json::String(text)) => text,
            Some(other) => other.dump(),
            None => String::new(),
        };
        let status = JobStatus::read(&text);
        if matches!(status, JobStatus::Other(_)) {
            self.find(codes::STATUS_UNKNOWN, "status", shown(&text));
        }
        status
    }

    fn progress(&mut self, status: &JobStatus) -> Option<f64> {
        let value = match self.value("progress") {
            None | Some(Json::Null) => {
                self.find(codes::PROGRESS_MISSING, "progress", "no progress");
                return None;
            }
            Some(Json::Number(number)) => number.to_f64(),
            Some(other) => {
                self.find(codes::PROGRESS_TYPE, "progress", shown(&other.dump()));
                return None;
            }
        };
        if !value.is_finite() {
            return None;
        }
        if !(0.0..=100.0).contains(&value) {
            self.find(codes::PROGRESS_OUT_OF_RANGE, "progress", format!("{value} is not within 0 to 100"));
        }
        if *status == JobStatus::Completed && value < 100.0 {
            self.find(codes::COMPLETED_BELOW_100, "progress", format!("completed at {value}"));
        }
        Some(value)
    }

    fn error(&mut self, status: &JobStatus) -> Option<String> {
        let error = match self.value("error") {
            None | Some(Json::Null) => None,
            Some(Json::String(text)) => Some(storable(&text)),
            Some(other) => {
                self.find(codes::ERROR_TYPE, "error", shown(&other.dump()));
                Some(storable(&other.dump()))
            }
        };
        if *status == JobStatus::Failed && error.as_ref().is_none_or(String::is_empty) {
            self.find(codes::FAILED_WITHOUT_ERROR, "error", "failed without a reason");
        }
        error
    }

    /// Text members the service itself always writes as text or null; anything else is kept by its JSON.
    fn text(&self, name: &str) -> Option<String> {
        match self.value(name)? {
            Json::Null => None,
            Json::String(text) => Some(storable(&text)),
            other => Some(storable(&other.dump())),
        }
    }

    fn check_video_url(&mut self, job: &PresentationJob) {
        let length = job.video_url.as_deref().map_or(0, |url| url.chars().count());
        if length > 500 {
            self.find(codes::VIDEO_URL_TOO_LONG, "video_url", format!("{length} characters"));
        }
        if job.status == JobStatus::Completed && length == 0 {
            self.find(codes::COMPLETED_WITHOUT_VIDEO_URL, "video_url", "completed without an address");
        }
    }

    fn time(&mut self, name: &'static str, required: bool) -> Option<Timestamp> {
        let (time, text) = match self.value(name) {
            None | Some(Json::Null) => {
                if required {
                    self.find(codes::TIMESTAMP_MISSING, name, "no time");
                }
                return None;
            }
            Some(Json::Number(number)) => {
                self.find(codes::TIMESTAMP_NUMERIC, name, format!("{number} seconds since 1970"));
                (ReadTime::from_epoch(&number), number.to_string())
            }
            Some(Json::String(text)) => (ReadTime::parse(&text), text),
            Some(other) => (None, other.dump()),
        };
        if time.is_none() {
            self.find(codes::TIMESTAMP_UNPARSED, name, shown(&text));
        }
        let utc = time?.utc(self.base.naive_offset);
        if self.base.taken_at.is_some_and(|taken| utc > taken) {
            self.find(codes::TIMESTAMP_FUTURE, name, format!("{utc} is after the snapshot was taken"));
        }
        Some(utc)
    }

    fn check_times(&mut self, job: &PresentationJob, created_at: Option<Timestamp>) {
        if job.status == JobStatus::Completed && job.completed_at.is_none() {
            self.find(codes::COMPLETED_WITHOUT_COMPLETED_AT, "completed_at", "completed, but not known when");
        }
        for (name, time) in [("completed_at", job.completed_at), ("last_heartbeat", job.last_heartbeat)] {
            if let (Some(created), Some(time)) = (created_at, time)
                && time < created
            {
                self.find(codes::TIMESTAMP_ORDER, name, format!("{time} is before the creation at {created}"));
            }
        }
    }

    fn files(&mut self) -> Vec<String> {
        const NAME: &str = "created_files";
        let elements = match self.value(NAME) {
            None | Some(Json::Null) => return Vec::new(),
            Some(Json::Array(elements)) => elements,
            Some(other) => {
                self.find(codes::FILES_TYPE, NAME, shown(&other.dump()));
                return Vec::new();
            }
        };
        let mut paths = Vec::with_capacity(elements.len());
        for element in elements {
            match element {
                Json::String(path) => {
                    if !files::is_safe_path(&path) {
                        self.find(codes::FILE_PATH_UNSAFE, NAME, shown(&path));
                    }
                    paths.push(storable(&path));
                }
                other => self.find(codes::FILES_TYPE, NAME, shown(&other.dump())),
            }
        }
        paths
    }

    fn request(&mut self) -> Option<RequestText> {
        let text = self.raw("request").filter(|text| *text != "null")?.to_owned();
        let (_, problems) = PresentationRequest::read(&text, Names::Snake);
        for problem in &problems {
            self.find(codes::REQUEST_SHAPE, "request", format!("{} should be {}", problem.field, problem.expected));
        }
        // Only an object can be worked on; anything else stays in the text of the job.
        let usable = problems.first().is_none_or(|problem| !problem.field.is_empty());
        usable.then_some(RequestText(text))
    }

    fn check_keys(&mut self) {
        let known = |key: &str| MEMBERS.contains(&key) || key == OWN_MEMBER;
        let mut extra: Vec<&str> =
            self.members.iter().map(|member| member.key.as_str()).filter(|key| !known(key)).collect();
        extra.dedup();
        if !extra.is_empty() {
            let message = shown(&extra.join(", "));
            self.find(codes::EXTRA_KEYS, "", message);
        }
    }
}

/// Members of an object that counts nothing but whole numbers and texts, for the queue's own member.
pub(super) fn integer(object: &Object, name: &str) -> Option<i64> {
    object.get(name).and_then(Json::as_i64)
}

/// A number as JSON.
pub(super) fn number(value: impl Into<i64>) -> Json {
    Json::Number(NumberText::from(value.into()))
}
