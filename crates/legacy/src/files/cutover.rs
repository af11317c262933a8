//! Stages of the cutover, in `.landfast/cutover.json`, and its marks, in `.landfast/marks.json`.
//!
//! Marks are made durable before the data they are about are committed: after a crash there may be one for a change
//! that was not made, which does no harm, but none is missing. Removing the last one needs no such care: it may
//! come back with a power cut.

use super::backing::{Backing, Change, Stamp};
use landfast_domain::cutover::memory::MemoryCutover;
use landfast_domain::cutover::{Area, AreaStage, CutoverRepository, Dirty, ItemKey, Mismatch, Stage, StageChange};
use landfast_domain::time::Timestamp;
use landfast_domain::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub(super) const PATH: &str = ".landfast/cutover.json";
pub(super) const MARKS: &str = ".landfast/marks.json";

/// What the file says, and whether a transaction changed it.
#[derive(Debug, Clone, Default)]
pub(super) struct Cutover {
    model: MemoryCutover,
    before: MemoryCutover,
    pub(super) stamp: Option<Stamp>,
    pub(super) marks_stamp: Option<Stamp>,
    pub(super) writable: bool,
}

impl Cutover {
    pub(super) fn load(backing: &Backing) -> Result<Self> {
        let (stamp, marks_stamp) = stamps(backing)?;
        let mut model = MemoryCutover::default();
        for path in [PATH, MARKS] {
            let Some(bytes) = backing.read(path)? else { continue };
            let file: CutoverFile = serde_json::from_slice(&bytes).map_err(|error| corrupt("", &error.to_string()))?;
            if file.version != 1 {
                return Err(corrupt("version", &file.version.to_string()));
            }
            file.read_into(&mut model)?;
        }
        Ok(Self { before: model.clone(), model, stamp, marks_stamp, writable: false })
    }

    /// Whether this is what the files say.
    pub(super) fn is_current(&self, backing: &Backing) -> Result<bool> {
        Ok((self.stamp, self.marks_stamp) == stamps(backing)?)
    }

    pub(super) fn is_changed(&self) -> bool {
        let (a, b) = (&self.model, &self.before);
        (&a.stages, &a.changes, &a.mismatches) != (&b.stages, &b.changes, &b.mismatches)
    }

    pub(super) fn render(&self) -> Vec<u8> {
        render(&CutoverFile::of(&MemoryCutover { dirty: BTreeMap::new(), ..self.model.clone() }))
    }

    /// Makes marks durable; to be done before the data are committed.
    pub(super) fn write_marks(&self, backing: &Backing) -> Result<()> {
        if self.model.dirty == self.before.dirty {
            return Ok(());
        }
        if self.model.dirty.is_empty() {
            return backing.discard(MARKS);
        }
        let marks = MemoryCutover { dirty: self.model.dirty.clone(), ..MemoryCutover::default() };
        let (path, bytes) = (MARKS.to_owned(), render(&CutoverFile::of(&marks)));
        backing.commit(&[Change::Replace { path, bytes, expected: self.marks_stamp }])
    }

    fn writable(&mut self) -> Result<&mut MemoryCutover> {
        if self.writable {
            Ok(&mut self.model)
        } else {
            Err(Error::Unsupported { store: "files", what: "changes in a read transaction" })
        }
    }
}

impl CutoverRepository for Cutover {
    fn stage(&mut self, area: Area) -> Result<Option<AreaStage>> {
        self.model.stage(area)
    }
    fn save_stage(&mut self, stage: &AreaStage) -> Result<()> {
        self.writable()?.save_stage(stage)
    }
    fn delete_stage(&mut self, area: Area) -> Result<bool> {
        self.writable()?.delete_stage(area)
    }
    fn save_change(&mut self, change: &StageChange) -> Result<()> {
        self.writable()?.save_change(change)
    }
    fn list_changes(&mut self, area: Area, limit: usize) -> Result<Vec<StageChange>> {
        self.model.list_changes(area, limit)
    }
    fn add_dirty(&mut self, items: &[ItemKey]) -> Result<()> {
        self.writable()?.add_dirty(items)
    }
    fn list_dirty(&mut self, limit: usize) -> Result<Vec<Dirty>> {
        self.model.list_dirty(limit)
    }
    fn count_dirty(&mut self, area: Area) -> Result<u64> {
        self.model.count_dirty(area)
    }
    fn remove_dirty(&mut self, seqs: &[i64]) -> Result<()> {
        self.writable()?.remove_dirty(seqs)
    }
    fn note_failure(&mut self, seq: i64, failure: &str) -> Result<()> {
        self.writable()?.note_failure(seq, failure)
    }
    fn save_mismatches(&mut self, mismatches: &[Mismatch]) -> Result<()> {
        self.writable()?.save_mismatches(mismatches)
    }
    fn list_mismatches(&mut self, area: Area, limit: usize) -> Result<Vec<Mismatch>> {
        self.model.list_mismatches(area, limit)
    }
    fn count_mismatches(&mut self, area: Area) -> Result<u64> {
        self.model.count_mismatches(area)
    }
    fn clear_mismatches(&mut self, area: Area) -> Result<u64> {
        self.writable()?.clear_mismatches(area)
    }
}

