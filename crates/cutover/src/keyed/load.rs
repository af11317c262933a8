//! Writing the records of a document, in batches that are kept as a whole or not at all.

use super::decide::{Bases, Decision, decide};
use super::scan::{Beside, Stored, bases, entry, gone_message};
use super::{KeyedDocument, KeyedItem, Reading, Scope};
use crate::bytes::{print_of, to_u64};
use crate::chunks::{Packed, Packer};
use crate::error::{Error, Result};
use crate::load::{DocumentLoad, Loaded, code, is_same, new_document, stored_bytes, stored_outcomes};
use crate::report::Spot;
use crate::transact::{write, write_soon};
use landfast_domain::Repositories;
use landfast_domain::imports::{Chunk, Document, DocumentState};
use std::fs::File;
use std::sync::atomic::Ordering;

/// Loads a document or goes on with it, batch by batch.
pub(super) fn load(kind: &dyn KeyedDocument, load: DocumentLoad<'_>) -> Result<Loaded> {
    let scope = Scope::of_input(&load.input, load.user, load.live);
    let mut document = load.ledger.current.clone();
    if let Some(document) = document.as_mut().filter(|_| load.again) {
        reopen(&load, document)?;
    }
    let mut packer = Packer::open(load.input.file, load.limits.chunk_bytes)?;
    if let Some(document) = &document {
        packer.skip_to(stored_bytes(&load, document)?)?;
    }
    let mut writer = Writer {
        kind,
        scope: &scope,
        stored: stored_outcomes(load.store, load.ledger)?,
        bases: bases(kind, load.store, load.ledger, &scope)?,
        replaces: !load.ledger.previous.is_empty(),
        records_done: document.as_ref().map_or(0, |document| document.records_done),
        document,
        has_begun: false,
        packer,
        waiting: Vec::new(),
        start: 0,
        loaded: Loaded::default(),
        load,
    };
    let file = File::open(writer.load.input.file).map_err(Error::io("read", writer.load.input.file))?;
    match kind.read(&scope, Box::new(file), &mut |item| writer.take(item)) {
        Ok(reading) => writer.finish(&reading)?,
        Err(Error::Interrupted) => {}
        Err(error) => return Err(error),
    }
    Ok(writer.loaded)
}

/// Forgets what became of the records of a document.
fn reopen(load: &DocumentLoad<'_>, document: &mut Document) -> Result<()> {
    document.records_done = 0;
    document.state = DocumentState::Loading;
    write(load.store, |repositories| {
        load.lock.renew(repositories)?;
        let imports = repositories.imports()?;
        loop {
            let entries = imports.list_quarantine(document.id, None, 500)?;
            if entries.is_empty() {
                return Ok(imports.save_document(document)?);
            }
            for entry in entries {
                imports.delete_quarantine(document.id, entry.ordinal)?;
            }
        }
    })
}

struct Writer<'a> {
    kind: &'a dyn KeyedDocument,
    scope: &'a Scope<'a>,
    stored: Stored,
    bases: Bases,
    /// There are earlier versions.
    replaces: bool,
    /// The document as it is kept; `None` before its first batch, which it is kept with.
    document: Option<Document>,
    /// Records that were loaded before.
    records_done: i64,
    /// The rows that records hang on were made.
    has_begun: bool,
    packer: Packer,
    waiting: Vec<KeyedItem>,
    /// First byte behind the last batch.
    start: u64,
    loaded: Loaded,
    load: DocumentLoad<'a>,
}

