//! Accounts and the import ledger.

use crate::support::{Scratch, all, blank, guest, on_both, placed};
use landfast_domain::accounts::{User, UserId};
use landfast_domain::imports::{Chunk, Document, DocumentState, ImportRun, Lease, Outcome, QuarantineEntry};
use landfast_domain::record::{DocumentId, SourceRef};
use landfast_domain::tasks::Task;
use landfast_domain::time::Timestamp;
use landfast_domain::{Error, Store};

on_both! {
    users_are_unique_and_take_everything_along,
    the_guest_stays,
    documents_are_kept_and_found,
    a_deleted_document_leaves_its_rows_and_its_number_unused,
    quarantine_entries_are_kept_with_their_bytes,
    runs_are_listed_newest_first,
    a_lease_is_held_until_it_ends,
}

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn user(id: &str, name: &str) -> User {
    User { id: UserId::new(id).unwrap(), name: name.to_owned(), created_at: time("2025-01-01 10:00:00.000001") }
}

fn users_are_unique_and_take_everything_along(scratch: &Scratch) {
    let database = scratch.migrated();
    let store: &dyn Store = &database;
    let ann = user("ann", "Ann 😀");
    store
        .write(|repositories| {
            let accounts = repositories.accounts();
            accounts.insert(&ann)?;
            for (twin, taken) in [(user("ann", "Other"), "ann"), (user("ann2", "Ann 😀"), "Ann 😀")] {
                let error = accounts.insert(&twin).unwrap_err();
                assert!(matches!(&error, Error::Conflict { entity: "user", key } if key == taken), "{error:?}");
            }
            // Names are compared exactly.
            accounts.insert(&user("ANN", "ann 😀"))?;
            assert_eq!(accounts.get(&ann.id)?.as_ref(), Some(&ann));
            assert_eq!(accounts.find_by_name("Ann 😀")?.as_ref(), Some(&ann));
            assert_eq!(accounts.find_by_name("nobody\0")?, None);
            let ids: Vec<_> = accounts.list()?.iter().map(|user| user.id.to_string()).collect();
            assert_eq!(ids, ["ANN", "ann", "guest"]);
            repositories.tasks().insert(&ann.id, &blank("t"))?;
            repositories.imports()?.save_document(&Document { user: ann.id.clone(), ..document(1, "tasks.csv") })?;
            repositories.imports()?.save_chunk(&chunk(1, 0, b"x"))
        })
        .unwrap();
    for name in ["n\0", &"n".repeat(1001)] {
        let error = store.write(|repositories| repositories.accounts().insert(&user("new", name))).unwrap_err();
        assert!(matches!(error, Error::Invalid { field: "name", .. }), "{error:?}");
    }
    store
        .write(|repositories| {
            assert!(repositories.accounts().delete(&ann.id)?);
            assert!(!repositories.accounts().delete(&ann.id)?);
            assert_eq!(repositories.tasks().count(&ann.id)?, 0);
            assert_eq!(repositories.imports()?.get_chunk(DocumentId(1), 0)?, None);
            Ok(())
        })
        .unwrap();
    assert_eq!(database.migrations().check().unwrap(), Vec::<String>::new());
}

fn the_guest_stays(scratch: &Scratch) {
    let database = scratch.migrated();
    let store: &dyn Store = &database;
    let deleted = store.write(|repositories| repositories.accounts().delete(&guest()));
    assert!(matches!(deleted, Err(Error::Invalid { .. })), "{deleted:?}");
    let inserted = store.write(|repositories| repositories.accounts().insert(&user("guest", "x")));
    assert!(matches!(inserted, Err(Error::Conflict { .. })), "{inserted:?}");
}

fn document(id: i64, path: &str) -> Document {
    Document {
        id: DocumentId(id),
        user: guest(),
        area: "tasks".to_owned(),
        source: "folder".to_owned(),
        path: path.to_owned(),
        size_bytes: 10,
        sha256: "ab".repeat(32),
        modified_ns: -5,
        first_position: 1,
        state: DocumentState::Loading,
        records_done: 0,
        chunks_done: 0,
    }
}

fn chunk(document: i64, ordinal: i64, compressed: &[u8]) -> Chunk {
    Chunk { document: DocumentId(document), ordinal, size_bytes: 3, compressed: compressed.to_vec() }
}

