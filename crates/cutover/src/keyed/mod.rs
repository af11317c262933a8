//! Documents whose records have keys of their own in the repositories.
//!
//! A CSV row becomes a row that remembers its place; see [`crate::document`]. A record of a JSON document
//! does not: an issue, a job or a run is found again by its key. [`KeyedDocument`] says how such a document
//! is read and how its records are kept; planning, loading, merging and verifying are the same for all of
//! them and are done here.

mod check;
mod count;
mod decide;
mod load;
mod scan;
mod scope;

pub(crate) use count::count_children;
pub(crate) use decide::Decision;
pub(crate) use scope::Scope;

use crate::bytes::{Print, to_u64};
use crate::document::{Bytes, CellDifference, DocumentKind, Place};
use crate::error::{Error, Result};
use crate::export::{DocumentExport, Exported};
use crate::load::{DocumentLoad, DocumentScan, Loaded, TakenKeys};
use crate::mend::{DocumentMend, MendReport};
use crate::repair::{DocumentRepair, RepairReport};
use crate::verify::DocumentCheck;
use landfast_domain::accounts::UserId;
use landfast_domain::finding::Finding;
use landfast_domain::imports::Outcome;
use landfast_domain::{Repositories, Store};
use std::collections::BTreeMap;

/// One record of a document.
#[derive(Debug)]
pub(crate) struct KeyedItem {
    /// What the record is found by; unique in its document. Empty for one that cannot be kept.
    pub(crate) key: String,
    /// Where it lies.
    pub(crate) place: Place,
    /// Its text as it is kept, or why it does not become a row.
    pub(crate) outcome: Result<String, Aside>,
    /// Its bytes in the document, where they are others than the text.
    pub(crate) raw: Option<String>,
    /// What it is called in its document, where its key is only its place.
    pub(crate) name: Option<String>,
    /// What is odd about it.
    pub(crate) findings: Vec<Finding>,
}

impl KeyedItem {
    /// A record that is kept as it stands.
    pub(crate) fn new(key: impl Into<String>, place: Place, text: impl Into<String>) -> Self {
        Self { key: key.into(), place, outcome: Ok(text.into()), raw: None, name: None, findings: Vec::new() }
    }

    /// A whole document that is set aside.
    pub(crate) fn aside(code: &'static str, message: impl Into<String>, bytes: Vec<u8>) -> Self {
        let place = Place::whole(bytes.len());
        let outcome = Err(Aside { outcome: Outcome::Quarantined, code, message: message.into(), raw: bytes });
        Self { key: String::new(), place, outcome, raw: None, name: None, findings: Vec::new() }
    }
}

impl Place {
    /// A document that is one record.
    pub(crate) fn whole(size: usize) -> Self {
        Self { ordinal: 0, parts: 1, line: 1, start: 0, offset: 0, end: to_u64(size) }
    }
}

/// Why a record does not become a row, whatever the database holds.
#[derive(Debug)]
pub(crate) struct Aside {
    /// Duplicate of another record of the document, or quarantined.
    pub(crate) outcome: Outcome,
    /// One of the area's codes.
    pub(crate) code: &'static str,
    /// The reason, in words.
    pub(crate) message: String,
    /// Its bytes.
    pub(crate) raw: Vec<u8>,
}

/// What a document says besides its records.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reading {
    /// How the document is written, in words.
    pub(crate) dialect: String,
    /// What is odd about it as a whole.
    pub(crate) findings: Vec<Finding>,
}

