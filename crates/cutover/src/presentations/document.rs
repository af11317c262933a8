//! A snapshot as a document of jobs.

use crate::bytes::{to_i64, to_u64};
use crate::document::{Bytes, Place};
use crate::error::{Error, Result};
use crate::keyed::{Aside, Compared, Decision, KeyedDocument, KeyedItem, Reading, Scope, count_children};
use landfast_domain::Repositories;
use landfast_domain::imports::Outcome;
use landfast_domain::presentations::document::{TimeBase, read as read_job, render};
use landfast_domain::presentations::snapshot::{Merge, leave_to_service, merge};
use landfast_domain::presentations::{JobId, PresentationJob, codes};
use landfast_legacy::presentations::{Entry, EntryOutcome, InFlight, Refused, Shape, Snapshot as Read, read};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Name of the kind of record.
pub(super) const ENTITY: &str = "presentation job";

/// A snapshot. How its times are to be understood is known once it was read.
#[derive(Debug, Default)]
pub(super) struct Snapshot {
    base: Mutex<TimeBase>,
}

/// Codes of snapshots and jobs that are not loaded.
mod code {
    /// The file is not UTF-8.
    pub(super) const NOT_UTF8: &str = "not_utf8";
    /// The file is not JSON.
    pub(super) const NOT_JSON: &str = "not_json";
    /// The file is JSON of another format.
    pub(super) const OTHER_FORMAT: &str = "other_format";
    /// The format has a version this program does not know.
    pub(super) const OTHER_VERSION: &str = "other_version";
    /// The stored job is final, the one of the snapshot is not.
    pub(super) const KEPT_FINAL: &str = "kept_final";
    /// The stored job was worked on since it was imported.
    pub(super) const KEPT_NEWER: &str = "kept_newer";
}

impl Snapshot {
    fn base(&self) -> TimeBase {
        *self.base.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn job(&self, text: &str, key: &str, live: bool) -> Result<PresentationJob> {
        let corrupt = |reason: String| landfast_domain::Error::Corrupt {
            entity: ENTITY,
            key: key.to_owned(),
            column: "document".to_owned(),
            value: reason,
        };
        let reading = read_job(text, Some(key), &self.base()).map_err(|reject| corrupt(reject.message))?;
        let mut job = reading.job;
        if live {
            leave_to_service(&mut job);
        }
        Ok(job)
    }
}

impl KeyedDocument for Snapshot {
    fn entity(&self) -> &'static str {
        ENTITY
    }

    fn read(
        &self,
        scope: &Scope<'_>,
        mut source: Bytes<'_>,
        visit: &mut dyn FnMut(KeyedItem) -> Result<()>,
    ) -> Result<Reading> {
        let mut bytes = Vec::new();
        source.read_to_end(&mut bytes).map_err(Error::io("read", Path::new(scope.path)))?;
        let in_flight = if scope.live { InFlight::LeftToService } else { InFlight::Interrupted };
        let snapshot = match read(&bytes, in_flight) {
            Ok(snapshot) => snapshot,
            Err(refused) => {
                visit(KeyedItem::aside(code_of(&refused), refused.to_string(), bytes))?;
                return Ok(Reading::default());
            }
        };
        *self.base.lock().unwrap_or_else(PoisonError::into_inner) = snapshot.base;
        let reading = Reading { dialect: dialect(&snapshot), findings: snapshot.findings.clone() };
        let mut start = 0;
        for entry in snapshot.entries {
            let end = to_u64(entry.end);
            visit(item(entry, start))?;
            start = end;
        }
        Ok(reading)
    }

    fn count(&self, mut source: Bytes<'_>) -> Result<u64> {
        let mut bytes = Vec::new();
        source.read_to_end(&mut bytes).map_err(Error::io("read", Path::new("snapshot")))?;
        let bare = count_children(Box::new(bytes.as_slice()), &["jobs"])?;
        Ok(match bare {
            Some(count) => count,
            None => count_children(Box::new(bytes.as_slice()), &[])?.unwrap_or(1),
        })
    }

    fn begin(&self, _repositories: &mut dyn Repositories, _scope: &Scope<'_>) -> Result<()> {
        Ok(())
    }

    fn stored(
        &self,
        repositories: &mut dyn Repositories,
        _scope: &Scope<'_>,
        keys: &[&str],
    ) -> Result<Vec<Option<String>>> {
        let base = self.base();
        let mut texts = Vec::with_capacity(keys.len());
        for key in keys {
            let job = repositories.presentations()?.get(&JobId::from(*key))?;
            texts.push(job.map(|job| render(&job, &base)).transpose()?);
        }
        Ok(texts)
    }

