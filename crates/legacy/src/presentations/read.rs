//! From bytes to jobs.

use landfast_domain::finding::{Finding, shown};
use landfast_domain::instant::ReadTime;
use landfast_domain::json::{Json, JsonError, MemberText, elements, members, parse_lossy};
use landfast_domain::presentations::document::{self, TimeBase};
use landfast_domain::presentations::{JobId, JobStatus, PresentationJob, codes, snapshot};
use std::cmp::Ordering;
use std::collections::HashMap;

/// Value of the member `format`.
pub const FORMAT: &str = "presentation-jobs-snapshot";

/// What to make of jobs that were queued or processing when the snapshot was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InFlight {
    /// The service is gone. The jobs get the code `interrupted` and belong to nobody, so that recovery deals
    /// with them.
    Interrupted,
    /// The service is still running and will finish them; a later snapshot tells.
    LeftToService,
    /// The snapshot is this program's own: what it says about leases counts.
    Own,
}

/// Why a file is no snapshot. Nothing of it is loaded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// The bytes are not UTF-8.
    #[error("not UTF-8 at byte {0}")]
    NotUtf8(usize),
    /// The text is not JSON.
    #[error("not JSON: {0}")]
    NotJson(JsonError),
    /// The text is JSON of another format.
    #[error("not a snapshot of presentation jobs: {0}")]
    OtherFormat(String),
    /// The format has a version this program does not know.
    #[error("version {0} of the snapshot format is not known")]
    OtherVersion(String),
}

/// How the jobs are arranged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A list in the member `jobs`.
    List,
    /// An object in the member `jobs`, keyed by id.
    ById,
    /// The document is the list.
    Bare,
}

/// One job of a snapshot, whatever became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Number within the snapshot, from 0.
    pub ordinal: usize,
    /// Its key, where the jobs are keyed.
    pub key: Option<String>,
    /// Byte offset in the file: of the key's quote where there is one, else of the value.
    pub offset: usize,
    /// Line of that offset, from 1.
    pub line: u64,
    /// Byte offset after the entry.
    pub end: usize,
    /// The value, byte for byte.
    pub text: String,
    /// What became of it.
    pub outcome: EntryOutcome,
    /// What is odd about it.
    pub findings: Vec<Finding>,
}

/// What became of an entry.
#[derive(Debug, Clone, PartialEq)]
pub enum EntryOutcome {
    /// It is this job.
    Loaded(Box<PresentationJob>),
    /// Another entry with the id counts.
    Duplicate {
        /// The id.
        id: JobId,
        /// The entry that counts.
        of: usize,
        /// Whether that entry says the same.
        identical: bool,
    },
    /// It is no job; the reason is the entry's only finding.
    Quarantined,
}

/// A snapshot that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// How the jobs are arranged.
    pub shape: Shape,
    /// Whether the file begins with a byte order mark.
    pub bom: bool,
    /// How its times are to be understood.
    pub base: TimeBase,
    /// Jobs whose heartbeat was alive, as the snapshot lists them.
    pub heartbeat_tasks: Vec<String>,
    /// Every entry, in order.
    pub entries: Vec<Entry>,
    /// What is odd about the file as a whole.
    pub findings: Vec<Finding>,
    /// Byte offset after the bracket that opens the jobs.
    pub(super) inside: usize,
    /// Byte offset of the bracket that closes them.
    pub(super) closing: usize,
}

impl Snapshot {
    /// The jobs, in order.
    pub fn jobs(&self) -> impl Iterator<Item = &PresentationJob> {
        self.entries.iter().filter_map(|entry| match &entry.outcome {
            EntryOutcome::Loaded(job) => Some(job.as_ref()),
            _ => None,
        })
    }

    /// Entries that are no jobs.
    pub fn quarantined(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.outcome == EntryOutcome::Quarantined)
    }

    /// Entries in whose place another one counts.
    pub fn duplicates(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| matches!(entry.outcome, EntryOutcome::Duplicate { .. }))
    }

    /// All findings, those of the file first.
    pub fn all_findings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().chain(self.entries.iter().flat_map(|entry| &entry.findings))
    }
}

/// Whether bytes look like a snapshot: the document names the format, or is a list whose first element is an
/// object with `job_id` and `status`.
#[must_use]
pub fn is_snapshot(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let text = text.strip_prefix(BOM).unwrap_or(text);
    match first_byte(text) {
        Some(b'{') => matches!(members(text), Ok(Some(found)) if string(&found, "format").as_deref() == Some(FORMAT)),
        Some(b'[') => {
            let first = elements(text).ok().flatten().and_then(|found| found.first().map(|element| element.text));
            let keys = first.and_then(|first| members(first).ok().flatten()).unwrap_or_default();
            ["job_id", "status"].iter().all(|name| keys.iter().any(|member| member.key == *name))
        }
        _ => false,
    }
}

