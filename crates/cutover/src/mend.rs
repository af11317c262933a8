//! Loading a record from quarantine after a person has mended it.

use crate::chunks::{KeptBytes, Shared, chunk_error};
use crate::document::Format;
use crate::error::{Error, Result};
use crate::lease::Lock;
use crate::plan::kind_of;
use crate::transact::write;
use landfast_domain::accounts::UserId;
use landfast_domain::imports::{Document, Outcome, QuarantineEntry};
use landfast_domain::record::{Placed, Record, RecordKey, SourceRef};
use landfast_domain::time::Timestamp;
use landfast_domain::{Repositories, Store};
use landfast_legacy::table::KeyCounter;
use std::cell::RefCell;
use std::io::Read;

/// Which record to load, and what it should be.
pub struct MendRequest<'a> {
    /// Owner of the rows.
    pub user: UserId,
    /// Path of the document below its folder.
    pub path: &'a str,
    /// Folder it was imported from; `None` when only one folder has the path.
    pub source: Option<&'a str>,
    /// Line of the record in the document.
    pub line: i64,
    /// The record's mended bytes, as they should have stood in the document.
    pub bytes: &'a [u8],
    /// Who holds the migrator's lock meanwhile.
    pub holder: String,
    /// Whether the process of another holder may still be alive; when in doubt, `true`.
    pub holder_is_alive: &'a dyn Fn(&str) -> bool,
    /// The clock, UTC.
    pub clock: &'a (dyn Fn() -> Timestamp + Sync),
}

/// A record that was loaded from quarantine.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct MendReport {
    /// Kind of record.
    pub entity: String,
    /// Key of its row.
    pub key: String,
    /// Path of the document.
    pub path: String,
    /// Line in the document.
    pub line: i64,
    /// Code it was set aside with.
    pub code: String,
    /// The row was there already and got the mended cells.
    pub updated: bool,
    /// What had become of the document's records before.
    pub before: Standing,
    /// What has become of them now.
    pub after: Standing,
}

/// What became of the records of a document. `records = loaded + duplicate + quarantined`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Standing {
    /// Records of the document.
    pub records: u64,
    /// Records that stand for a row, and parts of broken ones that were put together.
    pub loaded: u64,
    /// Records that are there already and have no meaning twice.
    pub duplicate: u64,
    /// Records set aside with their bytes.
    pub quarantined: u64,
}

impl Standing {
    fn of(repositories: &mut dyn Repositories, document: &Document) -> Result<Self> {
        let mut standing = Self { records: crate::bytes::to_u64(document.records_done), ..Self::default() };
        let mut after = None;
        loop {
            let page = repositories.imports()?.list_quarantine(document.id, after, 500)?;
            let Some(last) = page.last() else { break };
            after = Some(last.ordinal);
            for entry in &page {
                match entry.outcome {
                    Outcome::Duplicate => standing.duplicate += 1,
                    _ => standing.quarantined += 1,
                }
            }
        }
        standing.loaded = standing.records.saturating_sub(standing.duplicate + standing.quarantined);
        Ok(standing)
    }
}

/// Loads one record from quarantine. Its row takes the place the record has in the document, so that an export
/// writes it there; the entry is gone afterwards, and the accounts of the document still add up, since the
/// record counts as loaded.
///
/// # Errors
/// [`Error::NoSuchEntry`] when nothing or more than one record is set aside there; [`Error::NotMended`] when the
/// bytes are still no record, or are not exactly one; [`Error::Store`], also when an import runs.
pub fn mend_quarantined(store: &dyn Store, request: &MendRequest<'_>) -> Result<MendReport> {
    mend(store, request, false)
}

/// Tells what [`mend_quarantined`] would do, and changes nothing.
///
/// # Errors
/// As [`mend_quarantined`].
pub fn rehearse_mend(store: &dyn Store, request: &MendRequest<'_>) -> Result<MendReport> {
    mend(store, request, true)
}

fn mend(store: &dyn Store, request: &MendRequest<'_>, rehearsal: bool) -> Result<MendReport> {
    let lock = Lock::take(store, &request.holder, request.holder_is_alive, request.clock)?;
    let mut rehearsed = None;
    let done = write(store, |repositories| {
        lock.renew(repositories)?;
        let (document, entry) = find(repositories, request)?;
        let kind = kind_of(&document).ok_or_else(|| Error::HostilePath { path: document.path.clone() })?;
        let before = Standing::of(repositories, &document)?;
        let mend = DocumentMend { user: &request.user, document: &document, entry: &entry, bytes: request.bytes };
        let report = kind.mend(repositories, mend)?;
        let report = MendReport { before, after: Standing::of(repositories, &document)?, ..report };
        if rehearsal {
            rehearsed = Some(report);
            return Err(Error::Interrupted);
        }
        Ok(report)
    });
    let released = lock.release(store);
    let report = match (done, rehearsed) {
        (Err(Error::Interrupted), Some(report)) => report,
        (done, _) => done?,
    };
    released?;
    Ok(report)
}

