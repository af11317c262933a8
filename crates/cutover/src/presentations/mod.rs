//! The presentations area: snapshots of a service's memory.

mod document;

use crate::area::{Area, Changes, Claim, FoundFile, Share, Survey, Table, Tree};
use crate::digest::RowsDigest;
use crate::document::DocumentKind;
use crate::error::{Error, Result};
use crate::export::{OwnRows, Plan, Written};
use crate::keyed::Keyed;
use document::Snapshot;
use landfast_domain::Repositories;
use landfast_domain::accounts::UserId;
use landfast_domain::presentations::document::{TimeBase, render};
use landfast_domain::presentations::{JobCursor, JobId, PresentationJob};
use landfast_legacy::presentations::{InFlight, fresh, is_snapshot, read, rewrite};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::Path;

/// The presentations area.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PresentationsArea;

/// What names of snapshots begin with, also of those that cannot be read.
const NAME: &str = "presentation_jobs";
/// Name of a snapshot that is made here.
const OWN_FILE: &str = "presentation_jobs.snapshot.json";
/// Longest file that is looked into, in bytes.
const LONGEST: u64 = 1 << 30;
/// Files with other names are taken for snapshots only up to this length.
const LONGEST_UNNAMED: u64 = 64 << 20;

impl Area for PresentationsArea {
    fn name(&self) -> &'static str {
        "presentations"
    }

    fn recognise(&self, folder: &Path) -> Result<Option<Claim>> {
        let names: BTreeSet<String> = list(folder)?.into_iter().map(|file| file.path).collect();
        Ok((!names.is_empty()).then_some(Claim::Names(names)))
    }

    fn files(&self, folder: &Path, _others: &BTreeSet<String>) -> Result<Vec<FoundFile>> {
        list(folder)
    }

    fn document(&self, path: &str) -> Option<Box<dyn DocumentKind>> {
        (!path.contains('/')).then(|| -> Box<dyn DocumentKind> { Box::new(Keyed(Snapshot::default())) })
    }

    fn tables(&self) -> Vec<Box<dyn Table>> {
        vec![Box::new(Jobs)]
    }

    fn tree(&self) -> Option<&dyn Tree> {
        Some(&Self)
    }

    fn copy(&self, source: &mut dyn Repositories, target: &mut dyn Repositories, _users: &[UserId]) -> Result<()> {
        each_job(source, |job| Ok(target.presentations()?.insert(job)?))
    }
}

/// Snapshots directly in a folder.
fn list(folder: &Path) -> Result<Vec<FoundFile>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(Error::io("list", folder))? {
        let entry = entry.map_err(Error::io("list", folder))?;
        let location = entry.path();
        let Ok(path) = entry.file_name().into_string() else { continue };
        let is_json = location.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        if !is_json || path.starts_with('.') || !entry.file_type().map_err(Error::io("look at", &location))?.is_file() {
            continue;
        }
        let size_bytes = entry.metadata().map_err(Error::io("look at", &location))?.len();
        let is_named = path.starts_with(NAME);
        let may_be = is_named || size_bytes <= LONGEST_UNNAMED;
        if may_be && (is_named || is_snapshot(&fs::read(&location).map_err(Error::io("read", &location))?)) {
            let not_read = (size_bytes > LONGEST).then_some("longer than 1 GiB; copied into the backup, not loaded");
            found.push(FoundFile { path, location, size_bytes, not_read });
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

impl Tree for PresentationsArea {
    fn render(
        &self,
        repositories: &mut dyn Repositories,
        before: &BTreeMap<String, Vec<u8>>,
        share: &Share<'_>,
    ) -> Result<Changes> {
        let mut jobs: BTreeMap<JobId, PresentationJob> = BTreeMap::new();
        each_job(repositories, |job| {
            jobs.insert(job.id.clone(), job.clone());
            Ok(())
        })?;
        let mut changes = Changes::new();
        let mut homes: HashSet<JobId> = HashSet::new();
        let mut last = None;
        for (path, bytes) in before {
            let Ok(snapshot) = read(bytes, InFlight::Own) else { continue };
            // A job that an earlier file has already is a duplicate here and stays as it is.
            let own: BTreeMap<JobId, PresentationJob> = snapshot
                .jobs()
                .filter_map(|job| jobs.get(&job.id).map(|stored| (job, stored)))
                .map(|(job, stored)| if homes.insert(job.id.clone()) { stored } else { job })
                .map(|job| (job.id.clone(), job.clone()))
                .collect();
            last = Some((path, own));
            if let Some((path, own)) = &last {
                note(&mut changes, path, bytes, rewrite(bytes, own)?);
            }
        }
        if share.adopts {
            let new = jobs.iter().filter(|(id, _)| !homes.contains(*id)).map(|(id, job)| (id.clone(), job.clone()));
            let new: BTreeMap<JobId, PresentationJob> = new.collect();
            match last {
                _ if new.is_empty() => {}
                Some((path, mut own)) => {
                    own.extend(new);
                    let bytes = before.get(path).map(Vec::as_slice).unwrap_or_default();
                    note(&mut changes, path, bytes, rewrite(bytes, &own)?);
                }
                None => {
                    let taken_at = new.values().map(|job| job.created_at).max();
                    let bytes = taken_at.map(|taken_at| fresh(new.values(), taken_at, 0)).transpose()?;
                    changes.extend(bytes.map(|bytes| (OWN_FILE.to_owned(), Some(bytes))));
                }
            }
        }
        Ok(changes)
    }
}

fn note(changes: &mut Changes, path: &str, before: &[u8], after: Vec<u8>) {
    if before == after {
        changes.remove(path);
    } else {
        changes.insert(path.to_owned(), Some(after));
    }
}

/// All jobs, newest first.
fn each_job(repositories: &mut dyn Repositories, mut visit: impl FnMut(&PresentationJob) -> Result<()>) -> Result<()> {
    let mut after: Option<JobCursor> = None;
    loop {
        let page = repositories.presentations()?.list(None, after.as_ref(), PAGE)?;
        page.iter().try_for_each(&mut visit)?;
        match page.last() {
            Some(last) if page.len() == PAGE => after = Some(JobCursor::of(last)),
            _ => return Ok(()),
        }
    }
}

/// Jobs read at a time.
const PAGE: usize = 500;

/// All jobs.
struct Jobs;

impl Table for Jobs {
    fn entity(&self) -> &'static str {
        document::ENTITY
    }

    fn count(&self, repositories: &mut dyn Repositories, _user: &UserId) -> Result<u64> {
        Ok(repositories.presentations()?.count_by_status()?.iter().map(|(_, count)| count).sum())
    }

    fn survey(&self, repositories: &mut dyn Repositories, _user: &UserId) -> Result<Survey> {
        let mut digest = RowsDigest::default();
        each_job(repositories, |job| {
            digest.add_texts(job.id.as_str(), &[&render(job, &TimeBase::default())?]);
            Ok(())
        })?;
        Ok(Survey { digest: digest.finish(), rows_of: BTreeMap::new() })
    }

    fn own_paths(
        &self,
        _repositories: &mut dyn Repositories,
        _user: &UserId,
        _plan: &Plan,
    ) -> Result<BTreeSet<String>> {
        Ok(BTreeSet::new())
    }

    fn export_own(&self, _repositories: &mut dyn Repositories, _own: OwnRows<'_>) -> Result<Written> {
        // The tree writes all jobs.
        Ok(Written::default())
    }
}