/// Reads a snapshot.
///
/// ```
/// use landfast_legacy::presentations::{InFlight, read};
///
/// let text = r#"{"format": "presentation-jobs-snapshot", "version": 1, "utc_offset_minutes": 60,
///     "jobs": [{"job_id": "a", "status": "queued", "progress": 0.0, "created_at": "2025-11-10T12:00:00"}, 7]}"#;
/// let snapshot = read(text.as_bytes(), InFlight::Interrupted)?;
/// let job = snapshot.jobs().next().expect("the first entry is a job");
/// assert_eq!(job.created_at.to_iso_text(), "2025-11-10T11:00:00");
/// let codes: Vec<_> = snapshot.all_findings().map(|finding| finding.code).collect();
/// assert_eq!(codes, ["interrupted", "job_not_object"]);
/// # Ok::<(), landfast_legacy::presentations::Refused>(())
/// ```
///
/// # Errors
/// [`Refused`] when the file as a whole is no snapshot.
pub fn read(bytes: &[u8], in_flight: InFlight) -> Result<Snapshot, Refused> {
    let whole = std::str::from_utf8(bytes).map_err(|error| Refused::NotUtf8(error.valid_up_to()))?;
    let text = whole.strip_prefix(BOM).unwrap_or(whole);
    let mut snapshot = Snapshot {
        shape: Shape::Bare,
        bom: text.len() != whole.len(),
        base: TimeBase::default(),
        heartbeat_tasks: Vec::new(),
        entries: Vec::new(),
        findings: Vec::new(),
        inside: 0,
        closing: 0,
    };
    if snapshot.bom {
        snapshot.findings.push(Finding::new(codes::BOM, "", "the file begins with a byte order mark"));
    }
    let (jobs, start) = match members(text).map_err(Refused::NotJson)? {
        Some(found) => envelope(&mut snapshot, &found)?,
        None if first_byte(text) == Some(b'[') => {
            snapshot.findings.push(Finding::new(
                codes::OFFSET_MISSING,
                "",
                "a list without an envelope; UTC is assumed",
            ));
            // The list is what is left without the blanks around it.
            (text.trim_matches(BLANKS), text.len() - text.trim_start_matches(BLANKS).len())
        }
        None => return Err(Refused::OtherFormat("neither an object nor a list".to_owned())),
    };
    let start = start + whole.len() - text.len();
    (snapshot.inside, snapshot.closing) = (start + 1, start + jobs.len() - 1);
    let parts = parts(jobs).ok_or_else(|| Refused::OtherFormat("`jobs` is neither a list nor an object".to_owned()))?;
    if snapshot.shape == Shape::List && first_byte(jobs) == Some(b'{') {
        snapshot.shape = Shape::ById;
    }
    let (mut line, mut counted) = (1_u64, 0);
    for part in parts {
        let offset = start + part.start;
        let newlines = bytes.get(counted..offset).unwrap_or_default().iter().filter(|byte| **byte == b'\n').count();
        line += u64::try_from(newlines).unwrap_or(0);
        counted = offset;
        let ordinal = snapshot.entries.len();
        let (outcome, findings) = job(part.text, part.key.as_deref(), &snapshot.base, in_flight);
        let end = start + part.value + part.text.len();
        snapshot.entries.push(Entry {
            ordinal,
            key: part.key,
            offset,
            line,
            end,
            text: part.text.to_owned(),
            outcome,
            findings,
        });
    }
    settle_duplicates(&mut snapshot.entries);
    Ok(snapshot)
}

const BOM: char = '\u{feff}';
const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];

fn first_byte(text: &str) -> Option<u8> {
    text.trim_start_matches(BLANKS).bytes().next()
}

