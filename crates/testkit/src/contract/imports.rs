//! The import ledger of the databases. A folder of files has none.

use super::support::{insert, keys, moment, placed, read, task, time, unique, user, write};
use landfast_domain::accounts::UserId;
use landfast_domain::imports::{Chunk, Document, DocumentState, ImportRun, Lease, Outcome, QuarantineEntry};
use landfast_domain::record::{DocumentId, SourceRef};
use landfast_domain::tasks::Task;
use landfast_domain::{Error, Store};

/// Whether the store keeps a ledger; if not, makes sure that it says so.
fn has_ledger(store: &dyn Store) -> bool {
    if !super::support::is_files(store) {
        return true;
    }
    let error = store.read(|r| r.imports().map(|_| ())).unwrap_err();
    assert!(matches!(error, Error::Unsupported { .. }), "{error:?}");
    false
}

fn document(id: DocumentId, user: &UserId, path: &str) -> Document {
    Document {
        id,
        user: user.clone(),
        area: "tasks".to_owned(),
        source: "home".to_owned(),
        path: path.to_owned(),
        size_bytes: 12_345,
        sha256: "ab".repeat(32),
        modified_ns: 1_766_349_060_123_456_789,
        first_position: 1,
        state: DocumentState::Loading,
        records_done: 0,
        chunks_done: 0,
    }
}

fn saved(store: &dyn Store, user: &UserId, path: &str) -> Document {
    write(store, |r| {
        let id = r.imports()?.next_document_id()?;
        let document = document(id, user, path);
        r.imports()?.save_document(&document)?;
        Ok(document)
    })
}

fn entry(document: DocumentId, ordinal: i64) -> QuarantineEntry {
    QuarantineEntry {
        document,
        ordinal,
        outcome: Outcome::Quarantined,
        line: ordinal + 2,
        offset: ordinal * 80,
        column: "name".to_owned(),
        code: "invalid-utf8".to_owned(),
        message: "the cell is not UTF-8".to_owned(),
        raw: vec![b'a', 0, 0xff, b'"', b'\n', 0x80],
    }
}

/// The ledger answers, or says that there is none.
pub fn a_store_without_a_ledger_says_so(store: &dyn Store) {
    if has_ledger(store) {
        assert!(read(store, |r| r.imports()?.next_document_id()).0 > 0);
    }
}

/// Document numbers are free ones, and grow with each document saved.
pub fn document_numbers_are_unused(store: &dyn Store) {
    if !has_ledger(store) {
        return;
    }
    let user = user(store);
    let (first, second) = (saved(store, &user, "a.csv"), saved(store, &user, "b.csv"));
    assert!(first.id < second.id);
    assert!(read(store, |r| r.imports()?.next_document_id()) > second.id);
}

/// A document is found by user, area, source and path, equal in every field.
pub fn a_saved_document_is_found_by_its_path(store: &dyn Store) {
    if !has_ledger(store) {
        return;
    }
    let user = user(store);
    let document = saved(store, &user, "logs/errors.jsonl");
    let find =
        |area: &str, source: &str, path: &str| read(store, |r| r.imports()?.find_document(&user, area, source, path));
    assert_eq!(find("tasks", "home", "logs/errors.jsonl"), Some(document));
    assert_eq!(find("runs", "home", "logs/errors.jsonl"), None);
    assert_eq!(find("tasks", "work", "logs/errors.jsonl"), None);
    assert_eq!(find("tasks", "home", "logs/Errors.jsonl"), None);
}

/// Saving a document again replaces it.
pub fn saving_a_document_again_replaces_it(store: &dyn Store) {
    if !has_ledger(store) {
        return;
    }
    let user = user(store);
    let mut document = saved(store, &user, "tasks.csv");
    document.state = DocumentState::Loaded;
    document.records_done = 488;
    document.chunks_done = 3;
    document.sha256 = "cd".repeat(32);
    write(store, |r| r.imports()?.save_document(&document));
    assert_eq!(read(store, |r| r.imports()?.list_documents(&user)), [document]);
}

/// Documents are listed by area, source and path, byte by byte.
pub fn documents_are_listed_in_byte_order(store: &dyn Store) {
    if !has_ledger(store) {
        return;
    }
    let user = user(store);
    let paths = ["b.csv", "ä.csv", "a/z.csv", "B.csv", "a.csv", "_.csv"];
    for path in paths {
        saved(store, &user, path);
    }
    let mut sorted = paths;
    sorted.sort_unstable();
    let listed: Vec<String> = read(store, |r| r.imports()?.list_documents(&user)).into_iter().map(|d| d.path).collect();
    assert_eq!(listed, sorted);
}

