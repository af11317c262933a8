//! Writing batches.

use super::batch::{Batch, produce};
use super::decide::Decision;
use super::keys::{FreeKeys, Occurrences};
use super::merge::{Bases, Window};
use super::room::make_room;
use super::scan::{bases, displaced_message, stored_outcomes};
use super::settle::{finish, settle};
use super::tally::{Loaded, entry};
use super::{DocumentLoad, code};
use crate::bytes::{hash_file, to_i64, to_u64};
use crate::document::{Format, Item};
use crate::error::{Error, Result};
use crate::report::Spot;
use crate::transact::write;
use landfast_domain::Repositories;
use landfast_domain::imports::{Chunk, Document, DocumentState, Outcome};
use landfast_domain::record::{Placed, Record, RecordKey, SourceRef};
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::sync::atomic::Ordering;
use std::sync::mpsc::sync_channel;

/// Batches that may wait for the database; they are read and compressed on a second thread.
const WAITING: usize = 2;

/// Loads a document or goes on with it, batch by batch.
pub(crate) fn load<F: Format>(format: &F, mut load: DocumentLoad<'_>) -> Result<Loaded> {
    let document =
        begin_document(&load, |repositories| Ok(F::Record::repository(repositories).last_position(load.user)? + 1))?;
    let done_bytes = stored_bytes(&load, &document)?;
    let mut writer = Writer {
        stored: stored_outcomes(load.store, load.ledger)?,
        bases: bases(format, load.store, load.ledger)?,
        has_bases: !load.ledger.previous.is_empty(),
        free: FreeKeys::default(),
        loaded: Loaded::default(),
        document,
    };
    let (input, limits, done) = (load.input, load.limits, writer.document.records_done);
    let at_end = std::thread::scope(|scope| {
        let (send, receive) = sync_channel(WAITING);
        let reader = scope.spawn(move || {
            produce(format, &input, done, Some(done_bytes), limits, |batch| Ok(send.send(batch).is_ok()))
        });
        let mut kept = Ok(false);
        while let Ok(batch) = receive.recv() {
            kept = writer.keep(format, &mut load, &batch);
            let interrupted = !batch.done_before && load.interrupt.load(Ordering::SeqCst);
            if kept.is_err() || (interrupted && batch.end.is_none()) {
                break;
            }
        }
        // The reader ends when nobody takes its batches.
        drop(receive);
        match reader.join() {
            Ok(read) => kept.and_then(|kept| read.map(|()| kept)),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })?;
    if at_end {
        writer.complete::<F>(&mut load)?;
    }
    Ok(writer.loaded)
}

struct Writer {
    document: Document,
    stored: HashMap<i64, Outcome>,
    bases: Bases,
    has_bases: bool,
    free: FreeKeys,
    loaded: Loaded,
}

impl Writer {
    /// Keeps a batch; `true` when it was the last one.
    fn keep<F: Format>(&mut self, format: &F, load: &mut DocumentLoad<'_>, batch: &Batch<F::Record>) -> Result<bool> {
        let kept = if batch.done_before {
            Kept { decisions: batch.items.iter().map(|_| None).collect(), ..Kept::new(&self.document) }
        } else {
            if batch.end.is_some() && !is_same(load)? {
                self.loaded.source_changed = true;
            }
            match self.transact(load, batch, false) {
                Err(Error::Store(landfast_domain::Error::Conflict { .. })) => self.transact(load, batch, true)?,
                other => other?,
            }
        };
        let mut displaced = kept.displaced.into_iter().peekable();
        for (at, (item, decision)) in batch.items.iter().zip(&kept.decisions).enumerate() {
            let stored = self.stored.get(&item.place.ordinal).copied().filter(|_| batch.done_before);
            self.loaded.add(format, item, decision.as_ref(), stored, load.log);
            if let Ok(decoded) = &item.outcome
                && self.has_bases
            {
                self.bases.mark_seen(&decoded.record);
            }
            if let Some((_, message)) = displaced.next_if(|(which, _)| *which == at) {
                let spot = Spot { line: item.place.line, offset: item.place.offset };
                load.log.add(code::ID_IN_OTHER_SOURCE, spot, "", &message);
            }
        }
        self.document = kept.document;
        self.free.remember(kept.found);
        if let Some(end) = &batch.end {
            self.loaded.end(end, load.log);
        }
        load.progress.advance(batch.bytes, to_u64(batch.items.len()));
        Ok(batch.end.is_some())
    }

    /// Writes a batch. `careful` looks for each key before it is used; without it a taken key is a conflict.
    fn transact<R: Record>(&self, load: &DocumentLoad<'_>, batch: &Batch<R>, careful: bool) -> Result<Kept> {
        write(load.store, |repositories| {
            load.lock.renew(repositories)?;
            let mut kept = Kept::new(&self.document);
            if let Some(first) = batch.items.first() {
                let from = self.document.first_position + first.place.ordinal;
                make_room::<R>(repositories, load.user, from, to_i64(load.records) + 1)?;
            }
            let mut step =
                Step { window: Window::default(), rows: Vec::new(), entries: Vec::new(), given: HashSet::new() };
            for (at, item) in batch.items.iter().enumerate() {
                let decision = self.apply(repositories, load, item, &mut step)?;
                if let (Some(Decision::Insert), Ok(decoded)) = (&decision, &item.outcome) {
                    let mut record = decoded.record.clone();
                    if careful {
                        let wanted = record.key().clone();
                        let given = &step.given;
                        let key = self.free.find(&mut kept.found, &wanted, &record.identity(), |key| {
                            Ok(given.contains(key) || R::repository(repositories).get(load.user, key)?.is_some())
                        })?;
                        if key != wanted {
                            kept.displaced.push((at, displaced_message(wanted.as_str(), key.as_str())));
                        }
                        step.given.insert(key.clone());
                        record.set_key(key);
                    }
                    let (position, source) = self.place(item);
                    step.rows.push(Placed { position, source: Some(source), record });
                }
                kept.decisions.push(decision);
            }
            R::repository(repositories).insert_batch(load.user, &step.rows)?;
            self.checkpoint(repositories, batch, &mut kept.document)?;
            if !step.entries.is_empty() {
                repositories.imports()?.save_quarantine(&step.entries)?;
            }
            Ok(kept)
        })
    }

    /// Decides about a record and changes the row it has already.
    fn apply<R: Record>(
        &self,
        repositories: &mut dyn Repositories,
        load: &DocumentLoad<'_>,
        item: &Item<R>,
        step: &mut Step<R>,
    ) -> Result<Option<Decision>> {
        let decision = match &item.outcome {
            Err(_) => None,
            Ok(_) if !self.has_bases => Some(Decision::Insert),
            Ok(decoded) => {
                Some(Decision::new(repositories, load.user, &self.bases, &mut step.window, &decoded.record)?)
            }
        };
        let (position, source) = self.place(item);
        if let Some(Decision::Keep(key) | Decision::Update(key) | Decision::Conflict(Some(key))) = &decision {
            if let (Some(Decision::Update(_)), Ok(decoded)) = (&decision, &item.outcome) {
                let mut record = decoded.record.clone();
                record.set_key(key.clone());
                R::repository(repositories).update(load.user, &record)?;
            }
            R::repository(repositories).place(load.user, key, position, Some(source))?;
        }
        let aside = item.outcome.is_err() || decision.as_ref().is_some_and(|decision| decision.set_aside().is_some());
        if aside {
            let raw = match &item.outcome {
                Err(_) => Vec::new(),
                Ok(_) => read_range(load, item.place.offset, item.place.end)?,
            };
            step.entries.extend(entry(self.document.id, item, decision.as_ref(), || raw));
        }
        Ok(decision)
    }

    fn place<R>(&self, item: &Item<R>) -> (i64, SourceRef) {
        let ordinal = item.place.ordinal;
        (self.document.first_position + ordinal, SourceRef { document: self.document.id, ordinal })
    }

    /// Saves the pieces of bytes and how far the document is loaded.
    fn checkpoint<R>(
        &self,
        repositories: &mut dyn Repositories,
        batch: &Batch<R>,
        document: &mut Document,
    ) -> Result<()> {
        let imports = repositories.imports()?;
        for piece in &batch.pieces {
            imports.save_chunk(&Chunk {
                document: document.id,
                ordinal: document.chunks_done,
                size_bytes: piece.size_bytes,
                compressed: piece.compressed.clone(),
            })?;
            document.chunks_done += 1;
        }
        document.records_done = batch.records_done;
        if batch.end.is_some() && !self.has_bases && !self.loaded.source_changed {
            document.state = DocumentState::Loaded;
        }
        Ok(imports.save_document(document)?)
    }

    fn complete<F: Format>(&mut self, load: &mut DocumentLoad<'_>) -> Result<()> {
        if self.loaded.source_changed {
            let message = "the file changed while it was imported; run the import again to take the change over";
            load.log.add(code::SOURCE_CHANGED, Spot::NONE, "", message);
            return Ok(());
        }
        if self.has_bases {
            if !settle::<F::Record>(load, &self.document, &self.bases, &mut self.loaded)? {
                return Ok(());
            }
            self.document.state = DocumentState::Loaded;
            finish(load, &self.document)?;
        }
        self.loaded.finished = true;
        Ok(())
    }
}

/// What a batch's transaction decided and left behind.
struct Kept {
    decisions: Vec<Option<Decision>>,
    /// Records that got another key: their number in the batch and a message.
    displaced: Vec<(usize, String)>,
    document: Document,
    /// Keys that were found to be free.
    found: Occurrences,
}

impl Kept {
    fn new(document: &Document) -> Self {
        Self { decisions: Vec::new(), displaced: Vec::new(), document: document.clone(), found: Occurrences::new() }
    }
}

struct Step<R> {
    window: Window<R>,
    rows: Vec<Placed<R>>,
    entries: Vec<landfast_domain::imports::QuarantineEntry>,
    given: HashSet<RecordKey>,
}

/// The document to load into: the half loaded one, or a new one in place of an earlier version.
/// `first_position` tells the place of its first record.
fn begin_document(
    load: &DocumentLoad<'_>,
    first_position: impl Fn(&mut dyn Repositories) -> Result<i64>,
) -> Result<Document> {
    if let Some(current) = &load.ledger.current {
        return Ok(current.clone());
    }
    write(load.store, |repositories| {
        load.lock.renew(repositories)?;
        let first_position = first_position(repositories)?;
        new_document(load, repositories, first_position)
    })
}

/// A new document in place of an earlier version, kept within the caller's transaction.
pub(crate) fn new_document(
    load: &DocumentLoad<'_>,
    repositories: &mut dyn Repositories,
    first_position: i64,
) -> Result<Document> {
    let input = &load.input;
    let imports = repositories.imports()?;
    let id = imports.next_document_id()?;
    if let Some(mut old) = imports.find_document(load.user, input.area, input.source, input.path)? {
        old.source = crate::ledger::replaced_label(input.source, old.id);
        imports.save_document(&old)?;
    }
    let document = Document {
        id,
        user: load.user.clone(),
        area: input.area.to_owned(),
        source: input.source.to_owned(),
        path: input.path.to_owned(),
        size_bytes: to_i64(input.size_bytes),
        sha256: input.sha256.to_owned(),
        modified_ns: load.modified_ns,
        first_position,
        state: DocumentState::Loading,
        records_done: 0,
        chunks_done: 0,
    };
    imports.save_document(&document)?;
    Ok(document)
}

/// Bytes of the document that are kept already.
pub(crate) fn stored_bytes(load: &DocumentLoad<'_>, document: &Document) -> Result<u64> {
    crate::transact::read(load.store, |repositories| {
        let mut bytes = 0;
        for ordinal in 0..document.chunks_done {
            let chunk = repositories.imports()?.get_chunk(document.id, ordinal)?.ok_or_else(|| Error::Chunk {
                path: document.path.clone(),
                ordinal,
                reason: "it is missing".to_owned(),
            })?;
            bytes += to_u64(chunk.size_bytes);
        }
        Ok(bytes)
    })
}

/// Whether the file in the legacy folder is still what was loaded.
pub(crate) fn is_same(load: &DocumentLoad<'_>) -> Result<bool> {
    match std::fs::metadata(load.original) {
        Ok(metadata) if metadata.len() != load.input.size_bytes => return Ok(false),
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(source) => return Err(Error::Io { action: "look at", path: load.original.to_owned(), source }),
    }
    Ok(hash_file(load.original)?.0 == load.input.sha256)
}

fn read_range(load: &DocumentLoad<'_>, from: u64, to: u64) -> Result<Vec<u8>> {
    let failed = |source| Error::Io { action: "read", path: load.input.file.to_owned(), source };
    let mut file = File::open(load.input.file).map_err(failed)?;
    file.seek(SeekFrom::Start(from)).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(to.saturating_sub(from)).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}
