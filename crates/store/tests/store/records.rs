//! Records: nothing in a cell is lost, and the lists are in order.

use crate::support::{Scratch, all, blank, guest, on_both, placed};
use landfast_domain::record::{DocumentId, Field, Placed, Record, RecordKey, SourceRef};
use landfast_domain::tasks::{
    Emotion, Job, JobTask, LegacyRow, Note, PopupResponse, PopupTrigger, Preference, SurveyResponse, Task, TaskInstance,
};
use landfast_domain::{Error, Store};
use landfast_store::Database;

on_both! {
    every_cell_of_every_kind_comes_back,
    hostile_keys_come_back,
    records_keep_their_order_and_place,
    a_conflict_leaves_the_transaction_usable,
    a_batch_conflict_spoils_the_transaction,
    ten_thousand_rows_in_a_batch,
    lists_of_instances,
    unusual_completion_texts_are_in_order,
    a_missing_record_is_not_found,
    an_unknown_user_is_not_found,
    impossible_positions_are_refused,
    damaged_rows_are_reported,
}

const HOSTILE: &[&str] = &[
    "",
    " ",
    "0",
    "-0",
    "-0.0",
    "0.0",
    "30.0",
    "30",
    "007",
    "1_000",
    "1e400",
    "-1e-400",
    "NaN",
    "nan",
    "inf",
    "-inf",
    "NA",
    "null",
    "None",
    "TRUE",
    "True",
    "true",
    "False",
    "FALSE",
    " True ",
    "5e-324",
    "1.7976931348623157e308",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "9007199254740993",
    "0.1",
    "1e-05",
    "2025-12-21 20:31",
    "2025-12-21T20:31:00",
    "2025-12-21 20:31:00",
    "2025-12-21 20:31:05.123456",
    "2025-12-21T20:31:05.1234567",
    "0000-01-01 00:00",
    "9999-12-31 23:59",
    "2025-13-45 99:99",
    "2025-02-29 10:00",
    "a\0b",
    "\0",
    "\u{2400}",
    "😀 Ünïcode ٣",
    "line\r\nbreak",
    "\"quoted\", and 'single'",
    "\\N",
    "\\.",
    "{\"a\": [1, NaN]}",
    "\u{10ffff}",
    "%_\\",
    "DEFAULT",
];

fn every_cell_of_every_kind_comes_back(scratch: &Scratch) {
    let database = scratch.migrated();
    fn check<R: Record>(database: &Database) {
        let long = "64 KiB: é😀".repeat(64 * 1024 / 13);
        let texts: Vec<&str> = HOSTILE.iter().copied().chain([long.as_str()]).collect();
        let records: Vec<R> = texts
            .iter()
            .enumerate()
            .map(|(row, _)| {
                let mut record: R = blank(&format!("k{row}"));
                for column in 0..R::COLUMNS.len() {
                    // Every text in every column, each time beside different ones.
                    let text = texts[(row + column * 7) % texts.len()];
                    record.set_cell(column, text.to_owned());
                }
                record.extra_mut().push(("Unknown \0 column".to_owned(), texts[row].to_owned()));
                record.extra_mut().push((String::new(), String::new()));
                record
            })
            .collect();
        let store: &dyn Store = database;
        let (batch, single) = records.split_at(records.len() / 2);
        store
            .write(|repositories| {
                let repository = R::repository(repositories);
                let batch: Vec<_> = (1..).zip(batch).map(|(at, record)| placed(at, None, record.clone())).collect();
                repository.insert_batch(&guest(), &batch)?;
                single.iter().try_for_each(|record| repository.insert(&guest(), record))
            })
            .unwrap();
        let stored = store.read(|repositories| R::repository(repositories).list(&guest())).unwrap();
        assert_eq!(stored, records, "{}", R::ENTITY);
        // The same by key, and after an update that turns every record's cells around.
        for (record, other) in records.iter().zip(records.iter().rev()) {
            let mut changed = other.clone();
            changed.set_key(record.key().clone());
            let read = store
                .write(|repositories| {
                    let repository = R::repository(repositories);
                    assert_eq!(repository.get(&guest(), record.key())?.as_ref(), Some(record));
                    repository.update(&guest(), &changed)?;
                    repository.get(&guest(), record.key())
                })
                .unwrap();
            assert_eq!(read, Some(changed), "{}", R::ENTITY);
        }
    }
    check::<Task>(&database);
    check::<TaskInstance>(&database);
    check::<Emotion>(&database);
    check::<Preference>(&database);
    check::<SurveyResponse>(&database);
    check::<Note>(&database);
    check::<Job>(&database);
    check::<JobTask>(&database);
    check::<PopupTrigger>(&database);
    check::<PopupResponse>(&database);
    check::<LegacyRow>(&database);
    assert_eq!(database.migrations().check().unwrap(), Vec::<String>::new());
}

