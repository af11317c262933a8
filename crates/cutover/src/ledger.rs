//! What the database knows of a folder's documents.

use crate::error::Result;
use crate::load::Ledger;
use crate::transact::read;
use landfast_domain::Store;
use landfast_domain::accounts::UserId;
use landfast_domain::imports::Document;
use landfast_domain::record::DocumentId;
use std::collections::BTreeMap;
use std::path::Path;

/// Between the label of a folder and the number of a version that is being replaced.
const REPLACED: &str = "#replaced-";

/// Label of a document that a newer version takes the place of, while that one is being loaded.
pub(crate) fn replaced_label(source: &str, id: DocumentId) -> String {
    format!("{source}{REPLACED}{}", id.0)
}

/// Whether a newer version of the document is being loaded.
pub(crate) fn is_replaced(document: &Document) -> bool {
    document.source.ends_with(&format!("{REPLACED}{}", document.id.0))
}

/// All documents of a user; none when the store keeps no ledger.
pub(crate) fn documents(store: &dyn Store, user: &UserId) -> Result<Vec<Document>> {
    read(store, |repositories| match repositories.imports() {
        Ok(imports) => Ok(imports.list_documents(user)?),
        Err(landfast_domain::Error::Unsupported { .. }) => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    })
}

/// What is known of one file.
pub(crate) fn of_file(documents: &[Document], area: &str, source: &str, path: &str, sha256: &str) -> Ledger {
    let same_file = |document: &&Document| {
        let label = document.source == source
            || (is_replaced(document) && document.source == replaced_label(source, document.id));
        document.area == area && document.path == path && label
    };
    let mut ledger = Ledger::default();
    for document in documents.iter().filter(same_file) {
        if document.source == source && document.sha256 == sha256 {
            ledger.current = Some(document.clone());
        } else {
            ledger.previous.push(document.clone());
        }
    }
    ledger.previous.sort_by_key(|document| document.id);
    ledger
}

/// Label under which the content of a folder is known: the same paths with the same SHA-256 were imported
/// from another folder, which was copied or moved. When the other folder is not there any more, this one may
/// also hold more than was imported from it.
pub(crate) fn moved_from(documents: &[Document], area: &str, files: &[(&str, &str)]) -> Option<String> {
    let mut by_source: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for document in documents.iter().filter(|document| document.area == area && !is_replaced(document)) {
        by_source.entry(&document.source).or_default().push((&document.path, &document.sha256));
    }
    by_source.into_iter().find_map(|(source, known)| {
        let is_part = known.iter().all(|document| files.contains(document));
        let is_whole = is_part && known.len() == files.len();
        (is_whole || (is_part && !Path::new(source).exists())).then(|| source.to_owned())
    })
}

/// Label of a folder: its absolute path.
pub(crate) fn label(folder: &Path) -> String {
    folder.to_string_lossy().into_owned()
}
