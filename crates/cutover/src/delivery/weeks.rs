//! Metrics snapshots of a query: a document of weeks.

use super::parents::ensure_query;
use super::read::read_document;
use crate::bytes::to_u64;
use crate::document::{Bytes, Place};
use crate::error::Result;
use crate::keyed::{Aside, KeyedDocument, KeyedItem, Reading, Scope, count_children};
use landfast_domain::Repositories;
use landfast_domain::delivery::{MetricsSnapshot, QueryKey, codes, snapshot};
use landfast_domain::imports::Outcome;
use landfast_domain::json::{Json, JsonKind, members};
use std::collections::HashMap;

/// `metrics_snapshots.json` of a query.
#[derive(Debug)]
pub(super) struct Weeks {
    query: QueryKey,
}

impl Weeks {
    pub(super) fn new(query: QueryKey) -> Self {
        Self { query }
    }

    /// The snapshots a week of the document holds.
    fn snapshots(&self, label: &str, value: &str, ordinal: i64) -> Result<Vec<MetricsSnapshot>> {
        let document = format!("{{{}: {value}}}", Json::from(label).dump());
        let mut snapshots = snapshot::read(&self.query, &document)?;
        snapshots.iter_mut().for_each(|snapshot| snapshot.ordinal = ordinal);
        Ok(snapshots)
    }
}

/// What the snapshots of one week say, each kind in a line.
fn text_of(snapshots: &[MetricsSnapshot]) -> String {
    let mut kinds: Vec<_> = snapshots.iter().collect();
    kinds.sort_by_key(|snapshot| snapshot.kind);
    let lines: Vec<String> =
        kinds.iter().map(|snapshot| format!("\"{}\": {}", snapshot.kind.as_str(), snapshot.metrics)).collect();
    format!("{{{}}}", lines.join(", "))
}

impl KeyedDocument for Weeks {
    fn entity(&self) -> &'static str {
        "metrics week"
    }

    fn read(
        &self,
        scope: &Scope<'_>,
        source: Bytes<'_>,
        visit: &mut dyn FnMut(KeyedItem) -> Result<()>,
    ) -> Result<Reading> {
        let Some((bytes, decoded)) = read_document(scope, source, JsonKind::Object, visit)? else {
            return Ok(Reading::default());
        };
        let weeks = members(&decoded.text).map_err(landfast_domain::Error::aborted)?.unwrap_or_default();
        let last: HashMap<&str, usize> = weeks.iter().enumerate().map(|(at, week)| (week.key.as_str(), at)).collect();
        let mut start = 0;
        for (ordinal, (at, week)) in (0_i64..).zip(weeks.iter().enumerate()) {
            let end = (start + to_u64(week.text.len())).min(to_u64(bytes.len()));
            let place = Place { ordinal, parts: 1, line: 0, start, offset: start, end };
            let snapshots = self.snapshots(&week.key, week.text, ordinal)?;
            let mut item = KeyedItem::new(week.key.clone(), place, text_of(&snapshots));
            item.raw = Some(week.text.to_owned());
            if last.get(week.key.as_str()) != Some(&at) {
                let message = format!("the week {:?} again; the last one counts", week.key);
                let raw = week.text.as_bytes().to_vec();
                item.outcome = Err(Aside { outcome: Outcome::Duplicate, code: codes::WEEK_REPEATED, message, raw });
                item.key.clear();
            }
            visit(item)?;
            start = end;
        }
        Ok(Reading { dialect: "JSON, weeks by label".to_owned(), ..Reading::default() })
    }

    fn count(&self, source: Bytes<'_>) -> Result<u64> {
        Ok(count_children(source, &[])?.unwrap_or(0))
    }

    fn begin(&self, repositories: &mut dyn Repositories, scope: &Scope<'_>) -> Result<()> {
        ensure_query(repositories, scope, &self.query)
    }

    fn stored(
        &self,
        repositories: &mut dyn Repositories,
        _scope: &Scope<'_>,
        keys: &[&str],
    ) -> Result<Vec<Option<String>>> {
        if repositories.delivery()?.get_query(&self.query)?.is_none() {
            return Ok(vec![None; keys.len()]);
        }
        let mut by_label: HashMap<String, Vec<MetricsSnapshot>> = HashMap::new();
        for snapshot in repositories.delivery()?.list_snapshots(&self.query, None, None)? {
            by_label.entry(snapshot.label.clone()).or_default().push(snapshot);
        }
        Ok(keys.iter().map(|key| by_label.get(*key).map(|snapshots| text_of(snapshots))).collect())
    }

    fn save(&self, repositories: &mut dyn Repositories, _scope: &Scope<'_>, items: &[&KeyedItem]) -> Result<()> {
        let mut new = Vec::new();
        for item in items {
            if let Some(raw) = &item.raw {
                new.extend(self.snapshots(&item.key, raw, item.place.ordinal)?);
            }
        }
        let repository = repositories.delivery()?;
        let old = repository.list_snapshots(&self.query, None, None)?;
        let is_new = |snapshot: &MetricsSnapshot| items.iter().any(|item| item.key == snapshot.label);
        let loses_kind = |snapshot: &MetricsSnapshot| {
            is_new(snapshot) && !new.iter().any(|new| new.label == snapshot.label && new.kind == snapshot.kind)
        };
        if old.iter().any(loses_kind) {
            repository.delete_snapshots(&self.query)?;
            let kept: Vec<_> = old.into_iter().filter(|snapshot| !is_new(snapshot)).collect();
            repository.save_snapshots(&self.query, &kept)?;
        }
        Ok(repository.save_snapshots(&self.query, &new)?)
    }

    fn delete(&self, repositories: &mut dyn Repositories, _scope: &Scope<'_>, key: &str) -> Result<()> {
        let repository = repositories.delivery()?;
        let mut kept = repository.list_snapshots(&self.query, None, None)?;
        kept.retain(|snapshot| snapshot.label != key);
        repository.delete_snapshots(&self.query)?;
        Ok(repository.save_snapshots(&self.query, &kept)?)
    }

    fn end(&self, _repositories: &mut dyn Repositories, _scope: &Scope<'_>, _reading: &Reading) -> Result<()> {
        Ok(())
    }
}