fn stamps(backing: &Backing) -> Result<(Option<Stamp>, Option<Stamp>)> {
    Ok((backing.stamp(PATH)?, backing.stamp(MARKS)?))
}

fn render(file: &CutoverFile) -> Vec<u8> {
    let mut text = serde_json::to_vec_pretty(file).expect("texts are always JSON");
    text.push(b'\n');
    text
}

#[derive(Debug, Serialize, Deserialize)]
struct CutoverFile {
    version: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    stages: Vec<StageEntry>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    changes: Vec<ChangeEntry>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    dirty: Vec<DirtyEntry>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    mismatches: Vec<MismatchEntry>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StageEntry {
    area: String,
    stage: String,
    epoch: i64,
    folder: String,
    since: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct ChangeEntry {
    area: String,
    epoch: i64,
    from: Option<String>,
    to: String,
    at: String,
    by: String,
    reason: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Item {
    area: String,
    table: String,
    user: String,
    key: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct DirtyEntry {
    seq: i64,
    #[serde(flatten)]
    item: Item,
    failures: i64,
    failure: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct MismatchEntry {
    #[serde(flatten)]
    item: Item,
    field: String,
    files: Option<String>,
    database: Option<String>,
    found_at: String,
}

impl Item {
    fn of(item: &ItemKey) -> Self {
        let ItemKey { area, table, user, key } = item.clone();
        Self { area: area.as_str().to_owned(), table, user, key }
    }

    fn read(self) -> Result<ItemKey> {
        Ok(ItemKey { area: area(&self.area)?, table: self.table, user: self.user, key: self.key })
    }
}

impl CutoverFile {
    fn of(model: &MemoryCutover) -> Self {
        let stages = model.stages.values().map(|stage| StageEntry {
            area: stage.area.as_str().to_owned(),
            stage: stage.stage.as_str().to_owned(),
            epoch: stage.epoch,
            folder: stage.folder.clone(),
            since: stage.since.to_iso_text(),
        });
        let changes = model.changes.values().map(|change| ChangeEntry {
            area: change.area.as_str().to_owned(),
            epoch: change.epoch,
            from: change.from.map(|stage| stage.as_str().to_owned()),
            to: change.to.as_str().to_owned(),
            at: change.at.to_iso_text(),
            by: change.by.clone(),
            reason: change.reason.clone(),
        });
        let dirty = model.dirty.values().map(|dirty| DirtyEntry {
            seq: dirty.seq,
            item: Item::of(&dirty.item),
            failures: dirty.failures,
            failure: dirty.failure.clone(),
        });
        let mismatches = model.mismatches.iter().map(|found| MismatchEntry {
            item: Item::of(&found.item),
            field: found.field.clone(),
            files: found.files.clone(),
            database: found.database.clone(),
            found_at: found.found_at.to_iso_text(),
        });
        Self {
            version: 1,
            stages: stages.collect(),
            changes: changes.collect(),
            dirty: dirty.collect(),
            mismatches: mismatches.collect(),
        }
    }

    fn read_into(self, model: &mut MemoryCutover) -> Result<()> {
        for entry in self.stages {
            let (area, stage, since) = (area(&entry.area)?, stage(&entry.stage)?, time(&entry.since)?);
            let read = AreaStage { area, stage, epoch: entry.epoch, folder: entry.folder, since };
            model.stages.insert(read.area, read);
        }
        for entry in self.changes {
            let change = StageChange {
                area: area(&entry.area)?,
                epoch: entry.epoch,
                from: entry.from.as_deref().map(stage).transpose()?,
                to: stage(&entry.to)?,
                at: time(&entry.at)?,
                by: entry.by,
                reason: entry.reason,
            };
            model.changes.insert((change.area, change.epoch), change);
        }
        for entry in self.dirty {
            let DirtyEntry { seq, item, failures, failure } = entry;
            model.dirty.insert(seq, Dirty { seq, item: item.read()?, failures, failure });
        }
        for entry in self.mismatches {
            let MismatchEntry { item, field, files, database, found_at } = entry;
            let found_at = time(&found_at)?;
            model.mismatches.push(Mismatch { item: item.read()?, field, files, database, found_at });
        }
        Ok(())
    }
}

fn area(text: &str) -> Result<Area> {
    Area::parse(text).ok_or_else(|| corrupt("area", text))
}

fn stage(text: &str) -> Result<Stage> {
    Stage::parse(text).ok_or_else(|| corrupt("stage", text))
}

fn time(text: &str) -> Result<Timestamp> {
    Timestamp::parse(text).ok_or_else(|| corrupt("time", text))
}

fn corrupt(column: &str, value: &str) -> Error {
    Error::Corrupt { entity: "cutover", key: PATH.to_owned(), column: column.to_owned(), value: value.to_owned() }
}