fn find(repositories: &mut dyn Repositories, request: &MendRequest<'_>) -> Result<(Document, QuarantineEntry)> {
    let mut found = Vec::new();
    for document in repositories.imports()?.list_documents(&request.user)? {
        let is_meant = document.path == request.path && request.source.is_none_or(|source| document.source == source);
        if !is_meant {
            continue;
        }
        let mut after = None;
        loop {
            let page = repositories.imports()?.list_quarantine(document.id, after, 500)?;
            let Some(last) = page.last() else { break };
            after = Some(last.ordinal);
            let own = page.into_iter().filter(|entry| entry.line == request.line);
            found.extend(own.map(|entry| (document.clone(), entry)));
        }
    }
    let place = format!("{}:{}", request.path, request.line);
    match (found.pop(), found.is_empty()) {
        (Some(one), true) => Ok(one),
        (None, _) => Err(Error::NoSuchEntry { place, reason: "nothing is set aside there".to_owned() }),
        (Some(_), false) => Err(Error::NoSuchEntry {
            place,
            reason: format!("{} records are set aside there; name the folder as well", found.len() + 1),
        }),
    }
}

/// What mending one record of a document needs.
pub(crate) struct DocumentMend<'a> {
    pub(crate) user: &'a UserId,
    pub(crate) document: &'a Document,
    pub(crate) entry: &'a QuarantineEntry,
    pub(crate) bytes: &'a [u8],
}

/// Reads the mended bytes as the one record of a document with the same beginning, and makes it a row.
pub(crate) fn mend_record<F: Format>(
    format: &F,
    repositories: &mut dyn Repositories,
    mend: DocumentMend<'_>,
) -> Result<MendReport> {
    let DocumentMend { user, document, entry, bytes } = mend;
    let refused = |reason: String| Error::NotMended { place: format!("{}:{}", document.path, entry.line), reason };
    let head = head(format, repositories, document)?;
    let mut reader = format.open(Box::new(head.as_slice().chain(bytes))).map_err(Error::read(&document.path))?;
    let mut keys = KeyCounter::default();
    let mut records = Vec::new();
    while let Some(item) = reader.next(&mut keys).map_err(Error::read(&document.path))? {
        match item.outcome {
            Ok(decoded) => records.push(decoded.record),
            Err(aside) => return Err(refused(format!("{} ({})", aside.reject.message, aside.reject.code))),
        }
    }
    let (Some(mut record), true) = (records.pop(), records.is_empty()) else {
        return Err(refused("the bytes must be exactly one record".to_owned()));
    };
    let source = SourceRef { document: document.id, ordinal: entry.ordinal };
    let position = document.first_position + entry.ordinal;
    let rows = F::Record::repository(repositories).page(user, Some(position - 1), 8)?;
    let present = rows.into_iter().find(|row| row.source == Some(source));
    let updated = present.is_some();
    match present {
        Some(row) => {
            record.set_key(row.record.key().clone());
            F::Record::repository(repositories).update(user, &record)?;
        }
        None => {
            let key = free_key(repositories, user, &record)?;
            record.set_key(key);
            let placed = Placed { position, source: Some(source), record: record.clone() };
            F::Record::repository(repositories).insert_batch(user, &[placed])?;
        }
    }
    repositories.imports()?.delete_quarantine(document.id, entry.ordinal)?;
    Ok(MendReport {
        entity: F::Record::ENTITY.to_owned(),
        key: record.key().to_string(),
        path: document.path.clone(),
        line: entry.line,
        code: entry.code.clone(),
        updated,
        before: Standing::default(),
        after: Standing::default(),
    })
}

/// What the document begins with before its first record.
fn head<F: Format>(format: &F, repositories: &mut dyn Repositories, document: &Document) -> Result<Vec<u8>> {
    let shared: Shared<'_> = RefCell::new(repositories);
    let failed = Error::read(&document.path);
    let start =
        format.open(Box::new(KeptBytes::new(&shared, document))).map_err(failed).map_err(chunk_error)?.body_start();
    let mut head = Vec::new();
    let failed = Error::io("read", std::path::Path::new(&document.path));
    KeptBytes::new(&shared, document).take(start).read_to_end(&mut head).map_err(failed).map_err(chunk_error)?;
    Ok(head)
}

/// The record's key, or the next free one of its id.
fn free_key<R: Record>(repositories: &mut dyn Repositories, user: &UserId, record: &R) -> Result<RecordKey> {
    let mut key = record.key().clone();
    let mut occurrence = 2;
    while R::repository(repositories).get(user, &key)?.is_some() {
        key = RecordKey::nth(&record.identity(), occurrence);
        occurrence += 1;
    }
    Ok(key)
}
