//! `index.json`: the legacy program's cache of all states.

use super::directory::FoundRun;
use super::document::{DocumentRole, Read, ReadOptions, SourceDocument, is_json, read};
use super::roots::RunRoot;
use landfast_domain::finding::{Finding, shown};
use landfast_domain::json::{Json, Object, parse_lossy};
use landfast_domain::runs::{Layout, Run, TimeText, codes, state};

/// Name of the document.
pub const INDEX_FILE: &str = "index.json";

/// Compares the cache of a root with its directories, all of which have been read. The cache is never
/// imported.
#[must_use]
pub fn check_index(
    root: &RunRoot,
    found: &[FoundRun],
    options: &ReadOptions,
) -> (Option<SourceDocument>, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut find = |code, field: &str, message: &str| findings.push(Finding::new(code, field, message));
    let path = format!("{}/{INDEX_FILE}", root.name);
    let document = match read(DocumentRole::Index, &root.path.join(INDEX_FILE), path, options, is_json) {
        Read::Absent => return (None, findings),
        Read::Unreadable(why) => {
            find(codes::INDEX_NOT_JSON, INDEX_FILE, &why);
            return (None, findings);
        }
        Read::Document(document) => document,
    };
    let value = document.text().and_then(|text| parse_lossy(text).ok()).map(|(value, _)| value);
    let runs = value.as_ref().and_then(Json::as_object).and_then(|object| object.get("runs")?.as_array());
    let Some(runs) = runs else {
        find(codes::INDEX_NOT_JSON, INDEX_FILE, "no JSON object with a list of runs");
        return (Some(document), findings);
    };
    let id = |run: &Json| run.as_object().and_then(|run| run.get("run_id")?.as_str().map(str::to_owned));
    let listed: Vec<String> = runs.iter().filter_map(id).collect();
    let here: Vec<&FoundRun> = found.iter().filter(|run| run.location.parent() == Some(root.path.as_path())).collect();
    let names = |run: &FoundRun, id: &str| {
        run.name == id || run.run().is_some_and(|run| run.id.as_str() == id || run.original_id.as_deref() == Some(id))
    };
    for id in &listed {
        if root.only.is_none() && !here.iter().any(|run| names(run, id)) {
            find(codes::INDEX_ENTRY_WITHOUT_DIRECTORY, id, &format!("the cache lists {}", shown(id)));
        }
    }
    for run in here {
        let has_state = run.documents.iter().any(|document| document.role == DocumentRole::State);
        if has_state && !listed.iter().any(|id| names(run, id)) {
            find(codes::DIRECTORY_NOT_IN_INDEX, &run.name, "the cache does not list it");
        }
    }
    (Some(document), findings)
}

/// The cache as the legacy program writes it: full copies of all states, newest first by the text of
/// `created_at`.
///
/// ```
/// use landfast_legacy::runs::index_text;
///
/// assert_eq!(index_text([], "2025-12-09T14:16:20.229Z"), "{\n  \"updated_at\": \"2025-12-09T14:16:20.229Z\",\n  \"total\": 0,\n  \"runs\": []\n}");
/// ```
#[must_use]
pub fn index_text<'a>(runs: impl IntoIterator<Item = &'a Run>, updated_at: &str) -> String {
    let mut runs: Vec<&Run> = runs.into_iter().filter(|run| run.layout == Layout::State).collect();
    let created = |run: &Run| run.created_at.as_ref().map(TimeText::as_str).unwrap_or_default().to_owned();
    runs.sort_by(|a, b| created(b).cmp(&created(a)).then_with(|| a.id.cmp(&b.id)));
    let state = |run: &Run| {
        let text = run.documents.state.clone().unwrap_or_else(|| state::text_of(run, &[]));
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        parse_lossy(text).map_or(Json::Null, |(value, _)| value)
    };
    let states: Vec<Json> = runs.into_iter().map(state).collect();
    let total = i64::try_from(states.len()).unwrap_or(i64::MAX);
    let members = [("updated_at", Json::from(updated_at)), ("total", Json::from(total)), ("runs", Json::Array(states))];
    Json::Object(Object::from_iter(members)).dump_indented(2)
}