impl Writer<'_> {
    fn take(&mut self, item: KeyedItem) -> Result<()> {
        let end = item.place.end;
        if item.place.ordinal < self.records_done {
            let stored = self.stored.get(&item.place.ordinal).copied();
            self.loaded.add_keyed(&item, None, stored, self.load.log);
            self.bases.mark_seen(&item.key);
            self.start = end;
            return Ok(());
        }
        self.waiting.push(item);
        let limits = self.load.limits;
        if self.waiting.len() < limits.batch_records.max(1)
            && end.saturating_sub(self.start) < to_u64(limits.batch_bytes)
        {
            return Ok(());
        }
        let pieces = self.packer.pack_to(Some(end))?;
        self.keep(&pieces, None)?;
        self.load.progress.advance(end.saturating_sub(self.start), 0);
        self.start = end;
        if self.load.interrupt.load(Ordering::SeqCst) { Err(Error::Interrupted) } else { Ok(()) }
    }

    /// The last batch, with everything that is known at the end.
    fn finish(&mut self, reading: &Reading) -> Result<()> {
        let pieces = self.packer.pack_to(None)?;
        let input = self.load.input;
        let packer = std::mem::replace(&mut self.packer, Packer::open(input.file, 1)?);
        let (sha256, size) = packer.finish()?;
        if sha256 != input.sha256 || size != input.size_bytes {
            return Err(Error::SourceChanged { path: input.file.to_owned() });
        }
        if !is_same(&self.load)? {
            self.loaded.source_changed = true;
            let message = "the file changed while it was imported; run the import again to take the change over";
            self.load.log.add(code::SOURCE_CHANGED, Spot::NONE, "", message);
        }
        self.keep(&pieces, Some(reading))?;
        self.load.progress.advance(input.size_bytes.saturating_sub(self.start), 0);
        self.loaded.end_keyed(reading, self.load.log);
        self.loaded.finished = !self.loaded.source_changed;
        Ok(())
    }

    /// Writes a batch with its pieces of bytes and the checkpoint.
    fn keep(&mut self, pieces: &[Packed], end: Option<&Reading>) -> Result<()> {
        let items = std::mem::take(&mut self.waiting);
        let is_last = end.is_some() && !self.loaded.source_changed;
        let kept = write_soon(self.load.store, |repositories| {
            self.load.lock.renew(repositories)?;
            let mut document = match &self.document {
                Some(document) => document.clone(),
                None => new_document(&self.load, repositories, 0)?,
            };
            if !self.has_begun {
                self.kind.begin(repositories, self.scope)?;
            }
            let decisions = decide(self.kind, repositories, self.scope, &self.bases, &items)?;
            let saved: Vec<&KeyedItem> = items
                .iter()
                .zip(&decisions)
                .filter(|(_, decision)| decision.is_some_and(Decision::is_saved))
                .map(|(item, _)| item)
                .collect();
            self.kind.save(repositories, self.scope, &saved)?;
            let mut gone = Vec::new();
            let mut beside = None;
            if let Some(reading) = end {
                self.kind.end(repositories, self.scope, reading)?;
                beside = Some(Beside::of(self.kind, repositories, self.scope, true)?);
                if is_last {
                    gone = self.settle(repositories, &items)?;
                    document.state = DocumentState::Loaded;
                }
            }
            checkpoint(repositories, &items, pieces, &mut document)?;
            let entries: Vec<_> = items
                .iter()
                .zip(&decisions)
                .filter_map(|(item, decision)| entry(document.id, item, *decision))
                .collect();
            if !entries.is_empty() {
                repositories.imports()?.save_quarantine(&entries)?;
            }
            Ok((decisions, document, gone, beside))
        });
        let (decisions, document, gone, beside) = kept?;
        self.document = Some(document);
        self.has_begun = true;
        for (item, decision) in items.iter().zip(decisions) {
            self.loaded.add_keyed(item, decision, None, self.load.log);
            self.bases.mark_seen(&item.key);
        }
        if let Some(beside) = beside {
            self.loaded.end_beside(beside, self.load.log);
        }
        for (key, is_pruned) in gone {
            if is_pruned {
                self.loaded.pruned += 1;
            } else {
                self.loaded.gone += 1;
                self.load.log.add(code::GONE_FROM_SOURCE, Spot::NONE, "", &gone_message(&key));
            }
        }
        Ok(())
    }

    /// Removes rows whose record is gone, where that is asked for and they were not edited, and the earlier
    /// versions. Tells the keys that are gone and whether their rows went.
    fn settle(&self, repositories: &mut dyn Repositories, last: &[KeyedItem]) -> Result<Vec<(String, bool)>> {
        let mut settled = Vec::new();
        if !self.replaces {
            return Ok(settled);
        }
        let in_last = |key: &str| last.iter().any(|item| item.key == key);
        for (key, base) in self.bases.gone().into_iter().filter(|(key, _)| !in_last(key)) {
            let rows = self.kind.stored(repositories, self.scope, &[key])?;
            let Some(row) = rows.into_iter().flatten().next() else { continue };
            let is_pruned = (self.load.prune || self.kind.prunes()) && print_of(&row) == base;
            if is_pruned {
                self.kind.delete(repositories, self.scope, key)?;
            }
            settled.push((key.to_owned(), is_pruned));
        }
        for previous in &self.load.ledger.previous {
            repositories.imports()?.delete_document(previous.id)?;
        }
        Ok(settled)
    }
}

/// Saves the pieces of bytes and how far the document is loaded.
fn checkpoint(
    repositories: &mut dyn Repositories,
    items: &[KeyedItem],
    pieces: &[Packed],
    document: &mut Document,
) -> Result<()> {
    let imports = repositories.imports()?;
    for piece in pieces {
        imports.save_chunk(&Chunk {
            document: document.id,
            ordinal: document.chunks_done,
            size_bytes: piece.size_bytes,
            compressed: piece.compressed.clone(),
        })?;
        document.chunks_done += 1;
    }
    if let Some(last) = items.last() {
        document.records_done = last.place.ordinal + last.place.parts;
    }
    Ok(imports.save_document(document)?)
}