/// How documents of one kind are read, and how their records are kept.
pub(crate) trait KeyedDocument: Sync {
    /// Name of the kind of record.
    fn entity(&self) -> &'static str;
    /// Hands the records over in their order. Places ascend, and their ordinals count from 0 without gaps.
    /// A list must not be held in memory as a whole when it can be long.
    fn read(
        &self,
        scope: &Scope<'_>,
        source: Bytes<'_>,
        visit: &mut dyn FnMut(KeyedItem) -> Result<()>,
    ) -> Result<Reading>;
    /// Counts the records without the code of [`read`](Self::read). Not asked of a document that was set aside as
    /// a whole.
    fn count(&self, source: Bytes<'_>) -> Result<u64>;
    /// Makes the rows that records of the document hang on, before the first record is saved. Called again
    /// when a load is resumed.
    fn begin(&self, repositories: &mut dyn Repositories, scope: &Scope<'_>) -> Result<()>;
    /// Texts the store keeps under these keys, `None` where there is no row.
    fn stored(
        &self,
        repositories: &mut dyn Repositories,
        scope: &Scope<'_>,
        keys: &[&str],
    ) -> Result<Vec<Option<String>>>;
    /// What becomes of a record, given the print of what was loaded before and the row.
    fn decide(
        &self,
        _repositories: &mut dyn Repositories,
        _scope: &Scope<'_>,
        record: Compared<'_>,
    ) -> Result<Decision> {
        Ok(Decision::new(record.text, record.base, record.row))
    }
    /// Whether an entry with this code stands for a record that could be a row but is not, because of what the
    /// database held.
    fn is_set_aside(&self, entry_code: &str) -> bool {
        decide::CODES.contains(&entry_code)
    }
    /// Whether a record that is set aside with this code is looked at again with every import, because the reason
    /// lies in another document. Such a document has few records.
    fn is_reconsidered(&self, _code: &str) -> bool {
        false
    }
    /// Keeps records under their keys, replacing what is there. All of them have a text.
    fn save(&self, repositories: &mut dyn Repositories, scope: &Scope<'_>, items: &[&KeyedItem]) -> Result<()>;
    /// Removes the row with this key, if there is one.
    fn delete(&self, repositories: &mut dyn Repositories, scope: &Scope<'_>, key: &str) -> Result<()>;
    /// Keeps what stands beside the records, after the last of them was saved.
    fn end(&self, repositories: &mut dyn Repositories, scope: &Scope<'_>, reading: &Reading) -> Result<()>;
    /// Whether what stands beside the rows, and is not in the document, is other than in the source; with `write`
    /// it is brought up to date. Asked after the last record.
    fn refresh(&self, _repositories: &mut dyn Repositories, _scope: &Scope<'_>, _write: bool) -> Result<bool> {
        Ok(false)
    }
    /// What is odd about the document in view of what the database holds. Asked after the last record.
    fn remarks(&self, _repositories: &mut dyn Repositories, _scope: &Scope<'_>) -> Result<Vec<Finding>> {
        Ok(Vec::new())
    }
    /// Compares what was made of a record, or stands beside it, besides its text. Asked when there is a row.
    fn beside(&self, _repositories: &mut dyn Repositories, _scope: &Scope<'_>) -> Result<Comparison> {
        Ok(Comparison::default())
    }
    /// Whether rows whose record is gone from a later version of the document go with it, unless they were edited.
    fn prunes(&self) -> bool {
        false
    }
    /// Where a kept text differs from that of the source.
    fn differences(&self, source: &str, stored: &str) -> Vec<CellDifference> {
        check::json_differences(source, stored)
    }
}

/// What a comparison of something else than texts gave.
#[derive(Debug, Default)]
pub(crate) struct Comparison {
    /// How much was looked at, by the name of the check.
    pub(crate) checked: BTreeMap<&'static str, u64>,
    /// What differs: the name of the check, the place and both sides, the reason.
    pub(crate) differences: Vec<(&'static str, CellDifference, String)>,
    /// What could not be compared, and why.
    pub(crate) not_checked: Option<String>,
}

/// A record, what was loaded before, and the row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Compared<'a> {
    pub(crate) key: &'a str,
    pub(crate) text: &'a str,
    /// Print of the text an earlier version of the document had.
    pub(crate) base: Option<Print>,
    /// What the store keeps.
    pub(crate) row: Option<&'a str>,
}

/// A [`KeyedDocument`] as the process sees it.
pub(crate) struct Keyed<D>(pub(crate) D);

impl<D: KeyedDocument> DocumentKind for Keyed<D> {
    fn entity(&self) -> &'static str {
        self.0.entity()
    }
    fn taken_keys(&self, _repositories: &mut dyn Repositories, _user: &UserId) -> Result<TakenKeys> {
        // Rows are asked for by their keys while records are decided about.
        Ok(TakenKeys::default())
    }
    fn scan(&self, scan: DocumentScan<'_>) -> Result<Loaded> {
        scan::scan(&self.0, scan)
    }
    fn load(&self, load: DocumentLoad<'_>) -> Result<Loaded> {
        load::load(&self.0, load)
    }
    fn check(&self, repositories: &mut dyn Repositories, check: DocumentCheck<'_>) -> Result<()> {
        check::check(&self.0, repositories, check)
    }
    fn repair(&self, _store: &dyn Store, _repair: DocumentRepair<'_>) -> Result<Vec<RepairReport>> {
        // Repairs concern cells of the tasks area.
        Ok(Vec::new())
    }
    fn mend(&self, _repositories: &mut dyn Repositories, mend: DocumentMend<'_>) -> Result<MendReport> {
        Err(Error::NotMended {
            place: format!("{}:{}", mend.document.path, mend.entry.line),
            reason: "records of this document depend on each other; mend the file itself and import it again"
                .to_owned(),
        })
    }
    fn export(&self, repositories: &mut dyn Repositories, export: DocumentExport<'_>) -> Result<Exported> {
        crate::export::copy_document(repositories, &export)
    }
}
