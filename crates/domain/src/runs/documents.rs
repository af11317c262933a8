//! From the documents of a directory to a run.

use super::state::{self, Reject};
use super::values::{Values, check_document};
use super::{Layout, Run, RunDocuments, RunId, RunStatus, codes, last_part, manifest};
use crate::finding::{Finding, storable};

/// Name of the metadata document.
pub const METADATA_FILE: &str = "jetstream_metadata.json";

/// Name of the session log.
pub const SESSION_LOG_FILE: &str = "session_log.json";

/// A run and what is odd about its documents.
#[derive(Debug, Clone, PartialEq)]
pub struct RunReading {
    /// The run, with its documents.
    pub run: Run,
    /// Oddities of the documents; those of files and neighbours are found where the directory is read.
    pub findings: Vec<Finding>,
}

/// Reads a run. `directory` is the path of its directory below the folder that holds `runs`, `outputs` and
/// `experiments`, with `/`.
///
/// A state counts for all it says, in every layout: runs that came without one get one at their first change
/// here. Without a state the manifest counts.
///
/// ```
/// use landfast_domain::runs::{Layout, RunDocuments, documents::read};
///
/// let state = r#"{"run_id": "run_1", "status": "complete", "source": "jetstream",
///     "created_at": "2025-12-05T11:52:20.493Z", "updated_at": "2025-12-05T11:53:00", "zone": 7}"#;
/// let documents = RunDocuments { state: Some(state.to_owned()), ..Default::default() };
/// let reading = read(Layout::State, "runs/run_1", documents).unwrap();
/// assert_eq!(reading.run.completed_at, reading.run.updated_at);
/// let codes: Vec<_> = reading.findings.iter().map(|finding| finding.code).collect();
/// assert_eq!(codes, ["timestamp_assumed_utc", "extra_keys", "manifest_missing"]);
/// ```
///
/// # Errors
/// [`Reject`] when the document a run is known by is not understood, or there is none.
pub fn read(layout: Layout, directory: &str, documents: RunDocuments) -> Result<RunReading, Reject> {
    let name = last_part(directory);
    let mut findings = Vec::new();
    let mut run = blank(layout, directory, name);
    if let Some(text) = &documents.state {
        run.id = state::fill(&mut run, text, name, &mut findings)?;
        read_beside_state(&mut run, documents.manifest.as_deref(), &mut findings);
    } else if let Some(text) = &documents.manifest {
        let understood = if layout == Layout::Tuning {
            manifest::fill_tuning(&mut run, text, &mut findings)
        } else {
            manifest::fill_analysis(&mut run, text, &mut findings)
        };
        if !understood {
            let reason = findings.pop();
            let message = reason.as_ref().map(|finding| finding.message.clone()).unwrap_or_default();
            return Err(Reject { code: reason.map_or(codes::MANIFEST_NOT_JSON, |finding| finding.code), message });
        }
    } else {
        return Err(Reject { code: codes::STATE_MISSING, message: "neither a state nor a manifest".to_owned() });
    }
    check_id(&run.id, &mut findings);
    if let Some(text) = &documents.metadata {
        read_metadata(&mut run, text, &mut findings);
    }
    run.documents = documents;
    Ok(RunReading { run, findings })
}

fn blank(layout: Layout, directory: &str, name: &str) -> Run {
    Run {
        id: RunId::existing(name),
        original_id: None,
        layout,
        directory: storable(directory),
        status: RunStatus::Other(String::new()),
        source: String::new(),
        created_at: None,
        updated_at: None,
        completed_at: None,
        jetstream_id: None,
        current_stage: None,
        progress_percent: None,
        error_info: None,
        results_summary: None,
        input_filename: None,
        config_snapshot: None,
        peak_hp: None,
        peak_torque: None,
        documents: RunDocuments::default(),
    }
}