/// Documents are the user's own.
pub fn documents_are_the_users_own(store: &dyn Store) {
    if !has_ledger(store) {
        return;
    }
    let (owner, stranger) = (user(store), user(store));
    saved(store, &owner, "tasks.csv");
    assert_eq!(read(store, |r| r.imports()?.list_documents(&stranger)), []);
    assert_eq!(read(store, |r| r.imports()?.find_document(&stranger, "tasks", "home", "tasks.csv")), None);
    let theirs = saved(store, &stranger, "tasks.csv");
    assert_eq!(read(store, |r| r.imports()?.find_document(&stranger, "tasks", "home", "tasks.csv")), Some(theirs));
}

/// Deleting a document removes its chunks and quarantine, and leaves the rows made from it.
pub fn deleting_a_document_leaves_its_rows(store: &dyn Store) {
    if !has_ledger(store) {
        return;
    }
    let user = user(store);
    let document = saved(store, &user, "tasks.csv");
    let chunk = Chunk { document: document.id, ordinal: 0, size_bytes: 3, compressed: vec![1, 2, 3] };
    let mut batch = placed([(1, task("t1"))]);
    batch[0].source = Some(SourceRef { document: document.id, ordinal: 0 });
    write(store, |r| {
        r.tasks().insert_batch(&user, &batch)?;
        r.imports()?.save_chunk(&chunk)?;
        r.imports()?.save_quarantine(&[entry(document.id, 1)])
    });
    assert!(write(store, |r| r.imports()?.delete_document(document.id)));
    assert!(!write(store, |r| r.imports()?.delete_document(document.id)));
    assert_eq!(read(store, |r| r.imports()?.get_chunk(document.id, 0)), None);
    assert_eq!(read(store, |r| r.imports()?.list_quarantine(document.id, None, 9)), []);
    assert_eq!(keys::<Task>(store, &user), ["t1"]);
}

/// Chunks keep their bytes and can be replaced.
pub fn chunks_keep_their_bytes(store: &dyn Store) {
    if !has_ledger(store) {
        return;
    }
    let user = user(store);
    let document = saved(store, &user, "tasks.csv").id;
    let all: Vec<u8> = (0..=255).collect();
    for (ordinal, compressed) in [(0, all.clone()), (1, Vec::new()), (2, all.repeat(4096)), (1, vec![0])] {
        let chunk = Chunk { document, ordinal, size_bytes: 1 << 20, compressed };
        write(store, |r| r.imports()?.save_chunk(&chunk));
        assert!(read(store, |r| r.imports()?.get_chunk(document, ordinal)) == Some(chunk));
    }
    assert_eq!(read(store, |r| r.imports()?.get_chunk(document, 3)), None);
    assert_eq!(read(store, |r| r.imports()?.get_chunk(DocumentId(-4), 0)), None);
}

/// Quarantine keeps the bytes of a record and everything known about it.
pub fn quarantine_keeps_bytes_and_reasons(store: &dyn Store) {
    if !has_ledger(store) {
        return;
    }
    let user = user(store);
    let document = saved(store, &user, "tasks.csv").id;
    let mut entries = vec![entry(document, 0), entry(document, 7), entry(document, 300)];
    entries[1].outcome = Outcome::Duplicate;
    entries[1].column = String::new();
    entries[2].raw = Vec::new();
    entries[2].message = "ünïcödé, \"quoted\"\nsecond line".to_owned();
    write(store, |r| r.imports()?.save_quarantine(&entries));
    assert_eq!(read(store, |r| r.imports()?.list_quarantine(document, None, 100)), entries);
    entries[0].code = "long-row".to_owned();
    write(store, |r| r.imports()?.save_quarantine(&entries[..1]));
    assert_eq!(read(store, |r| r.imports()?.list_quarantine(document, None, 1)), entries[..1]);
}