fn hostile_keys_come_back(scratch: &Scratch) {
    let database = scratch.migrated();
    let store: &dyn Store = &database;
    // Text that does not compress, longer than an index entry of PostgreSQL may be.
    let noise = |seed: u64| -> String {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            char::from(b'!' + u8::try_from(state >> 33 & 63).unwrap())
        };
        std::iter::repeat_with(&mut next).take(20_000).collect()
    };
    let keys = [noise(1), noise(2), "ünï😀".to_owned(), "a~2".to_owned(), "it's; --".to_owned(), "x".repeat(1000)];
    store
        .write(|repositories| {
            for key in &keys {
                let mut instance: TaskInstance = blank(key);
                instance.task_id.set_raw(key.as_str());
                instance.completed_at.set_raw(key.as_str());
                repositories.instances().insert(&guest(), &instance)?;
            }
            Ok(())
        })
        .unwrap();
    for key in &keys {
        let key = RecordKey::new(key.as_str());
        let found = store.read(|repositories| repositories.instances().get(&guest(), &key)).unwrap().unwrap();
        assert_eq!(found.key, key);
        let by_task = store.read(|repositories| repositories.instances().list_by_task(&guest(), key.as_str())).unwrap();
        assert_eq!(by_task, [found]);
        assert!(store.write(|repositories| repositories.instances().delete(&guest(), &key)).unwrap());
    }
    assert_eq!(all::<TaskInstance>(&database), []);
}

fn records_keep_their_order_and_place(scratch: &Scratch) {
    let database = scratch.migrated();
    let store: &dyn Store = &database;
    let source = |ordinal| Some(SourceRef { document: DocumentId(7), ordinal });
    store
        .write(|repositories| {
            let notes = repositories.notes();
            assert_eq!(notes.last_position(&guest())?, 0);
            assert_eq!(notes.insert_batch(&guest(), &[])?, 0);
            let batch = [
                placed(30, source(2), blank::<Note>("c")),
                placed(10, source(0), blank("a")),
                placed(20, None, blank("b")),
            ];
            assert_eq!(notes.insert_batch(&guest(), &batch)?, 3);
            assert_eq!(notes.insert_batch(&guest(), &[])?, 0, "not the count of the statement before");
            notes.insert(&guest(), &blank("d"))?;
            notes.place(&guest(), &RecordKey::new("b"), 5, source(9))?;
            notes.update(&guest(), &blank("c"))
        })
        .unwrap();
    let places: Vec<_> = all::<Note>(&database)
        .iter()
        .map(|note| (note.record.key.as_str().to_owned(), note.position, note.source.map(|source| source.ordinal)))
        .collect();
    let place = |key: &str, position, ordinal| (key.to_owned(), position, ordinal);
    assert_eq!(
        places,
        [place("b", 5, Some(9)), place("a", 10, Some(0)), place("c", 30, Some(2)), place("d", 31, None)]
    );
    store
        .read(|repositories| {
            let notes = repositories.notes();
            let keys = |page: Vec<Placed<Note>>| -> Vec<String> {
                page.iter().map(|note| note.record.key.to_string()).collect()
            };
            assert_eq!(keys(notes.page(&guest(), None, 2)?), ["b", "a"]);
            assert_eq!(keys(notes.page(&guest(), Some(10), usize::MAX)?), ["c", "d"]);
            assert_eq!(keys(notes.page(&guest(), Some(i64::MAX), 1)?), Vec::<String>::new());
            assert_eq!(keys(notes.page(&guest(), None, 0)?), Vec::<String>::new());
            assert_eq!((notes.count(&guest())?, notes.last_position(&guest())?), (4, 31));
            Ok(())
        })
        .unwrap();
}

