//! What surrounds a document.

use crate::bytes::to_u64;
use crate::chunks::{KeptBytes, Shared, chunk_error};
use crate::document::Bytes;
use crate::error::{Error, Result};
use crate::ledger::is_replaced;
use crate::load::Input;
use crate::plan::below;
use crate::verify::Target;
use landfast_domain::accounts::UserId;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The document at hand and its neighbours.
pub(crate) struct Scope<'a> {
    /// Owner of the documents.
    pub(crate) user: &'a UserId,
    /// Name of the area.
    pub(crate) area: &'a str,
    /// Path below the folder, with `/`.
    pub(crate) path: &'a str,
    /// Label of the folder: where it lay when it was imported.
    pub(crate) source: &'a str,
    /// The program the data come from is still running.
    pub(crate) live: bool,
    /// An earlier version of the document is read; neighbours are those of the present one.
    pub(crate) is_earlier: bool,
    neighbours: Neighbours<'a>,
}

#[derive(Clone)]
enum Neighbours<'a> {
    /// Files below this folder, which is the source or a copy of it. Paths below it begin with the text.
    Folder(PathBuf, &'a str),
    /// Bytes the database keeps.
    Kept { shared: &'a Shared<'a>, user: &'a UserId, area: &'a str },
}

/// Longest neighbour that is read whole; longer ones are lists, from which nothing is needed.
const LONGEST: u64 = 64 << 20;

impl<'a> Scope<'a> {
    /// Surroundings of a document that is scanned or loaded.
    pub(crate) fn of_input(input: &Input<'a>, user: &'a UserId, live: bool) -> Self {
        Self {
            user,
            area: input.area,
            path: input.path,
            source: input.source,
            live,
            is_earlier: false,
            neighbours: folder_of(input.file, input.path),
        }
    }

    /// Surroundings of a document that is compared.
    pub(crate) fn of_target(target: &'a Target, user: &'a UserId, shared: &'a Shared<'a>) -> Self {
        let document = &target.document;
        let neighbours = match &target.file {
            Some(file) => folder_of(file, &document.path),
            None => Neighbours::Kept { shared, user, area: &document.area },
        };
        Self {
            user,
            area: &document.area,
            path: &document.path,
            source: &document.source,
            live: false,
            is_earlier: false,
            neighbours,
        }
    }

    /// The same for an earlier version.
    pub(crate) fn earlier(&self) -> Self {
        Self { is_earlier: true, neighbours: self.neighbours.clone(), ..*self }
    }

    /// Another file of the folder, to be read from its start; `None` when there is none.
    pub(crate) fn open(&self, path: &str) -> Result<Option<Bytes<'a>>> {
        match &self.neighbours {
            Neighbours::Folder(folder, prefix) => {
                let Some(rest) = path.strip_prefix(prefix) else { return Ok(None) };
                let file = below(folder, rest);
                match File::open(&file) {
                    Ok(open) => Ok(Some(Box::new(open))),
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
                    Err(source) => Err(Error::Io { action: "read", path: file, source }),
                }
            }
            Neighbours::Kept { shared, user, area } => {
                let found = shared.borrow_mut().imports()?.find_document(user, area, self.source, path)?;
                let found = found.filter(|document| !is_replaced(document));
                Ok(found.map(|document| -> Bytes<'a> { Box::new(KeptBytes::new(shared, &document)) }))
            }
        }
    }

    /// Bytes of another file of the folder; `None` when there is no such file.
    pub(crate) fn neighbour(&self, path: &str) -> Result<Option<Vec<u8>>> {
        let Some(source) = self.open(path)? else { return Ok(None) };
        let mut bytes = Vec::new();
        let failed = Error::io("read", Path::new(path));
        source.take(LONGEST + 1).read_to_end(&mut bytes).map_err(failed).map_err(chunk_error)?;
        Ok((to_u64(bytes.len()) <= LONGEST).then_some(bytes))
    }
}

/// The folder a path leads to a file from. Where the folder stands for the first parts of the path, these are
/// what the paths in it begin with.
fn folder_of<'a>(file: &Path, path: &'a str) -> Neighbours<'a> {
    let mut folder = file;
    let mut prefix = path;
    while let (Some(parent), Some(name)) = (folder.parent(), folder.file_name()) {
        let (before, last) = match prefix.strip_suffix('/').unwrap_or(prefix) {
            "" => break,
            rest => rest.rfind('/').map_or(("", rest), |at| rest.split_at(at + 1)),
        };
        if name.to_str() != Some(last) {
            break;
        }
        (folder, prefix) = (parent, before);
    }
    Neighbours::Folder(folder.to_owned(), prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_found_also_where_it_stands_for_a_part_of_the_path() {
        for (file, path, folder, prefix) in [
            ("/x/y/a/b.json", "a/b.json", "/x/y", ""),
            ("/x/y/b.json", "b.json", "/x/y", ""),
            ("/x/old/p/b.json", "profiles/p/b.json", "/x/old", "profiles/"),
        ] {
            let Neighbours::Folder(found, rest) = folder_of(Path::new(file), path) else { panic!() };
            assert_eq!((found.as_path(), rest), (Path::new(folder), prefix), "{file}");
        }
    }
}