/// Quarantine is read page by page, in record order.
pub fn quarantine_is_listed_in_record_order(store: &dyn Store) {
    if !has_ledger(store) {
        return;
    }
    let user = user(store);
    let document = saved(store, &user, "tasks.csv").id;
    let entries: Vec<QuarantineEntry> = [30, 4, 100, 9].map(|ordinal| entry(document, ordinal)).into();
    write(store, |r| r.imports()?.save_quarantine(&entries));
    let page = |after, limit| -> Vec<i64> {
        let page = read(store, |r| r.imports()?.list_quarantine(document, after, limit));
        page.iter().map(|entry| entry.ordinal).collect()
    };
    assert_eq!(page(None, usize::MAX), [4, 9, 30, 100]);
    assert_eq!(page(None, 0), [0_i64; 0]);
    assert_eq!(page(Some(4), 2), [9, 30]);
    assert_eq!(page(Some(100), 2), [0_i64; 0]);
}

/// A quarantined record can be taken off the list once it is mended.
pub fn quarantine_entries_can_be_removed(store: &dyn Store) {
    if !has_ledger(store) {
        return;
    }
    let user = user(store);
    let document = saved(store, &user, "tasks.csv").id;
    write(store, |r| r.imports()?.save_quarantine(&[entry(document, 1), entry(document, 2)]));
    assert!(write(store, |r| r.imports()?.delete_quarantine(document, 1)));
    assert!(!write(store, |r| r.imports()?.delete_quarantine(document, 1)));
    assert_eq!(read(store, |r| r.imports()?.list_quarantine(document, None, 9)).len(), 1);
}

/// Runs are listed newest first, and saving one again replaces it.
pub fn import_runs_are_listed_newest_first(store: &dyn Store) {
    if !has_ledger(store) {
        return;
    }
    let run = |id: &str, at: &str| ImportRun {
        id: id.to_owned(),
        started_at: time(at),
        finished_at: None,
        state: "running".to_owned(),
        report: String::new(),
    };
    let start = unique("run-");
    // Far in the future, so that no other run is newer.
    let mut runs = [
        run(&format!("{start}a"), "9998-01-01 10:00:00.000001"),
        run(&format!("{start}c"), "9998-01-02 10:00"),
        run(&format!("{start}b"), "9998-01-02 10:00"),
    ];
    write(store, |r| runs.iter().try_for_each(|run| r.imports()?.save_run(run)));
    let ours = |limit| -> Vec<ImportRun> {
        let runs = read(store, |r| r.imports()?.list_runs(limit));
        runs.into_iter().filter(|run| run.id.starts_with(&start)).collect()
    };
    let listed = ours(usize::MAX);
    assert_eq!(listed.len(), 3);
    assert!(listed.is_sorted_by(|a, b| a.started_at >= b.started_at));
    assert_eq!(listed[2], runs[0]);
    runs[0].finished_at = Some(time("9998-01-01 10:05:00.5"));
    runs[0].state = "complete".to_owned();
    runs[0].report = "{\"loaded\": 488}".to_owned();
    write(store, |r| r.imports()?.save_run(&runs[0]));
    assert_eq!(ours(usize::MAX)[2], runs[0]);
    assert_eq!(read(store, |r| r.imports()?.list_runs(1)).len(), 1);
    assert_eq!(read(store, |r| r.imports()?.list_runs(0)), []);
}

fn lease(name: &str, holder: &str, expires_at: &str) -> Lease {
    Lease { name: name.to_owned(), holder: holder.to_owned(), expires_at: time(expires_at) }
}

/// A lease is held by one holder until it expires, and can be renewed by that holder.
pub fn a_lease_is_held_by_one_holder(store: &dyn Store) {
    if !has_ledger(store) {
        return;
    }
    let name = unique("lease-");
    let acquire = |lease: &Lease, now: &str| write(store, |r| r.imports()?.acquire_lease(lease, time(now)));
    let first = lease(&name, "host-1", "2026-01-15 10:00");
    assert_eq!(acquire(&first, "2026-01-15 09:50"), None);
    assert_eq!(acquire(&lease(&name, "host-2", "2026-01-15 10:05"), "2026-01-15 09:55"), Some(first));
    let renewed = lease(&name, "host-1", "2026-01-15 10:20");
    assert_eq!(acquire(&renewed, "2026-01-15 09:58"), None);
    assert_eq!(acquire(&lease(&name, "host-2", "2026-01-15 10:15"), "2026-01-15 10:05"), Some(renewed));
}

