//! Copying everything from one database to another.

use crate::area::AREAS;
use crate::digest::TableDigest;
use crate::error::{Error, Result};
use crate::progress::{Progress, Stage};
use crate::transact::{read, write};
use crate::verify::digests;
use landfast_domain::accounts::{Credential, SecurityEvent, Session, User, UserId};
use landfast_domain::{Repositories, Store};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

/// What a copy did.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct CopyReport {
    /// Kind of the database that was read.
    pub from: String,
    /// Kind of the database that was written.
    pub to: String,
    /// Users that were copied, the guest among them.
    pub users: u64,
    /// Imported documents that were copied with their bytes and quarantine entries.
    pub documents: u64,
    /// What every table holds, by user and kind of record; equal in both databases.
    pub digests: BTreeMap<String, BTreeMap<String, TableDigest>>,
}

/// Copies users with their passwords, sessions and security events, rows of all areas, imported documents with their bytes, quarantine entries and reports from one
/// database to another, which must be empty. All of it is one transaction of the target, so a copy that is
/// killed leaves nothing behind; then both are read once more and their digests compared.
///
/// Folders of files are not copied with this: they are imported and exported.
///
/// # Errors
/// [`Error::NotEmpty`] when the target holds anything; [`Error::CopyDiffers`] when the digests differ;
/// [`Error::Interrupted`], [`Error::Store`].
pub fn copy(from: &dyn Store, to: &dyn Store, progress: &dyn Progress, interrupt: &AtomicBool) -> Result<CopyReport> {
    let users = read(from, |repositories| Ok(repositories.accounts().list()?))?;
    let ids: Vec<UserId> = users.iter().map(|user| user.id.clone()).collect();
    let documents: i64 = read(from, |repositories| {
        let mut bytes = 0;
        for user in &ids {
            bytes +=
                repositories.imports()?.list_documents(user)?.iter().map(|document| document.size_bytes).sum::<i64>();
        }
        Ok(bytes)
    })?;
    require_empty(to)?;
    progress.begin(Stage::Copy, crate::bytes::to_u64(documents));
    let copied = read(from, |source| {
        // The read transaction of the source stays open, so that the copy is of one moment.
        let source = std::cell::RefCell::new(source);
        write(to, |target| {
            let mut source = source.borrow_mut();
            copy_users(target, &users)?;
            copy_access(&mut **source, target, &ids)?;
            let mut documents = 0;
            for user in &ids {
                documents += copy_ledger(&mut **source, target, user, progress, interrupt)?;
            }
            copy_runs(&mut **source, target)?;
            for area in AREAS {
                if interrupt.load(Ordering::SeqCst) {
                    return Err(Error::Interrupted);
                }
                area.copy(&mut **source, target, &ids)?;
            }
            Ok(documents)
        })
    });
    progress.end();
    let documents = copied?;
    let mut report = CopyReport {
        from: from.kind().as_str().to_owned(),
        to: to.kind().as_str().to_owned(),
        users: crate::bytes::to_u64(ids.len()),
        documents,
        digests: BTreeMap::new(),
    };
    for user in &ids {
        let (before, after) = (digests(from, user)?, digests(to, user)?);
        if let Some((entity, _)) = before.iter().find(|(entity, digest)| after.get(*entity) != Some(digest)) {
            return Err(Error::CopyDiffers { user: user.to_string(), entity: entity.clone() });
        }
        if read(from, |store| access(store, user))? != read(to, |store| access(store, user))? {
            return Err(Error::CopyDiffers { user: user.to_string(), entity: "access".to_owned() });
        }
        report.digests.insert(user.to_string(), after);
    }
    Ok(report)
}

/// Makes sure that a database holds neither rows nor imported documents.
///
/// # Errors
/// [`Error::NotEmpty`]; [`Error::Store`].
pub fn require_empty(to: &dyn Store) -> Result<()> {
    let users = read(to, |repositories| Ok(repositories.accounts().list()?))?;
    for user in &users {
        let rows: u64 = digests(to, &user.id)?.values().map(|digest| digest.rows).sum();
        let documents = read(to, |repositories| Ok(repositories.imports()?.list_documents(&user.id)?))?;
        if rows > 0 || !documents.is_empty() {
            return Err(Error::NotEmpty { rows, documents: crate::bytes::to_u64(documents.len()) });
        }
    }
    Ok(())
}

