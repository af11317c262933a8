//! Operations on runs. Run each inside a write transaction of a store: an update reads and writes the run, and
//! the transaction keeps others from doing the same in between.

use super::state::{self, Reject};
use super::{
    ENTITY, Layout, Run, RunDocuments, RunFilter, RunId, RunPage, RunRepository, RunStatus, TimeText, documents,
    is_safe_path,
};
use crate::json::{Json, JsonError, JsonKind, Object, parse_lossy, remove_member, set_member, top_level_kind};
use crate::time::Timestamp;
use crate::{Error, Result};

/// Most runs of a page.
pub const MAX_PAGE: usize = 1000;

/// A run to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRun {
    /// Its id, from [`RunId::generate`] or [`RunId::explicit`].
    pub id: RunId,
    /// `jetstream`, `manual_upload` or another word, not empty.
    pub source: String,
    /// Id at the service the recording comes from.
    pub jetstream_id: Option<String>,
    /// JSON object of metadata, kept verbatim; an empty one is none.
    pub metadata: Option<String>,
}

/// Why a run failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunError {
    /// Stage it failed in.
    pub stage: String,
    /// Short code.
    pub code: String,
    /// What happened.
    pub message: String,
}

/// A change of a run; what is `None` stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RunChange {
    /// Any word of the vocabulary may follow any other. Leaving `error` clears the error.
    pub status: Option<RunStatus>,
    /// Free text.
    pub stage: Option<String>,
    /// 0 to 100.
    pub progress_percent: Option<i64>,
    /// Only together with, or in, the status `error`.
    pub error: Option<RunError>,
    /// JSON object; an empty one removes the results.
    pub results_summary: Option<String>,
    /// Names of result files, each once.
    pub files: Option<Vec<String>>,
}

/// Adds a run, pending. Unlike the legacy program it refuses an id that is taken, which there reset the run.
///
/// # Errors
/// [`Error::Conflict`] when the id is taken; [`Error::Invalid`] for an empty source or metadata that is no
/// JSON object.
pub fn create(repository: &mut dyn RunRepository, new: NewRun, now: Timestamp) -> Result<Run> {
    if new.source.is_empty() || new.source.contains('\0') {
        return Err(invalid("source", new.source, "must not be empty and hold no NUL"));
    }
    let metadata = new.metadata.map(|text| object_text("metadata", text)).transpose()?.flatten();
    let text = state::new_text(&new.id, &new.source, new.jetstream_id.as_deref(), now);
    let documents = RunDocuments { state: Some(text), metadata, ..Default::default() };
    let reading = documents::read(Layout::State, &state::directory_of(&new.id), documents);
    let mut run = reading.map_err(|reject| corrupt(&new.id, reject))?.run;
    run.id = new.id;
    repository.insert(&run)?;
    Ok(run)
}

/// The run with this id.
///
/// # Errors
/// [`Error::NotFound`].
pub fn require(repository: &mut dyn RunRepository, id: &RunId) -> Result<Run> {
    repository.get(id)?.ok_or_else(|| Error::NotFound { entity: ENTITY, key: id.to_string() })
}

/// Changes a run and sets its `updated_at`. A run that came without a state gets one.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] for a status outside the vocabulary, a progress outside 0 to 100,
/// an error without the status, results that are no object, unsafe or repeated file names.
pub fn update(repository: &mut dyn RunRepository, id: &RunId, change: &RunChange, now: Timestamp) -> Result<Run> {
    let old = require(repository, id)?;
    let run = changed(&old, change, now)?;
    repository.update(&run)?;
    Ok(run)
}

/// The run as it is after a change; the pure part of [`update`].
///
/// # Errors
/// [`Error::Invalid`] as [`update`]; [`Error::Corrupt`] when a kept document is none.
pub fn changed(run: &Run, change: &RunChange, now: Timestamp) -> Result<Run> {
    check(run, change)?;
    let text = match &run.documents.state {
        Some(text) => text.clone(),
        None => state::text_of(run, &[]),
    };
    let edited = state::edited(&text, |text| edit(text, run, change, now));
    let text = edited.map_err(|error: JsonError| Error::Corrupt {
        entity: ENTITY,
        key: run.id.to_string(),
        column: "state".to_owned(),
        value: error.to_string(),
    })?;
    let documents = RunDocuments { state: Some(text), ..run.documents.clone() };
    let mut new =
        documents::read(run.layout, &run.directory, documents).map_err(|reject| corrupt(&run.id, reject))?.run;
    (new.id, new.original_id) = (run.id.clone(), run.original_id.clone());
    Ok(new)
}