fn read_beside_state(run: &mut Run, text: Option<&str>, findings: &mut Vec<Finding>) {
    match text {
        Some(text) => {
            let named = run.id.to_string();
            match run.layout {
                Layout::State => manifest::complete_state(run, text, &named, findings),
                // The state was added here; what it does not say is still in the manifest.
                layout => {
                    let mut other = blank(layout, &run.directory, &named);
                    if layout == Layout::Tuning {
                        manifest::fill_tuning(&mut other, text, findings);
                    } else {
                        manifest::fill_analysis(&mut other, text, findings);
                    }
                    run.completed_at = other.completed_at;
                    run.input_filename = other.input_filename;
                    run.config_snapshot = other.config_snapshot;
                    (run.peak_hp, run.peak_torque) = (other.peak_hp, other.peak_torque);
                }
            }
        }
        None if run.status == RunStatus::Complete => {
            findings.push(Finding::new(codes::MANIFEST_MISSING, manifest::FILE_NAME, "complete without a manifest"));
        }
        None => {}
    }
    if run.completed_at.is_none() && run.status == RunStatus::Complete {
        run.completed_at.clone_from(&run.updated_at);
    }
}

fn check_id(id: &RunId, findings: &mut Vec<Finding>) {
    let length = id.as_str().chars().count();
    if length > RunId::MAX_CHARS {
        findings.push(Finding::new(codes::ID_TOO_LONG, "run_id", format!("{length} characters")));
    }
    if !id.is_url_safe() {
        findings.push(Finding::new(codes::ID_NOT_URL_SAFE, "run_id", crate::finding::shown(id.as_str())));
    }
}

fn read_metadata(run: &mut Run, text: &str, findings: &mut Vec<Finding>) {
    match Values::read(text) {
        Ok(Some(values)) => {
            check_document(text, METADATA_FILE, findings);
            run.peak_hp = values.number("peak_hp").or(run.peak_hp);
            run.peak_torque = values.number("peak_torque").or(run.peak_torque);
        }
        Ok(None) => findings.push(Finding::new(codes::METADATA_NOT_OBJECT, METADATA_FILE, "not an object")),
        Err(error) => findings.push(Finding::new(codes::METADATA_NOT_JSON, METADATA_FILE, error.to_string())),
    }
}

/// The event-numbered session log: ids of the snapshots it names with their hashes, in order, each once.
///
/// `None` when the text is no JSON object with a list of events.
#[must_use]
pub fn session_snapshots(text: &str) -> Option<Vec<SessionSnapshot>> {
    let mut found: Vec<SessionSnapshot> = Vec::new();
    for event in events(text)? {
        let Ok(Some(event)) = Values::read(event) else { continue };
        for name in ["snapshot_before", "snapshot_after"] {
            let snapshot = event.inner(name);
            let Some(id) = snapshot.string("id") else { continue };
            if found.iter().all(|known| known.id != id) {
                found.push(SessionSnapshot { id, sha256: snapshot.string("sha256").unwrap_or_default() });
            }
        }
    }
    Some(found)
}

/// A copy of a table that the session log names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionSnapshot {
    /// `snap_` and eight hexadecimal digits; the file is `snapshots/<id>.csv`.
    pub id: String,
    /// SHA-256 in hex; empty when the log has none.
    pub sha256: String,
}

/// Whether the events of a session log are numbered 1, 2, 3 and so on; `true` for a log that is not
/// understood.
#[must_use]
pub fn is_in_sequence(text: &str) -> bool {
    let number = |event: &str| Values::read(event).ok().flatten().and_then(|event| event.value("sequence")?.as_i64());
    events(text).unwrap_or_default().into_iter().zip(1_i64..).all(|(event, expected)| number(event) == Some(expected))
}

fn events(text: &str) -> Option<Vec<&str>> {
    let raw = Values::read(text).ok()??.raw("events")?;
    let found = crate::json::elements(raw).ok()??;
    Some(found.into_iter().map(|element| element.text).collect())
}
