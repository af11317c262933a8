//! Records of one kind in their order, found by key.

use crate::table::Reject;
use landfast_domain::record::{Placed, Record, RecordKey, SourceRef};
use landfast_domain::{Error, Result};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

/// Bytes of a file, kept as they were read or written.
#[derive(Debug, Clone)]
pub(super) struct Slice {
    buffer: Arc<[u8]>,
    range: Range<usize>,
}

impl Slice {
    pub(super) fn new(buffer: &Arc<[u8]>, range: Range<usize>) -> Self {
        Self { buffer: Arc::clone(buffer), range }
    }

    pub(super) fn whole(bytes: Vec<u8>) -> Self {
        let range = 0..bytes.len();
        Self { buffer: bytes.into(), range }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.buffer.get(self.range.clone()).unwrap_or_default()
    }
}

/// A record, or what stands in its place in the file.
#[derive(Debug, Clone)]
pub(super) struct Item<R> {
    /// Its bytes in the file, blank lines before it included; `None` for one that was never written.
    pub(super) raw: Option<Slice>,
    /// Physical line it began at when it was read.
    pub(super) line: u64,
    pub(super) content: Content<R>,
}

#[derive(Debug, Clone)]
pub(super) enum Content<R> {
    /// `changed`: its cells may differ from the bytes. `torn`: carriage returns break its bytes into parts,
    /// which are one row only under a header of the same length.
    Record { record: R, changed: bool, torn: bool, source: Option<SourceRef> },
    /// No record; it keeps its bytes and its place. `file`: the file of a shelf it is in, else empty.
    Rejected { reject: Reject, file: Arc<str> },
}

/// Position, and the key to tell apart what stands at the same position (empty for what is no record).
pub(super) type Place = (i64, Arc<str>);

/// Everything in the file or files of one kind of one user.
#[derive(Debug, Clone)]
pub(super) struct Rows<R> {
    items: BTreeMap<Place, Arc<Item<R>>>,
    positions: HashMap<Arc<str>, i64>,
    /// Something changed since this was read or written.
    pub(super) changed: bool,
    /// Keys may not be what they are after reading the file again.
    pub(super) keys_changed: bool,
}

impl<R> Default for Rows<R> {
    fn default() -> Self {
        Self { items: BTreeMap::new(), positions: HashMap::new(), changed: false, keys_changed: false }
    }
}

impl<R: Record> Rows<R> {
    /// Items in file order, unchanged.
    pub(super) fn from_items(items: impl IntoIterator<Item = Arc<Item<R>>>) -> Self {
        let mut rows = Self::default();
        for (position, item) in (1..).zip(items) {
            let key: Arc<str> = match &item.content {
                Content::Record { record, .. } => record.key().as_str().into(),
                Content::Rejected { .. } => "".into(),
            };
            if matches!(item.content, Content::Record { .. }) {
                rows.positions.insert(Arc::clone(&key), position);
            }
            rows.items.insert((position, key), item);
        }
        rows
    }

    /// All items in order.
    pub(super) fn items(&self) -> impl DoubleEndedIterator<Item = (i64, &Arc<Item<R>>)> {
        self.items.iter().map(|((position, _), item)| (*position, item))
    }

    /// All records in order.
    pub(super) fn records(&self) -> impl DoubleEndedIterator<Item = &R> {
        self.items.values().filter_map(|item| record_of(item))
    }

    pub(super) fn get(&self, key: &str) -> Option<&R> {
        record_of(self.items.get(&self.place_of(key)?)?)
    }

    pub(super) fn count(&self) -> usize {
        self.positions.len()
    }

    /// Greatest position of anything in the file, 0 when there is nothing.
    pub(super) fn last_position(&self) -> i64 {
        self.items.last_key_value().map_or(0, |((position, _), _)| *position)
    }

    /// Greatest position of a record, 0 when there is none.
    pub(super) fn last_record_position(&self) -> i64 {
        let last = self.items.iter().rev().find(|(_, item)| matches!(item.content, Content::Record { .. }));
        last.map_or(0, |((position, _), _)| *position)
    }

