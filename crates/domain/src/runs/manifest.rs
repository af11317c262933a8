//! Manifests: what an analysis or an automatic tuning tells about itself and its files.

use super::values::{Values, check_document, check_order};
use super::{Run, RunStatus, TimeText, codes, last_part};
use crate::finding::{Finding, shown};
use crate::json::{Json, Object, elements, remove_member};

/// Name of the document.
pub const FILE_NAME: &str = "manifest.json";

/// Schema of an analysis manifest.
pub const SCHEMA: &str = "dynoai.manifest@1";

/// A file that a manifest lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedOutput {
    /// Name without folders.
    pub name: String,
    /// Path as it stands in the manifest: below the directory, or absolute on the machine that wrote it.
    pub path: String,
    /// `csv`, `json`, `text` and so on; empty when it is not told.
    pub kind: String,
    /// Length in bytes.
    pub size_bytes: Option<i64>,
    /// SHA-256 in hex; `Some("")` for a hash that was not taken, `None` where there is no place for one.
    pub sha256: Option<String>,
    /// When it was made.
    pub created: Option<TimeText>,
}

/// Files a manifest lists: the entries of a list, or the members of an object of paths.
#[must_use]
pub fn listed_outputs(text: &str) -> Vec<ListedOutput> {
    let Some(values) = Values::read(text).ok().flatten() else { return Vec::new() };
    let Some(raw) = values.raw("outputs") else { return Vec::new() };
    if let Ok(Some(found)) = elements(raw) {
        return found.iter().filter_map(|element| listed(element.text)).collect();
    }
    let found = crate::json::members(raw).ok().flatten().unwrap_or_default();
    let paths = found.iter().filter_map(|member| match Json::parse(member.text) {
        Ok(Json::String(path)) => Some(path),
        _ => None,
    });
    let output = |path: String| ListedOutput {
        name: last_part(&path).to_owned(),
        path,
        kind: String::new(),
        size_bytes: None,
        sha256: None,
        created: None,
    };
    paths.map(output).collect()
}

fn listed(text: &str) -> Option<ListedOutput> {
    let values = Values::read(text).ok()??;
    let path = values.string("path");
    let name = values.string("name").or_else(|| path.as_deref().map(|path| last_part(path).to_owned()))?;
    Some(ListedOutput {
        path: path.unwrap_or_else(|| name.clone()),
        name,
        kind: values.string("type").unwrap_or_default(),
        size_bytes: values.value("size_bytes").and_then(|size| size.as_i64()),
        sha256: values.string("sha256"),
        created: values.string("created").map(|text| TimeText::new(&text)),
    })
}

/// Whether a manifest is that of an analysis; otherwise it is that of an automatic tuning, or something else.
#[must_use]
pub fn is_analysis(text: &str) -> bool {
    let Some(values) = Values::read(text).ok().flatten() else { return false };
    values.raw("schema_id").is_some() || matches!(values.value("status"), Some(Json::Object(_)))
}

/// Fills what the manifest in the results of a run with a state adds to it.
pub(super) fn complete_state(run: &mut Run, text: &str, named: &str, findings: &mut Vec<Finding>) {
    let Some(values) = readable(text, findings) else { return };
    if !is_analysis(text) {
        if let Some(values) = tuning_values(text) {
            (run.peak_hp, run.peak_torque) = peaks(&values);
            run.input_filename = input_of_tuning(&values);
            run.config_snapshot = values.object("inputs");
        }
        return;
    }
    check_schema(&values, findings);
    if let Some(other) = values.string("run_id")
        && other != named
    {
        let message = format!("{} in the run {}", shown(&other), shown(named));
        findings.push(Finding::new(codes::MANIFEST_RUN_ID_MISMATCH, "manifest.run_id", message));
    }
    run.completed_at = values.inner("timing").time("end", "completed_at", false, findings);
    run.input_filename = input_of_analysis(&values);
    run.config_snapshot = values.object("config");
}

/// Fills a run from the manifest of an analysis. `false`: it is unreadable.
pub(super) fn fill_analysis(run: &mut Run, text: &str, findings: &mut Vec<Finding>) -> bool {
    let Some(values) = readable(text, findings) else { return false };
    check_schema(&values, findings);
    let (status, timing) = (values.inner("status"), values.inner("timing"));
    let code = status.string("code");
    run.status = match &code {
        Some(code) => RunStatus::of_manifest(code),
        None => {
            findings.push(Finding::new(codes::STATUS_MISSING, "status", "the manifest has no status code"));
            RunStatus::Other(String::new())
        }
    };
    if matches!(&run.status, RunStatus::Other(text) if !text.is_empty()) {
        findings.push(Finding::new(codes::STATUS_UNKNOWN, "status", shown(run.status.as_str())));
    }
    run.source = "manual_upload".to_owned();
    run.created_at = timing.time("start", "created_at", true, findings);
    run.completed_at = timing.time("end", "completed_at", false, findings);
    run.updated_at = run.completed_at.clone().or_else(|| run.created_at.clone());
    check_order(run.created_at.as_ref(), run.updated_at.as_ref(), findings);
    run.current_stage = status.string("last_stage");
    run.progress_percent = (code.as_deref() == Some("success")).then_some(100);
    if run.status == RunStatus::Error {
        let text = |name: &str| status.string(name).map_or(Json::Null, Json::from);
        let error = [("stage", text("last_stage")), ("code", Json::from("MANIFEST")), ("message", text("message"))];
        run.error_info = Some(Json::Object(Object::from_iter(error)).dump());
    }
    run.results_summary = values.object("stats");
    run.input_filename = input_of_analysis(&values);
    run.config_snapshot = values.object("config");
    true
}