fn a_conflict_leaves_the_transaction_usable(scratch: &Scratch) {
    let database = scratch.migrated();
    let store: &dyn Store = &database;
    store
        .write(|repositories| {
            repositories.tasks().insert(&guest(), &blank("t1"))?;
            let conflict = repositories.tasks().insert(&guest(), &blank("t1"));
            assert!(matches!(&conflict, Err(Error::Conflict { entity: "task", key }) if key == "t1"), "{conflict:?}");
            repositories.tasks().insert(&guest(), &blank("t2"))
        })
        .unwrap();
    assert_eq!(all::<Task>(&database).len(), 2);
}

fn a_batch_conflict_spoils_the_transaction(scratch: &Scratch) {
    let database = scratch.migrated();
    let store: &dyn Store = &database;
    store.write(|repositories| repositories.jobs().insert(&guest(), &blank("taken, 'é"))).unwrap();
    let batch: Vec<Placed<Job>> =
        ["x", "taken, 'é"].iter().zip(5..).map(|(key, at)| placed(at, None, blank(key))).collect();
    let error = store.write(|repositories| repositories.jobs().insert_batch(&guest(), &batch)).unwrap_err();
    assert!(matches!(&error, Error::Conflict { entity: "job", key } if key == "taken, 'é"), "{error:?}");
    // Going on as if nothing had happened must not look like success.
    let ignored = store.write(|repositories| {
        let _ = repositories.jobs().insert_batch(&guest(), &batch);
        Ok(())
    });
    assert!(ignored.unwrap_err().to_string().contains("rolled back"));
    assert_eq!(all::<Job>(&database).len(), 1);
    // The same key twice in one batch.
    let twins = [placed(1, None, blank::<Emotion>("e")), placed(2, None, blank("e"))];
    let error = store.write(|repositories| repositories.emotions().insert_batch(&guest(), &twins)).unwrap_err();
    assert!(matches!(error, Error::Conflict { .. }), "{error:?}");
    assert_eq!(all::<Emotion>(&database), []);
}

fn ten_thousand_rows_in_a_batch(scratch: &Scratch) {
    let database = scratch.migrated();
    let store: &dyn Store = &database;
    let batch: Vec<Placed<TaskInstance>> = (0..10_000)
        .map(|number| {
            let mut instance: TaskInstance = blank(&format!("i{number}"));
            instance.task_id.set_raw(format!("t{}", number % 100));
            // Nearly every row leaves other columns empty.
            for bit in 0..14 {
                if number >> bit & 1 == 1 {
                    instance.set_cell(12 + bit, format!("{number}.5"));
                }
            }
            placed(number + 1, Some(SourceRef { document: DocumentId(1), ordinal: number }), instance)
        })
        .collect();
    let added = store.write(|repositories| repositories.instances().insert_batch(&guest(), &batch)).unwrap();
    assert_eq!(added, 10_000);
    assert!(all::<TaskInstance>(&database) == batch);
    let of_task = store.read(|repositories| repositories.instances().list_by_task(&guest(), "t7")).unwrap();
    assert_eq!(of_task.len(), 100);
    assert!(database.size_bytes().unwrap() > 1_000_000);
}

