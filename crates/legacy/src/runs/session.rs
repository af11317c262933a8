//! The session log and its snapshots.

use super::document::ReadOptions;
use super::hash::HashFiles;
use super::inventory::Inventory;
use super::place::Place;
use crate::Error;
use landfast_domain::finding::{Finding, shown};
use landfast_domain::runs::{HashOutcome, codes, documents, is_safe_path};

/// Compares a session log with the snapshots that are there.
pub(super) fn check(
    log: Option<&str>,
    inventory: &Inventory,
    place: &dyn Place,
    options: &ReadOptions,
    findings: &mut Vec<Finding>,
) -> Result<(), Error> {
    let mut find = |code, field: &str, message: String| findings.push(Finding::new(code, field, message));
    let named = match log.map(documents::session_snapshots) {
        Some(None) => {
            find(codes::SESSION_LOG_NOT_JSON, documents::SESSION_LOG_FILE, "no JSON object with events".to_owned());
            return Ok(());
        }
        Some(Some(named)) => named,
        None => Vec::new(),
    };
    if log.is_some_and(|log| !documents::is_in_sequence(log)) {
        find(codes::SESSION_SEQUENCE, documents::SESSION_LOG_FILE, "the events are not numbered 1, 2, 3".to_owned());
    }
    let mut known = Vec::with_capacity(named.len());
    for snapshot in named {
        let path = format!("snapshots/{}.csv", snapshot.id);
        match inventory.files.get(&path).filter(|_| is_safe_path(&path)) {
            None => find(codes::SNAPSHOT_MISSING, &snapshot.id, "named in the session log, not there".to_owned()),
            Some(_) if options.hash != HashFiles::Nothing => {
                let hash = place.hash(&path)?;
                if hash.compare(&snapshot.sha256) == HashOutcome::Different {
                    let message = format!("the log names {}, found {}", shown(&snapshot.sha256), hash.sha256);
                    find(codes::SNAPSHOT_HASH_MISMATCH, &snapshot.id, message);
                }
            }
            Some(_) => {}
        }
        known.push(path);
    }
    for path in inventory.files.keys().filter(|path| path.starts_with("snapshots/")) {
        if !known.contains(path) {
            find(codes::SNAPSHOT_UNREFERENCED, path, "no event names it".to_owned());
        }
    }
    Ok(())
}