/// Runs of a page and how many pass the filter. At most [`MAX_PAGE`] are given.
///
/// # Errors
/// [`Error::Backend`] when the store fails.
pub fn list(
    repository: &mut dyn RunRepository,
    filter: &RunFilter,
    page: &RunPage,
    limit: usize,
) -> Result<(Vec<Run>, u64)> {
    Ok((repository.list(filter, page, limit.min(MAX_PAGE))?, repository.count(filter)?))
}

/// Removes a run and the list of its files. What becomes of the files themselves is the caller's business.
///
/// # Errors
/// [`Error::NotFound`].
pub fn delete(repository: &mut dyn RunRepository, id: &RunId) -> Result<()> {
    if repository.delete(id)? { Ok(()) } else { Err(Error::NotFound { entity: ENTITY, key: id.to_string() }) }
}

fn check(run: &Run, change: &RunChange) -> Result<()> {
    let status = change.status.as_ref().unwrap_or(&run.status);
    if let Some(RunStatus::Other(text)) = &change.status {
        return Err(invalid(
            "status",
            text.clone(),
            "must be pending, downloading, converting, validating, processing, complete or error",
        ));
    }
    if let Some(progress) = change.progress_percent.filter(|progress| !(0..=100).contains(progress)) {
        return Err(invalid("progress_percent", progress.to_string(), "must be within 0 to 100"));
    }
    if let Some(error) = &change.error
        && *status != RunStatus::Error
    {
        return Err(invalid("error", error.message.clone(), "needs the status error"));
    }
    if let Some(text) = &change.results_summary {
        object_text("results_summary", text.clone())?;
    }
    let files = change.files.as_deref().unwrap_or_default();
    for (index, name) in files.iter().enumerate() {
        if !is_safe_path(name) || files.iter().take(index).any(|other| other == name) {
            return Err(invalid("files", name.clone(), "must be paths below the results, each once"));
        }
    }
    Ok(())
}

fn edit(text: &str, run: &Run, change: &RunChange, now: Timestamp) -> Result<String, JsonError> {
    let mut text = text.to_owned();
    if let Some(status) = &change.status {
        text = set_member(&text, "status", &Json::from(status.as_str()))?;
    }
    text = set_member(&text, "updated_at", &Json::from(TimeText::now(now).as_str()))?;
    if let Some(stage) = &change.stage {
        text = set_member(&text, "current_stage", &Json::from(stage.as_str()))?;
    }
    if let Some(progress) = change.progress_percent {
        text = set_member(&text, "progress_percent", &Json::from(progress))?;
    }
    if let Some(files) = &change.files {
        let names = files.iter().map(|name| Json::from(name.as_str())).collect();
        text = set_member(&text, "files", &Json::Array(names))?;
    }
    if let Some(error) = &change.error {
        let parts = [("stage", &error.stage), ("code", &error.code), ("message", &error.message)];
        let object = Object::from_iter(parts.map(|(name, part)| (name, Json::from(part.as_str()))));
        text = set_member(&text, "error", &Json::Object(object))?;
    } else if change.status.as_ref().is_some_and(|status| *status != RunStatus::Error) && run.error_info.is_some() {
        text = remove_member(&text, "error")?;
    }
    if let Some(results) = &change.results_summary {
        text = match parse_lossy(results)?.0 {
            Json::Object(object) if object.is_empty() => remove_member(&text, "results_summary")?,
            value => set_member(&text, "results_summary", &value)?,
        };
    }
    Ok(text)
}

/// A JSON object as text; `None` for an empty one.
fn object_text(field: &'static str, text: String) -> Result<Option<String>> {
    if text.contains('\0') || !matches!(top_level_kind(&text), Ok(JsonKind::Object)) {
        return Err(invalid(field, crate::finding::shown(&text), "must be a JSON object"));
    }
    let empty = matches!(Json::parse(&text), Ok(Json::Object(object)) if object.is_empty());
    Ok((!empty).then_some(text))
}

fn invalid(field: &'static str, value: impl Into<String>, reason: &'static str) -> Error {
    Error::Invalid { entity: ENTITY, field, value: value.into(), reason }
}

fn corrupt(id: &RunId, reject: Reject) -> Error {
    Error::Corrupt { entity: ENTITY, key: id.to_string(), column: "state".to_owned(), value: reject.message }
}
