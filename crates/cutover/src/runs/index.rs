//! `index.json`, the cache of all states: kept, compared with the directories, and not loaded.

use super::sight::Sight;
use crate::document::Bytes;
use crate::document::Place;
use crate::error::{Error, Result};
use crate::keyed::{Aside, KeyedDocument, KeyedItem, Reading, Scope};
use landfast_domain::Repositories;
use landfast_domain::imports::Outcome;
use landfast_domain::json::parse_lossy;
use landfast_domain::runs::codes;
use std::path::Path;
use std::sync::Arc;

/// The cache of a folder of runs.
pub(super) struct Index {
    pub(super) sight: Option<Arc<Sight>>,
}

/// The states count, not their cache.
const IS_CACHE: &str = "index_is_cache";

impl KeyedDocument for Index {
    fn entity(&self) -> &'static str {
        "cache of runs"
    }

    fn read(
        &self,
        scope: &Scope<'_>,
        mut source: Bytes<'_>,
        visit: &mut dyn FnMut(KeyedItem) -> Result<()>,
    ) -> Result<Reading> {
        let mut raw = Vec::new();
        source.read_to_end(&mut raw).map_err(Error::io("read", Path::new(scope.path)))?;
        let place = Place::whole(raw.len());
        let aside = if is_index(&raw) {
            let message = "a cache of all states, which are read themselves".to_owned();
            Aside { outcome: Outcome::Duplicate, code: IS_CACHE, message, raw }
        } else {
            let message = "no JSON object with a list of runs".to_owned();
            Aside { outcome: Outcome::Quarantined, code: codes::INDEX_NOT_JSON, message, raw }
        };
        let findings = self.sight.as_ref().map(|sight| sight.index(scope.path).to_vec()).unwrap_or_default();
        let findings = findings.into_iter().filter(|finding| finding.code != aside.code).collect();
        visit(KeyedItem { key: scope.path.to_owned(), place, outcome: Err(aside), raw: None, name: None, findings })?;
        Ok(Reading { dialect: "JSON".to_owned(), ..Reading::default() })
    }

    fn count(&self, _source: Bytes<'_>) -> Result<u64> {
        // The document is the record.
        Ok(1)
    }

    fn begin(&self, _repositories: &mut dyn Repositories, _scope: &Scope<'_>) -> Result<()> {
        Ok(())
    }

    fn stored(&self, _: &mut dyn Repositories, _: &Scope<'_>, keys: &[&str]) -> Result<Vec<Option<String>>> {
        Ok(keys.iter().map(|_| None).collect())
    }

    fn save(&self, _: &mut dyn Repositories, _: &Scope<'_>, _: &[&KeyedItem]) -> Result<()> {
        Ok(())
    }

    fn delete(&self, _: &mut dyn Repositories, _: &Scope<'_>, _: &str) -> Result<()> {
        Ok(())
    }

    fn end(&self, _: &mut dyn Repositories, _: &Scope<'_>, _: &Reading) -> Result<()> {
        Ok(())
    }
}

/// Whether bytes are a cache that can be made anew.
pub(super) fn is_index(bytes: &[u8]) -> bool {
    let value = std::str::from_utf8(bytes).ok().and_then(|text| parse_lossy(text).ok());
    value.is_some_and(|(value, _)| value.as_object().and_then(|object| object.get("runs")?.as_array()).is_some())
}
