//! `run_state.json`: what the run manager keeps about a run.

use super::values::{Values, check_document, check_order, without_bom};
use super::{Layout, Run, RunId, RunStatus, TimeText, codes, is_safe_path};
use crate::finding::{Finding, shown, storable};
use crate::json::{Json, JsonError, Object, elements, parse_lossy};
use crate::time::Timestamp;

/// Name of the document.
pub const FILE_NAME: &str = "run_state.json";

/// Members in the order they are written.
pub const MEMBERS: [&str; 11] = [
    "run_id",
    "status",
    "source",
    "created_at",
    "updated_at",
    "jetstream_id",
    "current_stage",
    "progress_percent",
    "files",
    "error",
    "results_summary",
];

/// Why a text is no state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// Stable code, from [`codes`].
    pub code: &'static str,
    /// The reason in words.
    pub message: String,
}

/// Names that the state lists; what is no text is left out.
#[must_use]
pub fn listed_files(text: &str) -> Vec<String> {
    let files = Values::read(text).ok().flatten().and_then(|values| values.value("files"));
    let names = files.as_ref().and_then(Json::as_array).unwrap_or_default();
    names.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

/// Fills a run from its state and gives back the id it names. `name` is that of the run's directory.
pub(super) fn fill(run: &mut Run, text: &str, name: &str, findings: &mut Vec<Finding>) -> Result<RunId, Reject> {
    let values = match Values::read(text) {
        Ok(Some(values)) => values,
        Ok(None) => {
            let message = format!("not an object: {}", shown(without_bom(text)));
            return Err(Reject { code: codes::STATE_NOT_OBJECT, message });
        }
        Err(error) => return Err(Reject { code: codes::STATE_NOT_JSON, message: error.to_string() }),
    };
    check_document(text, FILE_NAME, findings);
    let id = id(&values, name, findings);
    run.status = status(&values, findings);
    run.source = source(&values, findings);
    run.created_at = values.time("created_at", "created_at", true, findings);
    run.updated_at = values.time("updated_at", "updated_at", true, findings);
    check_order(run.created_at.as_ref(), run.updated_at.as_ref(), findings);
    run.jetstream_id = values.text("jetstream_id", findings);
    run.current_stage = values.text("current_stage", findings);
    for (text, most, code) in
        [(&run.jetstream_id, 64, codes::JETSTREAM_ID_TOO_LONG), (&run.current_stage, 50, codes::STAGE_TOO_LONG)]
    {
        let length = text.as_ref().map_or(0, |text| text.chars().count());
        if length > most {
            findings.push(Finding::new(code, "", format!("{length} characters")));
        }
    }
    run.progress_percent = progress(&values, findings);
    check_files(&values, findings);
    run.error_info = error(&values, &run.status, findings);
    run.results_summary = results(&values, findings);
    let extra: Vec<&str> = values.keys().filter(|key| !MEMBERS.contains(key)).collect();
    if !extra.is_empty() {
        findings.push(Finding::new(codes::EXTRA_KEYS, FILE_NAME, shown(&extra.join(", "))));
    }
    Ok(id)
}

/// A new state as the run manager writes it: two blanks of indent, ASCII, no newline at the end.
#[must_use]
pub fn new_text(id: &RunId, source: &str, jetstream_id: Option<&str>, now: Timestamp) -> String {
    let now = TimeText::now(now);
    let members = [
        ("run_id", Json::from(id.as_str())),
        ("status", Json::from(RunStatus::Pending.as_str())),
        ("source", Json::from(source)),
        ("created_at", Json::from(now.as_str())),
        ("updated_at", Json::from(now.as_str())),
        ("jetstream_id", jetstream_id.map_or(Json::Null, Json::from)),
        ("current_stage", Json::Null),
        ("progress_percent", Json::Null),
        ("files", Json::Array(Vec::new())),
    ];
    Json::Object(Object::from_iter(members)).dump_indented(2)
}

/// A state that says what a run's columns say, for a run that had none.
#[must_use]
pub fn text_of(run: &Run, files: &[String]) -> String {
    let text = |text: Option<&str>| text.map_or(Json::Null, Json::from);
    let json = |text: &Option<String>| text.as_ref().and_then(|text| parse_lossy(text).ok()).map(|(value, _)| value);
    let mut members = Object::from_iter([
        ("run_id", Json::from(run.id.as_str())),
        ("status", Json::from(run.status.as_str())),
        ("source", Json::from(run.source.as_str())),
        ("created_at", text(run.created_at.as_ref().map(TimeText::as_str))),
        ("updated_at", text(run.updated_at.as_ref().map(TimeText::as_str))),
        ("jetstream_id", text(run.jetstream_id.as_deref())),
        ("current_stage", text(run.current_stage.as_deref())),
        ("progress_percent", run.progress_percent.map_or(Json::Null, Json::from)),
        ("files", Json::Array(files.iter().map(|name| Json::from(name.as_str())).collect())),
    ]);
    for (name, value) in [("error", json(&run.error_info)), ("results_summary", json(&run.results_summary))] {
        if let Some(value) = value {
            members.insert(name, value);
        }
    }
    Json::Object(members).dump_indented(2)
}

/// Edits a document. One that the run manager wrote, with LF or CRLF, is written as the run manager would; of
/// any other only the bytes change that `edit` changes.
///
/// ```
/// use landfast_domain::json::{Json, set_member};
/// use landfast_domain::runs::state::edited;
///
/// let set = |text: &str| edited(text, |text| set_member(text, "b", &Json::Array(vec![Json::from(2)])));
/// assert_eq!(set("{\n  \"a\": 1.50\n}")?, "{\n  \"a\": 1.50,\n  \"b\": [\n    2\n  ]\n}");
/// assert_eq!(set("{ \"a\":1.50 }")?, "{ \"a\":1.50, \"b\": [2] }");
/// # Ok::<(), landfast_domain::json::JsonError>(())
/// ```
///
/// # Errors
/// Those of `edit`.
pub fn edited(text: &str, edit: impl FnOnce(&str) -> Result<String, JsonError>) -> Result<String, JsonError> {
    let plain = without_bom(text);
    let mark = text.strip_suffix(plain).unwrap_or_default();
    let changed = edit(plain)?;
    if changed == plain {
        return Ok(text.to_owned());
    }
    let body = plain.trim_end_matches(['\r', '\n']);
    let end = plain.strip_prefix(body).unwrap_or_default();
    let (styled, changed_end) = match (style_of(body), parse_lossy(&changed)) {
        (Some(newline), Ok((value, false))) => (value.dump_indented(2).replace('\n', newline), end),
        _ => (changed, ""),
    };
    Ok(format!("{mark}{styled}{changed_end}"))
}

/// Line ends of a document that the run manager wrote; `None` when another program did.
fn style_of(body: &str) -> Option<&'static str> {
    let (value, lone_surrogate) = parse_lossy(body).ok()?;
    let canonical = value.dump_indented(2);
    if lone_surrogate {
        None
    } else if canonical == body {
        Some("\n")
    } else if canonical.replace('\n', "\r\n") == body {
        Some("\r\n")
    } else {
        None
    }
}