/// An expired lease can be taken over, and then belongs to the new holder.
pub fn an_expired_lease_can_be_taken_over(store: &dyn Store) {
    if !has_ledger(store) {
        return;
    }
    let name = unique("lease-");
    let acquire = |lease: &Lease, now: &str| write(store, |r| r.imports()?.acquire_lease(lease, time(now)));
    assert_eq!(acquire(&lease(&name, "host-1", "2026-01-15 10:00"), "2026-01-15 09:50"), None);
    let second = lease(&name, "host-2", "2026-01-15 11:00");
    assert_eq!(acquire(&second, "2026-01-15 10:00:00.000001"), None);
    assert_eq!(acquire(&lease(&name, "host-1", "2026-01-15 11:00"), "2026-01-15 10:01"), Some(second));
}

/// A lease can be given up by its holder only, and is then free.
pub fn a_lease_is_released_by_its_holder(store: &dyn Store) {
    if !has_ledger(store) {
        return;
    }
    let name = unique("lease-");
    let release = |holder: &str| write(store, |r| r.imports()?.release_lease(&name, holder));
    assert!(!release("host-1"));
    write(store, |r| r.imports()?.acquire_lease(&lease(&name, "host-1", "2026-01-15 10:00"), moment()));
    assert!(!release("host-2"));
    assert!(release("host-1"));
    assert!(!release("host-1"));
    let other = lease(&name, "host-2", "2026-01-15 10:00");
    assert_eq!(write(store, |r| r.imports()?.acquire_lease(&other, moment())), None);
}

/// Leases of different names do not disturb each other.
pub fn leases_of_different_names_are_independent(store: &dyn Store) {
    if !has_ledger(store) {
        return;
    }
    for name in [unique("lease-"), unique("lease-")] {
        let mine = lease(&name, "host-1", "2026-01-15 10:00");
        assert_eq!(write(store, |r| r.imports()?.acquire_lease(&mine, moment())), None);
        write(store, |r| r.imports()?.release_lease(&name, "host-1"));
    }
}

/// Of four threads that ask for a lease one gets it.
pub fn one_of_several_threads_gets_the_lease(store: &dyn Store) {
    if !has_ledger(store) {
        return;
    }
    let name = unique("lease-");
    let winners = std::thread::scope(|scope| {
        let ask = |number: usize| {
            let mine = lease(&name, &format!("host-{number}"), "2026-01-15 10:00");
            scope.spawn(move || write(store, |r| r.imports()?.acquire_lease(&mine, moment())).is_none())
        };
        let threads: Vec<_> = (0..4).map(ask).collect();
        threads.into_iter().filter_map(|thread| thread.join().ok()).filter(|won| *won).count()
    });
    assert_eq!(winners, 1);
}

/// What the ledger notes in a transaction that fails is not noted: data and checkpoint go together.
pub fn checkpoints_and_rows_commit_together(store: &dyn Store) {
    if !has_ledger(store) {
        return;
    }
    let user = user(store);
    let mut document = saved(store, &user, "tasks.csv");
    let failed = store.write(|r| {
        r.tasks().insert(&user, &task("t1"))?;
        let mut ahead = document.clone();
        ahead.records_done = 1;
        r.imports()?.save_document(&ahead)?;
        r.imports()?.save_quarantine(&[entry(ahead.id, 0)])?;
        Err::<(), _>(Error::aborted("killed"))
    });
    assert!(failed.is_err());
    assert_eq!(read(store, |r| r.imports()?.list_documents(&user)), [document.clone()]);
    assert_eq!(read(store, |r| r.imports()?.list_quarantine(document.id, None, 9)), []);
    document.records_done = 1;
    write(store, |r| r.tasks().insert(&user, &task("t1")).and_then(|()| r.imports()?.save_document(&document)));
    assert_eq!(read(store, |r| r.imports()?.list_documents(&user)), [document]);
    assert_eq!(keys::<Task>(store, &user), ["t1"]);
}

/// Deleting a user removes the documents of its rows as well.
pub fn deleting_a_user_removes_its_documents(store: &dyn Store) {
    if !has_ledger(store) {
        return;
    }
    let user = user(store);
    let document = saved(store, &user, "tasks.csv");
    insert(store, &user, &task("t1"));
    write(store, |r| r.accounts().delete(&user));
    assert_eq!(read(store, |r| r.imports()?.list_documents(&user)), []);
    assert_eq!(read(store, |r| r.imports()?.get_chunk(document.id, 0)), None);
}
