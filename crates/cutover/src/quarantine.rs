//! Listing what is in quarantine.

use crate::error::Result;
use crate::ledger::is_replaced;
use crate::transact::read;
use landfast_domain::Store;
use landfast_domain::accounts::UserId;
use landfast_domain::imports::QuarantineEntry;

/// A record in quarantine and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// Area of the document.
    pub area: String,
    /// Folder of the document.
    pub source: String,
    /// Path below the folder.
    pub path: String,
    /// The entry with its bytes.
    pub entry: QuarantineEntry,
}

/// Records of a user that are in quarantine, by document and record number, `limit` at most; those with
/// outcome `duplicate` are listed as well.
///
/// # Errors
/// [`crate::Error::Store`] when the store fails or keeps no import ledger.
pub fn list_quarantine(store: &dyn Store, user: &UserId, limit: usize) -> Result<Vec<Quarantined>> {
    read(store, |repositories| {
        let mut found = Vec::new();
        for document in repositories.imports()?.list_documents(user)? {
            let mut after = None;
            while found.len() < limit && !is_replaced(&document) {
                let page =
                    repositories.imports()?.list_quarantine(document.id, after, (limit - found.len()).min(500))?;
                let Some(last) = page.last() else { break };
                after = Some(last.ordinal);
                found.extend(page.into_iter().map(|entry| Quarantined {
                    area: document.area.clone(),
                    source: document.source.clone(),
                    path: document.path.clone(),
                    entry,
                }));
            }
        }
        Ok(found)
    })
}