/// Rows that belong to one user alone, by user: those of the tasks area. All other areas belong to everybody.
///
/// # Errors
/// [`Error::Store`].
pub fn owned_rows(store: &dyn Store, users: &[UserId]) -> Result<BTreeMap<String, u64>> {
    let tables: Vec<_> = crate::area::area("tasks").into_iter().flat_map(|area| area.tables()).collect();
    read(store, |repositories| {
        let mut rows = BTreeMap::new();
        for user in users {
            for table in &tables {
                *rows.entry(user.to_string()).or_default() += table.count(repositories, user)?;
            }
        }
        Ok(rows)
    })
}

fn copy_users(target: &mut dyn Repositories, users: &[User]) -> Result<()> {
    for user in users {
        if target.accounts().get(&user.id)?.is_none() {
            target.accounts().insert(user)?;
        }
    }
    Ok(())
}

/// How a user gets in, and what happened about that.
#[derive(Debug, PartialEq)]
struct Access {
    credential: Option<Credential>,
    sessions: Vec<Session>,
    events: Vec<SecurityEvent>,
}

fn access(store: &mut dyn Repositories, user: &UserId) -> Result<Access> {
    let security = store.security()?;
    let mut events: Vec<SecurityEvent> = Vec::new();
    loop {
        let before = events.last().map(|event| event.id.clone());
        let page = security.list_events(user, before.as_deref(), PAGE)?;
        if page.is_empty() {
            break;
        }
        events.extend(page);
    }
    Ok(Access { credential: security.credential(user)?, sessions: security.list_sessions(user)?, events })
}

/// Answers saved for repeated calls are not copied: the calls went to the other database.
fn copy_access(source: &mut dyn Repositories, target: &mut dyn Repositories, users: &[UserId]) -> Result<()> {
    for user in users {
        let access = access(source, user)?;
        let security = target.security()?;
        access.credential.iter().try_for_each(|credential| security.save_credential(credential))?;
        access.sessions.iter().try_for_each(|session| security.insert_session(session))?;
        access.events.iter().try_for_each(|event| security.insert_event(event))?;
    }
    Ok(())
}

/// Documents keep their numbers, since rows name them.
fn copy_ledger(
    source: &mut dyn Repositories,
    target: &mut dyn Repositories,
    user: &UserId,
    progress: &dyn Progress,
    interrupt: &AtomicBool,
) -> Result<u64> {
    let documents = source.imports()?.list_documents(user)?;
    for document in &documents {
        if interrupt.load(Ordering::SeqCst) {
            return Err(Error::Interrupted);
        }
        target.imports()?.save_document(document)?;
        for ordinal in 0..document.chunks_done {
            let chunk = source.imports()?.get_chunk(document.id, ordinal)?.ok_or_else(|| Error::Chunk {
                path: document.path.clone(),
                ordinal,
                reason: "it is missing".to_owned(),
            })?;
            target.imports()?.save_chunk(&chunk)?;
            progress.advance(crate::bytes::to_u64(chunk.size_bytes), 0);
        }
        let mut after = None;
        loop {
            let page = source.imports()?.list_quarantine(document.id, after, PAGE)?;
            let Some(last) = page.last() else { break };
            after = Some(last.ordinal);
            target.imports()?.save_quarantine(&page)?;
        }
    }
    Ok(crate::bytes::to_u64(documents.len()))
}

fn copy_runs(source: &mut dyn Repositories, target: &mut dyn Repositories) -> Result<()> {
    for run in source.imports()?.list_runs(usize::MAX)? {
        target.imports()?.save_run(&run)?;
    }
    Ok(())
}

/// Rows copied at a time.
pub(crate) const PAGE: usize = 1000;