fn id(values: &Values<'_>, name: &str, findings: &mut Vec<Finding>) -> RunId {
    let mut find = |code, message: String| findings.push(Finding::new(code, "run_id", message));
    let text = match values.value("run_id") {
        Some(Json::String(text)) if !text.is_empty() => text,
        None | Some(Json::String(_)) => {
            find(codes::RUN_ID_MISSING, format!("no id in the directory {}", shown(name)));
            name.to_owned()
        }
        Some(other) => {
            find(codes::RUN_ID_TYPE, shown(&other.dump()));
            name.to_owned()
        }
    };
    if storable(&text) != storable(name) {
        find(codes::RUN_ID_MISMATCH, format!("{} in the directory {}", shown(&text), shown(name)));
    }
    RunId::existing(&text)
}

fn status(values: &Values<'_>, findings: &mut Vec<Finding>) -> RunStatus {
    let text = match values.value("status") {
        None => {
            findings.push(Finding::new(codes::STATUS_MISSING, "status", "no status"));
            return RunStatus::Other(String::new());
        }
        Some(Json::String(text)) => text,
        Some(other) => other.dump(),
    };
    let status = RunStatus::read(&text);
    if matches!(status, RunStatus::Other(_)) {
        findings.push(Finding::new(codes::STATUS_UNKNOWN, "status", shown(&text)));
    }
    status
}

