//! Rendering jobs: `presentation_jobs.snapshot.json`.

use super::super::backing::{Backing, Listing};
use super::super::keys::sha256;
use super::area::{Area, Edits, Loaded, unreadable};
use super::presentations_own::{OwnJob, OwnJobs};
use crate::presentations::{EntryOutcome, InFlight, Snapshot, fresh, read, rewrite};
use landfast_domain::Result;
use landfast_domain::json::parse_lossy;
use landfast_domain::presentations::document::{self, TimeBase};
use landfast_domain::presentations::memory::MemoryPresentations;
use landfast_domain::presentations::{JobId, PresentationJob};
use landfast_domain::time::Timestamp;
use std::collections::BTreeMap;

/// Path of the snapshot.
pub(in super::super) const PATH: &str = "presentation_jobs.snapshot.json";

/// What the snapshot has no place for.
const OWN_PATH: &str = ".landfast/presentations.json";

/// Jobs in a snapshot. The file is read whole, so nothing has to be remembered about it.
#[derive(Debug)]
pub(in super::super) struct PresentationArea;

impl Area for PresentationArea {
    type Model = MemoryPresentations;

    fn list(backing: &Backing) -> Result<Listing> {
        let mut listing = Listing::default();
        backing.list_tree(PATH, &mut listing)?;
        backing.list_tree(OWN_PATH, &mut listing)?;
        Ok(listing)
    }

    fn read(
        backing: &Backing,
        listing: &Listing,
        _known: Option<&Loaded<Self>>,
    ) -> Result<(Self, MemoryPresentations)> {
        if listing.refused.contains_key(PATH) {
            return Err(unreadable(PATH, "no regular file"));
        }
        let mut jobs = match backing.read(PATH)? {
            Some(bytes) => jobs_of(&parse(&bytes)?)?,
            None => BTreeMap::new(),
        };
        if let Some(own) = backing.read(OWN_PATH)? {
            OwnJobs::read(OWN_PATH, &own)?.apply(&mut jobs)?;
        }
        Ok((Self, jobs.into_values().map(|(job, _)| job).collect()))
    }

    fn edits(_loaded: &Loaded<Self>, backing: &Backing, model: &MemoryPresentations) -> Result<Edits> {
        let mut edits = Edits::new();
        let before = backing.read(PATH)?;
        let base = match &before {
            Some(bytes) => parse(bytes)?.base,
            None => TimeBase { naive_offset: 0, taken_at: newest_time(model) },
        };
        let shown: BTreeMap<JobId, PresentationJob> =
            model.iter().filter_map(|job| Some((job.id.clone(), as_shown(job, &base)?))).collect();
        let after = match &before {
            Some(bytes) => Some(rewrite(bytes, &shown)?),
            None if shown.is_empty() => None,
            None => Some(fresh(shown.values(), base.taken_at.unwrap_or_else(epoch), base.naive_offset)?),
        };
        let derived = match &after {
            Some(bytes) => jobs_of(&parse(bytes)?)?,
            None => BTreeMap::new(),
        };
        let mut own = OwnJobs::default();
        for job in model.iter() {
            match derived.get(&job.id) {
                Some((read, _)) if read == job => {}
                Some((_, text)) => own.jobs.push(OwnJob::of(job, Some(text.clone()))),
                None => own.jobs.push(OwnJob::of(job, None)),
            }
        }
        if let Some(bytes) = after.filter(|bytes| before.as_deref() != Some(bytes)) {
            edits.insert(PATH.to_owned(), Some(bytes));
        }
        let (own_before, own_after) = (backing.read(OWN_PATH)?, own.write());
        if own_before.as_deref() != own_after.as_deref() {
            edits.insert(OWN_PATH.to_owned(), own_after);
        }
        Ok(edits)
    }
}

fn parse(bytes: &[u8]) -> Result<Snapshot> {
    read(bytes, InFlight::Own).map_err(|refused| unreadable(PATH, refused.to_string()))
}

/// Jobs of a snapshot, with the SHA-256 of their texts.
///
/// A job whose text is the one this program writes for a job of its own is such a job, without a document.
fn jobs_of(snapshot: &Snapshot) -> Result<BTreeMap<JobId, (PresentationJob, String)>> {
    let mut jobs = BTreeMap::new();
    for entry in &snapshot.entries {
        let EntryOutcome::Loaded(job) = &entry.outcome else { continue };
        let mut job = (**job).clone();
        let text = job.document.take();
        if Some(document::render(&job, &snapshot.base)?) != text {
            job.document = text;
        }
        jobs.insert(job.id.clone(), (job, sha256(entry.text.as_bytes())));
    }
    Ok(jobs)
}

/// The job as the snapshot can show it: its id can be read back from its text. `None` when that is not so.
fn as_shown(job: &PresentationJob, base: &TimeBase) -> Option<PresentationJob> {
    let mut job = job.clone();
    // The text of a request is copied into that of a new job.
    job.request.take_if(|request| parse_lossy(&request.0).is_err());
    let text = document::render(&job, base).ok()?;
    let read = document::read(&text, None, base).ok()?;
    (read.job.id == job.id).then_some(job)
}

/// The last time the jobs tell: the snapshot is not older.
fn newest_time(model: &MemoryPresentations) -> Option<Timestamp> {
    model.iter().flat_map(|job| [Some(job.created_at), job.completed_at, job.last_heartbeat]).flatten().max()
}

fn epoch() -> Timestamp {
    Timestamp::new(chrono::DateTime::UNIX_EPOCH.naive_utc())
}