fn documents_are_kept_and_found(scratch: &Scratch) {
    let database = scratch.migrated();
    let store: &dyn Store = &database;
    let long = format!("{}/x.csv", "folder/ü".repeat(500));
    store
        .write(|repositories| {
            let imports = repositories.imports()?;
            assert_eq!(imports.next_document_id()?, DocumentId(1));
            for (id, path) in [(1, "b.csv"), (2, "a.csv"), (3, "B.csv"), (4, long.as_str())] {
                imports.save_document(&document(id, path))?;
            }
            assert_eq!(imports.next_document_id()?, DocumentId(5));
            let loaded = Document { state: DocumentState::Loaded, records_done: 9, ..document(2, "a.csv") };
            imports.save_document(&loaded)?;
            assert_eq!(imports.find_document(&guest(), "tasks", "folder", "a.csv")?, Some(loaded));
            assert_eq!(imports.find_document(&guest(), "tasks", "folder", &long)?, Some(document(4, &long)));
            assert_eq!(imports.find_document(&guest(), "runs", "folder", "a.csv")?, None);
            let paths: Vec<_> = imports.list_documents(&guest())?.into_iter().map(|d| d.path).collect();
            assert_eq!(paths, ["B.csv", "a.csv", "b.csv", long.as_str()]);
            // Every byte, and replaced.
            let bytes: Vec<u8> = (0..=255).collect();
            imports.save_chunk(&chunk(1, 0, b"old"))?;
            imports.save_chunk(&chunk(1, 0, &bytes))?;
            assert_eq!(imports.get_chunk(DocumentId(1), 0)?, Some(chunk(1, 0, &bytes)));
            assert_eq!(imports.get_chunk(DocumentId(1), 1)?, None);
            Ok(())
        })
        .unwrap();
    let error = store.write(|repositories| repositories.imports()?.save_document(&document(9, "a.csv"))).unwrap_err();
    assert!(matches!(error, Error::Conflict { entity: "source document", .. }), "{error:?}");
    let error = store.write(|repositories| repositories.imports()?.save_chunk(&chunk(99, 0, b"x"))).unwrap_err();
    assert!(matches!(error, Error::NotFound { entity: "source document", .. }), "{error:?}");
}

fn a_deleted_document_leaves_its_rows_and_its_number_unused(scratch: &Scratch) {
    let database = scratch.migrated();
    let store: &dyn Store = &database;
    let row = placed(1, Some(SourceRef { document: DocumentId(2), ordinal: 0 }), blank::<Task>("t"));
    store
        .write(|repositories| {
            repositories.imports()?.save_document(&document(1, "a.csv"))?;
            repositories.imports()?.save_document(&document(2, "b.csv"))?;
            repositories.imports()?.save_chunk(&chunk(2, 0, b"x"))?;
            repositories.imports()?.save_quarantine(&[entry(2, 0, "x")])?;
            repositories.tasks().insert_batch(&guest(), std::slice::from_ref(&row))?;
            let imports = repositories.imports()?;
            assert!(imports.delete_document(DocumentId(2))?);
            assert!(!imports.delete_document(DocumentId(2))?);
            assert_eq!(imports.get_chunk(DocumentId(2), 0)?, None);
            assert_eq!(imports.list_quarantine(DocumentId(2), None, 9)?, []);
            assert_eq!(imports.next_document_id()?, DocumentId(3), "rows still name number 2");
            assert!(imports.delete_document(DocumentId(1))?);
            assert_eq!(imports.next_document_id()?, DocumentId(3));
            Ok(())
        })
        .unwrap();
    assert_eq!(all::<Task>(&database), [row]);
}

fn entry(document: i64, ordinal: i64, message: &str) -> QuarantineEntry {
    QuarantineEntry {
        document: DocumentId(document),
        ordinal,
        outcome: Outcome::Duplicate,
        line: 3,
        offset: 17,
        column: "näme".to_owned(),
        code: "invalid-utf8".to_owned(),
        message: message.to_owned(),
        raw: vec![0, 0xff, b'\n', 0],
    }
}

