//! A last look at the sources, when everything is loaded.

use super::ImportRequest;
use crate::bytes::{hash_file, modified_ns};
use crate::discover::discover;
use crate::error::{Error, Result};
use crate::load::code;
use crate::plan::{PlannedFile, PlannedSource};
use crate::report::Spot;
use std::collections::BTreeMap;

const CHANGED: &str = "the file changed after it was read; run the import again to take the change over";

/// Looks once more whether the sources are what was read; `true` when one changed after its document was loaded.
pub(super) fn recheck(request: &ImportRequest<'_>, sources: &mut [PlannedSource]) -> Result<bool> {
    let now = discover(request.paths, Some(request.backup_root))?;
    let mut changed = false;
    for source in sources {
        let found = now.sources.iter().find(|now| now.area.name() == source.area && now.folder == source.folder);
        let mut sizes: BTreeMap<&str, u64> =
            found.iter().flat_map(|now| &now.files).map(|file| (file.path.as_str(), file.size_bytes)).collect();
        let mut differing = Vec::new();
        for file in &source.backup {
            match sizes.remove(file.path.as_str()) {
                None => differing.push((file.path.clone(), "the file was removed while it was imported")),
                Some(size) if size != file.size_bytes => differing.push((file.path.clone(), CHANGED)),
                Some(_) => {}
            }
        }
        differing.extend(
            sizes.into_keys().map(|path| (path.to_owned(), "the file is new; run the import again to load it")),
        );
        for file in &source.files {
            let is_known = file.loaded.source_changed || differing.iter().any(|(path, _)| *path == file.path);
            if !is_known && has_other_bytes(file)? {
                differing.push((file.path.clone(), CHANGED));
            }
        }
        let told = |path: &str| source.files.iter().any(|file| file.path == path && file.loaded.source_changed);
        for (path, message) in differing.into_iter().filter(|(path, _)| !told(path)) {
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
