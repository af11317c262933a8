//! Comparing runs field by field and file by file.

use crate::document::CellDifference;
use crate::keyed::Comparison;
use landfast_domain::runs::{HashOutcome, Run, RunFile, TimeText, documents};
use std::collections::BTreeMap;

/// Columns of a run with their texts, without its documents and ids.
pub(crate) fn columns(run: &Run) -> [(&'static str, Option<String>); 15] {
    let time = |time: &Option<TimeText>| time.as_ref().map(|time| time.as_str().to_owned());
    [
        ("layout", Some(run.layout.as_str().to_owned())),
        ("status", Some(run.status.as_str().to_owned())),
        ("source", Some(run.source.clone())),
        ("created_at", time(&run.created_at)),
        ("updated_at", time(&run.updated_at)),
        ("completed_at", time(&run.completed_at)),
        ("jetstream_id", run.jetstream_id.clone()),
        ("current_stage", run.current_stage.clone()),
        ("progress_percent", run.progress_percent.map(|percent| percent.to_string())),
        ("error_info", run.error_info.clone()),
        ("results_summary", run.results_summary.clone()),
        ("input_filename", run.input_filename.clone()),
        ("config_snapshot", run.config_snapshot.clone()),
        ("peak_hp", run.peak_hp.map(|value| format!("{value:?}"))),
        ("peak_torque", run.peak_torque.map(|value| format!("{value:?}"))),
    ]
}

/// Columns of a file with their texts, without its name.
pub(crate) fn file_columns(file: &RunFile) -> [(&'static str, Option<String>); 9] {
    [
        ("file_type", Some(file.file_type.clone())),
        ("size_bytes", file.size_bytes.map(|size| size.to_string())),
        ("storage_path", file.storage_path.clone()),
        ("sha256", file.sha256.clone()),
        ("created_at", file.created_at.as_ref().map(|time| time.as_str().to_owned())),
        ("in_state", Some(file.in_state.to_string())),
        ("in_manifest", Some(file.in_manifest.to_string())),
        ("on_disk", Some(file.on_disk.to_string())),
        ("hash", Some(file.hash.as_str().to_owned())),
    ]
}

/// Compares the columns of a stored run with what its stored documents say.
pub(super) fn compare_columns(stored: &Run, compared: &mut Comparison) {
    let mut differs = |column: &str, source: Option<String>, database: Option<String>| {
        let cell = CellDifference {
            column: column.to_owned(),
            source: source.unwrap_or_default(),
            database: database.unwrap_or_default(),
        };
        compared.differences.push(("rows", cell, "the field differs from what the documents say".to_owned()));
    };
    let read = match documents::read(stored.layout, &stored.directory, stored.documents.clone()) {
        Ok(reading) => reading.run,
        Err(reject) => return differs("", Some(reject.message), None),
    };
    for ((name, source), (_, database)) in columns(&read).into_iter().zip(columns(stored)) {
        if source != database {
            differs(name, source, database);
        }
    }
    let named = stored.original_id.as_deref().unwrap_or(stored.id.as_str());
    if named != read.id.as_str() {
        differs("id", Some(read.id.to_string()), Some(named.to_owned()));
    }
}

/// Compares the stored list of files with the files that are there.
pub(super) fn compare_files(stored: &[RunFile], there: &[RunFile], compared: &mut Comparison) {
    let by_name = |files: &[RunFile]| -> BTreeMap<String, RunFile> {
        files.iter().map(|file| (file.filename.clone(), file.clone())).collect()
    };
    let (stored, there) = (by_name(stored), by_name(there));
    *compared.checked.entry("files").or_default() += crate::bytes::to_u64(there.len());
    let mut differs = |name: &str, column: &str, source: String, database: String, message: &str| {
        let place = if column.is_empty() { name.to_owned() } else { format!("{name}: {column}") };
        let cell = CellDifference { column: place, source, database };
        compared.differences.push(("files", cell, message.to_owned()));
    };
    for (name, file) in &there {
        let Some(old) = stored.get(name) else {
            differs(name, "", described(file), String::new(), "a file that the list of the run does not have");
            continue;
        };
        if old.on_disk && !file.on_disk {
            differs(name, "", described(file), described(old), "the file is not there any more");
            continue;
        }
        for ((column, source), (_, database)) in file_columns(file).into_iter().zip(file_columns(old)) {
            let taken = match column {
                // A hash that was not taken on either side says nothing.
                "sha256" => source.is_some() && database.is_some(),
                "hash" => file.hash != HashOutcome::Unlisted && old.hash != HashOutcome::Unlisted,
                _ => true,
            };
            if taken && source != database {
                let message = if matches!(column, "sha256" | "size_bytes") {
                    "the file has other bytes"
                } else {
                    "the list of files differs"
                };
                differs(name, column, source.unwrap_or_default(), database.unwrap_or_default(), message);
            }
        }
    }
    for (name, old) in stored.iter().filter(|(name, _)| !there.contains_key(*name)) {
        differs(name, "", String::new(), described(old), "neither there nor listed any more");
    }
}

fn described(file: &RunFile) -> String {
    match file.size_bytes {
        Some(size) if file.on_disk => format!("{size} bytes"),
        _ => "listed, not there".to_owned(),
    }
}

/// The list of files as it is to be stored: what is there, with hashes that were taken before of files that seem to
/// be the same and were not read again.
pub(super) fn renewed(stored: &[RunFile], there: &[RunFile]) -> Vec<RunFile> {
    let mut files: Vec<RunFile> = there
        .iter()
        .map(|file| {
            let old = stored.iter().find(|old| old.filename == file.filename);
            let same = old.filter(|old| old.size_bytes == file.size_bytes && old.on_disk == file.on_disk);
            let mut file = file.clone();
            if let Some(old) = same.filter(|_| file.sha256.is_none()) {
                file.sha256.clone_from(&old.sha256);
                if file.hash == HashOutcome::Unlisted && file.in_manifest == old.in_manifest {
                    file.hash = old.hash;
                }
            }
            file
        })
        .collect();
    files.sort_by(|a, b| a.filename.cmp(&b.filename));
    files
}
