//! From jobs to bytes.

use super::read::{EntryOutcome, InFlight, Refused, Shape, Snapshot, read};
use landfast_domain::instant::to_local;
use landfast_domain::json::Json;
use landfast_domain::presentations::document::{TimeBase, render};
use landfast_domain::presentations::{JobId, PresentationJob};
use landfast_domain::time::Timestamp;
use std::collections::{BTreeMap, HashSet};

/// The bytes of a snapshot with the entries as the jobs are now.
///
/// An entry whose job did not change keeps its bytes, as do entries that are no jobs. A job that is gone takes
/// its entries with it; jobs the snapshot does not know are added at the end. Losing entries of a job that
/// changed are left out, lest one of them wins when the result is read.
///
/// # Errors
/// [`landfast_domain::Error::Aborted`] with [`Refused`] when the bytes are no snapshot;
/// [`landfast_domain::Error::Corrupt`] when the kept text of a job is none.
pub fn rewrite(original: &[u8], jobs: &BTreeMap<JobId, PresentationJob>) -> landfast_domain::Result<Vec<u8>> {
    let snapshot = read(original, InFlight::Own).map_err(landfast_domain::Error::aborted)?;
    // It was read as text just now.
    let whole = std::str::from_utf8(original)
        .map_err(|error| landfast_domain::Error::aborted(Refused::NotUtf8(error.valid_up_to())))?;
    let mut out = Output { whole, snapshot: &snapshot, text: String::with_capacity(whole.len()), last: None };
    out.push(whole.get(..snapshot.inside));
    let mut changed = HashSet::new();
    let mut rendered: BTreeMap<&JobId, String> = BTreeMap::new();
    for entry in &snapshot.entries {
        let EntryOutcome::Loaded(job) = &entry.outcome else { continue };
        if let Some(now) = jobs.get(&job.id) {
            let text = render(now, &snapshot.base)?;
            if text != entry.text {
                changed.insert(&job.id);
            }
            rendered.insert(&job.id, text);
        }
    }
    for (index, entry) in snapshot.entries.iter().enumerate() {
        let text = match &entry.outcome {
            EntryOutcome::Quarantined => Some(&entry.text),
            EntryOutcome::Loaded(job) => rendered.get(&job.id),
            EntryOutcome::Duplicate { id, .. } => {
                (rendered.contains_key(id) && !changed.contains(id)).then_some(&entry.text)
            }
        };
        if let Some(text) = text {
            out.entry(index, text);
        }
    }
    let known: HashSet<&JobId> = snapshot.jobs().map(|job| &job.id).collect();
    for (id, job) in jobs.iter().filter(|(id, _)| !known.contains(id)) {
        out.added(id, &render(job, &snapshot.base)?);
    }
    out.finish();
    Ok(out.text.into_bytes())
}

/// A new snapshot of these jobs.
///
/// `naive_offset` is the offset in which their times are written, in seconds east of Greenwich.
///
/// # Errors
/// [`landfast_domain::Error::Corrupt`] when the kept text of a job is none.
pub fn fresh<'a>(
    jobs: impl IntoIterator<Item = &'a PresentationJob>,
    taken_at: Timestamp,
    naive_offset: i32,
) -> landfast_domain::Result<Vec<u8>> {
    let base = TimeBase { naive_offset, taken_at: Some(taken_at) };
    let taken = Json::from(to_local(taken_at, naive_offset).to_iso_text()).dump();
    let mut text = format!(
        "{{\"format\": \"{}\", \"version\": 1, \"taken_at\": {taken}, \"utc_offset_minutes\": {}, \"jobs\": [",
        super::FORMAT,
        naive_offset / 60
    );
    let mut separator = "\n";
    for job in jobs {
        text.push_str(separator);
        text.push_str(&render(job, &base)?);
        separator = ",\n";
    }
    text.push_str("\n]}\n");
    Ok(text.into_bytes())
}

struct Output<'a> {
    whole: &'a str,
    snapshot: &'a Snapshot,
    text: String,
    /// Entry of the original that was written last.
    last: Option<usize>,
}

impl Output<'_> {
    fn push(&mut self, text: Option<&str>) {
        self.text.push_str(text.unwrap_or_default());
    }

    fn entry(&mut self, index: usize, text: &str) {
        let snapshot = self.snapshot;
        let Some(entry) = snapshot.entries.get(index) else { return };
        // What stands before the entry; before the first one written, what stands before the first of all.
        match (self.last, index.checked_sub(1).and_then(|before| snapshot.entries.get(before))) {
            (Some(_), Some(before)) => self.push(self.whole.get(before.end..entry.offset)),
            _ => self.push(snapshot.entries.first().and_then(|first| self.whole.get(snapshot.inside..first.offset))),
        }
        self.push(self.whole.get(entry.offset..entry.end - entry.text.len()));
        self.push(Some(text));
        self.last = Some(index);
    }

    fn added(&mut self, id: &JobId, text: &str) {
        let entries = &self.snapshot.entries;
        if self.last.is_some() {
            let between = match (entries.first(), entries.get(1)) {
                (Some(first), Some(second)) => self.whole.get(first.end..second.offset),
                _ => None,
            };
            self.push(Some(between.unwrap_or(", ")));
        }
        if self.snapshot.shape == Shape::ById {
            self.push(Some(&Json::from(id.as_str()).dump()));
            self.push(Some(": "));
        }
        self.push(Some(text));
        self.last = Some(entries.len());
    }

    /// What stands between the last entry and the end of the file.
    fn finish(&mut self) {
        let from = match self.snapshot.entries.last() {
            Some(last) if self.last.is_some() => last.end,
            Some(_) => self.snapshot.closing,
            None => self.snapshot.inside,
        };
        self.push(self.whole.get(from..));
    }
}
