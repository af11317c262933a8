//! What a transaction touches: repositories that pass every call on and note the items it concerns.

mod areas;
mod records;

use super::items::{item, whole};
use super::state::Known;
use landfast_domain::accounts::{AccountRepository, SecurityRepository};
use landfast_domain::cutover::{Area, CutoverRepository, ItemKey, Side};
use landfast_domain::delivery::DeliveryRepository;
use landfast_domain::imports::ImportRepository;
use landfast_domain::presentations::PresentationRepository;
use landfast_domain::runs::RunRepository;
use landfast_domain::store::{InstanceRepository, RecordRepository};
use landfast_domain::tasks::{
    Emotion, Job, JobTask, LegacyRow, Note, PopupResponse, PopupTrigger, Preference, SurveyResponse, Task,
};
use landfast_domain::{Error, Repositories, Result};
use std::collections::{BTreeMap, BTreeSet};

/// Items of one table and owner that are marked one by one; of more the whole table is marked.
const MOST_SINGLE: usize = 200;

/// Repositories of the leading store in a transaction.
pub(super) struct Recorder<'r> {
    pub(super) inner: &'r mut dyn Repositories,
    side: Side,
    known: &'r Known,
    /// Whether what is read is noted too.
    notes_reads: bool,
    entered: BTreeSet<Area>,
    marked: BTreeSet<ItemKey>,
    pub(super) seen: Seen,
}

/// What a transaction did.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Items of areas that are written twice, in the order they were touched first.
    pub(super) written: Vec<ItemKey>,
    /// Items that were read.
    pub(super) read: BTreeSet<ItemKey>,
    /// An area that the other store leads.
    pub(super) elsewhere: Option<Area>,
    /// The stage of an area is not the known one.
    pub(super) stale: bool,
}

impl<'r> Recorder<'r> {
    pub(super) fn new(inner: &'r mut dyn Repositories, side: Side, known: &'r Known, notes_reads: bool) -> Self {
        Self {
            inner,
            side,
            known,
            notes_reads,
            entered: BTreeSet::new(),
            marked: BTreeSet::new(),
            seen: Seen::default(),
        }
    }

    /// Makes sure that this store leads the area, and still does.
    fn enter(&mut self, area: Area) -> Result<()> {
        if self.entered.contains(&area) {
            return Ok(());
        }
        let known = self.known.of(area);
        if known.stage.leader() != self.side {
            self.seen.elsewhere = Some(area);
            return Err(super::error::elsewhere());
        }
        let stored = self.inner.cutover()?.stage(area)?;
        if stored.map_or(0, |stored| stored.epoch) != known.epoch {
            self.seen.stale = true;
            return Err(super::error::stale());
        }
        self.entered.insert(area);
        Ok(())
    }

    fn wrote(&mut self, area: Area, table: &str, user: &str, parts: &[&str]) {
        self.wrote_item(item(area, table, user, parts));
    }

    fn wrote_all(&mut self, area: Area, table: &str, user: &str) {
        self.wrote_item(whole(area, table, user));
    }

    fn wrote_item(&mut self, item: ItemKey) {
        if self.known.of(item.area).stage.is_dual() && self.marked.insert(item.clone()) {
            self.seen.written.push(item);
        }
    }

    fn noticed(&mut self, area: Area, table: &str, user: &str, parts: &[&str]) {
        if self.notes_reads && self.known.of(area).stage.is_dual() {
            self.seen.read.insert(item(area, table, user, parts));
        }
    }
}

impl Seen {
    /// Marks for what was written: tables of which much was written are marked as a whole.
    pub(super) fn marks(&self) -> Vec<ItemKey> {
        let mut counts: BTreeMap<(Area, &str, &str), usize> = BTreeMap::new();
        for item in &self.written {
            *counts.entry((item.area, &item.table, &item.user)).or_default() += 1;
        }
        let (mut marks, mut whole_tables) = (Vec::new(), BTreeSet::new());
        for item in &self.written {
            let many = counts.get(&(item.area, &*item.table, &*item.user)).is_some_and(|count| *count > MOST_SINGLE);
            let mark = if many { whole(item.area, &item.table, &item.user) } else { item.clone() };
            if !many || whole_tables.insert(mark.clone()) {
                marks.push(mark);
            }
        }
        marks
    }
}

impl Repositories for Recorder<'_> {
    fn accounts(&mut self) -> &mut dyn AccountRepository {
        self
    }
    fn tasks(&mut self) -> &mut dyn RecordRepository<Task> {
        self
    }
    fn instances(&mut self) -> &mut dyn InstanceRepository {
        self
    }
    fn emotions(&mut self) -> &mut dyn RecordRepository<Emotion> {
        self
    }
    fn preferences(&mut self) -> &mut dyn RecordRepository<Preference> {
        self
    }
    fn survey_responses(&mut self) -> &mut dyn RecordRepository<SurveyResponse> {
        self
    }
    fn notes(&mut self) -> &mut dyn RecordRepository<Note> {
        self
    }
    fn jobs(&mut self) -> &mut dyn RecordRepository<Job> {
        self
    }
    fn job_tasks(&mut self) -> &mut dyn RecordRepository<JobTask> {
        self
    }
    fn popup_triggers(&mut self) -> &mut dyn RecordRepository<PopupTrigger> {
        self
    }
    fn popup_responses(&mut self) -> &mut dyn RecordRepository<PopupResponse> {
        self
    }
    fn legacy_rows(&mut self) -> &mut dyn RecordRepository<LegacyRow> {
        self
    }
    fn delivery(&mut self) -> Result<&mut dyn DeliveryRepository> {
        self.enter(Area::Delivery)?;
        Ok(self)
    }
    fn presentations(&mut self) -> Result<&mut dyn PresentationRepository> {
        self.enter(Area::Presentations)?;
        Ok(self)
    }
    fn runs(&mut self) -> Result<&mut dyn RunRepository> {
        self.enter(Area::Runs)?;
        Ok(self)
    }
    fn imports(&mut self) -> Result<&mut dyn ImportRepository> {
        self.inner.imports()
    }
    fn security(&mut self) -> Result<&mut dyn SecurityRepository> {
        self.inner.security()
    }
    fn cutover(&mut self) -> Result<&mut dyn CutoverRepository> {
        Err(Error::Unsupported { store: "two stores in one", what: "changes of their own stages" })
    }
}