    fn decide(&self, repositories: &mut dyn Repositories, scope: &Scope<'_>, record: Compared<'_>) -> Result<Decision> {
        let stored = repositories.presentations()?.get(&JobId::from(record.key))?;
        let incoming = self.job(record.text, record.key, scope.live)?;
        if record.base.is_none() && record.row == Some(record.text) {
            return Ok(Decision::Duplicate);
        }
        if record.base.is_some() && stored.is_none() {
            return Ok(Decision::new(record.text, record.base, None));
        }
        Ok(match merge(stored.as_ref(), incoming) {
            Merge::Insert(_) => Decision::Insert,
            Merge::Replace(_) => Decision::Update,
            Merge::Unchanged => Decision::Keep,
            Merge::KeptFinal => Decision::Outdated(code::KEPT_FINAL),
            Merge::KeptNewer => Decision::Outdated(code::KEPT_NEWER),
        })
    }

    fn is_set_aside(&self, entry_code: &str) -> bool {
        use crate::load::code as merged;
        [code::KEPT_FINAL, code::KEPT_NEWER, merged::DELETED_IN_DATABASE, merged::SAME_IN_OTHER_SOURCE]
            .contains(&entry_code)
            || entry_code == merged::CHANGED_ON_BOTH_SIDES
    }

    fn save(&self, repositories: &mut dyn Repositories, scope: &Scope<'_>, items: &[&KeyedItem]) -> Result<()> {
        let mut new = Vec::new();
        for item in items {
            let Ok(text) = &item.outcome else { continue };
            let job = self.job(text, &item.key, scope.live)?;
            let jobs = repositories.presentations()?;
            match merge(jobs.get(&job.id)?.as_ref(), job) {
                Merge::Insert(job) => new.push(job),
                Merge::Replace(job) => jobs.update(&job)?,
                Merge::Unchanged | Merge::KeptFinal | Merge::KeptNewer => {}
            }
        }
        repositories.presentations()?.insert_batch(&new)?;
        Ok(())
    }

    fn delete(&self, repositories: &mut dyn Repositories, _scope: &Scope<'_>, key: &str) -> Result<()> {
        repositories.presentations()?.delete(&JobId::from(key))?;
        Ok(())
    }

    fn end(&self, _repositories: &mut dyn Repositories, _scope: &Scope<'_>, _reading: &Reading) -> Result<()> {
        Ok(())
    }
}

fn code_of(refused: &Refused) -> &'static str {
    match refused {
        Refused::NotUtf8(_) => code::NOT_UTF8,
        Refused::NotJson(_) => code::NOT_JSON,
        Refused::OtherVersion(_) => code::OTHER_VERSION,
        _ => code::OTHER_FORMAT,
    }
}

fn dialect(snapshot: &Read) -> String {
    let shape = match snapshot.shape {
        Shape::List => "jobs in a list",
        Shape::ById => "jobs by id",
        Shape::Bare => "a bare list of jobs",
    };
    let minutes = snapshot.base.naive_offset / 60;
    format!("{shape}, times {minutes:+} minutes from UTC")
}

fn item(entry: Entry, start: u64) -> KeyedItem {
    let place = Place {
        ordinal: to_i64(entry.ordinal),
        parts: 1,
        line: entry.line,
        start,
        offset: to_u64(entry.offset),
        end: to_u64(entry.end),
    };
    let mut findings = entry.findings;
    let raw = entry.text;
    let (key, outcome) = match entry.outcome {
        EntryOutcome::Loaded(job) => (job.id.as_str().to_owned(), Ok(raw)),
        EntryOutcome::Duplicate { id, of, identical } => {
            let says = if identical { "the same" } else { "something else" };
            let message = format!("job `{id}` again; entry {of} counts and says {says}");
            let code = codes::DUPLICATE_JOB_ID;
            findings.retain(|finding| finding.code != code);
            (String::new(), Err(Aside { outcome: Outcome::Duplicate, code, message, raw: raw.into_bytes() }))
        }
        EntryOutcome::Quarantined => {
            let reason = findings.pop();
            let (code, message) =
                reason.map_or((codes::JOB_NOT_OBJECT, String::new()), |finding| (finding.code, finding.message));
            (String::new(), Err(Aside { outcome: Outcome::Quarantined, code, message, raw: raw.into_bytes() }))
        }
    };
    KeyedItem { key, place, outcome, raw: None, name: None, findings }
}