/// Fills a run from the manifest of an automatic tuning. `false`: it is unreadable.
pub(super) fn fill_tuning(run: &mut Run, text: &str, findings: &mut Vec<Finding>) -> bool {
    let Some(values) = readable(text, findings) else { return false };
    if values.inner("analysis").keys().next().is_none() {
        findings.push(Finding::new(codes::MANIFEST_SCHEMA, "analysis", "no analysis"));
    }
    // The unified workflow has a status of its own; without one the manifest was written at the end.
    run.status = match values.string("status").as_deref() {
        Some("error" | "failed") => RunStatus::Error,
        Some("running" | "processing") => RunStatus::Processing,
        _ => RunStatus::Complete,
    };
    run.source = source_of_tuning(&values);
    let name = if values.value("timestamp").is_some() { "timestamp" } else { "created_at" };
    run.created_at = values.time(name, "created_at", true, findings);
    run.updated_at.clone_from(&run.created_at);
    if run.status.is_final() {
        run.completed_at.clone_from(&run.created_at);
    }
    run.progress_percent = (run.status == RunStatus::Complete).then_some(100);
    run.results_summary = values.object("analysis").and_then(|text| remove_member(&text, "power_curve").ok());
    run.input_filename = input_of_tuning(&values);
    run.config_snapshot = values.object("inputs");
    (run.peak_hp, run.peak_torque) = peaks(&values);
    true
}

fn readable<'a>(text: &'a str, findings: &mut Vec<Finding>) -> Option<Values<'a>> {
    match Values::read(text) {
        Ok(Some(values)) => {
            check_document(text, FILE_NAME, findings);
            return Some(values);
        }
        Ok(None) => findings.push(Finding::new(codes::MANIFEST_SCHEMA, FILE_NAME, "not an object")),
        Err(error) => findings.push(Finding::new(codes::MANIFEST_NOT_JSON, FILE_NAME, error.to_string())),
    }
    None
}

/// A tuning manifest that lies beside a state.
fn tuning_values(text: &str) -> Option<Values<'_>> {
    Values::read(text).ok().flatten().filter(|values| values.raw("analysis").is_some())
}

fn check_schema(values: &Values<'_>, findings: &mut Vec<Finding>) {
    let mut find = |code, field: &str, message: String| findings.push(Finding::new(code, field, message));
    match values.string("schema_id") {
        Some(schema) if schema == SCHEMA => {}
        other => find(codes::MANIFEST_SCHEMA, "schema_id", shown(&other.unwrap_or_default())),
    }
    for (name, list) in [("status", false), ("timing", false), ("input", false), ("outputs", true)] {
        let fits = match values.value(name) {
            Some(Json::Object(_)) => !list,
            Some(Json::Array(_)) => list,
            _ => false,
        };
        if !fits {
            find(
                codes::MANIFEST_SCHEMA,
                name,
                if list { "should be a list" } else { "should be an object" }.to_owned(),
            );
        }
    }
    let code = values.inner("status").string("code");
    let open = matches!(code.as_deref(), Some("queued" | "running")) || values.inner("timing").value("end").is_none();
    if open {
        find(codes::MANIFEST_UNFINISHED, "timing.end", format!("status {}", shown(&code.unwrap_or_default())));
    }
}

fn input_of_analysis(values: &Values<'_>) -> Option<String> {
    values.inner("input").string("path").map(|path| last_part(&path).to_owned()).filter(|name| !name.is_empty())
}

fn input_of_tuning(values: &Values<'_>) -> Option<String> {
    let path = values.string("source_file").or_else(|| values.string("log_file"))?;
    Some(last_part(&path).to_owned()).filter(|name| !name.is_empty())
}

/// Source of a tuning as the legacy program infers it.
fn source_of_tuning(values: &Values<'_>) -> String {
    let mode =
        values.inner("inputs").string("mode").filter(|mode| matches!(mode.as_str(), "simulator_pull" | "simulate"));
    if let Some(mode) = mode {
        return mode;
    }
    let file = values.string("source_file").unwrap_or_default();
    let source = if file == "simulated" {
        "simulate"
    } else if file.ends_with("_pull.csv") {
        "simulator_pull"
    } else if file.ends_with(".csv") || file.ends_with(".wp8") {
        "real"
    } else {
        "unknown"
    };
    source.to_owned()
}

/// Greatest power and torque: newer manifests tell them in `analysis`, older ones at the top, the unified
/// workflow in `peak_performance`.
fn peaks(values: &Values<'_>) -> (Option<f64>, Option<f64>) {
    let (analysis, performance) = (values.inner("analysis"), values.inner("peak_performance"));
    let first = |names: &[&str]| {
        let places = [&analysis, values, &performance];
        places.iter().find_map(|place| names.iter().find_map(|name| place.number(name)))
    };
    (first(&["peak_hp"]), first(&["peak_tq", "peak_torque"]))
}
