//! Keys that cannot be told from the file.
//!
//! A CSV file has no place for keys: reading it gives each record the key its id and the ids before it
//! make. Where a record has another key, because an earlier twin was deleted or its id was changed, the
//! key is kept in a file of its own, valid for exactly the CSV file it was written with.

use super::rows::Rows;
use crate::table::KeyCounter;
use landfast_domain::record::Record;
use landfast_domain::{Error, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;

#[derive(Debug, Serialize, Deserialize)]
struct KeyFile {
    version: u32,
    /// Of the CSV file, lower-case hex.
    sha256: String,
    /// Number of the record among the records of the file, from 0.
    keys: BTreeMap<usize, String>,
}

pub(super) fn path_of<R: Record>(prefix: &str) -> String {
    format!("{prefix}.landfast/keys/{}.json", R::FILE)
}

/// Keys for a CSV file; none when the key file is not for it: another program wrote the file since, and
/// its keys are those it tells by itself.
pub(super) fn read(path: &str, key_file: &[u8], csv_file: &[u8]) -> Result<BTreeMap<usize, String>> {
    let corrupt = |column: &str, value: String| Error::Corrupt {
        entity: "list of keys",
        key: path.to_owned(),
        column: column.to_owned(),
        value,
    };
    let found: KeyFile = serde_json::from_slice(key_file).map_err(|error| corrupt("", error.to_string()))?;
    if found.version != 1 {
        return Err(corrupt("version", found.version.to_string()));
    }
    Ok(if found.sha256 == sha256(csv_file) { found.keys } else { BTreeMap::new() })
}

/// The key file for a CSV file with these records; `None` when every key can be told from the file.
pub(super) fn write<R: Record>(rows: &Rows<R>, csv_file: &[u8]) -> Option<Vec<u8>> {
    let mut counter = KeyCounter::default();
    let mut keys = BTreeMap::new();
    for (number, record) in rows.records().enumerate() {
        let (told, _) = counter.next_key(record.identity());
        if told != *record.key() {
            keys.insert(number, record.key().to_string());
        }
    }
    if keys.is_empty() {
        return None;
    }
    let file = KeyFile { version: 1, sha256: sha256(csv_file), keys };
    Some(serde_json::to_vec_pretty(&file).expect("numbers and texts are always JSON"))
}

/// SHA-256 as lower-case hex.
pub(super) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing into a string cannot fail");
        text
    })
}
