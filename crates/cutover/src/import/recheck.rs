//! A last look at the sources, when everything is loaded.

use super::ImportRequest;
use crate::bytes::{hash_file, modified_ns};
use crate::discover::discover;
use crate::error::{Error, Result};
use crate::load::code;
use crate::plan::{PlannedFile, PlannedSource};
use crate::report::Spot;
use std::collections::{BTreeMap, BTreeSet};

const CHANGED: &str = "the file changed after it was read; run the import again to take the change over";

/// Looks once more whether the sources are what was read; `true` when one changed after its document was loaded.
pub(super) fn recheck(request: &ImportRequest<'_>, sources: &mut [PlannedSource]) -> Result<bool> {
    let now = discover(request.paths, Some(request.backup_root))?;
    let mut changed = false;
    for source in sources {
        let found = now.sources.iter().find(|now| now.area.name() == source.area && now.folder == source.folder);
        // What is not read, such as the program's own database in the folder, may change.
        let sizes: BTreeMap<&str, u64> = found
            .iter()
            .flat_map(|now| &now.files)
            .filter(|file| file.not_read.is_none())
            .map(|file| (file.path.as_str(), file.size_bytes))
            .collect();
        let mut differing: Vec<(String, &str)> = Vec::new();
        for file in source.files.iter().filter(|file| !file.loaded.source_changed) {
            match sizes.get(file.path.as_str()) {
                None => differing.push((file.path.clone(), "the file was removed while it was imported")),
                Some(size) if *size != file.size_bytes || has_other_bytes(file)? => {
                    differing.push((file.path.clone(), CHANGED));
                }
                Some(_) => {}
            }
        }
        let known: BTreeSet<&str> = source.backup.iter().map(|file| file.path.as_str()).collect();
        let new = sizes.keys().filter(|path| !known.contains(*path));
        differing.extend(new.map(|path| ((*path).to_owned(), "the file is new; run the import again to load it")));
        for (path, message) in differing {
            source.odd.add_at(&path, code::SOURCE_CHANGED, Spot::NONE, "", message);
            changed = true;
        }
    }
    Ok(changed)
}

/// Whether a file has other bytes than when it was read. Its time tells quickly that it has not.
fn has_other_bytes(file: &PlannedFile) -> Result<bool> {
    let metadata = match std::fs::metadata(&file.location) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(true),
        Err(source) => return Err(Error::Io { action: "look at", path: file.location.clone(), source }),
    };
    if metadata.len() != file.size_bytes {
        return Ok(true);
    }
    Ok(modified_ns(&metadata) != file.modified_ns && hash_file(&file.location)?.0 != file.sha256)
}