fn instance(key: &str, cells: &[(&str, &str)]) -> TaskInstance {
    let mut instance: TaskInstance = blank(key);
    for (name, text) in cells {
        assert!(TaskInstance::column_index(name).is_some(), "{name}");
        instance.set_cell_named(name, (*text).to_owned());
    }
    instance
}

fn keys(instances: &[TaskInstance]) -> Vec<&str> {
    instances.iter().map(|instance| instance.key.as_str()).collect()
}

fn lists_of_instances(scratch: &Scratch) {
    let database = scratch.migrated();
    let store: &dyn Store = &database;
    let records = [
        instance("open", &[("status", "active"), ("task_id", "t1")]),
        instance("trimmed", &[("status", " cancelled "), ("task_id", "t1 ")]),
        instance("done1", &[("status", "completed"), ("is_completed", "True"), ("completed_at", "2025-01-02 10:00")]),
        instance("gone1", &[("status", "cancelled"), ("cancelled_at", "2025-01-01 10:00")]),
        instance("done2", &[("status", "completed"), ("is_completed", "True"), ("completed_at", "2025-01-03 10:00")]),
        instance("gone2", &[("status", "Cancelled"), ("cancelled_at", "")]),
        instance("done3", &[("status", "completed"), ("is_completed", "True"), ("completed_at", "2025-01-02 10:00")]),
        instance("gone3", &[("status", "cancelled"), ("cancelled_at", "2025-13-45 99:99")]),
        instance("blank", &[("status", "completed"), ("is_completed", "True"), ("completed_at", " ")]),
        instance("deleted", &[("status", "active"), ("is_deleted", "True"), ("task_id", "t1")]),
        instance("spreadsheet", &[("status", "active"), ("is_completed", "TRUE")]),
    ];
    store
        .write(|repositories| records.iter().try_for_each(|record| repositories.instances().insert(&guest(), record)))
        .unwrap();
    let read = || {
        store.read(|repositories| {
            let instances = repositories.instances();
            Ok([
                instances.list_active(&guest())?,
                instances.list_recent_completed(&guest(), usize::MAX)?,
                instances.list_cancelled(&guest())?,
                instances.list_by_task(&guest(), "t1")?,
            ])
        })
    };
    let [active, completed, cancelled, of_task] = read().unwrap();
    assert_eq!(keys(&active), ["open", "trimmed", "spreadsheet"]);
    assert_eq!(keys(&completed), ["done2", "done1", "done3"]);
    assert_eq!(keys(&cancelled), ["gone3", "gone1", "gone2"]);
    assert_eq!(keys(&of_task), ["open", "deleted"]);

    // The lists follow an update.
    let mut reopened = records[2].clone();
    reopened.status.set_raw("active");
    reopened.is_completed.set_raw("False");
    reopened.completed_at.clear();
    store.write(|repositories| repositories.instances().update(&guest(), &reopened)).unwrap();
    let [active, completed, _, _] = read().unwrap();
    assert_eq!(keys(&active), ["open", "trimmed", "done1", "spreadsheet"]);
    assert_eq!(keys(&completed), ["done2", "done3"]);
    let first = store.read(|repositories| repositories.instances().list_recent_completed(&guest(), 1)).unwrap();
    assert_eq!(keys(&first), ["done2"]);
}

