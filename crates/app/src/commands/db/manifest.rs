//! What lies beside a backup: its hash and what it holds.

use crate::clock::Clock;
use crate::failure::{Failure, with_causes};
use landfast_cutover::{TableDigest, hash_file, write_synced};
use landfast_store::TablePrint;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What every table of the portable form holds, by user and kind of record.
pub(super) type Digests = BTreeMap<String, BTreeMap<String, TableDigest>>;

/// The file beside a backup.
#[must_use]
pub(super) fn path(backup: &Path) -> PathBuf {
    let mut name = backup.as_os_str().to_owned();
    name.push(".json");
    name.into()
}

/// What is known of a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Manifest {
    /// When it was made, UTC, ISO form.
    pub(super) made_at: String,
    /// The database it was made of, without a password.
    pub(super) from: String,
    /// Length of the file in bytes.
    pub(super) size_bytes: u64,
    /// SHA-256 of the file.
    pub(super) sha256: String,
    /// What its tables hold.
    pub(super) tables: BTreeMap<String, TablePrint>,
    /// What its records say, the same on every kind of database; empty when the schema was not current.
    pub(super) digests: Digests,
}

const KIND: &str = "landfast-database-backup";

impl Manifest {
    pub(super) fn of(
        file: &Path,
        from: &str,
        tables: BTreeMap<String, TablePrint>,
        digests: Digests,
    ) -> Result<Self, Failure> {
        let (sha256, size_bytes) = hash_file(file).map_err(|error| Failure::failed(with_causes(&error)))?;
        let made_at = Clock::now().utc.to_iso_text();
        Ok(Self { made_at, from: from.to_owned(), size_bytes, sha256, tables, digests })
    }

    pub(super) fn rows(&self) -> u64 {
        self.tables.values().map(|table| table.rows).sum()
    }

    pub(super) fn to_json(&self) -> Map<String, Value> {
        let tables: Map<String, Value> = self
            .tables
            .iter()
            .map(|(name, table)| (name.clone(), json!({ "rows": table.rows, "sum": table.sum })))
            .collect();
        let Value::Object(map) = json!({
            "schema": 1, "kind": KIND, "made_at": self.made_at, "from": self.from, "size_bytes": self.size_bytes,
            "sha256": self.sha256, "tables": tables, "digests": self.digests,
        }) else {
            return Map::new();
        };
        map
    }

    pub(super) fn write(&self, beside: &Path) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(&Value::Object(self.to_json()))
            .map_err(|error| Failure::failed(format!("cannot render what the backup holds: {error}")))?;
        write_synced(&path(beside), (text + "\n").as_bytes()).map_err(|error| Failure::failed(with_causes(&error)))
    }

    /// What lies beside a backup; `None` when nothing does.
    pub(super) fn read(backup: &Path) -> Result<Option<Self>, Failure> {
        let path = path(backup);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Failure::failed(format!("cannot read {}: {error}", path.display()))),
        };
        let wrong = || {
            Failure::failed(format!("{} is not what `landfast db backup` writes", path.display()))
                .hint("remove it to restore without comparing hashes; SQLite still checks the file's structure")
        };
        let value: Value = serde_json::from_str(&text).map_err(|_| wrong())?;
        Self::parse(&value).ok_or_else(wrong).map(Some)
    }

    fn parse(value: &Value) -> Option<Self> {
        let text = |value: &Value, key: &str| Some(value.get(key)?.as_str()?.to_owned());
        if value.get("schema")? != 1 || text(value, "kind")? != KIND {
            return None;
        }
        let mut tables = BTreeMap::new();
        for (name, table) in value.get("tables")?.as_object()? {
            tables.insert(name.clone(), TablePrint { rows: table.get("rows")?.as_u64()?, sum: text(table, "sum")? });
        }
        Some(Self {
            made_at: text(value, "made_at")?,
            from: text(value, "from")?,
            size_bytes: value.get("size_bytes")?.as_u64()?,
            sha256: text(value, "sha256")?,
            tables,
            digests: serde_json::from_value(value.get("digests")?.clone()).ok()?,
        })
    }
}
