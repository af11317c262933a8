//! What remains to be done when all records of a changed document are loaded.

use super::merge::{Base, Bases, Window};
use super::tally::Loaded;
use super::{DocumentLoad, code};
use crate::digest::content_print;
use crate::error::{Error, Result};
use crate::report::Spot;
use crate::rows::Cursor;
use crate::transact::write;
use landfast_domain::Repositories;
use landfast_domain::accounts::UserId;
use landfast_domain::imports::Document;
use landfast_domain::record::{Placed, Record};
use std::sync::atomic::Ordering;

/// Rows changed in one transaction.
const STEP: usize = 500;

/// Calls `visit` with each row whose record is gone from the source, and whether it is to be deleted: on
/// request, and only while it holds what was loaded.
pub(super) fn visit_gone<R: Record>(
    repositories: &mut dyn Repositories,
    user: &UserId,
    gone: &[Base],
    prune: bool,
    mut visit: impl FnMut(&mut dyn Repositories, Placed<R>, bool) -> Result<()>,
) -> Result<()> {
    let mut window = Window::<R>::default();
    for base in gone {
        if let Some(row) = window.take(repositories, user, base)? {
            let is_pruned = prune && content_print(&row.record) == base.content;
            visit(repositories, row, is_pruned)?;
        }
    }
    Ok(())
}

pub(super) fn gone_message(key: &str) -> String {
    format!("the source does not have this record any more; row `{key}` stays")
}

/// Frees rows whose record is gone, puts rows made in Landfast behind those of the document again, and
/// forgets the earlier versions. `false` when interrupted.
pub(super) fn settle<R: Record>(
    load: &mut DocumentLoad<'_>,
    document: &Document,
    bases: &Bases,
    loaded: &mut Loaded,
) -> Result<bool> {
    for part in bases.gone().chunks(STEP) {
        if load.interrupt.load(Ordering::SeqCst) {
            return Ok(false);
        }
        let (kept, pruned) = write(load.store, |repositories| {
            load.lock.renew(repositories)?;
            let (mut kept, mut pruned) = (Vec::new(), 0);
            visit_gone::<R>(repositories, load.user, part, load.prune, |repositories, row, is_pruned| {
                let key = row.record.key();
                if is_pruned {
                    R::repository(repositories).delete(load.user, key)?;
                    pruned += 1;
                } else {
                    R::repository(repositories).place(load.user, key, row.position, None)?;
                    kept.push(key.to_string());
                }
                Ok(())
            })?;
            Ok((kept, pruned))
        })?;
        loaded.pruned += pruned;
        for key in kept {
            loaded.gone += 1;
            load.log.add(code::GONE_FROM_SOURCE, Spot::NONE, "", &gone_message(&key));
        }
    }
    move_own_rows_behind::<R>(load, document)?;
    Ok(true)
}

fn move_own_rows_behind<R: Record>(load: &DocumentLoad<'_>, document: &Document) -> Result<()> {
    let mut after = None;
    loop {
        let (next, at_end) = write(load.store, |repositories| {
            load.lock.renew(repositories)?;
            let mut cursor = Cursor::<R>::new(load.user, after);
            let (mut last_seen, mut moved) = (after, 0);
            let mut place = R::repository(repositories).last_position(load.user)?;
            while let Some(row) = cursor.next(repositories)? {
                if row.position >= document.first_position {
                    return Ok((last_seen, true));
                }
                last_seen = Some(row.position);
                if row.source.is_none() {
                    place += 1;
                    R::repository(repositories).place(load.user, row.record.key(), place, None)?;
                    moved += 1;
                    if moved == STEP {
                        return Ok((last_seen.map(|position| position - 1), false));
                    }
                }
            }
            Ok((last_seen, true))
        })?;
        after = next;
        if at_end {
            return Ok(());
        }
    }
}

/// Marks the document as loaded and removes the versions it replaces.
pub(super) fn finish(load: &DocumentLoad<'_>, document: &Document) -> Result<(), Error> {
    write(load.store, |repositories| {
        load.lock.renew(repositories)?;
        for previous in &load.ledger.previous {
            repositories.imports()?.delete_document(previous.id)?;
        }
        Ok(repositories.imports()?.save_document(document)?)
    })
}