fn quarantine_entries_are_kept_with_their_bytes(scratch: &Scratch) {
    let database = scratch.migrated();
    let store: &dyn Store = &database;
    store
        .write(|repositories| {
            let imports = repositories.imports()?;
            imports.save_document(&document(1, "a.csv"))?;
            imports.save_quarantine(&[])?;
            imports.save_quarantine(&[entry(1, 5, "first"), entry(1, 2, "second"), entry(1, 9, "third")])?;
            let replaced = QuarantineEntry { outcome: Outcome::Quarantined, ..entry(1, 5, "again") };
            imports.save_quarantine(std::slice::from_ref(&replaced))?;
            let all = [entry(1, 2, "second"), replaced, entry(1, 9, "third")];
            assert_eq!(imports.list_quarantine(DocumentId(1), None, usize::MAX)?, all);
            assert_eq!(imports.list_quarantine(DocumentId(1), Some(2), 1)?, all[1..2]);
            assert!(imports.delete_quarantine(DocumentId(1), 2)?);
            assert!(!imports.delete_quarantine(DocumentId(1), 2)?);
            // What PostgreSQL cannot store as text is shown by a sign; the bytes are exact.
            imports.save_quarantine(&[entry(1, 1, "a\0b")])?;
            let shown = &imports.list_quarantine(DocumentId(1), None, 1)?[0];
            assert_eq!((shown.message.as_str(), &shown.raw), ("a\u{2400}b", &vec![0, 0xff, b'\n', 0]));
            Ok(())
        })
        .unwrap();
    let error = store.write(|repositories| repositories.imports()?.save_quarantine(&[entry(7, 0, "")])).unwrap_err();
    assert!(matches!(error, Error::NotFound { entity: "source document", .. }), "{error:?}");
}

fn runs_are_listed_newest_first(scratch: &Scratch) {
    let database = scratch.migrated();
    let store: &dyn Store = &database;
    let run = |id: &str, start: &str| ImportRun {
        id: id.to_owned(),
        started_at: time(start),
        finished_at: None,
        state: "running".to_owned(),
        report: "{\"é\": 1}".to_owned(),
    };
    store
        .write(|repositories| {
            let imports = repositories.imports()?;
            imports.save_run(&run("a", "2025-01-02 10:00"))?;
            imports.save_run(&run("b", "2025-01-03 10:00"))?;
            imports.save_run(&run("c", "2025-01-02 10:00"))?;
            let ended = ImportRun {
                finished_at: Some(time("2025-01-02 10:00:00.5")),
                state: "complete".to_owned(),
                ..run("a", "2025-01-02 10:00")
            };
            imports.save_run(&ended)?;
            let all = [run("b", "2025-01-03 10:00"), run("c", "2025-01-02 10:00"), ended];
            assert_eq!(imports.list_runs(usize::MAX)?, all);
            assert_eq!(imports.list_runs(1)?, all[..1]);
            // An end that is taken back is empty again.
            imports.save_run(&run("a", "2025-01-02 10:00"))?;
            assert_eq!(imports.list_runs(3)?[2].finished_at, None);
            Ok(())
        })
        .unwrap();
}

fn a_lease_is_held_until_it_ends(scratch: &Scratch) {
    let database = scratch.migrated();
    let store: &dyn Store = &database;
    let lease =
        |holder: &str, end: &str| Lease { name: "import".to_owned(), holder: holder.to_owned(), expires_at: time(end) };
    store
        .write(|repositories| {
            let imports = repositories.imports()?;
            let now = time("2025-01-01 10:00");
            assert_eq!(imports.acquire_lease(&lease("me", "2025-01-01 10:05"), now)?, None);
            assert_eq!(
                imports.acquire_lease(&lease("you", "2025-01-01 10:10"), now)?,
                Some(lease("me", "2025-01-01 10:05"))
            );
            assert_eq!(imports.acquire_lease(&lease("me", "2025-01-01 10:06"), now)?, None, "renewed");
            // Held to the last moment, then free.
            let end = time("2025-01-01 10:06");
            assert!(imports.acquire_lease(&lease("you", "2025-01-01 11:00"), end)?.is_some());
            let later = time("2025-01-01 10:06:00.000001");
            assert_eq!(imports.acquire_lease(&lease("you", "2025-01-01 11:00"), later)?, None);
            assert!(!imports.release_lease("import", "me")?);
            assert!(imports.release_lease("import", "you")?);
            assert_eq!(imports.acquire_lease(&lease("me", "2025-01-01 10:06"), now)?, None);
            Ok(())
        })
        .unwrap();
}