/// Reads what surrounds the jobs and gives back their text with its offset.
fn envelope<'a>(snapshot: &mut Snapshot, found: &[MemberText<'a>]) -> Result<(&'a str, usize), Refused> {
    match string(found, "format") {
        Some(format) if format == FORMAT => {}
        other => {
            return Err(Refused::OtherFormat(
                other.map_or_else(|| "it names no format".to_owned(), |text| shown(&text)),
            ));
        }
    }
    match value(found, "version") {
        Some(version) if version.as_i64() == Some(1) => {}
        other => {
            return Err(Refused::OtherVersion(
                other.map_or_else(|| "(none)".to_owned(), |version| shown(&version.dump())),
            ));
        }
    }
    snapshot.shape = Shape::List;
    let minutes = value(found, "utc_offset_minutes").and_then(|value| value.as_i64());
    match minutes.and_then(|minutes| i32::try_from(minutes).ok()).filter(|minutes| minutes.abs() < 24 * 60) {
        Some(minutes) => snapshot.base.naive_offset = minutes * 60,
        None => snapshot.findings.push(Finding::new(
            codes::OFFSET_MISSING,
            "utc_offset_minutes",
            "no usable offset; UTC is assumed",
        )),
    }
    let offset = snapshot.base.naive_offset;
    snapshot.base.taken_at =
        string(found, "taken_at").and_then(|text| ReadTime::parse(&text)).map(|time| time.utc(offset));
    let tasks = value(found, "heartbeat_tasks");
    let tasks = tasks.as_ref().and_then(Json::as_array).unwrap_or_default();
    snapshot.heartbeat_tasks = tasks.iter().filter_map(|task| task.as_str().map(str::to_owned)).collect();
    let jobs = found.iter().rev().find(|member| member.key == "jobs");
    let jobs = jobs.ok_or_else(|| Refused::OtherFormat("it has no member `jobs`".to_owned()))?;
    Ok((jobs.text, jobs.offset))
}

/// A part of the jobs; offsets are those in their text.
struct Part<'a> {
    key: Option<String>,
    start: usize,
    value: usize,
    text: &'a str,
}

fn parts(jobs: &str) -> Option<Vec<Part<'_>>> {
    // The text is part of one that was read already, so only its kind is open.
    if let Some(found) = elements(jobs).ok()? {
        return Some(
            found.into_iter().map(|e| Part { key: None, start: e.offset, value: e.offset, text: e.text }).collect(),
        );
    }
    let found = members(jobs).ok()??;
    Some(found.into_iter().map(|m| Part { key: Some(m.key), start: m.start, value: m.offset, text: m.text }).collect())
}

fn job(text: &str, key: Option<&str>, base: &TimeBase, in_flight: InFlight) -> (EntryOutcome, Vec<Finding>) {
    let (mut job, mut findings) = match document::read(text, key, base) {
        Ok(reading) => (reading.job, reading.findings),
        Err(reject) => return (EntryOutcome::Quarantined, vec![Finding::new(reject.code, "", reject.message)]),
    };
    if matches!(job.status, JobStatus::Queued | JobStatus::Processing) {
        match in_flight {
            InFlight::Interrupted => {
                let message = format!("{} when the snapshot was taken", job.status);
                findings.push(Finding::new(codes::INTERRUPTED, "status", message));
            }
            InFlight::LeftToService => snapshot::leave_to_service(&mut job),
            InFlight::Own => {}
        }
    }
    (EntryOutcome::Loaded(Box::new(job)), findings)
}

/// Leaves one entry of each id loaded.
fn settle_duplicates(entries: &mut [Entry]) {
    let mut winners: HashMap<JobId, usize> = HashMap::new();
    for index in 0..entries.len() {
        let Some(job) = loaded(entries, index) else { continue };
        let id = job.id.clone();
        let Some(&first) = winners.get(&id) else {
            winners.insert(id, index);
            continue;
        };
        let Some(other) = loaded(entries, first) else { continue };
        let identical = match (&job.document, &other.document) {
            (Some(a), Some(b)) => a == b || parse_lossy(a).ok() == parse_lossy(b).ok(),
            _ => false,
        };
        let (winner, loser) = match snapshot::precedence(job, other) {
            Ordering::Greater => (index, first),
            Ordering::Less | Ordering::Equal => (first, index),
        };
        if let Some(entry) = entries.get_mut(loser) {
            let what = if identical { "the same as" } else { "less recent than" };
            let message = format!("{what} entry {winner} with the id {}", shown(id.as_str()));
            entry.findings.push(Finding::new(codes::DUPLICATE_JOB_ID, "job_id", message));
            entry.outcome = EntryOutcome::Duplicate { id: id.clone(), of: winner, identical };
        }
        winners.insert(id, winner);
    }
    // An entry that lost against one which lost later points to the last winner.
    for entry in entries {
        if let EntryOutcome::Duplicate { id, of, .. } = &mut entry.outcome
            && let Some(&winner) = winners.get(id)
        {
            *of = winner;
        }
    }
}

fn loaded(entries: &[Entry], index: usize) -> Option<&PresentationJob> {
    match &entries.get(index)?.outcome {
        EntryOutcome::Loaded(job) => Some(job),
        _ => None,
    }
}

fn value(found: &[MemberText<'_>], name: &str) -> Option<Json> {
    let text = found.iter().rev().find(|member| member.key == name)?.text;
    parse_lossy(text).ok().map(|(value, _)| value)
}

fn string(found: &[MemberText<'_>], name: &str) -> Option<String> {
    match value(found, name)? {
        Json::String(text) => Some(text),
        _ => None,
    }
}