    pub(super) fn page(&self, after: Option<i64>, limit: usize) -> Vec<Placed<R>> {
        let Some(from) = after.map_or(Some(i64::MIN), |after| after.checked_add(1)) else { return Vec::new() };
        let found = self.items.range((from, Arc::from(""))..).filter_map(|((position, _), item)| match &item.content {
            Content::Record { record, source, .. } => {
                Some(Placed { position: *position, source: *source, record: record.clone() })
            }
            Content::Rejected { .. } => None,
        });
        found.take(limit).collect()
    }

    pub(super) fn append(&mut self, record: R) -> Result<()> {
        let position = self.last_position().checked_add(1).ok_or_else(|| bad_position::<R>(i64::MAX))?;
        self.insert(Placed { position, source: None, record })
    }

    pub(super) fn insert(&mut self, placed: Placed<R>) -> Result<()> {
        let key: Arc<str> = placed.record.key().as_str().into();
        if self.positions.contains_key(&key) {
            return Err(Error::Conflict { entity: R::ENTITY, key: key.to_string() });
        }
        if placed.position <= 0 {
            return Err(bad_position::<R>(placed.position));
        }
        let content = Content::Record { record: placed.record, changed: true, torn: false, source: placed.source };
        self.positions.insert(Arc::clone(&key), placed.position);
        self.items.insert((placed.position, key), Arc::new(Item { raw: None, line: 0, content }));
        self.changed = true;
        self.keys_changed = true;
        Ok(())
    }

    pub(super) fn update(&mut self, new: &R) -> Result<()> {
        let item = self.item_mut(new.key())?;
        let Content::Record { record, changed, .. } = &mut item.content else { return Err(not_found::<R>(new.key())) };
        if record == new {
            return Ok(());
        }
        let other_id = record.identity() != new.identity();
        *changed = true;
        record.clone_from(new);
        self.keys_changed |= other_id;
        self.changed = true;
        Ok(())
    }

    pub(super) fn delete(&mut self, key: &str) -> bool {
        let Some(place) = self.place_of(key) else { return false };
        self.items.remove(&place);
        self.positions.remove(key);
        self.changed = true;
        self.keys_changed = true;
        true
    }

    pub(super) fn place(&mut self, key: &RecordKey, position: i64, source: Option<SourceRef>) -> Result<()> {
        if position <= 0 {
            return Err(bad_position::<R>(position));
        }
        let item = self.item_mut(key)?;
        if let Content::Record { source: old, .. } = &mut item.content {
            *old = source;
        }
        let place = self.place_of(key.as_str()).ok_or_else(|| not_found::<R>(key))?;
        if place.0 != position
            && let Some(item) = self.items.remove(&place)
        {
            self.positions.insert(Arc::clone(&place.1), position);
            self.items.insert((position, place.1), item);
            self.changed = true;
            self.keys_changed = true;
        }
        Ok(())
    }

    fn place_of(&self, key: &str) -> Option<Place> {
        let (key, position) = self.positions.get_key_value(key)?;
        Some((*position, Arc::clone(key)))
    }

    fn item_mut(&mut self, key: &RecordKey) -> Result<&mut Item<R>> {
        let place = self.place_of(key.as_str());
        let item = place.and_then(|place| self.items.get_mut(&place));
        item.map(Arc::make_mut).ok_or_else(|| not_found::<R>(key))
    }
}

impl<R> Item<R> {
    pub(super) fn bytes(&self) -> &[u8] {
        self.raw.as_ref().map_or(&[], Slice::bytes)
    }
}

fn record_of<R>(item: &Item<R>) -> Option<&R> {
    match &item.content {
        Content::Record { record, .. } => Some(record),
        Content::Rejected { .. } => None,
    }
}

fn not_found<R: Record>(key: &RecordKey) -> Error {
    Error::NotFound { entity: R::ENTITY, key: key.to_string() }
}

fn bad_position<R: Record>(position: i64) -> Error {
    Error::Invalid {
        entity: R::ENTITY,
        field: "position",
        value: position.to_string(),
        reason: "must be positive, and one must be left after it",
    }
}