fn unusual_completion_texts_are_in_order(scratch: &Scratch) {
    let database = scratch.migrated();
    let store: &dyn Store = &database;
    let nines = "9".repeat(64);
    let texts = [
        "2025-01-01 10:00".to_owned(),
        "2025-01-01 10:00\0".to_owned(),
        nines.clone(),
        format!("{nines}1"),
        format!("{nines}2"),
        format!("{nines}1"),
        "2025-01-01 10:00:30".to_owned(),
        "é".repeat(70),
        "NaN".to_owned(),
        "x".repeat(5000),
    ];
    store
        .write(|repositories| {
            texts.iter().enumerate().try_for_each(|(number, text)| {
                let record = instance(&format!("i{number}"), &[("completed_at", text)]);
                repositories.instances().insert(&guest(), &record)
            })
        })
        .unwrap();
    let expected = ["i7", "i9", "i4", "i3", "i5", "i2", "i6", "i1", "i0"];
    for limit in 0..=texts.len() {
        let found = store.read(|repositories| repositories.instances().list_recent_completed(&guest(), limit)).unwrap();
        assert_eq!(keys(&found), &expected[..limit.min(expected.len())], "{limit}");
    }
    let of_nul = store.read(|repositories| repositories.instances().list_by_task(&guest(), "\0")).unwrap();
    assert_eq!(of_nul, []);
}

fn a_missing_record_is_not_found(scratch: &Scratch) {
    let database = scratch.migrated();
    let store: &dyn Store = &database;
    let key = RecordKey::new("nobody");
    store
        .write(|repositories| {
            let tasks = repositories.tasks();
            assert_eq!(tasks.get(&guest(), &key)?, None);
            assert!(!tasks.delete(&guest(), &key)?);
            for missing in [tasks.update(&guest(), &blank("nobody")), tasks.place(&guest(), &key, 1, None)] {
                assert!(matches!(&missing, Err(Error::NotFound { entity: "task", .. })), "{missing:?}");
            }
            // None of these spoils the transaction.
            tasks.insert(&guest(), &blank("somebody"))
        })
        .unwrap();
    assert_eq!(all::<Task>(&database).len(), 1);
}

fn an_unknown_user_is_not_found(scratch: &Scratch) {
    let database = scratch.migrated();
    let store: &dyn Store = &database;
    let nobody = landfast_domain::accounts::UserId::new("nobody").unwrap();
    let single = store.write(|repositories| repositories.tasks().insert(&nobody, &blank("t")));
    let batch = [placed(1, None, blank::<Task>("t"))];
    let batch = store.write(|repositories| repositories.tasks().insert_batch(&nobody, &batch).map(|_| ()));
    for outcome in [single, batch] {
        assert!(matches!(&outcome, Err(Error::NotFound { entity: "user", .. })), "{outcome:?}");
    }
}

fn impossible_positions_are_refused(scratch: &Scratch) {
    let database = scratch.migrated();
    let store: &dyn Store = &database;
    for position in [0, -1, i64::MIN] {
        let batch = [placed(position, None, blank::<Task>("t"))];
        let error = store.write(|repositories| repositories.tasks().insert_batch(&guest(), &batch)).unwrap_err();
        assert!(matches!(error, Error::Invalid { field: "position", .. }), "{error:?}");
    }
}

fn damaged_rows_are_reported(scratch: &Scratch) {
    let database = scratch.migrated();
    let store: &dyn Store = &database;
    let mut task: Task = blank("t");
    task.version = Field::from_raw("v1");
    store.write(|repositories| repositories.tasks().insert(&guest(), &task)).unwrap();
    for (damage, column) in [
        ("legacy_cells = '{'", "legacy_cells"),
        ("legacy_cells = '{\"no_such_column\": \"x\"}'", "legacy_cells"),
        ("legacy_cells = '{\"version\": 1}'", "legacy_cells"),
        ("legacy_cells = NULL, extra = '[1]'", "extra"),
        ("extra = NULL, created_at = 'infinity'", "created_at"),
    ] {
        scratch.execute(&format!("UPDATE tasks SET {damage}"));
        let error = store.read(|repositories| repositories.tasks().list(&guest())).unwrap_err();
        assert!(
            matches!(&error, Error::Corrupt { entity: "task", key, column: c, .. } if key == "t" && c == column),
            "{damage}: {error:?}"
        );
    }
}