fn source(values: &Values<'_>, findings: &mut Vec<Finding>) -> String {
    let Some(source) = values.string("source") else {
        findings.push(Finding::new(codes::SOURCE_MISSING, "source", shown(values.raw("source").unwrap_or("(none)"))));
        return String::new();
    };
    let length = source.chars().count();
    if length > 20 {
        findings.push(Finding::new(codes::SOURCE_TOO_LONG, "source", format!("{length} characters")));
    }
    source
}

fn progress(values: &Values<'_>, findings: &mut Vec<Finding>) -> Option<i64> {
    const NAME: &str = "progress_percent";
    let value = values.value(NAME)?;
    let mut find = |code| findings.push(Finding::new(code, NAME, shown(&value.dump())));
    let Json::Number(number) = &value else {
        find(codes::PROGRESS_NOT_INTEGER);
        return None;
    };
    if !number.is_integer() {
        find(codes::PROGRESS_NOT_INTEGER);
    }
    // `24.0` is whole; Rust writes such a number without exponent.
    let float = number.to_f64();
    let whole =
        number.to_i64().or_else(|| (float.fract() == 0.0).then(|| format!("{float:.0}").parse().ok()).flatten());
    if !(0.0..=100.0).contains(&float) {
        find(codes::PROGRESS_OUT_OF_RANGE);
    }
    whole
}

fn check_files(values: &Values<'_>, findings: &mut Vec<Finding>) {
    let Some(raw) = values.raw("files") else { return };
    let mut find = |code, message: String| findings.push(Finding::new(code, "files", message));
    let mut seen: Vec<String> = Vec::new();
    for element in elements(raw).ok().flatten().unwrap_or_default() {
        match parse_lossy(element.text) {
            Ok((Json::String(name), _)) => {
                if !is_safe_path(&name) {
                    find(codes::FILE_PATH_UNSAFE, shown(&name));
                }
                if seen.contains(&name) {
                    find(codes::FILE_LISTED_TWICE, shown(&name));
                } else {
                    seen.push(name);
                }
            }
            _ => find(codes::FILES_SHAPE, shown(element.text)),
        }
    }
    if !matches!(values.value("files"), None | Some(Json::Array(_))) {
        find(codes::FILES_SHAPE, shown(raw));
    }
}

fn error(values: &Values<'_>, status: &RunStatus, findings: &mut Vec<Finding>) -> Option<String> {
    // What Python takes for false counts as no error.
    let error = values.value("error").filter(Json::is_truthy);
    let mut find = |code, message: String| findings.push(Finding::new(code, "error", message));
    match &error {
        Some(Json::Object(object)) => {
            const PARTS: [&str; 3] = ["stage", "code", "message"];
            if PARTS.iter().any(|part| object.get(part).and_then(Json::as_str).is_none()) {
                find(codes::ERROR_SHAPE, "stage, code and message should be texts".to_owned());
            }
            if object.iter().any(|(key, _)| !PARTS.contains(&key)) {
                find(codes::ERROR_EXTRA_KEYS, "further members".to_owned());
            }
        }
        Some(other) => find(codes::ERROR_SHAPE, shown(&other.dump())),
        None if *status == RunStatus::Error => {
            find(codes::STATUS_ERROR_WITHOUT_ERROR, "failed without a reason".to_owned());
        }
        None => {}
    }
    if error.is_some() && *status != RunStatus::Error {
        find(codes::ERROR_WITHOUT_STATUS, format!("the status is {status}"));
    }
    error.and(values.raw("error")).map(str::to_owned)
}

fn results(values: &Values<'_>, findings: &mut Vec<Finding>) -> Option<String> {
    const NAME: &str = "results_summary";
    match values.value(NAME)? {
        Json::Object(object) if object.is_empty() => None,
        Json::Object(_) => values.raw(NAME).map(str::to_owned),
        other => {
            findings.push(Finding::new(codes::RESULTS_SHAPE, NAME, shown(&other.dump())));
            values.raw(NAME).map(str::to_owned)
        }
    }
}

/// Path of a new run's directory.
#[must_use]
pub fn directory_of(id: &RunId) -> String {
    format!("{}/{id}", Layout::State.folder())
}
